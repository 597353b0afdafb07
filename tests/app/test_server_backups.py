"""Backups of a diary on a server: whole or not there, and a restore brings back all or changes nothing."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

import servers
from commands import BRIDGES, START
from kneetrack.app import server_backups
from kneetrack.app.server_backend import ServerBackend
from kneetrack.app.workspace import Place, Workspace
from kneetrack.domain.backups import Backup
from kneetrack.domain.errors import KneetrackError, NewerDiaryError, NoSuchRecordError, NotADiaryError, NotDoneError
from kneetrack.exchange import json_export
from kneetrack.exchange.form import FORMAT
from kneetrack.store import backup_names, postgres, server, server_schema
from kneetrack.store.server import Server
from servers import Running

HOUR = timedelta(hours=1)


@pytest.fixture
def diary(running: Running) -> Iterator[Server]:
    """Make a diary with one session."""
    found = running.diary()
    with closing(found):
        server_schema.create(found, START, lambda store: store.append("log", START, [BRIDGES._replace(note="first")]))
        yield found


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Say beside what the backups of the diary are kept."""
    return tmp_path / "servers" / "diary"


def _log(diary: Server, note: str) -> None:
    with postgres.open_store(diary, write=True) as store:
        store.append("log", START, [BRIDGES._replace(note=note)])


def _export(diary: Server) -> str:
    with postgres.open_store(diary, write=False) as store:
        return "".join(json_export.lines(store.database))


def test_a_backup_is_the_export_and_readable_by_its_owner_alone(path: Path, diary: Server) -> None:
    made = server_backups.make(path, diary, START)
    assert made.path.read_text("utf-8") == _export(diary)
    assert (made.sessions, made.path.stat().st_mode & 0o777) == (1, 0o600)


def test_one_backup_a_day_is_enough(path: Path, diary: Server) -> None:
    for later in (0 * HOUR, HOUR, 24 * HOUR):
        server_backups.of_the_day(path, diary, START + later)
    assert len(server_backups.backups(path)) == 2


def test_old_backups_are_dropped_by_the_same_rule_as_those_of_a_file(path: Path, diary: Server) -> None:
    for day in range(12):
        server_backups.make(path, diary, START + 24 * day * HOUR)
    assert len(server_backups.backups(path)) == len(backup_names.made(path)) == 10


def test_a_restore_keeps_what_was_there_and_can_be_taken_back(path: Path, diary: Server) -> None:
    old, before = server_backups.make(path, diary, START), _export(diary)
    _log(diary, "second")
    after = _export(diary)
    restored = server_backups.restore(path, diary, old, START + HOUR)
    assert _export(diary) == before
    assert restored.saved is not None
    server_backups.restore(path, diary, restored.saved, START + 2 * HOUR)
    assert _export(diary) == after


def test_undo_goes_on_after_a_restore(path: Path, diary: Server) -> None:
    old = server_backups.make(path, diary, START)
    _log(diary, "second")
    server_backups.restore(path, diary, old, START + HOUR)
    with postgres.open_store(diary, write=True) as store:
        assert store.undo(START + HOUR) == "log"
        assert store.sessions(None, None) == []


def test_what_was_purged_does_not_come_back(path: Path, diary: Server) -> None:
    old = server_backups.make(path, diary, START)
    with postgres.open_store(diary, write=True) as store:
        store.purge([its.uid for its in store.sessions(None, None)], START)
    assert server_backups.restore(path, diary, old, START + HOUR).kept_out == 1
    with postgres.open_store(diary, write=False) as store:
        assert store.sessions(None, None) == []


def test_a_diary_that_is_gone_comes_back(path: Path, diary: Server, running: Running) -> None:
    old, before = server_backups.make(path, diary, START), _export(diary)
    running.sql(f'DROP SCHEMA "{diary.schema}" CASCADE')
    assert server_backups.restore(path, diary, old, START + HOUR).saved is None
    assert _export(diary) == before


@pytest.mark.parametrize(
    "spoil", [lambda words: words[:-40], lambda words: words.replace("first", "worse"), lambda _: ""]
)
def test_a_spoiled_backup_is_refused_and_changes_nothing(path: Path, diary: Server, spoil: object) -> None:
    assert callable(spoil)
    old, before = server_backups.make(path, diary, START), _export(diary)
    old.path.write_text(spoil(old.path.read_text()))
    assert not server_backups.is_sound(old)
    with pytest.raises(NotADiaryError):
        server_backups.restore(path, diary, old, START + HOUR)
    assert _export(diary) == before


