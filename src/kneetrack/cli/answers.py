"""What a command says after it wrote something."""

from pathlib import Path

from kneetrack import text
from kneetrack.cli import console, diary
from kneetrack.cli.diary import Diary
from kneetrack.render import answer
from kneetrack.render.words import Line, Span


def changed(
    first: str, db: Path | None, *more: str, undo: bool = True, new: bool = False, example: bool = True
) -> None:
    """Print what changed, what is left today, the streak, and how to take the change back.

    `more` are further lines of what changed; `new` says that the command made the journal, `example` with what.
    """
    with diary.reading(db) as book:
        progress = book.recent()
    console.say([*(hello(book, example=example) if new else []), *answer.wrote(first, progress, *more, undo=undo)])


def hello(book: Diary, *, example: bool = True) -> list[Line]:
    """Return what a new journal says once: where it is if that was named, and about its example program."""
    path = [Span(f"New journal: {text.clean(str(book.place.path))}")]
    return [*([path] if book.place.named else []), *([[Span(answer.EXAMPLE)]] if example else [])]
