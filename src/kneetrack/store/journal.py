"""The journal through SQLModel: creating and upgrading it, and every read and write that is not daily."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar
from uuid import uuid4

from sqlalchemy import Boolean, ColumnElement, NullPool, create_engine, event, func, literal_column, text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import aliased
from sqlmodel import Session as Unit
from sqlmodel import and_, col, or_, select, update
from sqlmodel.sql.expression import SelectOfScalar

from kneetrack.domain import days
from kneetrack.domain.catalogue import Exercise
from kneetrack.domain.dose import Dose
from kneetrack.domain.errors import NoFolderError, NoSuchRecordError, NotAJournalError, NothingToDoError
from kneetrack.domain.plan import Pause, Prescription, Schedule
from kneetrack.domain.records import Activity, Amount, Session
from kneetrack.domain.records import Change as ListedChange
from kneetrack.store import backup, file
from kneetrack.store import integrity as damage
from kneetrack.store.old_tables import (
    VERSIONED,
    Change,
    Device,
    ExerciseRow,
    PauseRow,
    PrescriptionRow,
    SessionRow,
    SettingRow,
    Version,
)
from kneetrack.store.rows import (
    HERE,
    IN_PROGRAM,
    LIVE,
    NEIGHBOURS,
    SHORTEST_ID,
    STANDS,
    after,
    local,
    new_uids,
    offset_min,
    shortest,
    uid_of,
)

MIGRATIONS = "kneetrack:store/migrations"
"""Where Alembic finds the revisions."""

UNDO = "undo "
"""How the command of a change begins that takes another one back."""

_LIVE, _HERE, _STANDS, _IN_PROGRAM = (literal_column(f"({rule})", Boolean) for rule in (LIVE, HERE, STANDS, IN_PROGRAM))

Row = TypeVar("Row", bound=Version)


def create(
    path: Path,
    now: datetime,
    example: Sequence[Prescription] = (),
    *,
    folder: bool = False,
    fill: "Callable[[Journal], object] | None" = None,
) -> bool:
    """Make a journal at a path where there is none, with an example program that no undo takes back.

    The file appears whole, with what `fill` writes to it, or not at all. Returns False, and makes nothing, when
    another program was faster.
    With `folder` the folder that it stands in is made too; without, one that is missing is a NoFolderError.
    """
    _make_folder(path.parent, make=folder)
    with _told(path, "create"):
        try:
            with file.draft(path) as draft:
                _fill(draft, now, example)
                if fill:
                    with Journal(draft, write=True, shown=path) as journal:
                        fill(journal)
        except FileExistsError:
            return False
    return True


def _make_folder(folder: Path, *, make: bool) -> None:
    """Make the folder of a journal, or hold that it is there."""
    if not make and not folder.is_dir():
        raise NoFolderError(folder)
    with file.trouble(folder, "create"):
        file.make_folder(folder)


def _fill(path: Path, now: datetime, example: Sequence[Prescription]) -> None:
    """Make the tables in an empty file, and write the example program."""
    engine = _engine(partial(_connect_new, path))
    with engine.begin() as connection:
        _migrate(connection)
        with Unit(connection, expire_on_commit=False) as unit:
            unit.add(Device(uid=uuid4().hex))
            if example:
                _Pen(unit, now, "example program", device=None).prescribe(example)
            unit.flush()


def upgrade(path: Path, now: datetime) -> None:
    """Bring a journal of an older schema to ours, in one transaction, after a backup.

    Nothing happens when another program was faster. Foreign keys are looked through at the end instead of at each
    statement, because a table that others refer to is changed by making it anew.
    """
    engine = _engine(partial(_connect_to_upgrade, path))
    with _told(path, "write"), engine.begin() as connection:
        if file.schema(_raw(connection), path) == file.SCHEMA:
            return
        backup.make(path, now, "Nothing was done, because an older journal is not upgraded without a backup")
        _migrate(connection)
        if connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise NotAJournalError(path, "cannot be upgraded: records lack the change that wrote them")
        connection.exec_driver_sql("ANALYZE")


def _connect_to_upgrade(path: Path) -> sqlite3.Connection:
    """Open a journal of any schema without minding foreign keys."""
    connection = file.connect(path, write=True, any_schema=True)
    connection.execute("PRAGMA foreign_keys = OFF")
    return connection


def _raw(connection: Connection) -> sqlite3.Connection:
    """Return SQLite's own connection."""
    own: sqlite3.Connection = _any(connection.connection.driver_connection)
    return own


