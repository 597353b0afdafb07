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
from kneetrack.views.lines import STYLES, Line, Span
from kneetrack.views.paragraphs import side_by_side

HEADS = 8
"""The columns that the name of a row takes, with the gap after it."""
_MONTH = 3
"""The columns that the name of a month takes."""
_CLOSE = 2
"""Weeks of so many columns have no room for figures."""

_BLOCKS = 2
"""Weeks that take more blocks than these are drawn close together, without dates and figures."""


def calendar(result: Calendar, width: int) -> RenderableType:
    """Return the days from the first to today, of one exercise or of the whole plan, and what the marks mean.

    Each week has its Monday above it, and below what was done of what was planned and the worst pain; as many weeks
    stand side by side as fit the width, the rest below them. Many weeks stand close together, without figures.
    """
    weeks = result.weeks
    close, fits = _pitch(weeks, width)
    blocks = [weeks[at : at + fits] for at in range(0, len(weeks), fits)]
    return Group(
        Text("\n".join(headline(result, width))),
        *(line for its in blocks for line in (Text(""), *block(result, its, close))),
        Text(f"\n{legend(result.exercise, width)}"),
    )


def headline(result: Calendar, width: int) -> list[str]:
    """Return what the days are of, and what was done of what was planned."""
    progress, exercise, first = result.progress, result.exercise, result.weeks[0].first
    name = text.clean(progress.catalogue.get(exercise).name) if exercise else "The whole plan"
    kept = progress.adherence_between(first, progress.today, exercise)
    since = f"since {text.show_day(first, progress.today)}"
    done = (
        f"{kept.done} of {kept.due} planned, {text.percent(kept.share)}, {since}" if kept.due else "no planned day yet"
    )
    return side_by_side([name, done], width)


def _pitch(weeks: Sequence[Week], width: int) -> tuple[int, int]:
    """Return how many columns a week takes, 1 for many weeks, and how many weeks fit side by side."""
    pitch = broad(weeks)
    fits = max(1, (width - HEADS) // pitch)
    return (pitch, fits) if len(weeks) <= _BLOCKS * fits else (1, max(1, width - HEADS))


def broad(weeks: Sequence[Week]) -> int:
    """Return how many columns a week takes with its figures."""
    return 1 + max(2, *(len(str(week.adherence.due)) for week in weeks))


def block(result: Calendar, weeks: Sequence[Week], pitch: int) -> list[Text]:
    """Return some weeks side by side, the names of the months above them, and Monday to Sunday below those.

    Weeks of more than two columns have the days of their Mondays and their figures too.
    """
    progress, exercise = result.progress, result.exercise
    lines = [Text(_months(weeks, pitch), STYLES["quiet"])]
    if pitch > _CLOSE:
        lines.append(_row("", [str(_monday(week).day) for week in weeks], pitch, "quiet"))
    for weekday in range(WEEK):
        line = Text.assemble((f"{text.WEEKDAYS[weekday][:3].title():{HEADS}}", STYLES["quiet"]))
        for week in weeks:
            day = _monday(week) + timedelta(weekday)
            mark = phrases.mark(progress, exercise, day) if week.first <= day <= week.last else Span(" ")
            line.append(f"{mark.text:>{pitch - 1 or 1}}{' ' if pitch > 1 else ''}", STYLES[mark.style])
        line.rstrip()
        lines.append(line)
    return [*lines, *_foot(result, weeks, pitch)] if pitch > _CLOSE else lines


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
    line = Text.assemble((f"{head:{HEADS}}", STYLES["quiet"]))
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
        begun.setdefault(seen.year * 100 + seen.month, (HEADS + pitch * at, text.MONTHS[seen.month - 1]))
    places = [*begun.values(), (max(HEADS + pitch * len(weeks), HEADS + _MONTH) + 1, "")]
    line = ""
    for (start, name), (following, _) in pairwise(places):
        if following - start > _MONTH:
            line = f"{line:{start}}{name}"
    return line


def legend(exercise: str | None, width: int) -> str:
    """Return what the marks mean."""
    parts = [f"{mark.text} {meaning}" for mark, meaning in _meanings(exercise).items()]
    return "\n".join(side_by_side(parts, width, "  "))


def _meanings(exercise: str | None) -> dict[Span, str]:
    done, part, missed, off = (
        ("done", "below the dose", "missed", "off")
        if exercise
        else ("all that was due", "some of it", "none of it", "nothing due")
    )
    return {
        phrases.MARKS[State.DONE]: done,
        phrases.PART: part,
        phrases.MARKS[State.OPEN]: "open",
        phrases.MARKS[State.MISSED]: missed,
        phrases.MARKS[State.OFF]: off,
        phrases.MARKS[State.EXCUSED]: "excused",
    }


def of_day(result: Calendar, day: date) -> Line:
    """Return a day with its mark, what that means, and what was missed: Fri 20 Nov  ◐ some of it · missed: Bridge."""
    progress, exercise = result.progress, result.exercise
    mark = phrases.mark(progress, exercise, day)
    said = _meanings(exercise).get(mark, "no plan")
    missed = [] if exercise else [its for its in progress.listed if progress.state(its, day) is State.MISSED]
    names = ", ".join(text.clean(progress.catalogue.get(its).name) for its in missed)
    return [
        Span(text.show_day(day, progress.today), "name"),
        Span("  "),
        mark,
        Span(f" {said}{f' · missed: {names}' if names else ''}"),
    ]
