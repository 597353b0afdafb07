"""Whether a journal's file is what it was: pages, indexes, rules, texts, days."""

import sqlite3
from contextlib import closing
from datetime import date, datetime
from pathlib import Path

from kneetrack.errors import KneetrackError, NotAJournalError
from kneetrack.store import file

VERSIONED = ("session", "prescription", "pause", "exercise", "setting")

_EVERYTHING = "SELECT * FROM {table}"


def blame(path: Path, error: BaseException) -> None:
    """Raise NotAJournalError in the place of an error that comes up while a journal is damaged."""
    try:
        with closing(file.connect(path, write=False, any_schema=True)) as journal:
            words = broken(journal)
    except (KneetrackError, sqlite3.Error):
        return
    if words:
        raise NotAJournalError(path, f"is damaged ({words})") from error


def broken(journal: sqlite3.Connection) -> str | None:
    """Return what is damaged in a file: its pages, its indexes, a rule, a text, a day; None when it is whole."""
    try:
        (words,) = journal.execute("PRAGMA integrity_check(1)").fetchone()
        if words != "ok":
            return str(words).splitlines()[-1]
        for table in ("change", *VERSIONED):
            rows = journal.execute(_EVERYTHING.format(table=table))
            parse = [_PARSE.get(name, _as_it_is) for name, *_ in rows.description]
            for row in rows:
                for read, value in zip(parse, row, strict=True):
                    if value is not None:
                        read(value)
    except sqlite3.Error as error:
        return str(error).partition(" with text")[0]
    except (TypeError, ValueError):
        return "a day or a time that is none"
    return None


def _as_it_is(value: object) -> object:
    """Return a value that SQLite has read already."""
    return value


_PARSE = {
    **dict.fromkeys(("day", "first_day", "last_day"), date.fromisoformat),
    **dict.fromkeys(("at", "made"), datetime.fromisoformat),
}
"""How the columns that stand for days and instants are read."""
