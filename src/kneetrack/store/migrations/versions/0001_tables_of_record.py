"""The tables of record."""

from alembic import op
from sqlalchemy import Boolean, CheckConstraint, Column, DateTime, ForeignKey, Integer, String, text
from sqlalchemy.schema import SchemaItem

revision = "0001"
down_revision = None

_SETS = "sets BETWEEN 1 AND 99 AND sets = CAST(sets AS INTEGER)"
_REPS = "reps BETWEEN 1 AND 9999 AND reps = CAST(reps AS INTEGER)"
_HOLD_S = "hold_s BETWEEN 1 AND 86400 AND hold_s = CAST(hold_s AS INTEGER)"


def upgrade() -> None:
    """Make every table of an empty diary."""
    op.create_table("device", Column("uid", String, primary_key=True))
    op.create_table(
        "change",
        Column("id", Integer, primary_key=True),
        Column("uid", String, nullable=False, unique=True),
        Column("at", DateTime, nullable=False),
        Column("device", String),
        Column("command", String, nullable=False),
        Column("undoes", Integer, ForeignKey("change.id")),
        sqlite_autoincrement=True,
    )
    op.create_index("change_at", "change", ["at"])
    _versioned(
        "session",
        Column("exercise", String, nullable=False),
        Column("day", String, nullable=False),
        Column("at", DateTime),
        Column("utc_offset_min", Integer),
        Column("side", String),
        Column("sets", Integer),
        Column("reps", Integer),
        Column("hold_s", Integer),
        Column("load", String),
        Column("pain", Integer),
        Column("effort", Integer),
        Column("note", String),
        CheckConstraint("length(day) = 10 AND day LIKE '____-__-__' AND day >= '1900-01-01'"),
        CheckConstraint("utc_offset_min BETWEEN -1440 AND 1440 AND utc_offset_min = CAST(utc_offset_min AS INTEGER)"),
        CheckConstraint("side IN ('left', 'right', 'both')"),
        CheckConstraint(_SETS),
        CheckConstraint(_REPS),
        CheckConstraint(_HOLD_S),
        CheckConstraint("pain BETWEEN 0 AND 10 AND pain = CAST(pain AS INTEGER)"),
        CheckConstraint("effort BETWEEN 0 AND 10 AND effort = CAST(effort AS INTEGER)"),
        CheckConstraint("length(note) <= 2000"),
        CheckConstraint("length(load) <= 2000"),
    )
    _live_index("session_days", "session", "day", "exercise")
    _live_index("session_exercises", "session", "exercise", "day")
    _versioned(
        "prescription",
        Column("exercise", String, nullable=False),
        Column("first_day", String, nullable=False),
        Column("kind", String, nullable=False),
        Column("sets", Integer),
        Column("reps", Integer),
        Column("hold_s", Integer),
        Column("every", Integer),
        Column("weekdays", String),
        Column("per_week", Integer),
        CheckConstraint("length(first_day) = 10 AND first_day LIKE '____-__-__' AND first_day >= '1900-01-01'"),
        CheckConstraint(_SETS),
        CheckConstraint(_REPS),
        CheckConstraint(_HOLD_S),
        CheckConstraint("kind IN ('drop', 'daily', 'every', 'weekdays', 'per_week')"),
        CheckConstraint("(kind = 'drop') = (sets IS NULL)"),
        CheckConstraint("kind = 'drop' OR reps IS NOT NULL OR hold_s IS NOT NULL"),
        CheckConstraint("(kind = 'every') = (every IS NOT NULL)"),
        CheckConstraint("(kind = 'weekdays') = (weekdays IS NOT NULL)"),
        CheckConstraint("(kind = 'per_week') = (per_week IS NOT NULL)"),
        CheckConstraint("every BETWEEN 1 AND 365 AND every = CAST(every AS INTEGER)"),
        CheckConstraint("per_week BETWEEN 1 AND 7 AND per_week = CAST(per_week AS INTEGER)"),
    )
    _versioned(
        "pause",
        Column("exercise", String),
        Column("first_day", String, nullable=False),
        Column("last_day", String),
        Column("reason", String),
        CheckConstraint("length(first_day) = 10 AND first_day LIKE '____-__-__' AND first_day >= '1900-01-01'"),
        CheckConstraint("length(last_day) = 10 AND last_day LIKE '____-__-__' AND last_day >= '1900-01-01'"),
        CheckConstraint("first_day <= last_day"),
        CheckConstraint("length(reason) <= 2000"),
    )
    _versioned(
        "exercise",
        Column("exercise", String, nullable=False),
        Column("name", String, nullable=False),
        Column("per_side", Boolean, nullable=False),
        Column("mode", String, nullable=False),
        CheckConstraint("mode IN ('reps', 'hold')"),
    )
    _versioned("setting", Column("key", String, nullable=False), Column("value", String, nullable=False))


def _versioned(table: str, *facts: SchemaItem) -> None:
    """Make a table whose rows are versions of records."""
    op.create_table(
        table,
        Column("id", Integer, primary_key=True),
        Column("uid", String, nullable=False),
        Column("change_id", Integer, ForeignKey("change.id"), nullable=False),
        Column("made", DateTime, nullable=False),
        Column("removed", Boolean, nullable=False),
        Column("current", Boolean, nullable=False),
        *facts,
        sqlite_autoincrement=True,
    )
    op.create_index(f"{table}_versions", table, ["uid"])
    op.create_index(f"{table}_changes", table, ["change_id"])
    where = text("current")
    op.create_index(f"{table}_current", table, ["uid"], unique=True, sqlite_where=where, postgresql_where=where)


def _live_index(name: str, table: str, *columns: str) -> None:
    """Index what is shown and counted."""
    where = text("current AND NOT removed")
    op.create_index(name, table, [*columns], sqlite_where=where, postgresql_where=where)
