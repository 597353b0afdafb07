"""Whether a journal's file is what it was: pages, indexes, rules, texts, days."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

from kneetrack.domain import text
from kneetrack.domain.errors import KneetrackError, NotAJournalError
from kneetrack.store import file

VERSIONED = ("session", "prescription", "pause", "exercise", "setting")

_EVERYTHING = "SELECT * FROM {table}"
_SHOWN = 8


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
    except sqlite3.Error as error:
        return _without_text(error)
    return next(filter(None, (_broken_in(journal, table) for table in ("change", *VERSIONED))), None)


def _broken_in(journal: sqlite3.Connection, table: str) -> str | None:
    """Return what is damaged in the records of a table, and in which of them where that can be told."""
    try:
        rows = journal.execute(_EVERYTHING.format(table=table))
        names = [name for name, *_ in rows.description]
        for row in rows:
            for name, value in zip(names, row, strict=True):
                if value is not None and not _can_be_read(name, value):
                    record = text.clean(str(dict(zip(names, row, strict=True)).get("uid")))[:_SHOWN]
                    return f"a day or a time that is none: {name} of {table} {record}"
    except sqlite3.Error as error:
        return f"{_without_text(error)} of {table}"
    return None


def _without_text(error: sqlite3.Error) -> str:
    """Return SQLite's words without what a person wrote."""
    return str(error).partition(" with text")[0]


def _can_be_read(name: str, value: object) -> bool:
    """Return whether a value of a column that stands for a day or an instant is one; any other value is as it is."""
    read = _PARSE.get(name)
    try:
        return read is None or bool(read(value))
    except (TypeError, ValueError):
        return False


_PARSE: dict[str, Callable[[Any], object]] = {
    **dict.fromkeys(("day", "first_day", "last_day"), date.fromisoformat),
    **dict.fromkeys(("at", "made"), datetime.fromisoformat),
}
"""How the columns that stand for days and instants are read."""
