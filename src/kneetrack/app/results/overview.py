"""What history, stats, calendar and explain return."""

from __future__ import annotations  # what is named in types alone is not imported

from typing import TYPE_CHECKING

from kneetrack.domain.value import Value

if TYPE_CHECKING:
    from collections import Counter
    from datetime import date, datetime

    from kneetrack.domain.catalogue import Catalogue, Exercise
    from kneetrack.domain.explanations import Topic
    from kneetrack.domain.milestones import Unchanged
    from kneetrack.domain.progress import Progress
    from kneetrack.domain.progression import Outlook
    from kneetrack.domain.records import Pain, Session
    from kneetrack.domain.weeks import Week


class History(Value):
    """The sessions of a range of days, newest first, of an exercise or of all; None for a day without an end.

    `pains` are what was noted of those days apart from sessions, newest first; none where an exercise was asked for.

    `shorts` are the short ids by uid, where they were asked for; `wholes` names for the instant of what was written
    as a part of a whole that of the whole. `pain_limit` is the person's own, 0 to 10.
    """

    sessions: tuple[Session, ...]
    pains: tuple[Pain, ...]
    shorts: dict[str, str]
    wholes: dict[datetime, datetime]
    exercise: Exercise | None
    first: date | None
    last: date | None
    catalogue: Catalogue
    today: date
    pain_limit: int


class Stats(Value):
    """How things stand, the exercise that was asked for or None for all, and how many sessions each exercise has.

    `weeks` are the last twelve at most, earliest first. `unchanged` is the person's own pain where it has not fallen in
    eight weeks that were kept; only of all. `everything` says that exercises that were dropped are asked for too;
    `rules` are how the person's own stand.
    """

    progress: Progress
    exercise: str | None
    counts: Counter[str]
    weeks: tuple[Week, ...]
    unchanged: Unchanged | None
    everything: bool = False
    rules: tuple[Outlook, ...] = ()

    @property
    def listed(self) -> tuple[str, ...]:
        """Return the exercises that have figures: the one asked for, or those in the plan and those ever done."""
        return (self.exercise,) if self.exercise else tuple(self.progress.listed)

    @property
    def shown(self) -> tuple[str, ...]:
        """Return the exercises that the screen is about, in the order of the plan.

        Those that were dropped are left out, unless everything is asked for or nothing else is there.
        """
        if self.exercise:
            return (self.exercise,)
        plan, standings = self.progress.plan, self.progress.standings
        others = [item for item in self.listed if item not in plan]
        never_planned = [item for item in others if not standings[item].spells]
        return (*plan, *(others if self.everything or not plan else never_planned))


class Calendar(Value):
    """How things stand, the exercise that was asked for or None for the plan, and the first day that was asked for.

    `weeks`, earliest first, begin with the first day from then on that is known.
    """

    progress: Progress
    exercise: str | None
    first: date
    weeks: tuple[Week, ...]


class Explained(Value):
    """A topic, how things stand, and the exercise that was asked for or None for the plan.

    `progress` is None where the diary could not be read: only the rule is known then.
    """

    topic: Topic
    progress: Progress | None
    exercise: str | None
    today: date
