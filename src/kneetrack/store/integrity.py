"""Whether a diary's file is what it was: its pages, its indexes, its rules, its values and their checksums."""

import sqlite3
from collections.abc import Iterator
from itertools import islice
from typing import Any

from kneetrack.domain.errors import KneetrackError, NotADiaryError
from kneetrack.domain.folders import StrPath
from kneetrack.store import mapping
from kneetrack.store.failures import SUSPECT, without_text
from kneetrack.store.mapping import (
    CHANGE,
    DEVICE,
    PAIN,
    RULE,
    SCORE,
    TOMBSTONE,
    VERSIONED,
    InvalidValueError,
    Versioned,
)
from kneetrack.store.port import Database
from kneetrack.store.sqlite import SqliteDatabase, open_database, tables

_AT_ONCE = 1000


def blame(path: StrPath, error: BaseException) -> None:
    """Raise NotADiaryError in the place of an error that comes up while a diary is damaged."""
    try:
        with open_database(path, write=False, any_schema=True) as database:
            words = broken(database)
    except (KneetrackError, sqlite3.Error):
        return
    if words:
        raise NotADiaryError(path, f"is damaged ({words})") from error


def broken(database: SqliteDatabase) -> str | None:
    """Return what is damaged in a diary of any schema, in words; None when it is whole."""
    return _told(_problems(database))


def not_a_copy(database: SqliteDatabase, *, summed: bool) -> str | None:
    """Return why a whole copy of a diary is none to keep, in words; None when it is sound.

    Where versions have checksums, those of what is shown tell that its values are what was written.
    """
    return _told(_problems_of_a_copy(database, summed=summed))


def _told(problems: Iterator[str]) -> str | None:
    """Return the first of some problems, in words that hold nothing that a person wrote."""
    try:
        return next(problems, None)
    except sqlite3.Error as error:
        return without_text(error)
    except InvalidValueError as error:
        return str(error)
    except SUSPECT as error:
        return f"a value cannot be read ({type(error).__name__})"


def _problems(database: SqliteDatabase) -> Iterator[str]:
    """Yield what is damaged, and raise InvalidValueError for a value that cannot be."""
    yield from _pages(database)
    there = tables(database)
    for of in (CHANGE, DEVICE, TOMBSTONE, *VERSIONED):
        if of.table in _LATER - there:
            continue
        try:
            _look_through(database, of)
        except sqlite3.OperationalError as error:
            yield f"{without_text(error)} of {of.table}"


def _problems_of_a_copy(database: SqliteDatabase, *, summed: bool) -> Iterator[str]:
    yield from _pages(database) if summed else _problems(database)
    if database.rows("PRAGMA foreign_key_check"):
        yield "records lack the change that wrote them"
    if summed:
        yield from altered(database, shown=True)


def _pages(database: SqliteDatabase) -> Iterator[str]:
    ((words, *_),) = database.rows("PRAGMA integrity_check(1)")
    if words != "ok":
        yield str(words).splitlines()[-1]


def altered(database: Database, *, shown: bool = False) -> Iterator[str]:
    """Yield in words which versions say something else than what was written, by their checksums.

    With `shown` only the current ones are looked at. The diary must be of the schema of this program.
    """
    only = "WHERE version.current" if shown else ""
    for of in VERSIONED:
        facts = ", ".join(f"version.{fact}" for fact in of.facts)
        for uid, *said, summed in database.stream(f"{_SUMMED.format(table=of.table, facts=facts)} {only}"):
            if mapping.checksum(of, (uid, *said)) != summed:
                yield f"{of.table} {uid[: 2 * mapping.SHORTEST_ID]} is not what was written"


def _look_through(database: SqliteDatabase, of: Versioned) -> None:
    """Read all values of a table. Raises InvalidValueError."""
    cursor = database.connection.execute(f"SELECT * FROM {of.table}")
    names: list[str] = [name for name, *_ in cursor.description]
    rows: Iterator[Any] = iter(cursor)
    while some := list(islice(rows, _AT_ONCE)):
        mapping.validate(of, names, some)


_LATER = {TOMBSTONE.table, PAIN.table, SCORE.table, RULE.table}
"""The tables that diaries of older revisions may lack."""

_SUMMED = """
    SELECT version.uid, change.uid, version.created_at, version.removed, {facts}, version.checksum
    FROM {table} AS version JOIN change ON change.id = version.change_id
"""
