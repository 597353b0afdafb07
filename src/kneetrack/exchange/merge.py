"""Two copies of a journal made one: the changes and versions that only one of them has are added to the other.

The current version of a record is the one of the latest change, by its instant and then its uid, wherever it
was written, so that the order in which copies are united makes no difference.
"""

import os
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote
from uuid import uuid4

from kneetrack.domain.records import MAX_NOTE
from kneetrack.domain.text import clean
from kneetrack.exchange.record import KINDS, Kind, columns
from kneetrack.store.failures import translate_errors
from kneetrack.store.mapping import VERSIONED, after, checksum, instant, stamp
from kneetrack.store.port import Database
from kneetrack.store.rules import OWN_DEVICE, stands

if TYPE_CHECKING:
    from kneetrack.exchange.staging import Place, Stage

FAR = timedelta(days=36525)
"""No clock is a hundred years ahead; what says so would put every later change here beyond it."""


class Counts(NamedTuple):
    """How many records of a kind a file adds, changes, and leaves as they are.

    `outdated` ones say what the journal said once, before it was changed here, and are left as they are too.
    """

    new: int
    changed: int
    unchanged: int
    outdated: int


class Comparison(NamedTuple):
    """What an import would do: counts by kind, how many versions it adds, and rows that contradict the journal."""

    counts: dict[str, Counts]
    versions: int
    contradictions: "list[tuple[Place, str]]"


NOTHING = Comparison({}, 0, [])


def compare(connection: Database, stage: "Stage", now: datetime) -> Comparison:
    """Return what a stage would do to the journal, and keep for `unite` which of its rows arrive.

    Only temporary tables are written, which a connection that reads does not do unless it is told so.
    """
    own = _own(connection)
    own.create_function("clean", 1, clean, deterministic=True)
    own.create_function("summed", -1, _summed, deterministic=True)
    connection.allow_temporary_tables()
    with translate_errors(stage.path, "read"):
        own.execute("ATTACH ? AS stage", (f"file://{quote(os.fsencode(stage.path))}?mode=ro",))
    counts, versions = {}, 0
    for name, kind in KINDS.items():
        _run(connection, _arriving(kind, of_changes=stage.of_changes))
        ((new, changed, outdated, every, arriving),) = _run(connection, _COUNT.format(table=kind.table))
        versions += arriving
        if every:
            counts[name] = Counts(new, changed, every - new - changed - outdated, outdated)
    return Comparison(counts, versions, _contradictions(connection, stage, now))


def unite(connection: Database, stage: "Stage", now: datetime, command: str) -> None:
    """Add what a stage that was compared has and the journal has not, under one change of this device.

    That change is local: it holds nothing itself, one undo of it takes all back, and it is never exported. It is
    written after the changes that it brings, which stay what they are.
    """
    ((last, newest, staged),) = _run(connection, _NEWEST)
    at = after(now, newest)
    _run(connection, _CHANGES, at=stamp(at))
    brought = max(at, instant(staged)) if staged else at
    _run(connection, _LOCAL, uid=uuid4().hex, at=stamp(after(now, stamp(brought))), command=command)
    _run(connection, _UNDOES, last=last)
    for kind in KINDS.values():
        _run(connection, _GIVE_WAY.format(table=kind.table))
        _run(connection, _add(kind, of_changes=stage.of_changes))
    _run(connection, "ANALYZE main")


def _run(connection: Database, statement: str, **bound: object) -> list[Any]:
    """Run a statement, and return what it finds."""
    found: list[Any] = _own(connection).execute(statement, bound).fetchall()
    return found


def _own(database: Database) -> Any:  # noqa: ANN401 - the port does not promise it
    """Return SQLite's own connection."""
    return getattr(database, "connection")  # noqa: B009 - as above


def _summed(table: str, *said: object) -> int:
    """Return the checksum of a version of a table."""
    (of,) = (of for of in VERSIONED if of.table == table)
    return checksum(
        of._replace(facts=tuple(columns(next(kind for kind in KINDS.values() if kind.table == table)))), said
    )


def _contradictions(connection: Database, stage: "Stage", now: datetime) -> "list[tuple[Place, str]]":
    """Return the staged rows that cannot come in, the first of each kind and reason, with the reasons."""
    found = [(_CHANGE_DIFFERS, "this change is another one in your journal")]
    far = f"SELECT place FROM stage.change WHERE at > '{stamp(now + FAR)}'"
    found += [(far, "this change is dated a hundred years ahead")]
    if stage.of_changes:
        reason = "your journal says something else here of the same change"
        found += [(_version_differs(kind), reason) for kind in KINDS.values()]
    else:
        found += [(_too_long(), f"load or note must be a text of at most {MAX_NOTE} characters")]
    return [(place, reason) for statement, reason in found for (place,) in _run(connection, f"{statement} LIMIT 20")]


