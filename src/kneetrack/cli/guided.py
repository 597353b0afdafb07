"""A guided session in lines: the clock and the words that are typed go to the player, its sentences are printed."""

import select
import sys
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

from kneetrack.app import session
from kneetrack.app.results.session import Prepared, Ratings
from kneetrack.app.workspace import Workspace
from kneetrack.cli import console
from kneetrack.cli.environment import now
from kneetrack.domain import text
from kneetrack.domain.catalogue import Catalogue
from kneetrack.domain.player import SAVING_S, Event, Key
from kneetrack.domain.records import MAX_NOTE, MAX_RATING
from kneetrack.domain.value import Value
from kneetrack.views import answer
from kneetrack.views import session as sentences

if TYPE_CHECKING:
    from kneetrack.tui.sound import Sound

LOOK_S = 0.2
"""How often the clock is looked at: less than the player takes for nobody being there."""

KEYS: dict[str, Key] = {"": "done", "w": "pause", "s": "skip", "b": "back", "+": "more", "-": "less", "q": "quit"}


def seconds_now() -> float:
    """Return seconds since the computer started, also those in which it slept."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class Options(Value):
    """How a person takes part: lines or a screen, whether anything is read from them, and the sound they asked for.

    Without one it is that of the settings, and where no program plays it the bell rings without a word.
    """

    plain: bool
    listening: bool
    sound: str | None


class LineInput(Protocol):
    """What a session in lines needs: a clock that also runs while the computer sleeps, and the lines that they type."""

    listening: bool

    def now(self) -> float:
        """Return seconds since some moment."""

    def typed(self, seconds: float) -> str | None:
        """Wait so many seconds for a line and return it; None when none came. Raises EOFError at the end of input."""


class Terminal:
    """The lines of a real process; without `listening` nothing is read, and the clock alone goes on."""

    def __init__(self, *, listening: bool) -> None:
        """Read standard input, or not."""
        self.listening = listening

    def now(self) -> float:
        """Return seconds since the computer started."""
        return seconds_now()

    def typed(self, seconds: float) -> str | None:
        """Return the line that was typed within so many seconds."""
        if not self.listening:
            time.sleep(seconds)
            return None
        if not select.select([sys.stdin], [], [], seconds)[0]:
            return None
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        return line.strip()


def run(prepared: Prepared, diary: Workspace, options: Options) -> None:
    """Play a session at the terminal, ask how it was, and print the answer of a log.

    Raises what kept a set from being saved, once everything else is.
    """
    from kneetrack.tui.awake import awake
    from kneetrack.tui.sound import Sound

    playing, said = session.Playing(prepared, lambda: Workspace(diary.place, now())), Ratings()
    try:
        with Sound(options.sound or prepared.sound, console.ring) as sound, awake():
            if sound.notice and (options.sound or prepared.is_sound_chosen):
                console.complain(sound.notice)
            if options.plain:
                console.say(sentences.opening(prepared))
                said = play(playing, prepared.progress.catalogue, Terminal(listening=options.listening), sound)
            else:
                said = _on_a_screen(playing, sound)
    finally:
        diary.wrote = playing.wrote
    _close(playing, Workspace(diary.place, now()), said, options)
    if playing.failed:
        raise playing.failed


def _close(playing: session.Playing, diary: Workspace, said: Ratings, options: Options) -> None:
    """Ask how the session was, and print what was done."""
    if not playing.saved.sets:
        console.say([sentences.NOTHING_SAVED])
        return
    result = session.close(diary, playing.saved, ratings(said) if options.listening else said)
    console.answer(playing.saved.new, answer.logged(result, console.width()))


def _on_a_screen(playing: session.Playing, sound: "Sound") -> Ratings:
    """Play a session on a screen, and return what was said meanwhile."""
    from kneetrack.tui.timer import Timer

    timer = Timer(playing, seconds_now, sound)
    timer.run()
    console.forget_typed()
    return timer.ratings


def play(playing: session.Playing, catalogue: Catalogue, lines: LineInput, sound: "Sound") -> Ratings:
    """Play a session to its end in lines, and return what was said meanwhile.

    The end of the input, or Ctrl-C, ends it, and what was done is saved.
    """
    noted = Ratings()

    def say(events: Iterable[Event]) -> None:
        events = list(events)
        sound.hear(events, catalogue)
        said = (sentences.said(event, playing.state, catalogue) for event in events)
        console.say(line for line in said if line)
        if events and playing.failed:
            console.say_page([*playing.failed.details, str(playing.failed)])
        console.flush()

    last = lines.now()
    say(playing.begin())
    while playing.state.phase:
        try:
            word = lines.typed(min(LOOK_S, max(playing.state.left_s, 0.01)))
            before, last = last, lines.now()
            if happened := playing.advance(max(0.0, last - before)):
                say(happened)
                last = max(last, lines.now() - SAVING_S) if any(event.finished for event in happened) else last
            if playing.state.paused and not lines.listening:
                say(playing.press("pause"))
            elif word is not None and word.lower() in KEYS:
                say(playing.press("pause" if playing.state.paused and not word else KEYS[word.lower()]))
            elif word is not None:
                noted = _remarked(noted, word)
        except (EOFError, KeyboardInterrupt):
            say(playing.press("quit"))
    return noted


def _remarked(noted: Ratings, line: str) -> Ratings:
    """Return what was said with what a line adds to it: `p 3` a pain, `n …` a note; say so when it is neither."""
    key, _, words = line.partition(" ")
    pain = text.rating(words) if key.lower() == "p" else None
    if pain is not None:
        console.say_page([f"Pain {pain} noted."])
        return noted.with_pain(pain)
    if key.lower() == "n" and words.strip():
        console.say_page([f"Noted: “{text.clean(words.strip())}”"])
        return noted.with_note(words.strip())
    console.say_page([f"“{text.echo(line)}” is not one of these, each followed by Enter: {sentences.HELP}"])
    return noted


def ratings(said: Ratings) -> Ratings:
    """Ask for worst pain, effort and a note of a session; enter leaves each as it was said meanwhile, or out."""
    usual = "Enter to skip" if said.pain is None else f"Enter keeps {said.pain}"
    pain = _rating(f"Worst pain, 0 to {MAX_RATING} ({usual}): ")
    effort = _rating(f"Effort, 0 to {MAX_RATING} (Enter to skip): ")
    note = said.note or _asked("Note (Enter to skip): ")
    while len(note) > MAX_NOTE:
        note = _asked(f"A note has at most {MAX_NOTE} characters, and this one {len(note)}. Note (Enter to skip): ")
    return Ratings(said.pain if pain is None else pain, effort, note or None)


def _rating(question: str) -> int | None:
    """Ask until the answer is a rating or nothing."""
    while answer := _asked(question):
        if (found := text.rating(answer)) is not None:
            return found
        console.say_page([f"Please type a number from 0 to {MAX_RATING}, or Enter to skip."])
    return None


def _asked(question: str) -> str:
    """Ask a question and return the answer; the end of the input, or Ctrl-C, is none."""
    console.put(question)
    console.flush()
    try:
        return sys.stdin.readline().strip()
    except KeyboardInterrupt:
        return ""
