"""Pain of a day against the person's own rule: what was noted, the verdict, and what is to be said of several days.

The rules follow published ones, and nobody has tested such cut-offs in kneecap pain. What is not known is
never within.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Literal, TypeAlias

from kneetrack.domain.records import Pain, Session, Side
from kneetrack.domain.value import Value

RuleName: TypeAlias = Literal["mykneecap", "light", "own"]
Kind: TypeAlias = Literal["within", "allowed", "above", "unknown"]
Signal: TypeAlias = Literal["above", "rise"]

IDEAL: dict[str, int] = {"mykneecap": 1, "light": 3}
"""The most that pain should ideally be: MyKneeCap says below 2, the clinics' traffic light is green from 0 to 3."""

SOURCE: dict[RuleName, str | None] = {"mykneecap": "MyKneeCap", "light": None, "own": None}
"""Where a rule is from; no primary source of the traffic light was found."""

_DAY = timedelta(1)
MEAN_DAYS, FEWEST_OF_MEAN = 10, 5
"""Mean and swing are those of ten days (25 people with kneecap pain; together they went with function), of which half
must be known; that half is ours."""

WEEK_DAYS, FEWEST_OF_WEEK, RISE = 7, 3, 2
"""A week's mean is of three days at least; a rise of it by 2, about the least change that matters, is said."""

ASKED_DAYS = 28
"""Who noted no pain apart from exercise for so many days is not asked for the morning."""

SESSIONS_ABOVE = 3
"""So many exercise days on end above the limit are said."""


NO_MORNINGS: Mapping[Side | None, int] = MappingProxyType({})


class Rule(Value):
    """A person's rule: where it is from, how much pain is ideally the most, and the limit; both 0 to 10."""

    name: RuleName
    ideal: int
    limit: int


class DayPain(Value):
    """What is known of the pain of a day, 0 to 10; None is not noted.

    `during` is the worst of its sessions, and `silent` are the exercises without any pain noted; `exercised` says
    whether there was a session at all. `mornings` is the pain on getting up by side, None being no side that was named.
    `after` is the worst within the hour after exercise, `rest` the worst apart from exercise.
    """

    day: date
    exercised: bool = False
    during: int | None = None
    silent: tuple[str, ...] = ()
    mornings: Mapping[Side | None, int] = NO_MORNINGS
    after: int | None = None
    rest: int | None = None

    @property
    def morning(self) -> int | None:
        """Return the worst pain on getting up."""
        return max(self.mornings.values(), default=None)

    @property
    def worst(self) -> int | None:
        """Return the worst pain of the day."""
        return max((its for its in (self.morning, self.during, self.after, self.rest) if its is not None), default=None)


class Missing(Value):
    """What a verdict needs and the diary does not have.

    `silent` are exercises without a pain; `sides` says that the two mornings were noted of different knees.
    """

    silent: tuple[str, ...] = ()
    after: bool = False
    morning: bool = False
    next_morning: bool = False
    sides: bool = False


class Verdict(Value):
    """What the rule says of a day with a session, and what is missing where that is not known."""

    kind: Kind
    missing: Missing = Missing()


def rule(named: str, limit: int) -> Rule:
    """Return the rule of the settings: a published one by its name, or the person's own ideal as a number."""
    if named == "mykneecap":
        return Rule("mykneecap", min(IDEAL[named], limit), limit)
    if named == "light":
        return Rule("light", min(IDEAL[named], limit), limit)
    return Rule("own", min(int(named), limit), limit)


def by_day(sessions: Iterable[Session], pains: Iterable[Pain]) -> dict[date, DayPain]:
    """Return what is known of each day with a session or a pain; of one moment and side the last pain given counts."""
    found: dict[date, DayPain] = {}
    noted: dict[tuple[date, str], list[int]] = {}
    for session in sessions:
        its = noted.setdefault((session.day, session.exercise), [])
        its += [] if session.pain is None else [session.pain]
    for (day, exercise), levels in noted.items():
        one = found.get(day, DayPain(day))
        silent = one.silent if levels else (*one.silent, exercise)
        found[day] = one._replace(exercised=True, during=worst(one.during, *levels), silent=silent)
    counted = {(its.day, its.moment, its.side): its.level for its in pains if its.level is not None}
    for (day, moment, side), level in counted.items():
        one = found.get(day, DayPain(day))
        if moment == "morning":
            knees: tuple[Side | None, ...] = ("left", "right") if side == "both" else (side,)
            # A knee that was named by itself says more of it than both together.
            named = {knee: level for knee in knees if side != "both" or (day, moment, knee) not in counted}
            found[day] = one._replace(mornings={**one.mornings, **named})
        elif moment == "after":
            found[day] = one._replace(after=worst(one.after, level))
        else:
            found[day] = one._replace(rest=worst(one.rest, level))
    return found


def worst(*levels: int | None) -> int | None:
    """Return the worst of some pains, of which None is not known; None where none is."""
    return max((level for level in levels if level is not None), default=None)


# Verdicts


