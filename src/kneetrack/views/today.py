"""The screen of today: plain lines, so that it comes as fast as an answer."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

from kneetrack.app.results import Today
from kneetrack.domain import text
from kneetrack.domain.catalogue import Exercise
from kneetrack.domain.dose import Dose
from kneetrack.domain.progress import Left, Progress, Quota, State
from kneetrack.domain.records import Session
from kneetrack.domain.value import Value
from kneetrack.views import answer, columns, phrases
from kneetrack.views.lines import Line, Span

_STRIP_FROM = 72
_LETTERS = "M T W T F S S"
_HEAD = len("  ● ")


class Parts(Value):
    """The lines of today: what stands above the exercises, those of each exercise by its id, and what is below."""

    head: list[Line]
    exercises: dict[str, list[Line]]
    foot: list[Line]


def today(result: Today, width: int) -> list[Line]:
    """Return today: a headline, a line for each exercise of the plan or logged today, and what was noted last.

    The marks of this week are left out on narrow screens.
    """
    its = parts(result, width)
    return [*its.head, *(line for lines in its.exercises.values() for line in lines), *its.foot]


def parts(result: Today, width: int) -> Parts:
    """Return the lines of today in their parts; those of an exercise begin with two spaces and its mark."""
    progress = result.progress
    lines: list[Line] = [[Span(line)] for line in phrases.in_lines(_headline(progress), width).splitlines()]
    lines += [[Span(f"  {line}")] for line in phrases.paused(progress)]
    if not progress.plan:
        lines.append([Span(phrases.EMPTY_PLAN)])
    letters, exercises = _exercises(result, width)
    return Parts([*lines, *letters], exercises, _noted(result))


def beneath(result: Today) -> list[Line]:
    """Return what comes below today: a phase whose weeks are over; without a diary, what its plan will be."""
    if result.new:
        return [[], *answer.lost(result.new.backups), *([Span(line, "quiet")] for line in answer.EXAMPLE)]
    said = phrases.phase_over(result.phase_over) if result.phase_over else []
    if result.scores_due:
        from kneetrack.views import scores  # noqa: PLC0415 - for those who enter scores, once in two weeks

        said.append(scores.due(result.scores_due, result.progress.today))
    lines = [*_back(result), *_met(result), *([Span(line, "quiet")] for line in said)]
    return [[], *lines] if lines else []


def _back(result: Today) -> list[Line]:
    """Return the line of coming back after a miss or a break; none after pain above the limit."""
    left = next(iter(result.progress.left_today), None)
    if not result.back or left is None or result.sore:
        return []
    from kneetrack.views import encouragement  # noqa: PLC0415 - once after a miss

    return [[Span(encouragement.coming_back(result.back, result.progress, left))]]


def _met(result: Today) -> list[Line]:
    """Return a line for each of the person's own rules that is met; none after pain above the limit."""
    if not result.rules or result.sore:
        return []
    from kneetrack.views import rules  # noqa: PLC0415 - for who has one

    today = result.progress.today
    return [[Span(rules.met(its, today))] for its in result.rules if rules.is_said(its, today)]


def _headline(progress: Progress) -> list[str]:
    """Return the day, the week of the plan, the streak and the last four weeks; of those what there is."""
    its = progress.streak()
    return [
        text.show_day(progress.today, progress.today),
        *([f"week {progress.week}"] if progress.week else []),
        *([phrases.best(its)] if its.best else []),
        phrases.four_weeks(progress),
    ]


