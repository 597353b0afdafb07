"""Log the lines that a phone left in the inbox of the shared folder, each once, wherever it is cut off.

What a line stands for has ids that follow from the line, its day and its place among equal ones, so that two devices
which read it at the same time write the same records.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from datetime import date
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from kneetrack.app import pain as app_pain
from kneetrack.app import session_input
from kneetrack.app.log import last_time_of
from kneetrack.app.pain import Given
from kneetrack.app.results.sync import FromInbox
from kneetrack.app.session_input import Options, When
from kneetrack.app.workspace import Diary, Workspace
from kneetrack.domain import inbox, text
from kneetrack.domain.errors import NothingToDoError, WrongUseError
from kneetrack.domain.records import Pain, Session
from kneetrack.domain.value import Value
from kneetrack.exchange import folder as shared
from kneetrack.store import merge, sync_state
from kneetrack.store.sync_state import State

AGAIN = "Already in your diary. To log it again, add a time: at 18:00."
NOTHING_LEFT = "Already complete that day. To log more, give a dose: bridge 1x10."


_OF_PAIN = frozenset({"pain", "side", "note", "day", "at"})
"""The options that a line may have which says pain apart from exercise."""


class Taken(Value):
    """What was logged and noted, and the lines that stay: as the file gets them, and each with its reason."""

    logged: tuple[Session, ...]
    noted: tuple[Pain, ...]
    left: tuple[str, ...]
    why: tuple[str, ...]

    @property
    def wrote(self) -> bool:
        """Return whether anything was logged."""
        return bool(self.logged or self.noted)


class Ready(Value):
    """The ids of what some lines are about to become, and all lines, those among them with their day in front."""

    ids: tuple[str, ...]
    lines: tuple[str, ...]


class _Line(Value):
    """A line whose words were read: what it says, for when, and what tells it from all others.

    `same` is what it says besides its day, that day, and its place among equal ones.
    """

    words: tuple[str, ...]
    options: Options
    moment: When
    same: tuple[str, date, int]

    def uid(self, at: int) -> str:
        """Return the id of a record that the line stands for, by its place among those."""
        return sha256(f"inbox {self.same} {at}".encode()).hexdigest()[:32]

    @property
    def is_pain(self) -> bool:
        """Return whether it says pain apart from exercise: a number, and beside it no exercise or dose."""
        given = {name for name, value in self.options._asdict().items() if value is not None}
        known = {*app_pain.MOMENTS, *session_input.SIDES}
        return "pain" in given <= _OF_PAIN and all(word.lower() in known for word in self.words)


def take(
    workspace: Workspace, state: State, content: str, stat: tuple[int, ...], *, again: bool
) -> tuple[State, FromInbox]:
    """Log the lines of the inbox, and leave those in it that cannot be read; `again` tries those once more.

    Returns what is known after it, and what came.
    """
    folder = Path(state.folder)
    if stat == state.inbox and not again:
        return state, FromInbox(not_logged=inbox.left(content))
    lines = [*inbox.lines(content)]
    fresh = workspace.read(partial(ready, lines=lines, known=state.taken))
    if fresh.ids:
        # Nothing is logged of an inbox that cannot be written: it would be logged each time anew.
        if not shared.write_inbox(folder, "".join(f"{line}\n" for line in fresh.lines), stat):
            return state, FromInbox()
        stat = shared.stat_of(folder / shared.INBOX)
    # Cut off from here on, the next sync knows the lines that were logged for the same ones, also on another day.
    known, state = state.taken, state._replace(taken=fresh.ids)
    sync_state.write(workspace.place.path, state)
    taken = workspace.write(partial(log, lines=lines, known=known))
    said = "".join(f"{line}\n" for line in taken.left)
    if said == content or shared.write_inbox(folder, said, stat):
        state = state._replace(taken=(), inbox=shared.stat_of(folder / shared.INBOX))
    return state, FromInbox(taken.logged, taken.noted, taken.why)


def log(diary: Diary, lines: Iterable[str], known: Collection[str]) -> Taken:
    """Log some lines; `known` are the ids of those that were logged before and are in the file all the same."""
    logged: list[Session] = []
    noted: list[Pain] = []
    left: list[str] = []
    why: list[str] = []
    equal: Counter[tuple[str, date]] = Counter()
    for line in lines:
        try:
            if inbox.is_remark(line):
                left.append(line)
                continue
            said = _read(diary, line, equal)
            if not _is_new(diary, said, known):
                continue
            if said.is_pain:
                noted += _note(diary, said)
            else:
                logged += _log(diary, said)
        except WrongUseError as error:
            left += [line, f"{inbox.WHY}{error}"]
            why.append(f"{text.echo(line)}: {error}")
    return Taken(tuple(logged), tuple(noted), tuple(left), tuple(why))


def ready(diary: Diary, lines: Iterable[str], known: Collection[str]) -> Ready:
    """Return the ids by which some lines are known once they were logged, without those that repeat what was.

    There are none where no line would be logged or taken out. `known` is as in `log`.
    """
    found: list[str] = []
    dated: list[str] = []
    any_goes = False
    for line, said in _readable(diary, lines):
        is_fresh = said is not None and (said.uid(0) in known or _origin(diary, said) != "here")
        goes = said is not None and is_fresh and _goes(diary, said)
        found += [said.uid(0)] if said and is_fresh else []
        dated.append(inbox.dated(line, said.moment.day) if said and goes and not said.options.day else line)
        any_goes = any_goes or goes
    return Ready(tuple(found), tuple(dated)) if any_goes else Ready((), ())


def _readable(diary: Diary, lines: Iterable[str]) -> Iterator[tuple[str, _Line | None]]:
    """Yield the lines, each with what it says where its words can be read."""
    equal: Counter[tuple[str, date]] = Counter()
    for line in lines:
        said = None
        if not inbox.is_remark(line):
            with suppress(WrongUseError):
                said = _read(diary, line, equal)
        yield line, said


def _goes(diary: Diary, line: _Line) -> bool:
    """Return whether a line does not stay: it was logged or purged before, or can be logged now."""
    with suppress(WrongUseError):
        return _origin(diary, line) is not None or bool(_pain(diary, line) if line.is_pain else _sessions(diary, line))
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
    said = f"{entry.words} {sorted((name, value) for name, value in given.items() if name != 'day')}"
    equal[said, moment.day] += 1
    return _Line(entry.words, options, moment, (said, moment.day, equal[said, moment.day]))


def _is_new(diary: Diary, line: _Line, known: Collection[str]) -> bool:
    """Return whether what a line says was neither logged nor purged, here or elsewhere.

    Raises NothingToDoError for a line that repeats what was logged before.
    """
    origin = _origin(diary, line)
    if origin == "here" and line.uid(0) not in known:
        raise NothingToDoError(AGAIN)
    return origin is None


def _log(diary: Diary, line: _Line) -> list[Session]:
    """Log what a line stands for. Raises WrongUseError."""
    sessions = _sessions(diary, line)
    command = session_input.command("log", sessions, diary.catalogue, diary.today)
    return diary.store.append(command, diary.now, sessions)


def _note(diary: Diary, line: _Line) -> list[Pain]:
    """Note the pain that a line says, unless the diary says just that. Raises WrongUseError."""
    new = _pain(diary, line)
    before = app_pain.there(new, diary)
    pain = app_pain.replaced(before, new) if before else new
    return diary.store.note_pain(app_pain.command(pain, diary), diary.now, [pain]) if pain != before else []


def _pain(diary: Diary, line: _Line) -> Pain:
    """Return the pain that a line says: of the day, unless it names a moment or a time. Raises WrongUseError.

    When it was written is not known, so that two devices take it for the same one.
    """
    words = [word.lower() for word in line.words]
    moments = [word for word in words if word in app_pain.MOMENTS]
    side = line.options.side or next((word for word in words if word in session_input.SIDES), None)
    at = line.options.at
    given = Given(moments or ([] if at else ["day"]), side, line.options.note, str(line.moment.day), at)
    new = app_pain.read(diary, line.options.pain, given)
    return new._replace(uid=line.uid(0), at=new.at if at else None)


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
