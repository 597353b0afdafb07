"""The rules of the day: the worked examples, the properties, and agreement with the oracle."""

from collections.abc import Iterable
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import examples
from diaries import (
    CATALOGUE,
    DAY_OFFSETS,
    EVERY,
    FIRST,
    KINDS,
    PER_WEEK,
    SCHEDULES,
    SOME_DAYS,
    Diary,
    activity,
    diaries,
    doses,
    oracle,
    pauses,
    prescriptions,
    progress,
    sessions,
)
from kneetrack.domain import days
from kneetrack.domain.dose import Dose
from kneetrack.domain.plan import DAILY, Pause, Prescription, Schedule
from kneetrack.domain.progress import WINDOWS, Adherence, Left, Progress, Quota, State, changed
from kneetrack.domain.records import Amount, Side
from oracle import Oracle, dates

DOSE = Dose(3, 15, None)
THREE_A_WEEK = Schedule("per_week", per_week=3)


def nov(day: int) -> date:
    """Return a day of November 2026: the 16th, the 23rd and the 30th are Mondays."""
    return date(2026, 11, 1) + timedelta(day - 1)


def plan(first: int, exercise: str = "bridge", dose: Dose = DOSE, schedule: Schedule = DAILY) -> Prescription:
    return Prescription(exercise, nov(first), dose, schedule)


def drop(first: int, exercise: str = "bridge") -> Prescription:
    return Prescription(exercise, nov(first), None, None)


def pause(first: int, last: int | None, exercise: str | None = None) -> Pause:
    return Pause("0" * 32, exercise, nov(first), None if last is None else nov(last), None)


def log(day: int, dose: Dose = DOSE, exercise: str = "bridge", side: Side | None = None) -> Amount:
    return Amount(exercise, nov(day), side, dose)


def look(
    today: int,
    prescriptions: Iterable[Prescription],
    done: Iterable[int | Amount] = (),
    breaks: Iterable[Pause] = (),
) -> Progress:
    """Return the progress as of a day of November; a bare number is a bridge session at full dose."""
    sessions_done = tuple(log(item) if isinstance(item, int) else item for item in done)
    return progress(Diary(tuple(prescriptions), tuple(breaks), sessions_done, nov(today)))


def states(its: Progress, first: int, last: int, exercise: str = "bridge") -> list[State]:
    return [its.state(exercise, day) for day in dates(nov(first), nov(last))]


def streak(its: Progress, exercise: str | None = None) -> tuple[int, int, date | None]:
    """Return the present streak, the longest one and the first day of the present one."""
    return its.streak(exercise)[:3]


# --- The worked examples of the design, in its order. ---


def test_nine_days_done_and_today_open_is_a_streak_of_nine() -> None:
    before = look(25, [plan(16)], range(16, 25))
    assert streak(before, "bridge") == streak(before) == (9, 9, nov(16))
    assert before.adherence(7) == Adherence(6, 6)
    assert before.state("bridge", nov(25)) == State.OPEN
    after = look(25, [plan(16)], range(16, 26))
    assert streak(after, "bridge") == streak(after) == (10, 10, nov(16))
    assert after.adherence(7) == Adherence(7, 7)


def test_a_missed_sunday_ends_the_streak_and_counts_as_due() -> None:
    its = look(25, [plan(16)], [16, 17, 18, 19, 20, 21, 23, 24])
    assert its.state("bridge", nov(22)) == State.MISSED
    assert streak(its, "bridge") == streak(its) == (2, 6, nov(23))
    assert its.adherence(7) == Adherence(5, 6)


def test_a_skipped_sunday_neither_ends_the_streak_nor_counts_as_due() -> None:
    its = look(25, [plan(16)], [16, 17, 18, 19, 20, 21, 23, 24], [pause(22, 22)])
    assert its.state("bridge", nov(22)) == State.EXCUSED
    assert streak(its, "bridge") == streak(its) == (8, 8, nov(16))
    assert its.adherence(7) == Adherence(5, 5)


def test_three_a_week_leaves_the_days_to_choose() -> None:
    its = look(25, [plan(16, schedule=THREE_A_WEEK)], [16, 17, 18, 23])
    assert its.standing("bridge").quota == Quota(need=3, done=1, spare=3, left=5, short=0, pace=2)
    assert streak(its, "bridge") == streak(its) == (4, 4, nov(16))
    assert its.adherence(None) == Adherence(4, 4)
    assert states(its, 19, 25) == [State.OFF] * 4 + [State.DONE, State.OFF, State.OPEN]


