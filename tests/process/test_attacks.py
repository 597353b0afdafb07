"""Attacks that go on: each run of `.ci/run` tries others, by the seed that it prints; KNEETRACK_SEED repeats one."""

import os
import random
import re
import shlex
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from test_faults import asked, calls, under_strace

from conftest import Run, need
from hostile import HOSTILE, STEERS
from kneetrack.cli.grammar import COMMANDS
from kneetrack.store import ddl, sqlite
from kneetrack.store.mapping import VERSIONED, checksum

SEED = int(os.environ.get("KNEETRACK_SEED", "0"))

FLIPS, SCHEMAS, KILLS = 12, 6, 5
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
    Path(sqlite.leftover(db)).unlink(missing_ok=True)
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


STRANGE: tuple[object, ...] = (
    None, 0, -1, 7, 2**31, 2**63 - 1, -(2**63), 1.5, float("inf"), b"", b"\xff\x00", "", "0", "2026-02-30",
    "9999-12-31", "0001-01-01", "2026-11-25 07:41:00.000000", "24:00", "both", "=1+1", "a" * 70_000, *HOSTILE.values(),
)  # fmt: skip
"""Values that no kneetrack writes where they are put."""


def records(db: Path, chance: random.Random) -> Iterator[bytes]:
    """Yield copies of a diary, each with another value in one row, half of them with the checksum that goes with it."""
    copy = db.with_name("hostile.db")
    tables = [of.table for of in VERSIONED] + ["change", "device", "alembic_version", "sqlite_sequence"]
    for number in range(FLIPS):
        shutil.copy(db, copy)
        with closing(sqlite3.connect(copy, isolation_level=None)) as opened:
            opened.execute("PRAGMA ignore_check_constraints = ON")
            table = chance.choice(tables)
            column = chance.choice([name for _, name, *_ in opened.execute(f"PRAGMA table_info({table})")])
            rowids = [rowid for (rowid,) in opened.execute(f"SELECT rowid FROM {table}")]  # noqa: S608
            with suppress(sqlite3.IntegrityError):
                change = f"UPDATE {table} SET {column} = ? WHERE rowid = ?"  # noqa: S608
                opened.execute(change, (chance.choice(STRANGE), chance.choice(rowids or [1])))
            if number % 2:
                _sum_up(opened)
        yield copy.read_bytes()
    copy.unlink(missing_ok=True)


def _sum_up(opened: sqlite3.Connection) -> None:
    """Give each version the checksum of what it says now."""
    for of in VERSIONED:
        said = ", ".join(("created_at", "removed", *of.facts))
        change = "(SELECT change.uid FROM change WHERE change.id = change_id)"
        rows = opened.execute(f"SELECT rowid, uid, {change}, {said} FROM {of.table}").fetchall()  # noqa: S608
        for rowid, *values in rows:
            opened.execute(f"UPDATE {of.table} SET checksum = ? WHERE rowid = ?", (checksum(of, values), rowid))  # noqa: S608


@pytest.mark.parametrize("line", [*READS, *WRITES])
def test_a_value_that_no_kneetrack_writes_ends_no_command_by_a_traceback(full: Path, run: Run, line: str) -> None:
    for content in records(full, random.Random(f"{SEED} {line}")):  # noqa: S311 - values, not secrets
        attacked(full, run, content, line)


LINES = 150
"""How many lines a command gets."""

CODES = {0, 1, 2, 65, 66, 69, 74, 75, 77, 78}
UNSAFE = {"start", "remind install", "remind uninstall"}
"""The commands that wait for a person, or look for a crontab."""

WORDS = (
    "bridge", "clamshell", "bri", "again", "last", "today", "-1", "15", "3x15", "3×15", "12,10,8", "3x30s", "0", "٣x٣",
    "yesterday", "2 days ago", "2026-02-30", "9999-12-31", "24:00", "07:30", "6pm", "left", "both", "7/10", "11", "1e9",
    "pain_limit", "day_start", "psfs", "nprs", "stairs", "sun", "mon,wed", "2-1-3", "12-10", "a" * 3_000, "", " ", "-",
    "--", "--json", "-d", "--help", "é", "容易", "=1+1", "\udcff", "x.html", "x.csv", "x.json", "..", "/dev/null",
)  # fmt: skip


def lines(name: str, chance: random.Random) -> Iterator[list[str]]:
    """Yield lines of a command: some of its options, values that belong to others, and words that belong nowhere."""
    flags = [flag for each in COMMANDS[name].parameters for flag in each.flags if flag != "--db"]
    for _ in range(LINES):
        line = [chance.choice([*WORDS, *HOSTILE.values()]) for _ in range(chance.randrange(4))]
        for flag in chance.sample(flags, min(len(flags), chance.randrange(4))):
            value = chance.choice([*WORDS, *HOSTILE.values()])
            at = chance.randrange(len(line) + 1)
            line[at:at] = chance.choice(([flag], [flag, value], [f"{flag}={value}"], [flag + value]))
        yield [*name.split(), *(word.replace("\0", "") for word in line)]


@pytest.mark.parametrize("name", sorted({*COMMANDS} - UNSAFE))
def test_no_line_that_anybody_types_ends_in_a_traceback(
    full: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    whole = full.read_bytes()
    for line in lines(name, random.Random(f"{SEED} {name}")):  # noqa: S311 - words, not secrets
        full.write_bytes(whole)
        said = run(shlex.join(line))
        assert said.code in CODES, (line, said)
        assert not STEERS & set((said.out + said.err).replace("\r\n", "\n")), line
        assert said.code in {0, 1} or said.err, line


COUNTED = "SELECT (SELECT count(*) FROM {}) || ' beside ' || count(*) FROM change"
TABLES = ("session", "prescription", "tombstone")


@pytest.mark.parametrize(
    "line",
    [
        "log bridge 1x9", "undo", "edit last 3x11", "rm last", "plan set bridge 3x11", "plan drop bridge", "skip",
        "pause --until sun", "resume clamshell", "settings pain_limit 3", "add heel-dig", "pain 2", "score nprs 3",
        "purge last --yes", "import",
    ],
)  # fmt: skip
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
        Path(sqlite.leftover(full)).unlink(missing_ok=True)
        full.write_bytes(kept)
        inject = f"inject={call}:signal=KILL:when={number}"
        ended = under_strace(line, "-o", "/dev/null", "-e", f"trace={call}", "-e", inject)
        assert run("today").code == 0, (call, number)
        assert counted() in ([after] if ended.returncode == 0 else [before, after]), (call, number)
        assert asked(full, "PRAGMA integrity_check") == ["ok"], (call, number)
