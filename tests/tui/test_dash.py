"""The dashboard, driven by keys, at a diary and by a clock that the test moves."""

import asyncio
import errno
import json
import os
import re
import shutil
import sqlite3
import sys
from collections.abc import Callable, Coroutine
from contextlib import closing, redirect_stdout, suppress
from datetime import date, datetime, time, timedelta
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from hypothesis import given
from rich.color import ColorType
from rich.console import Console
from textual.command import CommandPalette
from textual.pilot import Pilot
from textual.widgets import Input, Static

import diaries
import draw
from conftest import NOW, ZONE, examples
from kneetrack.app import exercises, log, maintenance, plan, today
from kneetrack.app.session_input import Options
from kneetrack.app.workspace import Place, Workspace, locate
from kneetrack.cli import main
from kneetrack.cli.dash import read
from kneetrack.domain import text
from kneetrack.domain.errors import LockedError
from kneetrack.domain.records import Session
from kneetrack.store import postgres, schema, sqlite
from kneetrack.store.port import Store
from kneetrack.tui.asked import Asked
from kneetrack.tui.dash import Dash, Guided, View
from kneetrack.tui.help import Help
from kneetrack.tui.keys import ACTS
from kneetrack.tui.panes import PANES
from kneetrack.views import data
from servers import Running

SCREENS = Path(__file__).with_name("screens")
SIZES = [(80, 24), (60, 20), (120, 40)]

Script = Callable[["Driver"], Coroutine[Any, Any, None]]


class Driver:
    """A person at the dashboard: the app, its pilot, and a clock."""

    def __init__(self, place: Path | Place) -> None:
        """Sit down."""
        self.now: datetime = NOW
        self.place = place if isinstance(place, Place) else Place(place, named=True)
        self.app = Dash(today.show(self.here()), self.here, read)
        self.pilot: Pilot[Any] | None = None

    def here(self) -> Workspace:
        """Return the diary, with the time that it is."""
        return Workspace(self.place, self.now)

    async def press(self, *keys: str) -> None:
        """Press keys, and wait for what they do."""
        assert self.pilot
        await self.pilot.press(*keys)
        await self.settle()

    async def type(self, words: str) -> None:
        """Type words after what a line begins with, and enter."""
        self.app.screen.query_one(Input).value += words
        await self.press("enter")

    async def look(self) -> None:
        """Let the dashboard look at the diary and the clock."""
        self.app.look()
        await self.settle()

    async def settle(self) -> None:
        """Wait until all is read, done and drawn."""
        assert self.pilot
        for _ in range(3):  # what a key does may be done by another message, which has work done
            await self.pilot.pause()
            await self.app.workers.wait_for_complete()
        await self.pilot.pause()

    @property
    def screen(self) -> str:
        """Return the screen as it is drawn."""
        strips = self.app.screen._compositor.render_strips()  # noqa: SLF001 - no other way to it
        return "\n".join(strip.text.rstrip() for strip in strips)


def drive(place: Path | Place, script: Script, size: tuple[int, int] = (80, 24)) -> Dash:
    """Run a script at the dashboard and return it, left."""
    driver = Driver(place)

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


def typed(path: Path, line: str, columns: int = 80) -> str:
    """Return what a line prints at a diary at this moment."""
    out = StringIO()
    there = {"KNEETRACK_DB": str(path), "COLUMNS": str(columns)}
    with (
        patch.dict(os.environ, there),
        patch.object(sys, "argv", ["kneetrack", *line.split()]),
        time_machine.travel(NOW, tick=False),
        redirect_stdout(out),
        suppress(SystemExit),
    ):
        main()
    return out.getvalue()


def without_ids(words: str) -> str:
    """Return a screen with one id in the place of every other."""
    return re.sub(r"(?<= )[0-9a-f]{4,6} +", "a3f1  ", words)


