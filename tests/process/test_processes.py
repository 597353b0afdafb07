"""The command line as real processes: at once, into pipes, with other encodings, and what they import."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from subprocess import PIPE, CompletedProcess, Popen

import pytest

from commands import blank, rows
from conftest import PATIENCE_S, files
from kneetrack.cli import console

KNEETRACK = (sys.executable, "-m", "kneetrack")
HEAVY = ("alembic", "pydantic", "sqlalchemy", "sqlmodel")


def _run(line: str, **environment: str) -> CompletedProcess[str]:
    return subprocess.run(
        [*KNEETRACK, *line.split()],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | environment,
        timeout=PATIENCE_S,
    )


def _python(program: str, *words: str) -> CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program, *words], capture_output=True, text=True, check=False, timeout=PATIENCE_S
    )


def _one(path: Path, statement: str) -> object:
    ((value,),) = rows(path, statement)
    return value


# At once


def test_eight_first_logs_at_once_make_one_diary_and_lose_nothing(db: Path) -> None:
    line = [*KNEETRACK, "log", "bridge", "--reps", "15"]
    running = [Popen(line, stdout=PIPE, stderr=PIPE, text=True) for _ in range(8)]
    ended = [(*process.communicate(timeout=PATIENCE_S), process.returncode) for process in running]
    assert [(err, code) for _, err, code in ended] == [("", 0)] * 8
    assert sum("example plan" in out for out, _, _ in ended) == 1
    assert _one(db, "SELECT count(*) FROM session WHERE current") == 8
    assert _one(db, "SELECT count(DISTINCT uid) FROM session") == 8
    assert _one(db, "SELECT count(*) FROM prescription") == 2
    assert _one(db, "SELECT count(*) FROM change WHERE command = 'example plan'") == 1
    assert _one(db, "SELECT count(DISTINCT at) = count(*) AND count(*) = 9 FROM change")
    assert _one(db, "PRAGMA integrity_check") == "ok"
    assert files(db.parent) == [db.name]


WRITERS = """
import os, sys
from datetime import UTC, date, datetime
from pathlib import Path
from kneetrack.domain.dose import Dose
from kneetrack.domain.records import Session
from kneetrack.store.sqlite import open_store

path, gate, pids = Path(sys.argv[1]), os.pipe(), []
for reps in range(1, 31):
    pid = os.fork()
    if not pid:
        os.close(gate[1])
        os.read(gate[0], 1)
        now = datetime.now(UTC)
        try:
            with open_store(path, write=True) as store:
                there = len(store.sessions(None, None))
                dose = Dose(1, reps, None)
                session = Session("", now, "bridge", date(2026, 11, 25), None, None, dose, None, None, None, str(there))
                store.append("log", now, [session])
        except BaseException as error:
            print(error, file=sys.stderr, flush=True)
            os._exit(1)
        os._exit(0)
    pids.append(pid)
