"""What a file holds, once each of its rows was looked at: a database of its own that is gone when the import ends.

Memory stays the same whatever the size of the file, and the diary is not touched until the whole file is known.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Self, TypeAlias

from kneetrack.domain.value import Value
from kneetrack.exchange.form import CHANGES, FLAGS, KINDS, TOMBSTONES, VERSION, VERSIONS, Kind
from kneetrack.store.failures import TEMPORARY, translate_errors
from kneetrack.store.mapping import WITH_RANDOM_UIDS, random_uid
from kneetrack.store.merge import Met, StagedChange, StagedVersion, Unmet

Place: TypeAlias = int | str
"""Where in a file something stands: the number of a line, or words."""

MOST_SHOWN = 20
"""How many refused rows are told one by one."""

MOST_REFUSED = 100
"""After so many refused rows a file is read no further; one whose wrong rows are left out, after ten times as many."""

_CHUNK = 1000
_PIECE = 500
_SECOND_US = 1_000_000


class Refused(Value):
    """A row that cannot come in, and why, as the end of a sentence."""

    place: Place
    reason: str

    def __str__(self) -> str:
        """Return the row and the reason as a person reads them."""
        return f"{where(self.place)}: {self.reason}"


def where(place: Place) -> str:
    """Return a place as a person reads it."""
    return f"line {place}" if isinstance(place, int) else place


class _EnoughError(Exception):
    """So many rows were refused that it makes no sense to read on."""


class Staging:
    """A context manager that collects the rows of a file, and gives them to a merge.

    `left_out` tells in words what has no place in a diary, and is no error.
    """

    def __init__(self) -> None:
        """Make an empty one."""
        self.of_changes = False
        self.refused: list[Refused] = []
        self.refusals = 0
        self.stopped = False
        self.rows = 0
        self.left_out: list[str] = []
        self._strict = True
        self._most: int | None = None
        self._waiting: dict[str, list[Sequence[Any]]] = {}

    def __enter__(self) -> Self:
        """Make the database, which has no name: SQLite keeps it in memory, and when it is large in a file."""
        self._database = sqlite3.connect("", isolation_level=None)
        with self._errors():
            for pragma in ("journal_mode = OFF", "synchronous = OFF"):
                self._database.execute(f"PRAGMA {pragma}")
            self._database.execute("BEGIN")
            for kind in KINDS:
                self._database.execute(f"CREATE TABLE {kind.table} (place, {_named(kind)}, newest DEFAULT 1)")
                self._database.execute(_MET.format(table=kind.table))
            self._database.execute("CREATE TABLE seen (key PRIMARY KEY, times) WITHOUT ROWID")
        return self

    def __exit__(self, *_: object) -> None:
        """Forget all."""
        self._database.close()

    @property
    def rejected(self) -> bool:
        """Return whether the file cannot come in, because a row of it is refused that is not to be left out."""
        return self.refusals > 0 and (self._strict or self.stopped)

    # Reading

    @contextmanager
    def reading(self, *, of_changes: bool, strict: bool) -> Iterator[None]:
        """Let a block read a file, which ends early when too many of its rows are refused.

        `of_changes` says that the file tells the changes that wrote its rows; otherwise they are all of one change
        that the import makes, and a row that says what the diary has said before adds nothing. `strict` says that
        one refused row refuses the file.
        """
        self.of_changes, self._strict = of_changes, strict
        self._most = MOST_REFUSED if strict else MOST_REFUSED * 10
        with suppress(_EnoughError):
            yield
        self._most = None

    def put_own_change(self) -> str:
        """Add the change that the import makes itself, for rows that tell none, and return its uid."""
        uid = random_uid()
        self.put(CHANGES, 0, (uid, None, None, "import", None, None))
        return uid

    def put(self, kind: Kind, place: Place, row: Sequence[Any]) -> None:
        """Add a row that was looked at."""
        waiting = self._waiting.setdefault(kind.name, [])
        waiting.append((place, *row))
        if len(waiting) >= _CHUNK:
            self._write(kind)

    def refuse(self, place: Place, reason: str) -> None:
        """Count a row that cannot come in; the first ones are kept to be told."""
        self.refusals += 1
        if self.refusals <= MOST_SHOWN:
            self.refused.append(Refused(place, reason))
        if self._most is not None and self.refusals >= self._most:
            self.stopped = True
            raise _EnoughError

    def again(self, key: str) -> int:
        """Return how often a key was asked for before."""
        with self._errors():
            found = self._database.execute("SELECT times FROM seen WHERE key = ?", (key,)).fetchone()
            times = found[0] if found else 0
            self._database.execute("INSERT OR REPLACE INTO seen VALUES (?, ?)", (key, times + 1))
        return int(times)

    def created_on(self, day: str) -> str:
        """Return when a row that does not say so counts as first written: at the start of its day, in their order."""
        return f"{day} 00:00:00.{self.again(f'created {day}') % _SECOND_US:06}"

    def finish(self) -> None:
        """Look at the rows together, and refuse those that do not fit the others."""
        for kind in KINDS:
            self._write(kind)
        with self._errors():
            for key, reason in _OF_ANOTHER_CHANGE.items():
                self._refuse(reason, _NAMES_NOTHING.format(key=key))
            self._refuse("it is part of a change that is a part itself", _PART_OF_A_PART)
            self._repeated(CHANGES, "uid")
            self._repeated(TOMBSTONES, "uid")
            for kind in VERSIONS:
                self._repeated(kind, "uid, change")
                self._refuse("the change that wrote it is not in the file", _WITHOUT_CHANGE.format(table=kind.table))
            for of in WITH_RANDOM_UIDS:
                self._database.execute(f"DELETE FROM {of.table} WHERE uid IN (SELECT uid FROM tombstone)")
            for kind in VERSIONS:
                self._database.execute(_OLDER.format(table=kind.table))

    def place(self, table: str, row: int) -> Place:
        """Return where in the file a row of a table stands."""
        ((place,),) = self._database.execute(f"SELECT place FROM {table} WHERE rowid = ?", (row,))
        found: Place = place
        return found

    # What a merge asks

    def uids(self, table: str) -> Iterator[list[str]]:
        """Yield the uids of what goes into a table, each once."""
        for piece in self._pieces(f"SELECT DISTINCT uid FROM {table}"):
            yield [uid for (uid,) in piece]

    def keys(self, table: str) -> Iterator[tuple[str, str]]:
        """Yield the uid of each version that goes into a table, and that of its change."""
        for piece in self._pieces(f"SELECT uid, change FROM {table}"):
            yield from piece

    def newest(self) -> str | None:
        """Return the instant of the last change; None without any."""
        ((at,),) = self._found("SELECT max(at) FROM change")
        return at and str(at)

    def changes(self, uids: Sequence[str]) -> list[StagedChange]:
        """Return some changes."""
        statement = f"SELECT rowid, {_named(CHANGES)} FROM change WHERE uid IN ({', '.join('?' * len(uids))})"
        return [StagedChange(*row) for row in self._found(statement, *uids)]

    def versions(self, table: str, uids: Sequence[str]) -> list[StagedVersion]:
        """Return the versions of some records."""
        kind, statement = _version_statement(table)
        found = self._found(f"{statement} WHERE staged.uid IN ({', '.join('?' * len(uids))})", *uids)
        return [_version(kind, row) for row in found]

    def changes_after(self, at: str) -> list[int]:
        """Return the first of the changes that are later than an instant, by their numbers."""
        found = self._found("SELECT rowid FROM change WHERE at > ? ORDER BY rowid LIMIT ?", at, MOST_REFUSED)
        return [row for (row,) in found]

    def unmet(self, table: str) -> Unmet:
        """Return how many versions met nothing; they all arrive."""
        ((versions, new),) = self._found(f"{_UNMET_COUNT} {_UNMET.format(table=table)}")
        return Unmet(versions, new)

    def too_long(self, table: str, most: int) -> list[int]:
        """Return the first of the versions that met nothing and hold a text of more characters, by their numbers."""
        kind = _kind_of(table)
        long = [f"length({key}) > {most}" for key in ("load", "note", "reason") if key in kind.keys]
        if not long:
            return []
        only = f"AND ({' OR '.join(long)}) ORDER BY staged.rowid LIMIT {MOST_REFUSED}"
        return [row for (row,) in self._found(f"SELECT staged.rowid {_UNMET.format(table=table)} {only}")]

    def arriving_changes(self, *, naming: bool = False) -> Iterator[list[StagedChange]]:
        """Yield the changes that versions which arrive were written by, and those that they name, in the file's order.

        With `naming` only those that name another change.
        """
        only = f"(undoes IS NOT NULL OR part_of IS NOT NULL) AND {_WRITES}" if naming else _WRITES
        for piece in self._pieces(f"SELECT rowid, {_named(CHANGES)} FROM change WHERE {only} ORDER BY rowid"):
            yield [StagedChange(*row) for row in piece]

    def arriving(self, table: str) -> Iterator[list[tuple[StagedVersion, int | None, bool]]]:
        """Yield the versions that arrive, in the order of the file: each with `here` and `wins` as in Met."""
        kind, statement = _version_statement(table, ", met.here, met.wins")
        arriving = f"{statement} LEFT JOIN {table}_met AS met ON met.row = staged.rowid WHERE met.arrives IS NOT FALSE"
        for piece in self._pieces(f"{arriving} ORDER BY staged.rowid"):
            yield [(_version(kind, row[:-2]), row[-2], row[-1] is None or bool(row[-1])) for row in piece]

    def tombstones(self) -> Iterator[list[tuple[str, str]]]:
        """Yield the uid of each record that was purged, and when."""
        return self._pieces("SELECT uid, at FROM tombstone ORDER BY rowid")

    def forget(self) -> None:
        """Forget what was met before."""
        with self._errors():
            for kind in VERSIONS:
                self._database.execute(f"DELETE FROM {kind.table}_met")

    def meet(self, table: str, met: Iterable[Met]) -> None:
        """Keep what versions met."""
        with self._errors():
            self._database.executemany(f"INSERT INTO {table}_met VALUES (?, ?, ?, ?)", met)

    # The database

    def _found(self, statement: str, *values: object) -> list[Any]:
        """Return what a statement finds."""
        with self._errors():
            return self._database.execute(statement, values).fetchall()

    def _pieces(self, statement: str) -> Iterator[list[Any]]:
        """Yield what a statement finds, a piece at a time."""
        with self._errors():
            found = self._database.execute(statement)
            while piece := found.fetchmany(_PIECE):
                yield piece

    def _write(self, kind: Kind) -> None:
        """Write the rows of a kind that wait."""
        waiting = self._waiting.pop(kind.name, [])
        self.rows += len(waiting) if kind is not CHANGES else 0
        marks = ", ".join("?" * (len(kind.keys) + 1))
        with self._errors():
            self._database.executemany(f"INSERT INTO {kind.table} VALUES ({marks}, 1)", waiting)

    def _repeated(self, kind: Kind, key: str) -> None:
        """Index a table by what names a row, and refuse rows that have the name of an earlier one."""
        self._database.execute(f"CREATE INDEX {kind.table}_key ON {kind.table} ({key})")
        for place, first in self._database.execute(_REPEATED.format(table=kind.table, key=key)):
            self.refuse(place, f"the same id as in {where(first)}")

    def _refuse(self, reason: str, statement: str) -> None:
        """Refuse the rows that a statement finds."""
        for (place,) in self._database.execute(statement):
            self.refuse(place, reason)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Tell the errors of the database, whose file is a temporary one, as ours."""
        with translate_errors(TEMPORARY, "write"):
            yield


