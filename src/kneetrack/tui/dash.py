"""The dashboard: today, and below it the weeks, the year, an exercise, pain, the plan or the history."""

import asyncio
import shlex
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, ClassVar, TypeAlias, TypeVar

from rich.text import Text
from textual import work
from textual.app import App, ComposeResult, SystemCommand
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.events import Click, Resize
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from kneetrack.app import today
from kneetrack.app.results import Today
from kneetrack.app.workspace import Workspace
from kneetrack.domain import text
from kneetrack.domain.errors import KneetrackError, NotDoneError
from kneetrack.domain.value import Value
from kneetrack.tui import deeds
from kneetrack.tui.asked import Asked
from kneetrack.tui.below import Below
from kneetrack.tui.exercises import HERE, Exercises
from kneetrack.tui.keys import ACTS
from kneetrack.tui.panes import EXERCISE, MOST_MONTHS, PANES, WEEKS, YEAR, YEAR_MONTHS, Choice
from kneetrack.tui.year import Year
from kneetrack.views import answer
from kneetrack.views import today as screen
from kneetrack.views.lines import Line, Span
from kneetrack.views.paragraphs import side_by_side
from kneetrack.views.rich_lines import drawn

LOOK_S = 1.0
"""How often the diary's file and the clock are looked at."""

_SOON_S = 1.0
"""What takes longer than this is said to."""

_NAME = "kneetrack "

_KEYS = ("enter log", "a add", "u undo", "p pain", "e edit", "s start", "tab", "? help", "q quit")
_FEW_KEYS = ("enter log", "u undo", "s start", "tab", "? help", "q quit")

Result = TypeVar("Result")
Read: TypeAlias = Callable[[str], tuple[str, dict[str, Any]]]
"""Returns the name of the command that a line is, and its values; raises WrongUseError for a line that is none."""


class View(Value):
    """Where a person is: the key of the open pane, and the exercise under the cursor."""

    pane: str = WEEKS
    exercise: str | None = None


class Guided(Value):
    """A guided session that was asked for: the exercises, none for all that is left, and where to go on after it."""

    exercises: tuple[str, ...]
    view: View


class Drawn(Static):
    """What the open pane shows, drawn for one width."""

    class Resized(Message):
        """It has another width."""

    drawn_at = 0

    def on_resize(self, event: Resize) -> None:
        """Ask to be drawn for another width."""
        if event.size.width not in {0, self.drawn_at}:
            self.post_message(self.Resized())


class Bar(Static):
    """The titles of the panes, each with its key; a click opens one.

    Where a screen is too narrow for all of them, the panes that are not open are named by their keys alone.
    """

    def __init__(self) -> None:
        """Have no titles yet."""
        super().__init__(id="bar", markup=False)
        self._titles: dict[str, str] = {}

    def draw(self, chosen: str, width: int, *, focused: bool) -> None:
        """Show which pane is open, and whether keys go to it."""
        self._titles = {key: f" {key} {pane.title} " for key, pane in PANES.items()}
        if len(HERE) + sum(map(len, self._titles.values())) > width:
            self._titles = {key: f" {key} " for key in PANES}
        self._titles[chosen] = f"[{chosen} {PANES[chosen].title}]"
        shown = Text(HERE if focused else "  ", "bold")
        for key, title in self._titles.items():
            shown.append(title, "bold" if key == chosen else "")
        self.update(shown)

    def on_click(self, event: Click) -> None:
        """Open the pane whose title is clicked."""
        at = len(HERE)
        for key, title in self._titles.items():
            at += len(title)
            if event.x < at:
                self.app.call_later(self.app.run_action, f"pane('{key}')")
                return


