"""What skips and pauses return."""

from __future__ import annotations  # what is named in types alone is not imported

from typing import TYPE_CHECKING

from kneetrack.domain.value import Value

if TYPE_CHECKING:
    from kneetrack.app.results import NewDiary
    from kneetrack.domain.catalogue import Exercise
    from kneetrack.domain.plan import Pause
    from kneetrack.domain.progress import Progress


class Excused(Value):
    """A pause and its short id: the one that was written, or else the one that was there and makes it idle.

    `skipped` says that one day was asked for as a skip; `planned` whether what it is about is in the plan then.
    """

    pause: Pause
    short: str
    skipped: bool
    wrote: bool
    planned: bool
    progress: Progress
    new: NewDiary | None


class Resumed(Value):
    """The exercise whose pauses ended, None for those of all, and how things stand after it."""

    exercise: Exercise | None
    progress: Progress
    wrote: bool = True


class Pauses(Value):
    """Pauses, and their short ids by uid."""

    pauses: tuple[Pause, ...]
    shorts: dict[str, str]
    progress: Progress
