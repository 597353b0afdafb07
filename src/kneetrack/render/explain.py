"""The screens of explain: a rule in three sentences, and the person's own last days worked through by it."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal, TypeAlias

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from kneetrack import days, text
from kneetrack.progress import HABIT_KEPT, HabitDay, Progress, State
from kneetrack.render import charts, words
from kneetrack.render.words import STYLES, Span

Topic: TypeAlias = Literal["streak", "adherence", "habit"]

RULES: dict[Topic, tuple[str, str, str]] = {
    "streak": (
        "A day with a session counts one: the streak says that you showed up, and adherence says whether all was done.",
        "A day without one ends the streak when an exercise was missed on it, or when no program was in force.",
        "Every other day is neutral, neither counted nor in the way: days off, excused days, and today.",
    ),
    "adherence": (
        "Adherence is the days due and done ÷ the days due (those done and those missed), over all exercises.",
        "Days off, excused days, extra days and today until it is done are left out; of n a week the first n count.",
        "A day below the dose counts as done; “dose” in stats counts only the share of the dose that was done.",
    ),
    "habit": (
        "The habit of an exercise starts at 0 and moves only on days that were due: up when done, down when missed.",
        f"The new value is the old one × {HABIT_KEPT:.6f}, and on a day done {1 - HABIT_KEPT:.6f} more.",
        "Half of it comes from the last 13 such days: one bad day ruins nothing, and 30 good ones make 80 %.",
    ),
}

_DAYS = 28
_SEVEN = 7
_WEEK_ROWS = 12
_HABIT_DAYS = 7
_WIDE = 60
_NAME = 24

_COUNTS, _AGAINST, _NEUTRAL, _BLANK = Span("+", "done"), Span("×", "missed"), Span("·", "quiet"), Span(" ")


def explain(topic: Topic, progress: Progress, exercise: str | None, width: int) -> RenderableType:
    """Return the rule and the example for one exercise, or for the program."""
    example = {"streak": _streak, "adherence": _adherence, "habit": _habit}[topic]
    return Group(*map(Text, RULES[topic]), Text(""), example(progress, exercise, width))


def _name(progress: Progress, exercise: str) -> str:
    """Return the name of an exercise."""
    return text.clean(progress.catalogue.get(exercise).name)


def _spans(spans: Sequence[Span]) -> Text:
    """Return spans as Rich text."""
    return Text.assemble(*((span.text, STYLES[span.style]) for span in spans))


# Streak


def _streak(progress: Progress, exercise: str | None, width: int) -> RenderableType:  # noqa: ARG001 - fits any width
    """Return the weeks of the present run, what each of their days does to it, and how they add up."""
    streak, today = progress.streak(exercise), progress.today
    ended = streak.ended or days.FIRST_DAY
    this_monday = today - timedelta(today.weekday())
    first = max(ended - timedelta(ended.weekday()), this_monday - timedelta(days.WEEK * (_WEEK_ROWS - 1)))
    kept = progress.run(exercise).kept & ~days.span(0, days.number(ended))
    earlier = (kept & days.span(0, days.number(first) - 1)).bit_count()
    dates = [text.short_day(monday, today) for monday in _mondays(first, today)]
    until = f"before {dates[0]}" if earlier else ""
    broad = max(map(len, [*dates, until])) + 2
    lines = [
        Text(_name(progress, exercise) if exercise else "The whole program", STYLES["name"]),
        Text.assemble(" " * broad, ("MTWTFSS", STYLES["quiet"])),
    ]
    if earlier:
        lines.append(Text(f"{until:{broad}}         {earlier}"))
    counts = [earlier] if earlier else []
    for monday, shown in zip(_mondays(first, today), dates, strict=True):
        week = charts.days(monday, monday + timedelta(days.WEEK - 1))
        marks = [_step(day, kept, ended, today) for day in week]
        counts.append(marks.count(_COUNTS))
        lines.append(Text(f"{shown:{broad}}") + _spans(marks) + Text(f"  {counts[-1]}"))
    total = f"{' + '.join(map(str, counts))} = " if len(counts) > 1 and streak.current else ""
    return Group(
        *lines,
        Text(f"{total}{words.run(streak, today)}"),
        Text(f"It begins after {text.show_day(ended, today)}: {_why(progress, exercise, ended)}."),
        _legend("counts", "ends it", "neutral"),
    )


def _mondays(first: date, today: date) -> list[date]:
    """Return every Monday from the first to today."""
    return charts.days(first, today)[:: days.WEEK]


def _step(day: date, kept: days.Days, ended: date, today: date) -> Span:
    """Return what a day does to the present run."""
    if day < ended or day > today:
        return _BLANK
    if day == ended:
        return _AGAINST
    return _COUNTS if kept >> days.number(day) & 1 else _NEUTRAL


def _why(progress: Progress, exercise: str | None, ended: date) -> str:
    """Return why a day ended the streak."""
    chosen = [exercise] if exercise else list(progress.standings)
    missed = [_name(progress, name) for name in chosen if progress.state(name, ended) is State.MISSED]
    return f"{', '.join(missed)} missed, no session" if missed else "no session, and no program in force"


# Adherence


def _adherence(progress: Progress, exercise: str | None, width: int) -> RenderableType:
    """Return what each of the last four weeks' days counts for, by exercise, and how they add up."""
    today = progress.today
    first = today - timedelta(_DAYS - 1)
    chosen = [exercise] if exercise else list(progress.standings)
    chosen = [name for name in chosen if progress.adherence(_DAYS, name).due]
    if not chosen:
        return Text(f"Nothing was due in the last {_DAYS} days, so there is nothing to divide yet.")
    return Group(
        _beside(progress, chosen, first) if width >= _WIDE else _below(progress, chosen, first),
        Text(f"The {_DAYS} days: {_sum(progress, chosen, _DAYS)}."),
        Text(f"The last {_SEVEN} of them: {_sum(progress, chosen, _SEVEN)}."),
        _legend("due and done", "missed", "left out"),
    )


