"""The tables of record, in SQLModel: the only source of what a diary's tables are.

For each kind of record there is a base class with its fields and limits, which validates what comes from outside, and
the table on top of it, whose CHECKs are made of the same limits. `python -m kneetrack.store.tables` writes the
statements that make a new diary, `ddl.py`, so that no command needs SQLModel for that.

A record is never changed: a newer version takes its place. The versions of one record share a `uid`; the newest is
`current`, and `removed` when there is nothing of the record left to show.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import AfterValidator, ConfigDict, ValidationError, model_validator
from sqlalchemy import BigInteger, CheckConstraint, Index, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import registry
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlmodel import Field, SQLModel

from kneetrack.domain import names
from kneetrack.domain.records import MAX_COMMAND
from kneetrack.store import mapping
from kneetrack.store.mapping import MAX_CHECKSUM, NUMBERS, STAMP_LENGTH, TEXTS, UID_DIGITS, WORDS
from kneetrack.store.rules import LIVE

DDL = Path(__file__).with_name("ddl.py")

REVISION = "0004"
"""The revision of Alembic that leaves these tables."""


class _Must:
    """A check that a text keeps, and the end of the sentence that refuses one which does not.

    Of `few` different texts each is looked at once.
    """

    def __init__(self, holds: Callable[[str], bool], be: str, *, few: bool = False) -> None:
        self._holds, self._be = lru_cache(maxsize=1024)(holds) if few else holds, be

    def __call__(self, value: str) -> str:
        """Return the value. Raises ValueError with the reason."""
        if not self._holds(value):
            raise ValueError(f"must be {self._be}")
        return value


def _is_storable(value: str) -> bool:
    """Return whether every database can keep a text: it has no NUL and no half of a character."""
    return "\0" not in value and (value.isascii() or re.search("[\ud800-\udfff]", value) is None)


def _one_of(column: str) -> _Must:
    return _Must(WORDS[column].__contains__, f"one of {', '.join(WORDS[column])}", few=True)


_YEARS = f"of the years 1900 to {mapping.LAST_YEAR - 1}"

_A_NAME = f"a name of at most {names.MAX_NAME} letters, digits and hyphens"

Uid = Annotated[str, AfterValidator(_Must(mapping.is_uid, "an id of 32 hex digits"))]
Day = Annotated[str, AfterValidator(_Must(mapping.is_day, "a day such as 2026-11-25"))]
Instant = Annotated[
    str, AfterValidator(_Must(mapping.is_stamp, f"an instant such as 2026-11-25 06:41:00.000000, {_YEARS}"))
]
Weekdays = Annotated[str, AfterValidator(_Must(mapping.is_weekdays, "ascending digits from 0, Monday, to 6"))]
Words = Annotated[str, AfterValidator(_Must(_is_storable, "a text without invalid characters"))]
ExerciseId = Annotated[Words, AfterValidator(_Must(names.is_id, "the id of an exercise, such as side_plank", few=True))]
Name = Annotated[Words, AfterValidator(_Must(names.is_name, _A_NAME))]
Side = Annotated[str, AfterValidator(_one_of("side"))]
Kind = Annotated[str, AfterValidator(_one_of("kind"))]
Mode = Annotated[str, AfterValidator(_one_of("mode"))]
Moment = Annotated[str, AfterValidator(_one_of("moment"))]
Measure = Annotated[str, AfterValidator(_one_of("measure"))]


def problem(error: ValidationError) -> str:
    """Return the first thing that is wrong with a record, as the end of a sentence: “pain must be a whole number …”.

    It never holds the value that was refused.
    """
    first = error.errors(include_url=False, include_input=False)[0]
    name = str(first["loc"][0]) if first["loc"] else ""
    if first["type"] == "value_error":
        return f"{name} {first['ctx']['error']}".lstrip()
    if first["type"] == "extra_forbidden":
        return "has a key that this kneetrack does not know"
    if first["type"] == "missing":
        return f"{name} is missing"
    return f"{name} must be {_kind_of(name)}"


def _kind_of(name: str) -> str:
    """Return what a value must be, in words."""
    if name in NUMBERS:
        return f"a whole number from {NUMBERS[name].start} to {NUMBERS[name].stop - 1}"
    if name in {"removed", "per_side", "morning_not_worse"}:
        return "true or false"
    most = {**TEXTS, "command": MAX_COMMAND}.get(name)
    return "a text" if most is None else f"a text of at most {most} characters"


# Records


class _Base(SQLModel, registry=registry()):
    """What all records have in common: a value is what it says, and a key that is not known is refused."""

    model_config = ConfigDict(strict=True, extra="forbid", hide_input_in_errors=True)  # type: ignore[assignment]


def _number(column: str) -> Any:  # noqa: ANN401 - a field, which stands for a value
    """Return a field for a whole number within its limits, which may be missing."""
    return Field(default=None, ge=NUMBERS[column].start, le=NUMBERS[column].stop - 1)


def _text(column: str, **other: Any) -> Any:  # noqa: ANN401 - as above
    """Return a field for a text of a limited length."""
    return Field(max_length=TEXTS[column], **other)


class ChangeRecord(_Base):
    """One command that wrote something; one without a device is no step of undo."""

    uid: Uid
    at: Instant
    device: Uid | None = None
    command: Words = Field(max_length=MAX_COMMAND)


class TombstoneRecord(_Base):
    """What was purged: its uid and when, and nothing else."""

    uid: Uid
    at: Instant


class Record(_Base):
    """What every record has: its uid, when it was first written, and whether it was taken out."""

    uid: Uid
    created_at: Instant
    removed: bool


class SessionRecord(Record):
    """A session: one record of an exercise done."""

    exercise: ExerciseId = _text("exercise")
    day: Day
    at: Instant | None = None
    utc_offset_min: int | None = _number("utc_offset_min")
    side: Side | None = None
    sets: int | None = _number("sets")
    reps: int | None = _number("reps")
    hold_s: int | None = _number("hold_s")
    load: Words | None = _text("load", default=None)
    pain: int | None = _number("pain")
    effort: int | None = _number("effort")
    note: Words | None = _text("note", default=None)

    @model_validator(mode="after")
    def _at_with_offset(self) -> Self:
        if (self.at is None) != (self.utc_offset_min is None):
            raise ValueError("at and utc_offset_min must both be there or both be null")
        return self


class PrescriptionRecord(Record):
    """A prescription; kind `drop` prescribes nothing from its first day on."""

    exercise: ExerciseId = _text("exercise")
    first_day: Day
    kind: Kind
    sets: int | None = _number("sets")
    reps: int | None = _number("reps")
    hold_s: int | None = _number("hold_s")
    up_s: int | None = _number("up_s")
    down_s: int | None = _number("down_s")
    rest_s: int | None = _number("rest_s")
    every: int | None = _number("every")
    weekdays: Weekdays | None = None
    per_week: int | None = _number("per_week")

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        drop = self.kind == "drop"
        if (self.sets is None) != drop or (self.reps is None and self.hold_s is None) != drop:
            raise ValueError("must have sets, and reps or hold_s, unless it is a drop, which has none of them")
        for key, value in (("every", self.every), ("weekdays", self.weekdays), ("per_week", self.per_week)):
            if (value is not None) != (self.kind == key):
                raise ValueError(f"{key} must be there when the kind is {key}, and null otherwise")
        if drop and (self.up_s, self.down_s, self.rest_s) != (None, None, None):
            raise ValueError("must have no up_s, down_s and rest_s when it is a drop")
        return self


class PauseRecord(Record):
    """A pause of one exercise, or of all; without a last day it lasts until it is ended."""

    exercise: ExerciseId | None = _text("exercise", default=None)
    first_day: Day
    last_day: Day | None = None
    reason: Words | None = _text("reason", default=None)

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.last_day is not None and self.last_day < self.first_day:
            raise ValueError("last_day must not be before first_day")
        return self


class ExerciseRecord(Record):
    """An exercise that the person added; its uid follows from its id, so that two copies agree on it."""

    exercise: ExerciseId = _text("exercise")
    name: Name = _text("name", min_length=1)
    per_side: bool
    mode: Mode

    @model_validator(mode="after")
    def _uid_follows(self) -> Self:
        if self.uid != mapping.uid_of("exercise", self.exercise):
            raise ValueError("uid must be the one that follows from the exercise")
        return self


class SettingRecord(Record):
    """A setting that was changed; its uid follows from its key, so that two copies agree on it."""

    key: Words = _text("key")
    value: Words = _text("value")

    @model_validator(mode="after")
    def _uid_follows(self) -> Self:
        if self.uid != mapping.uid_of("setting", self.key):
            raise ValueError("uid must be the one that follows from the key")
        return self


class PainRecord(Record):
    """Pain noted apart from sessions, at a moment of a day; or a note of a day, without a number."""

    day: Day
    moment: Moment | None = None
    at: Instant | None = None
    utc_offset_min: int | None = _number("utc_offset_min")
    side: Side | None = None
    pain: int | None = _number("pain")
    note: Words | None = _text("note", default=None)

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if (self.at is None) != (self.utc_offset_min is None):
            raise ValueError("at and utc_offset_min must both be there or both be null")
        if (self.moment is None) != (self.pain is None):
            raise ValueError("moment and pain must both be there or both be null")
        if self.pain is None and self.note is None:
            raise ValueError("must have a pain or a note")
        return self


class ScoreRecord(Record):
    """How a questionnaire or a rating came out, as tenths; of an activity of the person's own for `psfs` alone."""

    day: Day
    measure: Measure
    activity: Words | None = _text("activity", default=None)
    tenths: int = Field(ge=NUMBERS["tenths"].start, le=NUMBERS["tenths"].stop - 1)

    @model_validator(mode="after")
    def _fits_its_measure(self) -> Self:
        if (self.measure == "psfs") != (self.activity is not None):
            raise ValueError("activity must be there when the measure is psfs, and null otherwise")
        return self


