"""When to go on: a phase that is over, and the person's own rules.

What is not known of a session never meets a rule. No rule for kneecap pain is published: a rule is the person's own.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Literal, TypeAlias

from kneetrack.domain import days, dose, plan
from kneetrack.domain.catalogue import Catalogue, Exercise
from kneetrack.domain.dose import Dose
from kneetrack.domain.pain import DayPain, Missing, is_morning_worse, missing_mornings, worst
from kneetrack.domain.plan import Prescription
from kneetrack.domain.progress import Adherence, Progress
from kneetrack.domain.records import Rule, Session, Side
from kneetrack.domain.templates import Position
from kneetrack.domain.value import Value

GO_ON_SHARE = 0.8
"""The next phase is offered when so much of the present one was done; a common line to draw, and ours."""


class PhaseOver(Value):
    """A phase whose weeks are over: what was done of what was planned in it, and the pain of the last seven days.

    `above` says that a day was above the person's rule; `worst` is the worst pain during exercise that was above the
    limit, None where none was.
    """

    place: Position
    kept: Adherence
    worst: int | None
    above: bool

    @property
    def may_go_on(self) -> bool:
        """Return whether the next phase is offered; the person may go on anyway."""
        return not self.above and (self.kept.share or 0) >= GO_ON_SHARE


# A person's own rules

Part: TypeAlias = Literal["sets", "pain", "morning", "effort"]
"""What a rule asks of a session: how much was done, and what was noted of it."""

State: TypeAlias = Literal["met", "waiting", "followed", "unplanned"]
"""A rule is met or waits for it; its next step is planned already; or its exercise is not in the plan."""


class Judged(Value):
    """A day with an exercise by a rule of it, all of its sessions together.

    `planned` sets of each side were to reach `goal`, in repetitions or seconds, and so many `reached` it. `pain` and
    `effort` are the worst that were noted of it. `mornings` is what is missing to compare that morning with the next.
    `short` is what the rule asks for and is known not to be so, `unknown` what it asks for and is not known.
    """

    day: date
    planned: int
    goal: int
    reached: Mapping[Side | None, int]
    pain: int | None
    effort: int | None
    mornings: Missing
    short: frozenset[Part]
    unknown: frozenset[Part]

    @property
    def is_met(self) -> bool:
        """Return whether all that the rule asks for is known and so."""
        return not self.short and not self.unknown


class Outlook(Value):
    """How a rule stands: its last exercise days in the plan, earliest first, and what that comes to.

    `command` is what may be typed when it is met.
    """

    rule: Rule
    state: State
    days: tuple[Judged, ...]
    command: str

    def is_quiet(self, today: date) -> bool:
        """Return whether nothing is to be said of it."""
        return self.rule.quiet_until is not None and today <= self.rule.quiet_until


def outlook(rule: Rule, sessions: Iterable[Session], pains: Mapping[date, DayPain], progress: Progress) -> Outlook:
    """Return how a rule stands today.

    `sessions` are those of its exercise on its last exercise days at least, `pains` what was noted of those days and
    the days after them. Only days since the exercise is in the plan without a break count, each by the plan of that
    day.
    """
    exercise, since = progress.catalogue.get(rule.exercise), in_plan_since(progress, rule.exercise)
    its: dict[date, list[Session]] = {}
    for session in sessions:
        if since and since <= session.day <= progress.today:
            its.setdefault(session.day, []).append(session)
    judged = []
    for day in sorted(its)[-rule.sessions :]:
        planned = progress.prescribed(rule.exercise, day)
        if planned:
            judged.append(_judged(rule, exercise, its[day], planned, pains))
    met = len(judged) == rule.sessions and all(day.is_met for day in judged)
    state: State = "met" if met else "waiting"
    if is_followed(rule, progress):
        state = "followed"
    elif since is None or rule.exercise not in _planned(progress):
        state = "unplanned"
    return Outlook(rule, state, tuple(judged), command(rule, progress.catalogue))


def in_plan_since(progress: Progress, exercise: str) -> date | None:
    """Return the first of the days on end up to today on which an exercise is in the plan; None where today is none."""
    today = days.number(progress.today)
    after = (days.span(0, today) & ~progress.standing(exercise).covered).bit_length()
    return days.day_of(after) if after <= today else None


def is_followed(rule: Rule, progress: Progress) -> bool:
    """Return whether what a rule allows is in the plan already, from today or from a later day on."""
    held = _planned(progress).get(rule.then)
    if held is None or held.dose is None:
        return False
    sets, reps, hold_s = rule.dose
    return held.dose[:2] == (sets, reps) and hold_s in {None, held.dose.hold_s}


def command(rule: Rule, catalogue: Catalogue) -> str:
    """Return the command that does what a rule allows: it keeps the schedule, and one exercise replaces the other."""
    then, exercise = catalogue.get(rule.then), catalogue.get(rule.exercise)
    instead = "" if rule.then == rule.exercise else f" --instead-of {exercise.typed}"
    return f"kneetrack plan set {then.typed} {dose.word(rule.dose, then.mode)}{instead}"


def _planned(progress: Progress) -> dict[str, Prescription]:
    """Return the plan as it will be once all that is written of it has begun."""
    return plan.in_force(progress.activity.prescriptions, date.max)


def _judged(
    rule: Rule, exercise: Exercise, its: Sequence[Session], planned: Dose, pains: Mapping[date, DayPain]
) -> Judged:
    """Return the sessions of one day by a rule."""
    day, goal = its[0].day, rule.most or planned.one_set(exercise.mode)
    reached, uncertain = _reached(exercise, its, goal)
    missed = {side for side, count in reached.items() if count < (planned.sets or 1)}
    today, tomorrow = (pains.get(on, DayPain(on)) for on in (day, day + timedelta(1)))
    mornings = missing_mornings(today, tomorrow)
    pain, effort = worst(*(each.pain for each in its)), worst(*(each.effort for each in its))
    noted: tuple[tuple[Part, int | None, int | None], ...] = (
        ("pain", pain, rule.max_pain),
        ("effort", effort, rule.max_effort),
    )
    asked = [(part, level, most) for part, level, most in noted if most is not None]
    short: set[Part] = {part for part, level, most in asked if level is not None and level > most}
    unknown: set[Part] = {part for part, level, _ in asked if level is None}
    if missed:
        (short if missed - uncertain else unknown).add("sets")
    if rule.morning_not_worse and is_morning_worse(today, tomorrow):
        short.add("morning")
    elif rule.morning_not_worse and mornings != Missing():
        unknown.add("morning")
    return Judged(day, planned.sets or 1, goal, reached, pain, effort, mornings, frozenset(short), frozenset(unknown))


def _reached(exercise: Exercise, its: Iterable[Session], goal: int) -> tuple[dict[Side | None, int], set[Side | None]]:
    """Return how many sets of each side reached a goal, and the sides of which some are not known."""
    sides: tuple[Side | None, ...] = ("left", "right") if exercise.per_side else (None,)
    reached, uncertain = dict.fromkeys(sides, 0), set()
    for session in its:
        named = [side for side in sides if side is None or session.side in {None, "both", side}]
        amount = session.dose.hold_s if exercise.mode == "hold" else session.dose.reps
        if amount is None or (amount >= goal and session.dose.sets is None):
            uncertain.update(named)
        elif amount >= goal:
            for side in named:
                reached[side] += session.dose.sets or 0
    return reached, uncertain
