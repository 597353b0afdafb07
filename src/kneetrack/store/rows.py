"""What every door knows of a row: which versions are shown, how instants and ids are written.

A version is shown when it is `current` and not `removed`. One that an import brought, and what is written here in its
place, knows that import as `brought_by`. When the import is undone such versions no longer stand: it is as if they
had never come, and a record may be left without any.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from uuid import NAMESPACE_OID, uuid4, uuid5

LIVE = "current AND NOT removed"

_UNDONE = "SELECT undoes FROM change WHERE undoes IS NOT NULL GROUP BY undoes HAVING count(*) % 2 = 1"
STANDS = f"(brought_by IS NULL OR brought_by NOT IN ({_UNDONE}))"
"""The versions that stand: not those of an import that was undone once more than redone, which counting tells,
because what undoes or redoes an import is never exported.
"""

HERE = "(brought_by IS NULL OR change_id > brought_by)"
"""The versions that were written here: an import is written after the changes that it brings."""

_OWN = "(SELECT device FROM change WHERE change.id = change_id) IS NOT NULL"
_BEFORE = """
    SELECT 1 FROM prescription AS earlier WHERE earlier.exercise = prescription.exercise
    AND earlier.made < prescription.made AND earlier.current AND NOT earlier.removed
"""
IN_PROGRAM = f"{LIVE} AND ({_OWN} OR NOT EXISTS ({_BEFORE}))"
"""The prescriptions that count: what an example program, whose change has no device, asks of an exercise counts only
where nothing was asked of it before.

Diaries that grew apart may bring an example each, and none is to take the place of what a person chose.
"""

NEIGHBOURS = "SELECT " + ", ".join(
    f"(SELECT {side}(uid) FROM {table} WHERE {'current AND ' * (table != 'change')} uid {sign} :uid)"
    for table in ("session", "pause", "change")
    for side, sign in (("max", "<"), ("min", ">"))
)
"""The ids next to `:uid` in the order of each table whose records have ids."""

SHORTEST_ID = 4


def stamp(at: datetime) -> str:
    """Return an instant as SQLModel writes it: in UTC, to the microsecond."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def instant(written: str) -> datetime:
    """Return the instant that a stamp stands for, in UTC."""
    return datetime.fromisoformat(written).replace(tzinfo=UTC)


def offset_min(at: datetime | None) -> int | None:
    """Return how many minutes a local time is ahead of UTC."""
    return None if at is None else int((at.utcoffset() or timedelta()).total_seconds() // 60)


def local(at: datetime | None, minutes: int | None) -> datetime | None:
    """Return an instant on the clock of who was so many minutes ahead of UTC."""
    return at and at.astimezone(timezone(timedelta(minutes=minutes or 0)))


def after(now: datetime, newest: datetime | None) -> datetime:
    """Return when a change is written: now in UTC, or just after the newest change when the clock ran back."""
    at = now.astimezone(UTC)
    return max(at, newest + timedelta(microseconds=1)) if newest else at


def new_uids(count: int) -> list[str]:
    """Return random ids for what one change writes; they ascend, so that (made, uid) is the order of writing."""
    return sorted(uuid4().hex for _ in range(count))


def uid_of(table: str, key: str) -> str:
    """Return the uid of a record that is known by its key, so that two copies agree on it."""
    return uuid5(NAMESPACE_OID, f"kneetrack {table} {key}").hex


def shortest(uid: str, neighbours: Iterable[str | None]) -> str:
    """Return the fewest first characters of an id, at least 4, that none of the others begins with."""
    shared = 0
    for other in neighbours:
        if other:
            same = next((at for at in range(len(uid)) if not other.startswith(uid[: at + 1])), len(uid))
            shared = max(shared, same)
    return uid[: max(SHORTEST_ID, shared + 1)]
