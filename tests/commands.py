"""Random commands: what a person may write to a journal on disk, one change after the other."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from sqlite3 import Connection, connect
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

import journals
from kneetrack.domain.catalogue import Exercise
from kneetrack.domain.dose import Dose
from kneetrack.domain.errors import NothingToDoError
from kneetrack.domain.plan import Pause
from kneetrack.domain.records import Session
from kneetrack.store.daily import DailyDoor
from kneetrack.store.journal import Journal, create

START = datetime(2026, 11, 25, 6, 41, tzinfo=UTC)
TODAY = START.date()
BRIDGES = Session("", START, "bridge", TODAY, None, None, Dose(1, 15, None), None, None, None, None)
"""One set of bridges, not yet written: what tests vary with `_replace`."""

OWN = (
    Exercise("wall_push", "Wall push", per_side=True, mode="hold"),
    Exercise("heel_dig", "Heel dig", per_side=False, mode="reps"),
)
TABLES = ("session", "prescription", "pause", "exercise", "setting")


@cache
def _blank() -> bytes:
    """Return the bytes of a journal without anything in it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "journal.db"
        create(path, START)
        return path.read_bytes()


def blank(path: Path) -> Path:
    """Put a journal without anything in it at a path."""
    path.write_bytes(_blank())
    return path


@contextmanager
def connection(path: Path) -> Iterator[Connection]:
    """Open a file with sqlite3 alone, and commit each statement."""
    with closing(connect(path, isolation_level=None)) as opened:
        yield opened


def rows(path: Path, statement: str) -> list[Any]:
    """Return what a statement selects from a journal."""
    with connection(path) as opened:
        return opened.execute(statement).fetchall()


class Step(NamedTuple):
    """One command: its verb, what it writes, and which of the records that are there it is about."""

    verb: str
    what: Any
    pick: int
    later: timedelta

    def run(self, path: Path, now: datetime) -> bool:
        """Write the command to a journal; return whether it was an ordinary change."""
        return _RUN[self.verb](path, now, self)


def state(path: Path) -> tuple[object, ...]:
    """Return all that a journal shows."""
    with Journal(path) as journal:
        return journal.activity(), journal.sessions(None, None), journal.settings(), journal.own_exercises()


def _log(path: Path, now: datetime, step: Step) -> bool:
    if step.pick % 2:
        with DailyDoor(path, write=True) as door, door.writing():
            door.append("log", now, step.what)
    else:
        with Journal(path, write=True) as journal:
            journal.append("log", now, step.what)
    return True


def _edit(path: Path, now: datetime, step: Step) -> bool:
    with Journal(path, write=True) as journal:
        there = journal.sessions(None, None)
        if not there:
            return False
        facts = {key: value for key, value in step.what._asdict().items() if key not in {"uid", "created_at"}}
        line = journal.find(there[step.pick % len(there)].uid)
        journal.edit("edit", now, [session._replace(**facts) for session in line if isinstance(session, Session)])
    return True


def _remove(path: Path, now: datetime, step: Step) -> bool:
    with Journal(path, write=True) as journal:
        there: list[Session | Pause] = [*journal.sessions(None, None), *journal.pauses()]
        if there:
            journal.remove("rm", now, [there[step.pick % len(there)].uid])
    return bool(there)


def _purge(path: Path, now: datetime, step: Step) -> bool:  # noqa: ARG001 - as the others
    with Journal(path, write=True) as journal:
        there: list[Session | Pause] = [*journal.sessions(None, None), *journal.pauses()]
        if there:
            journal.purge([there[step.pick % len(there)].uid])
    return False


def _prescribe(path: Path, now: datetime, step: Step) -> bool:
    with Journal(path, write=True) as journal:
        journal.prescribe("plan set", now, list({item.exercise: item for item in step.what}.values()))
    return True


