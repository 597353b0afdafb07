"""What tells that a diary was written to or replaced, without it being opened."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from conftest import Run
from kneetrack.store.sqlite import stamp

LATER = 2_000_000_000.0


def test_every_command_that_writes_makes_another_stamp(diary: Path, run: Run) -> None:
    seen = {stamp(diary, LATER)}
    for line in ("log bridge", "edit last 1x12", "undo", "redo", "pain 2", "skip clamshell", "settings pain_limit 4"):
        assert run(line).code == 0
        seen.add(stamp(diary, LATER))
    assert len(seen) == 8


def test_what_reads_leaves_the_stamp(diary: Path, run: Run) -> None:
    before = stamp(diary, LATER)
    for line in ("today", "stats", "history", "calendar", "doctor"):
        run(line)
    assert stamp(diary, LATER) == before


def test_another_file_in_its_place_has_another_stamp(diary: Path) -> None:
    before, other = stamp(diary, LATER), diary.with_name("other")
    shutil.copy2(diary, other)
    other.replace(diary)
    assert stamp(diary, LATER) != before


def test_a_diary_that_is_gone_and_one_that_cannot_be_seen_have_stamps_of_their_own(
    diary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = {stamp(diary, LATER)}
    diary.unlink()
    seen.add(stamp(diary, LATER))

    def refuse(_: object) -> os.stat_result:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as shut:
        shut.setattr(os, "stat", refuse)
        seen.add(stamp(diary, LATER))
    assert len(seen) == 3


def test_what_is_written_in_the_moment_of_a_look_is_seen_once_that_is_two_seconds_ago(diary: Path) -> None:
    written = diary.stat().st_mtime
    just_now, soon, later = (stamp(diary, written + after) for after in (0, 1, 3))
    assert just_now == soon != later


def test_a_look_leaves_the_locks_of_this_process_alone(diary: Path) -> None:
    with closing(sqlite3.connect(diary, isolation_level=None)) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        stamp(diary, LATER)
        child = os.fork()
        if not child:
            code = 1
            try:
                sqlite3.connect(diary, timeout=0).execute("SELECT * FROM session")
            except sqlite3.OperationalError:
                code = 0
            os._exit(code)
        assert os.waitpid(child, 0)[1] == 0


def test_a_write_ahead_log_beside_the_diary_counts(diary: Path) -> None:
    before = stamp(diary, LATER)
    diary.with_name(f"{diary.name}-wal").write_bytes(b"frames")
    assert stamp(diary, LATER) != before
