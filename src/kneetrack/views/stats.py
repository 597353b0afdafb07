"""The screens of stats: how things stand, of all exercises or of one, by day and by week."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from kneetrack.app.results.overview import Stats
from kneetrack.domain import days, text
from kneetrack.domain.progress import Adherence, Progress
from kneetrack.domain.records import MAX_RATING
from kneetrack.views import charts, encouragement, phrases, rules
from kneetrack.views.lines import STYLES
from kneetrack.views.paragraphs import hanging, side_by_side, wrapped
from kneetrack.views.rich_lines import as_they_are

DAYS = 28

_WIDE = 78
_FIGURES = 62
"""The columns that the figures take, which names leave to them."""

_NAME = 24
_MOST = 200
"""So many exercises fit on a screen that a person reads; a plan of more has been filled by something else."""

_SHOWN_WEEKS = 4
_INDENT = 2


def stats(result: Stats, width: int, *, headline: bool = True) -> RenderableType:
    """Return a headline, how each exercise stands, its last four weeks, and adherence and pain by week.

    Of one exercise also its volume by week and how its dose grew. No line is wider than the width. The headline of
    all can be left out.
    """
    progress = result.progress
    if not result.shown:
        return _lines(wrapped("There is no plan yet. For example:", width), ["kneetrack plan set bridge 3x10"])
    if result.exercise and not progress.first_day(result.exercise):
        return _never(progress, result.exercise, width)
    is_brief = bool(result.exercise) and width < _WIDE
    exercises, more = result.shown[:_MOST], len(result.shown) - _MOST
    return _blocks(
        None if is_brief or not headline else _lines(_headline(result, width)),
        _figures(progress, exercises, width) if width >= _WIDE else None,
        _strips(result, exercises, width),
        _lines(wrapped(f"and {more} more; of each: kneetrack stats EXERCISE", width)) if more > 0 else None,
        _by_week(result, width),
        _doses(progress, result.exercise, width) if result.exercise else None,
        _rule(result, width),
        _last(result, width),
    )


def _never(progress: Progress, exercise: str, width: int) -> RenderableType:
    known = progress.catalogue.get(exercise)
    said = f"{text.clean(known.name)} is not in your plan and was never logged."
    return _lines(wrapped(said, width), wrapped(f"To log it: kneetrack log {text.clean(known.typed)}", width))


def _headline(result: Stats, width: int) -> list[str]:
    """Return the day or the exercise, the week of the plan, the streak and what was done of what was planned."""
    progress, exercise = result.progress, result.exercise
    if exercise:
        name = text.clean(progress.catalogue.get(exercise).name)
        parts = [name, text.count(result.counts.get(exercise, 0), "session")]
    else:
        parts = [text.show_day(progress.today, progress.today)]
        parts += [f"week {progress.week}"] if progress.week else []
    parts.append(phrases.best(progress.streak(exercise)))
    parts.append(phrases.four_weeks(progress, exercise))
    return side_by_side(parts, width)


def _of_planned(kept: Adherence) -> str:
    """Return adherence in words: 38 of 41 planned, 93 %."""
    return f"{kept.done} of {kept.due} planned, {text.percent(kept.share)}" if kept.due else "no planned day yet"


def _blocks(*blocks: RenderableType | None) -> RenderableType:
    """Return blocks with an empty line between them."""
    there = [block for block in blocks if block is not None]
    return Group(there[0], *(part for block in there[1:] for part in ("", block)))


def _lines(*paragraphs: Iterable[str], style: str = "") -> RenderableType:
    return Group(*(line for lines in paragraphs for line in as_they_are(lines, style)))


# By exercise


def _figures(progress: Progress, exercises: Sequence[str], width: int) -> RenderableType:
    """Return a table of figures, an exercise a row."""
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style=STYLES["quiet"])
    table.add_column("done of planned", max_width=_name_width(width), overflow="fold", style=STYLES["name"])
    for title in ("7 days", "4 weeks", "of the dose", "streak", "best", "habit"):
        table.add_column(title, justify="right", no_wrap=True)
    for exercise in exercises:
        streak, week = progress.streak(exercise), progress.adherence(days.WEEK, exercise)
        table.add_row(
            Text(text.clean(progress.catalogue.get(exercise).name)),
            f"{week.done} of {week.due}" if week.due else "–",
            _of_due(progress.adherence(DAYS, exercise)),
            text.percent(progress.dose_adherence(DAYS, exercise)),
            text.count(streak.current, "day"),
            str(streak.best),
            text.percent(progress.habit(exercise)),
        )
    return table


def _name_width(width: int) -> int:
    return min(_NAME, width - _FIGURES)


def _of_due(kept: Adherence) -> str:
    return f"{kept.done} of {kept.due} {text.percent(kept.share):>6}" if kept.due else "–"


def _strips(result: Stats, exercises: Sequence[str], width: int) -> RenderableType:
    """Return the last four weeks of exercises, a mark a day; on narrow screens below the figures of each."""
    progress = result.progress
    first = progress.today - timedelta(DAYS - 1)
    if width < _WIDE:
        return _blocks(*(_one_below_the_other(result, exercise, width) for exercise in exercises))
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(max_width=width - len(charts.letters(first, progress.today)) - 2, overflow="fold")
    table.add_column(no_wrap=True)
    table.add_row(Text("last 4 weeks", STYLES["quiet"]), charts.letters(first, progress.today))
    for exercise in exercises:
        name = Text(text.clean(progress.catalogue.get(exercise).name), STYLES["name"])
        table.add_row(name, charts.strip(progress, exercise, first, progress.today))
    return table


def _one_below_the_other(result: Stats, exercise: str, width: int) -> RenderableType:
    """Return the figures and the last four weeks of one exercise on lines of their own."""
    progress = result.progress
    first = progress.today - timedelta(DAYS - 1)
    dose = progress.dose_adherence(DAYS, exercise)
    figures = [
        phrases.four_weeks(progress, exercise),
        *([] if dose is None else [f"{text.percent(dose)} of the dose"]),
        phrases.best(progress.streak(exercise)),
        f"habit {text.percent(progress.habit(exercise))}",
        *([text.count(result.counts.get(exercise, 0), "session")] if result.exercise else []),
    ]
    indent = " " * _INDENT
    marks = (charts.letters(first, progress.today), charts.strip(progress, exercise, first, progress.today))
    return Group(
        _lines(wrapped(text.clean(progress.catalogue.get(exercise).name), width), style="name"),
        _lines(indent + line for line in side_by_side(figures, width - _INDENT)),
        *as_they_are(Text(indent) + drawn for drawn in marks),
    )


# By week


def _by_week(result: Stats, width: int) -> RenderableType:
    """Return adherence, the worst pain and for one exercise the volume of the last weeks: drawn, and the last four."""
    weeks = result.weeks
    rows = [
        ("adherence", [week.adherence.share for week in weeks], [text.percent(its.adherence.share) for its in weeks])
    ]
    for label, pains in (
        ("worst pain", [week.worst_pain for week in weeks]),
        ("mornings", [week.worst_morning for week in weeks]),
    ):
        if any(pain is not None for pain in pains):
            shares = [None if pain is None else pain / MAX_RATING for pain in pains]
            rows.append((label, shares, ["" if pain is None else str(pain) for pain in pains]))
    if result.exercise:
        volumes = [result.progress.volume(result.exercise, week.first, week.last) for week in weeks]
        most = max(*volumes, 1)
        unit = "seconds" if result.progress.catalogue.get(result.exercise).mode == "hold" else "reps"
        rows.append((unit, [volume / most for volume in volumes], [str(volume) for volume in volumes]))
    title = Text(f"by week from {_short(weeks[0].first)}", STYLES["quiet"], no_wrap=True)
    this = "this week" if width >= _WIDE else "now"
    dates = [*(_short(week.first) for week in weeks[:-1]), this][-_SHOWN_WEEKS:]
    if width >= _WIDE:
        table = _week_table([title, Text(""), *_quiet(dates)])
        for label, shares, figures in rows:
            table.add_row(Text(label), charts.sparkline(shares), *figures[-_SHOWN_WEEKS:])
        return table
    drawn, below = _week_table([title, Text("")]), _week_table([Text(""), *_quiet(dates)])
    for label, shares, figures in rows:
        drawn.add_row(Text(label), charts.sparkline(shares))
        below.add_row(Text(label), *figures[-_SHOWN_WEEKS:])
    return Group(drawn, below)


def _week_table(heads: Sequence[Text]) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    for head in heads[1:]:
        table.add_column(justify="right" if head.plain else "left", no_wrap=True)
    table.add_row(*heads)
    return table


def _quiet(dates: Iterable[str]) -> list[Text]:
    return [Text(said, STYLES["quiet"]) for said in dates]


def _short(day: date) -> str:
    """Return a day of the last weeks, without its year."""
    return text.short_day(day, day)


def _doses(progress: Progress, exercise: str, width: int) -> RenderableType:
    """Return how the prescribed dose grew, newest first, and how much of each was done."""
    known, lines = progress.catalogue.get(exercise), []
    for spell in reversed(progress.standing(exercise).spells):
        first, last = days.day_of(spell.first), min(days.day_of(spell.last), progress.today)
        if first > progress.today:
            continue
        said = [
            f"since {text.show_day(first, progress.today)}: {phrases.prescribed(known, spell.dose)}",
            phrases.scheduled(spell.schedule),
            _of_planned(progress.adherence_between(first, last, exercise)),
        ]
        lines += hanging(", ".join(said), width, after="  ")
    title = "how the dose grew, newest first" if lines else "never in the plan"
    return Group(Text(title, STYLES["quiet"]), _lines(lines))


def _rule(result: Stats, width: int) -> RenderableType | None:
    """Return the person's own rule of the exercise that was asked for: what it asks for, and how it stands."""
    today, catalogue = result.progress.today, result.progress.catalogue
    its = next((its for its in result.rules if its.rule.exercise == result.exercise), None)
    if its is None:
        return None
    said = (rules.asks(its.rule, catalogue), rules.state(its, catalogue, today))
    return Group(
        Text("your rule", STYLES["quiet"]),
        _lines(*(hanging(line, width, after="  ") for line in said)),
    )


def _last(result: Stats, width: int) -> RenderableType | None:
    """Return what was done so far and what to expect."""
    said = encouragement.so_far_and_ahead(result)
    return _lines(*(hanging(line, width, after="  ") for line in said)) if said else None
