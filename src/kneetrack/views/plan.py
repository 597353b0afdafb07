"""The screens of the plan: what is in force, and what was in force when."""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from kneetrack.domain import text
from kneetrack.domain.catalogue import muscle
from kneetrack.domain.plan import Period, planned
from kneetrack.domain.progress import Progress
from kneetrack.views import phrases
from kneetrack.views.phrases import STYLES


def plan(progress: Progress) -> RenderableType:
    """Return the exercises in force: sets and reps, schedule, since when, what they train; and what is planned."""
    lines: list[RenderableType] = []
    for exercise, item in progress.plan.items():
        known = progress.catalogue.get(exercise)
        quota = progress.standing(exercise).quota
        since = text.show_day(item.first_day, progress.today)
        schedule, pace = f"{phrases.dose_and_schedule(known, item)}, since {since}", phrases.paced(item)
        trained = ", ".join(muscle(name) for name in known.facts.get("primary", ()))
        lines += [
            Text(text.clean(known.name), STYLES["name"]),
            _indented(schedule),
            *([_indented(pace, STYLES["quiet"])] if pace else []),
            *([_indented(phrases.quota(quota))] if quota else []),
            *([_indented(f"trains {trained}", STYLES["quiet"])] if trained else []),
        ]
    for item in planned(progress.activity.prescriptions, progress.today):
        what = phrases.prescription(progress.catalogue.get(item.exercise), item)
        lines.append(Text(f"from {text.show_day(item.first_day, progress.today)}: {what}"))
    lines += [Text(line) for line in phrases.paused(progress)]
    return Group(*([] if progress.plan else [Text(phrases.EMPTY_PLAN)]), *lines)


def history(periods: Sequence[Period], progress: Progress) -> RenderableType:
    """Return what was in force when, in the order of the periods."""
    lines: list[RenderableType] = []
    for period in periods:
        lines.append(Text(_days(period, progress), STYLES["name"]))
        lines += [
            _indented(phrases.prescription(progress.catalogue.get(item.exercise), item))
            for item in period.plan.values()
        ]
        if not period.plan:
            lines.append(_indented("no program", STYLES["quiet"]))
    return Group(*(lines or [Text(phrases.EMPTY_PLAN)]))


def _days(period: Period, progress: Progress) -> str:
    """Return the days of a period in words: Mon 2 Nov to Sun 15 Nov, 14 days."""
    first = text.show_day(period.first, progress.today)
    if period.last is None:
        return f"{'from' if period.first > progress.today else 'since'} {first}"
    if period.last == period.first:
        return f"{first} only"
    length = (period.last - period.first).days + 1
    return f"{first} to {text.show_day(period.last, progress.today)}, {length} days"


def _indented(words_shown: str, style: str = "") -> RenderableType:
    """Return a line that stands, and goes on where it folds, below a name."""
    return Padding(Text(words_shown, style), (0, 0, 0, 2))
