"""The screen of history: what was done, newest first, in plain lines as the daily answers are."""

from collections.abc import Sequence
from datetime import date

from kneetrack.domain import text
from kneetrack.domain.catalogue import Catalogue
from kneetrack.domain.records import Session, lines_of
from kneetrack.views import phrases
from kneetrack.views.phrases import Line, Span

_WIDE = 60


def history(
    sessions: Sequence[Session], shorts: dict[str, str], catalogue: Catalogue, today: date, width: int
) -> list[Line]:
    """Return a line for each that was logged: day, time, id, what was done, and what was noted."""
    rows: list[tuple[str, ...]] = []
    shown = None
    for line in lines_of(sessions):
        first = line[-1]
        exercise = catalogue.get(first.exercise)
        day = "" if first.day == shown else text.show_day(first.day, today)
        shown = first.day
        clock = f"{first.at:%H:%M}" if first.at else ""
        what = f"{text.clean(exercise.name)} {phrases.session_dose(exercise, line[::-1])}"
        rows.append((day, clock, shorts[first.uid], what, _remarks(first)))
    gap = "  " if width >= _WIDE else " "
    day_width, clock_width, id_width, what_width, _ = (
        max(map(text.cells, column)) for column in zip(*rows, strict=True)
    )
    return [
        [
            Span(f"{day:{day_width}}{gap}"),
            Span(f"{clock:{clock_width}}{gap}{short:{id_width}}{gap}", "quiet"),
            Span(f"{text.pad(what, what_width)}{gap}{remarks}" if remarks else what),
        ]
        for day, clock, short, what, remarks in rows
    ]


def _remarks(session: Session) -> str:
    """Return what was noted beside the dose: pain 2 · effort 6 · red band · “left easier”."""
    parts = []
    if session.pain is not None:
        parts.append(f"pain {session.pain}")
    if session.effort is not None:
        parts.append(f"effort {session.effort}")
    if session.load:
        parts.append(text.clean(session.load))
    if session.note:
        parts.append(f"“{text.clean(session.note)}”")
    return " · ".join(parts)
