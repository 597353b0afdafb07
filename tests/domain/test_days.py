"""Sets of days behave like sets of whole numbers."""

from datetime import timedelta
from itertools import pairwise

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
def test_runs_count_the_kept_days_between_ends_from_the_first_kept_day_on_latest_run_first(
    kept: set[int],
    ends: set[int],
) -> None:
    kept -= ends
    cuts = [-1, *sorted(day for day in ends if kept and day > min(kept)), 401]
    between = [sum(low < day < high for day in kept) for low, high in pairwise(cuts)]
    assert days.runs(bits(kept), bits(ends)) == between[::-1]
