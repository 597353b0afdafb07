"""The rules of the day: states, shares, adherence, streaks and habit, as of a given today.

Everything here is worked out when it is read, from an `Activity`; nothing of it is stored.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from enum import StrEnum
from functools import cache, cached_property
from itertools import pairwise, repeat

from kneetrack.domain import days, plan
from kneetrack.domain.catalogue import Catalogue, Exercise
from kneetrack.domain.days import Days
from kneetrack.domain.dose import Dose
from kneetrack.domain.plan import Pause, Prescription, Spell, Stretch
from kneetrack.domain.records import Activity, Amount, Session
from kneetrack.domain.value import Value

HABIT_KEPT = 0.5 ** (1 / 13)
WINDOWS: dict[str, int | None] = {"7d": 7, "28d": 28, "all": None}


class State(StrEnum):
    """What a day is for an exercise; the first that fits, in this order.

    A day that never existed for the person is off, whatever else would fit.
    """

    DONE = "done"
    NONE = "none"
    EXCUSED = "excused"
    OFF = "off"
    OPEN = "open"
    MISSED = "missed"


class Streak(Value):
    """Exercise days without a miss: how many the present streak and the longest have.

    `since` is the first day of the present one, `ended` the last day that ended one. An activity that begins
    after `ended` may not hold the whole of the present streak.
    """

    current: int
    best: int
    since: date | None
    ended: date | None


class StreakDays(Value):
    """Days that a streak counts and days that end one, as sets; every other day is neutral."""

    kept: Days
    ends: Days


class HabitDay(Value):
    """A day that was due: whether it was done, and the habit before and after it."""

    day: date
    done: bool
    before: float
    after: float


class Adherence(Value):
    """The days you did, out of the days due."""

    done: int
    due: int

    @property
    def share(self) -> float | None:
        """Return done ÷ due, from 0 to 1; None when nothing was due."""
        return self.done / self.due if self.due else None


class Quota(Value):
    """This week of an n-a-week schedule: times needed, times done, and days that can still be left out.

    `left` are the days from today on that are neither done nor excused, and those of the week that a change of the
    plan takes; `short` is by how many the week cannot be reached any more: so many of its days are missed. `pace` is
    how many an even spread over the week asks for by today.
    """

    need: int
    done: int
    spare: int
    left: int
    short: int
    pace: int


class Left(Value):
    """Sets that are left of a day's dose: in all, or for each side of an exercise done per side."""

    sets: int | None
    left: int | None
    right: int | None

    def __bool__(self) -> bool:
        """Return whether anything is left."""
        return any((self.sets, self.left, self.right))


class Standing(Value):
    """The days of one exercise up to today, as sets; `spells` go on to the end of today's week.

    `kept_due` are the days due and done: those that adherence counts. `leapt_over` never existed for the person.
    """

    spells: list[Spell]
    covered: Days
    done: Days
    kept_due: Days
    excused: Days
    open: Days
    missed: Days
    leapt_over: Days
    quota: Quota | None

    def state(self, day_number: int) -> State:
        """Return the state of a day that is not after today."""
        # Most days that are asked for are near the end of the sets, so that little is left of a set once it is shifted.
        if self.done >> day_number & 1:
            return State.DONE
        if self.leapt_over >> day_number & 1:
            return State.OFF
        if not self.covered >> day_number & 1:
            return State.NONE
        its = ((self.excused, State.EXCUSED), (self.open, State.OPEN), (self.missed, State.MISSED))
        return next((state for its_days, state in its if its_days >> day_number & 1), State.OFF)

    def is_due(self, day_number: int) -> bool:
        """Return whether a day that is not after today was due: done, open or missed."""
        return any(its >> day_number & 1 for its in (self.kept_due, self.missed, self.open))


