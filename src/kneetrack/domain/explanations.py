"""What explain works through, as values: a rule in three sentences, and what the person's own days do by it."""

from datetime import date, timedelta
from typing import Literal, TypeAlias

from kneetrack.domain import days, text
from kneetrack.domain.errors import WrongUseError
from kneetrack.domain.progress import HABIT_KEPT, HabitDay, Progress, State, Streak
from kneetrack.domain.value import Value

Topic: TypeAlias = Literal["streak", "adherence", "habit"]
Step: TypeAlias = Literal["counts", "ends", "neutral"]
Count: TypeAlias = Literal["done", "missed", "left_out"]

_HALF = "Half of it comes from the last 13 planned days. 30 days without a miss make 80 %; a bad day costs little."

RULES: dict[Topic, tuple[str, str, str]] = {
    "streak": (
        "Every day with a session adds one: the streak says that you showed up, adherence whether all was done.",
        "A day without one ends the streak if an exercise was missed on it, or if there was no plan.",
        "All other days leave it as it is: days off, excused days, and today until you exercise.",
    ),
    "adherence": (
        "Adherence is what you did of what was planned: the days done ÷ the days due, over all exercises.",
        "Days off, excused days, extra days and today until it is done do not count. With 3 a week, the first 3 count.",
        "A day below the dose counts as done; “of the dose” in stats counts only the part of the dose you did.",
    ),
    "habit": (
        "The habit says how settled an exercise is: it starts at 0 % and rises with each planned day that you do.",
        f"A missed day costs about {text.percent(1 - HABIT_KEPT)} of it; days off and excused days change nothing.",
        f"{_HALF} In studies a habit took 59 to 66 days (medians; from 4 to 335, Singh2024): no day is a finish line.",
    ),
}

WINDOW = 28
_WEEKS = 12
_HABIT_DAYS = 7


def topic(word: str) -> Topic:
    """Return the topic that a word names. Raises WrongUseError."""
    for known in RULES:
        if word == known:
            return known
    *others, last = (*RULES, "pain", "rule")
    raise WrongUseError(f"“{text.clean(word)}” cannot be explained; choose {', '.join(others)} or {last}.")


class PresentStreak(Value):
    """The present streak: the day that ended the one before and what was missed on it, and each day since then.

    The days go back twelve weeks at most; `earlier` counts those of the streak that lie before them.
    """

    streak: Streak
    ended: date
    missed: tuple[str, ...]
    earlier: int
    steps: dict[date, Step]


def present_streak(progress: Progress, exercise: str | None) -> PresentStreak:
    """Return the present streak of an exercise, or that of the plan."""
    streak, today = progress.streak(exercise), progress.today
    ended = _ended(progress, exercise) if not streak.current else streak.ended or days.FIRST_DAY
    first = max(ended, today - timedelta(today.weekday() + days.WEEK * (_WEEKS - 1)))
    kept = progress.streak_days(exercise).kept & ~days.span(0, days.number(ended))
    chosen = [exercise] if exercise else list(progress.standings)
    return PresentStreak(
        streak,
        ended,
        tuple(name for name in chosen if progress.state(name, ended) is State.MISSED),
        (kept & days.span(0, days.number(first) - 1)).bit_count(),
        {day: _step(day, kept, ended) for day in _until(first, today)},
    )


def _ended(progress: Progress, exercise: str | None) -> date:
    """Return the day on which the last streak ended: the first one after it that was missed, or without a plan."""
    kept, ends = progress.streak_days(exercise)
    after = ends >> kept.bit_length() << kept.bit_length()
    return days.day_of(days.first(after)) if after else days.FIRST_DAY


def _step(day: date, kept: days.Days, ended: date) -> Step:
    """Return what a day does to the present streak."""
    if day == ended:
        return "ends"
    return "counts" if kept >> days.number(day) & 1 else "neutral"


def counted(progress: Progress, exercise: str | None) -> dict[str, dict[date, Count]]:
    """Return what each of the last 28 days counts for in adherence, by exercise, for those of which any was due."""
    chosen = [exercise] if exercise else list(progress.standings)
    shown = _until(progress.today - timedelta(WINDOW - 1), progress.today)
    return {
        name: {day: _count(progress, name, day) for day in shown}
        for name in chosen
        if progress.adherence(WINDOW, name).due
    }


def _count(progress: Progress, exercise: str, day: date) -> Count:
    """Return what a day counts for in adherence."""
    standing, number = progress.standing(exercise), days.number(day)
    if standing.kept_due >> number & 1:
        return "done"
    return "missed" if standing.missed >> number & 1 else "left_out"


def habits(progress: Progress, exercise: str | None) -> dict[str, list[HabitDay]]:
    """Return what the last days that were due made of the habit, by exercise."""
    chosen = [exercise] if exercise else list(progress.plan or progress.listed)
    return {name: progress.habit_days(name, _HABIT_DAYS) for name in chosen}


def _until(first: date, last: date) -> list[date]:
    """Return the days from first to last, both included."""
    return [first + timedelta(ahead) for ahead in range((last - first).days + 1)]
