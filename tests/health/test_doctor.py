"""Doctor: what is wrong with a diary and around it, in one line each, with what to do."""

import json
import os
import re
import shlex
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import pytest
import time_machine

from commands import BRIDGES
from conftest import NOW, Run, read, sessions
from kneetrack.domain import text
from kneetrack.domain.errors import NoPermissionError
from kneetrack.domain.installed import Job, Problem, Report
from kneetrack.health import diary as check
from kneetrack.health.diary import file_system
from kneetrack.reminder import check as reminder
from kneetrack.store import backup
from kneetrack.store.schema import create
from kneetrack.store.sqlite import open_store
from make_schema import DATA

TOPICS = ["file", "records", "days", "permissions", "writing", "place", "backups", "reminder"]
NOBODY = 65534


class Disk(NamedTuple):
    """How many bytes a disk has, and how many of them are free."""

    total: int
    free: int


@pytest.fixture(autouse=True)
def _quiet(clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    """Stop the clock, and look neither at this computer's reminders nor at where, on what disk, its files are."""
    del clock
    home.chmod(0o700)
    monkeypatch.setattr(reminder, "look", lambda _now: [])
    monkeypatch.setattr(check, "file_system", lambda _path: "ext4")
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: Disk(10**12, 10**12))


@pytest.fixture
def diary(run: Run, db: Path) -> Path:
    """Give a diary that has a session, an edit, an undo and a backup."""
    run("log bridge clamshell --note first")
    run("edit last --pain 2")
    run("rm last")
    run("undo")
    return db


def found(run: Run) -> dict[str, dict[str, Any]]:
    """Return what doctor finds, by topic."""
    return {finding["topic"]: finding for finding in read(run, "doctor")["findings"]}


def change(db: Path, *statements: str) -> None:
    """Write to a diary what no kneetrack writes."""
    with closing(sqlite3.connect(db)) as opened, opened:
        opened.execute("PRAGMA ignore_check_constraints = ON")
        for statement in statements:
            opened.execute(statement)


def test_a_sound_diary_has_nothing_wrong(run: Run, diary: Path) -> None:
    said = run("doctor")
    assert said.code == 0
    assert said.out.splitlines() == [
        f"diary  {diary}",
        "● file         whole, 2 sessions, 221 kB",
        "● records      each shows its newest version",
        "● days         nothing is dated later than now",
        "● permissions  only you may read it",
        "● writing      it can be written, and its disk has room",
        "● place        on a disk of this computer",
        "● backups      1, the newest 20261125T064100.000000Z",
        "● reminder     none is installed · kneetrack remind install",
    ]


def test_the_json_has_every_topic_with_its_state(run: Run, diary: Path) -> None:
    said = read(run, "doctor")
    assert (said["schema"], said["diary"]) == (1, str(diary))
    assert [finding["topic"] for finding in said["findings"]] == TOPICS
    assert all(list(finding) == ["topic", "state", "words", "remedy"] for finding in said["findings"])


def test_doctor_changes_nothing(run: Run, diary: Path) -> None:
    change(diary, "UPDATE session SET current = 0")
    tree = {path: path.stat().st_mtime_ns for path in diary.parent.rglob("*")}
    before = diary.read_bytes()
    run("doctor")
    assert (diary.read_bytes(), {path: path.stat().st_mtime_ns for path in diary.parent.rglob("*")}) == (
        before,
        tree,
    )


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE session SET current = 0 WHERE id = 1", "1 record without one current version"),
        ("DELETE FROM change WHERE id = 2", "without the change that wrote them"),
        ("UPDATE change SET undoes = (SELECT max(id) FROM change) WHERE id = 3", "1 undo of another undo"),
        ("UPDATE change SET part_of = id WHERE id = 3", "1 change is part of a part"),
        ("DELETE FROM device", "this copy has no id"),
        ("UPDATE session SET brought_by = change_id WHERE id = 1", "1 record imported by the change that wrote it"),
        ("UPDATE sqlite_sequence SET seq = 1 WHERE name = 'change'", "the ids of change are counted wrong"),
        ("UPDATE sqlite_sequence SET seq = 'x' WHERE name = 'session'", "the ids of session are counted wrong"),
        (
            "INSERT INTO sqlite_sequence (name, seq) VALUES ('pause', 9223372036854775807)",
            "the ids of pause are counted wrong",
        ),
    ],
)
def test_a_broken_rule_of_the_diary_is_damage(run: Run, diary: Path, statement: str, words: str) -> None:
    change(diary, statement)
    said = found(run)["records"]
    assert said["state"] == "damage"
    assert words in said["words"]
    assert "kneetrack restore" in said["remedy"]
    assert run("doctor").code == 65


