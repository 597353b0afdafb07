"""Scores: their courses, and which change counts."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneetrack.domain import scores
from kneetrack.domain.records import Measure, Score

TODAY = date(2026, 11, 29)
NOW = datetime(2026, 11, 29, 8, tzinfo=UTC)


def score(tenths: int, ago: int = 0, measure: Measure = "akps", activity: str | None = None) -> Score:
    """Return a score of some days ago."""
    return Score("0" * 32, NOW, TODAY - timedelta(ago), measure, activity, tenths)


def course(*its: Score) -> scores.Course:
    """Return the first course of some scores."""
    return scores.courses(its, TODAY)[0]


@pytest.mark.parametrize(
    ("measure", "first", "last", "beyond", "better"),
    [
        ("akps", 620, 720, True, True),
        ("akps", 620, 719, False, True),
        ("akps", 620, 520, True, False),
        ("koos_pf", 500, 664, True, True),
        ("koos_pf", 500, 663, False, True),
        ("nprs", 50, 30, True, True),
        ("nprs", 50, 40, False, True),
        ("nprs", 30, 50, True, False),
        ("nprs", 30, 30, False, False),
    ],
)
def test_a_change_counts_from_what_matters_on_and_its_way_depends_on_the_measure(
    measure: Measure, first: int, last: int, *, beyond: bool, better: bool
) -> None:
    found = course(score(first, 28, measure), score(last, 0, measure))
    assert (found.change, found.beyond, found.is_better) == (last - first, beyond, better)


def test_one_score_has_no_change_and_neither_has_the_rating_of_the_change() -> None:
    assert course(score(620)).change is None
    assert course(score(620)).beyond is None
    assert course(score(20, 14, "change"), score(60, 0, "change")).change is None


def test_of_two_scores_of_a_day_the_last_counts() -> None:
    assert [point.tenths for point in course(score(620), score(700)).points] == [700]


def test_an_activity_is_the_same_whatever_its_capitals() -> None:
    found = scores.courses([score(40, 14, "psfs", "Stairs"), score(70, 0, "psfs", "stairs")], TODAY)
    assert [(its.activity, len(its.points)) for its in found] == [("stairs", 2)]


def test_the_mean_is_of_the_days_on_which_all_the_activities_of_the_last_one_were_scored() -> None:
    found = scores.courses(
        [
            score(40, 28, "psfs", "stairs"),
            score(60, 28, "psfs", "long drive"),
            score(10, 28, "psfs", "given up"),
            score(50, 14, "psfs", "stairs"),
            score(70, 0, "psfs", "stairs"),
            score(65, 0, "psfs", "long drive"),
        ],
        TODAY,
    )
    mean = found[-1]
    assert mean.is_mean
    assert [(point.day, point.tenths) for point in mean.points] == [(TODAY - timedelta(28), 50), (TODAY, 68)]
    assert (mean.change, mean.matters, mean.beyond) == (18, 20, False)


def test_one_activity_has_no_mean() -> None:
    assert [its.is_mean for its in scores.courses([score(40, 0, "psfs", "stairs")], TODAY)] == [False]


def test_what_is_still_to_come_counts_nowhere() -> None:
    assert scores.courses([score(620, -1)], TODAY) == []


@pytest.mark.parametrize(("ago", "is_due"), [(13, False), (14, True), (70, True), (71, False)])
def test_a_score_is_due_two_weeks_after_the_last_until_it_is_taken_as_given_up(ago: int, *, is_due: bool) -> None:
    assert bool(scores.due(scores.courses([score(620, ago)], TODAY), TODAY)) == is_due


def test_a_measure_is_due_by_the_newest_of_its_activities() -> None:
    old, new = score(40, 30, "psfs", "drive"), score(50, 1, "psfs", "stairs")
    assert scores.due(scores.courses([old, new], TODAY), TODAY) == []
    assert len(scores.due(scores.courses([old, new._replace(day=TODAY - timedelta(20))], TODAY), TODAY)) == 1


MEASURES: list[Measure] = ["psfs", "nprs", "change", "akps", "koos_pf"]


@st.composite
def any_score(draw: st.DrawFn) -> Score:
    """Return a score of the last hundred days."""
    measure = draw(st.sampled_from(MEASURES))
    activity = draw(st.sampled_from(("stairs", "Stairs", "run"))) if measure == "psfs" else None
    return score(draw(st.integers(0, 1000)), draw(st.integers(0, 100)), measure, activity)


@given(st.lists(any_score(), max_size=12))
def test_no_score_is_lost_and_each_course_goes_by_day(given_scores: list[Score]) -> None:
    found = scores.courses(given_scores, TODAY)
    days = {(its.measure, its.activity and its.activity.casefold(), its.day) for its in given_scores}
    shown = [
        (its.measure, its.activity and its.activity.casefold(), point.day)
        for its in found
        if not its.is_mean
        for point in its.points
    ]
    assert (set(shown), len(shown)) == (days, len(days))
    assert all([point.day for point in its.points] == sorted(point.day for point in its.points) for its in found)
