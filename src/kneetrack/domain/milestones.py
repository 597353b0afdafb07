"""Keeping at it: the days that a log reaches, a streak begun again, coming back, eight weeks without a fall in pain."""

from collections.abc import Sequence
from datetime import date, timedelta

from kneetrack.domain import days
from kneetrack.domain.progress import Adherence, Progress, State
from kneetrack.domain.value import Value

DAYS_DONE = (10, 25, 50, 100, 150, 200, 250, 300, 365, 500, 750, 1000)
"""How many days with a session are a milestone."""

NEW_STREAK_DAYS = 1
"""For how many days a streak that follows a longer one is called new."""

WEEKS_KEPT = 8
KEPT_SHARE = 0.8
"""Real adherence: this share of what was due in eight weeks. A common line to draw, and ours; no study set it."""

_FOUR_WEEKS = 28

CLEAR_FALL = 1.16
"""The least change on a 0 to 10 scale that matters to people with kneecap pain. Source: Piva2009."""

COMPARED_DAYS = 14
FEWEST_NOTES = 3


BREAKS = (1, 7, 30)
"""After how many days since the first missed one something is said of coming back: a miss, a week, a month."""

SMALL_COST = 0.05
"""What a missed day takes of the adherence of four weeks is small up to this; a line of our own."""


class Break(Value):
    """Days since the first missed one, after which nothing was done; and what it left.

    `kept` is the adherence of the last four weeks, and `whole` what it would be without that day; they are None for a
    longer break. `exercise` is the one with the strongest habit of those missed, from 0 to 1: `before` that day, and
    `now`.
    """

    days: int
    kept: Adherence
    whole: Adherence
    exercise: str
    before: float
    now: float

    @property
    def is_small(self) -> bool:
        """Return whether the day cost little of the last four weeks."""
        return (self.whole.share or 0) - (self.kept.share or 0) <= SMALL_COST


class Milestone(Value):
    """What a log reached: `days_done` since the first day; `first_week` when a week has just gone by."""

    days_done: int
    since: date
    first_week: bool


class NewStreak(Value):
    """A streak begun again: which day of it today is, and the longest one."""

    day: int
    best: int


class Unchanged(Value):
    """Pain, 0 to 10, as the mean of the first and of the last two weeks, when it has not clearly fallen."""

    first: float
    last: float


def reached(progress: Progress, since: date, days_done: int) -> Milestone | None:
    """Return the milestone that the first session of today reaches.

    `since` is the first day with a session, `days_done` the number of such days up to today; `progress`
    holds the days done of the last two weeks at least.
    """
    before = progress.done & days.span(0, days.number(progress.today) - 1)
    week = days.number(since) + days.WEEK - 1
    first_week = before.bit_length() <= week <= days.number(progress.today) < week + days.WEEK
    return Milestone(days_done, since, first_week) if first_week or days_done in DAYS_DONE else None


def new_streak(progress: Progress) -> NewStreak | None:
    """Return the streak of today when it is young and a longer one came before; `progress` holds every day done."""
    streak = progress.streak()
    if streak.since is None or not streak.current <= NEW_STREAK_DAYS < streak.best:
        return None
    return NewStreak(streak.current, streak.best)


def is_break(progress: Progress) -> bool:
    """Return whether `coming_back` may have something to say, by the days done of the last four weeks at least."""
    return not progress.done or _first_missed(progress) is not None


def _first_missed(progress: Progress) -> int | None:
    """Return the number of the day with which a break began of which something is to be said today.

    Nothing is said once anything was done today, and only where something is open.
    """
    today, done = days.number(progress.today), progress.done
    after = done.bit_length()
    missed = progress.missed >> after << after
    if not done or not missed or progress.state(None, progress.today) is not State.OPEN:
        return None
    first = days.first(missed)
    return first if today - first in BREAKS else None


def coming_back(progress: Progress) -> Break | None:
    """Return the break of which something is to be said today; `progress` holds every day done."""
    first = _first_missed(progress)
    if first is None:
        return None
    missed = [name for name, its in progress.standings.items() if its.missed >> first & 1]
    kept = progress.adherence(_FOUR_WEEKS)
    habits = {name: _habit_around(progress, name, days.day_of(first)) for name in missed}
    strongest = max(habits, key=lambda name: habits[name])
    whole = Adherence(kept.done + len(missed), kept.due)
    return Break(days.number(progress.today) - first, kept, whole, strongest, *habits[strongest])


def _habit_around(progress: Progress, exercise: str, first: date) -> tuple[float, float]:
    """Return the habit of an exercise before a day that was missed, and now."""
    course = progress.habit_days(exercise, (progress.today - first).days + 1)
    return next((its.before for its in course if its.day >= first), 0.0), progress.habit(exercise)


def is_kept(progress: Progress) -> bool:
    """Return whether the plan has been in force for eight weeks, and most of what was due in them was done."""
    length = WEEKS_KEPT * days.WEEK
    if progress.began is None or (progress.today - progress.began).days < length:
        return False
    return (progress.adherence(length).share or 0) >= KEPT_SHARE


def compared_weeks(progress: Progress) -> tuple[tuple[date, date], tuple[date, date]] | None:
    """Return the first and the last two weeks of the plan, whose pain is compared; None unless it was kept."""
    if progress.began is None or not is_kept(progress):
        return None
    within = timedelta(COMPARED_DAYS - 1)
    return (progress.began, progress.began + within), (progress.today - within, progress.today)


def unchanged(first: Sequence[int], last: Sequence[int]) -> Unchanged | None:
    """Return the means of the pains of the first and of the last two weeks when they show no clear fall.

    None also when either has too few notes to tell, and when hardly any pain is left.
    """
    if min(len(first), len(last)) < FEWEST_NOTES:
        return None
    before, now = sum(first) / len(first), sum(last) / len(last)
    return Unchanged(before, now) if now >= CLEAR_FALL and before - now < CLEAR_FALL else None
