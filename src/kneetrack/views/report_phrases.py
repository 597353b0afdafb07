"""The words of the page for a clinician that its forms share."""

from collections.abc import Sequence
from datetime import date

from kneetrack.domain import text
from kneetrack.domain.pain import Kind
from kneetrack.domain.plan import Pause
from kneetrack.domain.progress import Adherence
from kneetrack.domain.report import Noted, Report
from kneetrack.domain.scores import Course
from kneetrack.views import scores
from kneetrack.views.pain_days import rule_in_words

SELF_REPORTED = (
    "Self-reported. Diaries tend to report more than sensors record: 220 exercises against 176 (Nicolson2018)."
)
KINDS: tuple[Kind, ...] = ("within", "allowed", "above", "unknown")
NOT_REVIEWED = "not reviewed by a clinician"
_MOST_NAMES = 2
NO_PAIN = "No pain while exercising was noted in these days."


def day(its: date) -> str:
    """Return a day with its weekday and its year: Mon 16 Nov 2026."""
    return f"{text.show_day(its, its)} {its.year}"


def title(report: Report) -> str:
    """Return which days the page is about."""
    return f"Exercise diary, {day(report.first)} to {day(report.last)}"


def written(report: Report) -> str:
    """Return when the page was written."""
    return f"Written {day(report.written.date())} {report.written:%H:%M}; {NOT_REVIEWED}."


def begun(report: Report) -> str | None:
    """Return from when on the diary has something, where that is after the first of the days."""
    return f"The diary begins on {day(report.begun)}." if report.begun else None


def of_planned(kept: Adherence) -> str:
    """Return how much was done of what was planned: 9 of 10 (90 %)."""
    return f"{kept.done} of {kept.due} ({text.percent(kept.share)})" if kept.due else "nothing planned"


def days_done(report: Report) -> str:
    """Return on how many of the days something was done."""
    return f"something done on {report.days_done} of {text.count(report.length, 'day')}"


def spread(noted: Sequence[int]) -> str:
    """Return pains that were noted: 2 to 4, mean 3.0 of 2 entries; 5; 5, 2 entries."""
    if min(noted) == max(noted):
        return f"{noted[0]}{f', {len(noted)} entries' if len(noted) > 1 else ''}"
    return f"{min(noted)} to {max(noted)}, mean {sum(noted) / len(noted):.1f} of {len(noted)} entries"


def limit(report: Report) -> str:
    """Return how often pain while exercising was above the person's own limit."""
    if not report.noted_pains:
        return NO_PAIN
    noted = text.count(len(report.noted_pains), "note")
    return f"Own limit for pain while exercising: {report.pain_limit} of 10; above it {report.above_limit} of {noted}."


def rule(report: Report) -> list[str]:
    """Return the person's rule for pain, and of how many days it says what; nothing where no pain was ever noted."""
    if not report.noted_pains and not any(report.mornings):
        return []
    said = ", ".join(f"{report.verdicts[kind]} {kind}" for kind in KINDS if report.verdicts[kind])
    count = text.count(report.verdicts.total(), "day")
    return [rule_in_words(report.rule), f"By this rule, of {count} with exercise: {said}."] if said else []


def pause(name: str | None, its: Pause, last: date) -> str:
    """Return what was skipped or paused: Wed 18 Nov: everything (travel)."""
    first = text.show_day(its.first, last)
    if its.last is None:
        when = f"from {first} on"
    else:
        when = first if its.last == its.first else f"{first} to {text.show_day(its.last, last)}"
    reason = f" ({text.clean(its.reason)})" if its.reason else ""
    return f"{when}: {text.clean(name) if name else 'everything'}{reason}"


def pauses(report: Report) -> list[str]:
    """Return what was skipped and paused, latest first."""
    its = sorted(report.pauses, key=lambda named: named[1].first, reverse=True)
    return [pause(exercise and exercise.name, item, report.last) for exercise, item in its]


def noted_when(noted: Noted, report: Report) -> str:
    """Return the day, the exercises and the pain of a note: Mon 16 Nov Bridge, pain 6, above the limit."""
    names = _names([text.clean(exercise.name) for exercise in noted.exercises])
    pain = f"pain {noted.pain}" if noted.pain is not None else ""
    above = "above the limit" if noted.exercises and noted.pain is not None and noted.pain > report.pain_limit else ""
    said = ", ".join(filter(None, (names, pain, above)))
    return f"{text.show_day(noted.day, report.today)}{f' {said}' if said else ''}"


def _names(of: Sequence[str]) -> str:
    """Return names: Bridge and Clamshell; Bridge, Clamshell and 2 more."""
    if len(of) <= _MOST_NAMES:
        return " and ".join(of)
    return f"{', '.join(of[:_MOST_NAMES])} and {len(of) - _MOST_NAMES} more"


def course(its: Course, today: date) -> str:
    """Return how a score went, and whether that is a change: PSFS, stairs: 4 on Mon 2 Nov, 6 on Mon 23 Nov; +2 …."""
    first, last = its.points[0], its.points[-1]
    said = [f"{scores.value(point)} on {text.show_day(point.day, today)}" for point in dict.fromkeys((first, last))]
    change = scores.since_first(its, today, sourced=True)
    return f"{scores.title(its)}: {', '.join(said)}{f'; {change}' if change else ''}"
