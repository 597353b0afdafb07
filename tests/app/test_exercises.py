"""Exercises, show, add and safety as functions; and what they answer where the diary cannot be read."""

from pathlib import Path

import pytest

from conftest import NOW
from kneetrack.app import changes, exercises
from kneetrack.app.log import log
from kneetrack.app.maintenance import change_setting
from kneetrack.app.session_input import Options
from kneetrack.app.workspace import Place, Workspace
from kneetrack.domain.catalogue import Catalogue
from kneetrack.domain.errors import (
    AmbiguousExerciseError,
    NoDiaryError,
    NotADiaryError,
    NothingToDoError,
    UnknownExerciseError,
    WrongUseError,
)
from kneetrack.domain.filters import Filters


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Return the workspace of a diary that is not there yet, at the usual place."""
    return Workspace(Place(tmp_path / "diary.db", named=False), NOW)


@pytest.fixture
def damaged(tmp_path: Path) -> Workspace:
    """Return the workspace of a file that is no diary."""
    path = tmp_path / "damaged.db"
    path.write_text("no diary")
    return Workspace(Place(path, named=True), NOW)


# listed and show


def test_all_exercises_are_listed_the_persons_own_among_them(workspace: Workspace) -> None:
    exercises.add(workspace, "wall-push")
    result = exercises.listed(workspace, Filters())

    assert {item.id for item in result.exercises} == {"wall_push", *(item.id for item in Catalogue())}
    assert (result.mine, result.unread) == ({}, False)


def test_what_the_person_has_of_each_comes_where_it_is_asked_for(workspace: Workspace) -> None:
    log(workspace, ["bridge", "12"], Options(day="yesterday", note="left side easier"))
    log(workspace, ["bridge", "15,12,10"], Options(pain=2))
    result = exercises.listed(workspace, Filters("bridge"), with_mine=True)
    bridge, band = result.mine["bridge"], result.mine["bridge_band"]

    assert [item.dose.reps for item in bridge.last] == [15, 12, 10]
    assert bridge.note == "left side easier"
    assert bridge.planned is not None
    assert (band.planned, band.last, band.note) == (None, (), None)


def test_show_finds_an_exercise_by_a_part_of_its_name_and_what_the_person_has_of_it(workspace: Workspace) -> None:
    log(workspace, ["clamshell", "12"], Options())
    result = exercises.show(workspace, "shell")

    assert [item.id for item in result.exercises] == ["clamshell"]
    assert [item.dose.reps for item in result.mine["clamshell"].last] == [12]
    assert not result.unread


@pytest.mark.parametrize("wanted", [Filters(level="easy"), Filters(knee_load="heavy")])
def test_a_filter_that_means_nothing_is_refused_also_where_there_is_no_diary(
    wanted: Filters, damaged: Workspace
) -> None:
    with pytest.raises(WrongUseError, match="takes"):
        exercises.listed(damaged, wanted)


def test_nothing_that_fits_is_answered_as_such(workspace: Workspace) -> None:
    with pytest.raises(NothingToDoError, match="No exercise fits all of that"):
        exercises.listed(workspace, Filters("qqq"))


def test_what_only_the_diary_may_hold_says_why_it_is_not_known(damaged: Workspace) -> None:
    with pytest.raises(NotADiaryError):
        exercises.listed(damaged, Filters("qqq"))


def test_where_the_diary_cannot_be_read_the_catalogue_is_there(damaged: Workspace) -> None:
    every, bridge = exercises.listed(damaged, Filters(), with_mine=True), exercises.show(damaged, "bridge")

    assert [item.id for item in every.exercises] == [item.id for item in Catalogue()]
    assert [item.id for item in bridge.exercises] == ["bridge"]
    assert every.unread
    assert bridge.unread
    assert every.mine == bridge.mine == {}
    assert damaged.place.path.read_text() == "no diary"


def test_a_name_that_only_the_diary_may_know_says_why_it_is_not_known(damaged: Workspace, tmp_path: Path) -> None:
    with pytest.raises(NotADiaryError):
        exercises.show(damaged, "wall-push")
    with pytest.raises(NoDiaryError):
        exercises.show(Workspace(Place(tmp_path / "missing.db", named=True), NOW), "wall-push")


def test_a_name_that_a_diary_does_not_know_is_an_error_of_its_own(workspace: Workspace) -> None:
    with pytest.raises(UnknownExerciseError):
        exercises.show(workspace, "brigde")
    with pytest.raises(AmbiguousExerciseError):
        exercises.show(workspace, "single")


# add


@pytest.mark.parametrize(("hold", "mode"), [(True, "hold"), (False, "reps")])
@pytest.mark.parametrize("per_side", [True, False])
def test_an_added_exercise_is_what_was_asked_for_and_begins_a_diary(
    mode: str, workspace: Workspace, *, per_side: bool, hold: bool
) -> None:
    result = exercises.add(workspace, "wall_push", per_side=per_side, hold=hold)

    assert result.exercise[:4] == ("wall_push", "Wall push", per_side, mode)
    assert result.new is not None
    assert exercises.show(workspace, "wall-push").exercises == (result.exercise,)
    assert [change.command for change in changes.listed(workspace).changes] == ["add wall-push"]


@pytest.mark.parametrize("word", ["bridges", "Glute Bridge", "Wall-Push", "again", "3way"])
def test_a_name_that_another_exercise_has_or_none_can_have_writes_nothing(word: str, workspace: Workspace) -> None:
    exercises.add(workspace, "wall-push")
    again = Workspace(workspace.place, NOW)

    with pytest.raises(WrongUseError):
        exercises.add(again, word)
    assert not again.wrote
    assert len(changes.listed(workspace).changes) == 1


@pytest.mark.parametrize("word", ["bridges", "3way"])
def test_a_name_that_is_refused_creates_no_diary(word: str, workspace: Workspace) -> None:
    with pytest.raises(WrongUseError):
        exercises.add(workspace, word)
    assert list(workspace.place.path.parent.iterdir()) == []


# safety


def test_the_pain_limit_is_the_persons_own_or_the_usual_one(workspace: Workspace, damaged: Workspace) -> None:
    assert exercises.pain_limit(workspace) == (5, False)
    log(workspace, ["bridge"], Options())
    change_setting(workspace, "pain_limit", "3")

    assert exercises.pain_limit(workspace) == (3, False)
    assert exercises.pain_limit(damaged) == (5, True)
