"""Diaries made one: what an export brings, whatever the order, and what one undo takes back."""

import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import commands
from commands import BRIDGES, EVERYTHING, ORDINARY, OWN, START, TABLES, TODAY, Step, begin, blank, rows, state, steps
from conftest import examples
from kneetrack.domain.catalogue import Catalogue
from kneetrack.domain.dose import Dose
from kneetrack.domain.errors import NothingToDoError
from kneetrack.domain.plan import Prescription, Schedule, example
from kneetrack.health import diary as check
from kneetrack.store.sqlite import open_store
from taking import as_csv, as_json, copy, take, take_file, tombstones_of

LATER = START + timedelta(days=1)
FULL = examples(15)


def _new(path: Path) -> Path:
    """Make a diary without anything in it, of a device of its own."""
    with commands.connection(blank(path)) as connection:
        connection.execute("UPDATE device SET uid = lower(hex(randomblob(16)))")
    return path


def _do(path: Path, history: list[Step], start: datetime = START) -> None:
    """Type commands at a store."""
    for step, now in commands.clock(history):
        step.run(path, now + (start - START))


def _log(path: Path, now: datetime = START, **facts: Any) -> str:  # noqa: ANN401 - the fields of a session
    """Log bridges, and return the uid."""
    with open_store(path, write=True) as store:
        (written,) = store.append("log", now, [BRIDGES._replace(**facts)])
    return written.uid


def _edit(path: Path, now: datetime = LATER, **facts: Any) -> None:  # noqa: ANN401 - as above
    """Edit the newest session of a store."""
    with open_store(path, write=True) as store:
        store.edit("edit", now, [store.sessions(None, None)[0]._replace(**facts)])


def _undo(path: Path) -> None:
    with open_store(path, write=True) as store:
        store.undo(LATER)


def _redo(path: Path) -> None:
    with open_store(path, write=True) as store:
        store.redo(LATER)


def _notes(path: Path) -> list[str | None]:
    with open_store(path, write=False) as store:
        return [session.note for session in store.sessions(None, None)]


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    """Give two diaries without anything in them."""
    return _new(tmp_path / "one.db"), _new(tmp_path / "two.db")


_PURGED = """
    SELECT uid FROM tombstone WHERE uid IN (
        SELECT uid FROM session UNION SELECT uid FROM prescription UNION SELECT uid FROM pause)
"""


def _sound(path: Path) -> bool:
    """Return whether a diary keeps the rules that doctor knows, and holds nothing that has a tombstone."""
    return not rows(path, _PURGED) and all(finding.state != "damage" for finding in check.examine(path, LATER))


# What comes in


@FULL
@given(steps(EVERYTHING, most=10))
def test_a_copy_exports_the_same_bytes_and_shows_the_same(history: list[Step]) -> None:
    with TemporaryDirectory() as folder:
        path = _new(Path(folder) / "diary.db")
        _do(path, history)
        words = as_json(path)
        again = copy(Path(folder) / "copy.db", words, LATER)
        assert as_json(again) == words
        assert state(again) == state(path)
        assert take(again, words, LATER).empty
        assert as_json(again) == words


@examples(20)
@given(
    st.tuples(*[steps(EVERYTHING, most=4)] * 3),
    st.tuples(*[steps(EVERYTHING, most=4)] * 3),
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), max_size=3),
    st.permutations([(one, other) for one in range(3) for other in range(3) if one != other]),
)
def test_three_diaries_that_grew_apart_end_alike_whatever_the_order_of_imports(
    before: tuple[list[Step], ...],
    after: tuple[list[Step], ...],
    between: list[tuple[int, int]],
    order: list[tuple[int, int]],
) -> None:
    with TemporaryDirectory() as folder:
        paths = [_new(Path(folder) / f"{name}.db") for name in "abc"]
        for path, history in zip(paths, before, strict=True):
            _do(path, history)
        for one, other in between:
            take(paths[one], as_json(paths[other]), LATER)
        for path, history in zip(paths, after, strict=True):
            _do(path, history, LATER)
        for one, other in (*order, *order):
            take(paths[one], as_json(paths[other]), LATER)
        first, *others = map(as_json, paths)
        assert others == [first, first]
        assert all(map(_sound, paths))
        assert state(paths[0]) == state(paths[1]) == state(paths[2])


@examples(20)
@given(st.permutations(range(3)), st.tuples(*[steps(EVERYTHING, most=4)] * 3))
def test_a_copy_of_three_diaries_is_the_same_whatever_the_order(order: list[int], histories: tuple[Any, ...]) -> None:
    with TemporaryDirectory() as folder:
        exports = []
        for name, history in zip("abc", histories, strict=True):
            path = _new(Path(folder) / f"{name}.db")
            _do(path, history)
            exports.append(as_json(path))
        found = []
        for name, places in (("in order", range(3)), ("in another", order)):
            path = _new(Path(folder) / name)
            for place in places:
                take(path, exports[place], LATER)
            found.append((as_json(path), state(path)))
        assert found[0] == found[1]


