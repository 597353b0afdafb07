"""What is particular to a diary on a server: its address, its schema, and that nothing is lost when it goes away."""

import re
import signal
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from threading import Event

import psycopg
import pytest

import servers
from commands import BRIDGES, START
from kneetrack.domain.errors import (
    ForeignSchemaError,
    InDoubtError,
    KneetrackError,
    LockedError,
    NewerDiaryError,
    NoDiaryError,
    NoPermissionError,
    ReplicaError,
    ServerAwayError,
    ServerCanceledError,
    ServerRefusesError,
    WrongUseError,
)
from kneetrack.store import postgres, server
from kneetrack.store.postgres import open_store
from kneetrack.store.server import Server
from kneetrack.store.server_schema import create
from servers import Cutting, Running

SECRET = "hunter2"  # noqa: S105 - the one that must not be seen


@pytest.fixture
def place(running: Running) -> Iterator[Server]:
    """Make a diary without anything in it."""
    found = running.diary()
    create(found, START)
    with closing(found):
        yield found


def _log(place: Server, note: str) -> None:
    with open_store(place, write=True) as store:
        store.append("log", START, [BRIDGES._replace(note=note)])


def _notes(place: Server) -> Counter[str | None]:
    with open_store(place, write=False) as store:
        return Counter(session.note for session in store.sessions(None, None))


# The address


@pytest.mark.parametrize(
    ("typed", "url", "schema", "shown"),
    [
        ("postgresql://h/d", "postgresql://h/d", "kneetrack", "postgresql://h/d"),
        ("postgres://h/d?diary=anna", "postgresql://h/d", "anna", "postgresql://h/d?diary=anna"),
        ("postgresql+psycopg://u@h:5/d", "postgresql://u@h:5/d", "kneetrack", "postgresql://u@h:5/d"),
        (f"postgresql://u:{SECRET}@h/d", f"postgresql://u:{SECRET}@h/d", "kneetrack", "postgresql://u@h/d"),
        (
            f"postgresql:///d?host=/run/pg&password={SECRET}&diary=a-b&sslpassword={SECRET}",
            f"postgresql:///d?host=/run/pg&password={SECRET}&sslpassword={SECRET}",
            "a-b",
            "postgresql:///d?host=/run/pg&diary=a-b",
        ),
        ("postgresql://?service=home", "postgresql://?service=home", "kneetrack", "postgresql://?service=home"),
    ],
)
def test_an_address_is_read_for_the_driver_the_schema_and_the_screen(
    typed: str, url: str, schema: str, shown: str
) -> None:
    found = server.read(typed)
    assert (found.url, found.schema, str(found)) == (url, schema, shown)
    assert repr(found) == str(found)
    assert found.has_password == (SECRET in typed)


@pytest.mark.parametrize(
    "typed",
    [
        "postgresql://h/health",
        "postgres://h:5432/health?diary=kneetrack",
        "postgresql+psycopg://H/health?sslmode=require",
        "postgresql://anna@h/health",
        "postgresql:///health?host=h&port=5432",
        "postgresql://h?dbname=health",
        "postgresql://anna:geheim@h/health",
    ],
)
def test_every_spelling_of_an_address_has_the_same_backups(typed: str) -> None:
    assert server.read(typed).file_name == server.read("postgresql://h/health").file_name


@pytest.mark.parametrize(
    "typed",
    [
        "postgresql://h/other",
        "postgresql://h:5433/health",
        "postgresql://other/health",
        "postgresql://h/health?diary=anna",
        "postgresql://[::1]/health",
        "postgresql:///health?service=clinic",
    ],
)
def test_another_diary_has_other_backups(typed: str) -> None:
    assert server.read(typed).file_name != server.read("postgresql://h/health").file_name


