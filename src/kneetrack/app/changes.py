"""Correct what was written: undo, redo, edit, remove and purge."""

from collections.abc import Iterable
from datetime import date

from kneetrack.app import edit_input, session_input
from kneetrack.app import pain as app_pain
from kneetrack.app.edit_input import Changes
from kneetrack.app.results.changes import ChangeList, Edited, Found, Purged, Removed, RewrittenBackups, Turned
from kneetrack.app.results.pain import Noted
from kneetrack.app.workspace import Diary, Workspace
from kneetrack.domain.errors import KneetrackError, NotDoneError, NothingToDoError, WrongUseError
from kneetrack.domain.names import LAST
from kneetrack.domain.plan import Pause
from kneetrack.domain.records import Pain, Score, Session

_NAMED = 20
"""How many of the newest changes get their short ids."""


_GUIDED = "start "
"""How the command of a guided session begins."""


def listed(workspace: Workspace) -> ChangeList:
    """Return what can be undone, newest first. Raises NoDiaryError, and what opening a diary raises."""

    def work(diary: Diary) -> ChangeList:
        changes = diary.store.changes()
        newest = changes[:_NAMED]
        shorts = diary.store.shorten(change.uid for change in newest)
        times = {change.uid: change.at.astimezone() for change in newest}
        return ChangeList(tuple(changes), shorts, times, diary.today)

    workspace.require()
    return workspace.read(work)


def undo(workspace: Workspace) -> Turned:
    """Take back the newest change. Raises NothingToDoError, NoDiaryError, and what opening a diary raises."""

    def work(diary: Diary) -> Turned:
        newest = next((change for change in diary.store.changes(_NAMED) if not change.undone), None)
        # Of a guided session the answer names every set; what it was is known only while it is there.
        sessions = _newest(diary) if newest and newest.command.startswith(_GUIDED) else ()
        left: dict[str, None] = {}
        try:
            command = diary.store.undo(diary.now, left.setdefault)
        except NothingToDoError as error:
            raise _all_left(diary, left) or error from None
        return Turned(command, diary.recent(), sessions, _shorts(diary, left))

    return workspace.write(work, create=False)


def redo(workspace: Workspace) -> Turned:
    """Bring back what undo took back. Raises as `undo` does."""

    def work(diary: Diary) -> Turned:
        left: dict[str, None] = {}
        command = diary.store.redo(diary.now, left.setdefault)
        sessions = _newest(diary) if command.startswith(_GUIDED) else ()
        return Turned(command, diary.recent(), sessions, _shorts(diary, left))

    return workspace.write(work, create=False)


def _all_left(diary: Diary, left: Iterable[str]) -> NothingToDoError | None:
    """Return the error for a diary in which all that undo would take back was changed elsewhere since."""
    shorts = _shorts(diary, left)
    if not shorts:
        return None
    them, were = (shorts[0], "was") if len(shorts) == 1 else (", ".join(shorts), "were")
    return NothingToDoError(
        f"Nothing was undone: {them} {were} changed on another device since. To remove it all the same:"
        f" kneetrack rm {shorts[0]}"
    )


def _shorts(diary: Diary, uids: Iterable[str]) -> tuple[str, ...]:
    """Return the short ids of some records; nothing is asked for none."""
    wanted = [*uids]
    return tuple(diary.store.shorten(wanted).values()) if wanted else ()


def _newest(diary: Diary) -> tuple[Session, ...]:
    """Return the sessions that were logged last, by one command or in one guided session; none of an empty diary."""
    try:
        return diary.store.last(whole=True)
    except NothingToDoError:
        return ()


def edit(workspace: Workspace, what: str, changes: Changes) -> Edited | Noted:
    """Correct the line of sessions, or the pain, that an id or `last` names; nothing is written when it is so already.

    Raises WrongUseError and its kinds, NoDiaryError, and what opening a diary raises.
    """
    return workspace.write(lambda diary: _edit(diary, what, changes), create=False)


def _edit(diary: Diary, what: str, changes: Changes) -> Edited | Noted:
    before = _find(diary, what)
    match before.other:
        case Pause():
            raise WrongUseError("That is a pause: end it with kneetrack resume, or take it out with kneetrack rm.")
        case Score():
            raise WrongUseError("That is a score: enter it again, or take it out with kneetrack rm.")
        case Pain() as old:
            return _edit_pain(diary, old, changes)
    after = edit_input.edited(before.sessions, changes, diary)
    wrote = after != list(before.sessions)
    if wrote:
        diary.store.edit(session_input.command("edit", after, diary.catalogue, diary.today), diary.now, after)
    line = before._replace(sessions=tuple(after))
    sore = diary.settings.above_limit(after[0].pain) if changes.pain else None
    below_dose = diary.as_of(after[0].day).below_dose(after)
    return Edited(before.sessions, line, diary.store.shorten(line.uids), diary.recent(), below_dose, sore, wrote)


