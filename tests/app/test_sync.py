"""Several devices brought together through a folder."""

import json
import os
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands import BRIDGES, START, begin, rows
from conftest import Run, examples
from devices import Device, carry
from hostile import HOSTILE, STEERS
from kneetrack.app import changes, sync, sync_status
from kneetrack.app.results.sync import IS_COPY, Automatic
from kneetrack.app.workspace import Workspace, locate
from kneetrack.domain.dose import Dose
from kneetrack.domain.errors import (
    FolderAwayError,
    LockedError,
    NoDiaryError,
    NothingToDoError,
    NotSyncedError,
    StorageError,
)
from kneetrack.domain.plan import DAILY, Prescription
from kneetrack.exchange import folder as shared
from kneetrack.exchange.folder import INBOX
from kneetrack.store import atomic, backup, sync_state
from kneetrack.store.sqlite import open_store
from taking import as_json, take

LATER = START + timedelta(days=1)
DATA = Path(__file__).parents[1] / "data"


def _log(device: Device, note: str | None = None) -> str:
    """Log bridges, and return the uid."""
    with open_store(device.path, write=True) as store:
        (written,) = store.append("log bridge 15", START, [BRIDGES._replace(note=note)])
    return written.uid


def _edit(device: Device, uid: str, note: str) -> None:
    with open_store(device.path, write=True) as store:
        store.edit("edit", LATER, [store.line(uid)[0]._replace(note=note)])


def _purge(device: Device, *uids: str) -> None:
    with open_store(device.path, write=True) as store:
        store.purge(uids, LATER)


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


@pytest.fixture
def synced(two: tuple[Device, Device]) -> tuple[Device, Device]:
    """Give two devices that are synced."""
    for device in (*two, *two):
        device.set_up()
    return two


def test_two_homes_that_share_a_folder_end_alike(two: tuple[Device, Device]) -> None:
    one, other = two
    _log(one, "at the desk")
    one.set_up()
    _log(other, "on the mat")
    assert other.set_up().counts["sessions"].new == 1
    assert one.sync().counts["sessions"].new == 1
    assert _notes(one) == _notes(other) == ["at the desk", "on the mat"]
    assert one.exported == other.exported


def test_a_device_without_a_diary_gets_one_from_the_folder(tmp_path: Path, synced: tuple[Device, Device]) -> None:
    _log(synced[0], "mine")
    synced[0].sync()
    third = Device(tmp_path / "third")
    third.folder = synced[0].folder
    assert third.set_up().new
    assert third.exported == synced[0].exported


def test_a_device_where_nothing_of_kneetrack_is_yet_gets_a_diary_at_the_usual_place(
    tmp_path: Path, synced: tuple[Device, Device]
) -> None:
    _log(synced[0], "mine")
    synced[0].sync()
    place = locate(None, {"HOME": str(tmp_path / "home"), "XDG_DATA_HOME": str(tmp_path / "home" / "data")})
    sync.set_up(Workspace(place, START), synced[0].folder)
    assert as_json(place.path) == synced[0].exported


def test_an_empty_folder_and_no_diary_are_nothing_to_sync(tmp_path: Path) -> None:
    with pytest.raises(NoDiaryError):
        Device(tmp_path / "one").set_up()


def test_what_was_given_is_not_given_again(synced: tuple[Device, Device]) -> None:
    one, other = synced
    _log(one)
    assert one.sync().sent == 1
    other.sync()
    assert [device.sync().sent for device in (*synced, *synced)] == [0] * 4


def test_a_sync_without_news_opens_the_diary_once_to_read_and_writes_no_file(synced: tuple[Device, Device]) -> None:
    before = {name: (synced[0].folder / name).stat() for name in synced[0].files}
    diary = synced[0].path.read_bytes()
    synced[0].sync()
    assert {name: (synced[0].folder / name).stat() for name in synced[0].files} == before
    assert synced[0].path.read_bytes() == diary


