"""What Loop Habit Tracker exports: a zip, or the folder that it was unpacked to.

`Habits.csv` names the habits by their position, and `001 Name/Checkmarks.csv` has a day, a value and a note on each
line; older ones lack the heading or the notes. The unified `Checkmarks.csv` at the top is not read: it has been
wrong, and has no notes. A day that was ticked becomes a session, a skipped one a pause of that day.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from kneetrack.domain.catalogue import Exercise
from kneetrack.domain.errors import KneetrackError, UnreadableFileError
from kneetrack.domain.text import clean, count
from kneetrack.domain.value import Value
from kneetrack.exchange.archive import Tree
from kneetrack.exchange.csv_import import Find
from kneetrack.exchange.form import PAUSES, SESSIONS, VERSION
from kneetrack.exchange.staging import Staging
from kneetrack.exchange.validation import validate
from kneetrack.store.mapping import is_day

_CHECKMARKS = re.compile(r"((?:[^/]+/)?)([0-9]{3,9})(?: ([^/]*))?/Checkmarks\.csv")
_DONE = {"YES_MANUAL": "done", "2": "done"}
_VALUES = {**_DONE, "SKIP": "skip", "3": "skip", "YES_AUTO": "auto", "1": "auto"} | dict.fromkeys(
    ("NO", "0", "UNKNOWN", "-1"), "none"
)
"""The words for values, and the numbers that older exports have in their place."""

_THOUSAND = 1000

_UNITS = {
    "reps": {"|x|×|reps?|repetitions?|times?": 1},
    "hold": {"|s|secs?|seconds?": 1, "m|mins?|minutes?": 60, "h|hrs?|hours?": 3600},
}
"""What the units of numbers stand for in repetitions, or in seconds of a hold; a habit need not have one."""

_COUNTED = {"reps": "reps", "hold": "hold_s"}
_AUTOMATIC = "Loop ticked it by itself, so nothing was done"
_LONELY = "a note without a session cannot be imported"
_LONGEST = 40


class Habit(Value):
    """A habit and the file that its days are in."""

    name: str
    unit: str
    path: str


def stage_days(tree: Tree, staging: Staging, find: Find, today: date) -> None:
    """Put the days of all habits that are exercises in the staging, and tell what is left out.

    Raises UnreadableFileError for what is no export of Loop.
    """
    change = staging.put_own_change()
    with staging.reading(of_changes=False, strict=False):
        for habit in _habits(tree):
            try:
                exercise = find(habit.name)
            except KneetrackError:
                days = sum(_VALUES.get(value, "done") == "done" for _, _, value, _ in _marks(tree, habit))
                shown = clean(habit.name[:_LONGEST])
                staging.left_out.append(
                    f"“{shown}”, {count(days, 'day')}: no exercise of that name; add --map '{shown}=NAME'"
                )
            else:
                _Days(habit, exercise, staging, today, change).read(tree)


class _Days:
    """Reads the days of one habit."""

    def __init__(self, habit: Habit, exercise: Exercise, staging: Staging, today: date, change: str) -> None:
        """Take the habit, the exercise that it stands for, and where its days go."""
        self._habit, self._exercise = habit, exercise
        self._staging, self._today, self._change = staging, today, change
        self._left_out: Counter[str] = Counter()

    def read(self, tree: Tree) -> None:
        """Put the days in the staging."""
        for number, day, value, note in _marks(tree, self._habit):
            place = f"{clean(self._habit.path)} line {number}"
            try:
                self._put(place, day, value, note)
            except ValueError as reason:
                self._staging.refuse(place, str(reason))
        shown = clean(self._habit.name[:_LONGEST])
        for why, days in self._left_out.items():
            self._staging.left_out.append(f"“{shown}”, {count(days, 'day')}: {why}")

    def _put(self, place: str, day: str, value: str, note: str) -> None:
        """Put one day in the staging. Raises ValueError."""
        if not is_day(day):
            raise ValueError("day must be a day such as 2026-11-25")
        if date.fromisoformat(day) > self._today + timedelta(1):
            raise ValueError(f"{day} is still to come")
        meaning = _VALUES.get(value) or "done"
        if meaning in {"auto", "none"}:
            self._left_out.update([_AUTOMATIC] * (meaning == "auto") + [_LONELY] * bool(note))
            return
        kind = SESSIONS if meaning == "done" else PAUSES
        facts: dict[str, Any] = {"exercise": self._exercise.id, "day": day, "first_day": day, "last_day": day}
        if meaning == "done":
            facts |= {"note": note or None, "side": "both" if self._exercise.per_side else None}
            facts |= {} if value in _DONE else self._dose(value)
        else:
            facts |= {"reason": note or None}
        uid = uuid5(NAMESPACE_OID, f"kneetrack loop {meaning} {day} {self._habit.name}").hex
        if self._staging.again(uid):
            raise ValueError(f"{day} was there before")
        version = {"uid": uid, "created_at": self._staging.created_on(day), "removed": False}
        says = {key: facts.get(key) for key in kind.keys[len(VERSION) :]}
        validate(kind, version | says)
        self._staging.put(kind, place, (uid, self._change, version["created_at"], False, *says.values()))

    def _dose(self, value: str) -> dict[str, int]:
        """Return the dose that a value in thousandths of the habit's unit stands for; none for a unit of neither."""
        if not re.fullmatch("[0-9]{1,12}", value):
            raise ValueError(f"“{clean(value[:_LONGEST])}” is not a value that Loop writes")
        unit = self._habit.unit.strip(". ")
        units = _UNITS[self._exercise.mode].items()
        factor = next((factor for words, factor in units if re.fullmatch(words, unit)), None)
        if factor is None:
            self._left_out[f"a number of “{clean(unit[:_LONGEST])}” is not its dose, so it came in without one"] += 1
            return {}
        amount = round(int(value) * factor / _THOUSAND)
        return {"sets": 1, _COUNTED[self._exercise.mode]: amount} if amount else {}