@pytest.mark.parametrize(
    "typed",
    [
        f"mysql://u:{SECRET}@h/d",
        f"postgresql://u:{SECRET}@{SECRET}@h/d",
        f"postgresql://u:{SECRET}/{SECRET}@h/d",
        f"postgresql://u:{SECRET}?{SECRET}@h/d",
        f"postgresql://u:{SECRET}?a={SECRET}@h/d",
        f"postgresql://u:{SECRET}@h/d?diary=a;drop",
        f"postgresql://u:{SECRET}@h/d?diary=pg_catalog",
        f"postgresql://u:{SECRET}@h/d?diary=",
        f"postgresql://u:{SECRET}@h/d?diary=a&diary=b",
        f"postgresql://u:{SECRET}@h/d?{SECRET}",
        f"postgresql://u:{SECRET}/d",
    ],
)
def test_an_address_that_cannot_be_read_is_refused_without_its_password(typed: str) -> None:
    with pytest.raises(WrongUseError) as refused:
        server.read(typed)
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize("typed", ["h:abc", "h:0", "h:65536", "h:-1", "[::1]:x", "a:1,b:x", "/d?port=x"])
def test_a_port_that_is_no_number_is_wrong_use(typed: str) -> None:
    with pytest.raises(WrongUseError, match="The port of a server is a number"):
        server.read(f"postgresql://{typed}")


@pytest.mark.parametrize("typed", ["h", "h:", "h:1", "[::1]", "[::1]:65535", "a:1,b", "u:12x@h:7", "/d?port=1,2"])
def test_an_address_needs_no_port_and_may_have_several(typed: str) -> None:
    assert server.read(f"postgresql://{typed}").schema == server.DEFAULT_SCHEMA


@pytest.mark.parametrize("options", ["nonsense=1", "sslmode=abc", "connect_timeout=x", "service=nowhere"])
def test_options_that_the_driver_does_not_know_are_refused_without_a_password(options: str) -> None:
    with pytest.raises(WrongUseError) as refused:
        postgres.connect(server.read(f"postgresql://u:{SECRET}@/d?host=/nowhere&{options}"))
    assert SECRET not in str(refused.value)


# The schema


def test_a_first_write_that_fails_leaves_no_schema(running: Running) -> None:
    place = running.diary()
    with closing(place), pytest.raises(ZeroDivisionError):
        create(place, START, lambda _: 1 // 0)
    assert running.sql(f"SELECT to_regnamespace('{place.schema}')") == [(None,)]


def test_of_eight_first_writes_at_once_one_makes_the_diary(running: Running) -> None:
    address = running.address(running.diary().schema)

    def write(_: int) -> bool:
        with closing(server.read(address)) as place:
            return create(place, START)

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(write, range(8))) == [False] * 7 + [True]


def test_tables_of_the_same_names_elsewhere_are_not_touched(running: Running, place: Server) -> None:
    tables = sorted(postgres.TABLES)
    running.sql("CREATE SCHEMA decoy; CREATE ROLE strange LOGIN SUPERUSER; ALTER ROLE strange SET search_path = decoy")
    for name in tables:
        running.sql(f'CREATE TABLE decoy.{name} (LIKE "{place.schema}".{name})')
    with closing(server.read(running.address(place.schema, user="strange"))) as other:
        _log(other, "mine")
        with open_store(other, write=True) as store:
            store.undo(START)
        with open_store(other, write=True) as store:
            store.redo(START)
        assert _notes(other) == {"mine": 1}
    assert running.sql(" UNION ALL ".join(f"SELECT count(*) FROM decoy.{name}" for name in tables)) == [(0,)] * len(
        tables
    )


def test_texts_are_in_the_order_of_their_characters_whatever_the_server_speaks(running: Running, place: Server) -> None:
    found = running.sql(
        "SELECT count(*) FROM information_schema.columns WHERE data_type LIKE 'character%'"
        f" AND collation_name IS DISTINCT FROM 'C' AND table_schema = '{place.schema}'"
    )
    assert found == [(0,)]


def test_a_schema_that_is_not_there_is_no_diary(running: Running) -> None:
    with closing(running.diary()) as place:
        assert not postgres.exists(place)
        with pytest.raises(NoDiaryError):
            _notes(place)


