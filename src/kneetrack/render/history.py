"""The screen of history: what was done, newest first."""

from datetime import date

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from kneetrack import text
from kneetrack.catalogue import Catalogue
from kneetrack.ledger import Session
from kneetrack.render import words
from kneetrack.render.answer import lines_of
from kneetrack.render.words import STYLES

_ONE_LINE_FROM = 60


def history(
    sessions: list[Session], shorts: dict[str, str], catalogue: Catalogue, today: date, width: int
) -> RenderableType:
    """Return a table of sessions: day, time, what was done, what was noted, and the id."""
    table = Table.grid(padding=(0, 2) if width >= _ONE_LINE_FROM else (0, 1))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, style=STYLES["quiet"])
    table.add_column(overflow="fold")
    if width >= _ONE_LINE_FROM:
        table.add_column(overflow="fold", ratio=1)
    table.add_column(no_wrap=True, style=STYLES["quiet"])
    shown = None
    for line in lines_of(sessions):
        first = line[-1]
        exercise = catalogue.get(first.exercise)
        what = Text(f"{text.clean(exercise.name)} {words.session_dose(exercise, line[::-1])}")
        remarks = Text(_remarks(first))
        day = "" if first.day == shown else text.show_day(first.day, today)
        shown = first.day
        clock = f"{first.at:%H:%M}" if first.at else ""
        if width >= _ONE_LINE_FROM:
            table.add_row(Text(day), clock, what, remarks, shorts[first.uid])
        else:
            stacked = Group(what, remarks) if remarks else what
            table.add_row(Text(day), clock, stacked, shorts[first.uid])
    return table


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
