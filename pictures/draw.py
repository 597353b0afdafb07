"""Draw the pictures of the pages: what real commands print, with the diary of a made-up person, on a fixed day.

Run it from anywhere: `python pictures/draw.py`. A test holds the pictures up to date.
"""

import asyncio
import os
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stdout, suppress
from datetime import date, datetime, time, timedelta
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch
from zoneinfo import ZoneInfo

import time_machine
from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from kneetrack.app import log, pain, pauses, plan, plan_input, session, session_input, today
from kneetrack.app.workspace import Place, Workspace
from kneetrack.cli import main
from kneetrack.cli.dash import read
from kneetrack.tui.dash import Dash
from kneetrack.tui.sound import Sound
from kneetrack.tui.timer import Timer

HERE = Path(__file__).parent
TODAY = date(2026, 11, 25)
FIRST = date(2026, 8, 31)
COLUMNS = 80
ZONE = ZoneInfo("Europe/Berlin")

PICTURES = {
    "today": ("log bridge 15 --pain 2", ""),
    "remind": ("remind",),
    "plan": ("plan",),
    "stats": ("stats",),
    "stats-bridge": ("stats bridge",),
    "calendar": ("calendar",),
    "explain": ("explain streak",),
    "pain": ("stats pain",),
}
"""The commands of each picture, in the order in which they are typed."""

PLAN = {
    FIRST: ("bridge 2x10x2s clamshell 2x10", ""),
    date(2026, 9, 1): ("clamshell", "3"),
    date(2026, 9, 28): ("bridge 3x10x2s", ""),
    date(2026, 10, 12): ("clamshell 3x12", ""),
    date(2026, 10, 19): ("side-plank 3x20s", "2"),
    date(2026, 11, 2): ("bridge 3x12x2s", ""),
}
"""What the plan asks for from a day on, and how often a week where that changes."""

DAYS = {"bridge": range(7), "clamshell": (0, 2, 5), "side-plank": (1, 4)}
"""The weekdays on which each exercise is done."""

MISSED = {"bridge": {4, 11, 12, 20, 29, 47, 58, 64}, "clamshell": {2, 9, 28}, "side-plank": {53}}
"""Days, counted from the first, on which what was due was not done."""

AWAY = range(33, 40)
SORE = 73
"""The days of a journey, and a day on which the knee hurt too much for bridges."""
LESS = {18: "1x10", 45: "2x10", 61: "1x10", 80: "2x12"}
"""Days on which fewer bridges were done than planned."""


