"""Where the diary is and what time it is: each command opens it once and reads the clock once.

`read` and `write` run one function on the open diary, inside one transaction. What the function returns is worked
out before the commit, so that no other program's write comes between what was written and what is said of it.
"""

import os
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Protocol, TypeVar, cast

from kneetrack.app.backend import Backend, FileBackend
from kneetrack.app.results import NewDiary
from kneetrack.domain import folders, plan, settings, text
from kneetrack.domain.catalogue import Catalogue
from kneetrack.domain.days import LAST_CLOCK_YEAR
from kneetrack.domain.errors import (
    ClockError,
    KneetrackError,
    NoDiaryError,
    StorageError,
)
from kneetrack.domain.folders import StrPath
from kneetrack.domain.progress import Progress
from kneetrack.domain.settings import Settings
from kneetrack.domain.value import Value
from kneetrack.store import backup_names, sqlite
from kneetrack.store.failures import OutdatedError
from kneetrack.store.port import Store, Unwritten

if TYPE_CHECKING:
    from pathlib import Path

    from kneetrack.app.results.sync import Automatic

_FOUR_WEEKS = 28

_SERVERS = ("postgres:", "postgres//", "postgresql:", "postgresql//", "postgresql+psycopg:")
"""How an address of a server begins, also a mistyped one: it may hold a password, so it is never taken for a path."""


class Answer(Protocol):
    """What a function that writes returns: it says at least whether anything was written."""

    @property
    def wrote(self) -> bool:
        """Return whether anything was written."""


Result = TypeVar("Result")
Written = TypeVar("Written", bound=Answer)


class Place(Value):
    """Where the diary is, and whether the person named it.

    Of one on a server `file` is where this machine keeps what belongs to it, such as its backups.
    """

    file: StrPath
    named: bool
    server: Backend | None = None

    @property
    def backend(self) -> Backend:
        """Return what keeps the diary."""
        return self.server or FileBackend(self.file)

    @property
    def path(self) -> "Path":
        """Return the path as a pathlib.Path."""
        from pathlib import Path  # noqa: PLC0415 - a log does without

        return Path(self.file)


def locate(db: StrPath | None, environment: Mapping[str, str]) -> Place:
    """Return where the diary is: the path or the server given, else KNEETRACK_DB, else the platform's data folder.

    Raises StorageError for a path that begins in the folder that one is in, where that was deleted, and WrongUseError
    for an address of what is no PostgreSQL server.
    """
    named = db or environment.get("KNEETRACK_DB")
    if not named:
        return Place(os.path.join(_data_folder(environment), "kneetrack.db"), named=False)
    if "://" in str(named) or str(named).lower().startswith(_SERVERS):
        from kneetrack.app.server_backend import located  # noqa: PLC0415 - few diaries are on a server

        return Place(*located(str(named), _data_folder(environment)))
    path = os.path.expanduser(named)
    try:
        if not os.path.isabs(path):
            os.getcwd()
    except OSError as error:
        raise StorageError(path, "the folder that you are in is gone; cd to another one") from error
    return Place(path, named=True)


def at_home(path: StrPath) -> "Path":
    """Return a path with what ~ stands for; as it is where somebody's home is not known."""
    from pathlib import Path  # noqa: PLC0415 - a log does without

    return Path(os.path.expanduser(path))


def _data_folder(environment: Mapping[str, str]) -> str:
    """Return the platform's folder for data."""
    folder = folders.on_linux(environment, "XDG_DATA_HOME", ".local/share") if sys.platform == "linux" else None
    if folder:
        return folder
    from platformdirs import user_data_dir  # noqa: PLC0415 - few people need it, and a log waits

    return user_data_dir("kneetrack", appauthor=False)


class Diary:
    """A diary that is open for one command, and today as its settings make it.

    `new` says what is to be told of a diary that this command creates; None for one that was there. Settings and
    exercises are read when they are first asked for.
    """

    def __init__(self, store: Store, place: Place, now: datetime, new: NewDiary | None = None) -> None:
        """Take an open store."""
        self.store = store
        self.place = place
        self.now = now
        self.new = new

    @cached_property
    def settings(self) -> Settings:
        """Return the settings."""
        return settings.read(self.store.settings())

    @cached_property
    def catalogue(self) -> Catalogue:
        """Return the exercises that can be named."""
        return Catalogue(self.store.own_exercises())

    @cached_property
    def today(self) -> date:
        """Return the diary day that it is now."""
        return text.diary_day(self.now, settings.day_start(self.store.settings()))

    def anew(self) -> "Diary":
        """Return the same open diary with its settings and exercises read anew, once they may have changed."""
        return Diary(self.store, self.place, self.now, self.new)

    def progress(self, amounts_since: date | None = None, days_since: date | None = None) -> Progress:
        """Return how things stand today."""
        return Progress(self.store.activity(amounts_since, days_since), self.catalogue, self.today)

    def as_of(self, day: date) -> Progress:
        """Return how things stood at the end of a day, by what is known of its week."""
        return Progress(self.store.activity(monday(day), monday(day)), self.catalogue, day)

    def this_week(self) -> Progress:
        """Return how things stand today, with the amounts of this week only."""
        return self.progress(monday(self.today))

    def recent(self) -> Progress:
        """Return how things stand today by the last four weeks, or by all days when the streak reaches further."""
        since = monday(self.today - timedelta(_FOUR_WEEKS - 1))
        progress = self.progress(since, since)
        ended = progress.streak().ended
        return self.progress(since) if ended is None or ended < since else progress

    def plan(self) -> list[str]:
        """Return the ids of the exercises in force today."""
        return list(self.as_of(self.today).plan)