def test_an_id_of_this_copy_that_is_none_is_damage(run: Run, diary: Path) -> None:
    change(diary, "UPDATE device SET uid = char(27) || substr(uid, 2)")
    said = found(run)["file"]
    assert said["state"] == "damage"
    assert said["words"] == "damaged: uid of a device has an invalid value"


def test_an_older_version_that_is_current_is_damage(run: Run, diary: Path) -> None:
    change(
        diary,
        "UPDATE session SET current = 0 WHERE exercise = 'clamshell'",
        "UPDATE session SET current = 1 WHERE id = (SELECT min(id) FROM session WHERE exercise = 'clamshell')",
    )
    assert found(run)["records"]["words"] == "1 record showing another version than the newest"


@pytest.mark.parametrize(
    "damage", [b"", b"SQLite format 3\0 and no more", b"x" * 5000], ids=["empty", "cut", "overwritten"]
)
def test_a_damaged_file_names_the_way_back(run: Run, diary: Path, damage: bytes) -> None:
    diary.write_bytes(damage)
    said = found(run)
    assert said["file"]["state"] == "damage"
    assert said["file"]["remedy"].startswith("kneetrack restore 20261125T064100.000000Z (2 sessions)")
    assert "records" not in said
    assert run("doctor").code == 65


def test_a_damaged_file_without_a_sound_backup_is_to_be_kept(run: Run, diary: Path) -> None:
    backup.backups(diary)[0].path.write_bytes(b"")
    diary.write_bytes(b"")
    assert found(run)["file"]["remedy"] == "there is no backup; keep the file as it is"


def test_an_index_that_disagrees_with_its_table_is_damage(run: Run, diary: Path) -> None:
    change(
        diary,
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_schema SET sql = replace(sql, 'day, exercise', 'exercise, day') WHERE name = 'session_days'",
    )
    assert found(run)["file"]["state"] == "damage"


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("session", "day", "2026-02-31"),
        ("session", "day", "2026-99-99"),
        ("session", "created_at", "2026-99-99 00:00:00.000000"),
        ("prescription", "first_day", "2026-99-99"),
        ("pause", "last_day", "2026-99-99"),
        ("change", "at", "2026-02-31 00:00:00.000000"),
    ],
)
def test_a_day_that_is_none_is_damage_and_names_its_record(
    run: Run, diary: Path, table: str, column: str, value: str
) -> None:
    run("pause bridge --until sun")
    with closing(sqlite3.connect(diary)) as opened:
        (uid,) = opened.execute(f"SELECT uid FROM {table} ORDER BY id DESC LIMIT 1").fetchone()  # noqa: S608
    change(diary, f"UPDATE {table} SET {column} = '{value}' WHERE uid = '{uid}'")  # noqa: S608
    said = found(run)["file"]
    assert said["words"] == f"damaged: {column} of {table} {uid[:8]} has an invalid value"
    assert said["remedy"].startswith("kneetrack restore 20261125T064100.000000Z")


def test_an_id_that_no_kneetrack_wrote_cannot_steer_the_terminal(run: Run, diary: Path) -> None:
    change(diary, "UPDATE change SET uid = char(27) || '[2J', at = '2026-02-31 00:00:00.000000' WHERE id = 2")
    assert "\x1b" not in run("doctor").out