def test_the_later_version_of_a_record_wins_on_either_side(two: tuple[Path, Path]) -> None:
    one, other = two
    _log(one, note="first")
    take(other, as_json(one), LATER)
    _edit(other, LATER + timedelta(hours=1), note="earlier edit")
    _edit(one, LATER + timedelta(hours=2), note="later edit")
    earlier, later = as_json(other), as_json(one)
    take(one, earlier, LATER)
    take(other, later, LATER)
    assert _notes(one) == _notes(other) == ["later edit"]


def test_a_setting_that_both_sides_changed_is_one_record(two: tuple[Path, Path]) -> None:
    for path, value, hours in ((two[0], "3", 1), (two[1], "4", 2)):
        with open_store(path, write=True) as store:
            store.put_settings("settings", START + timedelta(hours=hours), {"pain_limit": value})
            store.add_exercise("add", START + timedelta(hours=hours), OWN[0])
    take(two[0], as_json(two[1]), LATER)
    with open_store(two[0], write=False) as store:
        assert store.settings() == {"pain_limit": "4"}
        assert store.own_exercises() == [OWN[0]]


def test_what_one_side_removed_later_is_removed(two: tuple[Path, Path]) -> None:
    uid = _log(two[0])
    take(two[1], as_json(two[0]), LATER)
    with open_store(two[1], write=True) as store:
        store.remove("rm", LATER, [uid])
    take(two[0], as_json(two[1]), LATER)
    assert _notes(two[0]) == []


def test_what_comes_in_keeps_the_changes_that_wrote_it(two: tuple[Path, Path]) -> None:
    _log(two[0])
    take(two[1], as_json(two[0]), LATER)
    ((mine, device),) = rows(two[0], "SELECT uid, device FROM change WHERE command = 'log'")
    assert (mine, device) in rows(two[1], "SELECT uid, device FROM change")
    assert device not in {uid for (uid,) in rows(two[1], "SELECT uid FROM device")}


def test_a_purge_holds_in_the_copy_that_it_was_said_in_and_no_trace_of_it_is_exported(two: tuple[Path, Path]) -> None:
    uid = _log(two[0], note="private")
    with open_store(two[0], write=True) as store:
        store.purge([uid], LATER)
    words = as_json(two[0])
    assert "private" not in words
    assert '"log"' not in words


@pytest.mark.parametrize("export", [as_json, as_csv])
def test_an_import_leaves_statistics_for_the_questions_of_every_day(two: tuple[Path, Path], export: Any) -> None:  # noqa: ANN401 - either function
    _log(two[0])
    take(two[1], export(two[0]), LATER)
    assert rows(two[1], "SELECT count(*) > 0 FROM sqlite_stat1 WHERE tbl = 'session'") == [(1,)]


# Undo


@FULL
@given(steps(EVERYTHING, most=6), steps(EVERYTHING, most=6), st.integers(0, 1))
def test_one_undo_takes_an_import_back_and_redo_brings_it_again(
    mine: list[Step], theirs: list[Step], related: int
) -> None:
    with TemporaryDirectory() as folder:
        path, other = _new(Path(folder) / "mine.db"), _new(Path(folder) / "theirs.db")
        _do(path, mine)
        if related:
            take(other, as_json(path), LATER)
        _do(other, theirs, LATER)
        words = as_json(other)
        purged = Path(folder) / "purged.db"
        purged.write_bytes(path.read_bytes())
        take(purged, tombstones_of(words), LATER)
        before = (as_json(purged), state(purged))
        if not take(path, words, LATER + timedelta(1)).versions:
            assert (as_json(path), state(path)) == before
            return
        after = (as_json(path), state(path))
        _undo(path)
        assert (as_json(path), state(path)) == before
        assert _sound(path)
        _redo(path)
        assert (as_json(path), state(path)) == after
        _undo(path)
        assert take(path, words, LATER).versions
        assert (as_json(path), state(path)) == after


