"""The plan as a calendar file, so that a phone reminds too."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import TypeAlias
from uuid import NAMESPACE_OID, uuid5

from icalendar import Alarm, Calendar, Event

from kneetrack.domain import days, estimate, plan
from kneetrack.domain.catalogue import Exercise
from kneetrack.domain.dose import Dose
from kneetrack.domain.plan import Prescription, Schedule, Spell
from kneetrack.domain.progress import Progress
from kneetrack.domain.value import Value

PRODID = "-//kneetrack//reminder//EN"

Describe: TypeAlias = Callable[[Sequence[tuple[Exercise, Dose]]], str]
"""Gives the words for exercises with their doses."""

_AHEAD = 366
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class _Series(Value):
    """Days that come again: the first and the last one (None: no end), the rule, and the days left out."""

    first: date
    last: date | None
    step: int
    weekdays: tuple[int, ...]
    without: tuple[date, ...]


_Known: TypeAlias = tuple[Exercise, Dose, Prescription]
"""An exercise with the dose of a spell, and the prescription that this is of."""


def calendar(progress: Progress, times: Iterable[time], diary: str, now: datetime, describe: Describe) -> bytes | None:
    """Return a calendar with an event and an alarm for the plan's days from today on, None when there are none.

    Times are floating: 18:00 is 18:00 wherever the phone is. The identifiers are the same each time, so that a
    file imported again takes the place of the one before. Exercises of n a week stand on n days spread over it.
    """
    series: dict[_Series, list[_Known]] = {}
    for exercise, prescriptions in plan.by_exercise(progress.activity.prescriptions).items():
        for spell, its in _series(progress, exercise, prescriptions):
            held = plan.in_force(prescriptions, days.day_of(spell.first))[exercise]
            series.setdefault(its, []).append((progress.catalogue.get(exercise), spell.dose, held))
    if not series:
        return None
    found = Calendar()
    found.add("prodid", PRODID)
    found.add("version", "2.0")
    for at, (its, exercises) in enumerate(sorted(series.items(), key=lambda pair: pair[0].first)):
        for slot, clock in enumerate(times):
            event = _event(its, exercises, clock, describe)
            event.add("uid", f"{uuid5(NAMESPACE_OID, f'kneetrack {diary} {at} {slot}')}@kneetrack")
            event.add("dtstamp", now)
            event.add("sequence", int(now.timestamp()) // 60)
            found.add_component(event)
    written: bytes = found.to_ical()
    return written


def _event(series: _Series, exercises: list[_Known], clock: time, describe: Describe) -> Event:
    """Return an event of some exercises."""
    event = Event()
    whole = sum(estimate.whole_dose(known, item) for known, _, item in exercises)
    event.add("summary", "Exercises")
    event.add("description", describe([(known, dose) for known, dose, _ in exercises]))
    event.add("dtstart", datetime.combine(series.first, clock))
    event.add("duration", timedelta(minutes=estimate.rounded(whole)))
    rule: dict[str, object] = {"freq": "weekly" if series.weekdays else "daily"}
    if series.weekdays:
        rule["byday"] = [_WEEKDAYS[weekday] for weekday in series.weekdays]
    elif series.step > 1:
        rule["interval"] = series.step
    if series.last:
        rule["until"] = datetime.combine(series.last, clock)
    event.add("rrule", rule)
    if series.without:
        event.add("exdate", [datetime.combine(day, clock) for day in series.without])
    event.add("transp", "TRANSPARENT")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", "Exercises")
    alarm.add("trigger", timedelta(0))
    event.add_component(alarm)
    return event


def _series(progress: Progress, exercise: str, prescriptions: list[Prescription]) -> Iterator[tuple[Spell, _Series]]:
    """Yield what is due of an exercise from today on, a spell at a time, until a pause without an end begins."""
    today = days.number(progress.today)
    ahead = today + _AHEAD
    mine = [pause for pause in progress.activity.pauses if pause.exercise in {None, exercise}]
    horizon = min([ahead, *(days.number(pause.first) - 1 for pause in mine if pause.last is None)])
    excused = plan.paused(mine, exercise, horizon)
    for spell in plan.spells(prescriptions, exercise, horizon):
        weekdays = _weekdays(spell.schedule)
        step = 1 if weekdays else spell.schedule.every or 1
        due = [
            day
            for day in range(max(today, spell.first), spell.last + 1)
            if (day % days.WEEK in weekdays if weekdays else (day - spell.began) % step == 0)
        ]
        kept = [day for day in due if not excused & days.one(day)]
        if kept:
            without = tuple(days.day_of(day) for day in due if day > kept[0] and excused & days.one(day))
            last = days.day_of(spell.last) if spell.last < ahead else None
            yield spell, _Series(days.day_of(kept[0]), last, step, weekdays, without)


def _weekdays(schedule: Schedule) -> tuple[int, ...]:
    """Return the weekdays of a schedule, Monday 0: those chosen, or n spread over the week; none for every n days."""
    times = schedule.per_week
    return tuple(at * days.WEEK // times for at in range(times)) if times else schedule.weekdays
