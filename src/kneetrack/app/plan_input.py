"""What a person typed about the plan: words and options in, prescriptions out."""

from collections.abc import Iterable, Sequence
from datetime import date

from kneetrack.app import session_input
from kneetrack.domain import dose as doses
from kneetrack.domain import tempo, text
from kneetrack.domain.catalogue import Exercise
from kneetrack.domain.dose import Dose
from kneetrack.domain.errors import DayError, DoseError, NothingToDoError, WrongUseError
from kneetrack.domain.plan import DAILY, MAX_EVERY, Prescription, Schedule, Tempo, in_force
from kneetrack.domain.progress import Progress
from kneetrack.domain.value import Value

_EXAMPLE = "kneetrack plan set bridge 3x12"


class Options(Value):
    """The options of `plan set`, as they were typed."""

    daily: bool = False
    every: int | None = None
    on: str | None = None
    per_week: int | None = None
    tempo: str | None = None
    rest: str | None = None
    instead_of: str | None = None
    first: str | None = None


class Terms(Value):
    """What the options say: None is what they do not name, and stays as it is in force.

    Of `tempo` and `rest` the one value in the tuple is None where it is taken away.
    """

    schedule: Schedule | None
    tempo: tuple[Tempo | None] | None
    rest: tuple[int | None] | None
    instead_of: str | None
    first: str | None


def read(words: Sequence[str], options: Options) -> Terms:
    """Return what the options of a line say. Raises WrongUseError and its kinds, before any diary is opened."""
    _refuse_spaces(options.on or "", words)
    return Terms(
        _schedule(options),
        None if options.tempo is None else (tempo.read(options.tempo),),
        None if options.rest is None else (tempo.read_rest(options.rest),),
        options.instead_of,
        options.first,
    )


def prescriptions(words: Sequence[str], terms: Terms, progress: Progress) -> list[Prescription]:
    """Return what `plan set` prescribes, each exercise once, and last the drop of the one whose place they take.

    Each gets what is named, and else keeps what is in force. Raises WrongUseError and its kinds.
    """
    known = {**in_force(progress.activity.prescriptions, first_day(terms.first, progress.today)), **progress.plan}
    items = session_input.pairs(words, progress.catalogue, known, _EXAMPLE)
    starts = {exercise.id: _begins(terms.first, exercise.id, progress) for exercise, _ in items}
    replaced = None
    if terms.instead_of is not None:
        old = progress.catalogue.find(text.storable(terms.instead_of), known)
        # They come on the day on which it goes, so that it is never both of them or neither.
        starts = dict.fromkeys((*starts, old.id), max(_begins(terms.first, old.id, progress), *starts.values()))
        replaced = _held(old, starts[old.id], progress)
    found: dict[str, Prescription] = {}
    for exercise, word in items:
        if exercise.id in found:
            raise WrongUseError(f"{text.clean(exercise.name)} is given twice; name it once.")
        if replaced and exercise.id == replaced.exercise:
            raise WrongUseError(f"{text.clean(exercise.name)} cannot take its own place; name another exercise.")
        held = in_force(progress.activity.prescriptions, starts[exercise.id]).get(exercise.id)
        before = held or Prescription(exercise.id, progress.today, exercise.dose, _usual(starts[exercise.id], progress))
        if replaced and not held:
            before = before._replace(schedule=replaced.schedule)
        found[exercise.id] = _prescription(exercise, word, terms, before)._replace(first_day=starts[exercise.id])
    return [*found.values(), *([_drop(replaced.exercise, starts[replaced.exercise])] if replaced else [])]


def _usual(day: date, progress: Progress) -> Schedule:
    """Return the schedule of a new exercise: the one that all others of a day have, else daily."""
    found = {item.schedule for item in in_force(progress.activity.prescriptions, day).values() if item.schedule}
    return found.pop() if len(found) == 1 else DAILY


def drops(words: Sequence[str], first: str | None, progress: Progress) -> list[Prescription]:
    """Return the drops of exercises, each once. Raises NothingToDoError for one that is not in the plan."""
    known = in_force(progress.activity.prescriptions, first_day(first, progress.today))
    named = {item.id: item for item in (progress.catalogue.find(text.storable(word), known) for word in words)}
    starts = {exercise: _begins(first, exercise, progress) for exercise in named}
    for exercise in named.values():
        _held(exercise, starts[exercise.id], progress)
    return [_drop(exercise, start) for exercise, start in starts.items()]


def first_day(word: str | None, today: date) -> date:
    """Return the day that --from names, today without it. Raises DayError."""
    return text.read_day(word, today, ahead=today) if word else today


