"""The screen of the program in force."""

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from kneetrack import text
from kneetrack.progress import Progress
from kneetrack.render import words
from kneetrack.render.words import STYLES

_WIDE = 60


def plan(progress: Progress, width: int) -> RenderableType:
    """Return the exercises in force: sets and reps, schedule, since when."""
    if not progress.program:
        return Text("No program is in force. For example: kneetrack plan set bridge 3x10 clamshell 3x10")
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, style=STYLES["name"])
    table.add_column(overflow="fold")
    table.add_column(overflow="fold")
    for exercise, item in progress.program.items():
        known = progress.catalogue.get(exercise)
        if item.dose and item.schedule:
            since = f"since {text.show_day(item.first_day, progress.today)}"
            dose, schedule = words.prescribed(known, item.dose), words.scheduled(item.schedule)
            wide = (Text(dose), Text(f"{schedule}, {since}"))
            cells = wide if width >= _WIDE else (Group(f"{dose}, {schedule}", since),)
            table.add_row(Text(text.clean(known.name)), *cells)
    lines = [Text(line) for line in words.paused(progress)]
    return Group(table, *lines)
