"""What `doctor` looks at in a diary on a server: the server, the rules that the records keep, and who may read them."""

import re
from datetime import UTC, datetime, timedelta

from kneetrack.domain import text
from kneetrack.domain.errors import ForeignSchemaError, NotADiaryError
from kneetrack.domain.findings import Finding
from kneetrack.health import diary as of_files
from kneetrack.store import ddl
from kneetrack.store.mapping import CHANGE, DEVICE, TOMBSTONE, VERSIONED
from kneetrack.store.postgres import PostgresDatabase, open_database
from kneetrack.store.reading import DiaryReader
from kneetrack.store.rules import LIVE_SESSIONS
from kneetrack.store.server import Server

OLDEST = 150000
"""The oldest version of PostgreSQL that this is tested on; it is supported until November 2027."""

CLOCK_SLACK = timedelta(minutes=1)

_DOCS = "see docs/postgres.md"


def examine(server: Server, now: datetime) -> list[Finding]:
    """Return what is found on a server and in the diary that it has; writes nothing.

    Raises what `open_database` raises, except for what is damaged, which is a finding.
    """
    try:
        with open_database(server, write=False) as diary:
            found = [_server(diary), _clock(diary, now), _others(diary), _schema(diary)]
            if all(each.state != "damage" for each in found):
                found += [_whole(diary), of_files.records(diary, []), of_files.days(diary, now)]
            return found
    except ForeignSchemaError as error:
        return [Finding("diary", "damage", error.what, "name a schema of its own: ?diary=NAME")]
    except NotADiaryError as error:
        return [Finding("diary", "damage", error.what, "kneetrack restore lists the backups")]


def _server(diary: PostgresDatabase) -> Finding:
    """Return which server it is, and whether it suits a diary."""
    ((version, number, encoding, recovering, sync),) = diary.rows(
        "SELECT current_setting('server_version'), CAST(current_setting('server_version_num') AS INTEGER),"
        " current_setting('server_encoding'), pg_is_in_recovery(), current_setting('fsync')"
    )
    words = f"PostgreSQL {text.clean(version)}, {text.clean(encoding)}"
    if encoding != "UTF8":
        return Finding("server", "damage", f"{words}: not every text can be kept", _DOCS)
    if recovering:
        return Finding("server", "notice", f"{words}, a read-only replica", "use the address of its primary")
    if sync != "on":
        return Finding("server", "notice", f"{words}; fsync is off: a power cut loses the diary", "set fsync = on")
    if number < OLDEST:
        return Finding("server", "notice", f"{words}: this version is no longer supported", "upgrade the server")
    return Finding("server", "fine", words)


def _clock(diary: PostgresDatabase, now: datetime) -> Finding:
    """Return whether the server and this computer agree on what time it is."""
    ((at,),) = diary.rows("SELECT now()")
    off = abs(at.astimezone(UTC) - now.astimezone(UTC))
    if off > CLOCK_SLACK:
        words = f"{int(off.total_seconds())} s apart from this computer’s"
        return Finding("clock", "notice", words, "check the clock on both")
    return Finding("clock", "fine", "the server agrees with this computer")


