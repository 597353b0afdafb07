"""A diary in a file of SQLite: what the file must be, how it is opened, and one transaction on it.

A file is not trusted. Before anything of it is used, its schema is looked at: what is not ours is never run.
"""

import errno
import os
import sqlite3
import stat
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from itertools import chain, repeat
from types import TracebackType
from typing import Any, Self

from kneetrack.domain.errors import ForeignObjectError, NewerDiaryError, NoPermissionError, NotADiaryError
from kneetrack.domain.folders import StrPath
from kneetrack.domain.text import clean
from kneetrack.store import ddl
from kneetrack.store.failures import SUSPECT, OutdatedError, explain, system_error, translate_errors
from kneetrack.store.mapping import InvalidValueError
from kneetrack.store.port import Store
from kneetrack.store.writing import DiaryStore

APPLICATION_ID = 0x6B6E6565
"""The bytes “knee”: what a diary's header says it is."""

BUSY_TIMEOUT_S = 30

STEP = 1_000_000
MOST_STEPS = 5_000
"""A statement that reads ends after so many steps of so many instructions of SQLite's: about a minute of work.

Fifty years of sessions take less than a hundredth of it.
"""

_ROOT = 0

_COARSE_S = 2
"""The times of files may be as coarse as this: FAT's are."""

NEW_DEVICE = "INSERT INTO device (uid, since) VALUES (?, ?)"
"""Gives a copy of the diary the id that it writes with from here on."""

_ITS_OWN = {
    None,
    "CREATE TABLE sqlite_sequence(name,seq)",
    "CREATE TABLE sqlite_stat1(tbl,idx,stat)",
    "CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)",
}
"""What SQLite itself puts into a schema: indexes of keys, counters of ids, statistics."""


class SqliteDatabase:
    """One transaction on a diary's file, from `BEGIN` to `commit` or the end of the block; a context manager.

    It is what `port.Database` promises. Errors come up as ours, also those of the block.
    """

    def __init__(self, path: StrPath, connection: sqlite3.Connection, verb: str) -> None:
        """Take a connection on which a transaction was begun, and what is done with it: read, write or create."""
        self.path = path
        self.connection = connection
        self.change: str | None = None
        self._verb = verb

    def __enter__(self) -> Self:
        """Return the database."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file; what was not committed is taken back."""
        self.connection.close()
        if isinstance(error, sqlite3.Error):
            ours = explain(error, self.path, self._verb)
            if ours:
                raise ours from error
        if isinstance(error, InvalidValueError):
            raise NotADiaryError(self.path, f"is damaged ({error})") from error
        if isinstance(error, SUSPECT):
            from kneetrack.store.integrity import blame  # noqa: PLC0415 - only when something failed

            blame(self.path, error)

    def rows(self, statement: str, *values: object) -> list[Any]:
        """Return what a statement finds, or what it returns of the rows that it wrote."""
        self._bound()
        return self.connection.execute(statement, values).fetchall()

    def stream(self, statement: str, *values: object) -> Iterator[Any]:
        """Yield what a statement finds without holding all of it in memory."""
        self._bound()
        yield from self.connection.execute(statement, values)

    def execute(self, statement: str, *values: object) -> int:
        """Run a statement, and return how many rows it wrote."""
        self._unbound()
        return self.connection.execute(statement, values).rowcount

    def executemany(self, statement: str, rows: Iterable[Sequence[object]]) -> int:
        """Run a statement that writes once for each of some rows of values, and return how many rows it wrote."""
        self._unbound()
        return self.connection.executemany(statement, rows).rowcount

    def joined(self, column: str) -> str:
        """Return the expression for the texts of a column in a group, with commas between them."""
        return f"group_concat({column})"

    def commit(self) -> None:
        """Put what was written on the disk."""
        self._unbound()
        self.connection.execute("COMMIT")

    def _bound(self) -> None:
        """End the next statement with an error of SQLite's once it has done the most work that one may ask for."""
        # Without a line of Python in it, no signal's exception is lost where SQLite calls.
        self.connection.set_progress_handler(chain(repeat(0, MOST_STEPS), repeat(1)).__next__, STEP)

    def _unbound(self) -> None:
        """Let the next statement take its time: what is written comes from us."""
        self.connection.set_progress_handler(None, 0)


@contextmanager
def open_store(path: StrPath, *, write: bool, any_schema: bool = False) -> Iterator[Store]:
    """Open an existing diary for one command; a context manager that yields a Store.

    To write, it holds the write lock from start to end and commits when the block ends well; to read, it sees the
    diary as it is at one moment, and what would write to it fails. Raises what `open_database` raises.
    """
    with open_database(path, write=write, any_schema=any_schema) as database:
        yield DiaryStore(database)
        if write:
            database.commit()