def test_a_newer_diary_is_refused_untouched(running: Running, place: Server) -> None:
    running.sql(f"UPDATE \"{place.schema}\".alembic_version SET version_num = '9999'")
    for work in (lambda: _log(place, "x"), lambda: _notes(place)):
        with pytest.raises(NewerDiaryError):
            work()
    assert running.sql(f'SELECT count(*) FROM "{place.schema}".change') == [(0,)]


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE {}.session (id int)",
        "CREATE TABLE {}.patients (id int)",
        "CREATE VIEW {}.alembic_version AS SELECT '0004' AS version_num",
        "CREATE TABLE {0}.alembic_version (version_num text); INSERT INTO {0}.alembic_version VALUES ('1975ea83b712')",
    ],
)
def test_a_schema_that_holds_something_else_is_left_alone_and_told_alike_by_reads_and_writes(
    running: Running, statement: str
) -> None:
    place = running.diary()
    running.sql(f'CREATE SCHEMA "{place.schema}"; {statement.format(place.schema)}')
    with closing(place):
        assert not create(place, START)
        for work in (lambda: _log(place, "x"), lambda: _notes(place)):
            with pytest.raises(ForeignSchemaError, match="holds tables of another program, not a diary"):
                work()
    assert running.sql(f"SELECT count(*) FROM pg_class WHERE relnamespace = '{place.schema}'::regnamespace") == [(1,)]


def test_a_read_cannot_write(place: Server) -> None:
    with pytest.raises(NoPermissionError), postgres.open_database(place, write=False) as database:
        database.execute("DELETE FROM session")


def test_a_server_that_only_reads_by_default_is_not_written_to(place: Server) -> None:
    only = server.read(f"{place.url}&diary={place.schema}&options=-cdefault_transaction_read_only%3Don")
    with closing(only), pytest.raises(NoPermissionError):
        _log(only, "x")


def test_a_read_only_replica_says_so() -> None:
    with servers.running() as running, servers.copied(running) as copy:
        place = server.read(copy.address("nobodys"))
        with closing(place), pytest.raises(ReplicaError) as refused:
            create(place, START)
    assert refused.value.exit_code == 77
    assert str(refused.value) == f"{place} is a read-only replica; use the address of its primary."


def test_rows_that_a_policy_hides_are_not_missed_in_silence(running: Running, place: Server) -> None:
    _log(place, "x")
    name = f'"{place.schema}"'
    running.sql(
        f"CREATE ROLE half LOGIN; GRANT USAGE ON SCHEMA {name} TO half;"
        f"GRANT SELECT ON ALL TABLES IN SCHEMA {name} TO half; ALTER TABLE {name}.session ENABLE ROW LEVEL SECURITY"
    )
    half = server.read(running.address(place.schema, "half"))
    with closing(half), pytest.raises(NoPermissionError):
        _notes(half)


def test_texts_are_read_and_written_whatever_encoding_an_address_asks_for(place: Server) -> None:
    other = server.read(f"{place.url}&diary={place.schema}&client_encoding=LATIN1")
    with closing(other):
        _log(other, "膝")
    assert _notes(place) == {"膝": 1}


def test_a_read_sees_one_moment(place: Server) -> None:
    _log(place, "before")
    with open_store(place, write=False) as store:
        assert len(store.sessions(None, None)) == 1
        _log(place, "meanwhile")
        assert store.database.rows("SELECT count(*) FROM session") == [(1,)]


# Others at the same time


def test_fifty_writers_of_one_diary_write_each_once(running: Running, place: Server) -> None:
    def write(number: int) -> None:
        with closing(server.read(running.address(place.schema))) as own:
            for again in range(4):
                _log(own, f"{number} {again}")

    with ThreadPoolExecutor(50) as pool:
        list(pool.map(write, range(50)))
    assert _notes(place) == {f"{number} {again}": 1 for number in range(50) for again in range(4)}


def test_fifty_writers_of_fifty_diaries_do_not_wait_for_one_another(running: Running, place: Server) -> None:
    def write(number: int) -> Counter[str | None]:
        with closing(running.diary()) as own:
            create(own, START)
            _log(own, str(number))
            return _notes(own)

    with postgres_writing(place), ThreadPoolExecutor(50) as pool:
        assert list(pool.map(write, range(50))) == [{str(number): 1} for number in range(50)]


