"""A person's own rules of when to go on: which sessions they look at, when they are met, and what is missing."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import NamedTuple

import pytest

from kneetrack.domain import days, pain, progression
from kneetrack.domain.catalogue import Catalogue
from kneetrack.domain.dose import Dose
from kneetrack.domain.plan import DAILY, Prescription
from kneetrack.domain.progress import Progress
from kneetrack.domain.progression import Outlook
from kneetrack.domain.records import Activity, Pain, Rule, Session, Side

TODAY = date(2026, 11, 29)
NOW = datetime(2026, 11, 29, 8, tzinfo=UTC)
CATALOGUE = Catalogue()

BRIDGE = Rule(
    "bridge", 10, 15, 2, None, morning_not_worse=False, max_effort=None, then="single_leg_bridge", dose=Dose(3, 8, None)
)
CLAMSHELL = BRIDGE._replace(exercise="clamshell", then="clamshell_band", dose=Dose(3, 10, None))
PLANK = BRIDGE._replace(exercise="side_plank", least=20, most=30, then="side_plank", dose=Dose(3, None, 45))


def ago(number: int) -> date:
    """Return the day so many days ago."""
    return TODAY - timedelta(number)


KNEES: tuple[Side | None, ...] = (None, "left", "right")
THREE_TENS = Dose(3, 10, None)


def planned(exercise: str, dose: Dose | None = THREE_TENS, since: int = 20) -> Prescription:
    """Return a prescription that began so many days ago; without a dose a drop."""
    return Prescription(exercise, ago(since), dose, DAILY if dose else None)


PLAN = (planned("bridge"), planned("clamshell"), planned("side_plank", Dose(3, None, 20)))


class Did(NamedTuple):
    """A session of so many days ago, and what was noted of it."""

    ago: int
    dose: Dose = Dose(3, 15, None)
    side: Side | None = None
    pain: int | None = None
    effort: int | None = None


def session(exercise: str, its: Did) -> Session:
    """Return it as a session of an exercise."""
    return Session("0" * 32, NOW, exercise, ago(its.ago), None, its.side, its.dose, None, its.pain, its.effort, None)


def morning(level: int, number: int, side: Side | None = None) -> Pain:
    """Return the pain of the morning so many days ago."""
    return Pain("0" * 32, NOW, ago(number), "morning", None, side, level, None)


def outlook(
    rule: Rule, sessions: Iterable[Did], pains: Iterable[Pain] = (), prescriptions: Sequence[Prescription] = PLAN
) -> Outlook:
    """Return how a rule stands today."""
    done = [session(rule.exercise, its) for its in sessions]
    progress = Progress(Activity(tuple(prescriptions), (), _days_of(done), ()), CATALOGUE, TODAY)
    return progression.outlook(rule, done, pain.by_day((), pains), progress)


def _days_of(sessions: Iterable[Session]) -> dict[str, days.Days]:
    found: dict[str, days.Days] = {}
    for its in sessions:
        found[its.exercise] = found.get(its.exercise, 0) | days.one(days.number(its.day))
    return found


def lacks(found: Outlook) -> list[tuple[set[str], set[str]]]:
    """Return what each day is known to fall short of, and what of it is not known."""
    return [({*day.short}, {*day.unknown}) for day in found.days]


# How much was done


def test_a_rule_is_met_when_every_planned_set_of_its_last_sessions_reached_the_top_of_the_range() -> None:
    found = outlook(BRIDGE, [Did(2), Did(1)])
    assert (found.state, [day.day for day in found.days]) == ("met", [ago(2), ago(1)])


def test_only_the_last_sessions_count() -> None:
    assert outlook(BRIDGE, [Did(5, Dose(3, 8, None)), Did(2), Did(1)]).state == "met"
    assert outlook(BRIDGE, [Did(5), Did(2), Did(1, Dose(3, 14, None))]).state == "waiting"


def test_too_few_sessions_do_not_meet_it() -> None:
    found = outlook(BRIDGE, [Did(1)])
    assert (found.state, lacks(found)) == ("waiting", [(set(), set())])
    assert outlook(BRIDGE, []).days == ()


def test_of_uneven_sets_as_many_as_are_planned_must_reach_the_top() -> None:
    uneven = [Did(1, Dose(1, reps, None)) for reps in (15, 15, 12)]
    assert lacks(outlook(BRIDGE, [Did(2), *uneven]))[1] == ({"sets"}, set())
    assert outlook(BRIDGE, [Did(2), *uneven, Did(1, Dose(1, 16, None))]).state == "met"


def test_a_dose_above_the_range_reached_its_top() -> None:
    assert outlook(BRIDGE, [Did(2, Dose(5, 40, 5)), Did(1)]).state == "met"


def test_a_session_of_one_side_leaves_the_other_short() -> None:
    left = [Did(2, side="left"), Did(1, side="left")]
    found = outlook(CLAMSHELL, left)
    assert found.days[0].reached == {"left": 3, "right": 0}
    assert lacks(found) == [({"sets"}, set())] * 2
    assert outlook(CLAMSHELL, [*left, Did(2, side="right"), Did(1, side="right")]).state == "met"
    assert outlook(CLAMSHELL, [Did(2, side="both"), Did(1)]).state == "met"


def test_two_sessions_of_a_day_are_one_and_count_together() -> None:
    found = outlook(BRIDGE, [Did(2), Did(1, Dose(2, 15, None)), Did(1, Dose(1, 15, None))])
    assert (found.state, len(found.days)) == ("met", 2)
    assert outlook(BRIDGE, [Did(1), Did(1)]).state == "waiting"


def test_holds_are_counted_in_seconds() -> None:
    assert outlook(PLANK, [Did(2, Dose(3, None, 30)), Did(1, Dose(3, None, 31))]).state == "met"
    assert outlook(PLANK, [Did(2, Dose(3, None, 30)), Did(1, Dose(3, None, 29))]).state == "waiting"


def test_without_a_range_every_planned_set_is_to_be_as_planned() -> None:
    rule = BRIDGE._replace(least=None, most=None)
    assert outlook(rule, [Did(2, Dose(3, 10, None)), Did(1, Dose(3, 10, None))]).state == "met"
    assert outlook(rule, [Did(2, Dose(3, 9, None)), Did(1, Dose(3, 10, None))]).state == "waiting"


@pytest.mark.parametrize("dose", [Dose(None, 15, None), Dose(3, None, None), Dose(None, None, None)])
def test_a_number_that_was_not_noted_is_not_known_and_does_not_count(dose: Dose) -> None:
    assert lacks(outlook(BRIDGE, [Did(2), Did(1, dose)]))[1] == (set(), {"sets"})


def test_what_is_short_for_certain_is_short_whatever_else_is_not_known() -> None:
    known_to_be_short = [Did(1, Dose(3, 15, None), "left"), Did(1, Dose(2, None, None), "left")]
    assert lacks(outlook(CLAMSHELL, known_to_be_short)) == [({"sets"}, set())]
    assert lacks(outlook(BRIDGE, [Did(1, Dose(None, 14, None))])) == [({"sets"}, set())]


# What was noted of it


@pytest.mark.parametrize(
    ("rule", "noted", "short", "unknown"),
    [
        (BRIDGE._replace(max_pain=2), Did(1, pain=2), set(), set()),
        (BRIDGE._replace(max_pain=2), Did(1, pain=3), {"pain"}, set()),
        (BRIDGE._replace(max_pain=2), Did(1), set(), {"pain"}),
        (BRIDGE._replace(max_pain=0), Did(1, pain=0), set(), set()),
        (BRIDGE._replace(max_effort=7), Did(1, effort=7), set(), set()),
        (BRIDGE._replace(max_effort=7), Did(1, effort=8), {"effort"}, set()),
        (BRIDGE._replace(max_effort=7), Did(1), set(), {"effort"}),
        (BRIDGE, Did(1, pain=10, effort=10), set(), set()),
    ],
)
def test_pain_and_effort_must_be_known_and_within_where_the_rule_names_them(
    rule: Rule, noted: Did, short: set[str], unknown: set[str]
) -> None:
    assert lacks(outlook(rule, [noted])) == [(short, unknown)]


def test_pain_noted_only_on_the_last_set_is_the_pain_of_the_day() -> None:
    sets = [Did(1, Dose(1, 15, None), pain=pain) for pain in (None, None, 2)]
    rule = BRIDGE._replace(sessions=1, max_pain=2)
    assert outlook(rule, sets).state == "met"
    assert lacks(outlook(rule, [*sets, Did(1, pain=3)])) == [({"pain"}, set())]


@pytest.mark.parametrize(
    ("mornings", "short", "unknown"),
    [
        ([morning(2, 2), morning(2, 1)], set(), set()),
        ([morning(2, 2), morning(1, 1)], set(), set()),
        ([morning(2, 2), morning(3, 1)], {"morning"}, set()),
        ([morning(2, 2)], set(), {"morning"}),
        ([morning(2, 1)], set(), {"morning"}),
        ([morning(2, 2, "left"), morning(1, 1, "right")], set(), {"morning"}),
        ([morning(2, 2, "left"), morning(3, 1, "both")], {"morning"}, set()),
    ],
)
def test_the_next_morning_must_be_known_and_not_above_that_morning(
    mornings: list[Pain], short: set[str], unknown: set[str]
) -> None:
    rule = BRIDGE._replace(sessions=1, morning_not_worse=True)
    assert lacks(outlook(rule, [Did(2)], mornings)) == [(short, unknown)]


def test_a_session_of_today_waits_for_tomorrow_morning() -> None:
    rule = BRIDGE._replace(sessions=1, morning_not_worse=True)
    found = outlook(rule, [Did(0)], [morning(1, 0)])
    assert (found.state, lacks(found)) == ("waiting", [(set(), {"morning"})])


# The plan of each day


def test_each_day_counts_by_the_plan_of_that_day() -> None:
    more = (*PLAN, planned("bridge", Dose(4, 10, None), since=1))
    found = outlook(BRIDGE, [Did(2), Did(1)], prescriptions=more)
    assert [(day.planned, day.is_met) for day in found.days] == [(3, True), (4, False)]


def test_days_before_the_exercise_came_into_the_plan_again_do_not_count() -> None:
    back = (planned("bridge"), planned("bridge", None, since=10), planned("bridge", since=5))
    assert outlook(BRIDGE, [Did(12), Did(11)], prescriptions=back).days == ()
    assert outlook(BRIDGE, [Did(12), Did(4)], prescriptions=back).state == "waiting"
    assert outlook(BRIDGE, [Did(4), Did(3)], prescriptions=back).state == "met"


def test_of_an_exercise_outside_the_plan_no_set_is_planned() -> None:
    assert outlook(BRIDGE, [Did(2), Did(1)], prescriptions=()).state == "unplanned"
    gone = (planned("bridge"), planned("bridge", None, since=0))
    assert outlook(BRIDGE, [Did(2), Did(1)], prescriptions=gone).state == "unplanned"
    later = (planned("bridge", since=-3),)
    assert outlook(BRIDGE, [Did(2), Did(1)], prescriptions=later).state == "unplanned"


def test_an_exercise_that_goes_tomorrow_is_as_good_as_gone() -> None:
    going = (*PLAN, planned("bridge", None, since=-1))
    assert outlook(BRIDGE, [Did(1), Did(0)], prescriptions=going).state == "unplanned"


def test_what_a_rule_allows_is_followed_once_it_is_in_the_plan_even_from_a_later_day_on() -> None:
    beside = (*PLAN, planned("single_leg_bridge", Dose(3, 8, None)))
    assert outlook(BRIDGE, [Did(2), Did(1)], prescriptions=beside).state == "followed"
    same = BRIDGE._replace(then="bridge", dose=Dose(4, 10, None))
    assert outlook(same, [Did(2), Did(1)]).state == "met"
    for since in (0, -7):
        more = (*PLAN, planned("bridge", Dose(4, 10, 2), since=since))
        assert outlook(same, [Did(2), Did(1)], prescriptions=more).state == "followed"


def test_another_dose_of_the_next_exercise_is_not_what_the_rule_allows() -> None:
    beside = (*PLAN, planned("single_leg_bridge", Dose(1, 8, None)))
    assert outlook(BRIDGE, [Did(2), Did(1)], prescriptions=beside).state == "met"


# What it allows


@pytest.mark.parametrize(
    ("rule", "command"),
    [
        (BRIDGE, "kneetrack plan set single-leg-bridge 3x8 --instead-of bridge"),
        (PLANK, "kneetrack plan set side-plank 3x45s"),
        (BRIDGE._replace(then="bridge", dose=Dose(1, 12, 5)), "kneetrack plan set bridge 1x12x5s"),
    ],
)
def test_the_command_keeps_the_schedule_and_replaces_one_exercise_by_the_other(rule: Rule, command: str) -> None:
    assert progression.command(rule, CATALOGUE) == command


def test_a_rule_is_quiet_up_to_its_day() -> None:
    for until, quiet in ((ago(1), False), (TODAY, True), (None, False)):
        assert outlook(BRIDGE._replace(quiet_until=until), []).is_quiet(TODAY) == quiet


# The same, worked out in another way


def _again(
    rule: Rule, sessions: Sequence[Session], pains: Sequence[Pain], prescriptions: Sequence[Prescription]
) -> tuple[bool, list[tuple[date, set[str], set[str]]]]:
    """Return whether a rule is met and what each of its days lacks, by its words alone."""

    def dose_on(day: date) -> Dose | None:
        begun = [(its.first_day, at) for at, its in enumerate(prescriptions) if its.first_day <= day]
        return prescriptions[max(begun)[1]].dose if begun else None

    stretch = [TODAY]
    while dose_on(stretch[-1]):
        stretch.append(stretch[-1] - timedelta(1))
    done = [day for day in stretch[:-1] if any(its.day == day for its in sessions)][: rule.sessions][::-1]
    found = []
    for day in done:
        dose, its = dose_on(day), [each for each in sessions if each.day == day]
        assert dose
        parts = {"sets": _done_again(rule, its, dose), **_noted_again(rule, its)}
        if rule.morning_not_worse:
            parts["morning"] = _mornings_again(day, pains)
        short, unknown = ({part for part, its in parts.items() if its == word} for word in ("short", "unknown"))
        found.append((day, short, unknown))
    return len(found) == rule.sessions and not any(short | unknown for _, short, unknown in found), found


def _done_again(rule: Rule, its: Sequence[Session], dose: Dose) -> str:
    known, by_side = CATALOGUE.get(rule.exercise), []
    goal = rule.most or (dose.hold_s if known.mode == "hold" else dose.reps) or 0
    for side in ("left", "right") if known.per_side else (None,):
        sets, doubt = 0, False
        for each in its:
            if side and each.side not in {side, "both", None}:
                continue
            amount = each.dose.hold_s if known.mode == "hold" else each.dose.reps
            if amount is None or (each.dose.sets is None and amount >= goal):
                doubt = True
            else:
                sets += sum(1 for _ in range(each.dose.sets or 0) if amount >= goal)
        by_side.append("met" if sets >= (dose.sets or 0) else "unknown" if doubt else "short")
    return next(word for word in ("short", "unknown", "met") if word in by_side)


def _noted_again(rule: Rule, its: Sequence[Session]) -> dict[str, str]:
    found = {}
    for part, most, levels in (
        ("pain", rule.max_pain, [each.pain for each in its]),
        ("effort", rule.max_effort, [each.effort for each in its]),
    ):
        given = [level for level in levels if level is not None]
        if most is not None:
            found[part] = "unknown" if not given else "short" if max(given) > most else "met"
    return found


def _mornings_again(day: date, pains: Sequence[Pain]) -> str:
    before, after = (
        {each.side: each.level or 0 for each in pains if each.day == on} for on in (day, day + timedelta(1))
    )
    if any(after[side] > level for side, level in before.items() if side in after):
        return "short"
    return "met" if before and {*before} == {*after} else "unknown"


def test_a_thousand_random_diaries_are_judged_alike_by_another_reading_of_the_rules() -> None:
    chance = Random(17)  # noqa: S311 - the same each time
    met = 0
    for _ in range(1000):
        exercise, mode = chance.choice((("bridge", "reps"), ("clamshell", "reps"), ("side_plank", "hold")))
        level = (None, *range(4))

        def dose(low: int, high: int, mode: str = mode) -> Dose:
            amount = chance.randint(low, high)
            return Dose(chance.randint(1, 3), *((None, amount) if mode == "hold" else (amount, None)))

        most = chance.choice((None, 10, 11, 12))
        rule = Rule(
            exercise,
            most and 8,
            most,
            chance.randint(1, 3),
            chance.choice((None, 1, 3)),
            morning_not_worse=chance.random() < 0.3,
            max_effort=chance.choice((None, 2, 3)),
            then="hip_hike",
            dose=THREE_TENS,
        )
        prescriptions = [
            planned(exercise, dose(9, 11) if chance.random() < 0.8 else None, chance.randint(0, 14))
            for _ in range(chance.randint(1, 4))
        ]
        sides: tuple[Side | None, ...] = ("left", "right", "both") if CATALOGUE.get(exercise).per_side else (None,)
        sessions = []
        for _ in range(chance.randint(0, 12)):
            its = dose(9, 13)
            if chance.random() < 0.05:
                its = its._replace(sets=None)
            elif chance.random() < 0.05:
                its = Dose(its.sets, None, None)
            noted = (chance.choice(level), chance.choice(level))
            sessions.append(session(exercise, Did(chance.randint(0, 8), its, chance.choice(sides), *noted)))
        pains = [
            morning(chance.randint(0, 3), number, side)
            for number in range(10)
            for side in {chance.choice(KNEES), chance.choice(KNEES)}
            if chance.random() < 0.7
        ]
        progress = Progress(Activity(tuple(prescriptions), (), _days_of(sessions), ()), CATALOGUE, TODAY)
        found = progression.outlook(rule, sessions, pain.by_day((), pains), progress)
        again, its_days = _again(rule, sessions, pains, prescriptions)
        assert [(day.day, {*day.short}, {*day.unknown}) for day in found.days] == its_days
        assert found.state in {"met", "waiting", "unplanned"}
        assert (found.state == "met") == again
        met += again
    assert 20 < met < 500
