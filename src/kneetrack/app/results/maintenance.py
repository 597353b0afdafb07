"""What settings, backup, restore and doctor return."""

from __future__ import annotations  # what is named in types alone is not imported

from typing import TYPE_CHECKING

from kneetrack.domain.value import Value

if TYPE_CHECKING:
    from datetime import date, datetime

    from kneetrack.app.results import NewDiary
    from kneetrack.domain.backups import Backup, Restored
    from kneetrack.domain.findings import Finding
    from kneetrack.domain.installed import Report
    from kneetrack.domain.progress import Progress


class AllSettings(Value):
    """Where the diary is, the value of every setting, and whether the diary is there."""

    path: str
    values: dict[str, str]
    exists: bool


class SettingChanged(Value):
    """A setting and its new value, and how things stand after it.

    `ahead` counts the sessions of days that have not begun, and will be seen from `seen_from` on, such as when days
    begin later from now on.
    """

    key: str
    value: str
    ahead: int
    seen_from: date | None
    progress: Progress
    new: NewDiary | None
    wrote: bool = True


class Backups(Value):
    """Where a diary is, its backups, newest first, and the local times at which they were made, by name."""

    path: str
    copies: tuple[Backup, ...]
    times: dict[str, datetime]


class WentBack(Value):
    """The backup that a diary went back to, what was kept of what was there, and how things are after it.

    `made` is the local time at which the backup was made. `progress` is None where the diary that was restored cannot
    be read as it is.
    """

    backup: Backup
    made: datetime
    kept: Restored
    progress: Progress | None


class Diagnosis(Value):
    """What doctor found at a path, and the reminders that are installed.

    `unseen` says why the reminders could not be looked at.
    """

    path: str
    now: datetime
    findings: tuple[Finding, ...]
    reminders: tuple[Report, ...]
    unseen: str | None

    @property
    def damaged(self) -> bool:
        """Return whether records are at stake."""
        return any(finding.state == "damage" for finding in self.findings)
