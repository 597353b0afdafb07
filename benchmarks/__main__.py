"""Measure kneetrack: `.venv/bin/python -m benchmarks`, from the top of the repository.

Each command is a whole process, run in turn with its floor: what it cannot do without, or itself with an empty
diary. The table gives the median ratio of processor time and its quartiles; goals are those of the design.
Nothing here fails because of a time. With `--newest-typer VENV` (made by `python3 -m venv VENV`, then
`VENV/bin/pip install . && VENV/bin/pip install -U typer`), a row shows what the newest Typer would cost.
"""

import argparse
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks.bench import LOG, Bench, environment, short
from benchmarks.measure import Subject

PYTHON = sys.executable
BARE = "pass"
TYPER = "import typer"
SQLITE = "import sqlite3, json"
SCREEN = f"{SQLITE}, rich.console, rich.table"
HELP = "import typer, typer.rich_utils"

SCALED = (LOG, "remind", "today", "history", "stats")
READS = ("history --all", "calendar", "plan", "exercises", "show bridge", "undo --list")
CHANGES = (
    "undo", "redo", "edit last --reps 12", "rm last", "skip", "pause bridge --until tomorrow", "plan set bridge 3x12",
)  # fmt: skip
"""What people type that writes and is not daily; `redo` has something to bring back in every diary."""

FILES = ("export --format json", "export --format csv", "report", "backup")

IMPORTED_DAYS, IMPORTED_A_DAY = 25_000, 4

SLOW_RUNS = 5
"""Pairs of runs for what takes seconds."""

EXECUTEMANY = """
import sqlite3, sys
source, target = sqlite3.connect(sys.argv[1]), sqlite3.connect(sys.argv[2])
for (made,) in source.execute("SELECT sql FROM sqlite_master WHERE tbl_name = 'session' AND sql IS NOT NULL"):
    target.execute(made)
rows = source.execute("SELECT * FROM session").fetchall()
target.executemany(f"INSERT INTO session VALUES ({', '.join('?' * len(rows[0]))})", rows)
target.commit()
"""


def python(bench: Bench, code: str, *words: str) -> Subject:
    """Return Python running a line of code."""
    return Subject((PYTHON, "-c", code, *words), environment(bench.folder))