class Dash(App[Guided]):
    """The dashboard. It ends with the guided session that was asked for, or with None when it was left."""

    CSS = """
    Screen { background: ansi_default; }
    VerticalScroll {
        background: ansi_default;
        scrollbar-size: 1 1;
        scrollbar-color: ansi_default; scrollbar-color-hover: ansi_default; scrollbar-color-active: ansi_default;
        scrollbar-background: ansi_default; scrollbar-background-hover: ansi_default;
        scrollbar-background-active: ansi_default;
    }
    #above { height: auto; max-height: 50%; }
    #below { height: 1fr; scrollbar-gutter: stable; }
    #said { height: auto; max-height: 8; }
    #bar { height: 1; text-wrap: nowrap; }
    #hint { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    Static { width: 100%; }
    CommandPalette Vertical, CommandPalette Horizontal, CommandPalette Input, CommandPalette Input:focus,
    CommandPalette SearchIcon, CommandPalette CommandList, CommandPalette CommandList:focus {
        background: ansi_default; color: ansi_default;
    }
    CommandPalette #--input, CommandPalette #--input.--list-visible { border: round ansi_default; }
    CommandPalette CommandList, CommandPalette CommandList:focus { border: round ansi_default; scrollbar-size: 0 0; }
    CommandPalette CommandList > .option-list--option-highlighted {
        background: ansi_default; color: ansi_default; text-style: bold reverse;
    }
    CommandPalette Input > .input--cursor { background: ansi_default; color: ansi_default; text-style: reverse; }
    Year { display: none; }
    .-year Year { display: block; }
    .-year #text { display: none; }
    """
    AUTO_FOCUS = "Exercises"
    BINDINGS: ClassVar = [
        *(Binding(act.keys, act.action, act.does) for act in ACTS if act.action),
        Binding("ctrl+c,ctrl+q", "quit", "Quit", priority=True),
        Binding("ctrl+z", "suspend_process", "Suspend", priority=True),
    ]

    def __init__(self, found: Today, here: Callable[[], Workspace], read: Read, view: View | None = None) -> None:
        """Take today, what gives the diary with the time that it is, what reads a line, and where to begin."""
        super().__init__(ansi_color=True)
        self.theme = "ansi-dark"
        view = view or View()
        self.exercises = Exercises(found, view.exercise)
        self.year = Year()
        self.pane = view.pane
        self.shown: Any = None
        self._here = here
        self._read = read
        self._months, self._whole = YEAR_MONTHS, True
        self._seen: object = None
        self._had_diary = False
        self._failure: list[Line] | None = None
        self._queue = asyncio.Lock()
        self._answer: list[Line] = []
        self._parts = {name: Static(id=name, markup=False) for name in ("said", "hint", "keys")}
        self._drawn = Drawn(id="text", markup=False)
        self._bar = Bar()

    def compose(self) -> ComposeResult:
        """Lay out what there is from top to bottom."""
        with VerticalScroll(id="above", can_focus=False):
            yield self.exercises
        yield self._bar
        with Below(id="below"):
            yield self._drawn
            yield self.year
        yield from (self._parts[name] for name in ("said", "hint", "keys"))

    def on_mount(self) -> None:
        """Show what was read, read the rest, and look at the diary from now on."""
        self.watch(self.screen, "focused", self._refocus)
        self._open(self.pane)
        self._load()
        self.set_interval(LOOK_S, self.look)

    def on_resize(self, _: Resize) -> None:
        """Draw for another size."""
        self.call_after_refresh(self._draw)

    # What is read

    @work(group="looks", exclusive=True)
    async def look(self) -> None:
        """Read anew what is shown, once the diary was written to by whomever, or another day has begun."""
        if not self._queue.locked() and await asyncio.to_thread(self._sight, self._here()) != self._seen:
            self._load()

    def _sight(self, diary: Workspace) -> object:
        """Return what is another value once what is shown may be another."""
        return diary.stamp(), text.diary_day(diary.now, self.exercises.found.day_start)

    @work(group="reads", exclusive=True)
    async def _load(self, *, whole: bool = True) -> None:
        """Read the open pane and, as a whole, today too, and show them.

        Or say why they cannot be read, and try again at each look.
        """
        async with self._at_the_diary():
            here, pane, width = self._here(), PANES[self.pane], self.size.width
            seen = await asyncio.to_thread(self._sight, here)
            try:
                if whole:
                    read = partial(_worked_out, partial(today.show, here), screen.today, width)
                    self.exercises.take(await asyncio.to_thread(self._at, here, read))
                    self._seen = seen
                self.shown = await asyncio.to_thread(self._at, here, partial(pane.read, self._here(), self._choice()))
            except KneetrackError as error:
                self._seen = None
                self._say([*_sentences(error), [Span("What you see was read before that.", "quiet")]])
                self._failure = self._answer
                return
            if self._answer is self._failure:
                self._answer = []
            self._failure = None
            await self._show_pane()
        self._draw()

    def _at(self, diary: Workspace, work: Callable[[], Result]) -> Result:
        """Return what `work` returns.

        Raises NoDiaryError where there was a diary and is none any more, so that no key makes a new one in its place.
        """
        if self._had_diary:
            diary.require()
        else:
            self._had_diary = diary.exists()
        return work()

    async def _show_pane(self) -> None:
        """Draw the open pane, which of decades takes so long that no key may wait for it."""
        width = self._drawn.size.width or self.size.width - 1
        shown = await asyncio.to_thread(PANES[self.pane].show, self.shown, width)
        if self.pane == YEAR:
            self.year.take(self.shown)
        else:
            self._drawn.drawn_at = width
            self._drawn.update(shown)

    @work(group="draws", exclusive=True)
    async def on_drawn_resized(self) -> None:
        """Draw the open pane for another width."""
        async with self._queue:
            if self.shown is not None and self.pane != YEAR:
                await self._show_pane()

    @asynccontextmanager
    async def _at_the_diary(self) -> AsyncIterator[None]:
        """Wait for one's turn, and say so when what is done then takes long."""
        async with self._queue:
            waiting = self.set_timer(_SOON_S, partial(self._parts["hint"].update, "Waiting for the diary …"))
            try:
                yield
            finally:
                waiting.stop()
        self._refocus()

    def _choice(self) -> Choice:
        chosen = self.exercises.exercise
        typed = self.exercises.found.progress.catalogue.get(chosen).typed if chosen else None
        return Choice(typed, self._months, self._whole)

    # What is shown

    def _draw(self) -> None:
        """Draw all but today and the year, which draw themselves, for the width that there is."""
        width = self.size.width
        self._parts["said"].update(drawn(self._answer, width))
        keys = side_by_side(list(_KEYS), width)
        self._parts["keys"].update((keys if len(keys) == 1 else side_by_side(list(_FEW_KEYS), width))[0])
        self._refocus()

    def _focused(self) -> Widget | None:
        """Return where keys go, or will go once what is asked over it is closed."""
        return self.screen_stack[0].focused if self.screen_stack else None

    def _refocus(self, _: Widget | None = None) -> None:
        """Show where keys go, and the command that does what enter does there, or that prints what is there."""
        below = self._focused() is not self.exercises
        self._bar.draw(self.pane, self.size.width, focused=below)
        choice = self._choice()
        if not below:
            line = f"enter: kneetrack log {choice.exercise}" if choice.exercise else "kneetrack today"
        else:
            line = f"kneetrack {PANES[self.pane].line(choice)}"
        if below and self.pane == YEAR and self.year.day:
            line = f"enter: kneetrack {self._log_of_the_day()} · {line}"
        self._parts["hint"].update(Text(line, "dim"))

    def _say(self, lines: Iterable[Line], line: str | None = None) -> None:
        """Show an answer below the command that it is one to."""
        command: list[Line] = [[Span(f"$ kneetrack {text.clean(line)}", "quiet")]] if line else []
        self._answer = [*command, *lines]
        self._draw()

    # What keys do

    def action_pane(self, key: str) -> None:
        """Open a pane; the keys go along to the year, for its cursor, and come back from there to today."""
        was_year = self._focused() is self.year
        self._open(key)
        if key == YEAR:
            self.year.focus()
        elif was_year:
            self.exercises.focus()

    def _open(self, key: str) -> None:
        self.pane, self.shown = key, None
        below = self.query_one("#below", Below)
        was_below = self._focused() is below
        self.set_class(key == YEAR, "-year")
        below.can_focus = key != YEAR
        below.scroll_home(animate=False)
        self._drawn.update("")
        if was_below and key != YEAR:
            below.focus()
        self._load(whole=False)

    def action_whole(self) -> None:
        """Show the year of the exercise under the cursor, or of the whole plan."""
        self._whole = not self._whole
        self._load(whole=False)

    def on_year_earlier(self) -> None:
        """Read twice as many months."""
        if self._months < MOST_MONTHS:
            self._months = min(2 * self._months, MOST_MONTHS)
            self._load(whole=False)

    def on_year_moved(self) -> None:
        """Name the day in the hint."""
        self._refocus()

    def on_year_chosen(self) -> None:
        """Ask what to log on the day under the cursor."""
        self.action_type(f"{self._log_of_the_day()} ")

    def _log_of_the_day(self) -> str:
        """Return the line that logs the exercise under the cursor, where there is one, on the day under the other."""
        return " ".join(filter(None, ("log", self._choice().exercise, f"-d {self.year.day}")))

    def on_exercises_moved(self) -> None:
        """Show the exercise that the cursor is on now, where the pane is about it."""
        self._refocus()
        if self.pane == EXERCISE or (self.pane == YEAR and not self._whole):
            self._load(whole=False)

    def on_exercises_chosen(self) -> None:
        """Log what is left of the exercise under the cursor."""
        self._do(f"log {self._choice().exercise}")

    def action_deed(self, line: str) -> None:
        """Do what a line does."""
        self._do(line)

    def action_add(self) -> None:
        """Ask for the rest of a log."""
        self.action_type(f"log {self._choice().exercise or ''} ")

    def action_skip(self) -> None:
        """Ask for the rest of a skip."""
        self.action_type(f"skip {self._choice().exercise or ''} ")

    def action_note(self) -> None:
        """Ask for a note about today."""
        self.push_screen(Asked("A note about today:", broad=True), self._noted)

    def _noted(self, note: str | None) -> None:
        """Keep a note about today."""
        if note:
            self._do(f"pain --note {shlex.quote(note)}")

    def action_type(self, begun: str) -> None:
        """Ask for a line, of which the beginning is there."""
        question = f"What may follow: {deeds.takes(begun)}"
        self.push_screen(Asked(question, f"{_NAME}{begun}", broad=True), self._typed)

    def _typed(self, line: str | None) -> None:
        """Do what a line does that was typed, with the name of the program before it or without."""
        words = (line or "").removeprefix(_NAME.strip()).strip()
        if words:
            self._do(words)

    def action_start(self, one: bool) -> None:  # noqa: FBT001 - an action of a key
        """End with a guided session, of all that is left or of the exercise under the cursor."""
        chosen = self._choice().exercise
        self.exit(Guided((chosen,) if one and chosen else (), View(self.pane, self.exercises.exercise)))

    def action_help(self) -> None:
        """Show every key."""
        from kneetrack.tui.help import Help  # noqa: PLC0415 - the first frame does not wait for it

        self.push_screen(Help())

    def action_clear(self) -> None:
        """Clear the answer."""
        self._say([])

    def get_system_commands(self, _: Screen[Any]) -> Iterable[SystemCommand]:
        """Yield what the command palette finds."""
        for act in ACTS:
            if act.action:
                line = f"kneetrack {act.line} · " if act.line else ""
                yield SystemCommand(act.does, f"{line}key {act.shown}", partial(self.run_action, act.action))

    # What is done

    @work(group="deeds")
    async def _do(self, line: str, *, sure: bool = False) -> None:
        """Do what a line does, show its answer, and read anew what is shown; then make the day's backup."""
        diary = self._here()
        async with self._at_the_diary():
            try:
                name, values = self._read(line)
                work = partial(deeds.do, name, values, diary, self.size.width, sure=sure)
                done = await asyncio.to_thread(self._at, diary, work)
            except KneetrackError as error:
                self._say(_sentences(error), line)
                return
            self._say(done.lines, line)
        if done.question:
            self.push_screen(Asked(f"{done.question} [y/N]"), partial(self._confirmed, line))
            return
        self._load()
        if diary.wrote:
            await self._back_up(diary)

    def _confirmed(self, line: str, said: str | None) -> None:
        """Do what a line does, once the person is sure of it."""
        if said and said.lower() in {"y", "yes"}:
            self._do(line, sure=True)
        else:
            self._say(deeds.sentence("Nothing was logged."))

    async def _back_up(self, diary: Workspace) -> None:
        """Make the day's backup, or say why there is none; sync where that is automatic."""
        try:
            made = await asyncio.to_thread(diary.back_up)
            if made and diary.place.backend.names > 1:
                self._say([*self._answer, [Span(answer.SECOND_NAME)]])
        except Exception as error:  # noqa: BLE001 - whatever it is, what was asked for is done
            why = error.why if isinstance(error, NotDoneError) else error
            self._say([*self._answer, [Span(answer.not_backed_up(why))]])
        await asyncio.to_thread(diary.sync_automatically)


def _worked_out(read: Callable[[], Any], show: Callable[[Any, int], object], width: int) -> Any:  # noqa: ANN401 - what is read
    """Return what is read once it was drawn, so that the screen, where it is drawn again, finds all worked out."""
    found = read()
    show(found, width)
    return found


def _sentences(error: KneetrackError) -> list[Line]:
    return [[Span(text.clean(said))] for said in (*error.details, str(error))]
