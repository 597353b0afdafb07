"""The screens of explain: a rule in three sentences, and the person's own last days worked through by it."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from kneetrack.app.results.overview import Explained
from kneetrack.domain import days, text
from kneetrack.domain import explanations as worked
from kneetrack.domain.explanations import RULES, Count, PresentStreak, Step
from kneetrack.domain.progress import HabitDay, Progress
from kneetrack.views import charts
from kneetrack.views.paragraphs import side_by_side
from kneetrack.views.phrases import STYLES, Span
from kneetrack.views.rich_lines import as_they_are, paragraph

_SEVEN = 7
_WIDE = 60
_NAME = 24
_INDENT = "  "

_COUNTS, _AGAINST, _NEUTRAL, _BLANK = Span("+", "done"), Span("×", "missed"), Span("·", "quiet"), Span(" ")
_STEPS: dict[Step, Span] = {"counts": _COUNTS, "ends": _AGAINST, "neutral": _NEUTRAL}
_MARKS: dict[Count, Span] = {"done": _COUNTS, "missed": _AGAINST, "left_out": _NEUTRAL}


def explain(result: Explained, width: int) -> RenderableType:
    """Return the rule and the example for one exercise, or for the plan; only the rule where no diary was read."""
    rule = Group(*(line for sentence in RULES[result.topic] for line in paragraph(sentence, width)))
    if result.progress is None:
        return rule
    example = {"streak": _streak, "adherence": _adherence, "habit": _habit}[result.topic]
    return Group(rule, "", example(result.progress, result.exercise, width))


def _name(progress: Progress, exercise: str) -> str:
    """Return the name of an exercise."""
    return text.clean(progress.catalogue.get(exercise).name)


def _spans(spans: Sequence[Span]) -> Text:
    """Return spans as Rich text."""
    return Text.assemble(*((span.text, STYLES[span.style]) for span in spans))


# Streak


def _streak(progress: Progress, exercise: str | None, width: int) -> RenderableType:
    """Return the weeks of the present streak, what each of their days does to it, and how they add up."""
    its, today = worked.present_streak(progress, exercise), progress.today
    first = min(its.steps)
    mondays = charts.days(first - timedelta(first.weekday()), today)[:: days.WEEK]
    dates = [text.short_day(monday, today) for monday in mondays]
    until = f"before {dates[0]}" if its.earlier else ""
    broad = max(map(len, [*dates, until])) + 2
    lines = [
        *paragraph(_name(progress, exercise) if exercise else "The whole plan", width, "name"),
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
    return Group(
        *lines,
        *(line for said in (_total(its, counts, today), *_before(progress, its)) for line in paragraph(said, width)),
        _legend("adds one", "ended the streak before", "changes nothing", width),
    )


def _total(its: PresentStreak, counts: Sequence[int], today: date) -> str:
    """Return how the days of a streak add up: 2 + 3 = 5 days, since Sat 21 Nov."""
    if not its.streak.since:
        return "The streak is at 0 days." if its.streak.best else "There is no streak yet."
    added = f"{' + '.join(map(str, counts))} = " if len(counts) > 1 else ""
    return f"{added}{text.count(its.streak.current, 'day')}, since {text.show_day(its.streak.since, today)}"


def _before(progress: Progress, its: PresentStreak) -> list[str]:
    """Return what ended the streak before: The day before it began, Fri 20 Nov: Bridge missed and nothing done."""
    if its.streak.ended is None or not its.streak.best:
        return []
    missed = ", ".join(_name(progress, name) for name in its.missed)
    why = f"{missed} missed and nothing done" if missed else "nothing done and nothing planned"
    ended = text.show_day(its.ended, progress.today)
    return [f"{f'The day before it began, {ended}' if its.streak.since else f'It ended on {ended}'}: {why}."]


# Adherence


def _adherence(progress: Progress, exercise: str | None, width: int) -> RenderableType:
    """Return what each of the last four weeks' days counts for, by exercise, and how they add up."""
    counted = worked.counted(progress, exercise)
    if not counted:
        return Group(
            *paragraph(
                f"No planned day has passed in the last {worked.WINDOW} days, so there is no adherence yet.", width
            )
        )
    return Group(
        _beside(progress, counted) if width >= _WIDE else _below(progress, counted, width),
        *_sum(progress, counted, worked.WINDOW, width),
        *_sum(progress, counted, _SEVEN, width),
        _legend("due and done", "missed", "does not count", width),
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


def _below(progress: Progress, counted: dict[str, dict[date, Count]], width: int) -> RenderableType:
    """Return the days of exercises below their names."""
    lines = [_letters(progress)]
    for name, its in counted.items():
        lines += [*paragraph(_name(progress, name), width, "name"), *_counts(progress, name, its)]
    return Group(*lines)


def _letters(progress: Progress) -> Text:
    """Return the letters of the last four weeks' days."""
    return charts.letters(progress.today - timedelta(worked.WINDOW - 1), progress.today)


def _counts(progress: Progress, exercise: str, its: dict[date, Count]) -> tuple[Text, Text]:
    """Return what each day of an exercise counts for, and how many are done and due."""
    kept = progress.adherence(worked.WINDOW, exercise)
    return charts.in_weeks(min(its), [_MARKS[count] for count in its.values()]), Text(f"{kept.done} of {kept.due}")


def _sum(progress: Progress, chosen: Iterable[str], length: int, width: int) -> list[Text]:
    """Return how adherence adds up: Last 28 days: 26 + 10 = 36 done, 27 + 12 = 39 planned, 36 ÷ 39 = 92 %."""
    kept = [progress.adherence(length, name) for name in chosen]
    done, due = sum(its.done for its in kept), sum(its.due for its in kept)
    title = f"Last {length} days: "
    if not due:
        return paragraph(f"{title}nothing planned", width)
    each_done = f"{' + '.join(str(its.done) for its in kept)} = " if len(kept) > 1 else ""
    each_due = f"{' + '.join(str(its.due) for its in kept)} = " if len(kept) > 1 else ""
    parts = [
        f"{title}{each_done}{done} done",
        f"{each_due}{due} planned",
        f"{done} ÷ {due} = {text.percent(done / due)}",
    ]
    return as_they_are(side_by_side(parts, width, ", "))


# Habit


def _habit(progress: Progress, exercise: str | None, width: int) -> RenderableType:
    """Return the habit of each exercise, and what its last planned days made of it."""
    lines: list[Text] = []
    for name, course in worked.habits(progress, exercise).items():
        lines += paragraph(_name(progress, name), width, "name")
        lines += _course(course, progress.today, width)
    return Group(*(lines or paragraph("Nothing was planned so far, so there is no habit yet.", width)))


def _course(course: Sequence[HabitDay], today: date, width: int) -> list[Text]:
    """Return what the last planned days made of a habit: 48 %, and 31 % before these 7 planned days: each of them."""
    if not course:
        return [Text(f"{_INDENT}no planned day has passed yet")]
    these = f"these {len(course)} planned days" if len(course) > 1 else "this planned day"
    now, before = text.percent(course[-1].after), text.percent(course[0].before)
    lines = [Text(f"{_INDENT}{now}; before {these} {before}")]
    broad = max(len(text.show_day(step.day, today)) for step in course) + len(" + 100 %") + 2
    fits = max(1, (width - len(_INDENT) + 2) // broad)
    for at in range(0, len(course), fits):
        line = Text(_INDENT)
        for step in course[at : at + fits]:
            mark = _COUNTS if step.done else _AGAINST
            day = text.pad(text.show_day(step.day, today), broad - 10)
            line.append(day).append(f" {mark.text}", STYLES[mark.style]).append(f"{text.percent(step.after):>6}  ")
        line.rstrip()
        lines.append(line)
    return lines


def _legend(counts: str, against: str, neutral: str, width: int) -> RenderableType:
    """Return what the three marks mean."""
    parts = [f"+ {counts}", f"× {against}", f"· {neutral}"]
    return Group(*as_they_are(side_by_side(parts, width, "   "), "quiet"))
