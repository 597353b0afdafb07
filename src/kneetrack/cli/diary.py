"""The diary that a command works on: where it is, and what time it is there."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from kneetrack.domain import plan, text
from kneetrack.domain.catalogue import Catalogue
from kneetrack.domain.errors import KneetrackError, NoJournalError, WrongUseError
from kneetrack.domain.progress import Progress
from kneetrack.store.failures import OutdatedError, system_error
from kneetrack.store.port import Reader, Store, Unwritten
from kneetrack.store.sqlite import open_store

PAIN_LIMIT = 5
SORE = 6
"""The pain from which on answers and reminders stop cheering."""

written: set[Path] = set()
"""The journals that the command wrote to: what the day's backup is made of once the answer is printed."""


class Place(NamedTuple):
    """Where the journal is, and whether the person named it."""

    path: Path
    named: bool


class Diary:
    """A journal that is open, and today as its settings make it."""

    def __init__(self, door: Reader, place: Place, now: datetime) -> None:
        """Take an open door."""
        self.door = door
        self.place = place
        self.now = now
        settings = door.settings()
        self.day_start = text.read_clock(settings["day_start"]) if "day_start" in settings else time()
        self.pain_limit = int(settings.get("pain_limit", PAIN_LIMIT))
        self.catalogue = Catalogue(door.own_exercises())
        self.today = text.diary_day(now, self.day_start)

    def progress(self, amounts_since: date | None = None, days_since: date | None = None) -> Progress:
        """Return how things stand today."""
        return Progress(self.door.activity(amounts_since, days_since), self.catalogue, self.today)

    def as_of(self, day: date) -> Progress:
        """Return how things stood at the end of a day, by what is known of its week."""
        return Progress(self.door.activity(monday(day), monday(day)), self.catalogue, day)

    def this_week(self) -> Progress:
        """Return how things stand today, with the amounts of this week only."""
        return self.progress(monday(self.today))

    def recent(self) -> Progress:
        """Return how things stand today by the last four weeks, or by all when the present run reaches further."""
        since = monday(self.today - timedelta(27))
        progress = self.progress(monday(self.today), since)
        ended = progress.streak().ended
        return self.this_week() if ended is None or ended < since else progress

    def is_sore(self, pain: int | None) -> bool:
        """Return whether a pain is one that answers and reminders speak of, and do not cheer at."""
        return pain is not None and (pain >= SORE or pain > self.pain_limit)

    def program(self) -> list[str]:
        """Return the ids of the exercises in force today."""
        return list(self.as_of(self.today).plan)


def monday(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(day.weekday())


def now() -> datetime:
    """Return the local time with its offset; raises WrongUseError for a time zone that no clock can have."""
    try:
        return datetime.now().astimezone()
    except ValueError:
        raise WrongUseError(
            "The time zone of this computer is 24 hours or more from UTC: set TZ to yours, as in TZ=Europe/Berlin."
        ) from None


def place(db: str | None) -> Place:
    """Return where the journal is: the path given, else KNEETRACK_DB, else the platform's data folder."""
    named = db or os.environ.get("KNEETRACK_DB")
    if not named:
        return Place(_data_folder() / "kneetrack.db", named=False)
    return Place(at_home(named), named=True)


def at_home(path: Path | str) -> Path:
    """Return a path with what ~ stands for; as it is where somebody's home is not known."""
    return Path(os.path.expanduser(path))  # noqa: PTH111 - which does not fail there


def _data_folder() -> Path:
    """Return the platform's folder for data.

    On Linux that is one short rule; platformdirs, which knows those of every platform, costs a twentieth of a log.
    """
    if sys.platform == "linux":
        for variable, below in (("XDG_DATA_HOME", ""), ("HOME", ".local/share")):
            folder = os.environ.get(variable, "")
            if folder.startswith("/"):
                return Path(folder, below, "kneetrack")
    from platformdirs import user_data_path

    return user_data_path("kneetrack", appauthor=False)


def found(db: str | None) -> Place:
    """Return where the journal is; raises NoJournalError when there is none."""
    where = place(db)
    if not _there(where.path):
        raise NoJournalError(where.path, backups(db))
    return where


def missing(db: str | None) -> bool:
    """Return whether there is no journal yet."""
    return not _there(place(db).path)


def backups(db: str | None) -> int:
    """Return how many backups there are of a journal that is missing; none where that cannot be seen."""
    from kneetrack.store import backup

    with suppress(KneetrackError):
        return len(backup.made(place(db).path))
    return 0


@contextmanager
def reading(db: str | None, *, unwritten: bool = False, upgrade: bool = True, example: bool = True) -> Iterator[Diary]:
    """Open the diary to read; one that is not there yet reads as it would be, or without `example` as empty.

    One that was named and is not there is an error, unless `unwritten` allows it. Without `upgrade` an
    older diary is left as it is, and an OutdatedError comes up.
    """
    where, at = place(db), now()
    if _there(where.path):
        with _opened(where.path, at, write=False, upgrade=upgrade) as store:
            yield Diary(store, where, at)
    elif where.named and not unwritten:
        raise NoJournalError(where.path, backups(db))
    else:
        yield Diary(Unwritten(plan.example(Catalogue(), at.date()) if example else ()), where, at)


@contextmanager
def logging(db: str | None) -> Iterator[tuple[Diary, Store]]:
    """Open the diary to write sessions."""
    where, at = place(db), now()
    with _opened(where.path, at, write=True) as store:
        yield Diary(store, where, at), store
    written.add(where.path)


@contextmanager
def journal(db: str | None, *, write: bool = True) -> Iterator[tuple[Store, Diary]]:
    """Open the diary; raises NoJournalError when there is none."""
    where, at = found(db), now()
    with _opened(where.path, at, write=write) as store:
        yield store, Diary(store, where, at)
    if write:
        written.add(where.path)


def create(
    db: str | None,
    *,
    example: bool = True,
    day_start: time | None = None,
    fill: Callable[[Store], object] | None = None,
) -> bool:
    """Create the diary where there is none, with what `fill` writes; return whether this command did.

    Its example plan begins today, where days begin at `day_start`; at midnight unless given.
    """
    where = place(db)
    if _there(where.path):
        return False
    from kneetrack.store import schema

    at = now()
    today = text.diary_day(at, day_start or time())

    def begin(store: Store) -> object:
        if example:
            store.put_example(at, plan.example(Catalogue(), today))
        return fill(store) if fill else None

    return schema.create(where.path, at, begin, folder=not where.named)


def _there(path: Path) -> bool:
    """Return whether anything is at a path, be it only a link that leads nowhere."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise system_error(error, path, "read") from error
    return True


@contextmanager
def _opened(path: Path, at: datetime, *, write: bool, upgrade: bool = True) -> Iterator[Any]:
    """Open the diary, once it is brought to the schema of this program."""
    with ExitStack() as end:
        try:
            store = end.enter_context(open_store(path, write=write))
        except OutdatedError:
            if not upgrade:
                raise
            from kneetrack.store import schema

            schema.upgrade(path, at)
            store = end.enter_context(open_store(path, write=write))
        yield store