def _exercises(result: Today, width: int) -> tuple[list[Line], dict[str, list[Line]]]:
    """Return the letters of the week, where there is room for its marks, and the lines of each exercise."""
    progress = result.progress
    listed = (*progress.plan, *result.others)
    if not listed:
        return [], {}
    its_own: defaultdict[str, list[Session]] = defaultdict(list)
    for session in reversed(result.sessions):
        its_own[session.exercise].append(session)
    rows: list[list[Line]] = [
        [
            [Span(text.clean(progress.catalogue.get(exercise).name), "name")],
            _state(progress, exercise, its_own[exercise]),
            _week(progress, exercise),
        ]
        for exercise in listed
    ]
    names, states, weeks = (columns.widest(cells) for cells in zip(*rows, strict=True))
    has_weeks = width >= _STRIP_FROM and bool(progress.plan)
    names = min(names, width // 3)
    rest = width - _HEAD - names - columns.GAP - (weeks + columns.GAP) * has_weeks
    widths = [names, min(states, rest), *([weeks] if has_weeks else [])]
    letters: list[Line] = [[], [], [Span(_LETTERS, "quiet")]]
    above = columns.row(letters, widths, [Span(" " * _HEAD)]) if has_weeks else []
    lines = {}
    for exercise, cells in zip(listed, rows, strict=True):
        head = [Span("  "), phrases.mark(progress, exercise, progress.today), Span(" ")]
        lines[exercise] = columns.row(cells[: len(widths)], widths, head)
    return [[], *above], lines


def _state(progress: Progress, exercise: str, sessions: Sequence[Session]) -> Line:
    """Return in bold what is to be done of an exercise, or else what was done; and how its week is doing.

    `sessions` are those of the exercise today, in the order of writing.
    """
    known = progress.catalogue.get(exercise)
    item = progress.plan.get(exercise)
    state = progress.state(exercise, progress.today)
    its = _together(sessions)
    if not item or not item.dose or not item.schedule:
        return [Span(f"{phrases.session_dose(known, its)}, not in the plan")]
    left, quota = progress.left(exercise, progress.today), progress.standing(exercise).quota
    week = [Span(f" · {_quota(quota)}")] if quota else []
    if state is State.DONE and left and exercise in progress.left_today:
        return [Span(_left(known, item.dose, left), "open"), *week]
    if state is State.OPEN:
        return [Span(phrases.prescribed(known, item.dose), "open"), *week]
    if state is State.DONE:
        return [Span(f"{phrases.session_dose(known, its)} done"), *week]
    if state is State.EXCUSED:
        return [Span("excused today")]
    return [Span(_quota(quota) if quota else f"not due today ({phrases.scheduled(item.schedule)})")]


def _together(sessions: Sequence[Session]) -> list[Session]:
    """Return sessions with those that follow each other and are alike as one, of all their sets."""
    found: list[Session] = []
    for its in sessions:
        last = found[-1] if found else None
        alike = last and (last.side, last.dose._replace(sets=0)) == (its.side, its.dose._replace(sets=0))
        if last and alike and last.dose.sets and its.dose.sets:
            found[-1] = last._replace(dose=last.dose._replace(sets=last.dose.sets + its.dose.sets))
        else:
            found.append(its)
    return found


def _quota(quota: Quota) -> str:
    """Return how a week is doing, with marks while it is not over: 1 of 3 this week ●○○; in full when it gets tight."""
    if quota.need and (quota.spare or quota.done >= quota.need):
        extra = f", plus {quota.done - quota.need} extra" if quota.done > quota.need else ""
        done = f"{min(quota.done, quota.need)} of {quota.need} this week"
        return f"{done} {phrases.quota_marks(quota)}{extra}"
    return phrases.quota(quota)


def _left(known: Exercise, dose: Dose, left: Left) -> str:
    """Return what is left of a dose: 2×10 left, hold 2 s; still 3×10 right side."""
    if known.per_side and left.left != left.right:
        return f"still {phrases.remaining(known, dose, left)}"
    main, _, hold = phrases.remaining(known, dose, left).partition(", hold")
    return f"{main} left, hold{hold}" if hold else f"{main} left"


def _week(progress: Progress, exercise: str) -> Line:
    """Return the marks of this week, Monday first."""
    monday = progress.today - timedelta(progress.today.weekday())
    marks = [phrases.mark(progress, exercise, monday + timedelta(day)) for day in range(7)]
    return [span for mark in marks for span in (mark, Span(" "))][:-1]


def _noted(result: Today) -> list[Line]:
    """Return the pain and the note that were noted last."""
    today = result.progress.today
    lines: list[Line] = _when(result)
    pains = [f"{result.pain.morning} this morning"] if result.pain and result.pain.morning is not None else []
    pains += [f"{result.pained.pain} during {_on(result.pained.day, today)}"] if result.pained else []
    if result.pain:
        pains += [] if result.pain.after is None else [f"{result.pain.after} after exercise"]
        pains += [] if result.pain.rest is None else [f"{result.pain.rest} during the day"]
    if pains:
        lines.append([Span("  pain       ", "quiet"), Span(" · ".join(pains))])
    if result.asks_morning:
        lines.append([Span(f"  {phrases.ASK_MORNING}", "quiet")])
    if result.noted and result.noted.note:
        name = text.clean(result.progress.catalogue.get(result.noted.exercise).name)
        day = text.show_day(result.noted.day, today)
        lines.append([Span("  last note  ", "quiet"), Span(f"{name}, {day}: “{phrases.brief(result.noted.note)}”")])
    return [[], *lines] if lines else []


def _when(result: Today) -> list[Line]:
    """Return when the person means to exercise, while something is left today."""
    if not result.when or not result.progress.left_today:
        return []
    return [[Span("  when       ", "quiet"), Span(result.when.shown)]]


def _on(day: date, today: date) -> str:
    """Return a session by its day: today's session, the session on Fri 20 Nov."""
    return "today's session" if day == today else f"the session on {text.show_day(day, today)}"
