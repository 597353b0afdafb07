"""What is drawn with characters: days in a row under their weekday letters, and bars."""

from collections.abc import Sequence
from datetime import date, timedelta

from rich.text import Text

from kneetrack.domain.progress import Progress
from kneetrack.views import phrases
from kneetrack.views.phrases import STYLES, Span

_LETTERS = "MTWTFSS"
_MONDAY = 0


def days(first: date, last: date) -> list[date]:
    """Return the days from first to last, both included."""
    return [first + timedelta(ahead) for ahead in range((last - first).days + 1)]


def letters(first: date, last: date) -> Text:
    """Return the letters of the weekdays, with a gap before each Monday."""
    return in_weeks(first, [Span(_LETTERS[day.weekday()], "quiet") for day in days(first, last)])


def strip(progress: Progress, exercise: str | None, first: date, last: date) -> Text:
    """Return the marks of an exercise, or of the whole program, to stand under `letters`."""
    return in_weeks(first, [phrases.mark(progress, exercise, day) for day in days(first, last)])


def in_weeks(first: date, marks: Sequence[Span]) -> Text:
    """Return a mark a day, with a gap before each Monday but the first day."""
    drawn = Text()
    for ahead, mark in enumerate(marks):
        gap = " " if ahead and (first + timedelta(ahead)).weekday() == _MONDAY else ""
        drawn.append(gap + mark.text, STYLES[mark.style])
    return drawn


def bar(share: float, columns: int) -> Text:
    """Return a share of 1 as a bar: empty only for nothing, and as long as the columns only for all of it."""
    length = columns if share >= 1 else min(columns - 1, max(bool(share > 0), round(share * columns)))
    return Text("━" * length, STYLES["done"])
