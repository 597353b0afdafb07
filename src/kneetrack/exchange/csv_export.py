"""The sessions as CSV (RFC 4180), one row each, for a spreadsheet and back.

A spreadsheet takes a cell that begins with = + - @ for a formula. Texts that people typed get a ' before that, and
import takes exactly that away. What a file leaves out, import does not remove.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from kneetrack.domain.text import clean
from kneetrack.exchange import form, verified
from kneetrack.store.mapping import SESSION, instant, local
from kneetrack.store.port import Database
from kneetrack.store.rules import LIVE

COLUMNS = (
    "uid", "day", "at", "exercise", "side", "sets", "reps", "hold_s", "load", "pain", "effort", "note", "created_at",
)  # fmt: skip
"""The columns in the order of an export; an import takes any order, and needs day and exercise."""

_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")


def lines(database: Database) -> Iterator[str]:
    """Yield the lines of the file, with their ends: a heading, and the sessions by day and time.

    Raises NotADiaryError for a session that is not what was written, and InvalidValueError.
    """
    written: list[str] = []
    writer = csv.writer(_Lines(written))
    writer.writerow(COLUMNS)
    yield written.pop()
    for row in verified.versions(database, SESSION, f"WHERE {LIVE} ORDER BY {_ORDER}"):
        writer.writerow(_cells(row))
        yield written.pop()


def count(database: Database) -> int:
    """Return how many sessions there are."""
    ((number,),) = database.rows(f"SELECT count(*) FROM session WHERE {LIVE}")
    return int(number)


def guard(words: str | None) -> str:
    """Return a text as a cell that no spreadsheet takes for a formula."""
    shown = clean(words or "")
    return f"'{shown}" if _FORMULA.match(shown) else shown


def unguard(cell: str) -> str:
    """Return the text of a cell that was guarded."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


class _Lines:
    """What csv writes to: a list of lines."""

    def __init__(self, written: list[str]) -> None:
        """Take the list."""
        self.write = written.append


def _cells(row: Sequence[Any]) -> list[Any]:
    """Return a session as cells, in the order of COLUMNS."""
    uid, _, created_at, _, exercise, day, at, minutes, side, sets, reps, hold_s, load, pain, effort, note = row
    when = at and local(instant(at), minutes)
    return [
        UUID(uid), day, when and when.isoformat(), exercise, side, sets, reps, hold_s,
        guard(load), pain, effort, guard(note), form.show_instant(created_at),
    ]  # fmt: skip


_ORDER = "version.day, version.at IS NULL, version.at, version.created_at, version.uid"
