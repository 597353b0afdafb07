"""The columns of each table of versions, and how a row becomes a value and a value a row.

A row is not trusted: what no command of ours writes is an InvalidValueError, which names the record and the column.
"""

import os
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from typing import Any
from zlib import crc32

from kneetrack.domain.catalogue import Exercise
from kneetrack.domain.days import FIRST_DAY
from kneetrack.domain.dose import MAX_HOLD_S, MAX_REPS, MAX_SETS, Dose
from kneetrack.domain.names import MAX_KEPT
from kneetrack.domain.plan import MAX_EVERY, MAX_REST_S, MAX_TEMPO_S, Pause, Prescription, Schedule
from kneetrack.domain.records import (
    MAX_NOTE,
    MAX_RATING,
    MAX_RULE_SESSIONS,
    MAX_TENTHS,
    Pain,
    Rule,
    Score,
    Session,
)
from kneetrack.domain.value import Value

SHORTEST_ID = 4
UID_DIGITS = 32
_DAY_LENGTH = len("2026-11-25")
STAMP_LENGTH = len("2026-11-25 06:41:00.000000")
MAX_OFFSET_MIN = timedelta(days=1) // timedelta(minutes=1) - 1
LAST_YEAR = 9000
"""Instants end before this year, so that there is always a later one for the next change."""

MAX_CHECKSUM = 0xFFFF_FFFF

NUMBERS = {
    "sets": range(1, MAX_SETS + 1),
    "reps": range(1, MAX_REPS + 1),
    "hold_s": range(1, MAX_HOLD_S + 1),
    "up_s": range(1, MAX_TEMPO_S + 1),
    "down_s": range(1, MAX_TEMPO_S + 1),
    "rest_s": range(MAX_REST_S + 1),
    "every": range(1, MAX_EVERY + 1),
    "per_week": range(1, 8),
    "pain": range(MAX_RATING + 1),
    "effort": range(MAX_RATING + 1),
    "tenths": range(MAX_TENTHS + 1),
    **dict.fromkeys(("least", "most"), range(1, MAX_HOLD_S + 1)),
    "sessions": range(1, MAX_RULE_SESSIONS + 1),
    **dict.fromkeys(("max_pain", "max_effort"), range(MAX_RATING + 1)),
    "utc_offset_min": range(-MAX_OFFSET_MIN, MAX_OFFSET_MIN + 1),
}
"""The columns that hold a whole number, with their limits."""

WORDS = {
    "side": ("left", "right", "both"),
    "kind": ("drop", "daily", "every", "weekdays", "per_week"),
    "mode": ("reps", "hold"),
    "moment": ("morning", "after", "day"),
    "measure": ("psfs", "nprs", "change", "akps", "koos_pf"),
}
"""The columns that hold one of some words."""

TEXTS = {
    **dict.fromkeys(("exercise", "then_exercise"), MAX_KEPT),
    "name": MAX_KEPT,
    "key": MAX_KEPT,
    "value": MAX_KEPT,
    "load": MAX_NOTE,
    "note": MAX_NOTE,
    "reason": MAX_NOTE,
    "activity": MAX_KEPT,
}
"""The columns that hold a text, with the most characters that it may have."""


class Versioned(Value):
    """A table whose rows are versions of records: its name, and the columns that hold what a version says.

    `needed` are those of them that are never null.
    """

    table: str
    facts: tuple[str, ...]
    needed: frozenset[str]

    @property
    def columns(self) -> tuple[str, ...]:
        """Return all columns but the id, as a version is written."""
        return (*VERSION, *self.facts, "checksum")


VERSION = ("uid", "change_id", "created_at", "removed", "current", "brought_by")
"""The columns that every table of versions has before its facts; `checksum` comes after them."""

SESSION = Versioned(
    "session",
    (
        "exercise", "day", "at", "utc_offset_min", "side", "sets", "reps", "hold_s",
        "load", "pain", "effort", "note",
    ),
    frozenset({"exercise", "day"}),
)  # fmt: skip
PRESCRIPTION = Versioned(
    "prescription",
    (
        "exercise", "first_day", "kind", "sets", "reps", "hold_s", "up_s", "down_s", "rest_s",
        "every", "weekdays", "per_week",
    ),
    frozenset({"exercise", "first_day", "kind"}),
)  # fmt: skip
PAUSE = Versioned("pause", ("exercise", "first_day", "last_day", "reason"), frozenset({"first_day"}))
EXERCISE = Versioned(
    "exercise", ("exercise", "name", "per_side", "mode"), frozenset({"exercise", "name", "per_side", "mode"})
)
SETTING = Versioned("setting", ("key", "value"), frozenset({"key", "value"}))
PAIN = Versioned("pain", ("day", "moment", "at", "utc_offset_min", "side", "pain", "note"), frozenset({"day"}))
SCORE = Versioned("score", ("day", "measure", "activity", "tenths"), frozenset({"day", "measure", "tenths"}))