@pytest.mark.parametrize("line", ["today", "log bridge", "history --all", "stats", "undo"])
def test_a_value_that_no_kneetrack_wrote_is_damage_to_every_command(run: Run, diary: Path, line: str) -> None:
    change(diary, "UPDATE session SET day = '2026-02-31'", "UPDATE change SET at = '2026-02-31 00:00:00.000000'")
    said = run(line)
    assert (said.code, said.err.count("\n")) == (65, 1)
    assert "kneetrack doctor" in said.err


def test_text_that_is_no_utf8_is_damage_and_is_not_shown(run: Run, diary: Path) -> None:
    change(diary, "UPDATE session SET note = CAST(x'736563726574ff' AS TEXT)")
    said = run("history")
    assert said.code == 65
    assert "secret" not in said.err
    assert "secret" not in run("doctor").out
    assert "column 'note' of session" in found(run)["file"]["words"]


def test_sessions_dated_after_today_are_named(run: Run, diary: Path) -> None:
    with open_store(diary, write=True) as store:
        store.append("log", NOW, [BRIDGES._replace(day=date(2026, 12, 1))])
    said = found(run)["days"]
    assert said["state"] == "notice"
    assert said["words"] == "1 session dated after today, 2026-12-01 to 2026-12-01, not counted until then"
    assert run(f"{said['remedy'].split(', then ')[0].removeprefix('kneetrack ')}").code == 0
    assert run("doctor").code == 0


def test_a_clock_that_ran_back_is_named(run: Run, diary: Path, clock: time_machine.Traveller) -> None:
    assert diary.exists()
    clock.shift(timedelta(hours=-3))
    assert (
        found(run)["days"]["words"]
        == "the newest change is dated 2026-11-25 06:41 UTC, later than the clock says it is"
    )


def test_files_that_others_may_read_are_named_with_the_way_to_close_them(run: Run, diary: Path) -> None:
    (copy,) = backup.backups(diary)
    for path in (diary, copy.path):
        path.chmod(0o644)
    said = found(run)["permissions"]
    assert said["state"] == "notice"
    assert os.system(said["remedy"]) == 0  # noqa: S605 - what the person would type
    assert found(run)["permissions"]["state"] == "fine"
    assert {path.stat().st_mode & 0o777 for path in (diary, copy.path)} == {0o600}


def test_a_folder_in_which_others_may_write_is_named(run: Run, diary: Path) -> None:
    diary.parent.chmod(0o777)
    said = found(run)["permissions"]
    assert said["words"] == f"others may replace files in {diary.parent}"
    diary.parent.chmod(0o1777)
    assert found(run)["permissions"]["state"] == "fine"


def test_a_folder_of_backups_in_which_others_may_write_is_named_with_the_way_to_close_it(run: Run, diary: Path) -> None:
    folder = backup.backups(diary)[0].path.parent
    folder.chmod(0o777)
    said = found(run)["permissions"]
    assert said["words"] == f"others may replace files in {folder}"
    assert os.system(said["remedy"]) == 0  # noqa: S605 - what the person would type
    assert found(run)["permissions"]["state"] == "fine"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_folder_of_backups_that_belongs_to_somebody_else_is_named(run: Run, diary: Path) -> None:
    folder = backup.backups(diary)[0].path.parent
    os.chown(folder, 65534, -1)
    assert found(run)["permissions"]["words"].startswith(f"{folder} belongs to somebody else")


def test_a_diary_with_a_second_name_is_named(run: Run, diary: Path) -> None:
    diary.with_name("other.db").hardlink_to(diary)
    said = found(run)["place"]
    assert (said["state"], said["words"].partition(":")[0]) == ("notice", "the file has 2 names")
    diary.with_name("other.db").unlink()
    assert found(run)["place"]["state"] == "fine"


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give a diary with a backup that belongs to a person whom permissions hold."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        if os.geteuid() == 0:
            os.chown(folder, NOBODY, NOBODY)
            os.seteuid(NOBODY)
        monkeypatch.setenv("KNEETRACK_DB", str(folder / "diary.db"))
        create(folder / "diary.db", NOW)
        backup.make(folder / "diary.db", NOW)
        yield folder
        os.seteuid(os.getuid())
        for path in (folder, folder / "backups"):
            path.chmod(0o700)


