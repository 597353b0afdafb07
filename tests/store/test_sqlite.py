"""The diary's file: how it comes to be, what it must be, and what is left alone."""

import errno
import fcntl
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from hashlib import sha256
from pathlib import Path
from sqlite3 import Connection, IntegrityError, connect
from tempfile import TemporaryDirectory

import pytest
import time_machine

import commands
from commands import BRIDGES, START, TABLES, TODAY, begin, blank, rows
from conftest import Run, files
from kneetrack.domain.catalogue import Catalogue
from kneetrack.domain.errors import NoFolderError, NotADiaryError, StorageError
from kneetrack.domain.plan import example
from kneetrack.reminder import check as reminder
from kneetrack.store import atomic, ddl, mapping, sqlite
from kneetrack.store.failures import OutdatedError
from kneetrack.store.sqlite import open_database, open_store

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture(autouse=True)
def _no_reminders(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let doctor not look at this computer's reminders."""
    monkeypatch.setattr(reminder, "look", lambda _now: [])


LINES = ("log bridge", "today", "history", "undo")
READS = ("today", "history", "stats", "plan", "exercises", "show bridge", "settings", "undo --list", "pause --list")


def _tree(folder: Path) -> dict[str, object]:
    """Return every file of a folder with its bytes, mode and time of change."""
    found: dict[str, object] = {}
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        content = sha256(path.read_bytes()).hexdigest() if stat.S_ISREG(status.st_mode) else None
        found[str(path.relative_to(folder))] = (status.st_mode, status.st_mtime_ns, status.st_ino, content)
    return found


def _count(path: Path) -> int:
    """Return how many sessions a diary has, and prove it whole."""
    assert rows(path, "PRAGMA integrity_check") == [("ok",)]
    ((number,),) = rows(path, "SELECT count(*) FROM session WHERE current AND NOT removed")
    return int(number)


# Creating


@pytest.fixture
def open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("open_umask")
def test_a_diary_is_its_owners_alone_whatever_the_umask(home: Path, run: Run) -> None:
    assert run("log bridge").code == 0
    path = home / "data" / "kneetrack" / "kneetrack.db"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.usefixtures("open_umask")
def test_what_stands_beside_a_diary_during_a_write_is_its_owners_alone(db: Path) -> None:
    with open_store(blank(db), write=True) as store:
        db.chmod(0o600)
        store.append("log", START, [BRIDGES])
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in db.parent.glob("*.db*")}
    assert modes == {"diary.db": 0o600, "diary.db-journal": 0o600}


def test_creating_leaves_the_diary_alone_in_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "diary.db"
    assert begin(path, START, example(Catalogue(), TODAY))
    assert files(tmp_path) == ["diary.db"]
    assert path.stat().st_nlink == 1


def test_a_diary_says_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "diary.db"
    begin(path, START)
    assert rows(path, "PRAGMA application_id") == [(int.from_bytes(b"knee", "big"),)]
    assert rows(path, "SELECT version_num FROM alembic_version") == [(ddl.REVISION,)]
    assert rows(path, "PRAGMA journal_mode") == [("delete",)]
    assert rows(path, "SELECT count(*) FROM device") == [(1,)]


def test_the_example_program_is_one_change_of_no_device(tmp_path: Path) -> None:
    path = tmp_path / "diary.db"
    begin(path, START, example(Catalogue(), TODAY))
    assert rows(path, "SELECT command, device, undoes FROM change") == [("example plan", None, None)]
    assert rows(path, "SELECT exercise, kind, change_id FROM prescription ORDER BY id") == [
        ("bridge", "daily", 1),
        ("clamshell", "daily", 1),
    ]


def test_two_diaries_are_two_devices(tmp_path: Path) -> None:
    uids = set()
    for name in ("one.db", "two.db"):
        begin(tmp_path / name, START)
        uids |= set(rows(tmp_path / name, "SELECT uid FROM device"))
    assert len(uids) == 2


def test_creating_where_something_is_makes_nothing_and_says_so(tmp_path: Path) -> None:
    path = blank(tmp_path / "diary.db")
    before = _tree(tmp_path)
    assert not begin(path, START, example(Catalogue(), TODAY))
    assert _tree(tmp_path).keys() == before.keys()
    assert _tree(tmp_path)["diary.db"] == before["diary.db"]


def test_a_failure_while_creating_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def _fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(mapping, "prescription_facts", _fail)
    with pytest.raises(ZeroDivisionError):
        begin(tmp_path / "diary.db", START, example(Catalogue(), TODAY))
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_while_creating_leaves_nothing(tmp_path: Path, limit: Callable[[int], None]) -> None:
    limit(5)
    with pytest.raises(StorageError):
        begin(tmp_path / "diary.db", START)
    assert list(tmp_path.iterdir()) == []


def test_a_named_folder_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(NoFolderError):
        begin(tmp_path / "missing" / "diary.db", START)
    assert list(tmp_path.iterdir()) == []


# Tables


@pytest.fixture
def insert(tmp_path: Path) -> Iterator[Callable[..., None]]:
    """Return a function that puts a row into a diary, past the models."""
    with commands.connection(blank(tmp_path / "diary.db")) as connection:
        connection.execute(
            "INSERT INTO change (uid, at, command) VALUES (hex(zeroblob(16)), '2026-11-25 06:41:00.000000', 'log')"
        )
        yield partial(_insert, connection)