def _beside(progress: Progress, chosen: Sequence[str], first: date) -> RenderableType:
    """Return the days of exercises beside their names."""
    table = Table.grid(padding=(0, 2))
    table.add_column(max_width=_NAME, overflow="fold", style=STYLES["name"])
    table.add_column(no_wrap=True)
    table.add_row("", charts.letters(first, progress.today))
    for name in chosen:
        table.add_row(Text(_name(progress, name)), *_counts(progress, name, first))
    return table


def _below(progress: Progress, chosen: Sequence[str], first: date) -> RenderableType:
    """Return the days of exercises below their names."""
    lines = [charts.letters(first, progress.today)]
    for name in chosen:
        lines += [Text(_name(progress, name), STYLES["name"]), *_counts(progress, name, first)]
    return Group(*lines)


def _counts(progress: Progress, exercise: str, first: date) -> tuple[Text, Text]:
    """Return what each day of an exercise counts for, and how many are done and due."""
    kept = progress.adherence(_DAYS, exercise)
    marks = [_counted(progress, exercise, day) for day in charts.days(first, progress.today)]
    return charts.in_weeks(first, marks), Text(f"{kept.done} of {kept.due}")


def _counted(progress: Progress, exercise: str, day: date) -> Span:
    """Return what a day counts for in adherence."""
    standing, number = progress.standing(exercise), days.number(day)
    if standing.kept_due >> number & 1:
        return _COUNTS
    return _AGAINST if standing.missed >> number & 1 else _NEUTRAL


def _sum(progress: Progress, chosen: Sequence[str], length: int) -> str:
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
    chosen = [exercise] if exercise else list(progress.program or progress.standings)
    lines: list[RenderableType] = []
    for name in chosen:
        course = progress.habit_days(name, _HABIT_DAYS)
        lines.append(Text(_name(progress, name), STYLES["name"]))
        lines += [_indented(line) for step in course for line in _habit_day(step, progress.today, width)]
        end = f"{course[-1].after:.4f} is {text.percent(course[-1].after)}" if course else "no day was due so far"
        lines.append(_indented(Text(end)))
    return Group(*lines, *([] if chosen else [Text("Nothing was due so far, so there is no habit yet.")]))


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
