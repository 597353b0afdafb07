"""Every state that a power cut could leave on a disk, from what strace saw a command do.

A file's bytes are durable from its fsync on, a name from the fsync of its folder on; the disk may have written
more of what was not yet flushed, in any order. For each moment the states are: all of it, nothing but the
durable, the names without the bytes, the bytes without the names, and each one file or one name ahead of the rest.
"""

import re
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from conftest import PATIENCE_S

CALLS = (
    "openat", "pwrite64", "write", "ftruncate", "fsync", "fdatasync", "unlink", "unlinkat", "rename", "renameat",
    "renameat2", "link", "linkat", "mkdir", "mkdirat",
)  # fmt: skip

_HEX = r"(?:\\x[0-9a-f]{2})*"
_CALL = re.compile(r"\d+ +(\w+)\((.*)\) += (-?\d+)")
_WORDS = re.compile(rf'"({_HEX})"|<({_HEX})>')
_NUMBER = re.compile(r", (\d+)(?=[,)]|$)")

Entries = dict[str, "Inode | None"]


class Inode:
    """A file: its bytes as they are, and as they are known to be on the disk."""

    def __init__(self, content: bytes = b"") -> None:
        """Take what is on the disk from the start."""
        self.live = self.durable = content

    def write(self, content: bytes, at: int) -> None:
        """Overwrite from an offset on."""
        self.live = self.live[:at].ljust(at, b"\0") + content + self.live[at + len(content) :]

    def cut(self, length: int) -> None:
        """Cut or lengthen to a length."""
        self.live = self.live[:length].ljust(length, b"\0")


class State(NamedTuple):
    """What a power cut leaves: the content of each file, None for a folder; and whether the command had answered."""

    files: dict[str, bytes | None]
    answered: bool


class Call(NamedTuple):
    """One call of the command: its name, the paths and bytes in it, its numbers and its result."""

    name: str
    words: list[bytes]
    numbers: list[int]
    arguments: str
    result: int


def states(command: Sequence[str], folder: Path, answer: str) -> Iterator[State]:
    """Run a command, and yield the states that a power cut at any moment of it could leave in a folder.

    `answer` is what the command's output says once the change is acknowledged.
    """
    disk = _Disk(folder)
    answered = False
    for call in _trace(command, folder):
        answered = answered or (
            call.name == "write" and call.arguments.startswith("1<") and answer.encode() in call.words[1]
        )
        if disk.apply(call):
            yield from (State(files, answered) for files in disk.left())
    yield from (State(files, answered) for files in disk.left())
    assert answered, f"the command never said {answer}"


def write(files: dict[str, bytes | None], folder: Path) -> None:
    """Put a state into a folder."""
    for name, content in sorted(files.items()):
        if content is None:
            (folder / name).mkdir(mode=0o700)
        else:
            (folder / name).write_bytes(content)


def _trace(command: Sequence[str], folder: Path) -> list[Call]:
    """Run a command under strace, and return its calls."""
    out = folder.parent / f"{folder.name}.strace"
    strace = [
        "strace",
        "-f",
        "-y",
        "-xx",
        "-s",
        "1000000",
        "--seccomp-bpf",
        "-o",
        str(out),
        "-e",
        f"trace={','.join(CALLS)}",
    ]
    subprocess.run([*strace, *command], check=True, capture_output=True, timeout=PATIENCE_S)
    calls = []
    for line in out.read_text("ascii").splitlines():
        match = _CALL.match(line)
        if match and int(match[3]) >= 0:
            words = [_unhex(text or path) for text, path in _WORDS.findall(match[2])]
            numbers = [int(number) for number in _NUMBER.findall(match[2])]
            calls.append(Call(match[1], words, numbers, match[2], int(match[3])))
    return calls


def _unhex(word: str) -> bytes:
    """Return the bytes that strace wrote as hexadecimal digits."""
    return bytes.fromhex(word.replace("\\x", ""))


