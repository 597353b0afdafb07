"""`start`: the clock and what is typed go to the player, and its sentences are printed."""

import io
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import NOW, Run, sessions
from kneetrack.app import log, session
from kneetrack.app.results.session import Saved
from kneetrack.app.session_input import Options
from kneetrack.app.workspace import Place, Workspace
from kneetrack.cli import console, guided
from kneetrack.domain.errors import KneetrackError
from kneetrack.domain.player import Finished
from kneetrack.tui.sound import Sound
from kneetrack.tui.timer import Timer
from kneetrack.views.session import HELP

pytestmark = pytest.mark.usefixtures("diary", "clock")


class Script:
    """A person who types words at moments, in seconds from the beginning; no time passes for the test."""

    def __init__(
        self, typed: dict[float, str], jumps: dict[float, float] | None = None, *, listening: bool = True
    ) -> None:
        """Take the words, by how much the clock jumps when, and whether anything is typed at all."""
        self.listening = listening
        self._typed = dict(typed)
        self._jumps = dict(jumps or {})
        self._now = 0.0

    def now(self) -> float:
        """Return the time."""
        return self._now

    def typed(self, seconds: float) -> str | None:
        """Let the time pass, and return what is typed by then."""
        self._now += seconds
        for at in [at for at in self._jumps if at <= self._now]:
            self._now += self._jumps.pop(at)
        due = [at for at in self._typed if at <= self._now]
        word = self._typed.pop(due[0]) if due else None
        if word == "EOF":
            raise EOFError
        return word


@pytest.fixture
def play(diary: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[Saved, str]]:
    """Return a function that plays a session and returns what was kept and what was printed."""

    def here() -> Workspace:
        return Workspace(Place(diary, named=True), NOW)

    def _play(script: Script, *words: str) -> tuple[Saved, str]:
        prepared = session.prepare(here(), words)
        playing = session.Playing(prepared, here)
        guided.play(playing, prepared.progress.catalogue, script, Sound("off", print))
        return playing.saved, capsys.readouterr().out

    return _play


def amounts(run: Run) -> list[tuple[str, int | None]]:
    """Return what the diary has: exercises and repetitions."""
    return [(its["exercise"], its["reps"]) for its in sessions(run)]


def test_the_clock_alone_plays_everything_that_is_left(play: Callable[..., tuple[Saved, str]], run: Run) -> None:
    _, out = play(Script({}), "bridge")
    assert amounts(run) == [("bridge", 10)] * 3
    assert out.splitlines() == [
        "Get ready: Bridge, set 1 of 3, 10 repetitions",
        "Bridge, set 1 of 3, 10 repetitions: up 2 s, hold 2 s, down 2 s",
        "Saved: Bridge 10, hold 2 s.",
        "Rest 45 s. Next: Bridge, set 2 of 3, 10 repetitions",
        "Bridge, set 2 of 3, 10 repetitions: up 2 s, hold 2 s, down 2 s",
        "Saved: Bridge 10, hold 2 s.",
        "Rest 45 s. Next: Bridge, set 3 of 3, 10 repetitions",
        "Bridge, set 3 of 3, 10 repetitions: up 2 s, hold 2 s, down 2 s",
        "Saved: Bridge 10, hold 2 s.",
    ]


def test_what_is_typed_steers_it(play: Callable[..., tuple[Saved, str]], run: Run) -> None:
    _, out = play(Script({1: "", 2: "+", 3: "", 4: "b", 5: "", 20: "s", 21: "?", 22: "q"}), "bridge")
    assert amounts(run) == [("bridge", 2)]
    assert "Removed: Bridge 11, hold 2 s.\n" in out
    assert HELP in out


def test_a_pause_stops_it_and_enter_goes_on(play: Callable[..., tuple[Saved, str]]) -> None:
    _, out = play(Script({2: "w", 60: "", 62: "q"}), "bridge")
    assert out.splitlines()[1:] == ["Paused, 0:03 left. Enter to resume.", "Resumed."]


def test_a_computer_that_slept_pauses_the_session(play: Callable[..., tuple[Saved, str]]) -> None:
    kept, out = play(Script({30: "q"}, jumps={2: 3600}), "bridge")
    assert (kept.sets, out.splitlines()[1:]) == ((), ["Paused, 0:03 left. Enter to resume."])


def test_the_end_of_the_input_keeps_what_was_done(play: Callable[..., tuple[Saved, str]], run: Run) -> None:
    play(Script({5 + 60 + 45 + 6 * 4 + 1: "EOF"}), "bridge")
    assert amounts(run) == [("bridge", 10), ("bridge", 4)]


