"""Backups: whole copies of a journal in the folder `backups` beside it, and the way back.

A backup is made by SQLite's backup API, looked through, flushed and only then given its name, so that
every one that is listed was verified. Its name is the journal's with the UTC time of its making.
"""

import fcntl
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from kneetrack.domain.errors import (
    LockedError,
    NewerJournalError,
    NoPermissionError,
    NoSuchRecordError,
    NotAJournalError,
    NotDoneError,
    StorageError,
)
from kneetrack.store import file

FOLDER = "backups"

NEWEST = 10
DAYS = 7

NOT_MADE = "No backup was made"
NOT_RESTORED = "Nothing was restored"

_LIVE_SESSIONS = "SELECT count(*) FROM session WHERE current AND NOT removed"
_ALL_VERSIONS = "SELECT count(*), max(id) FROM session"


class Backup(NamedTuple):
    """One backup; `made` is in UTC, `sessions` counts what it shows, None when it cannot be read."""

    name: str
    path: Path
    made: datetime
    sessions: int | None
    size: int


class Restored(NamedTuple):
    """What a restore kept of what was there: a backup, or the damaged file, or neither where nothing was."""

    saved: Backup | None
    aside: Path | None


def made(path: Path) -> list[datetime]:
    """Return when the backups of a journal were made, in UTC, newest first; costs one look into the folder."""
    journal = _real(path)
    try:
        names = [each.name for each in (journal.parent / FOLDER).iterdir()]
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise file.system_error(error, journal.parent / FOLDER, "read") from error
    start = f"{journal.name}."
    found = (_read_stamp(name.removeprefix(start)) for name in names if name.startswith(start))
    return sorted((at for at in found if at), reverse=True)


def backups(path: Path) -> list[Backup]:
    """Return the backups of a journal with what they hold, newest first."""
    return [_described(path, at) for at in made(path)]


def matching(path: Path, word: str) -> list[Backup]:
    """Return the backups whose name is, or begins with, a word, newest first. Raises NoSuchRecordError for none."""
    found = [at for at in made(path) if word and _stamp(at).startswith(word.upper())]
    if not found:
        raise NoSuchRecordError(f"No backup has the name {word}; kneetrack restore lists them.")
    return [_described(path, at) for at in found]


def of_the_day(path: Path, now: datetime) -> None:
    """Make a backup unless there is one of the calendar day of `now`; raises what `make` raises."""
    with _telling(NOT_MADE):
        if _has_one_of(path, now):
            return
        with _opened(path) as source, _alone(path):
            if not _has_one_of(path, now):
                _save_from(source, path, now)


def make(path: Path, now: datetime, undone: str = NOT_MADE) -> Backup:
    """Make a backup and drop the ones that are no longer kept; `undone` says what is not done without one.

    The journal may be of an older schema, and may be held by a writer of this process that has changed nothing
    yet. Raises NotAJournalError when it is damaged and NotDoneError when no backup can be made, and then
    leaves none.
    """
    with _telling(undone), _opened(path) as source, _alone(path):
        return _described(path, _save_from(source, path, now))


def restore(path: Path, wanted: Backup, now: datetime) -> Restored:
    """Put a backup in the place of the journal, under its lock, and keep what was there.

    What was there becomes a backup itself; a file that is too damaged for one is set aside under another name.
    The journal may be missing. It is of the schema that the backup has, which may be older than ours.
    Raises NotDoneError, and restores nothing, when there is no way to keep it or no room for it.
    """
    journal = _real(path)
    with _telling(NOT_RESTORED), _alone(journal):
        verify(wanted.path)
        if os.path.lexists(journal) and not journal.is_file():
            raise NotAJournalError(journal, "is not an ordinary file")
        if journal.is_file():
            with _locked(journal) as live:
                saved = _save(journal, now, live, wanted) if live else None
                if live and saved:
                    _fill(live, wanted, journal)
                    return Restored(saved, None)
        return Restored(None, _appear(journal, wanted, now))


