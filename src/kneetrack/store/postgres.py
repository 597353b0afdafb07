"""A diary in a schema of a PostgreSQL server: how it is opened, one transaction on it, and what its errors mean.

Statements are those of SQLite; what is different is said here. A writer holds the lock of its diary, which belongs to
the transaction: it is released however a connection ends, and a pooler may stand between.
"""

import os
import re
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from itertools import count
from time import monotonic, sleep
from types import TracebackType
from typing import Any, Self, TypeVar, cast

from kneetrack.domain.errors import (
    ForeignSchemaError,
    InDoubtError,
    KneetrackError,
    LockedError,
    MissingProgramError,
    NewerDiaryError,
    NoDiaryError,
    NoPermissionError,
    NotADiaryError,
    ReplicaError,
    ServerAwayError,
    ServerCanceledError,
    ServerRefusesError,
    StorageError,
    WrongUseError,
)
from kneetrack.domain.text import clean
from kneetrack.store import ddl
from kneetrack.store.mapping import InvalidValueError
from kneetrack.store.port import Store
from kneetrack.store.server import Server
from kneetrack.store.writing import DiaryStore

try:
    import psycopg
    from psycopg import errors
    from psycopg.conninfo import conninfo_to_dict
    from psycopg.pq import TransactionStatus
except ImportError as error:
    raise MissingProgramError(
        "A diary on a PostgreSQL server needs psycopg: pip install 'kneetrack[postgres]', or pip install"
        " 'psycopg[binary]'."
    ) from error

CONNECT_S = 10
"""How long a server is waited for, unless its address or the environment says something else."""

LOCK_S = 30
"""How long a writer waits for others, as in SQLite."""

ANSWER_S = 120
"""A server of which nothing is heard for so long is away."""

RETURN_S = 20
"""How long a server is waited for that ended a connection or is just starting."""

_ALL_ROWS = "SET LOCAL row_security = off"
_PAUSE_S = 0.2
_PIECE = 1000
_STARTING = ("starting up", "shutting down", "in recovery mode", "not yet accepting")
_WRONG = ("is bad: invalid ", "is bad: definition of service")
"""What the driver says of an option that it cannot use, before it looks for a server."""
_REFUSED = (
    "authentication failed",
    "pg_hba.conf",
    "does not exist",
    "not permitted to log in",
    "permission denied",
    "parameter",
    "no such",
    "not found",
    "certificate",
    "SSL required",
)
"""What a server or a pooler says, in English, when trying again is of no use."""
_LIMITS = {"tcp_user_timeout": 30_000, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 4}

_Value = TypeVar("_Value")


class Connection(psycopg.Connection[tuple[Any, ...]]):
    """A connection whose waiting has an end."""

    def wait(
        self, gen: Generator[Any, Any, _Value], interval: float = _PAUSE_S, timeout: float | None = None
    ) -> _Value:
        """Return what the server answers. Raises OperationalError once nothing was heard of it for long."""
        more = {} if timeout is None else {"timeout": timeout}
        return super().wait(self._limited(gen), interval, **more)

    def _limited(self, gen: Generator[Any, Any, _Value]) -> Generator[Any, Any, _Value]:
        """Wait as a generator wants it, but not for ever."""
        heard = monotonic()
        try:
            asks = next(gen)
            while True:
                ready = yield asks
                heard = monotonic() if ready else heard
                if monotonic() - heard > ANSWER_S:
                    self.pgconn.finish()
                    raise psycopg.OperationalError("it does not answer")
                asks = gen.send(ready)
        except StopIteration as end:
            return cast("_Value", end.value)


