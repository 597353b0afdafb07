"""Attacks that go on: each run of `.ci/run` tries others, by the seed that it prints; KNEETRACK_SEED repeats one."""

import os
import random
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from test_faults import asked, calls, under_strace

from conftest import Run, need
from hostile import HOSTILE, STEERS
from kneetrack.store import ddl, sqlite

SEED = int(os.environ.get("KNEETRACK_SEED", "0"))

FLIPS, SCHEMAS, KILLS = 12, 6, 8
"""How many copies a command meets, and at how many system calls it is killed."""

READS = (
    "today", "today --json", "history --all", "history --json", "stats", "stats bridge", "stats --json", "calendar",
    "plan", "plan history", "plan --json", "pause --list", "explain streak", "settings", "remind", "remind --json",
    "export", "export --format csv", "doctor", "doctor --json", "undo --list", "restore", "show bridge", "exercises",
)  # fmt: skip
WRITES = (
    "log bridge 15", "log", "undo", "edit last 3x11", "rm last", "plan set bridge 3x11", "plan drop clamshell", "skip",
    "pause --until sun", "resume", "settings pain_limit 3", "add heel-dig", "backup", "purge last --yes",
)  # fmt: skip
FINE = {0, 2, 65, 66, 78}

pytestmark = pytest.mark.slow


@pytest.fixture
def full(db: Path, run: Run) -> Path:
    """Give a diary that has something of each kind, but for backups."""
    for day in range(6):
        run(f"log bridge 3x15 clamshell 2x12 -d -{day} --note easier --pain 2 --at 07:30")
    for line in ("edit last --pain 3", "pause clamshell --until sun", "add wall-push", "settings pain_limit 4"):
        run(line)
    shutil.rmtree(db.parent / "backups")
    return db


def attacked(db: Path, run: Run, content: bytes, line: str) -> int:
    """Type a line on a diary of some content, and return its exit code; all it may do is answer or refuse."""
    db.write_bytes(content)
    sqlite.leftover(db).unlink(missing_ok=True)
    shutil.rmtree(db.parent / "backups", ignore_errors=True)
    said = run(line)
    assert said.code in FINE, (line, said)
    assert not STEERS & set((said.out + said.err).replace("\r\n", "\n")), line
    return said.code


@pytest.mark.parametrize("line", [*READS, *WRITES])
def test_a_bit_that_was_flipped_anywhere_ends_no_command_by_a_traceback(
    full: Path, run: Run, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    monkeypatch.setattr(sqlite, "MOST_STEPS", 50)
    chance = random.Random(f"{SEED} {line}")  # noqa: S311 - places, not secrets
    whole = full.read_bytes()
    used = [at for at, byte in enumerate(whole) if byte]
    for _ in range(FLIPS):
        flipped = bytearray(whole)
        flipped[chance.choice(used)] ^= 1 << chance.randrange(8)
        attacked(full, run, bytes(flipped), line)


def schemas(db: Path, chance: random.Random) -> Iterator[bytes]:
    """Yield copies of a diary, each with something in its schema that kneetrack does not put there."""
    tables = re.findall(r"CREATE TABLE (\w+)", "\n".join(ddl.STATEMENTS))
    copy = db.with_name("hostile.db")
    for _ in range(SCHEMAS):
        table, other = chance.sample(tables, 2)
        name = '"' + chance.choice([*HOSTILE.values(), "x", "sessions"]).replace('"', '""').replace("\0", "") + '"'
        statements = (
            f"CREATE TRIGGER {name} BEFORE INSERT ON {table} BEGIN SELECT raise(ignore); END",
            f"CREATE TRIGGER {name} AFTER UPDATE ON {table} BEGIN DELETE FROM {other}; END",  # noqa: S608
            f"CREATE VIEW {name} AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n) SELECT i FROM n",  # noqa: S608
            f"CREATE TABLE {name} (x)",
            f"CREATE INDEX {name} ON {table} (rowid || 'x')",
            f"ALTER TABLE {table} ADD COLUMN {name}",
            f"ALTER TABLE {table} RENAME TO {name}",
            f"CREATE TABLE {name} AS SELECT * FROM {table}",  # noqa: S608
        )
        shutil.copy(db, copy)
        with closing(sqlite3.connect(copy)) as opened, opened:
            try:
                opened.execute(chance.choice(statements))
            except sqlite3.OperationalError:
                continue
        yield copy.read_bytes()
    copy.unlink(missing_ok=True)


@pytest.mark.parametrize("line", [*READS, *WRITES])
def test_a_schema_that_is_not_ours_is_refused_and_left_as_it_is(full: Path, run: Run, line: str) -> None:
    reads_nothing = line in {"show bridge", "exercises", "explain streak", "restore"}
    for content in schemas(full, random.Random(f"{SEED} {line}")):  # noqa: S311 - choices, not secrets
        assert attacked(full, run, content, line) == 65 or reads_nothing
        assert full.read_bytes() == content


COUNTED = "SELECT (SELECT count(*) FROM {}) || ' beside ' || count(*) FROM change"
TABLES = ("session", "prescription", "tombstone")


@pytest.mark.parametrize(
    "line", ["log bridge 1x9", "undo", "edit last 3x11", "plan set bridge 3x11", "purge last --yes", "import"]
)
def test_a_write_that_is_killed_at_any_call_is_there_or_is_not(full: Path, run: Run, tmp_path: Path, line: str) -> None:
    need("strace")
    if line == "import":
        exported, without = tmp_path / "e.json", full.read_bytes()
        run("log bridge 1x3")
        run(f"export {exported}")
        full.write_bytes(without)
        line = f"import {exported}"

    def counted() -> list[list[str]]:
        return [asked(full, COUNTED.format(table)) for table in TABLES]

    before, kept = counted(), full.read_bytes()
    found = calls(line, tmp_path / "log")
    after = counted()
    assert after != before
    chance = random.Random(f"{SEED} {line}")  # noqa: S311 - places, not secrets
    for call, number in chance.sample(found, min(KILLS, len(found))):
        shutil.rmtree(full.parent / "backups", ignore_errors=True)
        sqlite.leftover(full).unlink(missing_ok=True)
        full.write_bytes(kept)
        inject = f"inject={call}:signal=KILL:when={number}"
        ended = under_strace(line, "-o", "/dev/null", "-e", f"trace={call}", "-e", inject)
        assert run("today").code == 0, (call, number)
        assert counted() in ([after] if ended.returncode == 0 else [before, after]), (call, number)
        assert asked(full, "PRAGMA integrity_check") == ["ok"], (call, number)
