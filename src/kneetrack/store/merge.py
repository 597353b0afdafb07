"""Two copies of a diary made one: the changes and versions that only one of them has are added to the other.

The current version of a record is the one of the latest change, by its instant and then its uid, wherever it was
written, so that the order in which copies are merged makes no difference. What has a tombstone on either side stays
out, or goes.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol, TypeAlias

from kneetrack.domain.records import MAX_NOTE, Counts
from kneetrack.domain.text import clean
from kneetrack.domain.value import Value
from kneetrack.store.mapping import VERSIONED, WITH_RANDOM_UIDS, Versioned, after, checksum, random_uid, stamp
from kneetrack.store.port import Database
from kneetrack.store.rules import INSERTS, OWN_DEVICE, stands
from kneetrack.store.writing import add_tombstones, delete_versions, hold

FAR = timedelta(days=36525)
"""No clock is a hundred years ahead; what says so would put every later change here beyond it."""

SYNC = "sync"
"""The command of the changes that know what a sync brought."""

_MANY = 1000
"""So many versions change what is best asked how: what a sync brings is most often a few."""

MOST_CONTRADICTIONS = 100
"""How many are looked for: more would not be read."""

ANOTHER_CHANGE = "conflicts with your diary’s version of this change"
FAR_AHEAD = "this change is dated a hundred years ahead"
ANOTHER_VERSION = "your diary says something else here of the same change"
TOO_LONG = f"load or note must be a text of at most {MAX_NOTE} characters"


class StagedChange(Value):
    """A change that a file tells; `row` is its number there. One that the import makes itself has no instant yet."""

    row: int
    uid: str
    at: str | None
    device: str | None
    command: str
    undoes: str | None
    part_of: str | None


class StagedVersion(Value):
    """A version that a file tells: its number there, whether it is its record's newest there, and what it says.

    `at` is the instant of its change, None for that of the import itself.
    """

    row: int
    newest: bool
    at: str | None
    uid: str
    change: str
    created_at: str
    removed: bool
    facts: tuple[Any, ...]


class Met(Value):
    """What a staged version met in the diary.

    `here` is the id of the version of its record that is current there, `wins` whether the staged one is later, and
    `arrives` whether the diary has it not.
    """

    row: int
    here: int | None
    wins: bool
    arrives: bool


class Unmet(Value):
    """How many staged versions met nothing in the diary, and how many records they are of that a merge would show."""

    versions: int
    new: int


class Staged(Protocol):
    """What a file holds, each of its rows looked at, in pieces that fit into memory and into one statement.

    With `of_changes` it tells the changes that wrote its rows; otherwise they are all of one change that the import
    makes, and a row that says what the diary has said before adds nothing.
    """

    of_changes: bool

    def uids(self, table: str) -> Iterator[list[str]]:
        """Yield the uids of what goes into a table, each once."""

    def changes(self, uids: Sequence[str]) -> list[StagedChange]:
        """Return some changes."""

    def versions(self, table: str, uids: Sequence[str]) -> list[StagedVersion]:
        """Return the versions of some records."""

    def changes_after(self, at: str) -> list[int]:
        """Return the first of the changes that are later than an instant, by their numbers."""

    def tombstones(self) -> Iterator[list[tuple[str, str]]]:
        """Yield the uid of each record that was purged, and when."""

    def forget(self) -> None:
        """Forget what was met before."""

    def meet(self, table: str, met: Iterable[Met]) -> None:
        """Keep what versions met."""

    def unmet(self, table: str) -> Unmet:
        """Return how many versions met nothing; they all arrive."""

    def too_long(self, table: str, most: int) -> list[int]:
        """Return the first of the versions that met nothing and hold a text of more characters, by their numbers."""

    def arriving_changes(self, *, naming: bool = False) -> Iterator[list[StagedChange]]:
        """Yield the changes that versions which arrive were written by, and those that they name, in the file's order.

        With `naming` only those that name another change.
        """

    def arriving(self, table: str) -> Iterator[list[tuple[StagedVersion, int | None, bool]]]:
        """Yield the versions that arrive, in the order of the file: each with `here` and `wins` as in Met."""


class Comparison(Value):
    """What a merge would do.

    `counts` has a table's counts by its name, where the file holds anything of it; `versions` is how many versions
    arrive, `kept_out` how many records of the file stay out because they were purged here, `purges` how many
    records of this diary the tombstones of the file would purge, and `tombstones` how many of them are news.
    `contradictions` are rows of the file that conflict with the diary: the table, the number there, and why.
    """

    counts: dict[str, Counts]
    versions: int
    kept_out: int
    purges: int
    tombstones: int
    contradictions: list[tuple[str, int, str]]

    @property
    def empty(self) -> bool:
        """Return whether a merge would write nothing."""
        return not (self.versions or self.tombstones)


NOTHING = Comparison({}, 0, 0, 0, 0, [])


class _Version(Value):
    """A version that the diary has."""

    uid: str
    id: int
    change: str
    at: str
    current: bool
    stands: bool
    created_at: str
    removed: bool
    facts: tuple[Any, ...]


def compare(database: Database | None, staged: Staged, now: datetime) -> Comparison:
    """Return what a merge would do to a diary, None being one that is not there yet.

    What is staged keeps what `merge` needs to know of it.
    """
    staged.forget()
    contradictions = _contradictory_changes(database, staged, now)
    counts, versions, kept_out = {}, 0, 0
    for of in VERSIONED:
        table = _Comparing(database, of, staged)
        contradictions += sorted(table.contradictions)
        versions += table.arriving
        kept_out += len(table.kept_out)
        if table.every:
            counts[of.table] = table.counts()
    purges, tombstones = 0, 0
    for piece in staged.tombstones():
        purges += len(_there(database, [uid for uid, _ in piece]))
        tombstones += len(_news(database, piece))
    return Comparison(counts, versions, kept_out, purges, tombstones, contradictions[:MOST_CONTRADICTIONS])


def merge(database: Database, staged: Staged, now: datetime, command: str | None, *, purge: bool) -> frozenset[str]:
    """Add what is staged and was compared to a diary, under one change of this device.

    That change is local: it holds nothing itself, one undo of it takes back what came in, and it is never exported.
    It is written after the changes that it brings, which stay what they are. Without a command it is that of a sync,
    which is of no device: neither it nor what it brings is a step of undo. With `purge` the records that the
    file's tombstones name are deleted here, which no undo brings back; without, they stay, and so do the tombstones
    of what is not here. Returns the uids of the records that were purged. Raises NotADiaryError when the diary does
    not keep what is written to it.
    """
    purged: set[str] = set()
    for piece in staged.tombstones():
        purged |= _keep_tombstones(database, piece, purge=purge)
    written = 0
    if any(True for of in VERSIONED for _ in staged.arriving(of.table)):
        brought_by = _write_merge(database, staged, now, command)
        written = sum(_write_versions(database, of, staged, brought_by) for of in VERSIONED)
    if command or written >= _MANY:
        _analyze(database)
    return frozenset(purged)


Origin: TypeAlias = Literal["here", "elsewhere", "purged"]


def origin(database: Database, uid: str) -> Origin | None:
    """Return where a session or a pain was first written, or that it was purged; None for what the diary never had."""
    if database.rows("SELECT 1 FROM tombstone WHERE uid = ?", uid):
        return "purged"
    written = "SELECT change_id FROM session WHERE uid = ? UNION SELECT change_id FROM pain WHERE uid = ?"
    ((first,),) = database.rows(f"SELECT min(change_id) FROM ({written}) AS its", uid, uid)
    if first is None:
        return None
    is_own = "SELECT 1 FROM change WHERE id = ? AND device IN (SELECT uid FROM device)"
    return "here" if database.rows(is_own, first) else "elsewhere"


def refill(database: Database, staged: Staged, now: datetime) -> int:
    """Put what is staged, which is all that a diary held once, in the place of what a diary holds.

    What was purged here stays out, and how many records that are is returned. The diary keeps its ids of devices and
    its tombstones, and what it undoes is what it wrote before.
    """
    for table in (*(of.table for of in VERSIONED), "change"):
        database.execute(f"DELETE FROM {table}")
    kept_out = compare(database, staged, now).kept_out
    for piece in staged.tombstones():
        add_tombstones(database, piece)
    _write_changes(database, staged, stamp(now), 0)
    for of in VERSIONED:
        _write_versions(database, of, staged, None)
    _analyze(database)
    return kept_out


def _analyze(database: Database) -> None:
    """Have the database look at what it holds, to find its way in it."""
    for table in ("change", *(of.table for of in VERSIONED)):
        database.execute(f"ANALYZE {table}")


# Comparing


class _Comparing:
    """Looks at the staged versions of one table, and counts."""

    def __init__(self, database: Database | None, of: Versioned, staged: Staged) -> None:
        """Look at all of them."""
        self._of, self._of_changes = of, staged.of_changes
        self._new = self._changed = self._outdated = self.every = self.arriving = 0
        self.kept_out: set[str] = set()
        self.contradictions: list[tuple[str, int, str]] = []
        for uids in staged.uids(of.table):
            known = _known(database, of, uids)
            purged = _purged(database, uids) if of in WITH_RANDOM_UIDS else frozenset()
            self.kept_out |= purged
            there = staged.versions(of.table, [uid for uid in uids if uid in known or uid in purged])
            staged.meet(of.table, [self._meet(version, known.get(version.uid, [])) for version in there])
        unmet = staged.unmet(of.table)
        self.arriving += unmet.versions
        self._new += unmet.new
        self.every += unmet.new
        if not self._of_changes:
            self.contradictions += [(of.table, row, TOO_LONG) for row in staged.too_long(of.table, MAX_NOTE)]

    def counts(self) -> Counts:
        """Return the counts of records."""
        unchanged = self.every - self._new - self._changed - self._outdated
        return Counts(self._new, self._changed, unchanged, self._outdated)

    def _meet(self, version: StagedVersion, there: list[_Version]) -> Met:
        """Count a staged version whose record the diary has some version of or purged, and return what it meets."""
        if version.uid in self.kept_out:
            return Met(version.row, None, wins=False, arrives=False)
        here = next((one for one in there if one.current), None)
        arrives = self._arrives(version, there)
        wins = here is None or version.at is None or (version.at, version.change) > (here.at, here.change)
        if arrives:
            self._refuse_too_long(version, here)
        self._count(version, here, arrives=arrives, wins=wins)
        return Met(version.row, here and here.id, wins=wins, arrives=arrives)

    def _arrives(self, version: StagedVersion, there: list[_Version]) -> bool:
        """Return whether the diary has a version not.

        One that tells its change is looked for by that; any other by what it says, and does not come again when
        some version has said so.
        """
        standing = (one for one in there if one.stands)
        if not self._of_changes:
            return not any(_says(self._of, one, version) for one in standing)
        same = next((one for one in standing if one.change == version.change), None)
        if same and (same.created_at, same.removed, same.facts) != (version.created_at, version.removed, version.facts):
            self.contradictions.append((self._of.table, version.row, ANOTHER_VERSION))
        return same is None

    def _count(self, version: StagedVersion, here: _Version | None, *, arrives: bool, wins: bool) -> None:
        """Count a version whose record the diary has some version of."""
        self.arriving += arrives
        if not version.newest or (here is None and version.removed):
            return
        self.every += 1
        if here is None:
            self._new += 1
            return
        same = not here.removed and _says(self._of, here, version)
        if self._of_changes:
            same = (here.removed, here.facts) == (version.removed, version.facts)
        self._changed += arrives and wins and not same
        self._outdated += not (self._of_changes or arrives or same)

    def _refuse_too_long(self, version: StagedVersion, here: _Version | None) -> None:
        """Refuse texts that are too long, but for those that are here and only written out."""
        if self._of_changes:
            return
        facts = _as_typed(self._of, version.facts, here.facts if here else None)
        if any(name in _TYPED and len(fact or "") > MAX_NOTE for name, fact in zip(self._of.facts, facts, strict=True)):
            self.contradictions.append((self._of.table, version.row, TOO_LONG))


def _known(database: Database | None, of: Versioned, uids: Sequence[str]) -> dict[str, list[_Version]]:
    """Return all versions that a diary has of some records, by their uids."""
    found: dict[str, list[_Version]] = {}
    facts = ", ".join(f"version.{fact}" for fact in of.facts)
    statement = f"""
        SELECT version.uid, version.id, change.uid, change.at, version.current, {stands("version")},
            version.created_at, version.removed, {facts}
        FROM {of.table} AS version JOIN change ON change.id = version.change_id WHERE version.uid IN ({_marks(uids)})
    """
    for row in _rows(database, statement, *uids):
        uid, number, change, at, current, is_standing, created_at, removed, *says = row
        found.setdefault(uid, []).append(
            _Version(uid, number, change, at, current, is_standing, created_at, removed, tuple(says))
        )
    return found


def _contradictory_changes(database: Database | None, staged: Staged, now: datetime) -> list[tuple[str, int, str]]:
    """Return the staged changes that the diary has as other ones, and those from beyond all clocks."""
    found = [("change", row, FAR_AHEAD) for row in staged.changes_after(stamp(now + FAR))]
    for uids in staged.uids("change"):
        statement = f"SELECT uid, at, device, command FROM change WHERE uid IN ({_marks(uids)})"
        here = {uid: tuple(says) for uid, *says in _rows(database, statement, *uids)}
        found += [
            ("change", change.row, ANOTHER_CHANGE)
            for change in staged.changes([*here])
            if here[change.uid] != (change.at, change.device, change.command)
        ]
    return sorted(found)


def _says(of: Versioned, here: _Version, version: StagedVersion) -> bool:
    """Return whether a version that is not removed says the same as a staged one whose texts a file may write out."""
    return not here.removed and here.facts == _as_typed(of, version.facts, here.facts)


def _as_typed(of: Versioned, facts: tuple[Any, ...], here: tuple[Any, ...] | None) -> tuple[Any, ...]:
    """Return what a file says, with a text as it is here where the file writes its control characters out."""
    if here is None:
        return facts
    return tuple(
        own if name in _TYPED and clean(fact or "") == clean(own or "") else fact
        for name, fact, own in zip(of.facts, facts, here, strict=True)
    )


_TYPED = frozenset({"load", "note", "reason"})
"""The facts that people typed."""


# Tombstones


def _purged(database: Database | None, uids: Sequence[str]) -> frozenset[str]:
    """Return those of some records that were purged here."""
    statement = f"SELECT uid FROM tombstone WHERE uid IN ({_marks(uids)})"
    return frozenset(uid for (uid,) in _rows(database, statement, *uids))


def pending(database: Database, staged: Staged) -> list[tuple[str, str]]:
    """Return the tombstones of a file, each a uid and an instant, whose records a diary still has."""
    found = []
    for piece in staged.tombstones():
        there = _there(database, [uid for uid, _ in piece])
        found += [(uid, at) for uid, at in piece if uid in there]
    return found


def purge_named(database: Database, tombstones: Sequence[tuple[str, str]]) -> frozenset[str]:
    """Delete the records that tombstones name, keep the tombstones, and return the uids of what was deleted."""
    gone = delete_versions(database, [uid for uid, _ in tombstones])
    add_tombstones(database, tombstones)
    return frozenset(gone)


def _there(database: Database | None, uids: Sequence[str]) -> frozenset[str]:
    """Return those of some records that can be purged and have any version here."""
    found = [f"SELECT uid FROM {of.table} WHERE uid IN ({_marks(uids)})" for of in WITH_RANDOM_UIDS]
    return frozenset(uid for (uid,) in _rows(database, " UNION ".join(found), *[*uids] * len(found)))


def _news(database: Database | None, piece: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the tombstones that the diary has not, or has as later ones: of two the earlier is kept."""
    statement = f"SELECT uid, at FROM tombstone WHERE uid IN ({_marks(piece)})"
    here = dict(_rows(database, statement, *(uid for uid, _ in piece)))
    return [(uid, at) for uid, at in piece if uid not in here or at < here[uid]]


