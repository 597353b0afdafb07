"""The screen of history: what was done, newest first, in plain lines as the daily answers are."""

from kneetrack.app.results.overview import History
from kneetrack.domain import text
from kneetrack.domain.records import Session, lines_of
from kneetrack.views import phrases
from kneetrack.views.phrases import Line, Span

_WIDE = 60


def history(result: History, width: int) -> list[Line]:
    """Return a line for each that was logged: day, time, id, what was done, and what was noted."""
    if not result.sessions:
        return [[Span(f"{_nothing(result)} To log: kneetrack log bridge")]]
    rows: list[tuple[str, ...]] = []
    shown = None
    for line in lines_of(result.sessions):
        first = line[-1]
        exercise = result.catalogue.get(first.exercise)
        day = "" if first.day == shown else text.show_day(first.day, result.today)
        shown = first.day
        clock = f"{first.at:%H:%M}" if first.at else ""
        what = f"{text.clean(exercise.name)} {phrases.session_dose(exercise, line[::-1])}"
        rows.append((day, clock, result.shorts[first.uid], what, _remarks(first)))
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


def _nothing(result: History) -> str:
    """Return a sentence for days on which nothing was logged: Nothing of Bridge logged since Thu 12 Nov."""
    name = f" of {text.clean(result.exercise.name)}" if result.exercise else ""
    if result.first:
        return f"Nothing{name} logged since {text.show_day(result.first, result.today)}."
    return f"Nothing{name} logged {'until then' if result.last else 'yet'}."


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
