"""What the functions of `app` return: values, for views to show and programs to read."""

from __future__ import annotations  # what is named in types alone is not imported: a log needs few of them

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

    from kneetrack.domain.catalogue import Exercise
    from kneetrack.domain.milestones import Milestone, NewStreak
    from kneetrack.domain.plan import Pause, Period, Prescription
    from kneetrack.domain.progress import Progress
    from kneetrack.domain.records import Session
    from kneetrack.domain.settings import PainAboveLimit
    from kneetrack.domain.templates import Position, Template


class NewDiary(NamedTuple):
    """What is told once of a diary that a command created.

    `path` is None at the usual place; `backups` counts those of an earlier diary that was lost; `example` says
    whether it begins with the example plan.
    """

    path: Path | None
    backups: int
    example: bool


class Today(NamedTuple):
    """Today: progress, its sessions (newest first), the last note by exercise, and a phase whose weeks are over.

    `pained` and `noted` are the newest sessions of the last four weeks with a pain and with a note. `new` is set where
    there is no diary yet: `progress` is then as it would be after the first write.
    """

    progress: Progress
    sessions: tuple[Session, ...]
    last_notes: dict[str, str | None]
    phase_over: Position | None
    new: NewDiary | None
    pained: Session | None = None
    noted: Session | None = None

    @property
    def others(self) -> tuple[str, ...]:
        """Return the exercises logged today that are not in the plan, in the order of logging."""
        plan = self.progress.plan
        return tuple(dict.fromkeys(item.exercise for item in reversed(self.sessions) if item.exercise not in plan))


class NothingLeft(NamedTuple):
    """What a log named and did not write, because nothing of it was left: none of `exercises` means all of the plan.

    `side` is the side that was named, None for both. `noted` says that the pain, effort, load and note that were given
    went onto the last session of that day; where that would have replaced something, `instead` are the commands that
    do so. `more` is the command that logs more.
    """

    exercises: tuple[Exercise, ...]
    side: str | None
    is_today: bool
    noted: bool
    instead: tuple[str, ...]
    more: str


class Logged(NamedTuple):
    """What a log wrote: sessions, the short ids by uid, and how things are after it.

    Where nothing was left, `sessions` are those that were noted on. `below_dose` are the exercises of which less than
    the dose was done that day; `is_early` says that it is among the first logs of a diary. `sore` is a pain above the
    person's limit; `late` says that it is just past midnight; `news` is what the log reached; `today` is there when it
    was asked for. `unusual` are sessions of more than ten times the planned dose, for which nothing was written yet.
    """

    sessions: tuple[Session, ...]
    shorts: dict[str, str]
    progress: Progress
    nothing_left: NothingLeft | None
    sore: PainAboveLimit | None
    late: bool
    news: Milestone | NewStreak | None
    new: NewDiary | None
    today: Today | None
    below_dose: frozenset[str] = frozenset()
    is_early: bool = False
    unusual: tuple[Session, ...] = ()

    @property
    def wrote(self) -> bool:
        """Return whether anything was written."""
        return bool(self.sessions)


class PlanHistory(NamedTuple):
    """What was and will be in force when, newest first."""

    periods: tuple[Period, ...]
    progress: Progress


class ExamplePlans(NamedTuple):
    """The example plans, and the phase of them that the plan in force is, None where it is none of theirs."""

    templates: tuple[Template, ...]
    now: Position | None
    progress: Progress


class PlanChanged(NamedTuple):
    """What a change of the plan wrote and what it changes, as things stand after it.

    `asked` is all that was asked for, from one first day on, and `written` what of it was not in force already;
    `held` is what was in force on that day, `following` what ends each of `asked` again, by exercise.
    `past_days` counts the past days that count otherwise now; `crowded` is the number of exercises on the fullest day
    when they are many; `phase` is the one of an example plan that begins; `safety` says to point at the warning signs;
    `done_today` are the exercises for which the change begins tomorrow, because it named no day and they were done.
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

    @property
    def wrote(self) -> bool:
        """Return whether anything was written."""
        return bool(self.written)


class Excused(NamedTuple):
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


class Resumed(NamedTuple):
    """The exercise whose pauses ended, None for those of all, and how things stand after it."""

    exercise: Exercise | None
    progress: Progress
    wrote: bool = True


class Pauses(NamedTuple):
    """Pauses, and their short ids by uid."""

    pauses: tuple[Pause, ...]
    shorts: dict[str, str]
    progress: Progress
