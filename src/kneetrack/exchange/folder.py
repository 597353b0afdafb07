"""A folder that something else carries between devices: each device has a folder of its own in it, and writes there.

Every file is an export of a part of the diary, as `json_export` writes one of a whole diary: what a device adds goes
into one file a month, which is replaced by a longer one, and another one lists what was purged. The others read it
through the same staging as an import. A file that a carrier cut off, or made a copy of, is read as what it is.
"""

import json
import os
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from itertools import count, islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Self, TypeAlias, TypeVar

from kneetrack.domain.errors import FolderAwayError, KneetrackError, NewerFileError, UnreadableFileError
from kneetrack.domain.value import Value
from kneetrack.exchange import json_export, source, verified
from kneetrack.exchange.form import CHANGES, FORMAT, KINDS, TOMBSTONES, VERSIONS
from kneetrack.store import atomic
from kneetrack.store.failures import TEMPORARY, translate_errors
from kneetrack.store.mapping import CHANGE, VERSIONED, Versioned, is_uid
from kneetrack.store.port import Database
from kneetrack.store.rules import OWN_DEVICE, stands

if TYPE_CHECKING:
    from kneetrack.exchange.json_import import SettingCheck
    from kneetrack.exchange.staging import Staging

ENDING = ".json"
PURGED = f"purged{ENDING}"
"""The file of a device that lists what was purged, wherever that was."""

INBOX = "inbox.txt"
"""The file that a phone writes lines to."""

NEWER = "was written by a newer kneetrack: upgrade kneetrack here to read it"

_COPY = re.compile(r"inbox.*\.txt", re.IGNORECASE)

MAX_INBOX = 1 << 18
MOST_LINES = 2000
"""More lines of an inbox than these are not looked at: a command that syncs automatically would wait for them."""

MOST_FILES = 20_000
"""So many files of a folder are looked at; a device makes twelve or a few more a year."""

FULL = 1 << 18
"""A file of so many bytes gets no more lines: the next ones go into another one, so that what is new stays little."""

_ROOT = 0
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_TAIL = 200
_DIGEST = re.compile(rb'"digest": "([0-9a-f]{64})"\}\r?\n\Z')
_PIECE = 500

Key: TypeAlias = tuple[str, str]
"""What tells one version from all others: the uid of its record and that of its change."""

Lists: TypeAlias = dict[str, dict[Key, str]]
"""The records of a file, written out, by its lists and their keys."""

Each = TypeVar("Each")


class Found(Value):
    """A file of the folder: the device that it is of, its name below the folder, and what tells whether it changed."""

    device: str
    name: str
    path: Path
    stat: tuple[int, ...]

    @property
    def of_tombstones(self) -> bool:
        """Return whether it lists what was purged, also where a carrier made a copy of it."""
        return self.path.name.startswith(PURGED.removesuffix(ENDING))


# Looking


def look(folder: Path) -> dict[str, Found]:
    """Return the files of all devices by name, those with tombstones first.

    Raises FolderAwayError, and what the system says.
    """
    with translate_errors(folder, "read"):
        try:
            found = {each.name: each for each in islice(_files(folder), MOST_FILES)}
        except (FileNotFoundError, NotADirectoryError):
            raise FolderAwayError(folder, "is not there") from None
    return dict(sorted(found.items(), key=lambda item: (not item[1].of_tombstones, item[0])))


def _files(folder: Path) -> Iterator[Found]:
    with os.scandir(folder) as devices:
        for device in devices:
            if not is_uid(device.name):
                continue
            if device.is_symlink():
                yield Found(device.name, device.name, Path(device.path), stat_of(Path(device.path)))
            elif device.is_dir():
                yield from _files_of(device.name, Path(device.path))


def _files_of(device: str, folder: Path) -> Iterator[Found]:
    """Yield the files of a device; the folder itself where it may not be read, which is left as a file would be."""
    try:
        files = [*os.scandir(folder)]
    except PermissionError:
        yield Found(device, device, folder, stat_of(folder))
        return
    for each in files:
        if each.name.endswith(ENDING) and not each.name.startswith("."):
            yield Found(device, f"{device}/{each.name}", Path(each.path), stat_of(Path(each.path)))


def stat_of(path: Path) -> tuple[int, ...]:
    """Return what tells whether a file was changed or replaced; nothing of one that is gone."""
    try:
        status = path.lstat()
    except OSError:
        return ()
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


# Reading


