"""The sessions as CSV (RFC 4180), one row each, for a spreadsheet and back.

A spreadsheet takes a cell that begins with = + - @ for a formula. Texts that people typed get a ' before that, and
import takes exactly that away. What a file leaves out, import does not remove.
"""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy import text
from sqlalchemy.engine import Connection

from kneetrack.catalogue import Exercise
from kneetrack.errors import DayError, KneetrackError, UnreadableFileError
from kneetrack.ledger import MAX_NOTE
from kneetrack.store.portable import record
from kneetrack.store.portable.record import KINDS, Row
from kneetrack.store.portable.source import Source
from kneetrack.store.portable.stage import Stage
from kneetrack.store.rows import instant, offset_min, stamp
from kneetrack.store.rows import local as local_time
from kneetrack.text import clean, read_clock

COLUMNS = (
    "uid", "day", "at", "exercise", "side", "sets", "reps", "hold_s", "load", "pain", "effort", "note", "made",
)  # fmt: skip
"""The columns in the order of an export; an import takes any order, and needs day and exercise."""

Find = Callable[[str], Exercise]
"""Returns the exercise that a name in a file stands for, or raises one of our errors."""

SESSION = KINDS["sessions"]

_NEEDED = {"day", "exercise"}
_COLUMN = {field.name: field.column for field in SESSION.fields}
_NUMBERS = ("sets", "reps", "hold_s", "pain", "effort")
_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
_DELIMITERS = (",", ";", "\t")
_TOLD_TO_EXCEL = "sep="
"""How a line begins that tells a spreadsheet the delimiter."""

_LONGEST = MAX_NOTE * 10
"""A text may be longer in a file, where its control characters are written out."""


def lines(connection: Connection) -> Iterator[str]:
    """Yield the lines of the file, with their ends: a heading, and the sessions by day and time."""
    written: list[str] = []
    writer = csv.writer(_Lines(written))
    writer.writerow(COLUMNS)
    yield written.pop()
    for row in connection.execution_options(yield_per=1000).execute(text(_SESSIONS)):
        writer.writerow(_cells(row))
        yield written.pop()


def count(connection: Connection) -> int:
    """Return how many sessions there are."""
    statement = "SELECT count(*) FROM session WHERE current AND NOT removed"
    return int(connection.execute(text(statement)).scalar_one())


def guard(words: str | None) -> str:
    """Return a text as a cell that no spreadsheet takes for a formula."""
    shown = clean(words or "")
    return f"'{shown}" if _FORMULA.match(shown) else shown


