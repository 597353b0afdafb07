"""Undo, redo, edit, remove and purge as functions: what they write, and what they leave as it is."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from conftest import NOW
from kneetrack.app import changes, exercises, overview, pauses, plan
from kneetrack.app.edit_input import Changes
from kneetrack.app.log import log
from kneetrack.app.maintenance import change_setting
from kneetrack.app.plan_input import Options as PlanOptions
from kneetrack.app.results.changes import Edited
from kneetrack.app.session_input import Options
from kneetrack.app.workspace import Place, Workspace
from kneetrack.domain.dose import Dose
from kneetrack.domain.errors import DoseError, NoDiaryError, NoSuchRecordError, NothingToDoError, WrongUseError
from kneetrack.domain.records import Session

TODAY = NOW.date()


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Return the workspace of a diary that is not there yet."""
    return Workspace(Place(tmp_path / "diary.db", named=True), NOW)


def sessions(workspace: Workspace) -> tuple[Session, ...]:
    """Return every session of the diary, newest first."""
    return overview.history(workspace, None, overview.Range(everything=True)).sessions


def anew(workspace: Workspace) -> Workspace:
    """Return the workspace of the next command."""
    return Workspace(workspace.place, NOW)


# undo and redo


def edited(workspace: Workspace, what: str, changed: Changes) -> Edited:
    """Correct sessions."""
    result = changes.edit(workspace, what, changed)
    assert isinstance(result, Edited)
    return result


def test_undo_and_redo_return_the_command_and_how_things_stand_after_it(workspace: Workspace) -> None:
    log(workspace, ["bridge", "3x15"], Options())
    undone = changes.undo(workspace)

    assert undone.command == "log bridge 3x15"
    assert undone.progress.streak().current == 0
    assert sessions(workspace) == ()

    redone = changes.redo(workspace)
    assert redone.command == "log bridge 3x15"
    assert redone.progress.streak().current == 1
    assert len(sessions(workspace)) == 1


def test_what_is_said_after_undo_goes_by_the_settings_as_they_are_after_it(workspace: Workspace) -> None:
    at_three = Workspace(workspace.place, NOW.replace(hour=3))
    log(at_three, ["bridge"], Options())
    change_setting(at_three, "day_start", "04:00")

    assert changes.undo(at_three).progress.today == TODAY
    assert changes.redo(at_three).progress.today == TODAY - timedelta(1)


def test_a_redone_exercise_of_the_persons_own_is_known_by_its_name(workspace: Workspace) -> None:
    exercises.add(workspace, "wall-push", per_side=True)
    changes.undo(workspace)

    assert changes.redo(workspace).progress.catalogue.get("wall_push").per_side


@pytest.mark.parametrize("turn", [changes.undo, changes.redo])
def test_nothing_to_undo_or_redo_is_an_error_that_writes_nothing(
    turn: Callable[[Workspace], object], workspace: Workspace
) -> None:
    log(workspace, ["bridge"], Options())
    changes.undo(workspace)
    changes.redo(workspace)
    changes.undo(workspace) if turn is changes.undo else None
    again = anew(workspace)
    kept = workspace.place.path.read_bytes()

    with pytest.raises(NothingToDoError):
        turn(again)
    assert workspace.place.path.read_bytes() == kept
    assert not again.wrote


def test_changes_are_listed_newest_first_and_the_newest_have_short_ids(workspace: Workspace) -> None:
    for reps in range(1, 23):
        log(workspace, ["bridge", str(reps)], Options())
    changes.undo(workspace)
    listed = changes.listed(workspace)

    assert [change.command for change in listed.changes] == [f"log bridge {reps}" for reps in range(22, 0, -1)]
    assert [change.undone for change in listed.changes] == [True] + [False] * 21
    assert list(listed.shorts) == [change.uid for change in listed.changes[:20]]
    assert all(uid.startswith(short) for uid, short in listed.shorts.items())


