"""The screens of the plan: what is in force, and what was in force when."""

from collections.abc import Iterable, Sequence

from kneetrack.app.results.plan import ThePlan
from kneetrack.domain import text
from kneetrack.domain.plan import Period, Prescription, planned
from kneetrack.domain.progress import Progress
from kneetrack.views import columns, phrases
from kneetrack.views.lines import Line, Span

_HEADINGS = ("", "sets and reps", "schedule", "tempo and rest", "since")
_INDENT = "  "


def plan(found: ThePlan, width: int) -> list[Line]:
    """Return the exercises in force: sets and reps, schedule, tempo and rest, since when; and what is planned."""
    progress = found.progress
    rows = [
        (text.clean(progress.catalogue.get(exercise).name), *_columns(progress, item))
        for exercise, item in progress.plan.items()
    ]
    lines: list[Line] = [] if rows else [[Span(phrases.EMPTY_PLAN)]]
    lines += _table(rows, width) or _one_below_the_other(rows, width)
    for item in planned(progress.activity.prescriptions, progress.today):
        what = phrases.prescription(progress.catalogue.get(item.exercise), item)
        lines.append([Span(f"From {text.show_day(item.first_day, progress.today)}: {what}")])
    if found.phase:
        lines.append([Span(phrases.in_phase(found.phase, progress.today))])
    if found.when:
        lines.append([Span(f"When: {found.when.shown}")])
    return [*lines, *([Span(line)] for line in phrases.paused(progress))]


def _columns(progress: Progress, item: Prescription) -> tuple[str, ...]:
    """Return what a prescription says in each column after the exercise."""
    dose = phrases.prescribed(progress.catalogue.get(item.exercise), item.dose) if item.dose else ""
    schedule = phrases.scheduled(item.schedule) if item.schedule else ""
    return dose, schedule, phrases.paced(item), text.show_day(item.first_day, progress.today)


def _table(rows: Sequence[tuple[str, ...]], width: int) -> list[Line]:
    """Return the rows as a table without its empty columns; nothing where the terminal is too narrow for it."""
    named = [column for column in zip(_HEADINGS, *rows, strict=True) if any(column[1:])]
    widths = [max(map(text.cells, column)) for column in named]
    if not rows or sum(widths) + columns.GAP * (len(widths) - 1) > width:
        return []
    headings, *cells = zip(*named, strict=True)
    return [_row(headings, "quiet", widths), *(_row(row, "name", widths) for row in cells)]


def _row(cells: Sequence[str], first_style: str, widths: Sequence[int]) -> Line:
    """Return a row of a table; the first cell has a style of its own, and the headings all have it."""
    rest = first_style if first_style == "quiet" else ""
    styled: list[Line] = [[Span(cell, rest if at else first_style)] for at, cell in enumerate(cells)]
    (line,) = columns.row(styled, widths)
    return line


def _one_below_the_other(rows: Iterable[tuple[str, ...]], width: int) -> list[Line]:
    """Return for each exercise its name and below it, indented, all that the columns say."""
    lines: list[Line] = []
    for name, *parts, since in rows:
        said = phrases.in_lines([*filter(None, parts), f"since {since}"], width - len(_INDENT))
        lines += [[Span(name, "name")], *([Span(f"{_INDENT}{line}")] for line in said.splitlines())]
    return lines


def history(periods: Sequence[Period], progress: Progress) -> list[Line]:
    """Return what was in force when, in the order of the periods."""
    lines: list[Line] = [] if periods else [[Span(phrases.EMPTY_PLAN)]]
    for period in periods:
        lines.append([Span(_days(period, progress), "name")])
        lines += [
            [Span(f"{_INDENT}{phrases.prescription(progress.catalogue.get(item.exercise), item)}")]
            for item in period.plan.values()
        ]
        if not period.plan:
            lines.append([Span(f"{_INDENT}no plan", "quiet")])
    return lines


def _days(period: Period, progress: Progress) -> str:
    """Return the days of a period in words: Mon 2 Nov to Sun 15 Nov, 14 days."""
    first = text.show_day(period.first, progress.today)
    if period.last is None:
        return f"{'From' if period.first > progress.today else 'Since'} {first}"
    if period.last == period.first:
        return f"{first} only"
    length = (period.last - period.first).days + 1
    return f"{first} to {text.show_day(period.last, progress.today)}, {length} days"