def _others(diary: PostgresDatabase) -> Finding:
    """Return which other roles that log in may read a table of the diary, as far as grants say.

    Superusers, who may, are not listed; this role is told that it is one. A role that could become another one by SET
    ROLE counts as what it is without that.
    """
    schema = diary.path.schema
    ((all_powerful,),) = diary.rows("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    if all_powerful:
        words = "you connect as a superuser, who may read and change every diary"
        return Finding("grants", "notice", words, f"give each person a role: {_DOCS}")
    ((public,),) = diary.rows("SELECT has_schema_privilege('public', ?, 'USAGE')", schema)
    readers = diary.rows(
        "SELECT rolname FROM pg_roles WHERE rolcanlogin AND NOT rolsuper AND rolname <> current_user"
        " AND has_schema_privilege(oid, ?, 'USAGE') AND EXISTS (SELECT 1 FROM pg_class WHERE relkind = 'r'"
        " AND relnamespace = to_regnamespace(?) AND has_table_privilege(pg_roles.oid, pg_class.oid, 'SELECT'))"
        " ORDER BY rolname",
        schema,
        f'"{schema}"',
    )
    if public:
        return Finding("grants", "notice", "every role on the server has access to its schema", _DOCS)
    if readers:
        names = ", ".join(text.clean(name) for (name,) in readers)
        return Finding(
            "grants", "notice", f"these may read it too: {names}", "REVOKE access from anyone who should not have it"
        )
    return Finding("grants", "fine", "only you and the administrators of the server may read it")


def _schema(diary: PostgresDatabase) -> Finding:
    """Return whether the schema has the tables, columns and indexes of kneetrack, and nothing of somebody else's.

    Looked at are names, of tables, columns, views, triggers and rules; of indexes only whether one is missing.
    """
    schema = f'"{diary.path.schema}"'
    runs = [(str(kind), str(name)) for kind, name in diary.rows(_RUNS, schema, diary.path.schema, diary.path.schema)]
    found = {(str(kind), str(name)) for kind, name in diary.rows(_OBJECTS, schema, schema, schema)}
    foreign = [*runs, *sorted((each for each in found - _OURS if each[0] != "index"), reverse=True)]
    missing = sorted(_OURS - found, reverse=True)
    if foreign:
        kind, name = foreign[0]
        remedy = "move it to another schema" if kind in {"table", "view"} else "DROP it on the server"
        words = f"a {kind} that kneetrack did not make ({text.clean(name)[:_SHOWN]})"
        return Finding("schema", "damage", words, f"{remedy}, then kneetrack doctor again")
    if missing:
        kind, name = missing[0]
        remedy = f"ALTER SCHEMA {schema} RENAME TO another name, then kneetrack restore"
        return Finding("schema", "damage", f"the {kind} {name} is missing", remedy)
    return Finding("schema", "fine", "has the tables, columns and indexes of kneetrack, and no others")


def _made(statement: str) -> set[tuple[str, str]]:
    """Return what a statement of ours makes: the kind and the name of each object."""
    kind, name = re.findall(r"CREATE (?:UNIQUE )?(TABLE|INDEX) (\w+)", statement)[0]
    columns = re.findall(r'^    "?([a-z]\w*)', statement, re.MULTILINE)
    return {(kind.lower(), name), *(("column", f"{name}.{column}") for column in columns)}


_OURS = set().union(*map(_made, ddl.STATEMENTS))

_SHOWN = 60
"""How many characters of a name are shown that somebody else gave."""

_RUNS = """
    SELECT 'trigger', tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
    WHERE NOT tgisinternal AND relnamespace = to_regnamespace(?)
    UNION ALL SELECT 'rule', rulename FROM pg_rules WHERE schemaname = ? AND rulename <> '_RETURN'
    UNION ALL SELECT 'view', viewname FROM pg_views WHERE schemaname = ?
"""
_OBJECTS = """
    SELECT 'table', relname FROM pg_class WHERE relnamespace = to_regnamespace(?) AND relkind IN ('r', 'p', 'f', 'm')
    UNION ALL SELECT 'index', relname FROM pg_class WHERE relnamespace = to_regnamespace(?) AND relkind = 'i'
    UNION ALL SELECT 'column', relname || '.' || attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relnamespace = to_regnamespace(?) AND relkind = 'r' AND attnum > 0 AND NOT attisdropped
"""


def _whole(diary: PostgresDatabase) -> Finding:
    """Return whether everything can be read, and how much it is."""
    tables = [of.table for of in (CHANGE, DEVICE, TOMBSTONE, *VERSIONED)]
    sizes = " + ".join("pg_total_relation_size(CAST(? AS regclass))" for _ in tables)
    ((size,),) = diary.rows(f"SELECT {sizes}", *(f'"{diary.path.schema}".{table}' for table in tables))
    ((sessions,),) = diary.rows(LIVE_SESSIONS)
    DiaryReader(diary).activity()
    return Finding("diary", "fine", f"whole, {text.count(sessions, 'session')}, {text.size(size)}")
