"""What a command says when it begins a journal, and after it wrote something."""

from collections.abc import Iterable
from datetime import time

from kneetrack.cli import console, diary
from kneetrack.domain import text
from kneetrack.domain.errors import KneetrackError
from kneetrack.views import answer
from kneetrack.views.phrases import Line, Span


def begin(db: str | None, *, example: bool = True, day_start: time | None = None) -> list[Line]:
    """Create the journal where there is none, and return what is said of a new one.

    `day_start` is what the command is about to set.
    """
    created = diary.create(db, example=example, day_start=day_start)
    return of_new(db, example=example) if created else []


def of_new(db: str | None, *, example: bool = True) -> list[Line]:
    """Return what is said once of a new journal: where it is, and what its program is.

    Where backups of an earlier one are beside it, that one was lost, and the way back to it is said too.
    """
    where = diary.place(db)
    path = [[Span(f"New journal: {text.clean(str(where.path))}")]] if where.named else []
    return [*path, *lost(db), *([[Span(answer.EXAMPLE)]] if example else [])]


def lost(db: str | None) -> list[Line]:
    """Return the line that names the backups beside a journal that is new or missing; none where there are none."""
    number = diary.backups(db)
    if not number:
        return []
    there = f"{text.count(number, 'backup')} of an earlier journal {'is' if number == 1 else 'are'} beside it"
    return [[Span(f"{there}; to go back to one: kneetrack restore")]]


def changed(
    first: str,
    db: str | None,
    *,
    hello: Iterable[Line] = (),
    undo: bool = True,
    more: Iterable[str] = (),
    hints: Iterable[str] = (),
) -> None:
    """Print a first line and how to take the change back, more of it, what is left today, the streak, and hints.

    The change is written by now: where today cannot be read, the answer says so and is none the less good.
    """
    try:
        with diary.reading(db) as book:
            head, *rest = answer.wrote(first, book.recent(), undo=undo)
    except KneetrackError:
        head, rest = [Span(first, "name")], [[Span("  That is written; only today could not be read: kneetrack today")]]
    more_lines, hint_lines = ([Span(f"  {line}")] for line in more), ([Span(f"  {hint}", "quiet")] for hint in hints)
    console.say([*hello, head, *more_lines, *rest, *hint_lines])
