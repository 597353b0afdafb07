"""The screens of the catalogue: all exercises, and one."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import zip_longest
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from kneetrack.app.results.exercises import Known, Mine
from kneetrack.domain import dose as doses
from kneetrack.domain import text
from kneetrack.domain.catalogue import Catalogue, Exercise, muscle
from kneetrack.views import phrases, sources
from kneetrack.views.lines import STYLES
from kneetrack.views.paragraphs import hanging, side_by_side, wrapped
from kneetrack.views.rich_lines import as_they_are

FAMILIES = {
    "hip-er": "Hip external rotation (turning the knee out)",
    "hip-ir": "Hip internal rotation (turning the knee in)",
    "hip-abd": "Hip abduction (leg to the side)",
    "hip-ext": "Hip extension (leg to the back)",
    "core-hip": "Side of trunk and hip",
    "knee": "Knee",
    "balance": "Balance",
    "stretch": "Stretches",
    None: "Your own",
}
HOW_HARD = "how hard the muscles work, explained by"
BANDS_MEAN = (
    "how hard the muscles work, in % of their strongest hold: low up to 20, moderate up to 40, high up to 60;"
    " the bands are ours, the figures were measured in healthy adults, and effort is not how much it helps"
)
OWN_DEFAULTS = {"sets": "sets", "reps": "reps", "hold_s": "hold", "rest_s": "rest", "days_per_week": "days a week"}

_WIDE = 72
_LABEL = 14
_INDENT = "  "
_GAP = "  "
_LONGEST = 29
"""The columns of the longest name of the catalogue as it is typed."""
_LEVEL = len("level")


def exercises(result: Known, width: int, *, long: bool = False) -> RenderableType:
    """Return the exercises by family: name, level, load on the knee and equipment; `long` also muscles and dose."""
    lines = [] if width < _WIDE else [Text(_row(("", "level", "load on the knee", "needs"), width)[0], STYLES["quiet"])]
    for title, its in _families(result.exercises):
        lines += [Text(line, STYLES["name"]) for line in wrapped(title, width)]
        for exercise in its:
            lines += _listed(exercise, width)
            if long:
                lines += [Text(line, STYLES["quiet"]) for line in _more(exercise, width)]
    return Group(*as_they_are(lines))


def _listed(exercise: Exercise, width: int) -> list[Text]:
    """Return an exercise on a row of the table, or on a narrow screen on two lines."""
    facts, name = exercise.facts, text.clean(exercise.typed)
    needs = _joined(facts["equipment"]) or "nothing" if facts else ""
    if width >= _WIDE:
        return [
            Text(line) for line in _row((name, str(facts.get("level", "")), facts.get("knee_load", ""), needs), width)
        ]
    about = [f"level {facts['level']}", facts["knee_load"], f"needs {needs}"] if facts else []
    below = side_by_side(about, width - 2 * len(_INDENT)) if about else []
    lines = [Text(line) for line in hanging(name, width, _INDENT)]
    return [*lines, *(Text(2 * _INDENT + line, STYLES["quiet"]) for line in below)]


def _row(cells: Sequence[str], width: int) -> list[str]:
    """Return name, level, load on the knee and equipment side by side, each in its columns."""
    rest = width - len(_INDENT) - _LONGEST - _LEVEL - 3 * len(_GAP)
    knee = min(rest // 2, _LONGEST)
    name, level, load, needs = (
        wrapped(cell, broad) for cell, broad in zip(cells, (_LONGEST, _LEVEL, knee, rest - knee), strict=True)
    )
    return [
        f"{_INDENT}{text.pad(one, _LONGEST)}{_GAP}{two:>{_LEVEL}}{_GAP}{three:{knee}}{_GAP}{four}".rstrip()
        for one, two, three, four in zip_longest(name, level, load, needs, fillvalue="")
    ]


def _more(exercise: Exercise, width: int) -> list[str]:
    """Return the muscles that an exercise trains, and the dose to start with."""
    if not exercise.facts:
        return []
    dose = phrases.prescribed(exercise, exercise.dose) if exercise.dose else "no dose"
    return hanging(f"trains {_trains(exercise)} · start with {dose}", width, 2 * _INDENT)


def _families(listed: Iterable[Exercise]) -> list[tuple[str, list[Exercise]]]:
    """Return the titles of the families that any of the exercises is in, each with its exercises."""
    every = list(listed)
    found = ((title, [item for item in every if item.facts.get("category") == key]) for key, title in FAMILIES.items())
    return [(title, its) for title, its in found if its]


def show(result: Known, width: int, *, with_sources: bool = False) -> RenderableType:
    """Return one exercise: how to do it, what it trains, what to start with and for whom, and what the person did.

    `with_sources` also what the keys of the sources stand for, and what the bands of muscle activity mean.
    """
    (exercise,) = result.exercises
    mine = result.mine.get(exercise.id)
    lines = _heading(exercise, width)
    for at, cue in enumerate(exercise.facts.get("cues", ()), 1):
        lines += [Text(line) for line in hanging(cue, width, f"{_INDENT}{at}. ")]
    rows = [
        *_about(exercise, result.catalogue, with_sources=with_sources),
        *(_of_the_person(exercise, mine, result.today) if mine else []),
    ]
    for label, what in rows:
        lines += _labelled(label, what, width)
    keys = keys_of(exercise) if with_sources else []
    ends = [Text("Sources", STYLES["name"]), sources.listed(keys)] if keys else []
    return Group(*as_they_are(lines), *ends)


def _labelled(label: str, what: str, width: int) -> list[Text]:
    """Return a text behind its label, or on a narrow screen with the label before its first word."""
    if width >= _WIDE:
        first, *more = hanging(what, width, f"{_INDENT}{label:{_LABEL}} ")
        head = len(_INDENT) + _LABEL + 1
        return [Text.assemble((first[:head], STYLES["quiet"]), first[head:]), *map(Text, more)]
    return [Text(line) for line in hanging(f"{label}: {what}" if label else what, width, _INDENT, 2 * _INDENT)]


def _heading(exercise: Exercise, width: int) -> list[Text]:
    """Return the name, and below it the family, the level and what else it is called."""
    facts = exercise.facts
    parts = [FAMILIES[facts.get("category")]]
    if facts:
        parts.append(f"level {facts['level']}")
    else:
        parts.append("held for seconds" if exercise.mode == "hold" else "counted in repetitions")
        parts += ["each side"] if exercise.per_side else []
    if exercise.aliases:
        parts.append(f"also called {', '.join(exercise.aliases)}")
    name = [Text(line, STYLES["name"]) for line in wrapped(text.clean(exercise.name), width)]
    return [*name, *(Text(_INDENT + line, STYLES["quiet"]) for line in side_by_side(parts, width - len(_INDENT)))]


def _about(exercise: Exercise, catalogue: Catalogue, *, with_sources: bool) -> list[tuple[str, str]]:
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
    means = BANDS_MEAN if with_sources else f"{HOW_HARD}: kneetrack show {exercise.typed} --sources"
    rows += [("effort" if at == 0 else "", line) for at, line in enumerate(effort)]
    rows += [("", means)] if effort else []
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
        return "our own numbers; we found no published dose"
    if facts["dose_status"] == "A":
        whom = f"the exercise was used in a trial of {people}" if people else "published for a similar exercise or dose"
        return f"adapted by us; {whom}{keys}"
    *others, last = (OWN_DEFAULTS[field] for field in facts["own_defaults"])
    ours = f"{', '.join(others)} and {last}" if others else last
    whom = f"published for {people}{keys}" if people else f"published{keys}; we could not see for whom"
    return f"{whom}; our own: {ours}"


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
        rows.append(("your plan", f"{dose}, {schedule}"))
    if mine.last:
        first = mine.last[0]
        said = [f"{phrases.session_dose(exercise, list(mine.last))}, {text.show_day(first.day, today)}"]
        said += [f"pain {first.pain}"] if first.pain is not None else []
        said += [f"effort {first.effort}"] if first.effort is not None else []
        said += [text.clean(first.load)] if first.load else []
        rows.append(("last time", " · ".join(said)))
    else:
        how_much = "" if exercise.dose else f" {doses.example(exercise.mode)}"
        rows.append(("last time", f"not yet: kneetrack log {text.clean(exercise.typed)}{how_much}"))
    return [*rows, ("last note", f"“{text.clean(mine.note)}”")] if mine.note else rows


def _joined(parts: Iterable[str]) -> str:
    """Return words with commas between them."""
    return ", ".join(parts)