class PostgresDatabase:
    """One transaction on a diary's schema, from `BEGIN` to `commit` or the end of the block; a context manager.

    It is what `port.Database` promises. Errors come up as ours, also those of the block.
    """

    def __init__(self, server: Server, connection: Connection, verb: str) -> None:
        """Take a connection on which a transaction was begun, and what is done with it: read, write or create."""
        self.path = server
        self.connection = connection
        self.change: str | None = None
        self._verb = verb
        self._numbers = count()

    def __enter__(self) -> Self:
        """Return the database."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the transaction; what was not committed is taken back."""
        _release(self.path, self.connection)
        if isinstance(error, (psycopg.Error, InvalidValueError)):
            with translate_errors(self.path, self._verb):
                raise error

    def rows(self, statement: str, *values: object) -> list[Any]:
        """Return what a statement finds, or what it returns of the rows that it wrote."""
        return self._run(statement, values).fetchall()

    def stream(self, statement: str, *values: object) -> Iterator[Any]:
        """Yield what a statement finds without holding all of it in memory."""
        name = f"stream_{next(self._numbers)}"
        self._run(f"DECLARE {name} NO SCROLL CURSOR FOR {statement}", values)
        while piece := self.rows(f"FETCH {_PIECE} FROM {name}"):
            yield from piece
        self._run(f"CLOSE {name}", ())

    def execute(self, statement: str, *values: object) -> int:
        """Run a statement, and return how many rows it wrote."""
        return self._run(statement, values).rowcount

    def executemany(self, statement: str, rows: Iterable[Sequence[object]]) -> int:
        """Run a statement that writes once for each of some rows of values, and return how many rows it wrote."""
        bound = list(rows)
        if len(bound) <= 1:
            return sum(self.execute(statement, *values) for values in bound)
        with self.connection.cursor() as cursor:
            cursor.executemany(self._translated(statement), bound)
            return cursor.rowcount

    def joined(self, column: str) -> str:
        """Return the expression for the texts of a column in a group, with commas between them."""
        return f"string_agg({column}, ',')"

    def commit(self) -> None:
        """Have the server keep what was written.

        When the connection ends meanwhile, the server is asked whether it did. Raises InDoubtError where it cannot be
        asked, and ServerAwayError when it did not; what the server itself says against it goes to the end of the block.
        """
        try:
            done = self.connection.execute("COMMIT")
        except psycopg.OperationalError as error:
            if self.connection.info.transaction_status == TransactionStatus.IDLE:
                raise
            if not _was_committed(self.path, self.change):
                raise ServerAwayError(self.path, _reason(error)) from error
            return
        if done.statusmessage != "COMMIT":
            raise NotADiaryError(self.path, "does not keep what is written to it")

    def _run(self, statement: str, values: Sequence[object]) -> psycopg.Cursor[tuple[Any, ...]]:
        return self.connection.execute(self._translated(statement), values)

    def _translated(self, statement: str) -> str:
        return translated(statement, self.path.schema)


# Statements


@lru_cache(maxsize=512)
def translated(statement: str, schema: str) -> str:
    """Return a statement of ours as the driver takes it: with its marks, and with the schema before each table."""
    marked = statement.replace("%", "%%").replace("?", "%s")
    return _TABLE.sub(rf'\1 "{schema}".\2', marked)


def tables_of(schema: str) -> list[str]:
    """Return the statements that make the tables of a diary in a schema.

    They are those of SQLite with three differences: how ids are counted, that texts are in the order of their
    characters whatever the language of the server, and that each table is named with its schema.
    """
    return [
        _TABLE.sub(rf'\1 "{schema}".\2', _TEXT.sub(r'\g<0> COLLATE "C"', each.replace(*_COUNTED)))
        for each in ddl.STATEMENTS
    ]


TABLES = re.findall(r"CREATE TABLE (\w+)", "\n".join(ddl.STATEMENTS))
_TABLE = re.compile(rf"\b(FROM|JOIN|INTO|UPDATE|ANALYZE|TABLE|REFERENCES|ON) ({'|'.join(TABLES)})\b(?!\.)")
_TEXT = re.compile(r"\bVARCHAR(\(\d+\))?")
_COUNTED = ("PRIMARY KEY AUTOINCREMENT", "PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY")


