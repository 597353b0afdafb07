"""What syncing returns."""

from __future__ import annotations  # what is named in types alone is not imported

from typing import TYPE_CHECKING

from kneetrack.domain.value import Value

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from kneetrack.app.results import NewDiary
    from kneetrack.app.results.changes import RewrittenBackups
    from kneetrack.domain.progress import Progress
    from kneetrack.domain.records import Counts, Pain, Session


IS_COPY = "is another copy of the inbox: move its lines into inbox.txt"
"""Why a copy of the inbox that a carrier made is left as it is, as the end of a sentence."""


class Unread(Value):
    """A file of the folder that was left as it is, and why, as the end of a sentence."""

    device: str
    name: str
    why: str


class FromInbox(Value):
    """The sessions and pains that lines of the inbox stand for, the lines that stay in it, each with the reason.

    `problem` is why none of it could be read, as the end of a sentence.
    """

    logged: tuple[Session, ...] = ()
    noted: tuple[Pain, ...] = ()
    not_logged: tuple[str, ...] = ()
    problem: str | None = None

    @property
    def wrote(self) -> bool:
        """Return whether anything was written to the diary."""
        return bool(self.logged or self.noted)


class Synced(Value):
    """What a sync brought and gave, and how things stand after it.

    `counts` has the records that came by their kind, `sent` is how many versions went. `purged` are the records that
    are gone as they were purged elsewhere; `waiting` counts those that wait for consent. `logged` are the sessions and
    `noted` the pains that lines of the inbox stand for, and `not_logged` are the lines that stay in it, each with the
    reason. `progress` is None when nothing was written here.
    """

    folder: Path
    auto: bool
    other_devices: int
    counts: dict[str, Counts]
    sent: int
    logged: tuple[Session, ...] = ()
    noted: tuple[Pain, ...] = ()
    not_logged: tuple[str, ...] = ()
    purged: frozenset[str] = frozenset()
    waiting: int = 0
    unread: tuple[Unread, ...] = ()
    progress: Progress | None = None
    new: NewDiary | None = None
    backups: RewrittenBackups | None = None

    @property
    def wrote(self) -> bool:
        """Return whether anything was written to the diary."""
        return self.progress is not None


class Automatic(Value):
    """What is to be said of an automatic sync.

    How many sessions and pains lines of the inbox stand for, how many lines stay in it, and when it last went well
    where it has failed since.
    """

    logged: int = 0
    noted: int = 0
    not_logged: int = 0
    since: datetime | None = None


class DeviceStatus(Value):
    """A device of the folder: the last change that it gave, when that was read here, and what could not be read."""

    device: str
    this_device: bool
    last_change: datetime | None
    last_read: datetime | None
    unread: tuple[Unread, ...]


class SyncStatus(Value):
    """How a diary is synced on this device.

    `at` is when that was last done, `problem` why the last attempt failed, and `away` why the folder cannot be read;
    `not_logged` are the lines of the inbox that could not be read, each with the reason, and `copies` the names of what
    a carrier made of the inbox.
    """

    folder: Path
    auto: bool
    at: datetime | None
    problem: str | None
    away: str | None
    devices: tuple[DeviceStatus, ...]
    not_logged: tuple[str, ...]
    copies: tuple[str, ...] = ()

    @property
    def stuck(self) -> bool:
        """Return whether somebody must do something."""
        return bool(
            self.problem or self.away or self.not_logged or self.copies or any(device.unread for device in self.devices)
        )