def postgres_writing(place: Server) -> postgres.PostgresDatabase:
    """Hold the lock of a diary."""
    return postgres.open_database(place, write=True)


def test_a_writer_waits_for_another_only_so_long(place: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "LOCK_S", 1)
    with postgres_writing(place), pytest.raises(LockedError) as busy:
        _log(place, "late")
    assert busy.value.exit_code == 75
    assert _notes(place) == {}


def test_a_statement_that_the_server_stops_is_told_by_its_reason(place: Server) -> None:
    hasty = server.read(f"{place.url}&diary={place.schema}&options=-cstatement_timeout%3D500ms")
    with closing(hasty), postgres_writing(place), pytest.raises(ServerCanceledError) as stopped:
        _log(hasty, "x")
    assert stopped.value.exit_code == 75
    assert "stopped the command (canceling statement due to statement timeout)" in str(stopped.value)
    assert _notes(place) == {}


@pytest.mark.parametrize(("code", "exit_code"), [("disk_full", 74), ("out_of_memory", 74), ("query_canceled", 75)])
def test_a_commit_that_the_server_refuses_is_told_by_its_reason(
    running: Running, place: Server, code: str, exit_code: int
) -> None:
    running.sql(
        f"CREATE FUNCTION {place.schema}.fail() RETURNS trigger LANGUAGE plpgsql"
        f" AS $$ BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = '{code}'; END $$;"
        f"CREATE CONSTRAINT TRIGGER fail AFTER INSERT ON {place.schema}.change DEFERRABLE INITIALLY DEFERRED"
        f" FOR EACH ROW EXECUTE FUNCTION {place.schema}.fail()"
    )
    with pytest.raises(KneetrackError, match=r"\(no room\); nothing was changed") as refused:
        _log(place, "x")
    assert refused.value.exit_code == exit_code
    assert "cannot be reached" not in str(refused.value)
    assert _notes(place) == {}


