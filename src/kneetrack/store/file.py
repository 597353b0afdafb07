"""Opening the journal's file: what it must be, how a connection is set up, and what SQLite's errors mean."""

import errno
import fcntl
import os
import sqlite3
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import time
from urllib.parse import quote
from uuid import uuid4

from kneetrack.domain.errors import (
    KneetrackError,
    LockedError,
    NewerJournalError,
    NoPermissionError,
    NotAJournalError,
    StorageError,
)

APPLICATION_ID = 0x6B6E6565
"""The bytes “knee”: what a journal's header says it is."""

SCHEMA = "0002"
"""The Alembic revision that this program reads and writes."""

BUSY_TIMEOUT_S = 30
_ABANDONED_S = 60
_UID_DIGITS = 32

TEMPORARY = Path("the folder for temporary files")
"""What errors name where such a file cannot be made or written."""

_MEANING = {
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
    sqlite3.SQLITE_FULL: "storage",
    sqlite3.SQLITE_IOERR: "storage",
    sqlite3.SQLITE_READONLY: "permission",
    sqlite3.SQLITE_PERM: "permission",
    sqlite3.SQLITE_CANTOPEN: "permission",
    sqlite3.SQLITE_NOTADB: "damaged",
    sqlite3.SQLITE_CORRUPT: "damaged",
}


SUSPECT = (ArithmeticError, LookupError, TypeError, ValueError, sqlite3.Error)
"""Errors that values which no kneetrack wrote can lead to: `check.blame` looks whether they did."""


class OutdatedError(Exception):
    """The file is a journal of an older schema: `journal.upgrade` puts that right."""


def connect(path: Path, *, write: bool, any_schema: bool = False) -> sqlite3.Connection:
    """Open an existing journal in autocommit mode; the caller says BEGIN.

    A connection to read may roll back what a crash left half done, and changes nothing else. Raises one
    of our errors when the file is no journal, or OutdatedError when its schema is older than ours, which
    `any_schema` allows.
    """
    _check_kind(path)
    if write and not os.access(path, os.W_OK):
        raise NoPermissionError(path, "write")
    with trouble(path, "write" if write else "read"):
        connection = sqlite3.connect(
            f"file://{quote(os.fsencode(path.absolute()))}?mode=rw",
            uri=True,
            isolation_level=None,
            timeout=BUSY_TIMEOUT_S,
        )
        try:
            _set_up(connection, write=write)
            outdated = schema(connection, path) < SCHEMA
        except UnicodeDecodeError as error:
            connection.close()
            raise NotAJournalError(path, "is damaged: its tables cannot be read") from error
        except BaseException:
            connection.close()
            raise
    if outdated and not any_schema:
        connection.close()
        raise OutdatedError
    return connection


def prepare(connection: sqlite3.Connection) -> None:
    """Set up the connection to a file that is about to become a journal."""
    _set_up(connection, write=True)
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")


