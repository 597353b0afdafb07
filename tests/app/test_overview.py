"""History, stats, calendar and explain as functions: which days they are about, and what is refused."""

from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from conftest import NOW
from kneetrack.app import overview, plan
from kneetrack.app.log import log
from kneetrack.app.overview import Range
from kneetrack.app.plan_input import Options as PlanOptions
from kneetrack.app.session_input import Options
from kneetrack.app.workspace import Place, Workspace
from kneetrack.domain import explanations
from kneetrack.domain.errors import DayError, UnknownExerciseError, WrongUseError
from kneetrack.domain.milestones import Unchanged
from kneetrack.domain.records import Session

TODAY = NOW.date()


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Return the workspace of a diary that is not there yet, at the usual place."""
    return Workspace(Place(tmp_path / "diary.db", named=False), NOW)


def done(workspace: Workspace, *ago: int, exercise: str = "bridge", pain: int | None = None) -> None:
    """Log an exercise so many days ago."""
    for number in ago:
        log(workspace, [exercise, "3x10"], Options(day=str(TODAY - timedelta(number)), pain=pain))


# history


@pytest.mark.parametrize(
    ("chosen", "first", "last", "ago"),
    [
        (Range(), TODAY - timedelta(13), TODAY, [0, 13]),
        (Range(days=1), TODAY, TODAY, [0]),
        (Range(days=40_000), TODAY - timedelta(39_999), TODAY, [0, 13, 14, 40]),
        (Range(first="2026-11-12"), date(2026, 11, 12), TODAY, [0, 13]),
        (Range(last="2026-11-11"), None, date(2026, 11, 11), [14, 40]),
        (Range(first="2026-11-11", last="2026-11-12"), date(2026, 11, 11), date(2026, 11, 12), [13, 14]),
        (Range(everything=True), None, None, [0, 13, 14, 40]),
    ],
)
def test_history_is_of_a_range_of_days_whose_ends_both_count(
    chosen: Range, first: date | None, last: date | None, ago: list[int], workspace: Workspace
) -> None:
    done(workspace, 0, 13, 14, 40)
    result = overview.history(workspace, None, chosen)

    assert (result.first, result.last, result.today) == (first, last, TODAY)
    assert [(TODAY - item.day).days for item in result.sessions] == ago
    assert set(result.shorts) == {item.uid for item in result.sessions}


def test_history_of_one_exercise_takes_a_part_of_its_name(workspace: Workspace) -> None:
    done(workspace, 0, 1)
    done(workspace, 0, exercise="clamshell")
    result = overview.history(workspace, "shell", Range(), with_ids=False)

    assert result.exercise is not None
    assert (result.exercise.id, [item.exercise for item in result.sessions]) == ("clamshell", ["clamshell"])
    assert result.shorts == {}


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        (Range(days=0), "--days takes 1 to 40000 days, not 0."),
        (Range(days=40_001), "--days takes 1 to 40000 days, not 40001."),
        (Range(days=3, everything=True), "Choose one of --days, --all, and --from with --until."),
        (Range(days=3, last="mon"), "Choose one of --days, --all, and --from with --until."),
        (Range(first="mon", everything=True), "Choose one of --days, --all, and --from with --until."),
    ],
)
def test_a_range_that_is_none_is_refused_before_the_diary_is_looked_for(
    chosen: Range, said: str, tmp_path: Path
) -> None:
    with pytest.raises(WrongUseError) as caught:
        overview.history(Workspace(Place(tmp_path / "named.db", named=True), NOW), None, chosen)
    assert str(caught.value) == said


def test_a_range_that_ends_before_it_begins_is_refused(workspace: Workspace) -> None:
    with pytest.raises(DayError, match="--from Wed 25 Nov is after --until Tue 24 Nov; both ends count"):
        overview.history(workspace, None, Range(first="today", last="yesterday"))


# stats


def test_stats_count_the_sessions_of_days_that_have_come(workspace: Workspace) -> None:
    done(workspace, 0, 0, 1)
    done(workspace, 1, exercise="clamshell")
    later = Workspace(workspace.place, NOW - timedelta(1))
    result, earlier = overview.stats(workspace), overview.stats(later)

    assert result.counts == {"bridge": 3, "clamshell": 1}
    assert earlier.counts == {"bridge": 1, "clamshell": 1}
    assert result.listed == result.shown == ("bridge", "clamshell")


def test_stats_of_one_exercise_are_about_it_alone(workspace: Workspace) -> None:
    done(workspace, 0)

    assert overview.stats(workspace, "bri").listed == ("bridge",)
    with pytest.raises(UnknownExerciseError):
        overview.stats(workspace, "brigde")


@pytest.mark.parametrize(("last", "unchanged"), [(4, Unchanged(4, 4)), (2, None)])
def test_stats_say_when_pain_has_not_fallen_in_eight_weeks_that_were_kept(
    last: int, unchanged: Unchanged | None, workspace: Workspace
) -> None:
    plan.prescribe(workspace, ["bridge", "3x10"], PlanOptions(first=str(TODAY - timedelta(60))))
    done(workspace, *range(47, 61), pain=4)
    done(workspace, *range(14, 47))
    done(workspace, *range(14), pain=last)

    assert overview.stats(workspace).unchanged == unchanged
    assert overview.stats(workspace, "bridge").unchanged is None


def test_stats_of_weeks_that_were_not_kept_say_nothing_of_pain(workspace: Workspace) -> None:
    plan.prescribe(workspace, ["bridge", "3x10"], PlanOptions(first=str(TODAY - timedelta(60))))
    done(workspace, *range(50, 61), pain=4)
    done(workspace, *range(10), pain=4)

    assert overview.stats(workspace).unchanged is None


# calendar


@pytest.mark.parametrize(
    ("months", "first"),
    [(None, "2026-09-01"), (1, "2026-11-01"), (11, "2026-01-01"), (12, "2025-12-01"), (120, "2016-12-01")],
)
def test_the_calendar_begins_with_the_first_day_of_a_month(
    months: int | None, first: str, workspace: Workspace
) -> None:
    assert str(overview.calendar(workspace, months=months).first) == first


@pytest.mark.parametrize("months", [0, -1, 121])
def test_a_number_of_months_out_of_its_limits_is_refused(months: int, workspace: Workspace) -> None:
    with pytest.raises(WrongUseError, match=f"--months takes 1 to 120 months, not {months}."):
        overview.calendar(workspace, months=months)


def test_the_calendar_knows_how_much_was_done_from_its_first_week_on(workspace: Workspace) -> None:
    plan.prescribe(workspace, ["bridge", "3x10"], PlanOptions(first="2026-08-31"))
    log(workspace, ["bridge", "1x15"], Options(day="2026-08-31"))
    result = overview.calendar(workspace, "bridge")

    assert result.exercise == "bridge"
    assert result.progress.share("bridge", date(2026, 8, 31)) == 0.5


def test_the_weeks_of_the_calendar_begin_with_the_first_day_that_is_known_and_have_their_pain(
    workspace: Workspace,
) -> None:
    plan.prescribe(workspace, ["bridge", "3x10"], PlanOptions(first="2026-11-12"))
    done(workspace, 9, pain=3)
    done(workspace, 8, pain=4)
    weeks = overview.calendar(workspace).weeks

    assert [str(week.first) for week in weeks] == ["2026-11-12", "2026-11-16", "2026-11-23"]
    assert [week.worst_pain for week in weeks] == [None, 4, None]
    assert [week.adherence for week in weeks] == [(0, 4), (2, 7), (0, 2)]


# explain


@pytest.mark.parametrize("topic", explanations.RULES)
def test_each_topic_is_explained_for_the_plan_and_for_one_exercise(topic: str, workspace: Workspace) -> None:
    assert overview.explain(workspace, topic)[::2] == (topic, None)
    assert overview.explain(workspace, topic, "bri")[::2] == (topic, "bridge")


@pytest.mark.parametrize("topic", ["sleep", "Streak", "", "str\x1b[2J"])
def test_what_is_no_topic_is_refused_in_one_sentence_that_names_them_all(topic: str, tmp_path: Path) -> None:
    with pytest.raises(
        WrongUseError, match=r"“[^\x1b]*” cannot be explained; choose streak, adherence, habit, pain or rule\.$"
    ):
        overview.explain(Workspace(Place(tmp_path / "named.db", named=True), NOW), topic)


def test_a_rule_is_explained_where_the_diary_that_was_named_is_missing(tmp_path: Path) -> None:
    missing = Workspace(Place(tmp_path / "named.db", named=True), NOW)

    assert overview.explain(missing, "habit", "bridges") == ("habit", None, "bridge", TODAY)
    with pytest.raises(UnknownExerciseError):
        overview.explain(missing, "habit", "brigde")


def test_history_says_which_sessions_are_parts_of_one_that_was_guided(workspace: Workspace) -> None:
    (first,) = log(workspace, ["bridge", "12"], Options()).sessions
    later = Workspace(workspace.place, NOW + timedelta(minutes=1))
    result = later.write(
        lambda diary: Wrote(diary.store.append("start", diary.now, [first._replace(uid="")], part_of=first.uid)),
    )
    (second,) = result.sessions

    assert overview.history(workspace, None, Range()).wholes == {second.created_at: first.created_at}


class Wrote(NamedTuple):
    """What a function that writes returns."""

    sessions: list[Session]
    wrote: bool = True


def test_looking_creates_no_diary(workspace: Workspace) -> None:
    for look in (overview.stats, overview.calendar):
        look(workspace)
    overview.history(workspace, None, Range())
    overview.explain(workspace, "streak")

    assert list(workspace.place.path.parent.iterdir()) == []
