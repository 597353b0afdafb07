"""Reading several files that come together, none of which is trusted: a folder, or a zip.

Nothing is ever unpacked to the disk: files are read by name, line by line, and what comes out is counted.
"""

import os
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Protocol

from kneetrack.domain.errors import UnreadableFileError
from kneetrack.domain.text import clean
from kneetrack.exchange.source import MAX_LINE, Source, Watch, ordinary
from kneetrack.store.failures import translate_errors

MAX_ZIP = 100 << 20
MAX_MEMBERS = 20_000
MAX_MEMBER = 8 << 20
MAX_DIRECTORY = 2 << 20
MAX_ALL = 24 << 20

TOO_MANY = "has too many files, or two of one name"

_ENCRYPTED = 1
_LONGEST = 40


class Tree(Protocol):
    """Files by name, none of which is trusted."""

    name: str

    def paths(self) -> list[str]:
        """Return the paths of all files, with `/` between their parts."""

    def lines(self, path: str) -> Iterator[str]:
        """Yield the lines of a file. Raises UnreadableFileError."""


class Folder:
    """A folder that an export was unpacked to; links in it are not followed."""

    def __init__(self, path: Path, watch: Watch) -> None:
        """Take the folder."""
        self.name = str(path)
        self._path = path
        self._watch = watch
        self._left = MAX_ALL

    def paths(self) -> list[str]:
        """Return the paths of the files that an export has."""
        with translate_errors(self._path, "read"):
            found = [path for path in self._path.iterdir() if path.name == "Habits.csv"]
            found += [
                path / "Checkmarks.csv" for path in self._path.iterdir() if not path.is_symlink() and path.is_dir()
            ]
            return [str(path.relative_to(self._path)) for path in found if os.path.lexists(path)]

    def lines(self, path: str) -> Iterator[str]:
        """Yield the lines of a file."""
        with ordinary(self._path / path, self._path, os.O_NOFOLLOW) as opened, translate_errors(self._path, "read"):
            for line in _text(self, path, opened):
                self._left -= len(line)
                _limit(self, self._left)
                self._watch(len(line))
                yield line


class Archive:
    """A zip, of which nothing is ever unpacked to the disk: members are read by name, and what comes out is counted."""

    def __init__(self, source: Source, watch: Watch) -> None:
        """Take the file. Raises UnreadableFileError for one whose members no export of Loop has."""
        self.name = source.name
        self._watch = watch
        self._left = MAX_ALL
        if source.size > MAX_ZIP:
            raise UnreadableFileError(self.name, f"is larger than {MAX_ZIP >> 20} MB")
        with _zip_errors(self.name):
            self._zip = zipfile.ZipFile(_Bounded(self.name, source.opened))
            self._members = {member.filename: member for member in self._zip.infolist() if not member.is_dir()}
        if len(self._zip.infolist()) > MAX_MEMBERS or len(self._zip.namelist()) > len(set(self._zip.namelist())):
            raise UnreadableFileError(self.name, TOO_MANY)
        for member in self._zip.infolist():
            _check(self.name, member)

    def paths(self) -> list[str]:
        """Return the paths of the members."""
        return list(self._members)

    def lines(self, path: str) -> Iterator[str]:
        """Yield the lines of a member."""
        with _zip_errors(self.name), self._zip.open(self._members[path]) as opened:
            for line in _text(self, path, opened):
                self._left -= len(line)
                _limit(self, self._left)
                self._watch(len(line))
                yield line


class _Bounded:
    """An open zip from which nothing large is read at once: zipfile reads the directory of a zip in one piece."""

    def __init__(self, name: str, opened: IO[bytes]) -> None:
        """Take a name for messages, and the file."""
        self._name = name
        self._opened = opened
        self.seek, self.tell, self.close = opened.seek, opened.tell, opened.close
        self.seekable = opened.seekable

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes. Raises UnreadableFileError for more than the directory of MAX_MEMBERS has."""
        if size > MAX_DIRECTORY:
            raise UnreadableFileError(self._name, TOO_MANY)
        return self._opened.read(size)


@contextmanager
def _zip_errors(name: str) -> Iterator[None]:
    """Tell what zipfile raises for a damaged file as ours."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, LookupError, NotImplementedError, OSError, RuntimeError) as error:
        raise UnreadableFileError(name, f"is a damaged zip ({error})") from None


def _check(name: str, member: zipfile.ZipInfo) -> None:
    """Raise UnreadableFileError for a member that leads out of the zip, is locked, a link, or another zip."""
    path, mode = PurePosixPath(member.filename), member.external_attr >> 16
    outside = path.is_absolute() or ".." in path.parts or re.search(r"\\|^[A-Za-z]:", member.filename)
    nested = path.suffix.lower() in {".zip", ".gz", ".7z"}
    what = None
    if not path.parts or outside:
        what = "leads out of the zip"
    elif member.flag_bits & _ENCRYPTED:
        what = "is locked with a password"
    elif stat.S_ISLNK(mode):
        what = "is a link"
    elif nested:
        what = "is an archive itself"
    if what:
        raise UnreadableFileError(name, f"has {clean(member.filename[:_LONGEST])}, which {what}")


def _text(tree: Tree, path: str, opened: IO[bytes]) -> Iterator[str]:
    """Yield the lines of a file, up to its largest size."""
    left = MAX_MEMBER
    for number, line in enumerate(iter(lambda: opened.readline(MAX_LINE), b"")):
        left -= len(line)
        _limit(tree, left)
        try:
            yield line.decode("utf-8" if number else "utf-8-sig")
        except UnicodeDecodeError:
            raise UnreadableFileError(tree.name, f"is not UTF-8: {clean(path)}") from None


def _limit(tree: Tree, left: int) -> None:
    """Raise UnreadableFileError when more was read than is left."""
    if left < 0:
        raise UnreadableFileError(tree.name, "holds more than an export of Loop Habit Tracker ever has")
