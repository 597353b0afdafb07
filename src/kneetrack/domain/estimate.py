"""About how long exercises take."""

from collections.abc import Iterable

from kneetrack.domain.catalogue import Exercise
from kneetrack.domain.dose import Dose
from kneetrack.domain.progress import Left, Progress

REP_S = 4
REST_S = 45
ROUND_MIN = 5


def seconds(exercise: Exercise, dose: Dose, left: Left) -> int:
    """Return about how long the sets take that are left: 4 s a repetition plus its hold, and the rests between sets.

    While one side works the other rests.
    """
    one_set = (dose.hold_s or 0) if exercise.mode == "hold" else (dose.reps or 0) * (REP_S + (dose.hold_s or 0))
    sets = [count or 0 for count in left]
    rest = exercise.facts.get("rest_s") or REST_S
    return sum(sets) * one_set + max(0, max(sets) - 1) * rest


def whole_dose(exercise: Exercise, dose: Dose) -> int:
    """Return about how many seconds all sets of a dose take."""
    sets = dose.sets or 0
    return seconds(exercise, dose, Left(None, sets, sets) if exercise.per_side else Left(sets, None, None))


def minutes(progress: Progress, exercises: Iterable[str]) -> int:
    """Return about how long the exercises take today, rounded up to 5 minutes."""
    whole = 0
    for exercise in exercises:
        dose, left = progress.prescribed(exercise, progress.today), progress.left(exercise, progress.today)
        whole += seconds(progress.catalogue.get(exercise), dose, left) if dose and left else 0
    return rounded(whole)


def rounded(whole_s: int) -> int:
    """Return seconds as minutes, rounded up to 5."""
    return -(-whole_s // (60 * ROUND_MIN)) * ROUND_MIN