# edit


def test_edit_returns_the_line_as_it_is_now(workspace: Workspace) -> None:
    log(workspace, ["bridge", "15,12,10"], Options(note="hard"))
    result = edited(workspace, "last", Changes("9,8,7", pain="3", day="yesterday"))

    assert result.wrote
    assert [(item.dose.reps, item.pain, item.note) for item in result.line.sessions] == [
        (9, 3, "hard"), (8, 3, "hard"), (7, 3, "hard"),
    ]  # fmt: skip
    assert {item.day for item in result.line.sessions} == {TODAY - timedelta(1)}
    assert {item.at for item in result.line.sessions} == {None}
    assert set(result.line.sessions) == set(sessions(workspace))
    assert result.progress.left_today["bridge"].sets == 3
    assert changes.listed(workspace).changes[0].command == "edit bridge 9 8 7 2026-11-24"


def test_an_edit_that_changes_nothing_writes_nothing(workspace: Workspace) -> None:
    log(workspace, ["bridge", "3x15"], Options(pain=2))
    again = anew(workspace)
    result = edited(again, "last", Changes("3x15", pain="2", exercise="bridge", load="none"))

    assert not result.wrote
    assert not again.wrote
    assert [change.command for change in changes.listed(workspace).changes] == ["log bridge 3x15"]


@pytest.mark.parametrize(
    ("pain", "limit", "sore"),
    [("6", None, (6, 5)), ("5", None, None), ("4", "3", (4, 3)), ("none", "3", None)],
)
def test_an_edit_to_pain_above_the_limit_says_so(
    pain: str, limit: str | None, sore: tuple[int, int] | None, workspace: Workspace
) -> None:
    log(workspace, ["bridge"], Options())
    if limit:
        change_setting(workspace, "pain_limit", limit)

    assert edited(workspace, "last", Changes(pain=pain, note="x")).sore == sore


def test_an_edit_that_does_not_name_pain_is_silent_about_it(workspace: Workspace) -> None:
    log(workspace, ["bridge"], Options(pain=9))

    assert edited(workspace, "last", Changes(note="x")).sore is None


def test_one_dose_stands_for_a_line_of_a_side_each_and_for_no_other(workspace: Workspace) -> None:
    plan.prescribe(workspace, ["clamshell", "3x10"], PlanOptions())
    log(workspace, ["clamshell", "1x10"], Options(side="left"))
    log(workspace, ["clamshell"], Options())
    assert [(item.side, item.dose.sets) for item in edited(workspace, "last", Changes("2x8")).line.sessions] == [
        ("left", 2), ("right", 2),
    ]  # fmt: skip

    log(workspace, ["bridge", "15,12"], Options())
    with pytest.raises(DoseError, match="That line has 2 sets"):
        edited(workspace, "last", Changes("15"))


@pytest.mark.parametrize(
    ("given", "dose"),
    [
        (Changes("30s", exercise="wall-sit"), Dose(1, None, 30)),
        (Changes(hold="30", exercise="wall-sit"), Dose(3, None, 30)),
        (Changes(sets="2", hold="30", exercise="wall-sit"), Dose(2, None, 30)),
        (Changes(hold="none"), Dose(3, 15, None)),
        (Changes(reps="12"), Dose(3, 12, 5)),
        (Changes("12", hold="4"), Dose(1, 12, 4)),
    ],
)
def test_what_of_a_dose_is_not_named_stays(given: Changes, dose: Dose, workspace: Workspace) -> None:
    log(workspace, ["bridge", "3x15x5s"], Options())

    assert [item.dose for item in edited(workspace, "last", given).line.sessions] == [dose]


