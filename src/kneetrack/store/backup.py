"""Backups: whole copies of a diary in the folder `backups` beside it, and the way back.

A backup is made by SQLite's backup API, looked through, flushed and only then given its name, so that
every one that is listed was verified. Its name is the diary's with the UTC time of its making.

What was purged stays in the backups that were made before, until they are rewritten. So that it does not come back with
them, the tombstones are kept beside the backups too, in a file that outlives the diary.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from kneetrack.domain.backups import Backup, Restored
from kneetrack.domain.errors import (
    LockedError,
    NewerDiaryError,
    NoPermissionError,
    NotADiaryError,
    NotDoneError,
    ServerAwayError,
    ServerCanceledError,
    StorageError,
)
from kneetrack.domain.value import Value
from kneetrack.store import atomic, backup_names, ddl, mapping, sqlite
from kneetrack.store.backup_names import FOLDER, file_of, has_one_of, made, name_of
from kneetrack.store.failures import translate_errors
from kneetrack.store.integrity import not_a_copy
from kneetrack.store.mapping import TOMBSTONE, WITH_RANDOM_UIDS
from kneetrack.store.port import Database
from kneetrack.store.rules import LIVE_SESSIONS
from kneetrack.store.sqlite import SqliteDatabase, open_database
from kneetrack.store.writing import add_tombstones, delete_versions

PURGED = "purged"
"""How the name ends of the file that keeps tombstones beside the backups of a diary."""

NEWEST = 10
DAYS = 7

NOT_MADE = "No backup was made"
NOT_RESTORED = "Nothing was restored"

_ALL_VERSIONS = "SELECT count(*), max(id) FROM session"


class Tombstone(Value):
    """What was purged: its uid, and when, as it is stored."""

    uid: str
    at: str


class Rewritten(Value):
    """How many backups held what was purged and hold it no more, and the names of those that could not be read."""

    number: int
    unread: list[str]


# What there is


def backups(path: Path) -> list[Backup]:
    """Return the backups of a diary with what they hold, newest first."""
    return [_described(path, at) for at in made(path)]


def matching(path: Path, word: str) -> list[Backup]:
    """Return the backups whose name is, or begins with, a word, newest first. Raises NoSuchRecordError for none."""
    return [_described(path, at) for at in backup_names.matching(path, word)]


def verify(path: Path) -> tuple[int, int]:
    """Look through a whole copy, and return what it holds. Raises NotADiaryError, NewerDiaryError."""
    with open_database(path, write=False, any_schema=True) as copy:
        words = not_a_copy(copy, summed=_is_current(copy))
        if words:
            raise NotADiaryError(path, f"is damaged ({words})")
        return _counted(copy)


# Making one


def of_the_day(path: Path, now: datetime) -> None:
    """Make a backup unless there is one of the calendar day of `now`; raises what `make` raises."""
    with as_not_done(NOT_MADE):
        if has_one_of(path, now):
            return
        atomic.sweep(real(path))
        with open_database(path, write=False, any_schema=True) as source, alone(path):
            if not has_one_of(path, now):
                _save_from(source, path, now)


def make(path: Path, now: datetime, undone: str = NOT_MADE) -> Backup:
    """Make a backup and drop the ones that are no longer kept; `undone` says what is not done without one.

    The diary may be of an older schema, and may be held by a writer of this process that has changed nothing
    yet. Raises NotADiaryError when it is damaged and NotDoneError when no backup can be made, and then
    leaves none.
    """
    with as_not_done(undone), open_database(path, write=False, any_schema=True) as source, alone(path):
        return _described(path, _save_from(source, path, now))


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


def _save_from(source: SqliteDatabase, path: Path, now: datetime, protected: Path | None = None) -> datetime:
    """Copy what a connection reads into a new backup, thin out the others, and return its time."""
    at = free_time(path, now)
    counted = _counted(source)
    place = file_of(path, at)
    with translate_errors(place.parent, "write"), atomic.draft(place) as draft:
        try:
            with translate_errors(place, "write"):
                _copy(source.connection, draft)
            copied = verify(draft)
        except NotADiaryError as error:
            raise NotADiaryError(path, error.what) from error
        if copied != counted:
            raise NotADiaryError(path, "could not be copied whole")
    thin(path, now, protected)
    return at


def free_time(path: Path, now: datetime) -> datetime:
    """Return the time of a new backup, in UTC: just after now where there is one of now."""
    at = now.astimezone(UTC)
    while os.path.lexists(file_of(path, at)):
        at += timedelta(microseconds=1)
    return at


def _counted(database: SqliteDatabase) -> tuple[int, int]:
    """Return how many versions of sessions there are, and the id of the last one."""
    ((number, last),) = database.rows(_ALL_VERSIONS)
    return number, last


def thin(path: Path, now: datetime, protected: Path | None) -> None:
    """Drop the backups that are no longer kept, and what a crash left of one that was being made.

    The backup that is `protected` stays, whatever its age, and so do those that cannot be dropped.
    """
    diary = real(path)
    with suppress(OSError):
        for left in (diary.parent / FOLDER).iterdir():
            if left.name.startswith(f".{diary.name}."):
                left.unlink(missing_ok=True)
    local = [at.astimezone(now.tzinfo) for at in made(path)]
    for at in set(local) - kept(local, now):
        old = file_of(path, at.astimezone(UTC))
        if protected is None or old.name != protected.name:
            with suppress(OSError):
                old.unlink(missing_ok=True)


# The way back


def restore(path: Path, wanted: Backup, now: datetime) -> Restored:
    """Put a backup in the place of the diary, under its lock, and keep what was there.

    What was there becomes a backup itself; a file that is too damaged for one is set aside under another name.
    What was purged since the backup was made does not come back. The diary may be missing. It is of the schema that
    the backup has, which may be older than ours. Raises NotDoneError, and restores nothing, when there is no way to
    keep what is there or no room for it.
    """
    diary = real(path)
    with as_not_done(NOT_RESTORED), alone(diary):
        _refuse_a_planted(wanted.path, diary)
        verify(wanted.path)
        if os.path.lexists(diary) and not diary.is_file():
            raise NotADiaryError(diary, "is not an ordinary file")
        purged = tombstones(diary)
        if diary.is_file():
            with _locked(diary) as live:
                saved = _save(diary, now, live, wanted) if live else None
                if live and saved:
                    with _without(wanted, purged | _tombstones_in(live), diary) as (source, kept_out):
                        _fill(live.connection, source, diary, now)
                    return Restored(saved, None, kept_out)
        with _without(wanted, purged, diary) as (source, kept_out):
            return Restored(None, _appear(diary, source, now), kept_out)


def _refuse_a_planted(copy: Path, diary: Path) -> None:
    """Raise NotADiaryError for a backup that somebody else put among those of a diary."""
    owner = diary.stat().st_uid if diary.is_file() else os.geteuid()
    if sqlite.is_planted(copy, owner):
        raise NotADiaryError(copy, "was put among your backups by somebody else: to trust it, put a copy in its place")


@contextmanager
def _locked(diary: Path) -> Iterator[SqliteDatabase | None]:
    """Hold a diary against every other program; None when it is too damaged to be opened.

    The lock is that of locking_mode, outside of any transaction, because the backup API can neither read nor
    write a database that its own connection has a transaction on. It is set while a transaction holds the lock
    already: a connection that waits in that mode would keep the others from ever finishing.
    """
    try:
        held = open_database(diary, write=True, any_schema=True)
    except NotADiaryError:
        yield None
        return
    with closing(held.connection), translate_errors(diary, "write"):
        held.connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        held.commit()
        yield held


def _save(diary: Path, now: datetime, live: SqliteDatabase, wanted: Backup) -> Backup | None:
    """Make a backup of what is about to be replaced by another one, which is kept; None when it is damaged."""
    try:
        with (
            as_not_done(f"{NOT_RESTORED}, because no backup of what is there could be made first"),
            translate_errors(diary, "read"),
        ):
            return _described(diary, _save_from(live, diary, now, wanted.path))
    except NotADiaryError:
        return None


def _fill(live: sqlite3.Connection, source: Path, diary: Path, now: datetime) -> None:
    """Put a backup's pages in the place of the diary's, in one transaction."""
    with closing(sqlite.connect(source, write=False)) as pages:
        pages.backup(live)
    # It is restored by now, also when the disk has no room for what comes after it.
    with suppress(sqlite3.OperationalError):
        _make_another_device(live, diary, now)
        live.execute("ANALYZE")
    found = live.execute("PRAGMA integrity_check(1)").fetchone()
    if found != ("ok",):
        raise NotADiaryError(diary, f"was not restored correctly ({found[0]})")
    live.execute("PRAGMA locking_mode = NORMAL")
    live.execute(_ALL_VERSIONS)


def _appear(diary: Path, source: Path, now: datetime) -> Path | None:
    """Make a diary of a backup; return where the damaged one was set aside that had its name.

    That is done last, so that it keeps its name when there is no room for another one.
    """
    aside = None
    replace = os.path.lexists(diary)
    with translate_errors(diary, "write"), atomic.draft(diary, replace=replace) as draft:
        with closing(sqlite.connect(source, write=False)) as pages:
            _copy(pages, draft)
        with closing(sqlite.connect(draft, write=True)) as made_anew:
            _make_another_device(made_anew, diary, now)
        verify(draft)
        if replace:
            aside = _set_aside(diary, now)
        sqlite.refuse_leftover(diary)
    return aside


def _make_another_device(restored: sqlite3.Connection, diary: Path, now: datetime) -> None:
    """Give a restored diary an id of its own, beside the former ones, by which undo still knows what it wrote.

    What it writes from here on must not be taken for what the diary wrote since the backup: both may be merged.
    """
    if sqlite.revision_of(restored, diary) == ddl.REVISION:
        restored.execute(sqlite.NEW_DEVICE, (mapping.random_uid(), mapping.stamp(now)))


def _set_aside(diary: Path, now: datetime) -> Path:
    """Give a damaged diary, with what a crash left beside it, another name, which it has beside its own if it can.

    What the crash left goes first: beside a new diary SQLite would take it for that one's.
    """
    aside = diary.with_name(f"{diary.name}.damaged-{name_of(now.astimezone(UTC))}")
    leftover = Path(sqlite.leftover(diary))
    if leftover.exists():
        leftover.rename(sqlite.leftover(aside))
    try:
        os.link(diary, aside)
    except OSError:
        diary.rename(aside)
    return aside


# What was purged


def tombstones(path: Path) -> set[Tombstone]:
    """Return the tombstones that are kept beside the backups of a diary; none where they cannot be read."""
    try:
        lines = _beside(path).read_text("ascii").splitlines()
    except (OSError, UnicodeDecodeError):
        return set()
    pairs = (line.partition(" ") for line in lines)
    return {Tombstone(uid, at) for uid, _, at in pairs if mapping.is_uid(uid) and mapping.is_stamp(at)}


def keep_tombstones(path: Path) -> None:
    """Keep the tombstones of a diary beside its backups too, where there are any."""
    if not (real(path).parent / FOLDER).is_dir():
        return
    with open_database(path, write=False) as database, alone(path):
        add_beside(path, _tombstones_in(database))


def add_beside(path: Path, found: set[Tombstone]) -> None:
    """Keep more tombstones beside the backups of a diary, whose folder is held."""
    known = tombstones(path)
    if found - known:
        lines = (f"{uid} {at}\n" for uid, at in sorted(found | known))
        with translate_errors(_beside(path), "write"):
            atomic.write(_beside(path), "".join(lines).encode("ascii"))


def take_in_tombstones(database: Database, path: Path) -> set[str]:
    """Write to a diary the tombstones beside its backups, and purge by them; return the uids of what was purged."""
    known = tombstones(path)
    gone = delete_versions(database, (uid for uid, _ in known))
    add_tombstones(database, known)
    return gone


def purge_from_backups(path: Path, uids: Iterable[str]) -> Rewritten:
    """Rewrite the backups of a diary, where there are any, without some records that were purged from it.

    Raises NotDoneError for what a disk, a permission or another program prevents.
    """
    number = 0
    unread: list[str] = []
    wanted = set(uids)
    with as_not_done("The backups were not rewritten"):
        if not made(path):
            return Rewritten(0, [])
        keep_tombstones(path)
    with as_not_done("The backups were not rewritten"), alone(path):
        purged = {stone for stone in tombstones(path) if stone.uid in wanted}
        for at in made(path):
            place = file_of(path, at)
            try:
                number += _rewrite(place, wanted, purged)
            except (NotADiaryError, NewerDiaryError):
                unread.append(name_of(at))
    return Rewritten(number, unread)


def _rewrite(place: Path, uids: set[str], purged: set[Tombstone]) -> bool:
    """Make a backup anew without some records, and return whether it held any of them."""
    with _copied(place, place) as copy:
        gone = _purge_copy(copy, uids, purged)
        if gone:
            verify(copy)
            atomic.give_name(copy, place, replace=True)
        return bool(gone)


@contextmanager
def _without(wanted: Backup, purged: set[Tombstone], diary: Path) -> Iterator[tuple[Path, int]]:
    """Yield a backup, or a copy of it without what was purged, and how many records that are."""
    if not purged:
        yield wanted.path, 0
        return
    with _copied(wanted.path, file_of(diary, wanted.made)) as copy:
        yield copy, len(_purge_copy(copy, {stone.uid for stone in purged}, purged))


@contextmanager
def _copied(source: Path, beside: Path) -> Iterator[Path]:
    """Yield a copy of a backup that may be changed, and is gone at the end."""
    with translate_errors(beside, "write"), atomic.scratch(beside) as copy:
        with closing(sqlite.connect(source, write=False)) as pages:
            _copy(pages, copy)
        yield copy


def _purge_copy(copy: Path, uids: set[str], purged: set[Tombstone]) -> set[str]:
    """Delete records from a copy, and write tombstones where it has them; return the uids of those that there were."""
    with open_database(copy, write=True, any_schema=True) as database:
        there = sqlite.tables(database)
        gone = delete_versions(database, uids, [of for of in WITH_RANDOM_UIDS if of.table in there])
        if TOMBSTONE.table in there:
            add_tombstones(database, purged)
        database.commit()
    return gone


def _tombstones_in(database: SqliteDatabase) -> set[Tombstone]:
    """Return the tombstones of a diary; an older one has none."""
    if TOMBSTONE.table not in sqlite.tables(database):
        return set()
    return all_tombstones(database)


def all_tombstones(database: Database) -> set[Tombstone]:
    """Return the tombstones of a diary of today's schema."""
    return {Tombstone(*row) for row in database.rows("SELECT uid, at FROM tombstone")}