def _pause(path: Path, now: datetime, step: Step) -> bool:
    with Journal(path, write=True) as journal:
        journal.pause("pause", now, [pause._replace(uid="") for pause in step.what])
    return True


def _resume(path: Path, now: datetime, step: Step) -> bool:
    with Journal(path, write=True) as journal:
        there: list[Pause] = journal.pauses()
        if not there:
            return False
        pause = there[step.pick % len(there)]
        cut, removed = ([pause._replace(last=pause.first)], []) if step.what else ([], [pause])
        journal.resume("resume", now, cut, removed)
    return True


def _set(path: Path, now: datetime, step: Step) -> bool:
    with Journal(path, write=True) as journal:
        journal.put_setting("settings", now, *step.what)
    return True


def _add(path: Path, now: datetime, step: Step) -> bool:
    with Journal(path, write=True) as journal:
        journal.add_exercise("add", now, step.what)
    return True


def _undo(path: Path, now: datetime, step: Step) -> bool:
    with Journal(path, write=True) as journal, suppress(NothingToDoError):
        _ = journal.redo(now) if step.what else journal.undo(now)
    return False


_RUN: dict[str, Callable[[Path, datetime, Step], bool]] = {
    "log": _log,
    "edit": _edit,
    "rm": _remove,
    "purge": _purge,
    "plan set": _prescribe,
    "pause": _pause,
    "resume": _resume,
    "settings": _set,
    "add": _add,
    "undo or redo": _undo,
}
ORDINARY = tuple(verb for verb in _RUN if verb not in {"purge", "undo or redo"})
EVERYTHING = tuple(_RUN)

ZONES = st.sampled_from((None, 0, 60, 345, -570, 840))
WORDS = st.sampled_from((None, "", "fine", "a “note” 💪", "x" * 2000))
RATINGS = st.sampled_from((None, 0, 3, 10))


@st.composite
def sessions(draw: DrawFn) -> Session:
    """Return a session, not yet written."""
    amount = draw(journals.sessions(TODAY))
    minutes = draw(ZONES)
    at = None
    if minutes is not None:
        at = START.replace(microsecond=0) - timedelta(minutes=draw(st.integers(0, 3)) * 400)
        at = at.astimezone(timezone(timedelta(minutes=minutes)))
    load, note, pain, effort = draw(WORDS), draw(WORDS), draw(RATINGS), draw(RATINGS)
    return Session("", START, amount.exercise, amount.day, at, amount.side, amount.dose, load, pain, effort, note)


WRITES: dict[str, SearchStrategy[Any]] = {
    "log": st.lists(sessions(), min_size=1, max_size=3),
    "edit": sessions(),
    "rm": st.none(),
    "purge": st.none(),
    "plan set": st.lists(journals.prescriptions(TODAY, journals.SCHEDULES), min_size=1, max_size=3),
    "pause": st.lists(journals.pauses(TODAY), min_size=1, max_size=2),
    "resume": st.booleans(),
    "settings": st.tuples(st.sampled_from(("day_start", "pain_limit")), st.sampled_from(("3", "04:00"))),
    "add": st.sampled_from(OWN),
    "undo or redo": st.booleans(),
}
LATER = st.sampled_from((timedelta(minutes=1), timedelta(0), timedelta(days=-400)))
"""How the clock goes on between two commands: as it should, not at all, or back."""


def steps(verbs: tuple[str, ...] = EVERYTHING, most: int = 8) -> SearchStrategy[list[Step]]:
    """Return commands of some verbs, more often `log` than others."""
    verb = st.sampled_from(("log", "log", *verbs))
    return st.lists(
        verb.flatmap(lambda verb: st.builds(Step, st.just(verb), WRITES[verb], st.integers(0, 5), LATER)),
        min_size=1,
        max_size=most,
    )


def clock(commands: list[Step]) -> Iterator[tuple[Step, datetime]]:
    """Yield each command with the time at which it is typed."""
    now = START
    for step in commands:
        now += step.later
        yield step, now
