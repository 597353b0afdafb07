"""A guided session in lines: the clock and the words that are typed go to the player, its sentences are printed."""

import select
import sys
import time
from collections.abc import Callable, Iterable
from typing import Protocol

from kneetrack.app import session
from kneetrack.app.results import Logged
from kneetrack.app.results.session import Kept, Prepared, Ratings
from kneetrack.app.workspace import Workspace
from kneetrack.cli import console
from kneetrack.cli.environment import now
from kneetrack.domain import text
from kneetrack.domain.player import Event, Key
from kneetrack.domain.records import MAX_RATING
from kneetrack.views import session as sentences

LOOK_S = 0.2
"""How often the clock is looked at: less than the player takes for nobody being there."""

KEYS: dict[str, Key] = {"": "done", "p": "pause", "s": "skip", "b": "back", "+": "more", "-": "less", "q": "quit"}


class Desk(Protocol):
    """Where a person sits: a clock that also runs while the computer sleeps, and the lines that they type."""

    def now(self) -> float:
        """Return seconds since some moment."""

    def typed(self, seconds: float) -> str | None:
        """Wait so many seconds for a line and return it; None when none came. Raises EOFError at the end of input."""


class Terminal:
    """The desk of a real process; without `listening` nothing is read."""

    def __init__(self, *, listening: bool) -> None:
        """Read standard input, or not."""
        self._listening = listening

    def now(self) -> float:
        """Return seconds since the computer started."""
        return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))

    def typed(self, seconds: float) -> str | None:
        """Return the line that was typed within so many seconds."""
        if not self._listening:
            time.sleep(seconds)
            return None
        if not select.select([sys.stdin], [], [], seconds)[0]:
            return None
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        return line.strip().lower()


def session_of(prepared: Prepared, diary: Workspace, *, listening: bool) -> Logged | None:
    """Play a session at the terminal, and return the answer of a log; None when nothing was done of it."""
    console.say(sentences.opening(prepared))
    kept = play(prepared, lambda: Workspace(diary.place, now()), Terminal(listening=listening))
    diary.wrote = bool(kept.sets)
    if not kept.sets:
        return None
    said = ratings() if listening else Ratings()
    return session.close(Workspace(diary.place, now()), kept, said)._replace(new=kept.new)


def play(prepared: Prepared, here: Callable[[], Workspace], desk: Desk) -> Kept:
    """Play a session to its end, save each set when it ends, and return what was saved.

    `here` gives the diary with the time that it is then. The end of the input, or Ctrl-C, ends the session; what was
    done is saved. Raises what saving raises.
    """
    playing, last = session.Playing(prepared, here), desk.now()

    def say(events: Iterable[Event]) -> None:
        said = (sentences.said(event, playing.state, prepared.progress.catalogue) for event in events)
        console.say(line for line in said if line)
        console.flush()

    say(playing.begin())
    while playing.state.phase:
        try:
            word = desk.typed(min(LOOK_S, max(playing.state.left_s, 0.01)))
        except (EOFError, KeyboardInterrupt):
            word = "q"
        before, last = last, desk.now()
        say(playing.advance(max(0.0, last - before)))
        if word in KEYS:
            say(playing.press("pause" if playing.state.paused and not word else KEYS[word]))
        elif word is not None:
            console.say_page([sentences.HELP])
    return playing.kept


def ratings() -> Ratings:
    """Ask for the worst pain, the effort and a note of a session, each of which can be left out with enter."""
    pain = _rating(f"Worst pain during it, 0 to {MAX_RATING}, or enter: ")
    effort = _rating(f"Effort, 0 to {MAX_RATING}, or enter: ")
    return Ratings(pain, effort, _asked("A note, or enter: ") or None)


def _rating(question: str) -> int | None:
    """Ask until the answer is a rating or nothing."""
    while answer := _asked(question):
        number = answer.removesuffix(f"/{MAX_RATING}")
        if number.isascii() and number.isdigit() and text.whole(number) <= MAX_RATING:
            return text.whole(number)
        console.say_page([f"A number from 0 to {MAX_RATING}, or enter to leave it out."])
    return None


def _asked(question: str) -> str:
    """Ask a question and return the answer; the end of the input, or Ctrl-C, is none."""
    console.put(question)
    console.flush()
    try:
        return sys.stdin.readline().strip()
    except KeyboardInterrupt:
        return ""
