"""What each kind of record looks like outside the journal, and the rules that one must keep to come in."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, TypeAlias
from uuid import NAMESPACE_OID, uuid5

from kneetrack.days import FIRST_DAY
from kneetrack.dose import MAX_HOLD_S, MAX_REPS, MAX_SETS
from kneetrack.ledger import MAX_NOTE, MAX_RATING
from kneetrack.program import MAX_EVERY

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
    """One key of a record: `read` makes the column of a JSON value or raises ValueError, `show` the other way round."""

    name: str
    read: Callable[[Any], Any]
    show: Callable[[Any], Any] = lambda column: column


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
        if not _INSTANT.fullmatch(value):
            raise ValueError
        at = datetime.fromisoformat(value[:-1])
    except (TypeError, ValueError):
        raise ValueError("must be an instant such as 2026-11-25T06:41:00.000000Z") from None
    if not FIRST_DAY.year <= at.year < LAST_YEAR:
        raise ValueError(f"must be of the years {FIRST_DAY.year} to {LAST_YEAR - 1}")
    return f"{value[:10]} {value[11:-1]}"


def show_instant(stamp: str | None) -> str | None:
    """Return an instant as the journal keeps it in the form of files."""
    return stamp and f"{stamp[:10]}T{stamp[11:]}Z"


def day(value: Any) -> str:  # noqa: ANN401 - as JSON has it
    """Return a day such as 2026-11-25."""
    try:
        found = date.fromisoformat(value)
    except (TypeError, ValueError):
        found = None
    if found is None or str(found) != value or found < FIRST_DAY:
        raise ValueError("must be a day such as 2026-11-25")
    return str(value)


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


def uid_of(table: str, key: str) -> str:
    """Return the uid of a record that is known by its key, so that two copies agree on it."""
    return uuid5(NAMESPACE_OID, f"kneetrack {table} {key}").hex


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


def _or_null(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return a reader that takes null as well."""
    return lambda value: None if value is None else read(value)


def _instant_or_null(name: str) -> Field:
    """Return the key of an instant that may be missing."""
    return Field(name, _or_null(instant), show_instant)


def _numbers() -> tuple[Field, ...]:
    """Return the keys of a dose."""
    most = {"sets": MAX_SETS, "reps": MAX_REPS, "hold_s": MAX_HOLD_S}
    return tuple(Field(name, _or_null(whole(1, limit))) for name, limit in most.items())


def _texts(*names: str) -> tuple[Field, ...]:
    """Return the keys of texts that people typed."""
    return tuple(Field(name, _or_null(words(MAX_NOTE))) for name in names)


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
        Field("device", _or_null(uid)),
        Field("command", words(MAX_COMMAND)),
        Field("undoes", _or_null(uid)),
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
            _instant_or_null("at"),
            Field("utc_offset_min", _or_null(whole(-MAX_OFFSET_MIN, MAX_OFFSET_MIN))),
            Field("side", _or_null(_one_of("left", "right", "both"))),
            *_numbers(),
            *_texts("load"),
            Field("pain", _or_null(whole(0, MAX_RATING))),
            Field("effort", _or_null(whole(0, MAX_RATING))),
            *_texts("note"),
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
            Field("every", _or_null(whole(1, MAX_EVERY))),
            Field("weekdays", _or_null(_weekdays)),
            Field("per_week", _or_null(whole(1, 7))),
        ),
        _prescription,
    ),
    "pauses": Kind(
        "pause",
        (
            *VERSION,
            Field("exercise", _or_null(exercise)),
            Field("first_day", day),
            Field("last_day", _or_null(day)),
            *_texts("reason"),
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
    row = []
    for field in kind.fields:
        try:
            row.append(field.read(record[field.name]))
        except KeyError:
            raise ValueError(f"{field.name} is missing") from None
        except ValueError as reason:
            raise ValueError(f"{field.name} {reason}") from None
    if len(record) > len(row):
        raise ValueError("has a key that this kneetrack does not know")
    kind.together(dict(zip((field.name for field in kind.fields), row, strict=True)))
    return tuple(row)


def show(kind: Kind, row: Row) -> dict[str, Any]:
    """Return the JSON record of a row of columns."""
    return {field.name: field.show(column) for field, column in zip(kind.fields, row, strict=True)}
