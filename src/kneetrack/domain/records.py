"""What a diary holds, as values: `Session` for who reads it, `Activity` for who counts it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Literal, TypeAlias

from kneetrack.domain import days
from kneetrack.domain.days import Days
from kneetrack.domain.dose import Dose
from kneetrack.domain.plan import Pause, Prescription
from kneetrack.domain.value import Value

Side: TypeAlias = Literal["left", "right", "both"]

Moment: TypeAlias = Literal["morning", "after", "day"]
Measure: TypeAlias = Literal["psfs", "nprs", "change", "akps", "koos_pf"]

MAX_RATING = 10
MAX_TENTHS = 1000
MAX_NOTE = 2000
MAX_COMMAND = 200_000
MAX_RULE_SESSIONS = 30

NO_PARTS: Mapping[datetime, datetime] = MappingProxyType({})
"""Nothing that was written is a part of a whole."""


class Session(Value):
    """One record of an exercise done.

    `uid` is 32 hex digits; `created_at` the instant in UTC when it was first written, which the sessions
    of one command share; `day` the diary day; `at` the instant with its offset, None when it is not known; `side`
    is None when the exercise is not done per side; `pain` and `effort` go from 0 to 10. None means not recorded.
    """

    uid: str
    created_at: datetime
    exercise: str
    day: date
    at: datetime | None
    side: Side | None
    dose: Dose
    load: str | None
    pain: int | None
    effort: int | None
    note: str | None


class Pain(Value):
    """Pain that was noted apart from sessions, or a note of a day without a number.

    `moment` is `morning`, `after` (within the hour after exercise) or `day` (the worst apart from exercise); it and
    `level`, 0 to 10, are None together, and then there is a note. `side` is None when no side was named. The other
    fields are as in Session.
    """

    uid: str
    created_at: datetime
    day: date
    moment: Moment | None
    at: datetime | None
    side: Side | None
    level: int | None
    note: str | None


class Score(Value):
    """How a questionnaire or a rating came out on a day.

    `activity` is the person's own words where the measure is of activities, else None; `tenths` is the score times ten,
    0 to 1000.
    """

    uid: str
    created_at: datetime
    day: date
    measure: Measure
    activity: str | None
    tenths: int


class Rule(Value):
    """A person's own rule of when to go on from an exercise: what its last sessions must be like, and what comes then.

    Every planned set of the last `sessions` exercise days reached `most`, the top of a range of repetitions, or of
    seconds where the exercise is held; without a range, what was planned. `max_pain` and `max_effort`, 0 to 10, and
    `morning_not_worse` are what else is asked for; None and False are not. `then` is the exercise that may be
    planned with `dose` when it is met. Up to `quiet_until` nothing is said of it.
    """

    exercise: str
    least: int | None
    most: int | None
    sessions: int
    max_pain: int | None
    morning_not_worse: bool
    max_effort: int | None
    then: str
    dose: Dose
    quiet_until: date | None = None


class Change(Value):
    """One command that wrote something: its uid, when, what was typed, and whether it was undone since."""

    uid: str
    at: datetime
    command: str
    undone: bool


class Amount(Value):
    """What one session adds to the volume of an exercise on a day."""

    exercise: str
    day: date
    side: Side | None
    dose: Dose


class Activity(Value):
    """What is counted: the plan, the pauses, and what was done.

    `prescriptions` stand in the order of writing. `done` says on which days each exercise has a session,
    and `amounts` how much it was, each from the day on that the reader asked for. `leapt_over` are the days
    that never existed for the person, by `days.leapt_over` of every session whose instant is known.
    """

    prescriptions: tuple[Prescription, ...]
    pauses: tuple[Pause, ...]
    done: dict[str, Days]
    amounts: tuple[Amount, ...]
    leapt_over: Days = 0

    def counts(self, until: date) -> Counter[str]:
        """Return how many sessions each exercise has up to a day, of those whose amounts are known."""
        return Counter(amount.exercise for amount in self.amounts if amount.day <= until)

    def __repr__(self) -> str:
        """Return the activity with its sets of days as dates: as numbers they are too long to be printed."""
        done = {exercise: _as_dates(on) for exercise, on in self.done.items()}
        return f"Activity({self.prescriptions}, {self.pauses}, {done}, {self.amounts}, {_as_dates(self.leapt_over)})"


def _as_dates(some: Days) -> list[str]:
    return [str(days.day_of(day)) for day in days.each(some)]


def lines_of(sessions: Iterable[Session], wholes: Mapping[datetime, datetime] = NO_PARTS) -> list[list[Session]]:
    """Return sessions as they share lines: the sets that one command wrote of an exercise on a day.

    `wholes` names for each instant that something was written as a part of a whole the instant of that whole.
    """
    lines: dict[tuple[object, ...], list[Session]] = {}
    for session in sessions:
        command = wholes.get(session.created_at, session.created_at)
        lines.setdefault((command, session.exercise, session.day), []).append(session)
    return list(lines.values())


class Counts(Value):
    """How many records of a kind a file adds, changes, and leaves as they are.

    `outdated` ones say what the diary said once, before it was changed here, and are left as they are too.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    outdated: int = 0


def commands_of(
    sessions: Iterable[Session], wholes: Mapping[datetime, datetime] = NO_PARTS
) -> list[list[list[Session]]]:
    """Return the lines of sessions as commands wrote them for a day; sessions and commands come newest first.

    What one command wrote stands in the order of writing: its lines, and the sets of each.
    """
    commands: dict[tuple[object, ...], list[list[Session]]] = {}
    for line in lines_of(sessions, wholes):
        command = wholes.get(line[0].created_at, line[0].created_at)
        commands.setdefault((command, line[0].day), []).append(line[::-1])
    return [sorted(lines, key=_written) for lines in commands.values()]


def _written(line: list[Session]) -> tuple[datetime, str]:
    return line[0].created_at, line[0].uid