# Opening


@contextmanager
def open_store(server: Server, *, write: bool) -> Iterator[Store]:
    """Open an existing diary for one command; a context manager that yields a Store.

    To write, it holds the lock of the diary from start to end and commits when the block ends well; to read, it sees
    the diary as it is at one moment, and what would write to it fails. Raises what `open_database` raises.
    """
    with open_database(server, write=write) as database:
        yield DiaryStore(database)
        if write:
            database.commit()


def open_database(server: Server, *, write: bool) -> PostgresDatabase:
    """Open an existing diary and begin a transaction on it.

    Raises NoDiaryError where there is none, and one of our errors when the server is away, refuses, or has what is no
    diary or one of a newer kneetrack.
    """
    verb = "write" if write else "read"
    # A view has no tableoid, so one in the place of the table is not taken for it.
    revision = f'SELECT version_num FROM "{server.schema}".alembic_version WHERE tableoid IS NOT NULL'
    with translate_errors(server, verb):
        try:
            connection, found = _begin_transaction(server, f"{_begin_statements(server, write=write)}; {revision}")
        except (errors.UndefinedTable, errors.InvalidSchemaName, errors.UndefinedColumn) as error:
            raise (ForeignSchemaError if exists(server) else NoDiaryError)(server) from error
    try:
        if write:
            _refuse_replica(server, connection)
        _check_revision(found, server)
    except BaseException:
        _release(server, connection)
        raise
    return PostgresDatabase(server, connection, verb)


def begin(server: Server, verb: str) -> PostgresDatabase:
    """Begin a transaction that writes under the lock of a diary, whether it is there or not."""
    with translate_errors(server, verb):
        connection, _ = _begin_transaction(server, _begin_statements(server, write=True))
    try:
        _refuse_replica(server, connection)
    except BaseException:
        _release(server, connection)
        raise
    return PostgresDatabase(server, connection, verb)


def exists(server: Server) -> bool:
    """Return whether there is anything in the schema of a diary. Raises one of our errors when it cannot be asked."""
    with translate_errors(server, "read"):
        connection, ((found,),) = _begin_transaction(server, f"BEGIN READ ONLY; {exists_query(server)}")
    _release(server, connection)
    return bool(found)


def exists_query(server: Server) -> str:
    """Return the statement that says whether there is anything in the schema of a diary.

    What looks a table up by its name would do that in a cache, which a transaction that waited for its lock does not
    renew. What depends on a schema is found by an index, also among a thousand diaries.
    """
    return (
        "SELECT count(*) > 0 FROM pg_depend JOIN pg_namespace ON pg_namespace.oid = refobjid"
        " WHERE refclassid = 'pg_namespace'::regclass AND classid = 'pg_class'::regclass"
        f" AND nspname = '{server.schema}'"
    )


def _refuse_replica(server: Server, connection: Connection) -> None:
    """Raise ReplicaError for a server that says that it is a replica; through a pooler none does."""
    if connection.info.parameter_status("in_hot_standby") == "on":
        raise ReplicaError(server)


def _begin_statements(server: Server, *, write: bool) -> str:
    """Return the statements that begin a transaction; one that writes waits for the lock first.

    Whether it may write is the server's to say. Where a policy hides rows, it fails instead of missing them in silence.
    """
    if not write:
        return f"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; {_ALL_ROWS}"
    lock = f"SELECT pg_advisory_xact_lock(hashtextextended('kneetrack {server.schema}', 0))"
    return f"BEGIN ISOLATION LEVEL READ COMMITTED; {_ALL_ROWS}; SET LOCAL lock_timeout = '{LOCK_S}s'; {lock}"