def test_a_damaged_backup_is_told_by_what_is_wrong_with_it_once(path: Path, diary: Server) -> None:
    old = server_backups.make(path, diary, START)
    old.path.write_text(old.path.read_text()[:-40])
    with pytest.raises(NotADiaryError) as refused:
        server_backups.restore(path, diary, old, START + HOUR)
    assert str(refused.value).count(old.path.name) == 1
    assert "nothing was imported" not in str(refused.value)


def _make_newer(backup: Backup) -> None:
    """Have a backup say that a newer kneetrack made it."""
    backup.path.write_text(backup.path.read_text().replace(f'"kneetrack": {FORMAT}', f'"kneetrack": {FORMAT + 1}'))


def test_a_backup_of_a_newer_kneetrack_is_taken_for_sound_and_is_not_restored(path: Path, diary: Server) -> None:
    old, before = server_backups.make(path, diary, START), _export(diary)
    _make_newer(old)
    assert server_backups.is_sound(old)
    with pytest.raises(NewerDiaryError):
        server_backups.restore(path, diary, old, START + HOUR)
    assert _export(diary) == before


def test_a_purge_names_the_backup_of_a_newer_kneetrack_and_rewrites_the_others(path: Path, diary: Server) -> None:
    older, newer, newest = (server_backups.make(path, diary, START + number * HOUR) for number in range(3))
    _make_newer(newer)
    with postgres.open_store(diary, write=True) as store:
        purged = [its.uid for its in store.sessions(None, None)]
        store.purge(purged, START + 3 * HOUR)
    assert server_backups.purge_from_backups(path, diary, purged, START + 3 * HOUR) == (2, [newer.name])
    assert "first" not in older.path.read_text() + newest.path.read_text()


def test_a_restore_is_done_although_an_old_backup_cannot_be_dropped(path: Path, diary: Server) -> None:
    old, before = server_backups.make(path, diary, START), _export(diary)
    stuck = [old.path.with_name(f"{path.name}.2020010{day}T000000.000000Z") for day in (1, 2)]
    for folder in stuck:
        folder.mkdir()
    for hour in range(1, 10):
        server_backups.make(path, diary, START + hour * HOUR)
    _log(diary, "second")
    assert server_backups.restore(path, diary, old, START + 10 * HOUR).saved
    assert _export(diary) == before
    assert all(folder.is_dir() for folder in stuck)


def test_a_changed_record_is_in_no_backup(path: Path, diary: Server, running: Running) -> None:
    running.sql(f"UPDATE \"{diary.schema}\".session SET note = 'other'")
    with pytest.raises(NotADiaryError):
        server_backups.make(path, diary, START)
    assert server_backups.backups(path) == []


def test_a_server_that_is_away_makes_no_backup(path: Path, tmp_path: Path) -> None:
    with pytest.raises(KneetrackError) as away:
        server_backups.make(path, server.read(f"postgresql:///d?host={tmp_path}"), START)
    assert away.value.exit_code == 75
    assert str(away.value).startswith("No backup was made: ")
    assert "nothing was changed" not in str(away.value)
    assert server_backups.backups(path) == []


def test_a_name_that_no_backup_has_is_refused(path: Path) -> None:
    with pytest.raises(NoSuchRecordError):
        server_backups.matching(path, "20260101")


def test_a_folder_that_cannot_be_made_is_told(path: Path, diary: Server) -> None:
    path.parent.write_text("no folder")
    with pytest.raises(NotDoneError):
        server_backups.make(path, diary, START)


def test_the_first_backup_of_the_day_comes_after_a_write(path: Path, diary: Server) -> None:
    Workspace(Place(path, named=True, server=ServerBackend(diary, path)), START).back_up()
    assert len(server_backups.backups(path)) == 1


@pytest.mark.slow
@pytest.mark.parametrize("answered", [False, True])
def test_a_restore_that_is_cut_off_at_any_message_brings_back_all_or_changes_nothing(
    path: Path, diary: Server, running: Running, *, answered: bool
) -> None:
    old, before = server_backups.make(path, diary, START), _export(diary)
    for number in range(1000):
        _log(diary, f"later {number}")
        after = _export(diary)
        with servers.cutting(running) as proxy, closing(_through(proxy, diary, running)) as own:
            proxy.begin(number, answered=answered)
            try:
                server_backups.restore(path, own, old, START + number * HOUR)
            except KneetrackError:
                assert _export(diary) in {before, after}
            else:
                assert _export(diary) == before
            if not proxy.has_cut:
                break
    assert number > 20
    assert all(map(server_backups.is_sound, server_backups.backups(path)))


def _through(proxy: servers.Cutting, diary: Server, running: Running) -> Server:
    """Return the address of a diary by way of a proxy."""
    return server.read(running.address(diary.schema, host=proxy.folder))
