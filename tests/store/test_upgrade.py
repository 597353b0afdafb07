"""Upgrades: an older diary is backed up, brought to our schema whole or not at all, and says the same after it."""

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import time_machine

import powerloss
from conftest import PATIENCE_S, Run, need
from kneetrack.domain.errors import NewerDiaryError, NotADiaryError
from kneetrack.store import backup, ddl, schema, sqlite
from make_schema import DATA, values
from victims import NOW, columns, statements

VICTIMS = [sys.executable, str(Path(__file__).parents[1] / "victims.py")]

OURS = ddl.REVISION
NEXT = f"{int(OURS) + 1:04}"

REVISION = '''"""A revision made for a test: it makes a table anew that others refer to, and adds a column."""

from alembic import op

revision = "NEXT"
down_revision = "OURS"


def upgrade() -> None:
    """Take the diary from OURS to NEXT."""
    op.execute("CREATE TEMP TABLE kept AS SELECT * FROM change")
    made = op.get_bind().exec_driver_sql("SELECT sql FROM sqlite_schema WHERE tbl_name = 'change' AND sql <> ''")
    table, *indexes = [sql for (sql,) in made]
    op.execute("DROP TABLE change")
    op.execute(table.replace("(", "(place VARCHAR DEFAULT 'home', ", 1))
    op.execute("INSERT INTO change SELECT 'home', * FROM kept ORDER BY id")
    op.execute("DROP TABLE kept")
    for index in indexes:
        op.execute(index)
    op.execute("ALTER TABLE session ADD COLUMN mood INTEGER")
    op.create_index("change_place", "change", ["place"])
'''.replace("NEXT", NEXT).replace("OURS", OURS)


@pytest.fixture
def revisions(tmp_path: Path) -> Path:
    """Give a folder of our revisions and one more."""
    folder = tmp_path / "migrations"
    shutil.copytree(Path(schema.__file__).parent / "migrations", folder)
    (folder / "versions" / f"{NEXT}_made_for_a_test.py").write_text(REVISION)
    return folder


@pytest.fixture
def old(db: Path) -> Path:
    """Give a diary of schema 0001 with a month of a diary in it."""
    shutil.copy(DATA / "schema-0001.db", db)
    return db


@pytest.fixture
def newer(revisions: Path, monkeypatch: pytest.MonkeyPatch, clock: time_machine.Traveller) -> None:
    """Let this program be a kneetrack of the next schema."""
    del clock
    monkeypatch.setattr(schema, "MIGRATIONS", str(revisions))
    monkeypatch.setitem(schema.OLDER, OURS, columns())
    monkeypatch.setattr(ddl, "STATEMENTS", statements(revisions))
    monkeypatch.setattr(ddl, "REVISION", NEXT)


