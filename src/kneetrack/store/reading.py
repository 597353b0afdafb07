"""What an open diary says, in statements that SQLite and PostgreSQL both take."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from kneetrack.domain import days
from kneetrack.domain.catalogue import Exercise
from kneetrack.domain.dose import Dose
from kneetrack.domain.errors import NoSuchRecordError, NothingToDoError
from kneetrack.domain.plan import Pause
from kneetrack.domain.records import Activity, Amount, Change, Session
from kneetrack.store import mapping
from kneetrack.store.mapping import EXERCISE, PAUSE, PRESCRIPTION, SESSION, SETTING, SHORTEST_ID, Versioned
from kneetrack.store.port import Database
from kneetrack.store.rules import COUNTS, LIVE, NEIGHBOURS, SHOWN_IDS

AMOUNT = ("uid", "exercise", "day", "side", "sets", "reps", "hold_s")
WHOLE_SESSION = ("uid", "created_at", *SESSION.facts)

_WRITTEN = "ORDER BY created_at, uid"
_NEWEST_FIRST = "ORDER BY day DESC, at IS NULL, at DESC, created_at DESC, uid DESC"
_HEX = frozenset("0123456789abcdef")


class DiaryReader:
    """A diary that is open to be read: `port.Reader`."""

    def __init__(self, database: Database) -> None:
        """Take a transaction."""
        self._database = database
        self._known: dict[tuple[str, str, tuple[object, ...]], list[Any]] = {}
        """What was asked since the last write, which is not asked again."""
        self._holds = True

    @property
    def database(self) -> Database:
        """What lies beneath; who asks for it may write, so nothing that was asked is held from then on."""
        self._holds = False
        self._known.clear()
        return self._database

    # What it holds

    def settings(self) -> dict[str, str]:
        """Return the settings that were changed, by key."""
        return {key: value for _, key, value in self._live(SETTING, ("uid", *SETTING.facts))}

    def own_exercises(self) -> list[Exercise]:
        """Return the exercises that the person added."""
        return [mapping.exercise_of(row[1:]) for row in self._live(EXERCISE, ("uid", *EXERCISE.facts), _WRITTEN)]

    def activity(self, amounts_since: date | None = None, days_since: date | None = None) -> Activity:
        """Return what is counted: amounts from one day on, days done from another; None is from the first."""
        first, second = str(amounts_since or days.FIRST_DAY), str(days_since or days.FIRST_DAY)
        rows = self._live(SESSION, AMOUNT, f"AND day >= ? {_WRITTEN}", first)
        amounts = tuple(
            Amount(exercise, date.fromisoformat(day), side, Dose(sets, reps, hold_s))
            for _, exercise, day, side, sets, reps, hold_s in rows
        )
        if second < first:
            pairs = self._ask(SESSION, ("exercise", "day"), _DAYS, second)
        else:
            pairs = [(exercise, day) for _, exercise, day, *_ in rows if day >= second]
        prescriptions = self._select(PRESCRIPTION, ("uid", *PRESCRIPTION.facts), f"WHERE {COUNTS} {_WRITTEN}")
        return Activity(
            tuple(mapping.prescription_of(row[1:]) for row in prescriptions),
            tuple(self.pauses()),
            _collected(pairs),
            amounts,
        )

    def sessions(self, first: date | None, last: date | None, exercise: str | None = None) -> list[Session]:
        """Return the sessions of a range of days, newest first: by day, time (unknown last) and writing."""
        only, values = ("", ()) if exercise is None else ("AND exercise = ? ", (exercise,))
        bounds = (str(first or days.FIRST_DAY), str(last or date.max))
        rows = self._live(SESSION, WHOLE_SESSION, f"AND day BETWEEN ? AND ? {only}{_NEWEST_FIRST}", *bounds, *values)
        return list(map(mapping.session_of, rows))

    def last_note(self, exercise: str, until: date) -> str | None:
        """Return the newest note on an exercise, up to a day."""
        only = f"AND exercise = ? AND day <= ? AND note IS NOT NULL {_NEWEST_FIRST} LIMIT 1"
        rows = self._live(SESSION, ("uid", "note"), only, exercise, str(until))
        return next((str(note) for _, note in rows), None)

    def days_done(self, until: date, most: int) -> tuple[date | None, int]:
        """Return the first day with a session, and how many such days there are up to a day, counting to `most`."""
        done = f"SELECT DISTINCT day FROM session WHERE {LIVE} AND day <= ? ORDER BY day LIMIT ?"
        ((first, count),) = self._database.rows(f"SELECT min(day), count(*) FROM ({done}) AS done", str(until), most)
        if first is None:
            return None, 0
        mapping.validate(SESSION, ("day",), [(first,)])
        return date.fromisoformat(first), count

    def pauses(self) -> list[Pause]:
        """Return the pauses, in the order of writing."""
        return [mapping.pause_of(row) for row in self._live(PAUSE, ("uid", *PAUSE.facts), _WRITTEN)]

    # Records and changes by their ids

    def shorten(self, uids: Iterable[str]) -> dict[str, str]:
        """Return each id as the fewest of its first characters, at least 4, that no other record begins with."""
        marks = 2 * len(SHOWN_IDS)
        return {uid: mapping.shortest(uid, self._database.rows(NEIGHBOURS, *[uid] * marks)[0]) for uid in uids}

    def find(self, prefix: str, *, removed: bool = False) -> tuple[Session, ...] | Pause:
        """Return what an id, or the beginning of one, names: a pause, or a session with the other sets of its line.

        With `removed` also one that was taken out of the diary. Raises NoSuchRecordError.
        """
        if len(prefix) < SHORTEST_ID:
            raise NoSuchRecordError(f"An id has at least {SHORTEST_ID} characters; kneetrack history shows them.")
        sessions = self._beginning(SESSION, ("current", "removed", *WHOLE_SESSION), prefix.lower(), removed=removed)
        pauses = self._beginning(PAUSE, ("current", "removed", "uid", *PAUSE.facts), prefix.lower(), removed=removed)
        found = len(sessions) + len(pauses)
        if found > 1:
            raise NoSuchRecordError(f"{found} records have an id that begins with {prefix}; type more of it.")
        if not found:
            raise NoSuchRecordError(
                f"No session or pause has the id {prefix}; kneetrack history and kneetrack pause --list show the ids."
            )
        return self._line_of(sessions[0]) if sessions else mapping.pause_of(pauses[0][2:])

    def last(self, *, removed: bool = False) -> tuple[Session, ...]:
        """Return the sessions of the exercise that was first written last, all that its command wrote of it.

        With `removed` also one that was taken out of the diary. Raises NothingToDoError when there is none.
        """
        only = f"WHERE {'current' if removed else LIVE} ORDER BY created_at DESC, uid DESC LIMIT 1"
        rows = self._select(SESSION, ("current", "removed", *WHOLE_SESSION), only)
        if not rows:
            raise NothingToDoError("Nothing has been logged yet.")
        return self._line_of(rows[0])

    def _beginning(self, of: Versioned, names: tuple[str, ...], prefix: str, *, removed: bool) -> list[Any]:
        """Return the records whose id begins so; of one that has no current version, the last that was written."""
        if not {*prefix} <= _HEX:
            return []
        within = f"WHERE uid >= ? AND uid < ? {'' if removed else f'AND {LIVE} '}ORDER BY current, id"
        rows = self._select(of, names, within, prefix, f"{prefix}g")
        at = names.index("uid")
        return list({row[at]: row for row in rows}.values())

    def _line_of(self, row: Sequence[Any]) -> tuple[Session, ...]:
        """Return the sessions that stand on one line: those of an exercise on a day that one command wrote.

        What was written set by set counts as one command: changes that are a part of the same one.
        """
        current, removed, *whole = row
        one = mapping.session_of(whole)
        if not current:
            return (one,)
        rows = self._select(
            SESSION,
            WHOLE_SESSION,
            f"WHERE {'current AND removed' if removed else LIVE} AND exercise = ? AND day = ?"
            f" AND (created_at = ? OR created_at IN ({_TOGETHER})) ORDER BY created_at, uid",
            *(one.exercise, str(one.day), *[mapping.stamp(one.created_at)] * 3),
        )
        return tuple(map(mapping.session_of, rows))

    def changes(self, most: int | None = None) -> list[Change]:
        """Return the newest changes that undo and redo know, newest first; all of them without `most`."""
        from kneetrack.store.undo import changes  # noqa: PLC0415 - few commands ask for it

        return changes(self._database, most)

    # Statements

    def _live(self, of: Versioned, names: Sequence[str], rest: str = "", *values: object) -> list[Any]:
        """Return columns of the records of a table that are shown."""
        return self._select(of, names, f"WHERE {LIVE} {rest}", *values)

    def _select(self, of: Versioned, names: Sequence[str], rest: str, *values: object) -> list[Any]:
        """Return columns of versions of a table."""
        return self._ask(of, names, f"SELECT {', '.join(names)} FROM {of.table} {rest}", *values)

    def _forget(self, *tables: str) -> None:
        """Ask again of some tables, or of all, what was asked before."""
        self._known = {key: rows for key, rows in self._known.items() if tables and key[0] not in tables}

    def _ask(self, of: Versioned, names: Sequence[str], statement: str, *values: object) -> list[Any]:
        """Return what a statement finds, once each value was looked at."""
        key = of.table, statement, values
        if key not in self._known:
            rows = self._database.rows(statement, *values)
            mapping.validate(of, names, rows)
            if not self._holds:
                return rows
            self._known[key] = rows
        return self._known[key]


def _collected(pairs: Iterable[tuple[str, str]]) -> dict[str, days.Days]:
    """Return the days of each exercise, given as pairs of both."""
    found: dict[str, list[str]] = {}
    for exercise, day in pairs:
        found.setdefault(exercise, []).append(day)
    return {exercise: days.collect(its) for exercise, its in found.items()}


_DAYS = f"SELECT DISTINCT exercise, day FROM session WHERE {LIVE} AND day >= ?"
_FIRST = "SELECT coalesce(part_of, id) FROM change WHERE at = ?"
_TOGETHER = f"SELECT at FROM change WHERE id IN ({_FIRST}) OR part_of IN ({_FIRST})"
"""The instants of the changes that are parts of the one that was written at an instant, bound twice."""
