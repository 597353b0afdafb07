"""Opening what somebody wants imported: a file, a folder or standard input, none of which is trusted."""

import errno
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from kneetrack.domain.errors import NoSuchFileError, UnreadableFileError
from kneetrack.store.failures import TEMPORARY, translate_errors

MAX_FILE = 1 << 30
MAX_LINE = 4 << 20

_CHUNK = 1 << 20
_UTF_8_MARK = b"\xef\xbb\xbf"
_OTHER_MARKS = (b"\xff\xfe", b"\xfe\xff")
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_DATABASE = b"SQLite format 3\0"
_BEGINNING = 64

Watch = Callable[[int], object]
"""Progressed how many bytes were read since it was last told."""


class Source:
    """An open file that can be read from its start again; `watch` hears how far reading is."""

    def __init__(self, name: str, opened: IO[bytes], watch: Watch) -> None:
        """Take a name for messages and an open, seekable file. Raises UnreadableFileError for what is no text."""
        self.name = name
        self.opened = opened
        self._watch = watch
        self.size = os.fstat(opened.fileno()).st_size
        start = opened.read(_BEGINNING)
        self.zipped = start.startswith(_ZIP)
        self._begins = len(_UTF_8_MARK) if start.startswith(_UTF_8_MARK) else 0
        self.beginning = start[self._begins :]
        self.looks_like_json = self.beginning.lstrip()[:1] in {b"{", b"["}
        if self.size > MAX_FILE:
            raise UnreadableFileError(name, f"is larger than {MAX_FILE >> 30} GB")
        if not self.beginning.strip():
            raise UnreadableFileError(name, "is empty")
        if start.startswith(_DATABASE):
            remedy = "export that first: kneetrack --db DIARY export FILE"
            raise UnreadableFileError(name, f"is a database, not an export; {remedy}")
        if start.startswith(_OTHER_MARKS):
            raise UnreadableFileError(name, "is UTF-16; save it as UTF-8")

    def lines(self) -> Iterator[str]:
        """Yield the lines, with their ends. Raises UnreadableFileError for one that is no UTF-8 or has no end."""
        self.opened.seek(self._begins)
        number = 0
        while line := self.opened.readline(MAX_LINE + 1):
            number += 1
            if len(line) > MAX_LINE:
                raise UnreadableFileError(self.name, f"has a line of more than {MAX_LINE >> 20} MB: line {number}")
            try:
                yield line.decode()
            except UnicodeDecodeError:
                raise UnreadableFileError(self.name, f"is not UTF-8: line {number}; save it as UTF-8") from None
            self._watch(len(line))

    def content(self, most: int) -> bytes:
        """Return all bytes. Raises UnreadableFileError for more than `most`."""
        if self.size > most:
            raise UnreadableFileError(self.name, f"is too large for its form: {most >> 20} MB is the most")
        self.opened.seek(self._begins)
        found = self.opened.read(self.size)
        self._watch(len(found))
        return found


@contextmanager
def opened(path: Path, watch: Watch) -> Iterator[Source]:
    """Open an ordinary file. Raises NoSuchFileError, UnreadableFileError and what the system says."""
    with ordinary(path, path) as found:
        with translate_errors(path, "read"):
            source = Source(str(path), found, watch)
        yield source


def ordinary(path: Path, shown: Path, flags: int = 0) -> IO[bytes]:
    """Open a file that is no folder, pipe or device; errors show the path that the person named.

    Raises NoSuchFileError, UnreadableFileError and what the system says.
    """
    with translate_errors(path, "read"):
        try:
            handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | flags)
        except (FileNotFoundError, NotADirectoryError):
            raise NoSuchFileError(path) from None
        except OSError as error:
            if error.errno not in {errno.ELOOP, errno.ENAMETOOLONG, errno.ENXIO}:
                raise
            raise UnreadableFileError(str(shown), f"cannot be opened: {path.name}, {error.strerror}") from None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        remedy = "pipe it in: … | kneetrack import -"
        raise UnreadableFileError(str(shown), f"cannot be opened: {path.name} is not an ordinary file; {remedy}")
    return os.fdopen(handle, "rb")


@contextmanager
def piped(stream: IO[bytes], watch: Watch) -> Iterator[Source]:
    """Keep what comes through a pipe in a file that has no name, and open that."""
    from tempfile import TemporaryFile  # noqa: PLC0415 - only what comes through a pipe needs one

    name = "Standard input"
    with ExitStack() as end:
        size = 0
        with translate_errors(TEMPORARY, "write"):
            kept = end.enter_context(TemporaryFile(prefix="kneetrack-"))
            while piece := stream.read(_CHUNK):
                size += len(piece)
                if size > MAX_FILE:
                    raise UnreadableFileError(name, f"is larger than {MAX_FILE >> 30} GB")
                kept.write(piece)
            kept.seek(0)
        yield Source(name, kept, watch)
