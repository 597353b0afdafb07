"""What was purged stays purged: tombstones in exports, in imports, and through undo and redo."""

import csv
import io
import json
import shlex
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from commands import BRIDGES, START, blank, connection, rows, state
from conftest import Run
from kneetrack.domain.plan import DAILY, Pause, Prescription
from kneetrack.store.mapping import uid_of
from kneetrack.store.sqlite import open_store
from taking import as_csv, as_json, take

LATER = START + timedelta(days=1)


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    """Give two diaries of two devices, the second one a copy of the first, with two sessions in them."""
    one, other = blank(tmp_path / "one.db"), blank(tmp_path / "two.db")
    with connection(other) as opened:
        opened.execute("UPDATE device SET uid = lower(hex(randomblob(16)))")
    with open_store(one, write=True) as store:
        for note in ("kept", "secret"):
            store.append(f"log {note}", START, [BRIDGES._replace(note=note)])
    take(other, as_json(one), START)
    return one, other


def _uid(path: Path, note: str = "secret") -> str:
    with connection(path) as opened:
        ((uid,),) = opened.execute("SELECT uid FROM session WHERE note = ?", (note,))
    return str(uid)


def _purge(path: Path, note: str = "secret", days: int = 1) -> str:
    uid = _uid(path, note)
    with open_store(path, write=True) as store:
        store.purge([uid], START + timedelta(days))
    return uid


def _notes(path: Path) -> list[str]:
    with open_store(path, write=False) as store:
        return sorted(str(session.note) for session in store.sessions(None, None))


def _undo(path: Path) -> None:
    with open_store(path, write=True) as store:
        store.undo(LATER)


def _redo(path: Path) -> None:
    with open_store(path, write=True) as store:
        store.redo(LATER)


def _tombstones(path: Path) -> list[Any]:
    return rows(path, "SELECT uid, at FROM tombstone ORDER BY uid")


def test_an_export_names_what_was_purged_by_its_uid_and_instant_alone(two: tuple[Path, Path]) -> None:
    uid = _purge(two[0])
    words = as_json(two[0])
    assert json.loads(words)["tombstones"] == [{"uid": uid, "at": "2026-11-26T06:41:00.000000Z"}]
    assert "secret" not in words


def test_what_was_purged_here_does_not_come_back_with_an_import_and_is_counted(two: tuple[Path, Path]) -> None:
    _purge(two[0])
    with open_store(two[1], write=True) as store:
        store.append("log", LATER, [BRIDGES._replace(note="new")])
    compared = take(two[0], as_json(two[1]), LATER)
    assert _notes(two[0]) == ["kept", "new"]
    assert (compared.kept_out, compared.versions, compared.purges) == (1, 1, 0)
    assert rows(two[0], "SELECT count(*) FROM change WHERE command = 'log secret'") == [(1,)]
    assert take(two[0], as_json(two[1]), LATER).empty


def test_what_was_purged_elsewhere_is_purged_here_and_no_undo_brings_it_back(two: tuple[Path, Path]) -> None:
    one, other = two
    uid = _purge(one)
    compared = take(other, as_json(one), LATER)
    assert (compared.purges, compared.tombstones, compared.versions) == (1, 1, 0)
    assert _notes(other) == ["kept"]
    assert [found for found, _ in _tombstones(other)] == [uid]
    _undo(other)
    assert _notes(other) == []
    _redo(other)
    assert _notes(other) == ["kept"]
    assert as_json(other) == as_json(one)


def test_undo_of_an_import_that_purged_takes_back_what_it_brought_alone(two: tuple[Path, Path]) -> None:
    one, other = two
    _purge(one)
    with open_store(one, write=True) as store:
        store.append("log", LATER, [BRIDGES._replace(note="new")])
    take(other, as_json(one), LATER)
    assert _notes(other) == ["kept", "new"]
    _undo(other)
    assert _notes(other) == ["kept"]
    _redo(other)
    assert _notes(other) == ["kept", "new"]