def revision(db: Path) -> str:
    """Return the schema that a file has."""
    with closing(sqlite3.connect(db)) as opened:
        return str(opened.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def holds(found: Any, known: Any) -> bool:  # noqa: ANN401 - as JSON has it
    """Return whether a value says what another says; a later kneetrack may say more."""
    if isinstance(known, dict):
        return all(holds(found.get(key), value) for key, value in known.items())
    if isinstance(known, list):
        return len(found) == len(known) and all(map(holds, found, known))
    return bool(found == known)


# Every schema that was ever released


def test_there_is_a_diary_of_every_schema() -> None:
    versions = (Path(schema.__file__).parent / "migrations" / "versions").glob("0*.py")
    assert [f"schema-{path.name[:4]}.db" for path in sorted(versions)] == sorted(
        path.name for path in DATA.glob("*.db")
    )


@pytest.mark.parametrize("name", sorted(path.stem for path in DATA.glob("schema-*.db")))
def test_a_diary_of_every_schema_says_what_it_always_said(db: Path, name: str) -> None:
    shutil.copy(DATA / f"{name}.db", db)
    known = json.loads((DATA / f"{name}.json").read_text("ascii"))
    assert known["history --all"]["sessions"]
    assert holds(values(db), known)


# Upgrading


@pytest.mark.usefixtures("newer")
@pytest.mark.parametrize("line", ["today", "history --all", "log bridge", "undo", "stats", "settings pain_limit 2"])
def test_any_command_upgrades_an_older_diary_after_a_backup(old: Path, run: Run, line: str) -> None:
    before = old.read_bytes()
    assert run(line).code == 0
    assert revision(old) == NEXT
    (copy,) = backup.backups(old)
    assert revision(copy.path) == "0001"
    assert copy.path.read_bytes()[100:] == before[100:]


@pytest.mark.usefixtures("newer")
def test_an_upgraded_diary_says_what_it_said_before(old: Path) -> None:
    assert holds(values(old), json.loads((DATA / "schema-0001.json").read_text("ascii")))
    assert revision(old) == NEXT


@pytest.mark.usefixtures("newer")
def test_an_upgrade_keeps_the_mode_of_the_file_and_leaves_nothing_beside_it(old: Path, run: Run) -> None:
    old.chmod(0o600)
    run("today")
    assert old.stat().st_mode & 0o777 == 0o600
    assert not Path(sqlite.leftover(old)).exists()


@pytest.mark.usefixtures("newer")
def test_an_upgrade_ends_with_fresh_statistics(old: Path, run: Run) -> None:
    run("today")
    with closing(sqlite3.connect(old)) as opened:
        assert opened.execute("SELECT count(*) FROM sqlite_stat1").fetchone()[0]


@pytest.mark.usefixtures("newer")
def test_an_upgrade_that_another_program_made_meanwhile_is_not_made_again(old: Path) -> None:
    schema.upgrade(old, NOW)
    before = old.read_bytes()
    schema.upgrade(old, NOW)
    assert old.read_bytes() == before
    assert len(backup.backups(old)) == 1


@pytest.mark.usefixtures("newer")
def test_no_upgrade_without_a_backup(old: Path, run: Run) -> None:
    (old.parent / "backups").touch()
    before = old.read_bytes()
    for line in ("undo", "log bridge"):
        said = run(line)
        assert (said.code, said.out) == (74, "")
        assert said.err.startswith("Nothing was done, because an older diary is not upgraded without a backup: ")
        assert said.err.endswith(" The diary is as it was.\n")
    assert run("today").code == 0
    assert old.read_bytes() == before


@pytest.mark.usefixtures("newer")
def test_a_damaged_diary_is_not_upgraded(old: Path, run: Run) -> None:
    with closing(sqlite3.connect(old)) as opened, opened:
        opened.execute("PRAGMA foreign_keys = OFF")
        opened.execute("DELETE FROM change WHERE id = 3")
    before = old.read_bytes()
    assert run("today").code == 65
    assert old.read_bytes() == before
    assert not backup.backups(old)


def test_a_revision_that_loses_references_is_taken_back(old: Path, revisions: Path, newer: None) -> None:
    del newer
    another = revisions / "versions" / f"{NEXT}_made_for_a_test.py"
    another.write_text(
        REVISION.replace("op.execute(", "op.execute('DELETE FROM change WHERE id = 3')\n    op.execute(", 1)
    )
    before = old.read_bytes()
    with pytest.raises(NotADiaryError):
        schema.upgrade(old, NOW)
    assert old.read_bytes() == before


@pytest.mark.usefixtures("newer")
def test_a_backup_of_an_older_schema_is_restored_and_then_upgraded(old: Path, run: Run) -> None:
    run("log bridge 1x99")
    (copy,) = backup.backups(old)
    said = run(f"restore {copy.name}")
    assert said.code == 0
    assert revision(old) == NEXT
    assert "1×99" not in run("history --all").out
    assert holds(values(old), json.loads((DATA / "schema-0001.json").read_text("ascii")))


# What a newer kneetrack made


@pytest.mark.parametrize("line", ["today", "log bridge", "undo", "backup", "doctor", "history", "edit last 1x5"])
def test_a_newer_diary_is_not_touched(old: Path, run: Run, line: str) -> None:
    with closing(sqlite3.connect(old)) as opened, opened:
        opened.execute("UPDATE alembic_version SET version_num = ?", (NEXT,))
    before, status = old.read_bytes(), old.stat()
    said = run(line)
    assert (said.code, said.out, said.err.count("\n")) == (78, "", 1)
    assert (old.read_bytes(), old.stat().st_mtime_ns) == (before, status.st_mtime_ns)
    assert [path.name for path in old.parent.iterdir()] == [old.name]


def test_a_diary_that_became_newer_before_the_lock_was_held_is_not_touched(old: Path) -> None:
    with closing(sqlite3.connect(old)) as opened, opened:
        opened.execute("UPDATE alembic_version SET version_num = ?", (NEXT,))
    with pytest.raises(NewerDiaryError):
        schema.upgrade(old, NOW)
    assert revision(old) == NEXT


# Kills and power cuts


@pytest.mark.slow
@pytest.mark.parametrize(("before", "every"), [("0001", 8), (OURS, 1)])
def test_a_kill_at_any_statement_of_an_upgrade_leaves_the_old_diary_or_the_new(
    db: Path, revisions: Path, before: str, every: int
) -> None:
    shutil.copy(DATA / f"schema-{before}.db", db)
    ended = subprocess.run(
        [*VICTIMS, "killed_upgrades", str(db), str(revisions), str(every)],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout)
    schemas = [schema for schema, _, _ in told["left"]]
    assert len(schemas) > 20
    assert schemas == [before] * (len(schemas) - 1) + [NEXT]
    assert all(content == told["whole"] for _, content, _ in told["left"])
    assert [len(names) for _, _, names in told["left"]] == sorted(len(names) for _, _, names in told["left"])


@pytest.mark.slow
def test_a_power_cut_at_any_moment_of_an_upgrade_leaves_the_old_diary_or_the_new(
    tmp_path: Path, revisions: Path
) -> None:
    need("strace")
    disk = tmp_path / "disk"
    disk.mkdir()
    shutil.copy(DATA / "schema-0001.db", disk / "diary.db")
    command = [*VICTIMS, "upgraded", str(disk / "diary.db"), str(revisions)]
    found = set()
    for files, answered in powerloss.states(command, disk, "upgraded"):
        with TemporaryDirectory() as folder:
            powerloss.write(files, Path(folder))
            left = Path(folder) / "diary.db"
            with closing(sqlite3.connect(left)) as opened:
                assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
                sessions = opened.execute("SELECT count(*) FROM session").fetchone()[0]
            copies = backup.backups(left)
            assert all(copy.sessions for copy in copies)
            assert copies or revision(left) == "0001"
            found.add((answered, revision(left), sessions))
    assert len({sessions for _, _, sessions in found}) == 1
    assert {(answered, left) for answered, left, _ in found} == {(False, "0001"), (False, NEXT), (True, NEXT)}
