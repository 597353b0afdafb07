"""The plan: prescriptions, schedules and pauses, and what is due on a day by its schedule alone."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import groupby, pairwise
from typing import Literal, TypeAlias

from kneetrack.domain import days
from kneetrack.domain.catalogue import Catalogue
from kneetrack.domain.days import Days
from kneetrack.domain.dose import Dose
from kneetrack.domain.value import Value

Kind: TypeAlias = Literal["daily", "every", "weekdays", "per_week"]

MAX_EVERY = 365
MAX_TEMPO_S = 60
"""The most seconds in which a repetition goes up, or down."""

MAX_REST_S = 3600

FEW_A_DAY = 4
"""So many exercises on a day are easy to keep up. Source: Bachmann2018."""

_FULL_WITHIN = 27


class Schedule(Value):
    """On which days an exercise is due.

    Exactly one of the three is set for its kind: `every` n days, `weekdays` (0 is Monday, ascending),
    `per_week` times; daily has none of them.
    """

    kind: Kind
    every: int | None = None
    weekdays: tuple[int, ...] = ()
    per_week: int | None = None


DAILY = Schedule("daily")


class Tempo(Value):
    """Seconds in which a repetition goes up, is held (None: not at all) and goes down again."""

    up_s: int
    hold_s: int | None
    down_s: int

    @property
    def typed(self) -> str:
        """Return it as it is typed and shown: 3-2-3."""
        return f"{self.up_s}-{self.hold_s or 0}-{self.down_s}"


class Prescription(Value):
    """From `first_day` on an exercise has this dose and schedule; without a dose it is dropped.

    A repetition goes up in `up_s` seconds and down in `down_s`, and is held in between as the dose says; `rest_s`
    is the rest after a set. None is what was not said.
    """

    exercise: str
    first_day: date
    dose: Dose | None
    schedule: Schedule | None
    up_s: int | None = None
    down_s: int | None = None
    rest_s: int | None = None

    @property
    def tempo(self) -> Tempo | None:
        """Return the tempo, whose middle is the hold of the dose; None where none was said."""
        if self.dose is None or self.up_s is None or self.down_s is None:
            return None
        return Tempo(self.up_s, self.dose.hold_s, self.down_s)

    def says_the_same(self, other: "Prescription | None") -> bool:
        """Return whether another one says the same, whatever its exercise and its first day are."""
        return other is not None and self[2:] == other[2:]


class Pause(Value):
    """Days, both ends included, that are excused for one exercise, or for all where `exercise` is None.

    `last` is None for a pause that lasts until it is ended.
    """

    uid: str
    exercise: str | None
    first: date
    last: date | None
    reason: str | None


class Period(Value):
    """Days on end with one plan; `last` is None for the one that nothing written so far ends."""

    first: date
    last: date | None
    plan: dict[str, Prescription]


class Spell(Value):
    """Days on end under one prescription: day numbers, both included, and when its schedule began."""

    first: int
    last: int
    dose: Dose
    schedule: Schedule
    began: int


class Stretch(Value):
    """Days on end on which the same n a week is prescribed, whatever the dose: day numbers, both included."""

    times: int
    first: int
    last: int


def example(catalogue: Catalogue, first_day: date) -> tuple[Prescription, ...]:
    """Return the plan that a new diary begins with: two exercises, daily, with the catalogue's doses."""
    return tuple(
        Prescription(exercise, first_day, catalogue.get(exercise).dose, DAILY) for exercise in ("bridge", "clamshell")
    )


def is_example(prescriptions: Iterable[Prescription], catalogue: Catalogue) -> bool:
    """Return whether nothing but the plan that a new diary begins with was ever prescribed."""
    return all(item in example(catalogue, item.first_day) for item in prescriptions)


