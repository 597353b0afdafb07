"""About how long exercises take."""

from collections.abc import Iterable

from kneetrack.domain.catalogue import Exercise
from kneetrack.domain.dose import Dose
from kneetrack.domain.plan import Prescription
from kneetrack.domain.progress import Left, Progress

REP_S = 4
REST_S = 45
ROUND_MIN = 5


def seconds(exercise: Exercise, item: Prescription, left: Left) -> int:
    """Return about how long the sets take that are left, with the rests between them.

    A repetition takes its tempo, or 4 s and its hold; a rest is the prescribed one, else the catalogue's. While one
    side works the other rests.
    """
    dose = item.dose or Dose(None, None, None)
    moving = (item.up_s or 0) + (item.down_s or 0) or REP_S
    one_set = (dose.hold_s or 0) if exercise.mode == "hold" else (dose.reps or 0) * (moving + (dose.hold_s or 0))
    sets = [count or 0 for count in left]
    rest = exercise.facts.get("rest_s") or REST_S if item.rest_s is None else item.rest_s
    return sum(sets) * one_set + max(0, max(sets) - 1) * rest


def whole_dose(exercise: Exercise, item: Prescription) -> int:
    """Return about how many seconds all sets of a prescription take."""
    sets = (item.dose.sets if item.dose else None) or 0
    return seconds(exercise, item, Left(None, sets, sets) if exercise.per_side else Left(sets, None, None))


def minutes(progress: Progress, exercises: Iterable[str]) -> int:
    """Return about how long the exercises take today, rounded up to 5 minutes."""
    whole = 0
    for exercise in exercises:
        item, left = progress.plan.get(exercise), progress.left(exercise, progress.today)
        whole += seconds(progress.catalogue.get(exercise), item, left) if item and left else 0
    return rounded(whole)


def rounded(whole_s: int) -> int:
    """Return seconds as minutes, rounded up to 5."""
    return -(-whole_s // (60 * ROUND_MIN)) * ROUND_MIN
