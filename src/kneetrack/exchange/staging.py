"""What a file holds, once each of its rows was looked at: a database of its own that is gone when the import ends.

Memory stays the same whatever the size of the file, and the journal is not touched until the whole file is known.
"""

import fcntl
import os
import sqlite3
from contextlib import ExitStack, suppress
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory, gettempdir
from typing import NamedTuple, Self, TypeAlias
from uuid import uuid4

from kneetrack.exchange.record import CHANGE, KINDS, Kind, Row
from kneetrack.store.atomic import TEMPORARY
from kneetrack.store.failures import translate_errors

Place: TypeAlias = int | str
"""Where in a file something stands: the number of a line, or words."""

TOLD = 20
"""How many refused rows are told one by one."""

_CHUNK = 1000
_SECOND_US = 1_000_000
_PREFIX = "kneetrack-"


class Refused(NamedTuple):
    """A row that cannot come in, and why, as the end of a sentence."""

    place: Place
    reason: str

    def __str__(self) -> str:
        """Return the row and the reason as a person reads them."""
        return f"{where(self.place)}: {self.reason}"


def where(place: Place) -> str:
    """Return a place as a person reads it."""
    return f"line {place}" if isinstance(place, int) else place


class Stage:
    """A context manager that collects the rows of a file.

    `of_changes` says that the file tells the changes that wrote its rows; otherwise they are all of one change
    that the import makes, and a row that says what the journal has said before adds nothing. `strict` says that
    one refused row refuses the file. `left_out` tells in words what has no place in a journal, and is no error.
    """

    def __init__(self) -> None:
        """Make an empty stage."""
        self.of_changes = False
        self.strict = True
        self.refused: list[Refused] = []
        self.refusals = 0
        self.rows = 0
        self.left_out: list[str] = []
        self._waiting: dict[str, list[Row]] = {}

    def __enter__(self) -> Self:
        """Make the database in a folder that nobody else may read."""
        with translate_errors(TEMPORARY, "write"), ExitStack() as end:
            _sweep(Path(gettempdir()))
            folder = end.enter_context(TemporaryDirectory(prefix=_PREFIX))
            end.callback(os.close, _held(folder))
            self.path = Path(folder) / "stage.db"
            self._database = sqlite3.connect(self.path, isolation_level=None)
            end.callback(self._database.close)
            self._database.execute("PRAGMA journal_mode = OFF")
            self._database.execute("PRAGMA synchronous = OFF")
            for kind in (CHANGE, *KINDS.values()):
                named = ", ".join(f'"{field.name}"' for field in kind.fields)
                self._database.execute(f"CREATE TABLE {kind.table} (place, {named}, newest DEFAULT 1)")
            self._database.execute("CREATE TABLE seen (key PRIMARY KEY, times) WITHOUT ROWID")
            self._database.execute("BEGIN")
            self._end = end.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        """Remove the database."""
        self._end.close()

    def put_own_change(self) -> str:
        """Add the change that the import makes itself, for rows that tell none, and return its uid."""
        uid = uuid4().hex
        self.put(CHANGE, 0, (uid, None, None, "import", None))
        return uid

    def put(self, kind: Kind, place: Place, row: Row) -> None:
        """Add a row that was looked at."""
        waiting = self._waiting.setdefault(kind.table, [])
        waiting.append((place, *row))
        if len(waiting) >= _CHUNK:
            self._write(kind)

    def refuse(self, place: Place, reason: str) -> None:
        """Count a row that cannot come in; the first ones are kept to be told."""
        self.refusals += 1
        if self.refusals <= TOLD:
            self.refused.append(Refused(place, reason))

    def again(self, key: str) -> int:
        """Return how often a key was asked for before."""
        with translate_errors(self.path, "write"):
            found = self._database.execute("SELECT times FROM seen WHERE key = ?", (key,)).fetchone()
            times = found[0] if found else 0
            self._database.execute("INSERT OR REPLACE INTO seen VALUES (?, ?)", (key, times + 1))
        return int(times)

    def made_on(self, day: str) -> str:
        """Return when a row that does not say so counts as first written: at the start of its day, in their order."""
        return f"{day} 00:00:00.{self.again(f'made {day}') % _SECOND_US:06}"

    def finish(self) -> None:
        """Look at the rows together, refuse those that do not fit the others, and close the database."""
        for kind in (CHANGE, *KINDS.values()):
            self._write(kind)
        with translate_errors(self.path, "write"):
            self._refuse("it undoes a change that is not in the file", _UNDOES_NOTHING)
            self._repeated("change", "uid")
            for kind in KINDS.values():
                self._repeated(kind.table, "uid, change")
                self._refuse("the change that wrote it is not in the file", _WITHOUT_CHANGE.format(table=kind.table))
                self._database.execute(_OLDER.format(table=kind.table))
            self._database.execute(_EMPTY.format(" UNION ALL ".join(f"SELECT change FROM {t}" for t in _TABLES)))
            self._database.execute("COMMIT")
            self._database.close()

    def _write(self, kind: Kind) -> None:
        """Write the rows of a kind that wait."""
        waiting = self._waiting.pop(kind.table, [])
        self.rows += len(waiting) if kind is not CHANGE else 0
        marks = ", ".join("?" * (len(kind.fields) + 1))
        with translate_errors(self.path, "write"):
            self._database.executemany(f"INSERT INTO {kind.table} VALUES ({marks}, 1)", waiting)

    def _repeated(self, table: str, key: str) -> None:
        """Index a table by what names a row, and refuse rows that have the name of an earlier one."""
        self._database.execute(f"CREATE INDEX {table}_key ON {table} ({key})")
        for place, first in self._database.execute(_REPEATED.format(table=table, key=key)):
            self.refuse(place, f"the same id as in {where(first)}")

    def _refuse(self, reason: str, statement: str) -> None:
        """Refuse the rows that a statement finds."""
        for (place,) in self._database.execute(statement):
            self.refuse(place, reason)


