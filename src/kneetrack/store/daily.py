"""The daily door: the few statements of log, today, history, stats and remind, in sqlite3 alone.

It gives the same values as `journal` and does the same append, without waiting for SQLModel.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

from kneetrack.domain import days
from kneetrack.domain.catalogue import Exercise
from kneetrack.domain.dose import Dose
from kneetrack.domain.plan import Pause, Prescription, Schedule
from kneetrack.domain.records import Activity, Amount, Session
from kneetrack.store import file
from kneetrack.store.rows import (
    IN_PROGRAM,
    LIVE,
    NEIGHBOURS,
    after,
    instant,
    local,
    new_uids,
    offset_min,
    shortest,
    stamp,
)

_SESSION = "uid, made, exercise, day, at, utc_offset_min, side, sets, reps, hold_s, load, pain, effort, note"
_NEWEST_FIRST = "day DESC, at IS NULL, at DESC, made DESC, uid DESC"


class DailyDoor:
    """A journal opened for one daily command; a context manager."""

    def __init__(self, path: Path, *, write: bool = False) -> None:
        """Open the journal at a path; raises what `file.connect` raises."""
        self._path = path
        self._verb = "write" if write else "read"
        self._connection = file.connect(path, write=write)

    def __enter__(self) -> Self:
        """Return the door itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file; what was not committed is taken back."""
        self._connection.close()
        if isinstance(error, file.SUSPECT):
            from kneetrack.store import integrity as damage  # noqa: PLC0415 - only when something failed

            damage.blame(self._path, error)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the write lock, and commit at the end unless something failed."""
        with file.trouble(self._path, "write"):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def settings(self) -> dict[str, str]:
        """Return the settings that were changed, by key."""
        return dict(self._rows(f"SELECT key, value FROM setting WHERE {LIVE}"))

    def own_exercises(self) -> list[Exercise]:
        """Return the exercises that the person added."""
        rows = self._rows(f"SELECT exercise, name, per_side, mode FROM exercise WHERE {LIVE} ORDER BY made, uid")
        return [Exercise(exercise, name, bool(per_side), mode) for exercise, name, per_side, mode in rows]

    def activity(self, amounts_since: date | None = None, days_since: date | None = None) -> Activity:
        """Return what is counted: amounts from one day on, days done from another; None is from the first."""
        return Activity(
            tuple(_prescription(*row) for row in self._rows(_PRESCRIPTIONS)),
            tuple(
                Pause(uid, exercise, date.fromisoformat(first), last and date.fromisoformat(last), reason)
                for uid, exercise, first, last, reason in self._rows(_PAUSES)
            ),
            {exercise: days.collect(joined) for exercise, joined in self._done(days_since)},
            tuple(
                Amount(exercise, date.fromisoformat(day), side, Dose(sets, reps, hold_s))
                for exercise, day, side, sets, reps, hold_s in self._rows(
                    f"SELECT exercise, day, side, sets, reps, hold_s FROM session WHERE {LIVE} AND day >= ?"
                    " ORDER BY made, uid",
                    str(amounts_since or days.FIRST_DAY),
                )
            ),
        )

    def _done(self, since: date | None) -> Iterable[tuple[str, str]]:
        """Return the days done by exercise, with commas between."""
        joined = f"SELECT exercise, group_concat(day) FROM session WHERE {LIVE}"
        if since is None:
            return self._rows(f"{joined} GROUP BY exercise")
        # The plus keeps SQLite from walking all days in the order of exercises to save itself the grouping.
        return self._rows(f"{joined} AND day >= ? GROUP BY +exercise", str(since))

    def sessions(self, first: date | None, last: date | None, exercise: str | None = None) -> list[Session]:
        """Return the sessions of a range of days, newest first: by day, time (unknown last) and writing."""
        rows = self._rows(
            f"SELECT {_SESSION} FROM session WHERE {LIVE} AND day BETWEEN ? AND ? AND (? IS NULL OR exercise = ?)"
            f" ORDER BY {_NEWEST_FIRST}",
            str(first or days.FIRST_DAY),
            str(last or date.max),
            exercise,
            exercise,
        )
        return [_session(*row) for row in rows]

    def last_note(self, exercise: str, until: date) -> str | None:
        """Return the newest note on an exercise, up to a day."""
        rows = self._rows(
            f"SELECT note FROM session WHERE {LIVE} AND exercise = ? AND day <= ? AND note IS NOT NULL"
            f" ORDER BY {_NEWEST_FIRST} LIMIT 1",
            exercise,
            str(until),
        )
        return next((str(note) for (note,) in rows), None)

    def days_done(self, until: date, most: int) -> tuple[date | None, int]:
        """Return the first day with a session, and how many such days there are up to a day, counting to `most`."""
        done = f"SELECT DISTINCT day FROM session WHERE {LIVE} AND day <= ? ORDER BY day LIMIT ?"
        ((first, count),) = self._rows(f"SELECT min(day), count(*) FROM ({done})", str(until), most)
        return first and date.fromisoformat(first), count

    def append(self, command: str, now: datetime, sessions: Sequence[Session]) -> list[Session]:
        """Write new sessions under one change, and return them with their uids; within `writing`."""
        (newest,) = self._connection.execute("SELECT max(at) FROM change").fetchone()
        at = after(now, newest and instant(newest))
        change_id = self._connection.execute(
            "INSERT INTO change (uid, at, device, command) VALUES (?, ?, (SELECT uid FROM device), ?)",
            (uuid4().hex, stamp(at), command),
        ).lastrowid
        uids = new_uids(len(sessions))
        written = [session._replace(uid=uid, created_at=at) for uid, session in zip(uids, sessions, strict=True)]
        self._connection.executemany(_APPEND, [(*_row(session), change_id) for session in written])
        return written

    def shorten(self, uids: Iterable[str]) -> dict[str, str]:
        """Return each id as the fewest of its first characters, at least 4, that no other record begins with."""
        return {uid: self._short(uid) for uid in uids}

    def _short(self, uid: str) -> str:
        """Return one id shortened: one character more than it shares with its neighbours."""
        neighbours = self._connection.execute(NEIGHBOURS, {"uid": uid}).fetchone()
        return shortest(uid, neighbours)

    def _rows(self, statement: str, *values: object) -> list[Any]:
        """Run a statement that reads, with its errors told as ours."""
        with file.trouble(self._path, self._verb):
            return self._connection.execute(statement, values).fetchall()