def verify(path: Path) -> tuple[int, int]:
    """Look through a whole copy, and return what it holds. Raises NotAJournalError, NewerJournalError."""
    with closing(file.connect(path, write=False, any_schema=True)) as copy, file.trouble(path, "read"):
        found = [words for (words,) in copy.execute("PRAGMA integrity_check(1)")]
        if found != ["ok"]:
            raise NotAJournalError(path, f"is damaged ({found[0].splitlines()[-1]})")
        if copy.execute("PRAGMA foreign_key_check").fetchone():
            raise NotAJournalError(path, "is damaged (records lack the change that wrote them)")
        counted: tuple[int, int] = copy.execute(_ALL_VERSIONS).fetchone()
        return counted


def kept(stamps: Iterable[datetime], now: datetime) -> set[datetime]:
    """Return which of some backups are kept: the newest ten, one of each day of the last week, one of each month.

    Of a day and a month it is the newest. One that is dated after `now` is kept until then, because the clock
    that named it, or the one that says now, is wrong. Days and months are those of the zone that the stamps have.
    """
    ordered = sorted(stamps)
    past = [at for at in ordered if at <= now]
    week = {at.date(): at for at in past if now.date() - at.date() < timedelta(DAYS)}
    months = {(at.year, at.month): at for at in past}
    return {*past[-NEWEST:], *week.values(), *months.values(), *ordered[len(past) :]}


def _has_one_of(path: Path, now: datetime) -> bool:
    """Return whether a backup was made on the calendar day of `now`."""
    return any(at.astimezone(now.tzinfo).date() == now.date() for at in made(path))


def _real(path: Path) -> Path:
    """Return where the journal really is, also when its name is a link."""
    return Path(os.path.realpath(path))


def _stamp(at: datetime) -> str:
    """Return the name of a backup among those of its journal: 20261122T064100.123456Z."""
    return f"{at:%Y%m%dT%H%M%S.%f}Z"


def _read_stamp(name: str) -> datetime | None:
    """Return when the backup of a name was made, None for what is no such name."""
    try:
        at = datetime.fromisoformat(name)
    except ValueError:
        return None
    return at if at.tzinfo and _stamp(at) == name else None


def _place(path: Path, at: datetime) -> Path:
    """Return the file of the backup of a time."""
    journal = _real(path)
    return journal.parent / FOLDER / f"{journal.name}.{_stamp(at)}"


def _described(path: Path, at: datetime) -> Backup:
    """Return one backup with what it holds."""
    place = _place(path, at)
    sessions = None
    try:
        with closing(file.connect(place, write=False, any_schema=True)) as copy, file.trouble(place, "read"):
            (sessions,) = copy.execute(_LIVE_SESSIONS).fetchone()
    except (NotAJournalError, NewerJournalError, NoPermissionError):
        pass
    return Backup(_stamp(at), place, at, sessions, place.stat().st_size)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold the folder of backups, made where there is none, against other programs that make or drop any."""
    folder = _real(path).parent / FOLDER
    with file.trouble(folder, "write" if folder.exists() else "create"):
        if os.path.lexists(folder) and not folder.is_dir():
            raise StorageError(folder, "it is no folder, move it away")
        file.make_folder(folder)
        handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


@contextmanager
def _telling(undone: str) -> Iterator[None]:
    """Say of what a disk, a permission or another program prevents that it was not done, and of nothing more."""
    try:
        yield
    except (LockedError, NoPermissionError, StorageError) as error:
        raise NotDoneError(undone, error.why, error.exit_code) from error


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a journal to read all of it as it is at one moment."""
    with closing(file.connect(path, write=False, any_schema=True)) as source, file.trouble(path, "read"):
        source.execute("BEGIN")
        yield source


def _save_from(source: sqlite3.Connection, path: Path, now: datetime, spared: Path | None = None) -> datetime:
    """Copy what a connection reads into a new backup, drop those that are no longer kept, and return its time.

    Those that cannot be dropped stay. The backup that is `spared` stays, whatever its age.
    """
    at = now.astimezone(UTC)
    while os.path.lexists(_place(path, at)):
        at += timedelta(microseconds=1)
    counted = source.execute(_ALL_VERSIONS).fetchone()
    place = _place(path, at)
    with file.trouble(place.parent, "write"), file.draft(place) as draft:
        try:
            with file.trouble(place, "write"):
                _copy(source, draft)
            copied = verify(draft)
        except NotAJournalError as error:
            raise NotAJournalError(path, error.what) from error
        if copied != counted:
            raise NotAJournalError(path, "could not be copied whole")
    with suppress(OSError):
        _thin(path, now, spared)
    return at


