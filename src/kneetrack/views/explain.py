"""The screens of explain: a rule in three sentences, and the person's own last days worked through by it."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from kneetrack.app.results.overview import Explained
from kneetrack.domain import days, text
from kneetrack.domain import explanations as worked
from kneetrack.domain.explanations import RULES, Count, Step
from kneetrack.domain.progress import HABIT_KEPT, HabitDay, Progress
from kneetrack.views import charts
from kneetrack.views.phrases import STYLES, Span

_SEVEN = 7
_WIDE = 60
_NAME = 24

_COUNTS, _AGAINST, _NEUTRAL, _BLANK = Span("+", "done"), Span("×", "missed"), Span("·", "quiet"), Span(" ")
_STEPS: dict[Step, Span] = {"counts": _COUNTS, "ends": _AGAINST, "neutral": _NEUTRAL}
_MARKS: dict[Count, Span] = {"done": _COUNTS, "missed": _AGAINST, "left_out": _NEUTRAL}


def explain(result: Explained, width: int) -> RenderableType:
    """Return the rule and the example for one exercise, or for the plan."""
    example = {"streak": _streak, "adherence": _adherence, "habit": _habit}[result.topic]
    return Group(*map(Text, RULES[result.topic]), Text(""), example(result.progress, result.exercise, width))


def _name(progress: Progress, exercise: str) -> str:
    """Return the name of an exercise."""
    return text.clean(progress.catalogue.get(exercise).name)


def _spans(spans: Sequence[Span]) -> Text:
    """Return spans as Rich text."""
    return Text.assemble(*((span.text, STYLES[span.style]) for span in spans))


# Streak


def _streak(progress: Progress, exercise: str | None, width: int) -> RenderableType:  # noqa: ARG001 - fits any width
    """Return the weeks of the present run, what each of their days does to it, and how they add up."""
    its, today = worked.run(progress, exercise), progress.today
    first = min(its.steps)
    mondays = charts.days(first - timedelta(first.weekday()), today)[:: days.WEEK]
    dates = [text.short_day(monday, today) for monday in mondays]
    until = f"before {dates[0]}" if its.earlier else ""
    broad = max(map(len, [*dates, until])) + 2
    lines = [
        Text(_name(progress, exercise) if exercise else "The whole program", STYLES["name"]),
        Text.assemble(" " * broad, ("MTWTFSS", STYLES["quiet"])),
    ]
    if its.earlier:
        lines.append(Text(f"{until:{broad}}         {its.earlier}"))
    counts = [its.earlier] if its.earlier else []
    for monday, shown in zip(mondays, dates, strict=True):
        week = [its.steps.get(day) for day in charts.days(monday, monday + timedelta(days.WEEK - 1))]
        marks = [_STEPS[step] if step else _BLANK for step in week]
        counts.append(marks.count(_COUNTS))
        lines.append(Text(f"{shown:{broad}}") + _spans(marks) + Text(f"  {counts[-1]}"))
    total = f"{' + '.join(map(str, counts))} = " if len(counts) > 1 and its.streak.current else ""
    missed = ", ".join(_name(progress, name) for name in its.missed)
    why = f"{missed} missed, no session" if missed else "no session, and no plan"
    return Group(
        *lines,
        Text(f"{total}{text.count(its.streak.current, 'day')}"),
        Text(f"It begins after {text.show_day(its.ended, today)}: {why}."),
        _legend("counts", "ends it", "neutral"),
    )


# Adherence


def _adherence(progress: Progress, exercise: str | None, width: int) -> RenderableType:
    """Return what each of the last four weeks' days counts for, by exercise, and how they add up."""
    counted = worked.counted(progress, exercise)
    if not counted:
        return Text(f"Nothing was due in the last {worked.WINDOW} days, so there is nothing to divide yet.")
    return Group(
        (_beside if width >= _WIDE else _below)(progress, counted),
        Text(f"The {worked.WINDOW} days: {_sum(progress, counted, worked.WINDOW)}."),
        Text(f"The last {_SEVEN} of them: {_sum(progress, counted, _SEVEN)}."),
        _legend("due and done", "missed", "left out"),
    )


