"""What may be asked of a diary that is open, whichever database keeps it.

`Reader` is the half that only reads. `Database` is what lies beneath, for what is asked of whole tables: export,
merge and the checks of doctor. The contract suite runs against everything that claims to be a `Store`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol, TypeAlias

from kneetrack.domain.catalogue import Exercise
from kneetrack.domain.errors import NoSuchRecordError, NothingToDoError
from kneetrack.domain.plan import Pause, Prescription
from kneetrack.domain.records import Activity, Change, Pain, Rule, Score, Session

Found: TypeAlias = tuple[Session, ...] | Pause | Pain | Score
"""What an id names: the sessions of a line, a pause, a pain or a score."""


Leave: TypeAlias = Callable[[str], object]
"""Is told the uid of a record that undo or redo leaves, because another device has changed it since."""


def ignore(uid: str) -> None:
    """Take a uid that nobody asked for."""


class Database(Protocol):
    """One transaction of a database. Values are bound to question marks; errors come up as ours.

    Statements are SQL that SQLite and PostgreSQL both take: TRUE and FALSE, IS NOT DISTINCT FROM, `CAST(? AS TEXT)`
    where nothing else tells the type of a value, no aggregated text, no rowid.
    """

    change: str | None
    """The uid of the last change that it wrote, by which a database is asked whether it kept the transaction."""

    @property
    def path(self) -> object:
        """Where the diary is, for sentences about it."""

    def rows(self, statement: str, *values: object) -> list[Any]:
        """Return what a statement finds, or what it returns of the rows that it wrote."""

    def stream(self, statement: str, *values: object) -> Iterator[Any]:
        """Yield what a statement finds without holding all of it in memory."""

    def execute(self, statement: str, *values: object) -> int:
        """Run a statement, and return how many rows it wrote."""

    def executemany(self, statement: str, rows: Iterable[Sequence[object]]) -> int:
        """Run a statement that writes once for each of some rows of values, and return how many rows it wrote."""

    def joined(self, column: str) -> str:
        """Return the expression for the texts of a column in a group, with commas between them."""


class Reader(Protocol):
    """A diary that is open to be read."""

    @property
    def database(self) -> Database:
        """What lies beneath, to be read. Raises NotImplementedError where nothing was written yet."""

    # What it holds

    def settings(self) -> dict[str, str]:
        """Return the settings that were changed, by key."""

    def own_exercises(self) -> list[Exercise]:
        """Return the exercises that the person added."""

    def activity(self, amounts_since: date | None = None, days_since: date | None = None) -> Activity:
        """Return what is counted: amounts from one day on, days done from another; None is from the first."""

    def sessions(self, first: date | None, last: date | None, exercise: str | None = None) -> list[Session]:
        """Return the sessions of a range of days, newest first: by day, time (unknown last) and writing."""

    def wholes(self, first: datetime, last: datetime) -> dict[datetime, datetime]:
        """Return for the instant of each change in a range that is a part of another one the instant of that one."""

    def last_note(self, exercise: str, until: date) -> str | None:
        """Return the newest note on an exercise, up to a day."""

    def days_done(self, until: date, most: int) -> tuple[date | None, int]:
        """Return the first day with a session, and how many such days there are up to a day, counting to `most`."""

    def pauses(self) -> list[Pause]:
        """Return the pauses, in the order of writing."""

    def first_change(self) -> str | None:
        """Return the uid of the first change, which all copies of a diary have; None where there is none."""

    def pains(self, first: date | None, last: date | None) -> list[Pain]:
        """Return what was noted of a range of days apart from sessions, by day, then as first written.

        Of two that say something of one moment and side of a day the last counts; notes accumulate.
        """

    def scores(self) -> list[Score]:
        """Return the scores, by day, then as first written; of two of a day, measure and activity the last counts."""

    def rules(self) -> list[Rule]:
        """Return the person's own rules of when to go on, in the order of writing."""

    # Records and changes by their ids

    def shorten(self, uids: Iterable[str]) -> dict[str, str]:
        """Return each id as the fewest of its first characters, at least 4, that no other record begins with."""

    def find(self, prefix: str, *, removed: bool = False) -> Found:
        """Return what an id, or the beginning of one, names; a session with the other sets of its line.

        With `removed` also one that was taken out of the diary. Raises NoSuchRecordError.
        """

    def line(self, uid: str) -> tuple[Session, ...]:
        """Return a session, by its uid, with the other sets of its line. Raises NoSuchRecordError."""

    def last(self, *, whole: bool = False) -> tuple[Session, ...]:
        """Return the sessions of the exercise that was first written last, all that its command wrote of it.

        With `whole` those of the other exercises of its day too that the command wrote. Raises NothingToDoError when
        there is none.
        """

    def changes(self, most: int | None = None) -> list[Change]:
        """Return the newest changes that undo and redo know, newest first; all of them without `most`."""


