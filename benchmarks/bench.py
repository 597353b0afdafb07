"""What there is to measure with: diaries, a home for each, and the rows measured so far."""

import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import NamedTuple

from benchmarks import measure
from benchmarks.measure import Comparison, Subject

KNEETRACK = Path(sys.executable).with_name("kneetrack")

LOG = "log bridge --reps 15"
WRITES = (
    LOG,
    "undo",
    "redo",
    "edit last --reps 12",
    "rm last",
    "skip",
    "pause bridge --until tomorrow",
    "plan set bridge 3x12",
)

FORTNIGHT = 14
"""How many days before the last one nothing was done, unless said."""


class Diary(NamedTuple):
    """A diary to measure with: its name in the table, and its file."""

    name: str
    path: Path


class Row(NamedTuple):
    """One line of the table: what was measured against what, and the goal where the design sets one."""

    what: str
    floor: str
    figure: str
    goal: float | None
    result: Comparison


class Bench:
    """A home of its own for every process, diaries to begin from, and the rows measured so far."""

    def __init__(self, folder: Path, runs: int, last_day: date) -> None:
        """Make the diaries in a folder."""
        self.folder = folder
        self.runs = runs
        self.last_day = last_day
        self.rows: list[Row] = []
        self.skipped: list[str] = []
        self.empty = self.diary("empty", 0, 2)
        self.month = self.diary("one month, 2 a day", 30, 2)
        self.decade = self.diary("10 years, 2 a day", 3650, 2)
        self.lifetime = self.diary("50 years, 4 a day", 18_250, 4)
        self.perfect = self.diary("50 years, no day missed", 18_250, 4, gap=0)

    def diary(self, name: str, days: int, a_day: int, *, gap: int = FORTNIGHT) -> Diary:
        """Make a diary in a process of its own, so that this one stays small."""
        path = self.folder / f"{days}-{gap}.db"
        words = ["-m", "benchmarks.diaries", str(path), str(days), str(a_day), str(self.last_day), str(gap)]
        subprocess.run([sys.executable, *words], check=True)
        return Diary(name, path)

    def command(self, line: str, diary: Diary | None, *, program: str | None = None) -> Subject:
        """Return a kneetrack command in a home with a diary, or with none; what it writes is undone each time."""
        home = self.folder / f"home-{diary.path.stem if diary else 'new'}"
        place = home / ".local/share/kneetrack/kneetrack.db"
        place.parent.mkdir(parents=True, exist_ok=True)
        renew = measure.renewed(place, diary and diary.path)
        writes = diary is None or line in WRITES
        if not writes:
            renew()
        words = (program or str(KNEETRACK), *line.split())
        return Subject(words, environment(home), renew) if writes else Subject(words, environment(home))

    def first_of_the_day(self, subject: Subject) -> Subject:
        """Return a command that writes, whose diary has no backup of the day yet when it runs."""
        backups = Path(subject.environment["HOME"], ".local/share/kneetrack/backups")

        def _renew() -> None:
            subject.prepare()
            shutil.rmtree(backups, ignore_errors=True)

        return subject._replace(prepare=_renew)

    def has(self, line: str) -> bool:
        """Return whether kneetrack has a command; one that it has not is noted."""
        name = line.split(maxsplit=1)[0]
        if name in self.skipped:
            return False
        asked = [str(KNEETRACK), name, "--help"]
        known = not subprocess.run(asked, capture_output=True, check=False).returncode
        if not known:
            self.skipped.append(name)
        return known

    def row(  # noqa: PLR0913 - the columns of the table
        self,
        what: str,
        subject: Subject,
        against: str,
        floor: Subject,
        goal: float | None = None,
        *,
        figure: str = "cpu",
        runs: int | None = None,
    ) -> None:
        """Measure a subject against its floor; one that fails is noted."""
        sys.stderr.write(f"{what} …\n")
        try:
            self.rows.append(Row(what, against, figure, goal, measure.compare(subject, floor, runs or self.runs)))
        except measure.FailedError as error:
            self.skipped.append(f"{what} ({error})")


def short(line: str) -> str:
    """Return a command line as the table names it: without the exercise and what follows it."""
    return line.partition(" bridge")[0].partition(" last")[0]


def environment(home: Path, **more: str) -> dict[str, str]:
    """Return what a measured process sees: little, and the same on every machine."""
    return {"HOME": str(home), "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TERM": "dumb", **more}
