"""Sets of calendar days, kept as the bits of one whole number.

Bit n stands for the n-th day after Monday 1 January 1900, so `n % 7` is the weekday with Monday 0,
and `&`, `|` and `~` are intersection, union and complement. Fifty years of days take 6 kB, and
asking how many of them were missed is one `bit_count`.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TypeAlias

Days: TypeAlias = int

FIRST_DAY = date(1900, 1, 1)
LAST_CLOCK_YEAR = 2126
"""A clock that says a later year is a hundred years ahead, and wrong: nothing is written by it."""

_FIRST = FIRST_DAY.toordinal()
WEEK = 7
_WEEK_DIGITS = [f"{week:07b}" for week in range(1 << WEEK)]
_DIGIT_ONE = ord("1")

DATE_LINE = timedelta(hours=12)
"""A clock put forward by more than this between two days leaves less than half of the day between them.

Summer time (1 h) and journeys that do not cross the date line move a clock by less: their days are real ones.
"""
_JOURNEY = timedelta(hours=36)


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
    # The sum 1 + x + x² + … of `times` powers of x = 2**step is (x**times - 1) / (x - 1): one bit every `step` days.
    return (((1 << step * times) - 1) // ((1 << step) - 1)) << first


def monday(day_number: int) -> int:
    """Return the number of the Monday of a day's week."""
    return day_number - day_number % WEEK


def each(days: Days) -> Iterator[int]:
    """Yield the numbers of the days, earliest first."""
    start = first(days) if days else 0
    bits = f"{days >> start:b}"[::-1]
    at = bits.find("1")
    while at >= 0:
        yield start + at
        at = bits.find("1", at + 1)


def latest(days: Days, count: int) -> Days:
    """Return the last `count` of the days."""
    extra = days.bit_count() - count
    for _ in range(max(0, extra)):
        days &= days - 1  # takes the earliest day away: 1 less turns the lowest 1 and the 0s below it around
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


def by_week(days: Days, mondays: range) -> Iterator[Days]:
    """Yield the days of each of some weeks on end, bit 0 being the Monday."""
    width = WEEK * len(mondays)
    digits = f"{days >> mondays.start & ((1 << width) - 1):0{width}b}" if width else ""
    # The last digit is the first Monday, so the weeks are read from the end; cutting digits costs a step for each
    # week, where shifting the whole number for each week would cost its whole length each time.
    for end in range(width, 0, -WEEK):
        yield int(digits[end - WEEK : end], 2)


def from_weeks(weeks: Iterable[Days], mondays: range) -> Days:
    """Return the days of weeks on end: what `by_week` takes apart."""
    digits = "".join([_WEEK_DIGITS[week] for week in weeks][::-1])
    return int(digits, 2) << mondays.start if digits else 0


def streak_lengths(kept: Days, ends: Days) -> list[int]:
    """Return how many kept days stand between one ending day and the next, latest first.

    A day that is neither kept nor ending is neutral. No day may be in both sets. What lies before the
    first kept day adds no lengths.
    """
    start = first(kept) if kept else ends.bit_length()
    # Binary digits read as hexadecimal ones make each day a digit of its own: 1 where kept, 2 where ending, never 3,
    # as no day is both. Written out, the latest day comes first, and the 2s cut the 1s into streaks. Both ways are
    # linear in Python for bases that are powers of two, and know no limit of digits.
    digits = int(f"{kept >> start:b}", 16) + 2 * int(f"{ends >> start:b}", 16)
    return [streak.count("1") for streak in f"{digits:x}".split("2")]


def leapt_over(moments: Iterable[tuple[date, datetime]]) -> Days:
    """Return the days that never existed for a person who crossed the date line, as Apia did on 2011-12-30.

    Each moment is a day and an instant with its offset that counts for that day. A day is leapt over when one moment
    of the day before and one of the day after are less than 36 hours apart, and the clock was put forward by more
    than 12 hours between them.
    """
    found = 0
    by_day: dict[int, list[datetime]] = {}
    for day, at in moments:
        by_day.setdefault(number(day), []).append(at)
    for day_number, before in by_day.items():
        after = by_day.get(day_number + 2, ())
        if any(_leaps(one_before, one_after) for one_before in before for one_after in after):
            found |= one(day_number + 1)
    return found


def _leaps(before: datetime, after: datetime) -> bool:
    forward = (after.utcoffset() or timedelta()) - (before.utcoffset() or timedelta())
    # Without the change to UTC, Python takes two times of the same zone for clock times without offsets.
    return forward > DATE_LINE and abs(after.astimezone(UTC) - before.astimezone(UTC)) < _JOURNEY
