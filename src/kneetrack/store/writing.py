"""What a command writes to an open diary: versions under a change, and never over one."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from kneetrack.domain.catalogue import Exercise
from kneetrack.domain.errors import NotADiaryError
from kneetrack.domain.plan import Pause, Prescription
from kneetrack.domain.records import Pain, Rule, Score, Session
from kneetrack.domain.value import Value
from kneetrack.store import mapping
from kneetrack.store.mapping import (
    EXERCISE,
    PAIN,
    PAUSE,
    PRESCRIPTION,
    RULE,
    SCORE,
    SESSION,
    SETTING,
    Versioned,
    new_uids,
    random_uid,
)
from kneetrack.store.port import Database, Leave, ignore
from kneetrack.store.reading import DiaryReader
from kneetrack.store.rules import INSERTS, OWN_DEVICE

EXAMPLE = "example plan"
"""The command of the change that puts the example plan in force, which no undo takes."""

_AT_ONCE = 500
"""How many values are bound to one statement at most."""


class Version(Value):
    """A version that is to be written: of which record, what it says, and whether there is nothing left of it."""

    uid: str
    facts: Sequence[object]
    removed: bool = False


class Known(Value):
    """What is known of a record before a newer version is written: when it came first, and what brought it."""

    created_at: str
    brought_by: int | None


class Role(Value):
    """What a change is to others: which one it undoes or redoes, and the first of those that it is a part of.

    One that is not `undoable` is of no device, so that undo does not see it.
    """

    undoes: int | None = None
    part_of: int | None = None
    undoable: bool = True


ORDINARY = Role()


class ChangeWriter:
    """Begins a change, and writes versions under it.

    What it writes is in the diary when a method returns, or an error comes up.
    """

    def __init__(self, database: Database, now: datetime, command: str, role: Role = ORDINARY) -> None:
        """Write a change."""
        self._database = database
        ((newest, device),) = database.rows(_BEFORE)
        if device is None:
            raise NotADiaryError(database.path, "is damaged: this copy has no id")
        self.at = mapping.after(now, newest)
        self._stamp = mapping.stamp(self.at)
        if not mapping.is_stamp(self._stamp):
            raise NotADiaryError(database.path, "is damaged: its newest change is dated so late that none can follow")
        self._uid = random_uid()
        own = device if role.undoable else None
        written = database.rows(_CHANGE, self._uid, self._stamp, own, command, role.undoes, role.part_of)
        hold(self._database, len(written), 1)
        self.id: int = written[0][0]
        database.change = self._uid

    def write_new(self, of: Versioned, versions: Sequence[Version]) -> None:
        """Write the first versions of some records."""
        self._insert(of, ((version, Known(self._stamp, None)) for version in versions), len(versions))

    def write(self, of: Versioned, versions: Sequence[Version]) -> None:
        """Put versions in the place of the current ones of their records, and under the import that brought those."""
        for some in _batches(versions):
            uids = [version.uid for version in some]
            marks = ", ".join("?" * len(uids))
            found = self._database.rows(_KNOWN.format(table=of.table, marks=marks), *uids)
            known = {uid: Known(created_at, brought_by) for uid, created_at, brought_by, _ in found}
            current = sum(count for *_, count in found)
            if current:
                hold(
                    self._database, self._database.execute(_OUTDATE.format(table=of.table, marks=marks), *uids), current
                )
            new = Known(self._stamp, None)
            self._insert(of, ((version, known.get(version.uid, new)) for version in some), len(some))

    def _insert(self, of: Versioned, versions: Iterable[tuple[Version, Known]], count: int) -> None:
        """Write versions as the current ones."""
        rows = (self._row(of, version, known) for version, known in versions)
        hold(self._database, self._database.executemany(INSERTS[of.table], rows), count)

    def _row(self, of: Versioned, version: Version, known: Known) -> tuple[object, ...]:
        """Return a version in the order of `Versioned.columns`."""
        summed = mapping.checksum(of, (version.uid, self._uid, known.created_at, version.removed, *version.facts))
        start = (version.uid, self.id, known.created_at, version.removed, True, known.brought_by)
        return (*start, *version.facts, summed)


class DiaryStore(DiaryReader):
    """A diary that is open to be written: `port.Store`."""

    def _begin(self, command: str, now: datetime, *tables: str, role: Role = ORDINARY) -> ChangeWriter:
        """Begin a change of some tables, or of any."""
        self._forget(*tables)
        return ChangeWriter(self._database, now, command, role)

    def writable(self) -> Database:
        """Return what lies beneath, to be written to; what was asked before is asked anew."""
        self._forget()
        return self._database

    def put_example(self, now: datetime, prescriptions: Sequence[Prescription]) -> None:
        """Write the example plan under a change that no undo takes."""
        self._prescribe(self._begin(EXAMPLE, now, role=Role(undoable=False)), prescriptions)

    def append(
        self, command: str, now: datetime, sessions: Sequence[Session], *, part_of: str | None = None
    ) -> list[Session]:
        """Write new sessions under one change, and return them with their uids.

        `part_of` is the uid of a session whose change this one continues: undo, redo and `last` take them together.
        """
        writer = self._begin(command, now, SESSION.table, role=self._role(part_of))
        uids = new_uids(len(sessions))
        written = [
            session._replace(uid=session.uid or uid, created_at=writer.at)
            for uid, session in zip(uids, sessions, strict=True)
        ]
        writer.write_new(SESSION, [Version(session.uid, mapping.session_facts(session)) for session in written])
        return written

    def edit(self, command: str, now: datetime, sessions: Sequence[Session], *, part_of: str | None = None) -> None:
        """Write newer versions of sessions under one change; `part_of` is as in `append`."""
        writer = self._begin(command, now, SESSION.table, role=self._role(part_of))
        writer.write(SESSION, [Version(session.uid, mapping.session_facts(session)) for session in sessions])

    def remove(self, command: str, now: datetime, uids: Iterable[str], *, part_of: str | None = None) -> None:
        """Take records that have ids out of the diary under one change, which undo brings back; `part_of` as above."""
        writer = self._begin(command, now, role=self._role(part_of))
        wanted = {*uids}
        for of in mapping.WITH_IDS:
            found: list[Any] = []
            for some in _batches(sorted(wanted)):
                only = f"AND uid IN ({', '.join('?' * len(some))}) ORDER BY created_at, uid"
                found += self._live(of, ("uid", *of.facts), only, *some)
            writer.write(of, [Version(uid, facts, removed=True) for uid, *facts in found])
            wanted -= {uid for uid, *_ in found}

    def purge(self, uids: Iterable[str], now: datetime) -> None:
        """Delete records of random uids with all their versions, and leave a tombstone for each.

        There is no way back: a uid with a tombstone comes in by no import, sync or restore.
        """
        self._forget()
        wanted = set(uids)
        gone = delete_versions(self._database, wanted)
        add_tombstones(self._database, ((uid, mapping.stamp(now)) for uid in gone))
        for some in _batches(sorted(wanted)):
            marks = ", ".join("?" * len(some))
            left = (f"SELECT uid FROM {of.table} WHERE uid IN ({marks})" for of in mapping.WITH_RANDOM_UIDS)
            hold(
                self._database,
                len(self._database.rows(" UNION ALL ".join(left), *[*some] * len(mapping.WITH_RANDOM_UIDS))),
                0,
            )
            stones = self._database.rows(f"SELECT uid FROM tombstone WHERE uid IN ({marks})", *some)
            hold(self._database, len(gone.intersection(some) - {uid for (uid,) in stones}), 0)

    def prescribe(self, command: str, now: datetime, prescriptions: Sequence[Prescription]) -> None:
        """Write prescriptions under one change."""
        self._prescribe(self._begin(command, now), prescriptions)

    def pause(self, command: str, now: datetime, pauses: Sequence[Pause]) -> list[Pause]:
        """Write pauses under one change, newer versions of those that have a uid; return them with their uids."""
        writer = self._begin(command, now)
        written = [
            pause._replace(uid=pause.uid or uid) for uid, pause in zip(new_uids(len(pauses)), pauses, strict=True)
        ]
        writer.write(PAUSE, [Version(pause.uid, mapping.pause_facts(pause)) for pause in written])
        return written

    def resume(self, command: str, now: datetime, cut: Iterable[Pause], removed: Iterable[Pause]) -> None:
        """Shorten some pauses and take others out, under one change."""
        writer = self._begin(command, now)
        versions = [Version(pause.uid, mapping.pause_facts(pause)) for pause in cut]
        versions += [Version(pause.uid, mapping.pause_facts(pause), removed=True) for pause in removed]
        writer.write(PAUSE, versions)

    def note_pain(self, command: str, now: datetime, pains: Sequence[Pain]) -> list[Pain]:
        """Write pains under one change, newer versions of those that have a uid; return them with their uids."""
        writer = self._begin(command, now, PAIN.table)
        uids = zip(new_uids(len(pains)), pains, strict=True)
        written = [pain if pain.uid else pain._replace(uid=uid, created_at=writer.at) for uid, pain in uids]
        writer.write(PAIN, [Version(pain.uid, mapping.pain_facts(pain)) for pain in written])
        return written

    def put_scores(self, command: str, now: datetime, scores: Sequence[Score]) -> list[Score]:
        """Write scores under one change, newer versions of those that have a uid; return them with their uids."""
        writer = self._begin(command, now, SCORE.table)
        uids = zip(new_uids(len(scores)), scores, strict=True)
        written = [score if score.uid else score._replace(uid=uid, created_at=writer.at) for uid, score in uids]
        writer.write(SCORE, [Version(score.uid, mapping.score_facts(score)) for score in written])
        return written

    def put_rule(self, command: str, now: datetime, rule: Rule, *, removed: bool = False) -> None:
        """Write the rule of an exercise in the place of the one before, or take it out, under one change."""
        uid = mapping.uid_of(RULE.table, rule.exercise)
        writer = self._begin(command, now, RULE.table)
        writer.write(RULE, [Version(uid, mapping.rule_facts(rule), removed=removed)])

    def add_exercise(self, command: str, now: datetime, exercise: Exercise) -> None:
        """Write an exercise of the person's own under one change."""
        uid = mapping.uid_of(EXERCISE.table, exercise.id)
        writer = self._begin(command, now)
        writer.write(EXERCISE, [Version(uid, mapping.exercise_facts(exercise))])

    def put_settings(self, command: str, now: datetime, values: Mapping[str, str | None]) -> None:
        """Write settings by key under one change, and take out those that are None."""
        there = self.settings()
        writer = self._begin(command, now)
        kept = [(key, value or there.get(key), value is None) for key, value in values.items()]
        versions = [
            Version(mapping.uid_of(SETTING.table, key), (key, value), removed=removed)
            for key, value, removed in kept
            if value
        ]
        writer.write(SETTING, versions)

    def undo(self, now: datetime, leave: Leave = ignore) -> str:
        """Take back the newest ordinary change of this device that stands, and return its command.

        `leave` is told the uid of each record that another device has changed since, which is left. Raises
        NothingToDoError when there is none.
        """
        from kneetrack.store.undo import undo  # noqa: PLC0415 - few commands ask for it

        self._forget()
        return undo(self._database, now, leave)

    def redo(self, now: datetime, leave: Leave = ignore) -> str:
        """Bring back the oldest change that was undone since the newest ordinary one, and return its command.

        `leave` is as in `undo`. Raises NothingToDoError when there is none.
        """
        from kneetrack.store.undo import redo  # noqa: PLC0415 - few commands ask for it

        self._forget()
        return redo(self._database, now, leave)

    @staticmethod
    def _prescribe(writer: ChangeWriter, prescriptions: Sequence[Prescription]) -> None:
        """Write prescriptions under a change."""
        facts = map(mapping.prescription_facts, prescriptions)
        writer.write_new(PRESCRIPTION, list(map(Version, new_uids(len(prescriptions)), facts)))

    def _role(self, session: str | None) -> Role:
        """Return the role of a change that continues a session's own; an ordinary one where that is gone."""
        if session is None:
            return ORDINARY
        from kneetrack.store.undo import stands  # noqa: PLC0415 - few commands ask for it

        found = self._database.rows(_GROUP, session)
        return Role(part_of=found[0][0]) if found and stands(self._database, found[0][0]) else ORDINARY