# A server that goes away


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ('FATAL:  role "anna" does not exist', ServerRefusesError),
        ("FATAL:  sorry, too many clients already", ServerAwayError),
        ("FATAL:  the database system is starting up", ServerAwayError),
        ("FATAL:  das Datenbanksystem startet gerade", ServerAwayError),
        ('ВАЖНО:  роль "anna" не существует', ServerAwayError),
        ("FATAL:  Passwort-Authentifizierung für Benutzer »anna« fehlgeschlagen", ServerAwayError),
    ],
)
def test_a_server_that_does_not_connect_is_away_unless_it_refuses_in_english(
    monkeypatch: pytest.MonkeyPatch, words: str, expected: type[KneetrackError]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise psycopg.OperationalError(f'connection failed: connection to server at "h" failed: {words}')

    monkeypatch.setattr(postgres.Connection, "connect", fail)
    monkeypatch.setattr(postgres, "RETURN_S", 0)
    with pytest.raises(expected, match=re.escape(words.partition(":")[2].strip())):
        postgres.connect(server.read("postgresql://h/d"))


def test_a_server_that_is_away_is_told_by_one_sentence_without_the_password(tmp_path: object) -> None:
    with pytest.raises(ServerAwayError) as away:
        _log(server.read(f"postgresql://u:{SECRET}@/d?host={tmp_path}"), "x")
    assert away.value.exit_code == 75
    assert SECRET not in str(away.value)
    assert "\n" not in str(away.value)


def test_a_database_that_is_not_there_is_told_by_the_servers_own_words(running: Running) -> None:
    with pytest.raises(ServerRefusesError, match='database "nowhere" does not exist') as refused:
        _notes(server.read(f"postgresql:///nowhere?host={running.folder}&user=postgres"))
    assert refused.value.exit_code == 77


@pytest.mark.parametrize("answered", [False, True])
def test_a_connection_that_is_cut_at_any_statement_loses_and_doubles_nothing(
    running: Running, place: Server, monkeypatch: pytest.MonkeyPatch, *, answered: bool
) -> None:
    asked: list[bool] = []
    ask = postgres._was_committed  # noqa: SLF001

    def note(place: Server, change: str | None) -> bool:
        asked.append(ask(place, change))
        return asked[-1]

    monkeypatch.setattr(postgres, "_was_committed", note)
    with servers.cutting(running) as proxy:
        outcomes = _cut_at_each(proxy, running, place.schema, answered=answered)
    kept = _notes(place)
    assert len(outcomes) > 5
    for number, (error, written) in enumerate(outcomes):
        assert kept[written] == (error is None), (number, error)
        assert error is None or isinstance(error, ServerAwayError)
    assert set(asked) == {answered}


def _cut_at_each(
    proxy: Cutting, running: Running, schema: str, *, answered: bool
) -> list[tuple[KneetrackError | None, str]]:
    """Log once for each message that can be cut off; return how each of them ended, and what it was to write."""
    outcomes: list[tuple[KneetrackError | None, str]] = []
    while True:
        proxy.begin(len(outcomes), answered=answered)
        note, failed = f"cut at {len(outcomes)}", None
        with closing(server.read(running.address(schema, host=proxy.folder))) as place:
            try:
                _log(place, note)
            except KneetrackError as error:
                failed = error
        if not proxy.has_cut:
            return outcomes
        outcomes.append((failed, note))


def test_what_cannot_be_asked_for_is_said_to_be_in_doubt(
    running: Running, place: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "RETURN_S", 0)
    with (
        servers.cutting(running) as proxy,
        closing(server.read(running.address(place.schema, host=proxy.folder))) as own,
        ExitStack() as own_transaction,
    ):
        store = own_transaction.enter_context(open_store(own, write=True))
        store.append("log", START, [BRIDGES])
        proxy.close()
        (proxy.folder / ".s.PGSQL.5432").unlink()
        proxy.begin(0, answered=True)
        with pytest.raises(InDoubtError) as doubt:
            own_transaction.close()
    assert doubt.value.exit_code == 75


def test_a_server_that_answers_nothing_is_waited_for_only_so_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(postgres, "ANSWER_S", 1)
    with servers.running() as own, closing(own.diary()) as place:
        create(place, START)
        with open_store(place, write=False) as store:
            own.signal(signal.SIGSTOP)
            try:
                with pytest.raises(psycopg.OperationalError, match="does not answer"):
                    store.sessions(None, None)
            finally:
                own.signal(signal.SIGCONT)


def test_an_immediate_shutdown_during_200_writes_loses_and_doubles_nothing() -> None:
    with servers.running(durable=True) as own:
        schema = own.diary().schema
        with closing(server.read(own.address(schema))) as place:
            create(place, START)
        acknowledged, doubtful, enough = [], [], Event()

        def write(number: int) -> None:
            with closing(server.read(own.address(schema))) as mine:
                for again in range(20):
                    note = f"{number} {again}"
                    try:
                        _log(mine, note)
                    except InDoubtError:
                        doubtful.append(note)
                    except KneetrackError:
                        continue
                    else:
                        acknowledged.append(note)
                    if len(acknowledged) > 60:
                        enough.set()

        with ThreadPoolExecutor(10) as pool:
            writers = [pool.submit(write, number) for number in range(10)]
            assert enough.wait(60)
            own.stop("immediate")
            own.start(durable=True)
            for writer in writers:
                writer.result()
        with closing(server.read(own.address(schema))) as place:
            kept = _notes(place)
            with postgres.open_database(place, write=False) as database:
                halves = database.rows("SELECT count(*) FROM change WHERE id NOT IN (SELECT change_id FROM session)")
    assert {note: kept[note] for note in acknowledged} == dict.fromkeys(acknowledged, 1)
    assert set(kept) <= {*acknowledged, *doubtful}
    assert halves == [(0,)]


def test_a_connection_that_waited_through_a_restart_is_made_anew() -> None:
    with servers.running(durable=True) as own, closing(own.diary()) as place:
        create(place, START)
        _log(place, "before")
        own.stop()
        own.start(durable=True)
        _log(place, "after")
        assert _notes(place) == {"before": 1, "after": 1}