def open_database(path: StrPath, *, write: bool, any_schema: bool = False) -> SqliteDatabase:
    """Open an existing diary and begin a transaction on it.

    One to read may roll back what a crash left half done, and changes nothing else. Raises one of our errors when
    the file is no diary, or OutdatedError when its schema is older than ours, which `any_schema` allows.
    """
    opened = _file(path)
    connection = connect(path, write=write)
    try:
        with _opening(path, write=write):
            connection.execute("BEGIN IMMEDIATE" if write else "BEGIN")
            if write and _file(path) != opened:
                connection.close()
                return open_database(path, write=write, any_schema=any_schema)
            outdated = revision_of(connection, path) < ddl.REVISION
    except BaseException:
        connection.close()
        raise
    if outdated and not any_schema:
        connection.close()
        raise OutdatedError
    return SqliteDatabase(path, connection, "write" if write else "read")


def _file(path: StrPath) -> tuple[int, int] | None:
    """Return which file a path leads to; another one may take its place while a write waits for its turn."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_dev, status.st_ino


def stamp(path: StrPath, now_s: float) -> object:
    """Return what tells a file from what it was before a write, and from another one in its place.

    The file is never opened: closing it would take from this process the locks that SQLite holds on it. The times of
    files are as coarse as a file system makes them, so a write that has just been is told from one of the same moment
    by a stamp that changes once more when it is two seconds old.
    """
    found: list[tuple[object, ...]] = []
    for each in (path, f"{os.fspath(path)}-wal"):
        try:
            its = os.stat(each)
        except OSError as error:
            found.append((error.errno,))
        else:
            settled = now_s - its.st_mtime > _COARSE_S
            found.append((its.st_dev, its.st_ino, its.st_size, its.st_mtime_ns, its.st_ctime_ns, settled))
    return tuple(found)


def connect(path: StrPath, *, write: bool) -> sqlite3.Connection:
    """Open a file that can be a diary in autocommit mode, and set what SQLite forgets between connections.

    Nothing of it was read yet: `revision_of` says whether it is a diary.
    """
    _check_kind(path)
    if write and not os.access(path, os.W_OK):
        raise NoPermissionError(path, "write")
    with _opening(path, write=write):
        connection = _plain_connection(path)
        try:
            _set_up(connection, write=write)
        except BaseException:
            connection.close()
            raise
    return connection


@contextmanager
def _opening(path: StrPath, *, write: bool) -> Iterator[None]:
    """Turn what goes wrong with a file that is being opened into our errors."""
    try:
        with translate_errors(path, "write" if write else "read"):
            yield
    except UnicodeDecodeError as error:
        raise NotADiaryError(path, "is damaged: its tables cannot be read") from error


def create(draft: StrPath, path: StrPath) -> SqliteDatabase:
    """Begin a transaction on an empty file that becomes a diary; errors speak of the path that it will have."""
    connection = _plain_connection(draft)
    with ExitStack() as failed:
        failed.callback(connection.close)
        _set_up(connection, write=True)
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("BEGIN IMMEDIATE")
        failed.pop_all()
    return SqliteDatabase(path, connection, "create")


def _plain_connection(path: StrPath) -> sqlite3.Connection:
    """Open a file that is there in autocommit mode."""
    return sqlite3.connect(
        f"file:{''.join(f'%{byte:02x}' for byte in os.fsencode(path))}?mode=rw",
        uri=True,
        isolation_level=None,
        timeout=BUSY_TIMEOUT_S,
    )


def _set_up(connection: sqlite3.Connection, *, write: bool) -> None:
    """Set what SQLite forgets between connections; outside of a transaction."""
    connection.execute("PRAGMA synchronous = EXTRA")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    connection.execute("PRAGMA secure_delete = ON")
    if sys.platform == "darwin":
        connection.execute("PRAGMA fullfsync = ON")
    if not write:
        connection.execute("PRAGMA query_only = ON")


def revision_of(connection: sqlite3.Connection, path: StrPath) -> str:
    """Return the revision that a diary has, once its schema was looked at.

    Raises NotADiaryError for what is no diary or has another schema than its revision makes, and
    NewerDiaryError beyond ours.
    """
    (application_id,) = connection.execute("PRAGMA application_id").fetchone()
    if application_id != APPLICATION_ID:
        raise NotADiaryError(path, "is a database of another program, not a diary")
    found = {sql for (sql,) in connection.execute("SELECT sql FROM sqlite_schema")} - _ITS_OWN
    ours = {*ddl.STATEMENTS}
    if found != ours:
        _refuse_what_runs(connection, path)
    revision = _revision(connection, path)
    if revision > ddl.REVISION:
        raise NewerDiaryError(path)
    if revision < ddl.REVISION:
        from kneetrack.store.schema import check_older  # noqa: PLC0415 - only for an older diary

        check_older(connection, path, revision)
    elif found != ours:
        _refuse_what_was_added(connection, path)
        strange = min(map(str, (found - ours) or (ours - found))).partition(" (")[0]
        raise NotADiaryError(path, f"is damaged: it has another schema than kneetrack makes ({clean(strange)[:80]})")
    return revision


def tables(database: SqliteDatabase) -> set[str]:
    """Return the names of the tables that a diary of any revision has."""
    return {name for (name,) in database.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")}


def _refuse_what_runs(connection: sqlite3.Connection, path: StrPath) -> None:
    """Raise ForeignObjectError for a trigger or a view: both run statements of somebody else's."""
    for kind, name in connection.execute("SELECT type, name FROM sqlite_schema WHERE type IN ('trigger', 'view')"):
        raise ForeignObjectError(path, kind, clean(str(name))[:40])