def unguard(cell: str) -> str:
    """Return the text of a cell that was guarded."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def stage_rows(source: Source, stage: Stage, find: Find, today: date) -> None:
    """Put the rows of a file on the stage, and refuse what cannot be a session.

    Raises UnreadableFileError for what is no such file.
    """
    first = next(source.lines(), "")
    reader = csv.reader(source.lines(), delimiter=max(_DELIMITERS, key=first.count), strict=True)
    try:
        heading = next(reader)
        if first.startswith(_TOLD_TO_EXCEL):
            heading = next(reader, [])
        rows = _Rows(source, heading, stage, find, today)
        number = reader.line_num + 1
        for cells in reader:
            if any(cells):
                rows.put(number, cells)
            number = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableFileError(source.name, f"is not CSV: line {reader.line_num}, {error}") from None


class _Lines:
    """What csv writes to: a list of lines."""

    def __init__(self, written: list[str]) -> None:
        """Take the list."""
        self.write = written.append


def _cells(row: Sequence[Any]) -> list[Any]:
    """Return a session as cells, in the order of COLUMNS."""
    uid, day, at, minutes, exercise, side, sets, reps, hold_s, load, pain, effort, note, made = row
    local = at and local_time(instant(at), minutes)
    return [
        UUID(uid), day, local and local.isoformat(), exercise, side, sets, reps, hold_s,
        guard(load), pain, effort, guard(note), record.show_instant(made),
    ]  # fmt: skip


class _Rows:
    """Puts the rows of one file on the stage."""

    def __init__(self, source: Source, heading: list[str], stage: Stage, find: Find, today: date) -> None:
        """Take the cells of the first line. Raises UnreadableFileError for one that is not of ours."""
        self._names = [word.strip().lower() for word in heading]
        while self._names and not self._names[-1]:
            self._names.pop()
        self._stage, self._find, self._today = stage, find, today
        self._check(source)
        self._change = stage.put_own_change()

    def _check(self, source: Source) -> None:
        """Raise UnreadableFileError for names of columns that are not ours."""
        unknown = [word for word in self._names if word not in COLUMNS]
        if _NEEDED - {*self._names}:
            raise UnreadableFileError(
                source.name, "is no export: its first line must name the columns day and exercise"
            )
        if unknown or len({*self._names}) < len(self._names):
            which = f"“{clean(unknown[0][:40])}”" if unknown else "one that stands there twice"
            raise UnreadableFileError(
                source.name, f"has a column too many, {which}: take it out; there are {', '.join(COLUMNS)}"
            )

    def put(self, number: int, cells: list[str]) -> None:
        """Put the row of a line on the stage, or refuse it."""
        try:
            self._stage.put(SESSION, number, self._row(cells))
        except KneetrackError as error:
            self._stage.refuse(number, str(error).rstrip("."))
        except ValueError as reason:
            self._stage.refuse(number, str(reason))

    def _row(self, cells: list[str]) -> Row:
        """Return the columns of a session. Raises ValueError or one of our errors."""
        names = self._names
        if len(cells) < len(names) or any(cells[len(names) :]):
            raise ValueError(f"has {len(cells)} cells, not {len(names)}")
        typed = dict(zip(names, cells, strict=False))
        given = {name: cell.strip() for name, cell in typed.items() if cell.strip()}
        known = self._find(given.get("exercise", ""))
        day = self._day(given.get("day"))
        at, minutes = _at(given.get("at"), day)
        row: dict[str, Any] = {
            "exercise": _COLUMN["exercise"](known.id),
            "day": day,
            "at": at,
            "utc_offset_min": minutes,
            "side": _COLUMN["side"](given.get("side", "both" if known.per_side else None)),
            **{name: _number(name, given.get(name)) for name in _NUMBERS},
            **{name: _text(name, typed[name]) if name in given else None for name in ("load", "note")},
        }
        uid = _uid(given["uid"]) if "uid" in given else _made_up(row, self._stage)
        made = _COLUMN["made"](given["made"]) if "made" in given else None
        return (uid, self._change, made, 0, *(row[name] for name in record.columns(SESSION)))

    def _day(self, cell: str | None) -> str:
        """Return the day of a cell. Raises ValueError."""
        try:
            day = str(_COLUMN["day"](cell))
        except ValueError as reason:
            raise ValueError(f"{reason}; in a spreadsheet give that column the format YYYY-MM-DD") from None
        if date.fromisoformat(day) > self._today + timedelta(1):
            raise ValueError(f"{day} is still to come")
        return day


def _number(name: str, cell: str | None) -> int | None:
    """Return the whole number of a cell."""
    if cell is None:
        return None
    digits = re.fullmatch(r"([0-9]{1,9})(?:[.,]0{1,3})?", cell)
    return int(_COLUMN[name](int(digits[1]) if digits else cell))


def _text(name: str, cell: str) -> str:
    """Return the text of a cell, which may be longer than one of the journal when its characters are written out."""
    try:
        return record.words(_LONGEST)(unguard(cell))
    except ValueError as reason:
        raise ValueError(f"{name} {reason}") from None


def _at(cell: str | None, day: str) -> tuple[str | None, int | None]:
    """Return the instant and the offset of a time of day, with or without its date and offset."""
    if cell is None:
        return None, None
    try:
        local = (
            datetime.fromisoformat(cell) if "T" in cell else datetime.combine(date.fromisoformat(day), read_clock(cell))
        )
        local = local if local.tzinfo else local.astimezone()
        minutes = _COLUMN["utc_offset_min"](offset_min(local))
        return _COLUMN["at"](f"{stamp(local).replace(' ', 'T')}Z"), minutes
    except (ValueError, OverflowError, OSError, DayError):
        raise ValueError("at must be a time such as 07:30 or 2026-11-25T07:30:00+01:00") from None


def _uid(cell: str) -> str:
    """Return the id of a cell, with or without hyphens."""
    return str(_COLUMN["uid"](cell.replace("-", "").lower()))


def _made_up(row: dict[str, Any], stage: Stage) -> str:
    """Return an id that follows from what a row says, and from how many rows before it say the same."""
    key = "\x1f".join(str(value) for value in row.values())
    return uuid5(NAMESPACE_OID, f"kneetrack csv {key} {stage.again(key)}").hex


_SESSIONS = """
    SELECT uid, day, at, utc_offset_min, exercise, side, sets, reps, hold_s, load, pain, effort, note, made
    FROM session WHERE current AND NOT removed ORDER BY day, at IS NULL, at, made, uid
"""