def command(verb: str, written: Sequence[Prescription], terms: Terms | None, progress: Progress) -> str:
    """Return what the diary keeps of a command: verb, exercises, doses, and what else was named of them."""
    said, days = [verb], dict.fromkeys(item.first_day for item in written)
    for item in written:
        exercise = progress.catalogue.get(item.exercise)
        if item.dose:
            said += [exercise.typed, doses.word(item.dose, exercise.mode)]
        else:
            said += ["instead of", exercise.typed] if terms else [exercise.typed]
        if len(days) > 1 and item.first_day != progress.today:
            said.append(f"from {item.first_day}")
    if terms and terms.tempo:
        said += ["tempo", terms.tempo[0].typed if terms.tempo[0] else "none"]
    if terms and terms.rest:
        said += ["rest", "none" if terms.rest[0] is None else f"{terms.rest[0]} s"]
    said += [f"from {day}" for day in days if len(days) == 1 and day != progress.today]
    return " ".join(said)


def _refuse_spaces(on: str, words: Iterable[str]) -> None:
    """Raise DayError for weekdays with spaces between, of which the shell makes several words: mon, wed."""
    typed = list(words)
    others = [word for word in typed if _is_weekday(word.strip(","))]
    days = ",".join(day for word in (on, *others) for day in word.split(",") if day)
    if days and (on.endswith(",") or (on and any(word.startswith(",") for word in typed))):
        raise DayError(f"Weekdays have no spaces between: write --on {text.clean(days)}.")


def _is_weekday(word: str) -> bool:
    """Return whether a word names weekdays."""
    try:
        return bool(text.read_weekdays(word))
    except DayError:
        return False


def _schedule(options: Options) -> Schedule | None:
    """Return the schedule that the options name, None where they name none."""
    _, every, on, per_week, *_ = options
    if sum((options.daily, every is not None, on is not None, per_week is not None)) > 1:
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
    return DAILY if options.daily else None


def _begins(word: str | None, exercise: str, progress: Progress) -> date:
    """Return the day that --from names; without it today, or tomorrow for an exercise that was done today."""
    return first_day(word, progress.today) if word else progress.change_begins(exercise)


def _held(exercise: Exercise, day: date, progress: Progress) -> Prescription:
    """Return what is in force of an exercise on a day. Raises NothingToDoError where it is not in the plan."""
    held = in_force(progress.activity.prescriptions, day).get(exercise.id)
    if held is None:
        shown = text.show_day(day, progress.today)
        raise NothingToDoError(f"{text.clean(exercise.name)} is not in your plan on {shown}.")
    return held


def _drop(exercise: str, start: date) -> Prescription:
    return Prescription(exercise, start, None, None)


def _prescription(exercise: Exercise, word: str | None, terms: Terms, before: Prescription) -> Prescription:
    """Return a prescription with the dose of a word and the terms named, and the rest as `before` has it."""
    after = before._replace(dose=_dose(exercise, word, terms, before), schedule=terms.schedule or before.schedule)
    if terms.tempo:
        up_s, _, down_s = terms.tempo[0] or (None, None, None)
        after = after._replace(up_s=up_s, down_s=down_s)
    return after._replace(rest_s=terms.rest[0]) if terms.rest else after


def _dose(exercise: Exercise, word: str | None, terms: Terms, before: Prescription) -> Dose:
    """Return the dose of a word, else the one before; the hold is the middle of the tempo that was named or stays."""
    dose = before.dose if word is None else one_dose(word, exercise)
    if dose is None:
        example = doses.example(exercise.mode)
        raise DoseError(f"Say how much: kneetrack plan set {exercise.typed} {example}.")
    if terms.tempo is None:
        kept = before.tempo
        return dose._replace(hold_s=dose.hold_s or kept.hold_s) if kept else dose
    name, paced = text.clean(exercise.name), terms.tempo[0]
    if exercise.mode == "hold":
        raise DoseError(f"{name} is held for seconds and has no tempo; leave --tempo out.")
    if paced is None:
        return dose
    if word is not None and dose.hold_s not in {None, paced.hold_s}:
        raise DoseError(
            f"{text.clean(word)} holds {name} for {dose.hold_s} s and --tempo {paced.typed} for"
            f" {paced.hold_s or 0} s; give the hold only once."
        )
    return doses.check(dose._replace(hold_s=paced.hold_s))


def one_dose(word: str, exercise: Exercise) -> Dose:
    """Return the dose of a prescription, whose sets are all alike."""
    found = doses.parse(word, exercise.mode, text.clean(exercise.name))
    if len(found) > 1:
        raise DoseError(f"A plan has equal sets: write {exercise.typed} 3x12 instead of {text.echo(word)}.")
    return found[0]
