"""The program: plan and what goes with it, skip, pause, resume."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import TypeAlias

from kneetrack.app import session_input as entry
from kneetrack.cli import answers, console, diary
from kneetrack.cli.diary import Diary
from kneetrack.domain import dose as doses
from kneetrack.domain import templates, text
from kneetrack.domain.catalogue import Exercise
from kneetrack.domain.errors import DayError, DoseError, NothingToDoError, WrongUseError
from kneetrack.domain.plan import (
    DAILY,
    MAX_EVERY,
    Pause,
    Prescription,
    Schedule,
    busiest,
    in_force,
    is_example,
    periods,
    planned,
)
from kneetrack.domain.progress import Progress, changed
from kneetrack.domain.records import MAX_NOTE
from kneetrack.views import data
from kneetrack.views.answer import SAFETY_FIRST
from kneetrack.views.phrases import Line, Span

FEW = 4
"""So many exercises on a day are easy to keep up. Source: Bachmann2018."""

FULL_WITHIN = 27

EXAMPLE = "kneetrack plan set bridge 3x12"

Read: TypeAlias = Callable[[Diary, Sequence[Prescription]], list[Prescription]]
"""What a line prescribes, by the prescriptions so far."""


def show_plan(
    as_json: bool = False,
    db: str | None = None,
) -> None:
    """Show the program in force; set or drop exercises."""
    with diary.reading(db) as book:
        progress = book.this_week()
    if as_json:
        console.put_json(data.plan(progress.plan, progress))
        return
    from kneetrack.views.plan import plan as screen

    console.show(screen(progress))


def plan_history(
    as_json: bool = False,
    db: str | None = None,
) -> None:
    """Show what was in force when, newest first, and what is planned."""
    with diary.reading(db) as book:
        progress = book.this_week()
    found = periods(progress.activity.prescriptions)[::-1]
    if as_json:
        console.put_json(data.plan_history(found, progress))
        return
    from kneetrack.views.plan import history as screen

    console.show(screen(found, progress))


def plan_set(
    what: list[str],
    daily: bool = False,
    every: int | None = None,
    on: str | None = None,
    per_week: int | None = None,
    first: str | None = None,
    db: str | None = None,
) -> None:
    """Set sets, repetitions and schedule of exercises; what is not named stays as it is."""
    _refuse_spaces(on or "", what)
    schedule = _schedule(daily=daily, every=every, on=on, per_week=per_week)

    def read(book: Diary, so_far: Sequence[Prescription]) -> list[Prescription]:
        return _prescriptions(what, schedule, first, book, so_far)

    _prescribe("plan set", read, db, example=False)


def _refuse_spaces(on: str, what: Iterable[str]) -> None:
    """Raise DayError for weekdays with spaces between, of which the shell makes several words: mon, wed."""
    others = [word for word in what if _is_weekday(word.strip(","))]
    days = ",".join(day for word in (on, *others) for day in word.split(",") if day)
    if days and (on.endswith(",") or (on and any(word.startswith(",") for word in what))):
        raise DayError(f"Weekdays have no spaces between: write --on {text.clean(days)}.")


def _is_weekday(word: str) -> bool:
    """Return whether a word names weekdays."""
    try:
        return bool(text.read_weekdays(word))
    except DayError:
        return False


def plan_templates(
    as_json: bool = False,
    db: str | None = None,
) -> None:
    """Show example programs, with their phases and sources."""
    with diary.reading(db) as book:
        progress = book.progress(book.today, book.today)
    now = templates.position(progress.activity.prescriptions, book.today)
    if as_json:
        console.put_json(data.templates(templates.shipped(), now))
        return
    from kneetrack.views.templates import templates as screen

    console.show(screen(templates.shipped(), now, book.catalogue, book.today))


def plan_use(
    template: str,
    first: str | None = None,
    db: str | None = None,
) -> None:
    """Put the first phase of an example program in force, in the place of what is; undo takes it back."""
    chosen = templates.find(text.storable(template))
    with diary.reading(db, unwritten=True) as book:
        start = _first_day(first, book)
    hello = answers.begin(db, example=False)
    _begin_phase(templates.Position(chosen, 0, start), f"plan use {chosen.id}", db, hello)


def plan_next(
    db: str | None = None,
) -> None:
    """Go on to the next phase of the example program in force; what stays in it keeps its sets and reps."""
    with diary.reading(db) as book:
        progress = book.progress(book.today, book.today)
        place = templates.following(progress.activity.prescriptions, book.today)
    _begin_phase(place, f"plan next {place.template.id} {place.at + 1}", db)


def _begin_phase(place: templates.Position, said: str, db: str | None, hello: Iterable[Line] = ()) -> None:
    """Write what a phase prescribes, and say so."""
    from kneetrack.views import phrases

    with diary.journal(db) as (journal, book):
        before = book.progress(book.today).activity.prescriptions
        held = in_force(before, place.since)
        written = templates.prescribed(place, book.catalogue, held)
        journal.prescribe(said, book.now, written)
    answers.changed(
        f"{phrases.phase(place)}, from {text.show_day(place.since, book.today)}",
        db,
        hello=hello,
        more=[*phrases.turned(written, held, book.catalogue), *_past(written, db)],
        hints=_hints((*before, *written), place.since, safety=not place.at),
    )


def _hints(prescriptions: Sequence[Prescription], start: date, *, safety: bool) -> list[str]:
    """Return what to know of a program: that its days are full, and where the warning signs stand."""
    most = busiest(prescriptions, start, start + timedelta(FULL_WITHIN))
    full = f"That makes {most} exercises on a day; 2 to 4 are easier to keep up (Bachmann2018). It is your choice."
    return [*([full] if most > FEW else []), *([SAFETY_FIRST] if safety else [])]


def plan_drop(
    what: list[str],
    first: str | None = None,
    db: str | None = None,
) -> None:
    """Take exercises out of the program from a day on; what was done stays."""

    def read(book: Diary, so_far: Sequence[Prescription]) -> list[Prescription]:
        return _drops(what, first, book, so_far)

    _prescribe("plan drop", read, db, example=True)


def _prescribe(verb: str, read: Read, db: str | None, *, example: bool) -> None:
    """Write what a line prescribes, and say what it changes; a line that is wrong leaves no journal behind.

    With `example` a new journal begins with the example program.
    """
    items: list[Prescription] = []
    hello: list[Line] = []
    if diary.missing(db):
        with diary.reading(db, unwritten=True) as book:
            items = read(book, _so_far(book))
        hello = answers.begin(db, example=example)
    with diary.journal(db) as (journal, book):
        before = _so_far(book)
        items = items or read(book, before)
        held = in_force(before, items[0].first_day)
        written = [item for item in items if not _stands(item, held)]
        if written:
            journal.prescribe(_command(verb, written, book), book.now, written)
    said = [_change(item, held, before, book) for item in items]
    dosed = [item for item in written if item.dose]
    safety = bool(dosed) and is_example(before, book.catalogue)
    answers.changed(
        said[0],
        db,
        hello=hello,
        undo=bool(written),
        more=[*said[1:], *_past(written, db)],
        hints=_hints((*before, *written), written[0].first_day, safety=safety) if dosed else (),
    )


def _stands(item: Prescription, held: dict[str, Prescription]) -> bool:
    """Return whether what a prescription asks for is in force already."""
    before = held.get(item.exercise)
    return before is not None and (before.dose, before.schedule) == (item.dose, item.schedule)


def _change(item: Prescription, held: dict[str, Prescription], before: Sequence[Prescription], book: Diary) -> str:
    """Return in words what a prescription changes, and until when where another stands later."""
    from kneetrack.views import phrases

    coming = (other for other in planned(before, item.first_day) if other.exercise == item.exercise)
    exercise = book.catalogue.get(item.exercise)
    return phrases.change(exercise, item, held.get(item.exercise), next(coming, None), book.today)


def _past(written: Sequence[Prescription], db: str | None) -> list[str]:
    """Return the line that says how many past days the newest prescriptions changed; none where none could be."""
    if not written:
        return []
    with diary.reading(db) as book:
        after = book.progress()
    prescriptions = after.activity.prescriptions[: -len(written)]
    before = Progress(after.activity._replace(prescriptions=prescriptions), after.catalogue, after.today)
    days = changed(before, after).bit_count()
    if days:
        return [f"{text.count(days, 'past day changes its', 'past days change their')} meaning: kneetrack calendar"]
    return ["no past day changes its meaning"] if written[0].first_day < after.today else []


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
    words: Sequence[str], schedule: Schedule | None, first: str | None, book: Diary, so_far: Sequence[Prescription]
) -> list[Prescription]:
    """Return what `plan set` prescribes: for each exercise the dose and the schedule named, else those in force."""
    start = _first_day(first, book)
    held, today = in_force(so_far, start), in_force(so_far, book.today)
    found: dict[str, Prescription] = {}
    for exercise, word in entry.pairs(words, book.catalogue, {**held, **today}, EXAMPLE):
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


def _drops(words: Sequence[str], first: str | None, book: Diary, so_far: Sequence[Prescription]) -> list[Prescription]:
    """Return the drops of exercises; raises NothingToDoError for one that is not in the program."""
    start = _first_day(first, book)
    held = in_force(so_far, start)
    chosen = {exercise.id: exercise for exercise in (book.catalogue.find(text.storable(word), held) for word in words)}
    for exercise in chosen.values():
        if exercise.id not in held:
            raise NothingToDoError(
                f"{text.clean(exercise.name)} is not in the program on {text.show_day(start, book.today)}."
            )
    return [Prescription(exercise, start, None, None) for exercise in chosen]


def _first_day(word: str | None, book: Diary) -> date:
    """Return the day that --from names, today without it."""
    return text.read_day(word, book.today, ahead=book.today) if word else book.today


def _so_far(book: Diary) -> tuple[Prescription, ...]:
    """Return the prescriptions that stand, in the order of writing."""
    return book.progress(book.today, book.today).activity.prescriptions


def _one_dose(word: str, exercise: Exercise) -> doses.Dose:
    """Return the dose of a prescription, whose sets are all alike."""
    found = doses.parse(word, exercise.mode, text.clean(exercise.name))
    if len(found) > 1:
        raise DoseError(f"A program has equal sets: write {exercise.typed} 3x12 instead of {text.clean(word)}.")
    return found[0]


def _command(verb: str, items: Sequence[Prescription], book: Diary) -> str:
    """Return what the journal keeps of a command: verb, exercises, doses, and another first day."""
    said = [verb]
    for item in items:
        exercise = book.catalogue.get(item.exercise)
        said += [exercise.typed, *([doses.word(item.dose, exercise.mode)] if item.dose else [])]
    start = items[0].first_day
    return " ".join([*said, *([f"from {start}"] if start != book.today else [])])


def skip(
    exercise: str | None = None,
    day: str | None = None,
    reason: str | None = None,
    db: str | None = None,
) -> None:
    """Excuse one day: it neither counts nor breaks a run."""

    def read(book: Diary) -> Pause:
        on = text.read_day(day, book.today) if day else book.today
        return _new_pause(exercise, on, on, reason, book)

    _excuse("skip", "Excused", read, db)


def pause(
    exercise: str | None = None,
    first: str | None = None,
    until: str | None = None,
    reason: str | None = None,
    listed: bool = False,
    as_json: bool = False,
    db: str | None = None,
) -> None:
    """Excuse days, one exercise or all, until a day or until you resume."""
    if listed:
        _list(db, as_json=as_json)
        return
    if as_json:
        raise WrongUseError("--json goes with --list.")

    def read(book: Diary) -> Pause:
        start = _first_day(first, book)
        end = text.read_day(until, book.today, ahead=max(start, book.today)) if until else None
        if end and end < start:
            shown = text.show_day(end, book.today), text.show_day(start, book.today)
            raise DayError(f"--until {shown[0]} is before --from {shown[1]}; both ends count.")
        return _new_pause(exercise, start, end, reason, book)

    _excuse("pause", "Paused", read, db)


def _excuse(verb: str, said: str, read: Callable[[Diary], Pause], db: str | None) -> None:
    """Write the pause of a line, and say so; a line that is wrong leaves no journal behind."""
    from kneetrack.views import phrases

    with diary.reading(db, unwritten=True) as book:
        item = read(book)
        standing = _excused(item, book)
        if standing:
            console.say([[Span(standing)]])
            return
        idle = "" if _in_program(item, book) else ", which is not in the program then"
    hello = answers.begin(db)
    with diary.journal(db) as (journal, book):
        command = f"{verb} {_name(item, book, typed=True)}"
        (written,) = journal.pause(f"{command} {item.first}" if item.first != book.today else command, book.now, [item])
        (short,) = journal.shorten([written.uid]).values()
    open_end = "" if item.last else ", until you say kneetrack resume"
    first = f"{said}: {phrases.pause(item, _name(item, book), book.today)}{open_end}{idle}   {short}"
    answers.changed(first, db, hello=hello)


def _excused(item: Pause, book: Diary) -> str:
    """Return a sentence for a pause that changes nothing, because another stands: of its day, or to the same end."""
    from kneetrack.views import phrases

    for other in book.this_week().activity.pauses:
        if item.first == item.last:
            covers = other.exercise in {None, item.exercise} and (other.last is None or other.last >= item.first)
        else:
            same_reason = item.reason in {None, other.reason}
            covers = same_reason and (other.exercise, other.last) == (item.exercise, item.last)
        if covers and other.first <= item.first:
            (short,) = book.door.shorten([other.uid]).values()
            stands = phrases.pause(other, _name(other, book), book.today)
            return f"Nothing was written: there is a pause of {stands} already; to take it out: kneetrack rm {short}"
    return ""


def _in_program(item: Pause, book: Diary) -> bool:
    """Return whether what a pause is about is in the program on any of its days."""
    if item.exercise is None:
        return True
    prescriptions = _so_far(book)
    coming = [
        other for other in planned(prescriptions, item.first) if item.last is None or other.first_day <= item.last
    ]
    return item.exercise in in_force(prescriptions, item.first) or any(
        other.exercise == item.exercise and other.dose for other in coming
    )


def resume(
    exercise: str | None = None,
    db: str | None = None,
) -> None:
    """End the pause of an exercise, or without a name those of all."""
    with diary.journal(db) as (journal, book):
        known = book.catalogue.find(text.storable(exercise), book.program()) if exercise else None
        wanted = known.id if known else None
        running = [item for item in book.this_week().pauses_today() if item.exercise == wanted]
        if not running:
            raise NothingToDoError(_not_paused(known, book))
        yesterday = book.today - timedelta(1)
        cut = [item._replace(last=yesterday) for item in running if item.first < book.today]
        gone = [item for item in running if item.first >= book.today]
        journal.resume(f"resume {known.typed if known else 'all'}", book.now, cut, gone)
    answers.changed(f"Resumed: {_known_name(known)}, from {text.show_day(book.today, book.today)}", db)


def _not_paused(known: Exercise | None, book: Diary) -> str:
    """Return the sentence for a resume that ends nothing, and what the person may have meant."""
    progress = book.this_week()
    wanted = known.id if known else None
    later = [item for item in progress.activity.pauses if item.exercise == wanted and item.first > book.today]
    others = [book.catalogue.get(item.exercise).typed for item in progress.pauses_today() if item.exercise]
    if later:
        (short,) = book.door.shorten([later[0].uid]).values()
        first = text.show_day(later[0].first, book.today)
        hint = f"; the pause from {first} on is taken out by kneetrack rm {short}"
    elif known and any(item.exercise is None for item in progress.pauses_today()):
        hint = " by itself, everything is: kneetrack resume"
    elif not known and others:
        hint = f", only single exercises are: kneetrack resume {others[0]}"
    else:
        hint = ""
    return f"{_known_name(known)} is not paused today{hint}."


def _new_pause(word: str | None, first: date, last: date | None, reason: str | None, book: Diary) -> Pause:
    """Return a pause that is not yet written."""
    if reason and len(text.storable(reason)) > MAX_NOTE:
        raise WrongUseError(f"A reason has at most {MAX_NOTE} characters, and this one {len(reason)}.")
    known = book.catalogue.find(text.storable(word), book.program()) if word else None
    return Pause("", known.id if known else None, first, last, entry.stored(reason))


def _name(item: Pause, book: Diary, *, typed: bool = False) -> str:
    """Return the name of what a pause is about."""
    if item.exercise is None:
        return "all" if typed else "everything"
    known = book.catalogue.get(item.exercise)
    return known.typed if typed else text.clean(known.name)


def _known_name(known: Exercise | None) -> str:
    """Return the name of an exercise, or of all."""
    return text.clean(known.name) if known else "Everything"


def _list(db: str | None, *, as_json: bool) -> None:
    """Print all pauses, newest first."""
    from kneetrack.views import phrases

    with diary.reading(db) as book:
        pauses = sorted(book.this_week().activity.pauses, key=lambda item: item.first, reverse=True)
        shorts = book.door.shorten(item.uid for item in pauses)
    if as_json:
        console.put_json(data.pauses(pauses))
        return
    for item in pauses:
        console.say(
            [[Span(f"{shorts[item.uid]}  ", "quiet"), Span(phrases.pause(item, _name(item, book), book.today))]]
        )
    if not pauses:
        console.say([[Span("Nothing is paused. For example: kneetrack pause --until sun --reason travel")]])