def test_a_week_that_can_no_longer_reach_its_quota_has_its_last_free_day_missed() -> None:
    its = look(29, [plan(16, schedule=THREE_A_WEEK)], [16, 17, 18, 23])
    assert its.standing("bridge").quota == Quota(need=3, done=1, spare=0, left=1, short=1, pace=3)
    assert states(its, 23, 29) == [State.DONE, *[State.OFF] * 4, State.MISSED, State.OPEN]
    assert streak(its, "bridge") == streak(its) == (0, 4, None)
    assert its.adherence(None) == Adherence(4, 5)


def test_three_a_week_from_thursday_asks_for_two_in_that_week() -> None:
    its = look(20, [plan(19, schedule=THREE_A_WEEK)])
    assert its.standing("bridge").quota == Quota(need=2, done=0, spare=1, left=3, short=0, pace=1)
    done = look(25, [plan(19, schedule=THREE_A_WEEK)], [19, 20, 21])
    assert done.adherence(None) == Adherence(2, 2)


def test_a_change_of_dose_does_not_cut_a_week() -> None:
    written = [plan(16, schedule=THREE_A_WEEK), plan(26, dose=Dose(2, 10, None), schedule=THREE_A_WEEK)]
    its = look(27, written, [16, 17, 18, 23, 25, 27])
    assert its.standing("bridge").quota == Quota(need=3, done=3, spare=2, left=2, short=0, pace=3)
    assert its.adherence(5) == Adherence(3, 3)
    assert streak(its, "bridge") == (6, 6, nov(16))


def test_a_week_cut_short_by_another_schedule_keeps_its_quota_and_misses_no_more_than_it_would_have() -> None:
    written = [plan(16, schedule=THREE_A_WEEK), plan(19)]
    its = look(25, written)
    assert states(its, 16, 18) == [State.OFF] * 3
    assert its.adherence_between(nov(16), nov(18)) == Adherence(0, 0)
    done = look(25, written, [16, 17, 18])
    assert done.adherence_between(nov(16), nov(18)) == Adherence(3, 3)
    assert look(17, written).standing("bridge").quota == Quota(need=3, done=0, spare=3, left=6, short=0, pace=1)


@pytest.mark.parametrize(("dropped", "kept", "missed"), [(9, Adherence(2, 3), 7), (8, Adherence(1, 2), 7)])
def test_a_drop_takes_from_a_week_only_what_lies_after_it(dropped: int, kept: Adherence, missed: int) -> None:
    its = look(25, [plan(2, schedule=THREE_A_WEEK), drop(dropped)], [2, 8])
    assert its.adherence(None) == kept
    assert [day for day in range(2, 25) if its.state("bridge", nov(day)) == State.MISSED] == [missed]


def test_another_n_begins_a_new_stretch_of_the_week() -> None:
    four_a_week = Schedule("per_week", per_week=4)
    its = look(29, [plan(23, schedule=THREE_A_WEEK), plan(26, schedule=four_a_week)], [23, 24, 25, 26])
    assert its.standing("bridge").quota == Quota(need=2, done=1, spare=0, left=1, short=0, pace=2)
    assert its.adherence(None) == Adherence(4, 4)


def test_the_same_n_after_a_break_is_a_stretch_of_its_own() -> None:
    its = look(30, [plan(23, schedule=THREE_A_WEEK), drop(25), plan(26, schedule=THREE_A_WEEK)], [23, 24, 26])
    assert its.adherence_between(nov(23), nov(24)) == Adherence(2, 2)
    assert its.adherence_between(nov(26), nov(29)) == Adherence(1, 2)
    assert its.state("bridge", nov(29)) == State.MISSED


def test_lost_days_count_as_left_whatever_is_done_or_excused_on_them() -> None:
    written = [plan(23, schedule=THREE_A_WEEK), plan(28)]
    its = look(29, written, [28], [pause(29, 29)])
    assert its.adherence_between(nov(23), nov(27)) == Adherence(0, 1)
    assert its.state("bridge", nov(27)) == State.MISSED


