"""Four devices with whatever histories, clocks and carriers: once all have synced, all hold the same."""

import json
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from commands import EVERYTHING, START, begin, rows, state, steps
from conftest import examples
from devices import Device, carry, settle
from kneetrack.health import diary as check
from kneetrack.store import sync_state
from kneetrack.store.mapping import VERSIONED, WITH_RANDOM_UIDS
from kneetrack.store.rules import stands
from taking import take

NUMBER = 4
HOWS = ("whole", "whole", "cut", "syncthing", "dropbox")
SKEWS = st.sampled_from([timedelta(0), timedelta(days=7300), timedelta(days=-9000), timedelta(hours=-3)])
WHO = st.integers(0, NUMBER - 1)

Event = tuple[Any, ...]


DO = steps(("purge", "edit", "undo or redo", *EVERYTHING), most=3)
CARRIED = st.one_of(
    st.tuples(st.just("sync"), WHO),
    st.tuples(st.just("all"), WHO, WHO),
    st.tuples(st.just("carry"), WHO, WHO, st.integers(0, 20), st.sampled_from(HOWS)),
    st.tuples(st.just("keep"), WHO, st.booleans()),
    st.tuples(st.just("copy"), WHO),
    st.tuples(st.just("import"), WHO, WHO),
)


@st.composite
def events(draw: DrawFn) -> list[Event]:
    """Return what happens in three rounds: commands, syncs, files that are carried, a diary that is copied."""
    history: list[Event] = []
    for _ in range(3):
        history += [("do", who, draw(DO)) for who in draw(st.permutations(range(NUMBER)))[:3]]
        history += [("sync", draw(WHO)), ("all", draw(WHO), draw(WHO)), *draw(st.lists(CARRIED, max_size=4))]
    return history


class World:
    """The devices, and the files that a carrier kept of an earlier time."""

    def __init__(self, folder: Path, skews: list[timedelta]) -> None:
        """Set three of them up; the last one comes later."""
        self.devices = [Device(folder / str(number), skew) for number, skew in enumerate(skews)]
        self.kept = folder / "kept"
        self.copied = False
        for device in self.devices[:-1]:
            begin(device.path)
            device.set_up()

    def happen(self, event: Event, at: int) -> None:
        """Let something happen."""
        kind, who, *what = event
        device = self.devices[who]
        if kind == "copy":
            self.become_a_copy(device)
        elif device.path.exists():
            self._happen(kind, device, what, START + timedelta(hours=at))

    def _happen(self, kind: str, device: Device, what: list[Any], now: datetime) -> None:
        """Let something happen on a device, or between it and another one."""
        match kind:
            case "do":
                for step in what[0]:
                    device.do(step, now)
            case "sync":
                device.sync(now)
            case "carry" if device.files:
                carry(device, self.devices[what[0]], device.files[what[1] % len(device.files)], what[2])
            case "all":
                for name in device.files:
                    carry(device, self.devices[what[0]], name)
            case "import" if self.devices[what[0]].path.exists():
                take(device.path, self.devices[what[0]].exported, now)
            case "keep":
                self._keep(device, again=what[0])

    def become_a_copy(self, source: Device) -> None:
        """Make the last device a copy of another one, with all that lies beside its diary."""
        last = self.devices[-1]
        if source is last or self.copied:
            return
        self.copied = True
        for beside in (source.path, sync_state.path_of(source.path)):
            shutil.copy(beside, last.home / beside.name)
        last.set_up()

    def _keep(self, device: Device, *, again: bool) -> None:
        """Keep the folder as it is, or put what was kept back."""
        if again and self.kept.exists():
            shutil.copytree(self.kept, device.folder, dirs_exist_ok=True)
        elif not again:
            shutil.rmtree(self.kept, ignore_errors=True)
            shutil.copytree(device.folder, self.kept)


def _standing(device: Device) -> set[tuple[str, str]]:
    """Return every version that a diary has, by the uids of its record and its change."""
    its = "SELECT version.uid, change.uid FROM {0} AS version JOIN change ON change.id = version.change_id WHERE {1}"
    found = (rows(device.path, its.format(of.table, stands())) for of in VERSIONED)
    return {(uid, change) for each in found for uid, change in each}


def _purged(device: Device) -> set[str]:
    return {uid for (uid,) in rows(device.path, "SELECT uid FROM tombstone")}


@examples(20)
@given(events(), st.lists(SKEWS, min_size=NUMBER, max_size=NUMBER))
def test_four_devices_end_alike_and_nothing_is_lost_or_comes_back(history: list[Event], skews: list[timedelta]) -> None:
    with TemporaryDirectory() as folder:
        world = World(Path(folder), skews)
        for at, event in enumerate(history):
            world.happen(event, at)
        world.become_a_copy(world.devices[0])
        written = set.union(*map(_standing, world.devices))
        settle(world.devices, START + timedelta(days=366))
        first, *others = world.devices
        words = first.exported
        for device in others:
            assert device.exported == words
            assert state(device.path) == state(first.path)
        purged = _purged(first)
        assert {key for key in written if key[0] not in purged} <= _standing(first)
        for device in world.devices:
            assert not _findings(device)
            assert not purged & _given(device)
            assert {uid for uid, _ in _standing(first)} == _given(device)


def _given(device: Device) -> set[str]:
    """Return the uids of all records that the files of a folder hold."""
    found = set()
    for name in device.files:
        lists = json.loads((device.folder / name).read_text("utf-8"))
        found |= {its["uid"] for of in VERSIONED for its in lists[f"{of.table}s"]}
    return found


def _findings(device: Device) -> list[str]:
    """Return what doctor finds damaged, and the tables with records that have a tombstone."""
    there = "SELECT 1 FROM {0} WHERE uid IN (SELECT uid FROM tombstone)"
    left = [of.table for of in WITH_RANDOM_UIDS if rows(device.path, there.format(of.table))]
    return left + [str(each) for each in check.examine(device.path, START) if each.state == "damage"]
