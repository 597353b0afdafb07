"""Keeping: settings."""

from pathlib import Path
from typing import Annotated

import typer

from kneetrack import text
from kneetrack.cli import answers, console, diary, options
from kneetrack.errors import WrongUseError
from kneetrack.ledger import MAX_RATING
from kneetrack.render.words import Span

LATEST_DAY_START = 12

DEFAULTS = {"day_start": "00:00", "pain_limit": str(diary.PAIN_LIMIT)}
MEANING = {
    "day_start": "when a day begins: 00:00 to 11:59",
    "pain_limit": "pain above this adds a line to the answer: 0 to 10",
}


def settings(
    key: Annotated[str | None, typer.Argument(help="day_start or pain_limit.")] = None,
    value: Annotated[str | None, typer.Argument(help="Its new value.")] = None,
    db: options.Db = None,
) -> None:
    """Show where the journal is, and show or change settings."""
    name = key.lower().replace("-", "_") if key else None
    if name and name not in DEFAULTS:
        raise _unknown(key or "")
    if name and value:
        _put(name, checked(name, value), db)
        return
    with diary.reading(db, unwritten=True) as book:
        changed = book.door.settings()
    for known in [name] if name else DEFAULTS:
        console.say([[Span(f"{known}  {changed.get(known, DEFAULTS[known])}  "), Span(f"({MEANING[known]})", "quiet")]])
    if not name:
        there = "" if not diary.missing(db) else " (not there yet)"
        console.say([[Span(f"journal  {text.clean(str(book.place.path))}{there}")]])


def _put(name: str, value: str, db: Path | None) -> None:
    """Write a setting, and say so."""
    answers.begin(db)
    with diary.journal(db) as (journal, book):
        journal.put_setting(f"settings {name} {value}", book.now, name, value)
    console.say([[Span(f"{name} is now {value}", "name"), Span("   undo: kneetrack undo", "quiet")]])


def checked(name: str, value: str) -> str:
    """Return a value as it is kept. Raises WrongUseError."""
    if name not in DEFAULTS:
        raise _unknown(name)
    if name == "day_start":
        clock = text.read_clock(value)
        if clock.hour >= LATEST_DAY_START:
            raise WrongUseError("A day begins between 00:00 and 11:59.")
        return f"{clock:%H:%M}"
    if not (value.isascii() and value.isdigit() and text.whole(value) <= MAX_RATING):
        raise WrongUseError(f"pain_limit goes from 0 to {MAX_RATING}, not “{text.clean(value)}”.")
    return str(text.whole(value))


def _unknown(key: str) -> WrongUseError:
    """Return the error for a key that no setting has."""
    return WrongUseError(f"There is no setting “{text.clean(key)}”; there are {' and '.join(DEFAULTS)}.")
