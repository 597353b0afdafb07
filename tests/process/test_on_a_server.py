"""A diary on a PostgreSQL server at the command line: the same answers as from a file, and what only a server has."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import time_machine

import servers
from conftest import NOW, PATIENCE_S, Result, Run, read, sessions
from kneetrack.app import overview
from kneetrack.app.overview import Range
from kneetrack.app.session import Playing, prepare
from kneetrack.app.workspace import Workspace, locate
from kneetrack.store import server
from servers import Running

SECRET = "hunter2"  # noqa: S105 - the one that must not be seen

DAY = """\
log bridge 3x15
today
today --json
log clam 3x12 --side left --pain 2 --note “süß”
log bridge 15,12,10 --load band
start --help
edit last --note x
log bridge 3x15 -d yesterday --at 7:30
history --all
history --json
pain 3
pain 6 --side left
score nprs 3
score
pause bridge --from 2026-12-01 --until 2026-12-03 --reason trip
pause --list
skip clam -d yesterday
plan set bridge 2x10 --every 2
plan history
plan use hip-first-8w
plan
plan when after breakfast
add wall-push --per-side
log wall-push 2x10
undo
undo --list
redo
undo
settings day_start 03:00
settings pain_limit
rm last
stats
stats bridge --json
stats pain
calendar
explain streak
explain adherence
explain pain
remind
exercises wall
why
report
log bridge 3x15 nonsense
edit zzzz --pain 3
purge last --yes
export
export --format csv --of pain
"""


@pytest.fixture
def address(running: Running, monkeypatch: pytest.MonkeyPatch) -> str:
    """Name a diary on a server, not yet there, that `run` works on."""
    named = running.address(running.diary().schema)
    monkeypatch.setenv("KNEETRACK_DB", named)
    return named


@contextmanager
def _ids(line: int) -> Iterator[None]:
    """Give out the same ids whenever a line is typed."""
    numbers = iter(range(line << 16, (line + 1) << 16))
    with pytest.MonkeyPatch.context() as patch:
        for room in ("mapping", "writing", "merge"):
            patch.setattr(
                f"kneetrack.store.{room}.random_uid", lambda: f"{next(numbers) * 0x9E3779B97F4A7C15 % (1 << 128):032x}"
            )
        yield


def _answers(run: Run, diary: str, lines: list[str]) -> list[Result]:
    found = []
    for number, line in enumerate(lines, 1):
        with time_machine.travel(NOW.replace(minute=number % 60, hour=9 + number // 60), tick=False), _ids(number):
            out, err, code = run(line)
            found.append(Result(out.replace(diary, "DIARY"), err.replace(diary, "DIARY"), code))
    return found


def test_every_command_answers_from_a_server_what_it_answers_from_a_file(
    run: Run, running: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = DAY.splitlines()
    answers: list[list[Result]] = []
    for diary in (str(tmp_path / "diary.db"), running.address(running.diary().schema)):
        monkeypatch.setenv("KNEETRACK_DB", diary)
        monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / f"data{len(answers)}"))
        monkeypatch.setenv("COLUMNS", "200")
        answers.append(_answers(run, diary, lines))
    for line, in_file, on_server in zip(lines, *answers, strict=True):
        assert (line, on_server) == (line, in_file)
    assert sum(each.code == 0 for each in answers[0]) > len(lines) - 8


@pytest.mark.usefixtures("address")
def test_an_import_and_a_restore_bring_back_the_same_bytes(run: Run, tmp_path: Path) -> None:
    for line in DAY.splitlines():
        run(line)
    before = run("export").out
    assert "Backed up: " in run("backup").out
    newest = max(read(run, "restore")["backups"], key=lambda copy: copy["name"])["name"]
    run("log bridge 3x15 -d 2026-11-01")
    assert run("export").out != before
    restored = run(f"restore {newest}")
    assert (restored.code, run("export").out) == (0, before)
    (tmp_path / "taken.json").write_text(before)
    moved = run(f"--db {tmp_path}/moved.db import {tmp_path}/taken.json")
    assert (moved.code, run(f"--db {tmp_path}/moved.db export").out) == (0, before)


@pytest.mark.usefixtures("address")
def test_a_purge_leaves_the_backups_without_the_record(run: Run, tmp_path: Path) -> None:
    run("log bridge --note unspeakable")
    run("backup")
    folder = tmp_path / "data" / "kneetrack" / "servers" / "backups"
    held = [path for path in folder.glob("*Z") if b"unspeakable" in path.read_bytes()]
    assert held
    assert f"Purged from the diary and {len(held)} backup" in run("purge last --yes").out
    assert not [path for path in folder.glob("*Z") if b"unspeakable" in path.read_bytes()]
    assert run(f"restore {read(run, 'restore')['backups'][0]['name']}").code == 0
    assert sessions(run) == []


def test_what_was_purged_stays_out_where_the_diary_is_gone_and_a_backup_still_has_it(
    run: Run, address: str, running: Running, tmp_path: Path
) -> None:
    run("log bridge --note unspeakable")
    run("log bridge 7 --note kept")
    run("backup")
    newest = max((tmp_path / "data" / "kneetrack" / "servers" / "backups").glob("*Z"))
    before = newest.read_bytes()
    run(f"purge {sessions(run)[0]['id']} --yes")
    newest.write_bytes(before)
    running.sql(f'DROP SCHEMA "{server.read(address).schema}" CASCADE')
    assert run(f"restore {'.'.join(newest.name.split('.')[-2:])}").code == 0
    assert [its["note"] for its in sessions(run)] == ["kept"]


def test_doctor_finds_a_diary_sound_and_a_changed_record(run: Run, address: str, running: Running) -> None:
    run("log bridge --note sound")
    assert run("doctor").code == 0
    schema = address.rpartition("=")[2]
    running.sql(f"UPDATE \"{schema}\".session SET note = 'other'")
    found = run("doctor")
    assert (found.code, "is not what was written" in found.out) == (65, True)


def test_doctor_finds_a_view_in_the_place_of_a_table(run: Run, address: str, running: Running) -> None:
    run("log bridge")
    schema = address.rpartition("=")[2]
    running.sql(
        f"ALTER TABLE {schema}.session RENAME TO sessions;"
        f"CREATE VIEW {schema}.session AS SELECT * FROM {schema}.sessions"
    )
    found = run("doctor")
    assert (found.code, "a view that kneetrack did not make (session)" in found.out) == (65, True)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("CREATE TABLE {}.patients (id int)", "a table that kneetrack did not make (patients)"),
        ("ALTER TABLE {}.session ADD more int", "a column that kneetrack did not make (session.more)"),
        ("DROP TABLE {}.tombstone", "the table tombstone is missing"),
        ("ALTER TABLE {}.pain DROP COLUMN note", "the column pain.note is missing"),
        ("DROP INDEX {}.session_current", "the index session_current is missing"),
    ],
)
def test_doctor_finds_what_a_schema_lacks_or_has_of_another_program(
    run: Run, address: str, running: Running, statement: str, words: str
) -> None:
    run("log bridge")
    assert "has the tables, columns and indexes of kneetrack, and no others" in run("doctor").out
    running.sql(statement.format(server.read(address).schema))
    found = run("doctor")
    assert (found.code, words in found.out) == (65, True)


def test_every_command_refuses_a_schema_of_another_program_alike(run: Run, address: str, running: Running) -> None:
    schema = server.read(address).schema
    running.sql(f"CREATE SCHEMA {schema}; CREATE TABLE {schema}.patients (id int)")
    for line in ("today", "log bridge", "history", "undo", "export"):
        said = run(line)
        assert (line, said.code, said.out) == (line, 65, "")
        assert "holds tables of another program, not a diary" in said.err
    found = run("doctor")
    assert found.code == 65
    assert "holds tables of another program, not a diary" in found.out


def test_doctor_finds_a_trigger_of_somebody_elses(run: Run, address: str, running: Running) -> None:
    run("log bridge")
    schema = address.rpartition("=")[2]
    running.sql(
        "CREATE OR REPLACE FUNCTION public.spy() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
        f' CREATE TRIGGER spy BEFORE INSERT ON "{schema}".session FOR EACH ROW EXECUTE FUNCTION public.spy()'
    )
    found = run("doctor")
    assert (found.code, "a trigger that kneetrack did not make (spy)" in found.out) == (65, True)


def test_a_diary_that_is_not_there_is_said_to_be_missing_by_its_address(run: Run, address: str) -> None:
    found = run("today")
    assert (found.code, found.err.startswith(f"There is no diary at {address}; the first log")) == (66, True)


def test_a_server_that_is_away_is_one_sentence(run: Run, tmp_path: Path) -> None:
    for line in ("log bridge", "today", "undo", "doctor", "backup", "export", "settings", "remind"):
        found = run(f"--db postgresql://u:{SECRET}@/d?host={tmp_path} {line}")
        assert (found.code, found.out, found.err.count("\n")) == (75, "", 1)
        assert SECRET not in found.err


def test_no_screen_shows_a_password(run: Run, running: Running) -> None:
    address = running.address(running.diary().schema).replace("///", f"://postgres:{SECRET}@/").replace("::", ":")
    for line in ("log bridge", "settings", "settings --json", "doctor", "doctor --json", "backup", "restore --json"):
        found = run(f"--db {address} {line}")
        assert (line, found.code) == (line, 0)
        assert SECRET not in found.out + found.err


@pytest.mark.parametrize(
    "address", ["postgresql:/u:geheim@127.0.0.1:1/x", "Postgres:u:geheim@h/x", "postgresql://u@h/x?frob=geheim"]
)
@pytest.mark.parametrize("line", ["today", "log bridge", "settings"])
def test_a_mistyped_address_is_no_path_and_shows_no_password(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str, line: str
) -> None:
    monkeypatch.chdir(tmp_path)
    said = run(f"{line} --db {address}")
    assert said.code == 2
    assert "geheim" not in said.out + said.err
    assert "postgresql:" not in {each.name for each in tmp_path.iterdir()}


def test_a_reminder_holds_no_password(run: Run, table: Path, running: Running) -> None:
    address = running.address(running.diary().schema)
    refused = run(f"--db {address}&password={SECRET} remind install")
    assert (refused.code, SECRET in refused.err, table.exists()) == (2, False, False)


def test_a_reminder_reads_the_diary_of_its_address(run: Run, table: Path, address: str) -> None:
    run("log bridge")
    installed = run("remind install --at 18:00")
    assert (installed.code, address.replace("%", "\\%") in table.read_text()) == (0, True)
    assert "Clamshell" in run(f"--db {address} remind").out
    status = read(run, "remind status")
    assert [its["diary"] for its in status["installed"]] == [address]
    assert "gone" not in run("remind status").out
    assert "not this diary" not in run("doctor").out


@pytest.mark.usefixtures("address")
def test_a_shell_completes_records_on_a_server(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("log bridge")
    (one,) = sessions(run)
    monkeypatch.setenv("_KNEETRACK_COMPLETE", "complete_fish")
    monkeypatch.setenv("_TYPER_COMPLETE_ARGS", "kneetrack rm ")
    assert one["id"][:4] in run("").out


def test_without_the_driver_the_extra_is_named(address: str, tmp_path: Path) -> None:
    (tmp_path / "psycopg.py").write_text("raise ModuleNotFoundError('no', name='psycopg')")
    found = _kneetrack("log bridge", KNEETRACK_DB=address, PYTHONPATH=str(tmp_path))
    assert found.code == 69
    assert found.err == (
        "A diary on a PostgreSQL server needs psycopg: pip install 'kneetrack[postgres]', or pip install"
        " 'psycopg[binary]'.\n"
    )


def test_eight_first_logs_at_once_are_all_kept(run: Run, address: str) -> None:
    started = [_start("log bridge 1x5", KNEETRACK_DB=address) for _ in range(8)]
    assert [_ended(each).code for each in started] == [0] * 8
    assert len(sessions(run)) == 8
    assert len(read(run, "undo --list")["changes"]) == 8


def _start(line: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "kneetrack", *line.split()],
        env={**os.environ, **environment},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def _kneetrack(line: str, **environment: str) -> Result:
    return _ended(_start(line, **environment))


def _ended(started: subprocess.Popen[str]) -> Result:
    out, err = started.communicate(timeout=PATIENCE_S)
    return Result(out, err, started.returncode)


@pytest.mark.usefixtures("address")
def test_a_diary_in_a_file_and_one_on_a_server_that_sync_export_the_same_bytes(run: Run, tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    in_file, on_server = f"--db {tmp_path}/file.db", ""
    for diary, lines in (
        (in_file, ("log bridge 3x15", f"sync {tmp_path}/shared")),
        (on_server, (f"sync {tmp_path}/shared", "log clam 2x5 --note x", "pain 3", "sync")),
        (in_file, ("sync", "undo", "log bridge 1x2", "edit last --pain 4", "sync")),
        (on_server, ("sync",)),
    ):
        for line in lines:
            done = run(f"{diary} {line}")
            assert (line, done.code, done.err) == (line, 0, "")
    assert run("export").out == run(f"{in_file} export").out
    assert {its["exercise"] for its in sessions(run)} == {"bridge", "clamshell"}


# Who may read what


@pytest.fixture
def people(running: Running, run: Run) -> Callable[[str, str], str]:
    """Give anna and ben a diary each by the script of the docs; returns a function that gives an address."""
    for person in ("anna", "ben"):
        if not running.sql(f"SELECT 1 FROM pg_roles WHERE rolname = '{person}'"):
            running.psql("-v", f"person={person}", "-f", ROLES)
            owner = f"{running.address(person)}&options=-c%20role%3D{person}_owner"
            assert run(f"--db {owner} plan set bridge 3x12").code == 0
    return lambda role, diary: running.address(diary, user=role)


ROLES = Path(__file__).parents[2] / "docs" / "roles.sql"


def test_a_person_reads_and_writes_their_own_diary_alone(
    run: Run, people: Callable[[str, str], str], tmp_path: Path
) -> None:
    own, other = people("anna", "anna"), people("anna", "ben")
    for line in ("log bridge 1x5 --note mine", "undo", "redo", "backup", f"export {tmp_path}/own.json", "stats"):
        assert run(f"--db {own} {line}").code == 0
    assert run(f"--db {people('ben', 'ben')} import {tmp_path}/own.json").code == 0
    for line in ("today", "log bridge 1x5", "export", "history", "undo", "doctor", "backup", "purge last --yes"):
        refused = run(f"--db {other} {line}")
        assert (line, refused.code, refused.out) == (line, 77, "")


def test_a_person_can_make_no_other_diary_and_change_no_table(
    run: Run, people: Callable[[str, str], str], running: Running
) -> None:
    assert run(f"--db {people('anna', 'third')} log bridge").code == 77
    for statement in (
        "CREATE TABLE anna.more (id int)",
        "ALTER TABLE anna.session ADD more int",
        "DROP TABLE anna.session",
        "CREATE TABLE public.more (id int)",
        "CREATE TEMPORARY TABLE more (id int)",
        "SELECT count(*) FROM ben.session",
        "SET ROLE anna_owner",
        "SET ROLE ben",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            running.sql(statement, user="anna")


def test_doctor_says_that_only_one_may_read(run: Run, people: Callable[[str, str], str], running: Running) -> None:
    found = run(f"--db {people('anna', 'anna')} doctor")
    assert "only you and the administrators of the server may read it" in found.out
    running.sql("GRANT USAGE ON SCHEMA anna TO ben; GRANT SELECT ON anna.pain TO ben")
    found = run(f"--db {people('anna', 'anna')} doctor")
    running.sql("REVOKE ALL ON SCHEMA anna FROM ben; REVOKE ALL ON anna.pain FROM ben")
    assert "these may read it too: ben" in found.out


def test_a_password_comes_from_pgpass_and_is_asked_for_by_the_server(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with servers.running(auth="scram-sha-256") as own:
        own.sql(f"CREATE ROLE cara LOGIN SUPERUSER PASSWORD '{SECRET}'", password=servers.PASSWORD)
        address = own.address("cara", user="cara")
        refused = run(f"--db {address} log bridge")
        assert (refused.code, refused.err.count("\n")) == (77, 1)
        wrong = run(f"--db {address}&password=wrong{SECRET} log bridge")
        assert (wrong.code, SECRET in wrong.err, wrong.err.count("\n")) == (77, False, 1)
        (tmp_path / "pgpass").write_text(f"*:*:*:cara:{SECRET}\n")
        (tmp_path / "pgpass").chmod(0o600)
        monkeypatch.setenv("PGPASSFILE", str(tmp_path / "pgpass"))
        assert run(f"--db {address} log bridge").code == 0


def test_everything_works_through_a_pooler_that_gives_a_connection_for_each_transaction(
    run: Run, running: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    with servers.pooled(running) as pooler:
        answers = []
        for number, server in enumerate((running, pooler)):
            monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / f"data{number}"))
            diary = server.address(running.diary().schema)
            monkeypatch.setenv("KNEETRACK_DB", diary)
            answers.append(_answers(run, diary, DAY.splitlines()))
    assert answers[1] == answers[0]


# A server that ends while a session is played


def test_a_session_goes_on_after_a_restart_and_saves_again_what_a_server_that_was_away_did_not_take(
    home: Path,
) -> None:
    with servers.running(durable=True) as own:
        place = locate(own.address("played"), {"XDG_DATA_HOME": str(home)})
        playing = Playing(prepare(Workspace(place, NOW), ["bridge"]), lambda: Workspace(place, NOW))
        playing.begin()
        _play_a_set(playing)
        own.stop("immediate")
        own.start(durable=True)
        _play_a_set(playing)
        own.stop()
        _play_a_set(playing)
        assert playing.failed
        assert playing.failed.exit_code == 75
        own.start(durable=True)
        playing.press("pause")
        _play_a_set(playing)
        assert playing.failed is None
        found = overview.history(Workspace(place, NOW), None, Range(everything=True)).sessions
        assert [its.exercise for its in found] == ["bridge"] * 3
        place.backend.close()


def _play_a_set(playing: Playing) -> None:
    """Let time pass until a set more is saved, the session is paused, or nothing is left."""
    before = len(playing.saved.sets)
    for _ in range(1_000):
        if len(playing.saved.sets) > before or playing.state.paused or not playing.state.phase:
            return
        playing.advance(1)
