"""What the errors of SQLite and of the operating system mean, as errors that own a sentence and an exit code."""

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from kneetrack.domain.errors import (
    KneetrackError,
    LockedError,
    NoPermissionError,
    NotADiaryError,
    StorageError,
)
from kneetrack.domain.folders import StrPath
from kneetrack.domain.text import clean

TEMPORARY = "the folder for temporary files"
"""What errors name where such a file cannot be made or written."""

SUSPECT = (ArithmeticError, LookupError, TypeError, ValueError, sqlite3.Error)
"""Errors that values which no kneetrack wrote can lead to: `integrity.blame` looks whether they did."""

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

_NOT_WRITTEN = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE}


class OutdatedError(Exception):
    """The diary is of an older schema: `schema.upgrade` puts that right."""


@contextmanager
def translate_errors(path: StrPath, verb: str) -> Iterator[None]:
    """Turn errors of SQLite and the system into ours; `verb` is what is being tried: read, write or create."""
    try:
        yield
    except sqlite3.Error as error:
        raise explain(error, path, verb) or error from error
    except OSError as error:
        raise system_error(error, path, verb) from error


def explain(error: BaseException | None, path: StrPath, verb: str) -> KneetrackError | None:
    """Return our error for one of SQLite's, None when it is not one that a person can put right."""
    code = getattr(error, "sqlite_errorcode", None)
    match _MEANING.get((code or 0) & 0xFF):
        case "locked":
            return LockedError(path)
        case "storage":
            # All that a read writes is what does not fit into memory while it is put in order.
            return StorageError(TEMPORARY if verb == "read" and code in _NOT_WRITTEN else path, str(error))
        case "permission":
            return NoPermissionError(path, verb)
        case "damaged" if isinstance(error, sqlite3.Error):
            return NotADiaryError(path, f"is not a diary, or is damaged ({without_text(error)})")
        case _ if isinstance(error, sqlite3.OperationalError):
            # Our statements suit every whole diary: a table, a column or a text is not what it was.
            return NotADiaryError(path, f"is damaged ({without_text(error)})")
        case _:
            return None


def without_text(error: sqlite3.Error) -> str:
    """Return SQLite's words without what a person wrote, harmless to a terminal; of a statement that was ended, why."""
    if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
        return "it asks for endless work"
    return clean(str(error).partition(" with text")[0])


def system_error(error: OSError, path: StrPath, verb: str) -> KneetrackError:
    """Return our error for one of the operating system's."""
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return NoPermissionError(path, verb)
    if error.errno in {errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG}:
        return NotADiaryError(path, f"cannot be a diary ({os.strerror(error.errno)})")
    return StorageError(path, error.strerror or str(error))
