"""Random commands: what a person may write to a diary on disk, one change after the other."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from sqlite3 import Connection, connect
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

import diaries
from kneetrack.domain.catalogue import Exercise
from kneetrack.domain.dose import Dose
from kneetrack.domain.errors import NothingToDoError
from kneetrack.domain.plan import Pause, Prescription
from kneetrack.domain.records import Measure, Moment, Pain, Rule, Score, Session
from kneetrack.store.port import Store
from kneetrack.store.schema import create
from kneetrack.store.sqlite import open_store

START = datetime(2026, 11, 25, 6, 41, tzinfo=UTC)
TODAY = START.date()
BRIDGES = Session("", START, "bridge", TODAY, None, None, Dose(1, 15, None), None, None, None, None)
"""One set of bridges, not yet written: what tests vary with `_replace`."""

OWN = (
    Exercise("wall_push", "Wall push", per_side=True, mode="hold"),
    Exercise("heel_dig", "Heel dig", per_side=False, mode="reps"),
)
TABLES = ("session", "prescription", "pause", "exercise", "setting", "pain", "score", "rule")


def begin(path: Path, now: datetime = START, prescriptions: Sequence[Prescription] = ()) -> bool:
    """Make a diary with an example plan, where there is none."""
    return create(path, now, lambda store: store.put_example(now, prescriptions) if prescriptions else None)


@cache
def _blank() -> bytes:
    """Return the bytes of a diary without anything in it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "diary.db"
        begin(path)
        return path.read_bytes()


def blank(path: Path) -> Path:
    """Put a diary without anything in it at a path."""
    path.write_bytes(_blank())
    return path


@contextmanager
def connection(path: Path) -> Iterator[Connection]:
    """Open a file with sqlite3 alone, and commit each statement."""
    with closing(connect(path, isolation_level=None)) as opened:
        yield opened


def rows(path: Path, statement: str) -> list[Any]:
    """Return what a statement selects from a store."""
    with connection(path) as opened:
        return opened.execute(statement).fetchall()


class Step(NamedTuple):
    """One command: its verb, what it writes, and which of the records that are there it is about."""

    verb: str
    what: Any
    pick: int
    later: timedelta

    def run(self, path: Path, now: datetime) -> bool:
        """Write the command to a diary on disk; return whether it was an ordinary change."""
        with open_store(path, write=True) as store:
            return self.on(store, now)

    def on(self, store: Store, now: datetime) -> bool:
        """Write the command to an open diary; return whether it was an ordinary change."""
        return _RUN[self.verb](store, now, self)


def state(path: Path) -> tuple[object, ...]:
    """Return all that a diary shows."""
    with open_store(path, write=False) as store:
        return said(store)


def said(store: Store) -> tuple[object, ...]:
    """Return all that an open diary shows."""
    activity = store.activity()
    # The amounts of a day are added up: their order says nothing.
    return (
        activity._replace(amounts=tuple(sorted(activity.amounts, key=repr))),
        store.sessions(None, None),
        store.settings(),
        store.own_exercises(),
        store.pains(None, None),
        store.scores(),
        store.rules(),
    )


def _log(store: Store, now: datetime, step: Step) -> bool:
    store.append("log", now, step.what)
    return True


def _next_set(store: Store, now: datetime, step: Step) -> bool:
    there = store.sessions(None, None)
    store.append("set", now, step.what, part_of=there[step.pick % len(there)].uid if there else None)
    return False


def _closing(store: Store, now: datetime, step: Step) -> bool:
    there = store.sessions(None, None)
    if there:
        one = there[step.pick % len(there)]
        store.edit("closing", now, [one._replace(pain=step.what)], part_of=one.uid)
    return False


def _edit(store: Store, now: datetime, step: Step) -> bool:
    there = store.sessions(None, None)
    if not there:
        return False
    facts = {key: value for key, value in step.what._asdict().items() if key not in {"uid", "created_at"}}
    line = store.find(there[step.pick % len(there)].uid)
    store.edit("edit", now, [session._replace(**facts) for session in line if isinstance(session, Session)])
    return True


def _with_ids(store: Store) -> list[Session | Pause | Pain | Score]:
    """Return every record that has an id."""
    return [*store.sessions(None, None), *store.pauses(), *store.pains(None, None), *store.scores()]


def _note_pain(store: Store, now: datetime, step: Step) -> bool:
    there = store.pains(None, None)
    if there and step.pick:
        old = there[step.pick % len(there)]
        store.note_pain("pain", now, [step.what._replace(uid=old.uid, created_at=old.created_at)])
    else:
        store.note_pain("pain", now, [step.what])
    return True


def _put_scores(store: Store, now: datetime, step: Step) -> bool:
    store.put_scores("score", now, step.what)
    return True


def _put_rule(store: Store, now: datetime, step: Step) -> bool:
    store.put_rule("rule", now, step.what, removed=not step.pick)
    return True


def _remove(store: Store, now: datetime, step: Step) -> bool:
    there = _with_ids(store)
    if there:
        store.remove("rm", now, [there[step.pick % len(there)].uid])
    return bool(there)


