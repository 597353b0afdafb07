"""What each kind of record looks like outside the journal, and the rules that one must keep to come in."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

from kneetrack.domain.days import FIRST_DAY
from kneetrack.domain.dose import MAX_HOLD_S, MAX_REPS, MAX_SETS
from kneetrack.domain.plan import MAX_EVERY
from kneetrack.domain.records import MAX_NOTE, MAX_RATING
from kneetrack.store.mapping import uid_of

Row: TypeAlias = tuple[Any, ...]

MAX_NAME = 200
MAX_COMMAND = 200_000
MAX_OFFSET_MIN = timedelta(days=1) // timedelta(minutes=1) - 1
LAST_YEAR = 9000
"""Instants end here, so that there is always a later one for the next change."""

_UID = re.compile(r"[0-9a-f]{32}")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)
_EXERCISE = re.compile(r"[^\W\d_][\w’'.()+/ ]*")
_RESERVED = frozenset({"all", "last", "none"})


class Field(NamedTuple):
    """One key of a record: `read` makes the column of a JSON value or raises ValueError, `show` the other way round.

    With `null` the value may be missing, which is null in both.
    """

    name: str
    read: Callable[[Any], Any]
    show: Callable[[Any], Any] = lambda column: column
    null: bool = False

    def column(self, value: Any) -> Any:  # noqa: ANN401 - as JSON has it
        """Return the column of a value. Raises ValueError that names the key."""
        try:
            return None if value is None and self.null else self.read(value)
        except ValueError as reason:
            raise ValueError(f"{self.name} {reason}") from None


class Kind(NamedTuple):
    """One kind of record: the table that it is kept in, its keys, and the rule that they keep together."""

    table: str
    fields: tuple[Field, ...]
    together: Callable[[Mapping[str, Any]], None]


def whole(least: int, most: int) -> Callable[[Any], int]:
    """Return the reader of a whole number between two."""

    def _read(value: Any) -> int:  # noqa: ANN401 - as JSON has it
        if type(value) is not int or not least <= value <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return value

    return _read


def words(most: int) -> Callable[[Any], str]:
    """Return the reader of a text of at most so many characters, all of which the journal can keep."""

    def _read(value: Any) -> str:  # noqa: ANN401 - as JSON has it
        if not isinstance(value, str) or len(value) > most:
            raise ValueError(f"must be a text of at most {most} characters")
        if "\0" in value or (not value.isascii() and re.search("[\ud800-\udfff]", value)):
            raise ValueError("holds a character that is none")
        return value

    return _read


def instant(value: Any) -> str:  # noqa: ANN401 - as JSON has it
    """Return an instant such as 2026-11-25T06:41:00.000000Z as the journal keeps it."""
    try:
        at = datetime.fromisoformat(value[:-1]) if isinstance(value, str) and _INSTANT.fullmatch(value) else None
    except ValueError:
        at = None
    if at is None:
        raise ValueError("must be an instant such as 2026-11-25T06:41:00.000000Z")
    if not FIRST_DAY.year <= at.year < LAST_YEAR:
        raise ValueError(f"must be of the years {FIRST_DAY.year} to {LAST_YEAR - 1}")
    return f"{value[:10]} {value[11:-1]}"


def show_instant(stamp: str) -> str:
    """Return an instant as the journal keeps it in the form of files."""
    return f"{stamp[:10]}T{stamp[11:]}Z"


def day(value: Any) -> str:  # noqa: ANN401 - as JSON has it
    """Return a day such as 2026-11-25."""
    if not isinstance(value, str) or not _is_day(value):
        raise ValueError("must be a day such as 2026-11-25")
    return value


@lru_cache(maxsize=1024)
def _is_day(words: str) -> bool:
    """Return whether a text is a day of the calendar that the diary knows."""
    try:
        found = date.fromisoformat(words)
    except ValueError:
        return False
    return str(found) == words and found >= FIRST_DAY


def uid(value: Any) -> str:  # noqa: ANN401 - as JSON has it
    """Return an id of 32 hex digits."""
    if not isinstance(value, str) or not _UID.fullmatch(value):
        raise ValueError("must be an id of 32 hex digits")
    return value


def exercise(value: Any) -> str:  # noqa: ANN401 - as JSON has it
    """Return the id of an exercise, such as side_plank."""
    if not isinstance(value, str) or len(value) > MAX_NAME or not _EXERCISE.fullmatch(value) or value in _RESERVED:
        raise ValueError("must be the id of an exercise, such as side_plank")
    return words(MAX_NAME)(value)


def _flag(value: Any) -> int:  # noqa: ANN401 - as JSON has it
    """Return true or false."""
    if type(value) is not bool:
        raise ValueError("must be true or false")
    return int(value)


def _one_of(*choices: str) -> Callable[[Any], str]:
    """Return the reader of one of some words."""

    def _read(value: Any) -> str:  # noqa: ANN401 - as JSON has it
        if not isinstance(value, str) or value not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}")
        return value

    return _read


def _name(value: Any) -> str:  # noqa: ANN401 - as JSON has it
    """Return the name of an exercise."""
    if not isinstance(value, str) or not 1 <= len(value) <= MAX_NAME or not value.isprintable():
        raise ValueError(f"must be a name of at most {MAX_NAME} letters, digits and hyphens")
    return value


def _weekdays(value: Any) -> str:  # noqa: ANN401 - as JSON has it
    """Return weekdays as digits, Monday 0, ascending: 024."""
    if not isinstance(value, str) or not value or "".join(sorted(set(value) & set("0123456"))) != value:
        raise ValueError("must be ascending digits from 0, Monday, to 6")
    return value


def _optional(name: str, read: Callable[[Any], Any]) -> Field:
    """Return a key whose value may be missing."""
    return Field(name, read, null=True)


def _numbers() -> tuple[Field, ...]:
    """Return the keys of a dose."""
    most = {"sets": MAX_SETS, "reps": MAX_REPS, "hold_s": MAX_HOLD_S}
    return tuple(_optional(name, whole(1, limit)) for name, limit in most.items())


def _session(row: Mapping[str, Any]) -> None:
    """Raise ValueError for a session whose instant has no offset, or the other way round."""
    if (row["at"] is None) != (row["utc_offset_min"] is None):
        raise ValueError("at and utc_offset_min must both be there or both be null")


def _prescription(row: Mapping[str, Any]) -> None:
    """Raise ValueError for a prescription whose dose or schedule does not fit its kind."""
    drop = row["kind"] == "drop"
    if (row["sets"] is None) != drop or (row["reps"] is None and row["hold_s"] is None) != drop:
        raise ValueError("must have sets, and reps or hold_s, unless it is a drop, which has none of them")
    for kind, key in (("every", "every"), ("weekdays", "weekdays"), ("per_week", "per_week")):
        if (row[key] is not None) != (row["kind"] == kind):
            raise ValueError(f"{key} must be there when the kind is {kind}, and null otherwise")


def _pause(row: Mapping[str, Any]) -> None:
    """Raise ValueError for a pause that ends before it begins."""
    if row["last_day"] is not None and row["last_day"] < row["first_day"]:
        raise ValueError("last_day must not be before first_day")


def _own_exercise(row: Mapping[str, Any]) -> None:
    """Raise ValueError for an own exercise whose uid is not that of its id."""
    if row["uid"] != uid_of("exercise", row["exercise"]):
        raise ValueError("uid must be the one that follows from the exercise")


def _setting(row: Mapping[str, Any]) -> None:
    """Raise ValueError for a setting whose uid is not that of its key."""
    if row["uid"] != uid_of("setting", row["key"]):
        raise ValueError("uid must be the one that follows from the key")


def _change(row: Mapping[str, Any]) -> None:
    """Raise ValueError for a change that undoes itself."""
    if row["undoes"] == row["uid"]:
        raise ValueError("undoes must be another change")


CHANGE = Kind(
    "change",
    (
        Field("uid", uid),
        Field("at", instant, show_instant),
        _optional("device", uid),
        Field("command", words(MAX_COMMAND)),
        _optional("undoes", uid),
    ),
    _change,
)
VERSION = (
    Field("uid", uid),
    Field("change", uid),
    Field("made", instant, show_instant),
    Field("removed", _flag, bool),
)
"""The keys that every version has, before its facts."""

KINDS = {
    "sessions": Kind(
        "session",
        (
            *VERSION,
            Field("exercise", exercise),
            Field("day", day),
            Field("at", instant, show_instant, null=True),
            _optional("utc_offset_min", whole(-MAX_OFFSET_MIN, MAX_OFFSET_MIN)),
            _optional("side", _one_of("left", "right", "both")),
            *_numbers(),
            _optional("load", words(MAX_NOTE)),
            _optional("pain", whole(0, MAX_RATING)),
            _optional("effort", whole(0, MAX_RATING)),
            _optional("note", words(MAX_NOTE)),
        ),
        _session,
    ),
    "prescriptions": Kind(
        "prescription",
        (
            *VERSION,
            Field("exercise", exercise),
            Field("first_day", day),
            Field("kind", _one_of("drop", "daily", "every", "weekdays", "per_week")),
            *_numbers(),
            _optional("every", whole(1, MAX_EVERY)),
            _optional("weekdays", _weekdays),
            _optional("per_week", whole(1, 7)),
        ),
        _prescription,
    ),
    "pauses": Kind(
        "pause",
        (
            *VERSION,
            _optional("exercise", exercise),
            Field("first_day", day),
            _optional("last_day", day),
            _optional("reason", words(MAX_NOTE)),
        ),
        _pause,
    ),
    "exercises": Kind(
        "exercise",
        (
            *VERSION,
            Field("exercise", exercise),
            Field("name", _name),
            Field("per_side", _flag, bool),
            Field("mode", _one_of("reps", "hold")),
        ),
        _own_exercise,
    ),
    "settings": Kind("setting", (*VERSION, Field("key", words(MAX_NAME)), Field("value", words(MAX_NAME))), _setting),
}
"""The kinds of records by the name that their list has in a file, in the order of the file."""


def columns(kind: Kind) -> list[str]:
    """Return the columns that hold what a record says, in order."""
    return [field.name for field in kind.fields[len(VERSION) :]]


def read(kind: Kind, record: object) -> Row:
    """Return the columns of a JSON record, in the order of the kind's keys. Raises ValueError with the reason."""
    if not isinstance(record, dict):
        raise ValueError("must be an object")  # noqa: TRY004 - readers tell all reasons in one way
    row = {}
    name = ""
    try:
        for name, reader, _, null in kind.fields:
            value = record[name]
            row[name] = None if value is None and null else reader(value)
    except KeyError:
        raise ValueError(f"{name} is missing") from None
    except ValueError as reason:
        raise ValueError(f"{name} {reason}") from None
    if len(record) > len(row):
        raise ValueError("has a key that this kneetrack does not know")
    kind.together(row)
    return tuple(row.values())


def show(kind: Kind, row: Row) -> dict[str, Any]:
    """Return the JSON record of a row of columns."""
    return {
        field.name: None if column is None else field.show(column)
        for field, column in zip(kind.fields, row, strict=True)
    }
