"""The screen of stats: streak, adherence, dose adherence and habit, by exercise."""

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from kneetrack import text
from kneetrack.progress import Progress
from kneetrack.render import words
from kneetrack.render.words import STYLES

_WIDE = 72


def stats(progress: Progress, exercises: list[str], counts: dict[str, int], width: int) -> RenderableType:
    """Return a headline and a table by exercise; `counts` are the sessions of each."""
    wide = width >= _WIDE
    table = Table(box=None, padding=(0, 1) if not wide else (0, 2), pad_edge=False, header_style=STYLES["quiet"])
    table.add_column("")
    table.add_column("in a row", justify="right")
    if wide:
        table.add_column("best", justify="right")
        table.add_column("7 days", justify="right")
    table.add_column("28 days", justify="right")
    table.add_column("dose", justify="right")
    if wide:
        table.add_column("habit", justify="right")
        table.add_column("sessions", justify="right")
    for exercise in exercises:
        streak = progress.streak(exercise)
        always = [
            text.percent(progress.adherence(28, exercise).share),
            text.percent(progress.dose_adherence(28, exercise)),
        ]
        more = [str(streak.best), text.percent(progress.adherence(7, exercise).share)] if wide else []
        last = [text.percent(progress.habit(exercise)), str(counts.get(exercise, 0))] if wide else []
        name = Text(text.clean(progress.catalogue.get(exercise).name), STYLES["name"])
        table.add_row(name, str(streak.current), *more, *always, *last)
    streak = progress.streak()
    headline = f"{words.run(streak, progress.today)} (best {streak.best}) · {words.four_weeks(progress)}"
    return Group(Text(headline), table)
