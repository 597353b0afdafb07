"""Which changes stand, and taking them back: undo, redo and their list.

An undo is a change like any other: it writes the versions again that stood before. What an import brought is the one
exception: it no longer stands while the import is undone, as if it had never come, so nothing is written of it.

Changes that are parts of one, such as the sets of a guided session, are taken together, by the first of them.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from kneetrack.domain.errors import NothingToDoError
from kneetrack.domain.records import Change
from kneetrack.domain.value import Value
from kneetrack.store import mapping
from kneetrack.store.mapping import CHANGE, VERSIONED, Versioned
from kneetrack.store.port import Database, Leave
from kneetrack.store.rules import here, newest
from kneetrack.store.rules import stands as version_stands
from kneetrack.store.writing import ChangeWriter, Role, Version

UNDO, REDO = "undo ", "redo "
"""How the command of a change begins that takes another one back, or brings it back."""


class _Found(Value):
    """A change that undo or redo is about: the first of its parts, and what was typed."""

    id: int
    command: str


def changes(database: Database, most: int | None = None) -> list[Change]:
    """Return the newest ordinary changes of this device that still hold anything, newest first."""
    limit = () if most is None else (most,)
    rows = database.rows(f"{_LIST}{' LIMIT ?' if limit else ''}", *limit)
    mapping.validate(CHANGE, ("uid", "at", "command", ""), rows)
    return [Change(uid, mapping.instant(at), command, undone=not up) for uid, at, command, up in rows]


def undo(database: Database, now: datetime, leave: Leave) -> str:
    """Take back the newest ordinary change of this device that stands, and return its command.

    A record that another device has changed since is left, and its uid told; where nothing else is left of a change,
    the one before it is taken back.
    """
    return _turn_first(database, _TO_UNDO, UNDO, now, leave)


def redo(database: Database, now: datetime, leave: Leave) -> str:
    """Bring back the oldest change that was undone since the newest ordinary one, and return its command.

    Records are left as `undo` leaves them.
    """
    return _turn_first(database, _TO_REDO, REDO, now, leave)


def stands(database: Database, change: int) -> bool:
    """Return whether an ordinary change was not undone since."""
    ((undone,),) = database.rows(f"SELECT {_UNDONE} FROM change WHERE id = ?", change)
    return not undone


def settle(database: Database, of: Versioned, brought_by: int) -> None:
    """Make current, of the records that an import brought, the newest version of each that stands."""
    its = f"uid IN (SELECT brought.uid FROM {of.table} AS brought WHERE brought.brought_by = ?)"
    database.execute(f"UPDATE {of.table} SET current = FALSE WHERE current AND {its}", brought_by)
    rule = f"{version_stands(of.table)} AND {newest(of.table)}"
    database.execute(f"UPDATE {of.table} SET current = TRUE WHERE {its} AND {rule}", brought_by)


def has_undone_imports(database: Database) -> bool:
    """Return whether a diary keeps what an import brought that was undone, for redo."""
    found = (f"SELECT 1 FROM {of.table} WHERE NOT {version_stands()}" for of in VERSIONED)
    return bool(database.rows(f"{' UNION ALL '.join(found)} LIMIT 1"))


def end_undone_imports(database: Database, now: datetime, given: Mapping[str, int]) -> None:
    """Let imports that were undone be a thing of the past, so that nothing of them is there twice when it comes again.

    What other devices may have, which is what was written up to the ids that are `given` by table, is taken back by a
    change that they can learn of, as every undo is; the rest goes. Redo brings back neither.
    """
    taken_back = {}
    for of in VERSIONED:
        known = given.get(of.table, 0)
        uids = [uid for (uid,) in database.rows(_UNDONE_UIDS.format(table=of.table), known)]
        taken_back[of] = [_version(row) for uid in uids for row in database.rows(_SHOWN[of.table], uid)]
        database.execute(_GONE.format(table=of.table), known)
        database.execute(f"UPDATE {of.table} SET brought_by = NULL WHERE NOT {version_stands()}")
        for uid in uids:
            database.execute(f"UPDATE {of.table} SET current = FALSE WHERE current AND uid = ?", uid)
            database.execute(f"UPDATE {of.table} SET current = TRUE WHERE uid = ? AND {newest(of.table)}", uid)
    if any(taken_back.values()):
        writer = ChangeWriter(database, now, f"{UNDO}import")
        for of, versions in taken_back.items():
            writer.write(of, versions)


def _turn_first(database: Database, candidates: str, verb: str, now: datetime, leave: Leave) -> str:
    """Turn the first change of which not all is left, and return its command."""
    passed = 0
    while rows := database.rows(f"{candidates} LIMIT 1 OFFSET ?", passed):
        mapping.validate(CHANGE, ("id", "command"), rows)
        change = _Found(*rows[0])
        if _turn(database, change, verb, now, leave):
            return change.command
        passed += 1
    raise NothingToDoError(f"There is nothing to {verb.strip()}.")


def _turn(database: Database, change: _Found, verb: str, now: datetime, leave: Leave) -> bool:
    """Write again what stood before a change, or what the change wrote; what an import brought stands or not.

    Returns whether anything was written: it is not where another device has changed all of it since.
    """
    touched = dict(database.rows(_TOUCHED, *[change.id] * 4 * len(VERSIONED)))
    its = [of for of in VERSIONED if of.table in touched]
    written = {of: _versions(database, of, change, verb, leave) for of in its if not touched[of.table]}
    if not any(touched.values()) and not any(written.values()):
        return False
    writer = ChangeWriter(database, now, f"{verb}{change.command}", Role(undoes=change.id))
    for of in its:
        if touched[of.table]:
            settle(database, of, change.id)
            written[of] = _versions(database, of, change, verb, leave)
        writer.write(of, written[of])
    return True


def _versions(database: Database, of: Versioned, change: _Found, verb: str, leave: Leave) -> list[Version]:
    """Return the versions of a table that are written again; what another device has changed since is left."""
    rows = database.rows((_BEFORE if verb == UNDO else _AFTER)[of.table], change.id, change.id)
    mapping.validate(of, ("uid", "removed", *of.facts), [row[:-1] for row in rows])
    for uid, *_, is_changed in rows:
        if is_changed:
            leave(uid)
    return [_version(row[:-1]) for row in rows if not row[-1]]


def _version(row: Any) -> Version:  # noqa: ANN401 - as the database has it
    """Return a version that is written again."""
    uid, removed, *facts = row
    return Version(uid, facts, removed=bool(removed))


_UNDONE_UIDS = f"SELECT DISTINCT uid FROM {{table}} WHERE id <= ? AND NOT {version_stands()} ORDER BY uid"
_GONE = f"""
    DELETE FROM {{table}} WHERE NOT {version_stands()} AND (id > ? OR EXISTS (
        SELECT 1 FROM {{table}} AS twin
        WHERE twin.uid = {{table}}.uid AND twin.change_id = {{table}}.change_id AND {version_stands("twin")}))