@contextmanager
def draft(path: Path, *, replace: bool = False) -> Iterator[Path]:
    """Yield an empty file beside a path, which gets the path's name when the block ends well.

    It appears whole and on the disk, readable by its owner alone, or not at all. Raises FileExistsError when the
    name is taken, unless it is to `replace` what has it.
    """
    _sweep(path)
    unnamed = path.with_name(f".{path.name}.{uuid4().hex}")
    held = os.open(unnamed, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield unnamed
        _flush(unnamed)
        if os.path.lexists(leftover(path)) and not os.path.lexists(path):
            raise NotAJournalError(
                leftover(path), "stands there without its journal: bring that back, or move this away"
            )
        if replace:
            unnamed.replace(path)
        else:
            _name(unnamed, path)
    finally:
        os.close(held)
        for left in (unnamed, leftover(unnamed)):
            left.unlink(missing_ok=True)
    _flush(path.parent)


def _sweep(path: Path) -> None:
    """Remove the drafts of a path that were left by programs that were killed: old ones that nobody holds."""
    found: list[Path] = []
    with suppress(OSError):
        found += path.parent.iterdir()
    for left in found:
        begin, dot, end = left.name.rpartition(".")
        if (begin, dot, len(end)) != (f".{path.name}", ".", _UID_DIGITS):
            continue
        with suppress(OSError):
            held = os.open(left, os.O_RDONLY)
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if time() - left.stat().st_mtime > _ABANDONED_S:
                    left.unlink()
                    leftover(left).unlink(missing_ok=True)
            finally:
                os.close(held)


def _name(unnamed: Path, path: Path) -> None:
    """Give a finished file its name, unless something has it: raises FileExistsError then.

    Where a file cannot have two names, an empty one holds the place for the moment that the exchange takes.
    """
    try:
        os.link(unnamed, path)
    except OSError as error:
        if error.errno not in {errno.EPERM, errno.ENOTSUP, errno.EMLINK}:
            raise
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        unnamed.replace(path)


def leftover(path: Path) -> Path:
    """Return where SQLite keeps what it needs to take back a write that did not end, such as after a crash."""
    return path.with_name(f"{path.name}-journal")


def make_folder(folder: Path) -> None:
    """Make a folder for its owner alone, and those above it, where there are none; they are on the disk after it."""
    above = [folder, *folder.parents]
    missing = above[: next(at for at, each in enumerate(above) if each.is_dir())]
    for each in reversed(missing):
        each.mkdir(mode=0o700, exist_ok=True)
        _flush(each.parent)


def _flush(path: Path) -> None:
    """Wait until a file's bytes, or a folder's entries, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _set_up(connection: sqlite3.Connection, *, write: bool) -> None:
    """Set what SQLite forgets between connections."""
    connection.execute("PRAGMA synchronous = EXTRA")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    connection.execute("PRAGMA secure_delete = ON")
    if sys.platform == "darwin":
        connection.execute("PRAGMA fullfsync = ON")
    if not write:
        connection.execute("PRAGMA query_only = ON")


def _check_kind(path: Path) -> None:
    """Raise NotAJournalError for what no journal can be: a folder, a pipe, an empty file, a link to nothing."""
    try:
        status = path.stat()
    except OSError as error:
        if error.errno == errno.ENOENT and path.is_symlink():
            raise NotAJournalError(path, "is a link that leads nowhere") from error
        raise system_error(error, path, "read") from error
    if stat.S_ISDIR(status.st_mode):
        raise NotAJournalError(path, "is a folder, not a journal")
    if not stat.S_ISREG(status.st_mode):
        raise NotAJournalError(path, "is not an ordinary file")
    if status.st_size == 0:
        raise NotAJournalError(path, "is empty, not a journal")


def schema(connection: sqlite3.Connection, path: Path) -> str:
    """Return the revision that a journal has. Raises NotAJournalError, and NewerJournalError beyond ours."""
    (application_id,) = connection.execute("PRAGMA application_id").fetchone()
    if application_id != APPLICATION_ID:
        raise NotAJournalError(path, "is a database of another program, not a journal")
    try:
        (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except (sqlite3.OperationalError, TypeError) as error:
        if isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode != sqlite3.SQLITE_ERROR:
            raise
        raise NotAJournalError(path, "is damaged: it has no schema version") from error
    if revision > SCHEMA:
        raise NewerJournalError(path)
    return str(revision)


@contextmanager
def trouble(path: Path, verb: str) -> Iterator[None]:
    """Turn SQLite's errors into sentences; `verb` is what is being tried: read, write or create."""
    try:
        yield
    except sqlite3.Error as error:
        ours = explain(error, path, verb)
        if ours is None:
            raise
        raise ours from error
    except OSError as error:
        raise system_error(error, path, verb) from error


def explain(error: BaseException | None, path: Path, verb: str) -> KneetrackError | None:
    """Return our error for one of SQLite's, None when it is not one that a person can put right."""
    code = getattr(error, "sqlite_errorcode", None)
    match _MEANING.get((code or 0) & 0xFF):
        case "locked":
            return LockedError(path)
        case "storage":
            return StorageError(path, str(error))
        case "permission":
            return NoPermissionError(path, verb)
        case "damaged":
            return NotAJournalError(path, f"is not a journal, or is damaged ({error})")
        case _ if isinstance(error, sqlite3.OperationalError):
            # Our statements suit every whole journal: a table, a column or a text is not what it was.
            return NotAJournalError(path, f"is damaged ({str(error).partition(' with text')[0]})")
        case _:
            return None


def system_error(error: OSError, path: Path, verb: str) -> KneetrackError:
    """Return our error for one of the operating system's."""
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return NoPermissionError(path, verb)
    if error.errno in {errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG}:
        return NotAJournalError(path, f"cannot be a journal ({os.strerror(error.errno)})")
    return StorageError(path, error.strerror or str(error))