class Workspace:
    """The diary of one command: where it is, and what time it is."""

    def __init__(self, place: Place, now: datetime) -> None:
        """Take the place and the local time with its offset."""
        self.place = place
        self.now = now
        self.wrote = False

    def exists(self) -> bool:
        """Return whether anything is at the diary's place, be it only a link that leads nowhere."""
        return self.place.backend.exists()

    def stamp(self) -> object:
        """Return a value that is another one once anything was written, or the diary replaced, without reading it.

        Where a server cannot be asked, the value says why.
        """
        try:
            return self.place.backend.stamp(self.now)
        except KneetrackError as error:
            return str(error)

    def require(self) -> None:
        """Raise NoDiaryError where no diary is there."""
        if not self.exists():
            raise NoDiaryError(self.place.backend.shown, self.earlier_backups())

    def earlier_backups(self) -> int:
        """Return how many backups there are of a diary that is missing; none where that cannot be seen."""
        try:
            return len(backup_names.made(self.place.file))
        except KneetrackError:
            return 0

    def read(
        self,
        work: Callable[[Diary], Result],
        *,
        missing_ok: bool = False,
        upgrade: bool = True,
        example: bool = True,
    ) -> Result:
        """Return what `work` makes of the open diary, in one transaction that reads.

        A diary that is not there yet reads as it would be after its first write, or without `example` as empty.
        One that was named and is not there raises NoDiaryError, unless `missing_ok`. Without `upgrade` an older
        diary is left as it is, and OutdatedError is raised.
        """
        if not self.exists():
            if self.place.named and not missing_ok:
                self.require()
            its_plan = plan.example(Catalogue(), self.now.date()) if example else ()
            return work(Diary(cast("Store", Unwritten(its_plan)), self.place, self.now))
        try:
            with self.place.backend.open(write=False) as store:
                return work(Diary(store, self.place, self.now))
        except OutdatedError:
            if not upgrade:
                raise
        with self.place.backend.upgraded(self.now) as store:
            return work(Diary(store, self.place, self.now))

    def write(
        self,
        work: Callable[[Diary], Written],
        *,
        create: bool = True,
        example: bool = True,
        day_start: time | None = None,
    ) -> Written:
        """Return what `work` makes of the open diary, in one transaction that holds the write lock and is then kept.

        A diary that is not there yet is created whole, with the example plan unless told otherwise, or not at all:
        not when `work` fails or writes nothing; without `create` it raises NoDiaryError. The example begins today,
        where days begin at `day_start`. When another program creates it first, `work` is run anew on that one.
        Raises ClockError, and writes nothing, by a clock that is a hundred years ahead.
        """
        if self.now.year > LAST_CLOCK_YEAR:
            raise ClockError(self.now.date())
        done = self._create(work, example=example, day_start=day_start) if create and not self.exists() else None
        if done is None:
            self.require()
            try:
                done = self._write(work)
            except OutdatedError:
                self.place.backend.upgrade(self.now)
                done = self._write(work)
        self.wrote = self.wrote or done.wrote
        return done

    def back_up(self) -> bool:
        """Make a backup of the diary, unless there is one of today, and return whether that was to be done.

        Raises what making one raises.
        """
        with suppress(KneetrackError):
            if backup_names.has_one_of(self.place.file, self.now):
                return False
        self.place.backend.back_up_of_the_day(self.now)
        return True

    def sync_automatically(self) -> "Automatic | None":
        """Sync with other devices where the person wants that done automatically, and return what is to be said of it.

        Nothing is raised for it.
        """
        try:
            with open(sqlite.sync_file(self.place.file), "rb") as kept:
                asked = b'"auto": true' in kept.read()
        except OSError:
            return None
        if not asked:
            return None
        from kneetrack.app import sync  # noqa: PLC0415 - for who has several devices

        return sync.automatic(self)

    def _write(self, work: Callable[[Diary], Written]) -> Written:
        with self.place.backend.open(write=True) as store:
            return work(Diary(store, self.place, self.now))

    def _create(self, work: Callable[[Diary], Written], *, example: bool, day_start: time | None) -> Written | None:
        """Return what `work` made of a new diary; None when another program was faster."""
        first = text.diary_day(self.now, day_start or time())
        new = NewDiary(self.place.backend.shown if self.place.named else None, self.earlier_backups(), example=example)
        done: list[Written] = []

        def fill(store: Store) -> bool:
            if example:
                store.put_example(self.now, plan.example(Catalogue(), first))
            done.append(work(Diary(store, self.place, self.now, new)))
            return done[0].wrote

        created = self.place.backend.create(self.now, fill, folder=not self.place.named)
        return done[0] if created or (done and not done[0].wrote) else None


def monday(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(day.weekday())
