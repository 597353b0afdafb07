"""Sets of calendar days, kept as the bits of one whole number.

Bit n stands for the n-th day after Monday 1 January 1900, so `n % 7` is the weekday with Monday 0,
and `&`, `|` and `~` are intersection, union and complement. Fifty years of days take 6 kB, and
asking how many of them were missed is one `bit_count`.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TypeAlias

Days: TypeAlias = int

FIRST_DAY = date(1900, 1, 1)
_FIRST = FIRST_DAY.toordinal()
WEEK = 7
_DIGIT_ONE = ord("1")


def number(day: date) -> int:
    """Return the number of a day: 0 for Monday 1 January 1900."""
    return day.toordinal() - _FIRST


def day_of(day_number: int) -> date:
    """Return the day of a number."""
    return date.fromordinal(day_number + _FIRST)


def one(day_number: int) -> Days:
    """Return the set of one day."""
    return 1 << day_number


def span(first: int, last: int) -> Days:
    """Return the days from first to last, both included; none when last is before first."""
    return ((1 << (last - first + 1)) - 1) << first if last >= first else 0


def every(step: int, first: int, last: int) -> Days:
    """Return first and every step-th day after it, up to last."""
    if last < first:
        return 0
    times = (last - first) // step + 1
    return (((1 << step * times) - 1) // ((1 << step) - 1)) << first


def monday(day_number: int) -> int:
    """Return the number of the Monday of a day's week."""
    return day_number - day_number % WEEK


def each(days: Days) -> Iterator[int]:
    """Yield the numbers of the days, earliest first."""
    bits = f"{days:b}"[::-1]
    at = bits.find("1")
    while at >= 0:
        yield at
        at = bits.find("1", at + 1)


def latest(days: Days, count: int) -> Days:
    """Return the last `count` of the days."""
    extra = days.bit_count() - count
    for _ in range(max(0, extra)):
        days &= days - 1
    return days


def earliest(days: Days, count: int) -> Days:
    """Return the first `count` of the days."""
    return days ^ latest(days, days.bit_count() - min(count, days.bit_count()))


def collect(iso_days: Iterable[str]) -> Days:
    """Return the set of some days written as YYYY-MM-DD, at least one."""
    ordinals = list(map(date.toordinal, map(date.fromisoformat, iso_days)))
    earliest_day = min(ordinals)
    digits = bytearray(b"0") * (max(ordinals) - earliest_day + 1)
    for ordinal in ordinals:
        digits[ordinal - earliest_day] = _DIGIT_ONE
    return int(digits[::-1], 2) << (earliest_day - _FIRST)


def first(days: Days) -> int:
    """Return the number of the earliest of some days."""
    return (days & -days).bit_length() - 1


def runs(kept: Days, ends: Days) -> list[int]:
    """Return how many kept days stand between one ending day and the next, latest run first.

    A day that is neither kept nor ending is neutral. No day may be in both sets. What lies before the
    first kept day adds no runs.
    """
    start = first(kept) if kept else ends.bit_length()
    digits = int(f"{kept >> start:b}", 16) + 2 * int(f"{ends >> start:b}", 16)
    return [run.count("1") for run in f"{digits:x}".split("2")]
