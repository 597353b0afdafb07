"""Backups, restore, doctor and settings as functions: what they do, and what they return of it."""

from datetime import timedelta
from pathlib import Path

import pytest

from conftest import NOW
from kneetrack.app import changes, maintenance
from kneetrack.app import log as app_log
from kneetrack.app.session_input import Options
from kneetrack.app.workspace import Place, Workspace, locate
from kneetrack.domain.backups import UnclearBackupError
from kneetrack.domain.errors import NoDiaryError, NoPermissionError, NoSuchRecordError, NotDoneError, WrongUseError
from kneetrack.domain.installed import Job, Problem, Report
from kneetrack.health import diary as health
from kneetrack.reminder import check
from kneetrack.store import backup_names

TODAY = NOW.date()
LATER = timedelta(hours=1)


def at(path: Path, later: timedelta = timedelta()) -> Workspace:
    """Return the workspace of a diary at a path, some time later."""
    return Workspace(Place(path, named=True), NOW + later)


@pytest.fixture
def missing(tmp_path: Path) -> Workspace:
    """Return the workspace of a diary that is not there yet."""
    return at(tmp_path / "diary.db")


@pytest.fixture
def workspace(missing: Workspace) -> Workspace:
    """Return the workspace of a diary with a session."""
    app_log.log(missing, ["bridge", "3x10"], Options())
    return missing


# Backups


def test_a_backup_says_what_it_holds(workspace: Workspace) -> None:
    made = maintenance.make_backup(workspace)

    assert (made.name, made.sessions) == ("20261125T064100.000000Z", 1)
    assert made.size == made.path.stat().st_size
    assert maintenance.list_backups(workspace).copies == (made,)


def test_of_a_day_there_is_one_backup_that_nobody_asked_for(workspace: Workspace) -> None:
    for hours in range(3):
        at(workspace.place.path, timedelta(hours=hours)).back_up()

    assert len(maintenance.list_backups(workspace).copies) == 1


def test_of_nothing_no_backup_is_made(missing: Workspace) -> None:
    with pytest.raises(NoDiaryError):
        maintenance.make_backup(missing)
    assert maintenance.list_backups(missing).copies == ()
    assert not missing.exists()


def test_a_backup_that_cannot_be_made_is_said(workspace: Workspace) -> None:
    (workspace.place.path.parent / backup_names.FOLDER).touch()

    with pytest.raises(NotDoneError, match="No backup was made"):
        maintenance.make_backup(workspace)


def test_a_restore_goes_back_and_keeps_what_was_there(workspace: Workspace) -> None:
    wanted = maintenance.make_backup(workspace)
    later = at(workspace.place.path, LATER)
    app_log.log(later, ["clamshell"], Options())
    done = maintenance.restore(later, wanted.name[:8])

    assert done.backup == wanted
    assert done.kept.saved is not None
    assert (done.kept.saved.sessions, done.kept.aside, done.kept.kept_out) == (2, None, 0)
    assert done.progress is not None
    assert list(done.progress.left_today) == ["clamshell"]


def test_a_restore_brings_back_nothing_that_was_purged(workspace: Workspace) -> None:
    wanted = maintenance.make_backup(workspace)
    changes.purge(workspace, "last")
    done = maintenance.restore(at(workspace.place.path, LATER), wanted.name)

    assert done.kept.kept_out == 0, "the backup itself was rewritten without it"
    assert done.progress is not None
    assert "bridge" in done.progress.left_today


@pytest.mark.parametrize("word", ["2026", "20261125", "20261125T0"])
def test_a_beginning_that_is_short_or_of_several_restores_nothing_and_names_them(
    workspace: Workspace, word: str
) -> None:
    copies = [maintenance.make_backup(at(workspace.place.path, LATER * hour)) for hour in range(2)]
    kept = workspace.place.path.read_bytes()
    with pytest.raises(UnclearBackupError) as unclear:
        maintenance.restore(workspace, word)

    assert list(unclear.value.copies) == copies[::-1]
    assert workspace.place.path.read_bytes() == kept


def test_a_name_that_no_backup_has_is_said(workspace: Workspace) -> None:
    with pytest.raises(NoSuchRecordError, match="No backup has the name"):
        maintenance.restore(workspace, "20250101")


