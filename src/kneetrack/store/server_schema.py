"""Making a new diary on a server, in one transaction."""

from collections.abc import Callable
from datetime import datetime

from kneetrack.domain.errors import NotADiaryError
from kneetrack.store import ddl, mapping, postgres
from kneetrack.store.port import Store
from kneetrack.store.postgres import PostgresDatabase
from kneetrack.store.server import Server
from kneetrack.store.sqlite import NEW_DEVICE
from kneetrack.store.writing import DiaryStore


def create(server: Server, now: datetime, fill: Callable[[Store], object] = lambda _: None) -> bool:
    """Make a diary in a schema that is empty or not there, and return whether this program did.

    It appears whole, with what `fill` writes to it, or not at all: not when `fill` fails or returns False, and not
    when another program was faster, which is waited for.
    """
    with postgres.begin(server, "create") as database:
        ((there,),) = database.rows(postgres.exists_query(server))
        if there:
            return False
        _make_tables(database, now)
        if fill(DiaryStore(database)) is False:
            return False
        database.commit()
    return True


def _make_tables(database: PostgresDatabase, now: datetime) -> None:
    """Make the schema, unless there is an empty one, and the tables, and give the copy its id."""
    schema = database.path.schema
    ((there, encoding),) = database.rows(
        "SELECT count(*), current_setting('server_encoding') FROM pg_namespace WHERE nspname = ?", schema
    )
    if encoding != "UTF8":
        raise NotADiaryError(database.path, f"cannot be a diary: its database is encoded in {encoding}, not in UTF8")
    if not there:
        database.connection.execute(f'CREATE SCHEMA "{schema}"'.encode())
    for statement in postgres.tables_of(schema):
        database.connection.execute(statement)
    database.execute("INSERT INTO alembic_version (version_num) VALUES (?)", ddl.REVISION)
    make_another_device(database, now)


def make_another_device(database: PostgresDatabase, now: datetime) -> None:
    """Give the copy an id that it writes with from here on, beside the former ones, which undo still knows."""
    database.execute(NEW_DEVICE, mapping.random_uid(), mapping.stamp(now))
