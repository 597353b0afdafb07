"""The dashboard, driven by keys, at a diary and by a clock that the test moves."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from conftest import NOW
from kneetrack.app import log, today
from kneetrack.app.session_input import Options
from kneetrack.app.workspace import Place, Workspace
from kneetrack.cli.dash import read
from kneetrack.tui.dash import Dash

Script = Callable[["Driver"], Coroutine[Any, Any, None]]


class Driver:
    """A person at the dashboard: the app, its pilot, and a clock."""

    def __init__(self, path: Path) -> None:
        """Sit down."""
        self.now: datetime = NOW
        self.path = path
        self.app = Dash(today.show(self.here()), self.here, read)
        self.pilot: Pilot[Any] | None = None

    def here(self) -> Workspace:
        """Return the diary, with the time that it is."""
        return Workspace(Place(self.path, named=True), self.now)

    async def press(self, *keys: str) -> None:
        """Press keys, and wait for what they do."""
        assert self.pilot
        await self.pilot.press(*keys)
        await self.settle()

    async def look(self) -> None:
        """Let the dashboard look at the diary and the clock."""
        self.app.look()
        await self.settle()

    async def settle(self) -> None:
        """Wait until all is read, done and drawn."""
        assert self.pilot
        await self.pilot.pause()
        await self.app.workers.wait_for_complete()
        await self.pilot.pause()

    @property
    def screen(self) -> str:
        """Return the screen as it is drawn."""
        strips = self.app.screen._compositor.render_strips()  # noqa: SLF001 - no other way to it
        return "\n".join(strip.text.rstrip() for strip in strips)


def drive(path: Path, script: Script, size: tuple[int, int] = (80, 24)) -> Dash:
    """Run a script at the dashboard and return it, left."""
    driver = Driver(path)

    async def run() -> None:
        async with driver.app.run_test(size=size) as pilot:
            driver.pilot = pilot
            await driver.settle()
            await script(driver)

    asyncio.run(asyncio.wait_for(run(), 60))
    return driver.app


def done(path: Path) -> list[str]:
    """Return the exercises that were logged today, in the order of logging."""
    found = today.show(Workspace(Place(path, named=True), NOW))
    return [session.exercise for session in reversed(found.sessions)]


def log_elsewhere(path: Path, words: str, day: str | None = None) -> None:
    """Log at another terminal."""
    log.log(Workspace(Place(path, named=True), NOW + timedelta(seconds=1)), words.split(), Options(day=day))


def test_enter_logs_what_is_left_of_the_exercise_under_the_cursor(diary: Path) -> None:
    async def script(driver: Driver) -> None:
        await driver.press("j", "enter")
        assert "$ kneetrack log clamshell" in driver.screen
        assert "▸ ● Clamshell  3×10 done" in driver.screen

    drive(diary, script)
    assert done(diary) == ["clamshell"]


def test_u_undoes_and_capital_u_redoes(diary: Path) -> None:
    async def script(driver: Driver) -> None:
        await driver.press("enter", "u")
        assert done(diary) == []
        assert "Undone: log bridge" in driver.screen
        await driver.press("U")

    drive(diary, script)
    assert done(diary) == ["bridge"]


@pytest.mark.parametrize("key", ["q", "ctrl+c", "ctrl+q"])
def test_it_is_left_by_the_usual_keys(diary: Path, key: str) -> None:
    async def script(driver: Driver) -> None:
        await driver.press(key)

    assert drive(diary, script).return_code == 0


def test_what_another_program_writes_is_shown_at_the_next_look(diary: Path) -> None:
    async def script(driver: Driver) -> None:
        log_elsewhere(diary, "clamshell 1x10")
        await driver.look()
        assert "◐ Clamshell  2×10 each side left" in driver.screen

    drive(diary, script)
