"""What a person typed for `log`: words and options in, sessions out."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any, TypeAlias

from kneetrack.domain import dose as doses
from kneetrack.domain import text
from kneetrack.domain.catalogue import Catalogue, Exercise
from kneetrack.domain.dose import Dose
from kneetrack.domain.errors import DayError, DoseError, NothingToDoError, WrongUseError
from kneetrack.domain.progress import Progress
from kneetrack.domain.records import MAX_NOTE, MAX_RATING, Session, Side
from kneetrack.domain.value import Value

ALL, AGAIN = "all", "again"
SIDES: dict[str, Side] = {"left": "left", "right": "right", "both": "both", "l": "left", "r": "right"}
UNUSUAL = 10
"""So many times the dose of a day is more than somebody means to log, as 3x150 for 3x15."""


class Options(Value):
    """The options of `log`, as they were typed."""

    sets: int | None = None
    reps: int | None = None
    hold: int | None = None
    side: str | None = None
    load: str | None = None
    pain: int | None = None
    effort: int | None = None
    note: str | None = None
    day: str | None = None
    at: str | None = None

    @property
    def doses(self) -> bool:
        """Return whether any of the options is about the dose."""
        return any(value is not None for value in (self.sets, self.reps, self.hold))

    @property
    def details(self) -> dict[str, Any]:
        """Return what was given beside the dose: pain, effort, load and note, as a session has them."""
        given = {
            "pain": self.pain, "effort": self.effort, "load": stored(self.load), "note": stored(self.note)
        }  # fmt: skip
        return {name: value for name, value in given.items() if value is not None}

    def typed(self, *, dated: bool = True) -> str:
        """Return the details, and unless told otherwise side and day, as options that any shell takes."""
        import shlex  # noqa: PLC0415 - few logs say what to type instead

        beside = {"side": self.side, "day": self.day, "at": self.at} if dated else {}
        said = {**beside, **self.details}
        return "".join(f" --{name} {shlex.quote(str(value))}" for name, value in said.items() if value is not None)


class When(Value):
    """The day that sessions count for, and the instant where it is known."""

    day: date
    at: datetime | None


def when(options: Options, now: datetime, day_start: time) -> When:
    """Return the day and the instant that the options name; raises DayError for one to come."""
    today = text.diary_day(now, day_start)
    day = text.read_day(options.day, today) if options.day else today
    if day > today:
        raise DayError(f"{text.show_day(day, today)} is still to come; log it on that day or later.")
    if options.at:
        clock = text.read_clock(options.at)
        # Where days begin at 04:00, 01:00 on a diary day is on the calendar's next one.
        local = datetime.combine(day + timedelta(clock < day_start), clock)
        at = local.astimezone()
        if _is_skipped(local):
            raise DayError(_skipped(local, today))
        if at > now:
            raise DayError(f"{clock:%H:%M} on {text.show_day(day, today)} is still to come.")
        return When(day, at)
    return When(day, now.replace(microsecond=0) if day == today else None)


def _is_skipped(local: datetime) -> bool:
    """Return whether the clock never shows a local time, because it is put forward past it."""
    return local.astimezone().replace(tzinfo=None) != local


def _skipped(local: datetime, today: date) -> str:
    """Return a sentence for a clock time that was skipped: from when to when the clock was put forward."""
    minute = timedelta(minutes=1)
    first, end = local, local
    while _is_skipped(first - minute):
        first -= minute
    while _is_skipped(end):
        end += minute
    day = text.show_day(local.date(), today)
    return f"There is no {local:%H:%M} on {day}: the clock went from {first:%H:%M} to {end:%H:%M} that day."


LastTime: TypeAlias = Callable[[str | None], Sequence[Session]]
"""Returns the sessions of the last time that an exercise was done, or of the last line of all."""


def read(
    words: Sequence[str], options: Options, progress: Progress, blank: Session, last_time: LastTime
) -> list[Session]:
    """Return the sessions that a `log` line stands for, not yet written; none when nothing is left to do.

    `progress` is as of the day that they count for; `blank` is what they have in common. Raises WrongUseError and its
    kinds.
    """
    blank = blank._replace(**options.details)
    if [word.lower() for word in words] == [AGAIN]:
        return _again(None, options, progress, blank, last_time)
    items = _items(words, options, progress)
    if len(items) > 1 and options.doses:
        raise DoseError("With several exercises each has its own dose: kneetrack log bridge 3x15 clamshell 3x12")
    side = side_of(options, [exercise for exercise, _ in items])
    sessions = []
    for exercise, word in items:
        if word == AGAIN:
            sessions += _again(exercise, options, progress, blank, last_time)
            continue
        for its_side, its_dose in _done(exercise, word, options, side, progress):
            sessions.append(blank._replace(exercise=exercise.id, side=its_side, dose=its_dose))
    return sessions


def blank(moment: When, now: datetime) -> Session:
    """Return what the sessions of one line have in common: when they were done, and nothing else."""
    return Session("", now, "", moment.day, moment.at, None, Dose(None, None, None), None, None, None, None)


_AGAIN_AND_DOSE = "“again” takes the dose of last time; leave it out to give another one."


def _again(
    exercise: Exercise | None, options: Options, progress: Progress, blank: Session, last_time: LastTime
) -> list[Session]:
    """Return what was done last time once more, with its dose, side and load; a side or load that is given wins."""
    if options.doses:
        raise DoseError(_AGAIN_AND_DOSE)
    before = last_time(exercise.id if exercise else None)
    if not before:
        never = f"{text.clean(exercise.name)} has not been logged yet." if exercise else "Nothing has been logged yet."
        typed, mode = (exercise.typed, exercise.mode) if exercise else ("bridge", "reps")
        example = f"{typed} {doses.example(mode)}"
        raise NothingToDoError(f"{never} Say how much: kneetrack log {example}")
    side = side_of(options, [progress.catalogue.get(each.exercise) for each in before])
    sides = {each.side for each in before}
    chosen = [each for each in before if len(sides) == 1 or side in {None, "both", each.side}]
    return [
        blank._replace(
            exercise=each.exercise,
            side=side if side and len(sides) == 1 else each.side,
            dose=each.dose,
            load=blank.load or each.load,
        )
        for each in chosen
    ]


def unusual(sessions: Iterable[Session], progress: Progress) -> list[Session]:
    """Return those of some sessions that are more than ten times the dose of their day, by their exercises.

    Of an exercise that is not in the plan, the dose is the one of the catalogue; without one, nothing is unusual.
    """
    its: dict[str, list[Session]] = {}
    for session in sessions:
        its.setdefault(session.exercise, []).append(session)
    return [each for exercise, done in its.items() if _is_unusual(progress, exercise, done) for each in done]


def _is_unusual(progress: Progress, exercise: str, done: Iterable[Session]) -> bool:
    known = progress.catalogue.get(exercise)
    usual = progress.prescribed(exercise, progress.today) or known.dose
    most = UNUSUAL * usual.volume(known.mode) if usual else 0
    return bool(most) and sum(each.dose.volume(known.mode, usual) for each in done) > most


def stored(words: str | None) -> str | None:
    """Return a text as the diary keeps it; an empty one is none."""
    return text.storable(words) if words and words.strip() else None


def check(options: Options) -> None:
    """Raise WrongUseError for a number or a text that is out of its limits."""
    doses.check(Dose(options.sets, options.reps, options.hold))
    for name, value in (("Pain", options.pain), ("Effort", options.effort)):
        if value is not None and not 0 <= value <= MAX_RATING:
            raise WrongUseError(f"{name} goes from 0 to {MAX_RATING}.")
    for name, words in (("note", options.note), ("load", options.load)):
        if words and len(text.storable(words)) > MAX_NOTE:
            raise WrongUseError(f"A {name} has at most {MAX_NOTE} characters, and this one {len(words)}.")


def exercises(words: Sequence[str], progress: Progress) -> list[Exercise]:
    """Return the exercises that the words of a line name, each once; none for `all` and `again`."""
    if [word.lower() for word in words] in ([ALL], [AGAIN]):
        return []
    items = pairs(words, progress.catalogue, progress.plan, "", again=True)
    return list({exercise.id: exercise for exercise, _ in items}.values())


def _items(words: Sequence[str], options: Options, progress: Progress) -> list[tuple[Exercise, str | None]]:
    """Return the exercises named, each with the word of its dose."""
    if not words:
        raise WrongUseError("Say what you did: kneetrack log bridge 3x15, or kneetrack log all")
    if ALL in (word.lower() for word in words):
        if len(words) > 1:
            raise WrongUseError("“all” goes alone: it logs everything that is left today.")
        return [(progress.catalogue.get(exercise), None) for exercise in _all(options, progress)]
    if words[0].lower() == AGAIN:
        raise WrongUseError(f"“again” comes after the name: kneetrack log {text.echo(words[1])} again")
    _refuse_side(words, progress)
    _refuse_remark(words, progress)
    items = pairs(words, progress.catalogue, progress.plan, "kneetrack log bridge 3x15", again=True)
    for exercise, word in items:
        if word is None and sum(exercise == other for other, _ in items) > 1:
            raise DoseError(f"{text.clean(exercise.name)} is given twice; give each its own dose.")
    return items


def _all(options: Options, progress: Progress) -> list[str]:
    """Return the exercises that `all` logs: what is left of the day.

    A week that began too late to ask for any session may be begun all the same. Raises NothingToDoError for a day
    that no plan covers.
    """
    if not progress.plan:
        on = text.show_day(progress.today, progress.today)
        day = f" -d {progress.today}" if options.day else ""
        raise NothingToDoError(f"No plan covers {on}. Name what you did: kneetrack log bridge 3x15{day}")
    left = progress.left_today
    quotas = {exercise: progress.standing(exercise).quota for exercise in progress.plan}
    paused = {pause.exercise for pause in progress.pauses_today()}
    return [
        exercise
        for exercise, quota in quotas.items()
        if exercise in left or (quota and not (quota.need or quota.done) and not paused & {None, exercise})
    ]


def _refuse_side(words: Sequence[str], progress: Progress) -> None:
    """Raise WrongUseError for a side that stands among the names, with the option that it is."""
    at = next((at for at, word in enumerate(words) if word.lower() in {"left", "right", "both"}), None)
    if at and not progress.catalogue.exact(words[at]):
        others = [word for word in (*words[:at], *words[at + 1 :]) if word.lower() not in {"side", "sides"}]
        said = " ".join(map(text.echo, others))
        raise WrongUseError(f"A side is an option: kneetrack log {said} --side {words[at].lower()}")


def _refuse_remark(words: Sequence[str], progress: Progress) -> None:
    """Raise WrongUseError for pain, effort, load or note among the names, with the option that it is."""
    at = next((at for at, word in enumerate(words) if word.lower() in _REMARKS), None)
    if at and not progress.catalogue.exact(words[at]):
        before, after = (" ".join(map(text.echo, some)) for some in (words[:at], words[at + 1 :]))
        name = words[at].lower()
        value = after or ("3" if name in {"pain", "effort"} else "…")
        from shlex import quote  # noqa: PLC0415 - a line that is refused may wait for it

        quoted = quote(value) if after else value
        raise WrongUseError(f"“{name}” is an option: kneetrack log {before} --{name} {quoted}")


_REMARKS = {"pain", "effort", "load", "note"}


def _no_exercise_before(word: str, words: Sequence[str], example: str) -> str:
    """Return the sentence for a dose that comes first, with the two words the other way round where there are two."""
    pair = [text.echo(each) for each in words]
    if len(pair) > 1 and pair[0] == text.echo(word) and not _is_dose(pair[1]):
        return f"Put the exercise first: {' '.join(example.split()[:-2])} {pair[1]} {pair[0]}"
    return f"“{text.echo(word)}” has no exercise before it; write {example}"


def pairs(
    words: Sequence[str], catalogue: Catalogue, plan: Iterable[str], example: str, *, again: bool = False
) -> list[tuple[Exercise, str | None]]:
    """Return the exercises that words name, each with the word of its dose; `example` shows how it is typed.

    With `again` that word may stand for a dose. Raises WrongUseError and its kinds.
    """
    try:
        return _pairs(words, catalogue, plan, example, again=again)
    except WrongUseError:
        line = " ".join(words)
        apart = [found for found in re.findall(_SPACED_DOSE, line, re.IGNORECASE) if " " in found]
        sets = re.search(_SPACED_SETS, line, re.IGNORECASE)
        if not (apart or sets):
            raise
    if apart or not sets:
        raise DoseError(f"A dose has no spaces: write {apart[0].replace(' ', '')} instead of “{text.echo(apart[0])}”.")
    raise DoseError(f"Sets are joined by commas: write {sets[0].replace(' ', ',')} instead of “{text.echo(sets[0])}”.")


_SPACED_DOSE = r"(?<!\S)[0-9]+(?: ?[x×,] ?[0-9]+)*(?: ?s)?(?!\S)"
"""Matches a dose with or without spaces: 3 x 15; 15, 12, 10; 30 s."""

_SPACED_SETS = r"(?<!\S)[0-9]+s?(?: [0-9]+s?)+(?!\S)"
"""Matches sets with spaces between: 10 12 8; 30s 20s."""


_EACH_SIDE = ["each", "side"]


def _pairs(
    words: Sequence[str], catalogue: Catalogue, plan: Iterable[str], example: str, *, again: bool
) -> list[tuple[Exercise, str | None]]:
    """Return what `pairs` does, of words that no space takes apart; “each side” is what a dose means anyway."""
    items: list[tuple[Exercise, str | None]] = []
    for before, word in pairwise(("", *words)):
        if (word.lower() == "each" and items and items[-1][0].per_side) or [before.lower(), word.lower()] == _EACH_SIDE:
            continue
        if again and word.lower() == AGAIN and items:
            if items[-1][1] is not None:
                raise DoseError(_AGAIN_AND_DOSE)
            items[-1] = (items[-1][0], AGAIN)
        elif not _is_dose(word):
            items.append((catalogue.find(text.storable(word), plan), None))
        elif items and items[-1][1] is None:
            items[-1] = (items[-1][0], word)
        else:
            raise DoseError(_no_exercise_before(word, words, example))
    return items


def _is_dose(word: str) -> bool:
    """Return whether a word is the dose of the name before it."""
    return word[:1].isdigit() or word[:1] in {"-", "+", ",", "×"}


def side_of(options: Options, exercises: Sequence[Exercise]) -> Side | None:
    """Return the side that was named, None for none. Raises WrongUseError for one that an exercise does not have."""
    if options.side is None:
        return None
    side = SIDES.get(options.side.lower())
    if side is None:
        raise WrongUseError(f"“{text.echo(options.side)}” is not a side; write left, right or both.")
    for exercise in exercises:
        if not exercise.per_side:
            raise WrongUseError(f"{text.clean(exercise.name)} is not done per side; leave --side out.")
    return side


def _done(
    exercise: Exercise, word: str | None, options: Options, side: Side | None, progress: Progress
) -> list[tuple[Side | None, Dose]]:
    """Return the sides and the doses of one exercise of the line."""
    named: Side | None = (side or "both") if exercise.per_side else None
    if word is not None:
        return [(named, its_dose) for its_dose in typed_doses(word, options, exercise)]
    usual = progress.prescribed(exercise.id, progress.today) or exercise.dose
    if options.doses:
        return [(named, from_options(exercise, options, usual))]
    left = progress.left(exercise.id, progress.today)
    if usual is None:
        raise DoseError(f"Say how much: kneetrack log {exercise.typed} {doses.example(exercise.mode)}.")
    if left is None:
        return [(named, usual)]
    if not exercise.per_side:
        return [(None, usual._replace(sets=left.sets))] if left else []
    if left.left == left.right and named == "both":
        return [(named, usual._replace(sets=left.left))] if left else []
    each: tuple[tuple[Side, int | None], ...] = (("left", left.left), ("right", left.right))
    return [(its, usual._replace(sets=sets)) for its, sets in each if sets and named in {its, "both"}]


def typed_doses(word: str, options: Options, exercise: Exercise) -> list[Dose]:
    """Return the doses of a word, with the hold of --hold where the word names none. Raises DoseError."""
    found = doses.parse(word, exercise.mode, text.clean(exercise.name))
    if options.sets or options.reps or (options.hold and any(its_dose.hold_s for its_dose in found)):
        raise DoseError("Say the dose once: as 3x15, or with --sets, --reps and --hold.")
    return [its_dose._replace(hold_s=options.hold or its_dose.hold_s) for its_dose in found]


def from_options(exercise: Exercise, options: Options, usual: Dose | None) -> Dose:
    """Return the dose that --sets, --reps and --hold say; --reps or --hold alone is one set."""
    name = text.clean(exercise.name)
    if exercise.mode == "hold" and options.reps is not None:
        raise DoseError(f"{name} is held for seconds, not counted in repetitions: use --hold 30.")
    main = options.hold if exercise.mode == "hold" else options.reps
    if main is None and options.sets is None:
        raise DoseError(f"{name} is counted in repetitions: --hold goes with --reps, or write 3x15x5s.")
    if main is None and usual is None:
        amount = "--hold 30" if exercise.mode == "hold" else "--reps 10"
        raise DoseError(f"Say how much a set is: kneetrack log {exercise.typed} --sets 3 {amount}.")
    if main is None and usual is not None:
        return usual._replace(sets=options.sets, hold_s=options.hold or usual.hold_s)
    return Dose(options.sets or 1, options.reps, options.hold)


def command(verb: str, sessions: Sequence[Session], catalogue: Catalogue, today: date) -> str:
    """Return what the diary keeps of a command: verb, exercises, doses, sides and another day, never a note."""
    said, before = [verb], None
    for session in sessions:
        exercise = catalogue.get(session.exercise)
        if exercise != before:
            said.append(exercise.typed)
        before = exercise
        said.append(doses.word(session.dose, exercise.mode))
        if session.side in {"left", "right"}:
            said.append(session.side)
    if sessions and sessions[0].day != today:
        said.append(str(sessions[0].day))
    return " ".join(said)