def _migrate(connection: Connection) -> None:
    """Apply the revisions that are missing, within the transaction that is open."""
    # Importing Alembic costs half of what importing SQLModel costs, and few commands need it.
    from alembic import command as alembic  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", MIGRATIONS)
    config.attributes["connection"] = connection
    alembic.upgrade(config, file.SCHEMA)


def _connect_new(path: Path) -> sqlite3.Connection:
    """Open the empty file that becomes a journal."""
    connection = sqlite3.connect(path, isolation_level=None)
    file.prepare(connection)
    return connection


def _engine(connect: Callable[[], sqlite3.Connection], begin: str = "BEGIN IMMEDIATE") -> Engine:
    """Return an engine whose transactions are ours: SQLite's driver begins none by itself."""
    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool, hide_parameters=True)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


@contextmanager
def _told(path: Path, verb: str) -> Iterator[None]:
    """Tell the errors of SQLAlchemy and SQLite as ours."""
    try:
        with file.trouble(path, verb):
            yield
    except DBAPIError as error:
        ours = file.explain(error.orig, path, verb)
        if ours is None:
            raise
        raise ours from None


class Journal:
    """A journal opened for one command; a context manager.

    To write, it holds the write lock from start to end and commits when the block ends well.
    """

    def __init__(self, path: Path, *, write: bool = False, shown: Path | None = None) -> None:
        """Open the journal at a path, `shown` in errors as another one; raises what `file.connect` raises."""
        self._path = shown or path
        self._verb = "write" if write else "read"
        engine = _engine(partial(file.connect, path, write=write), "BEGIN IMMEDIATE" if write else "BEGIN")
        self._unit = Unit(engine, expire_on_commit=False)

    def __enter__(self) -> Self:
        """Begin the transaction."""
        with _told(self._path, self._verb):
            self._unit.connection()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Commit, or take everything back when the block failed."""
        try:
            with _told(self._path, self._verb):
                if error is None:
                    self._unit.commit()
        finally:
            with suppress(DBAPIError):
                self._unit.close()
        if isinstance(error, DBAPIError):
            ours = file.explain(error.orig, self._path, self._verb)
            if ours:
                raise ours from None
        if isinstance(error, (*file.SUSPECT, DBAPIError)):
            damage.blame(self._path, error)

    def connection(self) -> Connection:
        """Return the connection, for what is asked of whole tables."""
        return self._unit.connection()

    # What a journal holds

    def settings(self) -> dict[str, str]:
        """Return the settings that were changed, by key."""
        return {row.key: row.value for row in self._live(SettingRow)}

    def own_exercises(self) -> list[Exercise]:
        """Return the exercises that the person added."""
        return [Exercise(row.exercise, row.name, row.per_side, _any(row.mode)) for row in self._live(ExerciseRow)]

    def activity(self, amounts_since: date | None = None, days_since: date | None = None) -> Activity:
        """Return what is counted: amounts from one day on, days done from another; None is from the first."""
        done: dict[str, days.Days] = {}
        distinct = select(SessionRow.exercise, SessionRow.day).where(_LIVE, _from(days_since)).distinct()
        for exercise, day in self._unit.exec(distinct):
            done[exercise] = done.get(exercise, 0) | days.one(days.number(date.fromisoformat(day)))
        amounts = [
            Amount(row.exercise, date.fromisoformat(row.day), _any(row.side), Dose(row.sets, row.reps, row.hold_s))
            for row in self._live(SessionRow, _from(amounts_since))
        ]
        prescriptions = tuple(map(_prescription, self._live(PrescriptionRow, _IN_PROGRAM)))
        return Activity(prescriptions, tuple(map(_pause, self._live(PauseRow))), done, tuple(amounts))

    def sessions(self, first: date | None, last: date | None, exercise: str | None = None) -> list[Session]:
        """Return the sessions of a range of days, newest first: by day, time (unknown last) and writing."""
        within = [_from(first), col(SessionRow.day) <= str(last or date.max)]
        rows = [row for row in self._live(SessionRow, *within) if exercise in {None, row.exercise}]
        rows.sort(key=lambda row: (row.day, row.at is not None, row.at or row.made, row.made, row.uid), reverse=True)
        return list(map(_session, rows))

    def last_note(self, exercise: str, until: date) -> str | None:
        """Return the newest note on an exercise, up to a day."""
        notes = (session.note for session in self.sessions(None, until, exercise))
        return next((note for note in notes if note is not None), None)

    def days_done(self, until: date, most: int) -> tuple[date | None, int]:
        """Return the first day with a session, and how many such days there are up to a day, counting to `most`."""
        day = col(SessionRow.day)
        done = select(day).distinct().where(_LIVE, day <= str(until)).order_by(day).limit(most).subquery()
        first, count = self._unit.exec(select(func.min(done.c.day), func.count()).select_from(done)).one()
        return (date.fromisoformat(first) if first else None), count

    def pauses(self) -> list[Pause]:
        """Return the pauses, in the order of writing."""
        return list(map(_pause, self._live(PauseRow)))

    def shorten(self, uids: Iterable[str]) -> dict[str, str]:
        """Return each id as the fewest of its first characters, at least 4, that no other record begins with."""
        neighbours = text(NEIGHBOURS)
        return {uid: shortest(uid, self._unit.execute(neighbours, {"uid": uid}).one()) for uid in uids}

    def _live(self, table: type[Row], *only: ColumnElement[bool]) -> Sequence[Row]:
        """Return the records of a table that are current and not removed, in the order of writing."""
        return self._unit.exec(select(table).where(_LIVE, *only).order_by(col(table.made), col(table.uid))).all()

    # Finding records

    def find(self, prefix: str, *, removed: bool = False) -> tuple[Session, ...] | Pause:
        """Return what an id, or the beginning of one, names: a pause, or a session with the other sets of its line.

        With `removed` also one that was taken out of the diary. Raises NoSuchRecordError.
        """
        if len(prefix) < SHORTEST_ID:
            raise NoSuchRecordError(f"An id has at least {SHORTEST_ID} characters; kneetrack history shows them.")
        found = [row for table in (SessionRow, PauseRow) for row in self._matching(table, prefix.lower(), removed)]
        if len(found) > 1:
            raise NoSuchRecordError(f"{len(found)} records have an id that begins with {prefix}; type more of it.")
        if not found:
            raise NoSuchRecordError(
                f"No session or pause has the id {prefix}; kneetrack history and kneetrack pause --list show the ids."
            )
        (only,) = found
        return self._line_of(only) if isinstance(only, SessionRow) else _pause(_any(only))

    def _matching(self, table: type[Row], prefix: str, removed: bool) -> Sequence[Row]:  # noqa: FBT001 - of `find`
        """Return the records whose id begins so."""
        if not _is_hex(prefix):
            return []
        within = select(table).where(col(table.uid) >= prefix, col(table.uid) < prefix + "g")
        if not removed:
            return self._unit.exec(within.where(_LIVE)).all()
        newest_last = self._unit.exec(within.order_by(col(table.current), col(table.id))).all()
        return list({row.uid: row for row in newest_last}.values())

    def last(self, *, removed: bool = False) -> tuple[Session, ...]:
        """Return the sessions of the exercise that was first written last, all that its command wrote of it."""
        known = col(SessionRow.current) if removed else _LIVE
        newest = select(SessionRow).where(known).order_by(col(SessionRow.made).desc(), col(SessionRow.uid).desc())
        row = self._unit.exec(newest.limit(1)).first()
        if row is None:
            raise NothingToDoError("Nothing has been logged yet.")
        return self._line_of(row)

    def _line_of(self, one: SessionRow) -> tuple[Session, ...]:
        """Return the sessions that stand on one line: those of an exercise on a day that one command wrote."""
        if not one.current:
            return (_session(one),)
        same = (SessionRow.made == one.made, SessionRow.exercise == one.exercise, SessionRow.day == one.day)
        known = text("current AND removed") if one.removed else _LIVE
        rows = self._unit.exec(select(SessionRow).where(known, *same).order_by(col(SessionRow.uid)))
        return tuple(map(_session, rows))

    # Writing

    def append(self, command: str, now: datetime, sessions: Sequence[Session]) -> list[Session]:
        """Write new sessions under one change, and return them with their uids."""
        pen = _Pen(self._unit, now, command)
        uids = new_uids(len(sessions))
        written = [
            session._replace(uid=uid, created_at=pen.change.at) for uid, session in zip(uids, sessions, strict=True)
        ]
        for session in written:
            pen.write(SessionRow, session.uid, _session_facts(session))
        self._flush()
        return written

    def edit(self, command: str, now: datetime, sessions: Sequence[Session]) -> None:
        """Write newer versions of sessions under one change."""
        pen = _Pen(self._unit, now, command)
        for session in sessions:
            pen.write(SessionRow, session.uid, _session_facts(session))
        self._flush()

    def remove(self, command: str, now: datetime, uids: Iterable[str]) -> None:
        """Take sessions and pauses out of the diary under one change; undo brings them back."""
        pen = _Pen(self._unit, now, command)
        for uid in uids:
            for table in (SessionRow, PauseRow):
                for row in self._unit.exec(select(table).where(_LIVE, table.uid == uid)).all():
                    pen.write(table, uid, row.facts(), removed=True)
        self._flush()

    def purge(self, uids: Iterable[str]) -> None:
        """Delete records and all their versions for good."""
        for uid in uids:
            for table in (SessionRow, PauseRow):
                for row in self._unit.exec(select(table).where(table.uid == uid)).all():
                    self._unit.delete(row)
        self._flush()

    def prescribe(self, command: str, now: datetime, prescriptions: Sequence[Prescription]) -> None:
        """Write prescriptions under one change."""
        _Pen(self._unit, now, command).prescribe(prescriptions)
        self._flush()

    def pause(self, command: str, now: datetime, pauses: Sequence[Pause]) -> list[Pause]:
        """Write pauses under one change, newer versions of those that have a uid; return them with their uids."""
        pen = _Pen(self._unit, now, command)
        written = [
            pause._replace(uid=pause.uid or uid) for uid, pause in zip(new_uids(len(pauses)), pauses, strict=True)
        ]
        for pause in written:
            pen.write(PauseRow, pause.uid, _pause_facts(pause))
        self._flush()
        return written

    def resume(self, command: str, now: datetime, cut: Iterable[Pause], removed: Iterable[Pause]) -> None:
        """Shorten some pauses and take others out, under one change."""
        pen = _Pen(self._unit, now, command)
        for pause in cut:
            pen.write(PauseRow, pause.uid, _pause_facts(pause))
        for pause in removed:
            pen.write(PauseRow, pause.uid, _pause_facts(pause), removed=True)
        self._flush()

    def add_exercise(self, command: str, now: datetime, exercise: Exercise) -> None:
        """Write an exercise of the person's own under one change."""
        facts = {
            "exercise": exercise.id,
            "name": exercise.name,
            "per_side": exercise.per_side,
            "mode": exercise.mode,
        }
        _Pen(self._unit, now, command).write(ExerciseRow, uid_of("exercise", exercise.id), facts)
        self._flush()

    def put_setting(self, command: str, now: datetime, key: str, value: str) -> None:
        """Write a setting under one change."""
        _Pen(self._unit, now, command).write(SettingRow, uid_of("setting", key), {"key": key, "value": value})
        self._flush()

    def _flush(self) -> None:
        """Send what was written to SQLite, so that its errors come up here."""
        with _told(self._path, self._verb):
            self._unit.flush()

    # Undo

    def changes(self) -> list[ListedChange]:
        """Return the ordinary changes of this device that still hold anything, newest first."""
        undone = self._undone()
        return [
            ListedChange(change.uid, change.at, change.command, stands=change.id not in undone)
            for change in self._unit.exec(_ordinary(_HOLDS))
        ]

    def undo(self, now: datetime) -> str:
        """Take back the newest ordinary change of this device that stands, and return its command."""
        standing = _ordinary(_HOLDS, col(Change.id).not_in(self._undone()))
        change = self._unit.exec(standing.limit(1)).first()
        if change is None:
            raise NothingToDoError("There is nothing to undo.")
        self._turn(change, UNDO, now, back=True)
        return change.command

    def redo(self, now: datetime) -> str:
        """Bring back the oldest change that was undone since the newest ordinary change, and return its command."""
        newest = self._unit.exec(_ordinary().limit(1)).first()
        undone = self._undone() & self._named_since(newest) if newest else set()
        changes = self._unit.exec(_ordinary(_HOLDS, col(Change.id).in_(undone))).all()
        if not changes:
            raise NothingToDoError("There is nothing to redo.")
        self._turn(changes[-1], "redo ", now, back=False)
        return changes[-1].command

    def _undone(self) -> set[int | None]:
        """Return the changes that do not stand: what names them last is an undo.

        Counting who names them would not do: two copies of one file may each undo the same change.
        """
        named = select(Change.undoes, Change.command).where(col(Change.undoes).is_not(None), _COUNTS)
        verbs = self._unit.exec(named.order_by(col(Change.at), col(Change.uid))).all()
        return {change for change, command in dict(verbs).items() if command.startswith(UNDO)}

    def _named_since(self, change: Change) -> set[int | None]:
        """Return the changes that were undone or redone after one was written."""
        later = select(Change.undoes).where(col(Change.undoes).is_not(None), col(Change.at) > change.at)
        return set(self._unit.exec(later).all())

    def _versions_of(self, change: Change) -> list[Version]:
        """Return the versions that a change wrote here."""
        found: list[Version] = []
        for table in VERSIONED:
            here = (table.change_id == change.id, _HERE)
            found += self._unit.exec(select(table).where(*here).order_by(col(table.id))).all()
        return found

    def _turn(self, change: Change, verb: str, now: datetime, *, back: bool) -> None:
        """Write again what stood before a change, or what the change wrote; what an import brought stands or not."""
        pen = _Pen(self._unit, now, f"{verb}{change.command}", undoes=change.id)
        for table in VERSIONED:
            self._settle(table, change)
        for version in self._versions_of(change):
            table = type(version)
            stood = self._before(version, change) if back else version
            removed = stood is None or stood.removed
            pen.write(table, version.uid, (stood or version).facts(), removed=removed)
        self._flush()

    def _before(self, version: Version, change: Change) -> Version | None:
        """Return the version of a record that stood before the one that a change wrote."""
        table = type(version)
        earlier = (
            select(table)
            .join(Change, col(table.change_id) == col(Change.id))
            .where(table.uid == version.uid, col(Change.at) < change.at, _STANDS)
            .order_by(col(Change.at).desc(), col(Change.uid).desc())
        )
        return self._unit.exec(earlier).first()

    def _settle(self, table: type[Version], change: Change) -> None:
        """Make current, of the records that an import brought, the newest version of each that stands."""
        brought = col(table.uid).in_(select(table.uid).where(table.brought_by == change.id))
        other, its, own = aliased(table), aliased(Change), aliased(Change)
        newer = (
            select(other.id)
            .join(its, col(its.id) == col(other.change_id))
            .join(own, col(own.id) == col(table.change_id))
            .where(other.uid == table.uid, _STANDS)
            .where(or_(col(its.at) > col(own.at), and_(its.at == own.at, col(its.uid) > col(own.uid))))
            .correlate(table)
        )
        self._unit.execute(update(table).where(brought, col(table.current)).values(current=False))
        self._unit.execute(update(table).where(brought, _STANDS, ~newer.exists()).values(current=True))


