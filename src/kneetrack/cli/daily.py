"""Every day: log, today, history, undo, redo, edit, rm, purge."""

import sys
from datetime import timedelta

from kneetrack.app import log as app_log
from kneetrack.app import overview
from kneetrack.app import session_input as entry
from kneetrack.app.session_input import Options
from kneetrack.cli import answers, console, diary
from kneetrack.cli.diary import Diary
from kneetrack.cli.environment import workspace
from kneetrack.domain import text
from kneetrack.domain.errors import DayError, WrongUseError
from kneetrack.domain.plan import Pause
from kneetrack.domain.records import Session
from kneetrack.views import answer, data
from kneetrack.views.phrases import Span

HISTORY_DAYS = 14
NIGHT_ENDS = 4
SHOWN_CHANGES = 20


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
        result = app_log.log(diary, what or [], given, with_today=as_json)
        console.answer(result.new, answer.logged(result, console.width()), data.log(result) if as_json else None)


def today(
    as_json: bool = False,
    db: str | None = None,
) -> None:
    """Show what is done and what is left today."""
    with workspace(db) as diary:
        result = overview.today(diary)
    if as_json:
        console.put_json(data.today(result))
        return
    from kneetrack.views import today as screen

    console.show(screen.today(result, console.width()))
    console.say(screen.beneath(result))


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
    if sum((days is not None, first is not None or last is not None, everything)) > 1:
        raise WrongUseError("Choose one of --days, --all, and --from with --until.")
    with diary.reading(db) as book:
        known = book.catalogue.find(exercise, book.program(), parts=True) if exercise else None
        until = text.read_day(last, book.today) if last else None if everything else book.today
        start = None if everything or last else book.today - timedelta((days or HISTORY_DAYS) - 1)
        start = text.read_day(first, book.today) if first else start
        if start and until and start > until:
            ends = text.show_day(start, book.today), text.show_day(until, book.today)
            raise DayError(f"--from {ends[0]} is after --until {ends[1]}; both ends count.")
        sessions = book.door.sessions(start, until, known.id if known else None)
        if as_json:
            console.put_json(data.history(sessions, start, until))
            return
        shorts = book.door.shorten(session.uid for session in sessions)
    if not sessions:
        name = f" of {text.clean(known.name)}" if known else ""
        since = f"since {text.show_day(start, book.today)}" if start else "until then" if last else "yet"
        console.say([[Span(f"Nothing{name} logged {since}. To log: kneetrack log bridge")]])
        return
    from kneetrack.views.history import history as screen

    console.say(screen(sessions, shorts, book.catalogue, book.today, console.width()))


def undo(
    listed: bool = False,
    as_json: bool = False,
    db: str | None = None,
) -> None:
    """Take back the last change; again, the one before it."""
    if as_json and not listed:
        raise WrongUseError("--json goes with --list.")
    if listed:
        with diary.journal(db, write=False) as (journal, book):
            changes = journal.changes()
            shown = changes[:SHOWN_CHANGES]
            shorts = journal.shorten(change.uid for change in shown)
        if as_json:
            console.put_json(data.changes(changes))
            return
        for change in shown:
            at = change.at.astimezone()
            done = "" if change.stands else "   (undone)"
            when = f"{text.show_day(at.date(), book.today)} {at:%H:%M}"
            console.say(
                [[Span(f"{shorts[change.uid]}  {when}  ", "quiet"), Span(f"{text.clean(change.command)}{done}")]]
            )
        if len(changes) > len(shown):
            earlier = f"and {len(changes) - len(shown)} before them; all of them: kneetrack undo --list --json"
            console.say([[Span(earlier, "quiet")]])
        if not changes:
            console.say([[Span("Nothing to undo.")]])
        return
    with diary.journal(db) as (journal, book):
        said = journal.undo(book.now)
    answers.changed(f"Undone: {text.clean(said)} · redo: kneetrack redo", db, undo=False)


def redo(
    db: str | None = None,
) -> None:
    """Bring back what undo took back."""
    with diary.journal(db) as (journal, book):
        said = journal.redo(book.now)
    answers.changed(f"Redone: {text.clean(said)}", db)


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
    """Correct a session; undo brings back what it was."""
    changes = entry.Changes(sets, reps, hold, side, load, pain, effort, note, exercise, day, at)
    with diary.journal(db) as (journal, book):
        before = _sessions(journal.last() if what == "last" else journal.find(what))
        after = entry.edited(
            before, dose, changes, book.progress(before[0].day, before[0].day), book.now, book.day_start
        )
        if after == list(before):
            console.say([[Span(f"Nothing was written: {_describe(before, book)} is so already.")]])
            return
        said = entry.command("edit", after, book.catalogue, book.today)
        journal.edit(said, book.now, after)
    with diary.reading(db) as book:
        shorts = book.door.shorten(session.uid for session in after)
        progress = book.recent()
    lines = answer.done(after, shorts, book.catalogue, book.today, width=console.width())
    sore = after[0].pain if changes.pain and book.is_sore(after[0].pain) else None
    console.say([*lines, *answer.today(progress), answer.closing(progress, sore)])


def rm(
    what: str,
    db: str | None = None,
) -> None:
    """Take a session or a pause out of the diary; undo brings it back."""
    with diary.journal(db) as (journal, book):
        found = journal.last() if what == "last" else journal.find(what)
        described = _describe(found, book)
        said = f"rm {described}"
        if not isinstance(found, Pause):
            said = entry.command("rm", found, book.catalogue, book.today)
        journal.remove(said, book.now, _uids(found))
        (short,) = journal.shorten(_uids(found)[:1]).values()
    answers.changed(f"Removed: {described}   {short}", db)


def purge(
    what: str,
    yes: bool = False,
    db: str | None = None,
) -> None:
    """Delete a session or a pause for good, with all its versions, also one that was removed or undone."""
    with diary.journal(db, write=False) as (journal, book):
        found = journal.last(removed=True) if what == "last" else journal.find(what, removed=True)
        described = _describe(found, book)
    if not yes:
        if not sys.stdin.isatty():
            raise WrongUseError("Purging cannot be undone: say --yes where nobody can be asked.")
        if not console.confirm(f"Delete for good, with all its versions: {described}?"):
            console.say([[Span("Nothing was deleted.")]])
            return
    with diary.journal(db) as (journal, _):
        journal.purge(_uids(found), diary.now())
    answers.changed(
        f"Purged: {described}. It comes back only with a backup, an export or a copy made before.", db, undo=False
    )


def _uids(found: tuple[Session, ...] | Pause) -> list[str]:
    """Return the ids of what was found."""
    return [found.uid] if isinstance(found, Pause) else [session.uid for session in found]


def _sessions(found: tuple[Session, ...] | Pause) -> tuple[Session, ...]:
    """Return what was found when it is sessions, and raise WrongUseError for a pause."""
    if isinstance(found, Pause):
        raise WrongUseError("That is a pause: end it with kneetrack resume, or take it out with kneetrack rm.")
    return found


def _describe(found: tuple[Session, ...] | Pause, book: Diary) -> str:
    """Return a session or a pause in words."""
    from kneetrack.views import phrases

    if isinstance(found, Pause):
        name = book.catalogue.get(found.exercise).name if found.exercise else "everything"
        return f"pause of {phrases.pause(found, name, book.today)}"
    known = book.catalogue.get(found[0].exercise)
    dose = phrases.session_dose(known, list(found))
    return f"{text.clean(known.name)} {dose}, {text.show_day(found[0].day, book.today)}"
