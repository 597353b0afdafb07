"""Several devices brought together through a folder."""

from pathlib import Path

import pytest

from commands import BRIDGES, START, begin, blank
from devices import Device, carry
from kneetrack.app import sync
from kneetrack.app.results.sync import Synced
from kneetrack.domain.errors import FolderAwayError, NoDiaryError, NotSyncedError
from kneetrack.store.sqlite import open_store


def _log(device: Device, note: str | None = None) -> str:
    """Log bridges, and return the uid."""
    with open_store(device.path, write=True) as store:
        (written,) = store.append("log bridge 15", START, [BRIDGES._replace(note=note)])
    return written.uid


def _notes(device: Device) -> list[str | None]:
    with open_store(device.path, write=False) as store:
        return sorted((session.note for session in store.sessions(None, None)), key=str)


@pytest.fixture
def two(tmp_path: Path) -> tuple[Device, Device]:
    """Give two devices that look at one folder, each with a diary."""
    one, other = Device(tmp_path / "one"), Device(tmp_path / "other")
    other.folder = one.folder
    for device in (one, other):
        begin(device.path)
    return one, other


def test_two_homes_that_share_a_folder_end_alike(two: tuple[Device, Device]) -> None:
    one, other = two
    _log(one, "at the desk")
    one.set_up()
    _log(other, "on the mat")
    assert other.set_up().counts["sessions"].new == 1
    assert one.sync().counts["sessions"].new == 1
    assert _notes(one) == _notes(other) == ["at the desk", "on the mat"]
    assert one.exported == other.exported
