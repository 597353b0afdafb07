"""Which versions stand, which is the newest, and which prescriptions count: the conditions, said once.

Each is SQL that SQLite and PostgreSQL both take. A record is never changed: a newer version takes its place. A version
is shown when it is `current` and not `removed`. One that an import brought, and what is written here in its place,
knows that import as `brought_by`. When the import is undone such versions no longer stand: it is as if they had never
come, and a record may be left without any.
"""

from kneetrack.store.mapping import VERSIONED, WITH_IDS

LIVE = "current AND NOT removed"
LIVE_SESSIONS = f"SELECT count(*) FROM session WHERE {LIVE}"

_UNDONE = "SELECT undoes FROM change WHERE undoes IS NOT NULL GROUP BY undoes HAVING count(*) % 2 = 1"


def stands(of: str = "") -> str:
    """Return the condition that a version stands; `of` is the name that its table has in the statement.

    One that an import brought stands unless that import was undone once more than redone. Counting tells that,
    because what undoes or redoes an import is never exported.
    """
    column = f"{of}.brought_by" if of else "brought_by"
    return f"({column} IS NULL OR {column} NOT IN ({_UNDONE}))"


def here(of: str = "") -> str:
    """Return the condition that a version was written here: an import is written after the changes that it brings."""
    dot = f"{of}." if of else ""
    return f"({dot}brought_by IS NULL OR {dot}change_id > {dot}brought_by)"


OWN_DEVICE = "(SELECT uid FROM device ORDER BY id DESC LIMIT 1)"
"""The id that this copy of the diary writes with. It keeps those that it had before, for undo."""


def newest(table: str) -> str:
    """Return the condition that no later version of the same record stands.

    The later of two versions is that of the later change, by its instant and then its uid, wherever it was written:
    so the order in which copies are merged makes no difference.
    """
    return f"""NOT EXISTS (
        SELECT 1 FROM {table} AS other JOIN change AS its ON its.id = other.change_id
        WHERE other.uid = {table}.uid AND {stands("other")}
        AND (its.at, its.uid) > (SELECT own.at, own.uid FROM change AS own WHERE own.id = {table}.change_id)
    )"""


_OWN = "(SELECT device FROM change WHERE change.id = change_id) IS NOT NULL"
_BEFORE = """
    SELECT 1 FROM prescription AS earlier WHERE earlier.exercise = prescription.exercise
    AND earlier.created_at < prescription.created_at AND earlier.current AND NOT earlier.removed
"""
COUNTS = f"{LIVE} AND ({_OWN} OR NOT EXISTS ({_BEFORE}))"
"""The prescriptions that count: what an example plan, whose change has no device, asks of an exercise counts only
where nothing was asked of it before.

Diaries that grew apart may bring an example each, and none is to take the place of what a person chose.
"""

SHOWN_IDS = (*(of.table for of in WITH_IDS), "change")
"""The tables whose ids people see and type."""

NEIGHBOURS = "SELECT " + ", ".join(
    f"(SELECT {side}(uid) FROM {table} WHERE {'current AND ' * (table != 'change')}uid {sign} CAST(? AS TEXT))"
    for table in SHOWN_IDS
    for side, sign in (("max", "<"), ("min", ">"))
)
"""The ids next to one in the order of each such table; the id is bound once for each of its marks."""

ALL_SHOWN = " UNION ALL ".join(
    f"SELECT uid FROM {table}{' WHERE current' * (table != 'change')}" for table in SHOWN_IDS
)
"""All ids that people see and type."""

INSERTS = {
    of.table: f"INSERT INTO {of.table} ({', '.join(of.columns)}) VALUES ({', '.join('?' * len(of.columns))})"
    for of in VERSIONED
}
"""Writes a version, given its columns in the order of `Versioned.columns`."""
