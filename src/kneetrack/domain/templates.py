"""Example plans: data/templates.json as values, what using a phase prescribes, and which phase is in force.

Which phase a person is in is not stored: it is the one whose exercises are those of the plan in force.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache

from kneetrack.domain import days
from kneetrack.domain.catalogue import Catalogue, data_file
from kneetrack.domain.errors import NothingToDoError, WrongUseError
from kneetrack.domain.plan import Prescription, Schedule, in_force
from kneetrack.domain.value import Value


class Phase(Value):
    """A stretch of an example plan: `weeks` long (None: open), each exercise `per_week` times a week."""

    weeks: int | None
    per_week: int
    exercises: tuple[str, ...]


class Template(Value):
    """An example plan, with the reason for it in words and the keys of its sources."""

    id: str
    title: str
    rationale: str
    sources: tuple[str, ...]
    phases: tuple[Phase, ...]


class Position(Value):
    """A phase of an example plan, counted from 0, and the first day of its exercises being in force."""

    template: Template
    at: int
    since: date

    @property
    def phase(self) -> Phase:
        """Return the phase itself."""
        return self.template.phases[self.at]

    def is_over(self, today: date) -> bool:
        """Return whether the weeks of a phase that another one follows have gone by."""
        if self.phase.weeks is None or self.at + 1 == len(self.template.phases):
            return False
        return today >= self.since + timedelta(self.phase.weeks * days.WEEK)


def find(word: str) -> Template:
    """Return the example plan that a word, or the beginning of one, names. Raises WrongUseError."""
    wanted = word.strip().casefold().replace("_", "-").replace(" ", "-")
    found = [template for template in shipped() if wanted and template.id.startswith(wanted)]
    exact = [template for template in found if template.id == wanted]
    if len(exact or found) == 1:
        return (exact or found)[0]
    names = ", ".join(template.id for template in shipped())
    raise WrongUseError(f"Name one of the example plans: {names}. To see them: kneetrack plan templates")


def position(prescriptions: Iterable[Prescription], today: date) -> Position | None:
    """Return the phase whose exercises are exactly those in force today, whatever their doses and schedules are.

    A plan of the same exercises is no phase unless each of them was once prescribed as often a week as the phase
    says: the one that a new diary begins with, or one that the person put together, was never chosen as a phase.
    """
    written = tuple(prescriptions)
    exercises = frozenset(in_force(written, today))
    for template in shipped():
        for index, phase in enumerate(template.phases):
            begun = _begun(written, phase, today) if exercises == frozenset(phase.exercises) else None
            if begun:
                return Position(template, index, max(begun, _since(written, exercises, today)))
    return None


def _begun(prescriptions: tuple[Prescription, ...], phase: Phase, today: date) -> date | None:
    """Return the first day by which each exercise of a phase was prescribed as often a week as the phase says."""
    found: dict[str, date] = {}
    for item in prescriptions:
        if item.first_day <= today and item.schedule and item.schedule.per_week == phase.per_week:
            found[item.exercise] = min(item.first_day, found.get(item.exercise, item.first_day))
    begun = [found[exercise] for exercise in phase.exercises if exercise in found]
    return max(begun) if len(begun) == len(phase.exercises) else None


def _since(prescriptions: tuple[Prescription, ...], exercises: frozenset[str], today: date) -> date:
    """Return the first day of the present run of days on which exactly these exercises are in force."""
    since = today
    for day in sorted({item.first_day for item in prescriptions if item.first_day <= today}, reverse=True):
        if frozenset(in_force(prescriptions, day)) != exercises:
            break
        since = day
    return since


def following(prescriptions: Iterable[Prescription], today: date) -> Position:
    """Return the phase after the one in force, as it begins today. Raises NothingToDoError when there is none."""
    now = position(prescriptions, today)
    if now is None:
        raise NothingToDoError(
            "Your plan is none of the example plans, so it has no next phase. To see them: kneetrack plan templates"
        )
    if now.at + 1 == len(now.template.phases):
        raise NothingToDoError(
            f"Your plan is the last phase of {now.template.id}, and stays until you change it."
            " For another: kneetrack plan templates"
        )
    return Position(now.template, now.at + 1, today)


def prescribed(place: Position, catalogue: Catalogue, held: dict[str, Prescription]) -> list[Prescription]:
    """Return what a phase prescribes from its first day on, and the drops of what is in force and not in it.

    Each exercise gets the catalogue's dose and the phase's times a week, except those of `held` that
    `place` keeps: a later phase leaves them as the person has them.
    """
    schedule = Schedule("per_week", per_week=place.phase.per_week)
    kept = held if place.at else {}
    taken = [
        Prescription(exercise, place.since, catalogue.get(exercise).dose, schedule)
        for exercise in place.phase.exercises
        if exercise not in kept
    ]
    dropped = [
        Prescription(exercise, place.since, None, None) for exercise in held if exercise not in place.phase.exercises
    ]
    return [*dropped, *taken]


@cache
def shipped() -> tuple[Template, ...]:
    """Return the example plans of data/templates.json."""
    entries = data_file("templates")
    return tuple(
        Template(
            entry["id"],
            entry["title"],
            entry["rationale"],
            tuple(entry["sources"]),
            tuple(Phase(phase["weeks"], phase["per_week"], tuple(phase["exercises"])) for phase in entry["phases"]),
        )
        for entry in entries
    )
