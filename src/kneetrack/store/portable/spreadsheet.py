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
from kneetrack.store import rows
from kneetrack.store.portable import record
from kneetrack.store.portable.record import CHANGE, KINDS, Row
from kneetrack.store.portable.source import Source
from kneetrack.store.portable.stage import Stage
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


def stage_rows(source: Source, stage: Stage, find: Find, today: date, change: Row) -> None:
    """Put the rows of a file on the stage, and refuse what cannot be a session.

    `change` is the change that the import makes. Raises UnreadableFileError for what is no such file.
    """
    first = next(source.lines(), "")
    reader = csv.reader(source.lines(), delimiter=";" if ";" in first and "," not in first else ",", strict=True)
    stage.put(CHANGE, 0, change)
    try:
        heading = [word.strip().lower() for word in next(reader)]
        _check(source, heading)
        number = reader.line_num + 1
        for cells in reader:
            if any(cells):
                try:
                    stage.put(SESSION, number, _row(heading, cells, stage, find, today, change[0]))
                except KneetrackError as error:
                    stage.refuse(number, str(error).rstrip("."))
                except ValueError as reason:
                    stage.refuse(number, str(reason))
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
    local = at and rows.local(rows.instant(at), minutes)
    return [
        UUID(uid), day, local and local.isoformat(), exercise, side, sets, reps, hold_s,
        guard(load), pain, effort, guard(note), record.show_instant(made),
    ]  # fmt: skip


def _check(source: Source, heading: list[str]) -> None:
    """Raise UnreadableFileError for a heading that is not one of ours."""
    unknown = [word for word in heading if word not in COLUMNS]
    if _NEEDED - set(heading):
        raise UnreadableFileError(source.name, "is no export: its first line must name the columns day and exercise")
    if unknown or len(set(heading)) < len(heading):
        which = f"“{clean(unknown[0][:40])}”" if unknown else "one that stands there twice"
        raise UnreadableFileError(source.name, f"has a column too many, {which}; there are {', '.join(COLUMNS)}")


def _row(heading: list[str], cells: list[str], stage: Stage, find: Find, today: date, change: str) -> Row:  # noqa: PLR0913, PLR0917 - what a row depends on
    """Return the columns of a session. Raises ValueError or one of our errors."""
    if len(cells) != len(heading):
        raise ValueError(f"has {len(cells)} cells, not {len(heading)}")
    given = {name: cell.strip() for name, cell in zip(heading, cells, strict=True) if cell.strip()}
    known = find(given.pop("exercise", ""))
    day = _COLUMN["day"](given.pop("day", None))
    if date.fromisoformat(day) > today + timedelta(1):
        raise ValueError(f"{day} is still to come")
    at, minutes = _at(given.get("at"), day)
    row: dict[str, Any] = {
        "exercise": _COLUMN["exercise"](known.id),
        "day": day,
        "at": at,
        "utc_offset_min": minutes,
        "side": _COLUMN["side"](given.get("side", "both" if known.per_side else None)),
        **{name: _number(name, given.get(name)) for name in _NUMBERS},
        **{name: _text(name, cells[heading.index(name)]) if name in given else None for name in ("load", "note")},
    }
    uid = _uid(given["uid"]) if "uid" in given else _made_up(row, stage)
    made = _COLUMN["made"](given["made"]) if "made" in given else None
    return (uid, change, made, 0, *(row[name] for name in record.columns(SESSION)))


def _number(name: str, cell: str | None) -> int | None:
    """Return the whole number of a cell."""
    if cell is None:
        return None
    digits = re.fullmatch("[0-9]{1,9}", cell)
    return int(_COLUMN[name](int(cell) if digits else cell))


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
        minutes = _COLUMN["utc_offset_min"](rows.offset_min(local))
        return _COLUMN["at"](f"{rows.stamp(local).replace(' ', 'T')}Z"), minutes
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
