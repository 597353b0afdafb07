"""The hand-out: a dated page of plain text that a clinician can read in a minute."""

import textwrap
from collections.abc import Iterator, Sequence
from datetime import date

from kneetrack.domain import text
from kneetrack.domain.progress import Adherence
from kneetrack.domain.report import Report
from kneetrack.views import phrases
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
        *_section(f"Program on {_day(report.last)}", list(_plan(report)) or ["none"], _EXERCISES),
        *_section("Changes of the program in these days, latest first", list(_changes(report)), _CHANGES),
        *_section("Done of what was due", [*_done(report), _together(report)], _EXERCISES + 1),
        *_section("By week, latest first (pain 0-10, the worst noted)", list(_weeks(report)), _WEEKS),
        *_section("Excused, latest first", _excused(report), _PAUSES),
    ]
    foot = textwrap.wrap(INTENDED_USE, WIDTH)
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
        its = textwrap.wrap(entry, WIDTH, initial_indent="  ", subsequent_indent="    ", max_lines=2, placeholder=" …")
        if len(lines) + len(its) > most - (left > 1):
            break
        lines += its
        left -= 1
    return [title, *lines, *([f"  … and {left} more"] if left else []), ""]


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
        parts = [f"{text.clean(its.exercise.name)}: {_of_due(its.adherence)}"]
        parts += [text.count(its.other_days, "other day")] if its.other_days else []
        parts += [f"{text.percent(its.share)} of the dose on days done"] if its.share is not None else []
        yield " · ".join(parts)


def _together(report: Report) -> str:
    shown_up = text.count(report.days_done, "day")
    return f"Together: {_of_due(report.together)} · something done on {shown_up} of {report.length}"


def _of_due(kept: Adherence) -> str:
    """Return how much was done of what was due: 9 of 10 (90 %)."""
    return f"{kept.done} of {kept.due} ({text.percent(kept.share)})" if kept.due else "nothing was due"


def _weeks(report: Report) -> Iterator[str]:
    for week in report.weeks:
        pain, noted = "no pain noted down", week.pains
        if noted:
            entries = text.count(len(noted), "entry", "entries")
            pain = f"pain {min(noted)} to {max(noted)}, mean {sum(noted) / len(noted):.1f}, {entries}"
        yield f"{text.show_day(week.first, report.last):<12} {_of_due(week.adherence):<18} {pain}"


def _excused(report: Report) -> list[str]:
    lines = (
        (pause.first, phrases.pause(pause, exercise.name if exercise else "Everything", report.last))
        for exercise, pause in report.pauses
    )
    return [line for _, line in sorted(lines, reverse=True)]


def _notes(report: Report) -> Iterator[str]:
    for exercise, session in report.notes:
        name, pain = text.clean(exercise.name), f", pain {session.pain}" if session.pain is not None else ""
        yield f"{text.show_day(session.day, report.today)} {name}{pain}: “{text.clean(session.note or '')}”"