def _arriving(kind: Kind, *, of_changes: bool) -> str:
    """Return the statement that tells of each staged row what it meets in the journal.

    known: its change, where the journal has that; here: the version that is current; differs: whether that says
    something else; wins: whether the row is later; arrives: whether the journal has it not. A row that tells its
    change is looked for by that; any other by what it says, and does not come again when some version has said so.
    """
    facts = columns(kind)
    says = " AND ".join(_same(fact, "here", of_changes=of_changes) for fact in facts)
    said = " AND ".join(_same(fact, "some", of_changes=of_changes) for fact in facts)
    met = "some.change_id = known.id" if of_changes else f"NOT some.removed AND {said}"
    return f"""
        CREATE TEMP TABLE {kind.table}_arriving AS
        SELECT staged.rowid AS row, staged.place, staged.newest, staged.removed, known.id AS known, here.id AS here,
            NOT (here.removed IS staged.removed AND {says}) AS differs,
            (coalesce(written.at, '9999-12-31'), written.uid) > (theirs.at, theirs.uid) AS wins,
            NOT EXISTS (
                SELECT 1 FROM {kind.table} AS some WHERE some.uid = staged.uid AND {stands()} AND {met}
            ) AS arrives
        FROM stage.{kind.table} AS staged JOIN stage.change AS written ON written.uid = staged.change
        LEFT JOIN main.change AS known ON known.uid = staged.change
        LEFT JOIN main.{kind.table} AS here ON here.uid = staged.uid AND here.current
        LEFT JOIN main.change AS theirs ON theirs.id = here.change_id
    """


def _version_differs(kind: Kind) -> str:
    """Return the statement that finds the staged rows whose change is known here to have said something else."""
    same = " AND ".join(_same(fact, "here", of_changes=True) for fact in columns(kind))
    same += " AND here.created_at IS staged.made AND here.removed IS staged.removed"
    return f"""
        SELECT arriving.place FROM {kind.table}_arriving AS arriving
        JOIN stage.{kind.table} AS staged ON staged.rowid = arriving.row
        JOIN main.{kind.table} AS here ON here.uid = staged.uid AND here.change_id = arriving.known
        WHERE {stands()} AND NOT ({same})
    """


def _add(kind: Kind, *, of_changes: bool) -> str:
    """Return the statement that adds the rows that arrive.

    When a record was first written is known better here than by a spreadsheet, and so is a text that a file shows
    with its control characters written out.
    """
    facts = columns(kind)
    made = "staged.made" if of_changes else "coalesce(here.created_at, staged.made, written.at)"
    values = [
        f'staged."{fact}"'
        if of_changes or fact not in _TEXTS
        else f'CASE WHEN {_same(fact, "here", of_changes=False)} THEN here."{fact}" ELSE staged."{fact}" END'
        for fact in facts
    ]
    named = ", ".join(f'"{fact}"' for fact in facts)
    return f"""
        INSERT INTO {kind.table} (uid, change_id, created_at, removed, current, brought_by, checksum, {named})
        SELECT staged.uid, written.id, {made}, staged.removed,
            arriving.newest AND (here.id IS NULL OR arriving.wins), (SELECT max(id) FROM main.change),
            summed('{kind.table}', staged.uid, written.uid, {made}, staged.removed, {", ".join(values)}),
            {", ".join(values)}
        FROM {kind.table}_arriving AS arriving JOIN stage.{kind.table} AS staged ON staged.rowid = arriving.row
        JOIN main.change AS written ON written.uid = staged.change
        LEFT JOIN main.{kind.table} AS here ON here.id = arriving.here
        WHERE arriving.arrives ORDER BY arriving.row
    """


def _too_long() -> str:
    """Return the statement that finds texts that are too long, but for those that are here and only written out."""
    long = [
        f'length(staged."{fact}") > {MAX_NOTE} AND NOT coalesce({_same(fact, "here", of_changes=False)}, FALSE)'
        for fact in ("load", "note")
    ]
    return f"""
        SELECT arriving.place FROM session_arriving AS arriving
        JOIN stage.session AS staged ON staged.rowid = arriving.row
        LEFT JOIN main.session AS here ON here.id = arriving.here
        WHERE arriving.arrives AND ({" OR ".join(long)})
    """


def _same(fact: str, of: str, *, of_changes: bool) -> str:
    """Return whether a version says the same as the staged row; what people typed, as a file may show it."""
    if of_changes or fact not in _TEXTS:
        return f'{of}."{fact}" IS staged."{fact}"'
    return f"clean(coalesce({of}.\"{fact}\", '')) = clean(coalesce(staged.\"{fact}\", ''))"


_TEXTS = frozenset({"load", "note", "reason"})

_COUNT = """
    SELECT coalesce(sum(newest AND here IS NULL AND NOT removed), 0),
        coalesce(sum(newest AND arrives AND wins AND differs), 0),
        coalesce(sum(newest AND NOT arrives AND differs AND known IS NULL), 0),
        coalesce(sum(newest AND NOT (here IS NULL AND removed)), 0), coalesce(sum(arrives), 0)
    FROM {table}_arriving
"""
_CHANGE_DIFFERS = """
    SELECT staged.place FROM stage.change AS staged JOIN main.change AS here ON here.uid = staged.uid
    WHERE NOT (here.at IS staged.at AND here.device IS staged.device AND here.command IS staged.command)
"""
_NEWEST = """
    SELECT coalesce(max(id), 0), max(at), (SELECT max(at) FROM stage.change) FROM main.change
"""
_CHANGES = """
    INSERT INTO change (uid, at, device, command) SELECT uid, coalesce(at, :at), device, command FROM stage.change
    WHERE uid NOT IN (SELECT uid FROM main.change) ORDER BY at, uid
"""
_LOCAL = f"INSERT INTO change (uid, at, device, command) SELECT :uid, :at, {OWN_DEVICE}, :command"
_UNDOES = """
    UPDATE change SET undoes = (
        SELECT other.id FROM stage.change AS staged JOIN main.change AS other ON other.uid = staged.undoes
        WHERE staged.uid = change.uid)
    WHERE id > :last AND uid IN (SELECT uid FROM stage.change WHERE undoes IS NOT NULL)
"""
_GIVE_WAY = """
    UPDATE {table} SET current = 0 WHERE id IN (SELECT here FROM {table}_arriving WHERE newest AND arrives AND wins)
"""