def test_what_is_logged_elsewhere_meanwhile_is_not_played_again(
    play: Callable[..., tuple[Saved, str]], run: Run, diary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = Script({})
    saved = session.save

    def save(workspace: Workspace, kept: Saved, done: Finished) -> Saved:
        if len(kept.sets) == 2:
            log.log(Workspace(Place(diary, named=True), NOW), ["clamshell"], Options())
        return saved(workspace, kept, done)

    monkeypatch.setattr(session, "save", save)
    play(script, "bridge", "clamshell")
    assert amounts(run).count(("clamshell", 10)) == 1


def test_without_a_terminal_it_asks_for_auto(run: Run) -> None:
    result = run("start")
    assert (result.code, result.out) == (2, "")
    assert "add --auto" in result.err


def test_a_dry_run_lists_the_phases_and_the_whole_time_and_saves_nothing(run: Run) -> None:
    assert run("start bridge --dry-run").out.splitlines() == [
        "  0:05  Get ready: Bridge, set 1 of 3, 10 repetitions",
        "  1:00  Bridge, set 1 of 3, 10 repetitions: up 2 s, hold 2 s, down 2 s",
        "  0:45  Rest 45 s. Next: Bridge, set 2 of 3, 10 repetitions",
        "  1:00  Bridge, set 2 of 3, 10 repetitions: up 2 s, hold 2 s, down 2 s",
        "  0:45  Rest 45 s. Next: Bridge, set 3 of 3, 10 repetitions",
        "  1:00  Bridge, set 3 of 3, 10 repetitions: up 2 s, hold 2 s, down 2 s",
        "  4:35  total",
    ]
    assert sessions(run) == []


def test_nothing_left_is_one_line_with_how_to_do_more(run: Run) -> None:
    run("log all")
    assert run("start --auto").out == "Nothing is left today. To log more: kneetrack log bridge 1x10\n"


def test_where_nothing_is_read_a_jump_of_the_clock_does_not_stop_it(
    play: Callable[..., tuple[Saved, str]], run: Run
) -> None:
    play(Script({}, jumps={2: 3600, 40: 5}, listening=False), "bridge")
    assert amounts(run) == [("bridge", 10)] * 3


def test_a_line_about_what_is_complete_names_it(run: Run) -> None:
    run("log clamshell")
    assert run("start clamshell --auto").out == (
        "Clamshell is already complete today. To log more: kneetrack log clamshell 1x10\n"
    )


def test_undo_of_a_session_says_what_it_takes_back(play: Callable[..., tuple[Saved, str]], run: Run) -> None:
    play(Script({}), "bridge")
    assert run("undo").out.splitlines()[0] == "Undone: the guided session Bridge 3×10, hold 2 s"
    assert run("redo").out.splitlines()[0] == "Redone: the guided session Bridge 3×10, hold 2 s"


def test_undo_of_a_session_names_every_exercise_and_side_of_it(
    play: Callable[..., tuple[Saved, str]], run: Run
) -> None:
    play(Script({1: "", 2: "", 3: "", 4: "", 5: "", 6: "", 7: "", 8: "", 9: "q"}), "bridge", "clamshell")
    assert run("undo").out.splitlines()[0] == (
        "Undone: the guided session Bridge 3×10, hold 2 s and Clamshell 10, left side"
    )


def test_one_repetition_is_named_as_one(run: Run) -> None:
    run("plan set bridge 1x1")
    assert "set 1 of 1, 1 repetition\n" in run("start bridge --dry-run").out


def test_pain_and_notes_are_typed_meanwhile_and_anything_else_is_named(
    diary: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def here() -> Workspace:
        return Workspace(Place(diary, named=True), NOW)

    prepared = session.prepare(here(), ["bridge"])
    script = Script({1: "p 4", 2: "P 2/10", 3: "n Left side", 4: "felt ok", 5: "q"})
    said = guided.play(session.Playing(prepared, here), prepared.progress.catalogue, script, Sound("off", print))
    assert said == (4, None, "Left side")
    assert "“felt ok” is none of these" in capsys.readouterr().out


@pytest.fixture
def types(monkeypatch: pytest.MonkeyPatch) -> Callable[[Script, str], None]:
    """Return a function that lets a script sit at the terminal, and answer what is asked once the session is over."""

    def _types(script: Script, answers: str = "") -> None:
        monkeypatch.setattr(guided, "Terminal", lambda **_: script)
        monkeypatch.setattr("kneetrack.cli.console.can_ask", lambda: True)
        monkeypatch.setattr("sys.stdin", io.StringIO(answers))

    return _types


def test_the_closing_asks_until_it_is_answered_and_its_answer_is_that_of_a_log(
    types: Callable[..., None], run: Run
) -> None:
    types(Script({1: "", 2: "", 3: "q"}), "11\nx\n3/10\n\nstiff\n")
    out = run("start bridge --sound off").out
    assert out.count("Please type a number from 0 to 10") == 2
    assert "Worst pain, 0 to 10 (Enter to skip): " in out
    assert "◐ Bridge 10, hold 2 s · pain 3 · “stiff”" in out
    (session,) = sessions(run)
    assert (session["pain"], session["effort"], session["note"]) == (3, None, "stiff")


def test_what_was_said_meanwhile_is_kept_by_enter(types: Callable[..., None], run: Run) -> None:
    types(Script({1: "", 2: "", 3: "p 4", 4: "n easy", 5: "q"}), "\n5\n")
    assert "Worst pain, 0 to 10 (Enter keeps 4): " in run("start bridge --sound off").out
    (session,) = sessions(run)
    assert (session["pain"], session["effort"], session["note"]) == (4, 5, "easy")


def test_a_note_that_is_too_long_is_asked_for_again(types: Callable[..., None], run: Run) -> None:
    types(Script({1: "", 2: "", 3: "q"}), f"\n\n{'x' * 2001}\nshort\n")
    assert "A note has at most 2000 characters, and this one 2001." in run("start bridge --sound off").out
    assert sessions(run)[0]["note"] == "short"


def test_a_session_that_is_left_at_once_says_that_nothing_was_saved(types: Callable[..., None], run: Run) -> None:
    types(Script({1: "q"}))
    assert run("start bridge --sound off").out.splitlines()[-1] == "Nothing was done, so nothing was saved."


def test_a_set_that_is_given_up_is_said_once_the_others_are_closed(
    types: Callable[..., None], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved = session.save

    def save(workspace: Workspace, kept: Saved, done: Finished) -> Saved:
        if kept.sets:
            raise KneetrackError("The disk is full.")
        return saved(workspace, kept, done)

    monkeypatch.setattr(session, "save", save)
    types(Script({1: "", 2: "", 3: "", 4: "", 5: "q", 6: "q"}), "\n\n\n")
    result = run("start bridge --sound off")
    assert "◐ Bridge 10, hold 2 s" in result.out
    assert (result.err, result.code) == ("The disk is full.\n", KneetrackError.exit_code)


def test_a_paused_day_is_begun_only_by_who_says_so(types: Callable[..., None], run: Run) -> None:
    run("skip bridge")
    types(Script({1: "q"}), "n\n")
    assert run("start bridge --sound off").out == "Bridge is paused today. Start anyway? [y/N]: "
    types(Script({1: "q"}), "y\n")
    assert "Get ready: Bridge" in run("start bridge --sound off").out


@pytest.mark.parametrize(("asked", "notices"), [("", 0), (" --sound tones", 1), (" --sound voice", 1)])
def test_that_no_program_plays_a_sound_is_said_once_to_who_asks_for_it(
    types: Callable[..., None], run: Run, monkeypatch: pytest.MonkeyPatch, asked: str, notices: int
) -> None:
    monkeypatch.setenv("PATH", "")
    types(Script({1: "q"}))
    assert run(f"start bridge{asked}").err.count("is installed, so the terminal's bell rings") == notices


def test_that_no_program_plays_a_sound_is_said_to_who_chose_it_as_their_setting(
    types: Callable[..., None], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("settings sound tones")
    monkeypatch.setenv("PATH", "")
    types(Script({1: "q"}))
    assert "None of pw-play" in run("start bridge").err


def test_a_terminal_gives_a_clock_and_the_lines_that_are_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = os.pipe()
    with os.fdopen(reader) as stdin, os.fdopen(writer, "w") as keys:
        monkeypatch.setattr("sys.stdin", stdin)
        terminal = guided.Terminal(listening=True)
        assert terminal.typed(0) is None
        keys.write(" s \n")
        keys.flush()
        assert terminal.typed(1) == "s"
        keys.close()
        with pytest.raises(EOFError):
            terminal.typed(1)
    assert guided.Terminal(listening=False).typed(0) is None
    assert guided.Terminal(listening=False).now() >= 0


def test_a_terminal_that_draws_gets_the_screen(
    types: Callable[..., None], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def act(screen: Timer) -> None:
        screen.ratings = screen.ratings.with_pain(2)
        for key in ("done", "done", "quit"):
            screen._playing.press(key)  # noqa: SLF001 - what its keys do

    monkeypatch.setattr(Timer, "run", act)
    monkeypatch.setattr("kneetrack.cli.console.wants_lines", lambda _: False)
    types(Script({}), "\n\n\n")
    run("start bridge --sound off")
    assert [its["pain"] for its in sessions(run)] == [2]


@pytest.mark.parametrize(("name", "value"), [("TERM", "dumb"), ("TERM", "xterm"), ("ACCESSIBLE", "1")])
def test_lines_are_for_dumb_terminals_screen_readers_and_pipes(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    assert console.wants_lines(asked=False)


class Echoing(Script):
    """A terminal that shows what is typed, as a real one does."""

    def typed(self, seconds: float) -> str | None:
        """Let the time pass, and return what is typed by then."""
        word = super().typed(seconds)
        if word is not None:
            console.say_page([word])
        return word


def test_the_guide_shows_a_session_in_lines_as_it_is(types: Callable[..., None], run: Run) -> None:
    types(Echoing({90: "p 3", 95: "q"}), "\n4\n\n")
    out = run("start bridge --plain --sound off").out
    for typed in ("", "4", ""):
        out = re.sub(r"\((Enter [a-z0-9 ]+)\): ?", rf"(\1) : {typed}\n", out, count=1)
    shown = re.sub(r"(?<=07:41   )[0-9a-f]{4}", "a3f1", re.sub(r" +\n", "\n", out.replace(") :", "):")))
    transcript = f"```text\n$ kneetrack start bridge --plain\n{shown}```\n"
    guide = (Path(__file__).parents[2] / "docs" / "guide.md").read_text("utf-8")
    assert transcript in guide, transcript
