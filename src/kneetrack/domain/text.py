"""Days and words: reading “yesterday”, showing days, and making people's text harmless to a terminal."""

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import NoReturn

from kneetrack.domain.days import FIRST_DAY
from kneetrack.domain.errors import DayError

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
MONTHS = tuple(name[:3].title() for name in _MONTHS)

_WEEK = 7
_KILO, _MEGA = 1000, 1_000_000
_SHORTEST_NAME = 3
_NOON = 12
_LONGEST_ECHO = 60
_LEAP_YEARS_APART = 8
"""The most years from one 29 February to the next."""
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


def echo(word: str) -> str:
    """Return a word that was typed as an error repeats it: harmless to a terminal, and cut where it is long."""
    return clean(word if len(word) <= _LONGEST_ECHO else f"{word[:_LONGEST_ECHO]}…")


def cells(text: str) -> int:
    """Return how many columns of a terminal a text takes: two for a wide character, none for a combining one."""
    if text.isascii() or all(each <= _LATIN or _MARKS[0] <= each <= _MARKS[1] for each in {*text}):
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
    """Return the day that a word names: today, yesterday, mon, last mon, next mon, -2, 2 days ago, 20 nov, 2026-11-20.

    A weekday is the latest such day, today included, or the first one from the day `ahead` on. Last and next are before
    and after today. A date without a year is the one nearest to today, or to `ahead`. Raises DayError, also
    for such a date that is still to come, unless `ahead` is given.
    """
    wanted = " ".join(word.lower().split())
    near = {"today": 0, "yesterday": -1, "tomorrow": 1}
    if wanted in near:
        return today + timedelta(near[wanted])
    which, _, name = wanted.rpartition(" ")
    weekday = _place(name, WEEKDAYS)
    if weekday is not None and which in {"", "last", "next"}:
        return _of_weekday(weekday, which, today, ahead)
    if match := re.fullmatch(r"-([0-9]{1,5})|([0-9]{1,5}) days? ago", wanted):
        return _within(word, today - timedelta(int(match[1] or match[2])))
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", wanted):
        return _within(word, _date(word, *map(int, wanted.split("-"))))
    if (match := re.fullmatch(_DAY_AND_MONTH, wanted)) and (month := _place(match[2] or match[3], _MONTHS)) is not None:
        day = int(match[1] or match[4])
        found = (
            _date(word, int(match[5]), month + 1, day) if match[5] else _of_month(word, month + 1, day, today, ahead)
        )
        return _within(word, found)
    raise DayError(
        f"“{echo(word)}” is not a day; write today, yesterday, mon … sun, last mon, 2 days ago, 20 nov or 2026-11-20."
    )


_DAY_AND_MONTH = r"(?:([0-9]{1,2}) ([a-z]+)|([a-z]+) ([0-9]{1,2}))(?: ([0-9]{4}))?"


def day_words(words: Sequence[str]) -> int:
    """Return of how many words the day consists that some words begin with: three of `2 days ago`, else two or one."""
    for number in (3, 2):
        if len(words) >= number and _is_phrase(" ".join(words[:number]).lower()):
            return number
    return 1


def _is_phrase(words: str) -> bool:
    """Return whether several words are a day, be it one that the calendar does not have."""
    if re.fullmatch(r"[0-9]+ days? ago", words):
        return True
    if match := re.fullmatch(_DAY_AND_MONTH, words):
        return _place(match[2] or match[3], _MONTHS) is not None
    which, _, name = words.partition(" ")
    return which in {"last", "next"} and _place(name, WEEKDAYS) is not None


def _place(word: str, names: Sequence[str]) -> int | None:
    """Return the place of the name that a word of three letters or more begins."""
    fits = (at for at, name in enumerate(names) if len(word) >= _SHORTEST_NAME and name.startswith(word))
    return next(fits, None)


def _of_weekday(weekday: int, which: str, today: date, ahead: date | None) -> date:
    """Return the day of a weekday: the last one before today, the next one after it, or the nearest."""
    if which == "next" or (ahead and not which):
        first = ahead if ahead and not which else today + timedelta(1)
        return first + timedelta((weekday - first.weekday()) % _WEEK)
    latest = today - timedelta(1) if which else today
    return latest - timedelta((latest.weekday() - weekday) % _WEEK)


def _of_month(word: str, month: int, day: int, today: date, ahead: date | None) -> date:
    """Return a date of no year that was named: the one nearest to the day `ahead`, or else to today.

    Raises DayError where that is still to come and what is meant has been: a slip would go to last year unseen.
    """
    found = []
    for year in range(today.year - _LEAP_YEARS_APART, today.year + _LEAP_YEARS_APART + 1):
        with suppress(ValueError):
            found.append(date(year, month, day))
    if not found:
        return _no_date(word)
    nearest = min(found, key=lambda on: abs(on - (ahead or today)))
    if ahead is None and nearest > today:
        latest = max(on for on in found if on <= today)
        raise DayError(f"“{echo(word)}” is still to come; for the latest one that has been write {latest}.")
    return nearest


def _date(word: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        return _no_date(word)


def _no_date(word: str) -> NoReturn:
    """Raise DayError for a day that no month has."""
    raise DayError(f"{echo(word)} is not a date.")


def _within(word: str, day: date) -> date:
    """Return the day, and raise DayError when it is before the first or after the last that the diary knows."""
    if day.year > _LAST_YEAR:
        raise DayError(f"“{echo(word)}” is too far ahead; the diary ends with the year {_LAST_YEAR}.")
    if day < FIRST_DAY:
        raise DayError(f"“{echo(word)}” is before {FIRST_DAY}, where the diary begins.")
    return day


def read_clock(word: str) -> time:
    """Return the clock time that a word such as 7:30, 19:05, 18 or 6pm names. Raises DayError."""
    match = re.fullmatch(r"([0-9]{1,2})(?::([0-9]{2}))? ?([ap]m)?", word.strip().lower())
    if not match:
        return _no_clock(word)
    hour, half = int(match[1]), match[3]
    if half and not 1 <= hour <= _NOON:
        return _no_clock(word)
    try:
        return time(hour % _NOON + _NOON * (half == "pm") if half else hour, int(match[2] or 0))
    except ValueError:
        return _no_clock(word)


def _no_clock(word: str) -> NoReturn:
    """Raise DayError for a word that is no clock time."""
    raise DayError(f"“{echo(word)}” is not a time of day; write it as 07:30, 18 or 6pm.")


def read_weekdays(words: str) -> tuple[int, ...]:
    """Return the weekdays, Monday 0, that a list such as `mon,wed,fri` names. Raises DayError."""
    found = set()
    for word in words.lower().split(","):
        named = _place(word, WEEKDAYS)
        if named is None:
            raise DayError(f"“{echo(word)}” is not a weekday; write them as mon,wed,fri.")
        found.add(named)
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