def _habits(tree: Tree) -> list[Habit]:
    """Return the habits of an export. Raises UnreadableFileError where there is none."""
    found = [(path, match) for path in tree.paths() if (match := _CHECKMARKS.fullmatch(path))]
    if not found:
        raise UnreadableFileError(tree.name, "is not an export of Loop Habit Tracker: it has no 001 …/Checkmarks.csv")
    roots = {match[1] for _, match in found}
    if len(roots) > 1:
        raise UnreadableFileError(tree.name, "holds several exports of Loop Habit Tracker; import them one by one")
    listed = f"{roots.pop()}Habits.csv"
    known = _listed(tree, listed) if listed in tree.paths() else {}
    habits = []
    for path, match in sorted(found):
        name, unit = known.get(int(match[2]), (match[3] or match[2], ""))
        habits.append(Habit(name, unit, path))
    return habits


def _listed(tree: Tree, path: str) -> dict[int, tuple[str, str]]:
    """Return the name of each habit by its position, and the unit of its numbers."""
    habits: dict[int, tuple[str, str]] = {}
    heading: list[str] = []
    for number, cells in _rows(tree, path):
        if not heading:
            heading = [cell.strip().lower() for cell in cells]
            continue
        its = dict(zip(heading, cells, strict=False))
        position = its.get("position", "").strip()
        at = int(position) if re.fullmatch("[0-9]{1,9}", position) else len(habits) + 1
        name = its.get("name", "").strip()
        if not name:
            raise UnreadableFileError(tree.name, f"has a habit without a name: {path} line {number}")
        habits[at] = (name, its.get("unit", "").strip().lower())
    return habits


def _marks(tree: Tree, habit: Habit) -> Iterator[tuple[int, str, str, str]]:
    """Yield the lines of a habit: number, day, value and note."""
    for number, cells in _rows(tree, habit.path):
        day, value, note = (*cells, "", "")[:3] if cells else ("", "", "")
        if (number > 1 or day.strip().lower() != "date") and any(cells):
            yield number, day.strip(), value.strip(), note.strip()


def _rows(tree: Tree, path: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a file with the numbers of their first lines."""
    reader = csv.reader(tree.lines(path), strict=True)
    number = 1
    try:
        for cells in reader:
            yield number, cells
            number = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableFileError(tree.name, f"is not CSV: {clean(path)} line {number}, {error}") from None
