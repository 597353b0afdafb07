"""The words and marks that every screen shares."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from kneetrack.domain import text
from kneetrack.domain.catalogue import Catalogue, Exercise
from kneetrack.domain.days import WEEK
from kneetrack.domain.dose import Dose, show
from kneetrack.domain.plan import Pause, Prescription, Schedule
from kneetrack.domain.progress import Left, Progress, Quota, State, Streak
from kneetrack.domain.records import Session
from kneetrack.views.lines import Span, cut

if TYPE_CHECKING:
    from kneetrack.domain.progression import PhaseOver
    from kneetrack.domain.templates import Position


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

_NOTE_SHOWN = 60

SIGNS = "Signs that need a clinician: kneetrack safety."
ASK_MORNING = "To note this morning's pain: kneetrack pain N --moment morning"
EMPTY_PLAN = "Your plan is empty. For example: kneetrack plan set bridge 3x10 clamshell 3x10"


def mark(progress: Progress, exercise: str | None, day: date) -> Span:
    """Return the mark of an exercise, or of the whole plan, on a day: half-filled below the dose."""
    if day > progress.today:
        return AHEAD
    state = progress.state(exercise, day)
    if state is State.DONE and (progress.share(exercise, day) or 1) < 1:
        return PART
    return MARKS[state]


def in_lines(parts: Iterable[str], width: int, between: str = " · ") -> str:
    """Return parts side by side, as many to a line as fit the width."""
    lines: list[str] = []
    for part in parts:
        if lines and text.cells(lines[-1] + between + part) <= width:
            lines[-1] += between + part
        else:
            lines.append(part)
    return "\n".join(lines)


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
    """Return what was done, on one line: 3×15, left side; 15, 12, 10 for uneven sets; equal ones are added up."""
    sides = {session.side for session in sessions}
    doses = [show(dose, exercise.mode) for dose in _added_up([session.dose for session in sessions])]
    if len(sides) == 1:
        side = sides.pop()
        return ", ".join(doses) + (f", {side} side" if side in {"left", "right"} else "")
    each = (
        [session for session in sessions if session.side == side]
        for side in dict.fromkeys(its.side for its in sessions)
    )
    return " · ".join(session_dose(exercise, part) for part in each)


def _added_up(doses: list[Dose]) -> list[Dose]:
    """Return doses of sets that were written one by one as one dose, where they are all equal."""
    if len(set(doses)) > 1 or None in {dose.sets for dose in doses}:
        return doses
    return [doses[0]._replace(sets=sum(dose.sets or 0 for dose in doses))]


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


def asked(exercise: Exercise, item: Prescription) -> str:
    """Return what a prescription asks for: 3×10, hold 2 s, daily, tempo 3-2-3, rest 45 s."""
    pace = paced(item)
    return f"{dose_and_schedule(exercise, item)}{f', {pace}' if pace else ''}"


def dose_and_schedule(exercise: Exercise, item: Prescription) -> str:
    """Return how much a prescription asks for and when: 3×10, hold 2 s, daily."""
    if item.dose is None or item.schedule is None:
        return "dropped"
    return f"{prescribed(exercise, item.dose)}, {scheduled(item.schedule)}"


def paced(item: Prescription) -> str:
    """Return the tempo and the rest of a prescription, as far as they were said: tempo 3-2-3, rest 45 s."""
    tempo = [f"tempo {item.tempo.typed}"] if item.tempo else []
    return ", ".join(tempo if item.rest_s is None else [*tempo, f"rest {item.rest_s} s"])


def prescription(exercise: Exercise, item: Prescription) -> str:
    """Return a prescription with its exercise: Bridge 3×10, hold 2 s, daily."""
    return f"{text.clean(exercise.name)} {asked(exercise, item)}"


def change(
    exercise: Exercise, item: Prescription, before: Prescription | None, later: Prescription | None, today: date
) -> str:
    """Return what a new prescription changes from when: Bridge 3×12, daily, from Wed 25 Nov (was 3×10, daily).

    `before` was in force on its first day; `later`, written earlier, ends it.
    """
    start = text.show_day(item.first_day, today)
    if before and item.says_the_same(before):
        return f"No change: {prescription(exercise, item)}, since {text.show_day(before.first_day, today)}"
    was = f" (was {asked(exercise, before)})" if before and item.dose else ""
    if later is None:
        return f"{prescription(exercise, item)}, from {start}{was}"
    last = later.first_day - timedelta(1)
    held = f"on {start} only" if last == item.first_day else f"from {start} to {text.show_day(last, today)}"
    then = f"{asked(exercise, later)} from {text.show_day(later.first_day, today)}, as set before"
    return f"{prescription(exercise, item)}, {held}{was}; {then}"


def quota(item: Quota) -> str:
    """Return how an n-a-week schedule is doing this week: 1 of 3 this week, 2 sessions left, 4 days left."""
    if not item.need:
        return "not due for the rest of this week"
    so_far = f"{min(item.done, item.need)} of {item.need} this week"
    if item.done > item.need:
        return f"{so_far}, plus {item.done - item.need} extra"
    if item.done == item.need:
        return so_far
    if item.short:
        return f"{so_far}, {item.short} missed"
    if not item.left:
        return f"{so_far}, the rest excused"
    return f"{so_far}, {text.count(item.need - item.done, 'session')} left, {text.count(item.left, 'day')} left"


def quota_marks(item: Quota) -> str:
    """Return the sessions that a week asks for as marks, those done first: ●○○."""
    done = min(item.done, item.need)
    return MARKS[State.DONE].text * done + MARKS[State.OPEN].text * (item.need - done)


def left_today(progress: Progress) -> str:
    """Return everything that is left today, or that nothing is."""
    items = []
    for exercise_id, left in progress.left_today.items():
        exercise, dose = progress.catalogue.get(exercise_id), progress.plan[exercise_id].dose
        if dose:
            items.append(f"{text.clean(exercise.name)} {remaining(exercise, dose, left)}")
    if items:
        return f"left today: {' · '.join(items)}"
    return "nothing left today" if progress.plan else "your plan is empty: kneetrack plan set bridge 3x10"


def streak(its: Streak) -> str:
    """Return a streak in words: streak 9 days."""
    return f"streak {text.count(its.current, 'day')}" if its.best else "no streak yet"


def best(its: Streak) -> str:
    """Return a streak in words with the longest one, where that is another: streak 9 days (best 11)."""
    return f"{streak(its)} (best {its.best})" if its.best > its.current else streak(its)


def four_weeks_share(progress: Progress) -> str:
    """Return the adherence of the last four weeks as a share: last 4 weeks 93 %."""
    kept = progress.adherence(28)
    return f"last 4 weeks {text.percent(kept.share)}" if kept.due else _nothing_planned_yet(progress)


def four_weeks(progress: Progress, exercise: str | None = None) -> str:
    """Return the adherence of the last four weeks: last 4 weeks 38 of 41 planned, 93 %."""
    kept = progress.adherence(28, exercise)
    if not kept.due:
        return _nothing_planned_yet(progress)
    return f"last 4 weeks {kept.done} of {kept.due} planned, {text.percent(kept.share)}"


def _nothing_planned_yet(progress: Progress) -> str:
    """Return what is said in the place of an adherence while there is none."""
    return "first day" if progress.began == progress.today else "nothing planned in the last 4 weeks"


def pause(item: Pause, name: str, today: date) -> str:
    """Return what a pause excuses and when: from Mon 16 Nov to Sun 22 Nov: Bridge (travel); Sat 17 Oct: Bridge."""
    first = text.show_day(item.first, today)
    if item.last == item.first:
        when = first
    elif item.last:
        when = f"from {first} to {text.show_day(item.last, today)}"
    else:
        when = f"{'since' if item.first < today else 'from'} {first}"
    reason = f" ({text.clean(item.reason)})" if item.reason else ""
    return f"{when}: {text.clean(name)}{reason}"


def paused(progress: Progress) -> list[str]:
    """Return a line for all and one for each exercise that a pause covers today: since when, why, how to end it."""
    by_name: dict[str | None, list[Pause]] = {}
    for item in sorted(progress.pauses_today(), key=lambda item: item.exercise is not None):
        by_name.setdefault(item.exercise, []).append(item)
    return [_paused(progress, exercise, items) for exercise, items in by_name.items()]


def _paused(progress: Progress, exercise: str | None, items: list[Pause]) -> str:
    """Return one line for the pauses of an exercise, or of all, that cover today."""
    lasts = [item.last for item in items if item.last]
    reasons = dict.fromkeys(item.reason for item in items if item.reason)
    whole = Pause(
        "",
        exercise,
        min(item.first for item in items),
        max(lasts) if len(lasts) == len(items) else None,
        brief(", ".join(reasons)) or None,
    )
    known = progress.catalogue.get(exercise) if exercise else None
    said = pause(whole, known.name if known else "everything", progress.today)
    is_skip = whole.first == whole.last
    verb, more = ("skipped", "to take it back") if is_skip else ("paused", "to end it")
    return f"{verb} {said} · {more}: kneetrack resume{f' {known.typed}' if known else ''}"


def remarks(session: Session) -> list[str]:
    """Return what was noted beside the dose: pain 2, effort 6, red band, “left easier”."""
    return [
        *([f"pain {session.pain}"] if session.pain is not None else []),
        *([f"effort {session.effort}"] if session.effort is not None else []),
        *([brief(session.load)] if session.load else []),
        *([f"“{brief(session.note)}”"] if session.note else []),
    ]


def brief(words: str) -> str:
    """Return a text as it is shown beside others: its beginning, where it is long."""
    shown = text.clean(words)
    if text.cells(shown) <= _NOTE_SHOWN:
        return shown
    return f"{next(cut(shown, _NOTE_SHOWN - 1)).rstrip()}…"


def band(low: int, high: int) -> str:
    """Return the band of muscle activity from low to high % of a maximal contraction: moderate to high."""
    first, last = (next(name for most, name in BANDS if most is None or percent <= most) for percent in (low, high))
    return first if first == last else f"{first} to {last}"


def in_phase(place: "Position", today: date) -> str:
    """Return which phase of an example plan is in force: Phase 1 of 4 of hip-first-8w, day 5 of 14."""
    phases = len(place.template.phases)
    its = f"Phase {place.at + 1} of {phases} of {place.template.id}" if phases > 1 else f"Plan {place.template.id}"
    return f"{its}, {day_of_phase(place, today)}"


def day_of_phase(place: "Position", today: date) -> str:
    """Return how far a phase is: day 5 of 14; since Mon 2 Nov."""
    day, whole = (today - place.since).days + 1, (place.phase.weeks or 0) * WEEK
    return f"day {day} of {whole}" if day <= whole else f"since {text.show_day(place.since, today)}"


def phase(place: "Position") -> str:
    """Return that a phase begins: Started hip-first-8w, phase 2 of 4 (2 weeks, 3 a week)."""
    number = f", phase {place.at + 1} of {len(place.template.phases)}" if len(place.template.phases) > 1 else ""
    weeks = f"{text.count(place.phase.weeks, 'week')}, " if place.phase.weeks else ""
    return f"Started {place.template.id}{number} ({weeks}{place.phase.per_week} a week)"


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


def phase_over(over: "PhaseOver") -> list[str]:
    """Return the offer of the next phase, which begins only when the person says so; else the facts and both ways."""
    place = over.place
    weeks, are = ("week", "is") if place.phase.weeks == 1 else (f"{_small(place.phase.weeks or 0)} weeks", "are")
    up = f"The {weeks} of phase {place.at + 1} {are} up"
    if over.may_go_on:
        return [f"{up}. Next phase: kneetrack plan next"]
    pain = f"pain {over.worst}" if over.worst is not None else "pain above your rule"
    facts = f"{over.kept.done} of {over.kept.due} done{f', {pain} in the last 7 days' if over.above else ''}"
    return [
        f"{up}: {facts}. You may stay as you are; to go on anyway: kneetrack plan next",
        "For a lighter plan: kneetrack plan templates",
    ]


def _small(number: int) -> str:
    """Return a number as it is written in a sentence: two."""
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
    return words[number] if number < len(words) else str(number)
