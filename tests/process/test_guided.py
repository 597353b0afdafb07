"""The guided session as a real process at a real terminal, killed at any moment."""

import json
import os
import pty
import random
import select
import shlex
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import pytest

from conftest import PATIENCE_S
from kneetrack.app import overview
from kneetrack.app.workspace import Place, Workspace
from kneetrack.domain.player import ASLEEP_S

START = [sys.executable, "-m", "kneetrack", "start", "bridge", "clamshell", "--sound", "off"]
MOMENTS = 100
SHELL = ["setsid", "--ctty", "--wait", "bash", "--norc", "--noprofile", "-i"]
"""At how many moments a session is killed: all of them within so many seconds, on a slow machine fewer."""


class Terminal:
    """A process at a terminal of its own, and all that it has printed; it hears signals that this one ignores."""

    def __init__(self, words: list[str], db: Path, **more: str) -> None:
        """Start it."""
        self._us, them = pty.openpty()
        surroundings = {**os.environ, "KNEETRACK_DB": str(db), "TERM": "xterm-256color", **more}
        hears = ["env", "--default-signal=HUP", *words]
        self.process = subprocess.Popen(
            hears, stdin=them, stdout=them, stderr=them, env=surroundings, start_new_session=True
        )
        os.close(them)
        self.printed = ""
        self._ends = time.monotonic() + PATIENCE_S

    def read(self, seconds: float) -> bool:
        """Read what is printed within so many seconds; return whether there may be more."""
        assert time.monotonic() < self._ends, self.printed
        if not select.select([self._us], [], [], seconds)[0]:
            return True
        try:
            found = os.read(self._us, 1 << 16)
        except OSError:
            return False
        self.printed += found.decode(errors="replace")
        return bool(found)

    def until(self, words: str) -> None:
        """Read until something is printed."""
        while words not in self.printed:
            assert self.read(1), self.printed

    def type(self, words: str) -> None:
        """Type words."""
        os.write(self._us, words.encode())

    def end(self, number: int = signal.SIGKILL) -> int:
        """Send a signal, read the rest, and return the exit code."""
        self.process.send_signal(number)
        try:
            while self.read(1) and self.process.poll() is None:
                pass
        except AssertionError:
            self.process.kill()
            raise
        finally:
            os.close(self._us)
        return self.process.wait(PATIENCE_S)


def saved(db: Path) -> list[tuple[str, str | None, int | None]]:
    """Return the sets that the diary has, as exercise, side and repetitions."""
    if not db.exists():
        return []
    here = Workspace(Place(db, named=True), datetime.now().astimezone())
    found = overview.history(here, None, overview.Range(everything=True)).sessions
    return [(each.exercise, each.side, each.dose.reps) for each in found]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_a_session_that_is_killed_at_any_moment_has_every_set_that_was_said_to_be_saved_and_none_twice(
    tmp_path: Path, seed: int
) -> None:
    chance, seen = random.Random(seed), set()  # noqa: S311 - moments, the same each time
    for number in range(MOMENTS // 4):
        db = tmp_path / f"{number}.db"
        terminal = Terminal([*START, "--plain"], db)
        terminal.until("Get ready")
        for _ in range(chance.randrange(18)):
            terminal.type("\n")
            time.sleep(chance.uniform(0, 0.06))
        terminal.end()
        told, there = terminal.printed.count("Saved: "), saved(db)
        assert told <= len(there) <= told + 1
        assert len(set(there)) <= 3
        assert max((there.count(each) for each in there), default=0) <= 3
        seen.add(len(there))
    assert len(seen) > 3


@pytest.mark.slow
def test_a_session_that_is_begun_again_after_a_kill_goes_on_with_what_is_left(tmp_path: Path) -> None:
    db = tmp_path / "diary.db"
    terminal = Terminal([*START, "--plain"], db)
    terminal.until("Get ready")
    terminal.type("\n\n")
    terminal.until("Saved: ")
    terminal.end()
    again = Terminal([*START, "--plain"], db)
    again.until("set 1 of 2")
    again.end()


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_window_that_is_closed_keeps_what_was_finished(tmp_path: Path, number: int) -> None:
    db = tmp_path / "diary.db"
    terminal = Terminal([*START, "--plain"], db)
    terminal.until("Get ready")
    terminal.type("\n\n")
    terminal.until("Saved: ")
    assert terminal.end(number) == 128 + number
    assert saved(db) == [("bridge", None, 10)]


@pytest.mark.slow
def test_a_whole_session_on_the_screen_from_the_first_key_to_the_closing_answer(tmp_path: Path) -> None:
    db = tmp_path / "diary.db"
    terminal = Terminal(START, db, COLUMNS="80", LINES="24")
    terminal.until("get ready")
    for _ in range(2):
        terminal.type("\r")
        terminal.read(0.3)
    terminal.until("Saved: Bridge 10")
    terminal.type("q")
    terminal.until("Worst pain")
    terminal.type("2\n\neasier\n")
    terminal.until("left today")
    terminal.end(0)
    (session,) = json.loads(
        subprocess.run(
            [sys.executable, "-m", "kneetrack", "--db", str(db), "history", "--json"],
            capture_output=True,
            check=True,
            timeout=PATIENCE_S,
        ).stdout
    )["sessions"]
    assert (session["reps"], session["pain"], session["effort"], session["note"]) == (10, 2, None, "easier")


@pytest.mark.slow
def test_ctrl_z_pauses_the_screen_also_for_somebody_who_is_back_at_once(tmp_path: Path) -> None:
    db = tmp_path / "diary.db"
    terminal = Terminal(SHELL, db, COLUMNS="80", LINES="24", HISTFILE="")
    terminal.type(f"{shlex.join(START)}\n")
    terminal.until("get ready")
    terminal.type("\x1a")
    terminal.until("Stopped")
    terminal.printed = ""
    terminal.type("fg\n")
    terminal.until("paused · space to resume")
    terminal.type(" \r\r")
    terminal.until("Saved: Bridge 10")
    terminal.end(signal.SIGHUP)
    assert saved(db) == [("bridge", None, 10)]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("more", "shown", "paused"), [("", "get ready", "paused · space to resume"), ("--plain", "Get ready", "Paused, ")]
)
def test_a_session_that_was_suspended_is_paused_when_it_is_resumed(
    tmp_path: Path, more: str, shown: str, paused: str
) -> None:
    terminal = Terminal(SHELL, tmp_path / "diary.db", COLUMNS="80", LINES="24", HISTFILE="")
    terminal.type(f"{shlex.join([*START, *filter(None, [more])])}\n")
    terminal.until(shown)
    terminal.type("\x1a")
    terminal.until("Stopped")
    time.sleep(ASLEEP_S + 0.5)
    assert paused not in terminal.printed
    terminal.type("fg\n")
    terminal.until(paused)
    terminal.type("q" if not more else "q\n")
    terminal.until("nothing was saved")
    terminal.type("exit\n")
    assert terminal.end(0) == 0