_IMPORTS = [select(table.brought_by).where(col(table.brought_by).is_not(None)).distinct() for table in VERSIONED]

_HOLDS = or_(
    *(select(table.id).where(table.change_id == Change.id, _HERE).exists() for table in VERSIONED),
    *(col(Change.id).in_(brought) for brought in _IMPORTS),
)
"""A change still holds a version that was written here, or one that it brought; a purge may have left none."""

_COUNTS = or_(
    *(select(table.id).where(table.change_id == Change.id, or_(_HERE, _STANDS)).exists() for table in VERSIONED),
    *(col(Change.undoes).in_(brought) for brought in _IMPORTS),
)
"""An undo or a redo counts unless an import brought it that was undone."""


def _ordinary(*only: ColumnElement[bool]) -> SelectOfScalar[Change]:
    """Return the question for the changes of this device that are neither undo nor redo, newest first."""
    own = select(Change).where(col(Change.undoes).is_(None), col(Change.device).in_(select(Device.uid)), *only)
    return own.order_by(col(Change.at).desc(), col(Change.uid).desc())


def _from(day: date | None) -> ColumnElement[bool]:
    """Return the condition that a session is of a day or a later one, None being the first."""
    return col(SessionRow.day) >= str(day or days.FIRST_DAY)


class _Pen:
    """Writes versions under one change of a command."""

    def __init__(
        self, unit: Unit, now: datetime, command: str, *, device: str | None = "", undoes: int | None = None
    ) -> None:
        """Begin a change; `device` is this copy's own unless given, and None for a change that no undo takes."""
        self._unit = unit
        at = after(now, unit.exec(select(func.max(Change.at))).one())
        owner = unit.exec(select(Device.uid)).one() if device == "" else device
        self.change = Change(uid=uuid4().hex, at=at, device=owner, command=command, undoes=undoes)
        unit.add(self.change)
        unit.flush()

    def prescribe(self, prescriptions: Sequence[Prescription]) -> None:
        """Write prescriptions."""
        for uid, prescription in zip(new_uids(len(prescriptions)), prescriptions, strict=True):
            self.write(PrescriptionRow, uid, _prescription_facts(prescription))

    def write(self, table: type[Version], uid: str, facts: dict[str, object], *, removed: bool = False) -> None:
        """Put a version in the place of the current one of its record, and under the import that brought that one."""
        made: datetime | None = self._unit.exec(select(func.min(col(table.made))).where(table.uid == uid)).one()
        current = (col(table.uid) == uid, col(table.current))
        brought_by = self._unit.exec(select(table.brought_by).where(*current)).first()
        self._unit.execute(update(table).where(*current).values(current=False))
        known = {**facts, "uid": uid, "made": made or self.change.at, "change_id": self.change.id, "removed": removed}
        self._unit.add(table(**_any(known), brought_by=brought_by))
        self._unit.flush()