ROWS: dict[str, dict[str, object]] = {
    "session": {"exercise": "bridge", "day": "2026-11-25"},
    "prescription": {"exercise": "bridge", "first_day": "2026-11-25", "kind": "daily", "sets": 3, "reps": 10},
    "pause": {"first_day": "2026-11-25"},
    "exercise": {"exercise": "wall_push", "name": "Wall push", "per_side": 1, "mode": "reps"},
    "setting": {"key": "day_start", "value": "04:00"},
    "pain": {"day": "2026-11-25", "moment": "morning", "pain": 2},
    "score": {"day": "2026-11-25", "measure": "akps", "tenths": 780},
    "rule": {
        "exercise": "bridge", "sessions": 2, "morning_not_worse": 0, "then_exercise": "bridge", "sets": 3, "reps": 12,
    },
}  # fmt: skip


def _insert(connection: Connection, table: str, **values: object) -> None:
    known = {"uid": "1" * 32, "change_id": 1, "created_at": "2026-11-25 06:41:00.000000", "removed": 0, "current": 1}
    known |= {"checksum": 0}
    row = known | ROWS[table] | values
    names, marks = ", ".join(row), ", ".join("?" * len(row))
    connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(row.values()))  # noqa: S608


@pytest.mark.parametrize(
    ("table", "values"),
    [
        *((table, {}) for table in TABLES),
        ("session", {"day": "1900-01-01", "sets": 1, "reps": 1, "hold_s": 1, "pain": 0, "effort": 0}),
        ("session", {"day": "9999-12-31", "sets": 99, "reps": 9999, "hold_s": 86400, "pain": 10, "effort": 10}),
        ("session", {"note": "ü" * 2000, "load": "x" * 2000, "side": "both", "utc_offset_min": -570}),
        ("prescription", {"kind": "drop", "sets": None, "reps": None}),
        ("prescription", {"kind": "every", "every": 365, "reps": None, "hold_s": 30}),
        ("prescription", {"kind": "weekdays", "weekdays": "024"}),
        ("prescription", {"kind": "per_week", "per_week": 7}),
        ("pause", {"last_day": "2026-11-25", "exercise": "bridge", "reason": "x" * 2000}),
        ("pain", {"moment": None, "pain": None, "note": "x" * 2000}),
        ("pain", {"side": "left", "pain": 10, "note": "", "at": "2026-11-25 06:41:00.000000", "utc_offset_min": 60}),
        ("score", {"measure": "psfs", "activity": "stairs", "tenths": 0}),
        ("rule", {"least": 10, "most": 10, "max_pain": 0, "max_effort": 10, "quiet_until": "2026-11-25"}),
    ],
)
def test_the_tables_take_what_is_within_the_limits(
    insert: Callable[..., None], tmp_path: Path, table: str, values: dict[str, object]
) -> None:
    insert(table, **values)
    row = ROWS[table] | values
    assert rows(tmp_path / "diary.db", f"SELECT {', '.join(row)} FROM {table}") == [tuple(row.values())]  # noqa: S608


@pytest.mark.parametrize(
    ("table", "values"),
    [
        *(
            ("session", {column: value})
            for column, most in (("sets", 99), ("reps", 9999), ("hold_s", 86400), ("pain", 10), ("effort", 10))
            for value in (most + 1, -1, 1.5, "abc", "", b"1", *([0] if most > 10 else []))
        ),
        *(
            (table, {column: value})
            for table, column in (("session", "day"), ("prescription", "first_day"), ("pause", "first_day"))
            for value in ("1899-12-31", "2026-11-5", "2026-11-255", "yesterday", "", "2026/11/25", 20261125, None)
        ),
        ("session", {"side": "middle"}),
        ("session", {"side": ""}),
        ("session", {"note": "x" * 2001}),
        ("session", {"load": "x" * 2001}),
        ("session", {"utc_offset_min": 1440}),
        ("session", {"exercise": None}),
        ("session", {"created_at": None}),
        ("prescription", {"kind": "monthly"}),
        ("prescription", {"kind": "drop"}),
        ("prescription", {"sets": None}),
        ("prescription", {"reps": None}),
        ("prescription", {"sets": 0}),
        ("prescription", {"kind": "every"}),
        ("prescription", {"kind": "every", "every": 0}),
        ("prescription", {"kind": "every", "every": 366}),
        ("prescription", {"every": 2}),
        ("prescription", {"kind": "weekdays"}),
        ("prescription", {"kind": "per_week", "per_week": 8}),
        ("prescription", {"kind": "per_week", "per_week": 2.5}),
        ("pause", {"last_day": "2026-11-24"}),
        ("pause", {"last_day": "later"}),
        ("pause", {"reason": "x" * 2001}),
        ("exercise", {"mode": "both"}),
        ("setting", {"value": None}),
        ("pain", {"pain": None}),
        ("pain", {"moment": None}),
        ("pain", {"moment": None, "pain": None}),
        ("pain", {"moment": "noon"}),
        ("pain", {"pain": 11}),
        ("pain", {"side": "top"}),
        ("score", {"measure": "lefs"}),
        ("score", {"measure": "psfs"}),
        ("score", {"activity": "stairs"}),
        ("score", {"tenths": 1001}),
        ("score", {"tenths": None}),
        ("rule", {"least": 10}),
        ("rule", {"least": 11, "most": 10}),
        ("rule", {"sessions": 0}),
        ("rule", {"max_pain": 11}),
        ("rule", {"morning_not_worse": 2}),
        ("rule", {"reps": None}),
        ("rule", {"quiet_until": "soon"}),
    ],
)
def test_the_tables_refuse_what_is_out_of_the_limits(
    insert: Callable[..., None], table: str, values: dict[str, object]
) -> None:
    with pytest.raises(IntegrityError, match=r"CHECK|NOT NULL"):
        insert(table, **values)


@pytest.mark.parametrize("table", TABLES)
def test_the_tables_refuse_a_second_current_version(insert: Callable[..., None], table: str) -> None:
    insert(table)
    insert(table, current=0)
    with pytest.raises(IntegrityError, match="UNIQUE"):
        insert(table)