def _named(kind: Kind) -> str:
    """Return the columns of a kind."""
    return ", ".join(f'"{key}"' for key in kind.keys)


def _kind_of(table: str) -> Kind:
    """Return the kind of versions that go into a table."""
    return next(kind for kind in VERSIONS if kind.table == table)


def _version_statement(table: str, more: str = "") -> tuple[Kind, str]:
    """Return the kind that a table is of, and the beginning of a question for its rows in the order of a version."""
    kind = _kind_of(table)
    named = ", ".join(f'staged."{key}"' for key in kind.keys)
    return kind, (
        f"SELECT staged.rowid, staged.newest, change.at, {named}{more} FROM {table} AS staged"
        " CROSS JOIN change ON change.uid = staged.change"
    )


def _version(kind: Kind, row: Sequence[Any]) -> StagedVersion:
    """Return the version of a row of its columns."""
    number, newest, at, uid, change, created_at, removed, *facts = row
    for position in _FLAGGED[kind.name]:
        facts[position] = bool(facts[position])
    return StagedVersion(number, bool(newest), at, uid, change, created_at, bool(removed), tuple(facts))


_FLAGGED = {kind.name: [at for at, key in enumerate(kind.keys[len(VERSION) :]) if key in FLAGS] for kind in VERSIONS}
"""Which of the facts of a kind are true or false, which SQLite gives as numbers."""

