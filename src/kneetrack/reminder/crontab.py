"""The reminder in the person's crontab: one marked block, and every other byte stays as it is."""

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable
from datetime import datetime, time
from functools import partial

from kneetrack.domain.errors import (
    CrontabBusyError,
    DamagedCrontabError,
    MissingProgramError,
    StorageError,
    UnsafeWordsError,
)
from kneetrack.domain.installed import Installed, Job
from kneetrack.domain.text import clean
from kneetrack.reminder import checked, parse_since, stamp
from kneetrack.store import atomic

BEGIN = "# BEGIN kneetrack (managed; change with: kneetrack remind install)"
END = "# END kneetrack"
LONGEST = 990
"""Bytes of a command: cron refuses lines of 1000 and a few more."""

_SINCE = "# installed "
_LINES = re.compile(rb"[^\n]*\n|[^\n]+")
_BEGINS = re.compile(rb"# BEGIN kneetrack(?: \(.*)?\s*")
_ENDS = re.compile(rb"# END kneetrack\s*")
_JOB = re.compile(r"([0-9]{1,2}) ([0-9]{1,2}) \* \* \* (.+)")
_TRIES = 4
_TIMEOUT_S = 10


def line(clock: time, argv: tuple[str, ...]) -> str:
    """Return the line that runs a command every day. Raises UnsafeWordsError."""
    # To cron a % ends the command unless a backslash stands before it, and two backslashes are none.
    command = shlex.join(checked(argv)).replace("\\%", "\\''%").replace("%", "\\%")
    if len(command.encode()) > LONGEST:
        raise UnsafeWordsError(f"{clean(command[:40])}…")
    return f"{clock.minute} {clock.hour} * * * {command}"


def block(job: Job, now: datetime) -> str:
    """Return the block of a job that is installed now."""
    since = f"{_SINCE}{now.isoformat(timespec='minutes')}"
    return "\n".join((BEGIN, since, *(line(clock, job.argv) for clock in job.times), END, ""))


def put(table: bytes, job: Job, now: datetime) -> bytes:
    """Return a crontab with the job: as it is where the job is there, else with the block replaced or appended.

    A last line without its newline gets one. Raises DamagedCrontabError and UnsafeWordsError.
    """
    found = read(table)
    if found and found.job == job:
        return table
    start, end = _bounds(table) or (len(table), len(table))
    gap = b"\n" if start and not table[:start].endswith(b"\n") else b""
    return table[:start] + gap + block(job, now).encode() + table[end:]


def strip(table: bytes) -> bytes:
    """Return a crontab without the block. Raises DamagedCrontabError."""
    start, end = _bounds(table) or (0, 0)
    return table[:start] + table[end:]


def read(table: bytes) -> Installed | None:
    """Return what the block of a crontab installs, None where there is no block. Raises DamagedCrontabError."""
    bounds = _bounds(table)
    if bounds is None:
        return None
    lines = table[slice(*bounds)].decode(errors="surrogateescape").splitlines()[1:-1]
    comments = (words.removeprefix(_SINCE) for words in lines if words.startswith(_SINCE))
    since = parse_since(next(comments, ""))
    try:
        jobs = [_parse(words) for words in lines if not words.startswith("#")]
    except ValueError:
        return Installed(None, since)
    if len({argv for _, argv in jobs}) != 1:
        return Installed(None, since)
    return Installed(Job(jobs[0][1], tuple(clock for clock, _ in jobs)), since)


def _parse(words: str) -> tuple[time, tuple[str, ...]]:
    """Return the clock time and the command of a line; raises ValueError for one that is not ours."""
    match = _JOB.fullmatch(words)
    if match is None:
        raise ValueError(words)
    command = re.sub(r"\\(.)", lambda pair: "%" if pair[1] == "%" else pair[0], match[3])
    argv = tuple(shlex.split(command))
    if not argv:
        raise ValueError(words)
    return time(int(match[2]), int(match[1])), argv


def _bounds(table: bytes) -> tuple[int, int] | None:
    """Return where the block begins and ends, None where there is none. Raises DamagedCrontabError."""
    marks = []
    for number, match in enumerate(_LINES.finditer(table), 1):
        if _BEGINS.fullmatch(match[0]):
            marks.append((number, "begin", match))
        elif _ENDS.fullmatch(match[0]):
            marks.append((number, "end", match))
    if not marks:
        return None
    if [kind for _, kind, _ in marks] != ["begin", "end"]:
        raise DamagedCrontabError([number for number, _, _ in marks])
    return marks[0][2].start(), marks[1][2].end()


def install(job: Job, now: datetime) -> bool:
    """Put a job into the person's crontab, and return whether that changed it."""
    return _edit(partial(put, job=job, now=now))


def uninstall() -> bool:
    """Take the job out of the person's crontab, and return whether it was there."""
    return bool(shutil.which("crontab")) and _edit(strip)


def installed() -> Installed | None:
    """Return what the person's crontab has of us; also None where there is no crontab program."""
    return read(load()) if shutil.which("crontab") else None


def mail_to() -> str | None:
    """Return the MAILTO that holds for the block in the person's crontab, None where none is set."""
    table = load()
    start, _ = _bounds(table) or (len(table), 0)
    named = re.findall(rb"^[ \t]*MAILTO[ \t]*=[ \t]*(.*?)[ \t\r]*$", table[:start], re.MULTILINE)
    return clean(named[-1].decode(errors="backslashreplace").strip("\"'")) if named else None


def mailer() -> str | None:
    """Return the program that cron hands mail to, None where there is none."""
    return shutil.which("sendmail", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/lib")


def _edit(change: Callable[[bytes], bytes]) -> bool:
    """Change the person's crontab, and return whether that was needed.

    No other kneetrack of this person changes it meanwhile. It is read anew before and after it is written: `crontab -`
    replaces the whole table, also what another program put there meanwhile.
    """
    written = False
    with atomic.locked(stamp.folder()):
        for _ in range(_TRIES):
            table = load()
            wanted = change(table)
            if wanted == table:
                return written
            if load() == table:
                _store(wanted)
                written = True
    raise CrontabBusyError


def load() -> bytes:
    """Return the person's crontab, empty where there is none. Raises MissingProgramError and StorageError."""
    done = _crontab("-l")
    if done.returncode == 0:
        return done.stdout
    if b"no crontab" in done.stderr or b"No such file" in done.stderr:
        return b""
    raise _refused(done)


def _store(table: bytes) -> None:
    """Make a table the person's crontab."""
    done = _crontab("-", table) if table else _crontab("-r")
    if done.returncode:
        raise _refused(done)


def _crontab(word: str, table: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run the system's crontab program."""
    program = shutil.which("crontab")
    if program is None:
        raise MissingProgramError(
            "There is no crontab program here. With systemd: kneetrack remind install --via systemd."
            " To install by hand: kneetrack remind install --via print."
        )
    try:
        return subprocess.run(  # noqa: S603 - the program found, and a word of our own
            [program, word],
            input=table,
            capture_output=True,
            check=False,
            env={**os.environ, "LC_ALL": "C"},
            timeout=_TIMEOUT_S,
        )
    except subprocess.TimeoutExpired as error:
        raise StorageError("Your crontab", f"crontab did not answer within {_TIMEOUT_S} seconds") from error
    except OSError as error:
        raise StorageError("Your crontab", clean(str(error))) from error


def _refused(done: subprocess.CompletedProcess[bytes]) -> StorageError:
    """Return our error for what the crontab program would not do."""
    said = clean(" ".join(done.stderr.decode(errors="backslashreplace").split()))
    return StorageError("Your crontab", said or f"crontab ended with {done.returncode}")
