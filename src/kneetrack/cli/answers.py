"""What a command says when it begins a journal, and after it wrote something."""

from collections.abc import Iterable
from pathlib import Path

from kneetrack import text
from kneetrack.cli import console, diary
from kneetrack.render import answer
from kneetrack.render.words import Span


def begin(db: Path | None, *, example: bool = True, quiet: bool = False) -> None:
    """Create the journal where there is none, and say so: where, when it was named, and what its program is."""
    if diary.missing(db) and diary.create(db, example=example) and not quiet:
        where = diary.place(db)
        path = [[Span(f"New journal: {text.clean(str(where.path))}")]] if where.named else []
        console.say([*path, *([[Span(answer.EXAMPLE)]] if example else [])])


def changed(
    first: str, db: Path | None, *, undo: bool = True, more: Iterable[str] = (), hints: Iterable[str] = ()
) -> None:
    """Print a first line and how to take the change back, more of it, what is left today, the streak, and hints."""
    with diary.reading(db) as book:
        progress = book.recent()
    head, *rest = answer.wrote(first, progress, undo=undo)
    more_lines, hint_lines = ([Span(f"  {line}")] for line in more), ([Span(f"  {hint}", "quiet")] for hint in hints)
    console.say([head, *more_lines, *rest, *hint_lines])
