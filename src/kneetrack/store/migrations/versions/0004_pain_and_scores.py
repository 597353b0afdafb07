"""Pain that is noted apart from sessions, and scores."""

from alembic import op

revision = "0004"
down_revision = "0003"

STATEMENTS = (
    """CREATE TABLE pain (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    change_id INTEGER NOT NULL,
    current BOOLEAN NOT NULL,
    brought_by INTEGER,
    checksum BIGINT NOT NULL,
    uid VARCHAR NOT NULL,
    created_at VARCHAR NOT NULL,
    removed BOOLEAN NOT NULL,
    day VARCHAR NOT NULL,
    moment VARCHAR,
    at VARCHAR,
    utc_offset_min INTEGER,
    side VARCHAR,
    pain INTEGER,
    note VARCHAR(2000),
    CHECK (length(uid) = 32),
    CHECK (length(created_at) = 26 AND created_at LIKE '____-__-__ __:__:__.______'),
    CHECK (removed IN (TRUE, FALSE)),
    CHECK (length(day) = 10 AND day LIKE '____-__-__' AND day >= '1900-01-01'),
    CHECK (moment IN ('morning', 'after', 'day')),
    CHECK (length(at) = 26 AND at LIKE '____-__-__ __:__:__.______'),
    CHECK (utc_offset_min BETWEEN -1439 AND 1439 AND utc_offset_min = CAST(utc_offset_min AS INTEGER)),
    CHECK (side IN ('left', 'right', 'both')),
    CHECK (pain BETWEEN 0 AND 10 AND pain = CAST(pain AS INTEGER)),
    CHECK (length(note) <= 2000),
    CHECK (current IN (TRUE, FALSE)),
    CHECK (checksum BETWEEN 0 AND 4294967295),
    CHECK ((moment IS NULL) = (pain IS NULL)),
    CHECK (pain IS NOT NULL OR note IS NOT NULL),
    FOREIGN KEY(change_id) REFERENCES change (id),
    FOREIGN KEY(brought_by) REFERENCES change (id)
)""",
    """CREATE INDEX pain_changes ON pain (change_id)""",
    """CREATE UNIQUE INDEX pain_current ON pain (uid) WHERE current""",
    """CREATE INDEX pain_days ON pain (day) WHERE current AND NOT removed""",
    """CREATE INDEX pain_versions ON pain (uid)""",
    """CREATE TABLE score (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    change_id INTEGER NOT NULL,
    current BOOLEAN NOT NULL,
    brought_by INTEGER,
    checksum BIGINT NOT NULL,
    uid VARCHAR NOT NULL,
    created_at VARCHAR NOT NULL,
    removed BOOLEAN NOT NULL,
    day VARCHAR NOT NULL,
    measure VARCHAR NOT NULL,
    activity VARCHAR(200),
    tenths INTEGER NOT NULL,
    CHECK (length(uid) = 32),
    CHECK (length(created_at) = 26 AND created_at LIKE '____-__-__ __:__:__.______'),
    CHECK (removed IN (TRUE, FALSE)),
    CHECK (length(day) = 10 AND day LIKE '____-__-__' AND day >= '1900-01-01'),
    CHECK (measure IN ('psfs', 'nprs', 'change', 'akps', 'koos_pf')),
    CHECK (length(activity) <= 200),
    CHECK (tenths BETWEEN 0 AND 1000 AND tenths = CAST(tenths AS INTEGER)),
    CHECK (current IN (TRUE, FALSE)),
    CHECK (checksum BETWEEN 0 AND 4294967295),
    CHECK ((measure = 'psfs') = (activity IS NOT NULL)),
    FOREIGN KEY(change_id) REFERENCES change (id),
    FOREIGN KEY(brought_by) REFERENCES change (id)
)""",
    """CREATE INDEX score_changes ON score (change_id)""",
    """CREATE UNIQUE INDEX score_current ON score (uid) WHERE current""",
    """CREATE INDEX score_versions ON score (uid)""",
)


def upgrade() -> None:
    """Make the two tables with their indexes."""
    for statement in STATEMENTS:
        op.execute(statement)
