"""What a sync sends: what the diary has and the folder lacks, into files of this device, without what was purged."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import IO, TypeAlias

from kneetrack.app.workspace import Diary, Workspace
from kneetrack.domain.errors import UnreadableFileError
from kneetrack.domain.value import Value
from kneetrack.exchange import folder as shared
from kneetrack.exchange.folder import KnownVersions, Mark
from kneetrack.store import atomic, sync_state
from kneetrack.store.failures import translate_errors
from kneetrack.store.port import Database
from kneetrack.store.sync_state import Seen, State
from kneetrack.store.undo import has_undone_imports

_Missing: TypeAlias = Callable[[Database], Mapping[str, Sequence[int]]]


class Snapshot(Value):
    """How far a diary is, whether it goes on from the last sync, and the file of its tombstones, empty for none."""

    mark: Mark
    continues: bool
    tombstones: bytes
    has_undone_imports: bool


class Sent(Value):
    """What was sent: what is known of each file after it, how far the diary was, and how many versions went."""

    files: dict[str, Seen]
    mark: Mark
    number: int


class _WrittenOut(Value):
    """What was written for the folder: how far the diary was, and how many versions the folder lacked."""

    mark: Mark
    number: int


def snapshot(diary: Diary, state: State) -> Snapshot:
    """Return how far a diary is, and whether it is the one that was last synced here, and not an older copy of it."""
    database, tombstones = diary.store.database, BytesIO()
    continues = bool(state.devices) and shared.continues(database, state.devices[-1], state.last)
    any_tombstone = shared.lay_out(shared.tombstones(database), tombstones) > 0
    return Snapshot(
        shared.mark(database),
        continues,
        tombstones.getvalue() if any_tombstone else b"",
        has_undone_imports(database),
    )


def has_purged_more(here: Snapshot, state: State, files: Mapping[str, Seen]) -> bool:
    """Return whether the diary knows of other purged records than the file of this device lists."""
    seen = files.get(f"{state.devices[-1]}/{shared.PURGED}") if state.devices else None
    return bool(here.tombstones) and (seen is None or seen.digest != shared.digest_in(BytesIO(here.tombstones)))


class Sender:
    """Writes files of this device, and keeps what is known of each."""

    def __init__(self, workspace: Workspace, state: State, files: Mapping[str, Seen]) -> None:
        """Take what is known of the files that were read."""
        self._workspace, self._state, self._files = workspace, state, {**files}
        self._folder = Path(state.folder)

    def send(self, here: Snapshot, known: KnownVersions, just_read: Iterable[str], *, full: bool) -> Sent:
        """Put into files of this device what the diary has and no file holds, and take out what was purged.

        With `full` all versions are looked at, not only those since the last sync.
        """
        purged_more = has_purged_more(here, self._state, self._files)
        full = not self._take_out_purged([*self._files] if purged_more else just_read) or full
        own = self._folder / self._state.devices[-1]
        path = shared.file_for(own, self._workspace.now)
        if purged_more:
            self._sweep(path)
        old = self._read(path)
        full = old is None or full
        missing = partial(shared.missing, marks={} if full else self._state.marks, known=known)
        with _temporary() as lines:
            written = self._workspace.read(partial(_write_out, missing=missing, old=old or {}, lines=lines))
            if written.number:
                self._put(path, lines, written.mark.at)
        if purged_more:
            self._put(own / shared.PURGED, BytesIO(here.tombstones), None)
        return Sent(self._files, written.mark, written.number)

    def _take_out_purged(self, names: Iterable[str]) -> bool:
        """Write those of some files anew that are of this device and hold what was purged.

        Returns whether all of them are whole; one that is damaged goes, because what it held is sent again.
        """
        all_whole = True
        for name in names:
            path = self._folder / name
            if not name.startswith(self._state.devices) or self._files[name].problem:
                continue
            old = self._read(path)
            if old is None:
                all_whole = False
                continue
            with _temporary() as lines:
                if self._workspace.read(partial(_write_without_purged, old=old, lines=lines)):
                    self._put(path, lines, self._files[name].newest)
        return all_whole

    def _sweep(self, path: Path) -> None:
        """Remove what a kill left of files of this device, which may hold what was purged; `path` is its next file."""
        own = (self._folder / name for name in self._files if name.startswith(self._state.devices))
        for each in {path, self._folder / shared.INBOX, *own}:
            atomic.sweep(each)

    def _read(self, path: Path) -> shared.Lists | None:
        """Return what a file of this device holds; None for one that is damaged, which goes then."""
        try:
            return shared.read_own(path)
        except UnreadableFileError:
            with translate_errors(path, "write"):
                path.unlink()
            self._files.pop(self._name(path), None)
            return None

    def _put(self, path: Path, content: IO[bytes], newest: str | None) -> None:
        """Put a file of this device in its place."""
        digest = shared.digest_in(content)
        shared.put(path, content)
        now = sync_state.stamp(self._workspace.now)
        self._files[self._name(path)] = Seen(shared.stat_of(path), digest, None, newest, now)

    def _name(self, path: Path) -> str:
        return str(path.relative_to(self._folder))


def _temporary() -> IO[bytes]:
    """Return a file that has no name."""
    from tempfile import TemporaryFile  # noqa: PLC0415 - a sync without news needs none

    return TemporaryFile("w+b")


# Each in one transaction


def _write_out(diary: Diary, missing: _Missing, old: shared.Lists, lines: IO[bytes]) -> _WrittenOut:
    """Write a file of what this device sent before and of what the folder lacks."""
    database = diary.store.database
    ids = missing(database)
    number = sum(map(len, ids.values()))
    if number:
        shared.lay_out(shared.merged(old, shared.records(database, ids)), lines)
    return _WrittenOut(shared.mark(database), number)


def _write_without_purged(diary: Diary, old: shared.Lists, lines: IO[bytes]) -> bool:
    """Write a file anew without what was purged, and return whether it held any of that."""
    left = shared.without_purged(diary.store.database, old)
    if left is None:
        return False
    shared.lay_out(left, lines)
    return True