def _held(folder: str | Path) -> int:
    """Return a handle that holds a folder until it is closed. Raises BlockingIOError when another program does."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        raise
    return handle


def _sweep(folder: Path) -> None:
    """Remove what imports left that were killed."""
    for left in folder.glob(f"{_PREFIX}*/stage.db"):
        with suppress(OSError):
            handle = _held(left.parent)
            try:
                rmtree(left.parent)
            finally:
                os.close(handle)


_TABLES = [kind.table for kind in KINDS.values()]
_REPEATED = """
    SELECT later.place, earlier.place FROM {table} AS later
    JOIN (SELECT {key}, min(rowid) AS first FROM {table} GROUP BY {key} HAVING count(*) > 1) USING ({key})
    JOIN {table} AS earlier ON earlier.rowid = first WHERE later.rowid <> first ORDER BY later.rowid
"""
_WITHOUT_CHANGE = "SELECT place FROM {table} WHERE change NOT IN (SELECT uid FROM change) ORDER BY rowid"
_UNDOES_NOTHING = """
    SELECT place FROM change WHERE undoes NOT IN (SELECT uid FROM change WHERE undoes IS NULL) ORDER BY rowid
"""
_OLDER = """
    UPDATE {table} SET newest = 0 WHERE rowid IN (SELECT row FROM (
        SELECT {table}.rowid AS row,
            row_number() OVER (PARTITION BY {table}.uid ORDER BY change.at DESC, change.uid DESC) AS place
        FROM {table} JOIN change ON change.uid = {table}.change
        WHERE {table}.uid IN (SELECT uid FROM {table} GROUP BY uid HAVING count(*) > 1)
    ) WHERE place > 1)
"""
_EMPTY = "DELETE FROM change WHERE uid NOT IN ({})"
