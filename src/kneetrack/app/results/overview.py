"""What history, stats, calendar and explain return."""

from __future__ import annotations  # what is named in types alone is not imported

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections import Counter
    from datetime import date

    from kneetrack.domain.catalogue import Catalogue, Exercise
    from kneetrack.domain.explanations import Topic
    from kneetrack.domain.milestones import Unchanged
    from kneetrack.domain.progress import Progress
    from kneetrack.domain.records import Session


class History(NamedTuple):
    """The sessions of a range of days, newest first, of an exercise or of all; None for a day without an end.

    `shorts` are the short ids by uid, where they were asked for.
    """

    sessions: tuple[Session, ...]
    shorts: dict[str, str]
    exercise: Exercise | None
    first: date | None
    last: date | None
    catalogue: Catalogue
    today: date


class Stats(NamedTuple):
    """How things stand, the exercise that was asked for or None for all, and how many sessions each exercise has.

    `unchanged` is the person's own pain where it has not fallen in eight weeks that were kept; only of all.
    """

    progress: Progress
    exercise: str | None
    counts: Counter[str]
    unchanged: Unchanged | None

    @property
    def listed(self) -> tuple[str, ...]:
        """Return the exercises that it is about."""
        return (self.exercise,) if self.exercise else tuple(self.progress.standings)


class Calendar(NamedTuple):
    """How things stand, the exercise that was asked for or None for the plan, and the first day that is shown."""

    progress: Progress
    exercise: str | None
    first: date


class Explained(NamedTuple):
    """A topic, how things stand, and the exercise that was asked for or None for the plan."""

    topic: Topic
    progress: Progress
    exercise: str | None
