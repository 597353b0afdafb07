"""How records change: newer versions, undo, redo and purge."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given

import commands
from commands import BRIDGES, ORDINARY, OWN, START, TABLES, TODAY, Step, begin, blank, rows, state, steps
from conftest import examples
from kneetrack.domain.catalogue import Catalogue
from kneetrack.domain.errors import NoSuchRecordError, NothingToDoError
from kneetrack.domain.plan import DAILY, Pause, Prescription, example
from kneetrack.domain.records import Pain, Score, Session
from kneetrack.store.sqlite import open_store

CLAMSHELLS = BRIDGES._replace(exercise="clamshell", side="both")
BRIDGES_DAILY = Prescription("bridge", TODAY, BRIDGES.dose, DAILY)
ILL = Pause("", None, TODAY, None, "ill")
_ELSEWHERE = "UPDATE change SET device = replace(hex(zeroblob(16)), '0', 'f') WHERE command = 'log elsewhere'"

MINUTE = timedelta(minutes=1)

_ticks = count(1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return blank(tmp_path / "diary.db")


def _later() -> datetime:
    """Return a time after all that were returned before."""
    return START + next(_ticks) * MINUTE


def _log(path: Path, *sessions: Session, command: str = "log") -> list[Session]:
    with open_store(path, write=True) as store:
        return store.append(command, _later(), sessions or [BRIDGES])


def _edit(path: Path, *sessions: Session) -> None:
    with open_store(path, write=True) as store:
        store.edit("edit", _later(), sessions)


def _remove(path: Path, *uids: str) -> None:
    with open_store(path, write=True) as store:
        store.remove("rm", _later(), uids)


def _pause(path: Path, pause: Pause = ILL) -> Pause:
    with open_store(path, write=True) as store:
        (written,) = store.pause("pause", _later(), [pause])
        return written


def _purge(path: Path, *uids: str) -> None:
    with open_store(path, write=True) as store:
        store.purge(uids, _later())


def _undo(path: Path) -> str:
    with open_store(path, write=True) as store:
        return store.undo(_later())


def _redo(path: Path) -> str:
    with open_store(path, write=True) as store:
        return store.redo(_later())


def _read(path: Path) -> list[Session]:
    with open_store(path, write=False) as store:
        return store.sessions(None, None)


def _last(path: Path) -> list[str]:
    with open_store(path, write=False) as store:
        return [session.exercise for session in store.last()]


def _dump(path: Path) -> dict[tuple[str, int], tuple[Any, ...]]:
    """Return every row of the diary, whether it is current left out, by its table and id."""
    found = {}
    for table in ("change", *TABLES):
        names = [name for (name,) in rows(path, f"SELECT name FROM pragma_table_info('{table}')") if name != "current"]  # noqa: S608
        for ident, *row in rows(path, f"SELECT id, {', '.join(names)} FROM {table}"):  # noqa: S608
            found[table, ident] = tuple(row)
    return found


# Versions


@examples(30)
@given(steps(tuple(verb for verb in commands.EVERYTHING if verb != "purge")))
def test_nothing_that_was_written_is_ever_changed_and_ids_only_grow(history: list[Step]) -> None:
    with TemporaryDirectory() as folder:
        path = blank(Path(folder) / "diary.db")
        before = _dump(path)
        for step, now in commands.clock(history):
            step.run(path, now)
            after = _dump(path)
            assert before.items() <= after.items()
            for table, ident in after.keys() - before.keys():
                assert ident > max((other for name, other in before if name == table), default=0)
            before = after


@examples(30)
@given(steps())
def test_each_record_has_one_current_version_its_newest_and_one_made(history: list[Step]) -> None:
    with TemporaryDirectory() as folder:
        path = blank(Path(folder) / "diary.db")
        for step, now in commands.clock(history):
            step.run(path, now)
        one = "total(current) = 1 AND max(id) = max(id * current) AND count(DISTINCT created_at) = 1"
        for table in TABLES:
            assert set(rows(path, f"SELECT {one} FROM {table} GROUP BY uid")) <= {(1,)}  # noqa: S608
        stamps = [at for (at,) in rows(path, "SELECT at FROM change ORDER BY id")]
        assert stamps == sorted(set(stamps))


@examples(30)
@given(steps(ORDINARY, most=5))
def test_undo_walks_back_through_any_commands_and_redo_walks_them_again(history: list[Step]) -> None:
    with TemporaryDirectory() as folder:
        path = blank(Path(folder) / "diary.db")
        states = [state(path)]
        for step, now in commands.clock(history):
            if step.run(path, now):
                states.append(state(path))
        for wanted in states[-2::-1]:
            _undo(path)
            assert state(path) == wanted
        with pytest.raises(NothingToDoError):
            _undo(path)
        for wanted in states[1:]:
            _redo(path)
            assert state(path) == wanted
        with pytest.raises(NothingToDoError):
            _redo(path)


def test_an_edit_keeps_when_a_session_was_made(path: Path) -> None:
    (written,) = _log(path)
    _edit(path, written._replace(note="new", created_at=START + timedelta(days=9)))
    assert _read(path) == [written._replace(note="new")]


def test_an_id_is_not_given_again_after_a_purge(path: Path) -> None:
    (written,) = _log(path)
    _purge(path, written.uid)
    _log(path)
    assert rows(path, "SELECT id FROM session") == [(2,)]


# Undo


def _set(path: Path, value: str) -> None:
    with open_store(path, write=True) as store:
        store.put_settings("settings", _later(), {"pain_limit": value})


def _add(path: Path) -> None:
    with open_store(path, write=True) as store:
        store.add_exercise("add", _later(), OWN[0])


def _prescribe(path: Path, *prescriptions: Prescription) -> None:
    with open_store(path, write=True) as store:
        store.prescribe("plan set", _later(), prescriptions or [BRIDGES_DAILY])


def _resume(path: Path) -> None:
    with open_store(path, write=True) as store:
        (pause,) = store.pauses()
        store.resume("resume", _later(), [pause._replace(last=TODAY)], [])


def _end(path: Path) -> None:
    with open_store(path, write=True) as store:
        store.resume("resume", _later(), [], store.pauses())


CHANGES: dict[str, Callable[[Path], object]] = {
    "log": _log,
    "edit": lambda path: _edit(path, _read(path)[0]._replace(note="new", day=TODAY - timedelta(1))),
    "rm": lambda path: _remove(path, _read(path)[0].uid),
    "plan set": _prescribe,
    "plan drop": lambda path: _prescribe(path, Prescription("bridge", TODAY, None, None)),
    "pause": _pause,
    "resume": _resume,
    "resume on its first day": _end,
    "settings": lambda path: _set(path, "7"),
    "add": _add,
}


@pytest.mark.parametrize("change", CHANGES)
def test_undo_takes_a_change_back_and_redo_brings_it_again(path: Path, change: str) -> None:
    _log(path)
    _pause(path)
    _prescribe(path)
    _set(path, "3")
    before = state(path)
    CHANGES[change](path)
    after = state(path)
    assert after != before
    _undo(path)
    assert state(path) == before
    _redo(path)
    assert state(path) == after


def test_undo_takes_the_newest_change_that_stands_and_says_which(path: Path) -> None:
    for command in ("log one", "log two", "log three"):
        _log(path, command=command)
    assert [_undo(path) for _ in range(3)] == ["log three", "log two", "log one"]


def test_redo_brings_back_the_oldest_change_that_was_undone_first(path: Path) -> None:
    for command in ("log one", "log two", "log three"):
        _log(path, command=command)
    assert [_undo(path), _undo(path), _redo(path), _redo(path)] == ["log three", "log two", "log two", "log three"]


def test_undo_and_redo_may_alternate(path: Path) -> None:
    _log(path, command="log one")
    _log(path, command="log two")
    said = [_undo(path), _redo(path), _undo(path), _undo(path), _redo(path), _undo(path), _redo(path), _redo(path)]
    assert said == [f"log {number}" for number in ("two", "two", "two", "one", "one", "one", "one", "two")]
    assert len(_read(path)) == 2


def test_a_new_change_ends_redo(path: Path) -> None:
    _log(path)
    _undo(path)
    _pause(path)
    with pytest.raises(NothingToDoError, match="nothing to redo"):
        _redo(path)
    _undo(path)
    assert _redo(path) == "pause"
    with pytest.raises(NothingToDoError, match="nothing to redo"):
        _redo(path)


def test_what_was_undone_before_a_new_change_stays_undone(path: Path) -> None:
    _log(path, command="log one")
    _log(path, command="log two")
    _undo(path)
    _log(path, command="log three")
    assert [_undo(path), _undo(path)] == ["log three", "log one"]
    assert [_redo(path), _redo(path)] == ["log one", "log three"]
    assert len(_read(path)) == 2


def test_undo_goes_back_past_an_undone_edit(path: Path) -> None:
    (written,) = _log(path, BRIDGES._replace(note="first"))
    _edit(path, written._replace(note="second"))
    _undo(path)
    _edit(path, written._replace(note="third"))
    _undo(path)
    assert [session.note for session in _read(path)] == ["first"]
    _undo(path)
    assert _read(path) == []


def test_nothing_to_undo_or_to_redo_is_said(path: Path) -> None:
    with pytest.raises(NothingToDoError, match="nothing to undo"):
        _undo(path)
    with pytest.raises(NothingToDoError, match="nothing to redo"):
        _redo(path)


def test_a_score_and_a_pain_that_were_removed_come_back_to_their_place(path: Path) -> None:
    before = _two_of_a_moment(path)
    with open_store(path, write=True) as store:
        store.remove("rm", START + timedelta(minutes=9), [store.scores()[0].uid, store.pains(None, None)[0].uid])
    _undo(path)
    assert state(path) == before


def _two_of_a_moment(path: Path) -> tuple[object, ...]:
    """Write two scores of a measure and two pains of a moment, as two devices do; return the state of the diary."""
    with open_store(path, write=True) as store:
        for minute in (1, 2):
            at = START + timedelta(minutes=minute)
            store.put_scores("score", at, [Score("", START, TODAY, "nprs", None, minute)])
            store.note_pain("pain", at, [Pain("", START, TODAY, "morning", None, None, minute, None)])
    return state(path)


def test_the_list_of_changes_tells_which_were_undone_newest_first(path: Path) -> None:
    _log(path, command="log one")
    _log(path, command="log two")
    _undo(path)
    with open_store(path, write=False) as store:
        assert [(change.command, change.undone) for change in store.changes()] == [
            ("log two", True),
            ("log one", False),
        ]


def test_undo_never_takes_the_example_program(tmp_path: Path) -> None:
    path = tmp_path / "diary.db"
    program = example(Catalogue(), TODAY)
    begin(path, START, program)
    _log(path)
    _undo(path)
    with pytest.raises(NothingToDoError):
        _undo(path)
    with open_store(path, write=False) as store:
        assert store.activity().prescriptions == program
        assert [change.command for change in store.changes()] == ["log"]


def test_undo_never_takes_a_change_of_another_device(path: Path) -> None:
    (mine,) = _log(path)
    with open_store(path, write=True) as store:
        store.append("log elsewhere", _later(), [CLAMSHELLS])
    _execute(path, _ELSEWHERE)
    assert _undo(path) == "log"
    with pytest.raises(NothingToDoError):
        _undo(path)
    assert [session.exercise for session in _read(path)] == ["clamshell"]
    assert _redo(path) == "log"
    assert mine in _read(path)


def test_redo_goes_on_after_a_change_of_another_device(path: Path) -> None:
    _log(path)
    _undo(path)
    with open_store(path, write=True) as store:
        store.append("log elsewhere", _later(), [CLAMSHELLS])
    _execute(path, _ELSEWHERE)
    assert _redo(path) == "log"


def _execute(path: Path, statement: str) -> None:
    with commands.connection(path) as connection:
        connection.execute(statement)


# Purge


def test_undo_skips_a_change_that_a_purge_emptied(path: Path) -> None:
    _log(path, command="log one")
    (second,) = _log(path, command="log two")
    _edit(path, second._replace(note="new"))
    _purge(path, second.uid)
    assert _undo(path) == "log one"
    assert _redo(path) == "log one"


def test_undo_takes_what_a_purge_left_of_a_change(path: Path) -> None:
    purged, _ = _log(path, BRIDGES, CLAMSHELLS)
    _purge(path, purged.uid)
    _undo(path)
    assert _read(path) == []
    _redo(path)
    assert [session.exercise for session in _read(path)] == ["clamshell"]


def test_purge_removes_every_version_and_every_byte_of_a_note(path: Path) -> None:
    secret = "a-very-private-note-" * 90
    (written,) = _log(path, BRIDGES._replace(note=secret), BRIDGES)[:1]
    for word in ("a-private-load-" * 9, "another-private-load-" * 9):
        _edit(path, written._replace(load=word))
    pause = _pause(path, ILL._replace(reason="a-private-reason-" * 9))
    assert b"private" in path.read_bytes()
    _purge(path, written.uid, pause.uid)
    assert rows(path, "SELECT count(*) FROM session") == [(1,)]
    assert rows(path, "SELECT count(*) FROM pause") == [(0,)]
    assert b"private" not in path.read_bytes()
    assert rows(path, "PRAGMA integrity_check") == [("ok",)]
    assert rows(path, "PRAGMA foreign_key_check") == []


# Finding


def test_last_is_the_exercise_first_written_last(path: Path) -> None:
    _log(path, CLAMSHELLS)
    _log(path, BRIDGES._replace(day=TODAY - timedelta(9)))
    assert _last(path) == ["bridge"]


def test_last_stays_last_when_an_older_session_is_edited(path: Path) -> None:
    (older,) = _log(path, CLAMSHELLS)
    _log(path, BRIDGES)
    _edit(path, older._replace(note="new"))
    assert _last(path) == ["bridge"]


def test_last_stays_last_when_another_exercise_of_its_command_is_edited(path: Path) -> None:
    first, _ = _log(path, BRIDGES, CLAMSHELLS)
    _edit(path, first._replace(note="new"))
    assert _last(path) == ["clamshell"]


def test_last_is_all_sets_of_an_uneven_line(path: Path) -> None:
    sets = [BRIDGES._replace(dose=BRIDGES.dose._replace(reps=reps)) for reps in (15, 12, 10)]
    written = _log(path, CLAMSHELLS, *sets)
    with open_store(path, write=False) as store:
        assert store.last() == tuple(written[1:])
        assert store.find(written[2].uid[:6]) == tuple(written[1:])


def test_last_leaves_out_what_was_removed(path: Path) -> None:
    _log(path, CLAMSHELLS)
    (newest,) = _log(path, BRIDGES)
    _remove(path, newest.uid)
    assert _last(path) == ["clamshell"]


def test_nothing_logged_has_no_last(path: Path) -> None:
    with open_store(path, write=False) as store, pytest.raises(NothingToDoError):
        store.last()


@pytest.mark.parametrize("prefix", ["", "zz", "%", "ABC", "'", "f" * 33])
def test_a_word_that_begins_no_id_finds_nothing(path: Path, prefix: str) -> None:
    _log(path)
    with open_store(path, write=False) as store, pytest.raises(NoSuchRecordError):
        store.find(prefix)


def test_the_beginning_of_two_ids_finds_neither(path: Path) -> None:
    for first in ("aaaab", "aaaac"):
        (written,) = _log(path)
        _execute(path, f"UPDATE session SET uid = '{first:0<32}' WHERE uid = '{written.uid}'")  # noqa: S608
    with open_store(path, write=False) as store:
        with pytest.raises(NoSuchRecordError, match="2 records"):
            store.find("aaaa")
        assert store.find("aaaac") == (_read(path)[0],)


def test_what_was_removed_is_not_found(path: Path) -> None:
    (written,) = _log(path)
    _remove(path, written.uid)
    with open_store(path, write=False) as store, pytest.raises(NoSuchRecordError):
        store.find(written.uid)
