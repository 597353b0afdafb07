"""The screen of today."""

from collections.abc import Sequence
from datetime import timedelta

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from kneetrack.app.results import Today
from kneetrack.domain import text
from kneetrack.domain.dose import Dose
from kneetrack.domain.progress import Progress, State
from kneetrack.domain.records import Session
from kneetrack.views import answer, phrases
from kneetrack.views.phrases import STYLES, Line, Span

_STRIP_FROM = 72


def today(result: Today, width: int) -> RenderableType:
    """Return today: a headline, and a line for each exercise of the program and each other one logged today.

    The strip of this week is left out on narrow screens.
    """
    progress, sessions = result.progress, result.sessions
    table = Table.grid(padding=(0, 1))
    table.add_column(no_wrap=True)
    table.add_column(max_width=width // 3, overflow="fold")
    table.add_column(overflow="fold", ratio=1)
    strip = width >= _STRIP_FROM and bool(progress.plan)
    if strip:
        table.add_column(no_wrap=True)
    listed = (*progress.plan, *result.others)
    for exercise in listed:
        cells = [
            _spans(Span("  "), phrases.mark(progress, exercise, progress.today)),
            Text(text.clean(progress.catalogue.get(exercise).name), STYLES["name"]),
            Text(_state(progress, exercise, sessions)),
        ]
        table.add_row(*cells, *([_strip(progress, exercise)] if strip else []))
    if strip:
        table.add_row("", "", "", Text("M T W T F S S", STYLES["quiet"]))
    lines: list[RenderableType] = [_headline(progress, width)]
    lines += [Padding(Text(line), (0, 0, 0, 2)) for line in phrases.paused(progress)]
    if not progress.plan:
        lines.append(Text(f"  {phrases.EMPTY_PLAN}"))
    return Group(*lines, *([table] if listed else []))


def beneath(result: Today) -> list[Line]:
    """Return what stands under today: a phase whose weeks are over; without a diary, what its plan will be."""
    if result.new:
        return [*answer.lost(result.new.backups), [Span(answer.EXAMPLE, "quiet")]]
    return [[Span(f"  {phrases.phase_over(result.phase_over)}", "quiet")]] if result.phase_over else []


def _headline(progress: Progress, width: int) -> Text:
    """Return the day, the week of the program, the streak and the last four weeks."""
    parts = [text.show_day(progress.today, progress.today)]
    if progress.week:
        parts.append(f"week {progress.week}")
    parts += [phrases.best(progress.streak()), phrases.four_weeks(progress)]
    return Text(phrases.in_lines(parts, width))


def _state(progress: Progress, exercise: str, sessions: Sequence[Session]) -> str:
    """Return in words what is to be done of an exercise, or was done."""
    known = progress.catalogue.get(exercise)
    item = progress.plan.get(exercise)
    state = progress.state(exercise, progress.today)
    its = [session for session in reversed(sessions) if session.exercise == exercise]
    if not item or not item.dose or not item.schedule:
        return f"{phrases.session_dose(known, its)}, not in the program"
    left = progress.left(exercise, progress.today)
    dose, quota = phrases.prescribed(known, item.dose), progress.standing(exercise).quota
    if state is State.OFF and quota and not quota.need:
        return f"{phrases.quota(quota)} ({phrases.scheduled(item.schedule)})"
    if state is State.DONE and left:
        main = f"{_volume(progress, exercise, its, item.dose)} · {phrases.remaining(known, item.dose, left)} to go"
    elif state is State.DONE:
        main = f"{phrases.session_dose(known, its)} done"
    elif state is State.OPEN:
        main = dose
    elif state is State.EXCUSED:
        main = "excused today"
    else:
        main = f"not due today ({phrases.scheduled(item.schedule)})"
    if quota and state is not State.EXCUSED:
        main += f" · {phrases.quota(quota)}"
    return main


def _volume(progress: Progress, exercise: str, its: list[Session], dose: Dose) -> str:
    """Return how much of a dose was done: 15 of 30; left 30, right 0 of 30."""
    known = progress.catalogue.get(exercise)
    unit = " s" if known.mode == "hold" else ""
    whole = dose.volume(known.mode)
    if not known.per_side:
        return f"{sum(session.dose.volume(known.mode, dose) for session in its)} of {whole}{unit}"
    left, right = (
        sum(session.dose.volume(known.mode, dose) for session in its if session.side != other)
        for other in ("right", "left")
    )
    return f"left {left}, right {right} of {whole}{unit}" if left != right else f"{left} of {whole}{unit} each side"


def _strip(progress: Progress, exercise: str) -> Text:
    """Return the marks of this week, Monday first."""
    monday = progress.today - timedelta(progress.today.weekday())
    marks = [phrases.mark(progress, exercise, monday + timedelta(day)) for day in range(7)]
    return Text(" ").join(_spans(mark) for mark in marks)


def _spans(*spans: Span) -> Text:
    """Return spans as Rich text."""
    return Text.assemble(*((span.text, STYLES[span.style]) for span in spans))
