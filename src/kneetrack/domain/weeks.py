"""What each week came to: what was done of what was due, and the pain that was noted."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from kneetrack.domain import days
from kneetrack.domain.progress import Adherence, Progress
from kneetrack.domain.records import Pain, Session
from kneetrack.domain.value import Value


class Week(Value):
    """A week, as far as it is within the days asked for: what was done of what was due, and each pain, 0 to 10.

    `pains` are all that were noted, `mornings` those on getting up.
    """

    first: date
    last: date
    adherence: Adherence
    pains: tuple[int, ...]
    mornings: tuple[int, ...] = ()

    @property
    def worst_morning(self) -> int | None:
        """Return the worst pain on getting up, None when none was noted."""
        return max(self.mornings, default=None)

    @property
    def worst_pain(self) -> int | None:
        """Return the worst pain that was noted, None when none was."""
        return max(self.pains, default=None)


def of(  # noqa: PLR0913, PLR0917 - what a week is made of
    progress: Progress,
    sessions: Sequence[Session],
    first: date,
    last: date,
    exercise: str | None = None,
    pains: Sequence[Pain] = (),
) -> tuple[Week, ...]:
    """Return the weeks from a day to another, earliest first, of an exercise or of the whole plan.

    `sessions` and `pains` hold those of the days; uneven sets note their pain once.
    """
    return tuple(_weeks(progress, sessions, first, last, exercise, pains))


def _weeks(  # noqa: PLR0913, PLR0917 - as above
    progress: Progress,
    sessions: Sequence[Session],
    first: date,
    last: date,
    exercise: str | None,
    pains: Sequence[Pain],
) -> Iterator[Week]:
    with_pain: dict[date, list[Session]] = {}
    for its in sessions:
        if first <= its.day <= last and its.pain is not None and exercise in {None, its.exercise}:
            with_pain.setdefault(_monday(its.day), []).append(its)
    start = first
    while start <= last:
        end = min(last, start + timedelta(days.WEEK - 1 - start.weekday()))
        of_week = with_pain.get(_monday(start), ())
        noted = {(its.created_at, its.exercise): its.pain for its in of_week if its.pain is not None}
        apart = [its for its in pains if start <= its.day <= end]
        levels = [its.level for its in apart if its.level is not None]
        mornings = tuple(its.level for its in apart if its.level is not None and its.moment == "morning")
        adherence = progress.adherence_between(start, end, exercise)
        yield Week(start, end, adherence, (*noted.values(), *levels), mornings)
        start = end + timedelta(1)


def _monday(day: date) -> date:
    return day - timedelta(day.weekday())