class RuleRecord(Record):
    """A rule of when to go on from an exercise; its uid follows from that, so that two copies agree on it."""

    exercise: ExerciseId = _text("exercise")
    least: int | None = _number("least")
    most: int | None = _number("most")
    sessions: int = Field(ge=NUMBERS["sessions"].start, le=NUMBERS["sessions"].stop - 1)
    max_pain: int | None = _number("max_pain")
    morning_not_worse: bool
    max_effort: int | None = _number("max_effort")
    then_exercise: ExerciseId = _text("then_exercise")
    sets: int = Field(ge=NUMBERS["sets"].start, le=NUMBERS["sets"].stop - 1)
    reps: int | None = _number("reps")
    hold_s: int | None = _number("hold_s")
    quiet_until: Day | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if self.uid != mapping.uid_of("rule", self.exercise):
            raise ValueError("uid must be the one that follows from the exercise")
        if (self.least is None) != (self.most is None) or (self.least or 0) > (self.most or 0):
            raise ValueError("least and most must both be there, in this order, or both be null")
        if self.reps is None and self.hold_s is None:
            raise ValueError("must have reps or hold_s")
        return self


# Tables


def _check_of(column: str) -> str | None:
    """Return the rule that a column is NULL or within its limits, None where any value will do."""
    if column in NUMBERS:
        limits = NUMBERS[column]
        return f"{column} BETWEEN {limits.start} AND {limits.stop - 1} AND {column} = CAST({column} AS INTEGER)"
    if column in WORDS:
        return f"{column} IN ({', '.join(repr(word) for word in WORDS[column])})"
    if column in TEXTS:
        return f"length({column}) <= {TEXTS[column]}"
    return _CHECKS.get(column)


