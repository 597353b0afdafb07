"""The rules of the day once more, slowly: one day after the other, with dates, lists and dicts only."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from fractions import Fraction
from math import ceil, floor
from typing import Literal, NamedTuple, TypeAlias

from kneetrack.domain.dose import Dose, Mode
from kneetrack.domain.plan import Pause, Prescription

Done: TypeAlias = tuple[str, date, Literal["left", "right", "both"] | None, Dose]

DAY = timedelta(days=1)


class Kind(NamedTuple):
    """How an exercise is counted."""

    per_side: bool
    mode: Mode


class Run(NamedTuple):
    """A streak: the present run, the longest, the first day of the present one, and the last that ended one."""

    current: int
    best: int
    since: date | None
    ended: date | None


class Week(NamedTuple):
    """Days on end of one week on which the same n is prescribed, and what they are; `left` counts lost days too."""

    quota: int
    done: list[date]
    counted: list[date]
    missed: list[date]
    spare: int
    left: int
    first: date


class Oracle:
    """Answers every question of section 3 of the design, as of `today`."""

    def __init__(
        self,
        prescriptions: Sequence[Prescription],
        pauses: Sequence[Pause],
        sessions: Iterable[Done],
        kinds: dict[str, Kind],
        today: date,
    ) -> None:
        """Take the diary: prescriptions in the order of writing, and sessions in any order."""
        self.prescriptions = list(prescriptions)
        self.pauses = list(pauses)
        self.sessions = [session for session in sessions if session[1] <= today]
        self.done_on = {(exercise, day) for exercise, day, _, _ in self.sessions}
        self.kinds = kinds
        self.today = today
        known = [today, *(item.first_day for item in prescriptions), *(day for _, day, _, _ in self.sessions)]
        self.days = dates(min(known) - DAY, today)
        self._answers: dict[tuple[str, str, date], object] = {}

    def in_force(self, exercise: str, day: date) -> Prescription | None:
        """Return the prescription that covers a day."""
        key = ("in force", exercise, day)
        if key not in self._answers:
            found: Prescription | None = None
            for item in self.prescriptions:
                if (
                    item.exercise == exercise
                    and item.first_day <= day
                    and (found is None or item.first_day >= found.first_day)
                ):
                    found = item
            self._answers[key] = found if found and found.dose else None
        answer = self._answers[key]
        assert answer is None or isinstance(answer, Prescription)
        return answer

    def was_done(self, exercise: str, day: date) -> bool:
        """Return whether there is a session of the exercise on a day."""
        return (exercise, day) in self.done_on

    def was_paused(self, exercise: str, day: date) -> bool:
        """Return whether a pause covers a day."""
        return any(
            pause.exercise in {None, exercise} and pause.first <= day and (pause.last is None or day <= pause.last)
            for pause in self.pauses
        )

    def began(self, exercise: str, day: date) -> date:
        """Return the first of the unbroken days up to this one that carry an equal schedule."""
        here, before = self.in_force(exercise, day), self.in_force(exercise, day - DAY)
        while here and before and here.schedule == before.schedule:
            day -= DAY
            before = self.in_force(exercise, day - DAY)
        return day

    def per_week(self, exercise: str, day: date) -> int | None:
        """Return the n of an n-a-week schedule in force on a day."""
        item = self.in_force(exercise, day)
        return item.schedule.per_week if item and item.schedule else None

    def week_of(self, exercise: str, day: date) -> Week:
        """Return what the days of a day's week are on which the same n is prescribed."""
        key = ("week", exercise, day)
        if key not in self._answers:
            self._answers[key] = self._week_of(exercise, day)
        answer = self._answers[key]
        assert isinstance(answer, Week)
        return answer

    def _week_of(self, exercise: str, day: date) -> Week:
        """Work out one week."""
        times = self.per_week(exercise, day)
        assert times is not None
        monday = day - day.weekday() * DAY
        sunday = monday + 6 * DAY
        first = last = day
        while first > monday and self.per_week(exercise, first - DAY) == times:
            first -= DAY
        while last < sunday and self.per_week(exercise, last + DAY) == times:
            last += DAY
        days, lost = dates(first, last), dates(last + DAY, sunday)
        quota = floor(Fraction(times * (len(days) + len(lost)), 7) + Fraction(1, 2))
        done = [each for each in days if self.was_done(exercise, each)]
        excused = [each for each in days if self.was_paused(exercise, each) and each not in done]
        free = [each for each in days if each not in done and each not in excused]
        left = len([each for each in free if each >= self.today]) + len(lost)
        past = [each for each in free if each < self.today]
        shortfall = max(0, quota - len(done) - len(excused) - left)
        spare = min(left, max(0, left + len(excused) - (quota - len(done))))
        return Week(quota, done, done[:quota], past[len(past) - shortfall :], spare, left, first)

    def due(self, exercise: str, day: date) -> bool:
        """Return whether a day is due by a schedule other than n a week."""
        item = self.in_force(exercise, day)
        assert item is not None
        assert item.schedule is not None
        if item.schedule.kind == "daily":
            return True
        if item.schedule.kind == "weekdays":
            return day.weekday() in item.schedule.weekdays
        assert item.schedule.every is not None
        return (day - self.began(exercise, day)).days % item.schedule.every == 0

    def state(self, exercise: str, day: date) -> str:
        """Return the state of a day that is not after today."""
        key = ("state", exercise, day)
        if key not in self._answers:
            self._answers[key] = self._state(exercise, day)
        return str(self._answers[key])

    def _state(self, exercise: str, day: date) -> str:
        """Work out one state: the first row that fits."""
        if self.was_done(exercise, day):
            return "done"
        if self.in_force(exercise, day) is None:
            return "none"
        if self.was_paused(exercise, day):
            return "excused"
        if not self.wanted(exercise, day):
            return "off"
        return "open" if day == self.today else "missed"

    def wanted(self, exercise: str, day: date) -> bool:
        """Return whether a covered day that is neither done nor excused is due."""
        if not self.per_week(exercise, day):
            return self.due(exercise, day)
        week = self.week_of(exercise, day)
        return len(week.done) < week.quota if day == self.today else day in week.missed

    def due_and_done(self, exercise: str, day: date) -> bool:
        """Return whether a day is done and counts in adherence."""
        if not self.was_done(exercise, day) or self.in_force(exercise, day) is None:
            return False
        if self.per_week(exercise, day):
            return day in self.week_of(exercise, day).counted
        return self.due(exercise, day)

    def missed(self, exercise: str, day: date) -> bool:
        """Return whether a day was missed."""
        return self.state(exercise, day) == "missed"

    def volumes(self, exercise: str, day: date) -> list[tuple[int, int, int]] | None:
        """Return done volume, prescribed volume and volume of one set: for each side, or once."""
        item = self.in_force(exercise, day)
        if item is None or item.dose is None:
            return None
        kind, dose = self.kinds[exercise], item.dose
        sides = ("left", "right") if kind.per_side else ("all",)
        per_set = _per_set(dose, kind.mode) or 0
        answer = []
        for this in sides:
            volume = 0
            for name, when, side, did in self.sessions:
                if (name, when) != (exercise, day) or (kind.per_side and side not in {this, "both", None}):
                    continue
                sets = did.sets if did.sets is not None else dose.sets or 0
                amount = _per_set(did, kind.mode)
                volume += sets * (per_set if amount is None else amount)
            answer.append((volume, (dose.sets or 0) * per_set, per_set))
        return answer

    def share(self, exercise: str, day: date) -> float | None:
        """Return how much of a done day's dose was done."""
        volumes = self.volumes(exercise, day)
        if volumes is None or not self.was_done(exercise, day):
            return None
        return sum(min(1.0, done / wanted) for done, wanted, _ in volumes) / len(volumes)

    def left(self, exercise: str, day: date) -> list[int] | None:
        """Return the sets left of a day's dose: of the left and the right side, or once."""
        volumes = self.volumes(exercise, day)
        if volumes is None:
            return None
        return [max(0, ceil(Fraction(wanted - done, one_set))) for done, wanted, one_set in volumes]

    def window(self, length: int | None) -> list[date]:
        """Return the days of a window that ends today."""
        return [day for day in self.days if length is None or (self.today - day).days < length]

    def adherence(self, length: int | None, exercise: str | None = None) -> tuple[int, int]:
        """Return the days due and done, and the days due."""
        done = missed = 0
        for name in self.kinds if exercise is None else [exercise]:
            for day in self.window(length):
                done += self.due_and_done(name, day)
                missed += self.missed(name, day)
        return done, done + missed

    def dose_adherence(self, length: int | None, exercise: str) -> float | None:
        """Return the shares of the due and done days ÷ the days due."""
        _, due = self.adherence(length, exercise)
        shares = [self.share(exercise, day) or 0.0 for day in self.window(length) if self.due_and_done(exercise, day)]
        return sum(shares) / due if due else None

    def streak(self, exercise: str | None = None) -> Run:
        """Return the streak of an exercise, or of the plan."""
        effects = {day: self._effect(exercise, day) for day in self.days}
        current, since, ended = 0, None, None
        for day in reversed(self.days):
            if effects[day] == "ends":
                ended = day
                break
            if effects[day] == "kept":
                current, since = current + 1, day
        best = run = 0
        for day in self.days:
            run = 0 if effects[day] == "ends" else run + (effects[day] == "kept")
            best = max(best, run)
        return Run(current, best, since, ended)

    def _effect(self, exercise: str | None, day: date) -> str:
        """Return what a day does to a streak: kept, ends or neutral."""
        if exercise is not None:
            return {"done": "kept", "none": "ends", "missed": "ends"}.get(self.state(exercise, day), "neutral")
        if any(self.was_done(name, day) for name in self.kinds):
            return "kept"
        if any(self.missed(name, day) for name in self.kinds) or not self.covered(day):
            return "ends"
        return "neutral"

    def covered(self, day: date) -> bool:
        """Return whether a prescription of any exercise covers a day."""
        return any(self.in_force(name, day) for name in self.kinds)

    def habit(self, exercise: str) -> float:
        """Return the strength of a habit."""
        kept, strength = 0.5 ** (1 / 13), 0.0
        for day in self.days:
            if self.due_and_done(exercise, day):
                strength = strength * kept + (1 - kept)
            elif self.missed(exercise, day):
                strength = strength * kept
        return strength

    def week(self) -> int | None:
        """Return which week of the plan today is in."""
        if not self.covered(self.today):
            return None
        day = self.today
        while self.covered(day - DAY):
            day -= DAY
        return 1 + (self.today - day).days // 7

    def quota(self, exercise: str) -> tuple[int, int, int, int, int, int] | None:
        """Return times needed and done, days to spare, left and missed of this week's n-a-week schedule, and pace."""
        times = self.per_week(exercise, self.today)
        if not times:
            return None
        week = self.week_of(exercise, self.today)
        pace = ceil(Fraction(times * ((self.today - week.first).days + 1), 7))
        return week.quota, len(week.done), week.spare, week.left, len(week.missed), min(week.quota, pace)

    def plan(self) -> dict[str, Prescription]:
        """Return the prescriptions in force today."""
        found = {name: self.in_force(name, self.today) for name in self.kinds}
        return {name: item for name, item in found.items() if item}


def dates(first: date, last: date) -> list[date]:
    """Return the days from first to last, both included."""
    return [first + n * DAY for n in range((last - first).days + 1)]


def _per_set(dose: Dose, mode: Mode) -> int | None:
    """Return the volume of one set."""
    return dose.hold_s if mode == "hold" else dose.reps
