"""The reminder as a timer of the person's own systemd, which also runs it on waking when its time was slept through."""

import os
import re
import shlex
import shutil
import subprocess
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from kneetrack.domain.errors import MissingProgramError, NoPermissionError, StorageError
from kneetrack.domain.installed import Installed, Job
from kneetrack.domain.text import clean
from kneetrack.reminder import checked, parse_since
from kneetrack.store import atomic

SERVICE, TIMER = "kneetrack-remind.service", "kneetrack-remind.timer"

_MANAGED = "# Managed by kneetrack; change with: kneetrack remind install --via systemd"
_SINCE = "# installed "
_TIMEOUT_S = 30


def folder() -> Path:
    """Return where systemd looks for a person's units."""
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "systemd" / "user"


def units(job: Job, now: datetime) -> dict[str, str]:
    """Return the unit files of a job that is installed now, by name. Raises UnsafeWordsError."""
    # The colon keeps systemd from putting variables in the place of $NAME.
    command = f":{' '.join(map(_quoted, checked(job.argv)))}"
    head = f"{_MANAGED}\n{_SINCE}{now.isoformat(timespec='minutes')}\n"
    service = f"""\
[Unit]
Description=Say which exercises are still open today

[Service]
Type=oneshot
TimeoutStartSec=60
ExecStart={command}
"""
    times = "".join(f"OnCalendar=*-*-* {clock:%H:%M}\n" for clock in job.times)
    timer = f"""\
[Unit]
Description=Say which exercises are still open today

[Timer]
{times}Persistent=true
AccuracySec=1min

[Install]
WantedBy=timers.target
"""
    return {SERVICE: head + service, TIMER: head + timer}


def _quoted(word: str) -> str:
    """Return a word as it stands in a unit file."""
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%") + '"'


def read(service: str, timer: str) -> Installed:
    """Return what two unit files install."""
    since = re.search(rf"^{_SINCE}(.*)$", timer, re.MULTILINE)
    known = parse_since(since[1]) if since else None
    command = re.search(r"^ExecStart=:(.+)$", service, re.MULTILINE)
    clocks = re.findall(r"^OnCalendar=(.*)$", timer, re.MULTILINE)
    try:
        argv = tuple(word.replace("%%", "%") for word in shlex.split(command[1])) if command else ()
        times = tuple(datetime.strptime(clock, "*-*-* %H:%M").time() for clock in clocks)  # noqa: DTZ007 - a clock time
    except ValueError:
        return Installed(None, known)
    return Installed(Job(argv, times) if argv and times else None, known)


def install(job: Job, now: datetime) -> bool:
    """Put a job into the person's systemd, and return whether that changed anything.

    Raises MissingProgramError where there is no systemd, and StorageError where it does not take the units.
    """
    wanted = units(job, now)
    _ask("show-environment")
    here = installed()
    if here and here.job == job and active():
        return False
    before = {name: _text(name) for name in wanted}
    try:
        for name, words in wanted.items():
            _put(name, words)
        _ask("daemon-reload")
        _ask("enable", TIMER)
        _ask("restart", TIMER)
        _ask("is-active", "--quiet", TIMER)
    except StorageError:
        for name, old in before.items():
            _put(name, old)
        with suppress(StorageError):
            _ask("daemon-reload")
        raise
    return True


def uninstall() -> bool:
    """Take the job out of the person's systemd, and return whether it was there."""
    if installed() is None:
        return False
    with suppress(MissingProgramError, StorageError):
        _ask("disable", "--now", TIMER)
    for name in (TIMER, SERVICE):
        _put(name, None)
    with suppress(MissingProgramError, StorageError):
        _ask("daemon-reload")
    return True


def installed() -> Installed | None:
    """Return what the person's units are, None where there are none."""
    service, timer = _text(SERVICE), _text(TIMER)
    return None if service is None and timer is None else read(service or "", timer or "")


def active() -> bool:
    """Return whether the timer waits for its time."""
    try:
        _ask("is-active", "--quiet", TIMER)
    except (MissingProgramError, StorageError):
        return False
    return True


def lingers() -> bool:
    """Return whether the person's timers go on after they log out."""
    import getpass  # noqa: PLC0415 - asked by status alone

    try:
        return (Path("/var/lib/systemd/linger") / getpass.getuser()).exists()
    except (OSError, KeyError):
        return False


def _ask(*words: str) -> None:
    """Have the person's systemd do something."""
    program = shutil.which("systemctl")
    if program is None:
        raise MissingProgramError(
            "There is no systemd here. With cron: kneetrack remind install --via cron."
            " To install by hand: kneetrack remind install --via print."
        )
    try:
        done = subprocess.run(  # noqa: S603 - the program found, and words of our own
            [program, "--user", *words], capture_output=True, text=True, check=False, timeout=_TIMEOUT_S
        )
    except subprocess.TimeoutExpired as error:
        raise StorageError("Your systemd units", f"systemctl did not answer within {_TIMEOUT_S} seconds") from error
    except OSError as error:
        raise StorageError("Your systemd units", clean(str(error))) from error
    said = clean(" ".join(done.stderr.split()))
    if done.returncode and words == ("show-environment",):
        raise MissingProgramError(
            f"Your systemd does not answer ({said}). With cron: kneetrack remind install --via cron."
            " To install by hand: kneetrack remind install --via print."
        )
    if done.returncode:
        raise StorageError("Your systemd units", said or f"systemctl {words[0]} ended with {done.returncode}")


def _text(name: str) -> str | None:
    """Return what a unit file says, None where there is none."""
    try:
        return (folder() / name).read_text("utf-8", "replace")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise NoPermissionError(folder() / name, "read") from error


def _put(name: str, words: str | None) -> None:
    """Put a unit file in its place, whole, or take it away."""
    path = folder() / name
    try:
        if words is None:
            path.unlink(missing_ok=True)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic.write(path, words.encode(), mode=0o644)
    except OSError as error:
        raise NoPermissionError(path, "write") from error
