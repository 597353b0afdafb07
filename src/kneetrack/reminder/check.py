"""Whether an installed reminder is sound: everything is still there, and it runs."""

import os
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Literal, NamedTuple, TypeAlias

from kneetrack.domain.errors import DamagedCrontabError
from kneetrack.reminder import Installed, Job, crontab, stamp, systemd
from kneetrack.reminder.stamp import Run

Way: TypeAlias = Literal["cron", "systemd"]

GRACE = timedelta(minutes=5)
"""How late a run may be: a timer is exact to the minute, and a busy computer takes its time."""

LONG_AGO = timedelta(days=2)


class Trouble(StrEnum):
    """What can be wrong with an installed reminder."""

    DAMAGED = "damaged"
    CHANGED = "changed"
    NO_PROGRAM = "no program"
    NO_JOURNAL = "no journal"
    STOPPED = "stopped"
    NEVER_RAN = "never ran"
    LONG_AGO = "long ago"


class Report(NamedTuple):
    """A reminder as it was found: how it is installed, its last run, and what is wrong with it.

    `damage` is the sentence for a block whose marks are not one beginning and one end.
    """

    way: Way
    job: Job | None
    since: datetime | None
    last: Run | None
    troubles: tuple[Trouble, ...]
    damage: str | None = None


def look(now: datetime) -> list[Report]:
    """Return what is installed; none where nothing is."""
    found = []
    try:
        by_cron = crontab.installed()
    except DamagedCrontabError as error:
        found.append(Report("cron", None, None, None, (Trouble.DAMAGED,), str(error)))
    else:
        found += [_report("cron", by_cron, now, stopped=False)] if by_cron else []
    by_systemd = systemd.installed()
    return found + ([_report("systemd", by_systemd, now, stopped=not systemd.active())] if by_systemd else [])


def _report(way: Way, found: Installed, now: datetime, *, stopped: bool) -> Report:
    """Return the report on one reminder."""
    last = stamp.read(found.job.journal) if found.job and found.job.journal else None
    return Report(way, found.job, found.since, last, tuple(_troubles(found, last, now, stopped=stopped)))


def _troubles(found: Installed, last: Run | None, now: datetime, *, stopped: bool) -> Iterator[Trouble]:
    """Yield what is wrong."""
    if found.job is None:
        yield Trouble.CHANGED
        return
    if not (found.job.program.is_file() and os.access(found.job.program, os.X_OK)):
        yield Trouble.NO_PROGRAM
    if found.job.journal and not found.job.journal.exists():
        yield Trouble.NO_JOURNAL
    if stopped:
        yield Trouble.STOPPED
    ran = bool(last and (found.since is None or last.at >= found.since))
    if found.since and not ran and next_run(found.job.times, found.since) + GRACE < now:
        yield Trouble.NEVER_RAN
    if last and ran and now - last.at > LONG_AGO:
        yield Trouble.LONG_AGO


def next_run(times: tuple[time, ...], after: datetime) -> datetime:
    """Return the first instant after another at which a job is to run, on this computer's clock."""
    local = after.astimezone()
    days = (local.date(), local.date() + timedelta(1), local.date() + timedelta(2))
    instants = (datetime.combine(day, clock).astimezone() for day in days for clock in times)
    return min(instant for instant in instants if instant > after)
