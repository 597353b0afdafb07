"""What an open diary says, in statements that SQLite and PostgreSQL both take."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias

from kneetrack.domain import days
from kneetrack.domain.catalogue import Exercise
from kneetrack.domain.dose import Dose
from kneetrack.domain.errors import NoSuchRecordError, NothingToDoError
from kneetrack.domain.plan import Pause
from kneetrack.domain.records import Activity, Amount, Change, Pain, Rule, Score, Session
from kneetrack.store import mapping
from kneetrack.store.mapping import (
    CHANGE,
    EXERCISE,
    PAIN,
    PAUSE,
    PRESCRIPTION,
    RULE,
    SCORE,
    SESSION,
    SETTING,
    SHORTEST_ID,
    WITH_IDS,
    Versioned,
)
from kneetrack.store.port import Database, Found
from kneetrack.store.rules import ALL_SHOWN, COUNTS, LIVE, NEIGHBOURS, SHOWN_IDS

AMOUNT = ("exercise", "day", "side", "sets", "reps", "hold_s", "utc_offset_min")
WHOLE_SESSION = ("uid", "created_at", *SESSION.facts)
_WHOLE = {
    SESSION.table: WHOLE_SESSION,
    PAUSE.table: ("uid", *PAUSE.facts),
    PAIN.table: ("uid", "created_at", *PAIN.facts),
    SCORE.table: ("uid", "created_at", *SCORE.facts),
}
_VALUES: dict[str, Callable[[Sequence[Any]], Any]] = {
    PAUSE.table: mapping.pause_of,
    PAIN.table: mapping.pain_of,
    SCORE.table: mapping.score_of,
}
"""The columns that make a record whole, and what makes its value of them."""

_WRITTEN = "ORDER BY created_at, uid"
_NEWEST_FIRST = "ORDER BY day DESC, at IS NULL, at DESC, created_at DESC, uid DESC"
_AS_DATED = "ORDER BY day, created_at, uid"
"""By day, then in the order in which they were first written, wherever that was: undo leaves it as it is."""

_FEW = 50
"""Up to so many ids are shortened one by one, each by its neighbours."""

_HEX = frozenset("0123456789abcdef")


class DiaryReader:
    """A diary that is open to be read: `port.Reader`."""

    def __init__(self, database: Database) -> None:
        """Take a transaction."""
        self._database = database
        self._known: dict[tuple[str, str, tuple[object, ...]], list[Any]] = {}
        """What was asked since the last write, which is not asked again."""

    @property
    def database(self) -> Database:
        """What lies beneath, to be read."""
        return self._database

    # What it holds

    def settings(self) -> dict[str, str]:
        """Return the settings that were changed, by key."""
        return dict(self._live(SETTING, SETTING.facts))

    def own_exercises(self) -> list[Exercise]:
        """Return the exercises that the person added."""
        return list(map(mapping.exercise_of, self._live(EXERCISE, EXERCISE.facts, _WRITTEN)))

    def activity(self, amounts_since: date | None = None, days_since: date | None = None) -> Activity:
        """Return what is counted: amounts from one day on, days done from another; None is from the first."""
        first, second = str(amounts_since or days.FIRST_DAY), days_since or days.FIRST_DAY
        # Of the day before, no more is of interest than how far its clocks were ahead of UTC.
        rows = self._live(SESSION, AMOUNT, "AND day >= ?", _day_before(amounts_since))
        amounts = tuple(
            Amount(exercise, date.fromisoformat(day), side, Dose(sets, reps, hold_s))
            for exercise, day, side, sets, reps, hold_s, _ in rows
            if day >= first
        )
        if days_since is not None and str(second) >= first:
            found = _by_exercise((row[0], row[1], row[-1]) for row in rows if row[1] >= _day_before(second))
        else:
            found = self._days(days_since)
        return Activity(
            tuple(map(mapping.prescription_of, self._select(PRESCRIPTION, PRESCRIPTION.facts, _COUNTED))),
            tuple(self.pauses()),
            _from(second, {exercise: days.collect(its) for exercise, (its, _) in found.items()}),
            amounts,
            self._leapt_over(days_since, [offset for _, offsets in found.values() for offset in offsets]),
        )

    def _days(self, since: date | None) -> "dict[str, _Done]":
        """Return the days done by exercise, from the day before one on; None is from the first."""
        texts = self._database.joined("day")
        bounds = () if since is None else (_day_before(since),)
        statement = (_SOME_DAYS if bounds else _ALL_DAYS).format(days=texts)
        rows = self._ask(SESSION, ("exercise", "", "utc_offset_min", "utc_offset_min"), statement, *bounds)
        if not all(_are_days(joined) for _, joined, *_ in rows):
            self._select(SESSION, ("uid", "day"), f"WHERE {LIVE}")
            raise mapping.InvalidValueError(SESSION.table, "day")
        return {exercise: (joined.split(","), offsets) for exercise, joined, *offsets in rows}

    def _leapt_over(self, since: date | None, offsets: Iterable[int | None]) -> days.Days:
        """Return the days that never existed for the person: only clocks that are far apart can make one."""
        known = [offset for offset in offsets if offset is not None]
        if not known or max(known) - min(known) <= days.DATE_LINE // timedelta(minutes=1):
            return 0
        names = ("day", "at", "utc_offset_min")
        rows = self._live(SESSION, names, "AND at IS NOT NULL AND day >= ?", _day_before(since))
        moments = ((date.fromisoformat(day), mapping.local(mapping.instant(at), offset)) for day, at, offset in rows)
        return days.leapt_over((day, at) for day, at in moments if at is not None)

    def sessions(self, first: date | None, last: date | None, exercise: str | None = None) -> list[Session]:
        """Return the sessions of a range of days, newest first: by day, time (unknown last) and writing."""
        only, values = ("", ()) if exercise is None else ("AND exercise = ? ", (exercise,))
        bounds = (str(first or days.FIRST_DAY), str(last or date.max))
        rows = self._live(SESSION, WHOLE_SESSION, f"AND day BETWEEN ? AND ? {only}{_NEWEST_FIRST}", *bounds, *values)
        return list(map(mapping.session_of, rows))

    def wholes(self, first: datetime, last: datetime) -> dict[datetime, datetime]:
        """Return for the instant of each change in a range that is a part of another one the instant of that one."""
        rows = self._database.rows(_WHOLES, mapping.stamp(first), mapping.stamp(last))
        return {mapping.instant(part): mapping.instant(whole) for part, whole in rows}

    def last_note(self, exercise: str, until: date) -> str | None:
        """Return the newest note on an exercise, up to a day."""
        only = f"AND exercise = ? AND day <= ? AND note IS NOT NULL {_NEWEST_FIRST} LIMIT 1"
        rows = self._live(SESSION, ("note",), only, exercise, str(until))
        return next((str(note) for (note,) in rows), None)

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
        return list(map(mapping.pause_of, self._live(PAUSE, ("uid", *PAUSE.facts), _WRITTEN)))

    def first_change(self) -> str | None:
        """Return the uid of the first change, which all copies of a diary have; None where there is none."""
        rows = self._ask(CHANGE, ("uid",), "SELECT uid FROM change ORDER BY at, uid LIMIT 1")
        return next((str(uid) for (uid,) in rows), None)

    def pains(self, first: date | None, last: date | None) -> list[Pain]:
        """Return what was noted of a range of days apart from sessions, by day, then as first written.

        Of two that say something of one moment and side of a day the last counts; notes accumulate.
        """
        bounds = (str(first or days.FIRST_DAY), str(last or date.max))
        only = f"AND day BETWEEN ? AND ? {_AS_DATED}"
        return list(map(mapping.pain_of, self._live(PAIN, _WHOLE[PAIN.table], only, *bounds)))

    def scores(self) -> list[Score]:
        """Return the scores, by day, then as first written; of two of a day, measure and activity the last counts."""
        return list(map(mapping.score_of, self._live(SCORE, _WHOLE[SCORE.table], _AS_DATED)))

    def rules(self) -> list[Rule]:
        """Return the person's own rules of when to go on, in the order of writing."""
        return list(map(mapping.rule_of, self._live(RULE, RULE.facts, _WRITTEN)))

    # Records and changes by their ids

    def shorten(self, uids: Iterable[str]) -> dict[str, str]:
        """Return each id as the fewest of its first characters, at least 4, that no other record begins with."""
        wanted = list(uids)
        if len(wanted) > _FEW:
            return self._shorten_many(wanted)
        marks = 2 * len(SHOWN_IDS)
        return {uid: mapping.shortest(uid, self._database.rows(NEIGHBOURS, *[uid] * marks)[0]) for uid in wanted}

    def _shorten_many(self, uids: Iterable[str]) -> dict[str, str]:
        """Return what `shorten` does by one look at all ids, which costs less than one for each of many."""
        from bisect import bisect_left  # noqa: PLC0415 - few screens have so many ids

        known = sorted({uid for (uid,) in self._database.rows(ALL_SHOWN)})
        found: dict[str, str] = {}
        for uid in uids:
            at = bisect_left(known, uid)
            after = at + 1 if known[at : at + 1] == [uid] else at
            found[uid] = mapping.shortest(uid, (*known[max(at - 1, 0) : at], *known[after : after + 1]))
        return found

    def find(self, prefix: str, *, removed: bool = False) -> Found:
        """Return what an id, or the beginning of one, names; a session with the other sets of its line.

        With `removed` also one that was taken out of the diary. Raises NoSuchRecordError.
        """
        if len(prefix) < SHORTEST_ID:
            raise NoSuchRecordError(
                f"An id has at least {SHORTEST_ID} characters; kneetrack history shows them. Or type “last”."
            )
        found = [
            (of, row)
            for of in WITH_IDS
            for row in self._beginning(of, ("current", "removed", *_WHOLE[of.table]), prefix.lower(), removed=removed)
        ]
        if len(found) > 1:
            raise NoSuchRecordError(f"{len(found)} records have an id that begins with {prefix}; type more of it.")
        if not found:
            raise NoSuchRecordError(
                f"Nothing has the id {prefix};"
                " kneetrack history, kneetrack score and kneetrack pause --list show the ids."
            )
        ((of, row),) = found
        if of is SESSION:
            return self._line_of(row)
        value: Found = _VALUES[of.table](row[2:])
        return value

    def line(self, uid: str) -> tuple[Session, ...]:
        """Return a session, by its uid, with the other sets of its line. Raises NoSuchRecordError."""
        found = self._beginning(SESSION, ("current", "removed", *WHOLE_SESSION), uid, removed=False)
        if not found:
            raise NoSuchRecordError(f"No session has the id {uid}.")
        return self._line_of(found[0])

    def last(self, *, whole: bool = False) -> tuple[Session, ...]:
        """Return the sessions of the exercise that was first written last, all that its command wrote of it.

        With `whole` those of the other exercises of its day too that the command wrote. Raises NothingToDoError when
        there is none.
        """
        only = f"WHERE {LIVE} ORDER BY created_at DESC, uid DESC LIMIT 1"
        rows = self._select(SESSION, ("current", "removed", *WHOLE_SESSION), only)
        if not rows:
            raise NothingToDoError("Nothing has been logged yet.")
        return self._line_of(rows[0], whole=whole)

    def _beginning(self, of: Versioned, names: tuple[str, ...], prefix: str, *, removed: bool) -> list[Any]:
        """Return the records whose id begins so; of one that has no current version, the last that was written."""
        if not {*prefix} <= _HEX:
            return []
        within = f"WHERE uid >= ? AND uid < ? {'' if removed else f'AND {LIVE} '}ORDER BY current, id"
        rows = self._select(of, names, within, prefix, f"{prefix}g")
        at = names.index("uid")
        return list({row[at]: row for row in rows}.values())

    def _line_of(self, row: Sequence[Any], *, whole: bool = False) -> tuple[Session, ...]:
        """Return the sessions that stand on one line: those of an exercise on a day that one command wrote.

        With `whole` they are those of any exercise. What was written set by set counts as one command: changes that
        are a part of the same one.
        """
        current, removed, *facts = row
        one = mapping.session_of(facts)
        if not current:
            return (one,)
        rows = self._select(
            SESSION,
            WHOLE_SESSION,
            f"WHERE {'current AND removed' if removed else LIVE} AND day = ?{'' if whole else ' AND exercise = ?'}"
            f" AND (created_at = ? OR created_at IN ({_TOGETHER})) ORDER BY created_at, uid",
            *(str(one.day), *(() if whole else (one.exercise,)), *[mapping.stamp(one.created_at)] * 3),
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
        try:
            return self._ask(of, names, f"SELECT {', '.join(names)} FROM {of.table} {rest}", *values)
        except mapping.InvalidValueError:
            if "uid" not in names:
                self._select(of, ("uid", *names), rest, *values)
            raise

    def _forget(self, *tables: str) -> None:
        """Ask again of some tables, or of all, what was asked before."""
        self._known = {key: rows for key, rows in self._known.items() if tables and key[0] not in tables}

    def _ask(self, of: Versioned, names: Sequence[str], statement: str, *values: object) -> list[Any]:
        """Return what a statement finds, once each value was looked at."""
        key = of.table, statement, values
        if key not in self._known:
            rows = self._database.rows(statement, *values)
            mapping.validate(of, names, rows)
            self._known[key] = rows
        return self._known[key]


_Done: TypeAlias = tuple[list[str], Iterable[int | None]]
"""The days of an exercise, and how many minutes the clocks of some of them were ahead of UTC."""


def _by_exercise(rows: Iterable[tuple[str, str, int | None]]) -> dict[str, _Done]:
    """Return days done by exercise."""
    found: dict[str, tuple[list[str], list[int | None]]] = {}
    for exercise, day, offset in rows:
        its_days, offsets = found.setdefault(exercise, ([], []))
        its_days.append(day)
        offsets.append(offset)
    return dict(found)


def _from(first: date, done: dict[str, days.Days]) -> dict[str, days.Days]:
    """Return what was done from a day on."""
    number = days.number(first)
    kept = {exercise: its >> number << number for exercise, its in done.items()}
    return {exercise: its for exercise, its in kept.items() if its}


def _day_before(day: date | None) -> str:
    """Return the day before one as it is stored; None is before the first."""
    return str(day - timedelta(1) if day and day > days.FIRST_DAY else days.FIRST_DAY)


def _are_days(joined: object) -> bool:
    """Return whether a text is days with commas between, each of the form 2026-11-25."""
    if not isinstance(joined, str):
        return False
    each = _DAY_AND_COMMA
    number = (len(joined) + 1) // each
    marks = (joined[4::each], joined[7::each], joined[10::each])
    return len(joined) + 1 == number * each and marks == ("-" * number, "-" * number, "," * (number - 1))


_DAY_AND_COMMA = len("2026-11-25,")
_COUNTED = f"WHERE {COUNTS} {_WRITTEN}"
_JOINED = "{days}, min(utc_offset_min), max(utc_offset_min)"
_ALL_DAYS = f"SELECT exercise, {_JOINED} FROM session WHERE {LIVE} GROUP BY exercise"
_SOME_DAYS = f"SELECT exercise || '', {_JOINED} FROM session WHERE {LIVE} AND day >= ? GROUP BY exercise || ''"
"""Grouped by an expression, so that not all days are walked in the order of exercises to save the grouping."""

_FIRST = "SELECT coalesce(part_of, id) FROM change WHERE at = ?"
_TOGETHER = f"SELECT at FROM change WHERE id IN ({_FIRST}) OR part_of IN ({_FIRST})"
"""The instants of the changes that are parts of the one that was written at an instant, bound twice."""

_WHOLES = (
    "SELECT part.at, whole.at FROM change AS part JOIN change AS whole ON whole.id = part.part_of"
    " WHERE part.part_of IS NOT NULL AND part.at BETWEEN ? AND ?"
)
