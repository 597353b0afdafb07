"""The screen of the example plans."""

from collections.abc import Iterable
from datetime import date

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from kneetrack.domain import text
from kneetrack.domain.catalogue import Catalogue
from kneetrack.domain.templates import Position, Template
from kneetrack.views import sources
from kneetrack.views.phrases import STYLES


def templates(listed: Iterable[Template], now: Position | None, catalogue: Catalogue, today: date) -> RenderableType:
    """Return the example plans, each with its reason, phases and sources; `now` is the phase in force."""
    every = list(listed)
    lines: list[RenderableType] = [
        Text("Examples, not advice: plans that you or your clinician may choose, and change."),
    ]
    for template in every:
        lines.append(Text.assemble((template.id, STYLES["name"]), f"   {template.title}"))
        lines.append(_indented(Text(f"{template.rationale.removesuffix('.')}{sources.named(template.sources)}.")))
        for index, phase in enumerate(template.phases):
            here = now is not None and (now.template, now.at) == (template, index)
            since = f"  ← since {text.show_day(now.since, today)}" if now and here else ""
            weeks = text.count(phase.weeks, "week") if phase.weeks else "as long as you like"
            names = ", ".join(catalogue.get(exercise).name for exercise in phase.exercises)
            number = f"{index + 1}. " if len(template.phases) > 1 else ""
            lines.append(_indented(Text(f"{number}{weeks}, {phase.per_week} a week: {names}{since}")))
    lines.append(Text("To use one: kneetrack plan use starter. To go on to its next phase: kneetrack plan next"))
    keys = (key for template in every for key in template.sources)
    return Group(*lines, Text("Sources", STYLES["name"]), sources.listed(keys, brief=True))


def _indented(what: Text) -> RenderableType:
    """Return a paragraph two characters in."""
    table = Table.grid()
    table.add_column(width=2)
    table.add_column(overflow="fold")
    table.add_row("", what)
    return table