def colours(app: Dash) -> set[ColorType]:
    """Return which kinds of colours the screen is drawn with."""
    strips = app.screen._compositor.render_strips()  # noqa: SLF001 - no other way to it
    styles = [segment.style for strip in strips for segment in strip if segment.style]
    return {colour.type for style in styles for colour in (style.color, style.bgcolor) if colour}


@pytest.fixture(scope="session")
def quarter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keep the diary of the pictures, of three months."""
    path = tmp_path_factory.mktemp("quarter") / "diary.db"
    draw.keep_diary(path)
    return path


# What keys do


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


# What others do


def test_what_another_program_writes_is_shown_at_the_next_look(diary: Path) -> None:
    async def script(driver: Driver) -> None:
        log_elsewhere(diary, "clamshell 1x10")
        await driver.look()
        assert "◐ Clamshell  2×10 each side left" in driver.screen

    drive(diary, script)


def test_a_diary_on_a_server_is_logged_to_and_followed_and_its_loss_is_said(running: Running, home: Path) -> None:
    place = locate(running.address("dash"), {"XDG_DATA_HOME": str(home)})
    log.log(Workspace(place, NOW - timedelta(days=1)), ["bridge"], Options())

    async def script(driver: Driver) -> None:
        await driver.press("enter")
        assert "▸ ● Bridge" in driver.screen
        driver.now += timedelta(minutes=1)
        log.log(Workspace(place, driver.now), ["clamshell"], Options())
        await driver.look()
        assert "● Clamshell" in driver.screen
        place.backend.close()
        with patch.object(postgres, "open_database", side_effect=LockedError(home)):
            await driver.look()
            assert "another program" in driver.screen

    drive(place, script)
    place.backend.close()


def test_a_look_at_a_diary_that_nobody_wrote_to_does_not_open_it(diary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def script(driver: Driver) -> None:
        driver.now += timedelta(minutes=1)
        await driver.look()
        monkeypatch.setattr(sqlite, "open_store", None)
        driver.now += timedelta(hours=5)
        await driver.look()

    drive(diary, script)


def test_another_day_begins_while_it_is_open(diary: Path) -> None:
    async def script(driver: Driver) -> None:
        await driver.press("enter")
        driver.now = NOW.replace(hour=23, minute=59)
        await driver.look()
        assert driver.screen.startswith("Wed 25 Nov")
        driver.now += timedelta(minutes=2)
        await driver.look()
        assert driver.screen.startswith("Thu 26 Nov")
        assert "▸ ○ Bridge" in driver.screen

    drive(diary, script)


def test_a_day_begins_at_day_start(diary: Path) -> None:
    maintenance.change_setting(Workspace(Place(diary, named=True), NOW), "day_start", "04:00")

    async def script(driver: Driver) -> None:
        for clock, day in (((3, 59), "Wed 25 Nov"), ((4, 1), "Thu 26 Nov")):
            driver.now = NOW.replace(day=26, hour=clock[0], minute=clock[1])
            await driver.look()
            assert driver.screen.startswith(day)

    drive(diary, script)


def test_a_diary_that_is_lost_is_a_sentence_and_shown_again_once_it_is_back(diary: Path) -> None:
    away = diary.with_name("away")

    async def script(driver: Driver) -> None:
        os.rename(diary, away)  # noqa: PTH104 - a moment, in a test
        await driver.look()
        assert "There is no diary at" in driver.screen
        assert "What you see was read before that." in driver.screen
        os.rename(away, diary)  # noqa: PTH104 - as above
        await driver.look()
        assert "There is no diary at" not in driver.screen

    drive(diary, script)


def test_another_diary_in_its_place_is_shown(diary: Path, quarter: Path) -> None:
    async def script(driver: Driver) -> None:
        other = diary.with_name("other")
        shutil.copy(quarter, other)
        os.replace(other, diary)  # noqa: PTH105 - a moment, in a test
        await driver.look()
        assert "Side plank" in driver.screen

    drive(diary, script)


def test_a_newer_diary_is_a_sentence(diary: Path) -> None:
    async def script(driver: Driver) -> None:
        with closing(sqlite3.connect(diary)) as newer, newer:
            newer.execute("UPDATE alembic_version SET version_num = '9999'")
        await driver.look()
        assert "was made by a newer kneetrack" in driver.screen

    drive(diary, script)


def test_a_locked_diary_is_a_sentence_and_nothing_is_logged(diary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT_S", 0.1)

    async def script(driver: Driver) -> None:
        with closing(sqlite3.connect(diary, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            await driver.press("enter")
            assert "is in use by another program" in driver.screen
            other.execute("ROLLBACK")
        await driver.look()
        await driver.press("enter")

    drive(diary, script)
    assert done(diary) == ["bridge"]


def test_a_folder_that_cannot_be_looked_into_is_a_sentence(diary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def script(driver: Driver) -> None:
        def refuse(*_: object, **__: object) -> None:
            raise PermissionError(errno.EACCES, "Permission denied")

        with monkeypatch.context() as shut:
            shut.setattr(os, "stat", refuse)
            await driver.look()
        assert "you may not read" in driver.screen.lower()

    drive(diary, script)


# What is typed


def test_a_log_with_pain_is_typed_as_at_the_command_line(diary: Path) -> None:
    async def script(driver: Driver) -> None:
        await driver.press("a")
        assert driver.app.screen.query_one(Input).value == "kneetrack log bridge "
        await driver.type("1x10 --pain 2")
        assert "◐ Bridge 10 · pain 2" in driver.screen

    drive(diary, script)


@pytest.mark.parametrize(
    ("key", "words", "answer"),
    [
        ("p", "3", "Pain 3 in the morning"),
        ("n", "stairs hurt, 'a bit'", "Note “stairs hurt, 'a bit'”"),
        ("e", "1x12", "Bridge 3×10, hold 2 s → 12"),
        ("x", "--reason travel", "Skipped Wed 25 Nov: Bridge (travel)"),
        ("colon", "rm last", "Removed: Bridge 3×10"),
        ("colon", "log clamshell", "Clamshell 3×10"),
        ("colon", "undo --list", "log bridge"),
        ("colon", "redo", "There is nothing to redo."),
    ],
)
def test_what_is_typed_gets_the_answer_of_its_command(diary: Path, key: str, words: str, answer: str) -> None:
    log_elsewhere(diary, "bridge")

    async def script(driver: Driver) -> None:
        await driver.press(key)
        await driver.type(words)
        assert answer in driver.screen

    drive(diary, script)


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("log brigde", "There is no exercise “brigde”. Did you mean bridge?"),
        ("log bridge --pian 2", "For what it takes: kneetrack log --help"),
        ("log bridge --pain eleven", "--pain takes a whole number from 0 to 10"),
        ("nothing", "“nothing” cannot be read."),
        ("log 'bridge", "A quotation mark is not closed."),
        ("stats", "Here you can type log, pain, edit"),
        ("purge last", "Here you can type log, pain, edit"),
    ],
)
def test_a_line_that_cannot_be_done_is_a_sentence_and_changes_nothing(diary: Path, line: str, answer: str) -> None:
    before = diary.read_bytes()

    async def script(driver: Driver) -> None:
        await driver.press("colon")
        driver.app.screen.query_one(Input).value = line
        await driver.press("enter")
        assert answer in driver.screen

    drive(diary, script)
    assert diary.read_bytes() == before


@pytest.mark.parametrize(("said", "logged"), [("y", ["bridge"]), ("n", []), ("", [])])
def test_an_unusual_dose_is_logged_once_the_person_is_sure(diary: Path, said: str, logged: list[str]) -> None:
    async def script(driver: Driver) -> None:
        await driver.press("a")
        await driver.type("3x1000")
        assert "more than ten times the planned dose" in driver.screen
        await driver.press(*said, "enter")

    drive(diary, script)
    assert done(diary) == logged


def test_pain_above_the_limit_says_what_a_log_says(diary: Path) -> None:
    async def script(driver: Driver) -> None:
        await driver.press("a")
        await driver.type("--pain 9")
        assert "Pain 9 is above your limit of 5." in driver.screen
        assert "kneetrack safety" in driver.screen

    drive(diary, script)


def test_escape_leaves_a_line_and_clears_an_answer(diary: Path) -> None:
    async def script(driver: Driver) -> None:
        await driver.press("a", "escape")
        assert not isinstance(driver.app.screen, Asked)
        await driver.press("u")
        assert "There is nothing to undo." in driver.screen
        await driver.press("escape")
        assert "There is nothing to undo." not in driver.screen

    drive(diary, script)
    assert done(diary) == []


def test_the_days_backup_is_made_of_what_was_logged(diary: Path) -> None:
    async def script(driver: Driver) -> None:
        await driver.press("enter")

    drive(diary, script)
    assert len(list((diary.parent / "backups").iterdir())) == 1


def test_a_backup_that_cannot_be_made_is_said_below_the_answer(diary: Path) -> None:
    (diary.parent / "backups").write_text("in the way")

    async def script(driver: Driver) -> None:
        await driver.press("enter")
        assert "What you did is saved. Only today's backup was not made" in " ".join(driver.screen.split())

    drive(diary, script)
    assert done(diary) == ["bridge"]


def test_the_first_log_of_all_creates_the_diary_and_says_so(db: Path) -> None:
    async def script(driver: Driver) -> None:
        assert "You start with an example plan" in driver.screen
        await driver.press("enter")
        assert "You start with an example plan" in driver.screen
        assert "▸ ● Bridge" in driver.screen

    def unnamed(driver: Driver) -> Workspace:
        return Workspace(Place(db, named=False), driver.now)

    with patch.object(Driver, "here", unnamed):
        drive(db, script)
    assert done(db) == ["bridge"]


# Where keys go


@pytest.mark.parametrize(("key", "title"), [(key, pane.title) for key, pane in PANES.items()])
def test_each_pane_names_its_command_where_keys_go_to_it(quarter: Path, key: str, title: str) -> None:
    async def script(driver: Driver) -> None:
        await driver.press(*([key] if key == "2" else [key, "tab"]))
        assert "▸" in driver.screen.partition("1 Weeks")[0].rpartition("\n")[2]
        assert f"[{key} {title}]" in driver.screen
        assert "▹ " in driver.screen
        assert re.search(r"kneetrack (stats|calendar|plan|history)", driver.screen)

    drive(quarter, script)


def test_the_cursor_goes_by_vi_and_by_arrows_and_stops_at_both_ends(quarter: Path) -> None:
    async def script(driver: Driver) -> None:
        seen = []
        for key in ("j", "down", "down", "k", "up", "up", "G", "g"):
            await driver.press(key)
            seen.append(driver.app.exercises.exercise)
        assert seen == [
            "clamshell", "side_plank", "side_plank", "clamshell", "bridge", "bridge", "side_plank", "bridge",
        ]  # fmt: skip

    drive(quarter, script)


def test_the_cursor_stays_on_its_exercise_when_the_plan_changes(diary: Path) -> None:
    async def script(driver: Driver) -> None:
        await driver.press("j")
        plan.drop(Workspace(Place(diary, named=True), NOW), ["bridge"], None)
        await driver.look()
        assert driver.app.exercises.exercise == "clamshell"

    drive(diary, script)


def test_the_stats_are_of_the_exercise_under_the_cursor(quarter: Path) -> None:
    async def script(driver: Driver) -> None:
        await driver.press("3", "j")
        assert "since" in driver.screen
        assert driver.app.shown.exercise == "clamshell"

    drive(quarter, script, (80, 50))


def test_the_day_cursor_goes_by_days_and_weeks_and_shows_its_day(quarter: Path) -> None:
    async def script(driver: Driver) -> None:
        await driver.press("2")
        seen = []
        for key in ("h", "left", "l", "k", "up", "j", "right", "down", "down", "g", "G"):
            await driver.press(key)
            assert driver.app.year.day
            assert text.show_day(driver.app.year.day, NOW.date()) in driver.screen
            seen.append((NOW.date() - driver.app.year.day).days)
        assert seen == [7, 14, 7, 8, 9, 8, 1, 0, 0, (NOW.date() - draw.FIRST).days, 0]

    drive(quarter, script, (80, 40))


def test_a_day_of_the_year_shows_what_was_logged_and_what_was_missed(quarter: Path) -> None:
    async def script(driver: Driver) -> None:
        await driver.press("2", "k", *"hhhhhhhh")
        assert "Tue 29 Sep  × none of it · missed: Bridge" in driver.screen
        await driver.press("k")
        assert re.search(r"Mon 28 Sep  07:41  .*(\n.*)*Bridge 3×10, hold 2 s", driver.screen)

    drive(quarter, script, (80, 40))


def test_the_keys_go_along_to_the_year_and_come_back_from_there(quarter: Path) -> None:
    async def script(driver: Driver) -> None:
        await driver.press("2")
        assert driver.app.year.has_focus
        await driver.press("1")
        assert driver.app.exercises.has_focus

    drive(quarter, script)


def test_enter_on_a_day_begins_a_log_of_that_day(quarter: Path) -> None:
    async def script(driver: Driver) -> None:
        await driver.press("2", "k", "enter")
        assert driver.app.screen.query_one(Input).value == "kneetrack log bridge -d 2026-11-24 "
        await driver.press("escape")

    drive(quarter, script)


def test_the_year_is_of_the_exercise_under_the_cursor_after_w(quarter: Path) -> None:
    async def script(driver: Driver) -> None:
        await driver.press("j", "2", "w")
        assert driver.app.year.found
        assert driver.app.year.found.calendar.exercise == "clamshell"
        await driver.press("tab", "j")
        assert driver.app.year.found.calendar.exercise == "side_plank"
        await driver.press("w")
        assert driver.app.year.found.calendar.exercise is None

    drive(quarter, script)


def test_days_before_the_year_are_read_when_the_cursor_goes_there(diary: Path) -> None:
    log_elsewhere(diary, "bridge", "2024-03-01")
    log_elsewhere(diary, "bridge", "2025-12-01")

    async def script(driver: Driver) -> None:
        await driver.press("2", "g")
        assert driver.app.year.day == date(2025, 12, 1)
        await driver.press("h")
        await driver.press("h")
        await driver.press("g")
        assert driver.app.year.day == date(2024, 3, 1)

    drive(diary, script)


# The mouse


def test_a_click_puts_the_cursor_on_an_exercise_and_another_click_logs_it(diary: Path) -> None:
    async def script(driver: Driver) -> None:
        assert driver.pilot
        await driver.pilot.click("#today", offset=(5, 4))
        assert driver.app.exercises.exercise == "clamshell"
        await driver.pilot.click("#today", offset=(5, 4), times=2)
        await driver.settle()

    drive(diary, script)
    assert done(diary) == ["clamshell"]


def test_a_click_on_a_title_opens_its_pane(diary: Path) -> None:
    async def script(driver: Driver) -> None:
        assert driver.pilot
        for key, pane in PANES.items():
            line = next(line for line in driver.screen.splitlines() if "1 Weeks" in line)
            await driver.pilot.click("#bar", offset=(line.index(f"{key} {pane.title}") + 2, 0))
            await driver.settle()
            assert driver.app.pane == key

    drive(diary, script)


def test_a_click_on_a_day_puts_the_cursor_there(quarter: Path) -> None:
    async def script(driver: Driver) -> None:
        assert driver.pilot
        await driver.press("2")
        lines = driver.screen.splitlines()
        top = next(at for at, line in enumerate(lines) if "1 Weeks" in line) + 1
        row = next(at for at, line in enumerate(lines) if line.startswith("Tue     "))
        column = len(lines[row].rstrip()) - 1
        await driver.pilot.click("#year", offset=(column, row - top))
        assert driver.app.year.day == date(2026, 11, 24)

    drive(quarter, script, (80, 40))


# Help and the palette


def test_help_names_every_key_and_its_command(diary: Path) -> None:
    async def script(driver: Driver) -> None:
        await driver.press("question_mark")
        shown = " ".join(driver.screen.replace("│", " ").split())
        for act in ACTS:
            assert act.shown in shown
            assert act.line is None or f"kneetrack {act.line}" in shown
        await driver.press("escape")
        assert not isinstance(driver.app.screen, Help)

    drive(diary, script, (100, 60))


def test_every_command_that_the_help_names_is_one() -> None:
    lines = [act.line for act in ACTS if act.line]
    assert len(lines) > 15
    for line in lines:
        assert read(line.replace("TEXT", "words"))


def test_the_command_palette_finds_what_keys_do(diary: Path) -> None:
    async def script(driver: Driver) -> None:
        assert driver.pilot
        await driver.press("ctrl+p")
        assert isinstance(driver.app.screen, CommandPalette)
        await driver.press(*"log all")
        await driver.pilot.pause(0.5)
        assert "kneetrack log all · key A" in driver.screen
        await driver.press("enter")
        await driver.pilot.pause(0.2)
        await driver.settle()

    drive(diary, script)
    assert sorted(done(diary)) == ["bridge", "clamshell"]


# The guided session


@pytest.mark.parametrize(("key", "exercises"), [("s", ()), ("S", ("clamshell",))])
def test_a_guided_session_is_asked_for_with_where_to_go_on(diary: Path, key: str, exercises: tuple[str, ...]) -> None:
    async def script(driver: Driver) -> None:
        await driver.press("j", "2", key)

    assert drive(diary, script).return_value == Guided(exercises, View("2", "clamshell"))


# How it looks


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("colour", ["1", None])
@pytest.mark.parametrize("keys", ["1", "2 h"])
def test_it_shows_the_same_words_at_every_size_with_and_without_colour(
    quarter: Path, size: tuple[int, int], colour: str | None, keys: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if colour:
        monkeypatch.setenv("NO_COLOR", colour)

    async def script(driver: Driver) -> None:
        await driver.press(*keys.split())
        name = "dash-{}-{}x{}.txt".format(keys[0], *size)
        assert without_ids(driver.screen).splitlines() == (SCREENS / name).read_text("utf-8").splitlines()

    drive(quarter, script, size)


@pytest.mark.parametrize("size", SIZES)
def test_a_dashboard_that_is_resized_is_that_of_its_new_size(quarter: Path, size: tuple[int, int]) -> None:
    async def script(driver: Driver) -> None:
        assert driver.pilot
        await driver.press("1")
        for columns, rows in ((200, 60), (40, 12), size):
            await driver.pilot.resize_terminal(columns, rows)
            await driver.settle()
        name = "dash-1-{}x{}.txt".format(*size)
        assert without_ids(driver.screen).splitlines() == (SCREENS / name).read_text("utf-8").splitlines()

    drive(quarter, script)


@pytest.mark.parametrize("keys", ["1", "2 tab", "3", "question_mark", "a", "ctrl+p"])
def test_without_colour_only_the_terminals_own_two_are_used(
    quarter: Path, keys: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    async def script(driver: Driver) -> None:
        await driver.press(*keys.split())
        assert colours(driver.app) <= {ColorType.DEFAULT}

    drive(quarter, script)


@pytest.mark.parametrize("keys", ["1", "2 tab", "6", "question_mark", "a", "ctrl+p"])
def test_the_background_is_the_terminals_own_so_that_light_and_dark_are_its_own(quarter: Path, keys: str) -> None:
    async def script(driver: Driver) -> None:
        await driver.press(*keys.split())
        strips = driver.app.screen._compositor.render_strips()  # noqa: SLF001 - no other way to it
        styles = [segment.style for strip in strips for segment in strip if segment.style and not segment.style.reverse]
        assert {style.bgcolor.type for style in styles if style.bgcolor} <= {ColorType.DEFAULT}

    drive(quarter, script)


@pytest.mark.parametrize("columns", [60, 61, 72, 79, 80, 100, 140, 200])
def test_no_line_is_wider_than_the_screen_at_any_width_with_names_of_wide_characters(diary: Path, columns: int) -> None:
    here = Workspace(Place(diary, named=True), NOW)
    exercises.add(here, "膝の裏を伸ばす運動とても長い名前", per_side=True, hold=False)
    log_elsewhere(diary, "膝の裏を伸ばす運動とても長い名前 1x10")

    async def script(driver: Driver) -> None:
        for key in PANES:
            await driver.press(key)
            for name in ("text", "said", "hint", "keys", "bar", "today"):
                drawn = driver.app.query_one(f"#{name}", Static)
                console = Console(width=10_000, color_system=None, file=StringIO())
                with console.capture() as capture:
                    console.print(drawn.content)
                if name not in {"hint", "keys"}:
                    assert max(map(text.cells, map(str.rstrip, capture.get().splitlines()))) <= columns

    drive(diary, script, (columns, 24))


# No number of its own


def kept(diary: diaries.Diary, path: Path) -> datetime:
    """Write a random diary to a file, and return the noon of its today."""
    now = datetime.combine(diary.today, time(12), ZONE)

    def fill(store: Store) -> bool:
        for its in diary.prescriptions:
            store.prescribe("plan set", now, [its])
        for its_pause in diary.pauses:
            store.pause("pause", now, [its_pause])
        for number, each in enumerate(diary.sessions):
            pain = number % 7 if number % 3 else None
            session = Session("", now, each.exercise, each.day, None, each.side, each.dose, None, pain, None, None)
            store.append(f"log {each.exercise}", now + timedelta(microseconds=number), [session])
        return True

    schema.create(path, now, fill)
    return now


@examples(15)
@given(diaries.diaries())
def test_no_number_differs_from_what_commands_give_a_program(diary: diaries.Diary) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "diary.db")
        now = kept(diary, path)

        async def script(driver: Driver) -> None:
            assert data.today(driver.app.exercises.found) == answer("today")
            await driver.press("1")
            assert data.stats(driver.app.shown) == answer("stats")
            await driver.press("2")
            assert data.calendar(driver.app.shown.calendar) == answer("calendar --months 12")
            await driver.press("4")
            weeks, days = driver.app.shown
            assert (data.pain_weeks(weeks), data.pain_days(days)) == (answer("stats pain"), answer("pain"))
            await driver.press("5")
            assert data.plan(driver.app.shown.progress.plan, driver.app.shown.progress) == answer("plan")
            await driver.press("6")
            assert data.history(driver.app.shown) == answer("history")

        def answer(line: str) -> Any:  # noqa: ANN401 - as JSON has it
            return json.loads(typed(path, f"{line} --json"))

        with patch(f"{__name__}.NOW", now):
            drive(path, script)


@pytest.mark.parametrize(("key", "line"), [("3", "stats bridge"), ("5", "plan"), ("6", "history")])
def test_a_pane_shows_what_its_command_prints(quarter: Path, key: str, line: str) -> None:
    async def script(driver: Driver) -> None:
        await driver.press(key, "escape")
        width = driver.app.query_one("#text").size.width
        shown = [row.rstrip() for row in driver.screen.splitlines() if row.strip()]
        for row in typed(quarter, line, width).splitlines():
            assert not row.strip() or row.rstrip() in shown

    drive(quarter, script, (80, 200))
