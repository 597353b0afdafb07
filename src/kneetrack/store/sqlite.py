"""Open a diary that is a SQLite file."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kneetrack.store import file
from kneetrack.store.file import OutdatedError
from kneetrack.store.journal import Journal

__all__ = ["Journal", "OutdatedError", "exists", "open_store"]


def exists(path: Path) -> bool:
    """Return whether anything is at a path, be it only a link that leads nowhere."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise file.system_error(error, path, "read") from error
    return True


@contextmanager
def open_store(path: Path, *, write: bool) -> Iterator[Journal]:
    """Open a diary in one transaction, which is kept when the block ends well. Raises OutdatedError."""
    file.connect(path, write=False).close()
    with Journal(path, write=write) as opened:
        yield opened
