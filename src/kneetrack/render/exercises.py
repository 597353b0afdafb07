"""The screens of the catalogue: all exercises, and one."""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from kneetrack import text
from kneetrack.catalogue import Catalogue, Exercise
from kneetrack.render import words
from kneetrack.render.words import STYLES

FAMILIES = {
    "hip-er": "Hip, turning out",
    "hip-ir": "Hip, turning in",
    "hip-abd": "Hip, to the side",
    "hip-ext": "Hip, to the back",
    "core-hip": "Side of trunk and hip",
    "knee": "Knee",
    "balance": "Balance",
    "stretch": "Stretches",
    None: "Your own",
}
_WIDE = 72


def exercises(listed: Sequence[Exercise], width: int) -> RenderableType:
    """Return the exercises as a table by family: name as typed, starting dose, main muscles, equipment."""
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    if width >= _WIDE:
        table.add_column(overflow="fold")
        table.add_column(overflow="fold")
    for family, title in FAMILIES.items():
        its = [exercise for exercise in listed if exercise.facts.get("category") == family]
        if its:
            table.add_row(Text(title, STYLES["name"]))
        for exercise in its:
            dose = words.prescribed(exercise, exercise.dose) if exercise.dose else "no dose yet"
            muscles = ", ".join(muscle(name) for name in exercise.facts.get("primary", ()))
            equipment = ", ".join(exercise.facts.get("equipment", ()))
            cells: list[RenderableType] = [Text(f"  {text.clean(exercise.typed)}"), dose, muscles, equipment]
            table.add_row(*cells[: len(table.columns)])
    return table


def show(exercise: Exercise, catalogue: Catalogue, note: str | None) -> RenderableType:
    """Return how one exercise is done, what it trains, its starting dose, easier and harder ones, the last note."""
    facts = exercise.facts
    lines = [Text(text.clean(exercise.name), STYLES["name"])]
    lines += [Text(f"  {at}. {cue}") for at, cue in enumerate(facts.get("cues", ()), 1)]
    if exercise.dose:
        sources = ", ".join(facts["dose_sources"]) or "our default, no published dose"
        lines.append(Text(f"  to start with: {words.prescribed(exercise, exercise.dose)} ({sources})"))
    if facts.get("primary"):
        lines.append(Text(f"  trains: {', '.join(muscle(name) for name in facts['primary'])}"))
    for word, key in (("easier", "regress_to"), ("harder", "progress_to")):
        if facts.get(key):
            lines.append(Text(f"  {word}: {catalogue.get(facts[key]).typed}"))
    if note:
        lines.append(Text(f"  your last note: “{text.clean(note)}”"))
    return Group(*lines)


def muscle(name: str) -> str:
    """Return a muscle of the data file in words."""
    return {
        "glute_med": "gluteus medius",
        "glute_min": "gluteus minimus",
        "glute_max": "gluteus maximus",
        "tfl": "tensor fasciae latae",
        "itb": "iliotibial band",
        "vmo": "vastus medialis",
    }.get(name, name.replace("_", " "))
