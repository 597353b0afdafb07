"""Export and import as functions: what they write, whole or not at all, and what they return of it."""

import json
import stat
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import pytest

from conftest import NOW
from kneetrack.app import changes, maintenance, transfer
from kneetrack.app import log as app_log
from kneetrack.app.session_input import Options
from kneetrack.app.transfer import Export, Progressed
from kneetrack.app.workspace import Place, Workspace
from kneetrack.domain.errors import (
    NoDiaryError,
    NoFolderError,
    RefusedRowsError,
    UnknownExerciseError,
    WrongUseError,
)
from kneetrack.domain.records import Counts, Session
from kneetrack.store import backup, backup_names, sqlite

TODAY = NOW.date()


def at(path: Path, now: timedelta = timedelta()) -> Workspace:
    """Return the workspace of a diary at a path."""
    return Workspace(Place(path, named=True), NOW + now)


def sessions(workspace: Workspace) -> list[Session]:
    """Return what was done, newest first."""
    return workspace.read(lambda diary: diary.store.sessions(None, None))


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Return the workspace of a diary with two sessions of today."""
    found = at(tmp_path / "diary.db")
    app_log.log(found, ["bridge", "3x10"], Options(pain=2, note="stairs"))
    app_log.log(found, ["clamshell", "1x10"], Options())
    return found


@pytest.fixture
def other(tmp_path: Path) -> Workspace:
    """Return the workspace of a diary that is not there yet."""
    return at(tmp_path / "other.db", timedelta(hours=1))


def exported(workspace: Workspace, path: Path) -> Path:
    """Export a diary to a file, and return that."""
    return transfer.to_file(workspace, transfer.read_export(path, None, replace=True)).path


class Step(NamedTuple):
    """A step of something long: what it was called, and how much of how much was told."""

    words: str
    told: list[tuple[int, int | None]]


def watching(seen: list[Step]) -> Callable[[str], AbstractContextManager[Progressed]]:
    """Return what keeps the steps that are shown."""

    @contextmanager
    def begin(words: str) -> Iterator[Progressed]:
        step = Step(words, [])
        seen.append(step)

        def told(more: int, total: int | None = None) -> None:
            step.told.append((more, total))

        yield told

    return begin


# Export


@pytest.mark.parametrize(
    ("name", "form", "expected"),
    [
        ("a.json", None, "json"),
        ("a.CSV", None, "session"),
        ("a", None, "json"),
        (None, None, "json"),
        ("a.pdf", "csv", "session"),
    ],
)
def test_a_form_is_the_one_that_was_named_or_that_the_name_ends_in(
    name: str | None, form: str | None, expected: str
) -> None:
    assert transfer.read_export(Path(name) if name else None, form).form == expected


@pytest.mark.parametrize(
    ("name", "form", "words"),
    [
        ("a.pdf", None, "ends neither in .json nor in .csv"),
        ("a.json", "xml", "Unknown format “xml”; choose json or csv"),
    ],
)
def test_a_form_that_is_none_is_refused(name: str, form: str | None, words: str) -> None:
    with pytest.raises(WrongUseError, match=words):
        transfer.read_export(Path(name), form)


def test_a_file_gets_everything_and_is_its_owners_alone(workspace: Workspace, tmp_path: Path) -> None:
    done = transfer.to_file(workspace, Export("json", tmp_path / "all.json"))

    assert done.size == done.path.stat().st_size
    assert stat.S_IMODE(done.path.stat().st_mode) == 0o600
    assert len(json.loads(done.path.read_text())["sessions"]) == 2


def test_a_pipe_gets_the_same_bytes_as_a_file_once_the_diary_is_let_go_of(workspace: Workspace, tmp_path: Path) -> None:
    for form in ("json", "csv"):
        path = exported(workspace, tmp_path / f"all.{form}")
        with transfer.to_pipe(workspace, "json" if form == "json" else "session") as written:
            app_log.log(workspace, ["bridge", "1x1"], Options())
            assert written.read() == path.read_bytes().decode()
        changes.undo(workspace)


def test_a_file_that_is_there_is_replaced_only_when_it_is_asked_for(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    path.write_text("mine")
    with pytest.raises(WrongUseError, match="is there already"):
        transfer.to_file(workspace, Export("json", path))
    assert path.read_text() == "mine"

    assert transfer.to_file(workspace, Export("json", path, replace=True)).size > 4


def test_the_diary_itself_and_what_sqlite_keeps_beside_it_are_never_replaced(workspace: Workspace) -> None:
    diary = workspace.place.path
    kept = diary.read_bytes()
    for path in (diary, Path(sqlite.leftover(diary))):
        with pytest.raises(WrongUseError, match="choose another name"):
            transfer.to_file(workspace, Export("json", path, replace=True))
    assert diary.read_bytes() == kept


def test_an_export_that_fails_leaves_no_file(workspace: Workspace, other: Workspace, tmp_path: Path) -> None:
    with pytest.raises(NoFolderError):
        transfer.to_file(workspace, Export("json", tmp_path / "none" / "a.json"))
    with pytest.raises(NoDiaryError):
        transfer.to_file(other, Export("json", tmp_path / "a.json"))
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["diary.db"]


def test_a_step_is_told_how_many_lines_there_are(workspace: Workspace, tmp_path: Path) -> None:
    seen: list[Step] = []
    transfer.to_file(workspace, Export("session", tmp_path / "a.csv"), watching(seen))

    assert [step.words for step in seen] == ["Exporting"]
    assert {total for _, total in seen[0].told} == {2}


# Import


def test_a_first_import_makes_the_diary_with_what_the_file_has(
    workspace: Workspace, other: Workspace, tmp_path: Path
) -> None:
    done = transfer.import_(other, exported(workspace, tmp_path / "all.json"))

    assert done.wrote
    assert done.new is not None
    assert not done.new.example
    assert done.incoming.counts["sessions"] == Counts(2, 0, 0, 0)
    assert (done.before, done.purged) == (None, frozenset())
    assert done.progress is not None
    assert done.progress.streak().current == 1
    assert sessions(other) == sessions(workspace)
    assert backup_names.made(other.place.path) == []


def test_an_import_says_what_was_in_force_before_and_is_now(
    workspace: Workspace, other: Workspace, tmp_path: Path
) -> None:
    maintenance.change_setting(workspace, "pain_limit", "3")
    app_log.log(other, ["bridge"], Options())
    done = transfer.import_(other, exported(workspace, tmp_path / "all.json"))

    assert done.new is None
    assert done.before is not None
    assert done.after is not None
    assert (done.before.settings["pain_limit"], done.after.settings["pain_limit"]) == ("5", "3")
    assert [exercise.id for exercise, _ in done.after.plan] == ["bridge", "clamshell"]
    assert len(backup_names.made(other.place.path)) == 1


def test_what_is_there_already_writes_nothing_and_makes_no_backup(workspace: Workspace, tmp_path: Path) -> None:
    path = exported(workspace, tmp_path / "all.json")
    kept = workspace.place.path.read_bytes()
    workspace.wrote = False
    done = transfer.import_(workspace, path)

    assert (done.wrote, workspace.wrote, done.progress) == (False, False, None)
    assert workspace.place.path.read_bytes() == kept
    assert backup_names.made(workspace.place.path) == []


def test_a_preview_counts_the_same_and_writes_nothing(workspace: Workspace, other: Workspace, tmp_path: Path) -> None:
    path = exported(workspace, tmp_path / "all.json")
    missing = transfer.preview(other, path)

    assert not other.exists()
    assert missing.counts["sessions"] == Counts(2, 0, 0, 0)
    app_log.log(other, ["bridge"], Options())
    kept = other.place.path.read_bytes()
    assert transfer.preview(other, path).counts["sessions"] == Counts(2, 0, 0, 0)
    assert other.place.path.read_bytes() == kept


@pytest.mark.parametrize("there", [False, True])
def test_a_wrong_row_refuses_the_file_and_names_the_row(other: Workspace, *, there: bool) -> None:
    if there:
        app_log.log(other, ["bridge"], Options())
    rows = BytesIO(b"day,exercise\n2026-11-25,bridge\nyesterday,bridge\n")
    with pytest.raises(RefusedRowsError) as refused:
        transfer.import_(other, rows)
    assert [row.partition(":")[0] for row in refused.value.details] == ["line 3"]
    assert other.exists() is there

    rows.seek(0)
    found = transfer.preview(other, rows)
    assert (found.rejected, found.refusals, found.refused) == (True, 1, refused.value.details)


def test_a_name_is_what_a_map_says_it_is(other: Workspace) -> None:
    rows = b"day,exercise\n2026-11-25,Hips = hard\n"
    done = transfer.import_(other, BytesIO(rows), ["Hips = hard=clam"])

    assert done.incoming.name == "standard input"
    assert [session.exercise for session in sessions(other)] == ["clamshell"]


@pytest.mark.parametrize(
    ("maps", "error", "words"),
    [
        (["Hips"], WrongUseError, "takes a name in the file and an exercise"),
        (["Hips=nobody-knows"], UnknownExerciseError, "nobody-knows"),
        (["Knees=bridge"], WrongUseError, "Nothing in the file is called “Knees”"),
    ],
)
def test_a_map_that_means_nothing_is_refused_and_nothing_is_written(
    other: Workspace, maps: list[str], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        transfer.import_(other, BytesIO(b"day,exercise\n2026-11-25,bridge\n"), maps)
    assert not other.exists()


def test_a_json_export_takes_no_map(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(WrongUseError, match="names its exercises"):
        transfer.import_(workspace, exported(workspace, tmp_path / "all.json"), ["Hips=bridge"])


def test_an_import_is_one_step_of_undo(workspace: Workspace, other: Workspace, tmp_path: Path) -> None:
    app_log.log(other, ["bridge", "1x5"], Options())
    before = sessions(other)
    transfer.import_(other, exported(workspace, tmp_path / "all.json"))
    assert len(sessions(other)) == 3

    changes.undo(other)
    assert sessions(other) == before


def test_an_import_shows_two_steps(workspace: Workspace, other: Workspace, tmp_path: Path) -> None:
    seen: list[Step] = []
    path = exported(workspace, tmp_path / "all.json")
    transfer.import_(other, path, steps=watching(seen))

    assert [step.words for step in seen] == ["Reading all.json", "Importing all.json"]
    assert seen[0].told[0] == (0, path.stat().st_size)


@pytest.mark.parametrize(("agreed", "left"), [(True, ["bridge"]), (False, ["clamshell", "bridge"])])
def test_what_was_purged_elsewhere_is_purged_here_only_with_consent(
    workspace: Workspace, other: Workspace, tmp_path: Path, *, agreed: bool, left: list[str]
) -> None:
    transfer.import_(other, exported(workspace, tmp_path / "before.json"))
    changes.purge(workspace, "last")
    asked: list[int] = []

    def consent(records: int) -> bool:
        asked.append(records)
        return agreed

    done = transfer.import_(other, exported(workspace, tmp_path / "after.json"), consent=consent)
    assert asked == [1]
    assert len(done.purged) == agreed
    assert [session.exercise for session in sessions(other)] == left


def test_nothing_that_is_purged_stays_in_the_backups(workspace: Workspace, other: Workspace, tmp_path: Path) -> None:
    transfer.import_(other, exported(workspace, tmp_path / "before.json"))
    maintenance.make_backup(other)
    changes.purge(workspace, "last")
    transfer.import_(other, exported(workspace, tmp_path / "after.json"), consent=lambda _: True)

    assert {copy.sessions for copy in backup.backups(other.place.path)} == {1}
