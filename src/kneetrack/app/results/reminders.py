"""What the reminder returns: what is open, and how it is installed."""

from __future__ import annotations  # what is named in types alone is not imported

from typing import TYPE_CHECKING

from kneetrack.domain.value import Value

if TYPE_CHECKING:
    from datetime import date, datetime
    from pathlib import Path

    from kneetrack.domain.installed import Job, Report, Way
    from kneetrack.domain.milestones import Break
    from kneetrack.domain.progress import Progress
    from kneetrack.domain.settings import WhenThen


class Reminder(Value):
    """What is open today: the exercises in the order of the plan, and about how many minutes they take.

    `sore` is a strong pain of today or yesterday and its day; `before` knows of the weeks before, where it was asked
    for and there is no such pain. `asks_morning` says that this morning's pain is to be asked for; `when` is when
    the person means to exercise; `back` is a break of which something is to be said today.
    """

    progress: Progress
    exercises: tuple[str, ...]
    minutes: int
    sore: tuple[int, date] | None
    before: Progress
    asks_morning: bool = False
    when: WhenThen | None = None
    back: Break | None = None


class Risks(Value):
    """What may keep a reminder from coming: a program in a temporary folder, no diary yet, a time in the night."""

    fleeting: bool
    no_diary: bool
    at_night: bool


class Drafts(Value):
    """What installing a reminder would write: the block of a crontab, and the files of systemd by name.

    `job` is what cron would run; `folder` is where systemd looks for its files.
    """

    job: Job
    block: str
    units: dict[str, str]
    folder: Path
    risks: Risks


class Installation(Value):
    """A reminder that is installed, and whether that changed anything.

    `moved_from` is what ran it until now, where that was something else. `mail_to` is the crontab's MAILTO, `mailer`
    and `sender` the programs that send mail and notifications; None where there is none.
    """

    job: Job
    way: Way
    new: bool
    moved_from: Way | None
    mail_to: str | None
    mailer: str | None
    sender: str | None
    risks: Risks


class InstalledReminders(Value):
    """The reminders that are installed, and whether those of systemd go on after a logout."""

    reports: tuple[Report, ...]
    lingers: bool
    now: datetime

    @property
    def sound(self) -> bool:
        """Return whether there is one, and nothing is wrong with any."""
        return bool(self.reports) and not any(report.problems for report in self.reports)
