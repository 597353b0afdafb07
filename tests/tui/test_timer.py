"""The screen of a guided session, driven by keys and by a clock that the test moves."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from rich.color import ColorType
from textual.pilot import Pilot
from textual.widgets import Input, Static

from conftest import NOW
from kneetrack.app import log, session
from kneetrack.app.results.session import Saved
from kneetrack.app.session_input import Options
from kneetrack.app.workspace import Place, Workspace
from kneetrack.domain.errors import KneetrackError
from kneetrack.tui.sound import Sound
from kneetrack.tui.timer import Large, Timer
from kneetrack.views.session import KEYS

SCREENS = Path(__file__).with_name("screens")
SIZES = [(80, 24), (40, 20), (200, 60)]

Script = Callable[["Driver"], Coroutine[Any, Any, None]]


class Driver:
    """A person at the screen: the app, its pilot, and a clock."""

    def __init__(self, playing: session.Playing) -> None:
        """Sit down."""
        self.seconds = 0.0
        self.playing = playing
        self.sound = Sound("off", print)
        self.app = Timer(playing, lambda: self.seconds, self.sound)
        self.pilot: Pilot[None] | None = None

    async def press(self, *keys: str) -> None:
        """Press keys."""
        assert self.pilot
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def wait(self, seconds: float) -> None:
        """Let the clock go on, in steps that a person is there for."""
        assert self.pilot
        for _ in range(int(seconds)):
            self.seconds += 1
            self.app.look()
        await self.pilot.pause()

    def shown(self, name: str) -> str:
        """Return what a part of the screen says."""
        return str(self.app.query_one(f"#{name}", Static).content)

    def large(self) -> list[str]:
        """Return the lines of the large digits."""
        return self.app.query_one(Large).render().plain.splitlines()


def played_at(path: Path, *words: str) -> session.Playing:
    """Return a session that is about to begin at a diary."""

    def here() -> Workspace:
        return Workspace(Place(path, named=True), NOW + timedelta(minutes=1))

    return session.Playing(session.prepare(here(), words), here)


@pytest.fixture
def playing(diary: Path) -> session.Playing:
    """Return a session of bridges: three sets of ten, held two seconds."""
    return played_at(diary, "bridge")


def refuse(*_: object) -> Saved:
    """Save nothing, as on a full disk."""
    raise KneetrackError("The disk is full.")


def drive(playing: session.Playing, script: Script, size: tuple[int, int] = (80, 24)) -> Timer:
    """Run a script at the screen and return the app, which has ended or is left."""
    driver = Driver(playing)

    async def run() -> None:
        async with driver.app.run_test(size=size) as pilot:
            driver.pilot = pilot
            await pilot.pause()
            await script(driver)

    asyncio.run(asyncio.wait_for(run(), 60))
    return driver.app


def screen(app: Timer) -> list[str]:
    """Return the lines of the screen as they are drawn."""
    return [strip.text.rstrip() for strip in app.screen._compositor.render_strips()]  # noqa: SLF001 - no other way to it


def colours(app: Timer) -> set[ColorType]:
    """Return which kinds of colours the screen is drawn with."""
    strips = app.screen._compositor.render_strips()  # noqa: SLF001 - no other way to it
    styles = [segment.style for strip in strips for segment in strip if segment.style]
    return {colour.type for style in styles for colour in (style.color, style.bgcolor) if colour}


def snapshot(size: tuple[int, int]) -> list[str]:
    """Return the lines that a screen is to show in the third second of the second repetition."""
    return (SCREENS / "{}x{}.txt".format(*size)).read_text("utf-8").splitlines()


@pytest.fixture
def again(diary: Path) -> session.Playing:
    """Return a session of bridges, of which two sets were done yesterday."""
    yesterday = Workspace(Place(diary, named=True), NOW - timedelta(days=1))
    log.log(yesterday, ["bridge", "2x10"], Options(pain=2))
    return played_at(diary, "bridge")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("colour", ["1", None])
def test_the_screen_shows_the_same_words_at_every_size_with_and_without_colour(
    again: session.Playing, size: tuple[int, int], colour: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if colour:
        monkeypatch.setenv("NO_COLOR", colour)

    async def script(driver: Driver) -> None:
        await driver.wait(5 + 6 + 3)
        assert screen(driver.app) == snapshot(size)

    drive(again, script, size)


@pytest.mark.parametrize("size", SIZES)
def test_a_screen_that_is_resized_while_it_plays_is_that_of_its_new_size(
    again: session.Playing, size: tuple[int, int]
) -> None:
    async def script(driver: Driver) -> None:
        assert driver.pilot
        for columns, rows in ((20, 8), (120, 30), size):
            await driver.pilot.resize_terminal(columns, rows)
        await driver.wait(5 + 6 + 3)
        assert screen(driver.app) == snapshot(size)

    drive(again, script)


@pytest.mark.parametrize("key", [None, "question_mark", "p"])
def test_only_the_terminals_own_colours_are_used_so_that_light_and_dark_are_its_own(
    playing: session.Playing, key: str | None
) -> None:
    async def script(driver: Driver) -> None:
        if key:
            await driver.press(key)
        assert colours(driver.app) <= {ColorType.DEFAULT, ColorType.STANDARD}

    drive(playing, script)


@pytest.mark.parametrize("size", SIZES)
def test_the_help_leaves_the_rest_of_the_screen_in_its_place(playing: session.Playing, size: tuple[int, int]) -> None:
    async def script(driver: Driver) -> None:
        await driver.press("question_mark")
        shown = screen(driver.app)
        for words in ("Bridge · set 1 of 3", "first time", "space pause", "q save and quit"):
            assert sum(words in line for line in shown) == 1

    drive(playing, script, size)


def test_a_repetition_is_counted_in_large_digits_with_its_part_below(playing: session.Playing) -> None:
    async def script(driver: Driver) -> None:
        await driver.wait(5 + 6 + 3)
        assert driver.shown("part") == "hold 1 · repetition 2 of 10"
        assert driver.shown("next").startswith("then rest 45 s, Bridge · set 2 of 3")

    drive(playing, script)


def test_enter_finishes_a_set_which_is_saved_then_and_q_keeps_it(playing: session.Playing) -> None:
    async def script(driver: Driver) -> None:
        await driver.press("enter", "enter")
        assert driver.shown("said") == "Saved: Bridge 10, hold 2 s."
        assert len(playing.saved.sets) == 1
        await driver.press("q")

    assert drive(playing, script).return_code == 0
    assert playing.state.phase is None


def test_space_pauses_and_says_so(playing: session.Playing) -> None:
    async def script(driver: Driver) -> None:
        await driver.press("space")
        assert driver.shown("part") == "paused · space to resume"
        await driver.wait(30)
        assert driver.large()
        assert playing.state.elapsed == 0

    drive(playing, script)


def test_pain_and_notes_are_asked_over_the_screen_while_the_clock_stands_still(playing: session.Playing) -> None:
    async def script(driver: Driver) -> None:
        for answer in ("4", "2"):
            await driver.press("p")
            driver.app.screen.query_one(Input).value = answer
            await driver.wait(20)
            await driver.press("enter")
        await driver.press("n", *"easy", "enter")
        await driver.press("n", "escape")

    assert drive(playing, script).ratings == (4, None, "easy")
    assert playing.state.at == 0


def test_help_names_every_key(playing: session.Playing) -> None:
    async def script(driver: Driver) -> None:
        await driver.press("question_mark")
        for key in ("space", "enter", "s skip", "b back", "+ -", "p pain", "n note", "q save"):
            assert key in driver.shown("keys")
        await driver.press("question_mark")
        assert driver.shown("keys") == KEYS

    drive(playing, script)


def test_a_set_that_cannot_be_saved_pauses_with_the_reason_and_is_saved_once_it_can_be(
    playing: session.Playing, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def script(driver: Driver) -> None:
        await driver.press("enter")
        with monkeypatch.context() as full:
            full.setattr(session, "save", refuse)
            await driver.press("enter")
            assert (driver.shown("said"), playing.state.paused) == ("The disk is full.", True)
        await driver.press("enter")
        assert (len(playing.saved.sets), playing.failed) == (1, None)

    drive(playing, script)


def test_who_quits_twice_gives_up_a_set_that_cannot_be_saved(
    playing: session.Playing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "save", refuse)

    async def script(driver: Driver) -> None:
        await driver.press("enter")
        await driver.wait(7)
        await driver.press("q", "q")

    drive(playing, script)
    assert (playing.state.phase, str(playing.failed)) == (None, "The disk is full.")


@pytest.mark.parametrize("key", ["ctrl+c", "ctrl+q"])
def test_leaving_keeps_the_repetitions_that_were_done(playing: session.Playing, key: str) -> None:
    async def script(driver: Driver) -> None:
        await driver.press("enter")
        await driver.wait(13)
        await driver.press(key)

    drive(playing, script)
    assert [its.dose.reps for _, its in playing.saved.sets] == [2]


def test_what_is_no_rating_is_asked_again(playing: session.Playing) -> None:
    async def script(driver: Driver) -> None:
        await driver.press("p", "1", "1", "enter")
        await driver.press("3", "enter")

    assert drive(playing, script).ratings.pain == 3


def test_the_bell_that_rings_is_the_screens(playing: session.Playing) -> None:
    driver = Driver(playing)
    assert driver.sound.ring == driver.app.bell


def test_a_computer_that_slept_in_a_hold_finds_the_session_paused_where_it_was(diary: Path) -> None:
    playing = played_at(diary, "side-plank")

    async def script(driver: Driver) -> None:
        await driver.wait(5 + 4)
        driver.seconds += 3600
        await driver.wait(1)
        assert driver.shown("part") == "paused · space to resume"
        assert playing.state.elapsed == 4
        await driver.press("space")
        await driver.wait(1)
        assert (playing.state.elapsed, driver.shown("part")) == (5, "hold")

    drive(playing, script)
