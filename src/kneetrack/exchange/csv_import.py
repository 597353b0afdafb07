"""Reading sessions from a CSV: an export that a spreadsheet may have changed, or a file of the person's own."""

import csv
import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from kneetrack.domain.catalogue import Exercise
from kneetrack.domain.errors import DayError, KneetrackError, UnreadableFileError
from kneetrack.domain.records import MAX_NOTE
from kneetrack.domain.text import clean, read_clock
from kneetrack.exchange import form
from kneetrack.exchange.csv_export import COLUMNS, unguard
from kneetrack.exchange.source import Source
from kneetrack.exchange.staging import Staging
from kneetrack.exchange.validation import AN_INSTANT, Row, validate
from kneetrack.store.mapping import SESSION, is_day, is_stamp, offset_min, stamp

Find = Callable[[str], Exercise]
"""Returns the exercise that a name in a file stands for, or raises one of our errors."""

_NEEDED = {"day", "exercise"}
_NUMBERS = ("sets", "reps", "hold_s", "pain", "effort")
_DELIMITERS = (",", ";", "\t")
_TOLD_TO_EXCEL = "sep="
"""How a line begins that tells a spreadsheet the delimiter."""

_SECONDS = r"^([0-9]{1,2}:[0-9]{2}):[0-9]{2}$"

_LONGEST = MAX_NOTE * 10
"""A text may be longer in a file, where its control characters are written out."""


def stage_rows(source: Source, staging: Staging, find: Find, today: date, day_start: time) -> None:
    """Put the rows of a file in the staging, and refuse what cannot be a session; days begin at `day_start`.

    Raises UnreadableFileError for what is no such file.
    """
    first = next(source.lines(), "")
    reader = csv.reader(source.lines(), delimiter=max(_DELIMITERS, key=first.count), strict=True)
    try:
        heading = next(reader)
        if first.startswith(_TOLD_TO_EXCEL):
            heading = next(reader, [])
        rows = _Rows(_names(source, heading), staging, find, today, day_start)
        number = reader.line_num + 1
        with staging.reading(of_changes=False, strict=True):
            for cells in reader:
                if any(cells):
                    rows.put(number, cells)
                number = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableFileError(source.name, f"is not CSV: line {reader.line_num}, {error}") from None


def _names(source: Source, heading: list[str]) -> list[str]:
    """Return the names of the columns. Raises UnreadableFileError for names that are not ours."""
    names = ["created_at" if (name := word.strip().lower()) == form.MADE else name for word in heading]
    while names and not names[-1]:
        names.pop()
    unknown = [word for word in names if word not in COLUMNS]
    if _NEEDED - {*names}:
        raise UnreadableFileError(
            source.name, "is not an export: its first line must name the columns day and exercise"
        )
    if unknown or len({*names}) < len(names):
        which = f"“{clean(unknown[0][:40])}”" if unknown else "a column that is there twice"
        known = f"take it out; there are {', '.join(COLUMNS)}"
        raise UnreadableFileError(source.name, f"has an unknown or repeated column, {which}: {known}")
    return names


