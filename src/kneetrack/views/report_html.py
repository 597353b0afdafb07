"""The page for a clinician as one HTML file: nothing is loaded, nothing is run, and it prints on a page or two."""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from hashlib import sha256
from importlib import resources
from itertools import accumulate
from typing import TYPE_CHECKING, Any, TypeVar

from kneetrack.domain import text
from kneetrack.domain.progress import Adherence
from kneetrack.domain.report import Done, Report
from kneetrack.domain.scores import Course
from kneetrack.views import phrases, report_chart, report_phrases, scores
from kneetrack.views.safety import INTENDED_USE

if TYPE_CHECKING:
    from jinja2 import Template

WEEKS = 8
"""How many of the latest weeks have a column of the table; the chart has more."""

_EXERCISES, _CHANGES, _SCORES, _PAUSES = 9, 4, 6, 4
_LINES_OF_NOTES, _LINE = 14, 100
_LONGEST_NAME, _LONGEST_LINE, _LONGEST_NOTE = 32, 80, 180
"""How many columns of a terminal a text takes at most: Chinese letters take two."""

Row = TypeVar("Row")


def page(report: Report) -> str:
    """Return the page."""
    style = _file("report.css")
    digest = b64encode(sha256(f"\n{style}".encode()).digest()).decode()
    return _template().render(
        report=report,
        style=style,
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
        title=report_phrases.title(report),
        name=text.clean(report.words.name or ""),
        written=report_phrases.written(report),
        begun=report_phrases.begun(report),
        figures=list(_figures(report)),
        plan=_first(list(_plan(report)), _EXERCISES),
        plan_day=report_phrases.day(report.last),
        changes=_first(list(_changes(report)), _CHANGES),
        weeks=[text.short_day(week.first, report.last) for week in _shown(report.weeks)],
        left_out=max(0, len(report.weeks) - WEEKS),
        done=_first([_done(its) for its in report.done], _EXERCISES),
        has_other=any(its.other_days for its in report.done),
        together=[_cell(week.adherence) for week in _shown(report.weeks)],
        pains=list(_pains(report)),
        limit=report_phrases.limit(report),
        rule=" ".join(report_phrases.rule(report)),
        chart=report_chart.chart(report),
        place=report_chart,
        scores=_first([_course(its, report.today) for its in report.courses], _SCORES),
        pauses=_first([_cut(line, _LONGEST_LINE) for line in report_phrases.pauses(report)], _PAUSES),
        notes=_fitting(list(_notes(report))),
        questions=[text.clean(question) for question in report.words.questions],
        self_reported=report_phrases.SELF_REPORTED,
        intended_use=INTENDED_USE,
        of_planned=report_phrases.of_planned,
        percent=text.percent,
    )


@cache
def _template() -> "Template":
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415 - asked for by this page alone

    known = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return known.from_string(_file("report.html"))


def _file(name: str) -> str:
    return (resources.files("kneetrack.views") / name).read_text("utf-8")


def _first(rows: Sequence[Row], most: int) -> tuple[Sequence[Row], int]:
    """Return the first of some rows, and how many more there are."""
    return rows[:most], max(0, len(rows) - most)


def _fitting(notes: list[tuple[str, str]]) -> tuple[Sequence[tuple[str, str]], int]:
    """Return the first notes, as many as there are lines for, and how many more there are."""
    lines = accumulate(-(-text.cells(when + note) // _LINE) for when, note in notes)
    return _first(notes, sum(so_far <= _LINES_OF_NOTES for so_far in lines))


def _shown(by_week: Sequence[Row]) -> Sequence[Row]:
    """Return what the latest weeks have, earliest first."""
    return by_week[:WEEKS][::-1]


def _cut(words: str, columns: int) -> str:
    """Return a text of at most so many columns, the rest left out."""
    if text.cells(words) <= columns:
        return words
    kept = words[:columns]
    while text.cells(kept) > columns - 2:
        kept = kept[:-1]
    return f"{kept.rstrip()} …"


def _figures(report: Report) -> Iterator[tuple[str, str]]:
    """Yield the numbers that come first, each with what it is of."""
    kept = report.together
    if kept.due:
        yield text.percent(kept.share), f"done: {kept.done} of {kept.due} planned"
    if report.length > 0:
        yield f"{report.days_done} of {report.length}", "days with exercise"
    if report.noted_pains:
        worst, count = max(report.noted_pains), len(report.noted_pains)
        yield f"{worst} of 10", "worst pain while exercising"
        yield f"{report.above_limit} of {count}", f"pain notes above the own limit of {report.pain_limit}"


def _plan(report: Report) -> Iterator[tuple[str, str, str, str]]:
    for exercise, item in report.plan:
        dose = phrases.prescribed(exercise, item.dose) if item.dose else ""
        when = phrases.scheduled(item.schedule) if item.schedule else ""
        pace = phrases.paced(item)
        since = text.show_day(item.first_day, report.last)
        yield _cut(text.clean(exercise.name), _LONGEST_NAME), f"{dose}{f', {pace}' if pace else ''}", when, since


def _changes(report: Report) -> Iterator[tuple[str, str]]:
    for exercise, item in report.changes:
        said = _cut(phrases.prescription(exercise, item), _LONGEST_LINE)
        yield text.show_day(item.first_day, report.last), said


def _cell(kept: Adherence) -> str:
    """Return what was done of what was due: 6/7; nothing where nothing was due."""
    return f"{kept.done}/{kept.due}" if kept.due else ""


def _done(its: Done) -> dict[str, Any]:
    return {
        "name": _cut(text.clean(its.exercise.name), _LONGEST_NAME),
        "weeks": [_cell(kept) for kept in _shown(its.weeks)],
        "all": report_phrases.of_planned(its.adherence),
        "dose": text.percent(its.share) if its.share is not None else "",
        "other": its.other_days or "",
    }


def _pains(report: Report) -> Iterator[tuple[str, list[tuple[str, bool]], str]]:
    """Yield the rows of pain by week that have any, each pain with whether it is above the limit, and of all weeks."""
    during = [max(week.pains, default=None) for week in report.weeks]
    mornings = [max(its, default=None) for its in report.mornings]
    noted = [pain for its in report.mornings for pain in its]
    for name, by_week, every, limit in (
        ("Worst pain while exercising", during, report.noted_pains, report.pain_limit),
        ("Worst pain in the morning", mornings, noted, None),
    ):
        if every:
            cells = [_level(level, limit) for level in _shown(by_week)]
            yield name, cells, report_phrases.spread(every)


def _level(level: int | None, limit: int | None) -> tuple[str, bool]:
    return ("", False) if level is None else (str(level), limit is not None and level > limit)


def _course(its: Course, today: date) -> tuple[str, str, str, str, str]:
    """Return a score: what it is of, how it was first and last, how it changed, and what counts as a change."""
    title = _cut(scores.title(its), _LONGEST_NAME)
    first, last = its.points[0], its.points[-1]
    before = f"{scores.value(first)} ({text.show_day(first.day, today)})" if first is not last else ""
    now = f"{scores.value(last)} ({text.show_day(last.day, today)})"
    if its.change is None or its.matters is None:
        return title, before, now, "", ""
    changed = f"{scores.change(its)}, {scores.way(its)}"
    return title, before, now, changed, scores.counts(its, sourced=True)


def _notes(report: Report) -> Iterator[tuple[str, str]]:
    for noted in report.notes:
        yield _cut(report_phrases.noted_when(noted, report), _LONGEST_LINE), _cut(text.clean(noted.note), _LONGEST_NOTE)
