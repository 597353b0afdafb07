"""Every day: log, today, history, undo, redo, edit, rm, purge."""

import sys
from collections.abc import Iterable
from datetime import timedelta
from typing import Annotated, Any

import typer

from kneetrack.app import session_input as entry
from kneetrack.cli import answers, complete, console, diary, options
from kneetrack.cli.diary import Diary
from kneetrack.domain import text
from kneetrack.domain.errors import DayError, WrongUseError
from kneetrack.domain.plan import Pause
from kneetrack.domain.progress import Progress
from kneetrack.domain.records import Session
from kneetrack.views import answer, data
from kneetrack.views.phrases import Line, Span

HISTORY_DAYS = 14
NIGHT_ENDS = 4
SHOWN_CHANGES = 20

Id = Annotated[
    str,
    typer.Argument(
        metavar="ID|last",
        help="The first characters of an id, as history shows them, or last: the exercise written last,"
        " with all its sets of that command.",
        autocompletion=complete.ids,
    ),
]


def log(
    what: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="EXERCISE [DOSE]...",
            help="What was done: bridge 3x15 clamshell 3x12, or all. Without a dose: what is left of it today.",
            autocompletion=complete.exercises,
        ),
    ] = None,
    sets: options.Sets = None,
    reps: options.Reps = None,
    hold: options.Hold = None,
    side: options.Side = None,
    load: options.Load = None,
    pain: Annotated[int | None, typer.Option(metavar="0-10", help="The worst pain while doing it.")] = None,
    effort: Annotated[int | None, typer.Option(metavar="0-10", help="How hard it was.")] = None,
    note: options.Note = None,
    day: options.Day = None,
    at: options.At = None,
    as_json: options.AsJson = False,
    db: options.Db = None,
) -> None:
    """Log what was done."""
    words, given = what or [], entry.Options(sets, reps, hold, side, load, pain, effort, note, day, at)
    if diary.missing(db):
        with diary.reading(db, unwritten=True) as book:
            if not _read(words, given, book):
                _print(_answer([], given, words, book, as_json=as_json))
                return
    hello = answers.begin(db)
    with diary.logging(db) as (book, door):
        sessions = _read(words, given, book)
        said = entry.command("log", sessions, book.catalogue, book.today)
        written = door.append(said, book.now, sessions) if sessions else []
        # Worked out before the commit: what fails from here on is only the printing.
        shown = _answer(written, given, words, book, as_json=as_json)
    _print(shown, hello)


def _print(shown: list[Line] | dict[str, Any], hello: Iterable[Line] = ()) -> None:
    """Print an answer; with JSON, what a new journal says goes to standard error."""
    if isinstance(shown, list):
        console.say([*hello, *shown])
        return
    for line in hello:
        console.complain("".join(span.text for span in line))
    console.put_json(shown)


def _answer(
    written: list[Session], given: entry.Options, words: list[str], book: Diary, *, as_json: bool
) -> list[Line] | dict[str, Any]:
    """Return what a log wrote, or that nothing was left to write."""
    if as_json:
        return data.log(written, _today_json(book, book.this_week()))
    left_out = _left_out(words, written, given, book)
    if not written:
        return [[Span(left_out)]]
    return [*_logged(written, given, book), *([[Span(f"  {left_out}", "quiet")]] if left_out else [])]


def _read(words: list[str], given: entry.Options, book: Diary) -> list[Session]:
    """Return the sessions that a `log` line stands for, by how things stood on their day."""
    moment = entry.when(given, book.now, book.day_start)
    return entry.read(words, given, book.as_of(moment.day), moment, book.now)


def _logged(written: list[Session], given: entry.Options, book: Diary) -> list[Line]:
    """Return the answer to a log."""
    progress = book.recent()
    sore = given.pain if book.is_sore(given.pain) else None
    late = given.day is None and given.at is None and _is_first_night(written, book)
    shorts = book.door.shorten(session.uid for session in written)
    news = _news(written, book, progress) if sore is None else None
    return answer.logged(written, shorts, progress, width=console.width(), sore=sore, late=late, news=news)


def _news(written: list[Session], book: Diary, progress: Progress) -> str | None:
    """Return what the first log of today reaches: a milestone, or a run begun again."""
    if {session.day for session in written} != {book.today}:
        return None
    if len(book.door.sessions(book.today, book.today)) > len(written):
        return None
    from kneetrack.domain import milestones
    from kneetrack.views import encouragement as keeping_at_it

    since, days_done = book.door.days_done(book.today, milestones.DAYS_DONE[-1] + 1)
    reached = milestones.reached(progress, since or book.today, days_done)
    if reached:
        return keeping_at_it.milestone(reached, progress)
    streak = progress.streak()
    is_young = streak.since is not None and streak.current <= milestones.NEW_RUN_DAYS
    run = milestones.new_run(book.this_week()) if is_young and since != streak.since else None
    return keeping_at_it.new_run(run) if run else None


def _is_first_night(written: list[Session], book: Diary) -> bool:
    """Return whether it is just past midnight, for the first time this week, and days begin at midnight."""
    if book.now.hour >= NIGHT_ENDS or book.day_start.hour or book.day_start.minute:
        return False
    known = {session.uid for session in written}
    week = book.door.sessions(book.today - timedelta(8), book.today)
    return not any(
        session.created_at.astimezone().hour < NIGHT_ENDS and book.now - session.created_at < timedelta(7)
        for session in week
        if session.uid not in known
    )