# Doctor


@pytest.fixture
def reports(monkeypatch: pytest.MonkeyPatch) -> list[Report]:
    """Return the list that stands for the reminders of this computer."""
    found: list[Report] = []
    monkeypatch.setattr(check, "look", lambda _now: found)
    monkeypatch.setattr(health, "file_system", lambda _path: "ext4")
    return found


def test_doctor_looks_at_the_diary_and_the_reminders_and_writes_nothing(
    workspace: Workspace, reports: list[Report]
) -> None:
    reports.append(Report("cron", Job(("/opt/kneetrack",), ()), None, None, (Problem.NO_PROGRAM,)))
    kept = workspace.place.path.read_bytes()
    found = maintenance.examine(workspace)

    assert (found.path, found.damaged, found.unseen) == (str(workspace.place.path), False, None)
    assert {finding.topic for finding in found.findings} >= {"file", "records", "backups"}
    assert found.reminders == tuple(reports)
    assert workspace.place.path.read_bytes() == kept


@pytest.mark.usefixtures("reports")
def test_doctor_says_when_records_are_at_stake(workspace: Workspace) -> None:
    path = workspace.place.path
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xa5" * 4096 + whole[8192:])

    assert maintenance.examine(workspace).damaged


def test_doctor_says_why_reminders_could_not_be_looked_at(
    workspace: Workspace, reports: list[Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_now: object) -> list[Report]:
        raise NoPermissionError(workspace.place.path, "read")

    monkeypatch.setattr(check, "look", refuse)
    found = maintenance.examine(workspace)

    assert (found.reminders, reports) == ((), [])
    assert found.unseen
    assert found.unseen.startswith("You may not read")


def test_what_is_not_there_has_no_doctor(missing: Workspace) -> None:
    with pytest.raises(NoDiaryError):
        maintenance.examine(missing)


# Settings


def test_settings_are_read_without_a_diary_and_make_none(missing: Workspace) -> None:
    found = maintenance.read_settings(missing)

    assert found == (
        str(missing.place.path),
        {"day_start": "00:00", "pain_limit": "5", "pain_rule": "mykneecap", "sound": "tones"},
        False,
    )
    assert not missing.exists()


def test_a_setting_is_written_as_it_is_kept(workspace: Workspace) -> None:
    done = maintenance.change_setting(workspace, "pain_limit", "03")

    assert (done.key, done.value, done.new, done.ahead) == ("pain_limit", "3", None, 0)
    assert maintenance.read_settings(workspace).values["pain_limit"] == "3"
    assert workspace.wrote
    assert changes.listed(workspace).changes[0].command == "settings pain_limit 3"


@pytest.mark.parametrize(("key", "value"), [("pain_limit", "11"), ("day_start", "12:00"), ("volume", "1")])
def test_a_value_out_of_its_limits_is_refused_and_makes_no_diary(missing: Workspace, key: str, value: str) -> None:
    with pytest.raises(WrongUseError):
        maintenance.change_setting(missing, key, value)
    assert not missing.exists()


def test_a_first_day_start_begins_the_diary_on_the_day_that_it_makes(missing: Workspace) -> None:
    done = maintenance.change_setting(missing, "day_start", "8:00")

    assert done.new is not None
    assert done.new.example
    assert done.value == "08:00"
    assert done.progress.today == TODAY - timedelta(1)
    assert list(done.progress.plan) == ["bridge", "clamshell"]


def test_days_that_begin_later_say_what_is_seen_only_then(workspace: Workspace) -> None:
    done = maintenance.change_setting(workspace, "day_start", "08:00")

    assert (done.ahead, done.seen_from) == (1, TODAY)
    assert done.progress.today == TODAY - timedelta(1)


def test_a_reminder_and_doctor_name_a_diary_alike_however_its_path_was_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    typed = ("diary.db", "./diary.db", f"{tmp_path}//diary.db", str(tmp_path / "diary.db"))
    assert {locate(each, {}).backend.word for each in typed} == {str(tmp_path / "diary.db")}
    app_log.log(at(Path("diary.db")), ["bridge", "3x10"], Options())
    assert maintenance.examine(at(Path("diary.db"))).path == str(tmp_path / "diary.db")
