"""Instants are texts, every version has a checksum, and each table is as `ddl.py` of its time makes it.

The name of when a record was first written becomes `created_at`. Prescriptions get a tempo and a rest, changes the one
that they are a part of, this copy a history of its ids, and what is purged a tombstone. SQLite alone has diaries from
before this revision.
"""

from collections.abc import Iterable
from typing import Any
from zlib import crc32

from alembic import op

revision = "0003"
down_revision = "0002"

_FACTS = {
    "session": ("exercise, day, at, utc_offset_min, side, sets, reps, hold_s, load, pain, effort, note"),
    "prescription": "exercise, first_day, kind, sets, reps, hold_s, every, weekdays, per_week",
    "pause": "exercise, first_day, last_day, reason",
    "exercise": "exercise, name, per_side, mode",
    "setting": "key, value",
}
_OLD = ("device", "change", *_FACTS)


def upgrade() -> None:
    """Make every table anew, and copy what the old ones hold."""
    connection: Any = op.get_bind().connection.driver_connection
    connection.create_function("checksum", -1, _checksum, deterministic=True)
    for table in _OLD:
        op.execute(f"ALTER TABLE {table} RENAME TO old_{table}")
    for statement in TABLES:
        op.execute(statement)
    op.execute(_CHANGES)
    op.execute(_DEVICE)
    for table, facts in _FACTS.items():
        op.execute(_versions(table, facts.split(", ")))
    for table in reversed(_OLD):
        op.execute(f"DELETE FROM sqlite_sequence WHERE name = '{table}'")
        op.execute(f"UPDATE sqlite_sequence SET name = '{table}' WHERE name = 'old_{table}'")
        op.execute(f"DROP TABLE old_{table}")
    for statement in INDEXES:
        op.execute(statement)
    # Alembic's own table, whose form depends on its version, gets one that does not.
    op.execute("DROP TABLE alembic_version")
    op.execute(VERSION_TABLE)
    op.execute("INSERT INTO alembic_version (version_num) VALUES ('0002')")


def _checksum(*names_and_values: Any) -> int:  # noqa: ANN401 - as SQLite has them
    """Return the CRC-32 of a line for each value that is not null."""
    pairs: Iterable[tuple[Any, Any]] = zip(names_and_values[::2], names_and_values[1::2], strict=True)
    said = "\n".join(f"{name}={value}" for name, value in pairs if value is not None)
    return crc32(said.encode("utf-8", "surrogatepass"))


def _versions(table: str, facts: list[str]) -> str:
    """Return the statement that copies the versions of a table."""
    said = {"uid": "old.uid", "change": "change.uid", "created_at": "old.made", "removed": "old.removed"}
    said |= {fact: f'old."{fact}"' for fact in facts}
    summed = ", ".join(f"'{name}', {column}" for name, column in said.items())
    named = ", ".join(f'"{fact}"' for fact in facts)
    values = ", ".join(f'old."{fact}"' for fact in facts)
    return f"""
        INSERT INTO {table} (id, uid, change_id, created_at, removed, current, brought_by, checksum, {named})
        SELECT old.id, old.uid, old.change_id, old.made, old.removed, old.current, old.brought_by,
            checksum({summed}), {values}
        FROM old_{table} AS old LEFT JOIN change ON change.id = old.change_id ORDER BY old.id
    """


