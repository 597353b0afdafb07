"""Nothing is ever lost: crowds, kills, full disks, wrong permissions, crash leftovers, damage and wrong clocks."""

import json
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import time_machine

from commands import BRIDGES
from conftest import NOW, PATIENCE_S, Run, files, need, read
from kneetrack.store import backup, sqlite
from kneetrack.store.sqlite import open_store
from make_schema import DATA

KNEETRACK = [sys.executable, "-m", "kneetrack"]
VICTIMS = [sys.executable, str(Path(__file__).parents[1] / "victims.py")]
NOBODY = 65534


def victims(*words: str) -> Any:  # noqa: ANN401 - as JSON has it
    """Run one of the programs that fork, and return what came of it."""
    ended = subprocess.run([*VICTIMS, *words], capture_output=True, text=True, check=False, timeout=PATIENCE_S)
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


def asked(db: Path, statement: str) -> list[Any]:
    """Return the first column of what a statement gives."""
    with closing(sqlite3.connect(db)) as opened:
        return [value for value, *_ in opened.execute(statement)]


# At once


@pytest.fixture
def shared() -> Iterator[Path]:
    """Give a folder that every user may look into."""
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.mark.slow
def test_fifty_logs_at_once_beside_readers_lose_and_double_nothing(shared: Path, run: Run) -> None:
    db = shared / "diary.db"
    run(f"--db {db} plan set bridge 3x12")
    db.chmod(0o644)
    told = victims("crowd", str(db), "50", "2")
    assert told == {"wrote": [0] * 50, "read": [0] * 2}
    assert sorted(asked(db, "SELECT reps FROM session WHERE current AND NOT removed")) == list(range(1, 51))
    assert asked(db, "SELECT count(DISTINCT uid) = 50 AND count(*) = 50 FROM session") == [1]
    assert asked(db, "SELECT count(DISTINCT at) = 51 AND count(*) = 51 FROM change") == [1]
    assert asked(db, "PRAGMA integrity_check") == ["ok"]
    assert len(backup.backups(db)) == 1


# Kills


@pytest.mark.slow
def test_what_was_acknowledged_survives_kills_and_nothing_is_there_by_halves(db: Path, run: Run) -> None:
    run("plan set bridge 3x12")
    told = victims("killed_writers", str(db), "3", "1")
    assert told["kills"] > 20
    assert told["leftovers"] > 0
    assert len(told["acked"]) > 20
    assert set(told["acked"]) <= set(told["there"])
    assert set(told["there"].values()) == {5}
    assert len(told["there"]) - len(told["acked"]) <= told["kills"]
    assert told["whole"] == "ok"
    assert told["backups"] >= 1


# Full disks

FILL = """
mount -t tmpfs -o size=560k full "$1" && cd "$1"
python=$2 note=$(head -c 1900 /dev/zero | tr '\\0' x) logged=0
diary() { "$python" -m kneetrack --db diary.db "$@"; }
while [ $logged -lt 60 ]; do
    diary log bridge 15 --note "$note" --load "$note" >/dev/null 2>"$3"
    code=$?
    [ $code = 0 ] || break
    logged=$((logged + 1))
done
echo $code $(wc -l <"$3") $logged $(diary history --all --json | grep -c '"id"')
rm -r backups
diary doctor | grep -c ^×
diary undo | head -n 1
"""
"""Log until a disk of 560 kB is full; then say how that ended, and what is there."""


@pytest.mark.slow
def test_a_full_disk_keeps_every_log_that_was_acknowledged(tmp_path: Path) -> None:
    need("unshare", "-rm", "true")
    (tmp_path / "full").mkdir()
    ended = subprocess.run(
        ["unshare", "-rm", "sh", "-c", FILL, "sh", str(tmp_path / "full"), sys.executable, str(tmp_path / "err")],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )
    told, damage, undone = ended.stdout.splitlines()
    code, lines, logged, there = map(int, told.split())
    assert (code, lines) == (74, 1)
    assert ended.stderr.startswith("What you did is saved, but today's backup failed")
    assert ended.stderr.count("\n") == 1
    assert there == logged > 5
    assert damage == "0"
    assert undone.startswith("Undone")


def test_a_full_disk_during_a_backup_leaves_no_backup_and_the_diary(db: Path, run: Run) -> None:
    run("log bridge")
    before, names = db.read_bytes(), sorted((db.parent / "backups").iterdir())
    limited = ["bash", "-c", 'ulimit -f 40; exec "$@"', "bash", *KNEETRACK, "backup"]
    ended = subprocess.run(limited, capture_output=True, text=True, check=False, timeout=PATIENCE_S)
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (74, "", 1)
    assert db.read_bytes() == before
    assert sorted((db.parent / "backups").iterdir()) == names


