"""Make the fixture of this program's schema: `python tests/make_schema.py` once when a schema is released.

It types a month of a diary into a new diary, and writes beside it the values that every later kneetrack
must read from it. The fixtures of schemas before this one are never made again.
"""

import json
import os
import shlex
import shutil
import sys
from contextlib import suppress
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import time_machine

from kneetrack.cli import main
from kneetrack.store import ddl
from kneetrack.store.sqlite import open_store

DATA = Path(__file__).parent / "data"
NOW = datetime(2026, 11, 25, 7, 41, tzinfo=ZoneInfo("Europe/Berlin"))

DIARY = """
plan set bridge 3x12x2s clamshell 2x15 --from 2026-11-02
plan set side-plank 3x30s --per-week 3
add wall-push --per-side --hold
plan set wall-push 2x20s --on mon,wed,fri
settings day_start 04:00
log bridge 3x12 clamshell 2x15 -d -20 --at 07:30 --note 'left side “easier” — 容易'
log bridge 15,12,10 -d -19 --pain 2 --effort 6
log clamshell 2x15 --side left -d -19 --load 'red band'
log side-plank 3x30s -d -18
log wall-push 20s --side right -d -16
log bridge -d -5
edit last 3x10 --note 'as it was' --pain 3
log clamshell 99x9999 -d -4
rm last
log bridge 3x8 -d -3
undo
log bridge 3x9 -d -3
undo
redo
skip clamshell -d -2 --reason travel
pause --from -9 --until -8 --reason 'ill, again'
pause side-plank
plan drop wall-push
settings pain_limit 3
pain 2 --moment morning -d -2 --note 'left side “easier” — 容易'
pain 4 --moment morning -d -2 --side left
pain 3 --moment morning -d -2
pain --note 'slept badly'
score psfs stairs 4 'long drive' 6 -d -14
score psfs stairs 6
rule set bridge --reps 10-15 --sessions 2 --max-pain 2 --morning-not-worse --max-effort 7 --then 'single-leg-bridge 3x8'
rule set side-plank --hold 20-30 --sessions 3 --then 'side-plank 3x45s'
rule quiet bridge --until 2026-12-06
rule set clamshell --sessions 1 --then 'clamshell-band 3x10'
rule drop clamshell
plan when 'after brushing “teeth”' --if-not 'one set before bed'
import {folder}/more.csv
log bridge 1x15
"""

MORE = """day,exercise,sets,reps,hold_s,note
2026-10-30,bridge,3,12,2,before this diary
2026-10-31,side-plank,3,,30,
"""

QUESTIONS = ("history --all", "plan", "exercises wall", "score", "rule")


def run(line: str) -> str:
    """Type one line, and return what is printed."""
    with patch.object(sys, "argv", ["kneetrack", *shlex.split(line)]), patch("sys.stdout", StringIO()) as out:
        with suppress(SystemExit):
            main()
        return out.getvalue()


def values(db: Path) -> dict[str, Any]:
    """Return what a diary says at NOW; it is upgraded when it is of an older schema."""
    with patch.dict(os.environ, {"KNEETRACK_DB": str(db)}), time_machine.travel(NOW, tick=False):
        said: dict[str, Any] = {question: json.loads(run(f"{question} --json")) for question in QUESTIONS}
        with open_store(db, write=False) as store:
            pauses = [
                [pause.exercise, str(pause.first), str(pause.last), pause.reason] for pause in store.activity().pauses
            ]
            return {
                **said,
                "settings": store.settings(),
                "pauses": pauses,
                "changes": len(json.loads(run("undo --list --json"))["changes"]),
            }


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        made = Path(folder) / f"schema-{ddl.REVISION}.db"
        (Path(folder) / "more.csv").write_text(MORE, "ascii")
        with patch.dict(os.environ, {"KNEETRACK_DB": str(made)}):
            for at, typed in enumerate(DIARY.strip().format(folder=folder).splitlines()):
                with time_machine.travel(NOW - timedelta(minutes=50 - at), tick=False):
                    run(typed)
        shutil.copy(made, DATA)
        (DATA / f"{made.stem}.json").write_text(json.dumps(values(made), indent=1) + "\n", "ascii")
