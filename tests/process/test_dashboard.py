"""The dashboard as a real process at a real terminal."""

import sqlite3
import sys
import time
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from test_guided import SHELL, Terminal

from conftest import PATIENCE_S, need
from kneetrack.app import log, today
from kneetrack.app.session_input import Options
from kneetrack.app.workspace import Place, Workspace

DASH = [sys.executable, "-m", "kneetrack", "dash"]
SIZE = {"COLUMNS": "80", "LINES": "24"}


def here(db: Path) -> Workspace:
    """Return a diary at this moment."""
    return Workspace(Place(db, named=True), datetime.now().astimezone())


def logged(db: Path) -> list[str]:
    """Return the exercises that were logged today."""
    return [session.exercise for session in today.show(here(db)).sessions]


def wait_for(db: Path, exercises: list[str]) -> None:
    """Wait until these were logged."""
    ends = time.monotonic() + PATIENCE_S
    while logged(db) != exercises:
        assert time.monotonic() < ends
        time.sleep(0.1)


@pytest.fixture
def begun(tmp_path: Path) -> Path:
    """Return a diary with the example plan, of which nothing was done."""
    db = tmp_path / "diary.db"
    log.log(here(db), ["bridge"], Options(day="yesterday"))
    return db


@pytest.mark.slow
def test_a_key_logs_another_terminal_is_followed_and_q_leaves_the_screen(begun: Path) -> None:
    terminal = Terminal(DASH, begun, **SIZE)
    terminal.until("kneetrack log bridge")
    terminal.type("\r")
    wait_for(begun, ["bridge"])
    terminal.until("$ kneetrack log bridge")
    before = time.monotonic()
    log.log(here(begun), ["clamshell", "1x10"], Options())
    terminal.until("2×10")
    assert time.monotonic() - before < PATIENCE_S
    terminal.type("q")
    terminal.until("\x1b[?1049l")
    assert terminal.process.wait(PATIENCE_S) == 0


@pytest.mark.slow
def test_a_guided_session_is_begun_from_it_and_returns_to_it(begun: Path) -> None:
    terminal = Terminal(DASH, begun, **SIZE)
    terminal.until("kneetrack log bridge")
    terminal.type("s")
    terminal.until("get ready")
    terminal.type("q")
    terminal.until("Enter to go back to the dashboard: ")
    terminal.printed = ""
    terminal.type("\n")
    terminal.until("kneetrack log bridge")
    terminal.type("q")
    assert terminal.process.wait(PATIENCE_S) == 0


@pytest.mark.slow
def test_it_is_suspended_and_comes_back_with_what_was_logged_meanwhile(begun: Path) -> None:
    need("setsid", "--help")
    terminal = Terminal(SHELL, begun, PS1="ready> ", **SIZE)
    terminal.until("ready> ")
    terminal.type(f"{sys.executable} -m kneetrack dash\n")
    terminal.until("kneetrack log bridge")
    terminal.type("\x1a")
    terminal.until("Stopped")
    log.log(here(begun), ["clamshell", "1x10"], Options())
    terminal.type("fg\n")
    terminal.until("2×10")
    terminal.end()


@pytest.mark.slow
def test_leaving_while_another_program_holds_the_diary_leaves_no_trace_of_an_error(begun: Path) -> None:
    terminal = Terminal(DASH, begun, **SIZE)
    terminal.until("done of planned")
    with closing(sqlite3.connect(begun, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        terminal.type("\r")
        terminal.until("Waiting for the diary")
        terminal.type("q")
        terminal.until("\x1b[?1049l")
    while terminal.process.poll() is None:
        terminal.read(0.2)
    assert "Traceback" not in terminal.printed
    assert terminal.process.returncode == 0


@pytest.mark.parametrize("surroundings", [{"TERM": "dumb"}, {"ACCESSIBLE": "1"}])
def test_without_a_screen_it_names_the_commands_in_lines(begun: Path, surroundings: dict[str, str]) -> None:
    terminal = Terminal(DASH, begun, **SIZE, **surroundings)
    terminal.until("kneetrack calendar")
    assert terminal.process.wait(PATIENCE_S) == 2