def _beside(progress: Progress, counted: dict[str, dict[date, Count]]) -> RenderableType:
    """Return the days of exercises beside their names."""
    table = Table.grid(padding=(0, 2))
    table.add_column(max_width=_NAME, overflow="fold", style=STYLES["name"])
    table.add_column(no_wrap=True)
    table.add_row("", _letters(progress))
    for name, its in counted.items():
        table.add_row(Text(_name(progress, name)), *_counts(progress, name, its))
    return table


def _below(progress: Progress, counted: dict[str, dict[date, Count]]) -> RenderableType:
    """Return the days of exercises below their names."""
    lines = [_letters(progress)]
    for name, its in counted.items():
        lines += [Text(_name(progress, name), STYLES["name"]), *_counts(progress, name, its)]
    return Group(*lines)


def _letters(progress: Progress) -> Text:
    """Return the letters of the last four weeks' days."""
    return charts.letters(progress.today - timedelta(worked.WINDOW - 1), progress.today)


def _counts(progress: Progress, exercise: str, its: dict[date, Count]) -> tuple[Text, Text]:
    """Return what each day of an exercise counts for, and how many are done and due."""
    kept = progress.adherence(worked.WINDOW, exercise)
    return charts.in_weeks(min(its), [_MARKS[count] for count in its.values()]), Text(f"{kept.done} of {kept.due}")


def _sum(progress: Progress, chosen: Iterable[str], length: int) -> str:
    """Return how adherence adds up: 26 + 10 = 36 of 27 + 12 = 39, 36 ÷ 39 = 92 %."""
    kept = [progress.adherence(length, name) for name in chosen]
    done, due = sum(its.done for its in kept), sum(its.due for its in kept)
    if not due:
        return "nothing was due"
    each_done = f"{' + '.join(str(its.done) for its in kept)} = " if len(kept) > 1 else ""
    each_due = f"{' + '.join(str(its.due) for its in kept)} = " if len(kept) > 1 else ""
    return f"{each_done}{done} of {each_due}{due}, {done} ÷ {due} = {text.percent(done / due)}"


# Habit


def _habit(progress: Progress, exercise: str | None, width: int) -> RenderableType:
    """Return what the last days that were due made of the habit, by exercise."""
    lines: list[RenderableType] = []
    for name, course in worked.habits(progress, exercise).items():
        lines.append(Text(_name(progress, name), STYLES["name"]))
        lines += [_indented(line) for step in course for line in _habit_day(step, progress.today, width)]
        end = f"{course[-1].after:.4f} is {text.percent(course[-1].after)}" if course else "no day was due so far"
        lines.append(_indented(Text(end)))
    return Group(*(lines or [Text("Nothing was due so far, so there is no habit yet.")]))


def _habit_day(step: HabitDay, today: date, width: int) -> list[Text]:
    """Return what one day made of the habit: on one line, or where that is too long on two."""
    mark = _COUNTS if step.done else _AGAINST
    more = f" + {1 - HABIT_KEPT:.6f}" if step.done else ""
    day = Text.assemble(text.show_day(step.day, today), " ", (mark.text, STYLES[mark.style]))
    sum_of_it = f"{step.before:.4f} × {HABIT_KEPT:.6f}{more} = {step.after:.4f}"
    return [day + Text(f"  {sum_of_it}")] if width >= _WIDE else [day, Text(sum_of_it)]


def _indented(line: Text) -> RenderableType:
    """Return a line that stands below a name."""
    return Padding(line, (0, 0, 0, 2))


def _legend(counts: str, against: str, neutral: str) -> RenderableType:
    """Return what the three marks mean."""
    return Text(f"+ {counts}   × {against}   · {neutral}", STYLES["quiet"])