def verdict(its_rule: Rule, day: DayPain, following: DayPain | None) -> Verdict:
    """Return what a rule says of a day with a session; of the day after it nothing may be known: None."""
    tomorrow = following or DayPain(day.day + _DAY)
    return _by_zones(its_rule, day, tomorrow) if its_rule.name == "light" else _by_mornings(its_rule, day, tomorrow)


def _by_mornings(its_rule: Rule, day: DayPain, tomorrow: DayPain) -> Verdict:
    """Judge the pain during exercise, and whether the next morning is above that morning."""
    if (day.during or 0) > its_rule.limit or is_morning_worse(day, tomorrow):
        return Verdict("above")
    return _unless(missing_mornings(day, tomorrow)._replace(silent=day.silent), day.during, its_rule)


def is_morning_worse(day: DayPain, tomorrow: DayPain) -> bool:
    """Return whether the next morning is known to be above that morning, at any knee that was noted of both."""
    before, after = day.mornings, tomorrow.mornings
    return any(after[side] > before[side] for side in before.keys() & after.keys())


def missing_mornings(day: DayPain, tomorrow: DayPain) -> Missing:
    """Return what is missing to compare two mornings."""
    before, after = day.mornings, tomorrow.mornings
    sides = bool(before and after) and before.keys() != after.keys()
    return Missing(morning=not before, next_morning=not after, sides=sides)


def _by_zones(its_rule: Rule, day: DayPain, tomorrow: DayPain) -> Verdict:
    """Judge the worst of the pain during exercise, within the hour after it, and on the next morning."""
    most = worst(day.during, day.after, tomorrow.morning)
    if (most or 0) > its_rule.limit:
        return Verdict("above")
    missing = Missing(silent=day.silent, after=day.after is None, next_morning=tomorrow.morning is None)
    return _unless(missing, most, its_rule)


def _unless(missing: Missing, most: int | None, its_rule: Rule) -> Verdict:
    """Return the verdict of a pain that is not above, unless something is missing."""
    if missing != Missing() or most is None:
        return Verdict("unknown", missing)
    return Verdict("within" if most <= its_rule.ideal else "allowed")


def verdicts(its_rule: Rule, known: Mapping[date, DayPain]) -> dict[date, Verdict]:
    """Return the verdict of each day with a session."""
    return {day: verdict(its_rule, its, known.get(day + _DAY)) for day, its in known.items() if its.exercised}


# Several days


class Swing(Value):
    """The mean of the worst pain of ten days, the least and the most of it, and of how many days it is known."""

    mean: float
    least: int
    most: int
    days: int


def swing(known: Mapping[date, DayPain], today: date) -> Swing | None:
    """Return the mean and the ends of the last ten days; None where fewer than five of them are known."""
    worst = _levels(known, today, MEAN_DAYS)
    if len(worst) < FEWEST_OF_MEAN:
        return None
    return Swing(sum(worst) / len(worst), min(worst), max(worst), len(worst))


def week_mean(known: Mapping[date, DayPain], last: date) -> float | None:
    """Return the mean of the worst pain of the seven days up to one; None where fewer than three are known."""
    worst = _levels(known, last, WEEK_DAYS)
    return sum(worst) / len(worst) if len(worst) >= FEWEST_OF_WEEK else None


def _levels(known: Mapping[date, DayPain], last: date, count: int) -> list[int]:
    """Return the worst pain of each known day of so many up to one."""
    days = (known.get(last - ago * _DAY) for ago in range(count))
    return [its.worst for its in days if its is not None and its.worst is not None]


def signals(its_rule: Rule, known: Mapping[date, DayPain], today: date) -> set[Signal]:
    """Return what holds on a day: the last three exercise days above the limit; the week's mean risen by 2 or more."""
    found: set[Signal] = set()
    exercised = sorted(day for day, its in known.items() if its.exercised and day <= today)[-SESSIONS_ABOVE:]
    during = [known[day].during for day in exercised]
    if len(during) == SESSIONS_ABOVE and all(level is not None and level > its_rule.limit for level in during):
        found.add("above")
    now, before = week_mean(known, today), week_mean(known, today - WEEK_DAYS * _DAY)
    if now is not None and before is not None and now - before >= RISE:
        found.add("rise")
    return found


def news(its_rule: Rule, before: Mapping[date, DayPain], after: Mapping[date, DayPain], today: date) -> set[Signal]:
    """Return what holds by what was just written, did not before it, and held on none of the six days before today.

    So each is said once in seven days at most, and only when something new was noted.
    """
    found = signals(its_rule, after, today) - signals(its_rule, before, today)
    for ago in range(1, WEEK_DAYS):
        found -= signals(its_rule, before, today - ago * _DAY)
    return found


def asks(known: Mapping[date, DayPain], today: date) -> bool:
    """Return whether to ask for this morning's pain: after a day with a session, and of who notes mornings or moments.

    Somebody who noted none in the last four weeks is not asked.
    """
    this, yesterday = known.get(today), known.get(today - _DAY)
    if not (yesterday and yesterday.exercised) or (this and this.mornings):
        return False
    four_weeks = (known.get(today - ago * _DAY) for ago in range(ASKED_DAYS))
    return any(its and (its.mornings or its.after is not None or its.rest is not None) for its in four_weeks)
