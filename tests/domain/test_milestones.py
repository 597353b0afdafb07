"""Keeping at it: what a log reaches, a streak begun again, eight weeks kept, and the words for them."""

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine

from commands import BRIDGES, blank
from conftest import Run
from kneetrack.domain import days, milestones
from kneetrack.domain.catalogue import Catalogue, Exercise
from kneetrack.domain.dose import Dose
from kneetrack.domain.explanations import RULES
from kneetrack.domain.milestones import Milestone, NewStreak, Unchanged
from kneetrack.domain.plan import DAILY, Pause, Prescription
from kneetrack.domain.progress import Progress
from kneetrack.domain.records import Activity
from kneetrack.store.sqlite import open_store
from kneetrack.views import encouragement as keeping_at_it

pytestmark = pytest.mark.usefixtures("db", "clock")

TODAY = date(2026, 11, 25)


def progress(done: Iterable[int], *, since: int = 200, pauses: tuple[Pause, ...] = ()) -> Progress:
    """Return a daily bridge, done so many days ago each; `since` is how many days ago it was prescribed."""
    catalogue = Catalogue()
    on = 0
    for ago in done:
        on |= days.one(days.number(TODAY - timedelta(ago)))
    prescription = Prescription("bridge", TODAY - timedelta(since), catalogue.get("bridge").dose, DAILY)
    return Progress(Activity((prescription,), pauses, {"bridge": on}, ()), catalogue, TODAY)


def test_no_milestone_is_a_finish_line() -> None:
    assert 66 not in milestones.DAYS_DONE
    said = [*(words for _, words in keeping_at_it.EXPECTED), *(part for its in RULES.values() for part in its)]
    assert [words for words in said if "66" in words] == [RULES["habit"][2]]
    assert RULES["habit"][2].endswith("Singh2024): no day is a finish line.")


@pytest.mark.parametrize("count", milestones.DAYS_DONE)
def test_a_count_of_days_is_reached_once(count: int) -> None:
    since = TODAY - timedelta(count + 30)

    assert milestones.reached(progress([0, 1, 2]), since, count) == Milestone(count, since, first_week=False)
    assert milestones.reached(progress([0, 1, 2]), since, count + 1) is None


@pytest.mark.parametrize(
    ("done", "is_reached"),
    [
        ([6, 4, 0], True),
        ([7, 4, 0], True),
        ([7, 1, 0], False),
        ([5, 4, 0], False),
        ([13, 9, 0], False),
    ],
)
def test_the_first_week_is_reached_by_the_first_log_after_it_within_a_week(
    done: list[int], *, is_reached: bool
) -> None:
    found = milestones.reached(progress(done), TODAY - timedelta(max(done)), len(done))

    assert (found is not None and found.first_week) is is_reached


def test_the_first_day_of_a_streak_after_a_longer_one_is_new() -> None:
    assert milestones.new_streak(progress([*range(3, 17), 0])) == NewStreak(1, 14)


def test_a_streak_is_new_for_a_day_only() -> None:
    assert milestones.new_streak(progress([*range(4, 17), 1, 0])) is None


def test_a_streak_that_nothing_came_before_is_not_called_new() -> None:
    assert milestones.new_streak(progress([1, 0])) is None


def test_days_excused_in_the_break_are_not_counted_as_missed() -> None:
    away = Pause("", None, TODAY - timedelta(4), TODAY - timedelta(2), None)

    assert milestones.new_streak(progress([*range(5, 16), 0], pauses=(away,))) == NewStreak(1, 11)


def test_a_streak_begun_again_is_welcomed() -> None:
    assert keeping_at_it.new_streak(NewStreak(1, 7)) == "Welcome back: day 1 of a new streak (your best: 7 days)."


def test_the_first_week_is_said_with_its_days() -> None:
    reached = Milestone(4, TODAY - timedelta(7), first_week=True)

    assert keeping_at_it.milestone(reached, TODAY) == "First week complete: 4 exercise days."


@pytest.mark.parametrize(("missed", "since", "kept"), [(11, 56, True), (12, 56, False), (0, 55, False)])
def test_eight_weeks_are_kept_when_four_fifths_of_what_was_due_was_done(missed: int, since: int, *, kept: bool) -> None:
    done = [ago for ago in range(56) if ago == 0 or ago > missed]

    assert milestones.is_kept(progress(done, since=since)) is kept


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        ([4, 4, 4], [4, 4, 4], Unchanged(4, 4)),
        ([4, 4, 4], [3, 3, 3], Unchanged(4, 3)),
        ([4, 4, 4], [2, 3, 3], None),
        ([4, 4, 4], [4, 4], None),
        ([1, 1, 1], [1, 1, 1], None),
        ([0, 0, 0], [3, 3, 3], Unchanged(0, 3)),
    ],
)
def test_pain_is_unchanged_when_enough_notes_show_no_clear_fall(
    first: list[int], last: list[int], found: Unchanged | None
) -> None:
    assert milestones.unchanged(first, last) == found