_MET = "CREATE TABLE {table}_met (row INTEGER PRIMARY KEY, here, wins, arrives)"
_OF_ANOTHER_CHANGE = {
    "undoes": "it undoes a change that is not in the file",
    "part_of": "it is part of a change that is not in the file",
}
_REPEATED = """
    SELECT later.place, earlier.place FROM {table} AS later
    JOIN (SELECT {key}, min(rowid) AS first FROM {table} GROUP BY {key} HAVING count(*) > 1) USING ({key})
    JOIN {table} AS earlier ON earlier.rowid = first WHERE later.rowid <> first ORDER BY later.rowid
"""
_WITHOUT_CHANGE = "SELECT place FROM {table} WHERE change NOT IN (SELECT uid FROM change) ORDER BY rowid"
_NAMES_NOTHING = """
    SELECT place FROM change WHERE {key} NOT IN (SELECT uid FROM change WHERE undoes IS NULL) ORDER BY rowid
"""
_PART_OF_A_PART = """
    SELECT place FROM change WHERE part_of IN (SELECT uid FROM change WHERE part_of IS NOT NULL) ORDER BY rowid
"""
_OLDER = """
    UPDATE {table} SET newest = 0 WHERE rowid IN (SELECT row FROM (
        SELECT {table}.rowid AS row,
            row_number() OVER (PARTITION BY {table}.uid ORDER BY change.at DESC, change.uid DESC) AS place
        FROM {table} JOIN change ON change.uid = {table}.change
        WHERE {table}.uid IN (SELECT uid FROM {table} GROUP BY uid HAVING count(*) > 1)
    ) WHERE place > 1)
"""
_UNMET_COUNT = "SELECT count(*), count(*) FILTER (WHERE newest AND NOT removed)"
_UNMET = "FROM {table} AS staged WHERE NOT EXISTS (SELECT 1 FROM {table}_met AS met WHERE met.row = staged.rowid)"
_ARRIVES = """
    SELECT change FROM {table} AS staged LEFT JOIN {table}_met AS met ON met.row = staged.rowid
    WHERE met.arrives IS NOT FALSE
"""
_WRITES = f"""uid IN (
    WITH RECURSIVE wanted(uid) AS (
        SELECT * FROM ({" UNION ALL ".join(_ARRIVES.format(table=kind.table) for kind in VERSIONS)})
        UNION SELECT undoes FROM wanted JOIN change USING (uid) WHERE undoes IS NOT NULL
        UNION SELECT part_of FROM wanted JOIN change USING (uid) WHERE part_of IS NOT NULL
    ) SELECT uid FROM wanted)"""
"""A change that wrote what arrives, or that such a one names: another file may hold what that one wrote."""