def test_a_full_file_gets_no_more_lines_so_that_what_is_new_stays_little(
    synced: tuple[Device, Device], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kneetrack.exchange.folder.FULL", 1)
    for _ in range(3):
        _log(synced[0])
        synced[0].sync()
    assert {name.name for name in synced[0].files} == {"2026-11.json", "2026-11-2.json", "2026-11-3.json"}
    synced[1].sync()
    assert synced[1].exported == synced[0].exported


def test_an_undo_may_arrive_before_what_it_undoes(
    tmp_path: Path, synced: tuple[Device, Device], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kneetrack.exchange.folder.FULL", 1)
    one, other = synced
    other.folder = tmp_path / "its own"
    other.folder.mkdir()
    _log(one)
    one.sync()
    changes.undo(one.workspace(LATER))
    one.sync()
    other.set_up()
    first, second = sorted(one.files, key=lambda name: (one.folder / name).stat().st_mtime_ns)
    for name in (second, first):
        carry(one, other, name)
        other.sync()
    assert '"undoes": "' in one.exported
    assert other.exported == one.exported


def test_a_file_of_the_folder_can_be_imported(synced: tuple[Device, Device]) -> None:
    _log(synced[0], "mine")
    synced[0].sync()
    (name,) = synced[0].files
    assert take(synced[1].path, (synced[0].folder / name).read_text(), LATER).versions == 1


# Undo


def test_what_a_sync_brought_is_no_step_of_undo(synced: tuple[Device, Device]) -> None:
    one, other = synced
    _log(one, "mine")
    _log(other, "theirs")
    other.sync()
    one.sync()
    assert changes.undo(one.workspace(LATER)).command == "log bridge 15"
    assert _notes(one) == ["theirs"]
    with pytest.raises(NothingToDoError):
        changes.undo(one.workspace(LATER))


def test_undo_leaves_and_names_what_another_device_changed_since(synced: tuple[Device, Device]) -> None:
    one, other = synced
    with open_store(one.path, write=True) as store:
        both = [BRIDGES._replace(note=note) for note in "ab"]
        first, second = store.append("log bridge 15,15", START, both)
    one.sync()
    other.sync()
    _edit(other, first.uid, "theirs")
    other.sync()
    one.sync()
    assert changes.undo(one.workspace(LATER)).left == (first.uid[:4],)
    assert _notes(one) == ["theirs"]
    assert changes.redo(one.workspace(LATER)).left == (first.uid[:4],)
    assert _notes(one) == ["b", "theirs"]
    assert second.uid != first.uid


def test_undo_says_so_where_all_was_changed_elsewhere_and_goes_on_to_what_was_not(
    synced: tuple[Device, Device],
) -> None:
    one, other = synced
    uid = _log(one)
    one.sync()
    other.sync()
    _edit(other, uid, "theirs")
    other.sync()
    one.sync()
    with pytest.raises(NothingToDoError, match="changed on another device since"):
        changes.undo(one.workspace(LATER))
    _log(other, "other")
    older = _log(one, "older")
    _log(one, "newest")
    assert changes.undo(one.workspace(LATER)).left == ()
    assert older
    assert _notes(one) == ["older", "theirs"]


def test_undo_of_an_import_reaches_the_devices_that_got_it(tmp_path: Path, synced: tuple[Device, Device]) -> None:
    one, other = synced
    _log(one, "mine")
    elsewhere = Device(tmp_path / "elsewhere")
    begin(elsewhere.path)
    _log(elsewhere, "brought")
    take(one.path, elsewhere.exported, LATER)
    one.sync(LATER)
    other.sync(LATER)
    assert _notes(other) == ["brought", "mine"]
    changes.undo(one.workspace(LATER))
    one.sync(LATER)
    other.sync(LATER)
    assert _notes(one) == _notes(other) == ["mine"]
    assert one.exported == other.exported
    assert changes.undo(one.workspace(LATER)).command == "undo import"
    assert _notes(one) == ["brought", "mine"]


def test_an_import_that_was_undone_before_it_was_given_is_given_to_nobody(
    tmp_path: Path, synced: tuple[Device, Device]
) -> None:
    one, other = synced
    elsewhere = Device(tmp_path / "elsewhere")
    begin(elsewhere.path)
    _log(elsewhere, "brought")
    take(one.path, elsewhere.exported, LATER)
    changes.undo(one.workspace(LATER))
    one.sync(LATER)
    assert "brought" not in one.said()
    elsewhere.folder = one.folder
    elsewhere.set_up()
    for device in (one, other):
        device.sync(LATER)
    assert _notes(one) == ["brought"]
    assert one.exported == other.exported == elsewhere.exported


# Purge


def test_a_purge_reaches_the_other_devices_and_every_file(synced: tuple[Device, Device]) -> None:
    one, other = synced
    uid = _log(one, "private")
    one.sync()
    other.sync()
    _purge(other, uid)
    other.sync()
    assert one.sync().purged == {uid}
    assert _notes(one) == []
    assert "private" not in one.said()
    assert '"log bridge 15"' not in one.said()
    assert all(uid not in copy.path.read_bytes().decode("latin-1") for copy in backup.backups(one.path))


def test_more_than_ten_purged_elsewhere_at_once_wait_for_consent(synced: tuple[Device, Device]) -> None:
    one, other = synced
    uids = [_log(one) for _ in range(11)]
    one.sync()
    other.sync()
    _purge(other, *uids)
    other.sync()
    assert one.sync(agree=False).waiting == 11
    assert len(_notes(one)) == 11
    sync.automatic(one.workspace(LATER))
    status = sync_status.status(one.workspace(LATER))
    assert status
    assert status.stuck
    assert len(one.sync().purged) == 11
    assert one.exported == other.exported


def test_a_copy_that_a_carrier_made_of_a_file_holds_nothing_purged_after_the_next_sync(
    synced: tuple[Device, Device],
) -> None:
    one, _ = synced
    uid = _log(one, "private")
    one.sync()
    (name,) = one.files
    kept = (one.folder / name).read_bytes()
    _purge(one, uid)
    one.sync()
    (one.folder / name).with_name("2026-11.sync-conflict-20261129-101112-ABCDEFG.json").write_bytes(kept)
    one.sync()
    assert "private" not in one.said()


def test_what_a_kill_left_half_given_holds_nothing_purged_after_the_next_sync(synced: tuple[Device, Device]) -> None:
    one, _ = synced
    _log(one)
    one.sync()
    (name,) = one.files
    killed = (one.folder / name).with_name(f".2026-11.json.{'0' * 32}")
    killed.write_text("private")
    _purge(one, _log(one, "private"))
    one.sync()
    assert not killed.exists()


# The state of this device


def test_naming_a_folder_again_leaves_an_automatic_sync_as_it_was(synced: tuple[Device, Device]) -> None:
    one, _ = synced
    sync.sync(one.workspace(), auto=True)
    assert one.set_up().auto


def test_a_diary_that_is_synced_again_after_off_is_the_device_that_it_was(synced: tuple[Device, Device]) -> None:
    one, _ = synced
    _log(one)
    one.sync()
    before = {name.parts[0] for name in one.files}
    sync.off(one.workspace())
    assert sync_status.status(one.workspace()) is None
    with pytest.raises(NotSyncedError):
        one.sync()
    _log(one)
    one.set_up()
    assert {name.parts[0] for name in one.files} == before


def test_a_sync_that_fails_is_in_the_status_until_one_goes_well(
    synced: tuple[Device, Device], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = synced
    _log(one)
    with monkeypatch.context() as full:
        full.setattr(shared, "put", failing)
        with pytest.raises(StorageError):
            one.sync()
    found = sync_status.status(one.workspace())
    assert found
    assert "No space left" in str(found.problem)
    one.sync()
    found = sync_status.status(one.workspace())
    assert found
    assert not found.problem


def failing(path: Path, *_: object) -> None:
    """Fail as a full disk does."""
    raise StorageError(path, "No space left on device")


def test_another_sync_that_goes_on_and_on_is_not_waited_for_for_ever(
    synced: tuple[Device, Device], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = synced
    waits: list[float] = []
    monkeypatch.setattr(sync, "sleep", waits.append)
    with atomic.locked(one.path.parent), pytest.raises(LockedError):
        one.sync()
    assert 5 < sum(waits) < 30


def test_how_a_diary_is_synced_is_not_in_it_and_only_its_owner_can_read_it(synced: tuple[Device, Device]) -> None:
    assert str(synced[0].folder) not in synced[0].exported
    assert not rows(synced[0].path, "SELECT 1 FROM setting")
    state = sync_state.path_of(synced[0].path)
    assert state.stat().st_mode & 0o777 == 0o600
    assert all((synced[0].folder / name).stat().st_mode & 0o777 == 0o600 for name in synced[0].files)


def test_a_diary_that_was_copied_with_all_beside_it_is_not_synced_until_it_is_set_up_under_an_id_of_its_own(
    tmp_path: Path, synced: tuple[Device, Device]
) -> None:
    one, other = synced
    _log(one, "before")
    one.sync()
    copied = Device(tmp_path / "copy")
    copied.folder = one.folder
    for beside in (one.path, sync_state.path_of(one.path)):
        (copied.home / beside.name).write_bytes(beside.read_bytes())
    with pytest.raises(NotSyncedError):
        copied.sync()
    copied.set_up()
    assert not {*copied.ids} & {*one.ids}
    _log(copied, "copy")
    _log(one, "original")
    for device in (copied, one, other, copied, one):
        device.sync()
    assert one.exported == other.exported == copied.exported
    assert _notes(other) == ["before", "copy", "original"]


def test_a_diary_that_went_back_to_a_backup_gets_back_what_it_gave_and_writes_under_a_new_id(
    synced: tuple[Device, Device],
) -> None:
    one, other = synced
    _log(one, "before")
    kept = backup.make(one.path, START)
    _log(one, "after")
    one.sync()
    backup.restore(one.path, kept, LATER)
    assert _notes(one) == ["before"]
    _log(one, "anew")
    one.sync()
    assert _notes(one) == ["after", "anew", "before"]
    assert len(one.ids) == 2
    other.sync()
    assert one.exported == other.exported


def test_a_backup_put_back_by_hand_is_noticed_too(synced: tuple[Device, Device]) -> None:
    one, other = synced
    kept = one.path.read_bytes()
    _log(one, "lost")
    one.sync()
    one.path.write_bytes(kept)
    _log(one, "anew")
    one.sync()
    other.sync()
    assert _notes(one) == _notes(other) == ["anew", "lost"]


# The folder


def test_a_folder_that_is_away_changes_nothing(synced: tuple[Device, Device]) -> None:
    one, _ = synced
    _log(one)
    one.sync()
    _log(one)
    away = one.folder.with_name("away")
    one.folder.rename(away)
    with pytest.raises(FolderAwayError):
        one.sync()
    one.folder.mkdir()
    with pytest.raises(FolderAwayError, match="mounted"):
        one.sync()
    one.folder.rmdir()
    away.rename(one.folder)
    assert one.sync().sent == 1


def test_a_folder_that_somebody_deleted_deletes_nothing_and_is_filled_again(synced: tuple[Device, Device]) -> None:
    one, other = synced
    _log(one, "mine")
    _log(other, "theirs")
    for device in (one, other, one):
        device.sync()
    for name in one.files:
        (one.folder / name).unlink()
    one.set_up()
    assert _notes(one) == ["mine", "theirs"]
    other.set_up()
    assert one.exported == other.exported


def test_what_a_vanished_device_gave_is_given_by_another_one(tmp_path: Path, synced: tuple[Device, Device]) -> None:
    one, other = synced
    _log(one, "mine")
    _log(other, "theirs")
    other.sync()
    one.sync()
    for name in one.files:
        if name.parts[0] in other.ids:
            (one.folder / name).unlink()
    one.sync()
    third = Device(tmp_path / "third")
    third.folder = one.folder
    third.set_up()
    assert _notes(third) == ["mine", "theirs"]


def test_a_newer_file_is_left_and_named_and_read_once_it_can_be(synced: tuple[Device, Device]) -> None:
    one, other = synced
    _log(other, "theirs")
    other.sync()
    (name,) = other.files
    path = one.folder / name
    kept = path.read_text()
    path.write_text(kept.replace('{"kneetrack": 3', '{"kneetrack": 4', 1))
    (left,) = one.sync().unread
    assert (left.name, left.why) == (str(name), shared.NEWER)
    assert _notes(one) == []
    path.write_text(kept)
    assert not one.sync().unread
    assert _notes(one) == ["theirs"]


@pytest.mark.parametrize("kept", sorted(DATA.glob("export-*.json")), ids=lambda path: path.stem)
def test_files_of_every_older_kneetrack_are_read(kept: Path, synced: tuple[Device, Device]) -> None:
    one, _ = synced
    its = one.folder / ("0" * 32)
    its.mkdir()
    (its / "2026-01.json").write_bytes(kept.read_bytes())
    done = one.sync(LATER + timedelta(days=3650))
    assert not done.unread
    assert done.counts["sessions"].new
    assert one.sync().sent == 0


def test_a_folder_of_which_nothing_can_be_read_makes_no_diary(tmp_path: Path, run: Run) -> None:
    folder = tmp_path / "shared"
    file = folder / ("a" * 32) / "2026-11.json"
    file.parent.mkdir(parents=True)
    file.write_text("{}")
    said = run(f"sync {folder}")
    assert (said.code, said.out, said.err.count("\n")) == (65, "", 1)
    assert said.err.startswith(f"{file.parent.name}/2026-11.json ")
    assert not list(tmp_path.glob("**/*.db"))


def test_what_has_the_name_of_a_file_of_this_device_and_is_none_is_passed_over(
    synced: tuple[Device, Device],
) -> None:
    one, other = synced
    own = one.folder / one.ids[-1]
    (own / "2026-11.json").mkdir(parents=True)
    os.mkfifo(own / "2026-11-2.json")
    _log(one, "passed on")
    one.sync()
    other.sync()
    assert "passed on" in _notes(other)


@pytest.mark.parametrize("purged", [False, True])
def test_a_file_of_this_device_that_a_disk_spoiled_is_written_anew(
    purged: object, synced: tuple[Device, Device], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = synced
    kept, gone = _log(one, "kept"), _log(one, "gone")
    one.sync()
    (path,) = [its for its in (one.folder / one.ids[-1]).glob("2026*.json") if b'"kept"' in its.read_bytes()]
    monkeypatch.setattr("kneetrack.exchange.folder.stat_of", lambda its: (len(its.name),))  # a spoiled bit is no write
    one.sync()
    path.write_bytes(path.read_bytes().replace(b'"kept"', b'"kelt"'))
    if purged:
        _purge(one, gone)
    _log(one, "later")
    one.sync()
    monkeypatch.undo()
    third = Device(tmp_path / "third")
    third.folder = one.folder
    third.set_up()
    assert kept
    assert {"kept", "later"} <= {*_notes(third)}
    assert ("gone" in _notes(third)) is not purged


def test_a_file_that_is_cut_off_waits(synced: tuple[Device, Device]) -> None:
    one, other = synced
    _log(other, "theirs")
    other.sync()
    path = one.folder / other.files[0]
    kept = path.read_bytes()
    for length in range(0, len(kept), 97):
        path.write_bytes(kept[:length])
        one.sync()
        assert _notes(one) == []
    path.write_bytes(kept)
    one.sync()
    assert _notes(one) == ["theirs"]


@pytest.mark.parametrize("kind", ["link", "pipe", "folder", "another user's"])
def test_what_is_no_file_of_ones_own_is_left_and_named(
    kind: str, synced: tuple[Device, Device], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = synced
    _log(other, "theirs")
    other.sync()
    (name,) = other.files
    path = one.folder / name
    path.rename(tmp_path / "kept")
    match kind:
        case "link":
            path.symlink_to(tmp_path / "kept")
        case "pipe":
            os.mkfifo(path)
        case "folder":
            path.mkdir()
        case _:
            path.write_bytes((tmp_path / "kept").read_bytes())
            monkeypatch.setattr("kneetrack.exchange.folder._ROOT", -1)
            monkeypatch.setattr(os, "geteuid", lambda: 4711)
    (left,) = one.sync().unread
    assert left.name == str(name)
    assert _notes(one) == []


@pytest.mark.parametrize("own", [False, True])
def test_a_folder_of_a_device_that_is_a_link_is_left_and_named(
    own: object, synced: tuple[Device, Device], tmp_path: Path
) -> None:
    for device in (*synced, *synced):
        _log(device)
        device.sync()
    here, its = synced[0], synced[0 if own else 1].ids[-1]
    (here.folder / its).rename(tmp_path / "elsewhere")
    (here.folder / its).symlink_to(tmp_path / "elsewhere")
    assert [(each.device, each.name) for each in here.sync().unread] == [(its, its)]
    assert (here.folder / its).is_symlink()


def test_a_file_whose_records_break_a_rule_is_left_whole(synced: tuple[Device, Device]) -> None:
    one, other = synced
    _log(other, "theirs")
    other.sync()
    path = one.folder / other.files[0]
    found = json.loads(path.read_text())
    found["sessions"][0]["pain"] = 11
    del found["digest"]
    path.write_text(json.dumps(found))
    (left,) = one.sync().unread
    assert "pain must be a whole number from 0 to 10" in left.why
    assert _notes(one) == []


# Automatic


def test_automatically_nothing_is_raised_and_status_says_what_is_wrong(synced: tuple[Device, Device]) -> None:
    one, _ = synced
    sync.sync(one.workspace(), auto=True)
    one.folder.rename(one.folder.with_name("away"))
    sync.automatic(one.workspace(LATER))
    found = sync_status.status(one.workspace(LATER))
    assert found
    assert found.stuck
    assert found.away
    assert found.problem


def test_automatically_what_came_from_the_inbox_and_what_stays_there_is_told(synced: tuple[Device, Device]) -> None:
    one, _ = synced
    sync.sync(one.workspace(), auto=True)
    assert sync.automatic(one.workspace()) is None
    (one.folder / INBOX).write_text("bridge 3x10\npain 3\nnothing-like-it\n")
    assert sync.automatic(one.workspace()) == Automatic(logged=1, noted=1, not_logged=1)
    assert sync.automatic(one.workspace()) == Automatic(not_logged=1)


def test_automatically_a_folder_that_is_away_is_told_of_after_three_days(synced: tuple[Device, Device]) -> None:
    one, _ = synced
    sync.sync(one.workspace(), auto=True)
    one.folder.rename(one.folder.with_name("away"))
    assert sync.automatic(one.workspace(START + timedelta(3))) is None
    assert sync.automatic(one.workspace(START + timedelta(4))) == Automatic(since=START)


def test_automatically_it_steps_aside_for_another_sync(synced: tuple[Device, Device]) -> None:
    one, _ = synced
    sync.sync(one.workspace(), auto=True)
    before = sync_state.read(one.path)
    _log(one)
    with atomic.locked(one.path.parent):
        assert sync.automatic(one.workspace(LATER)) is None
    assert sync_state.read(one.path) == before
    sync.automatic(one.workspace(LATER))
    assert sync_state.read(one.path) != before


def test_automatically_nothing_is_synced_that_was_turned_off_a_moment_before(
    synced: tuple[Device, Device], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = synced
    sync.sync(one.workspace(), auto=True)
    _log(one)
    before = one.said()
    locked = atomic.locked

    def late(path: Path, *, wait: bool) -> AbstractContextManager[None]:
        monkeypatch.undo()
        sync.off(one.workspace())
        return locked(path, wait=wait)

    monkeypatch.setattr(atomic, "locked", late)
    assert sync.automatic(one.workspace(LATER)) is None
    assert one.said() == before
    assert sync_status.status(one.workspace()) is None


def test_automatically_a_sync_that_fails_keeps_the_id_that_the_diary_got(
    synced: tuple[Device, Device], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = synced
    sync.sync(one.workspace(), auto=True)
    kept = backup.make(one.path, START)
    _log(one)
    one.sync()
    backup.restore(one.path, kept, LATER)
    _log(one)
    before = one.ids
    with monkeypatch.context() as full:
        full.setattr(shared, "put", failing)
        sync.automatic(one.workspace(LATER))
    ((device,),) = rows(one.path, "SELECT uid FROM device ORDER BY id DESC LIMIT 1")
    assert one.ids == (*before, device)
    one.sync(LATER)
    assert one.ids == (*before, device)


def test_automatically_what_nobody_expected_is_a_sentence_in_the_status(
    synced: tuple[Device, Device], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = synced
    sync.sync(one.workspace(), auto=True)
    monkeypatch.setattr(shared, "look", _full)
    sync.automatic(one.workspace(LATER))
    monkeypatch.undo()
    found = sync_status.status(one.workspace(LATER))
    assert found
    assert found.problem == "The sync failed unexpectedly (OSError). To see why: kneetrack sync"


def test_automatically_a_diary_that_is_not_synced_is_left_alone(two: tuple[Device, Device]) -> None:
    sync.automatic(two[0].workspace())
    assert not two[0].files


def test_off_waits_for_a_sync_that_would_undo_it(
    synced: tuple[Device, Device], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = synced
    monkeypatch.setattr(sync, "sleep", lambda _: None)
    with atomic.locked(one.path.parent), pytest.raises(LockedError):
        sync.off(one.workspace())
    assert sync_status.status(one.workspace())


def test_off_ends_it_and_leaves_the_folder(synced: tuple[Device, Device]) -> None:
    one, _ = synced
    _log(one)
    one.sync()
    before = one.said()
    assert sync.off(one.workspace()) == one.folder
    assert one.said() == before
    assert sync_status.status(one.workspace()) is None
    with pytest.raises(NotSyncedError):
        one.sync()


# The inbox


def _phone(device: Device, content: str | bytes) -> None:
    (device.folder / INBOX).write_bytes(content if isinstance(content, bytes) else content.encode())


def _inbox(device: Device) -> str:
    return (device.folder / INBOX).read_text()


def test_lines_of_the_inbox_are_logged_and_what_cannot_be_read_stays_with_the_reason(
    synced: tuple[Device, Device],
) -> None:
    one, _ = synced
    _phone(one, "# from my phone\n2026-11-24 bridge 3x12 pain 2\nbrige 3x10\nbridge 12 note felt fine\n")
    done = one.sync(LATER)
    assert [(each.day.day, each.dose.reps, each.pain, each.note) for each in done.logged] == [
        (24, 12, 2, None),
        (26, 12, None, "felt fine"),
    ]
    first, second, why = _inbox(one).splitlines()
    assert (first, second) == ("# from my phone", "brige 3x10")
    assert why.startswith("# why: There is no exercise “brige”.")
    assert not one.sync(LATER).logged
    assert len(_inbox(one).splitlines()) == 3
    status = sync_status.status(one.workspace(LATER))
    assert status
    assert status.stuck
    assert [line.partition(":")[0] for line in status.not_logged] == ["brige 3x10"]


def test_two_devices_that_read_the_inbox_at_the_same_time_log_it_once(
    tmp_path: Path, synced: tuple[Device, Device]
) -> None:
    one, other = synced
    other.folder = tmp_path / "its own"
    other.folder.mkdir()
    other.set_up()
    for device in (one, other):
        _phone(device, "bridge 3x12\nbridge 3x12\n")
        assert len(device.sync(LATER).logged) == 2
    take(one.path, other.exported, LATER)
    with open_store(one.path, write=False) as store:
        assert len(store.sessions(None, None)) == 2


def test_a_line_that_finds_nothing_left_to_do_stays_with_the_reason(synced: tuple[Device, Device]) -> None:
    one, _ = synced
    with open_store(one.path, write=True) as store:
        store.prescribe("plan set bridge 3x10", START, [Prescription("bridge", START.date(), Dose(3, 10, None), DAILY)])
    _phone(one, "bridge 3x60\nbridge\nall\n")
    assert len(one.sync(LATER).logged) == 1
    assert [line.partition(":")[0] for line in _inbox(one).splitlines()[1::2]] == ["# why", "# why"]


def test_a_line_whose_session_was_purged_is_not_logged_again(
    synced: tuple[Device, Device], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = synced
    _phone(one, "bridge 10\n")
    _cut_off_after_logging(one, monkeypatch)
    with open_store(one.path, write=False) as store:
        uids = [session.uid for session in store.sessions(None, None)]
    _purge(one, *uids)
    one.sync(LATER)
    assert _notes(one) == []


def test_a_line_without_a_dose_that_another_device_logged_is_taken_out(synced: tuple[Device, Device]) -> None:
    one, other = synced
    with open_store(one.path, write=True) as store:
        store.prescribe("plan set bridge 3x10", START, [Prescription("bridge", START.date(), Dose(3, 10, None), DAILY)])
    _phone(one, "bridge\n")
    one.sync(LATER)
    _phone(one, "bridge\n")
    assert other.sync(LATER).not_logged == ()
    assert _inbox(one) == ""
    assert len(_notes(other)) == 1


def test_the_same_line_later_that_day_is_not_dropped_in_silence(synced: tuple[Device, Device]) -> None:
    one, _ = synced
    _phone(one, "bridge 10\n")
    one.sync(LATER)
    _phone(one, "bridge 10\n")
    assert not one.sync(LATER).logged
    assert "To log it again, add a time" in _inbox(one)
    _phone(one, "bridge 10 at 06:00\n")
    assert len(one.sync(LATER).logged) == 1


def test_an_inbox_that_is_cut_off_between_logging_and_writing_is_logged_once(
    synced: tuple[Device, Device], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = synced
    _phone(one, "bridge 10\nbrige 3\n")
    _cut_off_after_logging(one, monkeypatch)
    assert len(_notes(one)) == 1
    one.sync(LATER)
    assert len(_notes(one)) == 1
    assert _inbox(one).splitlines()[0] == "brige 3"


def test_a_line_is_logged_once_also_where_the_sync_that_goes_on_is_on_another_day(
    synced: tuple[Device, Device], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = synced
    _phone(one, "* bridge 10, pain 2\n# mine\nbrige 3\npain 3\n")
    _cut_off_after_logging(one, monkeypatch)
    one.sync(LATER + timedelta(days=2))
    assert (len(_notes(one)), _pains(one)) == (1, [3])
    assert [line for line in _inbox(one).splitlines() if not line.startswith("# why")] == ["# mine", "brige 3"]


@pytest.mark.parametrize(
    ("line", "pain"),
    [
        ("pain 3", (LATER.date(), "day", None, None, 3)),
        ("tue pain 3/10", (LATER.date() - timedelta(2), "day", None, None, 3)),
        ("pain 3 morning", (LATER.date(), "morning", None, None, 3)),
        ("morning pain 3 left", (LATER.date(), "morning", None, "left", 3)),
        ("pain 3, after side right", (LATER.date(), "after", None, "right", 3)),
        ("pain 3 at 06:10", (LATER.date(), "morning", "06:10", None, 3)),
    ],
)
def test_a_line_of_pain_is_noted(
    line: str, pain: tuple[date, str, str | None, str | None, int], synced: tuple[Device, Device]
) -> None:
    _phone(synced[0], f"{line}\n")
    (its,) = synced[0].sync(LATER).noted
    assert (its.day, its.moment, f"{its.at:%H:%M}" if its.at else None, its.side, its.level) == pain
    assert _inbox(synced[0]) == ""


def _pains(device: Device) -> list[int | None]:
    with open_store(device.path, write=False) as store:
        return [its.level for its in store.pains(LATER.date(), LATER.date())]


def test_a_line_of_pain_takes_the_place_of_what_was_noted(synced: tuple[Device, Device]) -> None:
    one, _ = synced
    for line in ("pain 3", "pain 5", "pain 5, at 14:00"):
        _phone(one, f"{line}\n")
        one.sync(LATER)
    assert _pains(one) == [5]


def test_a_line_of_pain_that_two_devices_read_at_the_same_time_is_one_pain(
    tmp_path: Path, synced: tuple[Device, Device]
) -> None:
    one, other = synced
    other.folder = tmp_path / "its own"
    other.folder.mkdir()
    other.set_up()
    for device in (one, other):
        _phone(device, "pain 3 morning\n")
        assert len(device.sync(LATER + timedelta(hours=len(device.home.name))).noted) == 1
    take(one.path, other.exported, LATER)
    assert _pains(one) == [3]


def test_a_line_of_pain_that_was_cut_off_is_noted_once_and_not_again_once_purged(
    synced: tuple[Device, Device], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = synced
    _phone(one, "pain 3\n")
    _cut_off_after_logging(one, monkeypatch)
    assert not one.sync(LATER).noted
    assert _pains(one) == [3]
    with open_store(one.path, write=False) as store:
        (its,) = store.pains(LATER.date(), LATER.date())
    _purge(one, its.uid)
    _phone(one, "pain 3\n")
    one.sync(LATER)
    assert _pains(one) == []


def test_a_long_line_is_whole_in_the_inbox_and_cut_in_the_answer(synced: tuple[Device, Device]) -> None:
    one, _ = synced
    line = "brige " + "x" * 5000
    _phone(one, f"{line}\n")
    (said,) = one.sync(LATER).not_logged
    assert _inbox(one).splitlines()[0] == line
    status = sync_status.status(one.workspace(LATER))
    assert status
    assert status.not_logged == (said,)
    assert len(said) < 300


def test_an_inbox_of_which_nothing_is_logged_is_not_written(synced: tuple[Device, Device]) -> None:
    one, other = synced
    _phone(one, "# mine\nbrige 3x10\nbridge --colour red\n")
    one.sync(LATER)
    written = (one.folder / INBOX).stat()
    for device in (other, one, other):
        device.sync(LATER)
    assert (one.folder / INBOX).stat() == written


def _cut_off_after_logging(device: Device, monkeypatch: pytest.MonkeyPatch, *, before: int = 1) -> None:
    """Sync a device that is killed when it writes the inbox after logging; `before` is how often it does before."""
    write, written = shared.write_inbox, list[str]()

    def writing(folder: Path, left: str, stat: tuple[int, ...]) -> bool:
        if len(written) == before:
            raise KeyboardInterrupt
        written.append(left)
        return write(folder, left, stat)

    with monkeypatch.context() as cut:
        cut.setattr(shared, "write_inbox", writing)
        with pytest.raises(KeyboardInterrupt):
            device.sync(LATER)


def test_an_inbox_that_cannot_be_written_is_not_logged_anew_each_day(
    synced: tuple[Device, Device], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = synced
    _phone(one, "bridge 10\n")
    with monkeypatch.context() as full:
        full.setattr("kneetrack.exchange.folder.write_inbox", _full)
        for days in range(3):
            with pytest.raises(StorageError):
                one.sync(LATER + timedelta(days))
    one.sync(LATER + timedelta(3))
    assert len(_notes(one)) == 1


def _full(*_: object) -> None:
    raise OSError("full")


def test_the_same_line_later_that_day_is_not_dropped_when_that_sync_is_cut_off(
    synced: tuple[Device, Device], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = synced
    _phone(one, "bridge 10\n")
    one.sync(LATER)
    _phone(one, "bridge 10\n")
    _cut_off_after_logging(one, monkeypatch, before=0)
    one.sync(LATER)
    assert "To log it again, add a time" in _inbox(one)


@pytest.mark.parametrize("content", [b"\xff\xfeb\x00r", b"\xff\xff", b"x" * (1 << 19), b"x\n" * 2001])
def test_an_inbox_that_is_no_text_or_too_long_is_left_and_named(content: bytes, synced: tuple[Device, Device]) -> None:
    _phone(synced[0], content)
    done = synced[0].sync(LATER)
    assert [each.name for each in done.unread] == [INBOX]
    assert (synced[0].folder / INBOX).read_bytes() == content


@pytest.mark.usefixtures("db")
def test_the_status_says_why_an_inbox_cannot_be_read_at_all(tmp_path: Path, run: Run) -> None:
    run("log bridge 3x10")
    (tmp_path / INBOX).write_bytes(b"x" * (1 << 19))
    run(f"sync {tmp_path}")
    status = run("sync status")
    assert "  still in inbox.txt: all of it, which is longer than 256 kB\n" in status.out
    assert status.code == 3


# Strangers


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_folder_of_a_device_that_may_not_be_read_is_left_and_named(synced: tuple[Device, Device]) -> None:
    one, other = synced
    stranger = one.folder / ("0" * 32)
    stranger.mkdir(mode=0)
    _log(other, "given all the same")
    other.sync()
    assert [each.name for each in one.sync().unread] == [stranger.name]
    assert _notes(one) == ["given all the same"]


@examples(60)
@given(st.lists(st.tuples(st.integers(0, 5000), st.binary(max_size=6), st.integers(0, 60)), min_size=1, max_size=4))
def test_a_file_that_a_stranger_changed_comes_in_as_it_was_or_is_left_and_named(
    changed: list[tuple[int, bytes, int]],
) -> None:
    with TemporaryDirectory() as folder:
        one, other = Device(Path(folder) / "one"), Device(Path(folder) / "other")
        other.folder = one.folder
        for device in (one, other):
            begin(device.path)
            _log(device, "“fine”")
            device.set_up()
        path = one.folder / next(name for name in one.files if name.parts[0] in other.ids)
        content = path.read_bytes()
        for at, added, gone in changed:
            content = content[:at] + added + content[at + gone :]
        same = content == path.read_bytes()
        path.write_bytes(content)
        before = one.exported
        done = one.sync(LATER)
        assert bool(done.unread) != same
        assert same or one.exported == before


@pytest.mark.parametrize("words", HOSTILE)
def test_nothing_of_a_strangers_file_or_line_steers_a_terminal(words: str, tmp_path: Path, run: Run, db: Path) -> None:
    run("log bridge")
    stranger = tmp_path / "shared" / ("0" * 32)
    stranger.mkdir(parents=True)
    (stranger / "2026-11.json").write_text(f'{{"kneetrack": 3, "changes": [\n{words}', "utf-8", "surrogatepass")
    line = words.replace("\n", " ").replace("\r", " ")
    (stranger.parent / INBOX).write_text(f"{line}\n", "utf-8", "surrogatepass")
    shown = [run(f"sync {stranger.parent}"), run("sync"), run("sync status")]
    assert not STEERS & {*"".join(each.out + each.err for each in shown)}
    assert db.exists()


# The command line


@pytest.mark.usefixtures("db")
def test_the_command_line_says_what_is_to_be_done(tmp_path: Path, run: Run) -> None:
    assert run("sync").err == (
        "This diary is not synced yet. Name the folder that your devices share: kneetrack sync FOLDER\n"
    )
    assert run("sync status").code == 1
    assert run(f"sync {tmp_path / 'away'}").code == 66
    (tmp_path / "shared").mkdir()
    assert run(f"sync {tmp_path / 'shared'}").code == 66
    run("log bridge 3x10")
    done = run(f"sync {tmp_path / 'shared'}")
    assert (done.out.splitlines()[0], done.code) == ("Synced: nothing new to receive · sent 3 changes", 0)
    assert run("sync status").code == 0
    (tmp_path / "shared" / INBOX).write_text("nothing-like-it\n")
    assert "Still in inbox.txt: nothing-like-it: There is no exercise" in run("sync").err
    (tmp_path / "shared").rename(tmp_path / "away")
    assert "is not there, so nothing was synced" in run("sync").err
    assert run("sync status").code == 3
    assert run("sync off").out.startswith("No longer synced on this device.")


@pytest.mark.usefixtures("db")
def test_a_subcommand_that_was_mistyped_is_no_folder(run: Run) -> None:
    for typed, meant in (("stauts", "status"), ("of", "off")):
        said = run(f"sync {typed}")
        assert (said.code, said.err.count("\n")) == (2, 1)
        assert f"Did you mean kneetrack sync {meant}?" in said.err


def test_a_copy_of_the_inbox_that_a_carrier_made_is_named(synced: tuple[Device, Device]) -> None:
    one, _ = synced
    name = "inbox (conflicted copy 2026-11-27).txt"
    (one.folder / name).write_text("bridge 3x10\n")
    assert [(each.name, each.why) for each in one.sync().unread] == [(name, IS_COPY)]
    found = sync_status.status(one.workspace())
    assert found
    assert (found.copies, found.stuck) == ((name,), True)


@pytest.mark.usefixtures("db")
def test_automatically_a_line_that_stays_in_the_inbox_is_told_by_today(tmp_path: Path, run: Run) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    run("log bridge 3x10")
    run(f"sync {folder} --auto")
    (folder / INBOX).write_text("clamshell 3x10\npain 3\nnothing-like-it\n")
    assert run("today").err == (
        "1 session and 1 pain logged from inbox.txt.\n1 line of inbox.txt could not be read: kneetrack sync status\n"
    )


@pytest.mark.usefixtures("db")
def test_automatically_a_log_is_given_and_today_shows_what_others_gave(tmp_path: Path, run: Run) -> None:
    other = Device(tmp_path / "other")
    begin(other.path)
    run("log bridge 3x10")
    run(f"sync {other.folder} --auto")
    run("log clamshell 3x10")
    assert other.set_up().counts["sessions"].new == 2
    with open_store(other.path, write=True) as store:
        now = datetime.now().astimezone()
        store.append("log bridge 5", now, [BRIDGES._replace(day=now.date(), note="given by the other")])
    other.sync()
    assert "given by the other" in run("today").out
