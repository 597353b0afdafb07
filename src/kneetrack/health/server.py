"""What `doctor` looks at in a diary on a server: the server, the rules that the records keep, and who may read them."""

from datetime import UTC, datetime, timedelta

from kneetrack.domain import text
from kneetrack.domain.errors import NotADiaryError
from kneetrack.domain.findings import Finding
from kneetrack.health import diary as of_files
from kneetrack.store.mapping import CHANGE, DEVICE, TOMBSTONE, VERSIONED
from kneetrack.store.postgres import PostgresDatabase, open_database
from kneetrack.store.reading import DiaryReader
from kneetrack.store.rules import LIVE_SESSIONS
from kneetrack.store.server import Server

OLDEST = 150000
"""The oldest version of PostgreSQL that its makers still mend, until November 2027."""

CLOCK_SLACK = timedelta(minutes=1)

_DOCS = "see docs/postgres.md"


def examine(server: Server, now: datetime) -> list[Finding]:
    """Return what is found on a server and in the diary that it has; writes nothing.

    Raises what `open_database` raises, except for what is damaged, which is a finding.
    """
    try:
        with open_database(server, write=False) as diary:
            found = [_server(diary), _clock(diary, now), _others(diary), _objects(diary), _whole(diary)]
            if all(each.state != "damage" for each in found):
                found += [of_files.records(diary, []), of_files.days(diary, now)]
            return found
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
        return Finding(
            "server", "notice", f"{words}, a copy that cannot be written to", "name the server that it copies"
        )
    if sync != "on":
        return Finding("server", "notice", f"{words}; fsync is off: a power cut loses the diary", "set fsync = on")
    if number < OLDEST:
        return Finding("server", "notice", f"{words}: its makers no longer mend that version", "upgrade the server")
    return Finding("server", "fine", words)


def _clock(diary: PostgresDatabase, now: datetime) -> Finding:
    """Return whether the server and this computer agree on what time it is."""
    ((at,),) = diary.rows("SELECT now()")
    off = abs(at.astimezone(UTC) - now.astimezone(UTC))
    if off > CLOCK_SLACK:
        words = f"{int(off.total_seconds())} s apart from this computer’s"
        return Finding("clock", "notice", words, "check the date of both")
    return Finding("clock", "fine", "the server agrees with this computer")


def _others(diary: PostgresDatabase) -> Finding:
    """Return who else may read the diary, as far as grants say, and whether this role may do more than it needs."""
    schema = diary.path.schema
    ((all_powerful,),) = diary.rows("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    if all_powerful:
        words = "you connect as a superuser, who may read and change every diary"
        return Finding("grants", "notice", words, f"give each person a role: {_DOCS}")
    ((public,),) = diary.rows("SELECT has_schema_privilege('public', ?, 'USAGE')", schema)
    readers = diary.rows(
        "SELECT rolname FROM pg_roles WHERE rolcanlogin AND NOT rolsuper AND rolname <> current_user"
        " AND has_schema_privilege(oid, ?, 'USAGE') AND has_table_privilege(oid, ?, 'SELECT') ORDER BY rolname",
        schema,
        f'"{schema}".session',
    )
    if public:
        return Finding("grants", "notice", "every role of the server may look into its schema", _DOCS)
    if readers:
        names = ", ".join(text.clean(name) for (name,) in readers)
        return Finding("grants", "notice", f"these may read it too: {names}", "REVOKE it from whom it is not for")
    return Finding("grants", "fine", "only you and the administrators of the server may read it")


def _objects(diary: PostgresDatabase) -> Finding:
    """Return whether the tables carry what runs by itself: that is somebody else's."""
    found = diary.rows(
        "SELECT 'trigger', tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
        " WHERE NOT tgisinternal AND relnamespace = to_regnamespace(?)"
        " UNION ALL SELECT 'rule', rulename FROM pg_rules WHERE schemaname = ? AND rulename <> '_RETURN'"
        " UNION ALL SELECT 'view', viewname FROM pg_views WHERE schemaname = ?",
        f'"{diary.path.schema}"',
        diary.path.schema,
        diary.path.schema,
    )
    if found:
        kind, name = found[0]
        words = f"a {kind} that kneetrack did not make ({text.clean(str(name))[:40]})"
        return Finding("schema", "damage", words, "DROP it on the server, then kneetrack doctor again")
    return Finding("schema", "fine", "as kneetrack makes it")


def _whole(diary: PostgresDatabase) -> Finding:
    """Return whether everything can be read, and how much it is."""
    tables = [of.table for of in (CHANGE, DEVICE, TOMBSTONE, *VERSIONED)]
    sizes = " + ".join("pg_total_relation_size(CAST(? AS regclass))" for _ in tables)
    ((size,),) = diary.rows(f"SELECT {sizes}", *(f'"{diary.path.schema}".{table}' for table in tables))
    ((sessions,),) = diary.rows(LIVE_SESSIONS)
    DiaryReader(diary).activity()
    return Finding("diary", "fine", f"whole, {text.count(sessions, 'session')}, {text.size(size)}")
