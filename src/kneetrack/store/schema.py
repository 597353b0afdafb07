"""Making a new diary, and bringing an older one to the schema of this program.

A new one is made by the statements of `ddl`. An older one is changed by the revisions of Alembic, which leave exactly
those statements, so that it makes no difference how a diary came about: a revision that changes a table copies it
aside, drops it, makes it by its new statement, and copies it back. Only then is SQLAlchemy imported.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from kneetrack.domain.errors import NoFolderError, NotADiaryError
from kneetrack.domain.folders import StrPath
from kneetrack.domain.text import clean
from kneetrack.store import atomic, ddl, mapping, sqlite
from kneetrack.store.failures import translate_errors
from kneetrack.store.port import Store
from kneetrack.store.sqlite import SqliteDatabase
from kneetrack.store.writing import DiaryStore

MIGRATIONS = "kneetrack:store/migrations"
"""Where Alembic finds the revisions."""

_VERSION = {"id", "uid", "change_id", "made", "removed", "current"}
_FIRST = {
    "alembic_version": {"version_num"},
    "device": {"uid"},
    "change": {"id", "uid", "at", "device", "command", "undoes"},
    "session": {*_VERSION, *mapping.SESSION.facts},
    "prescription": {*_VERSION, *mapping.PRESCRIPTION.facts} - {"up_s", "down_s", "rest_s"},
    "pause": {*_VERSION, *mapping.PAUSE.facts},
    "exercise": {*_VERSION, *mapping.EXERCISE.facts},
    "setting": {*_VERSION, *mapping.SETTING.facts},
}
_THIRD = {
    "alembic_version": {"version_num"},
    "device": {"id", "uid", "since"},
    "change": {"id", "uid", "at", "device", "command", "undoes", "part_of"},
    "tombstone": {"uid", "at"},
    **{of.table: {"id", *of.columns} for of in mapping.VERSIONED if of.table in _FIRST},
}
OLDER = {
    "0001": _FIRST,
    "0002": {table: columns | ({"brought_by"} if "made" in columns else set()) for table, columns in _FIRST.items()},
    "0003": _THIRD,
}
"""The tables of older revisions with their columns."""


def create(
    path: Path, now: datetime, fill: Callable[[Store], object] = lambda _: None, *, folder: bool = False
) -> bool:
    """Make a diary at a path where there is none, and return whether this program did.

    The file appears whole, with what `fill` writes to it, or not at all: not when `fill` fails or returns False, and
    not when another program was faster. With `folder` the folder that it stands in is made too; without, one that is
    missing is a NoFolderError.
    """
    _make_folder(path.parent, make=folder)
    with translate_errors(path, "create"):
        try:
            with atomic.draft(path) as draft:
                with sqlite.create(draft, path) as database:
                    _make_tables(database, now)
                    _fill(DiaryStore(database), fill)
                    database.commit()
                sqlite.refuse_leftover(path)
        except (FileExistsError, _UnwantedError):
            return False
    return True


class _UnwantedError(Exception):
    """A diary is not to be made after all."""


def _fill(store: Store, fill: Callable[[Store], object]) -> None:
    """Write what a new diary begins with. Raises _UnwantedError when there is to be none."""
    if fill(store) is False:
        raise _UnwantedError


def _make_folder(folder: Path, *, make: bool) -> None:
    """Make the folder of a diary, or hold that it is there."""
    if not make and not folder.is_dir():
        raise NoFolderError(folder)
    with translate_errors(folder, "create"):
        atomic.make_folder(folder)


def _make_tables(database: SqliteDatabase, now: datetime) -> None:
    """Make the tables, and give the copy its id."""
    for statement in ddl.STATEMENTS:
        database.execute(statement)
    database.execute("INSERT INTO alembic_version (version_num) VALUES (?)", ddl.REVISION)
    database.execute(sqlite.NEW_DEVICE, mapping.random_uid(), mapping.stamp(now))


# Older diaries


def check_older(connection: sqlite3.Connection, path: StrPath, revision: str) -> None:
    """Raise NotADiaryError when a diary of an older revision has other tables or columns than that revision made."""
    found: dict[str, set[str]] = {}
    for table, column in connection.execute(_COLUMNS):
        found.setdefault(table, set()).add(column)
    wanted = OLDER.get(revision)
    if wanted is None:
        raise NotADiaryError(path, f"is damaged: no kneetrack made the schema version {revision}")
    strange = sorted(table for table in {*found, *wanted} if found.get(table) != wanted.get(table))
    if strange:
        words = f"has another schema than kneetrack {revision} made ({clean(strange[0])[:40]})"
        raise NotADiaryError(path, f"is damaged: it {words}")


_COLUMNS = """
    SELECT its.name, columns.name FROM sqlite_schema AS its JOIN pragma_table_info(its.name) AS columns
    WHERE its.type = 'table' AND its.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