def test_each_excused_day_of_a_week_forgives_one() -> None:
    its = look(29, [plan(23, schedule=THREE_A_WEEK)], [], [pause(25, 29)])
    assert states(its, 23, 29) == [State.OFF] * 2 + [State.EXCUSED] * 5
    assert its.standing("bridge").quota == Quota(need=3, done=0, spare=0, left=0, short=0, pace=3)
    assert its.adherence(None) == Adherence(0, 0)
    assert its.adherence(None).share is None
    assert states(look(30, [plan(23, schedule=THREE_A_WEEK)], [], [pause(25, 29)]), 23, 29).count(State.MISSED) == 0


def test_showing_up_keeps_the_streak_of_the_plan_while_adherence_counts_what_was_missed() -> None:
    its = look(25, [plan(16), plan(16, "clamshell")], range(16, 25))
    assert streak(its) == streak(its, "bridge") == (9, 9, nov(16))
    assert streak(its, "clamshell") == (0, 0, None)
    assert its.adherence(None) == Adherence(9, 18)
    assert its.adherence(7) == Adherence(6, 12)


def test_days_before_any_plan_count_in_the_streak_and_not_in_adherence() -> None:
    month = [log(day) for day in range(-5, 25)]
    its = look(25, [plan(25)], month)
    assert streak(its, "bridge") == streak(its) == (30, 30, nov(-5))
    assert its.adherence(None) == Adherence(0, 0)
    today_too = look(25, [plan(25)], [*month, log(25)])
    assert streak(today_too) == (31, 31, nov(-5))
    assert today_too.adherence(None) == Adherence(1, 1)


def test_one_set_of_three_is_done_with_a_third_of_the_dose() -> None:
    its = look(25, [plan(16)], [log(25, Dose(1, 15, None))])
    assert its.state("bridge", nov(25)) == State.DONE
    assert its.share("bridge", nov(25)) == pytest.approx(1 / 3)
    assert its.left("bridge", nov(25)) == Left(2, None, None)


@pytest.mark.parametrize("times", [1, 2])
def test_one_side_alone_is_half_of_the_dose_however_often_it_is_logged(times: int) -> None:
    its = look(25, [plan(16, "clamshell")], [log(25, DOSE, "clamshell", "left")] * times)
    assert its.share("clamshell", nov(25)) == 0.5
    assert its.left("clamshell", nov(25)) == Left(None, 0, 3)


def test_a_later_prescription_stands_when_an_earlier_one_is_set_after_it() -> None:
    later, now = plan(30, dose=Dose(3, 20, None)), plan(25, dose=Dose(2, 10, None))
    written = [plan(16), later, now]
    assert look(24, written).plan == {"bridge": written[0]}
    assert look(25, written).plan == {"bridge": now}
    assert look(29, written).plan == {"bridge": now}
    assert look(30, written).plan == {"bridge": later}


# --- Pace, and the first day of a change. ---


def test_a_reminder_speaks_of_three_a_week_when_fewer_are_done_than_an_even_spread_asks_for() -> None:
    written = [plan(16, schedule=THREE_A_WEEK)]
    asked = [look(day, written).standing("bridge").quota for day in range(23, 30)]
    assert [quota.pace for quota in asked if quota] == [1, 1, 2, 2, 3, 3, 3]
    assert look(23, written).behind("bridge")
    assert not look(24, written, [23]).behind("bridge")
    assert look(25, written, [23]).behind("bridge")
    assert not look(26, written, [23, 24]).behind("bridge")
    assert look(27, written, [23, 24]).behind("bridge")
    assert not look(28, written, [23, 24, 25]).behind("bridge")


def test_the_even_spread_of_a_week_that_begins_on_thursday_begins_there() -> None:
    written = [plan(19, schedule=THREE_A_WEEK)]
    assert look(19, written).behind("bridge")
    assert not look(20, written, [19]).behind("bridge")
    assert look(21, written, [19]).behind("bridge")


def test_a_reminder_speaks_of_what_is_due_today_until_any_of_it_is_done() -> None:
    assert look(25, [plan(16)]).behind("bridge")
    assert not look(25, [plan(16)], [log(25, Dose(1, 5, None))]).behind("bridge")
    assert not look(25, [plan(16)], [], [pause(25, 25)]).behind("bridge")
    assert not look(25, [plan(16, schedule=Schedule("weekdays", weekdays=(0,)))]).behind("bridge")
    assert not look(25, []).behind("bridge")


