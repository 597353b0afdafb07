"""Devices that share a folder through a carrier: each has a diary, and a copy of the folder of its own."""

import shutil
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from commands import START, Step
from kneetrack.app import sync
from kneetrack.app.results.sync import Synced
from kneetrack.app.workspace import Place, Workspace
from kneetrack.store import sync_state
from kneetrack.store.sqlite import open_store
from taking import as_json


class Device:
    """A home with a diary and its own copy of the folder; `skew` is how wrong its clock is."""

    def __init__(self, home: Path, skew: timedelta = timedelta(0)) -> None:
        """Make the home."""
        self.home, self.skew = home, skew
        self.path, self.folder = home / "diary.db", home / "folder"
        self.folder.mkdir(parents=True, exist_ok=True)

    def workspace(self, now: datetime = START) -> Workspace:
        """Return the diary at a time."""
        return Workspace(Place(self.path, named=True), now + self.skew)

    def set_up(self, now: datetime = START) -> Synced:
        """Sync for the first time."""
        return sync.set_up(self.workspace(now), self.folder)

    def sync(self, now: datetime = START, *, agree: bool = True) -> Synced:
        """Sync once more; `agree` says whether many records may be purged."""
        return sync.sync(self.workspace(now), consent=lambda _: agree)

    def do(self, step: Step, now: datetime = START) -> None:
        """Type a command."""
        with open_store(self.path, write=True) as store:
            step.on(store, now + self.skew)

    @property
    def exported(self) -> str:
        """Return all that the diary holds."""
        return as_json(self.path)

    def said(self) -> str:
        """Return the text of every file of the folder."""
        return "".join(each.read_text("utf-8") for each in sorted(self.folder.rglob("*")) if each.is_file())

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the ids that it wrote files under."""
        state = sync_state.read(self.path)
        return state.devices if state else ()

    @property
    def files(self) -> list[Path]:
        """Return all files in its copy of the folder, below it."""
        return sorted(each.relative_to(self.folder) for each in self.folder.rglob("*") if each.is_file())


def carry(source: Device, target: Device, name: Path, how: str = "whole") -> None:
    """Carry one file from a device to another one, as carriers do: whole, cut off, or beside what is there."""
    content = (source.folder / name).read_bytes()
    place = target.folder / name
    match how:
        case "cut":
            content = content[: len(content) // 2]
        case "syncthing":
            place = place.with_name(f"{name.stem}.sync-conflict-20261129-101112-ABCDEFG{name.suffix}")
        case "dropbox":
            place = place.with_name(f"{name.stem} (Anna's conflicted copy 2026-11-29){name.suffix}")
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(content)


def settle(devices: Sequence[Device], now: datetime) -> None:
    """Let all sync until nothing is left to carry: a device's files are as it has them, and copies come to it first."""
    for _ in range(2):
        for device in devices:
            _return_copies(device, _owners(devices))
        for device in devices:
            device.sync(now)
        for device in devices:
            _mirror(device, _owners(devices))
    for device in devices:
        device.sync(now)


def _owners(devices: Sequence[Device]) -> dict[str, Device]:
    return {name: device for device in devices for name in device.ids}


def _return_copies(device: Device, owners: Mapping[str, Device]) -> None:
    """Bring the copies that a carrier made of other devices' files to those."""
    for name in device.files:
        owner = owners.get(name.parts[0], device)
        if owner is not device and (" (" in name.name or "sync-conflict" in name.name):
            carry(device, owner, name)


def _mirror(device: Device, owners: Mapping[str, Device]) -> None:
    """Make what a device has of the others' files what they have."""
    for name, owner in owners.items():
        if owner is not device:
            shutil.rmtree(device.folder / name, ignore_errors=True)
            if (owner.folder / name).exists():
                shutil.copytree(owner.folder / name, device.folder / name)
