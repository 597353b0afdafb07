"""A command opens the diary once and reads the clock once; an import, which opens it more often, says how often."""

import sqlite3
from datetime import datetime
from pathlib import Path

import pytest

from conftest import Run
from kneetrack.cli import environment
from kneetrack.store import backup_names, sqlite

ONCE = (
    "log bridge 5", "log all", "log nothing-like-it", "today", "today --json", "history", "undo", "undo --list", "redo",
    "edit last 3x12", "rm last", "plan", "plan history", "plan set bridge 3x12", "plan set bridge 3x12 --tempo 3-2-3",
    "plan drop clamshell", "plan templates", "plan use starter", "skip", "pause --until sun", "pause --list", "resume",
    "stats", "stats bridge", "calendar", "explain streak", "exercises", "show bridge", "safety", "add wall-push",
    "settings", "settings pain_limit 3", "remind", "remind --json", "export", "export --format csv",
)  # fmt: skip
"""Commands on a diary that is there, whose backup of the day is made."""

COUNTED = ("opened", "backups", "clock")
NOTHING = dict.fromkeys(COUNTED, 0)

MOST_ASKED_BY_IMPORT = 26
"""Of one record: two for each of two openings, six for what is in force before and as many for how things stand after
it, two for the backup, and the rest to compare and to merge."""


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Count the openings of the diary, of its backups and their drafts, and the readings of the clock."""
    counts = dict.fromkeys(COUNTED, 0)
    connect, now = sqlite.connect, environment.now

    def connecting(path: Path, *, write: bool) -> object:
        counts["backups" if Path(path).parent.name == backup_names.FOLDER else "opened"] += 1
        return connect(path, write=write)

    def reading() -> datetime:
        counts["clock"] += 1
        return now()

    monkeypatch.setattr(sqlite, "connect", connecting)
    monkeypatch.setattr(environment, "now", reading)
    return counts


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect the questions that the diary is asked, but for those to its backups."""
    questions: list[str] = []
    connect = sqlite.connect

    def keep(said: str) -> None:
        if said.lstrip().startswith(("SELECT", "WITH")):
            questions.append(said)

    def listening(path: Path, *, write: bool) -> sqlite3.Connection:
        opened = connect(path, write=write)
        if Path(path).parent.name != backup_names.FOLDER:
            opened.set_trace_callback(keep)
        return opened

    monkeypatch.setattr(sqlite, "connect", listening)
    return questions


@pytest.mark.parametrize("line", ONCE)
@pytest.mark.usefixtures("clock", "diary")
def test_a_command_opens_the_diary_once_and_reads_the_clock_once(line: str, run: Run, counted: dict[str, int]) -> None:
    for before in ("log bridge 3", "log clamshell 3", "undo", "pause bridge", "backup"):
        run(before)
    counted.update(NOTHING)
    run(line)
    assert counted == {"opened": 1, "backups": 0, "clock": 1}


@pytest.mark.parametrize(
    ("line", "opened", "backups"),
    [
        # Verified as a draft, and opened under its name to be described.
        ("backup", 1, 2),
        # Each of the two is described and verified.
        ("doctor", 1, 4),
        # Once to purge, once for the tombstones that are kept beside the backups. Of the two that there are, each is
        # copied, and the copy purged and verified.
        ("purge last --yes", 2, 6),
    ],
)
@pytest.mark.usefixtures("clock", "diary")
def test_what_looks_at_backups_opens_each_a_few_times(
    line: str, opened: int, backups: int, run: Run, counted: dict[str, int]
) -> None:
    for before in ("log bridge 3", "backup"):
        run(before)
    counted.update(NOTHING)
    assert run(line).code == 0
    assert counted == {"opened": opened, "backups": backups, "clock": 1}


@pytest.mark.usefixtures("clock")
def test_an_import_opens_it_for_writing_and_for_the_backup_before(
    diary: Path, run: Run, counted: dict[str, int], asked: list[str], tmp_path: Path
) -> None:
    run("log clamshell 3")
    before = diary.read_bytes()
    run("log bridge 3")
    run(f"export {tmp_path / 'diary.json'}")
    diary.write_bytes(before)
    counted.update(NOTHING)
    asked.clear()
    assert "1 new session" in run(f"import {tmp_path / 'diary.json'}").out
    assert counted == {"opened": 2, "backups": 2, "clock": 1}
    assert len(asked) <= MOST_ASKED_BY_IMPORT, asked


@pytest.mark.parametrize(("line", "opened"), [("sync", 1), ("today", 2), ("log bridge 3", 3)])
@pytest.mark.usefixtures("clock", "diary")
def test_a_sync_without_news_opens_it_once_to_read_and_one_that_gives_twice(
    line: str, opened: int, run: Run, counted: dict[str, int], tmp_path: Path
) -> None:
    (tmp_path / "shared").mkdir()
    for before in ("log bridge 3", "backup", f"sync {tmp_path / 'shared'} --auto", "sync"):
        assert run(before).code == 0
    counted.update(NOTHING)
    assert run(line).code == 0
    assert counted == {"opened": opened, "backups": 0, "clock": 1}