@pytest.mark.parametrize("line", ["export --format json", "export --format csv", "export e.csv"])
def test_an_export_that_finds_no_room_blames_where_it_is_written_and_not_the_diary(
    db: Path, run: Run, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("log bridge")
    monkeypatch.chdir(db.parent)
    with open_store(db, write=True) as store:
        store.append("log", NOW, [BRIDGES._replace(note="x" * 500)] * 10_000)
    limited = ["bash", "-c", 'ulimit -f 40; exec "$@"', "bash", *KNEETRACK, *line.split()]
    ended = subprocess.run(limited, capture_output=True, text=True, check=False, timeout=PATIENCE_S)
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (74, "", 1)
    assert ended.stderr.startswith(("the folder for temporary files could not be", "e.csv could not be"))


def test_a_full_disk_during_a_restore_leaves_the_diary(db: Path, run: Run) -> None:
    run("log bridge")
    name = backup.backups(db)[0].name
    run("log clamshell")
    limited = ["bash", "-c", 'ulimit -f 40; exec "$@"', "bash", *KNEETRACK, "restore", name]
    ended = subprocess.run(limited, capture_output=True, text=True, check=False, timeout=PATIENCE_S)
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (74, "", 1)
    assert len(read(run, "history --all")["sessions"]) == 2


NEARLY_FULL = """
mount -t tmpfs -o size=2000k full "$1" && cd "$1" && cp -a "$3"/. .
free() { df --output=avail -k . | tail -1; }
dd if=/dev/zero of=filler bs=1k count=$(($(free) - $4)) 2>/dev/null
before=$(md5sum <diary.db)
"$2" -m kneetrack --db diary.db restore "$5" >/dev/null
code=$?
[ "$before" = "$(md5sum <diary.db)" ] && echo $code as it was || echo $code restored
find . -name '.*db*' -o -name '*-journal'
"""
"""Restore a backup on a disk that has only so many kB left; then say how that ended, and what became of the diary."""


@pytest.mark.parametrize("damaged", [False, True], ids=["whole", "damaged"])
@pytest.mark.parametrize("free", [0, 100, 150, 200, 600])
def test_a_restore_on_a_disk_that_is_nearly_full_says_truly_what_it_did(
    tmp_path: Path, run: Run, free: int, *, damaged: bool
) -> None:
    need("unshare", "-rm", "true")
    (tmp_path / "full").mkdir()
    (tmp_path / "kept").mkdir()
    db = tmp_path / "kept" / "diary.db"
    run(f"--db {db} log bridge")
    run(f"--db {db} log clamshell")
    if damaged:
        db.write_bytes(db.read_bytes()[:60_000])
    words = [str(tmp_path / "full"), sys.executable, str(tmp_path / "kept"), str(free), backup.backups(db)[0].name]
    ended = subprocess.run(
        ["unshare", "-rm", "sh", "-c", NEARLY_FULL, "sh", *words],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )
    assert ended.stdout in {"0 restored\n", "74 as it was\n"}
    assert ended.stdout.startswith("0") == (not ended.stderr)
    if ended.stderr:
        assert re.fullmatch(r"Nothing was restored\b.*\. The diary is as it was\.\n", ended.stderr)
    assert {0: "74", 600: "0"}.get(free, ended.stdout[:2].strip()) == ended.stdout.split()[0]


@pytest.mark.parametrize("line", ["backup", "restore", "doctor", "restore --json"])
def test_an_answer_that_finds_no_room_is_said_in_one_line(db: Path, run: Run, line: str) -> None:
    run("log bridge")
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(
            [*KNEETRACK, *line.split()], stdout=full, stderr=subprocess.PIPE, check=False, timeout=PATIENCE_S
        )
    assert (ended.returncode, ended.stderr.count(b"\n")) == (74, 1)
    assert db.exists()


@pytest.mark.parametrize("line", ["backup", "restore", "doctor"])
def test_a_closed_pipe_ends_quietly(db: Path, run: Run, line: str) -> None:
    run("log bridge")
    reader, writer = os.pipe()
    os.close(reader)
    ended = subprocess.run(
        [*KNEETRACK, *line.split()], stdout=writer, stderr=subprocess.PIPE, check=False, timeout=PATIENCE_S
    )
    os.close(writer)
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert db.exists()


CALLS = "pwrite64,write,ftruncate,fsync,fdatasync,rename,link,linkat,unlink,openat"
"""The system calls by which a file comes to be, changes or goes."""


def under_strace(line: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Run a command under strace with some options."""
    return subprocess.run(  # as a whole, also where it forks
        ["strace", "-f", *options, *KNEETRACK, *line.split()],  # noqa: S607
        capture_output=True, text=True, check=False, timeout=PATIENCE_S,
    )  # fmt: skip


def calls(line: str, log: Path) -> list[tuple[str, int]]:
    """Run a command, and return its calls of CALLS that touch more than Python's own files: each with its number."""
    ended = under_strace(line, "-e", f"trace={CALLS}", "-o", str(log))
    assert ended.returncode == 0, ended.stderr
    counts: Counter[str] = Counter()
    found = []
    for said in log.read_text().splitlines():
        name = re.match(r"[0-9]+ +([a-z0-9]+)\(", said)
        if name:
            counts[name[1]] += 1
            if "site-packages" not in said and "/lib/" not in said and ".py" not in said:
                found.append((name[1], counts[name[1]]))
    return found


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("damaged", [False, True], ids=["over a diary", "over a damaged one"])
def test_a_restore_that_is_killed_at_any_call_leaves_a_diary_or_what_was_there(
    db: Path, run: Run, tmp_path: Path, seed: int, *, damaged: bool
) -> None:
    need("strace")
    run("log bridge 1x5")
    run("backup")
    name = backup.backups(db)[0].name
    run("log bridge 1x6")
    if damaged:
        db.write_bytes(db.read_bytes()[:5000])
    folder, kept = db.parent, tmp_path / "kept"
    shutil.copytree(folder / "backups", kept / "backups")
    shutil.copy(db, kept)
    found = calls(f"restore {name}", tmp_path / "log")
    killed = 0
    for call, number in random.Random(seed).sample(found, 10):  # noqa: S311
        shutil.rmtree(folder / "backups")
        for left in folder.glob("*diary.db*"):
            left.unlink()
        shutil.copytree(kept / "backups", folder / "backups")
        shutil.copy(kept / db.name, db)
        inject = f"inject={call}:signal=KILL:when={number}"
        killed += (
            under_strace(f"restore {name}", "-o", "/dev/null", "-e", f"trace={call}", "-e", inject).returncode != 0
        )
        if damaged and db.read_bytes() == (kept / db.name).read_bytes():
            continue
        assert asked(db, "SELECT count(*) FROM session") in ([[1], [2]] if not damaged else [[1]]), call
        assert asked(db, "PRAGMA integrity_check") == ["ok"], call
        assert run("today").code == 0, call
    assert killed > 5


# Permissions


READS = ("today", "history", "doctor", "restore")


@pytest.fixture
def closed(shared: Path, run: Run) -> Iterator[Path]:
    """Give a diary and backups that may be read and not changed, and become a user whom that holds."""
    db = shared / "diary.db"
    for line in ("log bridge", *READS, "undo", "backup"):
        run(f"{line} --db {db}")
    run(f"restore {backup.backups(db)[0].name} --db {db}")
    run(f"log clamshell --db {db}")
    for path in (*(copy.path for copy in backup.backups(db)), db, db.parent / "backups", shared):
        path.chmod(0o555 if path.is_dir() else 0o444)
    root = os.geteuid() == 0
    if root:
        os.seteuid(NOBODY)
    try:
        yield db
    finally:
        if root:
            os.seteuid(0)
        shared.chmod(0o700)
        (shared / "backups").chmod(0o700)


@pytest.mark.parametrize("line", READS)
def test_a_diary_that_may_only_be_read_can_be_looked_at(closed: Path, run: Run, line: str) -> None:
    said = run(f"{line} --db {closed}")
    assert (said.code, said.err) == (0, "")


@pytest.mark.parametrize("line", [*READS, "today --json", "stats", "calendar", "export", "undo --list", "report"])
def test_a_diary_of_an_older_schema_that_may_only_be_read_is_upgraded_in_memory(
    closed: Path, run: Run, line: str
) -> None:
    older = (DATA / "schema-0001.db").read_bytes()
    with _as_owner(), TemporaryDirectory() as folder:
        # What the line and the upgrade load may lie where only root reads.
        shutil.copy(DATA / "schema-0001.db", folder)
        run(f"{line} --db {folder}/schema-0001.db")
        closed.chmod(0o644)
        closed.write_bytes(older)
        closed.chmod(0o444)
    said = run(f"{line} --db {closed}")
    assert (said.code, said.err) == (0, "")
    assert said.out
    assert closed.read_bytes() == older


@pytest.mark.parametrize("line", ["log bridge", "undo", "backup", "restore NAME"])
def test_a_diary_that_may_only_be_read_is_not_changed(closed: Path, run: Run, line: str) -> None:
    before = closed.read_bytes()
    said = run(f"{line.replace('NAME', backup.backups(closed)[0].name)} --db {closed}")
    assert (said.code, said.out, said.err.count("\n")) == (77, "", 1)
    assert closed.read_bytes() == before


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("log bridge", "What you did is saved, but today's backup failed"),
        ("undo", "What you did is saved, but today's backup failed"),
        ("backup", "No backup was made"),
        ("restore NAME", "Nothing was restored, because no backup of what is there could be made first"),
    ],
)
def test_a_folder_of_backups_that_may_not_be_written_is_told_from_the_diary(
    closed: Path, run: Run, clock: time_machine.Traveller, line: str, sentence: str
) -> None:
    clock.move_to(NOW + timedelta(days=400))
    before = closed.read_bytes()
    with _as_owner():
        closed.parent.chmod(0o777)
        closed.chmod(0o666)
    said = run(f"{line.replace('NAME', backup.backups(closed)[-1].name)} --db {closed}")
    assert (said.code, said.err.count("\n")) == (77 * (closed.read_bytes() == before), 1)
    assert said.err.startswith(sentence)
    assert f"you may not write {closed.parent / 'backups'}" in said.err
    assert ("The diary is as it was." in said.err) == (said.code == 77)


