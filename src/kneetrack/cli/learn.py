"""Knowing: exercises, show, why, safety, add."""

import re
from contextlib import suppress

from kneetrack.app import session_input as entry
from kneetrack.cli import answers, console, diary
from kneetrack.cli.diary import Diary
from kneetrack.domain import references, text
from kneetrack.domain.catalogue import Catalogue, Exercise, plain
from kneetrack.domain.errors import (
    AmbiguousExerciseError,
    KneetrackError,
    NothingToDoError,
    UnknownExerciseError,
    WrongUseError,
)
from kneetrack.domain.progress import Progress
from kneetrack.domain.records import Session
from kneetrack.views import data
from kneetrack.views.answer import lines_of
from kneetrack.views.phrases import Span

LONGEST_NAME = 60
LOADS = ("none", "non-weight-bearing", "low", "kneeling", "weight-bearing")


def exercises(
    word: str | None = None,
    muscle: str | None = None,
    equipment: str | None = None,
    level: str | None = None,
    knee_load: str | None = None,
    as_json: bool = False,
    db: str | None = None,
) -> None:
    """List the exercises that can be logged."""
    loads, levels = _loads(knee_load), _levels(level)
    with diary.reading(db) as book:
        found = [
            item
            for item in book.catalogue
            if (word is None or _speaks_of(item, plain(word)))
            and (muscle is None or _trains(item, plain(muscle)))
            and (equipment is None or _uses(item, plain(equipment)))
            and (levels is None or item.facts.get("level") in levels)
            and (loads is None or _load(item) in loads)
        ]
        if as_json:
            progress = book.progress(book.today)
            console.put_json(
                data.exercises(found, {item.id: _last(item, book, progress) for item in found}, references.get)
            )
            return
    if not found:
        raise NothingToDoError("There is no exercise that fits all of that; see: kneetrack exercises.")
    from kneetrack.views.exercises import exercises as screen

    console.show(screen(found, console.width()))


def _speaks_of(item: Exercise, wanted: str) -> bool:
    """Return whether a word stands in what is known of an exercise."""
    facts = item.facts
    named = (item.name, *item.aliases, facts.get("category", ""), *facts.get("equipment", ()))
    return _trains(item, wanted) or any(wanted in plain(words) for words in named)


def _trains(item: Exercise, wanted: str) -> bool:
    """Return whether a muscle that an exercise trains has a word, or its singular, in its name."""
    from kneetrack.views.exercises import muscle

    known = [*item.facts.get("primary", ()), *item.facts.get("secondary", ())]
    return any(wanted.removesuffix("s") in plain(f"{name}, {muscle(name)}") for name in known)


def _uses(item: Exercise, wanted: str) -> bool:
    """Return whether an exercise uses a thing; “none” are those that need nothing."""
    things = [plain(thing) for thing in item.facts.get("equipment", ())]
    if wanted == "none":
        return bool(item.facts) and all("optional" in thing for thing in things)
    return any(wanted in thing for thing in things)


def _load(item: Exercise) -> str:
    """Return the load on the knee without its remark: non-weight-bearing."""
    return str(item.facts.get("knee_load", "")).partition(" (")[0].removesuffix(" load")


def _loads(words: str | None) -> set[str] | None:
    """Return the loads that a list such as `none,kneeling` names; raises WrongUseError."""
    if words is None:
        return None
    wanted = {word.strip().lower().removesuffix(" load") for word in words.split(",")}
    if wanted - set(LOADS):
        raise WrongUseError(f"--knee-load takes {', '.join(LOADS)}, or several of them with commas.")
    return wanted


def _levels(words: str | None) -> range | None:
    """Return the levels that 2 or 1-3 names; raises WrongUseError."""
    if words is None:
        return None
    match = re.fullmatch(r"([0-9])(?:-([0-9]))?", words.strip())
    if not match:
        raise WrongUseError("--level takes a number such as 2, or a range such as 1-3; 1 is the easiest.")
    return range(int(match[1]), int(match[2] or match[1]) + 1)


def _last(item: Exercise, book: Diary, progress: Progress) -> tuple[list[Session], str | None]:
    """Return the sets of the person's last session of an exercise, first set first, and the last note."""
    _, day = progress.first_and_last(item.id)
    newest = lines_of(book.door.sessions(day, day, item.id))[0] if day else []
    return newest[::-1], book.door.last_note(item.id, book.today) if day else None


