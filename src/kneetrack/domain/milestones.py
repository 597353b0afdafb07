"""Keeping at it: the days that a log reaches, a streak begun again, and eight weeks kept without a fall in pain."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from kneetrack.domain import days
from kneetrack.domain.progress import Progress

DAYS_DONE = (10, 25, 50, 100, 150, 200, 250, 300, 365, 500, 750, 1000)
"""How many days with a session are a milestone."""

NEW_STREAK_DAYS = 1
"""For how many days a streak that follows a longer one is called new."""

WEEKS_KEPT = 8
KEPT_SHARE = 0.8
"""Real adherence: this share of what was due in eight weeks. A common line to draw, and ours; no study set it."""

CLEAR_FALL = 1.16
"""The least change on a 0 to 10 scale that matters to people with kneecap pain. Source: Piva2009."""

COMPARED_DAYS = 14
FEWEST_NOTES = 3


class Milestone(NamedTuple):
    """What a log reached: `days_done` since the first day; `first_week` when a week has just gone by."""

    days_done: int
    since: date
    first_week: bool


class NewStreak(NamedTuple):
    """A streak begun again: which day of it today is, and the longest one."""

    day: int
    best: int


class Unchanged(NamedTuple):
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
