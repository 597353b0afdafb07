"""Acknowledged means on disk: whatever a power cut leaves of a real command, the answer it gave holds."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

import powerloss
from conftest import PATIENCE_S, need
from kneetrack.store import backup, sqlite

pytestmark = pytest.mark.slow

KNEETRACK = [sys.executable, "-m", "kneetrack"]

Content = frozenset[tuple[object, ...]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an empty folder in which the diary of the commands is."""
    need("strace")
    (tmp_path / "disk").mkdir()
    monkeypatch.setenv("KNEETRACK_DB", str(tmp_path / "disk" / "diary.db"))
    return tmp_path / "disk"


def run(*words: str) -> str:
    """Run a command that is not traced, and return what it prints."""
    return subprocess.run([*KNEETRACK, *words], check=True, capture_output=True, text=True, timeout=PATIENCE_S).stdout


def content(db: Path) -> Content | None:
    """Return what a diary holds, None where there is none; it must be sound."""
    if not db.exists():
        return None
    with closing(sqlite.connect(db, write=False)) as diary:
        assert diary.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert not diary.execute("PRAGMA foreign_key_check").fetchall()
        rows = diary.execute("SELECT uid, removed, current, pain FROM session").fetchall()
        return frozenset([*rows, *diary.execute("SELECT uid FROM change").fetchall()])


def replay(folder: Path, answer: str, *words: str, least: int = 20) -> Iterator[tuple[Path, bool]]:
    """Run a command, and yield the diary in each different state that a power cut could leave of it."""
    seen = set()
    for files, answered in powerloss.states([*KNEETRACK, *words], folder, answer):
        known = (answered, *sorted(files.items(), key=lambda item: item[0]))
        if known not in seen:
            seen.add(known)
            with TemporaryDirectory() as disk:
                powerloss.write(files, Path(disk))
                yield Path(disk) / "diary.db", answered
    assert len(seen) > least


def test_a_first_log_that_was_acknowledged_is_on_disk(folder: Path) -> None:
    for db, answered in replay(folder, "● Bridge", "log", "bridge"):
        found = content(db)
        assert found is None or len(found) in {1, 3}
        assert not answered or len(found or ()) == 3


def test_a_first_log_in_a_folder_that_it_made_is_on_disk(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KNEETRACK_DB")
    monkeypatch.setenv("XDG_DATA_HOME", str(folder / "share" / "data"))
    for db, answered in replay(folder, "● Bridge", "log", "bridge"):
        found = content(db.parent / "share" / "data" / "kneetrack" / "kneetrack.db")
        assert not answered or len(found or ()) == 3


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("● Clamshell", ("log", "clamshell")),
        ("Undone", ("undo",)),
        ("● Bridge", ("edit", "last", "--pain", "3")),
        ("Removed", ("rm", "last")),
        ("Purged", ("purge", "ID", "--yes")),
    ],
)
def test_a_change_that_was_acknowledged_is_on_disk(folder: Path, answer: str, words: tuple[str, ...]) -> None:
    run("log", "bridge")
    before, found = content(folder / "diary.db"), []
    (session,) = json.loads(run("history", "--json"))["sessions"]
    for db, answered in replay(folder, answer, *(word.replace("ID", session["id"]) for word in words)):
        found.append((answered, content(db)))
    after = content(folder / "diary.db")
    assert after != before
    assert {state for _, state in found} == {before, after}
    assert {state for answered, state in found if answered} == {after}


GUIDED = """
import os
from datetime import datetime
from pathlib import Path
from kneetrack.app.results.session import Ratings
from kneetrack.app.session import Playing, close, prepare
from kneetrack.app.workspace import Place, Workspace

def here():
    return Workspace(Place(Path(os.environ["KNEETRACK_DB"]), named=True), datetime.now().astimezone())

playing = Playing(prepare(here(), ["bridge"]), here)
playing.begin()
while playing.state.phase:
    if any(event.finished for event in playing.press("done")):
        print(f"set {len(playing.saved.sets)}", flush=True)
close(here(), playing.saved, Ratings(2))
"""
"""A guided session of three sets, each said once it is saved, and its closing."""


def test_every_set_of_a_guided_session_that_was_acknowledged_is_on_disk_and_none_twice(folder: Path) -> None:
    run("log", "clamshell")
    counts = set()
    for files, answered in powerloss.states([sys.executable, "-c", GUIDED], folder, "set 2"):
        with TemporaryDirectory() as disk:
            powerloss.write(files, Path(disk))
            assert content(Path(disk) / "diary.db")
            with closing(sqlite.connect(Path(disk) / "diary.db", write=False)) as diary:
                found = diary.execute(
                    "SELECT uid FROM session WHERE exercise = 'bridge' AND current AND NOT removed"
                ).fetchall()
        assert len(set(found)) == len(found)
        counts.add((answered, len(found)))
    assert counts == {(False, 0), (False, 1), (False, 2), (True, 2), (True, 3)}


