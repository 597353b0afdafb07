"""Measure the dashboard: `.venv/bin/python -m benchmarks.dashboard`, from the top of the repository.

The first frame is that of a whole process at a terminal, by the clock, in turn with the imports that it cannot do
without. A key is measured inside of one process, from the press until the screen is drawn again.
"""

import asyncio
import os
import pty
import select
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from benchmarks.bench import KNEETRACK, environment
from kneetrack.app import today
from kneetrack.app.workspace import Place, Workspace
from kneetrack.cli.dash import read
from kneetrack.tui.dash import Dash

FLOOR = (sys.executable, "-c", "import textual.app, textual.widgets; print('here')")
PAIRS = 11
SIZES = {"empty": (0, 2), "10 years, 2 a day": (3650, 2), "50 years, 4 a day": (18_250, 4)}
KEYS = {
    "nothing": ("f9", "f9"),
    "next exercise": ("1", "j k j k"),
    "a day of the year": ("2 tab", "h j l k h l"),
    "another pane": ("5", "4 6 1 3 2"),
}
"""Keys by what they do, with those that lead to where they are measured; one that does nothing is the floor."""


def until(words: Sequence[str], shown: str, surroundings: dict[str, str]) -> float:
    """Return after how many seconds a process at a terminal of its own has printed something."""
    us, them = pty.openpty()
    os.set_blocking(us, False)
    began, printed = time.perf_counter(), ""
    with subprocess.Popen(words, stdin=them, stdout=them, stderr=them, env=surroundings) as process:
        os.close(them)
        while shown not in printed:
            if not select.select([us], [], [], 30)[0]:
                raise TimeoutError(printed)
            try:
                printed += os.read(us, 1 << 16).decode(errors="replace")
            except OSError:
                raise TimeoutError(printed) from None
        took = time.perf_counter() - began
        process.kill()
    os.close(us)
    return took


def first_frames(home: Path) -> str:
    """Return the median ratio of the first frame with today to its floor, and what it takes."""
    usual = environment(home, TERM="xterm-256color", COLUMNS="80", LINES="24")
    pairs = [(until(FLOOR, "here", usual), until((str(KNEETRACK), "dash"), "Bridge", usual)) for _ in range(PAIRS)]
    ratio = statistics.median(its / floor for floor, its in pairs)
    return f"first frame {ratio:.2f} × the imports, {statistics.median(its for _, its in pairs) * 1000:.0f} ms"


async def keys(path: Path) -> list[str]:
    """Return how long keys take at a diary, in milliseconds: the median and the most."""

    def here() -> Workspace:
        return Workspace(Place(path, named=True), datetime.now().astimezone())

    app, said = Dash(today.show(here()), here, read), []
    async with app.run_test(size=(80, 24)) as pilot:
        await app.workers.wait_for_complete()
        for what, (before, measured) in KEYS.items():
            await pilot.press(*before.split())
            took = []
            for key in measured.split():
                await app.workers.wait_for_complete()
                await pilot.pause()
                began = time.perf_counter()
                await pilot.press(key)
                took.append((time.perf_counter() - began) * 1000)
            said.append(f"{what} {statistics.median(took):.0f} ms (at most {max(took):.0f})")
    return said


def main() -> None:
    """Measure, and print a line for each diary."""
    last_day = str(datetime.now().astimezone().date())
    with tempfile.TemporaryDirectory() as folder:
        for name, (days, a_day) in SIZES.items():
            home = Path(folder, str(days))
            path = home / ".local/share/kneetrack/kneetrack.db"
            path.parent.mkdir(parents=True)
            words = ["-m", "benchmarks.diaries", str(path), str(days), str(a_day), last_day, "14"]
            subprocess.run([sys.executable, *words], check=True)
            print(f"{name}: {'; '.join([first_frames(home), *asyncio.run(keys(path))])}")  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
