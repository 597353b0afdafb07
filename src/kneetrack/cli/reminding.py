"""The reminder: remind, remind install, uninstall, status and calendar."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from kneetrack.app import reminders
from kneetrack.app.workspace import at_home
from kneetrack.cli import console
from kneetrack.cli.environment import now, workspace
from kneetrack.domain.errors import KneetrackError

NOT_INSTALLED, BROKEN = 1, 3


def remind(
    exit_code: bool = False,
    notify: bool = False,
    as_json: bool = False,
    db: str | None = None,
) -> int:
    """Say what is still open today, and nothing at all when nothing is; install that as a daily reminder."""
    from kneetrack.views import reminder as screen

    with _failure_notified(notify), workspace(db) as diary:
        found = reminders.open_today(diary, in_words=not as_json)
        if as_json:
            from kneetrack.views import data

            console.put_json(data.reminder(found))
        elif found.exercises and not (notify and reminders.notify(screen.notification(found))):
            console.say(screen.reminder(found))
        console.flush()
        if not console.is_by_hand():
            reminders.note_run(diary, found)
    return 1 if exit_code and found.exercises else 0


@contextmanager
def _failure_notified(wanted: bool) -> Iterator[None]:
    """Let an error be seen also where nobody reads what is printed."""
    try:
        yield
    except KneetrackError:
        if wanted:
            from kneetrack.views.reminder import FAILED

            reminders.notify(FAILED)
        raise


def install(
    times: list[str] | None = None,
    via: str | None = None,
    notify: bool = False,
    dry_run: bool = False,
    db: str | None = None,
) -> None:
    """Set up a daily reminder; it stays silent when nothing is left."""
    from kneetrack.views import reminder_status as screen

    wish = reminders.read_wish(times or (), via, notify=notify)
    with workspace(db) as diary:
        if wish.via != "print" and not dry_run:
            done = reminders.install(diary, wish, sys.argv[0], sys.executable)
            console.say(screen.installed(done))
            console.complain_of(screen.notes(done.risks, done.job))
            return
        drafts = reminders.draft(diary, wish, sys.argv[0], sys.executable)
    console.put(screen.by_hand(drafts) if wish.via == "print" else screen.dry_run(drafts, wish.via))
    unchanged = [] if wish.via == "print" else [screen.NOTHING_CHANGED]
    console.complain_of([*unchanged, *screen.notes(drafts.risks, drafts.job)])


def uninstall() -> None:
    """Take the reminder out of the crontab and of systemd."""
    from kneetrack.views import reminder_status as screen

    console.say(screen.uninstalled(reminders.uninstall()))


def status(
    as_json: bool = False,
) -> int:
    """Say what is installed, whether it runs, and when it last did. Exit code: 0 fine, 1 not installed, 3 broken."""
    from kneetrack.views import data
    from kneetrack.views import reminder_status as screen

    found = reminders.look(now())
    if as_json:
        console.put_json(data.installed_reminders(found))
    else:
        console.say(screen.status(found))
    if found.sound:
        return 0
    return BROKEN if found.reports else NOT_INSTALLED


def calendar(
    path: str,
    times: list[str] | None = None,
    db: str | None = None,
) -> None:
    """Write the plan as a calendar file with alarms, to import on a phone."""
    from kneetrack.views import reminder as screen

    with workspace(db) as diary:
        reminders.write_calendar(diary, at_home(path), times or (), screen.in_calendar)
    console.say(screen.calendar_written(path))