@contextmanager
def _as_owner() -> Iterator[None]:
    """Be for a while the user whose the files are, where `closed` became another one."""
    user = os.geteuid()
    os.seteuid(os.getuid())
    try:
        yield
    finally:
        os.seteuid(user)


def test_whatever_the_umask_everything_is_its_owners_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share" / "data"))
    before = os.umask(0)
    try:
        run("log bridge")
        db = tmp_path / "share" / "data" / "kneetrack" / "kneetrack.db"
        run("backup")
        run("log clamshell")
        name = backup.backups(db)[0].name
        run(f"restore {name}")
        db.write_bytes(db.read_bytes()[:5000])
        run(f"restore {name}")
        db.unlink()
        assert run(f"restore {name}").code == 0
    finally:
        os.umask(before)
    found = {path: path.stat().st_mode & 0o777 for path in (tmp_path / "share").rglob("*")}
    assert {mode for path, mode in found.items() if path.is_file()} == {0o600}
    assert {mode for path, mode in found.items() if path.is_dir()} == {0o700}
    assert sum(path.is_file() for path in found) >= 4


# Crash leftovers


def test_what_a_crash_left_is_rolled_back_before_a_backup(db: Path, run: Run) -> None:
    run("log bridge")
    before = asked(db, "SELECT uid FROM session")
    _crash(db)
    assert Path(sqlite.leftover(db)).exists()
    copy = backup.make(db, NOW)
    assert asked(copy.path, "SELECT uid FROM session") == before
    assert asked(db, "SELECT uid FROM session") == before
    assert not Path(sqlite.leftover(db)).exists()