def _begin_transaction(server: Server, statements: str) -> tuple[Connection, list[Any]]:
    """Begin a transaction by some statements, and return what the last of them finds.

    A connection that ended while it was idle is made anew, for as long as a server takes to start.
    """
    connection, kept = _checkout(server)
    try:
        return connection, _last(connection, statements)
    except psycopg.OperationalError:
        was_lost = connection.closed
        _release(server, connection)
        if not (kept and was_lost):
            raise
    except BaseException:
        _release(server, connection)
        raise
    connection = connect(server, RETURN_S)
    try:
        return connection, _last(connection, statements)
    except BaseException:
        _release(server, connection)
        raise


def _last(connection: Connection, statements: str) -> list[Any]:
    """Run some statements in one go, and return what the last of them finds."""
    cursor = connection.execute(statements)
    while cursor.nextset():
        pass
    return cursor.fetchall()


def _checkout(server: Server) -> tuple[Connection, bool]:
    """Return a connection, and whether it was kept from a transaction before."""
    with suppress(IndexError):
        return server.idle.pop(), True
    return connect(server), False


def _release(server: Server, connection: Connection) -> None:
    """Take back what was not committed, and keep the connection for the next transaction while it is whole."""
    try:
        if not connection.closed and connection.info.transaction_status:
            connection.execute("ROLLBACK")
    except psycopg.Error:
        connection.close()
    except BaseException:
        connection.close()
        raise
    if not connection.closed:
        server.idle.append(connection)


def connect(server: Server, patience: float = 0) -> Connection:
    """Connect to a server; one that is starting, or with `patience` any that is away, is waited for so many seconds.

    Raises WrongUseError, ServerAwayError and ServerRefusesError.
    """
    options = _options(server)
    until = monotonic()
    while True:
        try:
            return Connection.connect(server.url, autocommit=True, prepare_threshold=None, **options)
        except psycopg.OperationalError as error:
            reason = _reason(error)
            if any(words in str(error) for words in _WRONG):
                raise WrongUseError(f"{server} cannot be used: {reason.removeprefix('connection is bad: ')}.") from None
            starting = any(words in reason for words in _STARTING)
            if _is_refusal(str(error)):
                raise ServerRefusesError(server, reason) from None
            if monotonic() - until > (RETURN_S if starting else patience):
                raise ServerAwayError(server, reason) from None
        except psycopg.Error:
            raise _unreadable(server) from None
        sleep(_PAUSE_S)


def _is_refusal(words: str) -> bool:
    """Return whether a server refuses the connection, by its words: codes come only once there is a connection."""
    return "no password supplied" in words or ("FATAL" in words and any(each in words for each in _REFUSED))


def _options(server: Server) -> dict[str, Any]:
    """Return what the driver is told beside the address. Raises WrongUseError for one that it cannot read."""
    try:
        given = conninfo_to_dict(server.url)
    except psycopg.Error:
        raise _unreadable(server) from None
    wanted = {**_LIMITS, "application_name": "kneetrack"}
    if not os.environ.get("PGCONNECT_TIMEOUT"):
        wanted["connect_timeout"] = CONNECT_S
    return {"client_encoding": "UTF8"} | {key: value for key, value in wanted.items() if key not in given}


def _unreadable(server: Server) -> WrongUseError:
    """Return the error for an address that the driver cannot read; its own words may hold a password."""
    return WrongUseError(
        f"{server.shown.partition('?')[0]} is not an address that PostgreSQL can read: look at what follows its ?."
    )


def stamp(server: Server) -> object:
    """Return what every write changes: the id of the newest change, and how much was purged."""
    with open_database(server, write=False) as database:
        return database.rows("SELECT (SELECT max(id) FROM change), (SELECT count(*) FROM tombstone)")


