"""What an import does and an export wrote, in words."""

from collections.abc import Iterable, Mapping

from kneetrack.app.results.transfer import Exported, Imported, Incoming, InForce
from kneetrack.domain import text
from kneetrack.domain.records import Counts
from kneetrack.domain.text import count
from kneetrack.views import answer, phrases
from kneetrack.views.lines import Line, Span

NOT_SET = "not set"
ONLY_TOMBSTONES = "Imported: only the list of purged records"


def exported(done: Exported) -> list[Line]:
    """Return the answer to an export to a file."""
    written = f"Written: {text.clean(str(done.path))}, {text.size(done.size)}."
    return [[Span(f"{written} It holds what you noted about your health.")]]


def imported(done: Imported) -> list[Line]:
    """Return the answer to an import: what came in, how things are, and what is in force now."""
    found = done.incoming
    lines = [[Span(f"Nothing new in {found.name}, so nothing was written.")]]
    if done.progress:
        first = came_in(found.counts) if done.versions else ONLY_TOMBSTONES
        lines = answer.wrote(first, done.progress, undo=done.versions > 0)
    if done.before and done.after:
        lines += now(_in_force(done.before), _in_force(done.after))
    return [
        *lines,
        *purged(len(done.purged)),
        *_backups(done),
        *outdated(found.counts),
        *kept_out(found.kept_out),
        *left_out(found.left_out),
    ]


def _backups(done: Imported) -> list[Line]:
    """Return the line for backups that may still hold what was purged; none where all is well."""
    if done.backups is None or done.backups.problem is None:
        return []
    return [[Span(f"  Not all backups could be rewritten: {done.backups.problem}.")]]


def preview(found: Incoming) -> list[Line]:
    """Return what an import would bring."""
    lines = [[Span(f"{found.name} would bring this; nothing was written:", "name")], *each(found.counts)]
    if found.refusals:
        lines.append([Span(f"  refused: {count(found.refusals, 'line')}, with the reasons on standard error")])
    return [
        *lines,
        *would_purge(found.purges),
        *outdated(found.counts),
        *kept_out(found.kept_out),
        *left_out(found.left_out),
    ]


def refused(found: Incoming) -> list[str]:
    """Return a sentence for each of the first rows that are left out, and how many days those are."""
    more = found.refusals - len(found.refused)
    days = [f"Left out: {count(found.refusals, 'day')}."] if found.refusals else []
    return [*found.refused, *([f"and {more} more"] if more else []), *days]


def question(number: int) -> str:
    """Return the question before records are purged that were purged where a file comes from."""
    them = "it" if number == 1 else "them"
    return f"{_purged(number)} where this file comes from. Delete {them} here for good, too?"


def not_asked(number: int) -> str:
    """Return the sentence for an import that may purge records, where nobody can be asked."""
    return f"{_purged(number)} where this file comes from, and nothing was imported. To purge here too: add --yes."


def purged(number: int) -> list[Line]:
    """Return the line that says how many records were purged because the file says so; none for none."""
    return [[Span(f"  {_purged(number)}, because the file says so")]] if number else []


def would_purge(number: int) -> list[Line]:
    """Return the line that says how many records would be purged because the file says so; none for none."""
    return [[Span(f"  {count(number, 'record')} would be purged, because the file says so")]] if number else []


def _purged(number: int) -> str:
    """Return how many records were purged."""
    return f"{count(number, 'record')} of your diary {'was' if number == 1 else 'were'} purged"


def kept_out(number: int) -> list[Line]:
    """Return the line that says how many records of the file stay out because they were purged; none for none."""
    return [[Span(f"  left out: {count(number, 'record')} that you purged", "quiet")]] if number else []


def _in_force(found: InForce) -> dict[str, str]:
    """Return what the plan asks for, by exercise, and the settings."""
    plan = {text.clean(exercise.name): phrases.asked(exercise, item) for exercise, item in found.plan}
    return {**plan, **found.settings}


def each(counts: Mapping[str, Counts]) -> list[Line]:
    """Return a line for each kind of record: new, changed, unchanged."""
    numbers = {name: (its.new, its.changed, its.unchanged) for name, its in counts.items()}
    width = max(map(len, numbers), default=0)
    most = max((len(str(number)) for its in numbers.values() for number in its), default=0)
    return [
        [Span(f"  {name:{width}}  {new:{most}} new · {changed:{most}} changed · {unchanged:{most}} unchanged")]
        for name, (new, changed, unchanged) in numbers.items()
    ]


def now(before: Mapping[str, str], after: Mapping[str, str]) -> list[Line]:
    """Return a line for each part of the plan and each setting that an import changed: what it is, and was."""
    changed = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return [[Span(f"  {name} is now {after.get(name, NOT_SET)} (was {before.get(name, NOT_SET)})")] for name in changed]


def outdated(counts: Mapping[str, Counts]) -> list[Line]:
    """Return a line for the rows that say what this diary said before it was changed here; none without any."""
    number = sum(its.outdated for its in counts.values())
    if not number:
        return []
    lines = "1 line is" if number == 1 else f"{number} lines are"
    return [[Span(f"  {lines} older than what your diary has now, so your diary keeps its own", "quiet")]]


def came_in(counts: Mapping[str, Counts]) -> str:
    """Return what came in: “Imported: 12 new sessions, 1 changed; 1 new pause”."""
    return f"Imported: {brought(counts) or 'only earlier versions; nothing that you see changes'}"


_KINDS = {"prescriptions": ("plan entry", "plan entries")}
"""Kinds of records that have another name on screens, one and several."""


def brought(counts: Mapping[str, Counts]) -> str:
    """Return what came: “12 new sessions, 1 changed; 1 new pause”; nothing for only earlier versions."""
    kinds = []
    for name, its in counts.items():
        one, several = _KINDS.get(name, (name[:-1], name))
        words = [count(its.new, f"new {one}", f"new {several}")] if its.new else []
        words += [f"{its.changed} changed"] if words and its.changed else []
        words = words or ([count(its.changed, f"changed {one}", f"changed {several}")] if its.changed else [])
        kinds += [", ".join(words)] if words else []
    return "; ".join(kinds)


def left_out(words: Iterable[str]) -> list[Line]:
    """Return a line for each thing that has no place in a diary."""
    return [[Span(f"  left out: {each}", "quiet")] for each in words]
