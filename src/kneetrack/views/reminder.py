"""What a reminder says."""

from collections.abc import Iterable
from datetime import date

from kneetrack.app.results.reminders import Reminder
from kneetrack.domain import text
from kneetrack.domain.catalogue import Exercise, plain
from kneetrack.domain.dose import Dose
from kneetrack.domain.progress import Progress
from kneetrack.domain.reminder import FIRST_WEEKS
from kneetrack.domain.settings import WhenThen
from kneetrack.views import phrases
from kneetrack.views.lines import Line, Span


def reminder(found: Reminder) -> list[Line]:
    """Return a reminder: what is open, about how long it takes, and words for this time of the plan.

    After a strong pain of today or yesterday there is no word about the streak.
    """
    progress = found.progress
    named = " · ".join(_named(progress, exercise) for exercise in found.exercises)
    when = found.when
    head = f"{_capital(when.when)}: open today" if when else "Open today"
    return [
        [Span(head, "name"), Span(f", about {found.minutes} minutes: {named}")],
        *([[Span(f"  If not: {text.clean(when.if_not)}")]] if when and when.if_not else []),
        [Span(f"  {_words(found)}")],
        [Span("  When done: kneetrack log all", "quiet")],
        *([[Span(f"  {phrases.ASK_MORNING}", "quiet")]] if found.asks_morning else []),
    ]


def notification(found: Reminder) -> str:
    """Return the words of a notification, which anybody may read over a shoulder: they name no exercise."""
    left, when = f"{text.count(len(found.exercises), 'exercise')} left today", found.when
    known = found.progress.catalogue
    if when is None or any(plain(name) in plain(when.when) for each in known for name in (each.name, each.typed)):
        return left
    return f"{_capital(when.when)}: {left}"


def _capital(words: str) -> str:
    shown = text.clean(words)
    return f"{shown[:1].upper()}{shown[1:]}"


FAILED = "The reminder check failed: run kneetrack remind"
"""The words of a notification when the reminder itself fails."""


def calendar_written(path: str) -> list[Line]:
    """Return the answer to `remind calendar`."""
    use = "Import the file on your phone; after a change of your plan, write and import it again."
    return [[Span(f"Written: {text.clean(path)}. {use}")]]


def in_calendar(listed: Iterable[tuple[Exercise, Dose]], when: WhenThen | None) -> str:
    """Return what a calendar says of exercises, a line each, below when they are to be done."""
    lines = [_prescribed(exercise, dose) for exercise, dose in listed]
    return "\n".join([_capital(when.shown), *lines] if when else lines)


def _prescribed(exercise: Exercise, dose: Dose) -> str:
    """Return an exercise with its dose: Clamshell 3×10 each side."""
    return f"{text.clean(exercise.name)} {phrases.prescribed(exercise, dose)}"


def _named(progress: Progress, exercise: str) -> str:
    """Return an open exercise: Clamshell 3×10 each side (1 of 3 this week)."""
    known, dose = progress.catalogue.get(exercise), progress.prescribed(exercise, progress.today)
    quota = progress.standing(exercise).quota
    week = f" ({quota.done} of {quota.need} this week)" if quota else ""
    return f"{_prescribed(known, dose) if dose else text.clean(known.name)}{week}"


def _words(found: Reminder) -> str:
    """Return the words after a strong pain, those of coming back, or those for this time of the plan."""
    if found.sore:
        return _sore(*found.sore, found.progress.today)
    if found.back:
        from kneetrack.views import encouragement  # noqa: PLC0415 - once after a miss

        return encouragement.coming_back(found.back, found.progress, found.exercises[0])
    return _by_time(found.before)


def _sore(pain: int, day: date, today: date) -> str:
    """Return the words after strong pain."""
    when = "today" if day == today else "yesterday"
    return (
        f"You noted pain {pain} {when}. Signs that need a clinician: kneetrack safety."
        " To excuse today: kneetrack skip --reason pain."
    )


def _by_time(progress: Progress) -> str:
    """Return words for this time of the plan: its first weeks, or later."""
    week, streak = progress.week or 1, progress.streak()
    days = f" · {phrases.streak(streak)}" if streak.current > 1 else ""
    if week <= FIRST_WEEKS:
        return f"Week {week}{days} · Change usually takes weeks, and short sessions count."
    return f"Week {week}{days}"
