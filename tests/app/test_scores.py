"""Entering scores, as functions: what is written, and what takes whose place."""

from datetime import timedelta
from pathlib import Path

import pytest

from conftest import NOW
from kneetrack.app import changes, scores, today
from kneetrack.app.edit_input import Changes
from kneetrack.app.workspace import Place, Workspace
from kneetrack.domain.errors import DayError, WrongUseError

TODAY = NOW.date()


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Return the workspace of a diary that is not there yet."""
    return Workspace(Place(tmp_path / "diary.db", named=True), NOW)


def entered(workspace: Workspace) -> list[tuple[str, str | None, int, int]]:
    """Return every score: its measure, activity, how many days ago, and the value in tenths."""
    return [
        (course.measure, course.activity, (TODAY - point.day).days, point.tenths)
        for course in scores.show(workspace).courses
        if not course.is_mean
        for point in course.points
    ]


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("nprs 3", [("nprs", None, 0, 30)]),
        ("NPRS 3/10", [("nprs", None, 0, 30)]),
        ("change 7", [("change", None, 0, 70)]),
        ("akps 78", [("akps", None, 0, 780)]),
        ("koos-pf 60.5", [("koos_pf", None, 0, 605)]),
        ("koos_pf 60,5", [("koos_pf", None, 0, 605)]),
        ("psfs stairs 4 drive 6", [("psfs", "stairs", 0, 40), ("psfs", "drive", 0, 60)]),
    ],
)
def test_a_line_is_entered_as_it_is_typed(
    workspace: Workspace, line: str, kept: list[tuple[str, str | None, int, int]]
) -> None:
    scores.enter(workspace, line.split())
    assert entered(workspace) == kept


def test_a_score_takes_the_place_of_that_of_the_day_and_says_what_it_was(workspace: Workspace) -> None:
    scores.enter(workspace, ["nprs", "3"])
    second = scores.enter(workspace, ["nprs", "4"])
    assert [score.tenths for score in second.before.values()] == [30]
    assert entered(workspace) == [("nprs", None, 0, 40)]
    changes.undo(workspace)
    assert entered(workspace) == [("nprs", None, 0, 30)]


def test_the_same_again_writes_nothing(workspace: Workspace) -> None:
    scores.enter(workspace, ["psfs", "stairs", "3"])
    assert not scores.enter(workspace, ["psfs", "STAIRS", "3"]).wrote


def test_an_activity_keeps_the_spelling_that_it_had_first(workspace: Workspace) -> None:
    scores.enter(workspace, ["psfs", "Stairs", "3"], "-14")
    scores.enter(workspace, ["psfs", "stairs", "5"])
    assert entered(workspace) == [("psfs", "Stairs", 14, 30), ("psfs", "Stairs", 0, 50)]


def test_one_line_is_one_change_whose_command_names_no_activity(workspace: Workspace) -> None:
    scores.enter(workspace, ["psfs", "secret", "3", "private", "4"], "-1")
    assert [change.command for change in changes.listed(workspace).changes] == [f"score psfs {TODAY - timedelta(1)}"]
    changes.undo(workspace)
    assert entered(workspace) == []


def test_a_score_can_be_removed_and_purged_by_its_id_but_not_edited(workspace: Workspace) -> None:
    (short,) = scores.enter(workspace, ["psfs", "secret", "3"]).shorts.values()
    with pytest.raises(WrongUseError, match="That is a score"):
        changes.edit(workspace, short, Changes(pain="3"))
    changes.remove(workspace, short)
    assert entered(workspace) == []
    changes.purge(workspace, short)
    assert b"secret" not in workspace.place.path.read_bytes()


def test_today_asks_for_a_score_again_after_two_weeks(workspace: Workspace) -> None:
    scores.enter(workspace, ["akps", "62"], "-13")
    assert today.show(workspace).scores_due == ()
    scores.enter(workspace, ["nprs", "3"], "-14")
    assert [course.measure for course in today.show(workspace).scores_due] == ["nprs"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (["lefs"], "is not a score"),
        (["stairs", "4"], "kneetrack score psfs stairs 4"),
        (["akps"], "takes one value"),
        (["akps", "78", "79"], "takes one value"),
        (["akps", "101"], "from 0 to 100"),
        (["akps", "78.55"], "one decimal"),
        (["akps", "7.8.5"], "one decimal"),
        (["akps", "."], "one decimal"),
        (["akps", "٣"], "one decimal"),
        (["nprs", "2.5"], "a whole number from 0 to 10"),
        (["nprs", "11"], "from 0 to 10"),
        (["nprs", "-1"], "from 0 to 10"),
        (["change", "0"], "from 1 to 7"),
        (["change", "8"], "from 1 to 7"),
        (["psfs"], "Name each activity with its value"),
        (["psfs", "stairs"], "Name each activity with its value"),
        (["psfs", "4", "stairs"], "is not an activity"),
        (["psfs", " ", "4"], "is not an activity"),
        (["psfs", "x" * 3000, "4"], "at most 60 characters"),
        (["psfs", "stairs", "4", "drive", "5", "run", "6", "Stairs", "7"], "given twice"),
    ],
)
def test_what_cannot_be_entered_is_refused_in_words_and_creates_nothing(
    workspace: Workspace, line: list[str], words: str
) -> None:
    with pytest.raises(WrongUseError, match=words):
        scores.enter(workspace, line)
    assert not workspace.exists()


def test_a_day_to_come_is_refused(workspace: Workspace) -> None:
    with pytest.raises(DayError, match="still to come"):
        scores.enter(workspace, ["nprs", "3"], "tomorrow")
