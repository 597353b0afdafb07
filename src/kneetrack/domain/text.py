"""Days and words: reading “yesterday”, showing days, and making people's text harmless to a terminal."""

import re
from datetime import date, datetime, time, timedelta

from kneetrack.domain.days import FIRST_DAY
from kneetrack.domain.errors import DayError

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_WEEK = 7
_KILO, _MEGA = 1000, 1_000_000
_SHORTEST_WEEKDAY = 3
_BYTES = 0xDC00
_LAST_YEAR = 2999
_WORST = 10

_HIDDEN = (
    "[\x00-\x1f\x7f-\x9f"  # controls, of seven and of eight bits
    "\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u2069\ufeff"  # direction, invisible and line marks
    "\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"  # annotations, half characters, tags
)


_LATIN, _MARKS = "\u02ff", "\u2010\u25ff"
"""The last Latin letter, and the first and last of punctuation and our marks: all of these take one column each."""


def clean(text: str) -> str:
    r"""Return text with every character that could steer a terminal written out, as `\x1b` or `\u202e`."""
    if text.isprintable():
        return text
    return re.sub(_HIDDEN, lambda match: match[0].encode("unicode_escape", "surrogatepass").decode("ascii"), text)


def cells(text: str) -> int:
    """Return how many columns of a terminal a text takes: two for a wide character, none for a combining one."""
    if all(character <= _LATIN or _MARKS[0] <= character <= _MARKS[1] for character in text):
        return len(text)
    from unicodedata import combining, east_asian_width  # noqa: PLC0415 - only text that may need it pays for it

    wide = sum(east_asian_width(character) in {"W", "F"} for character in text)
    return len(text) + wide - sum(bool(combining(character)) for character in text)


def pad(text: str, columns: int) -> str:
    """Return a text with spaces after it, so that it takes at least so many columns."""
    return text + " " * (columns - cells(text))


def storable(text: str) -> str:
    r"""Return text as the diary can keep it: bytes that were not UTF-8 are written out, as `\xff`."""
    return text if text.isascii() else re.sub("[\ud800-\udfff]", _written_out, text)


def _written_out(match: re.Match[str]) -> str:
    """Return half a character written out; Python reads a byte that is no UTF-8 as U+DC80 to U+DCFF."""
    code = ord(match[0])
    return f"\\x{code - _BYTES:02x}" if _BYTES + 0x80 <= code <= _BYTES + 0xFF else f"\\u{code:04x}"


def whole(digits: str) -> int:
    """Return the number that ASCII digits write; one that is longer than any limit of ours is cut short."""
    return int(digits.lstrip("0")[:9] or "0")


def rating(word: str) -> int | None:
    """Return the rating from 0 to 10 that a word writes, as 7 or 7/10; None for another word."""
    number = word.strip().removesuffix("/10")
    return whole(number) if number.isascii() and number.isdigit() and whole(number) <= _WORST else None


def diary_day(local: datetime, day_start: time) -> date:
    """Return the day that a local clock time counts for, when days begin at `day_start`."""
    return (local.replace(tzinfo=None) - timedelta(hours=day_start.hour, minutes=day_start.minute)).date()


def read_day(word: str, today: date, *, ahead: date | None = None) -> date:
    """Return the day that a word names: today, yesterday, tomorrow, mon … sunday, -2, 2026-11-20.

    A weekday is the latest such day, today included, or the first one from the day `ahead` on. Raises DayError.
    """
    wanted = word.strip().lower()
    near = {"today": 0, "yesterday": -1, "tomorrow": 1}
    if wanted in near:
        return today + timedelta(near[wanted])
    if re.fullmatch(r"-[0-9]{1,5}", wanted):
        return _within(word, today - timedelta(int(wanted[1:])))
    for weekday, name in enumerate(WEEKDAYS):
        if len(wanted) >= _SHORTEST_WEEKDAY and name.startswith(wanted):
            if ahead:
                return ahead + timedelta((weekday - ahead.weekday()) % _WEEK)
            return today - timedelta((today.weekday() - weekday) % _WEEK)
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", wanted):
        try:
            return _within(word, date.fromisoformat(wanted))
        except ValueError:
            raise DayError(f"There is no {clean(word)} in the calendar.") from None
    raise DayError(f"“{clean(word)}” is not a day; write today, yesterday, mon … sun, -2 or 2026-11-20.")


def _within(word: str, day: date) -> date:
    """Return the day, and raise DayError when it is before the first or after the last that the diary knows."""
    if day.year > _LAST_YEAR:
        raise DayError(f"“{clean(word)}” is too far ahead; the diary ends with the year {_LAST_YEAR}.")
    if day < FIRST_DAY:
        raise DayError(f"“{clean(word)}” is before {FIRST_DAY}, where the diary begins.")
    return day


def read_clock(word: str) -> time:
    """Return the clock time that a word such as 7:30 or 19:05 names. Raises DayError."""
    match = re.fullmatch(r"([0-9]{1,2}):([0-9]{2})", word.strip())
    try:
        return time(int(match[1]), int(match[2])) if match else _no_clock(word)
    except ValueError:
        return _no_clock(word)


def _no_clock(word: str) -> time:
    """Raise DayError for a word that is no clock time."""
    raise DayError(f"“{clean(word)}” is not a time of day; write it as 07:30.")


def read_weekdays(words: str) -> tuple[int, ...]:
    """Return the weekdays, Monday 0, that a list such as `mon,wed,fri` names. Raises DayError."""
    found = set()
    for word in words.lower().split(","):
        named = [at for at, name in enumerate(WEEKDAYS) if len(word) >= _SHORTEST_WEEKDAY and name.startswith(word)]
        if not named:
            raise DayError(f"“{clean(word)}” is not a weekday; write them as mon,wed,fri.")
        found.update(named)
    return tuple(sorted(found))


def weekday(day: date) -> str:
    """Return the short name of a day's weekday: Sun."""
    return WEEKDAYS[day.weekday()][:3].title()


def show_day(day: date, today: date) -> str:
    """Return a day as people read it: Sun 22 Nov, with the year when it is not today's."""
    return f"{weekday(day)} {short_day(day, today)}"


def short_day(day: date, today: date) -> str:
    """Return a day without its weekday: 22 Nov, with the year when it is not today's."""
    year = "" if day.year == today.year else f" {day.year}"
    return f"{day.day} {MONTHS[day.month - 1]}{year}"


def percent(share: float | None) -> str:
    """Return a share from 0 to 1 as a percentage, “–” for None; only all of it is 100 %."""
    if share is None:
        return "–"
    return f"{100 if share >= 1 else min(99, round(share * 100))} %"


def count(number: int, singular: str, plural: str | None = None) -> str:
    """Return a number with its noun: 1 day, 2 days."""
    return f"{number} {singular if number == 1 else plural or singular + 's'}"


def size(number: int) -> str:
    """Return a number of bytes as people read it: 220 kB, at least 1."""
    return f"{max(1, round(number / _KILO))} kB" if number < _MEGA else f"{number / _MEGA:.1f} MB"