def _is_current(database: SqliteDatabase) -> bool:
    """Return whether a diary is of the schema of this program."""
    return sqlite.revision_of(database.connection, database.path) == ddl.REVISION


def _beside(path: Path) -> Path:
    """Return the file that keeps tombstones beside the backups of a diary."""
    diary = real(path)
    return diary.parent / FOLDER / f"{diary.name}.{PURGED}"


# Files and names


def _described(path: Path, at: datetime) -> Backup:
    """Return one backup with what it holds."""
    place = file_of(path, at)
    sessions = None
    try:
        with open_database(place, write=False, any_schema=True) as copy:
            ((sessions,),) = copy.rows(LIVE_SESSIONS)
    except (NotADiaryError, NewerDiaryError, NoPermissionError):
        pass
    return Backup(name_of(at), place, at, sessions, place.stat().st_size)


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold the folder of backups, made where there is none, against other programs that make or drop any."""
    folder = real(path).parent / FOLDER
    with translate_errors(folder, "write" if folder.exists() else "create"):
        if os.path.lexists(folder) and not folder.is_dir():
            raise StorageError(folder, "it is not a folder; move it away")
        atomic.make_folder(folder)
    with atomic.locked(folder):
        yield


@contextmanager
def as_not_done(undone: str) -> Iterator[None]:
    """Say that something was not done which a disk, a permission, a server or another program prevents."""
    try:
        yield
    except (LockedError, NoPermissionError, StorageError, ServerAwayError, ServerCanceledError) as error:
        raise NotDoneError(undone, error.why, error.exit_code) from error


def _copy(source: sqlite3.Connection, target: Path) -> None:
    """Copy a diary's pages into an empty file, which is flushed by whoever gives it its name."""
    with closing(sqlite3.connect(target, isolation_level=None)) as copy:
        copy.execute("PRAGMA journal_mode = OFF")
        copy.execute("PRAGMA synchronous = OFF")
        source.backup(copy)


def real(path: Path) -> Path:
    """Return where the diary really is, also when its name is a link."""
    return Path(os.path.realpath(path))