def test_a_change_of_the_plan_begins_today_and_for_what_was_done_today_tomorrow() -> None:
    its = look(25, [plan(16), plan(16, "clamshell")], [24, log(25, exercise="clamshell"), 26])
    assert its.change_begins("bridge") == nov(25)
    assert its.change_begins("clamshell") == nov(26)
    assert its.change_begins("side_plank") == nov(25)


def test_what_is_neither_in_the_plan_nor_ever_done_is_not_listed() -> None:
    written = [plan(16, "side_plank"), drop(20, "side_plank"), plan(16, "clamshell"), plan(30, "mini_squat"), plan(16)]
    its = look(25, [*written, drop(24)], [23, log(26, exercise="sit_to_stand")])
    assert its.listed == ["clamshell", "bridge"]
    assert its.adherence(None).due == 4 + 9 + 8


# --- Travel. ---


def travelled(today: int, prescriptions: Iterable[Prescription], done: Iterable[int], leapt_over: int) -> Progress:
    """Return the progress of a person for whom one day never existed."""
    its = look(today, prescriptions, done)
    return Progress(its.activity._replace(leapt_over=days.one(days.number(nov(leapt_over)))), CATALOGUE, nov(today))


def test_a_day_that_never_existed_is_off_and_ends_no_streak() -> None:
    its = travelled(25, [plan(16)], [*range(16, 20), *range(21, 25)], 20)
    assert its.state("bridge", nov(20)) == its.state(None, nov(20)) == State.OFF
    assert streak(its, "bridge") == streak(its) == (8, 8, nov(16))
    assert its.adherence(None) == Adherence(8, 8)


def test_a_day_that_never_existed_ends_no_streak_without_a_plan_either() -> None:
    its = travelled(25, [], [23, 25], 24)
    assert streak(its, "bridge") == streak(its) == (2, 2, nov(23))
    assert its.state("bridge", nov(24)) == State.OFF


def test_a_day_that_never_existed_forgives_one_of_its_week() -> None:
    written = [plan(16, schedule=Schedule("per_week", per_week=7))]
    its = travelled(23, written, [day for day in range(16, 23) if day != 20], 20)
    assert its.adherence(None) == Adherence(6, 6)
    assert its.state("bridge", nov(20)) == State.OFF
    for done, kept in ([16, 17, 18, 19, 21], Adherence(5, 6)), ([16, 17, 18, 19, 20, 21], Adherence(6, 7)):
        missed = travelled(23, written, done, 20)
        assert missed.adherence(None) == kept
        assert missed.state("bridge", nov(22)) == State.MISSED


def test_a_session_on_a_day_that_never_existed_counts_and_makes_no_other_exercise_missed() -> None:
    its = travelled(25, [plan(16), plan(16, "clamshell")], range(16, 25), 20)
    assert its.state("bridge", nov(20)) == State.DONE
    assert its.adherence(None, "bridge") == Adherence(9, 9)
    assert its.state("clamshell", nov(20)) == State.OFF


def test_a_day_that_never_existed_is_not_excused() -> None:
    its = look(25, [plan(16)], [*range(16, 20)], [pause(19, 22)])
    its = Progress(its.activity._replace(leapt_over=days.one(days.number(nov(20)))), CATALOGUE, nov(25))
    assert its.state("bridge", nov(20)) == State.OFF
    assert [days.day_of(day) for day in days.each(its.standing("bridge").excused)] == [nov(21), nov(22)]


def test_a_day_is_not_leapt_over_before_the_day_after_it_has_come() -> None:
    assert travelled(25, [plan(25)], [24, 26], 25).state("bridge", nov(25)) == State.OPEN


# --- Habit. ---


def test_thirty_perfect_days_make_a_habit_of_eighty_percent() -> None:
    assert look(30, [plan(1)], range(1, 31)).habit("bridge") == pytest.approx(0.80, abs=0.005)


def test_one_miss_after_sixty_perfect_days_leaves_a_habit_of_ninety_one_percent() -> None:
    assert look(62, [plan(1)], range(1, 61)).habit("bridge") == pytest.approx(0.91, abs=0.005)


