"""The tables of record, in SQLModel.

A record is never changed: a newer version takes its place. The versions of one record share a `uid`; the
newest is `current`, and `removed` when there is nothing of the record left to show.

The revisions make the tables, and say for PostgreSQL too which indexes are partial; saying it here would
import that dialect with every command.
"""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from kneetrack.domain.dose import MAX_HOLD_S, MAX_REPS, MAX_SETS
from kneetrack.domain.plan import MAX_EVERY
from kneetrack.domain.records import MAX_NOTE, MAX_RATING
from kneetrack.store.rows import LIVE


def _whole(column: str, least: int, most: int) -> CheckConstraint:
    """Return the rule that a column is NULL or a whole number between two."""
    return CheckConstraint(f"{column} BETWEEN {least} AND {most} AND {column} = CAST({column} AS INTEGER)")


def _among(column: str, *words: str) -> CheckConstraint:
    """Return the rule that a column is NULL or one of some words."""
    return CheckConstraint(f"{column} IN ({', '.join(repr(word) for word in words)})")


def _day(column: str) -> CheckConstraint:
    """Return the rule that a column is NULL or a day as YYYY-MM-DD from 1900 on."""
    return CheckConstraint(f"length({column}) = 10 AND {column} LIKE '____-__-__' AND {column} >= '1900-01-01'")


def _dose() -> tuple[CheckConstraint, ...]:
    """Return the limits of a dose."""
    return (_whole("sets", 1, MAX_SETS), _whole("reps", 1, MAX_REPS), _whole("hold_s", 1, MAX_HOLD_S))


def _versions(table: str) -> tuple[Index, ...]:
    """Return the indexes that every versioned table has."""
    return (
        Index(f"{table}_versions", "uid"),
        Index(f"{table}_changes", "change_id"),
        Index(f"{table}_current", "uid", unique=True, sqlite_where=text("current")),
    )


def _live_index(name: str, *columns: str) -> Index:
    """Return an index on what is shown and counted."""
    return Index(name, *columns, sqlite_where=text(LIVE))


class Device(SQLModel, table=True):
    """This copy of the journal: its random id, one row."""

    uid: str = Field(primary_key=True)


class Change(SQLModel, table=True):
    """One command that wrote something; `undoes` is the ordinary change that an undo or a redo is about."""

    __table_args__ = (Index("change_at", "at"), {"sqlite_autoincrement": True})

    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(unique=True)
    at: datetime
    device: str | None
    command: str
    undoes: int | None = Field(default=None, foreign_key="change.id")


class Version(SQLModel):
    """What every versioned table has.

    `made` is when the record was first written; `brought_by` is the import that brought a version from elsewhere.
    """

    id: int | None = Field(default=None, primary_key=True)
    uid: str
    change_id: int = Field(foreign_key="change.id")
    made: datetime
    removed: bool = False
    current: bool = True
    brought_by: int | None = Field(default=None, foreign_key="change.id")

    SAME: ClassVar = frozenset({"id", "change_id", "removed", "current", "brought_by"})

    def facts(self) -> dict[str, object]:
        """Return what a version says, without what tells it from other versions of its record."""
        return self.model_dump(exclude=set(self.SAME))


class SessionRow(Version, table=True):
    """A session: one record of an exercise done."""

    __tablename__ = "session"
    __table_args__ = (
        *_versions("session"),
        Index("session_brought", "brought_by", sqlite_where=text("brought_by IS NOT NULL")),
        _live_index("session_days", "day", "exercise"),
        _live_index("session_exercises", "exercise", "day"),
        _day("day"),
        _whole("utc_offset_min", -1440, 1440),
        _among("side", "left", "right", "both"),
        *_dose(),
        _whole("pain", 0, MAX_RATING),
        _whole("effort", 0, MAX_RATING),
        CheckConstraint(f"length(note) <= {MAX_NOTE}"),
        CheckConstraint(f"length(load) <= {MAX_NOTE}"),
        {"sqlite_autoincrement": True},
    )

    exercise: str
    day: str
    at: datetime | None = None
    utc_offset_min: int | None = None
    side: str | None = None
    sets: int | None = None
    reps: int | None = None
    hold_s: int | None = None
    load: str | None = None
    pain: int | None = None
    effort: int | None = None
    note: str | None = None


class PrescriptionRow(Version, table=True):
    """A prescription; kind `drop` prescribes nothing from its first day on."""

    __tablename__ = "prescription"
    __table_args__ = (
        *_versions("prescription"),
        _day("first_day"),
        *_dose(),
        _among("kind", "drop", "daily", "every", "weekdays", "per_week"),
        CheckConstraint("(kind = 'drop') = (sets IS NULL)"),
        CheckConstraint("kind = 'drop' OR reps IS NOT NULL OR hold_s IS NOT NULL"),
        CheckConstraint("(kind = 'every') = (every IS NOT NULL)"),
        CheckConstraint("(kind = 'weekdays') = (weekdays IS NOT NULL)"),
        CheckConstraint("(kind = 'per_week') = (per_week IS NOT NULL)"),
        _whole("every", 1, MAX_EVERY),
        _whole("per_week", 1, 7),
        {"sqlite_autoincrement": True},
    )

    exercise: str
    first_day: str
    kind: str
    sets: int | None = None
    reps: int | None = None
    hold_s: int | None = None
    every: int | None = None
    weekdays: str | None = None
    per_week: int | None = None


class PauseRow(Version, table=True):
    """A pause of one exercise, or of all; without a last day it lasts until it is ended."""

    __tablename__ = "pause"
    __table_args__ = (
        *_versions("pause"),
        _day("first_day"),
        _day("last_day"),
        CheckConstraint("first_day <= last_day"),
        CheckConstraint(f"length(reason) <= {MAX_NOTE}"),
        {"sqlite_autoincrement": True},
    )

    exercise: str | None = None
    first_day: str
    last_day: str | None = None
    reason: str | None = None


class ExerciseRow(Version, table=True):
    """An exercise that the person added; its uid follows from its id, so that two copies agree on it."""

    __tablename__ = "exercise"
    __table_args__ = (*_versions("exercise"), _among("mode", "reps", "hold"), {"sqlite_autoincrement": True})

    exercise: str
    name: str
    per_side: bool
    mode: str


class SettingRow(Version, table=True):
    """A setting that was changed; its uid follows from its key, so that two copies agree on it."""

    __tablename__ = "setting"
    __table_args__ = (*_versions("setting"), {"sqlite_autoincrement": True})

    key: str
    value: str


VERSIONED: tuple[type[Version], ...] = (SessionRow, PrescriptionRow, PauseRow, ExerciseRow, SettingRow)