def stage(found: Found, staging: "Staging", check: "SettingCheck") -> None:
    """Put what a file holds in the staging, as an import does.

    Raises UnreadableFileError, also for a file of another user and for a link, NewerFileError, and what the system
    says.
    """
    from kneetrack.exchange import json_import  # noqa: PLC0415 - a sync without news needs neither SQLModel nor pydantic

    with source.ordinary(found.path, found.path, os.O_NOFOLLOW) as opened:
        _refuse_others(opened, found.name)
        with translate_errors(found.path, "read"):
            json_import.stage_lines(source.Source(found.name, opened, lambda _: None), staging, check)
    staging.finish()


def why_left(error: KneetrackError) -> str:
    """Return why a file of the folder was left, as the end of a sentence that begins with its name."""
    if isinstance(error, NewerFileError):
        return NEWER
    if isinstance(error, UnreadableFileError):
        return error.what.partition(";")[0]
    return f"cannot be read ({str(error).rstrip('.')})"


def digest_of(found: Found) -> str | None:
    """Return the digest at the end of a file, which says whether it is another one; None for what has none."""
    try:
        with source.ordinary(found.path, found.path, os.O_NOFOLLOW) as opened:
            return digest_in(opened)
    except KneetrackError:
        return None


def digest_in(opened: IO[bytes]) -> str | None:
    """Return the digest at the end of an open file, and go back to its start."""
    opened.seek(max(0, opened.seek(0, os.SEEK_END) - _TAIL))
    end = _DIGEST.search(opened.read(_TAIL))
    opened.seek(0)
    return end[1].decode() if end else None


class KnownVersions:
    """A context manager that knows which versions the files hold that were read: memory stays the same for many."""

    def __enter__(self) -> Self:
        """Begin with nothing."""
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.execute("CREATE TABLE known (uid, change, PRIMARY KEY (uid, change)) WITHOUT ROWID")
        self._database.execute("BEGIN")
        return self

    def __exit__(self, *_: object) -> None:
        """Forget all."""
        self._database.close()

    def add(self, staging: "Staging") -> None:
        """Add what a file holds."""
        for of in VERSIONED:
            with translate_errors(TEMPORARY, "write"):
                self._database.executemany("INSERT OR IGNORE INTO known VALUES (?, ?)", staging.keys(of.table))

    def lacks(self, key: Key) -> bool:
        """Return whether no file holds a version."""
        return self._database.execute("SELECT 1 FROM known WHERE uid = ? AND change = ?", key).fetchone() is None


# The inbox


def read_inbox(folder: Path) -> tuple[str, tuple[int, ...]] | None:
    """Return what the inbox says and what tells whether it changed; None where there is none or nothing in it.

    Raises UnreadableFileError for what is no text of this user's, or a long one, and what the system says.
    """
    path = folder / INBOX
    stat = stat_of(path)
    if not stat or not stat[0]:
        return None
    with source.ordinary(path, path, os.O_NOFOLLOW) as opened, translate_errors(path, "read"):
        _refuse_others(opened, INBOX)
        content = opened.read(MAX_INBOX + 1)
    if len(content) > MAX_INBOX:
        raise UnreadableFileError(INBOX, f"is longer than {MAX_INBOX >> 10} kB")
    form = "utf-16" if content.startswith(_UTF_16) else "utf-8-sig"
    try:
        said = content.decode(form)
    except UnicodeDecodeError:
        raise UnreadableFileError(INBOX, "is not UTF-8: save it as UTF-8") from None
    if len(said.splitlines()) > MOST_LINES:
        raise UnreadableFileError(INBOX, f"has more than {MOST_LINES} lines")
    return said, stat


def inbox_copies(folder: Path) -> tuple[str, ...]:
    """Return the names of what a carrier or a phone made of the inbox beside it, such as a conflicted copy."""
    with suppress(OSError):
        names = sorted(os.listdir(folder))  # noqa: PTH208 - names are all that is asked for
        return tuple(name for name in names if _COPY.fullmatch(name) and name != INBOX)
    return ()


def write_inbox(folder: Path, left: str, stat: tuple[int, ...]) -> bool:
    """Leave some lines in the inbox, unless somebody wrote to it since; return whether that was done."""
    path = folder / INBOX
    with translate_errors(path, "write"):
        if stat_of(path) != stat:
            return False
        atomic.write(path, left.encode())
    return True


def _refuse_others(opened: IO[bytes], name: str) -> None:
    """Raise UnreadableFileError for a file that another user put here."""
    if os.fstat(opened.fileno()).st_uid not in {os.geteuid(), _ROOT}:
        raise UnreadableFileError(name, "belongs to another user")


# Writing


NO_CHANGE = (0, "")


