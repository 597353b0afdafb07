"""What looking at the plan and changing it return."""

from __future__ import annotations  # what is named in types alone is not imported

from typing import TYPE_CHECKING

from kneetrack.domain.value import Value

if TYPE_CHECKING:
    from kneetrack.app.results import NewDiary
    from kneetrack.domain.plan import Period, Prescription
    from kneetrack.domain.progress import Progress
    from kneetrack.domain.settings import WhenThen
    from kneetrack.domain.templates import Position, Template


class ThePlan(Value):
    """The plan in force, when the person means to exercise, and the phase of an example plan that it is, if any."""

    progress: Progress
    when: WhenThen | None = None
    phase: Position | None = None


class When(Value):
    """When the person means to exercise and what they do if that fails, as it is now and was before."""

    now: WhenThen | None
    before: WhenThen | None
    new: NewDiary | None
    wrote: bool


class PlanHistory(Value):
    """What was and will be in force when, newest first."""

    periods: tuple[Period, ...]
    progress: Progress


class ExamplePlans(Value):
    """The example plans, and the phase of them that the plan in force is, None where it is none of theirs."""

    templates: tuple[Template, ...]
    now: Position | None
    progress: Progress


class PlanChanged(Value):
    """What a change of the plan wrote and what it changes, as things stand after it.

    `asked` is all that was asked for, from one first day on, and `written` what of it was not in force already;
    `held` is what was in force on that day, `following` what ends each of `asked` again, by exercise.
    `past_days` counts the past days that count otherwise now; `crowded` is the number of exercises on the fullest day
    when they are many; `phase` is the one of an example plan that begins; `safety` says to point at the warning signs;
    `done_today` are the exercises for which the change begins tomorrow, because it named no day and they were done;
    `ended` is the phase that this one follows.
    """

    asked: tuple[Prescription, ...]
    written: tuple[Prescription, ...]
    held: dict[str, Prescription]
    following: dict[str, Prescription | None]
    past_days: int
    crowded: int | None
    progress: Progress
    new: NewDiary | None
    phase: Position | None = None
    safety: bool = False
    done_today: tuple[str, ...] = ()
    ended: Position | None = None

    @property
    def wrote(self) -> bool:
        """Return whether anything was written."""
        return bool(self.written)
