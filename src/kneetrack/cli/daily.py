"""Every day: log, today, history, undo, redo, edit, rm, purge."""

from kneetrack.app import log as app_log
from kneetrack.app.session_input import Options
from kneetrack.cli import console
from kneetrack.cli.environment import workspace
from kneetrack.domain.errors import WrongUseError
from kneetrack.views import answer
from kneetrack.views.lines import Span


def log(
    what: list[str] | None = None,
    sets: int | None = None,
    reps: int | None = None,
    hold: int | None = None,
    side: str | None = None,
    load: str | None = None,
    pain: int | None = None,
    effort: int | None = None,
    note: str | None = None,
    day: str | None = None,
    at: str | None = None,
    as_json: bool = False,
    db: str | None = None,
) -> None:
    """Log what was done."""
    given = Options(sets, reps, hold, side, load, pain, effort, note, day, at)
    with workspace(db) as diary:
        sure = as_json or not console.can_ask()
        result = app_log.log(diary, what or [], given, with_today=as_json, sure=sure)
        if result.unusual:
            if not console.confirm(answer.unusual(result.unusual, result.progress.catalogue)):
                console.say([[Span("Nothing was logged.")]])
                return
            result = app_log.log(diary, what or [], given)
        if as_json:
            from kneetrack.views import data

            console.answer(result.new, (), data.log(result))
        else:
            console.answer(result.new, answer.logged(result, console.width()))


def today(
    as_json: bool = False,
    db: str | None = None,
) -> None:
    """Show what is done and what is left today."""
    from kneetrack.app import today as app_today

    with workspace(db, syncs="before") as diary:
        result = app_today.show(diary)
    if as_json:
        from kneetrack.views import data

        console.put_json(data.today(result))
        return
    from kneetrack.views import today as screen

    console.say([*screen.today(result, console.width()), *screen.beneath(result)])


def history(
    exercise: str | None = None,
    days: int | None = None,
    first: str | None = None,
    last: str | None = None,
    everything: bool = False,
    as_json: bool = False,
    db: str | None = None,
) -> None:
    """Show what was done, newest first: the last 14 days unless told otherwise."""
    from kneetrack.app import overview

    with workspace(db) as diary:
        chosen = overview.Range(days, first, last, everything)
        result = overview.history(diary, exercise, chosen, with_ids=not as_json)
    if as_json:
        from kneetrack.views import data

        console.put_json(data.history(result))
        return
    from kneetrack.views.history import history as screen

    console.say_all(screen(result, console.width()))


def undo(
    listed: bool = False,
    as_json: bool = False,
    db: str | None = None,
) -> None:
    """Undo the last change; repeat to go further back."""
    from kneetrack.app import changes
    from kneetrack.views import changes as answers

    if as_json and not listed:
        raise WrongUseError("--json goes with --list.")
    with workspace(db) as diary:
        if not listed:
            console.say(answers.undone(changes.undo(diary)))
            return
        result = changes.listed(diary)
    if as_json:
        from kneetrack.views import data

        console.put_json(data.changes(result))
    else:
        console.say(answers.listed(result))


def redo(
    db: str | None = None,
) -> None:
    """Bring back what undo took back."""
    from kneetrack.app import changes
    from kneetrack.views import changes as answers

    with workspace(db) as diary:
        console.say(answers.redone(changes.redo(diary)))


def edit(
    what: str,
    dose: str | None = None,
    sets: str | None = None,
    reps: str | None = None,
    hold: str | None = None,
    side: str | None = None,
    load: str | None = None,
    pain: str | None = None,
    effort: str | None = None,
    note: str | None = None,
    exercise: str | None = None,
    day: str | None = None,
    at: str | None = None,
    db: str | None = None,
) -> None:
    """Correct a session or a pain; undo brings back what it was."""
    from kneetrack.app import changes
    from kneetrack.app.edit_input import Changes
    from kneetrack.views import changes as answers

    given = Changes(dose, sets, reps, hold, side, load, pain, effort, note, exercise, day, at)
    with workspace(db) as diary:
        console.say(answers.edited(changes.edit(diary, what, given), console.width()))


def rm(
    what: str,
    db: str | None = None,
) -> None:
    """Remove a session, a pause, a pain or a score; undo brings it back."""
    from kneetrack.app import changes
    from kneetrack.views import changes as answers

    with workspace(db) as diary:
        console.say(answers.removed(changes.remove(diary, what)))


def purge(
    what: str,
    yes: bool = False,
    db: str | None = None,
) -> None:
    """Delete a session, a pause, a pain or a score for good, with all its versions."""
    from kneetrack.app import changes
    from kneetrack.views import changes as answers

    with workspace(db) as diary:
        found = None if yes else changes.find(diary, what)
        if found and not console.can_ask():
            raise WrongUseError("Purging cannot be undone. Without a terminal, add --yes.")
        if found and not console.confirm(answers.to_purge(found)):
            console.say([[Span("Nothing was deleted.")]])
            return
        console.say(answers.purged(changes.purge(diary, found or what)))
