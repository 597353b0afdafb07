"""The sessions as CSV (RFC 4180), one row each, for a spreadsheet and back.

A spreadsheet takes a cell that begins with = + - @ for a formula. Texts that people typed get a ' before that, and
import takes exactly that away. What a file leaves out, import does not remove.
"""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from kneetrack.domain.catalogue import Exercise
from kneetrack.domain.errors import DayError, KneetrackError, UnreadableFileError
from kneetrack.domain.records import MAX_NOTE
from kneetrack.domain.text import clean, read_clock
from kneetrack.exchange import record
from kneetrack.exchange.record import KINDS, Row
from kneetrack.exchange.source import Source
from kneetrack.exchange.staging import Stage
from kneetrack.store.mapping import instant, offset_min, stamp
from kneetrack.store.mapping import local as local_time
from kneetrack.store.port import Database
from kneetrack.store.rules import LIVE

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

_SECONDS = r"^([0-9]{1,2}:[0-9]{2}):[0-9]{2}$"

_LONGEST = MAX_NOTE * 10
"""A text may be longer in a file, where its control characters are written out."""


def lines(database: Database) -> Iterator[str]:
    """Yield the lines of the file, with their ends: a heading, and the sessions by day and time."""
    written: list[str] = []
    writer = csv.writer(_Lines(written))
    writer.writerow(COLUMNS)
    yield written.pop()
    for row in database.stream(_SESSIONS):
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


def stage_rows(source: Source, stage: Stage, find: Find, today: date, day_start: time) -> None:
    """Put the rows of a file on the stage, and refuse what cannot be a session; days begin at `day_start`.

    Raises UnreadableFileError for what is no such file.
    """
    first = next(source.lines(), "")
    reader = csv.reader(source.lines(), delimiter=max(_DELIMITERS, key=first.count), strict=True)
    try:
        heading = next(reader)
        if first.startswith(_TOLD_TO_EXCEL):
            heading = next(reader, [])
        rows = _Rows(_names(source, heading), stage, find, today, day_start)
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


def _names(source: Source, heading: list[str]) -> list[str]:
    """Return the names of the columns. Raises UnreadableFileError for names that are not ours."""
    names = [word.strip().lower() for word in heading]
    while names and not names[-1]:
        names.pop()
    unknown = [word for word in names if word not in COLUMNS]
    if _NEEDED - {*names}:
        raise UnreadableFileError(source.name, "is no export: its first line must name the columns day and exercise")
    if unknown or len({*names}) < len(names):
        which = f"“{clean(unknown[0][:40])}”" if unknown else "one that stands there twice"
        known = f"take it out; there are {', '.join(COLUMNS)}"
        raise UnreadableFileError(source.name, f"has a column too many, {which}: {known}")
    return names


class _Rows:
    """Puts the rows of one file on the stage."""

    def __init__(self, names: list[str], stage: Stage, find: Find, today: date, day_start: time) -> None:
        """Take the names of the columns."""
        self._names, self._stage, self._find = names, stage, find
        self._today, self._day_start = today, day_start
        self._change = stage.put_own_change()

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
        at, minutes = _at(given.get("at"), day, self._day_start)
        row: dict[str, Any] = {
            "exercise": _COLUMN["exercise"](known.id),
            "day": day,
            "at": at,
            "utc_offset_min": minutes,
            "side": _side(given.get("side"), per_side=known.per_side),
            **{name: _number(name, given.get(name)) for name in _NUMBERS},
            **{name: _text(name, typed[name]) if name in given else None for name in ("load", "note")},
        }
        on_the_clock = {"at": re.sub(_SECONDS, r"\1", given.get("at", "")), "utc_offset_min": None}
        uid = _uid(given["uid"]) if "uid" in given else _made_up(row | on_the_clock, self._stage)
        made = _COLUMN["made"](given["made"]) if "made" in given else self._stage.made_on(day)
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


def _side(cell: str | None, *, per_side: bool) -> str | None:
    """Return the side of a cell; both when none is said, and none of an exercise that has none."""
    if cell and not per_side:
        raise ValueError("side must be empty: the exercise is not done per side")
    return (cell and str(_COLUMN["side"](cell))) or ("both" if per_side else None)


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


def _at(cell: str | None, day: str, day_start: time) -> tuple[str | None, int | None]:
    """Return the instant and the offset of a time of day, with or without its seconds, date and offset."""
    if cell is None:
        return None, None
    try:
        local = datetime.fromisoformat(cell) if "T" in cell else _local(day, cell, day_start)
        if not local.tzinfo:
            local = _on_the_clock(local)
        minutes = _COLUMN["utc_offset_min"](offset_min(local))
        return _COLUMN["at"](f"{stamp(local).replace(' ', 'T')}Z"), minutes
    except (ValueError, OverflowError, OSError, DayError):
        raise ValueError("at must be a time of that day such as 07:30 or 2026-11-25T07:30:00+01:00") from None


def _local(day: str, cell: str, day_start: time) -> datetime:
    """Return a clock time of a day, which is on the next date when it comes before the day begins."""
    clock = read_clock(re.sub(_SECONDS, r"\1", cell))
    return datetime.combine(date.fromisoformat(day) + timedelta(clock < day_start), clock)


def _on_the_clock(local: datetime) -> datetime:
    """Return a time with its offset from UTC here. Raises ValueError for one that the clock skipped."""
    known = local.astimezone()
    if known.replace(tzinfo=None) != local:
        raise ValueError
    return known


def _uid(cell: str) -> str:
    """Return the id of a cell, with or without hyphens."""
    return str(_COLUMN["uid"](cell.replace("-", "").lower()))


def _made_up(row: dict[str, Any], stage: Stage) -> str:
    """Return an id that follows from what a row says, and from how many rows before it say the same."""
    key = "\x1f".join(str(value) for value in row.values())
    return uuid5(NAMESPACE_OID, f"kneetrack csv {key} {stage.again(key)}").hex


_SESSIONS = f"""
    SELECT uid, day, at, utc_offset_min, exercise, side, sets, reps, hold_s, load, pain, effort, note, created_at
    FROM session WHERE {LIVE} ORDER BY day, at IS NULL, at, created_at, uid
"""