@FULL
@given(
    st.lists(st.one_of(st.just("import"), *[steps((verb,), most=1) for verb in ORDINARY]), min_size=1, max_size=6),
    steps(ORDINARY, most=5),
    st.integers(0, 1),
    st.sampled_from((_new, blank)),
)
def test_undo_walks_back_through_imports_and_what_was_done_between_them_also_when_a_file_was_copied(
    mine: list[Any], theirs: list[Step], related: int, make: Callable[[Path], Path]
) -> None:
    with TemporaryDirectory() as folder:
        path, other = make(Path(folder) / "mine.db"), make(Path(folder) / "theirs.db")
        _log(path)
        if related:
            take(other, as_json(path), START)
        states = [state(path)]
        for at, what in enumerate(mine):
            now = LATER + timedelta(hours=at)
            _do(other, theirs[at : at + 1], now)
            wrote = take(path, as_json(other), now).versions if what == "import" else what[0].run(path, now)
            states += [state(path)] if wrote else []
        for wanted in states[-2::-1]:
            _undo(path)
            assert state(path) == wanted
        assert _sound(path)
        for wanted in states[1:]:
            _redo(path)
            assert state(path) == wanted
        with pytest.raises(NothingToDoError):
            _redo(path)


def test_undo_of_an_import_is_not_exported_so_that_it_removes_nothing_elsewhere(two: tuple[Path, Path]) -> None:
    _log(two[0], note="theirs")
    take(two[1], as_json(two[0]), LATER)
    _undo(two[1])
    take(two[0], as_json(two[1]), LATER)
    assert _notes(two[0]) == ["theirs"]


@FULL
@given(steps(EVERYTHING, most=6), steps(ORDINARY, most=4))
def test_an_import_and_all_that_was_built_on_it_go_without_a_trace_and_come_again(
    theirs: list[Step], mine: list[Step]
) -> None:
    with TemporaryDirectory() as folder:
        path, other = _new(Path(folder) / "mine.db"), _new(Path(folder) / "theirs.db")
        _do(other, theirs)
        theirs_before = state(other)
        if not take(path, as_json(other), LATER).versions:
            return
        came = state(path)
        _do(path, mine, LATER)
        with suppress(NothingToDoError):
            while True:
                _undo(path)
        assert _sound(path)
        take(other, as_json(path), LATER)
        assert state(other) == theirs_before
        take(path, as_json(other), LATER)
        assert state(path) == came


def test_copies_of_one_file_may_undo_the_same_change(two: tuple[Path, Path]) -> None:
    one, other = two
    _log(one, note="first")
    _log(one, note="second")
    other.write_bytes(one.read_bytes())
    _undo(one)
    _undo(other)
    take(one, as_json(other), LATER)
    assert _notes(one) == ["first"]
    _undo(one)
    _undo(one)
    assert _notes(one) == []


def test_an_undo_that_came_with_an_import_goes_with_it(two: tuple[Path, Path]) -> None:
    one, other = two
    _log(one, note="first")
    _log(one, note="second")
    other.write_bytes(one.read_bytes())
    _undo(other)
    take(one, as_json(other), LATER)
    _undo(one)
    assert sorted(map(str, _notes(one))) == ["first", "second"]
    with open_store(one, write=False) as store:
        assert [change.undone for change in store.changes()] == [True, False, False]
    _undo(one)
    assert _notes(one) == ["first"]


# Programs


def test_an_example_program_never_takes_the_place_of_a_program_of_ones_own(tmp_path: Path) -> None:
    old, new = tmp_path / "old.db", tmp_path / "new.db"
    begin(old, START)
    own = (
        Prescription("bridge", TODAY, Dose(2, 10, None), Schedule("per_week", per_week=3)),
        Prescription("clamshell", TODAY, None, None),
    )
    with open_store(old, write=True) as store:
        store.prescribe("plan set", START, own)
    begin(new, LATER, example(Catalogue(), LATER.date()))
    words = as_json(old), as_json(new)
    take(old, words[1], LATER)
    take(new, words[0], LATER)
    for path in (old, new):
        with open_store(path, write=False) as opened:
            assert opened.activity().prescriptions == own
    assert as_json(old) == as_json(new)


def test_an_example_program_that_was_kept_stays_beside_an_older_program_of_ones_own(tmp_path: Path) -> None:
    old, new = tmp_path / "old.db", tmp_path / "new.db"
    begin(old, START)
    own = Prescription("side_plank", TODAY, Dose(3, None, 30), Schedule("daily"))
    with open_store(old, write=True) as store:
        store.prescribe("plan set", START, [own])
    its = example(Catalogue(), LATER.date())
    begin(new, LATER, its)
    take(new, as_json(old), LATER)
    with open_store(new, write=False) as opened:
        assert {*opened.activity().prescriptions} == {own, *its}