def test_thirteen_due_days_make_half_of_a_habit_whatever_lies_between_them() -> None:
    other_days = Schedule("every", every=2)
    its = look(25, [plan(1, schedule=other_days)], range(1, 26, 2))
    assert its.habit("bridge") == pytest.approx(0.5)


# --- Days that are easily miscounted. ---


def test_every_n_days_keeps_its_count_over_a_change_of_dose() -> None:
    every_three = Schedule("every", every=3)
    its = look(25, [plan(16, schedule=every_three), plan(20, dose=Dose(1, 5, None), schedule=every_three)])
    missed = [day for day in range(16, 25) if its.state("bridge", nov(day)) == State.MISSED]
    assert missed == [16, 19, 22]
    assert its.state("bridge", nov(25)) == State.OPEN


def test_every_n_days_begins_anew_after_a_drop() -> None:
    every_three = Schedule("every", every=3)
    its = look(25, [plan(16, schedule=every_three), drop(20), plan(21, schedule=every_three)])
    missed = [day for day in range(16, 25) if its.state("bridge", nov(day)) == State.MISSED]
    assert missed == [16, 19, 21, 24]
    assert its.state("bridge", nov(20)) == State.NONE


def test_every_n_days_begins_anew_after_another_schedule() -> None:
    every_three = Schedule("every", every=3)
    other = Schedule("weekdays", weekdays=(6,))
    its = look(25, [plan(16, schedule=every_three), plan(20, schedule=other), plan(21, schedule=every_three)])
    assert [day for day in range(16, 25) if its.state("bridge", nov(day)) == State.MISSED] == [16, 19, 21, 24]


def test_of_equal_first_days_the_prescription_written_last_holds() -> None:
    dropped = look(25, [plan(16), drop(16)])
    assert dropped.plan == {}
    assert dropped.state("bridge", nov(20)) == State.NONE
    assert look(25, [drop(16), plan(16)]).plan == {"bridge": plan(16)}


def test_a_change_of_dose_keeps_the_place_of_an_exercise_in_the_plan() -> None:
    its = look(25, [plan(16), plan(16, "clamshell"), plan(20, dose=Dose(2, 10, None))])
    assert list(its.plan) == ["bridge", "clamshell"]


def test_sessions_after_today_count_nowhere() -> None:
    with_later = look(25, [plan(16, schedule=THREE_A_WEEK)], [23, 26, 27, 28])
    without = look(25, [plan(16, schedule=THREE_A_WEEK)], [23])
    assert with_later.standing("bridge").quota == without.standing("bridge").quota == Quota(3, 1, 3, 5, 0, 2)
    assert with_later.state("bridge", nov(25)) == State.OPEN
    assert streak(with_later) == streak(without)
    assert streak(with_later, "bridge") == streak(without, "bridge")
    assert with_later.adherence(None) == without.adherence(None)
    assert with_later.habit("bridge") == without.habit("bridge")


def test_a_done_day_within_a_pause_is_done_and_due() -> None:
    its = look(25, [plan(23)], [23, 24], [pause(23, None)])
    assert states(its, 23, 25) == [State.DONE, State.DONE, State.EXCUSED]
    assert its.adherence(None) == Adherence(2, 2)
    assert streak(its, "bridge") == (2, 2, nov(23))


def test_a_pause_of_one_exercise_does_not_excuse_another() -> None:
    its = look(25, [plan(23), plan(23, "clamshell")], [], [pause(23, 24, "bridge")])
    assert states(its, 23, 24) == [State.EXCUSED] * 2
    assert states(its, 23, 24, "clamshell") == [State.MISSED] * 2


def test_an_extra_day_keeps_the_streak_and_is_not_counted_as_due() -> None:
    mondays = Schedule("weekdays", weekdays=(0,))
    its = look(25, [plan(16, schedule=mondays)], [16, 18, 23, 24])
    assert streak(its, "bridge") == (4, 4, nov(16))
    assert its.adherence(None) == Adherence(2, 2)


def test_a_quota_that_rounds_to_nothing_asks_for_nothing() -> None:
    its = look(22, [plan(20, schedule=Schedule("per_week", per_week=1))], [21])
    assert its.standing("bridge").quota == Quota(need=0, done=1, spare=1, left=1, short=0, pace=0)
    assert its.adherence(None) == Adherence(0, 0)
    assert its.state("bridge", nov(22)) == State.OFF