os.close(gate[0])
os.close(gate[1])
sys.exit(sum(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids))
"""


def test_thirty_writers_at_once_lose_and_double_nothing(db: Path) -> None:
    ended = _python(WRITERS, str(blank(db)))
    assert (ended.returncode, ended.stderr) == (0, "")
    assert {reps for (reps,) in rows(db, "SELECT reps FROM session WHERE current")} == set(range(1, 31))
    assert [int(note) for (note,) in rows(db, "SELECT note FROM session ORDER BY id")] == list(range(30))
    stamps = [at for (at,) in rows(db, "SELECT at FROM change ORDER BY id")]
    assert len(stamps) == 30
    assert stamps == sorted(set(stamps))
    assert _one(db, "PRAGMA integrity_check") == "ok"


@pytest.mark.parametrize(
    ("restores", "logs"),
    [(2, 8), pytest.param(1, 15, marks=pytest.mark.slow), pytest.param(3, 15, marks=pytest.mark.slow)],
)
def test_logs_beside_restores_all_end_well_and_none_is_in_half(db: Path, restores: int, logs: int) -> None:
    for words in (("log", "bridge", "1x1"), ("backup",)):
        assert subprocess.run([*KNEETRACK, *words], check=False, stdout=PIPE, timeout=60).returncode == 0
    name = next(path.name for path in (db.parent / "backups").iterdir()).removeprefix(f"{db.name}.")
    lines: list[tuple[str, ...]] = [("log", "bridge", f"1x{reps}") for reps in range(2, 2 + logs)]
    for number in range(restores):
        lines.insert(number * logs // restores, ("restore", name))
    running = [Popen([*KNEETRACK, *words], stdout=PIPE, stderr=PIPE, text=True) for words in lines]
    ended = [(*process.communicate(timeout=120), process.returncode) for process in running]
    assert [(err, code) for _, err, code in ended] == [("", 0)] * len(lines)
    assert _one(db, "PRAGMA integrity_check") == "ok"
    assert _one(db, "SELECT count(*) FROM session WHERE reps = 1") == 1


# Pipes and full disks


@pytest.fixture(scope="module")
def logged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make one diary with a program and a session, and its backup of the day."""
    db = tmp_path_factory.mktemp("logged") / "diary.db"
    ended = _run("log bridge --reps 15 --note fine", KNEETRACK_DB=str(db))
    assert (ended.returncode, ended.stderr) == (0, "")
    return db


@pytest.fixture
def diary(db: Path, logged: Path) -> Path:
    """Give a diary with a program and a session."""
    shutil.copytree(logged.parent, db.parent, dirs_exist_ok=True)
    return db


@pytest.mark.usefixtures("diary")
@pytest.mark.parametrize("line", ["today", "history --json", "log clamshell"])
def test_a_closed_pipe_ends_quietly(line: str) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    ended = subprocess.run([*KNEETRACK, *line.split()], stdout=writer, stderr=PIPE, check=False, timeout=PATIENCE_S)
    os.close(writer)
    assert (ended.returncode, ended.stderr) == (0, b"")


@pytest.mark.usefixtures("diary")
def test_a_reader_that_takes_one_line_ends_it_quietly() -> None:
    today = Popen([*KNEETRACK, "today"], stdout=PIPE, stderr=PIPE)
    head = subprocess.run(["head", "-1"], stdin=today.stdout, capture_output=True, check=True, timeout=PATIENCE_S)  # noqa: S607
    _, err = today.communicate(timeout=PATIENCE_S)
    assert (today.returncode, err, head.stdout.count(b"\n")) == (0, b"", 1)


@pytest.mark.parametrize("line", ["history", "today --json", "log bridge --reps 12"])
def test_an_answer_that_cannot_be_printed_is_said_in_one_line_and_what_was_logged_is_kept(
    diary: Path, line: str
) -> None:
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(
            [*KNEETRACK, *line.split()], stdout=full, stderr=PIPE, text=True, check=False, timeout=PATIENCE_S
        )
    assert (ended.returncode, ended.stderr.count("\n")) == (74, 1)
    assert ended.stderr.endswith(". Whatever the command changed is saved.\n")
    assert _one(diary, "SELECT count(*) FROM session") == (2 if line.startswith("log") else 1)


@pytest.mark.parametrize("line", ["log bridge", "undo"])
def test_a_disk_that_fills_during_a_write_leaves_the_diary_as_it_was(diary: Path, line: str) -> None:
    before = diary.read_bytes()
    limited = ["bash", "-c", f'ulimit -f 8; exec "$@" {line}', "bash", *KNEETRACK]
    ended = subprocess.run(limited, capture_output=True, text=True, check=False, timeout=PATIENCE_S)
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (74, "", 1)
    assert _run("today").returncode == 0
    assert diary.read_bytes() == before
    assert files(diary.parent) == [diary.name]


# What it imports


IMPORTS = """
import sys
from kneetrack.cli import main
from kneetrack.store.sqlite import open_store
sys.argv = ["kneetrack", *sys.argv[1:]]
try:
    main()
finally:
    print(" ".join(sys.modules), file=sys.stderr)
"""