def test_a_restore_over_what_a_crash_left_is_whole(db: Path, run: Run) -> None:
    run("log bridge")
    copy = backup.backups(db)[0]
    _crash(db)
    assert run(f"restore {copy.name}").code == 0
    assert asked(db, "PRAGMA integrity_check") == ["ok"]
    assert asked(db, "SELECT count(*) FROM session") == [1]


def test_what_a_crash_left_of_a_diary_that_is_gone_is_never_taken_for_a_new_ones(db: Path, run: Run) -> None:
    run("log bridge")
    _crash(db)
    db.unlink()
    said = run("log clamshell")
    assert (said.code, said.err.count("\n")) == (65, 1)
    assert files(db.parent) == [Path(sqlite.leftover(db)).name]
    Path(sqlite.leftover(db)).rename(db.parent / "aside")
    assert run("log clamshell").code == 0
    assert asked(db, "PRAGMA integrity_check") == ["ok"]


def _crash(db: Path) -> None:
    """Let a program die in the middle of a write that has reached the file."""
    program = """
import os, sqlite3, sys
diary = sqlite3.connect(sys.argv[1], isolation_level=None)
diary.execute("PRAGMA cache_size = 1")
diary.execute("BEGIN IMMEDIATE")
diary.execute("UPDATE session SET note = hex(randomblob(900))")
new = "SELECT hex(randomblob(16)), at, hex(randomblob(9000)) FROM change"
diary.execute(f"INSERT INTO change (uid, at, command) {new}")
diary.execute("DELETE FROM session")
os._exit(9)
"""
    subprocess.run([sys.executable, "-c", program, str(db)], check=False, timeout=PATIENCE_S)