"""
_SHOWN = {
    of.table: f"SELECT uid, removed OR NOT current, {', '.join(of.facts)} FROM {of.table}"
    " WHERE uid = ? ORDER BY current DESC, id DESC LIMIT 1"
    for of in VERSIONED
}
"""What is shown of a record, or without that its last version as one that is removed."""

_IMPORTS = [f"SELECT brought_by FROM {of.table} WHERE brought_by IS NOT NULL" for of in VERSIONED]

_GROUP = "coalesce(change.part_of, change.id)"
"""The first of the changes that a change is a part of, which is itself for most."""

_PARTS = f"SELECT part.id FROM change AS part WHERE part.id = {_GROUP} OR part.part_of = {_GROUP}"
_HOLDS = " OR ".join(
    (
        *(f"EXISTS (SELECT 1 FROM {of.table} WHERE change_id IN ({_PARTS}) AND {here()})" for of in VERSIONED),
        *(f"{_GROUP} IN ({brought})" for brought in _IMPORTS),
    )
)
"""A change, or another part of it, still holds a version that was written here, or one that it brought; a purge may
have left none."""

_COUNTS = " OR ".join(
    (
        *(
            f"EXISTS (SELECT 1 FROM {of.table} WHERE change_id = verb.id AND ({here()} OR {version_stands()}))"
            for of in VERSIONED
        ),
        *(f"verb.undoes IN ({brought})" for brought in _IMPORTS),
    )
)
"""An undo or a redo counts unless an import brought it that was undone, or it holds nothing any more."""

_LAST_VERB = f"""
    SELECT substr(verb.command, 1, {len(UNDO)}) FROM change AS verb WHERE verb.undoes = {_GROUP} AND ({_COUNTS})
    ORDER BY verb.at DESC, verb.uid DESC LIMIT 1
