"""The hand-out: a dated page of plain text that a clinician can read in a minute. It counts, and judges nothing."""

import textwrap
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from kneetrack.domain import days, text
from kneetrack.domain.plan import in_force
from kneetrack.domain.progress import Progress
from kneetrack.domain.records import Session, lines_of
from kneetrack.views import phrases
from kneetrack.views.safety import INTENDED_USE

MOST_LINES = 60
WIDTH = 78

_EXERCISES, _CHANGES, _WEEKS, _PAUSES = 8, 6, 13, 4


def handout(progress: Progress, sessions: Sequence[Session], first: date, last: date, now: datetime) -> list[str]:
    """Return the page for the days from first to last: at most 60 lines of at most 78 characters.

    `sessions` are those of the days, newest first; `progress` is as of today and holds the amounts of the days.
    """
    head = [
        f"Exercise diary, {_day(first)} to {_day(last)}",
        f"written {_day(now.date())} {now:%H:%M}; no clinician has reviewed it",
        "",
        *_section(f"Program on {_day(last)}", _program(progress, last), _EXERCISES),
        *_section("Changes of the program in these days, latest first", _changes(progress, first, last), _CHANGES),
        *_section("Done of what was due", _done(progress, first, last), _EXERCISES + 1),
        *_section(
            "By week, latest first (pain 0-10, the worst noted)", _weeks(progress, sessions, first, last), _WEEKS
        ),
        *_section("Excused, latest first", _excused(progress, first, last), _PAUSES),
    ]
    foot = textwrap.wrap(INTENDED_USE, WIDTH)
    room = MOST_LINES - len(head) - len(foot) - 2
    return [*head, *_section("Notes, latest first", _notes(progress, sessions), room), *foot]


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


def _program(progress: Progress, last: date) -> list[str]:
    """Return what was prescribed on the last day."""
    held = in_force(progress.activity.prescriptions, last)
    lines = [
        f"{phrases.prescription(progress.catalogue.get(item.exercise), item)}, since {_day(item.first_day)}"
        for item in held.values()
    ]
    return lines or ["none"]


def _changes(progress: Progress, first: date, last: date) -> list[str]:
    """Return the prescriptions that began after the first of the days; of one day the one written last."""
    begun = {
        (item.first_day, item.exercise): item
        for item in progress.activity.prescriptions
        if first < item.first_day <= last
    }
    newest_first = sorted(begun.values(), key=lambda item: item.first_day, reverse=True)
    return [
        f"{_day(item.first_day)}: {phrases.prescription(progress.catalogue.get(item.exercise), item)}"
        for item in newest_first
    ]


def _done(progress: Progress, first: date, last: date) -> list[str]:
    """Return by exercise and together: days due, days done of them, other days, and how much of the dose it was."""
    window = days.span(days.number(first), days.number(last))
    lines = []
    for exercise, standing in progress.standings.items():
        kept, done = progress.adherence_between(first, last, exercise), standing.done & window
        if not kept.due and not done:
            continue
        extra = (done & ~standing.kept_due).bit_count()
        shares = [progress.share(exercise, days.day_of(day)) for day in days.each(done)]
        known = [share for share in shares if share is not None]
        parts = [f"{text.clean(progress.catalogue.get(exercise).name)}: {_of_due(kept.done, kept.due)}"]
        parts += [f"{text.count(extra, 'other day')}"] if extra else []
        parts += [f"{text.percent(sum(known) / len(known))} of the dose on days done"] if known else []
        lines.append(" · ".join(parts))
    kept = progress.adherence_between(first, last)
    shown_up = text.count((progress.done & window).bit_count(), "day")
    return [*lines, f"Together: {_of_due(kept.done, kept.due)} · something done on {shown_up} of {window.bit_count()}"]


def _of_due(done: int, due: int) -> str:
    """Return how much was done of what was due: 9 of 10 (90 %)."""
    return f"{done} of {due} ({text.percent(done / due)})" if due else "nothing was due"


def _weeks(progress: Progress, sessions: Sequence[Session], first: date, last: date) -> list[str]:
    """Return a line a week: what was done of what was due, and the pain noted; uneven sets note it once."""
    lines = []
    monday = last - timedelta(last.weekday())
    while monday + timedelta(days.WEEK - 1) >= first:
        start, end = max(first, monday), min(last, monday + timedelta(days.WEEK - 1))
        kept = progress.adherence_between(start, end)
        noted = {(its.created_at, its.exercise): its.pain for its in sessions if start <= its.day <= end}
        pains = [pain for pain in noted.values() if pain is not None]
        pain = "no pain noted down"
        if pains:
            mean = sum(pains) / len(pains)
            pain = f"pain {min(pains)} to {max(pains)}, mean {mean:.1f}, {text.count(len(pains), 'entry', 'entries')}"
        lines.append(f"{text.show_day(start, last):<12} {_of_due(kept.done, kept.due):<18} {pain}")
        monday -= timedelta(days.WEEK)
    return lines


def _excused(progress: Progress, first: date, last: date) -> list[str]:
    """Return the pauses that touch the days."""
    touching = [
        pause
        for pause in progress.activity.pauses
        if pause.first <= last and (pause.last is None or pause.last >= first)
    ]
    names = (pause.exercise and progress.catalogue.get(pause.exercise).name for pause in touching)
    lines = [
        (pause.first, phrases.pause(pause, name or "Everything", last))
        for pause, name in zip(touching, names, strict=True)
    ]
    return [line for _, line in sorted(lines, reverse=True)]


def _notes(progress: Progress, sessions: Sequence[Session]) -> list[str]:
    """Return the notes, with day, exercise and pain."""
    lines = []
    for line in lines_of(sessions):
        session = line[0]
        if session.note:
            name = text.clean(progress.catalogue.get(session.exercise).name)
            pain = f", pain {session.pain}" if session.pain is not None else ""
            lines.append(f"{text.show_day(session.day, progress.today)} {name}{pain}: “{text.clean(session.note)}”")
    return lines
