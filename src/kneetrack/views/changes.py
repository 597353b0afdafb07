"""What is answered to undo, redo, edit, rm and purge: plain lines, without Rich."""

from kneetrack.app.results.changes import ChangeList, Edited, Found, Purged, Removed, Turned
from kneetrack.domain import text
from kneetrack.views import answer, phrases
from kneetrack.views.phrases import Line, Span


def undone(result: Turned) -> list[Line]:
    """Return what was undone, how to redo it, what is left today, and the streak."""
    first = f"Undone: {text.clean(result.command)} · redo: kneetrack redo"
    return answer.wrote(first, result.progress, undo=False)


def redone(result: Turned) -> list[Line]:
    """Return what was redone, what is left today, and the streak."""
    return answer.wrote(f"Redone: {text.clean(result.command)}", result.progress)


def listed(result: ChangeList) -> list[Line]:
    """Return a line for each of the newest changes, and how many there are before them."""
    shown = [change for change in result.changes if change.uid in result.shorts]
    lines: list[Line] = []
    for change in shown:
        at = change.at.astimezone()
        when = f"{text.show_day(at.date(), result.today)} {at:%H:%M}"
        said = f"{text.clean(change.command)}{'   (undone)' if change.undone else ''}"
        lines.append([Span(f"{result.shorts[change.uid]}  {when}  ", "quiet"), Span(said)])
    before = len(result.changes) - len(shown)
    if before:
        lines.append([Span(f"and {before} before them; all of them: kneetrack undo --list --json", "quiet")])
    return lines or [[Span("Nothing to undo.")]]


def edited(result: Edited, width: int) -> list[Line]:
    """Return the line as it is now, what is left today, and the streak; or that it was so before."""
    if not result.wrote:
        return [[Span(f"Nothing was written: {described(result.line)} is so already.")]]
    progress = result.progress
    lines = answer.done(result.line.sessions, result.shorts, progress.catalogue, progress.today, width=width)
    return [*lines, *answer.today(progress), answer.closing(progress, result.sore)]


def removed(result: Removed) -> list[Line]:
    """Return what was taken out, its id, what is left today, and the streak."""
    return answer.wrote(f"Removed: {described(result.found)}   {result.short}", result.progress)


def to_purge(found: Found) -> str:
    """Return the question whether to delete records for good."""
    return f"Delete for good, with all its versions: {described(found)}?"


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
    """Return a session or a pause in words: Bridge 3×15, Sun 22 Nov."""
    pause = found.pause
    if pause:
        name = found.catalogue.get(pause.exercise).name if pause.exercise else "everything"
        return f"pause of {phrases.pause(pause, name, found.today)}"
    known = found.catalogue.get(found.sessions[0].exercise)
    dose = phrases.session_dose(known, list(found.sessions))
    return f"{text.clean(known.name)} {dose}, {text.show_day(found.sessions[0].day, found.today)}"
