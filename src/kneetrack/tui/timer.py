"""The screen of a guided session: large digits, what to do now, what comes next. Every key goes to the player."""

from collections.abc import Callable, Iterable
from typing import ClassVar

from rich.text import Text
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.events import Key as Pressed
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from kneetrack.app.results.session import Ratings
from kneetrack.app.session import Playing
from kneetrack.domain.player import SAVING_S, Event, Key
from kneetrack.domain.records import MAX_RATING
from kneetrack.domain.text import clean, rating
from kneetrack.tui import digits
from kneetrack.tui.asked import Asked
from kneetrack.tui.sound import Sound
from kneetrack.views import session as sentences

LOOK_S = 0.05
"""How often the clock is looked at."""

_KEYS: dict[str, Key] = {
    "space": "pause",
    "enter": "done",
    "s": "skip",
    "b": "back",
    "plus": "more",
    "equals_sign": "more",
    "minus": "less",
    "q": "quit",
}


_SHOWN = {"begin", "paused", "resumed"}
"""What the screen shows in its own places."""


class Large(Widget):
    """Digits as large as the room that they have."""

    words: reactive[str] = reactive("")

    def render(self) -> Text:
        """Return the lines of the digits."""
        lines = digits.draw(self.words, self.size.width, self.size.height) if self.words else []
        broad = max(map(len, lines), default=0)
        return Text("\n".join(line.ljust(broad) for line in lines), no_wrap=True)


class Timer(App[None]):
    """Plays a session at a terminal.

    When it is over, `ratings` are the worst pain and the notes that were said meanwhile.
    """

    CSS = """
    Screen { align: center middle; }
    Static { width: 100%; text-align: center; }
    Large { height: 1fr; content-align: center middle; }
    #now, #part { text-style: bold; }
    #keys { dock: bottom; }
    """
    BINDINGS: ClassVar = [
        ("p", "pain", "Pain"),
        ("n", "note", "Note"),
        ("question_mark", "help", "Help"),
        Binding("ctrl+q,ctrl+c", "leave", "Save and quit", priority=True),
        Binding("ctrl+z", "suspend", "Pause and suspend", priority=True),
    ]
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, playing: Playing, clock: Callable[[], float], sound: Sound) -> None:
        """Take a session that is about to begin, a clock that gives seconds, and what lets it be heard."""
        super().__init__(ansi_color=True)
        self.theme = "ansi-dark"
        self.ratings = Ratings()
        self._playing = playing
        self._catalogue = playing.prepared.progress.catalogue
        self._clock = clock
        self._sound = sound
        sound.ring = self.bell
        self._last = clock()
        self._large = Large()
        self._parts = {name: Static(id=name, markup=False) for name in ("now", "part", "next", "last", "said", "keys")}

    def compose(self) -> ComposeResult:
        """Lay out what there is from top to bottom."""
        yield self._parts["now"]
        yield self._large
        yield from (self._parts[name] for name in ("part", "next", "last", "said", "keys"))

    def on_mount(self) -> None:
        """Begin the session, and look at the clock from now on."""
        self._parts["keys"].update(sentences.KEYS)
        self._last = self._clock()
        self._follow(self._playing.begin)
        self.set_interval(LOOK_S, self.look)

    def look(self) -> None:
        """Let the time pass that has passed since the last look; while a question is open it stands still."""
        before, self._last = self._last, self._clock()
        if not self._is_asking():
            self._follow(lambda: self._playing.advance(max(0.0, self._last - before)))

    def _is_asking(self) -> bool:
        """Return whether a question is open; of a screen that is closed just now, none is."""
        return any(isinstance(screen, Asked) for screen in self.screen_stack)

    def on_key(self, event: Pressed) -> None:
        """Give a key to the player."""
        key = _KEYS.get(event.key)
        if key and not self._is_asking():
            event.stop()
            self._follow(lambda: self._playing.press(key))

    def action_pain(self) -> None:
        """Ask how much it hurts now."""
        self.push_screen(Asked(f"Pain now, 0 to {MAX_RATING} (Esc to skip):"), self._rate)

    def action_note(self) -> None:
        """Ask for a note."""
        self.push_screen(Asked("Note (Esc to skip):"), self._note)

    def action_help(self) -> None:
        """Show what each key does in the place of the few that are always shown, or those again."""
        keys = self._parts["keys"]
        keys.update(sentences.ALL_KEYS if keys.content == sentences.KEYS else sentences.KEYS)

    def action_leave(self) -> None:
        """Keep what was done and end, whatever is asked just now."""
        self._follow(lambda: self._playing.press("quit"))

    def action_suspend(self) -> None:
        """Pause, however soon the person is back, and give the terminal back to the shell."""
        if not self._playing.state.paused:
            self._follow(lambda: self._playing.press("pause"))
        self.action_suspend_process()

    def _rate(self, answer: str | None) -> None:
        """Keep the worst pain that was said; ask again for what is no rating."""
        pain = rating(answer or "")
        if pain is not None:
            self.ratings = self.ratings.with_pain(pain)
        elif answer:
            self.push_screen(
                Asked(f"“{clean(answer)}” is not a number from 0 to {MAX_RATING} (Esc to skip):"), self._rate
            )

    def _note(self, answer: str | None) -> None:
        """Keep a note beside those that there are."""
        if answer:
            self.ratings = self.ratings.with_note(answer)

    def _follow(self, deed: Callable[[], Iterable[Event]]) -> None:
        """Do something with the session, show what it did, and end with it."""
        happened = list(deed())
        self._sound.hear(happened, self._catalogue)
        aside = [event for event in happened if event.cue not in _SHOWN]
        said = [line for event in aside if (line := sentences.said(event, self._playing.state, self._catalogue))]
        if self._playing.failed:
            self._parts["said"].update(str(self._playing.failed))
        elif said or any(event.cue == "begin" for event in happened):
            self._parts["said"].update("".join(span.text for line in said[-1:] for span in line))
        if any(event.finished for event in happened):
            self._last = max(self._last, self._clock() - SAVING_S)
        if self._playing.state.phase is None:
            self.exit()
        self._draw()

    def _draw(self) -> None:
        """Show the moment."""
        shown = sentences.frame(self._playing.state, self._playing.prepared)
        self._large.words = shown.large
        for name in ("now", "part", "next", "last"):
            self._parts[name].update(getattr(shown, name))