_CHECKS = {
    "uid": f"length(uid) = {UID_DIGITS}",
    "command": f"length(command) <= {MAX_COMMAND}",
    "checksum": f"checksum BETWEEN 0 AND {MAX_CHECKSUM}",
    **{
        column: f"length({column}) = 10 AND {column} LIKE '____-__-__' AND {column} >= '1900-01-01'"
        for column in ("day", "first_day", "last_day", "quiet_until")
    },
    **{
        column: f"length({column}) = {STAMP_LENGTH} AND {column} LIKE '____-__-__ __:__:__.______'"
        for column in ("at", "created_at", "since")
    },
    **{column: f"{column} IN (TRUE, FALSE)" for column in ("removed", "current", "per_side", "morning_not_worse")},
}


def _limits(record: type[SQLModel], *more: str) -> tuple[CheckConstraint, ...]:
    """Return the rules that the fields of a record keep, and more."""
    rules = [*map(_check_of, record.model_fields), *map(_check_of, more), *(rule for rule in more if " " in rule)]
    return tuple(CheckConstraint(rule) for rule in rules if rule)


def _index(name: str, *columns: str, where: str | None = None, unique: bool = False) -> Index:
    """Return an index, on some rows alone where that is said."""
    condition = None if where is None else text(where)
    return Index(name, *columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def _versioned(table: str, record: type[Record], *more: str) -> tuple[CheckConstraint | Index, ...]:
    """Return the rules and indexes of a table of versions."""
    return (
        *_limits(record, "current", "checksum", *more),
        _index(f"{table}_versions", "uid"),
        _index(f"{table}_changes", "change_id"),
        _index(f"{table}_current", "uid", where="current", unique=True),
    )


_AUTOINCREMENT = {"sqlite_autoincrement": True}


class Device(_Base, table=True):
    """The ids that this copy of the diary has had; the newest is the one that it writes with."""

    __table_args__ = (*_limits(_Base, "uid", "since"), _AUTOINCREMENT)

    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(unique=True)
    since: str


class Change(ChangeRecord, table=True):
    """A change; `undoes` is the ordinary one that an undo or a redo is about.

    `part_of` is the first change of those that undo, redo and `last` take together.
    """

    __table_args__ = (
        *_limits(ChangeRecord, "length(device) = 32"),
        _index("change_at", "at", "uid"),
        _index("change_undoes", "undoes", where="undoes IS NOT NULL"),
        _index("change_parts", "part_of", where="part_of IS NOT NULL"),
        _AUTOINCREMENT,
    )

    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(unique=True)
    undoes: int | None = Field(default=None, foreign_key="change.id")
    part_of: int | None = Field(default=None, foreign_key="change.id")


class Tombstone(TombstoneRecord, table=True):
    """A tombstone."""

    __table_args__ = _limits(TombstoneRecord)

    uid: str = Field(primary_key=True)


class Version(_Base):
    """What a version of a record has beside what it says.

    `brought_by` is the import that brought it from elsewhere; `checksum` is `mapping.checksum` of it.
    """

    id: int | None = Field(default=None, primary_key=True)
    change_id: int = Field(foreign_key="change.id")
    current: bool
    brought_by: int | None = Field(default=None, foreign_key="change.id")
    checksum: int = Field(sa_type=BigInteger)


class SessionVersion(SessionRecord, Version, table=True):
    """A version of a session."""

    __tablename__ = "session"
    __table_args__ = (
        *_versioned("session", SessionRecord),
        _index("session_brought", "brought_by", where="brought_by IS NOT NULL"),
        _index("session_days", "day", "exercise", "utc_offset_min", where=LIVE),
        _index("session_exercises", "exercise", "day", "utc_offset_min", where=LIVE),
        _AUTOINCREMENT,
    )


class PrescriptionVersion(PrescriptionRecord, Version, table=True):
    """A version of a prescription."""

    __tablename__ = "prescription"
    __table_args__ = (
        *_versioned(
            "prescription",
            PrescriptionRecord,
            "(kind = 'drop') = (sets IS NULL)",
            "kind = 'drop' OR reps IS NOT NULL OR hold_s IS NOT NULL",
            "(kind = 'every') = (every IS NOT NULL)",
            "(kind = 'weekdays') = (weekdays IS NOT NULL)",
            "(kind = 'per_week') = (per_week IS NOT NULL)",
        ),
        _AUTOINCREMENT,
    )


class PauseVersion(PauseRecord, Version, table=True):
    """A version of a pause."""

    __tablename__ = "pause"
    __table_args__ = (*_versioned("pause", PauseRecord, "first_day <= last_day"), _AUTOINCREMENT)


class ExerciseVersion(ExerciseRecord, Version, table=True):
    """A version of an exercise of the person's own."""

    __tablename__ = "exercise"
    __table_args__ = (*_versioned("exercise", ExerciseRecord), _AUTOINCREMENT)


class SettingVersion(SettingRecord, Version, table=True):
    """A version of a setting."""

    __tablename__ = "setting"
    __table_args__ = (*_versioned("setting", SettingRecord), _AUTOINCREMENT)


class PainVersion(PainRecord, Version, table=True):
    """A version of a pain."""

    __tablename__ = "pain"
    __table_args__ = (
        *_versioned(
            "pain",
            PainRecord,
            "(moment IS NULL) = (pain IS NULL)",
            "pain IS NOT NULL OR note IS NOT NULL",
        ),
        _index("pain_days", "day", where=LIVE),
        _AUTOINCREMENT,
    )


class ScoreVersion(ScoreRecord, Version, table=True):
    """A version of a score."""

    __tablename__ = "score"
    __table_args__ = (
        *_versioned("score", ScoreRecord, "(measure = 'psfs') = (activity IS NOT NULL)"),
        _AUTOINCREMENT,
    )


class RuleVersion(RuleRecord, Version, table=True):
    """A version of a rule."""

    __tablename__ = "rule"
    __table_args__ = (
        *_versioned(
            "rule",
            RuleRecord,
            "(least IS NULL) = (most IS NULL)",
            "least <= most",
            "reps IS NOT NULL OR hold_s IS NOT NULL",
        ),
        _AUTOINCREMENT,
    )


# The statements that make them

_REVISION_TABLE = "CREATE TABLE alembic_version (\n    version_num VARCHAR(32) NOT NULL PRIMARY KEY\n)"


def statements() -> list[str]:
    """Return the statements that make the tables in SQLite, as SQLite keeps them in its schema."""
    dialect = sqlite.dialect()
    made = [_REVISION_TABLE]
    for table in _Base.metadata.sorted_tables:
        made.append(str(CreateTable(table).compile(dialect=dialect)))
        made += [
            str(CreateIndex(index).compile(dialect=dialect))
            for index in sorted(table.indexes, key=lambda index: str(index.name))
        ]
    return ["\n".join(line.rstrip().replace("\t", "    ") for line in each.strip().splitlines()) for each in made]


def written() -> str:
    """Return what `ddl.py` must be."""
    listed = "".join(f"    {TRIPLE}{each}{TRIPLE},\n" for each in statements())
    return (
        '"""The statements that make a new diary; written by `python -m kneetrack.store.tables`."""\n\n'
        f'REVISION = "{REVISION}"\n\n'
        f"STATEMENTS: tuple[str, ...] = (\n{listed})\n"
    )


TRIPLE = '"' * 3

if __name__ == "__main__":
    DDL.write_text(written(), "ascii")