@pytest.mark.parametrize(
    ("closed", "mode"), [("diary.db", 0o400), (".", 0o500), ("backups", 0o500), ("backups", 0)], ids=str
)
def test_what_may_not_be_written_is_named_with_the_way_to_open_it(
    run: Run, person: Path, closed: str, mode: int
) -> None:
    (person / closed).chmod(mode)
    said = found(run)["writing"]
    assert (said["state"], said["words"]) == ("notice", f"you may not write {person / closed}")
    command, *paths = shlex.split(said["remedy"])
    assert (command, paths) == ("chmod", ["u+rwX", str(person / closed)])
    (person / closed).chmod(0o700)
    assert found(run)["writing"]["state"] == "fine"


def test_a_diary_that_may_not_be_read_is_damage_with_the_way_to_open_it(run: Run, person: Path) -> None:
    (person / "diary.db").chmod(0)
    assert run("doctor").code == 65
    said = found(run)
    assert said["file"]["state"] == "damage"
    assert said["file"]["words"] == "you may not read it"
    assert said["writing"]["words"] == f"you may not write {person / 'diary.db'}"
    command, *paths = shlex.split(said["file"]["remedy"])
    assert (command, paths) == ("chmod", ["u+rwX", str(person / "diary.db")])
    (person / "diary.db").chmod(0o600)
    assert run("doctor").code == 0


def test_what_somebody_else_owns_is_not_to_be_opened_by_chmod(run: Run, person: Path) -> None:
    if os.getuid() != 0:
        pytest.skip("only root can give a file away")
    os.seteuid(0)
    os.chown(person / "backups", 0, 0)
    os.seteuid(NOBODY)
    assert found(run)["writing"]["remedy"] == "ask who owns that place or disk, or name another one with --db"


def test_a_file_in_the_place_of_the_folder_of_backups_is_named_with_the_way_to_move_it(run: Run, diary: Path) -> None:
    shutil.rmtree(diary.parent / "backups")
    (diary.parent / "backups").write_text("mine")
    said = found(run)["backups"]
    assert (said["state"], said["words"]) == (
        "notice", f"none, and none can be made: {diary.parent / 'backups'} is not a folder"
    )  # fmt: skip
    assert os.system(said["remedy"].partition(";")[0]) == 0  # noqa: S605 - what the person would type
    assert run("backup").code == 0
    assert (diary.parent / "backups.old").read_text() == "mine"


@pytest.mark.parametrize(("free", "state"), [(0, "notice"), (19_000_000, "notice"), (21_000_000, "fine")])
def test_a_disk_that_is_nearly_full_is_named(
    run: Run, diary: Path, monkeypatch: pytest.MonkeyPatch, free: int, state: str
) -> None:
    assert diary.exists()
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: Disk(10**12, free))
    said = found(run)["writing"]
    assert said["state"] == state
    assert said["words"].startswith(f"{text.size(free)} free on its disk") == (state == "notice")


def test_a_disk_that_does_not_say_how_large_it_is_is_not_full(
    run: Run, diary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert diary.exists()
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: Disk(0, 0))
    assert found(run)["writing"]["state"] == "fine"


@pytest.mark.parametrize("folder", ["Dropbox", "OneDrive - Work", "Nextcloud", "Mobile Documents"])
def test_a_synced_folder_is_named(run: Run, tmp_path: Path, folder: str) -> None:
    (tmp_path / folder / "knee").mkdir(parents=True)
    place = tmp_path / folder / "knee" / "diary.db"
    run(f"--db '{place}' log bridge")
    said = {each.topic: each for each in check.examine(place, NOW)}["place"]
    assert (said.state, said.words) == ("notice", f"{tmp_path / folder} looks like a synced folder")