class Store(Reader, Protocol):
    """A diary that is open to be written: all of a command is one transaction."""

    def writable(self) -> Database:
        """Return what lies beneath, to be written to; what was asked before is asked anew."""

    def put_example(self, now: datetime, prescriptions: Sequence[Prescription]) -> None:
        """Write the example plan under a change that no undo takes."""

    def append(
        self, command: str, now: datetime, sessions: Sequence[Session], *, part_of: str | None = None
    ) -> list[Session]:
        """Write new sessions under one change, and return them with their uids: those that they have, or random ones.

        `part_of` is the uid of a session whose change this one continues: undo, redo and `last` take them together.
        """

    def edit(self, command: str, now: datetime, sessions: Sequence[Session], *, part_of: str | None = None) -> None:
        """Write newer versions of sessions under one change; `part_of` is as in `append`."""

    def remove(self, command: str, now: datetime, uids: Iterable[str], *, part_of: str | None = None) -> None:
        """Take records that have ids out of the diary under one change, which undo brings back; `part_of` as above."""

    def purge(self, uids: Iterable[str], now: datetime) -> None:
        """Delete records of random uids with all their versions, and leave a tombstone for each.

        There is no way back: a uid with a tombstone comes in by no import, sync or restore.
        """

    def prescribe(self, command: str, now: datetime, prescriptions: Sequence[Prescription]) -> None:
        """Write prescriptions under one change."""

    def pause(self, command: str, now: datetime, pauses: Sequence[Pause]) -> list[Pause]:
        """Write pauses under one change, newer versions of those that have a uid; return them with their uids."""

    def resume(self, command: str, now: datetime, cut: Iterable[Pause], removed: Iterable[Pause]) -> None:
        """Shorten some pauses and take others out, under one change."""

    def note_pain(self, command: str, now: datetime, pains: Sequence[Pain]) -> list[Pain]:
        """Write pains under one change, newer versions of those that have a uid; return them with their uids."""

    def put_scores(self, command: str, now: datetime, scores: Sequence[Score]) -> list[Score]:
        """Write scores under one change, newer versions of those that have a uid; return them with their uids."""

    def put_rule(self, command: str, now: datetime, rule: Rule, *, removed: bool = False) -> None:
        """Write the rule of an exercise in the place of the one before, or take it out, under one change."""

    def add_exercise(self, command: str, now: datetime, exercise: Exercise) -> None:
        """Write an exercise of the person's own under one change."""

    def put_settings(self, command: str, now: datetime, values: Mapping[str, str | None]) -> None:
        """Write settings by key under one change, and take out those that are None."""

    def undo(self, now: datetime, leave: Leave = ignore) -> str:
        """Take back the newest ordinary change of this device that stands, and return its command.

        `leave` is told the uid of each record that another device has changed since, which is left. Raises
        NothingToDoError when there is none.
        """

    def redo(self, now: datetime, leave: Leave = ignore) -> str:
        """Bring back the oldest change that was undone since the newest ordinary one, and return its command.

        `leave` is as in `undo`. Raises NothingToDoError when there is none.
        """


class Unwritten:
    """The diary that is not there yet: it reads as it would be after its first write, and cannot be written."""

    def __init__(self, prescriptions: tuple[Prescription, ...]) -> None:
        """Take the plan that the first write would put in force."""
        self._prescriptions = prescriptions

    @property
    def database(self) -> Database:
        """Refuse: there is no file."""
        raise NotImplementedError

    def settings(self) -> dict[str, str]:
        """Return no settings."""
        return {}

    def own_exercises(self) -> list[Exercise]:
        """Return no exercises."""
        return []

    def activity(self, amounts_since: date | None = None, days_since: date | None = None) -> Activity:  # noqa: ARG002
        """Return the plan alone."""
        return Activity(self._prescriptions, (), {}, ())

    def sessions(self, first: date | None, last: date | None, exercise: str | None = None) -> list[Session]:  # noqa: ARG002
        """Return no sessions."""
        return []

    def wholes(self, first: datetime, last: datetime) -> dict[datetime, datetime]:  # noqa: ARG002
        """Return nothing."""
        return {}

    def last_note(self, exercise: str, until: date) -> str | None:  # noqa: ARG002
        """Return no note."""
        return None

    def days_done(self, until: date, most: int) -> tuple[date | None, int]:  # noqa: ARG002
        """Return no day."""
        return None, 0

    def pauses(self) -> list[Pause]:
        """Return no pauses."""
        return []

    def first_change(self) -> str | None:
        """Return nothing."""
        return None

    def pains(self, first: date | None, last: date | None) -> list[Pain]:  # noqa: ARG002
        """Return no pains."""
        return []

    def scores(self) -> list[Score]:
        """Return no scores."""
        return []

    def rules(self) -> list[Rule]:
        """Return no rules."""
        return []

    def shorten(self, uids: Iterable[str]) -> dict[str, str]:
        """Return the ids, of which there are none, as they are."""
        return {uid: uid for uid in uids}

    def find(self, prefix: str, *, removed: bool = False) -> Found:  # noqa: ARG002
        """Raise NoSuchRecordError: there is nothing."""
        raise NoSuchRecordError(f"Nothing has the id {prefix}, because nothing has been logged yet.")

    def line(self, uid: str) -> tuple[Session, ...]:
        """Raise NoSuchRecordError: there is nothing."""
        raise NoSuchRecordError(f"No session has the id {uid}.")

    def last(self, *, whole: bool = False) -> tuple[Session, ...]:  # noqa: ARG002
        """Raise NothingToDoError: there is nothing."""
        raise NothingToDoError("Nothing has been logged yet.")

    def changes(self, most: int | None = None) -> list[Change]:  # noqa: ARG002
        """Return no changes."""
        return []
