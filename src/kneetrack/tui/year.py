"""A year of days on a screen that stays: the marks of `kneetrack calendar`, with a cursor on one day."""

from datetime import date, timedelta
from typing import ClassVar

from rich.text import Text
from textual.events import Click, Resize
from textual.geometry import Region
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from kneetrack.app.results.overview import Calendar, History
from kneetrack.domain.days import WEEK
from kneetrack.domain.value import Value
from kneetrack.views import calendar, history
from kneetrack.views.lines import Line
from kneetrack.views.rich_lines import drawn

_TALL = 40
"""From so many lines of the terminal on there is room for the figures of each week."""

_CLOSE = 2


class Days(Value):
    """The days of the year, and what was logged and noted on them."""

    calendar: Calendar
    history: History


class Year(Static, can_focus=True):
    """Weeks as columns, weekdays as rows, a cursor on one day, and that day below."""

    BINDINGS: ClassVar = [
        ("left,h", "move(-7)", "A week back"),
        ("right,l", "move(7)", "A week on"),
        ("up,k", "move(-1)", "A day back"),
        ("down,j", "move(1)", "A day on"),
        ("home,g", "move(-100000)", "The first day"),
        ("end,G", "move(100000)", "Today"),
        ("enter", "log", "Log on this day"),
    ]

    class Moved(Message):
        """The cursor is on another day."""

    class Chosen(Message):
        """Something is to be logged on the day under the cursor."""

    class Earlier(Message):
        """Days before the first one are asked for."""

    def __init__(self) -> None:
        """Take nothing; `take` gives the days."""
        super().__init__(id="year", markup=False)
        self.found: Days | None = None
        self.day: date | None = None
        self._first_week = 0
        self._pitch = 1
        self._head = 0
        self._drawn: dict[tuple[int, int, int], list[Text]] = {}

    def take(self, found: Days) -> None:
        """Show other days; the cursor stays on its day, or on today."""
        follows = self.day is None or (self.found is not None and self.day == self.found.calendar.progress.today)
        self.found, self._drawn = found, {}
        today = found.calendar.progress.today
        self.day = today if follows or self.day is None else max(min(self.day, today), self.first)
        self.draw()

    @property
    def first(self) -> date:
        """Return the first day that is known."""
        return self.found.calendar.weeks[0].first if self.found else date.min

    def draw(self) -> None:
        """Draw the days for the room that there is."""
        width = self.size.width
        if not width or self.found is None or self.day is None:
            return
        its = self.found.calendar
        self._pitch = self._fitting(width)
        fits = max(1, (width - calendar.HEADS) // self._pitch)
        at = (self.day - _monday(self.first)).days // WEEK
        self._first_week = min(at, max(0, len(its.weeks) - fits))
        head = [*map(Text, calendar.headline(its, width)), drawn([calendar.of_day(its, self.day)], width)]
        lines = self._weeks(self._first_week, fits)
        row, column = self._place(at)
        lines[row].pad_right(max(0, column + 1 - len(lines[row].plain)))
        lines[row].stylize("bold reverse" if self.has_focus else "underline", column, column + 1)
        foot = [Text(""), drawn(self._logged(width), width), Text(calendar.legend(its.exercise, width))]
        shown = Text("\n", no_wrap=True, overflow="ignore").join([*head, *lines, *foot])
        self._head = sum(part.plain.count("\n") + 1 for part in head)
        self.update(shown)
        if isinstance(self.parent, Widget) and self.has_focus:
            self.call_after_refresh(self.parent.scroll_to_region, Region(0, self._head + row, width, 1), animate=False)

    def _weeks(self, first: int, number: int) -> list[Text]:
        """Return the lines of some weeks, for the cursor to be put on; they are worked out once."""
        wanted = first, number, self._pitch
        if self.found and wanted not in self._drawn:
            weeks = self.found.calendar.weeks[first : first + number]
            self._drawn[wanted] = calendar.block(self.found.calendar, weeks, self._pitch)
        return [line.copy() for line in self._drawn[wanted]]

    def _fitting(self, width: int) -> int:
        """Return how many columns a week takes: with figures, with a gap, or close together."""
        weeks = self.found.calendar.weeks if self.found else ()
        broad = calendar.broad(weeks)
        tall = self.app.size.height >= _TALL
        return next(
            (each for each in ((broad,) if tall else ()) + (_CLOSE,) if len(weeks) * each <= width - calendar.HEADS), 1
        )

    def _place(self, at: int) -> tuple[int, int]:
        """Return the row, counted from that of the months, and the column of the cursor in a week."""
        dates = 1 if self._pitch > _CLOSE else 0
        weekday = self.day.weekday() if self.day else 0
        return 1 + dates + weekday, calendar.HEADS + (at - self._first_week) * self._pitch + max(self._pitch - 2, 0)

    def _logged(self, width: int) -> list[Line]:
        """Return what was logged and noted on the day under the cursor."""
        if self.found is None or self.day is None:
            return []
        its = self.found.history
        sessions = tuple(each for each in its.sessions if each.day == self.day)
        pains = tuple(each for each in its.pains if each.day == self.day)
        uids = [*(session.uid for session in sessions), *(pain.uid for pain in pains)]
        shorts = {uid: its.shorts[uid] for uid in uids}
        of_day = its._replace(sessions=sessions, pains=pains, shorts=shorts)
        return [*history.history(of_day, width), []] if of_day.sessions or of_day.pains else []

    def on_resize(self, _: Resize) -> None:
        """Draw for another size, and again once that is laid out: the height follows only then."""
        self.draw()
        self.call_after_refresh(self.draw)

    def watch_has_focus(self, focused: bool) -> None:  # noqa: FBT001 - Textual's signature
        """Show whether keys go here."""
        super().watch_has_focus(focused)
        self.draw()

    def on_click(self, event: Click) -> None:
        """Put the cursor on the day that is clicked."""
        if self.found is None:
            return
        above = self._head + (2 if self._pitch > _CLOSE else 1)
        week, weekday = (event.x - calendar.HEADS) // self._pitch, event.y - above
        if event.x >= calendar.HEADS and 0 <= weekday < WEEK:
            self._go(_monday(self.first) + timedelta(WEEK * (self._first_week + week) + weekday))

    def action_move(self, by: int) -> None:
        """Move the cursor by so many days; ask for earlier ones before the first."""
        if self.found and self.day:
            today = self.found.calendar.progress.today
            most, least = (today - self.day).days, (self.first - self.day).days
            if by < 0 and least == 0:
                self.post_message(self.Earlier())
            self._go(self.day + timedelta(max(min(by, most), least)))

    def _go(self, day: date) -> None:
        if self.found:
            self.day = max(min(day, self.found.calendar.progress.today), self.first)
            self.draw()
            self.post_message(self.Moved())

    def action_log(self) -> None:
        """Ask for something to be logged on the day."""
        self.post_message(self.Chosen())


def _monday(day: date) -> date:
    return day - timedelta(day.weekday())
