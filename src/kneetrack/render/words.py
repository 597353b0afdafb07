"""The words and marks that every screen shares."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from kneetrack import text
from kneetrack.catalogue import Catalogue, Exercise
from kneetrack.dose import Dose, show
from kneetrack.ledger import Session
from kneetrack.program import Pause, Prescription, Schedule
from kneetrack.progress import Left, Progress, State, Streak

if TYPE_CHECKING:
    from kneetrack.templates import Position


class Span(NamedTuple):
    """A piece of a line and the name of its style; see STYLES."""

    text: str
    style: str = ""


Line: TypeAlias = list[Span]

STYLES = {
    "done": "cyan",
    "part": "cyan",
    "open": "bold",
    "missed": "red",
    "off": "dim",
    "excused": "dim",
    "name": "bold",
    "quiet": "dim",
    "": "",
}
"""Style names and what they look like: cyan and red differ for every kind of colour vision, on dark and on light."""

MARKS = {
    State.DONE: Span("●", "done"),
    State.OPEN: Span("○", "open"),
    State.MISSED: Span("×", "missed"),
    State.OFF: Span("–", "off"),
    State.EXCUSED: Span("▫", "excused"),
    State.NONE: Span(" ", ""),
}
BANDS = ((20, "low"), (40, "moderate"), (60, "high"), (None, "very high"))
"""Bands of muscle activity, each up to so many % of a maximal contraction; our own, no source was checked for them."""

PART = Span("◐", "part")
AHEAD = Span("·", "quiet")


def mark(progress: Progress, exercise: str, day: date) -> Span:
    """Return the mark of an exercise on a day: half-filled when less than the dose was done."""
    if day > progress.today:
        return AHEAD
    state = progress.state(exercise, day)
    if state is State.DONE and (progress.share(exercise, day) or 1) < 1:
        return PART
    return MARKS[state]


def each_side(exercise: Exercise) -> str:
    """Return the words that follow the dose of an exercise done per side."""
    return " each side" if exercise.per_side else ""


def prescribed(exercise: Exercise, dose: Dose) -> str:
    """Return a prescribed dose: 3×10 each side; 3×10, hold 2 s."""
    main, _, pause = show(dose, exercise.mode).partition(", ")
    return f"{main}{each_side(exercise)}{', ' + pause if pause else ''}"


def remaining(exercise: Exercise, dose: Dose, left: Left) -> str:
    """Return what is left of a dose: 2×10, hold 2 s; 3×10 right side; left 1×10, right 3×10."""

    def sets(number: int) -> str:
        words = show(dose._replace(sets=number), exercise.mode).split(", ")[0]
        return words if "×" in words else f"1×{words}"

    pause = f", hold {dose.hold_s} s" if exercise.mode == "reps" and dose.hold_s else ""
    if left.sets is not None:
        return f"{sets(left.sets)}{pause}"
    if left.left == left.right:
        return f"{sets(left.left or 0)} each side{pause}"
    if left.left and left.right:
        return f"{sets(left.left)} left side, {sets(left.right)} right side{pause}"
    return f"{sets(left.left or left.right or 0)} {'left' if left.left else 'right'} side{pause}"


def session_dose(exercise: Exercise, sessions: list[Session]) -> str:
    """Return what was done, on one line: 3×15, left side; 15, 12, 10 for uneven sets."""
    doses = [show(session.dose, exercise.mode) for session in sessions]
    sides = {session.side for session in sessions}
    if len(sides) == 1:
        side = sides.pop()
        return ", ".join(doses) + (f", {side} side" if side in {"left", "right"} else "")
    return ", ".join(f"{dose} {session.side}" for dose, session in zip(doses, sessions, strict=True))


def scheduled(schedule: Schedule) -> str:
    """Return a schedule in words: daily; every 2 days; Mon, Wed, Fri; 3 a week."""
    match schedule.kind:
        case "every":
            return f"every {text.count(schedule.every or 1, 'day')}" if schedule.every != 1 else "every day"
        case "weekdays":
            return ", ".join(text.WEEKDAYS[weekday][:3].title() for weekday in schedule.weekdays)
        case "per_week":
            return f"{schedule.per_week} a week"
        case _:
            return "daily"


def prescription(exercise: Exercise, item: Prescription) -> str:
    """Return a prescription in words: Bridge 3×10, hold 2 s, daily."""
    if item.dose is None or item.schedule is None:
        return f"{text.clean(exercise.name)} dropped"
    return f"{text.clean(exercise.name)} {prescribed(exercise, item.dose)}, {scheduled(item.schedule)}"


def left_today(progress: Progress) -> str:
    """Return everything that is left today, or that nothing is."""
    items = []
    for exercise_id, item in progress.program.items():
        left = progress.left(exercise_id, progress.today)
        state = progress.state(exercise_id, progress.today)
        if item.dose and left and state in {State.OPEN, State.DONE}:
            exercise = progress.catalogue.get(exercise_id)
            items.append(f"{text.clean(exercise.name)} {remaining(exercise, item.dose, left)}")
    if items:
        return f"left today: {' · '.join(items)}"
    return "nothing left today" if progress.program else "no program: kneetrack plan set bridge 3x10"


def run(streak: Streak, today: date) -> str:
    """Return a streak in words: 9 in a row since 14 Nov."""
    if not streak.since:
        return "no days in a row yet" if not streak.best else "0 in a row"
    return f"{streak.current} in a row since {text.short_day(streak.since, today)}"


def four_weeks_share(progress: Progress) -> str:
    """Return the adherence of the last 28 days as a share: 28 days 93 %."""
    kept = progress.adherence(28)
    return f"28 days {text.percent(kept.share)}" if kept.due else "nothing due yet"


def four_weeks(progress: Progress, exercise: str | None = None) -> str:
    """Return the adherence of the last 28 days: 28 days 38 of 41, 93 %."""
    kept = progress.adherence(28, exercise)
    return f"28 days {kept.done} of {kept.due}, {text.percent(kept.share)}" if kept.due else "nothing due yet"


def pause(item: Pause, name: str | None, today: date) -> str:
    """Return a pause in words: since Mon 16 Nov until Sun 22 Nov (travel)."""
    until = f" until {text.show_day(item.last, today)}" if item.last and item.last != item.first else ""
    since = f"{'on' if item.last == item.first else 'since'} {text.show_day(item.first, today)}"
    reason = f" ({text.clean(item.reason)})" if item.reason else ""
    return f"{text.clean(name) + ' ' if name else ''}{since}{until}{reason}"


def paused(progress: Progress) -> list[str]:
    """Return a line for each pause that covers today: since when, why, and how to end it."""
    lines = []
    for item in progress.pauses_today():
        known = progress.catalogue.get(item.exercise) if item.exercise else None
        resume = f"kneetrack resume {known.typed}" if known else "kneetrack resume"
        words = pause(item, known.name if known else None, progress.today)
        lines.append(f"paused: {words} · to end it: {resume}" if known else f"paused {words} · to end it: {resume}")
    return lines


def band(low: int, high: int) -> str:
    """Return the band of muscle activity from low to high % of a maximal contraction: moderate to high."""
    first, last = (next(name for most, name in BANDS if most is None or percent <= most) for percent in (low, high))
    return first if first == last else f"{first} to {last}"


def phase(place: "Position") -> str:
    """Return a phase in words: Example hip-first-8w, phase 2 of 4 (2 weeks, 3 a week)."""
    number = f", phase {place.at + 1} of {len(place.template.phases)}" if len(place.template.phases) > 1 else ""
    weeks = f"{text.count(place.phase.weeks, 'week')}, " if place.phase.weeks else ""
    return f"Example {place.template.id}{number} ({weeks}{place.phase.per_week} a week)"


def turned(written: Iterable[Prescription], held: Iterable[str], catalogue: Catalogue) -> list[str]:
    """Return in a line each what prescriptions set, what they leave of what is `held`, and what they drop."""
    every = list(written)
    named = {item.exercise for item in every}

    def known(exercise: str) -> str:
        return text.clean(catalogue.get(exercise).name)

    taken = [(item.exercise, item.dose) for item in every if item.dose]
    parts = {
        "set": [f"{known(exercise)} {prescribed(catalogue.get(exercise), dose)}" for exercise, dose in taken],
        "stays as it is": [known(exercise) for exercise in held if exercise not in named],
        "dropped": [known(item.exercise) for item in every if not item.dose],
    }
    return [f"{label}: {' · '.join(its)}" for label, its in parts.items() if its]


def phase_over(place: "Position") -> str:
    """Return the offer of the next phase, which begins only when the person says so."""
    weeks = text.count(place.phase.weeks or 0, "week")
    return (
        f"The {weeks} of phase {place.at + 1} of {place.template.id} are over; it stays until you say:"
        " kneetrack plan next"
    )