@pytest.mark.parametrize(
    "given",
    [
        Changes(),
        Changes(reps="5", exercise="wall-sit"),
        Changes(exercise="wall-sit"),
        Changes(exercise="wall-sit", note="x"),
        Changes(sets="many"),
        Changes(pain="11"),
        Changes(side="left"),
        Changes("3x15", reps="15"),
        Changes(day="tomorrow"),
        Changes(at="23:00"),
    ],
)
def test_an_edit_that_cannot_be_writes_nothing(given: Changes, workspace: Workspace) -> None:
    log(workspace, ["bridge", "3x15"], Options())
    before = sessions(workspace)

    with pytest.raises(WrongUseError):
        edited(anew(workspace), "last", given)
    assert sessions(workspace) == before


# remove and purge


def test_remove_takes_a_line_out_and_undo_brings_it_back(workspace: Workspace) -> None:
    log(workspace, ["bridge", "15,12", "clamshell", "8"], Options())
    before = sessions(workspace)
    bridges = [item for item in before if item.exercise == "bridge"]
    result = changes.remove(workspace, bridges[0].uid[:6])

    assert {item.uid for item in result.found.sessions} == {item.uid for item in bridges}
    assert result.found.sessions[0].uid.startswith(result.short)
    assert [item.exercise for item in sessions(workspace)] == ["clamshell"]
    assert changes.undo(workspace).command == "rm bridge 15 12"
    assert set(sessions(workspace)) == set(before)


def test_the_command_of_a_removed_pause_names_no_reason(workspace: Workspace) -> None:
    everything = pauses.pause(workspace, first="mon", until="sun", reason="private")
    one = pauses.pause(workspace, "bridge", reason="secret")

    assert changes.remove(workspace, everything.short).found.other == everything.pause
    assert changes.remove(workspace, one.short).found.other == one.pause
    assert [change.command for change in changes.listed(workspace).changes[:2]] == [
        "rm pause bridge", "rm pause all 2026-11-30",
    ]  # fmt: skip


def test_find_writes_nothing_and_purge_deletes_what_was_found(workspace: Workspace) -> None:
    log(workspace, ["bridge", "3x15"], Options())
    found = changes.find(workspace, "last")
    log(workspace, ["clamshell", "3x12"], Options())
    result = changes.purge(workspace, found)

    assert result.found == found
    assert [item.exercise for item in sessions(workspace)] == ["clamshell"]
    assert list(result.progress.left_today) == ["bridge"]


def test_purge_by_a_word_reaches_what_was_removed(workspace: Workspace) -> None:
    log(workspace, ["bridge", "3x15"], Options(note="private"))
    (item,) = sessions(workspace)
    changes.remove(workspace, "last")

    assert changes.purge(workspace, item.uid[:8]).found.uids == [item.uid]
    assert b"private" not in workspace.place.path.read_bytes()
    with pytest.raises(NoSuchRecordError):
        changes.find(workspace, item.uid)


def test_a_pause_can_be_purged_and_not_edited(workspace: Workspace) -> None:
    short = pauses.pause(workspace, reason="private").short

    with pytest.raises(WrongUseError, match="That is a pause"):
        edited(workspace, short, Changes(note="x"))
    changes.purge(workspace, short)
    assert pauses.listed(workspace).pauses == ()
    assert b"private" not in workspace.place.path.read_bytes()


@pytest.mark.parametrize(
    "work",
    [
        changes.undo,
        changes.redo,
        changes.listed,
        lambda workspace: edited(workspace, "last", Changes("12")),
        lambda workspace: changes.remove(workspace, "last"),
        lambda workspace: changes.find(workspace, "last"),
        lambda workspace: changes.purge(workspace, "last"),
    ],
)
@pytest.mark.parametrize("named", [True, False])
def test_no_diary_is_created_to_correct_something_in_it(
    work: Callable[[Workspace], object], tmp_path: Path, *, named: bool
) -> None:
    with pytest.raises(NoDiaryError):
        work(Workspace(Place(tmp_path / "diary.db", named=named), NOW))
    assert list(tmp_path.iterdir()) == []
