"""Backups: which are kept, what is in them, when they are made, and the way back."""

import os
import re
import shutil
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from conftest import NOW, Run, sessions
from kneetrack.domain.errors import NotADiaryError, StorageError
from kneetrack.reminder import check as reminder
from kneetrack.store import backup, sqlite
from kneetrack.store.backup import kept
from make_schema import DATA

MOMENTS = st.integers(-400 * 24, 40 * 24).map(lambda hours: NOW + timedelta(hours=hours, microseconds=hours))
"""Hours of about a year before NOW, and of a month after it: a clock may have been wrong."""

STAMPS = st.sets(MOMENTS, max_size=60)


def dump(path: Path) -> list[str]:
    """Return what a database holds, as SQL; left out is what ANALYZE knows, and the ids of this copy."""
    with closing(sqlite3.connect(path)) as connection:
        return [line for line in connection.iterdump() if "sqlite_" not in line and '"device"' not in line]


def devices(path: Path) -> list[str]:
    """Return the ids that a copy of a diary writes with and wrote with before, the newest last."""
    with closing(sqlite3.connect(path)) as connection:
        return [uid for (uid,) in connection.execute("SELECT uid FROM device ORDER BY id")]


@pytest.fixture(autouse=True)
def _now(clock: time_machine.Traveller) -> None:
    """Stop the clock at NOW in every test here."""