def hold(database: Database, written: int, wanted: int) -> None:
    """Raise NotADiaryError when a statement wrote another number of rows than it was to."""
    if written != wanted:
        raise NotADiaryError(database.path, "does not keep what is written to it")


def delete_versions(
    database: Database, uids: Iterable[str], tables: Collection[Versioned] = mapping.WITH_RANDOM_UIDS
) -> set[str]:
    """Delete all versions of records from some tables, and return the uids of those that there were."""
    found: set[str] = set()
    for some in _batches(sorted(uids)):
        marks = ", ".join("?" * len(some))
        for of in tables:
            gone = database.rows(f"DELETE FROM {of.table} WHERE uid IN ({marks}) RETURNING uid", *some)
            found.update(uid for (uid,) in gone)
    return found


def add_tombstones(database: Database, tombstones: Iterable[tuple[str, str]]) -> None:
    """Write tombstones, each a uid and an instant; of two of one record the earlier is kept, so that copies agree."""
    database.executemany(_TOMBSTONE, sorted(tombstones))


def _batches(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Yield some items at a time, as many as a statement can bind."""
    for at in range(0, len(items), _AT_ONCE):
        yield items[at : at + _AT_ONCE]


_BEFORE = f"SELECT (SELECT max(at) FROM change), {OWN_DEVICE}"
_CHANGE = "INSERT INTO change (uid, at, device, command, undoes, part_of) VALUES (?, ?, ?, ?, ?, ?) RETURNING id"
_KNOWN = """
    SELECT uid, min(created_at), max(CASE WHEN current THEN brought_by END), count(*) FILTER (WHERE current)
    FROM {table} WHERE uid IN ({marks}) GROUP BY uid
"""
_OUTDATE = "UPDATE {table} SET current = FALSE WHERE current AND uid IN ({marks})"
_GROUP = """
    SELECT coalesce(part_of, id) FROM change
    WHERE id = (SELECT change_id FROM session WHERE uid = ? ORDER BY id LIMIT 1)
"""
_TOMBSTONE = """
    INSERT INTO tombstone (uid, at) VALUES (?, ?)
    ON CONFLICT (uid) DO UPDATE SET at = excluded.at WHERE excluded.at < tombstone.at
"""
