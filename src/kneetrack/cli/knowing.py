"""Knowing: exercises, show, add."""

import re
from pathlib import Path
from typing import Annotated

import typer

from kneetrack import text
from kneetrack.catalogue import Exercise, plain
from kneetrack.cli import answers, complete, console, diary, entry, options
from kneetrack.errors import UnknownExerciseError, WrongUseError
from kneetrack.render import data
from kneetrack.render.words import Span

LONGEST_NAME = 60


def exercises(
    word: Annotated[str | None, typer.Argument(help="Only those with this in a name, a muscle or a family.")] = None,
    as_json: options.AsJson = False,
    db: options.Db = None,
) -> None:
    """List the exercises that can be logged."""
    with diary.reading(db) as book:
        found = [item for item in book.catalogue if word is None or _speaks_of(item, plain(word))]
    if as_json:
        console.put_json(data.exercises(found))
        return
    if not found:
        raise UnknownExerciseError(text.clean(word or ""), [])
    from kneetrack.render.exercises import exercises as screen

    console.show(screen(found, console.width()))


def _speaks_of(item: Exercise, wanted: str) -> bool:
    """Return whether a word stands in what is known of an exercise."""
    facts = item.facts
    known = (
        item.name,
        *item.aliases,
        facts.get("category", ""),
        *facts.get("primary", ()),
        *facts.get("equipment", ()),
    )
    return any(wanted in plain(words) for words in known)


def show(
    exercise: Annotated[str, typer.Argument(help="An exercise.", autocompletion=complete.exercises)],
    as_json: options.AsJson = False,
    db: options.Db = None,
) -> None:
    """Show how an exercise is done."""
    with diary.reading(db) as book:
        known = book.catalogue.find(exercise, book.program(), parts=True)
        note = book.door.last_note(known.id, book.today)
    if as_json:
        console.put_json(data.exercises([known]))
        return
    from kneetrack.render.exercises import show as screen

    console.show(screen(known, book.catalogue, note))


def add(
    name: Annotated[str, typer.Argument(help="Its name.")],
    per_side: Annotated[bool, typer.Option("--per-side", help="It is done left and right.")] = False,
    hold: Annotated[bool, typer.Option("--hold", help="It is held for seconds, not counted.")] = False,
    db: options.Db = None,
) -> None:
    """Add an exercise of your own."""
    shown = " ".join(text.storable(name).split())
    ident = "_".join(plain(shown).split())
    if len(shown) > LONGEST_NAME or not shown.isprintable() or not re.fullmatch(r"[^\W\d_][\w’'.()+/ ]*", ident):
        raise WrongUseError(f"A name begins with a letter and has at most {LONGEST_NAME} letters, digits and hyphens.")
    if ident in {entry.ALL, "last", "none"}:
        raise WrongUseError(f"“{shown}” means something else to kneetrack; choose another name.")
    _refuse_known(ident, db)
    answers.begin(db)
    exercise = Exercise(ident, shown[0].upper() + shown[1:].replace("_", " "), per_side, "hold" if hold else "reps")
    with diary.journal(db) as (journal, book):
        journal.add_exercise(f"add {exercise.typed}", book.now, exercise)
    example = "3x30s" if hold else "3x10"
    sides = ", each side" if per_side else ""
    first = f"Added: {exercise.name}, {'held for seconds' if hold else 'counted in repetitions'}{sides}"
    console.say(
        [
            [Span(first, "name"), Span("   undo: kneetrack undo", "quiet")],
            [Span(f"  to log it: kneetrack log {exercise.typed} {example}")],
            [Span(f"  into the program: kneetrack plan set {exercise.typed} {example}")],
        ]
    )


def _refuse_known(ident: str, db: Path | None) -> None:
    """Raise WrongUseError when an exercise has this name already."""
    with diary.reading(db, unwritten=True) as book:
        known = book.catalogue.exact(ident)
    if known:
        raise WrongUseError(f"There is already {text.clean(known.name)}: kneetrack show {known.typed}.")