def keep_diary(path: Path) -> None:
    """Keep a diary at a path from the first day to yesterday, with what a person does, misses and feels."""
    for number in range((TODAY - FIRST).days):
        day = FIRST + timedelta(number)
        here = Workspace(Place(path, named=True), datetime.combine(day, time(7, 41), ZONE))
        if day in PLAN:
            asked, often = PLAN[day]
            plan.prescribe(here, asked.split(), plan_input.Options(per_week=int(often) if often else None))
        if number == AWAY[0]:
            pauses.pause(here, None, None, f"{FIRST + timedelta(AWAY[-1])}", "travel")
        if number == SORE:
            pauses.skip(here, "bridge", reason="pain")
        for exercise, weekdays in DAYS.items():
            planned = exercise != "side-plank" or day >= date(2026, 10, 19)
            if planned and day.weekday() in weekdays and number not in {*MISSED[exercise], *AWAY} and number != SORE:
                words = [exercise, LESS[number]] if exercise == "bridge" and number in LESS else [exercise]
                log.log(here, words, session_input.Options(pain=max(1, 5 - number // 20)))
        if number not in AWAY and number % 3:
            pain.note(here, max(0, 3 - number // 25 + (number == SORE)), pain.Given(["morning"]))


THEME = TerminalTheme(
    (30, 30, 30),
    (222, 222, 222),
    [(0, 0, 0), (205, 49, 49), (13, 188, 121), (229, 229, 16), (36, 114, 200), (188, 63, 188), (17, 168, 205),
     (229, 229, 229)],
)  # fmt: skip

FRAME = """\
<svg class="{unique_id}" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg" role="img">
<title>TITLE</title>
<style>
.{unique_id} text {{
  font-family: Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font-size: {char_height}px;
  line-height: {line_height}px;
}}
.{unique_id}-title {{ font-family: system-ui, sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""
"""Rich's frame without the fonts that it would fetch from a host."""


@contextmanager
def at_the_diary(path: Path) -> Iterator[None]:
    """Let commands read a diary on a screen of a fixed width, with a clock that stands still."""
    surroundings = {
        "HOME": str(path.parent),
        "XDG_STATE_HOME": str(path.parent / "state"),
        "KNEETRACK_DB": str(path),
        "FORCE_COLOR": "1",
        "TERM": "xterm-256color",
        "COLUMNS": str(COLUMNS),
    }
    others = {name: its for name, its in os.environ.items() if name not in {"NO_COLOR", "TERMINAL_WIDTH"}}
    with (
        patch.dict(os.environ, {**others, **surroundings}, clear=True),
        time_machine.travel(datetime.combine(TODAY, time(18), ZONE), tick=False),
    ):
        yield


def printed(line: str) -> str:
    """Return a line as it is typed, and what the command prints, with its colours."""
    words, out = ["kneetrack", *line.split()], StringIO()
    with patch.object(sys, "argv", words), redirect_stdout(out), suppress(SystemExit):
        main()
    return f"$ {' '.join(words)}\n{out.getvalue()}"


def draw(name: str, said: str) -> str:
    """Return a screen as SVG; the same screen is always the same text, whatever the random id that it shows."""
    console = Console(
        file=StringIO(), record=True, width=COLUMNS, force_terminal=True, color_system="256", legacy_windows=False,
        markup=False, emoji=False, highlight=False,
    )  # fmt: skip
    console.print(Text.from_ansi(re.sub(r"(?<=m)[0-9a-f]{4}(?=\x1b)", "a3f1", said)))
    frame = FRAME.replace("TITLE", said.splitlines()[0])
    return console.export_svg(title="kneetrack", theme=THEME, code_format=frame, unique_id=f"kneetrack-{name}")


MOMENTS_S = (0, 2, 4, 5, 6, 7, 8, 9, 10, 51, 53, 55, 58, 60, 62, 65)
"""At which seconds a guided session is drawn, for the animation of it; the last is the picture that stands still."""
FRAME_S = 1.5
"""How long each of them is shown."""


def frames(path: Path) -> list[str]:
    """Return the screen of a guided session of clamshells as SVG, moment by moment."""
    here = Workspace(Place(path, named=True), datetime.combine(TODAY, time(18), ZONE))
    playing, seconds = session.Playing(session.prepare(here, ["clamshell"]), lambda: here), [0.0]
    screen = Timer(playing, lambda: seconds[0], Sound("off", lambda: None))

    async def play() -> list[str]:
        drawn = []
        async with screen.run_test(size=(COLUMNS, 24)) as pilot:
            await pilot.pause()
            for moment in MOMENTS_S:
                while seconds[0] < moment:
                    seconds[0] += 1
                    screen.look()
                await pilot.pause()
                drawn.append(screen.export_screenshot(title="kneetrack start", simplify=True))
        return drawn

    return [cleaned(each, "start") for each in asyncio.run(play())]


DASHBOARDS = {"dash": ("enter",), "dash-year": ("2", "tab", *"hhhkk")}
"""The keys that were pressed before each picture of the dashboard."""


def dashboard(path: Path, keys: Sequence[str], name: str) -> str:
    """Return the dashboard as SVG, at a copy of a diary, after some keys."""
    copy = path.with_name(f"{name}.db")
    shutil.copy(path, copy)
    here = Workspace(Place(copy, named=True), datetime.combine(TODAY, time(18), ZONE))
    screen = Dash(today.show(here), lambda: here, read)

    async def press() -> str:
        async with screen.run_test(size=(COLUMNS, 32)) as pilot:
            for key in ("", *keys):
                await pilot.press(*([key] if key else []))
                for _ in range(3):  # what a key does may be done by another message, which has work done
                    await pilot.pause()
                    await screen.workers.wait_for_complete()
            await pilot.pause()
            return screen.export_screenshot(title="kneetrack dash", simplify=True)

    return named(re.sub(r"(?<=[>;])[0-9a-f]{4}(?=[<&])", "a3f1", cleaned(asyncio.run(press()), name)), "kneetrack dash")


def cleaned(drawn: str, name: str) -> str:
    """Return a screen of Textual's without the fonts that it would fetch from a host, its names always the same."""
    fetched = re.compile(r"@font-face \{.*?\}\s*|<!--.*?-->", re.DOTALL)
    return re.sub(r"\bterminal-\d+", f"kneetrack-{name}", fetched.sub("", drawn))


def named(drawn: str, title: str = "kneetrack start") -> str:
    """Return a screen as SVG with a title for those who do not see it."""
    return drawn.replace('svg">', f'svg" role="img">\n<title>{title}</title>', 1)


def animated(drawn: Sequence[str]) -> str:
    """Return one SVG that shows screens in turn, over and over."""
    matrix = re.compile(r'<g class="[^"]*-matrix">.*?</g>', re.DOTALL)
    whole = FRAME_S * len(drawn)
    shown = []
    for number, frame in enumerate(drawn):
        begin, end = number / len(drawn), (number + 1) / len(drawn)
        values, times = ("1;0", f"0;{end:.4f}") if not number else ("0;1;0", f"0;{begin:.4f};{end:.4f}")
        fade = (
            f'<animate attributeName="opacity" calcMode="discrete" dur="{whole:g}s" repeatCount="indefinite"'
            f' values="{values}" keyTimes="{times}"/>'
        )
        hidden = ' opacity="0"' if number else ""
        shown.append(f"<g{hidden}>{fade}{matrix.findall(frame)[0]}</g>")
    return named(matrix.sub(lambda _: "\n".join(shown), drawn[0], count=1))


def pictures() -> dict[Path, str]:
    """Return every picture: its file and what stands in it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "diary.db"
        keep_diary(path)
        with at_the_diary(path):
            screens = {name: "\n".join(map(printed, lines)) for name, lines in PICTURES.items()}
            drawn = {name: draw(name, said) for name, said in screens.items()}
            moments = frames(path)
            drawn |= {"start": named(moments[-1]), "start-moving": animated(moments)}
            drawn |= {name: dashboard(path, keys, name) for name, keys in DASHBOARDS.items()}
    return {HERE / f"{name}.svg": picture for name, picture in drawn.items()}


if __name__ == "__main__":
    for path, picture in pictures().items():
        path.write_text(picture, "utf-8")