def test_a_folder_with_the_mark_of_a_syncing_program_is_named(run: Run, diary: Path) -> None:
    (diary.parent / ".stfolder").mkdir()
    assert found(run)["place"]["state"] == "notice"


def test_how_the_last_sync_went_is_said(run: Run, diary: Path, tmp_path: Path) -> None:
    del diary
    folder = tmp_path / "shared"
    folder.mkdir()
    assert "syncing" not in found(run)
    run(f"sync {folder}")
    assert found(run)["syncing"]["words"] == f"with {folder}"
    shutil.rmtree(folder)
    run("sync")
    assert found(run)["syncing"]["state"] == "notice"
    assert str(folder) in found(run)["syncing"]["words"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("inbox.txt", "brige 3x10\n", "not all of inbox.txt could be read"),
        ("inbox.txt", "x" * (1 << 19), "not all of inbox.txt could be read"),
        ("inbox (copy).txt", "bridge 3x10\n", "1 copy of inbox.txt"),
        (f"{'0' * 32}/2026-11.json", "{}", "1 file not read"),
    ],
)
@pytest.mark.usefixtures("diary")
def test_syncing_is_stuck_where_sync_status_says_so(
    run: Run, tmp_path: Path, name: str, content: str, words: str
) -> None:
    file = tmp_path / "shared" / name
    file.parent.mkdir(parents=True)
    file.write_text(content)
    run(f"sync {tmp_path / 'shared'}")
    assert run("sync status").code == 3
    said = found(run)["syncing"]
    assert (said["state"], said["words"]) == ("notice", words)


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "drvfs", "virtiofs"])
def test_a_network_is_named(run: Run, diary: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    assert diary.exists()
    monkeypatch.setattr(check, "file_system", lambda _path: kind)
    assert found(run)["place"]["words"] == f"on a network or shared file system ({kind})"


def test_backups_are_missed_when_there_are_none_or_the_newest_is_old(
    run: Run, diary: Path, clock: time_machine.Traveller
) -> None:
    clock.shift(timedelta(days=8))
    assert found(run)["backups"]["words"].endswith("8 days old")
    (copy,) = backup.backups(diary)
    copy.path.unlink()
    assert (found(run)["backups"]["words"], found(run)["backups"]["remedy"]) == ("none", "kneetrack backup")


def test_a_backup_that_was_damaged_since_is_named(run: Run, diary: Path) -> None:
    (copy,) = backup.backups(diary)
    whole = copy.path.read_bytes()
    copy.path.write_bytes(whole[:9000] + b"\xa5" * 9000 + whole[18000:])
    assert found(run)["backups"]["words"] == f"1 of 1 damaged since, such as {copy.name}"


JOB = Job(("/opt/kneetrack", "--db", "/somewhere/else.db", "remind"), (time(18),))


@pytest.mark.parametrize(
    ("reports", "words"),
    [
        ([Report("cron", JOB, NOW, None, (Problem.NO_PROGRAM,))], "program"),
        ([Report("cron", None, None, None, (Problem.DAMAGED,), "The crontab is broken.")], "is broken"),
        ([Report("cron", JOB, NOW, None, ())], "it reads /somewhere/else.db, not this diary"),
    ],
)
def test_a_reminder_that_will_not_remind_is_named(
    run: Run, diary: Path, monkeypatch: pytest.MonkeyPatch, reports: Sequence[Report], words: str
) -> None:
    assert diary.exists()
    monkeypatch.setattr(reminder, "look", lambda _now: reports)
    assert found(run)["reminder"]["state"] == "notice"
    assert words in found(run)["reminder"]["words"]


def test_a_reminder_that_may_not_be_looked_at_is_named(run: Run, diary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_now: object) -> None:
        raise NoPermissionError(diary, "read")

    monkeypatch.setattr(reminder, "look", refuse)
    assert found(run)["reminder"]["state"] == "notice"


def test_a_reminder_of_this_diary_is_fine(run: Run, diary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    job = JOB._replace(argv=("/opt/kneetrack", "--db", str(diary), "remind"))
    monkeypatch.setattr(reminder, "look", lambda _now: [Report("cron", job, NOW, None, ())])
    assert found(run)["reminder"]["words"] == "by cron, every day at 18:00"


def test_a_folder_or_a_file_of_another_program_is_left_alone(run: Run, db: Path) -> None:
    change(db, "CREATE TABLE theirs (x)")
    assert found(run)["file"]["words"] == "is a database of another program, not a diary"
    db.unlink()
    db.mkdir()
    assert found(run)["file"]["remedy"] == "name another place with --db"


def test_no_diary_has_no_doctor(run: Run, db: Path) -> None:
    assert run("doctor").code == 66
    assert not db.exists()


def test_the_mount_with_the_longest_name_tells_the_file_system(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text("disk / ext4 rw 0 0\nserver:/x /home/me/far\\040away nfs4 rw 0 0\nnone /home tmpfs rw 0 0\n")
    kinds = [file_system(Path(path), mounts) for path in ("/home/me/far away/k.db", "/home/me/k.db", "/k.db")]
    assert kinds == ["nfs4", "tmpfs", "ext4"]


def test_doctor_says_how_to_take_a_foreign_trigger_out_and_keeps_every_record(db: Path, run: Run) -> None:
    run("log bridge 15")
    run("backup")
    run("log clamshell 15")
    with closing(sqlite3.connect(db)) as opened:
        opened.execute("CREATE TRIGGER evil AFTER INSERT ON session BEGIN DELETE FROM session; END")
        opened.commit()
    assert run("log bridge 5").code == 65
    findings = json.loads(run("doctor --json").out)["findings"]
    (remedy,) = (item["remedy"] for item in findings if item["topic"] == "file")
    statement = re.search("'(DROP TRIGGER evil)'", remedy)
    assert statement
    with closing(sqlite3.connect(db)) as opened:
        opened.execute(statement[1])
        opened.commit()
    assert len(sessions(run)) == 2


@pytest.mark.parametrize(
    ("statement", "what", "removal"),
    [
        ("CREATE VIEW evil AS SELECT 1", "a view that kneetrack did not make (evil)", "DROP VIEW evil"),
        ("CREATE TABLE mood (day)", "a table that kneetrack did not make (mood)", "DROP TABLE mood"),
        ("CREATE INDEX fast ON session (note)", "an index that kneetrack did not make (fast)", "DROP INDEX fast"),
        (
            "ALTER TABLE session ADD COLUMN mood TEXT",
            "a column that kneetrack did not make (session.mood)",
            "ALTER TABLE session DROP COLUMN mood",
        ),
    ],
)
def test_doctor_says_how_to_take_out_what_another_program_put_into_a_diary(
    run: Run, diary: Path, statement: str, what: str, removal: str
) -> None:
    change(diary, statement)
    said = found(run)["file"]
    assert (said["state"], said["words"]) == ("damage", f"has {what}")
    assert said["remedy"] == f"sqlite3 {diary} '{removal}', then kneetrack doctor again"
    change(diary, removal)
    assert run("doctor").code == 0


def test_what_has_a_name_that_no_shell_should_see_is_not_told_how_to_take_out(run: Run, diary: Path) -> None:
    change(diary, """CREATE TABLE "a'; touch x; '" (day)""")
    assert "touch" not in found(run)["file"]["remedy"]


@pytest.mark.parametrize("schema", sorted(DATA.glob("schema-*.db")), ids=lambda path: path.stem)
@pytest.mark.usefixtures("table")
def test_a_diary_of_every_schema_is_sound_once_it_was_upgraded(run: Run, db: Path, schema: Path) -> None:
    db.write_bytes(schema.read_bytes())
    assert run("pain 3").code == 0
    result = run("doctor")
    assert (result.code, "×" in result.out) == (0, False)
