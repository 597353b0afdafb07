"""How a diary is synced on this device, and what needs somebody to do something."""

from pathlib import Path

from kneetrack.app.results.sync import DeviceStatus, SyncStatus, Unread
from kneetrack.app.workspace import Workspace
from kneetrack.domain.errors import KneetrackError
from kneetrack.exchange import folder as shared
from kneetrack.store import mapping, sync_state
from kneetrack.store.sync_state import Seen


def status(workspace: Workspace) -> SyncStatus | None:
    """Return how the diary is synced here, and what each device last gave; None where it is not."""
    state = sync_state.read(workspace.place.path)
    if state is None or not state.folder:
        return None
    away, files = None, {}
    try:
        files = shared.look(Path(state.folder))
    except KneetrackError as error:
        away = str(error)
    known: dict[str, list[tuple[str, Seen]]] = {device: [] for device in state.devices[-1:]}
    for name, seen in state.files.items():
        known.setdefault(name.partition("/")[0], []).append((name, seen))
    for found in files.values():
        known.setdefault(found.device, [])
    devices = [_device(device, seen, this_device=device in state.devices) for device, seen in known.items()]
    folder = Path(state.folder)
    left, copies = _left(folder), shared.inbox_copies(folder)
    return SyncStatus(
        folder, state.auto, sync_state.instant(state.at), state.problem, away, tuple(devices), left, copies
    )


def _left(folder: Path) -> tuple[str, ...]:
    """Return the lines that stay in the inbox, each with the reason, or why none of it can be read."""
    from kneetrack.domain import inbox  # noqa: PLC0415 - for who has a phone

    try:
        found = shared.read_inbox(folder)
    except KneetrackError as error:
        return (f"all of it, which {shared.why_left(error)}",)
    return inbox.left(found[0]) if found else ()


def _device(device: str, files: list[tuple[str, Seen]], *, this_device: bool) -> DeviceStatus:
    unread = tuple(Unread(device, name, seen.problem) for name, seen in files if seen.problem)
    newest = max((seen.newest for _, seen in files if seen.newest), default=None)
    read = max((seen.read for _, seen in files if seen.read), default=None)
    return DeviceStatus(
        device, this_device, mapping.instant(newest) if newest else None, sync_state.instant(read), unread
    )