def in_force(prescriptions: Iterable[Prescription], day: date) -> dict[str, Prescription]:
    """Return the prescription of each exercise on a day, in the order in which the exercises were set.

    `prescriptions` come in the order of writing: of equal first days the one written last holds.
    """
    found: dict[str, Prescription] = {}
    for prescription in prescriptions:
        rival = found.get(prescription.exercise)
        if prescription.first_day <= day and (rival is None or rival.first_day <= prescription.first_day):
            found[prescription.exercise] = prescription
    return {exercise: held for exercise, held in found.items() if held.dose}


def shown(prescriptions: Iterable[Prescription]) -> list[Prescription]:
    """Return the prescriptions that change the plan on their first day, earliest first; a drop is one of them.

    Left out are those that another one of the same first day replaced, and drops of what is not prescribed then, as
    they remain when what was planned for a day is dropped again from that day on.
    """
    newest = {(item.first_day, item.exercise): item for item in prescriptions}
    found: list[Prescription] = []
    prescribed: set[str] = set()
    for item in sorted(newest.values(), key=lambda item: item.first_day):
        if item.dose:
            prescribed.add(item.exercise)
        elif item.exercise in prescribed:
            prescribed.remove(item.exercise)
        else:
            continue
        found.append(item)
    return found


def planned(prescriptions: Iterable[Prescription], day: date) -> list[Prescription]:
    """Return what is shown of the prescriptions that begin after a day, earliest first."""
    return [item for item in shown(prescriptions) if item.first_day > day]


def next_after(prescriptions: Iterable[Prescription], item: Prescription) -> Prescription | None:
    """Return the prescription of the same exercise that is the first to begin after another one."""
    coming = (other for other in planned(prescriptions, item.first_day) if other.exercise == item.exercise)
    return next(coming, None)


def is_planned(prescriptions: Iterable[Prescription], exercise: str, first: date, last: date | None) -> bool:
    """Return whether an exercise is in the plan on any day of a range; without `last` the range has no end."""
    written = tuple(prescriptions)
    return exercise in in_force(written, first) or any(
        item.exercise == exercise and item.dose
        for item in planned(written, first)
        if last is None or item.first_day <= last
    )


def periods(prescriptions: Iterable[Prescription]) -> list[Period]:
    """Return what was and will be in force when, earliest first; it begins with the first plan."""
    found: list[Period] = []
    newest: dict[str, Prescription] = {}
    places: dict[str, int] = {}
    in_order = sorted(enumerate(prescriptions), key=lambda placed: placed[1].first_day)
    for first, begin in groupby(in_order, key=lambda placed: placed[1].first_day):
        for place, item in begin:
            newest[item.exercise] = item
            places[item.exercise] = min(place, places.get(item.exercise, place))
        # What is in force on this day, as `in_force` has it, without a look at all prescriptions for each day.
        held = {
            exercise: newest[exercise] for exercise in sorted(newest, key=places.__getitem__) if newest[exercise].dose
        }
        if _prescribes(held) == (_prescribes(found[-1].plan) if found else {}):
            continue
        if found:
            found[-1] = found[-1]._replace(last=first - timedelta(1))
        found.append(Period(first, None, held))
    return found


def _prescribes(plan: dict[str, Prescription]) -> dict[str, tuple[object, ...]]:
    """Return what a plan asks for, whenever it was set."""
    return {exercise: item[2:] for exercise, item in plan.items()}


def by_exercise(prescriptions: Iterable[Prescription]) -> dict[str, list[Prescription]]:
    """Return the prescriptions of each exercise, in their order."""
    found: dict[str, list[Prescription]] = {}
    for item in prescriptions:
        found.setdefault(item.exercise, []).append(item)
    return found


def spells(prescriptions: Iterable[Prescription], exercise: str, last: int) -> list[Spell]:
    """Return the spells of an exercise up to the day numbered `last`, earliest first.

    A change of dose begins a new spell of the same schedule, which keeps the day on which it began.
    """
    mine = [item for item in prescriptions if item.exercise == exercise]
    starts = {days.number(item.first_day): item for item in sorted(mine, key=lambda item: item.first_day)}
    found: list[Spell] = []
    for first, following in pairwise((*starts, last + 1)):
        item, end = starts[first], min(following - 1, last)
        if item.dose is None or item.schedule is None or end < first:
            continue
        goes_on = found and found[-1].last == first - 1 and found[-1].schedule == item.schedule
        found.append(Spell(first, end, item.dose, item.schedule, found[-1].began if goes_on else first))
    return found


