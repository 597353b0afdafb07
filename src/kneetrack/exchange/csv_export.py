"""The sessions as CSV (RFC 4180), one row each, for a spreadsheet and back; pain and scores for a spreadsheet.

A spreadsheet takes a cell that begins with = + - @ for a formula. Texts that people typed get a ' before that, and
import takes exactly that away. What a file leaves out, import does not remove.
"""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from uuid import UUID

from kneetrack.domain.text import clean
from kneetrack.domain.value import Value
from kneetrack.exchange import form, verified
from kneetrack.store.mapping import PAIN, SCORE, SESSION, Versioned, instant, local
from kneetrack.store.port import Database
from kneetrack.store.rules import LIVE

COLUMNS = (
    "uid", "day", "at", "exercise", "side", "sets", "reps", "hold_s", "load", "pain", "effort", "note", "created_at",
)  # fmt: skip
"""The columns in the order of an export; an import takes any order, and needs day and exercise."""

_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")


PAIN_COLUMNS = ("uid", "day", "moment", "at", "side", "pain", "note", "created_at")
SCORE_COLUMNS = ("uid", "day", "measure", "activity", "value", "created_at")


class _Form(Value):
    """One kind of record as CSV: its table, its columns, how a row becomes cells, and in which order they come."""

    of: Versioned
    columns: tuple[str, ...]
    cells: Callable[[Sequence[Any]], list[Any]]
    order: str


def lines(database: Database, kind: str = "session") -> Iterator[str]:
    """Yield the lines of the file, with their ends: a heading, and the records of a kind by day and time.

    `kind` is session, pain or score. Raises NotADiaryError for a record that is not what was written, and
    InvalidValueError.
    """
    its = _FORMS[kind]
    written: list[str] = []
    writer = csv.writer(_Lines(written))
    writer.writerow(its.columns)
    yield written.pop()
    for row in verified.versions(database, its.of, f"WHERE {LIVE} ORDER BY {its.order}"):
        writer.writerow(its.cells(row))
        yield written.pop()


def count(database: Database, kind: str = "session") -> int:
    """Return how many records of a kind there are."""
    ((number,),) = database.rows(f"SELECT count(*) FROM {_FORMS[kind].of.table} WHERE {LIVE}")
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


def _pain_cells(row: Sequence[Any]) -> list[Any]:
    """Return a pain as cells, in the order of PAIN_COLUMNS."""
    uid, _, created_at, _, day, moment, at, minutes, side, level, note = row
    when = at and local(instant(at), minutes)
    return [
        UUID(uid), day, moment, when and when.isoformat(), side, level, guard(note), form.show_instant(created_at),
    ]  # fmt: skip


def _score_cells(row: Sequence[Any]) -> list[Any]:
    """Return a score as cells, in the order of SCORE_COLUMNS; its value is not in tenths."""
    uid, _, created_at, _, day, measure, activity, tenths = row
    return [UUID(uid), day, measure, guard(activity), tenths / 10, form.show_instant(created_at)]


_TIMED = "version.day, version.at IS NULL, version.at, version.created_at, version.uid"
_DATED = "version.day, version.created_at, version.uid"
_FORMS = {
    "session": _Form(SESSION, COLUMNS, _cells, _TIMED),
    "pain": _Form(PAIN, PAIN_COLUMNS, _pain_cells, _TIMED),
    "score": _Form(SCORE, SCORE_COLUMNS, _score_cells, _DATED),
}
