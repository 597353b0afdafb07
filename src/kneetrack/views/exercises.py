"""The screens of the catalogue: all exercises, and one."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from kneetrack.app.results.exercises import Known, Mine
from kneetrack.domain import text
from kneetrack.domain.catalogue import Catalogue, Exercise, muscle
from kneetrack.views import phrases, sources
from kneetrack.views.phrases import STYLES

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
BANDS_MEAN = (
    "our bands, in % of the muscle's strongest hold: low up to 20, moderate 40, high 60;"
    " measured in healthy adults; effort, not outcome"
)
OWN_DEFAULTS = {"hold_s": "hold", "rest_s": "rest", "days_per_week": "days a week"}

_ALL_COLUMNS_FROM = 118
_WIDE = 72
_LABEL = 14


def exercises(result: Known, width: int) -> RenderableType:
    """Return the exercises by family, each with its level and the dose to start with, and as there is room more."""
    if width < _WIDE:
        return Group(*(line for title, its in _families(result.exercises) for line in _stacked(title, its)))
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(justify="right")
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    if width >= _ALL_COLUMNS_FROM:
        table.add_column(overflow="fold")
        table.add_column(overflow="fold")
    heads = ("", "level", "start with", "trains", "needs", "knee")[: len(table.columns)]
    table.add_row(*(Text(head, STYLES["quiet"]) for head in heads))
    for title, its in _families(result.exercises):
        table.add_row(Text(title, STYLES["name"]))
        for exercise in its:
            cells = [Text(f"  {text.clean(exercise.typed)}"), str(exercise.facts.get("level", "")), _dose(exercise)]
            more = [
                _trains(exercise),
                _joined(exercise.facts.get("equipment", ())),
                exercise.facts.get("knee_load", ""),
            ]
            table.add_row(*[*cells, *more][: len(table.columns)])
    return table


def _families(listed: Iterable[Exercise]) -> list[tuple[str, list[Exercise]]]:
    """Return the titles of the families that any of the exercises is in, each with its exercises."""
    every = list(listed)
    found = ((title, [item for item in every if item.facts.get("category") == key]) for key, title in FAMILIES.items())
    return [(title, its) for title, its in found if its]


def _stacked(title: str, its: Iterable[Exercise]) -> list[Text]:
    """Return a family for a narrow screen: two lines an exercise."""
    lines = [Text(title, STYLES["name"])]
    for exercise in its:
        level = f", level {exercise.facts['level']}" if exercise.facts else ""
        lines += [Text(f"  {text.clean(exercise.typed)}"), Text(f"    {_dose(exercise)}{level}", STYLES["quiet"])]
    return lines


def _dose(exercise: Exercise) -> str:
    """Return the dose to start with, without the pause in each repetition, which `show` says."""
    if not exercise.dose:
        return "no dose yet"
    return phrases.prescribed(exercise, exercise.dose).partition(", ")[0]


def show(result: Known, width: int) -> RenderableType:
    """Return one exercise: how to do it, what it trains, what to start with and for whom, and what the person did."""
    (exercise,) = result.exercises
    facts, mine = exercise.facts, result.mine.get(exercise.id)
    lines: list[RenderableType] = [_heading(exercise)]
    lines += [_hanging(f"{at}. ", Text(cue)) for at, cue in enumerate(facts.get("cues", ()), 1)]
    rows = [*_about(exercise, result.catalogue)]
    rows += _of_the_person(exercise, mine, result.today) if mine else []
    if width >= _WIDE:
        table = Table.grid(padding=(0, 1))
        table.add_column(width=_LABEL, no_wrap=True, style=STYLES["quiet"])
        table.add_column(overflow="fold")
        for label, what in rows:
            table.add_row(f"  {label}", Text(what))
        lines.append(table)
    else:
        lines += [_hanging("", Text.assemble((label and f"{label}: ", STYLES["quiet"]), what)) for label, what in rows]
    keys = keys_of(exercise)
    if keys:
        lines += [Text("  sources", STYLES["quiet"]), sources.listed(keys)]
    return Group(*lines)


def _heading(exercise: Exercise) -> Text:
    """Return the name, the family, the level and what else it is called."""
    facts = exercise.facts
    parts = [FAMILIES[facts.get("category")].lower()]
    if facts:
        parts.append(f"level {facts['level']} of its ladder")
    else:
        parts.append("held for seconds" if exercise.mode == "hold" else "counted in repetitions")
        parts += ["each side"] if exercise.per_side else []
    if exercise.aliases:
        parts.append(f"also {', '.join(exercise.aliases)}")
    return Text.assemble((text.clean(exercise.name), STYLES["name"]), (f"   {' · '.join(parts)}", STYLES["quiet"]))


def _hanging(mark: str, what: Text) -> RenderableType:
    """Return a paragraph that hangs on its mark."""
    table = Table.grid()
    table.add_column(width=2 + len(mark))
    table.add_column(overflow="fold")
    table.add_row(f"  {mark}", what)
    return table


def _about(exercise: Exercise, catalogue: Catalogue) -> list[tuple[str, str]]:
    """Return what the data file knows, as labels and texts."""
    facts = exercise.facts
    if not facts:
        return []
    rows = [
        ("trains", _trains(exercise)),
        ("needs", _joined(facts["equipment"]) or "nothing"),
        ("on the knee", facts["knee_load"]),
        ("start with", _start(exercise)),
        ("", for_whom(facts)),
    ]
    effort = _effort(facts["activity"])
    rows += [("effort" if at == 0 else "", line) for at, line in enumerate(effort)]
    rows += [("", BANDS_MEAN)] if effort else []
    for label, key in (("easier", "regress_to"), ("harder", "progress_to")):
        rows += [(label, f"kneetrack show {catalogue.get(facts[key]).typed}")] if facts[key] else []
    return rows


def _trains(exercise: Exercise) -> str:
    """Return the muscles that an exercise trains: gluteus maximus; also hamstrings, core."""
    main, also = (_joined(map(muscle, exercise.facts.get(key, ()))) for key in ("primary", "secondary"))
    return f"{main}; also {also}" if also else main


def _start(exercise: Exercise) -> str:
    """Return the numbers to start with: 3×10, hold 2 s · 3 days a week · rest 45 s."""
    facts = exercise.facts
    dose = phrases.prescribed(exercise, exercise.dose) if exercise.dose else ""
    often = "every day" if facts["days_per_week"] == len(text.WEEKDAYS) else f"{facts['days_per_week']} days a week"
    return f"{dose} · {often} · rest {facts['rest_s']} s"


def for_whom(facts: Mapping[str, Any]) -> str:
    """Return where the numbers to start with come from, and for whom they were published."""
    keys, people = sources.named(facts["dose_sources"]), facts["dose_for"]
    if facts["dose_status"] == "D":
        return "our default, no published dose"
    if facts["dose_status"] == "A":
        whom = f"the exercise was used in a trial of {people}" if people else "published for a similar exercise or dose"
        return f"adapted by us; {whom}{keys}"
    ours = ", ".join(OWN_DEFAULTS[field] for field in facts["own_defaults"])
    whom = f"published for {people}{keys}" if people else f"published{keys}; for whom, we have not seen"
    return f"{whom}; our defaults: {ours}"


def _effort(activity: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return a line for the exercise and for each variant of it: how hard the muscles work, as bands."""
    found: dict[str | None, dict[str, list[Mapping[str, Any]]]] = {}
    for entry in activity:
        if entry["mark"] != "M":
            found.setdefault(entry["note"], {}).setdefault(entry["muscle"], []).append(entry)
    lines = []
    for note, muscles in found.items():
        parts = [
            f"{muscle(name)} {phrases.band(min(entry['low'] for entry in its), max(entry['high'] for entry in its))}"
            for name, its in muscles.items()
        ]
        keys = sources.named(key for its in muscles.values() for entry in its for key in entry["sources"])
        lines.append(f"{f'{note}: ' if note else ''}{', '.join(parts)}{keys}")
    return lines


