"""The whole diary as JSON: its changes, every version of every record, and the tombstones of what was purged.

One record stands on a line, so that a file of any size is read and written in little memory, and yet the file
is one JSON document. Its order and its form are canonical: two diaries that hold the same give the same bytes.
The digest at the end is the SHA-256 of the records in that form.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any

from kneetrack.exchange import verified
from kneetrack.exchange.form import CHANGES, FORMAT, KINDS, TOMBSTONES, VERSIONS, Kind, show
from kneetrack.store.mapping import CHANGE, TOMBSTONE, VERSIONED
from kneetrack.store.port import Database
from kneetrack.store.rules import stands

_FIRST = '{{"kneetrack": {}, "changes": ['
_NEXT = '], "{}": ['
_LAST = '], "digest": "{}"}}'


def lines(database: Database) -> Iterator[str]:
    """Yield the lines of the file, with their ends; a change with nothing left that stands is not in it.

    Raises NotADiaryError for a record that is not what was written, and InvalidValueError.
    """
    return laid_out({kind.name: records(kind, _rows(database, kind)) for kind in KINDS})


def laid_out(lists: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """Yield the lines of a file that has some records, written out, in its lists."""
    digest = sha256()
    for at, kind in enumerate(KINDS):
        yield f"{_NEXT.format(kind.name) if at else _FIRST.format(FORMAT)}\n"
        before = ""
        for line in lists.get(kind.name, ()):
            digest.update(digested(kind.name, line))
            if before:
                yield f"{before},\n"
            before = line
        if before:
            yield f"{before}\n"
    yield f"{_LAST.format(digest.hexdigest())}\n"


def records(kind: Kind, rows: Iterable[tuple[Any, ...]]) -> Iterator[str]:
    """Yield rows of columns as a file has them."""
    return (json.dumps(show(kind, row)) for row in rows)


def count(database: Database) -> int:
    """Return how many lines there are, but for a few."""
    found = [database.rows(f"SELECT count(*) FROM {kind.table}") for kind in KINDS]
    return sum(number for ((number,),) in found)


def digested(name: str, line: str) -> bytes:
    """Return what the digest takes of a record, in canonical form, of a list."""
    return f"{name} {line}\n".encode()


def _rows(database: Database, kind: Kind) -> Iterator[tuple[Any, ...]]:
    """Yield what a list holds, in the canonical order."""
    if kind is CHANGES:
        return verified.rows(database, CHANGE, kind.keys, _CHANGES)
    if kind is TOMBSTONES:
        return tombstones(database)
    return verified.versions(database, VERSIONED[VERSIONS.index(kind)], f"WHERE {stands()} {_IN_ORDER}")


_IN_ORDER = "ORDER BY version.created_at, version.uid, change.at, change.uid"


def tombstones(database: Database) -> Iterator[tuple[Any, ...]]:
    """Yield all tombstones in the canonical order. Raises InvalidValueError."""
    return verified.rows(database, TOMBSTONE, TOMBSTONES.keys, "SELECT uid, at FROM tombstone ORDER BY uid")


def _first_part(whole: str) -> str:
    """Return the question for the uid of the first part of a change that holds anything; the change is one itself."""
    return f"""(
        SELECT part.uid FROM change AS part WHERE (part.id = {whole} OR part.part_of = {whole})
        AND part.id IN (SELECT id FROM held) ORDER BY part.at, part.uid LIMIT 1
    )"""


_UNDONE = "FROM change AS undone WHERE undone.id = shown.undoes"
HELD_CHANGES = f"""
    SELECT shown.uid, shown.at, shown.device, shown.command,
        CASE WHEN shown.undoes IS NOT NULL THEN coalesce(
            (SELECT undone.uid {_UNDONE} AND undone.id IN (SELECT id FROM held)),
            {_first_part(f"(SELECT coalesce(undone.part_of, undone.id) {_UNDONE})")}
        ) END,
        CASE WHEN shown.part_of IS NOT NULL THEN nullif({_first_part("shown.part_of")}, shown.uid) END
    FROM change AS shown WHERE shown.id IN (SELECT id FROM held) ORDER BY shown.at, shown.uid
"""
"""The changes of `held`, which are those that hold anything, in the canonical order. A part names the first of the
parts that do, and so does an undo of all of them: a purge may have left the very first one nothing.
"""

_CHANGES = f"""
    WITH held(id) AS ({" UNION ALL ".join(f"SELECT change_id FROM {of.table} WHERE {stands()}" for of in VERSIONED)})
    {HELD_CHANGES}
"""
