"""Two copies of a journal made one: the changes and versions that only one of them has are added to the other.

The current version of a record is the one of the latest change, by its instant and then its uid, wherever it
was written, so that the order in which copies are united makes no difference.
"""

import os
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote
from uuid import uuid4

from sqlalchemy import text
from sqlalchemy.engine import Connection

from kneetrack.store import rows
from kneetrack.store.portable.record import KINDS, Kind, columns
from kneetrack.store.rows import STANDS
from kneetrack.text import clean

if TYPE_CHECKING:
    from kneetrack.store.portable.stage import Place, Stage


class Counts(NamedTuple):
    """How many records of a kind a file adds, changes, and leaves as they are."""

    new: int
    changed: int
    unchanged: int


class Comparison(NamedTuple):
    """What an import would do: counts by kind, how many versions it adds, and rows that contradict the journal."""

    counts: dict[str, Counts]
    versions: int
    contradictions: "list[tuple[Place, str]]"


NOTHING = Comparison({}, 0, [])


def attach(connection: Connection, stage: "Stage") -> None:
    """Let a connection to the journal see what is staged, as the schema `stage`."""
    own: Any = connection.connection.driver_connection
    own.create_function("clean", 1, clean, deterministic=True)
    own.execute("ATTACH ? AS stage", (f"file://{quote(os.fsencode(stage.path))}?mode=ro",))


def compare(connection: Connection, stage: "Stage") -> Comparison:
    """Return what a stage that is attached would do to the journal."""
    counts, versions = {}, 0
    for name, kind in KINDS.items():
        new, changed, every, arriving = _ask(connection, _COUNT, kind, stage)[0]
        versions += arriving
        if every:
            counts[name] = Counts(new, changed, every - new - changed)
    contradictions = [(place, _OTHER_CHANGE) for (place,) in _ask(connection, _CHANGE_DIFFERS, None, stage)]
    for kind in KINDS.values():
        if stage.of_changes:
            contradictions += [(place, _OTHER_VERSION) for (place,) in _ask(connection, _VERSION_DIFFERS, kind, stage)]
    contradictions += [(place, _TOO_LONG) for (place,) in _ask(connection, _LONG, KINDS["sessions"], stage)]
    return Comparison(counts, versions, contradictions)


def unite(connection: Connection, stage: "Stage", now: datetime, command: str) -> None:
    """Add what a stage has and the journal has not, under one change of this device that one undo takes back.

    That change is local: it holds nothing itself and is never exported. What it brings keeps its own changes.
    """
    newest = connection.execute(text("SELECT max(at) FROM change")).scalar()
    last = connection.execute(text("SELECT coalesce(max(id), 0) FROM change")).scalar()
    at = rows.stamp(rows.after(now, newest and rows.instant(newest)))
    staged = connection.execute(text("SELECT max(coalesce(at, :at)) FROM stage.change"), {"at": at}).scalar()
    local = rows.stamp(rows.after(now, rows.instant(max(filter(None, (newest, staged, at))))))
    connection.execute(text(_CHANGES), {"at": at})
    connection.execute(text(_LOCAL), {"uid": uuid4().hex, "at": local, "command": command})
    bound = {"import": connection.execute(text("SELECT max(id) FROM change")).scalar(), "last": last, "at": at}
    connection.execute(text(_UNDOES), bound)
    for kind in KINDS.values():
        _ask(connection, _GIVE_WAY, kind, stage, bound)
        _ask(connection, _ADD, kind, stage, bound)
    connection.execute(text("ANALYZE main"))


def _ask(
    connection: Connection, statement: str, kind: Kind | None, stage: "Stage", bound: dict[str, Any] | None = None
) -> list[Any]:
    """Run a statement about the staged rows of a kind, and return what it finds."""
    facts = columns(kind) if kind else []
    said = " AND ".join((_SAID_FACT if fact in _TEXTS else _SAME_FACT).format(fact) for fact in facts)
    table = kind.table if kind else ""
    words = statement.format(
        table=table,
        stands=STANDS,
        facts="".join(f', "{fact}"' for fact in facts),
        staged_facts="".join(f', staged."{fact}"' for fact in facts),
        differs=" OR ".join(f"NOT ({_SAME_FACT.format(fact)})" for fact in ("made", "removed", *facts)),
        arrives=_ARRIVES.format(
            table=table, stands=STANDS, known=_KNOWN_CHANGE if stage.of_changes else f"NOT here.removed AND {said}"
        ),
        wins=_WINS.format(table=table),
    )
    found = connection.execute(text(words), {"at": _LATEST, **(bound or {})})
    return list(found) if found.returns_rows else []


