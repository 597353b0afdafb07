"""Photograph the page for a clinician in Chromium, with the diary of the made-up person, on a fixed day.

Run it where Chromium is: `PYTHONPATH=tests python pictures/page.py`.
"""

import sys
from contextlib import redirect_stdout, suppress
from datetime import date, datetime, time
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import chromium
import draw
from kneetrack.app import log, pain, scores
from kneetrack.app.session_input import Options
from kneetrack.app.workspace import Place, Workspace
from kneetrack.cli import main

WIDTH = 900
MORNINGS = {"2026-10-20": 3, "2026-10-27": 2, "2026-11-03": 2, "2026-11-13": 4, "2026-11-17": 1, "2026-11-24": 1}
"""Pain on getting up, by day."""
SCORES = {
    date(2026, 10, 20): (["psfs", "stairs", "4", "long drive", "5"], ["akps", "71"]),
    date(2026, 11, 24): (["psfs", "stairs", "7", "long drive", "6"], ["akps", "84"]),
}
OPTIONS = ("--question", "May I start running again?", "--question", "More weight, or more sets?")


def keep_diary(path: Path) -> None:
    """Keep the diary of the other pictures, with pain, scores and notes."""
    draw.keep_diary(path)
    here = Workspace(Place(path, named=True), datetime.combine(draw.TODAY, time(18), draw.ZONE))
    for day, level in MORNINGS.items():
        pain.note(here, level, pain.Given(moments=["morning"], day=day))
    for on, entered in SCORES.items():
        for words in entered:
            scores.enter(here, words, str(on))
    sharp = Options(day="2026-11-12", pain=6, note="sharp on the stairs; stopped after one set")
    log.log(here, ["bridge", "1x10"], sharp)
    log.log(here, ["clamshell", "3x12"], Options(day="2026-11-23", pain=2, note="left side easier with the band"))


def photograph(path: Path) -> None:
    """Write the picture of the page to a file."""
    with TemporaryDirectory() as folder:
        keep_diary(Path(folder) / "diary.db")
        page = Path(folder) / "page.html"
        words = ["kneetrack", "report", str(page), *OPTIONS]
        with (
            draw.at_the_diary(Path(folder) / "diary.db"),
            patch.object(sys, "argv", words),
            redirect_stdout(StringIO()),
            suppress(SystemExit),
        ):
            main()
        with chromium.started(Path(folder) / "profile") as browser:
            browser.show(page, WIDTH)
            path.write_bytes(browser.picture())


if __name__ == "__main__":
    photograph(draw.HERE / "report.png")