def _keep_tombstones(database: Database, piece: Sequence[tuple[str, str]], *, purge: bool) -> set[str]:
    """Keep tombstones, and delete the records that they name, or with `purge` false leave out those of records here.

    Returns the uids of what was deleted.
    """
    uids = [uid for uid, _ in piece]
    purged = delete_versions(database, uids) if purge else set()
    there = _there(database, uids)
    add_tombstones(database, [(uid, at) for uid, at in piece if uid not in there])
    return purged


# Writing


def _write_changes(database: Database, staged: Staged, at: str, last: int) -> None:
    """Write the changes that what arrives was written by, and those that they name.

    `last` is the id of the last change that there was; one that has no instant yet is of the instant `at`.
    """
    for piece in staged.arriving_changes():
        database.executemany(
            "INSERT INTO change (uid, at, device, command) VALUES (?, ?, ?, ?) ON CONFLICT (uid) DO NOTHING",
            [(change.uid, change.at or at, change.device, change.command) for change in piece],
        )
    for piece in staged.arriving_changes(naming=True):
        database.executemany(
            "UPDATE change SET undoes = (SELECT id FROM change AS other WHERE other.uid = CAST(? AS TEXT)),"
            " part_of = (SELECT id FROM change AS other WHERE other.uid = CAST(? AS TEXT)) WHERE uid = ? AND id > ?",
            [(change.undoes, change.part_of, change.uid, last) for change in piece],
        )