RULE = Versioned(
    "rule",
    (
        "exercise", "least", "most", "sessions", "max_pain", "morning_not_worse", "max_effort",
        "then_exercise", "sets", "reps", "hold_s", "quiet_until",
    ),
    frozenset({"exercise", "sessions", "morning_not_worse", "then_exercise", "sets"}),
)  # fmt: skip

VERSIONED = (SESSION, PRESCRIPTION, PAUSE, EXERCISE, SETTING, PAIN, SCORE, RULE)
WITH_IDS = (SESSION, PAUSE, PAIN, SCORE)
"""The tables whose records have ids that people see and type."""

WITH_RANDOM_UIDS = (*WITH_IDS, PRESCRIPTION)
"""The tables whose records can be purged: the uid of any other follows from its key, and comes again with it."""


CHANGE = Versioned("change", ("at", "device", "command"), frozenset({"at", "command"}))
DEVICE = Versioned("device", ("since",), frozenset({"since"}))
TOMBSTONE = Versioned("tombstone", ("at",), frozenset({"at"}))
"""The tables of no versions, as far as `validate` needs to know them."""


# Ids and instants


def random_uid() -> str:
    """Return the 32 hex digits of a random UUID, of version 4."""
    random = int.from_bytes(os.urandom(16))
    return f"{random & ~(0xF << 76) & ~(0x3 << 62) | (0x4 << 76) | (0x2 << 62):032x}"


def new_uids(count: int) -> list[str]:
    """Return random ids for what one change writes; they ascend, so that (created_at, uid) is the order of writing."""
    return sorted(random_uid() for _ in range(count))


def uid_of(table: str, key: str) -> str:
    """Return the uid of a record that is known by its key, so that two copies agree on it."""
    from uuid import NAMESPACE_OID, uuid5  # noqa: PLC0415 - a twentieth of a log, and few commands need it

    return uuid5(NAMESPACE_OID, f"kneetrack {table} {key}").hex


def shortest(uid: str, neighbours: Iterable[str | None]) -> str:
    """Return the fewest first characters of an id, at least 4, that none of the others begins with."""
    shared = 0
    for other in neighbours:
        if other:
            same = next((at for at in range(len(uid)) if not other.startswith(uid[: at + 1])), len(uid))
            shared = max(shared, same)
    return uid[: max(SHORTEST_ID, shared + 1)]


def stamp(at: datetime) -> str:
    """Return an instant as it is stored: in UTC, to the microsecond, as 2026-11-25 06:41:00.000000."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def instant(written: str) -> datetime:
    """Return the instant that a stamp stands for, in UTC."""
    return datetime.fromisoformat(written).replace(tzinfo=UTC)


def offset_min(at: datetime | None) -> int | None:
    """Return how many minutes a local time is ahead of UTC."""
    return None if at is None else int((at.utcoffset() or timedelta()).total_seconds() // 60)


def local(at: datetime | None, minutes: int | None) -> datetime | None:
    """Return an instant on the clock of who was so many minutes ahead of UTC."""
    return at and at.astimezone(timezone(timedelta(minutes=minutes or 0)))


def after(now: datetime, newest: str | None) -> datetime:
    """Return when a change is written: now in UTC, or just after the newest change when the clock ran back."""
    at = now.astimezone(UTC)
    return max(at, instant(newest) + timedelta(microseconds=1)) if newest else at


# Values to rows


def session_facts(session: Session) -> tuple[object, ...]:
    """Return what a session says, in the order of SESSION.facts."""
    when = (session.at and stamp(session.at), offset_min(session.at))
    what = (session.side, *session.dose, session.load, session.pain, session.effort, session.note)
    return (session.exercise, str(session.day), *when, *what)


def prescription_facts(prescription: Prescription) -> tuple[object, ...]:
    """Return what a prescription says, in the order of PRESCRIPTION.facts."""
    exercise, first_day, dose, schedule, *tempo = prescription
    if dose is None or schedule is None:
        return (exercise, str(first_day), "drop", *[None] * 9)
    weekdays = "".join(map(str, schedule.weekdays)) or None
    held = (schedule.every, weekdays, schedule.per_week)
    return (exercise, str(first_day), schedule.kind, *dose, *tempo, *held)


def pause_facts(pause: Pause) -> tuple[object, ...]:
    """Return what a pause says, in the order of PAUSE.facts."""
    return (pause.exercise, str(pause.first), str(pause.last) if pause.last else None, pause.reason)


def pain_facts(pain: Pain) -> tuple[object, ...]:
    """Return what is noted of pain, in the order of PAIN.facts."""
    when = (pain.at and stamp(pain.at), offset_min(pain.at))
    return (str(pain.day), pain.moment, *when, pain.side, pain.level, pain.note)


def score_facts(score: Score) -> tuple[object, ...]:
    """Return what a score says, in the order of SCORE.facts."""
    return (str(score.day), score.measure, score.activity, score.tenths)


def rule_facts(rule: Rule) -> tuple[object, ...]:
    """Return what a rule says, in the order of RULE.facts."""
    *asked, then, dose, quiet_until = rule
    return (*asked, then, *dose, str(quiet_until) if quiet_until else None)


def exercise_facts(exercise: Exercise) -> tuple[object, ...]:
    """Return what is kept of an exercise of the person's own, in the order of EXERCISE.facts."""
    return (exercise.id, exercise.name, exercise.per_side, exercise.mode)


