"""The screens of stats: how things stand, by exercise and by week; and how one exercise went."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from kneetrack.app.results.overview import Stats
from kneetrack.domain import days, text
from kneetrack.domain.plan import Spell
from kneetrack.domain.progress import Progress
from kneetrack.views import charts, phrases
from kneetrack.views.phrases import STYLES

DAYS = 28
WEEKS = 12

_WIDE = 72
_BESIDE = 60
_NAME = 24
_BAR = 30
_SHORT_BAR = 10


def stats(result: Stats, width: int) -> RenderableType:
    """Return a headline, how each exercise stands, its last four weeks, and adherence by week; of one, more of it."""
    progress, exercises = result.progress, result.listed
    if result.exercise:
        return _of_one(progress, result.exercise, result.counts, width)
    if not exercises:
        return Text(phrases.EMPTY_PLAN)
    day = text.show_day(progress.today, progress.today)
    week = [f"week {progress.week}"] if progress.week else []
    headline = [day, *week, phrases.best(progress.streak()), phrases.four_weeks(progress)]
    return _blocks(
        Text(phrases.in_lines(headline, width)),
        _by_exercise(progress, exercises, result.counts, width),
        _adherence_by_week(progress, None, width),
    )


def _of_one(progress: Progress, exercise: str, counts: dict[str, int], width: int) -> RenderableType:
    """Return how one exercise stands: the same for it alone, and its volume by week and its doses so far."""
    known, standing = progress.catalogue.get(exercise), progress.standing(exercise)
    name = text.clean(known.name)
    if not standing.done | standing.covered:
        return Text(f"{name} was neither prescribed nor logged so far. To log it: kneetrack log {known.typed}")
    headline = [name, phrases.best(progress.streak(exercise)), phrases.four_weeks(progress, exercise)]
    return _blocks(
        *([Text(phrases.in_lines(headline, width))] if width >= _WIDE else []),
        _by_exercise(progress, [exercise], counts, width),
        _adherence_by_week(progress, exercise, width),
        _volume_by_week(progress, exercise, width),
        _doses(progress, exercise, standing.spells, width),
    )


def _blocks(*blocks: RenderableType) -> RenderableType:
    """Return blocks with an empty line between them."""
    return Group(blocks[0], *(part for block in blocks[1:] for part in ("", block)))


def _by_exercise(progress: Progress, exercises: Sequence[str], counts: dict[str, int], width: int) -> RenderableType:
    """Return the figures and the last four weeks of exercises: as tables, or on narrow screens one below the other."""
    if width < _WIDE:
        return _blocks(*(_one_below_the_other(progress, exercise, counts, width) for exercise in exercises))
    return _blocks(_figures(progress, exercises, counts), _strips(progress, exercises))


def _figures(progress: Progress, exercises: Sequence[str], counts: dict[str, int]) -> Table:
    """Return a table of figures, an exercise a row."""
    table = Table(box=None, padding=(0, 1), pad_edge=False, header_style=STYLES["quiet"])
    table.add_column("", max_width=_NAME, overflow="fold", style=STYLES["name"])
    for title in ("in a row", "best", "7 days", "28 days", "dose", "habit", "sessions"):
        table.add_column(title, justify="right")
    for exercise in exercises:
        streak = progress.streak(exercise)
        table.add_row(
            Text(text.clean(progress.catalogue.get(exercise).name)),
            str(streak.current),
            str(streak.best),
            text.percent(progress.adherence(7, exercise).share),
            text.percent(progress.adherence(DAYS, exercise).share),
            text.percent(progress.dose_adherence(DAYS, exercise)),
            text.percent(progress.habit(exercise)),
            str(counts.get(exercise, 0)),
        )
    return table


def _strips(progress: Progress, exercises: Sequence[str]) -> Table:
    """Return the last four weeks of exercises, a mark a day."""
    first = progress.today - timedelta(DAYS - 1)
    table = Table.grid(padding=(0, 2))
    table.add_column(max_width=_NAME, overflow="fold")
    table.add_column(no_wrap=True)
    table.add_row(Text(f"The last {DAYS} days", STYLES["quiet"]), charts.letters(first, progress.today))
    for exercise in exercises:
        name = Text(text.clean(progress.catalogue.get(exercise).name), STYLES["name"])
        table.add_row(name, charts.strip(progress, exercise, first, progress.today))
    return table


def _one_below_the_other(progress: Progress, exercise: str, counts: dict[str, int], width: int) -> RenderableType:
    """Return the figures and the last four weeks of one exercise on lines of their own."""
    first = progress.today - timedelta(DAYS - 1)
    figures = [
        phrases.best(progress.streak(exercise)),
        f"7 days {text.percent(progress.adherence(7, exercise).share)}",
        f"28 days {text.percent(progress.adherence(DAYS, exercise).share)}",
        f"dose {text.percent(progress.dose_adherence(DAYS, exercise))}",
        f"habit {text.percent(progress.habit(exercise))}",
        text.count(counts.get(exercise, 0), "session"),
    ]
    return Group(
        Text(text.clean(progress.catalogue.get(exercise).name), STYLES["name"]),
        Padding(
            Group(
                Text(phrases.in_lines(figures, width - 2)),
                charts.letters(first, progress.today),
                charts.strip(progress, exercise, first, progress.today),
            ),
            (0, 0, 0, 2),
        ),
    )


def _adherence_by_week(progress: Progress, exercise: str | None, width: int) -> RenderableType:
    """Return adherence in each of the last weeks, as bars."""

    def rows() -> Iterator[tuple[date, float, str]]:
        for monday in progress.weeks(WEEKS, exercise):
            kept = progress.adherence_between(monday, monday + timedelta(days.WEEK - 1), exercise)
            said = f"{kept.done} of {kept.due}, {text.percent(kept.share)}" if kept.due else "nothing due"
            yield monday, kept.share or 0, said

    return _bars("Adherence by week", progress, list(rows()), width)


def _volume_by_week(progress: Progress, exercise: str, width: int) -> RenderableType:
    """Return the repetitions or seconds of one exercise in each of the last weeks, as bars."""
    known = progress.catalogue.get(exercise)
    unit = "seconds held" if known.mode == "hold" else "repetitions"
    mondays = progress.weeks(WEEKS, exercise)
    volumes = [progress.volume(exercise, monday, monday + timedelta(days.WEEK - 1)) for monday in mondays]
    most = max(*volumes, 1)
    rows = [(monday, volume / most, str(volume)) for monday, volume in zip(mondays, volumes, strict=True)]
    sides = ", both sides added up" if known.per_side else ""
    return _bars(f"Volume by week, {unit}{sides}", progress, rows, width)


def _bars(title: str, progress: Progress, rows: Sequence[tuple[date, float, str]], width: int) -> RenderableType:
    """Return a titled row of bars, one a week: its Monday, the bar, and what it stands for."""
    columns = _BAR if width >= _BESIDE else _SHORT_BAR
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right", no_wrap=True)
    table.add_column(width=columns, no_wrap=True)
    table.add_column()
    for monday, share, said in rows:
        now = monday + timedelta(days.WEEK) > progress.today
        week = "this week" if now else text.short_day(monday, progress.today)
        table.add_row(week, charts.bar(share, columns), said)
    return Group(Text(title, STYLES["quiet"]), table)


def _doses(progress: Progress, exercise: str, spells: Sequence[Spell], width: int) -> RenderableType:
    """Return how the prescribed dose grew, newest first, and how much of each was done."""
    known = progress.catalogue.get(exercise)
    lines: list[RenderableType] = [Text("The dose, newest first", STYLES["quiet"])]
    table = Table.grid(padding=(0, 2))
    begun = [spell for spell in spells if spell.first <= days.number(progress.today)]
    for spell in reversed(begun):
        first, last = days.day_of(spell.first), min(days.day_of(spell.last), progress.today)
        since = f"since {text.show_day(first, progress.today)}"
        dose = phrases.prescribed(known, spell.dose)
        kept = progress.adherence_between(first, last, exercise)
        done = f"done {kept.done} of {kept.due}" if kept.due else "nothing due"
        cells = [since, dose, phrases.scheduled(spell.schedule), done]
        table.add_row(*(map(Text, cells) if width >= _BESIDE else [Text(f"{since}: {', '.join(cells[1:])}")]))
    if begun:
        lines.append(table)
    else:
        lines.append(Text("not in a program so far"))
    return Group(*lines)
