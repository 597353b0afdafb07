"""What the functions of `app` return: values, for views to show and programs to read; here those of a log and today."""

from datetime import time
from typing import TYPE_CHECKING

from kneetrack.domain.catalogue import Exercise
from kneetrack.domain.milestones import Break, Milestone, NewStreak
from kneetrack.domain.progress import Progress
from kneetrack.domain.records import Session
from kneetrack.domain.settings import PainAboveLimit, WhenThen
from kneetrack.domain.value import Value

if TYPE_CHECKING:  # what a log does not need
    from kneetrack.domain.pain import DayPain, Signal
    from kneetrack.domain.progression import Outlook, PhaseOver
    from kneetrack.domain.scores import Course


class NewDiary(Value):
    """What is told once of a diary that a command created.

    `path` is None at the usual place; `backups` counts those of an earlier diary that was lost; `example` says
    whether it begins with the example plan.
    """

    path: str | None
    backups: int
    example: bool


class Today(Value):
    """Today: progress, its sessions (newest first), the last note by exercise, and a phase whose weeks are over.

    `pained` and `noted` are the newest sessions of the last four weeks with a pain and with a note. `pain` is what is
    noted of today's, None for nothing; `asks_morning` says that this morning's is to be asked for. `scores_due` are the
    scores that were last entered two weeks ago or more. `sore` says that pain above the limit was noted today or
    yesterday; `when` is when the person means to exercise; `back` is a break of which something is to be said today;
    `rules` are how the person's own stand. `new` is set where there is no diary yet: `progress` is then as it would be
    after the first write. `day_start` is the hour at which the person's days begin.
    """

    progress: Progress
    sessions: tuple[Session, ...]
    last_notes: dict[str, str | None]
    phase_over: "PhaseOver | None"
    new: NewDiary | None
    pained: Session | None = None
    noted: Session | None = None
    scores_due: "tuple[Course, ...]" = ()
    pain: "DayPain | None" = None
    asks_morning: bool = False
    sore: bool = False
    when: WhenThen | None = None
    back: Break | None = None
    rules: "tuple[Outlook, ...]" = ()
    day_start: time = time()

    @property
    def others(self) -> tuple[str, ...]:
        """Return the exercises logged today that are not in the plan, in the order of logging."""
        plan = self.progress.plan
        return tuple(dict.fromkeys(item.exercise for item in reversed(self.sessions) if item.exercise not in plan))


class NothingLeft(Value):
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


class Logged(Value):
    """What a log wrote: sessions, the short ids by uid, and how things are after it.

    Where nothing was left, `sessions` are those that were noted on. `below_dose` are the exercises of which less than
    the dose was done that day; `is_early` says that it is among the first logs of a diary. `sore` is a pain above the
    person's limit; `late` says that it is just past midnight; `news` is what the log reached; `today` is there when it
    was asked for. `signals` is what is to be said of the pain of several days; `rules` are the person's own for what
    was logged that are met. `unusual` are sessions of more than ten times the planned dose, for which nothing was
    written yet.
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
    signals: "frozenset[Signal]" = frozenset()
    rules: "tuple[Outlook, ...]" = ()

    @property
    def wrote(self) -> bool:
        """Return whether anything was written."""
        return bool(self.sessions)
