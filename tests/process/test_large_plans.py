"""A plan that something filled with thousands of exercises: no command takes more than its share for each of them.

The work is counted in calls of functions, which no slow machine changes.
"""

import sys
from pathlib import Path
from types import FrameType

import pytest

from conftest import NOW, Run
from kneetrack.domain.dose import Dose
from kneetrack.domain.plan import DAILY, Prescription
from kneetrack.domain.records import Session
from kneetrack.store.sqlite import open_store

FEW, MANY = 100, 400

LINES = ("today", "today --json", "log clamshell 1x7", "stats", "stats --json", "remind", "plan", "calendar", "skip")


def filled(db: Path, run: Run, exercises: int) -> None:
    """Make a diary whose plan has so many exercises beside those of the example, each of them begun today."""
    run("log bridge 1x7")
    dose, begun, day = Dose(3, 15, None), Dose(1, 15, None), NOW.date()
    own = [f"own-{number}" for number in range(exercises)]
    with open_store(db, write=True) as store:
        store.prescribe("plan", NOW, [Prescription(exercise, day, dose, DAILY) for exercise in own])
        store.append("log", NOW, [Session("", NOW, its, day, None, None, begun, None, None, None, None) for its in own])
    run("settings")


def calls(run: Run, line: str) -> int:
    """Return how many functions a command calls."""
    counted = 0

    def count(_frame: FrameType, event: str, _what: object) -> None:
        nonlocal counted
        counted += event in {"call", "c_call"}

    sys.setprofile(count)
    try:
        answer = run(line)
    finally:
        sys.setprofile(None)
    assert (answer.code, answer.err) == (0, "")
    return counted


@pytest.mark.parametrize("line", LINES)
def test_four_times_the_exercises_are_at_most_four_times_the_work(
    db: Path, run: Run, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    filled(db, run, FEW)
    few = calls(run, line)
    other = db.with_name("many.db")
    monkeypatch.setenv("KNEETRACK_DB", str(other))
    filled(other, run, MANY)
    many = calls(run, line)
    assert many <= MANY / FEW * few


def test_stats_shows_as_many_exercises_as_a_person_reads_and_how_many_more_there_are(db: Path, run: Run) -> None:
    filled(db, run, 300)
    shown = run("stats").out
    begin = {line.partition(" ")[0].lower() for line in shown.splitlines()}
    assert "own-197" in begin
    assert "own-198" not in begin
    assert "and 102 more; of each: kneetrack stats EXERCISE" in shown
