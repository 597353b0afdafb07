"""Random diaries: programs that change, pauses and sessions within about eight weeks of a today."""

from datetime import date, timedelta
from typing import NamedTuple

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from kneetrack.domain import days
from kneetrack.domain.catalogue import Catalogue
from kneetrack.domain.dose import Dose
from kneetrack.domain.plan import DAILY, Pause, Prescription, Schedule
from kneetrack.domain.progress import Progress
from kneetrack.domain.records import Activity, Amount, Side
from oracle import Kind, Oracle

KINDS = {
    "bridge": Kind(per_side=False, mode="reps"),
    "clamshell": Kind(per_side=True, mode="reps"),
    "side_plank": Kind(per_side=True, mode="hold"),
}
FIRST, LAST = -56, 10
CATALOGUE = Catalogue()
MONDAY = date(2026, 11, 23)


class Diary(NamedTuple):
    """What was written, each in the order of writing, and the day to look from."""

    prescriptions: tuple[Prescription, ...]
    pauses: tuple[Pause, ...]
    sessions: tuple[Amount, ...]
    today: date


def activity(diary: Diary) -> Activity:
    """Return a diary as the store would give it."""
    done: dict[str, days.Days] = {}
    for session in diary.sessions:
        done[session.exercise] = done.get(session.exercise, 0) | days.one(days.number(session.day))
    return Activity(diary.prescriptions, diary.pauses, done, diary.sessions)


def progress(diary: Diary) -> Progress:
    """Return what the package makes of a diary."""
    return Progress(activity(diary), CATALOGUE, diary.today)


def oracle(diary: Diary) -> Oracle:
    """Return what the oracle makes of a diary."""
    return Oracle(diary.prescriptions, diary.pauses, diary.sessions, KINDS, diary.today)


WEEKDAYS = st.integers(1, 127).map(
    lambda bits: Schedule("weekdays", weekdays=tuple(day for day in range(7) if bits >> day & 1)),
)
EVERY = st.integers(1, 6).map(lambda step: Schedule("every", every=step))
PER_WEEK = st.integers(1, 7).map(lambda times: Schedule("per_week", per_week=times))
SCHEDULES = st.one_of(st.just(DAILY), WEEKDAYS, EVERY, PER_WEEK)
DAY_OFFSETS = st.integers(FIRST, LAST)
SOME_DAYS = st.integers(0, 2 ** (LAST - FIRST + 1) - 1)
ROUNDS = st.integers(1, 4)
AMOUNTS = st.sampled_from((1, 5, 10, 15, 30))


@st.composite
def doses(draw: DrawFn, exercise: str, *, gaps: bool = False) -> Dose:
    """Return a dose that fits an exercise; with gaps, numbers may be missing."""
    sets: int | None = draw(ROUNDS)
    amount: int | None = draw(AMOUNTS)
    missing = draw(st.integers(0, 5)) if gaps else 5
    if missing in {0, 2}:
        sets = None
    if missing in {1, 2}:
        amount = None
    hold = KINDS[exercise].mode == "hold"
    return Dose(sets, None, amount) if hold else Dose(sets, amount, None)


@st.composite
def prescriptions(draw: DrawFn, today: date, schedules: SearchStrategy[Schedule]) -> Prescription:
    """Return a prescription or, now and then, a drop."""
    exercise = draw(st.sampled_from(tuple(KINDS)))
    first_day = today + timedelta(draw(DAY_OFFSETS))
    if not draw(st.integers(0, 6)):
        return Prescription(exercise, first_day, None, None)
    return Prescription(exercise, first_day, draw(doses(exercise)), draw(schedules))


@st.composite
def pauses(draw: DrawFn, today: date) -> Pause:
    """Return a pause of one exercise or of all, of some days or without an end."""
    exercise = draw(st.sampled_from((None, *KINDS)))
    first = today + timedelta(draw(DAY_OFFSETS))
    length = draw(st.integers(-1, 12))
    return Pause("0" * 32, exercise, first, None if length < 0 else first + timedelta(length), None)


@st.composite
def sessions(draw: DrawFn, today: date) -> Amount:
    """Return a session that may lack numbers and may lie after today."""
    exercise = draw(st.sampled_from(tuple(KINDS)))
    sides: tuple[Side | None, ...] = ("left", "right", "both") if KINDS[exercise].per_side else (None,)
    dose = draw(doses(exercise, gaps=True))
    return Amount(exercise, today + timedelta(draw(DAY_OFFSETS)), draw(st.sampled_from(sides)), dose)


@st.composite
def diaries(draw: DrawFn, schedules: SearchStrategy[Schedule] = SCHEDULES) -> Diary:
    """Return a diary whose prescriptions share a few schedules, so that some change the dose alone."""
    today = MONDAY + timedelta(draw(st.integers(0, 6)))
    shared = st.sampled_from(draw(st.lists(schedules, min_size=1, max_size=3)))
    program = draw(st.lists(prescriptions(today, shared), max_size=8))
    breaks = draw(st.lists(pauses(today), max_size=3))
    log = draw(st.lists(sessions(today), max_size=8))
    for exercise, kind in KINDS.items():
        some, how = draw(SOME_DAYS), draw(st.sampled_from(("few", "half", "most")))
        if how != "half":
            other = draw(SOME_DAYS)
            some = some & other if how == "few" else some | other
        dose = draw(doses(exercise))
        side: Side | None = "both" if kind.per_side else None
        log += [Amount(exercise, today + timedelta(FIRST + at), side, dose) for at in days.each(some)]
    return Diary(tuple(program), tuple(breaks), tuple(log), today)
