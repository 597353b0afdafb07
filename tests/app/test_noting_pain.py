"""Noting pain apart from exercise, as functions: what is written, and what takes whose place."""

from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from conftest import NOW
from kneetrack.app import changes, overview
from kneetrack.app.edit_input import Changes
from kneetrack.app.log import log
from kneetrack.app.maintenance import change_setting
from kneetrack.app.pain import Given, note
from kneetrack.app.results.pain import Noted
from kneetrack.app.session_input import Options
from kneetrack.app.workspace import Place, Workspace
from kneetrack.domain.errors import DayError, NoSuchRecordError, WrongUseError
from kneetrack.domain.records import Pain

TODAY = NOW.date()


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Return the workspace of a diary that is not there yet."""
    return Workspace(Place(tmp_path / "diary.db", named=True), NOW)


def at(workspace: Workspace, clock: time) -> Workspace:
    """Return the workspace of a command that is typed at another time of the same day."""
    return Workspace(workspace.place, datetime.combine(TODAY, clock, NOW.tzinfo))


def pains(workspace: Workspace) -> list[tuple[str | None, int | None, str | None, str | None]]:
    """Return what is noted, newest first: the moment, the pain, the side and the note."""
    found = overview.history(workspace, None, overview.Range(everything=True)).pains
    return [(its.moment, its.level, its.side, its.note) for its in found]


def edited(workspace: Workspace, what: str, changed: Changes) -> Pain:
    """Correct a pain, and return it."""
    result = changes.edit(workspace, what, changed)
    assert isinstance(result, Noted)
    return result.pain


@pytest.mark.parametrize(
    ("clock", "moment"),
    [
        (time(0, 30), "day"),
        (time(3, 59), "day"),
        (time(4), "morning"),
        (time(11, 59), "morning"),
        (time(12), "day"),
        (time(23), "day"),
    ],
)
def test_from_four_to_noon_a_pain_is_that_of_the_morning_and_else_of_the_day(
    workspace: Workspace, clock: time, moment: str
) -> None:
    assert note(at(workspace, clock), 2, Given()).pain.moment == moment


def test_a_night_before_the_day_begins_is_no_morning(workspace: Workspace) -> None:
    change_setting(workspace, "day_start", "04:00")
    found = note(at(workspace, time(1)), 2, Given()).pain
    assert (found.day, found.moment) == (TODAY - timedelta(1), "day")


def test_a_moment_that_is_named_holds_at_any_time(workspace: Workspace) -> None:
    assert note(at(workspace, time(20)), 2, Given(["morning"])).pain.moment == "morning"


def test_a_day_that_is_past_has_no_time_and_its_pain_is_of_the_day(workspace: Workspace) -> None:
    found = note(workspace, 2, Given(day="yesterday")).pain
    assert (found.day, found.at, found.moment) == (TODAY - timedelta(1), None, "day")


def test_a_second_pain_of_a_moment_takes_the_place_of_the_first_and_keeps_its_note(workspace: Workspace) -> None:
    note(workspace, 2, Given(note="stairs"))
    second = note(workspace, 4, Given(note="after sleep"))
    assert second.before is not None
    assert second.before.level == 2
    assert pains(workspace) == [("morning", 4, None, "stairs · after sleep")]


def test_another_moment_side_or_day_stands_beside_it(workspace: Workspace) -> None:
    note(workspace, 2, Given())
    note(workspace, 3, Given(["day"]))
    note(workspace, 4, Given(side="l"))
    note(workspace, 5, Given(["morning"], day="yesterday"))
    assert sorted(level or 0 for _, level, *_ in pains(workspace)) == [2, 3, 4, 5]


def test_notes_of_a_day_add_up(workspace: Workspace) -> None:
    note(workspace, None, Given(note="slept badly"))
    note(workspace, None, Given(note="long drive"))
    assert {words for *_, words in pains(workspace)} == {"slept badly", "long drive"}


def test_the_same_again_writes_nothing(workspace: Workspace) -> None:
    note(workspace, 2, Given(note="stairs"))
    assert not note(workspace, 2, Given(note="stairs")).wrote
    assert not note(workspace, 2, Given()).wrote


def test_undo_brings_back_what_was_said_before(workspace: Workspace) -> None:
    note(workspace, 2, Given())
    note(workspace, 4, Given())
    changes.undo(workspace)
    assert pains(workspace) == [("morning", 2, None, None)]
    changes.undo(workspace)
    assert pains(workspace) == []
    changes.redo(workspace)
    assert pains(workspace) == [("morning", 2, None, None)]


def test_a_pain_can_be_edited_removed_and_purged_by_its_id(workspace: Workspace) -> None:
    short = note(workspace, 2, Given(note="secret")).short
    assert edited(workspace, short, Changes(pain="3/10", side="left", note="none")).level == 3
    assert pains(workspace) == [("morning", 3, "left", None)]
    changes.remove(workspace, short)
    assert pains(workspace) == []
    changes.purge(workspace, short)
    with pytest.raises(NoSuchRecordError):
        changes.find(workspace, short)
    assert b"secret" not in workspace.place.path.read_bytes()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (Changes(reps="3"), "That is a pain: it takes"),
        (Changes(pain="none"), "A pain needs a number"),
        (Changes(pain="11"), "Pain goes from 0 to 10"),
        (Changes(day="tomorrow"), "still to come"),
    ],
)
def test_what_a_pain_cannot_be_is_refused_and_leaves_it_as_it_was(
    workspace: Workspace, changed: Changes, words: str
) -> None:
    short = note(workspace, 2, Given(note="stairs")).short
    with pytest.raises(WrongUseError, match=words):
        changes.edit(workspace, short, changed)
    assert pains(workspace) == [("morning", 2, None, "stairs")]


def test_the_note_of_a_day_cannot_be_emptied(workspace: Workspace) -> None:
    short = note(workspace, None, Given(note="slept badly")).short
    with pytest.raises(WrongUseError, match="A note cannot be empty"):
        changes.edit(workspace, short, Changes(note="none"))


@pytest.mark.parametrize(
    ("level", "given", "words"),
    [
        (11, Given(), "Pain goes from 0 to 10"),
        (-1, Given(), "Pain goes from 0 to 10"),
        (None, Given(), "Say how much it hurts"),
        (None, Given(["after"]), "kneetrack pain 2 --moment after"),
        (None, Given(note="  "), "Say how much it hurts"),
        (2, Given(["noon"]), "is not a moment"),
        (2, Given(["morning", "day"]), "one moment at a time"),
        (2, Given(side="top"), "is not a side"),
        (2, Given(note="x" * 2001), "at most 2000 characters"),
        (2, Given(day="2026-02-30"), "is not a date"),
    ],
)
def test_what_cannot_be_noted_is_refused_in_words_and_creates_nothing(
    workspace: Workspace, level: int | None, given: Given, words: str
) -> None:
    with pytest.raises(WrongUseError, match=words):
        note(workspace, level, given)
    assert not workspace.exists()


def test_a_day_to_come_is_refused(workspace: Workspace) -> None:
    with pytest.raises(DayError, match="still to come"):
        note(workspace, 2, Given(day="tomorrow"))


def test_two_notes_that_are_too_long_together_are_refused(workspace: Workspace) -> None:
    note(workspace, 2, Given(note="x" * 1999))
    with pytest.raises(WrongUseError, match="at most 2000 characters"):
        note(workspace, 2, Given(note="yy"))


def test_the_command_that_is_kept_names_no_note(workspace: Workspace) -> None:
    note(workspace, 2, Given(["after"], "l", "private", "-1"))
    note(workspace, None, Given(note="private"))
    changes.remove(workspace, note(workspace, 3, Given()).short)
    kept = [change.command for change in changes.listed(workspace).changes]
    assert kept == ["rm pain morning", "pain 3 morning", "note", f"pain 2 after left {TODAY - timedelta(1)}"]


def test_a_pain_is_not_edited_into_the_place_of_another(workspace: Workspace) -> None:
    left = note(workspace, 2, Given(side="left")).short
    note(workspace, 6, Given(side="right"))
    with pytest.raises(WrongUseError, match="Pain 6 is already noted there"):
        changes.edit(workspace, left, Changes(side="right"))
    assert edited(workspace, left, Changes(side="none")).side is None


def test_last_is_the_pain_that_was_noted_after_the_sessions(workspace: Workspace) -> None:
    log(workspace, ["bridge"], Options())
    note(workspace, 7, Given(["day"]))
    assert edited(workspace, "last", Changes(pain="3")).level == 3
    changes.remove(workspace, "last")
    assert pains(workspace) == []
    assert changes.find(workspace, "last").sessions[0].exercise == "bridge"


def test_a_note_that_a_pain_has_already_is_not_added_again(workspace: Workspace) -> None:
    for words in ("a", "b", "b", "a"):
        note(workspace, 6, Given(note=words))
    assert pains(workspace) == [("morning", 6, None, "a · b")]


def test_a_pain_above_the_limit_is_said(workspace: Workspace) -> None:
    assert note(workspace, 5, Given()).sore is None
    found = note(workspace, 6, Given()).sore
    assert found is not None
    assert (found.pain, found.limit) == (6, 5)
