"""An installed reminder, as values: what runs when, when it last ran, and what can be wrong with it."""

from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Literal, TypeAlias

from kneetrack.domain.value import Value

if TYPE_CHECKING:
    from pathlib import Path

Way: TypeAlias = Literal["cron", "systemd"]
"""What runs a reminder."""

DEFAULT_TIME = time(18)

NIGHT_ENDS = time(4)
"""Before it a reminder may come late, or not at all, in the night when clocks go forward."""


class Job(Value):
    """What runs every day, and at which clock times, ascending.

    `argv` is a program by its absolute path and its words, among them --db and the diary's absolute path or its server.
    """

    argv: tuple[str, ...]
    times: tuple[time, ...]

    @property
    def program(self) -> "Path":
        """Return the program that runs."""
        from pathlib import Path  # noqa: PLC0415 - a reminder that is only printed does without

        return Path(self.argv[0])

    @property
    def named(self) -> str | None:
        """Return the path or the address of the diary that it reads; None where somebody took that out."""
        at = self.argv.index("--db") + 1 if "--db" in self.argv else len(self.argv)
        return self.argv[at] if at < len(self.argv) else None

    @property
    def diary(self) -> "Path | None":
        """Return the path of the diary that it reads; None also for one on a server."""
        from pathlib import Path  # noqa: PLC0415 - as above

        return None if self.named is None or "://" in self.named else Path(self.named)

    @property
    def notifies(self) -> bool:
        """Return whether it sends desktop notifications."""
        return "--notify" in self.argv


class Installed(Value):
    """A job as it was found; `job` is None where its text was changed by hand, `since` where that is not known."""

    job: Job | None
    since: datetime | None


class Run(Value):
    """One run of the reminder: the instant, and how many exercises were open."""

    at: datetime
    open: int


class Problem(StrEnum):
    """What can be wrong with an installed reminder."""

    DAMAGED = "damaged"
    CHANGED = "changed"
    NO_PROGRAM = "no program"
    NO_DIARY = "no diary"
    STOPPED = "stopped"
    NEVER_RAN = "never ran"
    LONG_AGO = "long ago"


class Report(Value):
    """A reminder as it was found: how it is installed, its last run, and what is wrong with it.

    `damage` is the sentence for a block whose marks are not one beginning and one end.
    """

    way: Way
    job: Job | None
    since: datetime | None
    last: Run | None
    problems: tuple[Problem, ...]
    damage: str | None = None


def next_run(times: tuple[time, ...], after: datetime) -> datetime:
    """Return the first instant after another at which a job is to run, on this computer's clock."""
    local = after.astimezone()
    days = (local.date(), local.date() + timedelta(1), local.date() + timedelta(2))
    instants = (datetime.combine(day, clock).astimezone() for day in days for clock in times)
    return min(instant for instant in instants if instant > after)