def _edit_pain(diary: Diary, before: Pain, changes: Changes) -> Noted:
    after = edit_input.edited_pain(before, changes, diary)
    if app_pain.place(after) != app_pain.place(before) and (there := app_pain.there(after, diary)):
        (short,) = diary.store.shorten([there.uid]).values()
        raise WrongUseError(f"Pain {there.level} is already noted there. To replace it, first: kneetrack rm {short}")
    wrote = after != before
    if wrote:
        diary.store.note_pain(f"edit {app_pain.command(after, diary)}", diary.now, [after])
    (short,) = diary.store.shorten([after.uid]).values()
    sore = diary.settings.above_limit(after.level) if changes.pain else None
    return Noted(after, before, short, diary.recent(), sore, None, wrote)


def remove(workspace: Workspace, what: str) -> Removed:
    """Take what an id or `last` names out of the diary; undo brings it back.

    Raises WrongUseError and its kinds, NoDiaryError, and what opening a diary raises.
    """

    def work(diary: Diary) -> Removed:
        found = _find(diary, what)
        diary.store.remove(_rm_command(found, diary), diary.now, found.uids)
        (short,) = diary.store.shorten(found.uids[:1]).values()
        return Removed(found, short, diary.recent())

    return workspace.write(work, create=False)


def find(workspace: Workspace, what: str) -> Found:
    """Return what `purge` would delete: what `last` names, or an id, also of what was removed or undone.

    Raises WrongUseError and its kinds, NoDiaryError, and what opening a diary raises.
    """
    workspace.require()
    return workspace.read(lambda diary: _find(diary, what, removed=True))


def purge(workspace: Workspace, what: str | Found) -> Purged:
    """Delete records with all their versions for good: what a word names, or exactly what `find` returned.

    The backups on this machine are rewritten without them; where that fails, the result says so. Raises as `find`
    does.
    """

    def work(diary: Diary) -> Purged:
        found = _find(diary, what, removed=True) if isinstance(what, str) else what
        diary.store.purge(found.uids, diary.now)
        return Purged(found, diary.recent())

    done = workspace.write(work, create=False)
    return done._replace(backups=rewrite_backups(workspace, done.found.uids))


def rewrite_backups(workspace: Workspace, uids: Iterable[str]) -> RewrittenBackups:
    """Rewrite the backups of a diary without what was purged from it; by then it is, so nothing is raised."""
    try:
        number, unread = workspace.place.backend.purge_from_backups(uids, workspace.now)
    except KneetrackError as error:
        return RewrittenBackups(0, error.why if isinstance(error, NotDoneError) else str(error).rstrip("."))
    return RewrittenBackups(number, f"{', '.join(unread)} cannot be read" if unread else None)


def _find(diary: Diary, what: str, *, removed: bool = False) -> Found:
    found = _last(diary) if what.lower() == LAST else diary.store.find(what, removed=removed)
    sessions, other = ((), found) if isinstance(found, Pause | Pain | Score) else (found, None)
    return Found(sessions, other, diary.catalogue, diary.today)


def _last(diary: Diary) -> tuple[Session, ...] | Pain:
    """Return what was written last: the sessions of an exercise, or a pain that was noted after them."""
    newest = max(diary.store.pains(None, None), key=lambda its: (its.created_at, its.uid), default=None)
    try:
        sessions = diary.store.last()
    except NothingToDoError:
        if newest is None:
            raise
        return newest
    return newest if newest and newest.created_at > sessions[0].created_at else sessions


def _rm_command(found: Found, diary: Diary) -> str:
    """Return what the diary keeps of a removal: what it is about and its day, never a reason or a note."""
    match found.other:
        case None:
            return session_input.command("rm", found.sessions, diary.catalogue, diary.today)
        case Pause(exercise=exercise, first=first):
            name = diary.catalogue.get(exercise).typed if exercise else session_input.ALL
            return f"rm pause {name}{_on(first, diary)}"
        case Pain(day=day, moment=moment):
            return f"rm {f'pain {moment}' if moment else 'note'}{_on(day, diary)}"
        case Score(day=day, measure=measure):
            return f"rm score {measure.replace('_', '-')}{_on(day, diary)}"


def _on(day: date, diary: Diary) -> str:
    return "" if day == diary.today else f" {day}"