@pytest.mark.usefixtures("diary")
@pytest.mark.parametrize(
    ("line", "heavy"),
    [
        ("log bridge 15", (*HEAVY, "rich")),
        ("log bridge 15 --json", (*HEAVY, "rich")),
        ("today --json", (*HEAVY, "rich")),
        ("today", HEAVY),
        ("history", HEAVY),
        ("stats", HEAVY),
    ],
)
def test_a_daily_command_imports_nothing_that_is_slow(line: str, heavy: tuple[str, ...]) -> None:
    ended = _python(IMPORTS, *line.split())
    assert ended.returncode == 0
    assert {name.partition(".")[0] for name in ended.stderr.split()}.isdisjoint(heavy)


# Surroundings


@pytest.mark.usefixtures("diary")
@pytest.mark.parametrize("line", ["today", "history", "stats", "log bridge 3x15", "plan", "log bridge “"])
def test_a_terminal_without_our_marks_gets_others(line: str) -> None:
    ended = _run(line, LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert ended.returncode == (2 if "“" in line else 0)
    assert (ended.stdout + ended.stderr).isascii()
    assert "?" not in ended.stdout
    assert "Traceback" not in ended.stderr


@pytest.mark.usefixtures("diary")
@pytest.mark.parametrize("line", ["--help", "today"])
@pytest.mark.parametrize("size", ["99999999", "9" * 30, "1", "0", "-5", "", "wide", "²"])
def test_a_terminal_of_any_size_is_one_that_a_screen_fits(size: str, line: str) -> None:
    ended = _run(line, COLUMNS=size, LINES=size, TERMINAL_WIDTH=size)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert 0 < max(map(len, ended.stdout.splitlines())) <= console.WIDEST


def test_a_diary_named_by_the_environment_may_have_any_name(tmp_path: Path) -> None:
    path = tmp_path / "a b%20c?mode=memory&d=#e.db"
    for line in ("log bridge", "today", "undo"):
        ended = _run(line, KNEETRACK_DB=str(path))
        assert (ended.returncode, ended.stderr) == (0, "")
    assert _one(path, "SELECT count(*) FROM session") == 2
    assert files(tmp_path) == [path.name]


def test_a_diary_whose_name_is_no_utf8_is_used_and_named(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/\xff.db"
    for line in ("log bridge", "today --json"):
        ended = _run(line, KNEETRACK_DB=os.fsdecode(path))
        assert (ended.returncode, ended.stderr) == (0, "")
    assert json.loads(ended.stdout)["items"][0]["state"] == "done"
    assert [os.fsencode(name) for name in files(tmp_path)] == [b"\xff.db"]


@pytest.mark.parametrize("line", ["today", "log bridge 9", "remind", "backup"])
@pytest.mark.parametrize("zone", ["UTC+24", "UTC-167"])
def test_a_time_zone_that_no_clock_can_have_is_said_in_a_sentence(diary: Path, zone: str, line: str) -> None:
    kept = diary.read_bytes()
    ended = _run(line, TZ=zone)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("The time zone of this computer is 24 hours or more from UTC: ")
    assert ended.stderr.count("\n") == 1
    assert diary.read_bytes() == kept


@pytest.mark.parametrize("line", ["today", "log bridge 9"])
@pytest.mark.parametrize("zone", ["UTC+23:59", "UTC-23:59:59", "Not/Anywhere"])
@pytest.mark.usefixtures("diary")
def test_a_time_zone_that_a_clock_can_have_is_used(zone: str, line: str) -> None:
    ended = _run(line, TZ=zone)
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.parametrize(
    ("closed", "line", "code"), [(">&-", "log bridge 9", 0), (">&-", "export", 2), ("<&-", "purge last", 2)]
)
def test_a_stream_that_is_closed_changes_nothing_of_what_is_done(
    diary: Path, closed: str, line: str, code: int
) -> None:
    ended = subprocess.run(
        ["bash", "-c", f'exec "$@" {line} {closed}', "bash", *KNEETRACK],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )
    assert (ended.returncode, "Traceback" in ended.stderr) == (code, False)
    assert _one(diary, "SELECT count(*) FROM session") == (2 if code == 0 else 1)
