"""Whole files and locks: a file appears with all of its bytes on the disk, or not at all.

It knows nothing of diaries. Everything of the program that writes a file or keeps others out does it through here.
"""

import errno
import fcntl
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PRIVATE = 0o600
_SUFFIX = re.compile(r"\.[0-9a-f]{32}")


@contextmanager
def draft(path: Path, *, replace: bool = False, mode: int = _PRIVATE) -> Iterator[Path]:
    """Yield an empty file beside a path, which gets the path's name when the block ends well.

    It appears whole and on the disk, or not at all, and so does what a program puts beside it under a longer name.
    Raises FileExistsError when the name is taken, unless it is to `replace` what has it.
    """
    with scratch(path) as unnamed:
        yield unnamed
        if mode != _PRIVATE:
            unnamed.chmod(mode)
        give_name(unnamed, path, replace=replace)


@contextmanager
def scratch(path: Path) -> Iterator[Path]:
    """Yield an empty file beside a path, which is gone at the end unless it was given a name.

    So is what a program puts beside it under a longer name; those that were killed over theirs are swept up.
    """
    sweep(path)
    unnamed, held = _held(path)
    try:
        yield unnamed
    finally:
        os.close(held)
        _remove(unnamed)


def _held(path: Path) -> tuple[Path, int]:
    """Make an empty file beside a path, and hold it; again, when one that sweeps took it for abandoned before that."""
    while True:
        unnamed = path.with_name(f".{path.name}.{os.urandom(16).hex()}")
        held = os.open(unnamed, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, _PRIVATE)
        fcntl.flock(held, fcntl.LOCK_EX)
        if os.fstat(held).st_nlink:
            return unnamed, held
        os.close(held)


def give_name(unnamed: Path, path: Path, *, replace: bool) -> None:
    """Put a finished file under its name, on the disk. Raises FileExistsError as `draft` does."""
    flush(unnamed)
    if replace:
        unnamed.replace(path)
    else:
        _name(unnamed, path)
    flush(path.parent)


def write(path: Path, content: bytes, *, mode: int = _PRIVATE) -> None:
    """Put a file with some content at a path, in the place of what is there. Raises OSError."""
    with draft(path, replace=True, mode=mode) as unnamed:
        unnamed.write_bytes(content)


@contextmanager
def locked(path: Path, *, wait: bool = True) -> Iterator[None]:
    """Hold a file or a folder that is there against every other program that asks for it in this way.

    Without `wait` a BlockingIOError says that another program has it.
    """
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield
    finally:
        os.close(handle)


def make_folder(folder: Path) -> None:
    """Make a folder for its owner alone, and those above it, where there are none; they are on the disk after it."""
    above = [folder, *folder.parents]
    missing = above[: next(at for at, each in enumerate(above) if each.is_dir())]
    for each in reversed(missing):
        each.mkdir(mode=0o700, exist_ok=True)
        flush(each.parent)


def flush(path: Path) -> None:
    """Wait until a file's bytes, or a folder's entries, are on the disk."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep(path: Path) -> None:
    """Remove the drafts of a path that programs left which were killed: those that nobody holds.

    No file that a draft may have become must be open in SQLite here: closing the draft would let its locks go.
    """
    with suppress(OSError):
        for left in list(path.parent.iterdir()):
            if left.name.startswith(f".{path.name}.") and _SUFFIX.fullmatch(left.name[len(path.name) + 1 :]):
                _remove_abandoned(left)


def _remove_abandoned(left: Path) -> None:
    """Remove a draft unless somebody holds it, or it is no file of this person's."""
    with suppress(OSError):
        handle = os.open(left, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            status = os.fstat(handle)
            if stat.S_ISREG(status.st_mode) and status.st_uid == os.geteuid():
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _remove(left)
        finally:
            os.close(handle)


def _remove(unnamed: Path) -> None:
    """Remove a draft, and what a program put beside it under a longer name."""
    unnamed.unlink(missing_ok=True)
    with suppress(OSError):
        for left in list(unnamed.parent.iterdir()):
            if left.name.startswith(unnamed.name):
                left.unlink(missing_ok=True)


def _name(unnamed: Path, path: Path) -> None:
    """Give a finished file its name, unless something has it: raises FileExistsError then.

    Where a file cannot have two names, an empty one holds the place for the moment that the exchange takes.
    """
    try:
        os.link(unnamed, path)
    except OSError as error:
        if error.errno not in {errno.EPERM, errno.ENOTSUP, errno.EMLINK}:
            raise
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _PRIVATE))
        unnamed.replace(path)
