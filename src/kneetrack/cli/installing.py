"""Installing the reminder: remind install, uninstall, status and calendar."""

import os
import shutil
import subprocess
import sys
from datetime import time
from enum import StrEnum
from pathlib import Path

from kneetrack.cli import console, diary
from kneetrack.domain import text
from kneetrack.domain.errors import MissingProgramError, NothingToDoError, WrongUseError
from kneetrack.reminder import DEFAULT_TIME, Job, check, crontab, systemd
from kneetrack.reminder.notify import program as sender
from kneetrack.store import failures
from kneetrack.views import reminder_status as screen
from kneetrack.views.phrases import Span

NIGHT_ENDS = time(4)
NOT_INSTALLED, BROKEN = 1, 3


class Via(StrEnum):
    """What runs the reminder."""

    CRON = "cron"
    SYSTEMD = "systemd"
    PRINT = "print"


def install(
    times: list[str] | None = None,
    via: str | None = None,
    notify: bool = False,
    dry_run: bool = False,
    db: str | None = None,
) -> None:
    """Be reminded every day, when something is open."""
    clocks, where, now = _times(times), diary.place(db), diary.now()
    chosen = _via(via)
    words = (*_program(), "--db", str(where.path.absolute()), "remind")
    loud = (*words, "--notify")
    by_cron, by_systemd = Job(loud if notify else words, clocks), Job(loud, clocks)
    if chosen is Via.PRINT:
        units = systemd.units(by_systemd, now)
        console.put(screen.by_hand(crontab.block(by_cron, now), units, str(systemd.folder()), words))
    elif dry_run:
        shown = [crontab.block(by_cron, now)] if chosen is Via.CRON else systemd.units(by_systemd, now).values()
        console.put("\n".join(shown))
        console.complain("Nothing was changed: this was --dry-run.")
    elif chosen is Via.CRON:
        new = crontab.install(by_cron, now)
        goes = screen.mailed(crontab.mail_to(), _mailer(), sender(), notify=notify)
        console.say(screen.installed(by_cron, chosen, goes, new=new))
        _moved(systemd.uninstall(), "systemd")
    else:
        new = systemd.install(by_systemd, now)
        console.say(screen.installed(by_systemd, chosen, screen.to_desktop(sender()), new=new))
        _moved(crontab.uninstall(), "cron")
    _warn(by_cron, diary.missing(db))


def _program() -> tuple[str, ...]:
    """Return the words that start this program from anywhere, the first by its absolute path."""
    if Path(sys.argv[0]).name == "__main__.py":
        return _runs((sys.executable, "-m", "kneetrack"))
    found = shutil.which(sys.argv[0])
    if found is None:
        raise MissingProgramError(f"{text.clean(sys.argv[0])} is nowhere to be found: call kneetrack by its full path.")
    return _runs((str(Path(found).absolute()),))


def _runs(argv: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words when they run in an environment as empty as cron's, and raise MissingProgramError otherwise."""
    bare = {"HOME": str(Path.home()), "PATH": "/usr/bin:/bin"}
    try:
        done = subprocess.run(  # noqa: S603 - this program itself
            [*argv, "--version"], env=bare, cwd="/", stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
    except OSError:
        done = None
    if done is None or done.returncode:
        raise MissingProgramError(
            f"{text.clean(' '.join(argv))} does not run by itself, as cron would run it: install kneetrack, for example"
            " with pipx, and call that one."
        )
    return argv


def _via(word: str | None) -> Via:
    """Return what runs the reminder. Raises WrongUseError."""
    if (word or Via.CRON) not in list(Via):
        raise WrongUseError(f"--via takes {', '.join(Via)}, not “{text.clean(word or '')}”.")
    return Via(word or Via.CRON)


def _times(at: list[str] | None) -> tuple[time, ...]:
    """Return the clock times that were typed, each once, ascending."""
    return tuple(sorted({text.read_clock(word) for word in at})) if at else (DEFAULT_TIME,)


def _warn(job: Job, missing: bool) -> None:
    """Say on standard error what may keep a reminder from coming."""
    from tempfile import gettempdir

    from platformdirs import user_cache_path

    fleeting = {Path(gettempdir()), Path("/tmp"), Path("/var/tmp"), user_cache_path()}  # noqa: S108 - only compared
    if any(job.program.is_relative_to(folder) for folder in fleeting):
        console.complain(
            f"Note: {text.clean(str(job.program))} lies in a temporary folder; the reminder ends when that is cleared."
        )
    if missing:
        console.complain(
            f"Note: there is no journal at {text.clean(str(job.journal))} yet; the first log, for example"
            " kneetrack log bridge, creates it."
        )
    if job.times[0] < NIGHT_ENDS:
        console.complain(
            "Note: in the night when clocks go forward, a reminder between 00:00 and 03:59 may come late or not at all."
        )


def _mailer() -> str | None:
    """Return the program that cron hands mail to."""
    return shutil.which("sendmail", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/lib")


def _moved(was_there: bool, way: str) -> None:
    """Say that a reminder moved away from where it was."""
    if was_there:
        console.say([[Span(f"  The reminder by {way} was taken out, so that there is one.")]])


def uninstall() -> None:
    """Take the reminder out of the crontab and of systemd."""
    gone = [way for way, room in (("cron", crontab), ("systemd", systemd)) if room.uninstall()]
    console.say([[Span(f"Uninstalled: by {' and '.join(gone)}." if gone else "Not installed; nothing was changed.")]])


def status(
    as_json: bool = False,
) -> int:
    """Say what is installed, whether it runs, and when it last did: exit 0 sound, 1 not installed, 3 broken."""
    now = diary.now()
    reports = check.look(now)
    if as_json:
        console.put_json(screen.status_data(reports))
    for report in () if as_json else reports:
        console.say(screen.status(report, now, lingers=systemd.lingers()))
    if not reports and not as_json:
        console.say([[Span("Not installed. To be reminded every day at 18:00: kneetrack remind install")]])
    if not reports or any(report.troubles for report in reports):
        return BROKEN if reports else NOT_INSTALLED
    return 0


def calendar(
    path: str,
    times: list[str] | None = None,
    db: str | None = None,
) -> None:
    """Write the program as a calendar file with alarms, to import on a phone."""
    try:
        from kneetrack.exchange import calendar as ics
    except ModuleNotFoundError as error:
        if error.name != "icalendar":
            raise
        raise MissingProgramError(
            "The calendar needs the icalendar library: pip install 'kneetrack[calendar]', or pip install icalendar."
        ) from None
    clocks = _times(times)
    with diary.reading(db) as book:
        progress, journal = book.this_week(), str(book.place.path.absolute())
    found = ics.calendar(progress, clocks, journal, book.now)
    if found is None:
        raise NothingToDoError("Nothing is due from today on: see kneetrack plan, and kneetrack pause --list.")
    _write(diary.at_home(path), found, ics.PRODID.encode())
    console.say([[Span(f"Written: {text.clean(str(path))}. Import the file on your phone; after a change of the program"
                       " write and import it again.")]])  # fmt: skip


def _write(path: Path, content: bytes, mark: bytes) -> None:
    """Write a file whole; one that is there and is not ours is left alone."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        if path.exists() and mark not in path.read_bytes():
            raise WrongUseError(
                f"{text.clean(str(path))} is there already and no calendar of kneetrack's; name another."
            )
        draft.write_bytes(content)
        draft.replace(path)
    except OSError as error:
        raise failures.system_error(error, path, "write") from error
