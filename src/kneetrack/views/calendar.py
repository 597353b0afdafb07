"""The screen of the calendar: weeks as columns, weekdays as rows, a mark a day."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

from rich.console import Group, RenderableType
from rich.text import Text

from kneetrack.app.results.overview import Calendar
from kneetrack.domain import text
from kneetrack.domain.days import WEEK
from kneetrack.domain.progress import State
from kneetrack.domain.weeks import Week
from kneetrack.views import phrases
from kneetrack.views.paragraphs import side_by_side
from kneetrack.views.phrases import STYLES, Span

_HEADS = 8
"""The columns that the name of a row takes, with the gap after it."""
_MONTH = 3
"""The columns that the name of a month takes."""
_BLOCKS = 2
"""Weeks that take more blocks than these are drawn close together, without dates and figures."""


def calendar(result: Calendar, width: int) -> RenderableType:
    """Return the days from the first to today, of one exercise or of the whole plan, and what the marks mean.

    Each week has its Monday above it, and below what was done of what was planned and the worst pain; as many weeks
    stand side by side as fit the width, the rest below them. Many weeks stand close together, without figures.
    """
    progress, exercise, weeks = result.progress, result.exercise, result.weeks
    name = text.clean(progress.catalogue.get(exercise).name) if exercise else "The whole plan"
    first = weeks[0].first
    kept = progress.adherence_between(first, progress.today, exercise)
    since = f"since {text.show_day(first, progress.today)}"
    done = (
        f"{kept.done} of {kept.due} planned, {text.percent(kept.share)}, {since}" if kept.due else "no planned day yet"
    )
    headline = side_by_side([name, done], width)
    close, fits = _pitch(weeks, width)
    blocks = [weeks[at : at + fits] for at in range(0, len(weeks), fits)]
    return Group(
        Text("\n".join(headline)),
        *(line for block in blocks for line in _block(result, block, close)),
        Text(f"\n{_legend(exercise, width)}"),
    )


def _pitch(weeks: Sequence[Week], width: int) -> tuple[int, int]:
    """Return how many columns a week takes, 1 for many weeks, and how many weeks fit side by side."""
    broad = 1 + max(2, *(len(str(week.adherence.due)) for week in weeks))
    fits = max(1, (width - _HEADS) // broad)
    return (broad, fits) if len(weeks) <= _BLOCKS * fits else (1, max(1, width - _HEADS))


def _block(result: Calendar, weeks: Sequence[Week], pitch: int) -> list[Text]:
    """Return some weeks side by side, the names of the months and the days of their Mondays above them."""
    progress, exercise = result.progress, result.exercise
    lines = [Text(""), Text(_months(weeks, pitch), STYLES["quiet"])]
    if pitch > 1:
        lines.append(_row("", [str(_monday(week).day) for week in weeks], pitch, "quiet"))
    for weekday in range(WEEK):
        line = Text.assemble((f"{text.WEEKDAYS[weekday][:3].title():{_HEADS}}", STYLES["quiet"]))
        for week in weeks:
            day = _monday(week) + timedelta(weekday)
            mark = phrases.mark(progress, exercise, day) if week.first <= day <= week.last else Span(" ")
            line.append(f"{mark.text:>{pitch - 1 or 1}}{' ' if pitch > 1 else ''}", STYLES[mark.style])
        line.rstrip()
        lines.append(line)
    return [*lines, *_foot(result, weeks, pitch)] if pitch > 1 else lines


def _foot(result: Calendar, weeks: Sequence[Week], pitch: int) -> list[Text]:
    """Return what was done, what was planned, and the worst pain, of each week."""
    rows = [
        _row("done", [str(week.adherence.done) if week.adherence.due else "–" for week in weeks], pitch),
        _row("planned", [str(week.adherence.due) if week.adherence.due else "–" for week in weeks], pitch),
    ]
    if any(week.pains for week in result.weeks):
        pains = ["" if week.worst_pain is None else str(week.worst_pain) for week in weeks]
        rows.append(_row("pain", pains, pitch))
    return rows


def _row(head: str, cells: Sequence[str], pitch: int, style: str = "") -> Text:
    line = Text.assemble((f"{head:{_HEADS}}", STYLES["quiet"]))
    line.append("".join(f"{cell:>{pitch - 1}} " for cell in cells), STYLES[style])
    line.rstrip()
    return line


def _monday(week: Week) -> date:
    return week.first - timedelta(week.first.weekday())


def _months(weeks: Sequence[Week], pitch: int) -> str:
    """Return the names of the months, each above the first week that has days of it, or whose Monday is shown.

    A name is left out where the next one, or the end of the weeks, leaves no room for it.
    """
    begun: dict[int, tuple[int, str]] = {}
    for at, week in enumerate(weeks):
        seen = _monday(week) if pitch > 1 else (_monday(week) + timedelta(WEEK - 1) if at else week.first)
        begun.setdefault(seen.year * 100 + seen.month, (_HEADS + pitch * at, text.MONTHS[seen.month - 1]))
    places = [*begun.values(), (max(_HEADS + pitch * len(weeks), _HEADS + _MONTH) + 1, "")]
    line = ""
    for (start, name), (following, _) in pairwise(places):
        if following - start > _MONTH:
            line = f"{line:{start}}{name}"
    return line


def _legend(exercise: str | None, width: int) -> str:
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
    parts = [f"{mark.text} {meaning}" for mark, meaning in meanings.items()]
    return "\n".join(side_by_side(parts, width, "  "))
