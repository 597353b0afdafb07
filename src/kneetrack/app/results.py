"""What the functions of `app` return: values, for views to show and programs to read."""

from __future__ import annotations  # what is named in types alone is not imported: a log needs few of them

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections import Counter
    from datetime import date
    from pathlib import Path

    from kneetrack.domain.catalogue import Catalogue, Exercise
    from kneetrack.domain.explanations import Topic
    from kneetrack.domain.milestones import Milestone, NewStreak, Unchanged
    from kneetrack.domain.plan import Pause, Prescription
    from kneetrack.domain.progress import Progress
    from kneetrack.domain.records import Change, Session
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


# What happened to what was written before


class Found(NamedTuple):
    """What an id or `last` names: a pause, or the sessions of one line, and their exercise, None for a pause of all."""

    sessions: tuple[Session, ...]
    pause: Pause | None
    exercise: Exercise | None
    today: date

    @property
    def uids(self) -> list[str]:
        """Return the ids of the records."""
        return [self.pause.uid] if self.pause else [session.uid for session in self.sessions]


class Edited(NamedTuple):
    """The line that was named as it is now, the short ids by uid, and how things stand; `wrote` unless it was so before.

    `sore` is a pain above the person's limit that the edit put in.
    """

    line: Found
    shorts: dict[str, str]
    progress: Progress
    sore: int | None
    wrote: bool


class Removed(NamedTuple):
    """What was taken out of the diary, its short id, and how things stand after it."""

    found: Found
    short: str
    progress: Progress
    wrote: bool = True


class Purged(NamedTuple):
    """What was deleted for good, and how things stand after it."""

    found: Found
    progress: Progress
    wrote: bool = True


class Turned(NamedTuple):
    """The command of the change that was undone or redone, and how things stand after it."""

    command: str
    progress: Progress
    wrote: bool = True


class ChangeList(NamedTuple):
    """What can be undone and what was, newest first, and the short ids of the newest by uid."""

    changes: tuple[Change, ...]
    shorts: dict[str, str]
    today: date


# What there is to see


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


# What there is to know


class Mine(NamedTuple):
    """What the person has of an exercise: what the plan asks, the sets of the last session, and the last note."""

    planned: Prescription | None
    last: tuple[Session, ...]
    note: str | None


class Known(NamedTuple):
    """Exercises, and what the person has of each by its id, where that was asked for.

    `unread` says that the diary could not be read: the exercises are then those of the catalogue alone.
    """

    exercises: tuple[Exercise, ...]
    mine: dict[str, Mine]
    catalogue: Catalogue
    today: date
    unread: bool


class PainLimit(NamedTuple):
    """The person's pain limit; `unread` says that the diary could not be read, and that it is the usual one."""

    limit: int
    unread: bool


class Added(NamedTuple):
    """An exercise of the person's own that was added."""

    exercise: Exercise
    new: NewDiary | None
    wrote: bool = True
