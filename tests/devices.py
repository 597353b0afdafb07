"""Devices that share a folder through a carrier: each has a diary, and a copy of the folder of its own."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

from commands import START, Step
from kneetrack.app import sync
from kneetrack.app.results.sync import Synced
from kneetrack.app.workspace import Place, Workspace
from kneetrack.store.sqlite import open_store
from taking import as_json


class Device:
    """A home with a diary and its own copy of the folder; `skew` is how wrong its clock is."""

    def __init__(self, home: Path, skew: timedelta = timedelta(0)) -> None:
        """Make the home."""
        self.home, self.skew = home, skew
        self.path, self.folder = home / "diary.db", home / "folder"
        self.folder.mkdir(parents=True)

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


def carry(source: Device, target: Device) -> None:
    """Carry what a device wrote itself to another one's folder, as rsync does."""
    for device in source.workspace().place.path.parent.glob("folder/*"):
        shutil.copytree(device, target.folder / device.name, dirs_exist_ok=True)
