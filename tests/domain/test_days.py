"""Sets of days behave like sets of whole numbers."""

from datetime import date, datetime, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneetrack.domain import days

NUMBERS = st.integers(0, 400)
SETS = st.sets(NUMBERS)


def bits(numbers: set[int]) -> days.Days:
    return sum(1 << number for number in numbers)


@given(NUMBERS)
def test_a_day_and_its_number_are_one_to_one_and_day_zero_is_a_monday(number: int) -> None:
    day = days.FIRST_DAY + timedelta(number)
    assert days.number(day) == number
    assert days.day_of(number) == day
    assert number % days.WEEK == day.weekday()


@given(NUMBERS)
def test_the_monday_of_a_day_is_the_first_day_of_its_week(number: int) -> None:
    assert days.day_of(days.monday(number)).weekday() == 0
    assert 0 <= number - days.monday(number) < days.WEEK


@given(NUMBERS)
def test_one_is_the_set_of_one_day(number: int) -> None:
    assert days.one(number) == bits({number})


@given(NUMBERS, NUMBERS)
def test_a_span_has_both_its_ends_and_is_empty_when_they_are_reversed(first: int, last: int) -> None:
    assert days.span(first, last) == bits(set(range(first, last + 1)))


@given(st.integers(1, 30), NUMBERS, NUMBERS)
def test_every_takes_each_nth_day_from_the_first_up_to_the_last(step: int, first: int, last: int) -> None:
    assert days.every(step, first, last) == bits(set(range(first, last + 1, step)))


@given(SETS)
def test_each_yields_the_days_earliest_first(some: set[int]) -> None:
    assert list(days.each(bits(some))) == sorted(some)


@given(SETS, st.integers(0, 30))
def test_latest_takes_the_last_days_or_all_when_there_are_fewer(some: set[int], count: int) -> None:
    assert days.latest(bits(some), count) == bits(set(sorted(some, reverse=True)[:count]))


@given(SETS, st.integers(0, 30))
def test_earliest_takes_the_first_days_or_all_when_there_are_fewer(some: set[int], count: int) -> None:
    assert days.earliest(bits(some), count) == bits(set(sorted(some)[:count]))


@given(st.lists(NUMBERS, min_size=1))
def test_collect_reads_days_in_any_order_and_counts_a_repeated_one_once(some: list[int]) -> None:
    written = [days.day_of(number).isoformat() for number in some]
    assert days.collect(written) == bits(set(some))


@given(SETS.filter(bool))
def test_first_is_the_earliest_day(some: set[int]) -> None:
    assert days.first(bits(some)) == min(some)


@given(SETS, SETS)
def test_streak_lengths_count_the_kept_days_between_ends_from_the_first_kept_day_on_latest_first(
    kept: set[int],
    ends: set[int],
) -> None:
    kept -= ends
    cuts = [-1, *sorted(day for day in ends if kept and day > min(kept)), 401]
    between = [sum(low < day < high for day in kept) for low, high in pairwise(cuts)]
    assert days.streak_lengths(bits(kept), bits(ends)) == between[::-1]


@given(SETS, st.integers(0, 20), st.integers(0, 20))
def test_weeks_on_end_are_taken_apart_and_put_together_again(some: set[int], first_week: int, count: int) -> None:
    mondays = range(first_week * days.WEEK, (first_week + count) * days.WEEK, days.WEEK)
    weeks = list(days.by_week(bits(some), mondays))
    assert weeks == [bits({day - monday for day in some if monday <= day < monday + days.WEEK}) for monday in mondays]
    within = {day for day in some if mondays.start <= day < mondays.stop}
    assert days.from_weeks(weeks, mondays) == bits(within)


def moment(zone: str, *when: int) -> tuple[date, datetime]:
    """Return the day and the instant of a clock time at a place."""
    year, month, day, hour = when
    at = datetime(year, month, day, hour, tzinfo=ZoneInfo(zone))
    return at.date(), at


APIA = moment("Pacific/Apia", 2011, 12, 29, 18), moment("Pacific/Apia", 2011, 12, 31, 8)
TO_AUCKLAND = moment("America/Los_Angeles", 2026, 11, 20, 20), moment("Pacific/Auckland", 2026, 11, 22, 9)


@pytest.mark.parametrize(
    ("moments", "leapt"),
    [(APIA, date(2011, 12, 30)), (APIA[::-1], date(2011, 12, 30)), (TO_AUCKLAND, date(2026, 11, 21))],
    ids=["Apia crosses the date line", "in any order", "a flight crosses it"],
)
def test_a_day_is_leapt_over_where_the_date_line_is_crossed(moments: list[tuple[date, datetime]], leapt: date) -> None:
    assert days.leapt_over(moments) == days.one(days.number(leapt))


@pytest.mark.parametrize(
    "moments",
    [
        (moment("Europe/Berlin", 2026, 3, 28, 20), moment("Europe/Berlin", 2026, 3, 30, 7)),
        (moment("America/New_York", 2026, 11, 20, 20), moment("Europe/London", 2026, 11, 22, 7)),
        (moment("Pacific/Auckland", 2026, 11, 20, 20), moment("America/Los_Angeles", 2026, 11, 22, 9)),
        (moment("Pacific/Apia", 2011, 12, 29, 0), moment("Pacific/Apia", 2011, 12, 31, 12)),
        (moment("America/Los_Angeles", 2026, 11, 20, 20), moment("Pacific/Auckland", 2026, 11, 23, 9)),
        (TO_AUCKLAND[0],),
        (),
    ],
    ids=["summer time", "towards the east", "back over the date line", "36 hours", "three days", "one", "none"],
)
def test_no_day_is_leapt_over_without_the_date_line(moments: list[tuple[date, datetime]]) -> None:
    assert days.leapt_over(moments) == 0


HOURS = st.integers(0, 143)
OFFSETS = st.integers(-12, 14).map(lambda hours: timezone(timedelta(hours=hours)))
MOMENTS = st.lists(
    st.builds(lambda hours, zone: datetime(2026, 11, 16, tzinfo=zone) + timedelta(hours=hours), HOURS, OFFSETS).map(
        lambda at: (at.date(), at)
    ),
    max_size=8,
)


@given(MOMENTS, MOMENTS)
def test_more_moments_leave_every_day_leapt_over_that_was(
    some: list[tuple[date, datetime]], more: list[tuple[date, datetime]]
) -> None:
    assert days.leapt_over(some) & ~days.leapt_over([*some, *more]) == 0