def test_a_dropped_exercise_stays_in_adherence_and_its_streak_ends() -> None:
    its = look(25, [plan(16), drop(20)], [16, 17])
    assert its.adherence(None) == Adherence(2, 4)
    assert its.adherence(7) == Adherence(0, 1)
    assert streak(its, "bridge") == streak(its) == (0, 2, None)
    assert its.week is None


def test_the_week_of_the_plan_counts_from_the_last_day_that_was_not_covered() -> None:
    written = [plan(1), drop(9), plan(10, "clamshell"), plan(12)]
    assert look(8, written).week == 2
    assert look(9, written).week is None
    assert look(16, written).week == 1
    assert look(17, written).week == 2


def test_dose_adherence_is_the_shares_of_due_days_over_the_days_due() -> None:
    its = look(25, [plan(22)], [22, log(24, Dose(1, 15, None)), log(25, Dose(6, 15, None))])
    assert its.adherence(None) == Adherence(3, 4)
    assert its.dose_adherence(None, "bridge") == pytest.approx((1 + 1 / 3 + 1) / 4)
    assert its.dose_adherence(2, "bridge") == pytest.approx((1 / 3 + 1) / 2)


def test_a_number_that_was_not_given_counts_as_the_prescribed_one() -> None:
    its = look(25, [plan(16)], [log(23, Dose(None, None, None)), log(24, Dose(2, None, None))])
    assert its.share("bridge", nov(23)) == 1
    assert its.share("bridge", nov(24)) == pytest.approx(2 / 3)
    assert its.left("bridge", nov(24)) == Left(1, None, None)


def test_the_share_of_a_held_exercise_counts_seconds_of_each_side() -> None:
    written = [plan(16, "side_plank", Dose(3, None, 30))]
    both, left = log(25, Dose(2, None, 30), "side_plank", "both"), log(25, Dose(1, None, 10), "side_plank", "left")
    its = look(25, written, [both, left])
    assert its.share("side_plank", nov(25)) == pytest.approx((70 / 90 + 60 / 90) / 2)
    assert its.left("side_plank", nov(25)) == Left(None, 1, 1)


def test_the_hold_of_a_repetition_is_not_counted_in_its_share() -> None:
    its = look(25, [plan(16, dose=Dose(3, 15, 5))], [log(25, Dose(3, 15, 1))])
    assert its.share("bridge", nov(25)) == 1


def test_nothing_is_known_of_an_exercise_that_was_never_prescribed_or_done() -> None:
    its = look(25, [plan(16)], range(16, 25))
    assert its.state("clamshell", nov(24)) == State.NONE
    assert its.share("clamshell", nov(24)) is None
    assert its.left("clamshell", nov(24)) is None
    assert streak(its, "clamshell") == (0, 0, None)
    assert its.adherence(None, "clamshell").share is None
    assert its.dose_adherence(None, "clamshell") is None
    assert its.habit("clamshell") == 0
    assert its.standing("clamshell").quota is None


def test_an_exercise_done_without_a_prescription_has_a_streak_and_no_share() -> None:
    its = look(25, [], [24, 25])
    assert its.state("bridge", nov(25)) == State.DONE
    assert its.share("bridge", nov(25)) is None
    assert its.left("bridge", nov(25)) is None
    assert streak(its, "bridge") == streak(its) == (2, 2, nov(24))
    assert streak(look(25, [], [23, 24])) == (0, 2, None)


def test_a_streak_names_the_last_day_that_ended_one() -> None:
    assert look(25, [plan(16)], [16, 18, 19, 24]).streak("bridge").ended == nov(23)
    assert look(25, [plan(16)], range(16, 25)).streak("bridge").ended == nov(15)


def test_an_empty_diary_has_nothing_to_count() -> None:
    its = look(25, [])
    assert its.plan == {}
    assert its.week is None
    assert streak(its) == (0, 0, None)
    assert its.adherence(None) == Adherence(0, 0)


# --- Properties. ---


def assert_not_lower(before: Progress, after: Progress, windows: Iterable[int | None]) -> None:
    for exercise in (None, *KINDS):
        old, new = before.streak(exercise), after.streak(exercise)
        assert new.current >= old.current
        assert new.best >= old.best
        for length in windows:
            assert (after.adherence(length, exercise).share or 0) >= (before.adherence(length, exercise).share or 0)


