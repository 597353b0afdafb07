"""The program: plan, plan set, plan drop, plan templates, plan use, plan next, skip, pause, resume."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import typer

from kneetrack import dose as doses
from kneetrack import templates, text
from kneetrack.catalogue import Exercise
from kneetrack.cli import answers, complete, console, diary, entry, options
from kneetrack.cli.diary import Diary
from kneetrack.errors import DayError, DoseError, NothingToDoError, WrongUseError
from kneetrack.ledger import MAX_NOTE
from kneetrack.program import DAILY, MAX_EVERY, Pause, Prescription, Schedule, busiest, in_force, is_example
from kneetrack.render import data
from kneetrack.render.answer import SAFETY_FIRST
from kneetrack.render.words import Span

FEW = 4
"""So many exercises on a day are easy to keep up. Source: Bachmann2018."""

FULL_WITHIN = 27

plan = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="rich")

Names = Annotated[
    list[str],
    typer.Argument(metavar="EXERCISE...", help="Exercises.", autocompletion=complete.exercises),
]
From = Annotated[str | None, typer.Option("--from", metavar="DAY", help="The first day; today unless given.")]
Until = Annotated[str | None, typer.Option("--until", metavar="DAY", help="The last day, itself included.")]
Reason = Annotated[str | None, typer.Option("--reason", metavar="TEXT", help="Why: pain, travel, ill …")]
One = Annotated[
    str | None, typer.Argument(help="Only this exercise.", autocompletion=complete.exercises, show_default=False)
]


@plan.callback(invoke_without_command=True)
def show_plan(ctx: typer.Context, as_json: options.AsJson = False, db: options.Db = None) -> None:
    """Show the program in force; set or drop exercises."""
    ctx.obj = db
    if ctx.invoked_subcommand:
        return
    with diary.reading(db) as book:
        progress = book.this_week()
    if as_json:
        console.put_json(data.plan(progress.program, progress))
        return
    from kneetrack.render.plan import plan as screen

    console.show(screen(progress, console.width()))


@plan.command("set", epilog="Example: kneetrack plan set bridge 3x12 clamshell 2x15 --per-week 3")
def plan_set(
    ctx: typer.Context,
    what: Annotated[
        list[str],
        typer.Argument(
            metavar="EXERCISE [DOSE]...", help="Exercises, each with its dose.", autocompletion=complete.exercises
        ),
    ],
    daily: Annotated[bool, typer.Option("--daily", help="Every day.")] = False,
    every: Annotated[int | None, typer.Option(metavar="N", help="Every N days.")] = None,
    on: Annotated[str | None, typer.Option(metavar="DAYS", help="On these weekdays: mon,wed,fri.")] = None,
    per_week: Annotated[int | None, typer.Option(metavar="N", help="N times a week, on any days.")] = None,
    first: From = None,
    db: options.Db = None,
) -> None:
    """Set sets, repetitions and schedule of exercises; what is not named stays as it is."""
    db = db or ctx.obj
    schedule = _schedule(daily=daily, every=every, on=on, per_week=per_week)
    if diary.missing(db):
        with diary.reading(db, unwritten=True) as book:
            _prescriptions(what, schedule, first, book, new=True)
        answers.begin(db, example=False)
    with diary.journal(db) as (journal, book):
        before = book.progress(book.today).ledger.prescriptions
        written = _prescriptions(what, schedule, first, book, new=False)
        shown = [_words(item, book) for item in written]
        journal.prescribe(f"plan set {_typed(written, book)}", book.now, written)
    start = written[0].first_day
    hints = _hints((*before, *written), start, safety=is_example(before, book.catalogue))
    said = f"{'; '.join(shown)}, from {text.show_day(start, book.today)}{_past(start, book.today)}"
    answers.changed(said, db, hints=hints)


@plan.command("templates", epilog="Example: kneetrack plan templates")
def plan_templates(ctx: typer.Context, as_json: options.AsJson = False, db: options.Db = None) -> None:
    """Show example programs, with their phases and sources."""
    with diary.reading(db or ctx.obj) as book:
        progress = book.progress(book.today, book.today)
    now = templates.position(progress.ledger.prescriptions, book.today)
    if as_json:
        console.put_json(data.templates(templates.shipped(), now))
        return
    from kneetrack.render.templates import templates as screen

    console.show(screen(templates.shipped(), now, book.catalogue, book.today))


@plan.command("use", epilog="Example: kneetrack plan use starter --from mon")
def plan_use(
    ctx: typer.Context,
    template: Annotated[
        str, typer.Argument(metavar="TEMPLATE", help="An example program.", autocompletion=complete.templates)
    ],
    first: From = None,
    db: options.Db = None,
) -> None:
    """Put the first phase of an example program in force, in the place of what is; undo takes it back."""
    db = db or ctx.obj
    chosen = templates.find(text.storable(template))
    with diary.reading(db, unwritten=True) as book:
        start = text.read_day(first, book.today, ahead=True) if first else book.today
    answers.begin(db, example=False)
    _begin_phase(templates.Position(chosen, 0, start), f"plan use {chosen.id}", db)


@plan.command("next", epilog="Example: kneetrack plan next")
def plan_next(ctx: typer.Context, db: options.Db = None) -> None:
    """Go on to the next phase of the example program in force; what stays in it keeps its sets and reps."""
    db = db or ctx.obj
    with diary.reading(db) as book:
        progress = book.progress(book.today, book.today)
        place = templates.following(progress.ledger.prescriptions, book.today)
    _begin_phase(place, f"plan next {place.template.id} {place.at + 1}", db)


def _begin_phase(place: templates.Position, said: str, db: Path | None) -> None:
    """Write what a phase prescribes, and say so."""
    from kneetrack.render import words

    with diary.journal(db) as (journal, book):
        before = book.progress(book.today).ledger.prescriptions
        held = in_force(before, place.since)
        written = templates.prescribed(place, book.catalogue, held)
        journal.prescribe(said, book.now, written)
    start = f"from {text.show_day(place.since, book.today)}{_past(place.since, book.today)}"
    answers.changed(
        f"{words.phase(place)}, {start}",
        db,
        more=words.turned(written, held, book.catalogue),
        hints=_hints((*before, *written), place.since, safety=not place.at),
    )


def _hints(prescriptions: Sequence[Prescription], start: date, *, safety: bool) -> list[str]:
    """Return what to know of a program: that its days are full, and where the warning signs stand."""
    most = busiest(prescriptions, start, start + timedelta(FULL_WITHIN))
    full = f"That makes {most} exercises on a day; 2 to 4 are easier to keep up (Bachmann2018). It is your choice."
    return [*([full] if most > FEW else []), *([SAFETY_FIRST] if safety else [])]


@plan.command("drop", epilog="Example: kneetrack plan drop clamshell")
def plan_drop(ctx: typer.Context, what: Names, first: From = None, db: options.Db = None) -> None:
    """Take exercises out of the program from a day on; what was done stays."""
    db = db or ctx.obj
    with diary.reading(db, unwritten=True) as book:
        start = text.read_day(first, book.today, ahead=True) if first else book.today
        held = in_force(book.progress().ledger.prescriptions, start)
        found = [book.catalogue.find(text.storable(word), held) for word in what]
        chosen = {exercise.id: exercise for exercise in found}
        for exercise in chosen.values():
            if exercise.id not in held:
                raise NothingToDoError(f"{text.clean(exercise.name)} is not in the program on {start}.")
    answers.begin(db)
    with diary.journal(db) as (journal, book):
        said = " ".join(exercise.typed for exercise in chosen.values())
        journal.prescribe(f"plan drop {said}", book.now, [Prescription(item, start, None, None) for item in chosen])
    names = ", ".join(text.clean(exercise.name) for exercise in chosen.values())
    answers.changed(f"Dropped: {names}, from {text.show_day(start, book.today)}{_past(start, book.today)}", db)


def _schedule(*, daily: bool, every: int | None, on: str | None, per_week: int | None) -> Schedule | None:
    """Return the schedule that the options name, None where they name none."""
    if sum((daily, every is not None, on is not None, per_week is not None)) > 1:
        raise WrongUseError("Choose one of --daily, --every, --on and --per-week.")
    if every is not None and not 1 <= every <= MAX_EVERY:
        raise WrongUseError(f"--every takes 1 to {MAX_EVERY} days, not {every}.")
    if per_week is not None and not 1 <= per_week <= len(text.WEEKDAYS):
        raise WrongUseError(f"--per-week takes 1 to {len(text.WEEKDAYS)} times, not {per_week}.")
    if every is not None:
        return Schedule("every", every=every)
    if on is not None:
        return Schedule("weekdays", weekdays=text.read_weekdays(on))
    if per_week is not None:
        return Schedule("per_week", per_week=per_week)
    return DAILY if daily else None


def _prescriptions(
    words: Sequence[str], schedule: Schedule | None, first: str | None, book: Diary, *, new: bool
) -> list[Prescription]:
    """Return what `plan set` prescribes: for each exercise the dose and the schedule named, else those in force."""
    start = text.read_day(first, book.today, ahead=True) if first else book.today
    held = {} if new else in_force(book.progress().ledger.prescriptions, start)
    found: dict[str, Prescription] = {}
    for exercise, word in entry.pairs(words, book.catalogue, held, "kneetrack plan set bridge 3x12"):
        if exercise.id in found:
            raise WrongUseError(f"{text.clean(exercise.name)} stands there twice.")
        before = held.get(exercise.id)
        usual = before.dose if before else exercise.dose
        dose = usual if word is None else _one_dose(word, exercise)
        if dose is None:
            example = "3x30s" if exercise.mode == "hold" else "3x10"
            raise DoseError(f"Say how much: kneetrack plan set {exercise.typed} {example}.")
        its_schedule = schedule or (before.schedule if before else DAILY)
        found[exercise.id] = Prescription(exercise.id, start, dose, its_schedule)
    return list(found.values())


def _one_dose(word: str, exercise: Exercise) -> doses.Dose:
    """Return the dose of a prescription, whose sets are all alike."""
    found = doses.parse(word, exercise.mode, text.clean(exercise.name))
    if len(found) > 1:
        raise DoseError(f"A program has equal sets: write {exercise.typed} 3x12 instead of {text.clean(word)}.")
    return found[0]


def _words(item: Prescription, book: Diary) -> str:
    """Return a prescription in words."""
    from kneetrack.render import words

    return words.prescription(book.catalogue.get(item.exercise), item)


def _typed(items: Sequence[Prescription], book: Diary) -> str:
    """Return exercises and doses as they are typed."""
    known = [(book.catalogue.get(item.exercise), item.dose) for item in items]
    return " ".join(f"{exercise.typed} {doses.word(dose, exercise.mode)}" for exercise, dose in known if dose)


def _past(start: date, today: date) -> str:
    """Return how many past days change their meaning."""
    ago = (today - start).days
    return (
        f" ({text.count(ago, 'past day')} {'changes its' if ago == 1 else 'change their'} meaning)" if ago > 0 else ""
    )


def skip(
    exercise: One = None,
    day: options.Day = None,
    reason: Reason = None,
    db: options.Db = None,
) -> None:
    """Excuse one day: it neither counts nor breaks a run."""
    with diary.reading(db, unwritten=True) as book:
        on = text.read_day(day, book.today) if day else book.today
        item = _new_pause(exercise, on, on, reason, book)
    answers.begin(db)
    with diary.journal(db) as (journal, book):
        (written,) = journal.pause(f"skip {_name(item, book, typed=True)} {on}", book.now, [item])
        (short,) = journal.shorten([written.uid]).values()
    answers.changed(f"Excused: {_name(item, book)}, {text.show_day(on, book.today)}   {short}", db)


def pause(
    exercise: One = None,
    first: From = None,
    until: Until = None,
    reason: Reason = None,
    listed: Annotated[bool, typer.Option("--list", help="List all pauses.")] = False,
    db: options.Db = None,
) -> None:
    """Excuse days, one exercise or all, until a day or until you resume."""
    if listed:
        _list(db)
        return
    from kneetrack.render import words

    with diary.reading(db, unwritten=True) as book:
        start = text.read_day(first, book.today, ahead=True) if first else book.today
        end = text.read_day(until, book.today, ahead=True) if until else None
        if end and end < start:
            raise DayError(f"--until {end} is before --from {start}; both ends count.")
        item = _new_pause(exercise, start, end, reason, book)
    answers.begin(db)
    with diary.journal(db) as (journal, book):
        (written,) = journal.pause(f"pause {_name(item, book, typed=True)}", book.now, [item])
        (short,) = journal.shorten([written.uid]).values()
    until_then = "" if end else ", until you say kneetrack resume"
    answers.changed(f"Paused: {words.pause(item, _name(item, book), book.today)}{until_then}   {short}", db)


def resume(exercise: One = None, db: options.Db = None) -> None:
    """End the pause of an exercise, or without a name those of all."""
    with diary.journal(db) as (journal, book):
        known = book.catalogue.find(text.storable(exercise), book.program()) if exercise else None
        wanted = known.id if known else None
        running = [item for item in book.progress().pauses_today() if item.exercise == wanted]
        if not running:
            raise NothingToDoError(f"{_known_name(known)} is not paused today.")
        yesterday = book.today - timedelta(1)
        cut = [item._replace(last=yesterday) for item in running if item.first < book.today]
        gone = [item for item in running if item.first >= book.today]
        journal.resume(f"resume {known.typed if known else 'all'}", book.now, cut, gone)
    answers.changed(f"Resumed: {_known_name(known)}, from {text.show_day(book.today, book.today)}", db)


def _new_pause(word: str | None, first: date, last: date | None, reason: str | None, book: Diary) -> Pause:
    """Return a pause that is not yet written."""
    if reason and len(text.storable(reason)) > MAX_NOTE:
        raise WrongUseError(f"A reason has at most {MAX_NOTE} characters, and this one {len(reason)}.")
    known = book.catalogue.find(text.storable(word), book.program()) if word else None
    return Pause("", known.id if known else None, first, last, text.storable(reason) if reason else None)


def _name(item: Pause, book: Diary, *, typed: bool = False) -> str:
    """Return the name of what a pause is about."""
    if item.exercise is None:
        return "all" if typed else "everything"
    known = book.catalogue.get(item.exercise)
    return known.typed if typed else text.clean(known.name)


def _known_name(known: Exercise | None) -> str:
    """Return the name of an exercise, or of all."""
    return text.clean(known.name) if known else "Everything"


def _list(db: Path | None) -> None:
    """Print all pauses, newest first."""
    from kneetrack.render import words

    with diary.reading(db) as book:
        pauses = book.progress().ledger.pauses
        shorts = book.door.shorten(item.uid for item in pauses)
    for item in sorted(pauses, key=lambda item: item.first, reverse=True):
        console.say([[Span(f"{shorts[item.uid]}  ", "quiet"), Span(words.pause(item, _name(item, book), book.today))]])
    if not pauses:
        console.say([[Span("Nothing is paused. For example: kneetrack pause --until sun --reason travel")]])
