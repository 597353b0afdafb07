"""Journals of any size, the same for the same arguments: `python -m benchmarks.journals PATH DAYS A_DAY LAST_DAY GAP`.

Each day has a session of each of the first so many exercises, written by a `log` of its own. With a gap of n, nothing
was done n days before the last one, as happens; without one (0) the present run reaches back to the first day, which
is the most that `log` and `remind` may have to read.
"""

import random
import sqlite3
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from kneetrack.domain.catalogue import Catalogue, Exercise
from kneetrack.domain.plan import DAILY, Prescription
from kneetrack.store import journal

EXERCISES = ("bridge", "clamshell", "side_plank", "side_lying_hip_abduction")
SEED = 8


def make(path: Path, days: int, a_day: int, last_day: date, gap: int) -> None:
    """Make a journal of `days` days up to the last one, with the real schema and `a_day` exercises, done daily."""
    catalogue = Catalogue()
    exercises = [catalogue.get(exercise) for exercise in EXERCISES[:a_day]]
    first_day = last_day - timedelta(max(0, days - 1))
    done = [first_day + timedelta(day) for day in range(days) if not gap or day != days - 1 - gap]
    began = datetime.combine(first_day, time(6), UTC)
    journal.create(path, began, [Prescription(item.id, first_day, item.dose, DAILY) for item in exercises])
    with sqlite3.connect(path) as connection:
        (device,) = connection.execute("SELECT uid FROM device").fetchone()
        (example,) = connection.execute("SELECT max(id) FROM change").fetchone()
        chance = random.Random(SEED)  # noqa: S311 - sessions, not secrets
        for number, session in enumerate(_sessions(chance, exercises, done), example + 1):
            command = f"log {session['exercise']}"
            change = (number, f"{chance.getrandbits(128):032x}", session["made"], device, command)
            connection.execute("INSERT INTO change (id, uid, at, device, command) VALUES (?, ?, ?, ?, ?)", change)
            row = {**session, "uid": f"{chance.getrandbits(128):032x}", "change_id": number, "removed": 0, "current": 1}
            columns, marks = ", ".join(row), ", ".join("?" * len(row))
            connection.execute(f"INSERT INTO session ({columns}) VALUES ({marks})", tuple(row.values()))
    connection.close()


def _sessions(chance: random.Random, exercises: list[Exercise], done: list[date]) -> Iterator[dict[str, object]]:
    """Yield sessions as columns, in the order of writing: some short of the dose, some with pain, load or a note."""
    for day in done:
        for at, exercise in enumerate(exercises):
            dose = exercise.dose
            if dose is None or dose.sets is None:
                continue
            instant = datetime.combine(day, time(7, 10 * at, chance.randrange(60)))
            yield {
                "made": instant.isoformat(" ", "microseconds"),
                "exercise": exercise.id,
                "day": str(day),
                "at": instant.isoformat(" ", "microseconds"),
                "utc_offset_min": 0,
                "side": "both" if exercise.per_side else None,
                "sets": max(1, dose.sets - (chance.random() < 1 / 5)),
                "reps": dose.reps,
                "hold_s": dose.hold_s,
                "load": "red band" if chance.random() < 1 / 5 else None,
                "pain": chance.randrange(4) if chance.random() < 1 / 3 else None,
                "effort": chance.randrange(3, 8) if chance.random() < 1 / 3 else None,
                "note": "left side felt easier than last week" if chance.random() < 1 / 10 else None,
            }


if __name__ == "__main__":
    make(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), date.fromisoformat(sys.argv[4]), int(sys.argv[5]))
