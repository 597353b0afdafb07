"""What each week came to: what was done of what was due, and the pain that was noted."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from kneetrack.domain import days
from kneetrack.domain.progress import Adherence, Progress
from kneetrack.domain.records import Session


class Week(NamedTuple):
    """A week, as far as it is within the days asked for: what was done of what was due, and each pain, 0 to 10."""

    first: date
    last: date
    adherence: Adherence
    pains: tuple[int, ...]

    @property
    def worst_pain(self) -> int | None:
        """Return the worst pain that was noted, None when none was."""
        return max(self.pains, default=None)


def of(
    progress: Progress, sessions: Sequence[Session], first: date, last: date, exercise: str | None = None
) -> tuple[Week, ...]:
    """Return the weeks from a day to another, earliest first, of an exercise or of the whole plan.

    `sessions` hold those of the days; uneven sets note their pain once.
    """
    return tuple(_weeks(progress, sessions, first, last, exercise))


def _weeks(
    progress: Progress, sessions: Sequence[Session], first: date, last: date, exercise: str | None
) -> Iterator[Week]:
    start = first
    while start <= last:
        end = min(last, start + timedelta(days.WEEK - 1 - start.weekday()))
        noted = {
            (its.created_at, its.exercise): its.pain
            for its in sessions
            if start <= its.day <= end and its.pain is not None and exercise in {None, its.exercise}
        }
        yield Week(start, end, progress.adherence_between(start, end, exercise), tuple(noted.values()))
        start = end + timedelta(1)
