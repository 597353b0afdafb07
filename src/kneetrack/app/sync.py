"""Bring the diaries of several devices together, through a folder that something else carries.

What others gave is read through the staging and the merge of an import; what this diary has and the folder lacks is
put into a file of this device. Nothing here uses a network.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from time import sleep

from kneetrack.app.results.sync import IS_COPY, Automatic, FromInbox, Synced, Unread
from kneetrack.app.sync_receive import Receiver, any_missing, purge
from kneetrack.app.sync_send import Sender, has_purged_more, snapshot
from kneetrack.app.workspace import Diary, Workspace
from kneetrack.domain.errors import (
    FolderAwayError,
    KneetrackError,
    LockedError,
    NoFolderError,
    NotSyncedError,
    UnreadableFileError,
)
from kneetrack.domain.value import Value
from kneetrack.exchange import folder as shared
from kneetrack.exchange.folder import KnownVersions, Mark
from kneetrack.exchange.form import FORMAT
from kneetrack.store import atomic, mapping, sync_state
from kneetrack.store.failures import translate_errors
from kneetrack.store.sqlite import NEW_DEVICE
from kneetrack.store.sync_state import Seen, State
from kneetrack.store.undo import end_undone_imports

MOST_PURGED = 10
"""More records than these are not purged at once because another device says so, without being asked."""

_NOT_SYNCED = "Nothing was synced, because no backup could be made first"
_EMPTY = "has none of the files that it had (is it mounted? If it was emptied, name it again: kneetrack sync FOLDER)"

_TRIES, _PAUSE_S = 100, 0.1
"""How often and how far apart a sync looks whether another one has ended: ten seconds in all."""

_LONG = timedelta(3)
"""An automatic sync that has failed for so long is spoken of."""

Consent = Callable[[int], bool]
"""Is asked before so many records are purged that another device purged."""


def refuse(records: int) -> bool:  # noqa: ARG001 - as Consent takes it
    """Consent to nothing."""
    return False


def set_up(workspace: Workspace, folder: Path, *, auto: bool = False, consent: Consent = refuse) -> Synced:
    """Sync with a folder from now on, and do so once; the diary here gets an id of its own for it.

    A diary that is not there yet is created with what the folder holds. Raises NoDiaryError where neither holds
    anything, FolderAwayError, NotDoneError when no backup can be made first, and what writing raises.
    """
    path = workspace.place.path
    with _alone(workspace):
        files = shared.look(folder)
        if not files:
            workspace.require()
        before = sync_state.read(path)
        if workspace.exists():
            workspace.place.backend.back_up(workspace.now, _NOT_SYNCED)
        state = State(str(folder.absolute()), auto or bool(before and before.auto), before.devices if before else ())
        return _finish(workspace, state, consent)


def sync(workspace: Workspace, *, auto: bool | None = None, consent: Consent = refuse) -> Synced:
    """Bring the diary and the folder together; `auto` says whether that is to be automatic from now on.

    Raises NotSyncedError, FolderAwayError, LockedError, and what reading and writing raise.
    """
    with _alone(workspace):
        state = _state(workspace)
        if auto is not None:
            state = state._replace(auto=auto)
            sync_state.write(workspace.place.path, state)
        try:
            return _finish(workspace, state, consent)
        except KneetrackError as error:
            _note(workspace, error)
            raise


def automatic(workspace: Workspace) -> Automatic | None:
    """Sync where that is to be automatic, and return what is to be said of it, None for nothing.

    What goes wrong is kept for `status`, and raised nowhere.
    """
    try:
        with atomic.locked(workspace.place.path.absolute().parent, wait=False):
            return _automatic(workspace)
    except BlockingIOError:
        return None
    except OSError as error:
        _note(workspace, error)
        return None


def _automatic(workspace: Workspace) -> Automatic | None:
    """Do what `automatic` does, now that nobody else syncs the diary or ends its syncing."""
    state = sync_state.read(workspace.place.path)
    if state is None or not state.auto:
        return None
    try:
        done = _finish(workspace, state, refuse, by_hand=False)
    except Exception as error:  # noqa: BLE001 - the command that was asked for is not to fail for it
        _note(workspace, error)
        last = sync_state.instant(state.at)
        return Automatic(since=last) if last and workspace.now - last > _LONG else None
    said = Automatic(len(done.logged), len(done.noted), len(done.not_logged))
    return said if any(said) else None


def off(workspace: Workspace) -> Path:
    """Stop syncing, and return the folder, in which all stays as it is. Raises NotSyncedError and LockedError.

    The ids that the diary has there are kept, so that once it is synced again it is the same device.
    """
    with _alone(workspace):
        state = _state(workspace)
        sync_state.write(workspace.place.path, State("", auto=False, devices=state.devices))
    return Path(state.folder)


def _state(workspace: Workspace) -> State:
    state = sync_state.read(workspace.place.path)
    if state is None or not state.folder:
        raise NotSyncedError
    return state


@contextmanager
def _alone(workspace: Workspace) -> Iterator[None]:
    """Hold off every other sync of the diary.

    Raises LockedError where another one goes on and on, such as one that waits for an answer, and NoFolderError where
    a diary that was named has no folder to be in.
    """
    place = workspace.place.path.absolute().parent
    if workspace.place.named and workspace.place.backend.is_file and not place.is_dir():
        raise NoFolderError(place)
    with translate_errors(place, "create"):
        atomic.make_folder(place)
    with translate_errors(place, "read"), ExitStack() as held:
        for _ in range(_TRIES):
            if _is_held(held, place):
                break
            sleep(_PAUSE_S)
        else:
            raise LockedError(workspace.place.backend.shown)
        yield


def _is_held(held: ExitStack, place: Path) -> bool:
    """Return whether a folder is held now; nobody else may have it."""
    try:
        held.enter_context(atomic.locked(place, wait=False))
    except BlockingIOError:
        return False
    return True


def _note(workspace: Workspace, error: Exception) -> None:
    """Keep why a sync failed, where that is possible."""
    unexpected = f"The sync failed unexpectedly ({type(error).__name__}). To see why: kneetrack sync"
    said = str(error) if isinstance(error, KneetrackError) else unexpected
    state = sync_state.read(workspace.place.path)
    if state and said != state.problem:
        try:
            sync_state.write(workspace.place.path, state._replace(problem=said))
        except KneetrackError:
            return


def _finish(workspace: Workspace, state: State, consent: Consent, *, by_hand: bool = True) -> Synced:
    """Sync once, keep what is known after it, and purge from the backups what was purged."""
    with KnownVersions() as known:
        state, done = _run(workspace, state, known, consent, again=by_hand or state.format != FORMAT)
    sync_state.write(workspace.place.path, state)
    if done.purged:
        from kneetrack.app.changes import rewrite_backups  # noqa: PLC0415 - seldom

        done = done._replace(backups=rewrite_backups(workspace, done.purged))
    return done


def _run(
    workspace: Workspace, state: State, known: KnownVersions, consent: Consent, *, again: bool
) -> tuple[State, Synced]:
    """Read what is new, purge what others purged, and send what the folder lacks; `again` tries what failed.

    Returns what is known after it, and what came of it.
    """
    found = shared.look(Path(state.folder))
    if state.files and not any(name in found for name in state.files):
        raise FolderAwayError(Path(state.folder), _EMPTY)
    here = workspace.read(partial(snapshot, state=state)) if workspace.exists() else None
    full = here is None or not here.continues or any_missing(state, found)
    if here and here.has_undone_imports:
        workspace.write(partial(_end_undone_imports, given=state.marks if here.continues else {}))
        here = workspace.read(partial(snapshot, state=state))
    received = Receiver(workspace, state, known).receive(found, full=full, again=again)
    pending, files, purged = len(received.pending), received.files, frozenset[str]()
    agreed = pending <= MOST_PURGED or consent(pending)
    if pending and agreed:
        purged, files = purge(workspace, received)
    _require_something(workspace, files)
    if full:
        state = _ensure_device_id(workspace, state)
    state, lines = _take_inbox(workspace, state, again=again)
    wrote = received.wrote or lines.wrote or bool(pending and agreed)
    if here is None or full or received.just_read or wrote:
        here = workspace.read(partial(snapshot, state=state))
    mark, sent = here.mark, 0
    if full or received.just_read or mark.ids != state.marks or has_purged_more(here, state, files):
        files, mark, sent = Sender(workspace, state, files).send(here, known, received.just_read, full=full)
    now = sync_state.stamp(workspace.now)
    state = state._replace(marks=mark.ids, last=mark.last, format=FORMAT, files=files, at=now, problem=None)
    return state, Synced(
        Path(state.folder), state.auto, len({name.partition("/")[0] for name in files} - {*state.devices}),
        received.counts, sent, lines.logged, lines.noted, lines.not_logged, purged, 0 if agreed else pending,
        _unread(state, lines), workspace.read(Diary.recent) if wrote else None, received.new,
    )  # fmt: skip


def _require_something(workspace: Workspace, files: Mapping[str, Seen]) -> None:
    """Raise UnreadableFileError or NoDiaryError where there is no diary and the folder gave none."""
    if workspace.exists():
        return
    for name, seen in files.items():
        if seen.problem:
            raise UnreadableFileError(name, seen.problem)
    workspace.require()


def _ensure_device_id(workspace: Workspace, state: State) -> State:
    """Give the diary an id of its own, unless it has the one that it was last synced under here."""
    device = workspace.read(_mark).device
    if device in state.devices[-1:]:
        return state
    device = workspace.write(_be_another_device).device
    state = state._replace(devices=(*state.devices, device))
    # It is kept before anything is written under it: nobody else is to take it for theirs.
    sync_state.write(workspace.place.path, state)
    return state


def _take_inbox(workspace: Workspace, state: State, *, again: bool) -> tuple[State, FromInbox]:
    """Log what is in the inbox, and return what is known after it, and what came."""
    try:
        found = shared.read_inbox(Path(state.folder))
    except KneetrackError as error:
        return state, FromInbox(problem=shared.why_left(error))
    if found is None:
        return state, FromInbox()
    from kneetrack.app import inbox  # noqa: PLC0415 - for who has a phone

    return inbox.take(workspace, state, *found, again=again)


def _unread(state: State, lines: FromInbox) -> tuple[Unread, ...]:
    """Return what was left of the folder: files of devices, the inbox, and copies of that."""
    files = [Unread(name.partition("/")[0], name, seen.problem) for name, seen in state.files.items() if seen.problem]
    whole = [Unread("", shared.INBOX, lines.problem)] if lines.problem else []
    copies = [Unread("", name, IS_COPY) for name in shared.inbox_copies(Path(state.folder))]
    return (*files, *whole, *copies)


class _Named(Value):
    """The id that a diary was given."""

    device: str
    wrote: bool = True


class _Ended(Value):
    """That undone imports were let go of, which is no change of what the diary says."""

    wrote: bool = False


# Each in one transaction


def _mark(diary: Diary) -> Mark:
    return shared.mark(diary.store.database)


def _end_undone_imports(diary: Diary, given: Mapping[str, int]) -> _Ended:
    """Let go of what imports brought that were undone, here and where it was sent."""
    end_undone_imports(diary.store.writable(), diary.now, given)
    return _Ended()


def _be_another_device(diary: Diary) -> _Named:
    """Give the diary another id to write with; it keeps those that it had, for undo."""
    device = mapping.random_uid()
    diary.store.writable().execute(NEW_DEVICE, device, mapping.stamp(diary.now))
    return _Named(device)
