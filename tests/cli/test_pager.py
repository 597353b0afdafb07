"""What is longer than the screen goes through the pager of the person, and nothing else does."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import guest
from conftest import PATIENCE_S, Run
from kneetrack.cli import pager

LESS = shutil.which("less") or shutil.which("more")


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"PAGER": "less -S"}, ["less", "-S"]),
        ({"PAGER": "'my pager' --raw"}, ["my pager", "--raw"]),
        ({"PAGER": ""}, None),
        ({"PAGER": "'never closed"}, None),
        ({"PAGER": "less", "TERM": "dumb"}, None),
        ({}, [LESS] if LESS else None),
    ],
)
def test_the_pager_is_the_persons_own_or_less(environment: dict[str, str], words: list[str] | None) -> None:
    assert pager.command(environment) == words


@pytest.mark.parametrize("asked", ["/no/such/pager", "false", ""])
def test_a_pager_that_is_missing_or_fails_has_shown_nothing(asked: str) -> None:
    assert not pager.page(b"words\n" * 100_000, {"PAGER": asked, "PATH": os.environ["PATH"]})


@pytest.mark.parametrize("end", ["exit 0", "kill -INT $$"])
def test_a_pager_that_is_closed_early_has_shown_what_it_was_asked_for(end: str, tmp_path: Path) -> None:
    early = tmp_path / "early"
    early.write_text(f"#!/bin/sh\ntrap - INT\nread first\n{end}\n")
    early.chmod(0o700)

    assert pager.page(b"words\n" * 100_000, {"PAGER": str(early), "PATH": os.environ["PATH"]})


# On a terminal


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """Return a file into which the pager of a test writes what it gets."""
    return tmp_path / "kept"


def on_a_terminal(line: str, rows: int, asked: str, db: Path) -> str:
    """Return what a command shows on a terminal of so many rows and 80 columns."""
    spawn = "import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)"
    size = {"LINES": str(rows), "COLUMNS": "80"}
    own = {"KNEETRACK_DB": str(db), "TERM": "xterm", "NO_COLOR": "1", "PAGER": asked, **size}
    shown = subprocess.run(
        [sys.executable, "-c", spawn, sys.executable, "-m", "kneetrack", *line.split()],
        env={**guest.surroundings(db.parent), "PATH": guest.PATH, **own},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE_S,
    )
    return shown.stdout


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("line", ["why", "exercises", "history --all"])
def test_what_has_no_room_on_the_terminal_goes_through_the_pager(line: str, diary: Path, kept: Path, run: Run) -> None:
    for day in range(9):
        run(f"log bridge --at 07:00 -d -{day}")
    shown = on_a_terminal(line, 8, f"sh -c 'cat >{kept}'", diary)

    assert shown == ""
    assert len(kept.read_text().splitlines()) > 8


@pytest.mark.parametrize(("rows", "asked"), [(60, "cat >kept"), (8, "/no/such/pager"), (8, "false"), (8, "")])
def test_what_has_room_or_finds_no_pager_is_printed(rows: int, asked: str, diary: Path, run: Run) -> None:
    assert on_a_terminal("why", rows, asked, diary) == run("why").out


def test_nothing_goes_through_the_pager_in_a_pipe(
    kept: Path, diary: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAGER", f"sh -c 'cat >{kept}'")
    monkeypatch.setenv("LINES", "8")

    assert len(run("why").out.splitlines()) > 30
    assert diary.exists()
    assert not kept.exists()
