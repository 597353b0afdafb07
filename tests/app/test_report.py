"""The page for a clinician: its days, its numbers, and what is refused."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from conftest import NOW
from kneetrack.app import log, pain, report, scores
from kneetrack.app.report import Days
from kneetrack.app.session_input import Options
from kneetrack.app.workspace import Place, Workspace
from kneetrack.domain.errors import DayError, WrongUseError
from kneetrack.domain.report import Words

TODAY = NOW.date()
NOTHING = Words()


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Return a diary with two exercises logged today and a few days ago."""
    made = Workspace(Place(tmp_path / "diary.db", named=True), NOW)
    log.log(made, ["bridge", "3x10"], Options(day="2026-11-20", pain=6, note="stairs"))
    log.log(made, ["bridge", "3x10", "clamshell", "3x10"], Options(pain=2))
    return made


def test_the_days_are_this_week_and_the_five_before_it_unless_others_are_named(workspace: Workspace) -> None:
    found = report.report(workspace, Days(), NOTHING)
    assert (found.first, found.last, found.written) == (date(2026, 10, 19), TODAY, NOW)
    assert report.report(workspace, Days(weeks=1), NOTHING).first == date(2026, 11, 23)
    named = report.report(workspace, Days(first="mon", last="yesterday"), NOTHING)
    assert (named.first, named.last) == (date(2026, 11, 23), TODAY - timedelta(1))


def test_a_diary_that_begins_within_the_days_says_so_and_has_no_weeks_before(workspace: Workspace) -> None:
    found = report.report(workspace, Days(), NOTHING)
    assert (found.begun, found.length, len(found.weeks)) == (date(2026, 11, 20), 6, 2)
    assert report.report(workspace, Days(first="2026-11-20"), NOTHING).begun is None


def test_pain_above_the_limit_is_counted_as_often_as_it_was_noted(workspace: Workspace) -> None:
    found = report.report(workspace, Days(), NOTHING)
    assert (found.pain_limit, found.above_limit, len(found.noted_pains)) == (5, 1, 3)


def test_days_with_exercise_are_counted_by_what_the_rule_says_of_them_with_the_morning_after(
    workspace: Workspace,
) -> None:
    for day, level in (("2026-11-24", 1), ("2026-11-25", 1)):
        pain.note(workspace, level, pain.Given(moments=["morning"], day=day))
    log.log(workspace, ["bridge", "3x10", "clamshell", "3x10"], Options(day="2026-11-24", pain=1))
    found = report.report(workspace, Days(last="yesterday"), NOTHING)
    assert found.verdicts == {"above": 1, "within": 1}
    assert found.mornings[0] == (1,)


def test_a_morning_counts_once_by_the_worse_knee_and_by_what_was_said_last(workspace: Workspace) -> None:
    for level, side in ((7, None), (3, None), (4, "left")):
        pain.note(workspace, level, pain.Given(moments=["morning"], side=side))
    assert report.report(workspace, Days(), NOTHING).mornings == ((4,), ())


def test_notes_of_a_day_stand_among_those_of_sessions_latest_first(workspace: Workspace) -> None:
    pain.note(workspace, None, pain.Given(note="long walk"))
    found = report.report(workspace, Days(), NOTHING)
    assert [(noted.note, noted.pain) for noted in found.notes] == [("long walk", None), ("stairs", 6)]


def test_scores_have_their_whole_course_when_one_was_entered_within_the_days(workspace: Workspace) -> None:
    scores.enter(workspace, ["akps", "70"], "2026-09-01")
    assert report.report(workspace, Days(), NOTHING).courses == ()
    scores.enter(workspace, ["akps", "82"], "2026-11-24")
    (course,) = report.report(workspace, Days(), NOTHING).courses
    assert course.change == 120


@pytest.mark.parametrize("asked", [Days(first="today", last="yesterday"), Days(last="tomorrow")])
def test_days_that_no_page_can_have_are_refused(workspace: Workspace, asked: Days) -> None:
    with pytest.raises(DayError):
        report.report(workspace, asked, NOTHING)


@pytest.mark.parametrize("asked", [Days(weeks=0), Days(weeks=1001), Days(weeks=4, first="mon")])
def test_weeks_out_of_their_limits_or_beside_a_first_day_are_refused(workspace: Workspace, asked: Days) -> None:
    with pytest.raises(WrongUseError, match="--weeks"):
        report.report(workspace, asked, NOTHING)


@pytest.mark.parametrize(("name", "questions"), [("n" * 101, ()), (None, ("?",) * 6), (None, ("q" * 201,))])
def test_a_name_or_questions_that_are_too_long_are_refused(name: str | None, questions: tuple[str, ...]) -> None:
    with pytest.raises(WrongUseError):
        report.words(name, questions)


def test_an_empty_name_and_an_empty_question_are_none() -> None:
    assert report.words("  ", ("", " Why? ")) == Words(None, ("Why?",))


@pytest.mark.parametrize(
    ("name", "form"), [("a.html", "html"), ("a.PDF", "pdf"), ("a.txt", "txt"), ("a.b.fhir.json", "fhir")]
)
def test_the_name_of_a_file_says_what_the_page_is(name: str, form: str) -> None:
    assert report.form_of(Path(name)) == form


@pytest.mark.parametrize("name", ["a", "a.json", "a.docx", "html"])
def test_a_name_that_says_nothing_is_refused(name: str) -> None:
    with pytest.raises(WrongUseError, match="must end in"):
        report.form_of(Path(name))