# What is no diary


def _folder(path: Path) -> None:
    path.mkdir()


def _text(path: Path) -> None:
    path.write_text("Dear diary, today I did my bridges.\n" * 100)


def _other_database(path: Path) -> None:
    with commands.connection(path) as connection:
        connection.execute("CREATE TABLE session (uid TEXT)")


def _truncated(path: Path) -> None:
    begin(path, START, example(Catalogue(), TODAY))
    os.truncate(path, path.stat().st_size // 2)


def _cut_in_the_header(path: Path) -> None:
    blank(path)
    os.truncate(path, 50)


def _scribbled(path: Path) -> None:
    content = bytearray(blank(path).read_bytes())
    content[: len(b"SQLite")] = b"sqlite"
    path.write_bytes(content)


def _statement(*statements: str) -> Callable[[Path], None]:
    def _make(path: Path) -> None:
        with commands.connection(blank(path)) as connection:
            for statement in statements:
                connection.execute(statement)

    return _make


def _older(statement: str) -> Callable[[Path], None]:
    def _make(path: Path) -> None:
        shutil.copy(DATA / "schema-0002.db", path)
        with commands.connection(path) as connection:
            connection.execute(statement)

    return _make


DATA = Path(__file__).parents[1] / "data"
IGNORING = "CREATE TRIGGER quiet BEFORE INSERT ON session"


NO_DIARIES: dict[str, tuple[Callable[[Path], object], int]] = {
    "a folder": (_folder, 65),
    "a text file": (_text, 65),
    "an empty file": (Path.touch, 65),
    "a database of another program": (_other_database, 65),
    "a database of another program with our schema version": (_statement("PRAGMA application_id = 1"), 65),
    "a truncated diary": (_truncated, 65),
    "a diary cut in its header": (_cut_in_the_header, 65),
    "a diary with another first byte": (_scribbled, 65),
    "a pipe": (os.mkfifo, 65),
    "a diary without a schema version": (_statement("DROP TABLE alembic_version"), 65),
    "a diary with an empty schema version": (_statement("DELETE FROM alembic_version"), 65),
    "a link that leads nowhere": (lambda path: path.symlink_to(path.with_name("missing.db")), 65),
    "a link that leads to itself": (lambda path: path.symlink_to(path), 65),
    "a diary with a trigger": (_statement(f"{IGNORING} BEGIN SELECT raise(ignore); END"), 65),
    "a diary with a view": (_statement("CREATE VIEW every AS SELECT * FROM session"), 65),
    "a diary with a view in the place of a table": (
        _statement("DROP TABLE setting", "CREATE VIEW setting AS SELECT 1 AS key, 2 AS value"),
        65,
    ),
    "a diary with a table of somebody else's": (_statement("CREATE TABLE mood (day TEXT)"), 65),
    "a diary with a column too many": (_statement("ALTER TABLE session ADD COLUMN mood TEXT"), 65),
    "a diary with a column of another name": (_statement("ALTER TABLE session RENAME COLUMN pain TO ache"), 65),
    "a diary that lacks an index": (_statement("DROP INDEX session_days"), 65),
    "a diary with a trigger and another version": (
        _statement(f"{IGNORING} BEGIN SELECT raise(ignore); END", "UPDATE alembic_version SET version_num = '9999'"),
        65,
    ),
    "an older diary with a trigger": (_older(f"{IGNORING} BEGIN SELECT raise(ignore); END"), 65),
    "an older diary with a column too many": (_older("ALTER TABLE session ADD COLUMN mood TEXT"), 65),
    "an older diary that lacks a table": (_older("DROP TABLE setting"), 65),
    **{
        f"a diary of the version {version}": (_statement(f"UPDATE alembic_version SET version_num = {version}"), 65)  # noqa: S608
        for version in ("'0000'", "3", "x'30303033'", "''", "'000x'", "char(27) || '[2J'")
    },
    "a diary of two versions": (_statement("INSERT INTO alembic_version VALUES ('9999')"), 65),
    "a diary of a newer kneetrack": (_statement("UPDATE alembic_version SET version_num = '9999'"), 78),
}


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("what", NO_DIARIES)
def test_what_is_no_diary_of_ours_is_left_as_it_is_with_one_line(db: Path, run: Run, what: str, line: str) -> None:
    make, code = NO_DIARIES[what]
    make(db)
    _refused(db, run, line, code)


@pytest.mark.parametrize("what", NO_DIARIES)
def test_safety_and_the_catalogue_are_shown_whatever_the_diary_is(db: Path, run: Run, what: str) -> None:
    make, _ = NO_DIARIES[what]
    make(db)
    before = _tree(db.parent)
    _shown_without_a_diary(run)
    assert _tree(db.parent) == before


def _shown_without_a_diary(run: Run) -> None:
    """Prove that what does not come from the diary is shown, and that one line says what is missing."""
    for line, words in (("safety", "emergency"), ("show bridge", "start with"), ("show bridge --json", "Hoglund2018")):
        result = run(line)
        # On a screen the command to type stands on a line of its own where it would not fit.
        said = result.err if "--json" in line else " ".join(result.out.splitlines()[-2:])
        assert result.code == 0
        assert words in result.out
        assert "The diary could not be read, so " in said
        assert "last time" not in result.out
    assert run("show wave").code != 0


def _refused(path: Path, run: Run, line: str, code: int) -> None:
    """Prove that a line fails with an exit code, one sentence and no trace."""
    before = _tree(path.parent)
    result = run(line)
    assert (result.code, result.out, result.err.count("\n")) == (code, "", 1)
    assert str(path) in result.err
    assert _tree(path.parent) == before


def test_a_link_that_leads_to_a_diary_is_followed(db: Path, run: Run) -> None:
    target = blank(db.with_name("target.db"))
    db.symlink_to(target)
    assert run("log bridge 15").code == 0
    assert _count(target) == 1
    assert db.is_symlink()


@pytest.mark.parametrize("line", ["today", "history", "undo", "stats", "rm last"])
def test_a_named_diary_that_is_missing_is_not_made_by_a_read(db: Path, run: Run, line: str) -> None:
    _refused(db, run, line, 66)


def test_a_named_diary_that_is_missing_is_made_by_log(db: Path, run: Run) -> None:
    assert run("log bridge").code == 0
    assert _count(db) == 1


@pytest.mark.parametrize("line", LINES)
def test_a_diary_in_a_missing_folder_is_not_made(
    tmp_path: Path, run: Run, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KNEETRACK_DB", str(tmp_path / "missing" / "diary.db"))
    before = _tree(tmp_path)
    result = run(line)
    assert (result.code, result.err.count("\n")) == (66, 1)
    assert _tree(tmp_path) == before


@pytest.mark.parametrize("line", LINES)
def test_a_diary_below_a_file_is_not_made(tmp_path: Path, run: Run, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("text")
    monkeypatch.setenv("KNEETRACK_DB", str(tmp_path / "file" / "diary.db"))
    result = run(line)
    assert (result.code, result.err.count("\n")) == (66, 1)
    assert (tmp_path / "file").read_text() == "text"


def test_an_older_schema_is_found_by_the_open_itself(db: Path) -> None:
    shutil.copy(DATA / "schema-0002.db", db)
    before = _tree(db.parent)
    for write in (False, True):
        with pytest.raises(OutdatedError):
            open_database(db, write=write)
    assert _tree(db.parent) == before


@pytest.mark.parametrize("name", ["a b", "100%", "what?", "#1", "a?b=c&mode=ro", "ü", "a\nb", "'", "@:", "x" * 200])
def test_a_diary_may_have_any_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    assert begin(path, START)
    with open_store(path, write=True) as store:
        store.append("log", START, [BRIDGES])
    assert _count(path) == 1
    assert files(tmp_path) == [name]


def test_a_diary_may_have_a_name_that_is_no_utf8(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.db"))
    begin(path, START)
    with open_store(path, write=False) as store:
        assert store.sessions(None, None) == []


def test_a_diary_may_be_named_from_the_folder_one_is_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blank(tmp_path / "what?.db")
    monkeypatch.chdir(tmp_path)
    with open_store(Path("what?.db"), write=False) as store:
        assert store.sessions(None, None) == []


@pytest.mark.parametrize("line", ["today", "log bridge 5", "doctor", "settings"])
def test_a_folder_that_was_deleted_while_one_is_in_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run, line: str
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    monkeypatch.setenv("KNEETRACK_DB", "rel.db")
    answer = run(line)
    assert answer.err == (
        "rel.db could not be read or written (the folder that you are in is gone; cd to another one);"
        " nothing was changed.\n"
    )
    assert (answer.out, answer.code) == ("", 74)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
@pytest.mark.parametrize("line", ["today", "log bridge 5", "doctor"])
def test_what_somebody_else_put_beside_a_diary_is_not_written_into_it(diary: Path, run: Run, line: str) -> None:
    left = Path(sqlite.leftover(diary))
    left.write_bytes(b"planted")
    os.chown(left, 65534, -1)
    answer = run(line)
    assert answer.code == 65
    assert "put beside the diary by somebody else" in answer.out + answer.err
    assert left.read_bytes() == b"planted"
    left.unlink()
    assert run(line).code == 0


def test_a_link_in_the_place_of_what_a_crash_leaves_is_not_followed(diary: Path, run: Run, tmp_path: Path) -> None:
    Path(sqlite.leftover(diary)).symlink_to(tmp_path / "elsewhere")
    assert run("log bridge 5").code == 65
    assert not (tmp_path / "elsewhere").exists()


def test_a_path_may_begin_with_two_slashes(tmp_path: Path) -> None:
    path = Path(f"/{blank(tmp_path / 'diary.db')}")
    assert str(path).startswith("//")
    with open_store(path, write=False) as store:
        assert store.sessions(None, None) == []


# Values and writes that are not ours


def _past_the_rules(path: Path, statement: str) -> None:
    """Write to a diary what no CHECK would take, as a bad disk does."""
    with commands.connection(path) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute(statement)


READ = {
    "session": ("today", "history --all", "stats", "log bridge 5", "edit last 1x5", "undo"),
    "prescription": ("today", "plan", "stats", "log bridge", "plan set bridge 3x5"),
    "pause": ("today", "pause --list", "stats"),
    "exercise": ("today", "history --all", "log bridge 5"),
    "setting": ("today", "settings", "log bridge 5"),
    "change": ("undo", "undo --list"),
    **dict.fromkeys(
        ("session at", "session pain", "session uid"), ("today", "history --all", "log bridge 5", "edit last 1x5")
    ),
    "change uid": ("undo --list", "export"),
    "tombstone": ("export",),
}


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("session", "sets", "'x'"),
        ("session", "reps", "10000"),
        ("session", "day", "'2026-02-30'"),
        ("session", "side", "'top'"),
        ("session", "exercise", "x'00'"),
        ("prescription", "reps", "'many'"),
        ("prescription", "first_day", "'soon'"),
        ("prescription", "kind", "'every'"),
        ("pause", "last_day", "'2026-13-01'"),
        ("exercise", "mode", "'steps'"),
        ("setting", "value", "zeroblob(3)"),
        ("session", "utc_offset_min", "1440"),
        ("session", "at", "'0001-01-01 00:00:00.000000'"),
        ("session", "at", "'9999-12-31 23:59:59.999999'"),
        ("session", "pain", "9e999"),
        ("session", "uid", "char(27) || substr(uid, 2)"),
        ("prescription", "weekdays", "'abc'"),
        ("prescription", "per_week", "1000000000000"),
        ("change", "at", "'yesterday'"),
        ("change", "uid", "char(27) || substr(uid, 2)"),
        ("change", "command", "x'00ff'"),
        ("tombstone", "uid", "char(27) || substr(uid, 2)"),
    ],
)
def test_a_value_that_no_command_writes_is_a_sentence_that_names_its_record_and_column(
    db: Path, run: Run, table: str, column: str, value: str
) -> None:
    for line in ("log bridge 15 --note fine", "pause clamshell", "add wall-push", "settings pain_limit 3"):
        assert run(line).code == 0
    if table == "session":
        run("log bridge 15")
    if table == "tombstone":
        run("purge last --yes")
    _past_the_rules(db, f"UPDATE {table} SET {column} = {value}")  # noqa: S608
    before = _tree(db.parent)
    for line in READ.get(f"{table} {column}") or READ[table]:
        result = run(line)
        assert (result.code, result.out, result.err.count("\n")) == (65, "", 1), line
        assert table in result.err
        assert _tree(db.parent) == before


SETTINGS = {"day_start": ("x", "", "99:99", "13:00", "\x1b[2J"), "pain_limit": ("5.5", "99", "-1", "", "٣")}


@pytest.mark.parametrize(("key", "value"), [(key, value) for key in SETTINGS for value in SETTINGS[key]])
def test_a_setting_that_no_command_writes_is_said_and_is_mended_by_setting_it_again(
    db: Path, run: Run, key: str, value: str
) -> None:
    run("settings day_start 02:00")
    run("settings pain_limit 4")
    run("log bridge 15")
    _past_the_rules(db, f"UPDATE setting SET value = '{value}' WHERE key = '{key}'")  # noqa: S608
    more = ("today", "history", "stats") if key == "day_start" else ("edit last --pain 4",)
    for line in ("log bridge 15", *more):
        result = run(line)
        assert (result.code, result.out, result.err.count("\n")) == (65, "", 1), line
        assert f"To set it again: kneetrack settings {key} " in result.err
        assert "\x1b" not in result.err
    said = run("doctor")
    assert said.code == 65
    assert f"kneetrack settings {key} " in " ".join(said.out.split())
    run("settings pain_limit 3" if key == "day_start" else "settings day_start 03:00")
    assert run(f"settings {key} {'03:00' if key == 'day_start' else '3'}").code == 0
    for line in ("log bridge 15", "today", "backup", "doctor"):
        assert run(line).code == 0


def test_a_diary_whose_newest_change_leaves_no_later_one_is_read_and_not_written(db: Path, run: Run) -> None:
    run("log bridge 15")
    _past_the_rules(db, "UPDATE change SET at = '8999-12-31 23:59:59.999999' WHERE id = (SELECT max(id) FROM change)")
    before = _tree(db.parent)
    for line in ("log bridge 5", "edit last 1x5", "rm last", "undo", "skip", "settings pain_limit 3"):
        result = run(line)
        assert (result.code, result.out, result.err.count("\n")) == (65, "", 1), line
        assert "dated so late that none can follow" in result.err
        assert _tree(db.parent) == before
    for line in ("today", "history", "export", "doctor"):
        assert run(line).code == 0


def test_a_clock_that_is_a_hundred_years_ahead_writes_nothing(
    db: Path, run: Run, clock: time_machine.Traveller, tmp_path: Path
) -> None:
    run("log bridge 15")
    before = db.read_bytes()
    clock.move_to("2127-01-01 12:00")
    for line in ("log bridge 15", "undo", "settings pain_limit 3", f"log bridge 15 --db {tmp_path / 'new.db'}"):
        result = run(line)
        assert (result.code, result.out, result.err.count("\n")) == (2, "", 1), line
        assert result.err.startswith("This computer’s clock says 2127-01-01; set it right")
    assert db.read_bytes() == before
    assert not (tmp_path / "new.db").exists()
    assert run("today").code == 0


@pytest.mark.usefixtures("db")
def test_what_was_written_by_a_clock_far_ahead_is_exported_and_comes_in(
    run: Run, clock: time_machine.Traveller, tmp_path: Path
) -> None:
    clock.move_to("2125-11-25 07:41")
    run("log bridge 15")
    clock.move_to("2026-11-25 07:41")
    assert run("log clamshell 15").code == 0
    assert run(f"export {tmp_path / 'far.json'}").code == 0
    assert "notice" in run("doctor --json").out
    assert run(f"import {tmp_path / 'far.json'} --db {tmp_path / 'other.db'}").code == 0
    assert "2 sessions" in run(f"doctor --db {tmp_path / 'other.db'}").out


def test_what_was_flipped_in_a_text_is_damage_to_doctor_and_to_backups(db: Path, run: Run) -> None:
    run("log bridge 15 --note fine")
    with open_store(db, write=False) as store:
        uid = store.sessions(None, None)[0].uid
    _past_the_rules(db, "UPDATE session SET note = 'fin' || char(103)")
    said = run("doctor")
    assert said.code == 65
    assert f"session {uid[:8]} is not what was written" in " ".join(said.out.split())
    result = run("backup")
    assert (result.code, result.err.count("\n")) == (65, 1)
    assert f"session {uid[:8]} is not what was written" in result.err
    run(f"edit {uid} --note fine")
    assert run("backup").code == 0
    said = run("doctor")
    assert said.code == 0
    assert "1 earlier version is not what was written" in " ".join(said.out.split())


@pytest.mark.parametrize(
    ("line", "event"),
    [
        ("log bridge 15", "INSERT ON session"),
        ("log bridge 15", "INSERT ON change"),
        ("edit last 1x9", "UPDATE ON session"),
        ("rm last", "INSERT ON session"),
        ("undo", "INSERT ON session"),
        ("undo", "UPDATE ON session"),
        ("plan set bridge 3x5", "INSERT ON prescription"),
        ("settings pain_limit 4", "INSERT ON setting"),
        ("settings pain_limit 4", "UPDATE ON setting"),
        ("skip clamshell", "INSERT ON pause"),
        ("purge last --yes", "DELETE ON session"),
        ("purge last --yes", "INSERT ON tombstone"),
    ],
)
def test_a_write_that_is_not_kept_is_no_success(
    db: Path, run: Run, line: str, event: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for typed in ("settings pain_limit 3", "log bridge 15"):
        run(typed)
    trigger = f"CREATE TRIGGER quiet BEFORE {event} BEGIN SELECT raise(ignore); END"
    with commands.connection(db) as connection:
        connection.execute(trigger)
    monkeypatch.setattr(ddl, "STATEMENTS", (*ddl.STATEMENTS, trigger))
    before = _tree(db.parent)
    result = run(line)
    assert (result.code, result.out, result.err.count("\n")) == (65, "", 1)
    assert "does not keep what is written to it" in result.err
    assert _tree(db.parent) == before


# Permissions


@pytest.fixture
def plain_user(run: Run) -> Iterator[Path]:
    """Give a folder of, and become for the test, a user whom permissions hold."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        blank(folder / "diary.db")
        for line in LINES:
            run(f"{line} --db {folder / 'diary.db'}")
        run(f"log bridge 15 --db {folder / 'diary.db'}")
        # Where Python itself is out of that user's reach, nothing can be imported later.
        for line in ("safety", "show bridge", "show bridge --json", "show wave"):
            run(f"{line} --db {folder / 'diary.db'}" if line != "safety" else line)
        root = os.geteuid() == 0
        if root:
            for path in (folder, folder / "diary.db"):
                os.chown(path, 65534, 65534)
            os.seteuid(65534)
        try:
            if not os.access(folder / "diary.db", os.R_OK | os.W_OK, effective_ids=True):
                pytest.skip("the folder of temporary files is closed to plain users")
            yield folder
        finally:
            if root:
                os.seteuid(0)
            folder.chmod(0o700)


@pytest.mark.parametrize("line", LINES)
def test_a_diary_that_may_not_be_read_is_said_and_left(
    plain_user: Path, run: Run, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = plain_user / "diary.db"
    monkeypatch.setenv("KNEETRACK_DB", str(path))
    path.chmod(0)
    result = run(line)
    assert (result.code, result.err.count("\n")) == (77, 1)
    assert f"You may not {'write' if line in {'log bridge', 'undo'} else 'read'} {path}" in result.err
    assert files(plain_user) == ["diary.db"]


def test_safety_and_the_catalogue_are_shown_where_the_diary_may_not_be_read(
    plain_user: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = plain_user / "diary.db"
    monkeypatch.setenv("KNEETRACK_DB", str(path))
    path.chmod(0)
    _shown_without_a_diary(run)


@pytest.mark.parametrize("folder_mode", [0o500, 0o700])
def test_a_diary_that_may_not_be_written_can_be_read(
    plain_user: Path, run: Run, folder_mode: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = plain_user / "diary.db"
    monkeypatch.setenv("KNEETRACK_DB", str(path))
    path.chmod(0o400)
    plain_user.chmod(folder_mode)
    for line in ("today", "history"):
        assert run(line).code == 0
    for line in ("log bridge 15", "undo"):
        _refused(path, run, line, 77)


def test_a_folder_that_may_not_be_written_gets_no_diary(
    plain_user: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KNEETRACK_DB", str(plain_user / "new.db"))
    plain_user.chmod(0o500)
    result = run("log bridge")
    assert (result.code, result.err.count("\n")) == (77, 1)
    assert result.err.startswith(f"You may not create {plain_user / 'new.db'};")
    assert files(plain_user) == ["diary.db"]


@pytest.mark.parametrize("line", LINES)
def test_a_folder_that_may_not_be_entered_is_said(
    plain_user: Path, run: Run, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KNEETRACK_DB", str(plain_user / "diary.db"))
    plain_user.chmod(0)
    result = run(line)
    assert (result.code, result.err.count("\n")) == (77, 1)


# Connections


@pytest.mark.parametrize("write", [False, True])
def test_every_connection_is_set_up_so_that_nothing_is_lost_or_left_behind(db: Path, write: bool) -> None:  # noqa: FBT001
    with closing(sqlite.connect(blank(db), write=write)) as connection:
        wanted = {"synchronous": 3, "foreign_keys": 1, "secure_delete": 1, "trusted_schema": 0, "query_only": not write}
        for name, value in wanted.items():
            assert connection.execute(f"PRAGMA {name}").fetchone() == (value,)
        assert connection.execute("PRAGMA busy_timeout").fetchone() == (sqlite.BUSY_TIMEOUT_S * 1000,)


# Locks, full disks, reads


def test_a_write_that_waited_goes_to_the_file_that_took_the_place_of_the_diary_meanwhile(
    diary: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, plain = diary.with_name("other.db"), sqlite.connect
    shutil.copy(diary, other)

    def connect_before_it_is_replaced(path: Path, *, write: bool) -> Connection:
        opened = plain(path, write=write)
        if Path(path) == diary and other.exists():
            other.replace(diary)
        return opened

    monkeypatch.setattr(sqlite, "connect", connect_before_it_is_replaced)
    assert run("log bridge 1x9").code == 0
    assert not other.exists()
    assert rows(diary, "SELECT count(*) FROM session WHERE reps = 9") == [(1,)]


ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"


@pytest.mark.parametrize("write", [False, True])
def test_a_statement_that_asks_for_endless_work_is_ended_with_a_sentence(
    diary: Path,
    monkeypatch: pytest.MonkeyPatch,
    write: bool,  # noqa: FBT001
) -> None:
    monkeypatch.setattr(sqlite, "STEP", 100)
    monkeypatch.setattr(sqlite, "MOST_STEPS", 10)
    with (
        pytest.raises(NotADiaryError, match="it asks for endless work") as refused,
        open_database(diary, write=write) as database,
    ):
        database.rows(ENDLESS)
    assert refused.value.exit_code == 65


@pytest.mark.usefixtures("diary")
@pytest.mark.parametrize("line", ["today", "history", "log bridge 1x7", "doctor"])
def test_a_diary_that_asks_for_more_work_than_a_statement_may_do_is_refused_by_every_command(
    run: Run, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    monkeypatch.setattr(sqlite, "STEP", 1)
    monkeypatch.setattr(sqlite, "MOST_STEPS", 10)
    answer = run(line)
    assert "asks for endless work" in answer.out + answer.err
    assert answer.code == 65
    assert "Traceback" not in answer.err


def test_each_statement_may_do_as_much_work_as_the_one_before(diary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "STEP", 100)
    monkeypatch.setattr(sqlite, "MOST_STEPS", 10)
    bounded = ENDLESS.replace("FROM n)", "FROM n LIMIT 20)")
    with open_database(diary, write=False) as database:
        assert [database.rows(bounded) for _ in range(30)] == [[(20,)]] * 30


@pytest.mark.parametrize("line", LINES)
def test_a_diary_that_another_program_holds_is_said(
    db: Path, run: Run, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT_S", 0.05)
    with commands.connection(blank(db)) as other:
        other.execute("BEGIN EXCLUSIVE")
        _refused(db, run, line, 75)


def test_safety_and_the_catalogue_are_shown_while_another_program_holds_the_diary(
    db: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT_S", 0.05)
    with commands.connection(blank(db)) as other:
        other.execute("BEGIN EXCLUSIVE")
        _shown_without_a_diary(run)


@pytest.mark.parametrize("line", ["log bridge", "undo"])
def test_a_write_waits_for_a_writer_and_a_read_does_not(
    db: Path, run: Run, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT_S", 0.05)
    with commands.connection(blank(db)) as other:
        other.execute("BEGIN IMMEDIATE")
        _refused(db, run, line, 75)
        assert run("today").code == 0


@pytest.fixture
def limit(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Return a function that makes the disk full for diaries of more than so many pages."""
    set_up = sqlite._set_up  # noqa: SLF001 - a full disk is nearer to it than any mock of a door

    def _limit(pages: int) -> None:
        def _set_up_small(connection: Connection, *, write: bool) -> None:
            set_up(connection, write=write)
            connection.execute(f"PRAGMA max_page_count = {pages}")

        monkeypatch.setattr(sqlite, "_set_up", _set_up_small)

    return _limit


@pytest.mark.parametrize(("line", "adds"), [("log bridge 15", 1), ("edit last", 0)])
def test_a_full_disk_keeps_all_that_was_acknowledged(
    db: Path, run: Run, limit: Callable[[int], None], line: str, adds: int
) -> None:
    assert run("log bridge 15").code == 0
    limit(1)
    kept = 0
    while not (result := run(f"{line} --note {kept:01500}")).code:
        kept += 1
    assert (result.code, result.out, result.err.count("\n")) == (74, "", 1)
    assert rows(db, "SELECT count(*), (SELECT count(*) - 1 FROM change) FROM session") == [(1 + kept, 1 + kept)]
    assert _count(db) == 1 + kept * adds
    assert files(db.parent) == ["diary.db"]
    limit(10_000)
    assert run(line).code == (0 if adds else 2)


@pytest.mark.parametrize("pages", [2, 5, 20])
def test_a_full_disk_at_the_first_log_leaves_nothing(
    db: Path, run: Run, limit: Callable[[int], None], pages: int
) -> None:
    limit(pages)
    result = run("log bridge 15")
    assert (result.code, result.out, result.err.count("\n")) == (74, "", 1)
    assert result.err.startswith(f"{db} could not be read or written (")
    assert list(db.parent.iterdir()) == []


@pytest.mark.parametrize("line", READS)
def test_a_read_changes_nothing(db: Path, run: Run, line: str) -> None:
    for written in ("log bridge 15 --note fine", "pause clamshell --until sun", "undo"):
        assert run(written).code == 0
    before = _tree(db.parent)
    for options in ("", " --json"):
        if not options or line not in {"settings", "undo --list", "pause --list"}:
            assert run(line + options).code == 0
    assert _tree(db.parent) == before


@pytest.mark.parametrize("line", READS)
def test_a_read_makes_no_diary(home: Path, run: Run, line: str) -> None:
    run(line)
    assert list(home.iterdir()) == []


def test_a_read_puts_right_what_a_crash_left_half_done(db: Path, run: Run) -> None:
    assert run("log bridge 15").code == 0
    with closing(connect(db, isolation_level=None)) as crashed:
        crashed.execute("PRAGMA cache_spill = 1")
        crashed.execute("PRAGMA cache_size = 1")
        crashed.execute("BEGIN IMMEDIATE")
        crashed.execute("UPDATE session SET note = ?", ("half done",))
        crashed.execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 500) INSERT INTO change (uid, at, command) SELECT hex(randomblob(16)), '2026-11-25 00:00:00.000000', 'x' FROM n")  # noqa: E501  # fmt: skip
        copy = db.with_name("copy.db")
        for name in ("", "-journal"):
            copy.with_name(f"copy.db{name}").write_bytes(db.with_name(f"{db.name}{name}").read_bytes())
    result = run(f"history --json --db {copy}")
    assert result.code == 0
    assert "half done" not in result.out
    assert _count(copy) == 1
    assert not copy.with_name("copy.db-journal").exists()


def test_a_refused_row_is_told_without_what_stood_in_it(db: Path) -> None:
    session = BRIDGES._replace(note="a private note", pain=99)
    with pytest.raises(Exception, match="CHECK") as caught, open_store(blank(db), write=True) as store:
        store.append("log", START, [session])
    assert "private" not in str(caught.value)


@pytest.mark.parametrize("line", ["log bridge 15", "today", "history", "rm last"])
def test_a_diary_that_lacks_a_table_is_damaged(line: str, run: Run, diary: Path) -> None:
    with closing(connect(diary)) as connection:
        connection.execute("DROP TABLE session")
        connection.commit()
    result = run(line)

    assert result.code == 65
    assert result.err.count("\n") == 1


def test_a_diary_is_created_where_a_file_cannot_have_two_names(
    run: Run, db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)

    assert run("log bridge 15").code == 0
    assert sorted(db.parent.glob("*diary*")) == [db]


def test_a_draft_that_a_killed_program_left_is_removed_by_the_next_and_one_in_use_is_not(tmp_path: Path) -> None:
    path = tmp_path / "diary.db"
    (tmp_path / f".diary.db.{'a' * 32}").touch()
    (tmp_path / f".diary.db.{'a' * 32}-journal").touch()
    with atomic.draft(path) as held:
        with pytest.raises(ValueError, match="ended"), atomic.draft(path):
            raise ValueError("ended")
        assert held.exists()
    assert files(tmp_path) == [path.name]


def test_what_only_has_the_name_of_a_draft_is_left_alone_and_waited_for_by_nobody(tmp_path: Path) -> None:
    path = tmp_path / "diary.db"
    os.mkfifo(tmp_path / f".diary.db.{'a' * 32}")
    (tmp_path / "other").touch()
    (tmp_path / f".diary.db.{'b' * 32}").symlink_to("other")
    (tmp_path / f".diary.db.{'c' * 32}").mkdir()
    (tmp_path / f".diary.db.{'g' * 32}").touch()
    (tmp_path / f".x.{'d' * 32}").touch()
    if os.geteuid() == 0:
        somebody_elses = tmp_path / f".diary.db.{'e' * 32}"
        somebody_elses.touch()
        os.chown(somebody_elses, 65534, 65534)
    before = files(tmp_path)
    atomic.write(path, b"")
    assert files(tmp_path) == sorted([*before, path.name])


def test_a_draft_that_another_program_swept_before_it_was_held_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "diary.db"
    swept: list[Path] = []
    lock = fcntl.flock

    def late(handle: int, how: int) -> None:
        if not swept:
            swept.extend(tmp_path.iterdir())
            swept[0].unlink()
        lock(handle, how)

    monkeypatch.setattr(fcntl, "flock", late)
    atomic.write(path, b"whole")
    assert (len(swept), path.read_bytes()) == (1, b"whole")
    assert files(tmp_path) == [path.name]


@pytest.mark.usefixtures("clock")
def test_the_backup_of_the_day_sweeps_up_what_a_killed_first_log_left(run: Run, diary: Path) -> None:
    (diary.parent / f".{diary.name}.{'a' * 32}").touch()
    run("log bridge")
    assert files(diary.parent) == [diary.name]


@pytest.mark.parametrize("line", ["today", "doctor", "doctor --json"])
def test_a_name_in_a_schema_that_cannot_be_read_is_harmless_to_a_terminal(diary: Path, run: Run, line: str) -> None:
    spoiled = diary.read_bytes().replace(b"CREATE INDEX exercise_changes", b"CREATE INDEY exercise_changes")
    diary.write_bytes(spoiled.replace(b"exercise_changes", b"exer\x1b[31m_hanges"))
    answer = run(line)
    assert answer.code == 65
    assert "\x1b" not in answer.out + answer.err


UNRULED = "CREATE TABLE alembic_version (version_num PRIMARY KEY)"


@pytest.mark.parametrize(
    "value", ["NULL", "4", "4.5", "x'30303034'", "'0000'", "'0004' || char(0)", "''", "'004'", "char(27) || '004'"]
)
@pytest.mark.parametrize("line", ["today", "log bridge 1x7", "undo", "export", "settings", "remind", "doctor"])
def test_a_schema_version_that_no_kneetrack_wrote_is_damage_to_every_command(
    diary: Path, run: Run, value: str, line: str
) -> None:
    ours = next(statement for statement in ddl.STATEMENTS if "alembic_version" in statement)
    spoil = f"UPDATE alembic_version SET version_num = {value}"  # noqa: S608
    for table, statement in ((UNRULED, spoil), (ours, "SELECT 1")):
        with closing(connect(diary)) as connection, connection:
            connection.execute("PRAGMA writable_schema = ON")
            connection.execute("UPDATE sqlite_schema SET sql = ? WHERE name = 'alembic_version'", (table,))
        with closing(connect(diary)) as connection, connection:
            connection.execute(statement)
    answer = run(line)
    assert answer.code == 65
    assert "schema version" in answer.out + answer.err
    assert "Traceback" not in answer.err
    assert "\x1b" not in answer.out + answer.err