def test_of_two_example_programs_the_first_counts_and_what_was_set_after_it(tmp_path: Path) -> None:
    old, new = tmp_path / "old.db", tmp_path / "new.db"
    for path, now in ((old, START), (new, LATER)):
        begin(path, now, example(Catalogue(), now.date()))
    own = Prescription("bridge", LATER.date(), Dose(2, 10, None), Schedule("daily"))
    with open_store(new, write=True) as store:
        store.prescribe("plan set", LATER, [own])
    take(old, as_json(new), LATER)
    with open_store(old, write=False) as opened:
        assert opened.activity().prescriptions == (*example(Catalogue(), TODAY), own)


def test_a_record_that_was_edited_after_an_import_goes_back_with_it(two: tuple[Path, Path]) -> None:
    one, other = two
    _log(one, note="mine")
    take(other, as_json(one), LATER)
    _edit(one, note="edited here")
    take(other, as_json(one), LATER)
    _edit(other, note="edited there")
    _undo(other)
    _undo(other)
    assert _notes(other) == ["mine"]
    _redo(other)
    assert _notes(other) == ["edited here"]
    _redo(other)
    assert _notes(other) == ["edited there"]


def test_the_list_of_changes_names_an_import_once_and_what_it_brought_not_at_all(two: tuple[Path, Path]) -> None:
    for note in "ab":
        _log(two[0], note=note)
    take(two[1], as_json(two[0]), LATER)
    with open_store(two[1], write=False) as store:
        assert [(change.command, change.undone) for change in store.changes()] == [("import", False)]
    _undo(two[1])
    with open_store(two[1], write=False) as store:
        assert [(change.command, change.undone) for change in store.changes()] == [("import", True)]


def test_undo_goes_past_an_import_to_a_change_of_this_copy(two: tuple[Path, Path]) -> None:
    _log(two[1], note="mine")
    _log(two[0], note="theirs")
    take(two[1], as_json(two[0]), LATER)
    _undo(two[1])
    _undo(two[1])
    assert _notes(two[1]) == []
    with pytest.raises(NothingToDoError):
        _undo(two[1])


_WRONGLY_CURRENT = """
    WITH undone AS (SELECT undoes FROM change WHERE undoes > 0 GROUP BY undoes HAVING count(*) % 2),
    standing AS (
        SELECT version.id,
            row_number() OVER (PARTITION BY version.uid ORDER BY change.at DESC, change.uid DESC) AS place
        FROM {table} AS version JOIN change ON change.id = change_id
        WHERE brought_by IS NULL OR brought_by NOT IN undone)
    SELECT count(*) FROM {table} WHERE current <> (id IN (SELECT id FROM standing WHERE place = 1))
"""


@FULL
@given(steps(EVERYTHING, most=6), steps(EVERYTHING, most=6))
def test_at_most_one_version_is_current_and_it_is_the_newest_that_stands(mine: list[Step], theirs: list[Step]) -> None:
    with TemporaryDirectory() as folder:
        path, other = _new(Path(folder) / "mine.db"), _new(Path(folder) / "theirs.db")
        _do(other, theirs)
        take(path, as_json(other), START)
        _do(path, mine)
        _do(other, theirs, LATER)
        take(path, as_json(other), LATER)
        for table in TABLES:
            assert rows(path, _WRONGLY_CURRENT.format(table=table)) == [(0,)]
        assert rows(path, "PRAGMA foreign_key_check") == []


# Size


@pytest.mark.slow
@pytest.mark.parametrize("export", [as_json, as_csv])
def test_memory_does_not_grow_with_the_file(tmp_path: Path, export: Callable[[Path], str]) -> None:
    most = []
    for number in (3000, 12_000):
        path, target, words = _new(tmp_path / "one.db"), _new(tmp_path / "two.db"), tmp_path / "export"
        with open_store(path, write=True) as store:
            store.append("log", START, [BRIDGES._replace(load=str(at)) for at in range(number)])
        words.write_text(export(path))
        tracemalloc.start()
        assert take_file(target, words, LATER).versions == number
        most.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert most[1] - most[0] < 100 * (12_000 - 3000)


# CSV


@FULL
@given(steps(EVERYTHING, most=8))
def test_csv_brings_the_sessions_that_are_not_to_come_and_twice_is_once(history: list[Step]) -> None:
    with TemporaryDirectory() as folder:
        path = _new(Path(folder) / "diary.db")
        _do(path, history)
        with open_store(path, write=False) as store:
            shown = store.sessions(None, None)
        now = max([LATER, *(datetime(*session.day.timetuple()[:3], tzinfo=LATER.tzinfo) for session in shown)])
        words = as_csv(path)
        again = copy(Path(folder) / "copy.db", words, now)
        with open_store(again, write=False) as store:
            assert store.sessions(None, None) == [
                session._replace(note=session.note or None, load=session.load or None) for session in shown
            ]
        assert as_csv(again) == words
        assert take(again, words, now).empty
        assert take(path, words, now).empty
