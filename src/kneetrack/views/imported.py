"""What an import does, in words."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from kneetrack.domain.text import count
from kneetrack.views.phrases import Line, Span

if TYPE_CHECKING:
    from kneetrack.store.merge import Counts

NOT_SET = "not set"


def each(counts: "Mapping[str, Counts]") -> list[Line]:
    """Return a line for each kind of record: new, changed, unchanged."""
    numbers = {f"{name}s": (its.new, its.changed, its.unchanged) for name, its in counts.items()}
    width = max(map(len, numbers), default=0)
    most = max((len(str(number)) for its in numbers.values() for number in its), default=0)
    return [
        [Span(f"  {name:{width}}  {new:{most}} new · {changed:{most}} changed · {unchanged:{most}} unchanged")]
        for name, (new, changed, unchanged) in numbers.items()
    ]


def now(before: Mapping[str, str], after: Mapping[str, str]) -> list[Line]:
    """Return a line for each part of the program and each setting that an import changed: what it is, and was."""
    changed = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return [[Span(f"  {name} is now {after.get(name, NOT_SET)} (was {before.get(name, NOT_SET)})")] for name in changed]


def outdated(counts: "Mapping[str, Counts]") -> list[Line]:
    """Return a line for the rows that say what this diary said before it was changed here; none without any."""
    number = sum(its.outdated for its in counts.values())
    if not number:
        return []
    rows = "1 line says" if number == 1 else f"{number} lines say"
    return [[Span(f"  {rows} what your diary said before you changed it there: the diary stays as it is", "quiet")]]


def came_in(counts: "Mapping[str, Counts]") -> str:
    """Return what came in: “Imported: 12 new sessions, 1 changed; 1 new pause”."""
    kinds = []
    for name, its in counts.items():
        words = [count(its.new, f"new {name}")] if its.new else []
        words += [f"{its.changed} changed"] if words and its.changed else []
        words = words or ([count(its.changed, f"changed {name}")] if its.changed else [])
        kinds += [", ".join(words)] if words else []
    return f"Imported: {'; '.join(kinds) or 'what was written before; all that is shown stays as it is'}"


def purged(number: int) -> list[Line]:
    """Return the line that says how many records were purged because the file says so; none for none."""
    return [[Span(f"  {count(number, 'record')} purged, as where the file comes from")]] if number else []


def would_purge(number: int) -> list[Line]:
    """Return the line that says how many records would be purged because the file says so; none for none."""
    return [[Span(f"  {count(number, 'record')} would be purged, as where the file comes from")]] if number else []


def kept_out(number: int) -> list[Line]:
    """Return the line that says how many records of the file stay out because they were purged; none for none."""
    return [[Span(f"  left out: {count(number, 'record')} that you purged", "quiet")]] if number else []


def left_out(words: Iterable[str]) -> list[Line]:
    """Return a line for each thing that has no place in a diary."""
    return [[Span(f"  left out: {each}", "quiet")] for each in words]