def _any(value: Any) -> Any:  # noqa: ANN401 - text that a CHECK holds to the words of a Literal
    """Return a column's text as the type that its CHECK makes it."""
    return value


def _is_hex(prefix: str) -> bool:
    """Return whether a word can be the beginning of an id."""
    return bool(prefix) and set(prefix) <= set("0123456789abcdef")


def _session(row: SessionRow) -> Session:
    """Return a row of sessions as a value."""
    return Session(
        row.uid,
        row.made,
        row.exercise,
        date.fromisoformat(row.day),
        local(row.at, row.utc_offset_min),
        _any(row.side),
        Dose(row.sets, row.reps, row.hold_s),
        row.load,
        row.pain,
        row.effort,
        row.note,
    )


def _session_facts(session: Session) -> dict[str, object]:
    """Return a session as columns."""
    return {
        "exercise": session.exercise,
        "day": str(session.day),
        "at": session.at,
        "utc_offset_min": offset_min(session.at),
        "side": session.side,
        **session.dose._asdict(),
        "load": session.load,
        "pain": session.pain,
        "effort": session.effort,
        "note": session.note,
    }


def _prescription(row: PrescriptionRow) -> Prescription:
    """Return a row of prescriptions as a value."""
    first = date.fromisoformat(row.first_day)
    if row.kind == "drop":
        return Prescription(row.exercise, first, None, None)
    schedule = Schedule(_any(row.kind), row.every, tuple(map(int, row.weekdays or "")), row.per_week)
    return Prescription(row.exercise, first, Dose(row.sets, row.reps, row.hold_s), schedule)


def _prescription_facts(prescription: Prescription) -> dict[str, object]:
    """Return a prescription as columns."""
    facts: dict[str, object] = {"exercise": prescription.exercise, "first_day": str(prescription.first_day)}
    if prescription.dose is None or prescription.schedule is None:
        return {**facts, "kind": "drop"}
    weekdays = "".join(map(str, prescription.schedule.weekdays)) or None
    return {**facts, **prescription.dose._asdict(), **prescription.schedule._asdict(), "weekdays": weekdays}


def _pause(row: PauseRow) -> Pause:
    """Return a row of pauses as a value."""
    last = date.fromisoformat(row.last_day) if row.last_day else None
    return Pause(row.uid, row.exercise, date.fromisoformat(row.first_day), last, row.reason)


def _pause_facts(pause: Pause) -> dict[str, object]:
    """Return a pause as columns."""
    return {
        "exercise": pause.exercise,
        "first_day": str(pause.first),
        "last_day": str(pause.last) if pause.last else None,
        "reason": pause.reason,
    }
