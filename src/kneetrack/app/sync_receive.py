"""What a sync receives: files of the folder into the diary, and what other devices purged out of it."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from kneetrack.app.results import NewDiary
from kneetrack.app.workspace import Diary, Workspace
from kneetrack.domain import settings
from kneetrack.domain.errors import KneetrackError, NoSuchFileError, UnreadableFileError
from kneetrack.domain.records import Counts
from kneetrack.domain.value import Value
from kneetrack.exchange import folder as shared
from kneetrack.exchange.folder import Found, KnownVersions
from kneetrack.store import merge, sync_state
from kneetrack.store.sync_state import Seen, State

if TYPE_CHECKING:
    from kneetrack.exchange.staging import Staging

WAITING = "says that records were purged, and waits for your consent"


class Received(Value):
    """What came: what is known of each file after it, the names of those that were read, and counts by kind.

    `pending` are the tombstones, by uid, of records that the diary still has; `wrote` says whether anything was written
    to it, and `new` what is to be told of a diary that was created for it.
    """

    files: dict[str, Seen]
    just_read: tuple[str, ...]
    counts: dict[str, Counts]
    pending: dict[str, str]
    wrote: bool
    new: NewDiary | None


class _Purged(Value):
    """The records that were purged because other devices say so."""

    uids: frozenset[str]

    @property
    def wrote(self) -> bool:
        """Return whether any was."""
        return bool(self.uids)


class _Added(Value):
    """What became of one file: counts, what contradicts the diary, and the tombstones of records that it has."""

    counts: Mapping[str, Counts]
    contradiction: str | None
    pending: tuple[tuple[str, str], ...]
    wrote: bool
    new: NewDiary | None = None


def any_missing(state: State, found: Mapping[str, Found]) -> bool:
    """Return whether a file is gone, or one of this device is not as it was written."""
    return any(
        name not in found or (name.startswith(state.devices) and _differs(found[name], seen))
        for name, seen in state.files.items()
    )


def purge(workspace: Workspace, received: Received) -> tuple[frozenset[str], dict[str, Seen]]:
    """Purge the records that others purged, and return their uids and what is known of the files after it."""
    done = workspace.write(partial(_purge, tombstones=[*received.pending.items()]))
    files = {
        name: seen._replace(problem=None) if seen.problem == WAITING else seen for name, seen in received.files.items()
    }
    return done.uids, files


def _differs(found: Found, seen: Seen) -> bool:
    """Return whether a file is another one than was seen."""
    return found.stat != seen.stat and (seen.digest is None or shared.digest_of(found) != seen.digest)


class Receiver:
    """Adds to the diary what files of the folder hold, and keeps what is known of each."""

    def __init__(self, workspace: Workspace, state: State, known: KnownVersions) -> None:
        """Take what was known before; `known` learns the versions that the files hold which are read."""
        self._workspace, self._known = workspace, known
        self._own, self._now = state.devices, sync_state.stamp(workspace.now)
        self._files = {**state.files}
        self._just_read: list[str] = []
        self._counts: dict[str, Counts] = {}
        self._pending: dict[str, str] = {}
        self._wrote = False
        self._new: NewDiary | None = None

    def receive(self, found: Mapping[str, Found], *, full: bool, again: bool) -> Received:
        """Read the files that are new, or with `full` all, and return what came; `again` tries what failed."""
        self._files = {name: seen for name, seen in self._files.items() if name in found}
        for each in found.values():
            if full or self._is_new(each, again=again):
                self._read(each)
        return Received(self._files, tuple(self._just_read), self._counts, self._pending, self._wrote, self._new)

    def _is_new(self, found: Found, *, again: bool) -> bool:
        """Return whether a file is to be read."""
        seen = self._files.get(found.name)
        if seen is None or (seen.problem and again) or _differs(found, seen):
            return True
        self._files[found.name] = seen._replace(stat=found.stat)
        return False

    def _read(self, found: Found) -> None:
        """Add to the diary what a file holds, or keep why not."""
        from kneetrack.exchange.staging import Staging  # noqa: PLC0415 - a sync without news needs none

        with Staging() as staging:
            try:
                shared.stage(found, staging, settings.checked)
            except NoSuchFileError:
                self._files.pop(found.name, None)
            except UnreadableFileError as error:
                if not self._is_removed(found):
                    self._leave(found, shared.why_left(error))
            except KneetrackError as error:
                self._leave(found, shared.why_left(error))
            else:
                why = self._add(found, staging)
                if why:
                    self._leave(found, why)

    def _add(self, found: Found, staging: "Staging") -> str | None:
        """Add to the diary what was staged of a file, and return why the file is left instead; None for one that came.

        What another device purged stays until `purge`.
        """
        if staging.refusals:
            return f"holds what cannot come in ({staging.refused[0]})"
        problem = None
        if staging.rows:
            done = self._workspace.write(partial(_add, staging=staging), example=False)
            if done.contradiction:
                return f"holds what cannot come in ({done.contradiction})"
            self._count(done)
            problem = WAITING if done.pending else None
        self._known.add(staging)
        self._just_read.append(found.name)
        self._files[found.name] = Seen(found.stat, shared.digest_of(found), problem, staging.newest(), self._now)
        return None

    def _count(self, done: _Added) -> None:
        self._wrote = self._wrote or done.wrote
        self._new = self._new or done.new
        self._pending |= dict(done.pending)
        for name, its in done.counts.items():
            before = self._counts.get(name, Counts())
            self._counts[name] = Counts(before.new + its.new, before.changed + its.changed)

    def _leave(self, found: Found, why: str) -> None:
        before = self._files.get(found.name)
        self._files[found.name] = Seen(found.stat, None, why, before and before.newest, before and before.read)

    def _is_removed(self, found: Found) -> bool:
        """Remove a damaged file of this device, because what it held is sent again; return whether that was done."""
        if found.device not in self._own or found.name == found.device:
            return False
        try:
            found.path.unlink()
        except OSError:
            return False
        self._files.pop(found.name, None)
        return True


# Each in one transaction


def _add(diary: Diary, staging: "Staging") -> _Added:
    """Add what a file holds and the diary has not, but purge nothing yet."""
    database = diary.store.writable()
    found = merge.compare(database, staging, diary.now)
    if found.contradictions:
        return _Added({}, found.contradictions[0][2], (), wrote=False)
    pending = tuple(merge.pending(database, staging))
    wrote = bool(found.versions) or found.tombstones > len(pending)
    if wrote:
        merge.merge(database, staging, diary.now, None, purge=False)
    return _Added({f"{table}s": its for table, its in found.counts.items()}, None, pending, wrote, diary.new)


def _purge(diary: Diary, tombstones: Sequence[tuple[str, str]]) -> _Purged:
    """Purge what others purged."""
    return _Purged(merge.purge_named(diary.store.writable(), tombstones))