def _copy(source: sqlite3.Connection, target: Path) -> None:
    """Copy a journal's pages into an empty file, which is flushed by whoever gives it its name."""
    with closing(sqlite3.connect(target, isolation_level=None)) as copy:
        copy.execute("PRAGMA journal_mode = OFF")
        copy.execute("PRAGMA synchronous = OFF")
        source.backup(copy)


def _thin(path: Path, now: datetime, spared: Path | None) -> None:
    """Drop the backups that are no longer kept, and what a crash left of one that was being made."""
    journal = _real(path)
    for left in (journal.parent / FOLDER).iterdir():
        if left.name.startswith(f".{journal.name}."):
            left.unlink(missing_ok=True)
    local = [at.astimezone(now.tzinfo) for at in made(path)]
    for at in set(local) - kept(local, now):
        old = _place(path, at.astimezone(UTC))
        if spared is None or old.name != spared.name:
            old.unlink(missing_ok=True)


@contextmanager
def _locked(journal: Path) -> Iterator[sqlite3.Connection | None]:
    """Hold a journal against every other program; None when it is too damaged to be opened.

    The lock is that of locking_mode, outside of any transaction, because the backup API can neither read nor
    write a database that its own connection has a transaction on.
    """
    try:
        live = file.connect(journal, write=True, any_schema=True)
    except NotAJournalError:
        yield None
        return
    with closing(live), file.trouble(journal, "write"):
        live.execute("PRAGMA locking_mode = EXCLUSIVE")
        live.execute("BEGIN IMMEDIATE")
        live.execute("COMMIT")
        yield live


def _save(journal: Path, now: datetime, live: sqlite3.Connection, wanted: Backup) -> Backup | None:
    """Make a backup of what is about to be replaced by another one, which is kept; None when it is damaged."""
    try:
        with (
            _telling(f"{NOT_RESTORED}, because no backup of what is there could be made first"),
            file.trouble(journal, "read"),
        ):
            return _described(journal, _save_from(live, journal, now, wanted.path))
    except NotAJournalError:
        return None


def _fill(live: sqlite3.Connection, wanted: Backup, journal: Path) -> None:
    """Put a backup's pages in the place of the journal's, in one transaction."""
    with closing(file.connect(wanted.path, write=False, any_schema=True)) as source:
        source.backup(live)
    # It is restored by now, also when the disk has no room for what SQLite would like to know of it.
    with suppress(sqlite3.OperationalError):
        live.execute("ANALYZE")
    found = live.execute("PRAGMA integrity_check(1)").fetchone()
    if found != ("ok",):
        raise NotAJournalError(journal, f"was not restored well ({found[0]})")
    live.execute("PRAGMA locking_mode = NORMAL")
    live.execute(_ALL_VERSIONS)


def _appear(journal: Path, wanted: Backup, now: datetime) -> Path | None:
    """Make a journal of a backup; return where the damaged one was set aside that had its name.

    That is done last, so that it keeps its name when there is no room for another one.
    """
    aside = None
    with file.trouble(journal, "write"), file.draft(journal) as draft:
        with closing(file.connect(wanted.path, write=False, any_schema=True)) as source:
            _copy(source, draft)
        verify(draft)
        if os.path.lexists(journal):
            aside = _set_aside(journal, now)
    return aside


def _set_aside(journal: Path, now: datetime) -> Path:
    """Give a damaged journal, with what a crash left beside it, another name.

    What the crash left goes first: beside a new journal SQLite would take it for that one's.
    """
    aside = journal.with_name(f"{journal.name}.damaged-{_stamp(now.astimezone(UTC))}")
    leftover = file.leftover(journal)
    if leftover.exists():
        leftover.rename(file.leftover(aside))
    journal.rename(aside)
    return aside
