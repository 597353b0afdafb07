"""The plan over time: what is in force when, what is planned, and which past days a change reaches."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import examples
from diaries import KINDS, SCHEDULES, Diary, diaries, oracle, prescriptions, progress
from kneetrack.domain import days
from kneetrack.domain.dose import Dose
from kneetrack.domain.plan import DAILY, Pause, Period, Prescription, Schedule, in_force, periods, planned, shown
from kneetrack.domain.progress import HABIT_KEPT, Adherence, Progress, State, changed
from kneetrack.domain.records import Amount
from oracle import Oracle, dates

DOSE = Dose(3, 15, None)
THREE_A_WEEK = Schedule("per_week", per_week=3)


def nov(day: int) -> date:
    """Return a day of November 2026: the 16th, the 23rd and the 30th are Mondays."""
    return date(2026, 11, 1) + timedelta(day - 1)


def plan(first: int, exercise: str = "bridge", dose: Dose | None = DOSE, schedule: Schedule = DAILY) -> Prescription:
    return Prescription(exercise, nov(first), dose, schedule if dose else None)


def look(today: int, written: list[Prescription], done: list[tuple[str, int]], *breaks: Pause) -> Progress:
    amounts = tuple(Amount(exercise, nov(day), None, DOSE) for exercise, day in done)
    return progress(Diary(tuple(written), breaks, amounts, nov(today)))


# --- What was in force when. ---


def test_a_period_lasts_until_the_day_before_the_next_plan() -> None:
    first, second = plan(2), plan(16, dose=Dose(3, 12, None))
    assert periods([first, second]) == [
        Period(nov(2), nov(15), {"bridge": first}),
        Period(nov(16), None, {"bridge": second}),
    ]


def test_a_prescription_that_changes_nothing_begins_no_period() -> None:
    assert [item.first for item in periods([plan(2), plan(9), plan(16, "clamshell")])] == [nov(2), nov(16)]


def test_a_drop_of_everything_is_a_period_without_a_plan() -> None:
    assert [item.plan for item in periods([plan(2), plan(9, dose=None)])] == [{"bridge": plan(2)}, {}]


def test_a_drop_before_any_plan_is_no_period() -> None:
    assert [item.first for item in periods([plan(2, dose=None), plan(9)])] == [nov(9)]


@examples(100)
@given(diaries())
def test_every_day_of_a_period_has_its_plan(diary: Diary) -> None:
    its = oracle(diary)
    found = periods(diary.prescriptions)
    for day in its.days:
        written = next((item.plan for item in reversed(found) if item.first <= day), {})
        held = {item.exercise: item for item in diary.prescriptions if its.in_force(item.exercise, day)}
        assert written.keys() == held.keys()
        for exercise, item in written.items():
            right = its.in_force(exercise, day)
            assert right
            assert (item.dose, item.schedule) == (right.dose, right.schedule)


def test_what_is_planned_begins_after_the_day_and_of_equal_first_days_the_last_written_counts() -> None:
    items = [plan(16), plan(30), plan(28, "clamshell"), plan(30, dose=Dose(2, 10, None))]
    assert planned(items, nov(25)) == [items[2], items[3]]


def test_what_another_prescription_of_the_same_first_day_replaced_is_not_shown() -> None:
    first, second = plan(16), plan(16, dose=Dose(2, 10, None))
    assert shown([first, second]) == [second]
    assert shown([second, first]) == [first]


def test_what_was_planned_and_dropped_again_is_not_shown_and_nor_is_its_drop() -> None:
    written = [plan(16), plan(30, "clamshell"), plan(30, "clamshell", dose=None)]
    assert shown(written) == written[:1]
    assert planned(written, nov(25)) == []
    assert [item.first for item in periods(written)] == [nov(16)]


def test_a_drop_of_what_is_prescribed_is_shown_and_a_second_one_is_not() -> None:
    written = [plan(16), plan(20, dose=None), plan(22, dose=None), plan(24)]
    assert shown(written) == [written[0], written[1], written[3]]


def test_a_drop_in_the_place_of_a_planned_change_ends_what_was_prescribed_before() -> None:
    written = [plan(16), plan(30, dose=Dose(3, 20, None)), plan(30, dose=None)]
    assert planned(written, nov(25)) == [written[2]]


@examples(100)
@given(diaries())
def test_what_is_not_shown_makes_no_difference_to_any_day(diary: Diary) -> None:
    alone = progress(diary._replace(prescriptions=tuple(shown(diary.prescriptions))))
    whole = progress(diary)
    assert alone.standings == {exercise: whole.standing(exercise) for exercise in alone.standings}
    assert all(exercise in alone.standings or not its.covered for exercise, its in whole.standings.items())


# --- Which past days a change reaches. ---


def test_a_first_day_in_the_past_changes_the_days_from_it_to_yesterday() -> None:
    before = look(25, [], [])
    after = look(25, [plan(20)], [])
    assert [days.day_of(day) for day in days.each(changed(before, after))] == dates(nov(20), nov(24))


def test_a_schedule_changes_only_days_that_it_makes_due_or_not() -> None:
    mondays = Schedule("weekdays", weekdays=(0,))
    before = look(25, [plan(9)], [("bridge", 17)])
    after = look(25, [plan(9), plan(16, schedule=mondays)], [("bridge", 17)])
    assert [days.day_of(day) for day in days.each(changed(before, after))] == [
        nov(day) for day in range(17, 25) if day != 23
    ]


def test_a_dose_changes_the_days_whose_share_it_changes() -> None:
    before = look(25, [plan(16)], [("bridge", day) for day in (20, 22)])
    after = look(25, [plan(16), plan(21, dose=Dose(5, 15, None))], [("bridge", day) for day in (20, 22)])
    assert [days.day_of(day) for day in days.each(changed(before, after))] == [nov(22)]


def test_a_lower_dose_than_was_done_changes_no_day() -> None:
    before = look(25, [plan(16)], [("bridge", 22)])
    after = look(25, [plan(16), plan(16, dose=Dose(2, 15, None))], [("bridge", 22)])
    assert not changed(before, after)


def test_a_change_from_today_on_leaves_the_days_done_of_n_a_week_as_they_are() -> None:
    done = [("bridge", 23), ("bridge", 24)]
    before = look(25, [plan(16, schedule=THREE_A_WEEK)], done)
    after = look(25, [plan(16, schedule=THREE_A_WEEK), plan(25)], done)
    assert not changed(before, after)
    assert after.adherence_between(nov(23), nov(24)) == Adherence(2, 2)


def meanings(its: Oracle, exercise: str, day: date) -> tuple[object, ...]:
    return its.state(exercise, day), its.due_and_done(exercise, day), its.share(exercise, day)


@examples(200)
@given(diaries(), st.data())
def test_the_days_that_change_are_those_that_mean_something_else_to_the_oracle(
    diary: Diary, data: st.DataObject
) -> None:
    added = data.draw(prescriptions(diary.today, SCHEDULES))
    later = diary._replace(prescriptions=(*diary.prescriptions, added))
    old, new = oracle(diary), oracle(later)
    wanted = [
        day
        for day in new.days
        if day < diary.today and any(meanings(old, exercise, day) != meanings(new, exercise, day) for exercise in KINDS)
    ]
    found = changed(progress(diary), progress(later))
    assert [days.day_of(day) for day in days.each(found)] == wanted


# --- The day of the whole plan. ---

BOTH = [plan(16), plan(16, "clamshell")]


@pytest.mark.parametrize(
    ("done", "state", "share"),
    [
        ([("bridge", 23), ("clamshell", 23)], State.DONE, 1),
        ([("bridge", 23)], State.DONE, 0.5),
        ([], State.MISSED, None),
    ],
)
def test_a_day_of_the_plan_is_all_some_or_none_of_what_was_due(
    done: list[tuple[str, int]], state: State, share: float | None
) -> None:
    its = look(25, BOTH, done)
    assert (its.state(None, nov(23)), its.share(None, nov(23))) == (state, share)


def test_a_day_on_which_only_something_else_was_done_than_what_was_due_is_missed() -> None:
    its = look(25, BOTH, [("side_plank", 23)])
    assert (its.state(None, nov(23)), its.share(None, nov(23))) == (State.MISSED, None)


def test_what_is_done_beside_what_was_due_takes_nothing_from_the_day() -> None:
    mondays = Schedule("weekdays", weekdays=(0,))
    extra = Amount("clamshell", nov(17), "left", DOSE)
    its = progress(Diary((plan(16), plan(16, "clamshell", schedule=mondays)), (), (
        Amount("bridge", nov(17), None, DOSE), extra), nov(25)))  # fmt: skip
    assert (its.state(None, nov(17)), its.share(None, nov(17))) == (State.DONE, 1)


def test_a_session_on_a_day_on_which_nothing_was_due_counts_by_its_dose() -> None:
    mondays = Schedule("weekdays", weekdays=(0,))
    small = Amount("bridge", nov(17), None, Dose(1, 15, None))
    its = progress(Diary((plan(16, schedule=mondays),), (), (small,), nov(25)))
    assert its.state(None, nov(17)) == State.DONE
    assert its.share(None, nov(17)) == pytest.approx(1 / 3)
    assert look(25, [], [("bridge", 17)]).share(None, nov(17)) == 1


def test_a_day_of_the_plan_is_excused_when_nothing_else_was_due() -> None:
    pause = Pause("0" * 32, "bridge", nov(23), nov(23), None)
    assert look(25, BOTH[:1], [], pause).state(None, nov(23)) == State.EXCUSED
    assert look(25, BOTH, [], pause).state(None, nov(23)) == State.MISSED
    assert look(25, BOTH, [("clamshell", 23)], pause).share(None, nov(23)) == 1


def test_a_day_of_the_plan_is_off_open_or_nothing() -> None:
    its = look(25, [plan(16, schedule=Schedule("weekdays", weekdays=(0, 2)))], [])
    assert its.state(None, nov(24)) == State.OFF
    assert its.state(None, nov(25)) == State.OPEN
    assert its.state(None, nov(15)) == State.NONE


# --- Weeks, volume, and the course of the habit. ---


def test_weeks_begin_with_the_first_week_known_and_are_no_more_than_asked_for() -> None:
    its = look(25, [plan(11)], [])
    assert its.weeks(12) == [nov(9), nov(16), nov(23)]
    assert its.weeks(2) == [nov(16), nov(23)]
    assert look(25, [], []).weeks(12) == [nov(23)]


@examples(100)
@given(diaries())
def test_adherence_by_week_adds_up_to_all_of_it(diary: Diary) -> None:
    its = progress(diary)
    for exercise in (None, *KINDS):
        parts = [its.adherence_between(monday, monday + timedelta(6), exercise) for monday in its.weeks(100, exercise)]
        assert Adherence(sum(part.done for part in parts), sum(part.due for part in parts)) == its.adherence(
            None, exercise
        )


@examples(100)
@given(diaries())
def test_volume_by_week_adds_up_to_all_of_it(diary: Diary) -> None:
    its = progress(diary)
    for exercise in KINDS:
        parts = [its.volume(exercise, monday, monday + timedelta(6)) for monday in its.weeks(100, exercise)]
        assert sum(parts) == its.volume(exercise)


def test_the_habit_moves_on_days_that_were_due_and_ends_where_it_stands() -> None:
    its = look(25, [plan(22)], [("bridge", 22), ("bridge", 24)])
    course = its.habit_days("bridge", 7)
    assert [(step.day, step.done) for step in course] == [(nov(22), True), (nov(23), False), (nov(24), True)]
    assert course[0].before == 0
    assert course[0].after == pytest.approx(1 - HABIT_KEPT)
    assert course[1].after == pytest.approx(course[1].before * HABIT_KEPT)
    assert course[-1].after == its.habit("bridge")
    assert its.habit_days("bridge", 1) == course[-1:]


def test_what_is_in_force_on_a_day_is_in_its_period() -> None:
    items = [plan(2), plan(16, "clamshell"), plan(20, dose=None)]
    for period in periods(items):
        assert in_force(items, period.first) == period.plan