"""


def upgrade(path: Path, now: datetime) -> None:
    """Bring a diary of an older schema to ours, in one transaction, after a backup.

    Nothing happens when another program was faster. Foreign keys are looked through at the end instead of at each
    statement, because a table that others refer to is changed by making it anew.
    """
    from kneetrack.store import backup  # noqa: PLC0415 - which looks for the schema of what it keeps

    with closing(sqlite.connect(path, write=True)) as connection, translate_errors(path, "write"):
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("BEGIN IMMEDIATE")
        if sqlite.revision_of(connection, path) == ddl.REVISION:
            return
        backup.make(path, now, "Nothing was done, because an older diary is not upgraded without a backup")
        _bring_up(connection, path)
        backup.take_in_tombstones(SqliteDatabase(path, connection, "write"), path)
        connection.execute("ANALYZE")
        connection.execute("COMMIT")


@contextmanager
def upgraded_copy(path: Path) -> Iterator[Store]:
    """Open a diary of an older schema as it would be once upgraded, to be read; a context manager that yields a Store.

    It is upgraded in memory: nothing is written.
    """
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as memory:
        with sqlite.open_database(path, write=False, any_schema=True) as source:
            source.connection.backup(memory)
        memory.execute("BEGIN")
        _bring_up(memory, path)
        with SqliteDatabase(path, memory, "read") as database:
            yield DiaryStore(database)


def _bring_up(connection: sqlite3.Connection, path: Path) -> None:
    """Apply the revisions that a diary lacks, within the transaction that is open, and hold that it is whole."""
    try:
        migrate(connection, MIGRATIONS, ddl.REVISION)
    except sqlite3.IntegrityError as error:
        raise NotADiaryError(path, f"cannot be upgraded: it holds what no kneetrack wrote ({error})") from None
    if connection.execute("PRAGMA foreign_key_check").fetchone():
        raise NotADiaryError(path, "cannot be upgraded: records lack the change that wrote them")
    sqlite.revision_of(connection, path)


def migrate(connection: sqlite3.Connection, revisions: str, until: str) -> None:
    """Apply the revisions of a folder that are missing, within the transaction that is open."""
    from alembic import command as alembic  # noqa: PLC0415 - half a second, which few commands need
    from alembic.config import Config  # noqa: PLC0415 - as above
    from sqlalchemy import StaticPool, create_engine  # noqa: PLC0415 - as above
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415 - as above

    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool, hide_parameters=True)
    for ending in ("do_commit", "do_rollback", "do_close"):
        # The transaction is ours: SQLAlchemy only borrows the connection.
        setattr(engine.dialect, ending, lambda _: None)
    config = Config()
    config.set_main_option("script_location", revisions)
    try:
        with engine.connect() as borrowed:
            config.attributes["connection"] = borrowed
            alembic.upgrade(config, until)
    except DBAPIError as error:
        raise (error.orig or error) from None
