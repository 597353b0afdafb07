"""What every test starts with: an empty home, a clock that stands still, and a command line to type at."""

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest
import time_machine

from kneetrack.cli import main
from kneetrack.domain.catalogue import Catalogue
from kneetrack.domain.plan import example
from kneetrack.store.schema import create

ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 25, 7, 41, tzinfo=ZONE)
"""A Wednesday morning: the today of the design's worked examples."""


class Result(NamedTuple):
    """What a command line gave back."""

    out: str
    err: str
    code: int


Run = Callable[[str], Result]


def read(run: Run, line: str) -> Any:  # noqa: ANN401 - as JSON has it
    """Return what a command gives with --json."""
    return json.loads(run(f"{line} --json").out)


def sessions(run: Run) -> list[dict[str, Any]]:
    """Return every session of the journal, in the order of writing where one command wrote them."""
    found: list[dict[str, Any]] = read(run, "history --all")["sessions"]
    return found[::-1]


def files(folder: Path) -> list[str]:
    """Return what is in a folder of journals, without their backups."""
    return sorted(path.name for path in folder.iterdir() if path.name != "backups")


def need(tool: str, *words: str) -> None:
    """Skip a test whose tool is not here or fails with some words; fail it where KNEETRACK_REQUIRE names the tool."""
    if shutil.which(tool) is None or (words and subprocess.run([tool, *words], check=False).returncode):
        required = os.environ.get("KNEETRACK_REQUIRE", "").split(",")
        (pytest.fail if tool in required else pytest.skip)(f"{tool} is not installed, or not allowed")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test a home of its own, so that nothing of the person's own is read or written."""
    for name in ("KNEETRACK_DB", "NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "GITHUB_ACTIONS", "TERMINAL_WIDTH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path


@pytest.fixture
def db(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Name a journal, not yet there, that `run` works on."""
    path = tmp_path / "journal.db"
    monkeypatch.setenv("KNEETRACK_DB", str(path))
    return path


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make one journal with the example program from the day NOW, for `diary` to copy."""
    path = tmp_path_factory.mktemp("template") / "journal.db"
    prescriptions = example(Catalogue(), NOW.date())
    create(path, NOW, lambda store: store.put_example(NOW, prescriptions))
    return path


@pytest.fixture
def diary(db: Path, template: Path) -> Path:
    """Put a journal with the example program from the day NOW, and no session, where `run` works."""
    shutil.copy(template, db)
    return db


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Stop the clock at NOW; `clock.move_to(…)` sets it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that types one line at the command line, in this process."""

    def _run(line: str) -> Result:
        monkeypatch.setattr(sys, "argv", ["kneetrack", *shlex.split(line)])
        code = 0
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0
        out, err = capsys.readouterr()
        return Result(out, err, code)

    return _run
