"""Taking the diary out: export."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from kneetrack import text
from kneetrack.cli import console, diary, options
from kneetrack.cli.diary import Diary
from kneetrack.errors import DayError, WrongUseError
from kneetrack.render.words import Span
from kneetrack.store import file

HANDOUT_DAYS = 28


def export(
    to: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="A new file; else standard output.")] = None,
    form: Annotated[str, typer.Option("--format", metavar="FORMAT", help="text: a page to hand out.")] = "text",
    first: Annotated[str | None, typer.Option("--from", metavar="DAY", help="From this day on.")] = None,
    last: Annotated[
        str | None, typer.Option("--until", metavar="DAY", help="Up to this day; today if not given.")
    ] = None,
    db: options.Db = None,
) -> None:
    """Write a dated page for a clinician: the program, what was done of what was due, pain, notes."""
    if form != "text":
        raise WrongUseError(f"“{text.clean(form)}” is no format; there is text.")
    with diary.reading(db) as book:
        page = _page(book, first, last)
    if to is None:
        console.say([[Span(line)] for line in page])
        return
    _write(to.expanduser(), "\n".join([*page, ""]))
    console.say([[Span(f"Written: {text.clean(str(to))}. It holds what you noted about your health.")]])


def _page(book: Diary, first: str | None, last: str | None) -> list[str]:
    """Return the hand-out of a range of days; raises DayError for one that cannot be."""
    from kneetrack.render.handout import handout

    until = text.read_day(last, book.today) if last else book.today
    start = text.read_day(first, book.today) if first else until - timedelta(HANDOUT_DAYS - 1)
    if until > book.today:
        raise DayError(f"{text.show_day(until, book.today)} is still to come; the page ends today at the latest.")
    if start > until:
        raise DayError(f"--from {start} is after --until {until}; both ends count.")
    return handout(book.progress(start), book.door.sessions(start, until), start, until, book.now)


def _write(path: Path, words: str) -> None:
    """Write a new file that only the person can read; raises WrongUseError where there is one already."""
    try:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as page:
            page.write(words)
    except FileExistsError:
        raise WrongUseError(f"{path} is there already; choose another name, or remove it first.") from None
    except OSError as error:
        raise file.system_error(error, path, "write") from error