def _left_out(words: list[str], written: list[Session], given: entry.Options, book: Diary) -> str:
    """Return a sentence for what was named and not written, because nothing of it was left; none for nothing."""
    so = "so nothing was written" if not written else "so it was not written"
    its = entry.when(given, book.now, book.day_start).day
    day = " today" if its == book.today else " that day"
    if words[0].lower() == entry.ALL:
        return "" if written else f"Nothing is left{day}, {so}. To log more: kneetrack log bridge 1x10"
    program = book.as_of(its).plan
    known = {item.id: item for item, _ in entry.pairs(words, book.catalogue, program, "")}
    out = [item for item in known.values() if item.id not in {session.exercise for session in written}]
    if not out:
        return ""
    side = f"the {given.side.lower()} side of " if given.side and given.side.lower() != "both" else ""
    names = " or ".join(text.clean(item.name) for item in out)
    more = f"kneetrack log {out[0].typed} {'1x30s' if out[0].mode == 'hold' else '1x10'}"
    noted = any(value is not None for value in (given.load, given.pain, given.effort, given.note))
    note = " To note it on what was logged last: kneetrack edit last --pain 2 --note …" if noted else ""
    return f"Nothing is left of {side}{names}{day}, {so}. To log more: {more}{note}"


def today(as_json: options.AsJson = False, db: options.Db = None) -> None:
    """Show what is done and what is left today."""
    with diary.reading(db) as book:
        progress = book.this_week()
        if as_json:
            console.put_json(_today_json(book, progress))
            return
        sessions = book.door.sessions(book.today, book.today)
        offer = _offer(book, progress)
    from kneetrack.views.today import today as screen

    console.show(screen(progress, sessions, console.width()))
    console.say(offer if not diary.missing(db) else [*answers.lost(db), [Span(answer.EXAMPLE, "quiet")]])


def _offer(book: Diary, progress: Progress) -> list[Line]:
    """Return a line that offers the next phase of an example program, when the weeks of this one are over.

    There is none on a day, or the day after one, with pain above the person's limit.
    """
    from kneetrack.domain import templates
    from kneetrack.views import phrases

    place = templates.position(progress.activity.prescriptions, book.today)
    if place is None or not place.is_over(book.today):
        return []
    recent = book.door.sessions(book.today - timedelta(1), book.today)
    if any(book.is_sore(session.pain) for session in recent):
        return []
    return [[Span(f"  {phrases.phase_over(place)}", "quiet")]]


def _today_json(book: Diary, progress: Progress) -> dict[str, Any]:
    """Return today for programs."""
    sessions = book.door.sessions(book.today, book.today)
    others = dict.fromkeys(item.exercise for item in reversed(sessions) if item.exercise not in progress.plan)
    listed = (*progress.plan, *others)
    return data.today(progress, {item: book.door.last_note(item, book.today) for item in listed}, others)


def history(
    exercise: Annotated[
        str | None, typer.Argument(help="Only this exercise.", autocompletion=complete.exercises)
    ] = None,
    days: Annotated[int | None, typer.Option(metavar="N", min=1, max=40_000, help="The last N days.")] = None,
    first: Annotated[str | None, typer.Option("--from", metavar="DAY", help="From this day on.")] = None,
    last: Annotated[str | None, typer.Option("--until", metavar="DAY", help="Up to this day.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All days.")] = False,
    as_json: options.AsJson = False,
    db: options.Db = None,
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
    listed: Annotated[bool, typer.Option("--list", help="List what can be undone, newest first.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="With --list: print JSON for programs.")] = False,
    db: options.Db = None,
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


def redo(db: options.Db = None) -> None:
    """Bring back what undo took back."""
    with diary.journal(db) as (journal, book):
        said = journal.redo(book.now)
    answers.changed(f"Redone: {text.clean(said)}", db)


def edit(
    what: Id,
    dose: Annotated[str | None, typer.Argument(metavar="[DOSE]", help="The dose it was: 3x15.")] = None,
    sets: Annotated[str | None, typer.Option(metavar="N|none", help="Sets.")] = None,
    reps: Annotated[str | None, typer.Option(metavar="N|none", help="Repetitions a set.")] = None,
    hold: Annotated[str | None, typer.Option(metavar="SECONDS|none", help="Seconds of hold.")] = None,
    side: options.Side = None,
    load: Annotated[str | None, typer.Option(metavar="TEXT|none", help="Band, weight or what else loaded it.")] = None,
    pain: Annotated[str | None, typer.Option(metavar="0-10|none", help="The worst pain while doing it.")] = None,
    effort: Annotated[str | None, typer.Option(metavar="0-10|none", help="How hard it was.")] = None,
    note: Annotated[str | None, typer.Option(metavar="TEXT|none", help="A note.")] = None,
    exercise: Annotated[
        str | None, typer.Option(metavar="NAME", help="What it really was.", autocompletion=complete.exercises)
    ] = None,
    day: options.Day = None,
    at: Annotated[str | None, typer.Option(metavar="TIME|none", help="The clock time on that day.")] = None,
    db: options.Db = None,
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


def rm(what: Id, db: options.Db = None) -> None:
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
    what: Id,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    db: options.Db = None,
) -> None:
    """Delete a session or a pause for good, with all its versions, also one that was removed or undone."""
    with diary.journal(db, write=False) as (journal, book):
        found = journal.last(removed=True) if what == "last" else journal.find(what, removed=True)
        described = _describe(found, book)
    if not yes:
        if not sys.stdin.isatty():
            raise WrongUseError("Purging cannot be undone: say --yes where nobody can be asked.")
        if not typer.confirm(f"Delete for good, with all its versions: {described}?"):
            console.say([[Span("Nothing was deleted.")]])
            return
    with diary.journal(db) as (journal, book):
        journal.purge(_uids(found), book.now)
    from kneetrack.store import backup

    backup.keep_tombstones(book.place.path)
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