"""
_UNDONE = f"(coalesce(({_LAST_VERB}), '') = '{UNDO}')"
"""A change does not stand when what names it last is an undo.

Counting who names it would not do: two copies of one file may each undo the same change.
"""

_OWN = "change.undoes IS NULL AND change.device IN (SELECT uid FROM device)"
_ORDINARY = f"{_OWN} AND ({_HOLDS})"
"""The changes of this device that are neither undo nor redo."""

_NEWEST_FIRST = "ORDER BY change.at DESC, change.uid DESC"

_LIST = f"""
    SELECT change.uid, change.at, change.command, NOT {_UNDONE} FROM change
    WHERE {_ORDINARY} AND change.part_of IS NULL {_NEWEST_FIRST}
"""
_TO_UNDO = f"""
    SELECT {_GROUP}, (SELECT first.command FROM change AS first WHERE first.id = {_GROUP})
    FROM change WHERE {_ORDINARY} AND NOT {_UNDONE} {_NEWEST_FIRST}
"""
_TO_REDO = f"""
    SELECT change.id, change.command FROM change
    WHERE change.id IN (SELECT named.undoes FROM change AS named WHERE named.undoes IS NOT NULL AND named.at > (
        SELECT change.at FROM change WHERE {_OWN} {_NEWEST_FIRST} LIMIT 1))
    AND {_ORDINARY} AND {_UNDONE} ORDER BY change.at, change.uid
"""
_TOUCHED = " UNION ALL ".join(
    f"""
    SELECT '{of.table}', EXISTS (SELECT 1 FROM {of.table} WHERE brought_by = ?)
    WHERE EXISTS (SELECT 1 FROM {of.table} WHERE brought_by = ?)
    OR EXISTS (SELECT 1 FROM {of.table} WHERE {here()} AND change_id IN (
        SELECT part.id FROM change AS part WHERE part.id = ? OR part.part_of = ?))
    """
    for of in VERSIONED
)
"""The tables that a change wrote to or brought versions of, and whether it brought them."""


def _mine(of: Versioned) -> str:
    """Return the records that a change and its parts wrote: the instant of the first version, and the last version."""
    return f"""
        WITH mine AS (
            SELECT version.uid AS uid, min(own.at) AS at, max(version.id) AS latest, max(own.at) AS last
            FROM change AS own JOIN {of.table} AS version ON version.change_id = own.id
            WHERE (own.id = ? OR own.part_of = ?) AND {here("version")} GROUP BY version.uid)
    """


def _facts(of: Versioned) -> str:
    """Return the columns of a version that is written again."""
    return ", ".join(f"version.{fact}" for fact in of.facts)


def _changed_since(of: Versioned) -> str:
    """Return the condition that a sync brought a version of a record that is later than what a change wrote."""
    return f"""EXISTS (
        SELECT 1 FROM {of.table} AS later JOIN change AS its ON its.id = later.change_id
        JOIN change AS brought ON brought.id = later.brought_by
        WHERE later.uid = mine.uid AND brought.device IS NULL AND later.change_id < later.brought_by
        AND its.at > mine.last
    )"""


_BEFORE = {
    of.table: f"""
        {_mine(of)}, stood AS (
            SELECT mine.uid AS uid, mine.latest AS latest, {_changed_since(of)} AS changed, (
                SELECT earlier.id FROM {of.table} AS earlier JOIN change AS its ON its.id = earlier.change_id
                WHERE earlier.uid = mine.uid AND its.at < mine.at AND {version_stands("earlier")}
                ORDER BY its.at DESC, its.uid DESC LIMIT 1) AS before
            FROM mine)
        SELECT version.uid, stood.before IS NULL OR version.removed, {_facts(of)}, stood.changed
        FROM stood JOIN {of.table} AS version ON version.id = coalesce(stood.before, stood.latest) ORDER BY version.id
    """
    for of in VERSIONED
}
"""The versions that stood before a change, and of what it wrote first, that without anything left to show."""

_AFTER = {
    of.table: f"""
        {_mine(of)}
        SELECT version.uid, version.removed, {_facts(of)}, {_changed_since(of)}
        FROM mine JOIN {of.table} AS version ON version.id = mine.latest ORDER BY version.id
    """
    for of in VERSIONED
}
"""The versions that a change wrote."""
