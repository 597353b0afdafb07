"""What stands below today on the dashboard: what a command reads, drawn as that command draws it."""

from collections.abc import Callable, Mapping
from typing import Any

from rich.console import RenderableType

from kneetrack.app.workspace import Workspace
from kneetrack.domain.value import Value
from kneetrack.views.rich_lines import drawn

WEEKS, YEAR, EXERCISE = "1", "2", "3"

YEAR_MONTHS, MOST_MONTHS = 12, 120


class Choice(Value):
    """What a pane is asked for: the exercise under the cursor as it is typed, None for none, and how many months.

    `whole` says that the year is that of the whole plan, not of the exercise.
    """

    exercise: str | None = None
    months: int = YEAR_MONTHS
    whole: bool = True


class Pane(Value):
    """A pane: its title, what it reads, how that is drawn at a width, and the command that prints the same."""

    title: str
    read: Callable[[Workspace, Choice], Any]
    show: Callable[[Any, int], RenderableType]
    line: Callable[[Choice], str]


def _stats(diary: Workspace, _: Choice) -> Any:  # noqa: ANN401 - each pane draws what it reads
    from kneetrack.app import overview  # noqa: PLC0415 - the first frame waits for no pane

    return overview.stats(diary)


def _year(diary: Workspace, choice: Choice) -> Any:  # noqa: ANN401 - as above
    from kneetrack.app import overview  # noqa: PLC0415 - as above
    from kneetrack.tui.year import Days  # noqa: PLC0415 - as above

    exercise = None if choice.whole else choice.exercise
    days = overview.calendar(diary, exercise, choice.months)
    return Days(days, overview.history(diary, exercise, overview.Range(first=str(days.weeks[0].first))))


def _draw_year(found: Any, width: int) -> RenderableType:  # noqa: ANN401 - as above
    from kneetrack.views import calendar  # noqa: PLC0415 - as above

    return calendar.calendar(found.calendar, width)


def _year_line(choice: Choice) -> str:
    exercise = "" if choice.whole or not choice.exercise else f" {choice.exercise}"
    return f"calendar{exercise} --months {choice.months}"


def _stats_of(diary: Workspace, choice: Choice) -> Any:  # noqa: ANN401 - as above
    from kneetrack.app import overview  # noqa: PLC0415 - as above

    return overview.stats(diary, choice.exercise)


def _draw_stats(found: Any, width: int) -> RenderableType:  # noqa: ANN401 - as above
    from kneetrack.views import stats  # noqa: PLC0415 - as above

    return stats.stats(found, width, headline=bool(found.exercise))


def _pain(diary: Workspace, _: Choice) -> Any:  # noqa: ANN401 - as above
    from kneetrack.app import pain  # noqa: PLC0415 - as above

    return pain.by_week(diary), pain.show(diary)


def _draw_pain(found: Any, width: int) -> RenderableType:  # noqa: ANN401 - as above
    from kneetrack.views import pain_days  # noqa: PLC0415 - as above

    weeks, days = found
    return drawn([*pain_days.by_week(weeks, width), [], *pain_days.overview(days, width)], width)


def _plan(diary: Workspace, _: Choice) -> Any:  # noqa: ANN401 - as above
    from kneetrack.app import plan  # noqa: PLC0415 - as above

    return plan.show(diary)


def _draw_plan(found: Any, width: int) -> RenderableType:  # noqa: ANN401 - as above
    from kneetrack.views import plan  # noqa: PLC0415 - as above

    return drawn(plan.plan(found, width), width)


def _history(diary: Workspace, _: Choice) -> Any:  # noqa: ANN401 - as above
    from kneetrack.app import overview  # noqa: PLC0415 - as above

    return overview.history(diary, None, overview.Range())


def _draw_history(found: Any, width: int) -> RenderableType:  # noqa: ANN401 - as above
    from kneetrack.views import history  # noqa: PLC0415 - as above

    return drawn(history.history(found, width), width)


PANES: Mapping[str, Pane] = {
    WEEKS: Pane("Weeks", _stats, _draw_stats, lambda _: "stats"),
    YEAR: Pane("Year", _year, _draw_year, _year_line),
    EXERCISE: Pane("Exercise", _stats_of, _draw_stats, lambda its: f"stats {its.exercise or ''}".strip()),
    "4": Pane("Pain", _pain, _draw_pain, lambda _: "stats pain"),
    "5": Pane("Plan", _plan, _draw_plan, lambda _: "plan"),
    "6": Pane("History", _history, _draw_history, lambda _: "history"),
}
"""The panes by the key that opens each."""