# Damage


@pytest.mark.parametrize("seed", range(6))
def test_a_flipped_bit_is_damage_or_is_not_seen_but_never_a_traceback(db: Path, run: Run, seed: int) -> None:
    for day in range(6):
        run(f"log bridge 3x15 clamshell 2x12 -d -{day} --note easier --pain 2 --at 07:30")
    run("edit last --pain 3")
    run("pause clamshell --until sun")
    whole, chance = bytearray(db.read_bytes()), random.Random(seed)  # noqa: S311 - places, not secrets
    used = [at for at, byte in enumerate(whole) if byte]
    for line in ("today", "history", "stats", "doctor", "undo", "log bridge 15", "backup") * 6:
        flipped = bytearray(whole)
        flipped[chance.choice(used)] ^= 1 << chance.randrange(8)
        db.write_bytes(flipped)
        Path(sqlite.leftover(db)).unlink(missing_ok=True)
        said = run(line)
        assert said.code in {0, 2, 65, 78}, (line, said)
        assert said.err.count("\n") <= 1


@pytest.mark.parametrize("damage", ["empty", "cut to a header", "cut in half", "overwritten", "a page of noise"])
@pytest.mark.parametrize("line", ["today", "log bridge", "undo", "backup", "doctor"])
def test_a_damaged_diary_is_never_written_to(db: Path, run: Run, damage: str, line: str) -> None:
    run("log bridge")
    whole = db.read_bytes()
    noise = random.Random(1).randbytes(4096)  # noqa: S311 - noise, not secrets
    damaged = {
        "empty": b"",
        "cut to a header": whole[:100],
        "cut in half": whole[: len(whole) // 2],
        "overwritten": noise + whole[4096:],
        "a page of noise": whole[:4096] + noise + whole[8192:],
    }[damage]
    db.write_bytes(damaged)
    said = run(line)
    assert said.code == 65
    assert said.err.count("\n") == (line != "doctor")
    assert db.read_bytes() == damaged
    assert len(backup.backups(db)) == 1


# Clocks


def test_a_clock_that_runs_backwards_loses_nothing(db: Path, run: Run, clock: time_machine.Traveller) -> None:
    years = (0, -6, -6, 40, -1, 0)
    for reps, ahead in enumerate(years, 1):
        clock.move_to(NOW + timedelta(days=365 * ahead))
        assert run(f"log bridge --reps {reps}").code == 0
    clock.move_to(NOW)
    stamps = asked(db, "SELECT at FROM change ORDER BY id")
    assert stamps == sorted(set(stamps))
    assert asked(db, "SELECT reps FROM session ORDER BY id") == list(range(1, len(years) + 1))
    assert run("undo").code == 0
    assert asked(db, "SELECT reps FROM session WHERE current AND removed") == [len(years)]
    assert [copy.made.year for copy in backup.backups(db)] == [2066, 2026, 2025, 2020]
    assert [finding["state"] for finding in read(run, "doctor")["findings"] if finding["topic"] == "days"] == ["notice"]


def test_a_backup_is_made_each_day_by_a_clock_that_was_once_far_ahead(
    db: Path, run: Run, clock: time_machine.Traveller
) -> None:
    clock.move_to(NOW + timedelta(days=9999))
    run("log bridge")
    for day in range(20):
        clock.move_to(NOW + timedelta(days=day))
        run("log bridge 15")
    made = [copy.made.date() for copy in backup.backups(db)]
    assert made[1:11] == [(NOW + timedelta(days=day)).date() for day in range(19, 9, -1)]


# Networks


@pytest.mark.parametrize("line", ["log clamshell", "today", "undo", "backup", "doctor", "remind", "restore"])
def test_nothing_is_sent_over_a_network(db: Path, run: Run, tmp_path: Path, line: str) -> None:
    need("strace")
    run("log bridge")
    out = tmp_path / "calls"
    strace = ["strace", "-f", "--seccomp-bpf", "-o", str(out), "-e", "trace=socket,connect,sendto"]
    assert db.exists()
    subprocess.run([*strace, *KNEETRACK, *line.split()], check=True, capture_output=True, timeout=PATIENCE_S)
    assert not re.search("AF_INET", out.read_text("utf-8"))
