"""The page for a clinician as plain text, which can be read in a minute."""

from collections.abc import Iterator, Sequence

from kneetrack.domain import text
from kneetrack.domain.report import Report
from kneetrack.domain.value import Value
from kneetrack.domain.weeks import Week
from kneetrack.views import phrases, report_phrases
from kneetrack.views.paragraphs import hanging, wrapped
from kneetrack.views.report_phrases import day
from kneetrack.views.safety import INTENDED_USE

MOST_LINES = 60
WIDTH = 78

_TITLE_AND_GAP = 2


class _Section(Value):
    """A title and what stands beneath it, and for how many lines of that there is always room."""

    title: str
    entries: list[str]
    least: int


def page(report: Report) -> list[str]:
    """Return the page: at most 60 lines of at most 78 characters."""
    head = [*_head(report), ""]
    foot = wrapped(f"{report_phrases.SELF_REPORTED} {INTENDED_USE}", WIDTH)
    sections = [section for section in _sections(report) if section.entries]
    room = MOST_LINES - len(head) - len(foot) - _TITLE_AND_GAP * len(sections)
    most = _shared([(section.least, _height(section.entries)) for section in sections], room)
    body = [
        line
        for section, lines in zip(sections, most, strict=True)
        for line in [section.title, *_lines(section.entries, lines), ""]
    ]
    return [*head, *body, *foot]


def _head(report: Report) -> Iterator[str]:
    yield report_phrases.title(report)
    if report.words.name:
        yield from _in_two_lines(text.clean(report.words.name))
    yield report_phrases.written(report)
    if begun := report_phrases.begun(report):
        yield begun


def _sections(report: Report) -> tuple[_Section, ...]:
    """Return what the page says, in its order."""
    return (
        _Section(f"Plan on {day(report.last)}", list(_plan(report)) or ["none"], 6),
        _Section("Changes of the plan in these days, latest first", list(_changes(report)), 3),
        _Section("Done of what was planned", [_together(report), *_done(report)], 7),
        _Section("By week, latest first (pain during exercise, 0 to 10)", [*_weeks(report), *_rule(report)], 8),
        _Section("Scores", [report_phrases.course(course, report.today) for course in report.courses], 5),
        _Section("Skipped and paused, latest first", report_phrases.pauses(report), 2),
        _Section("Notes, latest first", list(_notes(report)), 3),
        _Section("Questions", [text.clean(question) for question in report.words.questions], 3),
    )


def _shared(wanted: Sequence[tuple[int, int]], room: int) -> list[int]:
    """Return how many lines each section gets: the least it needs, and the rest of the room in turn."""
    given = [min(least, most) for least, most in wanted]
    left = room - sum(given)
    for at, (_, most) in enumerate(wanted):
        more = min(left, most - given[at])
        given[at] += more
        left -= more
    return given


def _lines(entries: Sequence[str], most: int) -> list[str]:
    """Return at most so many lines of entries, and how many more entries there are; an entry has two at most."""
    laid_out = [_in_two_lines(entry) for entry in entries[:most]]
    if len(entries) <= most and sum(map(len, laid_out)) <= most:
        return [line for its in laid_out for line in its]
    lines: list[str] = []
    left = len(entries)
    for its in laid_out:
        if len(lines) + len(its) >= most:
            break
        lines += its
        left -= 1
    return [*lines, f"  … and {left} more"]


def _height(entries: Sequence[str]) -> int:
    """Return how many lines some entries take; more than a page has are not counted."""
    return sum(len(_in_two_lines(entry)) for entry in entries[:MOST_LINES])


def _in_two_lines(entry: str) -> list[str]:
    """Return an entry, of which what is longer than two lines is left out."""
    if text.cells(entry) + 2 <= WIDTH:
        return [f"  {entry}"]
    first, *more = hanging(entry, WIDTH, "  ", "    ")
    if len(more) <= 1:
        return [first, *more]
    return [first, f"{hanging(more[0].strip(), WIDTH - len(' …'), '    ')[0]} …"]


def _plan(report: Report) -> Iterator[str]:
    for exercise, item in report.plan:
        yield f"{phrases.prescription(exercise, item)}, since {day(item.first_day)}"


def _changes(report: Report) -> Iterator[str]:
    for exercise, item in report.changes:
        yield f"{day(item.first_day)}: {phrases.prescription(exercise, item)}"


def _done(report: Report) -> Iterator[str]:
    for its in report.done:
        parts = [f"{text.clean(its.exercise.name)}: {report_phrases.of_planned(its.adherence)}"]
        parts += [f"{text.percent(its.share)} of the dose on days done"] if its.share is not None else []
        parts += [f"also done on {text.count(its.other_days, 'other day')}"] if its.other_days else []
        yield " · ".join(parts)


def _together(report: Report) -> str:
    return f"Together: {report_phrases.of_planned(report.together)} · {report_phrases.days_done(report)}"


def _weeks(report: Report) -> Iterator[str]:
    for week, mornings in zip(report.weeks, report.mornings, strict=True):
        when = text.show_day(week.first, report.last)
        yield f"{when:<12} {report_phrases.of_planned(week.adherence):<18} {_pain(week, mornings, report)}".rstrip()


def _rule(report: Report) -> Iterator[str]:
    yield report_phrases.limit(report)
    yield from report_phrases.rule(report)


def _pain(week: Week, mornings: Sequence[int], report: Report) -> str:
    """Return the pain of a week: pain 2 to 4, mean 3.0 of 2 notes · mornings 1; nothing where none was ever noted."""
    during = (
        f"pain {report_phrases.spread(week.pains)}" if week.pains else "no pain noted" if report.noted_pains else ""
    )
    after = f"mornings {report_phrases.spread(mornings)}" if mornings else ""
    return " · ".join(filter(None, (during, after)))


def _notes(report: Report) -> Iterator[str]:
    for noted in report.notes:
        yield f"{report_phrases.noted_when(noted, report)}: “{text.clean(noted.note)}”"
