"""Whether an installed reminder is sound: everything is still there, and it runs."""

import os
from collections.abc import Iterator
from datetime import datetime, timedelta

from kneetrack.domain.errors import DamagedCrontabError
from kneetrack.domain.installed import Installed, Problem, Report, Run, Way, next_run
from kneetrack.reminder import crontab, stamp, systemd

GRACE = timedelta(minutes=5)
"""How late a run may be: a timer is exact to the minute, and a busy computer takes its time."""

LONG_AGO = timedelta(days=2)


def look(now: datetime) -> list[Report]:
    """Return what is installed; none where nothing is."""
    found = []
    try:
        by_cron = crontab.installed()
    except DamagedCrontabError as error:
        found.append(Report("cron", None, None, None, (Problem.DAMAGED,), str(error)))
    else:
        found += [_report("cron", by_cron, now, stopped=False)] if by_cron else []
    by_systemd = systemd.installed()
    return found + ([_report("systemd", by_systemd, now, stopped=not systemd.active())] if by_systemd else [])


def _report(way: Way, found: Installed, now: datetime, *, stopped: bool) -> Report:
    """Return the report on one reminder."""
    last = stamp.read(found.job.named) if found.job and found.job.named else None
    return Report(way, found.job, found.since, last, tuple(_troubles(found, last, now, stopped=stopped)))


def _troubles(found: Installed, last: Run | None, now: datetime, *, stopped: bool) -> Iterator[Problem]:
    """Yield what is wrong."""
    if found.job is None:
        yield Problem.CHANGED
        return
    if not (found.job.program.is_file() and os.access(found.job.program, os.X_OK)):
        yield Problem.NO_PROGRAM
    if found.job.diary and not found.job.diary.exists():
        yield Problem.NO_DIARY
    if stopped:
        yield Problem.STOPPED
    ran = bool(last and (found.since is None or last.at >= found.since))
    if found.since and not ran and next_run(found.job.times, found.since) + GRACE < now:
        yield Problem.NEVER_RAN
    if last and ran and now - last.at > LONG_AGO:
        yield Problem.LONG_AGO