def test_both_doors_count_the_same_days_done_up_to_a_day_and_up_to_a_number(tmp_path: Path) -> None:
    path = blank(tmp_path / "diary.db")
    some = [BRIDGES._replace(day=TODAY - timedelta(ago)) for ago in (40, 40, 7, 3, -2)]
    with open_store(path, write=True) as store:
        written = store.append("log", BRIDGES.created_at, some)
    with open_store(path, write=True) as store:
        store.remove("rm", BRIDGES.created_at, [written[3].uid])

    for most, counted in ((99, 2), (1, 1)):
        with open_store(path, write=False) as store, open_store(path, write=False) as store:
            assert store.days_done(TODAY, most) == store.days_done(TODAY, most) == (TODAY - timedelta(40), counted)
    with open_store(path, write=False) as store, open_store(path, write=False) as store:
        assert store.days_done(date(1999, 1, 1), 9) == store.days_done(date(1999, 1, 1), 9) == (None, 0)


def log_days(run: Run, clock: time_machine.Traveller, count: int, line: str = "log bridge 3x10") -> str:
    """Log on so many days from now on, and return the last answer."""
    said = ""
    for _ in range(count):
        said = run(line).out
        clock.shift(timedelta(1))
    return said


def test_the_log_that_reaches_a_milestone_says_so_in_one_line(run: Run, clock: time_machine.Traveller) -> None:
    assert "since" not in log_days(run, clock, 9)
    said = run("log bridge 3x10").out

    assert said.splitlines()[-1].startswith("  10 exercise days since 25 Nov. Streak 10 days · last 4 weeks ")
    assert "exercise days" not in run("log clamshell").out


def test_no_milestone_is_cheered_in_pain(run: Run, clock: time_machine.Traveller) -> None:
    log_days(run, clock, 9)

    assert "exercise days" not in run("log bridge 3x10 --pain 6").out


def test_a_log_for_another_day_reaches_nothing(run: Run, clock: time_machine.Traveller) -> None:
    log_days(run, clock, 9)

    assert "exercise days" not in run("log bridge 3x10 -d 2026-11-01").out


def test_the_first_log_after_a_missed_day_is_friendly(run: Run, clock: time_machine.Traveller) -> None:
    log_days(run, clock, 8)
    clock.shift(timedelta(1))
    said = run("log bridge 3x10").out

    assert said.splitlines()[-1].startswith("  Welcome back: day 1 of a new streak (your best: 8 days). Last 4 weeks ")
    assert "Welcome back" not in run("log clamshell").out


def test_stats_say_how_the_long_weeks_go(run: Run, clock: time_machine.Traveller) -> None:
    log_days(run, clock, 20, "log bridge 3x10 clamshell 3x10")
    said = run("stats").out

    assert "So far: 40 sessions on 20 days, 600 bridges, 1200 clamshells (left and right both count)" in (
        " ".join(said.split())
    )
    assert "week 3 · streak 20 days" in said
    assert "What to expect: too early to judge" in said
    assert "So far" not in run("stats bridge").out


def test_what_is_done_so_far_comes_in_the_order_of_the_plan(run: Run, clock: time_machine.Traveller) -> None:
    run("plan set hip-hike 3x10 bridge 3x10")
    log_days(run, clock, 2, "log bridge 3x10 hip-hike 3x10")

    assert "120 hip hikes, 60 bridges" in run("stats").out


@pytest.mark.parametrize("week", [words for _, words in keeping_at_it.EXPECTED])
def test_what_to_expect_takes_one_line_of_80_columns(week: str) -> None:
    assert len(f"What to expect: {week}") <= 80


@pytest.mark.parametrize(("pain", "told"), [(4, True), (1, False)])
def test_eight_weeks_kept_without_a_fall_in_pain_are_a_reason_to_see_a_clinician(
    pain: int, *, told: bool, run: Run, db: Path
) -> None:
    run("plan set bridge 3x10 --from 2026-09-30")
    some = [
        BRIDGES._replace(day=TODAY - timedelta(ago), pain=pain if ago < 20 else 4, dose=Dose(3, 10, None))
        for ago in range(57)
    ]
    with open_store(db, write=True) as store:
        store.append("log", BRIDGES.created_at, some)

    said = " ".join(run("stats").out.split())
    assert ("No change after eight weeks is a reason to see a clinician." in said) is told


@pytest.mark.parametrize(
    ("name", "mode", "volume", "said"),
    [
        ("Clamshell", "reps", 412, "412 clamshells"),
        ("Bridge with band", "reps", 2, "2 bridges with band"),
        ("Standing hip abduction (band)", "reps", 30, "30 standing hip abductions (band)"),
        ("ITB thing", "reps", 1, "1 ITB thing"),
        ("Wall push", "reps", 9, "9 wall pushes"),
        ("Wall angels", "reps", 9, "9 wall angels"),
        ("Side plank", "hold", 90, "90 s of side plank"),
        ("Side plank", "hold", 2100, "35 min of side plank"),
    ],
)
def test_a_volume_reads_as_words(name: str, mode: str, volume: int, said: str) -> None:
    exercise = Exercise("x", name, per_side=False, mode="hold" if mode == "hold" else "reps")

    assert keeping_at_it.so_far(exercise, volume) == said
