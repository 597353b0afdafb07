"""What a command says after it wrote something."""

from pathlib import Path

from kneetrack.cli import console, diary
from kneetrack.render import answer


def changed(first: str, db: Path | None, *, undo: bool = True) -> None:
    """Print a first line, what is left today, the streak, and how to take the change back."""
    with diary.reading(db) as book:
        progress = book.recent()
    console.say(answer.wrote(first, progress, undo=undo))
