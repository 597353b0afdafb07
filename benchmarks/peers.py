"""Other tools that people log with, on the same work: `.venv/bin/python -m benchmarks.peers --tools FOLDER`.

They are measured where they are installed: timewarrior and taskwarrior (`apt-get install timewarrior taskwarrior`)
are looked for on the PATH, Watson and jrnl in FOLDER as well, each in an environment of its own:

    python3 -m venv FOLDER/watson && FOLDER/watson/bin/pip install td-watson
    python3 -m venv FOLDER/jrnl && FOLDER/jrnl/bin/pip install jrnl

Each has two sessions a day up to today, for a month and for ten years, in a home of its own that is made anew before
each run. Ratios are the peer's cost ÷ kneetrack's, of the same work in turn.
"""

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from benchmarks import measure
from benchmarks.bench import LOG, Bench, environment
from benchmarks.measure import Comparison, FailedError, Subject

SPANS = {"one month": 30, "10 years": 3650}
WORK = ("log one thing", "show today", "show a month")
OURS = dict(zip(WORK, (LOG, "today", "history --days 30"), strict=True))


class Peer(NamedTuple):
    """A tool: its program, what fills a home with sessions that began at some moments, and what it is asked."""

    program: str
    fill: Callable[[Path, list[datetime]], None]
    lines: Callable[[date], tuple[str, str, str]]


def _watson(home: Path, moments: list[datetime]) -> None:
    """Write Watson's frames: begin, end, project, id, tags, and when it was written."""
    folder = home / ".config/watson"
    folder.mkdir(parents=True)
    frames = [
        [int(at.timestamp()), int(at.timestamp()) + 60, "bridge", f"{number:032x}", [], int(at.timestamp())]
        for number, at in enumerate(moments)
    ]
    (folder / "frames").write_text(json.dumps(frames))


def _jrnl(home: Path, moments: list[datetime]) -> None:
    """Write jrnl's journal, and the settings without which it asks questions."""
    folder = home / ".config/jrnl"
    folder.mkdir(parents=True)
    settings = f"journals:\n  default:\n    journal: {home}/journal.txt\ntimeformat: '%Y-%m-%d %H:%M'\nversion: v4.6\n"
    (folder / "jrnl.yaml").write_text(settings)
    (home / "journal.txt").write_text("".join(f"[{at:%Y-%m-%d %H:%M}] bridge 15\n\n" for at in moments))


def _timewarrior(home: Path, moments: list[datetime]) -> None:
    """Write timewarrior's intervals, a file a month."""
    folder = home / ".timewarrior/data"
    folder.mkdir(parents=True)
    (home / ".timewarrior/timewarrior.cfg").touch()
    (folder / "tags.data").write_text(f'{{\n  "bridge":{{"count":{len(moments)}}}\n}}')
    for at in moments:
        with (folder / f"{at:%Y-%m}.data").open("a") as month:
            month.write(f"inc {at:%Y%m%dT%H%M%SZ} - {at + timedelta(minutes=1):%Y%m%dT%H%M%SZ} # bridge\n")


def _taskwarrior(home: Path, moments: list[datetime]) -> None:
    """Write taskwarrior's completed tasks."""
    folder = home / ".task"
    folder.mkdir()
    (home / ".taskrc").write_text(f"data.location={folder}\n")
    stamps = [(number, int(at.timestamp())) for number, at in enumerate(moments)]
    lines = [
        f'[description:"bridge 15" end:"{at}" entry:"{at}" modified:"{at}" status:"completed"'
        f' uuid:"{number:08x}-0000-4000-8000-000000000000"]\n'
        for number, at in stamps
    ]
    (folder / "completed.data").write_text("".join(lines))


PEERS = {
    "Watson": Peer(
        "watson",
        _watson,
        lambda day: (
            f"add -f {day - timedelta(1)}T23:30 -t {day - timedelta(1)}T23:31 bridge",
            "log --day --no-pager",
            f"log --from {day - timedelta(29)} --no-pager",
        ),
    ),
    "jrnl": Peer(
        "jrnl", _jrnl, lambda day: ("bridge 15", f"-on {day} --short", f"-from {day - timedelta(29)} --short")
    ),
    "timewarrior": Peer(
        "timew",
        _timewarrior,
        lambda day: (
            f"track {day - timedelta(1)}T23:30 - {day - timedelta(1)}T23:31 bridge",
            "summary :day",
            f"summary {day - timedelta(29)} - tomorrow",
        ),
    ),
    "taskwarrior": Peer(
        "task",
        _taskwarrior,
        lambda day: ("log bridge 15", "completed end:today", f"completed end.after:{day - timedelta(30)}"),
    ),
}