def _was_committed(server: Server, change: str | None) -> bool:
    """Return whether a transaction was committed whose end was not heard of, by a change that it wrote.

    Whoever has its lock knows that it has ended. Raises InDoubtError where that cannot be known.
    """
    if change is None:
        raise InDoubtError(server)
    try:
        connection = connect(server, RETURN_S)
        try:
            ((found,),) = _last(connection, f"{_begin_statements(server, write=True)}; {exists_query(server)}")
            asked = translated("SELECT 1 FROM change WHERE uid = ?", server.schema)
            known = found and connection.execute(asked, (change,)).fetchone()
        finally:
            _release(server, connection)
    except (psycopg.Error, KneetrackError) as error:
        raise InDoubtError(server) from error
    return bool(known)


def _check_revision(found: Sequence[Sequence[object]], server: Server) -> None:
    """Hold that a diary has the schema of this program, the only one that diaries on servers have.

    Raises NewerDiaryError for a later one, and NotADiaryError.
    """
    match found:
        case [(ddl.REVISION,)]:
            return
        case [(str(revision),)] if len(revision) == len(ddl.REVISION) and revision.isdecimal():
            if revision > ddl.REVISION:
                raise NewerDiaryError(server)
            raise NotADiaryError(server, f"is damaged: no kneetrack made the schema version {revision} on a server")
        case [(str(),)]:
            raise ForeignSchemaError(server)
        case _:
            raise NotADiaryError(server, "is damaged: it has no schema version")


# Errors


@contextmanager
def translate_errors(server: Server, verb: str) -> Iterator[None]:
    """Turn errors of the driver into ours; `verb` is what is being tried: read, write or create."""
    try:
        yield
    except psycopg.Error as error:
        ours = _explain(error, server, verb)
        if ours is None:
            raise
        raise ours from error
    except InvalidValueError as error:
        raise NotADiaryError(server, f"is damaged ({error})") from error


def _explain(error: psycopg.Error, server: Server, verb: str) -> KneetrackError | None:
    """Return our error for one of the driver's, None when it is not one that a person can put right."""
    reason = _reason(error)
    return next((ours(server, verb, reason) for theirs, ours in _MEANING if isinstance(error, theirs)), None)


_MEANING: tuple[tuple[tuple[type[psycopg.Error], ...], Callable[[Server, str, str], KneetrackError]], ...] = (
    (
        (errors.LockNotAvailable, errors.DeadlockDetected),
        lambda server, _, __: LockedError(server),
    ),
    (
        (errors.QueryCanceled, errors.SerializationFailure),
        lambda server, _, reason: ServerCanceledError(server, reason),
    ),
    (
        (errors.InsufficientPrivilege, errors.ReadOnlySqlTransaction),
        lambda server, verb, _: NoPermissionError(server, verb),
    ),
    (
        (
            errors.DiskFull,
            errors.OutOfMemory,
            errors.IoError,
            errors.InsufficientResources,
            errors.ConfigurationLimitExceeded,
            errors.ProgramLimitExceeded,
        ),
        lambda server, _, reason: StorageError(server, reason),
    ),
    (
        (
            errors.DataCorrupted,
            errors.IndexCorrupted,
            errors.UndefinedTable,
            errors.UndefinedColumn,
            errors.UndefinedFunction,
            errors.DatatypeMismatch,
            errors.InvalidSchemaName,
            errors.DuplicateTable,
            errors.DataError,
        ),
        lambda server, _, reason: NotADiaryError(server, f"is damaged ({reason})"),
    ),
    (
        (psycopg.OperationalError, psycopg.InterfaceError, errors.IdleInTransactionSessionTimeout),
        lambda server, _, reason: ServerAwayError(server, reason),
    ),
)
"""What the driver’s errors mean, the particular ones first."""


def _reason(error: psycopg.Error) -> str:
    """Return the driver's reason without what it says around it, harmless to a terminal."""
    line = str(error).strip().splitlines()[0] if str(error).strip() else "the connection ended"
    words = re.sub(r"^.*(failed: |FATAL:\s+|ERROR:\s+)", "", line)
    return clean(words)[:200]
