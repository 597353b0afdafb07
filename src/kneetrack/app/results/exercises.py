"""What exercises, show, add and safety return."""

from __future__ import annotations  # what is named in types alone is not imported

from typing import TYPE_CHECKING

from kneetrack.domain.value import Value

if TYPE_CHECKING:
    from datetime import date

    from kneetrack.app.results import NewDiary
    from kneetrack.domain.catalogue import Catalogue, Exercise
    from kneetrack.domain.plan import Prescription
    from kneetrack.domain.records import Session


class Mine(Value):
    """What the person has of an exercise: what the plan asks, the sets of the last session, and the last note."""

    planned: Prescription | None
    last: tuple[Session, ...]
    note: str | None


class Known(Value):
    """Exercises, and what the person has of each by its id, where that was asked for.

    `unread` says that the diary could not be read: the exercises are then those of the catalogue alone.
    """

    exercises: tuple[Exercise, ...]
    mine: dict[str, Mine]
    catalogue: Catalogue
    today: date
    unread: bool


class PainLimit(Value):
    """The person's pain limit; `unread` says that the diary could not be read, and that it is the usual one."""

    limit: int
    unread: bool


class Added(Value):
    """An exercise of the person's own that was added."""

    exercise: Exercise
    new: NewDiary | None
    wrote: bool = True
