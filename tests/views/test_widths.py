"""No line of a daily screen or answer is wider than the terminal, and a command to type is never broken."""

import re
from pathlib import Path

import pytest
import time_machine

from conftest import Run
from kneetrack.domain.text import cells

pytestmark = pytest.mark.usefixtures("clock")

CJK = "膝を曲げた横向きの股関節外旋運動"
PLANNED = ("bridge", "clamshell", f"{CJK} 3x30s", "side-plank", "quad-stretch", "side-lying-hip-abduction", "step-up")
NOTE = "the left side is easier than it was, " * 54
SOLID = "x" * 2000
LINES = (
    "today",
    "log bridge 1x5 --pain 2 --note '{NOTE}'",
    "log bridge 1x5 --note {SOLID}",
    "log bridge 1x5 --pain 9 --effort 8 --load 'red band'",
    "log all --note {CJK}{CJK}",
    "today",
    "edit last --pain 3 --note '{NOTE}'",
    "undo",
    "redo",
    "undo --list",
    "rm last",
    "skip bridge -d yesterday --reason '{NOTE}'",
    "pause --until sun --reason {CJK}",
    "pause --list",
    "today",
    "log bridge 1x5",
    "resume",
    "plan",
    "plan set bridge 3x12 --per-week 3 --tempo 3-2-3 --rest 45 --from -3",
    "plan",
    "plan history",
    "plan drop bridge",
    "plan use hip-first-8w --from mon",
    "remind",
    "settings",
    "settings pain_limit 4",
    "doctor",
)


@pytest.fixture(params=[1, 4, 7])
def planned(request: pytest.FixtureRequest, run: Run, db: Path, clock: time_machine.Traveller) -> Path:  # noqa: ARG001
    """Give a diary whose plan has so many exercises, one of them 3 a week."""
    assert run(f"add {CJK} --per-side --hold").code == 0
    assert run("plan drop clamshell").code == 0
    for what in PLANNED[1 : request.param]:
        assert run(f"plan set {what} --per-week {3 if what == 'clamshell' else 7} --from 2026-11-16").code == 0
    return db


def is_whole_command(line: str) -> bool:
    """Return whether a line is a command to type and nothing else."""
    return line.lstrip().startswith("kneetrack ")


@pytest.mark.parametrize("columns", [120, 80, 40])
@pytest.mark.usefixtures("planned")
def test_no_line_is_wider_than_the_terminal_but_a_command_that_has_it_alone(
    run: Run, columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    for line in LINES:
        result = run(line.format(NOTE=NOTE[:1998], SOLID=SOLID, CJK=CJK))
        assert result.code == 0, result.err
        wide = [shown for shown in result.out.splitlines() if cells(shown) > columns and not is_whole_command(shown)]
        assert wide == [], line


@pytest.mark.usefixtures("diary")
def test_a_command_to_type_is_whole_on_a_narrow_terminal(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    shown = run("log bridge 1x5 --pain 9").out + run("skip").out + run("pause --from mon").out
    commands = re.findall(r"kneetrack (?:safety|skip --reason pain|undo|resume)\b", shown)
    assert {"kneetrack safety", "kneetrack skip --reason pain", "kneetrack undo", "kneetrack resume"} <= set(commands)


def test_a_command_that_is_wider_than_the_terminal_has_a_line_of_its_own(
    run: Run, db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    assert not db.exists()
    lines = [line.strip() for line in run("log bridge 15").out.splitlines()]
    assert "kneetrack plan set clamshell bridge --per-week 3" in lines
