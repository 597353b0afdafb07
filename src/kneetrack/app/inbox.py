"""Log the lines that a phone left in the inbox of the shared folder, each once, wherever it is cut off.

What a line stands for has ids that follow from the line, its day and its place among equal ones, so that two devices
which read it at the same time write the same records.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from datetime import date
from hashlib import sha256
from typing import Any

from kneetrack.app import session_input
from kneetrack.app.log import last_time_of
from kneetrack.app.session_input import Options, When
from kneetrack.app.workspace import Diary
from kneetrack.domain import inbox, text
from kneetrack.domain.errors import NothingToDoError, WrongUseError
from kneetrack.domain.records import Session
from kneetrack.domain.value import Value
from kneetrack.store import merge

AGAIN = "Already in your diary. To log it again, add a time: at 18:00."
NOTHING_LEFT = "Already complete that day. To log more, give a dose: bridge 1x10."


class Taken(Value):
    """What was logged, and the lines that stay: as the file gets them, and each with its reason."""

    logged: tuple[Session, ...]
    left: tuple[str, ...]
    why: tuple[str, ...]

    @property
    def wrote(self) -> bool:
        """Return whether anything was logged."""
        return bool(self.logged)


class _Line(Value):
    """A line whose words were read: what it says, for when, and what tells it from all others.

    `same` is the line, its day, and its place among equal ones.
    """

    words: tuple[str, ...]
    options: Options
    moment: When
    same: tuple[str, date, int]

    def uid(self, at: int) -> str:
        """Return the id of a session that the line stands for, by its place among those."""
        return sha256(f"inbox {self.same} {at}".encode()).hexdigest()[:32]


def log(diary: Diary, lines: Iterable[str], known: Collection[str]) -> Taken:
    """Log some lines; `known` are the ids of those that were logged before and are in the file all the same."""
    logged: list[Session] = []
    left: list[str] = []
    why: list[str] = []
    equal: Counter[tuple[str, date]] = Counter()
    for line in lines:
        try:
            if not inbox.is_remark(line):
                logged += _logged(diary, _read(diary, line, equal), known)
                continue
            left.append(line)
        except WrongUseError as error:
            left += [line, f"{inbox.WHY}{error}"]
            why.append(f"{text.echo(line)}: {error}")
    return Taken(tuple(logged), tuple(left), tuple(why))


def ids(diary: Diary, lines: Iterable[str], known: Collection[str]) -> tuple[str, ...]:
    """Return the ids by which some lines are known once they were logged, without those that repeat what was.

    There are none where no line would be logged or taken out. `known` is as in `log`.
    """
    fresh = [line for line in _readable(diary, lines) if line.uid(0) in known or _origin(diary, line) != "here"]
    return tuple(line.uid(0) for line in fresh) if any(_goes(diary, line) for line in fresh) else ()


def _readable(diary: Diary, lines: Iterable[str]) -> Iterator[_Line]:
    """Yield what the lines say whose words can be read."""
    equal: Counter[tuple[str, date]] = Counter()
    for line in lines:
        if not inbox.is_remark(line):
            with suppress(WrongUseError):
                yield _read(diary, line, equal)


def _goes(diary: Diary, line: _Line) -> bool:
    """Return whether a line does not stay: it was logged or purged before, or can be logged now."""
    with suppress(WrongUseError):
        return _origin(diary, line) is not None or bool(_sessions(diary, line))
    return False


def _origin(diary: Diary, line: _Line) -> merge.Origin | None:
    return merge.origin(diary.store.database, line.uid(0))


def _read(diary: Diary, line: str, equal: Counter[tuple[str, date]]) -> _Line:
    """Return what a line says. Raises WrongUseError and its kinds."""
    entry = inbox.read(line, diary.today)
    given: dict[str, Any] = dict(entry.options)
    options = Options(day=entry.day)._replace(**given)
    session_input.check(options)
    moment = session_input.when(options, diary.now, diary.settings.day_start)
    words = " ".join(line.split())
    equal[words, moment.day] += 1
    return _Line(entry.words, options, moment, (words, moment.day, equal[words, moment.day]))


def _logged(diary: Diary, line: _Line, known: Collection[str]) -> list[Session]:
    """Log what a line stands for, unless that was done or purged, here or elsewhere. Raises WrongUseError."""
    match _origin(diary, line):
        case "here" if line.uid(0) not in known:
            raise NothingToDoError(AGAIN)
        case None:
            sessions = _sessions(diary, line)
            command = session_input.command("log", sessions, diary.catalogue, diary.today)
            return diary.store.append(command, diary.now, sessions)
        case _:
            return []


def _sessions(diary: Diary, line: _Line) -> list[Session]:
    """Return the sessions that a line stands for. Raises WrongUseError and its kinds."""
    day = line.moment.day
    blank = session_input.blank(line.moment, diary.now)
    sessions = session_input.read(
        line.words, line.options, diary.as_of(day), blank, lambda exercise: last_time_of(diary, day, exercise)
    )
    if not sessions:
        raise NothingToDoError(NOTHING_LEFT)
    return [each._replace(uid=line.uid(at)) for at, each in enumerate(sessions)]