def checksum(of: Versioned, said: Sequence[object]) -> int:
    """Return the CRC-32 of a version: its uid, the uid of its change, created_at, removed, and the facts.

    It is that of a line `name=value` for each value that is not null, so that a column that comes later leaves the
    checksums of older versions as they are, and no database's own way of writing a value plays a part.
    """
    plain = list(said)
    for at in _FLAGS_AT[of.table]:
        plain[at] = int(bool(plain[at]))
    lines = [f"{label}{value}" for label, value in zip(_LABELS[of.table], plain, strict=True) if value is not None]
    return crc32("\n".join(lines).encode("utf-8", "surrogatepass"))


# Rows to values


class InvalidValueError(ValueError):
    """A row holds a value that no command of ours writes; the message names the record and the column."""

    def __init__(self, table: str, column: str, uid: object = None) -> None:
        """Take where the value stands; `uid` is that of the record, where it is known."""
        record = f" of {table} {uid[:8]}" if isinstance(uid, str) and is_uid(uid) else f" of a {table}"
        super().__init__(f"{column}{record} has an invalid value")


def validate(of: Versioned, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Raise InvalidValueError for the first row with a value that its column cannot hold.

    `names` are the columns of the rows. Each value is looked at once, however many rows have it.
    """
    for at, column in enumerate(zip(*rows, strict=True)):
        is_valid = _check_of(names[at])
        null = names[at] not in of.needed | _ALWAYS_THERE
        invalid = {value for value in {*column} if not (null if value is None else is_valid(value))}
        if invalid or not {*map(type, column)} <= _TYPES:
            row = next(row for row in rows if row[at] in invalid or type(row[at]) not in _TYPES)
            raise InvalidValueError(of.table, names[at], dict(zip(names, row, strict=True)).get("uid"))


def session_of(row: Sequence[Any]) -> Session:
    """Return the session of a validated row of uid, created_at and SESSION.facts."""
    uid, created_at, exercise, day, at, minutes, side, sets, reps, hold_s, *rest = row
    when = local(instant(at), minutes) if at else None
    dose = Dose(sets, reps, hold_s)
    return Session(uid, instant(created_at), exercise, date.fromisoformat(day), when, side, dose, *rest)


def prescription_of(row: Sequence[Any]) -> Prescription:
    """Return the prescription of a validated row of PRESCRIPTION.facts. Raises InvalidValueError."""
    exercise, first_day, kind, sets, reps, hold_s, up_s, down_s, rest_s, every, weekdays, per_week = row
    first = date.fromisoformat(first_day)
    if kind == "drop":
        return Prescription(exercise, first, None, None)
    its_own = {"every": every, "weekdays": weekdays, "per_week": per_week}
    if (
        sets is None
        or (reps is None and hold_s is None)
        or any((kind == name) != (its_own[name] is not None) for name in its_own)
    ):
        raise InvalidValueError(PRESCRIPTION.table, "kind")
    schedule = Schedule(kind, every, tuple(map(int, weekdays or "")), per_week)
    return Prescription(exercise, first, Dose(sets, reps, hold_s), schedule, up_s, down_s, rest_s)


def pause_of(row: Sequence[Any]) -> Pause:
    """Return the pause of a validated row of uid and PAUSE.facts."""
    uid, exercise, first, last, reason = row
    return Pause(uid, exercise, date.fromisoformat(first), last and date.fromisoformat(last), reason)


def pain_of(row: Sequence[Any]) -> Pain:
    """Return the pain of a validated row of uid, created_at and PAIN.facts. Raises InvalidValueError."""
    uid, created_at, day, moment, at, minutes, side, level, note = row
    if (moment is None) != (level is None) or (level is None and note is None):
        raise InvalidValueError(PAIN.table, "moment", uid)
    when = local(instant(at), minutes) if at else None
    return Pain(uid, instant(created_at), date.fromisoformat(day), moment, when, side, level, note)


def score_of(row: Sequence[Any]) -> Score:
    """Return the score of a validated row of uid, created_at and SCORE.facts."""
    uid, created_at, day, *said = row
    return Score(uid, instant(created_at), date.fromisoformat(day), *said)


def rule_of(row: Sequence[Any]) -> Rule:
    """Return the rule of a validated row of RULE.facts."""
    exercise, least, most, sessions, max_pain, morning, max_effort, then, *dose, quiet_until = row
    asked = (exercise, least, most, sessions, max_pain, bool(morning), max_effort, then)
    return Rule(*asked, Dose(*dose), date.fromisoformat(quiet_until) if quiet_until else None)


def exercise_of(row: Sequence[Any]) -> Exercise:
    """Return the exercise of a validated row of EXERCISE.facts."""
    exercise, name, per_side, mode = row
    return Exercise(exercise, name, bool(per_side), mode)


def is_day(value: object) -> bool:
    """Return whether a value is a day of the calendar that a diary can hold, as 2026-11-25."""
    return isinstance(value, str) and len(value) == _DAY_LENGTH and value[4] == value[7] == "-" and _is_date(value)


@lru_cache(maxsize=4096)
def _is_date(value: str) -> bool:
    """Return whether a text names a date from the first day of a diary on."""
    try:
        return date.fromisoformat(value) >= FIRST_DAY
    except ValueError:
        return False


def is_stamp(value: object) -> bool:
    """Return whether a value is an instant as `stamp` writes it."""
    if not (isinstance(value, str) and len(value) == STAMP_LENGTH and value[10::9] == " ." and value[20:].isdecimal()):
        return False
    try:
        return is_day(value[:10]) and datetime.fromisoformat(value).year < LAST_YEAR
    except ValueError:
        return False


def is_weekdays(value: object) -> bool:
    """Return whether a value is some weekdays as ascending digits, Monday 0: 024."""
    return isinstance(value, str) and value != "" and "".join(sorted({*value} & {*"0123456"})) == value


def is_uid(value: object) -> bool:
    """Return whether a value is 32 lower-case hex digits."""
    return isinstance(value, str) and len(value) == UID_DIGITS and not value.strip("0123456789abcdef")


def _is_flag(value: object) -> bool:
    """Return whether a value is yes or no."""
    return value in {0, 1}


def _check_of(name: str) -> Callable[[Any], bool]:
    """Return how a value of a column is looked at that is not null."""
    if name in NUMBERS:
        limits = NUMBERS[name]
        return lambda value: isinstance(value, int) and value in limits
    if name in WORDS:
        return WORDS[name].__contains__
    if name in TEXTS:
        most = TEXTS[name]
        return lambda value: isinstance(value, str) and len(value) <= most
    return _PARTICULAR.get(name, lambda _: True)


_SUMMED = ("uid", "change", "created_at", "removed")
_ALWAYS_THERE = {"id", "uid", "change_id", "created_at", "removed", "current", "checksum"}
_TYPES = {int, str, bool, type(None)}
_FLAGS = frozenset({"removed", "current", "per_side", "morning_not_worse"})
_LABELS = {of.table: [f"{name}=" for name in (*_SUMMED, *of.facts)] for of in VERSIONED}
_FLAGS_AT = {of.table: [at for at, name in enumerate((*_SUMMED, *of.facts)) if name in _FLAGS] for of in VERSIONED}
"""What stands before each value that is summed up, and which of them are yes or no."""

_PARTICULAR: dict[str, Callable[[Any], bool]] = {
    **dict.fromkeys(("uid", "device"), is_uid),
    "weekdays": is_weekdays,
    **dict.fromkeys(("day", "first_day", "last_day", "quiet_until"), is_day),
    **dict.fromkeys(("at", "created_at", "since"), is_stamp),
    "command": lambda value: isinstance(value, str),
    **dict.fromkeys(_FLAGS, _is_flag),
}
"""How a value is looked at that is neither a number, nor a word, nor a text."""
