"""The dashboard: today, and below it the weeks, the year, an exercise, pain, the plan or the history."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar, TypeAlias

from rich.text import Text
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.events import Click
from textual.widgets import Static

from kneetrack.app import today
from kneetrack.app.results import Today
from kneetrack.app.workspace import Workspace
from kneetrack.domain import text
from kneetrack.domain.errors import KneetrackError
from kneetrack.tui import deeds
from kneetrack.tui.exercises import HERE, Exercises
from kneetrack.tui.panes import PANES, Choice
from kneetrack.views.lines import Line, Span
from kneetrack.views.rich_lines import drawn

LOOK_S = 1.0
"""How often the diary's file and the clock are looked at."""

KEYS = "enter log · a add · u undo · p pain · e edit · s start · 1-6 views · tab · ? help · q quit"

Read: TypeAlias = Callable[[str], tuple[str, dict[str, Any]]]
"""Returns the name of the command that a line is, and its values; raises WrongUseError for a line that is none."""


class Below(VerticalScroll):
    """The pane below today, which scrolls by the keys of vi too."""

    BINDINGS: ClassVar = [
        ("j", "scroll_down", "Down"),
        ("k", "scroll_up", "Up"),
        ("g", "scroll_home", "To the top"),
        ("G", "scroll_end", "To the end"),
    ]


class Bar(Static):
    """The titles of the panes, each with its key; a click opens one."""

    def draw(self, chosen: str, *, focused: bool) -> None:
        """Show which pane is open, and whether keys go to it."""
        shown = Text(HERE if focused else "  ")
        for key, pane in PANES.items():
            words = f"{key} {pane.title}"
            shown.append(f"[{words}]" if key == chosen else f" {words} ", "bold" if key == chosen else "")
        self.update(shown)

    def on_click(self, event: Click) -> None:
        """Open the pane whose title is clicked."""
        at = len(HERE)
        for key, pane in PANES.items():
            at += len(f" {key} {pane.title} ")
            if event.x < at:
                self.app.call_later(self.app.run_action, f"pane('{key}')")
                return


class Dash(App[tuple[str, ...]]):
    """The dashboard. It ends with the exercises of a guided session that was asked for, None when it was left."""

    CSS = """
    #above { height: auto; max-height: 60%; scrollbar-size: 1 1; }
    #below { height: 1fr; scrollbar-size: 1 1; scrollbar-gutter: stable; }
    #below, #below:focus { background: ansi_default; }
    #said { height: auto; max-height: 8; }
    Static { width: 100%; }
    """
    BINDINGS: ClassVar = [
        *(Binding(key, f"pane('{key}')", pane.title, show=False) for key, pane in PANES.items()),
        ("u", "deed('undo')", "Undo"),
        ("U,ctrl+r", "deed('redo')", "Redo"),
        ("q", "quit", "Quit"),
        Binding("ctrl+c,ctrl+q", "quit", "Quit", priority=True),
        Binding("ctrl+z", "suspend_process", "Suspend", priority=True),
    ]
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, found: Today, here: Callable[[], Workspace], read: Read) -> None:
        """Take today, what gives the diary with the time that it is, and what reads a line."""
        super().__init__(ansi_color=True)
        self.theme = "ansi-dark"
        self.exercises = Exercises(found)
        self.shown: Any = None
        self._here = here
        self._read = read
        self._pane = "1"
        self._seen: object = None
        self._queue = asyncio.Lock()
        self._below = Static(id="text", markup=False)
        self._bar = Bar(id="bar", markup=False)
        self._said = Static(id="said", markup=False)
        self._keys = Static(id="keys", markup=False)

    def compose(self) -> ComposeResult:
        """Lay out what there is from top to bottom."""
        with VerticalScroll(id="above", can_focus=False):
            yield self.exercises
        yield self._bar
        with Below(id="below"):
            yield self._below
        yield self._said
        yield self._keys

    def on_mount(self) -> None:
        """Show what was read, read the rest, and look at the diary from now on."""
        self._keys.update(KEYS)
        self.exercises.focus()
        self._bar.draw(self._pane, focused=False)
        self._load()
        self.set_interval(LOOK_S, self.look)

    # What is read

    def look(self) -> None:
        """Read anew what is shown, once the diary was written to by whomever, or another day has begun."""
        if not self._queue.locked() and self._sight(self._here()) != self._seen:
            self._load()

    def _sight(self, diary: Workspace) -> object:
        """Return what is another value once what is shown may be another."""
        return diary.stamp(), text.diary_day(diary.now, self.exercises.found.day_start)

    def _load(self) -> None:
        self.run_worker(self._loaded(), group="reads", exclusive=True)

    async def _loaded(self) -> None:
        """Read today and the open pane, and show them."""
        async with self._queue:
            diary = self._here()
            seen = self._sight(diary)
            try:
                found = await asyncio.to_thread(today.show, diary)
                self.exercises.take(found)
                self.shown = await asyncio.to_thread(PANES[self._pane].read, self._here(), self._choice())
            except KneetrackError as error:
                self._seen = None
                self._say_error(error)
                return
            self._seen = seen
            self._draw()

    def _choice(self) -> Choice:
        chosen = self.exercises.exercise
        return Choice(chosen and self.exercises.found.progress.catalogue.get(chosen).typed)

    def _draw(self) -> None:
        """Draw the open pane for the width that there is."""
        width = self._below.size.width
        if width and self.shown is not None:
            self._below.update(PANES[self._pane].show(self.shown, width))

    # What is done

    def on_exercises_chosen(self) -> None:
        """Log what is left of the exercise under the cursor."""
        self._do(f"log {self._choice().exercise}")

    def action_deed(self, line: str) -> None:
        """Do what a line does."""
        self._do(line)

    def _do(self, line: str, *, sure: bool = False) -> None:
        self.run_worker(self._done(line, sure=sure), group="deeds")

    async def _done(self, line: str, *, sure: bool) -> None:
        """Do what a line does, show its answer, and read anew what is shown."""
        async with self._queue:
            try:
                name, values = self._read(line)
                diary = self._here()
                deed = partial(deeds.do, name, values, diary, self.size.width, sure=sure)
                done = await asyncio.to_thread(deed)
            except KneetrackError as error:
                self._say_error(error, line)
                return
            self._say(done.lines, line)
        self._load()

    def _say(self, lines: list[Line], line: str) -> None:
        self._said.update(drawn([[Span(f"$ kneetrack {line}", "quiet")], *lines], self.size.width))

    def _say_error(self, error: KneetrackError, line: str | None = None) -> None:
        lines: list[Line] = [[Span(said)] for said in (*error.details, str(error))]
        if line:
            self._say(lines, line)
        else:
            self._said.update(drawn(lines, self.size.width))