def keys_of(exercise: Exercise) -> list[str]:
    """Return the keys of the sources that the screen of an exercise names."""
    facts = exercise.facts
    known = (entry for entry in facts.get("activity", ()) if entry["mark"] != "M")
    return list(dict.fromkeys((*facts.get("dose_sources", ()), *(key for entry in known for key in entry["sources"]))))


def _of_the_person(exercise: Exercise, mine: Mine, today: date) -> list[tuple[str, str]]:
    """Return what the plan asks of the exercise, and the person's own last time and last note."""
    rows = []
    item = mine.planned
    if item and item.dose and item.schedule:
        dose, schedule = phrases.prescribed(exercise, item.dose), phrases.scheduled(item.schedule)
        rows.append(("your program", f"{dose}, {schedule}"))
    if mine.last:
        first = mine.last[0]
        said = [f"{phrases.session_dose(exercise, list(mine.last))}, {text.show_day(first.day, today)}"]
        said += [f"pain {first.pain}"] if first.pain is not None else []
        said += [f"effort {first.effort}"] if first.effort is not None else []
        said += [text.clean(first.load)] if first.load else []
        rows.append(("last time", " · ".join(said)))
    else:
        rows.append(("last time", f"not yet: kneetrack log {text.clean(exercise.typed)}"))
    return [*rows, ("last note", f"“{text.clean(mine.note)}”")] if mine.note else rows


def _joined(parts: Iterable[str]) -> str:
    """Return words with commas between them."""
    return ", ".join(parts)