def test_without_consent_the_record_stays_and_is_asked_about_again_while_the_rest_comes_in(
    two: tuple[Path, Path],
) -> None:
    one, other = two
    _purge(one)
    with open_store(one, write=True) as store:
        store.append("log", LATER, [BRIDGES._replace(note="new")])
    take(other, as_json(one), LATER, purge=False)
    assert _notes(other) == ["kept", "new", "secret"]
    assert _tombstones(other) == []
    assert take(other, as_json(one), LATER).purges == 1
    assert _notes(other) == ["kept", "new"]


def test_a_tombstone_of_what_is_not_here_keeps_it_out_later_also_without_consent(
    two: tuple[Path, Path], tmp_path: Path
) -> None:
    with_it = as_json(two[0])
    _purge(two[0])
    third = blank(tmp_path / "three.db")
    take(third, as_json(two[0]), LATER, purge=False)
    take(third, with_it, LATER)
    assert _notes(third) == ["kept"]


def test_of_two_purges_of_one_record_the_earlier_counts_on_both_sides(two: tuple[Path, Path]) -> None:
    one, other = two
    _purge(one, days=3)
    _purge(other, days=2)
    assert take(other, as_json(one), LATER).empty
    assert take(one, as_json(other), LATER).tombstones == 1
    assert [at for _, at in _tombstones(one)] == ["2026-11-27 06:41:00.000000"]
    assert as_json(one) == as_json(other)


def test_prescriptions_and_pauses_are_purged_too(two: tuple[Path, Path]) -> None:
    one, other = two
    with open_store(one, write=True) as store:
        store.prescribe("plan set", LATER, [Prescription("bridge", START.date(), BRIDGES.dose._replace(sets=3), DAILY)])
        store.pause("pause", LATER, [Pause("", None, START.date(), None, "secret")])
    take(other, as_json(one), LATER)
    both = "SELECT uid FROM prescription UNION SELECT uid FROM pause"
    uids = [uid for (uid,) in rows(one, both)]
    with open_store(one, write=True) as store:
        store.purge(uids, LATER)
    assert take(other, as_json(one), LATER).purges == 2
    assert (len(uids), rows(other, both)) == (2, [])


def test_a_tombstone_reaches_no_setting_and_no_exercise_of_ones_own(two: tuple[Path, Path]) -> None:
    with open_store(two[0], write=True) as store:
        store.put_settings("settings", LATER, {"pain_limit": "3"})
    uid = uid_of("setting", "pain_limit")
    found = json.loads(as_json(two[1]))
    found |= {"digest": None, "tombstones": [{"uid": uid, "at": "2030-01-01T00:00:00.000000Z"}]}
    assert take(two[0], json.dumps(found), LATER).purges == 0
    take(two[1], as_json(two[0]), LATER)
    for path in two:
        with open_store(path, write=False) as store:
            assert store.settings() == {"pain_limit": "3"}


def test_a_file_that_holds_what_it_says_was_purged_brings_the_tombstone_alone(two: tuple[Path, Path]) -> None:
    found = json.loads(as_json(two[0]))
    uid = _uid(two[0])
    found |= {"digest": None, "tombstones": [{"uid": uid, "at": "2026-11-26T06:41:00.000000Z"}]}
    take(two[1], json.dumps(found), LATER)
    assert _notes(two[1]) == ["kept"]


def test_csv_rows_of_what_was_purged_are_left_out(two: tuple[Path, Path]) -> None:
    words = as_csv(two[0])
    _purge(two[0])
    compared = take(two[0], words, LATER)
    assert (compared.kept_out, compared.empty) == (1, True)
    assert _notes(two[0]) == ["kept"]


def test_rows_of_ones_own_csv_that_were_purged_stay_out_when_it_is_imported_again(two: tuple[Path, Path]) -> None:
    words = "day,exercise,note\n2026-11-20,bridge,mine\n2026-11-21,bridge,yours\n"
    take(two[0], words, LATER)
    _purge(two[0], "mine")
    assert take(two[0], words, LATER).kept_out == 1
    assert "mine" not in _notes(two[0])


