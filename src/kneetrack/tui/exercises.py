"""Today on a screen that stays: its lines as `kneetrack` prints them, and a cursor on one exercise."""

from typing import ClassVar

from textual.events import Click, Resize
from textual.geometry import Region
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from kneetrack.app.results import Today
from kneetrack.views import today as screen
from kneetrack.views.lines import Line, Span, fold
from kneetrack.views.rich_lines import drawn

HERE, ELSEWHERE = "▸ ", "▹ "
"""The cursor where keys go, and where they do not."""


class Exercises(Static, can_focus=True):
    """Today, with a cursor on the exercise that the keys are about."""

    BINDINGS: ClassVar = [
        ("down,j", "move(1)", "Next exercise"),
        ("up,k", "move(-1)", "Previous exercise"),
        ("home,g", "move(-1000)", "First exercise"),
        ("end,G", "move(1000)", "Last exercise"),
        ("enter", "log", "Log what is left"),
    ]

    class Moved(Message):
        """The cursor is on another exercise."""

    class Chosen(Message):
        """What is left of the exercise under the cursor is to be logged."""

    def __init__(self, found: Today, exercise: str | None = None) -> None:
        """Take today, and the exercise that the cursor begins on; the first one unless told otherwise."""
        super().__init__(id="today", markup=False)
        self.found = found
        self._at = self._listed().index(exercise) if exercise in self._listed() else 0
        self._owners: list[str | None] = []

    @property
    def exercise(self) -> str | None:
        """Return the id of the exercise under the cursor; None where there is none."""
        listed = self._listed()
        return listed[self._at] if listed else None

    def take(self, found: Today) -> None:
        """Show another today; the cursor stays on its exercise."""
        before = self.exercise
        self.found = found
        listed = self._listed()
        self._at = listed.index(before) if before in listed else max(min(self._at, len(listed) - 1), 0)
        self._draw()

    def _listed(self) -> list[str]:
        return [*self.found.progress.plan, *self.found.others]

    def _draw(self) -> None:
        """Draw the lines for the width that there is, and bring those of the cursor into view."""
        width = self.size.width
        if not width:
            return
        its = screen.parts(self.found, width)
        lines: list[tuple[str | None, Line]] = [(None, line) for line in its.head]
        lines += [(exercise, line) for exercise, own in its.exercises.items() for line in self._marked(exercise, own)]
        lines += [(None, line) for line in (*its.foot, *screen.beneath(self.found))]
        rows = [(owner, row) for owner, line in lines for row in fold(line, width)]
        self._owners = [owner for owner, _ in rows]
        self.update(drawn([row for _, row in rows], width))
        if self.exercise in self._owners:
            first, size = self._owners.index(self.exercise), self._owners.count(self.exercise)
            self.call_after_refresh(self.scroll_visible_rows, first, size)

    def scroll_visible_rows(self, first: int, size: int) -> None:
        """Bring some rows into view."""
        if self.parent and isinstance(self.parent, Widget):
            self.parent.scroll_to_region(Region(0, first, self.size.width, size), animate=False)

    def _marked(self, exercise: str, lines: list[Line]) -> list[Line]:
        """Return the lines of an exercise with the cursor before them, if it is there."""
        if exercise != self.exercise:
            return lines
        cursor = Span(HERE, "name") if self.has_focus else Span(ELSEWHERE, "quiet")
        return [[cursor, *lines[0][1:]], *lines[1:]]

    def on_resize(self, _: Resize) -> None:
        """Draw for another size, and again once that is laid out: the height follows only then."""
        self._draw()
        self.call_after_refresh(self._draw)

    def watch_has_focus(self, focused: bool) -> None:  # noqa: FBT001 - Textual's signature
        """Show whether keys go here."""
        super().watch_has_focus(focused)
        self._draw()

    def on_click(self, event: Click) -> None:
        """Put the cursor on the exercise that is clicked; a second click on it logs what is left."""
        owner = self._owners[event.y] if event.y < len(self._owners) else None
        if owner is None:
            return
        if event.chain > 1:
            self.action_log()
        else:
            self._go(self._listed().index(owner))

    def action_move(self, by: int) -> None:
        """Move the cursor by so many exercises."""
        self._go(self._at + by)

    def _go(self, at: int) -> None:
        self._at = max(min(at, len(self._listed()) - 1), 0)
        self._draw()
        self.post_message(self.Moved())

    def action_log(self) -> None:
        """Ask for what is left to be logged."""
        if self.exercise:
            self.post_message(self.Chosen())
