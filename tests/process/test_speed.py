"""What keeps the daily commands fast, as rules that do not depend on a clock: plans, imports, garbage."""

import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from sqlite3 import Connection

import platformdirs
import pytest

from commands import BRIDGES, connection
from conftest import NOW, PATIENCE_S, Run
from kneetrack.app.workspace import locate
from kneetrack.store import sqlite
from kneetrack.store.sqlite import open_store

PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"
DAYS = 400

# Query plans


@pytest.fixture
def long_diary(diary: Path) -> Path:
    """Give a diary with a session of two exercises on each of the days before NOW."""
    before = [NOW.date() - timedelta(ago) for ago in range(1, DAYS)]
    done = [BRIDGES._replace(exercise=name, day=day) for day in before for name in ("bridge", "side_plank")]
    with open_store(diary, write=True) as store:
        store.append("log", NOW, done)
    return diary


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect the statements that commands send to SQLite, with their values."""
    statements: list[str] = []
    connect = sqlite.connect

    def _listening(path: Path, *, write: bool) -> Connection:
        opened = connect(path, write=write)
        opened.set_trace_callback(statements.append)
        return opened

    monkeypatch.setattr(sqlite, "connect", _listening)
    return statements


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("analysed", [False, True], ids=["as logged", "analysed"])
@pytest.mark.parametrize(
    "line",
    [
        "log bridge --reps 15",
        "log bridge 15 --json",
        "today",
        "today --json",
        "history",
        "history bridge",
        "remind",
        "stats",
    ],
)
def test_a_command_walks_no_table_and_only_questions_about_all_days_walk_an_index(
    run: Run, long_diary: Path, asked: list[str], line: str, *, analysed: bool
) -> None:
    with connection(long_diary) as opened:
        if analysed:
            opened.execute("ANALYZE")
        run("backup")
        asked.clear()
        assert run(line).code == 0
        questions = {said for said in asked if said.startswith(("SELECT", "INSERT"))}
        assert any("FROM session" in said for said in questions)
        for said in questions:
            for *_, step in opened.execute(f"EXPLAIN QUERY PLAN {said}"):
                bounded = re.search(r"day (>=|<=|BETWEEN)", said)
                assert not re.match(
                    r"SCAN (session|change)" if bounded else r"SCAN (session|change)(?! USING)", step
                ), said


# Statements

MOST = {"log bridge --reps 15": 12, "undo": 13, "redo": 12, "edit last 2x10": 15, "rm last": 15, "skip clamshell": 15,
        "plan set bridge 3x12 clamshell 2x15": 15, "settings pain_limit 3": 15}  # fmt: skip
"""How many questions each command asks from BEGIN to COMMIT, at most."""


@pytest.fixture
def diary_with_a_miss(diary: Path) -> Path:
    """Give a diary with a session on each of the days before NOW but one, each of a change of its own."""
    with open_store(diary, write=True) as store:
        for ago in set(range(1, DAYS)) - {9}:
            store.append("log", NOW, [BRIDGES._replace(day=NOW.date() - timedelta(ago))])
    return diary


@pytest.mark.usefixtures("clock", "diary_with_a_miss")
@pytest.mark.parametrize("line", MOST)
def test_a_command_that_writes_asks_few_questions(run: Run, asked: list[str], line: str) -> None:
    run("log bridge 15")
    if line == "redo":
        run("undo")
    asked.clear()
    assert run(line).code == 0
    begin = asked.index("BEGIN IMMEDIATE")
    until = asked[begin : asked.index("COMMIT", begin)]
    questions = [said for said in until if said.lstrip().startswith(("SELECT", "WITH"))]
    assert 0 < len(questions) <= MOST[line], questions


@pytest.mark.usefixtures("clock", "diary_with_a_miss")
def test_undo_of_a_log_updates_nothing_but_the_sessions(run: Run, asked: list[str]) -> None:
    run("log bridge 15")
    asked.clear()
    assert run("undo").code == 0
    written = [said.split()[:3] for said in asked if said.lstrip().startswith(("UPDATE", "INSERT", "DELETE"))]
    assert [words[1] if words[0] == "UPDATE" else words[2] for words in written] == ["change", "session", "session"]


@pytest.mark.parametrize("line", ["undo", "redo", "undo --list", "edit last 2x10", "rm last"])
@pytest.mark.usefixtures("clock")
def test_undo_and_its_kind_walk_no_table_of_sessions(
    run: Run, diary_with_a_miss: Path, asked: list[str], line: str
) -> None:
    with connection(diary_with_a_miss) as opened:
        run("log bridge 15")
        if line == "redo":
            run("undo")
        opened.execute("ANALYZE")
        asked.clear()
        assert run(line).code == 0
        for said in {said for said in asked if said.lstrip().startswith(("SELECT", "WITH", "UPDATE"))}:
            if "created_at DESC, uid DESC LIMIT 1" in said:
                continue  # `last` is the newest of all
            for *_, step in opened.execute(f"EXPLAIN QUERY PLAN {said}"):
                assert not re.match(r"SCAN (session|change|version)(?! USING)", step), said


# Imports

COMMAND = "from kneetrack.__main__ import run; run()"
FLOORS = {
    "log bridge --reps 15": "import typer, sqlite3, json",
    "history": "import typer, sqlite3, json",
    "remind": "import typer, sqlite3, json, platformdirs",
    "today": "import typer, sqlite3, json, rich.console, rich.table",
    "stats": "import typer, sqlite3, json, rich.console, rich.table",
}
"""What each daily command cannot do without. Its own rooms, and rooms of Typer and Rich, may come on top."""


def _loaded(code: str, line: str = "", environment: dict[str, str] | None = None) -> set[str]:
    """Return the modules that a fresh Python has loaded at the end of some code."""
    told = "import atexit, sys; atexit.register(lambda: print(*sys.modules, file=sys.stderr)); " + code
    words = [sys.executable, "-c", told, *line.split()]
    ended = subprocess.run(
        words, capture_output=True, text=True, check=True, env={**os.environ, **(environment or {})}, timeout=PATIENCE_S
    )
    return set(ended.stderr.splitlines()[-1].split())


@pytest.mark.usefixtures("long_diary")
@pytest.mark.parametrize(("line", "floor"), FLOORS.items())
def test_a_daily_command_imports_its_floor_and_own_rooms_alone(line: str, floor: str) -> None:
    more = _loaded(COMMAND, line) - _loaded(f"{floor}, urllib.parse")
    allowed = {"__future__", "gc", "kneetrack", "typer"} | ({"rich"} if "rich" in floor else set())
    assert {name.partition(".")[0] for name in more} <= allowed
    assert "kneetrack.cli" in more
    assert more.isdisjoint({"kneetrack.store.undo", "kneetrack.store.tables"})


WITHOUT_ORM = (
    *("undo", "redo", "edit last 2x10", "rm last", "purge last --yes", "plan set bridge 3x12", "skip clamshell"),
    *("pause clamshell", "resume clamshell", "add wall-push", "settings pain_limit 3", "backup", "restore", "doctor"),
    *("export", "export --format csv", "log bridge 15 --db new.db"),
)


def test_no_command_but_import_and_its_kind_imports_the_orm(long_diary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(long_diary.parent)
    monkeypatch.setenv("PATH", str(long_diary.parent))  # no crontab for doctor to look at
    for line in ("log bridge 15", *WITHOUT_ORM):
        loaded = {name.partition(".")[0] for name in _loaded(COMMAND, line, {"PATH": ""})}
        assert "sqlite3" in loaded
        assert loaded.isdisjoint({"alembic", "pydantic", "sqlalchemy", "sqlmodel"}), line


COMPLETION = {
    *(f"kneetrack.cli.{name}" for name in ("complete", "console", "environment", "front", "grammar")),
    *(f"kneetrack.views.{name}" for name in ("answer", "lines", "phrases")),
}
"""What of the rooms above `app` completion may load: reading the line, and printing."""


@pytest.mark.usefixtures("long_diary")
@pytest.mark.parametrize("line", ["log bri", "rm ", "history ", "--db diary.db log bri", "log\nbri"])
def test_completion_imports_no_command_and_no_screen(line: str) -> None:
    words = f"kneetrack {line}"
    asked = {
        "_KNEETRACK_COMPLETE": "complete_bash",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(re.split(r"\s", words)) - 1),
    }
    more = _loaded(COMMAND, environment=asked) - _loaded("import typer, sqlite3, json, shlex, urllib.parse")
    assert {name.partition(".")[0] for name in more} <= {"__future__", "gc", "kneetrack"}
    assert "kneetrack.app.completion" in more
    assert {name for name in more if name.startswith(("kneetrack.cli.", "kneetrack.views."))} <= COMPLETION
    assert more.isdisjoint({"kneetrack.app.changes", "kneetrack.store.undo", "kneetrack.store.tables"})


@pytest.mark.usefixtures("long_diary")
@pytest.mark.parametrize("line", [*FLOORS, "log bridge again", "skip -d 2 days ago", "history --days 3"])
def test_no_well_formed_line_and_no_completion_imports_typer(line: str) -> None:
    asked = {"_KNEETRACK_COMPLETE": "complete_fish", "_TYPER_COMPLETE_ARGS": f"kneetrack {line} "}
    for loaded in (_loaded(COMMAND, line), _loaded(COMMAND, environment=asked)):
        assert "kneetrack.cli.front" in loaded
        assert loaded.isdisjoint({"typer", "click", "pydantic"})


GARBAGE = """
import atexit, gc
from kneetrack.__main__ import run
from kneetrack.store.sqlite import open_store
before = gc.get_stats()[0]["collections"]
atexit.register(lambda: print(gc.get_stats()[0]["collections"] - before, gc.get_freeze_count()))
run()
"""
"""Runs a command and prints how often Python collected the youngest objects, and how many it will leave alone."""


def test_the_installed_program_looks_for_garbage_at_most_once_and_not_at_the_end(diary: Path) -> None:
    assert '\nkneetrack = "kneetrack.__main__:run"\n' in PYPROJECT.read_text()
    ended = subprocess.run(
        [sys.executable, "-c", GARBAGE, "today"], capture_output=True, text=True, check=True, timeout=PATIENCE_S
    )
    collections, frozen = map(int, ended.stdout.splitlines()[-1].split())
    assert collections <= 1
    assert frozen
    assert diary.exists()


# The data folder


@pytest.mark.parametrize(
    ("own", "data"),
    [("/home/ann", None), ("/home/ann", ""), ("/home/ann", "/data"), ("/home/ann", "relative"), ("", None), ("/", "/")],
)
def test_the_data_folder_is_the_one_that_platformdirs_names(
    monkeypatch: pytest.MonkeyPatch, own: str, data: str | None
) -> None:
    monkeypatch.setenv("HOME", own)
    monkeypatch.delenv("XDG_DATA_HOME")
    if data is not None:
        monkeypatch.setenv("XDG_DATA_HOME", data)
    assert locate(None, os.environ).path.parent == platformdirs.user_data_path("kneetrack", appauthor=False)