def test_parts_of_a_change_stay_together_when_the_first_of_them_was_purged(two: tuple[Path, Path]) -> None:
    one, other = two
    with open_store(one, write=True) as store:
        (first,) = store.append("start", LATER, [BRIDGES._replace(note="first")])
        for note in ("second", "third"):
            store.append("set", LATER, [BRIDGES._replace(note=note)], part_of=first.uid)
    _purge(one, "first")
    changes = json.loads(as_json(one))["changes"]
    second, third = (change for change in changes if change["command"] == "set")
    assert (second["part_of"], third["part_of"]) == (None, second["uid"])
    take(other, as_json(one), LATER)
    assert as_json(other) == as_json(one)
    assert state(other) == state(one)


def test_an_undo_of_parts_is_one_elsewhere_too_when_the_first_of_them_was_purged(two: tuple[Path, Path]) -> None:
    one, other = two
    with open_store(one, write=True) as store:
        (first,) = store.append("start", LATER, [BRIDGES._replace(note="first")])
        store.append("set", LATER, [BRIDGES._replace(note="second")], part_of=first.uid)
        store.undo(LATER)
        store.purge([first.uid], LATER)
    second, undo = json.loads(as_json(one))["changes"][-2:]
    assert (second["command"], undo["undoes"]) == ("set", second["uid"])
    take(other, as_json(one), LATER)
    assert as_json(other) == as_json(one)


# At the command line


@pytest.fixture
def purged(diary: Path, run: Run, clock: object) -> str:
    """Give the command that imports the export of a copy in which one of two sessions was purged; `diary` has both."""
    assert clock
    run("log bridge 15 --note kept")
    run("log bridge 12 --note secret")
    copy = diary.with_name("copy.db")
    copy.write_bytes(diary.read_bytes())
    assert run(f"purge last --yes --db {copy}").code == 0
    path = diary.with_name("copy.json")
    assert run(f"export {path} --db {copy}").code == 0
    return f"import {shlex.quote(str(path))}"


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_an_import_that_would_purge_is_refused_where_nobody_can_be_asked(diary: Path, run: Run, purged: str) -> None:
    kept = diary.read_bytes()
    result = run(purged)
    assert (result.code, result.out, diary.read_bytes()) == (2, "", kept)
    assert result.err.startswith("1 record of your diary was purged where this file comes from")
    assert "--yes" in result.err


def test_an_import_that_would_purge_does_so_with_yes_and_says_it(diary: Path, run: Run, purged: str) -> None:
    result = run(f"{purged} --yes")
    lines = result.out.splitlines()
    assert (result.code, lines[0]) == (0, "Imported: only the list of purged records")
    assert lines[-1] == "  1 record of your diary was purged, because the file says so"
    assert _notes(diary) == ["kept"]
    assert run(f"{purged} --yes").out.startswith("Nothing new in copy.json")


def test_an_import_that_would_purge_asks_on_a_terminal(
    diary: Path, run: Run, purged: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for answer, notes in (("n\n", ["kept", "secret"]), ("y\n", ["kept"])):
        monkeypatch.setattr("sys.stdin", _Terminal(answer))
        result = run(purged)
        assert result.code == 0
        assert "Delete it here for good, too?" in result.out
        assert _notes(diary) == notes


def test_a_dry_run_says_what_would_be_purged(diary: Path, run: Run, purged: str) -> None:
    kept = diary.read_bytes()
    result = run(f"{purged} --dry-run")
    assert result.code == 0
    assert "  1 record would be purged, because the file says so" in result.out.splitlines()
    assert diary.read_bytes() == kept


def test_rows_that_are_left_out_because_they_were_purged_are_said(diary: Path, run: Run, purged: str) -> None:
    assert purged
    path = diary.with_name("diary.csv")
    run(f"export {path}")
    with path.open(newline="") as opened:
        assert len(list(csv.reader(opened))) == 3
    run("purge last --yes")
    assert run(f"import {path}").out.splitlines()[-1] == "  left out: 1 record that you purged"
    assert _notes(diary) == ["kept"]


def test_an_import_that_purges_reaches_the_backups(diary: Path, run: Run, purged: str) -> None:
    run("backup")
    run(f"{purged} --yes")
    for kept in (diary.parent / "backups").glob("*.db"):
        assert rows(kept, "SELECT count(*) FROM session WHERE note = 'secret'") == [(0,)]
