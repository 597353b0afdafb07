"""What a reminder is about: the exercises that are open."""

from kneetrack.domain.progress import Progress, State

FIRST_WEEKS = 4


def still_open(progress: Progress) -> list[str]:
    """Return the exercises of which nothing was done yet today and that are due, in the order of the plan."""
    return [exercise for exercise in progress.plan if progress.state(exercise, progress.today) is State.OPEN]