class Row(NamedTuple):
    """One line of the table."""

    work: str
    span: str
    peer: str
    result: Comparison


def _found(peer: Peer, tools: Path) -> str | None:
    """Return where a tool is installed."""
    own = tools / peer.program / "bin" / peer.program
    return str(own) if own.exists() else shutil.which(peer.program)


def _moments(days: int, today: date) -> list[datetime]:
    """Return when two sessions of each day began."""
    first = today - timedelta(days - 1)
    return [
        datetime.combine(first + timedelta(day), time(0, minute)).astimezone()
        for day in range(days)
        for minute in (5, 15)
    ]


def _subject(program: str, line: str, home: Path) -> Subject:
    """Return a tool's command in a home that is a copy of the filled one."""
    copy = home.with_name(f"{home.name}-copy")

    def _renew() -> None:
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(home, copy)
        for named in (copy / ".config/jrnl/jrnl.yaml", copy / ".taskrc"):
            if named.exists():
                named.write_text(named.read_text().replace(f"{home}/", f"{copy}/"))

    return Subject((program, *line.split()), environment(copy), _renew)


def _measured(bench: Bench, tools: Path, today: date) -> list[Row]:
    """Measure every tool that is installed, and say which are not."""
    rows = []
    for span, days in SPANS.items():
        ours = bench.diary(span, days, 2, gap=0)
        for name, peer in PEERS.items():
            program = _found(peer, tools)
            if program is None:
                sys.stderr.write(f"{name} is not installed, so it is not measured.\n")
                continue
            home = bench.folder / f"{peer.program}-{days}"
            home.mkdir()
            peer.fill(home, _moments(days, today))
            for work, line in zip(WORK, peer.lines(today), strict=True):
                sys.stderr.write(f"{name}, {work}, {span} …\n")
                subject = _subject(program, line, home)
                try:
                    rows.append(
                        Row(work, span, name, measure.compare(subject, bench.command(OURS[work], ours), bench.runs))
                    )
                except FailedError as error:
                    sys.stderr.write(f"not measured: {error}\n")
    return rows


def _table(rows: list[Row]) -> Table:
    """Return the table: what each costs, and how many times what kneetrack costs."""
    table = Table(box=None, pad_edge=False)
    for column in ("work", "data", "tool"):
        table.add_column(column, overflow="fold")
    for column in ("CPU", "wall", "ours", "ratio", "quartiles"):
        table.add_column(column, justify="right", no_wrap=True)
    for row in sorted(rows, key=lambda row: (WORK.index(row.work), list(SPANS).index(row.span))):
        cost, ratio = row.result.cost, row.result.cpu
        table.add_row(
            row.work,
            row.span,
            row.peer,
            f"{cost.cpu_ms:.0f} ms",
            f"{cost.wall_ms:.0f} ms",
            f"{row.result.floor.cpu_ms:.0f} ms",
            f"{ratio.median:.2f}",
            f"{ratio.low:.2f}–{ratio.high:.2f}",
        )
    return table


def main() -> None:
    """Measure the peers, print the table, and write it as JSON."""
    words = argparse.ArgumentParser(
        prog="python -m benchmarks.peers", description="Measure kneetrack beside its peers."
    )
    words.add_argument("--tools", type=Path, default=Path("peers"), metavar="FOLDER", help="environments of the tools")
    words.add_argument("--runs", type=int, default=21, help="pairs of runs for each row (21)")
    words.add_argument("--json", type=Path, default=Path("benchmark-peers.json"), metavar="FILE")
    given = words.parse_args()
    today = date.today()  # noqa: DTZ011 - as the tools' own today
    with tempfile.TemporaryDirectory() as folder:
        rows = _measured(Bench(Path(folder), given.runs, today), given.tools.absolute(), today)
    kept = [
        {**row._asdict(), "result": {key: value._asdict() for key, value in row.result._asdict().items()}}
        for row in rows
    ]
    given.json.write_text(
        json.dumps({"schema": 1, "day": str(today), "runs": given.runs, "rows": kept}, indent=2) + "\n"
    )
    Console(markup=False, highlight=False).print(_table(rows))


if __name__ == "__main__":
    main()