_LATEST = "9999-12-31"
"""When the change of an import is written, where only the order matters: after all others, and no mere number."""

_OTHER_CHANGE = "this change is another one in your journal"
_OTHER_VERSION = "your journal says something else here of the same change"
_TOO_LONG = "load or note must be a text of at most 2000 characters"

_SAME_FACT = 'here."{0}" IS staged."{0}"'
_SAID_FACT = "clean(coalesce(here.{0}, '')) = clean(coalesce(staged.{0}, ''))"
_TEXTS = frozenset({"load", "note", "reason"})
"""Facts that people typed: a file may show them made harmless, and an empty one as none."""

_KNOWN_CHANGE = "here.change_id = known.id"
_ARRIVES = "NOT EXISTS (SELECT 1 FROM {table} AS here WHERE here.uid = staged.uid AND {stands} AND {known})"
_WINS = """(coalesce(written.at, :at), written.uid) > (
    SELECT change.at, change.uid FROM {table} AS here JOIN change ON change.id = here.change_id
    WHERE here.uid = staged.uid AND here.current)"""
_STAGED = """
    FROM stage.{table} AS staged JOIN stage.change AS written ON written.uid = staged.change
    LEFT JOIN main.change AS known ON known.uid = staged.change
"""
_COUNT = (
    """
    SELECT coalesce(sum(newest AND NOT here AND NOT removed), 0),
        coalesce(sum(newest AND here AND arrives AND coalesce(wins, 0)), 0),
        coalesce(sum(newest), 0), coalesce(sum(arrives), 0)
    FROM (SELECT staged.newest, staged.removed, {wins} AS wins, {arrives} AS arrives,
        EXISTS (SELECT 1 FROM {table} AS here WHERE here.uid = staged.uid AND here.current) AS here"""
    + _STAGED
    + ")"
)
_CHANGE_DIFFERS = """
    SELECT staged.place FROM stage.change AS staged JOIN main.change AS here ON here.uid = staged.uid
    WHERE NOT (here.at IS staged.at AND here.device IS staged.device AND here.command IS staged.command) LIMIT 20
"""
_VERSION_DIFFERS = (
    "SELECT staged.place"
    + _STAGED
    + " JOIN main.{table} AS here ON here.uid = staged.uid AND here.change_id = known.id"
    + " WHERE {stands} AND ({differs}) LIMIT 20"
)
_LONG = (
    "SELECT staged.place" + _STAGED + " WHERE (length(staged.load) > 2000 OR length(staged.note) > 2000) AND {arrives}"
    " LIMIT 20"
)
_LOCAL = "INSERT INTO change (uid, at, device, command) SELECT :uid, :at, uid, :command FROM device"
_CHANGES = """
    INSERT INTO change (uid, at, device, command) SELECT uid, coalesce(at, :at), device, command FROM stage.change
    WHERE uid NOT IN (SELECT uid FROM main.change) ORDER BY at, uid
"""
_UNDOES = """
    UPDATE change SET undoes = (
        SELECT other.id FROM stage.change AS staged JOIN main.change AS other ON other.uid = staged.undoes
        WHERE staged.uid = change.uid)
    WHERE id > :last AND uid IN (SELECT uid FROM stage.change WHERE undoes IS NOT NULL)
"""
_GIVE_WAY = (
    "UPDATE {table} SET current = 0 WHERE current AND uid IN (SELECT staged.uid"
    + _STAGED
    + " WHERE staged.newest AND {wins} AND {arrives})"
)
_ADD = (
    """
    INSERT INTO {table} (uid, change_id, made, removed, current, brought_by{facts})
    SELECT staged.uid, known.id,
        coalesce(staged.made, (SELECT min(here.made) FROM {table} AS here WHERE here.uid = staged.uid), :at),
        staged.removed,
        staged.newest AND NOT EXISTS (SELECT 1 FROM {table} AS here WHERE here.uid = staged.uid AND here.current),
        :import{staged_facts}"""
    + _STAGED
    + "WHERE {arrives} ORDER BY staged.rowid"
)