def test_an_import_leaves_the_old_diary_or_the_new_and_a_backup_of_the_old(folder: Path) -> None:
    run("log", "bridge")
    run("export", str(folder.parent / "diary.json"))
    run("undo")
    run("--db", str(folder / "other.db"), "log", "clamshell")
    (folder / "other.db").rename(folder / "diary.db")
    before, found = content(folder / "diary.db"), []
    for db, answered in replay(folder, "Imported", "import", str(folder.parent / "diary.json")):
        state = content(db)
        assert state == before or before in {content(copy.path) for copy in backup.backups(db)}
        found.append((answered, state))
    after = content(folder / "diary.db")
    assert after != before
    assert {state for _, state in found} == {before, after}
    assert {state for answered, state in found if answered} == {after}


def test_an_exported_file_is_whole_or_not_there(folder: Path) -> None:
    run("log", "bridge")
    whole = run("export").encode()
    found = set()
    for db, answered in replay(folder, "Written", "export", str(folder / "diary.json"), least=5):
        path = db.with_name("diary.json")
        assert not path.exists() or path.read_bytes() == whole
        found.add((answered, path.exists()))
    assert found == {(False, False), (False, True), (True, True)}


def test_a_backup_that_is_listed_is_whole_and_one_that_was_acknowledged_is_listed(folder: Path) -> None:
    run("log", "bridge")
    before = content(folder / "diary.db")
    listed = []
    for db, answered in replay(folder, "Backed up", "backup"):
        assert content(db) == before
        copies = backup.backups(db)
        assert all(content(copy.path) == before for copy in copies)
        listed.append((answered, len(copies)))
    assert set(listed) == {(False, 1), (False, 2), (True, 2)}


def test_the_backup_of_the_day_is_whole_where_it_is_listed(folder: Path) -> None:
    run("log", "bridge")
    (made,) = (folder / "backups").iterdir()
    made.rename(made.with_name("diary.db.20200101T000000.000000Z"))
    counts = set()
    for db, _ in replay(folder, "● Clamshell", "log", "clamshell"):
        copies = backup.backups(db)
        assert all(content(copy.path) for copy in copies)
        counts.add(len(copies))
    assert counts == {1, 2}


def test_a_restore_leaves_the_old_diary_or_the_new_and_a_backup_of_the_old(folder: Path) -> None:
    run("log", "bridge")
    old = content(folder / "diary.db")
    run("log", "clamshell")
    new = content(folder / "diary.db")
    name = backup.backups(folder / "diary.db")[-1].name
    found = []
    for db, answered in replay(folder, "Restored", "restore", name):
        state = content(db)
        assert state == new or new in {content(copy.path) for copy in backup.backups(db)}
        found.append((answered, state))
    assert {state for _, state in found} == {old, new}
    assert {state for answered, state in found if answered} == {old}


def test_a_missing_diary_that_was_restored_is_on_disk(folder: Path) -> None:
    run("log", "bridge")
    old = content(folder / "diary.db")
    (folder / "diary.db").unlink()
    name = backup.backups(folder / "diary.db")[0].name
    found = [(answered, content(db)) for db, answered in replay(folder, "Restored", "restore", name)]
    assert {state for _, state in found} == {None, old}
    assert {state for answered, state in found if answered} == {old}


def test_the_replay_sees_a_missing_flush(folder: Path) -> None:
    run("log", "bridge")
    program = """
import sqlite3, sys
diary = sqlite3.connect(sys.argv[1])
diary.execute("PRAGMA synchronous = {}")
diary.execute("DELETE FROM session")
diary.commit()
print("gone")
"""
    lost = {}
    for synchronous in ("FULL", "EXTRA"):
        words = ["-c", program.format(synchronous), str(folder / "diary.db")]
        outcomes = []
        for files, answered in powerloss.states([sys.executable, *words], folder, "gone"):
            with TemporaryDirectory() as disk:
                powerloss.write(files, Path(disk))
                with closing(sqlite3.connect(Path(disk) / "diary.db")) as diary:
                    outcomes.append((answered, diary.execute("SELECT count(*) FROM session").fetchone()[0]))
        lost[synchronous] = (True, 1) in outcomes
        run("log", "bridge")
    assert lost == {"FULL": True, "EXTRA": False}