_PRESCRIPTIONS = (
    "SELECT exercise, first_day, sets, reps, hold_s, kind, every, weekdays, per_week"
    f" FROM prescription WHERE {IN_PROGRAM} ORDER BY made, uid"
)
_PAUSES = f"SELECT uid, exercise, first_day, last_day, reason FROM pause WHERE {LIVE} ORDER BY made, uid"
_APPEND = (
    f"INSERT INTO session ({_SESSION}, change_id, removed, current)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 1)"
)


def _row(session: Session) -> tuple[object, ...]:
    """Return a session as the columns of `_SESSION`."""
    when = (session.at and stamp(session.at), offset_min(session.at))
    what = (session.side, *session.dose, session.load, session.pain, session.effort, session.note)
    return (session.uid, stamp(session.created_at), session.exercise, str(session.day), *when, *what)


def _session(  # noqa: PLR0913, PLR0917 - the columns of `_SESSION`
    uid: str,
    made: str,
    exercise: str,
    day: str,
    at: str | None,
    minutes: int | None,
    side: Any,  # noqa: ANN401 - held by a CHECK
    sets: int | None,
    reps: int | None,
    hold_s: int | None,
    *rest: Any,  # noqa: ANN401 - as their columns
) -> Session:
    """Return a row of sessions as a value."""
    when = local(instant(at), minutes) if at else None
    dose = Dose(sets, reps, hold_s)
    return Session(uid, instant(made), exercise, date.fromisoformat(day), when, side, dose, *rest)


def _prescription(  # noqa: PLR0913, PLR0917 - the columns of `_PRESCRIPTIONS`
    exercise: str,
    first_day: str,
    sets: int | None,
    reps: int | None,
    hold_s: int | None,
    kind: Any,  # noqa: ANN401 - held by a CHECK
    every: int | None,
    weekdays: str | None,
    per_week: int | None,
) -> Prescription:
    """Return a row of prescriptions as a value."""
    first = date.fromisoformat(first_day)
    if kind == "drop":
        return Prescription(exercise, first, None, None)
    schedule = Schedule(kind, every, tuple(map(int, weekdays or "")), per_week)
    return Prescription(exercise, first, Dose(sets, reps, hold_s), schedule)
