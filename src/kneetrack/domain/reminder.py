"""What a reminder is about: the exercises that are open, and the time of the plan that it is."""

from kneetrack.domain.progress import Progress, State

FIRST_WEEKS = 4
BREAK_DAYS = 7


def still_open(progress: Progress) -> list[str]:
    """Return the exercises of which nothing was done yet today and that are due, in the order of the plan."""
    return [exercise for exercise in progress.plan if progress.state(exercise, progress.today) is State.OPEN]


def is_after_a_break(progress: Progress) -> bool:
    """Return whether nothing was done within the last days, and the plan is older than a week."""
    last = [progress.first_and_last(exercise)[1] for exercise in progress.standings]
    shown_up = any(day and (progress.today - day).days <= BREAK_DAYS for day in last)
    return (progress.week or 1) > 1 and not shown_up
