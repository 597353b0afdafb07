"""What undo, redo, edit, rm and purge return."""

from __future__ import annotations  # what is named in types alone is not imported

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import date

    from kneetrack.domain.catalogue import Catalogue
    from kneetrack.domain.plan import Pause
    from kneetrack.domain.progress import Progress
    from kneetrack.domain.records import Change, Session


class Found(NamedTuple):
    """What an id or `last` names: a pause, or else the sessions of one line; and the exercises that there are."""

    sessions: tuple[Session, ...]
    pause: Pause | None
    catalogue: Catalogue
    today: date

    @property
    def uids(self) -> list[str]:
        """Return the ids of the records."""
        return [self.pause.uid] if self.pause else [session.uid for session in self.sessions]


class Edited(NamedTuple):
    """The line that was named as it is now, the short ids by uid, and how things stand; nothing is written twice.

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
    """What was deleted for good, and how things are after it.

    `backups` counts those on this machine that held it and hold it no more; `still_there` says, as the end of a
    sentence, why some of them may still hold it, None where none does.
    """

    found: Found
    progress: Progress
    backups: int = 0
    still_there: str | None = None
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
