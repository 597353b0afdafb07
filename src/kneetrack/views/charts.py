"""What is drawn with characters: days side by side under their weekday letters, and sparklines."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from rich.text import Text

from kneetrack.domain.progress import Progress
from kneetrack.views import phrases
from kneetrack.views.phrases import STYLES, Span

_LETTERS = "MTWTFSS"
_MONDAY = 0
_LEVELS = "▁▂▃▄▅▆▇█"


def days(first: date, last: date) -> list[date]:
    """Return the days from first to last, both included."""
    return [first + timedelta(ahead) for ahead in range((last - first).days + 1)]


def letters(first: date, last: date) -> Text:
    """Return the letters of the weekdays, with a gap before each Monday."""
    return in_weeks(first, [Span(_LETTERS[day.weekday()], "quiet") for day in days(first, last)])


def strip(progress: Progress, exercise: str | None, first: date, last: date) -> Text:
    """Return the marks of an exercise, or of the whole plan, to stand under `letters`."""
    return in_weeks(first, [phrases.mark(progress, exercise, day) for day in days(first, last)])


def in_weeks(first: date, marks: Sequence[Span]) -> Text:
    """Return a mark a day, with a gap before each Monday but the first day."""
    drawn = Text()
    for ahead, mark in enumerate(marks):
        gap = " " if ahead and (first + timedelta(ahead)).weekday() == _MONDAY else ""
        drawn.append(gap + mark.text, STYLES[mark.style])
    return drawn


def sparkline(shares: Iterable[float | None]) -> Text:
    """Return shares of 1 as columns of eight heights, a gap for None: the highest only for all of it."""
    drawn = ("" if share is None else _LEVELS[int(share * (len(_LEVELS) - 1))] for share in shares)
    return Text("".join(f"{level:1}" for level in drawn), STYLES["done"])
