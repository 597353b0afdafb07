"""What undo, redo, edit, rm and purge return."""

from __future__ import annotations  # what is named in types alone is not imported

from typing import TYPE_CHECKING

from kneetrack.domain.value import Value

if TYPE_CHECKING:
    from datetime import date, datetime

    from kneetrack.domain.catalogue import Catalogue
    from kneetrack.domain.plan import Pause
    from kneetrack.domain.progress import Progress
    from kneetrack.domain.records import Change, Pain, Score, Session
    from kneetrack.domain.settings import PainAboveLimit


class Found(Value):
    """What an id or `last` names: the sessions of one line, or another record; and the exercises that there are."""

    sessions: tuple[Session, ...]
    other: Pause | Pain | Score | None
    catalogue: Catalogue
    today: date

    @property
    def uids(self) -> list[str]:
        """Return the ids of the records."""
        return [self.other.uid] if self.other else [session.uid for session in self.sessions]


class Edited(Value):
    """The line that was named as it was and as it is now, the short ids by uid, and how things are.

    Nothing is written where both are the same. `below_dose` are the exercises of which less than the dose was done
    that day; `sore` is a pain above the person's limit that the edit put in.
    """

    before: tuple[Session, ...]
    line: Found
    shorts: dict[str, str]
    progress: Progress
    below_dose: frozenset[str]
    sore: PainAboveLimit | None
    wrote: bool


class Removed(Value):
    """What was taken out of the diary, its short id, and how things stand after it."""

    found: Found
    short: str
    progress: Progress
    wrote: bool = True


class RewrittenBackups(Value):
    """What became of the backups on this machine after a purge.

    `number` counts those that held what was purged and hold it no more; `problem` says, as the end of a sentence,
    why some of them may still hold it, None where none does.
    """

    number: int = 0
    problem: str | None = None


class Purged(Value):
    """What was deleted for good, and how things are after it."""

    found: Found
    progress: Progress
    backups: RewrittenBackups = RewrittenBackups()
    wrote: bool = True


class Turned(Value):
    """The command of the change that was undone or redone, and how things stand after it.

    `sessions` are those that it took out of the diary, or brought back, where they are the newest. `left` are the
    short ids of what was left, because another device has changed it since.
    """

    command: str
    progress: Progress
    sessions: tuple[Session, ...] = ()
    left: tuple[str, ...] = ()
    wrote: bool = True


class ChangeList(Value):
    """What can be undone and what was, newest first, and by uid the short ids and the local times of the newest."""

    changes: tuple[Change, ...]
    shorts: dict[str, str]
    times: dict[str, datetime]
    today: date