def _refuse_what_was_added(connection: sqlite3.Connection, path: StrPath) -> None:
    """Raise ForeignObjectError for a table, an index or a column that is not ours."""
    with closing(sqlite3.connect(":memory:")) as new:
        for statement in ddl.STATEMENTS:
            new.execute(statement)
        objects, columns = {*new.execute(_OBJECTS)}, {*new.execute(_COLUMNS)}
    for kind, name in {*connection.execute(_OBJECTS)} - objects:
        raise ForeignObjectError(path, kind, clean(str(name))[:40])
    for table, column in {*connection.execute(_COLUMNS)} - columns:
        raise ForeignObjectError(path, "column", clean(str(column))[:40], table)


_OBJECTS = "SELECT type, name FROM sqlite_schema WHERE name NOT LIKE 'sqlite~_%' ESCAPE '~'"
_COLUMNS = """
    SELECT its.name, columns.name FROM sqlite_schema AS its JOIN pragma_table_info(its.name) AS columns
    WHERE its.type = 'table' AND its.name NOT LIKE 'sqlite~_%' ESCAPE '~'
"""


def _revision(connection: sqlite3.Connection, path: StrPath) -> str:
    """Return the revision that a diary says it has. Raises NotADiaryError where it says none."""
    try:
        found = connection.execute("SELECT version_num FROM alembic_version").fetchmany(2)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_ERROR:
            raise
        found = []
    match found:
        case [(str(revision),)] if len(revision) == len(ddl.REVISION) and revision.isascii() and revision.isdigit():
            return revision
        case _:
            raise NotADiaryError(path, "is damaged: it has no schema version")


def leftover(path: StrPath) -> str:
    """Return where SQLite keeps what it needs to take back a write that did not end, such as after a crash."""
    return f"{os.fspath(path)}-journal"


def sync_file(path: StrPath) -> str:
    """Return where is kept how a diary is synced on this device, if it is."""
    return f"{os.path.realpath(path)}.sync"


def refuse_leftover(path: StrPath) -> None:
    """Raise NotADiaryError for what a crash left of a diary that is gone: SQLite would take it for the new one's."""
    left = leftover(path)
    if os.path.exists(left) and not os.path.exists(path):
        raise NotADiaryError(left, "is there without its diary: bring the diary back, or move this away")


def _check_kind(path: StrPath) -> None:
    """Raise NotADiaryError for what no diary can be: a folder, a pipe, an empty file, a link to nothing."""
    try:
        status = os.stat(path)
    except OSError as error:
        if error.errno == errno.ENOENT and os.path.islink(path):
            raise NotADiaryError(path, "is a link that leads nowhere") from error
        raise system_error(error, path, "read") from error
    if stat.S_ISDIR(status.st_mode):
        raise NotADiaryError(path, "is a folder, not a diary")
    if not stat.S_ISREG(status.st_mode):
        raise NotADiaryError(path, "is not an ordinary file")
    if status.st_size == 0:
        raise NotADiaryError(path, "is empty, not a diary")
    _refuse_a_planted_leftover(path, status.st_uid)


def _refuse_a_planted_leftover(path: StrPath, owner: int) -> None:
    """Raise NotADiaryError for what looks like a crash's and is somebody else's: SQLite would write it to the diary."""
    left = leftover(path)
    if is_planted(left, owner):
        raise NotADiaryError(left, "was put beside the diary by somebody else: move it away")


def is_planted(path: StrPath, owner: int) -> bool:
    """Return whether a file is a link, or belongs to neither the owner of the diary, nor to this user, nor to root."""
    try:
        status = os.lstat(path)
    except OSError:
        return False
    return status.st_uid not in {owner, os.geteuid(), _ROOT} or not stat.S_ISREG(status.st_mode)
