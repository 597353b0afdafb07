"""Diaries of any size, the same for the same arguments: `python -m benchmarks.diaries PATH DAYS A_DAY LAST_DAY GAP`.

Each day has a session of each of the first so many exercises, written by a `log` of its own. With a gap of n, nothing
was done n days before the last one, as happens; without one (0) the present streak reaches back to the first day,
which is the most that `log` and `remind` may have to read. The last change of each was undone.
"""

import random
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from kneetrack.domain.catalogue import Catalogue, Exercise
from kneetrack.domain.plan import DAILY, Prescription
from kneetrack.domain.records import Session
from kneetrack.store import schema
from kneetrack.store.sqlite import open_store

EXERCISES = ("bridge", "clamshell", "side_plank", "side_lying_hip_abduction")
SEED = 8


def make(path: Path, days: int, a_day: int, last_day: date, gap: int) -> None:
    """Make a diary of `days` days up to the last one, with the real schema and `a_day` exercises, done daily."""
    catalogue = Catalogue()
    exercises = [catalogue.get(exercise) for exercise in EXERCISES[:a_day]]
    first_day = last_day - timedelta(max(0, days - 1))
    done = [first_day + timedelta(day) for day in range(days) if not gap or day != days - 1 - gap]
    began = datetime.combine(first_day, time(6), UTC)
    plan = [Prescription(item.id, first_day, item.dose, DAILY) for item in exercises]
    schema.create(path, began, lambda store: store.put_example(began, plan))
    with open_store(path, write=True) as store:
        chance = random.Random(SEED)  # noqa: S311 - sessions, not secrets
        for session in _sessions(chance, exercises, done):
            store.append(f"log {session.exercise}", session.created_at, [session])
        evening = datetime.combine(last_day, time(20), UTC)
        store.put_settings("settings pain_limit 4", evening, {"pain_limit": "4"})
        store.undo(evening)


def _sessions(chance: random.Random, exercises: list[Exercise], done: list[date]) -> Iterator[Session]:
    """Yield sessions in the order of writing: some short of the dose, some with pain, load or a note."""
    for day in done:
        for at, exercise in enumerate(exercises):
            dose = exercise.dose
            if dose is None or dose.sets is None:
                continue
            instant = datetime.combine(day, time(7, 10 * at, chance.randrange(60)), UTC)
            yield Session(
                "",
                instant,
                exercise.id,
                day,
                instant,
                "both" if exercise.per_side else None,
                dose._replace(sets=max(1, dose.sets - (chance.random() < 1 / 5))),
                "red band" if chance.random() < 1 / 5 else None,
                chance.randrange(4) if chance.random() < 1 / 3 else None,
                chance.randrange(3, 8) if chance.random() < 1 / 3 else None,
                "left side felt easier than last week" if chance.random() < 1 / 10 else None,
            )


if __name__ == "__main__":
    make(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), date.fromisoformat(sys.argv[4]), int(sys.argv[5]))