class _Disk:
    """A folder as the programs see it, and as it is known to be on the disk."""

    def __init__(self, folder: Path) -> None:
        """Take a folder as it is, all of it durable."""
        self._root = f"{folder}/"
        self._live: Entries = {
            str(path.relative_to(folder)): None if path.is_dir() else Inode(path.read_bytes())
            for path in folder.rglob("*")
        }
        self._durable = dict(self._live)

    def apply(self, call: Call) -> bool:
        """Do what a call did; return whether it was about the folder and changed anything."""
        names = [self._inside(word) for word in call.words]
        inside = [name for name in names if name]
        if call.name in {"fsync", "fdatasync"}:
            self._flush(names[0])
            return names[0] is not None
        if not inside:
            return False
        self._change(call, inside)
        return call.name != "openat" or "O_CREAT" in call.arguments or "O_TRUNC" in call.arguments

    def _change(self, call: Call, names: list[str]) -> None:
        """Do what a call that changes files or names did."""
        first = names[0]
        match call.name:
            case "openat":
                if "O_CREAT" in call.arguments:
                    self._live.setdefault(first, Inode())
                if "O_TRUNC" in call.arguments:
                    self._file(first).cut(0)
            case "pwrite64" | "write":
                at = call.numbers[-1] if call.name == "pwrite64" else len(self._file(first).live)
                self._file(first).write(call.words[1][: call.result], at)
            case "ftruncate":
                self._file(first).cut(call.numbers[-1])
            case "unlink" | "unlinkat":
                del self._live[first]
            case "rename" | "renameat" | "renameat2":
                self._live[names[1]] = self._live.pop(first)
            case "link" | "linkat":
                self._live[names[1]] = self._live[first]
            case "mkdir" | "mkdirat":
                self._live[first] = None
            case other:
                raise AssertionError(f"{other} of {first} is not replayed")

    def _flush(self, name: str | None) -> None:
        """Make a file's bytes or a folder's names durable."""
        if name is None:
            return
        if name and (inode := self._live.get(name)) is not None:
            inode.durable = inode.live
            return
        above = f"{name}/" if name else ""
        for entry in {*self._live, *self._durable}:
            if entry.rpartition("/")[0] == above.rstrip("/"):
                _take(entry, self._live, self._durable)

    def _inside(self, word: bytes) -> str | None:
        """Return a path as it is called in the folder, "" for the folder itself, None for what is outside."""
        path = word.decode("utf-8", "replace")
        if path == self._root.rstrip("/"):
            return ""
        return path.removeprefix(self._root) if path.startswith(self._root) else None

    def _file(self, name: str) -> Inode:
        """Return a file."""
        inode = self._live[name]
        assert inode
        return inode

    def left(self) -> Iterator[dict[str, bytes | None]]:
        """Yield what a power cut could leave now."""
        for entries in (self._live, self._durable):
            yield _contents(entries, set(self._inodes(entries)))
            yield _contents(entries, set())
            for inode in self._inodes(entries):
                if inode.live != inode.durable:
                    yield _contents(entries, {inode})
        for name in {*self._live, *self._durable}:
            if self._live.get(name, self) is not self._durable.get(name, self):
                ahead = dict(self._durable)
                _take(name, self._live, ahead)
                yield _contents(ahead, set())
                yield _contents(ahead, set(self._inodes(ahead)))

    @staticmethod
    def _inodes(entries: Entries) -> list[Inode]:
        """Return the files among entries."""
        return [inode for inode in entries.values() if inode]


def _take(name: str, source: Entries, target: Entries) -> None:
    """Let a name be in the target what it is in the source."""
    if name in source:
        target[name] = source[name]
    else:
        target.pop(name, None)


def _contents(entries: Entries, written: set[Inode]) -> dict[str, bytes | None]:
    """Return entries with their bytes: as they are for what is written back, else as they are durable.

    What is in a folder that is not there is not there either.
    """
    found: dict[str, bytes | None] = {}
    for name, inode in sorted(entries.items()):
        above = name.rpartition("/")[0]
        if not above or above in found:
            found[name] = None if inode is None else inode.live if inode in written else inode.durable
    return found