def floors(bench: Bench) -> None:
    """Measure the commands against what they cannot do without, with a month's diary."""
    for line, code, goal in (
        (LOG, BARE, 3.5),
        ("remind", BARE, 3.5),
        ("today", SCREEN, 1.2),
        ("history", SCREEN, 1.2),
        ("stats", SCREEN, 1.2),
        *((line, BARE, 4.5) for line in CHANGES),
    ):
        bench.row(short(line), bench.command(line, bench.month), code, python(bench, code), goal)
    bench.row("first log", bench.command(LOG, None), BARE, python(bench, BARE), 6)
    log, floor = bench.command(LOG, bench.month), python(bench, SQLITE)
    bench.row("memory of log", log, SQLITE, floor, 1.3, figure="peak")
    for diary in (bench.month, bench.decade, bench.lifetime) if bench.has("backup") else ():
        log = bench.command(LOG, diary)
        bench.row(
            f"log and the day's backup, {diary.name}", bench.first_of_the_day(log), "log alone", log, runs=SLOW_RUNS
        )
    for words in ("kneetrack log br", "kneetrack l", "kneetrack rm "):
        asked = {"_KNEETRACK_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
        subject = bench.command("", bench.month)
        subject = subject._replace(environment={**subject.environment, **asked})
        bench.row(f"completing “{words}”", subject, TYPER, python(bench, TYPER), 1.3)
    bench.row("--help", bench.command("--help", bench.month), HELP, python(bench, HELP))
    for code in (SQLITE, TYPER, "import sqlmodel"):
        bench.row(code, python(bench, code), "bare Python", python(bench, BARE))


def growth(bench: Bench) -> None:
    """Measure commands with long diaries against themselves with an empty one."""
    for diary, goals in (
        (bench.decade, {"stats": 1.5}),
        (bench.lifetime, {LOG: 1.3, "today": 1.3, "remind": 1.3}),
        (bench.perfect, {LOG: 1.3, "today": 1.3, "remind": 1.3}),
    ):
        for line in filter(bench.has, SCALED):
            goal = goals.get(line, 1.15 if diary is bench.decade else None)
            subject, floor = bench.command(line, diary), bench.command(line, bench.empty)
            bench.row(f"{short(line)}, {diary.name}", subject, "itself with an empty diary", floor, goal)


def reading(bench: Bench) -> None:
    """Measure the other commands that read, and those that copy the diary, with long diaries."""
    for line in filter(bench.has, (*READS, *FILES)):
        for diary in (bench.decade, bench.lifetime):
            subject, floor = bench.command(line, diary), bench.command(line, bench.month)
            bench.row(f"{short(line)}, {diary.name}", subject, "itself with a month's diary", floor, runs=SLOW_RUNS)


def importing(bench: Bench) -> None:
    """Measure the import of 100 000 sessions against sqlite3's executemany of the same rows."""
    if not (bench.has("export") and bench.has("import")):
        return
    file, huge = bench.folder / "import.json", bench.diary("import", IMPORTED_DAYS, IMPORTED_A_DAY)
    export = bench.command("export --format json", huge)
    with file.open("wb") as out:
        subprocess.run(export.command, env=export.environment, stdout=out, check=True)
    target = bench.folder / "executemany.db"
    floor = python(bench, EXECUTEMANY, str(huge.path), str(target))
    floor = floor._replace(prepare=lambda: target.unlink(missing_ok=True))
    subject = bench.command(f"import {file}", None)
    bench.row("import of 100 000 sessions", subject, "executemany", floor, 4, runs=SLOW_RUNS)


def syncing(bench: Bench) -> None:
    """Measure a sync without news against `today`, and the first syncs of 100 000 sessions against executemany."""
    if not bench.has("sync"):
        return
    quiet, shared = bench.diary("synced", 31, 2), bench.folder / "shared"
    shared.mkdir()
    sync = bench.command("sync", quiet)
    subprocess.run([*sync.command, str(shared)], env=sync.environment, stdout=subprocess.DEVNULL, check=True)
    bench.row("sync without news", sync, "today", bench.command("today", quiet), 1.5)
    huge, full = bench.diary("shared", IMPORTED_DAYS, IMPORTED_A_DAY), bench.folder / "full"
    target = bench.folder / "executemany.db"
    floor = python(bench, EXECUTEMANY, str(huge.path), str(target))
    floor = floor._replace(prepare=lambda: target.unlink(missing_ok=True))
    for what, diary in (("that sends", huge), ("that receives", None)):
        subject = bench.command(f"sync {full}", diary)
        subject = subject._replace(prepare=_before_a_first_sync(subject, full, keep=diary is None))
        bench.row(f"first sync of 100 000 sessions, {what}", subject, "executemany", floor, 4, runs=SLOW_RUNS)


def _before_a_first_sync(subject: Subject, shared: Path, *, keep: bool) -> Callable[[], None]:
    """Return what makes a diary one that was never synced; with `keep` the folder stays as it is."""
    state = Path(subject.environment["HOME"], ".local/share/kneetrack/kneetrack.db.sync")

    def _renew() -> None:
        subject.prepare()
        state.unlink(missing_ok=True)
        if not keep:
            shutil.rmtree(shared, ignore_errors=True)
            shared.mkdir()

    return _renew


PARTS = {"floors": floors, "growth": growth, "reading": reading, "importing": importing, "syncing": syncing}


def newest_typer(venv: Path) -> Callable[[Bench], None]:
    """Return what measures the same `log` with the Typer of another environment."""

    def _measure(bench: Bench) -> None:
        version = subprocess.run(
            [venv / "bin/python", "-c", "from importlib.metadata import version; print(version('typer'))"],
            capture_output=True, check=True, text=True,
        ).stdout.strip()  # fmt: skip
        there = bench.command(LOG, bench.month, program=str(venv / "bin/kneetrack"))
        bench.row(
            f"log, Typer {version}", there, "itself, the Typer of this environment", bench.command(LOG, bench.month)
        )

    return _measure


def sizes(bench: Bench) -> Iterator[dict[str, Any]]:
    """Yield what each diary takes on the disk, in bytes, and what each of its sessions adds."""
    nothing = bench.empty.path.stat().st_size
    for diary in (bench.empty, bench.month, bench.decade, bench.lifetime):
        size, sessions = diary.path.stat().st_size, _sessions(diary.path)
        each = round((size - nothing) / sessions) if sessions else None
        yield {"diary": diary.name, "sessions": sessions, "bytes": size, "bytes_a_session": each}


def _sessions(path: Path) -> int:
    """Return how many sessions a diary holds."""
    with closing(sqlite3.connect(path)) as connection:
        (count,) = connection.execute("SELECT count(*) FROM session").fetchone()
    return int(count)


def as_json(bench: Bench) -> dict[str, Any]:
    """Return everything measured, for programs: ratios, and times in milliseconds, memory in MB."""
    rows = [
        {
            "what": row.what,
            "floor": row.floor,
            "figure": row.figure,
            "goal": row.goal,
            "cpu": row.result.cpu._asdict(),
            "wall": row.result.wall._asdict(),
            "peak": row.result.peak._asdict(),
            "cost": row.result.cost._asdict(),
            "floor_cost": row.result.floor._asdict(),
        }
        for row in bench.rows
    ]
    return {
        "schema": 1,
        "day": str(date.today()),  # noqa: DTZ011 - the day on this machine's calendar
        "python": sys.version.split()[0],
        "machine": f"{os.uname().machine}, {os.cpu_count()} cores",
        "runs": bench.runs,
        "rows": rows,
        "sizes": list(sizes(bench)),
        "skipped": bench.skipped,
    }


def main() -> None:
    """Measure, print the table, and write it as JSON."""
    words = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure kneetrack as whole processes.")
    words.add_argument("--runs", type=int, default=21, help="pairs of runs for each row (21)")
    words.add_argument("--only", choices=tuple(PARTS), action="append")
    words.add_argument("--newest-typer", type=Path, metavar="VENV", help="an environment with the newest Typer")
    words.add_argument("--json", type=Path, default=Path("benchmark.json"), metavar="FILE")
    given = words.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        yesterday = date.today() - timedelta(1)  # noqa: DTZ011 - as kneetrack's own today
        bench = Bench(Path(folder), given.runs, yesterday)
        for name in given.only or PARTS:
            PARTS[name](bench)
        if given.newest_typer:
            newest_typer(given.newest_typer.absolute())(bench)
        report = as_json(bench)
    given.json.write_text(json.dumps(report, indent=2) + "\n")
    from benchmarks.table import show  # noqa: PLC0415 - Rich is imported when nothing is left to measure

    show(report)


if __name__ == "__main__":
    main()