def some_days(diary: Diary, data: st.DataObject) -> days.Days:
    """Return a few days around today."""
    return (data.draw(SOME_DAYS) & data.draw(SOME_DAYS)) << days.number(diary.today) + FIRST


def leaping(diary: Diary, leapt_over: days.Days) -> Progress:
    """Return what the package makes of a diary of which some days never existed."""
    return Progress(activity(diary)._replace(leapt_over=leapt_over), CATALOGUE, diary.today)


@examples(300)
@given(diaries(), st.data())
def test_adding_a_session_never_lowers_streak_best_or_adherence_of_all_days(diary: Diary, data: st.DataObject) -> None:
    added = data.draw(sessions(diary.today))
    # A day with a session is one that existed.
    leapt_over = some_days(diary, data) & ~days.one(days.number(added.day))
    more = diary._replace(sessions=(*diary.sessions, added))
    assert_not_lower(leaping(diary, leapt_over), leaping(more, leapt_over), [None])


@examples(300)
@given(diaries(), st.data())
def test_adding_a_pause_never_lowers_streak_best_or_any_adherence(diary: Diary, data: st.DataObject) -> None:
    added, leapt_over = data.draw(pauses(diary.today)), some_days(diary, data)
    more = diary._replace(pauses=(*diary.pauses, added))
    assert_not_lower(leaping(diary, leapt_over), leaping(more, leapt_over), WINDOWS.values())


@examples(300)
@given(diaries(), st.data())
def test_a_day_that_never_existed_never_lowers_streak_best_or_any_adherence(diary: Diary, data: st.DataObject) -> None:
    leapt_over = some_days(diary, data)
    its = leaping(diary, leapt_over)
    assert_not_lower(progress(diary), its, WINDOWS.values())
    for day in map(days.day_of, days.each(leapt_over)):
        if day < diary.today:
            assert {its.state(exercise, day) for exercise in KINDS} <= {State.DONE, State.OFF}


@examples(300)
@given(diaries(), st.data())
def test_a_change_of_the_plan_from_today_on_or_tomorrow_where_it_was_done_today_changes_no_day_before(
    diary: Diary, data: st.DataObject
) -> None:
    before = progress(diary)
    written = [data.draw(prescriptions(diary.today, SCHEDULES)) for _ in range(data.draw(st.integers(1, 3)))]
    later = st.one_of(st.just(0), st.integers(0, 10)).map(timedelta)
    items = [item._replace(first_day=before.change_begins(item.exercise) + data.draw(later)) for item in written]
    after = progress(diary._replace(prescriptions=(*diary.prescriptions, *items)))
    assert not changed(before, after)
    for exercise in KINDS:
        if before.state(exercise, diary.today) == State.DONE:
            today = days.one(days.number(diary.today))
            assert before.standing(exercise).kept_due & today == after.standing(exercise).kept_due & today
            assert before.share(exercise, diary.today) == after.share(exercise, diary.today)


@examples(200)
@given(diaries(PER_WEEK), st.data())
def test_a_reminder_speaks_of_n_a_week_when_no_day_is_left_to_spare(diary: Diary, data: st.DataObject) -> None:
    its = leaping(diary, some_days(diary, data))
    for exercise in KINDS:
        standing = its.standing(exercise)
        if standing.open and standing.quota and not standing.quota.spare:
            assert its.behind(exercise)


@examples(300)
@given(diaries(), st.data())
def test_a_change_of_dose_alone_changes_neither_streak_nor_adherence(diary: Diary, data: st.DataObject) -> None:
    day = diary.today + timedelta(data.draw(DAY_OFFSETS))
    in_force = progress(diary._replace(today=day)).plan
    changed = [item._replace(first_day=day, dose=data.draw(doses(name))) for name, item in in_force.items()]
    before, after = progress(diary), progress(diary._replace(prescriptions=(*diary.prescriptions, *changed)))
    for exercise in (None, *KINDS):
        assert after.streak(exercise) == before.streak(exercise)
        for length in WINDOWS.values():
            assert after.adherence(length, exercise) == before.adherence(length, exercise)


