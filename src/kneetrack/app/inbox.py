"""Log the lines that a phone left in the inbox of the shared folder, each once, wherever it is cut off.

What a line stands for has ids that follow from the line, its day and its place among equal ones, so that two devices
which read it at the same time write the same records.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import date
from hashlib import sha256
from typing import Any, NamedTuple

from kneetrack.app import session_input
from kneetrack.app.log import last_time_of
from kneetrack.app.session_input import Options
from kneetrack.app.workspace import Diary
from kneetrack.domain import inbox
from kneetrack.domain.errors import NothingToDoError, WrongUseError
from kneetrack.domain.records import Session

AGAIN = "It is in your diary already; to log it once more, give it a time: at 18:00."
NOTHING_LEFT = "Nothing of it was left that day; to log more, give a dose: bridge 1x10."


class Taken(NamedTuple):
    """What was logged, and the lines that stay: as the file gets them, and each with its reason."""

    logged: tuple[Session, ...]
    left: tuple[str, ...]
    why: tuple[str, ...]

    @property
    def wrote(self) -> bool:
        """Return whether anything was logged."""
        return bool(self.logged)


def log(diary: Diary, lines: Iterable[str], known: Collection[str]) -> Taken:
    """Log some lines; `known` are the ids of those that were logged before and are in the file all the same."""
    logged: list[Session] = []
    left: list[str] = []
    why: list[str] = []
    equal: Counter[tuple[str, date]] = Counter()
    for line in lines:
        try:
            sessions = [] if inbox.is_remark(line) else _sessions(diary, line, equal)
            if sessions and _is_new(diary, sessions[0].uid, known):
                command = session_input.command("log", sessions, diary.catalogue, diary.today)
                logged += diary.store.append(command, diary.now, sessions)
        except WrongUseError as error:
            left += [line, f"{inbox.WHY}{error}"]
            why.append(f"{line}: {error}")
            continue
        if inbox.is_remark(line):
            left.append(line)
    return Taken(tuple(logged), tuple(left), tuple(why))


def ids(diary: Diary, lines: Iterable[str]) -> tuple[str, ...]:
    """Return the ids of all that some lines stand for."""
    equal: Counter[tuple[str, date]] = Counter()
    found: list[str] = []
    for line in lines:
        with suppress(WrongUseError):
            found += [each.uid for each in _sessions(diary, line, equal)]
    return tuple(found)


def _sessions(diary: Diary, line: str, equal: Counter[tuple[str, date]]) -> list[Session]:
    """Return the sessions that a line stands for. Raises WrongUseError and its kinds."""
    entry = inbox.read(line, diary.today)
    given: dict[str, Any] = dict(entry.options)
    options = Options(day=entry.day)._replace(**given)
    session_input.check(options)
    moment = session_input.when(options, diary.now, diary.settings.day_start)
    blank = session_input.blank(moment, diary.now)
    progress = diary.as_of(moment.day)
    sessions = session_input.read(
        entry.words, options, progress, blank, lambda exercise: last_time_of(diary, moment.day, exercise)
    )
    if not sessions:
        raise NothingToDoError(NOTHING_LEFT)
    same = (" ".join(line.split()), moment.day)
    equal[same] += 1
    return [
        each._replace(uid=sha256(f"inbox {same} {equal[same]} {at}".encode()).hexdigest()[:32])
        for at, each in enumerate(sessions)
    ]


def _is_new(diary: Diary, uid: str, known: Collection[str]) -> bool:
    """Return whether a record is to be written. Raises NothingToDoError where this device wrote it at another time."""
    database = diary.store.database
    if database.rows("SELECT 1 FROM tombstone WHERE uid = ?", uid):
        return False
    found = database.rows("SELECT min(change_id) FROM session WHERE uid = ? HAVING count(*) > 0", uid)
    if found and uid not in known and database.rows(_IS_OWN, found[0][0]):
        raise NothingToDoError(AGAIN)
    return not found


_IS_OWN = "SELECT 1 FROM change WHERE id = ? AND device IN (SELECT uid FROM device)"