_CHANGES = """
    INSERT INTO change (id, uid, at, device, command, undoes)
    SELECT id, uid, at, device, command, undoes FROM old_change ORDER BY id
"""
_DEVICE = """
    INSERT INTO device (uid, since) SELECT uid, coalesce(
        (SELECT min(at) FROM change WHERE device = old.uid), strftime('%Y-%m-%d %H:%M:%f000', 'now')
    ) FROM old_device AS old
"""
VERSION_TABLE = """CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL PRIMARY KEY
)"""
TABLES = (
    """CREATE TABLE change (
    at VARCHAR NOT NULL,
    device VARCHAR,
    command VARCHAR(200000) NOT NULL,
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    uid VARCHAR NOT NULL,
    undoes INTEGER,
    part_of INTEGER,
    CHECK (length(uid) = 32),
    CHECK (length(at) = 26 AND at LIKE '____-__-__ __:__:__.______'),
    CHECK (length(command) <= 200000),
    CHECK (length(device) = 32),
    UNIQUE (uid),
    FOREIGN KEY(undoes) REFERENCES change (id),
    FOREIGN KEY(part_of) REFERENCES change (id)
)""",
    """CREATE TABLE device (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    uid VARCHAR NOT NULL,
    since VARCHAR NOT NULL,
    CHECK (length(uid) = 32),
    CHECK (length(since) = 26 AND since LIKE '____-__-__ __:__:__.______'),
    UNIQUE (uid)
)""",
    """CREATE TABLE tombstone (
    uid VARCHAR NOT NULL,
    at VARCHAR NOT NULL,
    PRIMARY KEY (uid),
    CHECK (length(uid) = 32),
    CHECK (length(at) = 26 AND at LIKE '____-__-__ __:__:__.______')
)""",
    """CREATE TABLE exercise (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    change_id INTEGER NOT NULL,
    current BOOLEAN NOT NULL,
    brought_by INTEGER,
    checksum BIGINT NOT NULL,
    uid VARCHAR NOT NULL,
    created_at VARCHAR NOT NULL,
    removed BOOLEAN NOT NULL,
    exercise VARCHAR(200) NOT NULL,
    name VARCHAR(200) NOT NULL,
    per_side BOOLEAN NOT NULL,
    mode VARCHAR NOT NULL,
    CHECK (length(uid) = 32),
    CHECK (length(created_at) = 26 AND created_at LIKE '____-__-__ __:__:__.______'),
    CHECK (removed IN (TRUE, FALSE)),
    CHECK (length(exercise) <= 200),
    CHECK (length(name) <= 200),
    CHECK (per_side IN (TRUE, FALSE)),
    CHECK (mode IN ('reps', 'hold')),
    CHECK (current IN (TRUE, FALSE)),
    CHECK (checksum BETWEEN 0 AND 4294967295),
    FOREIGN KEY(change_id) REFERENCES change (id),
    FOREIGN KEY(brought_by) REFERENCES change (id)
)""",
    """CREATE TABLE pause (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    change_id INTEGER NOT NULL,
    current BOOLEAN NOT NULL,
    brought_by INTEGER,
    checksum BIGINT NOT NULL,
    uid VARCHAR NOT NULL,
    created_at VARCHAR NOT NULL,
    removed BOOLEAN NOT NULL,
    exercise VARCHAR(200),
    first_day VARCHAR NOT NULL,
    last_day VARCHAR,
    reason VARCHAR(2000),
    CHECK (length(uid) = 32),
    CHECK (length(created_at) = 26 AND created_at LIKE '____-__-__ __:__:__.______'),
    CHECK (removed IN (TRUE, FALSE)),
    CHECK (length(exercise) <= 200),
    CHECK (length(first_day) = 10 AND first_day LIKE '____-__-__' AND first_day >= '1900-01-01'),
    CHECK (length(last_day) = 10 AND last_day LIKE '____-__-__' AND last_day >= '1900-01-01'),
    CHECK (length(reason) <= 2000),
    CHECK (current IN (TRUE, FALSE)),
    CHECK (checksum BETWEEN 0 AND 4294967295),
    CHECK (first_day <= last_day),
    FOREIGN KEY(change_id) REFERENCES change (id),
    FOREIGN KEY(brought_by) REFERENCES change (id)
)""",
    """CREATE TABLE prescription (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    change_id INTEGER NOT NULL,
    current BOOLEAN NOT NULL,
    brought_by INTEGER,
    checksum BIGINT NOT NULL,
    uid VARCHAR NOT NULL,
    created_at VARCHAR NOT NULL,
    removed BOOLEAN NOT NULL,
    exercise VARCHAR(200) NOT NULL,
    first_day VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    sets INTEGER,
    reps INTEGER,
    hold_s INTEGER,
    up_s INTEGER,
    down_s INTEGER,
    rest_s INTEGER,
    every INTEGER,
    weekdays VARCHAR,
    per_week INTEGER,
    CHECK (length(uid) = 32),
    CHECK (length(created_at) = 26 AND created_at LIKE '____-__-__ __:__:__.______'),
    CHECK (removed IN (TRUE, FALSE)),
    CHECK (length(exercise) <= 200),
    CHECK (length(first_day) = 10 AND first_day LIKE '____-__-__' AND first_day >= '1900-01-01'),
    CHECK (kind IN ('drop', 'daily', 'every', 'weekdays', 'per_week')),
    CHECK (sets BETWEEN 1 AND 99 AND sets = CAST(sets AS INTEGER)),
    CHECK (reps BETWEEN 1 AND 9999 AND reps = CAST(reps AS INTEGER)),
    CHECK (hold_s BETWEEN 1 AND 86400 AND hold_s = CAST(hold_s AS INTEGER)),
    CHECK (up_s BETWEEN 1 AND 60 AND up_s = CAST(up_s AS INTEGER)),
    CHECK (down_s BETWEEN 1 AND 60 AND down_s = CAST(down_s AS INTEGER)),
    CHECK (rest_s BETWEEN 0 AND 3600 AND rest_s = CAST(rest_s AS INTEGER)),
    CHECK (every BETWEEN 1 AND 365 AND every = CAST(every AS INTEGER)),
    CHECK (per_week BETWEEN 1 AND 7 AND per_week = CAST(per_week AS INTEGER)),
    CHECK (current IN (TRUE, FALSE)),
    CHECK (checksum BETWEEN 0 AND 4294967295),
    CHECK ((kind = 'drop') = (sets IS NULL)),
    CHECK (kind = 'drop' OR reps IS NOT NULL OR hold_s IS NOT NULL),
    CHECK ((kind = 'every') = (every IS NOT NULL)),
    CHECK ((kind = 'weekdays') = (weekdays IS NOT NULL)),
    CHECK ((kind = 'per_week') = (per_week IS NOT NULL)),
    FOREIGN KEY(change_id) REFERENCES change (id),
    FOREIGN KEY(brought_by) REFERENCES change (id)
)""",
    """CREATE TABLE session (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    change_id INTEGER NOT NULL,
    current BOOLEAN NOT NULL,
    brought_by INTEGER,
    checksum BIGINT NOT NULL,
    uid VARCHAR NOT NULL,
    created_at VARCHAR NOT NULL,
    removed BOOLEAN NOT NULL,
    exercise VARCHAR(200) NOT NULL,
    day VARCHAR NOT NULL,
    at VARCHAR,
    utc_offset_min INTEGER,
    side VARCHAR,
    sets INTEGER,
    reps INTEGER,
    hold_s INTEGER,
    load VARCHAR(2000),
    pain INTEGER,
    effort INTEGER,
    note VARCHAR(2000),
    CHECK (length(uid) = 32),
    CHECK (length(created_at) = 26 AND created_at LIKE '____-__-__ __:__:__.______'),
    CHECK (removed IN (TRUE, FALSE)),
    CHECK (length(exercise) <= 200),
    CHECK (length(day) = 10 AND day LIKE '____-__-__' AND day >= '1900-01-01'),
    CHECK (length(at) = 26 AND at LIKE '____-__-__ __:__:__.______'),
    CHECK (utc_offset_min BETWEEN -1439 AND 1439 AND utc_offset_min = CAST(utc_offset_min AS INTEGER)),
    CHECK (side IN ('left', 'right', 'both')),
    CHECK (sets BETWEEN 1 AND 99 AND sets = CAST(sets AS INTEGER)),
    CHECK (reps BETWEEN 1 AND 9999 AND reps = CAST(reps AS INTEGER)),
    CHECK (hold_s BETWEEN 1 AND 86400 AND hold_s = CAST(hold_s AS INTEGER)),
    CHECK (length(load) <= 2000),
    CHECK (pain BETWEEN 0 AND 10 AND pain = CAST(pain AS INTEGER)),
    CHECK (effort BETWEEN 0 AND 10 AND effort = CAST(effort AS INTEGER)),
    CHECK (length(note) <= 2000),
    CHECK (current IN (TRUE, FALSE)),
    CHECK (checksum BETWEEN 0 AND 4294967295),
    FOREIGN KEY(change_id) REFERENCES change (id),
    FOREIGN KEY(brought_by) REFERENCES change (id)
)""",
    """CREATE TABLE setting (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    change_id INTEGER NOT NULL,
    current BOOLEAN NOT NULL,
    brought_by INTEGER,
    checksum BIGINT NOT NULL,
    uid VARCHAR NOT NULL,
    created_at VARCHAR NOT NULL,
    removed BOOLEAN NOT NULL,
    "key" VARCHAR(200) NOT NULL,
    value VARCHAR(200) NOT NULL,
    CHECK (length(uid) = 32),
    CHECK (length(created_at) = 26 AND created_at LIKE '____-__-__ __:__:__.______'),
    CHECK (removed IN (TRUE, FALSE)),
    CHECK (length(key) <= 200),
    CHECK (length(value) <= 200),
    CHECK (current IN (TRUE, FALSE)),
    CHECK (checksum BETWEEN 0 AND 4294967295),
    FOREIGN KEY(change_id) REFERENCES change (id),
    FOREIGN KEY(brought_by) REFERENCES change (id)
)""",
)
INDEXES = (
    """CREATE INDEX change_at ON change (at, uid)""",
    """CREATE INDEX change_parts ON change (part_of) WHERE part_of IS NOT NULL""",
    """CREATE INDEX change_undoes ON change (undoes) WHERE undoes IS NOT NULL""",
    """CREATE INDEX exercise_changes ON exercise (change_id)""",
    """CREATE UNIQUE INDEX exercise_current ON exercise (uid) WHERE current""",
    """CREATE INDEX exercise_versions ON exercise (uid)""",
    """CREATE INDEX pause_changes ON pause (change_id)""",
    """CREATE UNIQUE INDEX pause_current ON pause (uid) WHERE current""",
    """CREATE INDEX pause_versions ON pause (uid)""",
    """CREATE INDEX prescription_changes ON prescription (change_id)""",
    """CREATE UNIQUE INDEX prescription_current ON prescription (uid) WHERE current""",
    """CREATE INDEX prescription_versions ON prescription (uid)""",
    """CREATE INDEX session_brought ON session (brought_by) WHERE brought_by IS NOT NULL""",
    """CREATE INDEX session_changes ON session (change_id)""",
    """CREATE UNIQUE INDEX session_current ON session (uid) WHERE current""",
    """CREATE INDEX session_days ON session (day, exercise, utc_offset_min) WHERE current AND NOT removed""",
    """CREATE INDEX session_exercises ON session (exercise, day, utc_offset_min) WHERE current AND NOT removed""",
    """CREATE INDEX session_versions ON session (uid)""",
    """CREATE INDEX setting_changes ON setting (change_id)""",
    """CREATE UNIQUE INDEX setting_current ON setting (uid) WHERE current""",
    """CREATE INDEX setting_versions ON setting (uid)""",
)