class Mark(Value):
    """How far a diary is: its device, the last ids of its tables, its last change by id and uid, the latest instant."""

    device: str
    ids: dict[str, int]
    last: tuple[int, str]
    at: str | None


def mark(database: Database) -> Mark:
    """Return how far a diary is."""
    lasts = ", ".join(f"(SELECT coalesce(max(id), 0) FROM {of.table})" for of in VERSIONED)
    ((device, at, *ids),) = database.rows(f"SELECT {OWN_DEVICE}, (SELECT max(at) FROM change), {lasts}")
    last = database.rows("SELECT id, uid FROM change ORDER BY id DESC LIMIT 1")
    by_table = dict(zip((of.table for of in VERSIONED), ids, strict=True))
    return Mark(device, by_table, tuple(last[0]) if last else NO_CHANGE, at)


def continues(database: Database, device: str, last: tuple[int, str]) -> bool:
    """Return whether a diary is still of a device, and has the change that was its last one once."""
    ((its,),) = database.rows(f"SELECT {OWN_DEVICE}")
    there = last == NO_CHANGE or database.rows("SELECT uid FROM change WHERE id = ?", last[0]) == [(last[1],)]
    return bool(its == device and there)


def missing(database: Database, marks: Mapping[str, int], known: KnownVersions) -> dict[str, list[int]]:
    """Return the ids of the versions that a diary has after some ids and no file holds, by their tables."""
    found = {}
    for of in VERSIONED:
        statement = f"""
            SELECT version.id, version.uid, change.uid
            FROM {of.table} AS version JOIN change ON change.id = version.change_id
            WHERE version.id > ? AND {stands("version")} ORDER BY version.id
        """
        rows = database.stream(statement, marks.get(of.table, 0))
        found[of.table] = [number for number, *key in rows if known.lacks((key[0], key[1]))]
    return {table: ids for table, ids in found.items() if ids}


def records(database: Database, ids: Mapping[str, Sequence[int]]) -> dict[str, Iterator[str]]:
    """Return the records of some versions, and of the changes that they are of or that those name, by their lists."""
    lists = {CHANGES.name: json_export.records(CHANGES, _changes(database, ids))}
    for kind, of in zip(VERSIONS, VERSIONED, strict=True):
        lists[kind.name] = json_export.records(kind, _versions(database, of, ids.get(of.table, ())))
    return lists


def _versions(database: Database, of: Versioned, ids: Sequence[int]) -> Iterator[tuple[object, ...]]:
    for piece in _pieces(ids):
        yield from verified.versions(database, of, f"WHERE version.id IN ({_listed(piece)}) ORDER BY version.id")


def tombstones(database: Database) -> dict[str, Iterable[str]]:
    """Return the records of a file that lists what was purged."""
    return {TOMBSTONES.name: json_export.records(TOMBSTONES, json_export.tombstones(database))}


def _changes(database: Database, ids: Mapping[str, Sequence[int]]) -> Iterator[tuple[object, ...]]:
    """Yield the changes of some versions, and with them the whole groups that they and those are of, each once."""
    known = set()
    for of in VERSIONED:
        for row in _changes_of(database, of.table, ids.get(of.table, ()), "change_id"):
            if row[0] not in known:
                known.add(row[0])
                yield row


def _changes_of(database: Database, table: str, ids: Sequence[int], column: str = "id") -> Iterator[tuple[object, ...]]:
    """Yield the changes that some rows of a table have in a column, with their groups, and those that they undo."""
    known = set()
    for piece in _pieces(ids):
        begin = f"WITH its(id) AS (SELECT {column} FROM {table} WHERE id IN ({_listed(piece)})), {_GROUPS}"
        for row in verified.rows(database, CHANGE, CHANGES.keys, f"{begin} {json_export.HELD_CHANGES}"):
            if row[0] not in known:
                known.add(row[0])
                yield row


def _pieces(ids: Sequence[Each]) -> Iterator[Sequence[Each]]:
    for at in range(0, len(ids), _PIECE):
        yield ids[at : at + _PIECE]


def _listed(ids: Sequence[int]) -> str:
    return ", ".join(map(str, ids))


_HOLDS = " OR ".join(
    f"EXISTS (SELECT 1 FROM {of.table} AS its WHERE its.change_id = wanted.id AND {stands('its')})" for of in VERSIONED
)
_GROUPS = f"""
    named(id) AS (
        SELECT id FROM its UNION
        SELECT change.undoes FROM change JOIN its ON change.id = its.id WHERE change.undoes IS NOT NULL),
    whole(id) AS (SELECT coalesce(change.part_of, change.id) FROM change JOIN named ON named.id = change.id),
    wanted(id) AS (SELECT id FROM whole UNION SELECT change.id FROM change JOIN whole ON change.part_of = whole.id),
    held(id) AS (SELECT id FROM wanted WHERE {_HOLDS})
"""


