"""What may be asked of an open diary, whatever keeps it."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Protocol

from kneetrack.domain.catalogue import Exercise
from kneetrack.domain.plan import Pause, Prescription
from kneetrack.domain.records import Activity, Change, Session
from kneetrack.store import door


class Reader(Protocol):
    """A diary that is open to read."""

    def settings(self) -> dict[str, str]:
        """Return the settings that were changed, by key."""

    def own_exercises(self) -> list[Exercise]:
        """Return the exercises that the person added."""

    def activity(self, amounts_since: date | None = None, days_since: date | None = None) -> Activity:
        """Return what is counted: amounts from one day on, days done from another; None is from the first."""

    def sessions(self, first: date | None, last: date | None, exercise: str | None = None) -> list[Session]:
        """Return the sessions of a range of days, newest first: by day, time (unknown last) and writing."""

    def last_note(self, exercise: str, until: date) -> str | None:
        """Return the newest note on an exercise, up to a day."""

    def days_done(self, until: date, most: int) -> tuple[date | None, int]:
        """Return the first day with a session, and how many such days there are up to a day, counting to `most`."""

    def shorten(self, uids: Iterable[str]) -> dict[str, str]:
        """Return each id as the fewest of its first characters, at least 4, that no other record begins with."""

    def find(self, prefix: str, *, removed: bool = False) -> tuple[Session, ...] | Pause:
        """Return what the beginning of an id names: a pause, or a session with the other sets of its line.

        With `removed` also one that was taken out of the diary. Raises NoSuchRecordError.
        """

    def last(self, *, removed: bool = False) -> tuple[Session, ...]:
        """Return the sessions of the exercise that was first written last, all that its command wrote of it."""

    def changes(self, most: int | None = None) -> list[Change]:
        """Return the ordinary changes of this device that still hold anything, newest first."""


class Store(Reader, Protocol):
    """A diary that is open to write: each verb writes one change."""

    def begin_with(self, now: datetime, prescriptions: Sequence[Prescription]) -> None:
        """Write the example plan of a new diary, as a change that no undo takes back."""

    def append(self, command: str, now: datetime, sessions: Sequence[Session]) -> list[Session]:
        """Write new sessions, and return them with their uids."""

    def edit(self, command: str, now: datetime, sessions: Sequence[Session]) -> None:
        """Write newer versions of sessions."""

    def remove(self, command: str, now: datetime, uids: Iterable[str]) -> None:
        """Take sessions and pauses out of the diary; undo brings them back."""

    def purge(self, uids: Iterable[str], now: datetime) -> None:
        """Delete records and all their versions for good."""

    def prescribe(self, command: str, now: datetime, prescriptions: Sequence[Prescription]) -> None:
        """Write prescriptions."""

    def pause(self, command: str, now: datetime, pauses: Sequence[Pause]) -> list[Pause]:
        """Write pauses, newer versions of those that have a uid; return them with their uids."""

    def resume(self, command: str, now: datetime, cut: Iterable[Pause], removed: Iterable[Pause]) -> None:
        """Shorten some pauses and take others out."""

    def add_exercise(self, command: str, now: datetime, exercise: Exercise) -> None:
        """Write an exercise of the person's own."""

    def put_setting(self, command: str, now: datetime, key: str, value: str) -> None:
        """Write a setting."""

    def undo(self, now: datetime) -> str:
        """Take back the newest ordinary change of this device, and return its command. Raises NothingToDoError."""

    def redo(self, now: datetime) -> str:
        """Bring back what undo took back, and return its command. Raises NothingToDoError."""


class Unwritten(door.Unwritten):
    """The diary that is not there yet: it reads as it would be after its first write, and cannot be written."""