def _purge(store: Store, now: datetime, step: Step) -> bool:
    there = _with_ids(store)
    if there:
        store.purge([there[step.pick % len(there)].uid], now)
    return False


def _prescribe(store: Store, now: datetime, step: Step) -> bool:
    store.prescribe("plan set", now, list({item.exercise: item for item in step.what}.values()))
    return True


def _pause(store: Store, now: datetime, step: Step) -> bool:
    store.pause("pause", now, [pause._replace(uid="") for pause in step.what])
    return True


def _resume(store: Store, now: datetime, step: Step) -> bool:
    there = store.pauses()
    if not there:
        return False
    pause = there[step.pick % len(there)]
    cut, removed = ([pause._replace(last=pause.first)], []) if step.what else ([], [pause])
    store.resume("resume", now, cut, removed)
    return True


def _set(store: Store, now: datetime, step: Step) -> bool:
    store.put_settings("settings", now, step.what)
    return True


def _add(store: Store, now: datetime, step: Step) -> bool:
    store.add_exercise("add", now, step.what)
    return True


def _undo(store: Store, now: datetime, step: Step) -> bool:
    with suppress(NothingToDoError):
        _ = store.redo(now) if step.what else store.undo(now)
    return False


_RUN: dict[str, Callable[[Store, datetime, Step], bool]] = {
    "log": _log,
    "next set": _next_set,
    "closing": _closing,
    "edit": _edit,
    "rm": _remove,
    "purge": _purge,
    "plan set": _prescribe,
    "pause": _pause,
    "resume": _resume,
    "settings": _set,
    "add": _add,
    "pain": _note_pain,
    "score": _put_scores,
    "rule": _put_rule,
    "undo or redo": _undo,
}
ORDINARY = tuple(verb for verb in _RUN if verb not in {"next set", "closing", "purge", "undo or redo"})
EVERYTHING = tuple(_RUN)

ZONES = st.sampled_from((None, 0, 60, 345, -570, 840))
WORDS = st.sampled_from((None, "", "fine", "a “note” 💪", "x" * 2000))
RATINGS = st.sampled_from((None, 0, 3, 10))


@st.composite
def sessions(draw: DrawFn) -> Session:
    """Return a session, not yet written."""
    amount = draw(diaries.sessions(TODAY))
    minutes = draw(ZONES)
    at = None
    if minutes is not None:
        at = START.replace(microsecond=0) - timedelta(minutes=draw(st.integers(0, 3)) * 400)
        at = at.astimezone(timezone(timedelta(minutes=minutes)))
    load, note, pain, effort = draw(WORDS), draw(WORDS), draw(RATINGS), draw(RATINGS)
    return Session("", START, amount.exercise, amount.day, at, amount.side, amount.dose, load, pain, effort, note)


MOMENTS: tuple[Moment | None, ...] = (None, "morning", "after", "day")
MEASURES: tuple[Measure, ...] = ("psfs", "nprs", "akps")


@st.composite
def pains(draw: DrawFn) -> Pain:
    """Return a pain or the note of a day, not yet written."""
    its = draw(sessions())
    moment = draw(st.sampled_from(MOMENTS))
    level, note = (draw(st.sampled_from((0, 3, 10))), its.note) if moment else (None, its.note or "fine")
    return Pain("", START, its.day, moment, its.at, draw(st.sampled_from((None, "left", "both"))), level, note)


@st.composite
def scores(draw: DrawFn) -> Score:
    """Return a score, not yet written."""
    measure = draw(st.sampled_from(MEASURES))
    activity = draw(st.sampled_from(("stairs", "“süß” 💪"))) if measure == "psfs" else None
    return Score("", START, draw(sessions()).day, measure, activity, draw(st.integers(0, 1000)))


RULES = (
    Rule("bridge", 10, 15, 2, 2, morning_not_worse=True, max_effort=7, then="bird_dog", dose=Dose(3, 10, None)),
    Rule("bridge", None, None, 1, None, morning_not_worse=False, max_effort=None, then="bridge", dose=Dose(4, 12, 2)),
    Rule(
        "bird_dog",
        20,
        20,
        30,
        0,
        morning_not_worse=False,
        max_effort=0,
        then="side_plank",
        dose=Dose(1, None, 60),
        quiet_until=TODAY,
    ),
)

WRITES: dict[str, SearchStrategy[Any]] = {
    "log": st.lists(sessions(), min_size=1, max_size=3),
    "next set": st.lists(sessions(), min_size=1, max_size=2),
    "closing": RATINGS,
    "edit": sessions(),
    "rm": st.none(),
    "purge": st.none(),
    "plan set": st.lists(diaries.prescriptions(TODAY, diaries.SCHEDULES), min_size=1, max_size=3),
    "pause": st.lists(diaries.pauses(TODAY), min_size=1, max_size=2),
    "resume": st.booleans(),
    "settings": st.sampled_from(
        (
            {"day_start": "03:00"},
            {"day_start": "04:00"},
            {"pain_limit": "3", "when": "after tea"},
            {"when": None, "if_not": "“later” 💪"},
        )
    ),
    "add": st.sampled_from(OWN),
    "pain": pains(),
    "score": st.lists(scores(), min_size=1, max_size=2),
    "rule": st.sampled_from(RULES),
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