@examples(200)
@given(diaries(), st.randoms(use_true_random=False))
def test_the_order_of_writing_sessions_does_not_matter(diary: Diary, random: Random) -> None:
    shuffled = list(diary.sessions)
    random.shuffle(shuffled)
    again = diary._replace(sessions=tuple(shuffled))
    assert answers(progress(diary), oracle(diary).days) == answers(progress(again), oracle(diary).days)


@examples(200)
@given(diaries())
def test_a_streak_is_no_longer_than_the_days_since_the_first_session(diary: Diary) -> None:
    its = progress(diary)
    for exercise in (None, *KINDS):
        done = [item.day for item in diary.sessions if exercise in {None, item.exercise}]
        days_since = max(0, (diary.today - min(done)).days + 1) if done else 0
        assert its.streak(exercise).current <= its.streak(exercise).best <= days_since


# --- Agreement with the oracle. ---


def answers(its: Progress, all_days: Iterable[date]) -> dict[object, object]:
    """Return every answer of the package, by question."""
    found: dict[object, object] = {"week": its.week, "plan": its.plan}
    for exercise in KINDS:
        standing = its.standing(exercise)
        found[exercise, "due and done"] = [days.day_of(number) for number in days.each(standing.kept_due)]
        found[exercise, "missed"] = [days.day_of(number) for number in days.each(standing.missed)]
        found[exercise, "open"] = [days.day_of(number) for number in days.each(standing.open)]
        found[exercise, "excused"] = [days.day_of(number) for number in days.each(standing.excused)]
        found[exercise, "quota"] = standing.quota and tuple(standing.quota)
        found[exercise, "habit"] = rounded(its.habit(exercise))
        for name, length in WINDOWS.items():
            found[exercise, "dose adherence", name] = rounded(its.dose_adherence(length, exercise))
        for day in all_days:
            found[exercise, "state", day] = str(its.state(exercise, day))
            found[exercise, "share", day] = rounded(its.share(exercise, day))
            left = its.left(exercise, day)
            found[exercise, "left", day] = None if left is None else [sets for sets in left if sets is not None]
    for whose in (None, *KINDS):
        found[whose, "streak"] = tuple(its.streak(whose))
        for name, length in WINDOWS.items():
            found[whose, "adherence", name] = tuple(its.adherence(length, whose))
    return found


def expected(its: Oracle) -> dict[object, object]:
    """Return every answer of the oracle, by question."""
    found: dict[object, object] = {"week": its.week(), "plan": its.plan()}
    for exercise in KINDS:
        found[exercise, "due and done"] = [day for day in its.days if its.due_and_done(exercise, day)]
        found[exercise, "missed"] = [day for day in its.days if its.missed(exercise, day)]
        found[exercise, "open"] = [day for day in its.days if its.state(exercise, day) == "open"]
        found[exercise, "excused"] = [day for day in its.days if its.state(exercise, day) == "excused"]
        found[exercise, "quota"] = its.quota(exercise)
        found[exercise, "habit"] = rounded(its.habit(exercise))
        for name, length in WINDOWS.items():
            found[exercise, "dose adherence", name] = rounded(its.dose_adherence(length, exercise))
        for day in its.days:
            found[exercise, "state", day] = its.state(exercise, day)
            found[exercise, "share", day] = rounded(its.share(exercise, day))
            found[exercise, "left", day] = its.left(exercise, day)
    for whose in (None, *KINDS):
        found[whose, "streak"] = tuple(its.streak(whose))
        for name, length in WINDOWS.items():
            found[whose, "adherence", name] = its.adherence(length, whose)
    return found


def rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 9)


def assert_agreement(diary: Diary) -> None:
    right = oracle(diary)
    wanted, found = expected(right), answers(progress(diary), right.days)
    assert {
        question: (found[question], wanted[question]) for question in wanted if found[question] != wanted[question]
    } == {}


@examples(1000)
@given(diaries())
def test_every_answer_agrees_with_the_oracle(diary: Diary) -> None:
    assert_agreement(diary)


@examples(700)
@given(diaries(PER_WEEK))
def test_every_answer_agrees_with_the_oracle_where_all_is_n_a_week(diary: Diary) -> None:
    assert_agreement(diary)


@examples(300)
@given(diaries(EVERY))
def test_every_answer_agrees_with_the_oracle_where_all_is_every_n_days(diary: Diary) -> None:
    assert_agreement(diary)
