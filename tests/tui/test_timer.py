"""The screen of a guided session, driven by keys and by a clock that the test moves."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from conftest import NOW
from kneetrack.app import session
from kneetrack.app.results.session import Saved
from kneetrack.app.workspace import Place, Workspace
from kneetrack.domain.catalogue import Catalogue
from kneetrack.domain.errors import KneetrackError
from kneetrack.tui.sound import Sound
from kneetrack.tui.timer import Large, Timer

SIZES = [(80, 24), (40, 20), (200, 60)]

Script = Callable[["Driver"], Coroutine[Any, Any, None]]


class Driver:
    """A person at the screen: the app, its pilot, and a clock."""

    def __init__(self, playing: session.Playing) -> None:
        """Sit down."""
        self.seconds = 0.0
        self.playing = playing
        self.sound = Sound("off", print)
        self.app = Timer(playing, Catalogue(), lambda: self.seconds, self.sound)
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


@pytest.fixture
def playing(diary: Path) -> session.Playing:
    """Return a session of bridges: three sets of ten, held two seconds."""

    def here() -> Workspace:
        return Workspace(Place(diary, named=True), NOW + timedelta(minutes=1))

    return session.Playing(session.prepare(here(), ["bridge"]), here)


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


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("colour", ["1", None])
def test_what_to_do_now_is_on_the_screen_at_every_size(
    playing: session.Playing, size: tuple[int, int], colour: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if colour:
        monkeypatch.setenv("NO_COLOR", colour)

    async def script(driver: Driver) -> None:
        assert (driver.shown("now"), driver.shown("part")) == ("Bridge · set 1 of 3", "get ready")
        assert driver.shown("next") == "then 10 repetitions · 4:35 left"
        large = driver.large()
        assert len(large) >= 5
        assert max(map(len, large)) <= size[0]
        for part in driver.app.query(Static):
            assert part.region.right <= size[0]
            assert part.region.bottom <= size[1]

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
        assert driver.shown("part") == "paused · space to go on"
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


def test_the_digits_grow_with_the_window(playing: session.Playing) -> None:
    async def script(driver: Driver) -> None:
        assert driver.pilot
        before = len(driver.large())
        await driver.pilot.resize_terminal(200, 60)
        await driver.pilot.pause()
        assert len(driver.large()) > before

    drive(playing, script)


def test_help_names_every_key(playing: session.Playing) -> None:
    async def script(driver: Driver) -> None:
        await driver.press("question_mark")
        assert "s skip" in driver.shown("said")

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
