"""Skip, pause and resume as functions: what they write, and what they leave as it is."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from conftest import NOW
from kneetrack.app import pauses, plan
from kneetrack.app.plan_input import Options
from kneetrack.app.workspace import Place, Workspace
from kneetrack.domain.errors import DayError, NoDiaryError, NothingToDoError, WrongUseError
from kneetrack.domain.plan import Pause

TODAY = NOW.date()
YESTERDAY, SUNDAY = TODAY - timedelta(1), date(2026, 11, 29)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Return the workspace of a diary that is not there yet."""
    return Workspace(Place(tmp_path / "diary.db", named=True), NOW)


def said(item: Pause) -> tuple[str | None, date, date | None, str | None]:
    """Return a pause without its id."""
    return item[1:]


def test_a_skip_excuses_one_day_and_begins_a_diary(workspace: Workspace) -> None:
    result = pauses.skip(workspace, reason="pain")

    assert said(result.pause) == (None, TODAY, TODAY, "pain")
    assert result.skipped
    assert result.wrote
    assert workspace.wrote
    assert result.new is not None
    assert result.new.example
    assert result.progress.pauses_today() == [result.pause]
    assert list(pauses.listed(workspace).pauses) == [result.pause]


def test_a_skip_of_a_past_day_forgives_it_in_the_answer_already(workspace: Workspace) -> None:
    plan.prescribe(workspace, ["bridge"], Options(first="2026-11-23"))
    assert plan.show(workspace).progress.adherence(None).due == 2

    assert pauses.skip(workspace, "bridge", "mon").progress.adherence(None).due == 1


def test_what_is_excused_already_is_named_and_not_written(workspace: Workspace) -> None:
    there = pauses.pause(workspace, until="sun", reason="travel")
    again = Workspace(workspace.place, NOW)
    result = pauses.skip(again, "bridge")

    assert (result.pause, result.short) == (there.pause, there.short)
    assert not result.wrote
    assert not again.wrote


def test_a_pause_says_whether_what_it_is_about_is_planned_on_any_of_its_days(workspace: Workspace) -> None:
    plan.prescribe(workspace, ["side-plank"], Options(first="2026-11-28"))

    assert not pauses.pause(workspace, "side-plank", until="fri").planned
    assert pauses.pause(workspace, "side-plank", until="sun").planned
    assert pauses.pause(workspace, "side-plank").planned
    assert pauses.pause(workspace).planned


def test_a_pause_ends_no_earlier_than_it_begins(workspace: Workspace) -> None:
    with pytest.raises(DayError):
        pauses.pause(workspace, first="2026-12-02", until="2026-12-01")
    with pytest.raises(WrongUseError):
        pauses.pause(workspace, reason="x" * 2001)
    assert not workspace.exists()


def test_resume_ends_pauses_with_yesterday_and_takes_out_those_of_which_no_day_is_left(workspace: Workspace) -> None:
    pauses.pause(workspace, first="yesterday", reason="ill")
    pauses.pause(workspace, until="sun")
    pauses.pause(workspace, "bridge")

    result = pauses.resume(workspace)

    assert result.exercise is None
    assert [said(item) for item in result.progress.pauses_today()] == [("bridge", TODAY, None, None)]
    assert {said(item) for item in pauses.listed(workspace).pauses} == {
        (None, YESTERDAY, YESTERDAY, "ill"),
        ("bridge", TODAY, None, None),
    }


def test_resume_of_nothing_is_refused(workspace: Workspace) -> None:
    with pytest.raises(NoDiaryError):
        pauses.resume(workspace)
    pauses.skip(workspace, day="yesterday")
    with pytest.raises(NothingToDoError, match=r"^Nothing is paused\.$"):
        pauses.resume(workspace)
    pauses.pause(workspace, first="mon")
    short = pauses.listed(workspace).shorts[pauses.listed(workspace).pauses[0].uid]
    with pytest.raises(NothingToDoError, match=f"To remove the pause that begins on Mon 30 Nov: kneetrack rm {short}"):
        pauses.resume(workspace)


def test_pauses_are_listed_by_their_first_day_newest_first(workspace: Workspace) -> None:
    for day in ("yesterday", "2026-11-28", "today"):
        pauses.skip(workspace, day=day)

    assert [item.first for item in pauses.listed(workspace).pauses] == [SUNDAY - timedelta(1), TODAY, YESTERDAY]
