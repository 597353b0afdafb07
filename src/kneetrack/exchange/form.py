"""How records stand in a file: the lists of an export, the keys of their records, and how a value is written.

Nothing is validated here, so that an export needs neither SQLModel nor pydantic.
"""

from typing import Any

from kneetrack.domain.value import Value
from kneetrack.store.mapping import PAUSE, SESSION, VERSIONED

FORMAT = 3
"""Raised when an older kneetrack could not read the file any more."""

MADE = "made"
"""What `created_at` was called in format 1, and still is in a CSV from then."""

_STAMP_LENGTH = len("2026-11-25T06:41:00.000000Z")


class Kind(Value):
    """One kind of record: the name of its list, the table that it is kept in, and its keys in order."""

    name: str
    table: str
    keys: tuple[str, ...]


VERSION = ("uid", "change", "created_at", "removed")
"""The keys that every version has, before what it says."""

CHANGES = Kind("changes", "change", ("uid", "at", "device", "command", "undoes", "part_of"))
TOMBSTONES = Kind("tombstones", "tombstone", ("uid", "at"))
VERSIONS = tuple(Kind(f"{of.table}s", of.table, (*VERSION, *of.facts)) for of in VERSIONED)
SESSIONS, PAUSES = VERSIONS[VERSIONED.index(SESSION)], VERSIONS[VERSIONED.index(PAUSE)]

KINDS = (CHANGES, *VERSIONS, TOMBSTONES)
"""The lists of a file, in their order."""

INSTANTS = frozenset({"at", "created_at"})
FLAGS = frozenset({"removed", "per_side", "morning_not_worse"})

_LATER_THAN_1 = frozenset({"part_of", "up_s", "down_s", "rest_s"})
_LATER_THAN_2 = frozenset({"pain", "score", "rule"})
"""The keys and the tables that came with a later format."""


def kinds(number: int) -> tuple[Kind, ...]:
    """Return the lists that a file of a format has."""
    if number == FORMAT:
        return KINDS
    second = tuple(kind for kind in KINDS if kind.table not in _LATER_THAN_2)
    return second if number > 1 else tuple(map(_in_format_1, second[: second.index(TOMBSTONES)]))


def _in_format_1(kind: Kind) -> Kind:
    """Return a list as format 1 wrote it."""
    return kind._replace(
        keys=tuple(MADE if key == "created_at" else key for key in kind.keys if key not in _LATER_THAN_1)
    )


def show(kind: Kind, row: tuple[Any, ...]) -> dict[str, Any]:
    """Return the JSON record of a row of columns."""
    record = dict(zip(kind.keys, row, strict=True))
    for key in INSTANTS & record.keys():
        record[key] = record[key] and show_instant(record[key])
    for key in FLAGS & record.keys():
        record[key] = bool(record[key])
    return record


def show_instant(stamp: str) -> str:
    """Return an instant as the diary keeps it in the form of files."""
    return f"{stamp[:10]}T{stamp[11:]}Z"


def read_instant(words: object) -> str | None:
    """Return an instant of a file as the diary keeps it, None for another form."""
    if isinstance(words, str) and len(words) == _STAMP_LENGTH and words[10] == "T" and words[-1] == "Z":
        return f"{words[:10]} {words[11:-1]}"
    return None