class Progress:
    """An activity as it stands at the end of a day; what every screen, JSON and reminder asks.

    Sessions of days after `today` count nowhere.
    """

    def __init__(self, activity: Activity, catalogue: Catalogue, today: date) -> None:
        """Take the activity, the exercises it names and the day to look from."""
        self.today = today
        self.activity = activity
        self.catalogue = catalogue
        self._now = days.number(today)
        self._past_and_today = days.span(0, self._now)
        self._leapt_over = activity.leapt_over & (self._past_and_today >> 1)

    def with_plan(self, written: Iterable[Prescription]) -> "Progress":
        """Return how things stand when more prescriptions are written."""
        prescriptions = (*self.activity.prescriptions, *written)
        return Progress(self.activity._replace(prescriptions=prescriptions), self.catalogue, self.today)

    @cached_property
    def plan(self) -> dict[str, Prescription]:
        """Return today's prescriptions by exercise, in the order in which they were set."""
        return plan.in_force(self.activity.prescriptions, self.today)

    @cached_property
    def standings(self) -> dict[str, Standing]:
        """Return the standing of every exercise that was ever prescribed or done, prescribed ones first."""
        prescribed = (item.exercise for item in self.activity.prescriptions)
        return {exercise: self._standing(exercise) for exercise in dict.fromkeys((*prescribed, *self.activity.done))}

    @property
    def listed(self) -> list[str]:
        """Return the exercises that have figures to show: those in the plan, and those ever done."""
        return [exercise for exercise, its in self.standings.items() if exercise in self.plan or its.done]

    def standing(self, exercise: str) -> Standing:
        """Return the standing of an exercise, also of one that was never heard of."""
        return self.standings.get(exercise) or self._standing(exercise)

    def state(self, exercise: str | None, day: date) -> State:
        """Return the state of an exercise, or of the whole plan, on a day that is not after today.

        The plan's day is done when any exercise due on it was done, or any at all where none was due.
        """
        if exercise is not None:
            return self.standing(exercise).state(days.number(day))
        judged = self._judged(day)
        found = {standing.state(days.number(day)) for standing in (judged or self.standings).values()}
        order = (State.DONE, State.MISSED, State.OPEN, State.EXCUSED, State.OFF)
        return next((state for state in order if state in found), State.NONE)

    def _judged(self, day: date) -> dict[str, Standing]:
        """Return the standings of the exercises that were due on a day, or of those done where none was due."""
        at = days.number(day)
        due = {name: its for name, its in self.standings.items() if its.is_due(at)}
        return due or {name: its for name, its in self.standings.items() if its.done >> at & 1}

    def streak_days(self, exercise: str | None = None) -> StreakDays:
        """Return the days that count for the streak of an exercise, or that of the plan, and those that end it."""
        if exercise is None:
            kept, missed, prescribed = self.done, self.missed, self._covered
        else:
            standing = self.standing(exercise)
            kept, missed, prescribed = standing.done, standing.missed, standing.covered
        return StreakDays(kept, self._past_and_today & (missed | ~prescribed) & ~kept & ~self._leapt_over)

    def streak(self, exercise: str | None = None) -> Streak:
        """Return the streak of an exercise, or that of the plan."""
        kept, ends = self.streak_days(exercise)
        lengths, after = days.streak_lengths(kept, ends), ends.bit_length()
        present = kept >> after << after
        since = days.day_of(days.first(present)) if present else None
        return Streak(lengths[0], max(lengths), since, days.day_of(after - 1) if after else None)

    @property
    def done(self) -> Days:
        """Return the days up to today on which anything was done."""
        return _union(standing.done for standing in self.standings.values())

    @property
    def missed(self) -> Days:
        """Return the days on which an exercise was missed."""
        return _union(standing.missed for standing in self.standings.values())

    @property
    def _covered(self) -> Days:
        """Return the days up to today that a prescription covers."""
        return _union(standing.covered for standing in self.standings.values())

    def adherence(self, length: int | None, exercise: str | None = None) -> Adherence:
        """Return the adherence over the last `length` days, today included, or over all."""
        return self._adherence(self._window(length), exercise)

    def adherence_between(self, first: date, last: date, exercise: str | None = None) -> Adherence:
        """Return the adherence over the days from first to last, both included."""
        return self._adherence(days.span(days.number(first), days.number(last)), exercise)

    def _adherence(self, window: Days, exercise: str | None) -> Adherence:
        """Return the adherence over some days."""
        chosen = self.standings.values() if exercise is None else [self.standing(exercise)]
        done = sum((standing.kept_due & window).bit_count() for standing in chosen)
        return Adherence(done, done + sum((standing.missed & window).bit_count() for standing in chosen))

    def dose_adherence(self, length: int | None, exercise: str | None = None) -> float | None:
        """Return the shares of the due and done days of a window, added up, ÷ its days due; None when none were due."""
        due, window = self.adherence(length, exercise).due, self._window(length)
        chosen = self.standings if exercise is None else (exercise,)
        kept = ((name, day) for name in chosen for day in days.each(self.standing(name).kept_due & window))
        return sum(self.share(name, days.day_of(day)) or 0 for name, day in kept) / due if due else None

    def habit(self, exercise: str) -> float:
        """Return the strength of a habit, from 0 to 1: half of it is the last 13 due days.

        The formula is that of the Loop Habit Tracker's score for a daily habit.
        """
        strength = 0.0
        for _, _, after in self._habit(exercise):
            strength = after
        return strength

    def habit_days(self, exercise: str, count: int) -> list[HabitDay]:
        """Return the last `count` days that were due, and what each made of the habit."""
        course = [(0, False, 0.0), *self._habit(exercise)]
        return [
            HabitDay(days.day_of(day), done, before, after)
            for (_, _, before), (day, done, after) in list(pairwise(course))[-count:]
        ]

    def _habit(self, exercise: str) -> Iterator[tuple[int, bool, float]]:
        """Yield each day that was due, whether it was done, and the strength of the habit after it."""
        standing = self.standing(exercise)
        kept, strength = set(days.each(standing.kept_due)), 0.0
        for day in days.each(standing.kept_due | standing.missed):
            done = day in kept
            strength = strength * HABIT_KEPT + (1 - HABIT_KEPT) * done
            yield day, done, strength

    def weeks(self, count: int, exercise: str | None = None) -> list[date]:
        """Return the Mondays of the last `count` weeks, earliest first, from the first week known on."""
        known, this = self.first_day(exercise), days.monday(self._now)
        first = max(this - days.WEEK * (count - 1), days.monday(days.number(known))) if known else this
        return [days.day_of(monday) for monday in range(first, this + 1, days.WEEK)]

    def first_day(self, exercise: str | None = None) -> date | None:
        """Return the first day up to today on which an exercise, or any, was prescribed or done; None without one."""
        chosen = self.standings.values() if exercise is None else [self.standing(exercise)]
        known = _union(standing.covered | standing.done for standing in chosen)
        return days.day_of(days.first(known)) if known else None

    @property
    def began(self) -> date | None:
        """Return the first of the days on end up to today that a prescription covers; None when none covers today."""
        after = (self._past_and_today & ~self._covered).bit_length()
        return days.day_of(after) if after <= self._now else None

    @property
    def week(self) -> int | None:
        """Return which week of the plan today is in, from 1; None when no prescription covers today."""
        return 1 + (self.today - self.began).days // days.WEEK if self.began else None

    def pauses_today(self) -> list[Pause]:
        """Return the pauses that cover today, in the order of writing."""
        return [
            pause
            for pause in self.activity.pauses
            if pause.first <= self.today and (pause.last is None or self.today <= pause.last)
        ]

    def prescribed(self, exercise: str, day: date) -> Dose | None:
        """Return the dose prescribed on a day."""
        day_number = days.number(day)
        for spell in self.standing(exercise).spells:
            if spell.first <= day_number <= spell.last:
                return spell.dose
        return None

    def share(self, exercise: str | None, day: date) -> float | None:
        """Return how much of a day's dose was done, from 0 to 1; None when nothing was prescribed or done.

        For the whole plan it is the mean over the exercises due, or over those done where none was due;
        one that was done without a prescription counts as 1.
        """
        if exercise is None:
            return self._plan_share(day)
        dose, amounts = self.prescribed(exercise, day), self._amounts[exercise][day]
        known = self.catalogue.get(exercise)
        whole = dose.volume(known.mode) if dose else 0
        if not whole or not amounts:
            return None
        parts = [min(1.0, done / whole) for done in _volumes(known, dose, amounts)]
        return sum(parts) / len(parts)

    def below_dose(self, sessions: Iterable[Session]) -> frozenset[str]:
        """Return the exercises of sessions of which less than the dose was done in all on their day."""
        return frozenset(its.exercise for its in sessions if (self.share(its.exercise, its.day) or 1) < 1)

    def _plan_share(self, day: date) -> float | None:
        """Return how much of what was due on a day was done; None when nothing was."""
        judged, bit = self._judged(day), days.one(days.number(day))
        done = [name for name, standing in judged.items() if standing.done & bit]
        shares = [self.share(name, day) for name in done]
        return sum(1 if share is None else share for share in shares) / len(judged) if done else None

    def left(self, exercise: str, day: date) -> Left | None:
        """Return the sets that are left of a day's dose; None when nothing is prescribed on it."""
        dose = self.prescribed(exercise, day)
        known = self.catalogue.get(exercise)
        whole = dose.volume(known.mode) if dose else 0
        if not dose or not whole:
            return None
        one_set = dose.one_set(known.mode)
        volumes = _volumes(known, dose, self._amounts[exercise][day])
        sets = [max(0, -((done - whole) // one_set)) for done in volumes]
        return Left(None, sets[0], sets[1]) if known.per_side else Left(sets[0], None, None)

    def first_and_last(self, exercise: str) -> tuple[date | None, date | None]:
        """Return the first and the last day on which an exercise was done."""
        done = self.standing(exercise).done
        return (days.day_of(days.first(done)), days.day_of(done.bit_length() - 1)) if done else (None, None)

    @cached_property
    def left_today(self) -> dict[str, Left]:
        """Return what is left of each exercise that is open or was started today, leaving out what is paused."""
        paused = {pause.exercise for pause in self.pauses_today()}
        return {
            exercise: left
            for exercise in self.plan
            if (left := self.left(exercise, self.today))
            and self.state(exercise, self.today) in {State.OPEN, State.DONE}
            and not paused & {None, exercise}
        }

    def behind(self, exercise: str) -> bool:
        """Return whether a reminder speaks of an exercise: it is open today and, if it is n a week, off its pace.

        A week without a day to spare is off its pace too: where as many are done as an even spread asks for by today,
        and nothing yet today, the days that are left are at least one more than what is left to do.
        """
        standing = self.standing(exercise)
        quota = standing.quota
        return bool(standing.open) and (quota is None or quota.done < quota.pace)

    def change_begins(self, exercise: str) -> date:
        """Return the first day of a change of the plan that names none: today, tomorrow where it was done today.

        What was done today counts by the plan that it was done under.
        """
        done_today = self.standing(exercise).done >> self._now & 1
        return self.today + timedelta(done_today)

    def volume(self, exercise: str, first: date = days.FIRST_DAY, last: date | None = None) -> int:
        """Return the repetitions or seconds from first to last, or to today; those of both sides added up."""
        known, end = self.catalogue.get(exercise), min(last or self.today, self.today)
        return sum(
            sum(_volumes(known, self.prescribed(exercise, day), done))
            for day, done in self._amounts[exercise].items()
            if first <= day <= end
        )

    @cached_property
    def _amounts(self) -> defaultdict[str, defaultdict[date, list[Amount]]]:
        """Return what was done, by exercise and day."""
        found: defaultdict[str, defaultdict[date, list[Amount]]] = defaultdict(lambda: defaultdict(list))
        for amount in self.activity.amounts:
            found[amount.exercise][amount.day].append(amount)
        return found

    def _window(self, length: int | None) -> Days:
        """Return the last `length` days, today included, or all up to today."""
        return self._past_and_today if length is None else days.span(max(0, self._now - length + 1), self._now)

    @cached_property
    def _prescribed(self) -> dict[str, list[Prescription]]:
        """Return the prescriptions of each exercise."""
        return plan.by_exercise(self.activity.prescriptions)

    def _standing(self, exercise: str) -> Standing:
        """Work out every day of an exercise, the n-a-week ones a week at a time."""
        today, past = days.one(self._now), self._past_and_today >> 1
        week_end = days.monday(self._now) + days.WEEK - 1
        spells = plan.spells(self._prescribed.get(exercise, ()), exercise, week_end)
        covered = plan.covered(spells)
        done = self.activity.done.get(exercise, 0) & self._past_and_today
        # A session on a day that never existed counts, and the other exercises still have no such day: nothing becomes
        # missed because a session is added.
        leapt_over = self._leapt_over & ~done
        excused = covered & plan.paused(self.activity.pauses, exercise, week_end) & ~done & ~leapt_over
        due = plan.due(spells) & self._past_and_today
        kept_due, left = due & done, due & ~done & ~excused & ~leapt_over
        missed, still_open = left & past, left & today
        quota = None
        for stretch in plan.weekly(spells):
            flags = self._weekly(stretch, done, excused | leapt_over)
            kept_due |= flags.kept_due
            missed |= flags.missed
            if flags.quota:
                quota = flags.quota
                still_open |= today & ~done & ~excused if quota.done < quota.need else 0
        kept, within = covered & self._past_and_today, excused & self._past_and_today
        return Standing(spells, kept, done, kept_due, within, still_open, missed, leapt_over, quota)

    def _weekly(self, stretch: Stretch, done: Days, forgiven: Days) -> "_Flags":
        """Return the flags of the days of a stretch, and the quota of its part of this week, if it has one."""
        mondays = range(days.monday(stretch.first), stretch.last + 1, days.WEEK)
        on = days.span(stretch.first, stretch.last)
        # No stretch goes beyond this week, so all its weeks but the last are past.
        todays = [days.WEEK] * (len(mondays) - 1) + [max(0, min(self._now - mondays[-1], days.WEEK))]
        sets = (days.by_week(its, mondays) for its in (on, on & done, on & forgiven))
        weeks = list(map(_week, repeat(stretch.times), *sets, todays))
        return _Flags(
            days.from_weeks((week.kept_due for week in weeks), mondays),
            days.from_weeks((week.missed for week in weeks), mondays),
            weeks[-1].quota if stretch.first <= self._now <= stretch.last else None,
        )


def changed(before: Progress, after: Progress) -> Days:
    """Return the past days on which an exercise has another state, counts otherwise, or has another share.

    Both look from the same today at the same sessions.
    """
    past, found = days.span(0, days.number(before.today) - 1), 0
    for exercise in before.standings.keys() | after.standings.keys():
        old, new = before.standing(exercise), after.standing(exercise)
        found |= _differ(old, new) & past
        if old.spells == new.spells:
            continue
        for number in days.each(old.done & old.covered & new.covered & past & ~found):
            day = days.day_of(number)
            same_dose = before.prescribed(exercise, day) == after.prescribed(exercise, day)
            if not same_dose and before.share(exercise, day) != after.share(exercise, day):
                found |= days.one(number)
    return found


def _differ(old: Standing, new: Standing) -> Days:
    """Return the days whose state or counting differs."""
    return (
        (old.covered ^ new.covered)
        | (old.kept_due ^ new.kept_due)
        | (old.excused ^ new.excused)
        | (old.missed ^ new.missed)
    )


class _Flags(Value):
    """What days of an n-a-week schedule come to, and how its week stands."""

    kept_due: Days
    missed: Days
    quota: Quota | None


@cache
def _week(times: int, week: Days, done: Days, forgiven: Days, today: int) -> _Flags:
    """Return the flags of the days of one week on which the same n is prescribed without a break.

    Bit 0 of each set is the Monday. `week` are those days; `done` and `forgiven` (excused, or leapt over) are some of
    them; `today` counts from the Monday, 0 also for a week to come and 7 for a past one.
    """
    # The days go on to Sunday unless a change of the plan cut them short, so those after the last one are lost. They
    # are in the quota and in what is left whatever is done on them: from the day of the change on each of them takes
    # the place of a day that was left then, so the change makes no earlier day missed, nor any that was missed good.
    # There are never too few free days to miss: the quota is at most the days and the lost ones together.
    lost = days.WEEK - week.bit_length()
    need = round(times * (week.bit_count() + lost) / days.WEEK)
    past = days.span(0, today - 1)
    free = week & ~done & ~forgiven
    left = (free & ~past).bit_count() + lost
    gap = need - done.bit_count() - forgiven.bit_count() - left
    short = max(0, gap)
    spare = min(left, max(0, -gap))
    pace = -(-times * (week & days.span(0, today)).bit_count() // days.WEEK)
    quota = Quota(need, done.bit_count(), spare, left, short, min(need, pace))
    return _Flags(days.earliest(done, need), days.latest(free & past, short), quota)


def _volumes(exercise: Exercise, dose: Dose | None, amounts: list[Amount]) -> list[int]:
    """Return the volume of what was done: in all, or of the left and of the right side."""
    if not exercise.per_side:
        return [sum(amount.dose.volume(exercise.mode, dose) for amount in amounts)]
    left = right = 0
    for amount in amounts:
        volume = amount.dose.volume(exercise.mode, dose)
        left += volume if amount.side != "right" else 0
        right += volume if amount.side != "left" else 0
    return [left, right]


def _union(sets_of_days: Iterable[Days]) -> Days:
    """Return the days that are in any of the sets."""
    found = 0
    for some in sets_of_days:
        found |= some
    return found