def covered(its_spells: Iterable[Spell]) -> Days:
    """Return the days that a prescription covers."""
    found = 0
    for spell in its_spells:
        found |= days.span(spell.first, spell.last)
    return found


def due(its_spells: Iterable[Spell]) -> Days:
    """Return the days that are due by their schedule, leaving out those of n-a-week schedules."""
    found = 0
    for spell in its_spells:
        within = days.span(spell.first, spell.last)
        match spell.schedule.kind:
            case "daily":
                found |= within
            case "every":
                found |= days.every(spell.schedule.every or 1, spell.began, spell.last) & within
            case "weekdays":
                week_one = days.monday(spell.first)
                for weekday in spell.schedule.weekdays:
                    found |= days.every(days.WEEK, week_one + weekday, spell.last) & within
            case "per_week":
                pass
    return found


def weekly(its_spells: Iterable[Spell]) -> list[Stretch]:
    """Return the unbroken stretches of n-a-week schedules, earliest first; a change of dose does not break one."""
    found: list[Stretch] = []
    for spell in its_spells:
        times = spell.schedule.per_week
        if times is None:
            continue
        goes_on = found and (found[-1].times, found[-1].last) == (times, spell.first - 1)
        first = found.pop().first if goes_on else spell.first
        found.append(Stretch(times, first, spell.last))
    return found


def busiest(prescriptions: Iterable[Prescription], first: date, last: date) -> int:
    """Return how many exercises can fall on one day of a range; those of n-a-week schedules on any of their days."""
    window = days.span(days.number(first), days.number(last))
    on: list[Days] = []
    for exercise, its_own in by_exercise(prescriptions).items():
        its_spells = spells(its_own, exercise, days.number(last))
        free = 0
        for stretch in weekly(its_spells):
            free |= days.span(stretch.first, stretch.last)
        on.append((due(its_spells) | free) & window)
    return max(sum(its >> day & 1 for its in on) for day in range(days.number(first), days.number(last) + 1))


def crowded(prescriptions: Iterable[Prescription], first: date) -> int | None:
    """Return how many exercises can fall on one day of four weeks, None when they are few enough to keep up."""
    most = busiest(prescriptions, first, first + timedelta(_FULL_WITHIN))
    return most if most > FEW_A_DAY else None


def paused(pauses: Iterable[Pause], exercise: str, last: int) -> Days:
    """Return the days up to the one numbered `last` that a pause covers for an exercise."""
    found = 0
    for pause in pauses:
        if pause.exercise in {None, exercise}:
            end = last if pause.last is None else min(last, days.number(pause.last))
            found |= days.span(days.number(pause.first), end)
    return found


def made_idle_by(pauses: Iterable[Pause], item: Pause) -> Pause | None:
    """Return the pause beside which a new one changes nothing: it covers its only day, or goes on to the same end."""
    for other in pauses:
        if item.first == item.last:
            covers = other.exercise in {None, item.exercise} and (other.last is None or other.last >= item.first)
        else:
            same_reason = item.reason in {None, other.reason}
            covers = same_reason and (other.exercise, other.last) == (item.exercise, item.last)
        if covers and other.first <= item.first:
            return other
    return None


def ended(pauses: Iterable[Pause], today: date) -> tuple[list[Pause], list[Pause]]:
    """Return what becomes of pauses that end before today: those cut short, and those of which no day is left."""
    every = list(pauses)
    cut = [item._replace(last=today - timedelta(1)) for item in every if item.first < today]
    return cut, [item for item in every if item.first >= today]
