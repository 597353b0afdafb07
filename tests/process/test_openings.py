"""A command opens the diary once and reads the clock once; an import, which opens it more often, says how often."""

from datetime import datetime
from pathlib import Path

import pytest

from conftest import Run
from kneetrack.cli import environment
from kneetrack.store import backup, sqlite

ONCE = (
    "log bridge 5", "log all", "log nothing-like-it", "today", "today --json", "history", "undo", "undo --list", "redo",
    "edit last 3x12", "rm last", "plan", "plan history", "plan set bridge 3x12", "plan set bridge 3x12 --tempo 3-2-3",
    "plan drop clamshell", "plan templates", "plan use starter", "skip", "pause --until sun", "pause --list", "resume",
    "stats", "stats bridge", "calendar", "explain streak", "exercises", "show bridge", "safety", "add wall-push",
    "settings", "settings pain_limit 3", "remind", "remind --json", "export", "export --format csv",
)  # fmt: skip
"""Commands on a diary that is there, whose backup of the day is made."""


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Count the openings of the diary, but for those of its backups, and the readings of the clock."""
    counts = {"opened": 0, "clock": 0}
    connect, now = sqlite.connect, environment.now

    def connecting(path: Path, *, write: bool) -> object:
        counts["opened"] += path.parent.name != backup.FOLDER
        return connect(path, write=write)

    def reading() -> datetime:
        counts["clock"] += 1
        return now()

    monkeypatch.setattr(sqlite, "connect", connecting)
    monkeypatch.setattr(environment, "now", reading)
    return counts


@pytest.mark.parametrize("line", ONCE)
@pytest.mark.usefixtures("clock", "diary")
def test_a_command_opens_the_diary_once_and_reads_the_clock_once(line: str, run: Run, counted: dict[str, int]) -> None:
    for before in ("log bridge 3", "log clamshell 3", "undo", "pause bridge", "backup"):
        run(before)
    counted.update(opened=0, clock=0)
    run(line)
    assert counted == {"opened": 1, "clock": 1}


@pytest.mark.usefixtures("clock", "diary")
def test_an_import_opens_it_for_names_and_for_writing_and_for_the_backup_before(
    run: Run, counted: dict[str, int], tmp_path: Path
) -> None:
    run("log bridge 3")
    run(f"export {tmp_path / 'diary.json'}")
    run("undo")
    counted.update(opened=0, clock=0)
    assert run(f"import {tmp_path / 'diary.json'}").code == 0
    assert counted["clock"] == 1
    assert counted["opened"] <= 3
