"""What the functions of `app` return: values, for views to show and programs to read."""

from __future__ import annotations  # what is named in types alone is not imported: a log needs few of them

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

    from kneetrack.domain.catalogue import Exercise
    from kneetrack.domain.milestones import Milestone, NewStreak
    from kneetrack.domain.progress import Progress
    from kneetrack.domain.records import Session
    from kneetrack.domain.templates import Position


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

    `new` is set where there is no diary yet: `progress` is then as it would be after the first write.
    """

    progress: Progress
    sessions: tuple[Session, ...]
    last_notes: dict[str, str | None]
    phase_over: Position | None
    new: NewDiary | None

    @property
    def others(self) -> tuple[str, ...]:
        """Return the exercises logged today that are not in the plan, in the order of logging."""
        plan = self.progress.plan
        return tuple(dict.fromkeys(item.exercise for item in reversed(self.sessions) if item.exercise not in plan))


class NothingLeft(NamedTuple):
    """What a log named and did not write, because nothing of it was left: none of `exercises` means all of the plan.

    `side` is the side that was named, None for both; `details` says that pain, effort, load or a note was given.
    """

    exercises: tuple[Exercise, ...]
    side: str | None
    is_today: bool
    details: bool


class Logged(NamedTuple):
    """What a log wrote: sessions, the short ids by uid, and how things stand after it.

    `sore` is a pain above the person's limit; `late` says that it is just past midnight; `news` is what the log
    reached; `today` is there when it was asked for.
    """

    sessions: tuple[Session, ...]
    shorts: dict[str, str]
    progress: Progress
    nothing_left: NothingLeft | None
    sore: int | None
    late: bool
    news: Milestone | NewStreak | None
    new: NewDiary | None
    today: Today | None

    @property
    def wrote(self) -> bool:
        """Return whether anything was written."""
        return bool(self.sessions)
