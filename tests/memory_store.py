"""A diary in lists, written to be obvious: what every other store is held against.

It keeps every version that was written, in the order of writing, and works out the rest when it is asked. It knows no
imports.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from kneetrack.domain import days
from kneetrack.domain.catalogue import Exercise
from kneetrack.domain.errors import NoSuchRecordError, NothingToDoError
from kneetrack.domain.plan import Pause, Prescription
from kneetrack.domain.records import Activity, Amount, Change, Pain, Rule, Score, Session
from kneetrack.store import mapping
from kneetrack.store.mapping import random_uid
from kneetrack.store.port import Database, Found, Leave, ignore

WITH_IDS = ("session", "pause", "pain", "score")
"""The kinds of records whose ids people see."""


class Written(NamedTuple):
    """A change: its uid, when, what was typed, what it undoes, the first of its group, and whether undo sees it."""

    uid: str
    at: datetime
    command: str
    undoes: str | None
    group: str
    undoable: bool


class Version(NamedTuple):
    """A version of a record: of which kind, what it says, and the change that wrote it."""

    kind: str
    uid: str
    value: Any
    removed: bool
    change: Written


class MemoryStore:
    """A diary in lists: `port.Store`."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.changes_written: list[Written] = []
        self.versions: list[Version] = []
        self.tombstones: dict[str, datetime] = {}

    @property
    def database(self) -> Database:
        """There is none."""
        raise NotImplementedError

    def writable(self) -> Database:
        raise NotImplementedError

    # What it holds

    def _current(self, kind: str) -> list[Version]:
        """Return the newest version of each record of a kind, in the order in which the records were first written."""
        newest = {version.uid: version for version in self.versions if version.kind == kind}
        return sorted(newest.values(), key=lambda version: (self._created_at(version.uid), version.uid))

    def _live(self, kind: str) -> list[Any]:
        """Return what the records of a kind say that were not removed."""
        return [version.value for version in self._current(kind) if not version.removed]

    def _created_at(self, uid: str) -> datetime:
        """Return when a record was first written."""
        return next(version.change.at for version in self.versions if version.uid == uid)

    def settings(self) -> dict[str, str]:
        return dict(self._live("setting"))

    def own_exercises(self) -> list[Exercise]:
        return self._live("exercise")

    def activity(self, amounts_since: date | None = None, days_since: date | None = None) -> Activity:
        done: dict[str, days.Days] = {}
        amounts = []
        for session in self._live("session"):
            if session.day >= (days_since or date.min):
                done[session.exercise] = done.get(session.exercise, 0) | days.one(days.number(session.day))
            if session.day >= (amounts_since or date.min):
                amounts.append(Amount(session.exercise, session.day, session.side, session.dose))
        leapt_over = days.leapt_over(
            (session.day, session.at)
            for session in self._live("session")
            if session.at and (days_since is None or session.day >= days_since - timedelta(1))
        )
        return Activity(tuple(self._prescriptions()), tuple(self.pauses()), done, tuple(amounts), leapt_over)

    def _prescriptions(self) -> list[Prescription]:
        """Return the prescriptions; an example only where nothing was asked of its exercise before."""
        asked: dict[str, datetime] = {}
        found = []
        for version in self._current("prescription"):
            if version.removed:
                continue
            exercise, at = version.value.exercise, self._created_at(version.uid)
            if version.change.undoable or not (exercise in asked and asked[exercise] < at):
                found.append(version.value)
            asked.setdefault(exercise, at)
        return found

    def sessions(self, first: date | None, last: date | None, exercise: str | None = None) -> list[Session]:
        return sorted(
            (
                session
                for session in self._live("session")
                if (first or date.min) <= session.day <= (last or date.max) and exercise in {None, session.exercise}
            ),
            key=lambda its: (its.day, its.at is not None, its.at or its.created_at, its.created_at, its.uid),
            reverse=True,
        )

    def wholes(self, first: datetime, last: datetime) -> dict[datetime, datetime]:
        at = {change.uid: change.at for change in self.changes_written}
        parts = [change for change in self.changes_written if change.group != change.uid]
        return {part.at: at[part.group] for part in parts if first <= part.at <= last}

    def last_note(self, exercise: str, until: date) -> str | None:
        notes = (session.note for session in self.sessions(None, until, exercise))
        return next((note for note in notes if note is not None), None)

    def days_done(self, until: date, most: int) -> tuple[date | None, int]:
        done = sorted({session.day for session in self.sessions(None, until)})
        return (done[0] if done else None), min(len(done), most)

    def pauses(self) -> list[Pause]:
        return self._live("pause")

    def first_change(self) -> str | None:
        ordered = sorted(self.changes_written, key=lambda its: (its.at, its.uid))
        return ordered[0].uid if ordered else None

    def pains(self, first: date | None, last: date | None) -> list[Pain]:
        return [pain for pain in self._as_dated("pain") if (first or date.min) <= pain.day <= (last or date.max)]

    def scores(self) -> list[Score]:
        return self._as_dated("score")

    def rules(self) -> list[Rule]:
        return self._live("rule")

    def _as_dated(self, kind: str) -> list[Any]:
        """Return what the records of a kind say, by day and then in the order in which they were first written."""
        return sorted(self._live(kind), key=lambda its: (its.day, its.created_at, its.uid))

    # Records and changes by their ids

    def shorten(self, uids: Iterable[str]) -> dict[str, str]:
        others = {version.uid for version in self.versions if version.kind in WITH_IDS}
        others |= {change.uid for change in self.changes_written}

        def short(uid: str) -> str:
            lengths = range(mapping.SHORTEST_ID, len(uid) + 1)
            return next(
                uid[:length] for length in lengths if not any(_begins(it, uid[:length]) for it in others - {uid})
            )

        return {uid: short(uid) for uid in uids}

    def find(self, prefix: str, *, removed: bool = False) -> Found:
        known = [
            version
            for kind in WITH_IDS
            for version in self._current(kind)
            if version.uid.startswith(prefix.lower()) and (removed or not version.removed)
        ]
        if len(prefix) < mapping.SHORTEST_ID or len(known) != 1:
            raise NoSuchRecordError(prefix)
        found: Found = self._line_of(known[0]) if known[0].kind == "session" else known[0].value
        return found

    def line(self, uid: str) -> tuple[Session, ...]:
        known = [its for its in self._current("session") if its.uid == uid and not its.removed]
        if not known:
            raise NoSuchRecordError(uid)
        return self._line_of(known[0])

    def last(self, *, whole: bool = False) -> tuple[Session, ...]:
        known = [version for version in self._current("session") if not version.removed]
        if not known:
            raise NothingToDoError("Nothing")
        return self._line_of(known[-1], whole=whole)

    def _line_of(self, one: Version, *, whole: bool = False) -> tuple[Session, ...]:
        """Return the sessions of the same exercise, or of any, and day that the same group of changes wrote first."""

        def group(uid: str) -> str:
            return next(version.change.group for version in self.versions if version.uid == uid)

        return tuple(
            version.value
            for version in self._current("session")
            if version.removed == one.removed
            and version.value.day == one.value.day
            and (whole or version.value.exercise == one.value.exercise)
            and group(version.uid) == group(one.uid)
        )

    def changes(self, most: int | None = None) -> list[Change]:
        found = [
            Change(change.uid, change.at, change.command, undone=not self._stands(change))
            for change in self.changes_written[::-1]
            if change.uid == change.group and self._is_ordinary(change)
        ]
        return found[:most]

    # Writing

    def _change(
        self,
        command: str,
        now: datetime,
        *,
        undoes: str | None = None,
        part_of: str | None = None,
        undoable: bool = True,
    ) -> Written:
        """Write a change, later than all before it."""
        at = now.astimezone(UTC)
        if self.changes_written:
            at = max(at, self.changes_written[-1].at + timedelta(microseconds=1))
        uid = random_uid()
        self.changes_written.append(Written(uid, at, command, undoes, part_of or uid, undoable))
        return self.changes_written[-1]

    def _write(self, change: Written, kind: str, uid: str, value: Any, *, removed: bool = False) -> None:  # noqa: ANN401
        """Write a version."""
        self.versions.append(Version(kind, uid, value, removed, change))

    def put_example(self, now: datetime, prescriptions: Sequence[Prescription]) -> None:
        change = self._change("example plan", now, undoable=False)
        for uid, item in zip(mapping.new_uids(len(prescriptions)), prescriptions, strict=True):
            self._write(change, "prescription", uid, item)

    def append(
        self, command: str, now: datetime, sessions: Sequence[Session], *, part_of: str | None = None
    ) -> list[Session]:
        change = self._change(command, now, part_of=self._group(part_of))
        written = [
            session._replace(uid=session.uid or uid, created_at=change.at)
            for uid, session in zip(mapping.new_uids(len(sessions)), sessions, strict=True)
        ]
        for session in written:
            self._write(change, "session", session.uid, session)
        return written

    def _group(self, session: str | None) -> str | None:
        """Return the group of the change that wrote a session first, unless that was undone."""
        if session is None:
            return None
        change = next(version.change for version in self.versions if version.uid == session)
        first = next(each for each in self.changes_written if each.uid == change.group)
        return first.uid if self._stands(first) else None

    def edit(self, command: str, now: datetime, sessions: Sequence[Session], *, part_of: str | None = None) -> None:
        change = self._change(command, now, part_of=self._group(part_of))
        for session in sessions:
            kept = session._replace(created_at=self._created_at(session.uid))
            self._write(change, "session", session.uid, kept)

    def remove(self, command: str, now: datetime, uids: Iterable[str], *, part_of: str | None = None) -> None:
        change = self._change(command, now, part_of=self._group(part_of))
        wanted = set(uids)
        for kind in WITH_IDS:
            for version in self._current(kind):
                if version.uid in wanted and not version.removed:
                    self._write(change, kind, version.uid, version.value, removed=True)

    def purge(self, uids: Iterable[str], now: datetime) -> None:
        wanted = set(uids)
        for version in self.versions:
            if version.uid in wanted and version.kind in {*WITH_IDS, "prescription"}:
                self.tombstones.setdefault(version.uid, now)
        self.versions = [version for version in self.versions if version.uid not in self.tombstones]

    def prescribe(self, command: str, now: datetime, prescriptions: Sequence[Prescription]) -> None:
        change = self._change(command, now)
        for uid, item in zip(mapping.new_uids(len(prescriptions)), prescriptions, strict=True):
            self._write(change, "prescription", uid, item)

    def pause(self, command: str, now: datetime, pauses: Sequence[Pause]) -> list[Pause]:
        change = self._change(command, now)
        new = mapping.new_uids(len(pauses))
        written = [pause._replace(uid=pause.uid or uid) for uid, pause in zip(new, pauses, strict=True)]
        for pause in written:
            self._write(change, "pause", pause.uid, pause)
        return written

    def resume(self, command: str, now: datetime, cut: Iterable[Pause], removed: Iterable[Pause]) -> None:
        change = self._change(command, now)
        for pause in cut:
            self._write(change, "pause", pause.uid, pause)
        for pause in removed:
            self._write(change, "pause", pause.uid, pause, removed=True)

    def note_pain(self, command: str, now: datetime, pains: Sequence[Pain]) -> list[Pain]:
        written: list[Pain] = self._put("pain", command, now, pains)
        return written

    def put_scores(self, command: str, now: datetime, scores: Sequence[Score]) -> list[Score]:
        written: list[Score] = self._put("score", command, now, scores)
        return written

    def _put(self, kind: str, command: str, now: datetime, values: Sequence[Any]) -> list[Any]:
        """Write records of a kind, newer versions of those that have a uid."""
        change = self._change(command, now)
        written = [
            value if value.uid else value._replace(uid=uid, created_at=change.at)
            for uid, value in zip(mapping.new_uids(len(values)), values, strict=True)
        ]
        for value in written:
            kept = value._replace(
                created_at=self._created_at(value.uid) if value.created_at != change.at else change.at
            )
            self._write(change, kind, value.uid, kept)
        return written

    def put_rule(self, command: str, now: datetime, rule: Rule, *, removed: bool = False) -> None:
        uid = mapping.uid_of("rule", rule.exercise)
        self._write(self._change(command, now), "rule", uid, rule, removed=removed)

    def add_exercise(self, command: str, now: datetime, exercise: Exercise) -> None:
        self._write(self._change(command, now), "exercise", mapping.uid_of("exercise", exercise.id), exercise)

    def put_settings(self, command: str, now: datetime, values: Mapping[str, str | None]) -> None:
        there = self.settings()
        change = self._change(command, now)
        for key, value in values.items():
            if kept := value or there.get(key):
                self._write(change, "setting", mapping.uid_of("setting", key), (key, kept), removed=value is None)

    # Undo

    def _is_ordinary(self, change: Written) -> bool:
        """Return whether undo and redo know a change: the first of a group that still holds a version."""
        holds = any(version.change.group == change.group for version in self.versions)
        return change.undoable and change.undoes is None and holds

    def _stands(self, change: Written) -> bool:
        """Return whether what named a change last, and still holds a version, is no undo."""
        named = [
            each.command
            for each in self.changes_written
            if each.undoes == change.uid and any(version.change is each for version in self.versions)
        ]
        return not (named and named[-1].startswith("undo "))

    def _first(self, change: Written) -> Written:
        """Return the first change of a group."""
        return next(each for each in self.changes_written if each.uid == change.group)

    def undo(self, now: datetime, leave: Leave = ignore) -> str:  # noqa: ARG002
        for change in self.changes_written[::-1]:
            first = self._first(change)
            if change.undoes is None and self._is_ordinary(first) and self._stands(first):
                self._turn(first, "undo ", now)
                return first.command
        raise NothingToDoError("Nothing")

    def redo(self, now: datetime, leave: Leave = ignore) -> str:  # noqa: ARG002
        ordinary = [at for at, each in enumerate(self.changes_written) if each.undoable and each.undoes is None]
        named = {each.undoes for each in self.changes_written[ordinary[-1] :]} if ordinary else set()
        for change in self.changes_written:
            if change.uid in named and self._is_ordinary(change) and not self._stands(change):
                self._turn(change, "redo ", now)
                return change.command
        raise NothingToDoError("Nothing")

    def _turn(self, change: Written, verb: str, now: datetime) -> None:
        """Write again, of each record that a group wrote, what stood before it or what it wrote last."""
        its = [version for version in self.versions if version.change.group == change.group]
        again = self._change(f"{verb}{change.command}", now, undoes=change.uid)
        for last in {version.uid: version for version in its}.values():
            wrote = next(version for version in its if version.uid == last.uid)
            before = [each for each in self.versions[: self.versions.index(wrote)] if each.uid == last.uid]
            if verb == "redo ":
                self._write(again, last.kind, last.uid, last.value, removed=last.removed)
            elif before:
                self._write(again, last.kind, last.uid, before[-1].value, removed=before[-1].removed)
            else:
                self._write(again, last.kind, last.uid, last.value, removed=True)


def _begins(uid: str, prefix: str) -> bool:
    """Return whether an id begins so."""
    return uid.startswith(prefix)


@contextmanager
def writing(store: MemoryStore) -> Iterator[MemoryStore]:
    """Write to a diary in lists; what is written in a block that fails is taken back."""
    before = list(store.changes_written), list(store.versions), dict(store.tombstones)
    try:
        yield store
    except BaseException:
        store.changes_written, store.versions, store.tombstones = before
        raise
