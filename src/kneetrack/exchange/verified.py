"""What a diary holds, each row looked at before it leaves: its values, and the checksum of each version."""

from collections.abc import Iterator, Sequence
from typing import Any

from kneetrack.domain.errors import NotADiaryError
from kneetrack.store.mapping import Versioned, checksum, validate
from kneetrack.store.port import Database

_PIECE = 1000


def versions(database: Database, of: Versioned, which: str) -> Iterator[tuple[Any, ...]]:
    """Yield uid, the uid of the change, created_at, removed and the facts of some versions of a table.

    `which` is the end of the question, which says which versions and in which order. Raises InvalidValueError for a
    value that cannot be there, and NotADiaryError for a version that is not what was written.
    """
    facts = ", ".join(f"version.{fact}" for fact in of.facts)
    statement = (
        f"SELECT version.uid, change.uid, version.created_at, version.removed, {facts}, version.checksum"
        f" FROM {of.table} AS version JOIN change ON change.id = version.change_id {which}"
    )
    names = ("uid", "change", "created_at", "removed", *of.facts, "checksum")
    for row in rows(database, of, names, statement):
        *said, written = row
        if checksum(of, said) != written:
            what = f"is damaged: {of.table} {row[0][:8]} is not what was written, as its checksum shows"
            raise NotADiaryError(database.path, what)
        yield tuple(said)


def rows(database: Database, of: Versioned, names: Sequence[str], statement: str) -> Iterator[tuple[Any, ...]]:
    """Yield what a statement finds, of columns with some names. Raises InvalidValueError as above."""
    found = database.stream(statement)
    while piece := [tuple(row) for _, row in zip(range(_PIECE), found, strict=False)]:
        validate(of, names, piece)
        yield from piece