@pytest.fixture(autouse=True)
def _no_reminders(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let doctor not look at this computer's reminders."""
    monkeypatch.setattr(reminder, "look", lambda _now: [])


def names(db: Path) -> list[str]:
    """Return the names of a diary's backups, newest first."""
    return [copy.name for copy in backup.backups(db)]


# Which are kept


@given(STAMPS)
def test_never_fewer_than_three_are_left_whatever_the_clock_says(stamps: set[datetime]) -> None:
    assert kept(stamps, NOW) <= stamps
    assert len(kept(stamps, NOW)) >= min(3, len(stamps))
    assert set(sorted(stamps)[-3:]) <= kept(stamps, NOW)


@given(STAMPS)
def test_the_newest_ten_are_kept(stamps: set[datetime]) -> None:
    assert set(sorted(at for at in stamps if at <= NOW)[-10:]) <= kept(stamps, NOW)


@given(STAMPS)
def test_the_newest_of_each_day_of_the_last_week_is_kept(stamps: set[datetime]) -> None:
    for ago in range(7):
        day = NOW.date() - timedelta(ago)
        of_day = [at for at in stamps if at.date() == day and at <= NOW]
        assert not of_day or max(of_day) in kept(stamps, NOW)


@given(STAMPS)
def test_the_newest_of_each_month_is_kept(stamps: set[datetime]) -> None:
    for year, month in {(at.year, at.month) for at in stamps}:
        of_month = [at for at in stamps if (at.year, at.month) == (year, month)]
        assert max(of_month) in kept(stamps, NOW)


@given(STAMPS)
def test_what_is_dated_in_the_future_is_kept_until_then(stamps: set[datetime]) -> None:
    assert {at for at in stamps if at > NOW} <= kept(stamps, NOW)


@given(STAMPS)
def test_thinning_again_drops_nothing_more(stamps: set[datetime]) -> None:
    assert kept(kept(stamps, NOW), NOW) == kept(stamps, NOW)


@given(STAMPS)
def test_backups_do_not_pile_up(stamps: set[datetime]) -> None:
    past = {at for at in stamps if at <= NOW}
    months = {(at.year, at.month) for at in past}
    assert len(kept(past, NOW)) <= 10 + 7 + len(months)


def test_a_year_of_daily_backups_leaves_ten_days_and_a_month_each() -> None:
    stamps: set[datetime] = set()
    for ago in range(365, -1, -1):
        now = NOW - timedelta(ago)
        stamps = kept({*stamps, now}, now)
    ages = sorted((NOW - at).days for at in stamps)
    assert ages[:10] == list(range(10))
    assert [at.month for at in sorted(stamps)[:-10]] == [*([11] if NOW.day < 10 else []), 11, 12, *range(1, 11)]


# Making


def test_a_backup_holds_what_the_diary_holds(db: Path, run: Run) -> None:
    run("log bridge 3x15 --note 'left side'")
    run("undo")
    copy = backup.make(db, NOW)
    assert dump(copy.path) == dump(db)
    assert copy.path.parent == db.parent / "backups"


def test_the_command_says_what_is_in_the_backup_and_where_it_is(
    db: Path, run: Run, clock: time_machine.Traveller
) -> None:
    run("log bridge clamshell")
    clock.shift(1)
    said = run("backup")
    assert re.match(r"Backed up: 2 sessions, \d+ kB   20261125T064101\.000000Z\n", said.out)
    assert f"{db.parent}/backups/diary.db.20261125T064101.000000Z" in said.out
    assert said.code == 0


def test_there_is_nothing_to_back_up_without_a_diary(db: Path, run: Run) -> None:
    assert run("backup").code == 66
    assert not db.exists()


def test_a_damaged_diary_gets_no_backup(db: Path, run: Run) -> None:
    run("log bridge")
    before = names(db)
    _spoil(db)
    with pytest.raises(NotADiaryError):
        backup.make(db, NOW + timedelta(1))
    assert names(db) == before
    assert len(list((db.parent / "backups").iterdir())) == len(before)


def test_a_diary_whose_index_disagrees_gets_no_backup(db: Path, run: Run) -> None:
    run("log bridge clamshell")
    with closing(sqlite3.connect(db)) as connection, connection:
        connection.execute("PRAGMA writable_schema = ON")
        turned = "replace(sql, 'day, exercise', 'exercise, day')"
        connection.execute(f"UPDATE sqlite_schema SET sql = {turned} WHERE name = 'session_days'")  # noqa: S608
    said = run("backup")
    assert said.code == 65
    assert str(db) in said.err
    assert len(names(db)) == 1


def test_a_copy_that_lacks_a_session_is_no_backup(db: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("log bridge")
    whole = backup._copy  # noqa: SLF001

    def lose(source: sqlite3.Connection, target: Path) -> None:
        whole(source, target)
        with closing(sqlite3.connect(target)) as connection, connection:
            connection.execute("DELETE FROM session")

    monkeypatch.setattr(backup, "_copy", lose)
    assert run("backup").code == 65
    assert len(names(db)) == 1


def test_two_backups_of_one_moment_are_two(db: Path, run: Run) -> None:
    run("log bridge")
    made = {backup.make(db, NOW + timedelta(1)).name, backup.make(db, NOW + timedelta(1)).name}
    assert made == {"20261126T064100.000000Z", "20261126T064100.000001Z"}


def test_backups_of_two_diaries_in_a_folder_do_not_mix(tmp_path: Path, run: Run) -> None:
    one, other = tmp_path / "knee.db", tmp_path / "knee"
    for db in (one, other):
        run(f"--db {db} log bridge")
        backup.make(db, NOW)
    backup.make(one, NOW + timedelta(1))
    assert (len(names(one)), len(names(other))) == (3, 2)
    assert all(copy.path.name.startswith("knee.db.") for copy in backup.backups(one))


def test_a_linked_diary_has_its_backups_beside_the_file(tmp_path: Path, db: Path, run: Run) -> None:
    run("log bridge")
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / "elsewhere" / "link.db"
    link.symlink_to(db)
    assert backup.make(link, NOW).path.parent == db.parent / "backups"
    assert names(link) == names(db)


def test_what_a_crash_left_of_a_backup_goes_with_the_next(db: Path, run: Run) -> None:
    run("log bridge")
    left = db.parent / "backups" / f".{db.name}.20261125T064100.000000Z.abc"
    left.touch()
    backup.make(db, NOW)
    assert not left.exists()


def test_other_files_in_the_folder_are_left_alone(db: Path, run: Run) -> None:
    run("log bridge")
    others = [db.parent / "backups" / name for name in ("holiday.jpg", f"{db.name}.old", f"{db.name}.20261125Z")]
    for other in others:
        other.write_text("mine")
    for hour in range(30):
        backup.make(db, NOW + timedelta(hours=hour))
    assert all(other.exists() for other in others)
    assert 10 < len(names(db)) < 15


# The day's own


def test_the_first_write_of_a_day_makes_a_backup_and_the_next_does_not(
    db: Path, run: Run, clock: time_machine.Traveller
) -> None:
    run("log bridge --reps 15")
    first = names(db)
    run("log bridge --reps 10")
    assert names(db) == first == ["20261125T064100.000000Z"]
    clock.shift(timedelta(days=1))
    run("today")
    assert names(db) == first
    run("log bridge")
    assert names(db) == ["20261126T064100.000000Z", *first]


@pytest.mark.parametrize(
    "line",
    ["undo", "edit last --pain 2", "rm last", "purge ID --yes", "skip", "pause clam", "plan set bridge 3x12",
     "add wall-push", "settings pain_limit 3"],
)  # fmt: skip
def test_every_command_that_writes_makes_the_backup_of_the_day(
    db: Path, run: Run, clock: time_machine.Traveller, line: str
) -> None:
    run("log bridge")
    clock.shift(timedelta(days=1))
    assert run(line.replace("ID", sessions(run)[0]["id"])).code == 0
    assert len(names(db)) == 2


def test_the_day_of_a_backup_is_that_of_the_clock_on_the_wall(
    db: Path, run: Run, clock: time_machine.Traveller
) -> None:
    clock.move_to(NOW.replace(hour=23, minute=30))
    run("log bridge")
    clock.shift(timedelta(hours=1))
    run("log bridge --reps 5")
    assert names(db) == ["20261125T233000.000000Z", "20261125T223000.000000Z"]


def test_the_backup_of_the_day_comes_after_the_answer(
    db: Path, run: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(backup, "of_the_day", lambda *_: said.append(capsys.readouterr().out))
    run("log bridge")
    assert "● Bridge" in said[0]
    assert db.exists()


@pytest.mark.parametrize("error", [StorageError("backups", "No space left on device"), RuntimeError("whatever")])
def test_a_backup_of_the_day_that_fails_costs_one_line_and_nothing_else(
    run: Run, db: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(backup, "of_the_day", fail)
    said = run("log bridge")
    assert said.code == 0
    assert "● Bridge" in said.out
    assert said.err.startswith("What you did is saved, but today's backup failed")
    assert said.err.count("\n") == 1
    assert db.exists()


@pytest.mark.parametrize("line", ["log bridge", "plan set bridge 3x12", "settings pain_limit 3"])
def test_a_file_where_the_folder_of_backups_should_be_costs_one_line_that_says_what_is_saved(
    run: Run, db: Path, line: str
) -> None:
    folder = db.parent / "backups"
    folder.touch()
    said = run(line)
    assert said.code == 0
    assert said.err == (
        "What you did is saved, but today's backup failed; the next change tries again:"
        f" {folder} could not be read or written (it is not a folder; move it away)\n"
    )
    folder.unlink()
    assert run("log clamshell").err == ""
    assert len(names(db)) == 1


def test_the_command_says_that_no_backup_was_made_and_the_diary_is_as_it_was(run: Run, db: Path) -> None:
    folder = db.parent / "backups"
    folder.touch()
    run("log bridge")
    before = db.read_bytes()
    said = run("backup")
    assert (said.code, said.out) == (74, "")
    assert said.err == (
        f"No backup was made: {folder} could not be read or written (it is not a folder; move it away)."
        " The diary is as it was.\n"
    )
    assert db.read_bytes() == before


def test_an_old_backup_that_cannot_be_dropped_hinders_no_other(run: Run, db: Path) -> None:
    run("log bridge")
    stuck = [db.parent / "backups" / f"{db.name}.2020010{day}T000000.000000Z" for day in (1, 2)]
    for folder in stuck:
        folder.mkdir()
    made = [backup.make(db, NOW + timedelta(hours=hour)).name for hour in range(1, 12)]
    assert names(db)[:11] == [*made[:0:-1], "20200102T000000.000000Z"]
    assert all(folder.exists() for folder in stuck)


# The way back


def test_without_a_name_restore_lists_what_there_is(run: Run, db: Path, clock: time_machine.Traveller) -> None:
    run("log bridge")
    clock.shift(timedelta(hours=2))
    run("log clamshell")
    run("backup")
    assert db.exists()
    assert run("restore").out.splitlines() == [
        "20261125T084100.000000Z  Wed 25 Nov 09:41       2 sessions, 221 kB",
        "20261125T064100.000000Z  Wed 25 Nov 07:41       1 session, 221 kB",
        "To go back to one: kneetrack restore NAME. Your diary as it is now becomes a backup first.",
    ]


def test_a_list_without_backups_says_how_to_make_one(run: Run, db: Path) -> None:
    assert run(f"restore --db {db}").out == "There is no backup yet. To make one: kneetrack backup\n"


def test_a_restored_diary_is_the_one_that_was_saved(run: Run, db: Path, clock: time_machine.Traveller) -> None:
    run("log bridge")
    clock.shift(1)
    run("backup")
    before = dump(db)
    run("log clamshell --note more")
    clock.shift(1)
    said = run("restore 20261125T064101")
    assert said.code == 0
    assert said.out.startswith("Restored: 1 session, as of Wed 25 Nov 07:41\n")
    assert dump(db) == before


def test_a_restore_can_be_undone_by_restoring_what_it_saved(run: Run, db: Path, clock: time_machine.Traveller) -> None:
    run("log bridge")
    run("log clamshell --note more")
    before = dump(db)
    clock.shift(1)
    said = run("restore 20261125T064100")
    assert "Before it was 2 sessions. To go back to that: kneetrack restore 20261125T064101.000000Z" in said.out
    assert dump(db) != before
    clock.shift(1)
    run("restore 20261125T064101.000000Z")
    assert dump(db) == before


@pytest.mark.parametrize("lost", [False, True], ids=["over a diary", "where none is"])
def test_a_restored_diary_writes_as_another_device_and_undoes_what_it_wrote_before(
    run: Run, db: Path, *, lost: bool
) -> None:
    run("log bridge")
    (before,) = devices(db)
    run("backup")
    if lost:
        db.unlink()
    assert run(f"restore {backup.backups(db)[0].name}").code == 0
    former, new = devices(db)
    assert (former, new != before) == (before, True)
    run("log clamshell")
    with closing(sqlite3.connect(db)) as opened:
        assert opened.execute("SELECT device FROM change ORDER BY id DESC LIMIT 1").fetchone() == (new,)
    undone = [run("undo").out.splitlines()[0] for _ in range(2)]
    assert undone == ["Undone: log clamshell 3x10", "Undone: log bridge 3x10x2s"]


def test_a_restore_keeps_the_file_its_links_and_its_mode(run: Run, db: Path) -> None:
    run("log bridge")
    copy = backup.make(db, NOW)
    inode = db.stat().st_ino
    backup.restore(db, copy, NOW)
    assert (db.stat().st_ino, db.stat().st_mode & 0o777) == (inode, 0o600)
    assert not Path(sqlite.leftover(db)).exists()


def test_a_missing_diary_is_brought_back_without_the_example_program(run: Run, db: Path) -> None:
    run("log bridge")
    before = dump(db)
    db.unlink()
    said = run("restore 20261125")
    assert said.code == 0
    assert "Example program" not in said.out
    assert dump(db) == before
    assert db.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("damage", ["empty", "cut", "overwritten", "spoilt", "text"])
def test_a_damaged_diary_is_set_aside_and_replaced(run: Run, db: Path, damage: str) -> None:
    run("log bridge --note first")
    before = dump(db)
    whole = db.read_bytes()
    if damage == "spoilt":
        _spoil(db)
    else:
        db.write_bytes(
            {"empty": b"", "cut": whole[:6000], "overwritten": b"\0" * 100 + whole[100:], "text": b"x" * 999}[damage]
        )
    damaged = db.read_bytes()
    said = run(f"restore {names(db)[0]}")
    assert said.code == 0
    assert dump(db) == before
    (aside,) = db.parent.glob(f"{db.name}.damaged-*")
    assert aside.read_bytes() == damaged
    assert str(aside) in said.out
    assert aside.stat().st_mode & 0o777 == 0o600


def test_a_damaged_backup_is_refused_and_changes_nothing(run: Run, db: Path) -> None:
    run("log bridge")
    copy = backup.backups(db)[0]
    _spoil(copy.path)
    before = db.read_bytes()
    assert run(f"restore {copy.name}").code == 65
    assert db.read_bytes() == before


def test_a_backup_of_a_newer_kneetrack_is_listed_and_refused(run: Run, db: Path) -> None:
    run("log bridge")
    copy = backup.backups(db)[0]
    _set_schema(copy.path, "9999")
    before = db.read_bytes()
    assert "not readable here" in run("restore").out
    assert run(f"restore {copy.name}").code == 78
    assert db.read_bytes() == before


def test_a_newer_diary_is_not_replaced(run: Run, db: Path) -> None:
    run("log bridge")
    _set_schema(db, "9999")
    before = db.read_bytes()
    assert run(f"restore {names(db)[0]}").code == 78
    assert db.read_bytes() == before


@pytest.mark.parametrize(("word", "sentence"), [("2026", "2 backups"), ("1999", "No backup"), ("../x", "No backup")])
def test_a_name_that_names_no_backup_or_several_is_refused(run: Run, db: Path, word: str, sentence: str) -> None:
    run("log bridge")
    backup.make(db, NOW)
    said = run(f"restore {word}")
    assert said.code == 2
    assert said.err.startswith(sentence)


@pytest.mark.parametrize("word", ["2", "2026", "2026112"])
def test_less_of_a_name_than_its_day_lists_what_it_may_mean_and_restores_nothing(run: Run, db: Path, word: str) -> None:
    run("log bridge")
    run("log clamshell")
    before = db.read_bytes()
    said = run(f"restore {word}")
    assert said.code == 2
    assert said.err.startswith(f"1 backup has a name that begins with {word}, and none was restored")
    assert said.err.endswith("type at least its day, such as 20261125.\n")
    assert said.out.startswith("20261125T064100.000000Z  Wed 25 Nov 07:41       1 session")
    assert db.read_bytes() == before
    assert len(names(db)) == 1
    assert run("restore 20261125").code == 0


def test_a_day_with_several_backups_lists_them_and_restores_none(
    run: Run, db: Path, clock: time_machine.Traveller
) -> None:
    run("log bridge")
    clock.shift(1)
    run("backup")
    before = db.read_bytes()
    said = run("restore 20261125")
    assert said.err.endswith(
        "2 backups have a name that begins with 20261125, and none was restored: type more of it.\n"
    )
    assert [line.partition(" ")[0] for line in said.out.splitlines()[:-1]] == names(db)
    assert (said.code, db.read_bytes()) == (2, before)


def test_nobody_writes_between_what_a_restore_saves_and_what_it_puts_there(
    run: Run, db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("log bridge")
    copy = backup.make(db, NOW)
    locked: list[str] = []

    def try_to_write(*_: object) -> None:
        with closing(sqlite3.connect(db, timeout=0, isolation_level=None)) as other:
            try:
                other.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                locked.append(str(error))

    monkeypatch.setattr(backup, "thin", try_to_write)
    backup.restore(db, copy, NOW)
    assert locked == ["database is locked"]


def _spoil(path: Path) -> None:
    """Overwrite the middle of a file."""
    whole = path.read_bytes()
    path.write_bytes(whole[:8192] + b"\xa5" * 16384 + whole[24576:])


def _set_schema(path: Path, revision: str) -> None:
    """Let a file say that it is of another schema."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))


def test_the_backup_that_is_restored_stays_whatever_its_age(run: Run, diary: Path) -> None:
    run("log bridge 1")
    for _ in range(12):
        run("backup")
    oldest = backup.backups(diary)[-1]
    run("log bridge 9")

    assert run(f"restore {oldest.name}").code == 0
    assert oldest.path.exists()


# A diary that was lost


@pytest.mark.parametrize("line", ["history", "undo", "backup", "doctor", "purge last --yes"])
def test_a_missing_diary_with_backups_is_told_with_the_way_back(line: str, db: Path, run: Run) -> None:
    run("log bridge")
    db.unlink()
    said = run(line)
    assert (said.code, said.out) == (66, "")
    assert said.err == f"There is no diary at {db}; 1 backup of it is there: kneetrack restore lists them.\n"
    backup_name = names(db)[0]
    assert run(f"restore {backup_name}").code == 0
    assert run(line).code == 0


@pytest.mark.parametrize(
    "line", ["log bridge", "plan set bridge 3x12", "plan use starter", "skip", "add wave", "settings pain_limit 4"]
)
def test_a_new_diary_beside_backups_of_an_earlier_one_names_the_way_back(line: str, db: Path, run: Run) -> None:
    run("log bridge")
    run("backup")
    count = len(names(db))
    db.unlink()
    there = f"There are {count} backups of an earlier diary. To go back to one: kneetrack restore\n"
    assert there in run(line).out
    assert there not in run("log bridge 15").out


def test_today_at_the_usual_place_names_the_backups_of_a_diary_that_is_missing(home: Path, run: Run) -> None:
    run("log bridge")
    (home / "data" / "kneetrack" / "kneetrack.db").unlink()
    assert "There is 1 backup of an earlier diary. To go back to one: kneetrack restore\n" in run("today").out


def test_a_new_diary_with_json_names_the_way_back_on_standard_error(db: Path, run: Run) -> None:
    run("log bridge")
    db.unlink()
    assert "kneetrack restore\n" in run("log bridge --json").err


# What was purged


def _purge(db: Path, uid: str) -> None:
    """Purge a record of a diary, and leave its backups as they are, as on a machine that was not asked to."""
    with sqlite.open_store(db, write=True) as store:
        store.purge([uid], NOW)
    backup.keep_tombstones(db)


def _purged_after_a_backup(run: Run, db: Path) -> str:
    """Log two sessions, make a backup, and purge one of them; return its id."""
    run("log bridge 1x15 --note kept")
    run("log clamshell 2x15 --note secret")
    (uid,) = (str(session["id"]) for session in sessions(run) if session["note"] == "secret")
    run("backup")
    _purge(db, uid)
    return uid


def _holds(path: Path, words: bytes) -> bool:
    return words in path.read_bytes()


def test_a_purge_leaves_the_uid_and_the_instant_and_nothing_else(db: Path, run: Run) -> None:
    uid = _purged_after_a_backup(run, db)
    with closing(sqlite3.connect(db)) as opened:
        stones = opened.execute("SELECT * FROM tombstone").fetchall()
    assert stones == [(uid, "2026-11-25 06:41:00.000000")]
    assert not _holds(db, b"secret")


def test_what_was_purged_does_not_come_back_with_a_restore(db: Path, run: Run) -> None:
    uid = _purged_after_a_backup(run, db)
    name = names(db)[0]
    restored = backup.restore(db, backup.matching(db, name)[0], NOW)
    assert (restored.kept_out, restored.aside) == (1, None)
    assert [session["note"] for session in sessions(run)] == ["kept"]
    assert not _holds(db, b"secret")
    with closing(sqlite3.connect(db)) as opened:
        assert opened.execute("SELECT uid FROM tombstone").fetchall() == [(uid,)]
    assert run("doctor").code == 0


def test_what_was_purged_does_not_come_back_with_a_restore_of_a_diary_that_is_lost(db: Path, run: Run) -> None:
    _purged_after_a_backup(run, db)
    name = names(db)[0]
    db.unlink()
    assert run(f"restore {name}").code == 0
    assert [session["note"] for session in sessions(run)] == ["kept"]
    assert not _holds(db, b"secret")


def test_a_restore_without_a_purge_keeps_nothing_out(db: Path, run: Run) -> None:
    run("log bridge 15")
    run("backup")
    assert backup.restore(db, backup.backups(db)[0], NOW).kept_out == 0


def test_backups_are_rewritten_without_what_was_purged(db: Path, run: Run) -> None:
    uid = _purged_after_a_backup(run, db)
    assert any(_holds(copy.path, b"secret") for copy in backup.backups(db))
    before = names(db)
    assert backup.purge_from_backups(db, [uid]) == (1, [])
    assert names(db) == before
    for copy in backup.backups(db):
        assert not _holds(copy.path, b"secret")
        backup.verify(copy.path)
    assert backup.purge_from_backups(db, [uid]) == (0, [])
    assert not [path for path in (db.parent / "backups").iterdir() if path.name.startswith(".")]


def test_a_backup_that_cannot_be_read_is_named_when_the_others_are_rewritten(db: Path, run: Run) -> None:
    uid = _purged_after_a_backup(run, db)
    run("backup")
    broken = backup.backups(db)[0]
    broken.path.write_bytes(b"")
    assert backup.purge_from_backups(db, [uid]) == (1, [broken.name])


def test_an_upgrade_takes_in_what_was_purged_before_an_older_backup_was_restored(db: Path, run: Run) -> None:
    shutil.copy(DATA / "schema-0002.db", db)
    old = db.read_bytes()
    (uid,) = {str(session["id"]) for session in sessions(run)[-1:]}
    _purge(db, uid)
    copy = next(copy for copy in backup.backups(db) if copy.path.read_bytes()[100:] == old[100:])
    assert run(f"restore {copy.name}").code == 0
    assert uid not in {session["id"] for session in sessions(run)}
    with closing(sqlite3.connect(db)) as opened:
        assert (uid,) in opened.execute("SELECT uid FROM tombstone").fetchall()


# What others put there


def test_a_backup_that_is_a_link_is_not_restored(run: Run, db: Path, tmp_path: Path) -> None:
    run("log bridge")
    (copy,) = backup.backups(db)
    elsewhere = tmp_path / "elsewhere.db"
    copy.path.rename(elsewhere)
    copy.path.symlink_to(elsewhere)
    before = db.read_bytes()
    said = run(f"restore {copy.name}")
    assert (said.code, said.out) == (65, "")
    assert "was put among your backups by somebody else" in said.err
    assert db.read_bytes() == before


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives a file to somebody else")
def test_a_backup_of_another_user_is_not_restored(run: Run, db: Path) -> None:
    run("log bridge")
    (copy,) = backup.backups(db)
    os.chown(copy.path, 65534, 65534)
    before = db.read_bytes()
    assert run(f"restore {copy.name}").code == 65
    assert db.read_bytes() == before


def test_a_second_name_of_the_diary_is_said_once_a_day(run: Run, db: Path) -> None:
    run("log bridge")
    os.link(db, db.with_name("second.db"))
    shutil.rmtree(db.parent / "backups")
    assert run("log clamshell").err.startswith("What you did is saved. The diary's file has more than one name, though")
    assert run("log bridge 1x3").err == ""
