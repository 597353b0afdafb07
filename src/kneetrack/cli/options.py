"""The options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

Db = Annotated[
    Path | None,
    typer.Option("--db", metavar="PATH", help="The journal to use; else KNEETRACK_DB, else the data folder."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Day = Annotated[
    str | None,
    typer.Option("--day", "-d", metavar="DAY", help="The day it counts for: yesterday, mon, -2, 2026-11-20."),
]
At = Annotated[str | None, typer.Option("--at", metavar="TIME", help="The clock time on that day: 07:30.")]
Side = Annotated[str | None, typer.Option("--side", metavar="SIDE", help="left, right or both.")]
Load = Annotated[str | None, typer.Option("--load", metavar="TEXT", help="Band, weight or what else loaded it.")]
Note = Annotated[str | None, typer.Option("--note", metavar="TEXT", help="A note; it is shown next time.")]
Sets = Annotated[int | None, typer.Option("--sets", metavar="N", help="Sets; alone, of the prescribed dose.")]
Reps = Annotated[int | None, typer.Option("--reps", metavar="N", help="Repetitions a set; alone, one set.")]
Hold = Annotated[int | None, typer.Option("--hold", metavar="SECONDS", help="Seconds of hold; alone, one set.")]