class _Rows:
    """Puts the rows of one file in the staging."""

    def __init__(self, names: list[str], staging: Staging, find: Find, today: date, day_start: time) -> None:
        """Take the names of the columns."""
        self._names, self._staging, self._find = names, staging, find
        self._today, self._day_start = today, day_start
        self._change = staging.put_own_change()

    def put(self, number: int, cells: list[str]) -> None:
        """Put the row of a line in the staging, or refuse it."""
        try:
            row = self._row(cells)
        except KneetrackError as error:
            self._staging.refuse(number, str(error).rstrip("."))
        except ValueError as reason:
            self._staging.refuse(number, str(reason))
        else:
            self._staging.put(form.SESSIONS, number, row)

    def _row(self, cells: list[str]) -> Row:
        """Return the columns of a session. Raises ValueError or one of our errors."""
        names = self._names
        if len(cells) < len(names) or any(cells[len(names) :]):
            raise ValueError(f"has {len(cells)} cells, not {len(names)}")
        typed = dict(zip(names, cells, strict=False))
        given = {name: cell.strip() for name, cell in typed.items() if cell.strip()}
        known = self._find(given.get("exercise", ""))
        day = self._day(given.get("day", ""))
        at, minutes = _at(given.get("at"), day, self._day_start)
        says: dict[str, Any] = {
            "exercise": known.id,
            "day": day,
            "at": at,
            "utc_offset_min": minutes,
            "side": _side(given.get("side"), per_side=known.per_side),
            **{name: _number(given.get(name)) for name in _NUMBERS},
            **{name: _text(name, typed[name]) if name in given else None for name in ("load", "note")},
        }
        texts = {name: (says[name] or "")[:MAX_NOTE] for name in ("load", "note")}
        version = {"uid": self._uid(given, says), "created_at": self._created_at(given, day), "removed": False}
        validate(form.SESSIONS, version | says | texts)
        return (version["uid"], self._change, version["created_at"], False, *(says[fact] for fact in SESSION.facts))

    def _day(self, cell: str) -> str:
        """Return the day of a cell. Raises ValueError."""
        if not is_day(cell):
            raise ValueError(
                "day must be a day such as 2026-11-25; in a spreadsheet give that column the format YYYY-MM-DD"
            )
        if date.fromisoformat(cell) > self._today + timedelta(1):
            raise ValueError(f"{cell} is still to come")
        return cell

    def _uid(self, given: dict[str, str], says: dict[str, Any]) -> str:
        """Return the id of a row, or one that follows from what it says and from how many before it say the same."""
        if "uid" in given:
            return given["uid"].replace("-", "").lower()
        clock = {"at": re.sub(_SECONDS, r"\1", given.get("at", "")), "utc_offset_min": None}
        key = "\x1f".join(str(value) for value in (says | clock).values())
        return uuid5(NAMESPACE_OID, f"kneetrack csv {key} {self._staging.again(key)}").hex

    def _created_at(self, given: dict[str, str], day: str) -> str:
        """Return when a row was first written. Raises ValueError."""
        if "created_at" not in given:
            return self._staging.created_on(day)
        written = form.read_instant(given["created_at"])
        if written is None:
            raise ValueError(f"created_at {AN_INSTANT}")
        return written


def _side(cell: str | None, *, per_side: bool) -> str | None:
    """Return the side of a cell; both when none is said, and none of an exercise that has none."""
    if cell and not per_side:
        raise ValueError("side must be empty: the exercise is not done per side")
    return cell or ("both" if per_side else None)


def _number(cell: str | None) -> int | str | None:
    """Return the whole number of a cell, and what is no such number as it is."""
    digits = re.fullmatch(r"([0-9]{1,9})(?:[.,]0{1,3})?", cell or "")
    return int(digits[1]) if digits else cell


def _text(name: str, cell: str) -> str:
    """Return the text of a cell, which may be longer than the diary's own when its characters are written out."""
    words = unguard(cell)
    if "\0" in words or len(words) > _LONGEST:
        raise ValueError(f"{name} must be a text of at most {_LONGEST} characters, without a NUL among them")
    return words


def _at(cell: str | None, day: str, day_start: time) -> tuple[str | None, int | None]:
    """Return the instant and the offset of a time of day, with or without its seconds, date and offset."""
    if cell is None:
        return None, None
    try:
        local = datetime.fromisoformat(cell) if "T" in cell else _local(day, cell, day_start)
        if not local.tzinfo:
            local = _on_the_clock(local)
        at = stamp(local)
    except (ValueError, OverflowError, OSError, DayError):
        at = ""
    if not is_stamp(at):
        raise ValueError("at must be a time of that day such as 07:30 or 2026-11-25T07:30:00+01:00")
    return at, offset_min(local)


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
