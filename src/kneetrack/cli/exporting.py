"""Taking the diary out: export."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from kneetrack.cli import console, diary
from kneetrack.cli.diary import Diary
from kneetrack.domain import text
from kneetrack.domain.errors import DayError, NoFolderError, WrongUseError
from kneetrack.store import atomic, sqlite
from kneetrack.store.failures import translate_errors
from kneetrack.views.phrases import Span

HANDOUT_DAYS = 28

FORMATS = ("json", "csv", "text")
ENDINGS = {"": "json", ".json": "json", ".csv": "csv", ".txt": "text"}


def export(
    to: str | None = None,
    form: str | None = None,
    force: bool = False,
    first: str | None = None,
    last: str | None = None,
    db: str | None = None,
) -> None:
    """Write everything as JSON, the sessions as CSV, or a dated page for a clinician."""
    form = form or ENDINGS.get(Path(to).suffix.lower() if to else "")
    if form is None:
        raise WrongUseError("The name ends in none of .json, .csv and .txt; say what it is to be with --format.")
    if form not in FORMATS:
        raise WrongUseError(f"“{text.clean(form)}” is no format; there are {', '.join(FORMATS)}.")
    if form != "text" and (first or last):
        raise WrongUseError(f"--from and --until are for text; {form} has all days.")
    target = None if to is None or str(to) == console.PIPE else _free(diary.at_home(to), db, force=force)
    if form == "text":
        with diary.reading(db) as book:
            page = _page(book, first, last)
        if target is None:
            console.say([[Span(line)] for line in page])
            return
    with _opened(target, force=force) as out:
        if form == "text":
            out.writelines(f"{line}\n" for line in page)
        else:
            _write_all(form, out, db)
    if target:
        size = text.size(target.stat().st_size)
        console.say([[Span(f"Written: {text.clean(str(target))}, {size}. It holds what you noted about your health.")]])


def _write_all(form: str, out: IO[str], db: str | None) -> None:
    """Write the diary as JSON, or its sessions as CSV."""
    from kneetrack.exchange import csv_export, json_export

    with console.progress("Exporting") as told, diary.journal(db, write=False) as (store, _):
        room = json_export if form == "json" else csv_export
        total = room.count(store.database)
        for line in room.lines(store.database):
            out.write(line)
            told(1, total)


def _free(path: Path, db: str | None, *, force: bool) -> Path:
    """Return the file to write to. Raises WrongUseError for one that must not be replaced, and NoFolderError."""
    if not path.parent.is_dir():
        raise NoFolderError(path.parent)
    with translate_errors(path, "write"):
        if path.is_symlink() and path.exists():
            path = path.resolve()
        journal = diary.place(db).path
        if path.exists() and journal.exists() and path.samefile(journal):
            raise WrongUseError(f"{path} is the journal itself; choose another name.")
        if path.absolute() == sqlite.leftover(journal.absolute()):
            raise WrongUseError(f"{path} is a name that SQLite uses beside the journal; choose another name.")
        if path.exists() and not path.is_file():
            raise WrongUseError(f"{path} is not an ordinary file; for a pipe leave FILE out.")
        if os.path.lexists(path) and not force:
            raise _taken(path)
    return path


@contextmanager
def _opened(path: Path | None, *, force: bool) -> Iterator[IO[str]]:
    """Yield a file to write to, which then gets its name, or goes to standard output, as a whole.

    The journal is let go of before a slow pipe is served. What has a name is its owner's alone, and on the disk.
    """
    if path is None:
        with ExitStack() as end:
            with translate_errors(atomic.TEMPORARY, "write"):
                kept = end.enter_context(TemporaryFile("w+", encoding="utf-8", newline="", prefix="kneetrack-"))
                yield kept
                kept.seek(0)
            console.put_file(kept)
        return
    with translate_errors(path, "write"):
        try:
            with atomic.draft(path, replace=force) as unnamed, unnamed.open("w", encoding="utf-8", newline="") as kept:
                yield kept
        except FileExistsError:
            raise _taken(path) from None


def _taken(path: Path) -> WrongUseError:
    """Return the error for a file that is there."""
    return WrongUseError(f"{path} is there already; choose another name, or replace it with --force.")


def _page(book: Diary, first: str | None, last: str | None) -> list[str]:
    """Return the hand-out of a range of days; raises DayError for one that cannot be."""
    from kneetrack.views.handout import handout

    until = text.read_day(last, book.today) if last else book.today
    start = text.read_day(first, book.today) if first else until - timedelta(HANDOUT_DAYS - 1)
    if until > book.today:
        raise DayError(f"{text.show_day(until, book.today)} is still to come; the page ends today at the latest.")
    if start > until:
        raise DayError(f"--from {start} is after --until {until}; both ends count.")
    return handout(book.progress(start), book.door.sessions(start, until), start, until, book.now)