def lay_out(lists: Mapping[str, Iterable[str]], out: IO[bytes]) -> int:
    """Write the lines of a file, and return how many of them are records."""
    number = 0
    for line in json_export.laid_out(lists):
        out.write(line.encode())
        number += 1
    return number - len(KINDS) - 1


def merged(old: Lists, new: Mapping[str, Iterable[str]]) -> dict[str, Iterator[str]]:
    """Return the records of a file and others, each once."""

    def both(name: str) -> Iterator[str]:
        left = dict(old.get(name, {}))
        for words in new.get(name, ()):
            if left:
                left.pop(_key(words), None)
            yield words
        yield from left.values()

    return {kind.name: both(kind.name) for kind in KINDS}


def without_purged(database: Database, old: Lists) -> dict[str, Iterable[str]] | None:
    """Return the records of a file without what was purged from the diary; None where it holds nothing of that."""
    uids = [uid for kind in VERSIONS for uid, _ in old[kind.name]]
    purged = set()
    for piece in _pieces(uids):
        marks = ", ".join("?" * len(piece))
        purged |= {uid for (uid,) in database.rows(f"SELECT uid FROM tombstone WHERE uid IN ({marks})", *piece)}
    if not purged:
        return None
    left = {
        kind.name: {key: words for key, words in old[kind.name].items() if key[0] not in purged} for kind in VERSIONS
    }
    changes = sorted({change for its in left.values() for _, change in its})
    ids: list[int] = []
    for piece in _pieces(changes):
        marks = ", ".join("?" * len(piece))
        ids += [number for (number,) in database.rows(f"SELECT id FROM change WHERE uid IN ({marks})", *piece)]
    its_changes = list(json_export.records(CHANGES, _changes_of(database, "change", ids)))
    held = {_key(words)[0] for words in its_changes}
    lists: dict[str, Iterable[str]] = {
        name: [words for (_, change), words in its.items() if change in held] for name, its in left.items()
    }
    return {CHANGES.name: its_changes, **lists}


def put(path: Path, content: IO[bytes]) -> None:
    """Put a file of this device in its place: whole and on the disk, readable by its owner alone, or not at all."""
    with translate_errors(path, "write"):
        atomic.make_folder(path.parent)
        with atomic.draft(path, replace=True) as unnamed, unnamed.open("wb") as out:
            while piece := content.read(1 << 20):
                out.write(piece)


def file_for(folder: Path, now: datetime) -> Path:
    """Return the file of this device that gets what is new: the first of the month that takes more lines."""
    paths = (folder / f"{now:%Y-%m}{f'-{number}' if number > 1 else ''}{ENDING}" for number in count(1))
    return next(path for path in paths if not os.path.lexists(path) or _takes_more(path))


def _takes_more(path: Path) -> bool:
    """Return whether a name is that of an ordinary file that is not full, and of the format that is written today."""
    try:
        with source.ordinary(path, path, os.O_NOFOLLOW) as opened:
            is_full = os.fstat(opened.fileno()).st_size >= FULL
            return not is_full and opened.readline().startswith(b'{"kneetrack": %d, ' % FORMAT)
    except KneetrackError:
        return False


def read_own(path: Path) -> Lists:
    """Return the records of a file of this device by their lists and keys; none of one that is not there.

    Raises UnreadableFileError for one that is damaged: what is in it is not what its digest says.
    """
    lists: Lists = {kind.name: {} for kind in KINDS}
    if not os.path.lexists(path):
        return lists
    name, summed = CHANGES.name, sha256()
    with translate_errors(path, "read"), source.ordinary(path, path, os.O_NOFOLLOW) as opened:
        wanted = digest_in(opened)
        for line in source.Source(path.name, opened, lambda _: None).lines():
            if heading := _HEADING.match(line):
                name = heading[1]
            elif line.startswith('{"uid"'):
                words = line.rstrip().removesuffix(",")
                try:
                    summed.update(json_export.digested(name, words))
                    lists[name][_key(words)] = words
                except (ValueError, KeyError):
                    raise UnreadableFileError(path.name, "is damaged") from None
    if summed.hexdigest() != wanted:
        raise UnreadableFileError(path.name, "is damaged")
    return lists


def _key(words: str) -> Key:
    record = json.loads(words)
    return str(record["uid"]), str(record.get("change", ""))


_HEADING = re.compile(r'\], "([a-z]+)": \[')