def show(
    exercise: str,
    as_json: bool = False,
    db: str | None = None,
) -> None:
    """Show how an exercise is done, for whom its dose was published, and your last time."""
    today, mine = diary.now().date(), None
    try:
        with diary.reading(db) as book:
            today, catalogue = book.today, book.catalogue
            known = catalogue.find(exercise, book.program(), parts=True)
            progress = book.progress(book.today)
            mine = (progress.plan.get(known.id), *_last(known, book, progress))
    except (AmbiguousExerciseError, UnknownExerciseError):
        raise
    except KneetrackError as error:
        catalogue = Catalogue()
        known = _shipped(exercise, catalogue, error)
    if as_json:
        console.put_json(data.exercises([known], {known.id: mine[1:]} if mine else {}, references.get))
    else:
        from kneetrack.views.exercises import Mine
        from kneetrack.views.exercises import show as screen

        console.show(screen(known, catalogue, Mine(*mine) if mine else None, today, console.width()))
    if mine is None:
        _say_unread("what is yours of it is left out", as_json=as_json)


def _shipped(word: str, catalogue: Catalogue, error: KneetrackError) -> Exercise:
    """Return an exercise of the catalogue; raises `error`, why the person's own are not known, for any other word."""
    try:
        return catalogue.find(word, parts=True)
    except WrongUseError:
        raise error from None


def _say_unread(so: str, *, as_json: bool = False) -> None:
    """Say that the journal could not be read, and what that means for what is shown."""
    said = f"The journal could not be read, so {so}: kneetrack doctor"
    if as_json:
        console.complain(said)
    else:
        console.say([[Span(said, "quiet")]])


def why(
    as_json: bool = False,
) -> None:
    """Say why these exercises, what trials found and did not find, and how long it takes."""
    from kneetrack.views import why as screen

    if as_json:
        console.put_json(data.why(((title, its) for title, *its in screen.WHY), screen.KEYS, references.get))
        return
    console.show(screen.why())


def safety(
    as_json: bool = False,
    db: str | None = None,
) -> None:
    """Say when to stop, and which signs need a clinician."""
    from kneetrack.views import safety as screen

    limit = None
    with suppress(KneetrackError), diary.reading(db, unwritten=True) as book:
        limit = book.pain_limit
    known = diary.PAIN_LIMIT if limit is None else limit
    if as_json:
        below = {"review": screen.NOT_REVIEWED, "intended_use": screen.INTENDED_USE}
        console.put_json(data.safety(known, screen.signs(known), screen.KEYS, below, references.get))
    else:
        console.show(screen.safety(known))
    if limit is None:
        _say_unread("the pain limit is the usual one", as_json=as_json)


def add(
    name: str,
    per_side: bool = False,
    hold: bool = False,
    db: str | None = None,
) -> None:
    """Add an exercise of your own."""
    shown = " ".join(text.storable(name).split())
    ident = "_".join(plain(shown).split())
    if len(shown) > LONGEST_NAME or not shown.isprintable() or not re.fullmatch(r"[^\W\d_]\w*", ident):
        raise WrongUseError(f"A name begins with a letter and has at most {LONGEST_NAME} letters, digits and hyphens.")
    if ident in {entry.ALL, "last", "none"}:
        raise WrongUseError(f"“{shown}” means something else to kneetrack; choose another name.")
    _refuse_known(ident, db)
    hello = answers.begin(db)
    exercise = Exercise(ident, shown[0].upper() + shown[1:].replace("_", " "), per_side, "hold" if hold else "reps")
    with diary.journal(db) as (journal, book):
        journal.add_exercise(f"add {exercise.typed}", book.now, exercise)
    example = "3x30s" if hold else "3x10"
    sides = ", each side" if per_side else ""
    first = f"Added: {exercise.name}, {'held for seconds' if hold else 'counted in repetitions'}{sides}"
    console.say(
        [
            *hello,
            [Span(first, "name"), Span("   undo: kneetrack undo", "quiet")],
            [Span(f"  to log it: kneetrack log {exercise.typed} {example}")],
            [Span(f"  into the program: kneetrack plan set {exercise.typed} {example}")],
        ]
    )


def _refuse_known(ident: str, db: str | None) -> None:
    """Raise WrongUseError when an exercise has this name already."""
    with diary.reading(db, unwritten=True) as book:
        known = book.catalogue.exact(ident)
    if known:
        raise WrongUseError(f"There is already {text.clean(known.name)}: kneetrack show {known.typed}.")
