"""The screen of the calendar: weeks as columns, weekdays as rows, a mark a day."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

from rich.console import Group, RenderableType
from rich.text import Text

from kneetrack.app.results.overview import Calendar
from kneetrack.domain import text
from kneetrack.domain.days import WEEK
from kneetrack.domain.progress import Progress, State
from kneetrack.views import phrases
from kneetrack.views.phrases import STYLES, Span

_NAMES = 5
"""The columns that the name of a weekday takes, with the gap after it."""
_MONTH = 3
"""The columns that the name of a month takes."""


def calendar(result: Calendar, width: int) -> RenderableType:
    """Return the days from the first to today, of one exercise or of the whole plan, and what the marks mean.

    As many weeks stand side by side as fit the width, the rest below them.
    """
    progress, exercise, first = result
    name = text.clean(progress.catalogue.get(exercise).name) if exercise else "The whole program"
    kept = progress.adherence_between(first, progress.today, exercise)
    done = f"{kept.done} of {kept.due}, {text.percent(kept.share)}" if kept.due else "nothing due yet"
    monday = first - timedelta(first.weekday())
    mondays = [monday + timedelta(ahead) for ahead in range(0, (progress.today - monday).days + 1, WEEK)]
    pitch = 2 if _NAMES + 2 * len(mondays) <= width else 1
    fits = max(1, (width - _NAMES) // pitch)
    blocks = [mondays[at : at + fits] for at in range(0, len(mondays), fits)]
    return Group(
        Text(phrases.in_lines([name, f"{done} since {text.show_day(first, progress.today)}"], width)),
        *(_block(progress, exercise, first, block, pitch) for block in blocks),
        _legend(exercise, width),
    )


def _block(
    progress: Progress, exercise: str | None, first: date, mondays: Sequence[date], pitch: int
) -> RenderableType:
    """Return some weeks side by side, the names of the months above them."""
    lines = [Text(""), Text(_months(first, mondays, pitch), STYLES["quiet"])]
    for weekday in range(WEEK):
        line = Text.assemble((f"{text.WEEKDAYS[weekday][:3].title():{_NAMES}}", STYLES["quiet"]))
        for monday in mondays:
            day = monday + timedelta(weekday)
            mark = phrases.mark(progress, exercise, day) if first <= day <= progress.today else Span(" ")
            line.append(f"{mark.text:{pitch}}", STYLES[mark.style])
        line.rstrip()
        lines.append(line)
    return Group(*lines)


def _months(first: date, mondays: Sequence[date], pitch: int) -> str:
    """Return the names of the months, each above the first week that has days of it.

    A name is left out where the next one, or the end of the weeks, leaves no room for it.
    """
    begun: dict[int, tuple[int, str]] = {}
    for at, monday in enumerate(mondays):
        last = monday + timedelta(WEEK - 1)
        seen = max(monday, first) if not at else last
        begun.setdefault(seen.year * 100 + seen.month, (_NAMES + pitch * at, text.MONTHS[seen.month - 1]))
    places = [*begun.values(), (max(_NAMES + pitch * len(mondays), _NAMES + _MONTH) + 1, "")]
    line = ""
    for (start, name), (following, _) in pairwise(places):
        if following - start > _MONTH:
            line = f"{line:{start}}{name}"
    return line


def _legend(exercise: str | None, width: int) -> Text:
    """Return what the marks mean."""
    done, part, missed, off = (
        ("done", "below the dose", "missed", "off")
        if exercise
        else ("all that was due", "some of it", "none of it", "nothing due")
    )
    meanings = {
        phrases.MARKS[State.DONE]: done,
        phrases.PART: part,
        phrases.MARKS[State.OPEN]: "open",
        phrases.MARKS[State.MISSED]: missed,
        phrases.MARKS[State.OFF]: off,
        phrases.MARKS[State.EXCUSED]: "excused",
    }
    said = phrases.in_lines((f"{mark.text} {meaning}" for mark, meaning in meanings.items()), width, "  ")
    return Text(f"\n{said}")
