"""What a reminder says."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from kneetrack.domain import text
from kneetrack.domain.catalogue import Exercise
from kneetrack.domain.dose import Dose, word
from kneetrack.domain.progress import Left, Progress, State
from kneetrack.views import phrases
from kneetrack.views.phrases import Line, Span

REP_S = 4
REST_S = 45
ROUND_MIN = 5

FIRST_WEEKS = 4
BREAK_DAYS = 7


def still_open(progress: Progress) -> list[str]:
    """Return the exercises of which nothing was done yet today and that are due, in the order of the program."""
    return [exercise for exercise in progress.plan if progress.state(exercise, progress.today) is State.OPEN]


def seconds(exercise: Exercise, dose: Dose, left: Left) -> int:
    """Return about how long the sets take that are left: 4 s a repetition plus its hold, and the rests between sets.

    While one side works the other rests.
    """
    one_set = (dose.hold_s or 0) if exercise.mode == "hold" else (dose.reps or 0) * (REP_S + (dose.hold_s or 0))
    sets = [count or 0 for count in left]
    rest = exercise.facts.get("rest_s") or REST_S
    return sum(sets) * one_set + max(0, max(sets) - 1) * rest


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


def reminder(
    progress: Progress, exercises: Sequence[str], sore: tuple[int, date] | None, before: Progress
) -> list[Line]:
    """Return a reminder: what is open, about how long it takes, and words for this time of the program.

    `sore` is a strong pain of today or yesterday and its day: then no word about the streak. `before` is the
    progress that knows of the weeks before.
    """
    named = " · ".join(_named(progress, exercise) for exercise in exercises)
    lines = [[Span("Open today", "name"), Span(f", about {minutes(progress, exercises)} minutes: {named}")]]
    lines.append([Span(f"  {_sore(*sore, progress.today) if sore else _by_time(before, exercises[0])}")])
    lines.append([Span("  When done: kneetrack log all", "quiet")])
    return lines


def _named(progress: Progress, exercise: str) -> str:
    """Return an open exercise: Clamshell 3×10 each side (1 of 3 this week)."""
    known, dose = progress.catalogue.get(exercise), progress.prescribed(exercise, progress.today)
    quota = progress.standing(exercise).quota
    week = f" ({quota.done} of {quota.need} this week)" if quota else ""
    return f"{text.clean(known.name)}{' ' + phrases.prescribed(known, dose) if dose else ''}{week}"


def _sore(pain: int, day: date, today: date) -> str:
    """Return the words after strong pain."""
    when = "today" if day == today else "yesterday"
    return (
        f"Pain {pain} of 10 was noted {when}. To leave today out: kneetrack skip --reason pain."
        " Signs that need a clinician: kneetrack safety."
    )


def _by_time(progress: Progress, exercise: str) -> str:
    """Return words for this time of the program: its first weeks, later, or after a break."""
    week, streak = progress.week or 1, progress.streak()
    if week > 1 and not _shown_up(progress):
        known, dose = progress.catalogue.get(exercise), progress.prescribed(exercise, progress.today)
        one_set = f" {word(dose._replace(sets=1), known.mode)}" if dose else ""
        return f"Good to begin again. One set is a start: kneetrack log {known.typed}{one_set}"
    run = f" · {phrases.run(streak, progress.today)}" if streak.current > 1 else ""
    if week <= FIRST_WEEKS:
        return f"Week {week}{run} · Change usually takes weeks, and a short session counts."
    return f"Week {week}{run}"


def _shown_up(progress: Progress) -> bool:
    """Return whether anything was done within the last days before today."""
    last = [progress.first_and_last(exercise)[1] for exercise in progress.standings]
    return any(day and (progress.today - day).days <= BREAK_DAYS for day in last)


def notification(count: int) -> str:
    """Return the words of a notification, which anybody may read over a shoulder."""
    return f"{text.count(count, 'exercise')} left today"


FAILED = "The reminder could not look: run kneetrack remind"
"""The words of a notification when the reminder itself fails."""


def data(progress: Progress, exercises: Sequence[str]) -> dict[str, Any]:
    """Return what is open for programs: {schema, day, minutes, open[{exercise, name, prescribed, left}]}."""
    listed = []
    for exercise in exercises:
        known = progress.catalogue.get(exercise)
        dose, left = progress.prescribed(exercise, progress.today), progress.left(exercise, progress.today)
        listed.append(
            {
                "exercise": exercise,
                "name": known.name,
                "prescribed": {**dose._asdict(), "per_side": known.per_side} if dose else None,
                "left": left._asdict() if left is not None else None,
            }
        )
    return {"schema": 1, "day": str(progress.today), "minutes": minutes(progress, exercises), "open": listed}
