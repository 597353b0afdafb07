"""What a daily command may ask of a journal, whichever door it comes through."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Protocol

from kneetrack.domain.catalogue import Exercise
from kneetrack.domain.plan import Prescription
from kneetrack.domain.records import Activity, Session


class Door(Protocol):
    """A journal that is open. One contract suite runs against everything that claims to be one."""

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

    def append(self, command: str, now: datetime, sessions: Sequence[Session]) -> list[Session]:
        """Write new sessions under one change, and return them with their uids."""

    def shorten(self, uids: Iterable[str]) -> dict[str, str]:
        """Return each id as the fewest of its first characters, at least 4, that no other record begins with."""


class Unwritten:
    """The journal that is not there yet: it reads as it would be after its first write, and cannot be written."""

    def __init__(self, program: tuple[Prescription, ...]) -> None:
        """Take the program that the first write would put in force."""
        self._program = program

    def settings(self) -> dict[str, str]:
        """Return no settings."""
        return {}

    def own_exercises(self) -> list[Exercise]:
        """Return no exercises."""
        return []

    def activity(self, amounts_since: date | None = None, days_since: date | None = None) -> Activity:  # noqa: ARG002
        """Return the program alone."""
        return Activity(self._program, (), {}, ())

    def sessions(self, first: date | None, last: date | None, exercise: str | None = None) -> list[Session]:  # noqa: ARG002
        """Return no sessions."""
        return []

    def last_note(self, exercise: str, until: date) -> str | None:  # noqa: ARG002
        """Return no note."""
        return None

    def days_done(self, until: date, most: int) -> tuple[date | None, int]:  # noqa: ARG002
        """Return no day."""
        return None, 0

    def append(self, command: str, now: datetime, sessions: Sequence[Session]) -> list[Session]:
        """Refuse: there is no file to write to."""
        raise NotImplementedError

    def shorten(self, uids: Iterable[str]) -> dict[str, str]:
        """Return the ids, of which there are none, as they are."""
        return {uid: uid for uid in uids}
