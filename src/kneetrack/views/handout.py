"""The hand-out: a dated page of plain text that a clinician can read in a minute."""

from collections.abc import Iterator, Sequence
from datetime import date

from kneetrack.domain import text
from kneetrack.domain.plan import Pause
from kneetrack.domain.progress import Adherence
from kneetrack.domain.report import Report
from kneetrack.views import phrases
from kneetrack.views.paragraphs import hanging, wrapped
from kneetrack.views.safety import INTENDED_USE

MOST_LINES = 60
WIDTH = 78

_EXERCISES, _CHANGES, _WEEKS, _PAUSES = 8, 6, 13, 4


def handout(report: Report) -> list[str]:
    """Return the page: at most 60 lines of at most 78 characters."""
    head = [
        f"Exercise diary, {_day(report.first)} to {_day(report.last)}",
        f"written {_day(report.written.date())} {report.written:%H:%M}; no clinician has reviewed it",
        "",
        *_section(f"Plan on {_day(report.last)}", list(_plan(report)) or ["none"], _EXERCISES),
        *_section("Changes of the plan in these days, latest first", list(_changes(report)), _CHANGES),
        *_section("Done of what was planned", [*_done(report), _together(report)], _EXERCISES + 1),
        *_section("By week, latest first (pain 0 to 10, while exercising)", list(_weeks(report)), _WEEKS),
        *_section("Skipped and paused, latest first", _excused(report), _PAUSES),
    ]
    foot = wrapped(INTENDED_USE, WIDTH)
    room = MOST_LINES - len(head) - len(foot) - 2
    return [*head, *_section("Notes, latest first", list(_notes(report)), room), *foot]


def _section(title: str, entries: Sequence[str], most: int) -> list[str]:
    """Return a title, at most so many lines, how many more entries there are, and a gap; nothing for no entries.

    An entry takes two lines at most.
    """
    if not entries:
        return []
    lines: list[str] = []
    left = len(entries)
    for entry in entries:
        its = _in_two_lines(entry)
        if len(lines) + len(its) > most - (left > 1):
            break
        lines += its
        left -= 1
    return [title, *lines, *([f"  … and {left} more"] if left else []), ""]


def _in_two_lines(entry: str) -> list[str]:
    """Return an entry, of which what is longer than two lines is left out."""
    if text.cells(entry) + 2 <= WIDTH:
        return [f"  {entry}"]
    first, *more = hanging(entry, WIDTH, "  ", "    ")
    if len(more) <= 1:
        return [first, *more]
    return [first, f"{hanging(more[0].strip(), WIDTH - len(' …'), '    ')[0]} …"]


def _day(day: date) -> str:
    """Return a day with its weekday and its year."""
    return f"{text.show_day(day, day)} {day.year}"


def _plan(report: Report) -> Iterator[str]:
    for exercise, item in report.plan:
        yield f"{phrases.prescription(exercise, item)}, since {_day(item.first_day)}"


def _changes(report: Report) -> Iterator[str]:
    for exercise, item in report.changes:
        yield f"{_day(item.first_day)}: {phrases.prescription(exercise, item)}"


def _done(report: Report) -> Iterator[str]:
    for its in report.done:
        parts = [f"{text.clean(its.exercise.name)}: {_of_planned(its.adherence)}"]
        parts += [f"{text.percent(its.share)} of the dose on days done"] if its.share is not None else []
        parts += [f"also done on {text.count(its.other_days, 'other day')}"] if its.other_days else []
        yield " · ".join(parts)


def _together(report: Report) -> str:
    shown_up = f"something done on {report.days_done} of {text.count(report.length, 'day')}"
    return f"Together: {_of_planned(report.together)} · {shown_up}"


def _of_planned(kept: Adherence) -> str:
    """Return how much was done of what was planned: 9 of 10 (90 %)."""
    return f"{kept.done} of {kept.due} ({text.percent(kept.share)})" if kept.due else "nothing planned"


def _weeks(report: Report) -> Iterator[str]:
    for week in report.weeks:
        yield f"{text.show_day(week.first, report.last):<12} {_of_planned(week.adherence):<18} {_pain(week.pains)}"


def _pain(noted: Sequence[int]) -> str:
    """Return the pain of a week: pain 2 to 4, mean 3.0 of 2 notes; pain 5; no pain noted."""
    if not noted:
        return "no pain noted"
    if min(noted) == max(noted):
        return f"pain {noted[0]}{f', {len(noted)} notes' if len(noted) > 1 else ''}"
    return f"pain {min(noted)} to {max(noted)}, mean {sum(noted) / len(noted):.1f} of {len(noted)} notes"


def _excused(report: Report) -> list[str]:
    """Return the pauses: Wed 18 Nov: everything (travel)."""
    its = sorted(report.pauses, key=lambda named: named[1].first, reverse=True)
    return [
        _pause(text.clean(exercise.name) if exercise else "everything", pause, report.last) for exercise, pause in its
    ]


def _pause(name: str, pause: Pause, last: date) -> str:
    first = text.show_day(pause.first, last)
    if pause.last is None:
        when = f"from {first} on"
    else:
        when = first if pause.last == pause.first else f"{first} to {text.show_day(pause.last, last)}"
    return f"{when}: {name}{f' ({text.clean(pause.reason)})' if pause.reason else ''}"


def _notes(report: Report) -> Iterator[str]:
    for exercises, session in report.notes:
        names = " and ".join(text.clean(exercise.name) for exercise in exercises)
        pain = f", pain {session.pain}" if session.pain is not None else ""
        yield f"{text.show_day(session.day, report.today)} {names}{pain}: “{text.clean(session.note or '')}”"
