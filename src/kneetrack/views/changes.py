"""What is answered to undo, redo, edit, rm and purge: plain lines, without Rich."""

from kneetrack.app.results.changes import ChangeList, Edited, Found, Purged, Removed, Turned
from kneetrack.app.results.pain import Noted
from kneetrack.domain import text
from kneetrack.domain.plan import Pause
from kneetrack.domain.progress import State
from kneetrack.domain.records import Pain, Score
from kneetrack.views import answer, phrases, scores
from kneetrack.views import pain as of_pain
from kneetrack.views.lines import Line, Span


def _named(result: Turned) -> str:
    """Return a command as its answer names it; a guided session by its sets, or by its first one."""
    verb, _, rest = text.clean(result.command).partition(" ")
    if verb != "start":
        return text.clean(result.command)
    parts = []
    for exercise in dict.fromkeys(session.exercise for session in result.sessions):
        known = result.progress.catalogue.get(exercise)
        done = [session for session in result.sessions if session.exercise == exercise]
        parts.append(f"{text.clean(known.name)} {phrases.session_dose(known, done)}")
    return f"the guided session {' and '.join(parts)}" if parts else f"the guided session that began with {rest}"


def undone(result: Turned) -> list[Line]:
    """Return what was undone, what is left today, the streak, and how to redo it."""
    *lines, last = answer.wrote(f"Undone: {_named(result)}", result.progress, undo=False)
    return [*lines, *_left(result), [*last, Span(" · redo: kneetrack redo", "quiet")]]


def redone(result: Turned) -> list[Line]:
    """Return what was redone, what is left today, and the streak."""
    return [*answer.wrote(f"Redone: {_named(result)}", result.progress), *_left(result)]


def _left(result: Turned) -> list[Line]:
    """Return the line for what another device has changed since; none for none."""
    if not result.left:
        return []
    return [[Span(f"  not changed, because another device has changed it since: {', '.join(result.left)}")]]


def listed(result: ChangeList) -> list[Line]:
    """Return a line for each of the newest changes, and how many there are before them."""
    shown = [change for change in result.changes if change.uid in result.shorts]
    lines: list[Line] = []
    for change in shown:
        at = result.times[change.uid]
        when = f"{text.show_day(at.date(), result.today)} {at:%H:%M}"
        said = f"{text.clean(change.command)}{'   (undone)' if change.undone else ''}"
        lines.append([Span(f"{result.shorts[change.uid]}  {when}  ", "quiet"), Span(said)])
    before = len(result.changes) - len(shown)
    if before:
        lines.append([Span(f"and {before} earlier. To list them all: kneetrack undo --list --json", "quiet")])
    return lines or [[Span("Nothing to undo.")]]


def edited(result: Edited | Noted, width: int) -> list[Line]:
    """Return what was changed of the line, old → new, what is left today, and the streak; or that nothing was."""
    if isinstance(result, Noted):
        return of_pain.answer(result, width)
    progress = result.progress
    if not result.wrote:
        return [[Span(f"No change: {described(result.line)} already has these values.")]]
    new = result.line.sessions[0]
    mark = phrases.PART if new.exercise in result.below_dose else phrases.MARKS[State.DONE]
    days = _turned(*(answer.when(session, progress.today, width) for session in (result.before[0], new)))
    row = (mark, _what_changed(result), days, result.shorts[new.uid])
    return [*answer.in_columns([row], width), *answer.today(progress), answer.closing(progress, result.sore)]


def _what_changed(result: Edited) -> str:
    """Return what a line says now, and what it said where that is something else: Bridge 15 → 3×15 · pain 2 → 3."""
    before, after = result.before, result.line.sessions
    old, new = (result.line.catalogue.get(line[0].exercise) for line in (before, after))
    doses = _turned(phrases.session_dose(old, list(before)), phrases.session_dose(new, list(after)))
    names = _turned(text.clean(old.name), text.clean(new.name))
    parts = [f"{names} {doses}" if old == new else f"{names}, {doses}"]
    first, now = before[0], after[0]
    parts += _noted("pain", _number(first.pain), _number(now.pain))
    parts += _noted("effort", _number(first.effort), _number(now.effort))
    parts += _noted("load", first.load, now.load)
    parts += _noted("note", first.note, now.note, "“{}”")
    return " · ".join(parts)


def _number(rating: int | None) -> str | None:
    return None if rating is None else str(rating)


def _noted(label: str, before: str | None, after: str | None, form: str = "{}") -> list[str]:
    """Return what was noted, old → new where that differs; nothing where nothing was and is."""
    if before is None and after is None:
        return []
    old, new = ("none" if its is None else form.format(phrases.brief(its)) for its in (before, after))
    return [f"{label} {_turned(old, new)}"]


def _turned(before: str, after: str) -> str:
    """Return old → new, or what is the same."""
    return after if before == after else f"{before} → {after}"


def removed(result: Removed) -> list[Line]:
    """Return what was removed, its id, what is left today, and the streak."""
    return answer.wrote(f"Removed: {described(result.found)}   {result.short}", result.progress)


def to_purge(found: Found) -> str:
    """Return the question whether to delete records for good."""
    return f"Delete for good, with all its earlier versions: {described(found)}?"


STILL_THERE = "A copy or an export that you made yourself still has it."


def purged(result: Purged) -> list[Line]:
    """Return what was deleted for good and from where, what is left today, and the streak."""
    backups = f" and {text.count(result.backups.number, 'backup')}" if result.backups.number else ""
    first = f"Purged from the diary{backups}: {described(result.found)}"
    kept = f"  {STILL_THERE}"
    if result.backups.problem:
        kept = f"  Not all backups could be rewritten: {result.backups.problem}. {STILL_THERE}"
    head, *rest = answer.wrote(first, result.progress, undo=False)
    return [head, [Span(kept)], *rest]


def described(found: Found) -> str:
    """Return what an id names in words: Bridge 3×15, Sun 22 Nov; pain 2 on getting up, Sun 22 Nov."""
    match found.other:
        case None:
            known = found.catalogue.get(found.sessions[0].exercise)
            dose = phrases.session_dose(known, list(found.sessions))
            return f"{text.clean(known.name)} {dose}, {text.show_day(found.sessions[0].day, found.today)}"
        case Pause() as pause:
            name = found.catalogue.get(pause.exercise).name if pause.exercise else "everything"
            kind = "skip of" if pause.first == pause.last else "pause"
            return f"{kind} {phrases.pause(pause, name, found.today)}"
        case Pain() as pain:
            return f"{of_pain.noted(pain)}, {text.show_day(pain.day, found.today)}"
        case Score() as score:
            return f"{scores.named(score)}, {text.show_day(score.day, found.today)}"