def _write_merge(database: Database, staged: Staged, now: datetime, command: str | None) -> int:
    """Write the changes that what arrives was written by, and after them that of the merge; return its id."""
    ((last, newest),) = database.rows("SELECT coalesce(max(id), 0), max(at) FROM change")
    _write_changes(database, staged, stamp(after(now, newest)), last)
    ((newest,),) = database.rows("SELECT max(at) FROM change")
    uid = random_uid()
    device = OWN_DEVICE if command else "NULL"
    ((written,),) = database.rows(
        f"INSERT INTO change (uid, at, device, command) VALUES (?, ?, {device}, ?) RETURNING id",
        uid,
        stamp(after(now, newest)),
        command or SYNC,
    )
    database.change = uid
    return int(written)


def _write_versions(database: Database, of: Versioned, staged: Staged, brought_by: int | None) -> int:
    """Write the versions of a table that arrive, each current where it is the latest; return how many they are."""
    written = 0
    for piece in staged.arriving(of.table):
        beaten = [here for version, here, wins in piece if version.newest and wins and here is not None]
        if beaten:
            database.execute(f"UPDATE {of.table} SET current = FALSE WHERE id IN ({_marks(beaten)})", *beaten)
        changes = _ids(database, {version.change for version, _, _ in piece})
        known = {} if staged.of_changes else _facts_here(database, of, [here for _, here, _ in piece if here])
        rows = []
        for version, here, wins in piece:
            uid, change, created_at, removed, facts = version[3:]
            if here in known:
                created_at, own = known[here]
                facts = _as_typed(of, facts, own)
            current = version.newest and (here is None or wins)
            says = checksum(of, (uid, change, created_at, removed, *facts))
            rows.append((uid, changes[change], created_at, removed, current, brought_by, *facts, says))
        hold(database, database.executemany(INSERTS[of.table], rows), len(rows))
        written += len(rows)
    return written


def _ids(database: Database, uids: Iterable[str]) -> dict[str, int]:
    """Return the ids of some changes by their uids."""
    bound = [*uids]
    return dict(database.rows(f"SELECT uid, id FROM change WHERE uid IN ({_marks(bound)})", *bound))


def _facts_here(database: Database, of: Versioned, ids: Sequence[int]) -> dict[int | None, tuple[str, tuple[Any, ...]]]:
    """Return of some versions when their records were first written, and what they say, by their ids.

    When a record was first written is known better here than by a spreadsheet, and so is a text that a file shows
    with its control characters written out.
    """
    statement = f"SELECT id, created_at, {', '.join(of.facts)} FROM {of.table} WHERE id IN ({_marks(ids)})"
    return {row[0]: (row[1], tuple(row[2:])) for row in database.rows(statement, *ids)}


def _rows(database: Database | None, statement: str, *values: object) -> list[Any]:
    """Return what a statement finds in a diary; nothing in one that is not there yet."""
    return database.rows(statement, *values) if database else []


def _marks(values: Sequence[object]) -> str:
    """Return a question mark for each value, for IN, which is never empty."""
    return ", ".join("?" * len(values)) or "NULL"
