"""What a store promises, proved for each of them, and that they give the same.

The store in memory is obvious; a store that holds the same contract and gives the same values is right too.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import product
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

import commands
import memory_store
from commands import BRIDGES, OWN, START, TODAY, Step, blank, rows, steps
from conftest import examples
from kneetrack.domain import days
from kneetrack.domain.catalogue import Catalogue
from kneetrack.domain.dose import Dose
from kneetrack.domain.errors import KneetrackError, NothingToDoError
from kneetrack.domain.plan import DAILY, Pause, Prescription, Schedule, example
from kneetrack.domain.records import Activity, Amount, Session
from kneetrack.store import postgres
from kneetrack.store.mapping import SESSION
from kneetrack.store.port import Store
from kneetrack.store.server_schema import create
from kneetrack.store.sqlite import open_store
from memory_store import MemoryStore
from servers import Running

YESTERDAY = TODAY - timedelta(1)
CLAMSHELLS = BRIDGES._replace(exercise="clamshell", side="left")


class Diary(NamedTuple):
    """A diary of some kind, and how it is opened."""

    read: Callable[[], AbstractContextManager[Store]]
    write: Callable[[], AbstractContextManager[Store]]


def _in_memory() -> Diary:
    store = MemoryStore()

    @contextmanager
    def read() -> Iterator[Store]:
        yield store

    return Diary(read, lambda: memory_store.writing(store))


def _on_disk(path: Path) -> Diary:
    return Diary(lambda: open_store(path, write=False), lambda: open_store(path, write=True))


@contextmanager
def _on_a_server(running: Running) -> Iterator[Diary]:
    place = running.diary()
    create(place, START)
    with closing(place):
        yield Diary(lambda: postgres.open_store(place, write=False), lambda: postgres.open_store(place, write=True))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return blank(tmp_path / "diary.db")


@pytest.fixture(params=["sqlite", "postgres", "memory"])
def diary(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Diary]:
    if request.param == "sqlite":
        yield _on_disk(blank(tmp_path / "diary.db"))
    elif request.param == "memory":
        yield _in_memory()
    else:
        with _on_a_server(request.getfixturevalue("running")) as opened:
            yield opened


def _append(diary: Diary, *sessions: Session, now: datetime = START) -> list[Session]:
    with diary.write() as store:
        return store.append("log", now, sessions)


def _sessions(diary: Diary, first: date | None = None, last: date | None = None) -> list[Session]:
    with diary.read() as store:
        return store.sessions(first, last)


def _at(hour: int, day: date = TODAY) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=timezone(timedelta(hours=1)))


def _clash(monkeypatch: pytest.MonkeyPatch, records: Iterator[str], changes: Iterator[str] | None = None) -> None:
    """Give out ids, such as ones that begin alike."""
    monkeypatch.setattr("kneetrack.store.mapping.random_uid", lambda: next(records))
    for room in ("kneetrack.store.writing", "memory_store"):
        monkeypatch.setattr(f"{room}.random_uid", lambda: next(changes or records))


def _alike(seed: int = 7) -> Iterator[str]:
    """Yield ids of which many begin alike."""
    choose = Random(seed)  # noqa: S311 - the same each time
    while True:
        yield "".join(choose.choices("ab", k=32))


# Appending


def test_append_returns_the_sessions_with_new_ids_and_the_instant_in_utc(diary: Diary) -> None:
    now = START.astimezone(timezone(timedelta(hours=-7)))
    one, two = _append(diary, BRIDGES, CLAMSHELLS, now=now)
    assert one == BRIDGES._replace(uid=one.uid, created_at=START)
    assert two == CLAMSHELLS._replace(uid=two.uid, created_at=START)
    assert one.created_at.tzinfo == UTC
    assert all(len(uid) == 32 and set(uid) <= set("0123456789abcdef") for uid in (one.uid, two.uid))
    assert one.uid != two.uid


@pytest.mark.parametrize(
    "session",
    [
        BRIDGES,
        BRIDGES._replace(dose=Dose(None, None, None)),
        BRIDGES._replace(dose=Dose(99, 9999, 86_400), load="red band", pain=10, effort=0, note="x" * 2000),
        CLAMSHELLS._replace(at=_at(7), side="both", note="“süß” 💪 '); drop table session; --"),
        CLAMSHELLS._replace(at=START.astimezone(timezone(timedelta(hours=5, minutes=45))), side="right"),
        CLAMSHELLS._replace(at=START.astimezone(timezone(-timedelta(hours=3, minutes=30)))),
        BRIDGES._replace(at=START + timedelta(microseconds=1), day=date(1900, 1, 1)),
        BRIDGES._replace(day=date.max),
    ],
)
def test_a_session_reads_back_as_it_was_appended(diary: Diary, session: Session) -> None:
    written = _append(diary, session)
    read = _sessions(diary)
    assert read == written
    assert list(map(_offset, read)) == [_offset(session)]
    assert read[0].created_at.utcoffset() == timedelta(0)


def test_one_append_is_one_change_of_this_device(path: Path) -> None:
    with open_store(path, write=True) as store:
        store.append("log bridge 15", START, [BRIDGES, CLAMSHELLS])
    assert rows(path, "SELECT command, device = (SELECT uid FROM device), undoes, part_of FROM change") == [
        ("log bridge 15", 1, None, None)
    ]
    assert rows(path, "SELECT DISTINCT change_id, created_at FROM session") == rows(path, "SELECT id, at FROM change")


def test_an_append_that_fails_leaves_nothing(path: Path) -> None:
    with pytest.raises(Exception, match="CHECK constraint failed"):
        _append(_on_disk(path), BRIDGES, BRIDGES._replace(pain=11))
    assert rows(path, "SELECT (SELECT count(*) FROM session), (SELECT count(*) FROM change)") == [(0, 0)]


def test_a_block_that_fails_after_an_append_takes_it_back(diary: Diary) -> None:
    def _log_and_fail() -> None:
        with diary.write() as store:
            store.append("log", START, [BRIDGES])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        _log_and_fail()
    assert _sessions(diary) == []


def test_instants_of_changes_ascend_also_when_the_clock_stands_or_runs_back(diary: Diary) -> None:
    times = (START, START, START - timedelta(days=365), START + timedelta(seconds=1))
    created = [_append(diary, BRIDGES, now=now)[0].created_at for now in times]
    tick = timedelta(microseconds=1)
    assert created == [START, START + tick, START + 2 * tick, START + timedelta(seconds=1)]
    with diary.read() as store:
        assert [change.at for change in store.changes()] == created[::-1]


def test_every_value_is_kept_with_its_type(path: Path) -> None:
    whole = CLAMSHELLS._replace(at=_at(7), note="n", load="band", pain=1, effort=2, dose=Dose(3, 12, 5))
    _append(_on_disk(path), whole)
    found = rows(path, f"SELECT {', '.join(f'typeof({name})' for name in SESSION.columns)} FROM session")  # noqa: S608
    numbers = {"change_id", "removed", "current", "utc_offset_min", "sets", "reps", "hold_s", "pain", "effort"}
    assert dict(zip(SESSION.columns, found[0], strict=True)) == {
        name: "null" if name == "brought_by" else "integer" if name in numbers | {"checksum"} else "text"
        for name in SESSION.columns
    }


# Reading sessions


def test_sessions_stand_by_day_then_time_with_unknown_last_then_writing_newest_first(diary: Diary) -> None:
    wanted = [
        BRIDGES._replace(note="today late", at=_at(21)),
        BRIDGES._replace(note="today early, from a zone ahead", at=_at(7).astimezone(timezone(timedelta(hours=9)))),
        BRIDGES._replace(note="today, time unknown, second of one command"),
        BRIDGES._replace(note="today, time unknown, first of one command"),
        BRIDGES._replace(note="today, time unknown, written before"),
        BRIDGES._replace(note="yesterday late", day=YESTERDAY, at=_at(23, YESTERDAY)),
        BRIDGES._replace(note="yesterday, time unknown", day=YESTERDAY),
    ]
    late, early, second, first, before, yesterday, unknown = wanted
    now = START
    for group in ((yesterday,), (late,), (before,), (unknown,), (first, second), (early,)):
        now += timedelta(minutes=1)
        _append(diary, *group, now=now)
    assert [session.note for session in _sessions(diary)] == [session.note for session in wanted]


def test_an_edit_or_an_undo_does_not_move_a_session_among_its_neighbours(diary: Diary) -> None:
    first, second, third = _append(diary, BRIDGES, CLAMSHELLS, BRIDGES)
    with diary.write() as store:
        store.edit("edit", START, [first._replace(pain=1)])
    assert [session.uid for session in _sessions(diary)] == [third.uid, second.uid, first.uid]
    with diary.write() as store:
        store.undo(START)
    assert _sessions(diary) == [third, second, first]


def test_sessions_of_a_range_count_both_ends(diary: Diary) -> None:
    for ago in range(4):
        _append(diary, BRIDGES._replace(day=TODAY - timedelta(ago)))
    two, one = TODAY - timedelta(2), TODAY - timedelta(1)
    assert [session.day for session in _sessions(diary, two, one)] == [one, two]
    assert [session.day for session in _sessions(diary, two)] == [TODAY, one, two]
    assert [session.day for session in _sessions(diary, None, two)] == [two, TODAY - timedelta(3)]
    assert _sessions(diary, TODAY + timedelta(1)) == []


def test_sessions_of_an_exercise_leave_out_the_others(diary: Diary) -> None:
    _, clam = _append(diary, BRIDGES, CLAMSHELLS)
    with diary.read() as store:
        assert store.sessions(None, None, "clamshell") == [clam]
        assert store.sessions(None, None, "squat") == []


def test_only_what_is_current_and_not_removed_is_read(diary: Diary) -> None:
    kept, gone = _append(diary, BRIDGES._replace(note="old"), CLAMSHELLS._replace(note="gone"))
    newer = kept._replace(day=YESTERDAY, note="new")
    with diary.write() as store:
        store.edit("edit", START, [newer])
        store.remove("rm", START, [gone.uid])
    with diary.read() as store:
        assert store.sessions(None, None) == [newer]
        assert store.activity().done == {"bridge": days.one(days.number(YESTERDAY))}
        assert store.activity().amounts == (Amount("bridge", YESTERDAY, None, BRIDGES.dose),)
        assert store.last_note("bridge", TODAY) == "new"
        assert store.last_note("clamshell", TODAY) is None


def test_the_last_note_is_the_newest_of_an_exercise_up_to_a_day(diary: Diary) -> None:
    for note, ago, at in (("late", 1, _at(20, YESTERDAY)), ("early", 1, _at(7, YESTERDAY)), (None, 0, None)):
        _append(diary, BRIDGES._replace(note=note, day=TODAY - timedelta(ago), at=at))
    _append(diary, CLAMSHELLS._replace(note="of clamshells"), BRIDGES._replace(note="older", day=date(2026, 1, 1)))
    with diary.read() as store:
        assert store.last_note("bridge", TODAY) == "late"
        assert store.last_note("bridge", YESTERDAY) == "late"
        assert store.last_note("bridge", YESTERDAY - timedelta(1)) == "older"
        assert store.last_note("bridge", date(2025, 12, 31)) is None
        assert store.last_note("squat", TODAY) is None


# Reading what is counted


def test_a_diary_without_anything_in_it_reads_as_nothing(diary: Diary) -> None:
    with diary.read() as store:
        assert store.activity() == Activity((), (), {}, ())
        assert store.sessions(None, None) == []
        assert store.settings() == {}
        assert store.own_exercises() == []
        assert store.last_note("bridge", TODAY) is None


def test_the_activity_has_amounts_from_one_day_on_and_days_done_from_another(diary: Diary) -> None:
    for ago in (3, 2, 1):
        _append(diary, BRIDGES._replace(day=TODAY - timedelta(ago)), now=START + timedelta(hours=-ago))
    numbers = [days.number(TODAY) - ago for ago in (1, 2, 3)]
    one, two, three = (days.one(number) for number in numbers)
    amounts = [Amount("bridge", TODAY - timedelta(ago), None, BRIDGES.dose) for ago in (1, 2, 3)]
    with diary.read() as store:
        some = store.activity(TODAY - timedelta(1), TODAY - timedelta(2))
        assert (some.done, some.amounts) == ({"bridge": one | two}, (amounts[0],))
        some = store.activity(TODAY - timedelta(2), TODAY)
        assert (some.done, set(some.amounts)) == ({}, set(amounts[:2]))
        some = store.activity()
        assert (some.done, set(some.amounts)) == ({"bridge": one | two | three}, set(amounts))


def test_the_activity_has_prescriptions_and_pauses_in_the_order_of_writing(diary: Diary) -> None:
    program = [
        Prescription("bridge", TODAY, Dose(3, 10, 2), DAILY),
        Prescription("side_plank", YESTERDAY, Dose(3, None, 30), Schedule("every", every=2)),
        Prescription("bridge", TODAY, Dose(1, 5, None), Schedule("weekdays", weekdays=(0, 2, 6))),
        Prescription("clamshell", TODAY, Dose(2, 15, None), Schedule("per_week", per_week=3)),
        Prescription("bridge", date.max, None, None),
    ]
    with diary.write() as store:
        store.prescribe("plan set", START, program)
        long = store.pause("pause", START, [Pause("", None, TODAY, None, "ill")])
        short = store.pause("skip", START, [Pause("", "bridge", YESTERDAY, YESTERDAY, None)])
    with diary.read() as store:
        assert store.activity(TODAY, TODAY) == Activity(tuple(program), (*long, *short), {}, ())


def test_settings_and_own_exercises_read_as_they_were_put(diary: Diary) -> None:
    with diary.write() as store:
        for value in ("04:00", "03:30"):
            store.put_settings("settings", START, {"day_start": value})
        store.put_settings("settings", START, {"pain_limit": "3"})
        for exercise in OWN:
            store.add_exercise("add", START, exercise)
    with diary.read() as store:
        assert store.settings() == {"day_start": "03:30", "pain_limit": "3"}
        assert store.own_exercises() == list(OWN)


# Days that never existed


def test_a_day_that_was_leapt_over_by_a_traveller_is_told(diary: Diary) -> None:
    before = datetime(2026, 11, 23, 20, tzinfo=timezone(-timedelta(hours=10)))
    after = datetime(2026, 11, 25, 20, tzinfo=timezone(timedelta(hours=14)))
    _append(diary, *(BRIDGES._replace(day=at.date(), at=at) for at in (before, after)))
    leapt = days.one(days.number(date(2026, 11, 24)))
    with diary.read() as store:
        assert store.activity().leapt_over == leapt
        for since in (date(2026, 11, 1), date(2026, 11, 24)):
            assert store.activity(since, since).leapt_over == leapt
            assert store.activity(TODAY, since).leapt_over == leapt
        assert store.activity(TODAY, TODAY).leapt_over == 0


def test_nothing_is_leapt_over_by_who_stays(diary: Diary) -> None:
    _append(diary, *(BRIDGES._replace(day=day, at=_at(7, day)) for day in (YESTERDAY - timedelta(1), TODAY)), BRIDGES)
    with diary.read() as store:
        assert store.activity().leapt_over == 0


# Short ids


def test_an_id_is_shortened_to_four_characters_where_those_are_unique(diary: Diary) -> None:
    (written,) = _append(diary, BRIDGES)
    with diary.read() as store:
        assert store.shorten([written.uid]) == {written.uid: written.uid[:4]}


@pytest.mark.parametrize("rival", ["session", "pause", "change"])
def test_a_short_id_begins_no_other_session_pause_or_change(
    diary: Diary, rival: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = "abcdef" + "1" * 26
    uids = iter(["0" * 32, "abcdee" + "f" * 26, other if rival == "change" else "f" * 32, other])
    _clash(monkeypatch, uids)
    (written,) = _append(diary, BRIDGES)
    with diary.write() as store:
        if rival == "pause":
            store.pause("pause", START, [Pause("", None, TODAY, None, None)])
        else:
            store.append("log", START, [BRIDGES])
    with diary.read() as store:
        assert store.shorten([written.uid, other]) == {written.uid: "abcdee", other: "abcdef"}


def test_a_short_id_finds_its_record(diary: Diary, monkeypatch: pytest.MonkeyPatch) -> None:
    _clash(monkeypatch, _alike())
    for _ in range(30):
        _append(diary, BRIDGES)
    with diary.write() as store:
        pauses = store.pause("pause", START, [Pause("", None, TODAY, None, None)] * 10)
    sessions = _sessions(diary)
    with diary.read() as store:
        shorts = store.shorten([*(item.uid for item in sessions), *(item.uid for item in pauses)])
        assert len(set(shorts.values())) == 40
        for session in sessions:
            assert store.find(shorts[session.uid]) == (session,)
        for pause in pauses:
            assert store.find(shorts[pause.uid]) == pause


# Sets that are written one by one


def test_sets_that_continue_a_change_are_one_line_and_one_step_of_undo(diary: Diary) -> None:
    with diary.write() as store:
        before = store.append("log squat", START, [BRIDGES._replace(exercise="squat")])
        (first,) = store.append("start", START, [BRIDGES])
        (second,) = store.append("start", START, [BRIDGES], part_of=first.uid)
        (clam,) = store.append("start", START, [CLAMSHELLS], part_of=second.uid)
        rated = [session._replace(pain=2) for session in (first, second, clam)]
        store.edit("start", START, rated, part_of=first.uid)
    with diary.write() as store:
        assert store.last() == (rated[2],)
        assert store.find(first.uid) == (rated[0], rated[1])
        assert [change.command for change in store.changes()] == ["start", "log squat"]
        assert store.undo(START) == "start"
        assert store.sessions(None, None) == before
        assert [change.undone for change in store.changes()] == [True, False]
        assert store.redo(START) == "start"
        assert {*store.sessions(None, None)} == {*before, *rated}


def test_each_part_of_a_whole_is_known_by_its_instant(diary: Diary) -> None:
    with diary.write() as store:
        (first,) = store.append("start", START, [BRIDGES])
        (second,) = store.append("start", START, [BRIDGES], part_of=first.uid)
        (third,) = store.append("start", START, [CLAMSHELLS], part_of=second.uid)
        (alone,) = store.append("log", START, [CLAMSHELLS])
    with diary.read() as store:
        whole = dict.fromkeys((second.created_at, third.created_at), first.created_at)
        assert store.wholes(first.created_at, alone.created_at) == whole
        assert store.wholes(first.created_at, second.created_at) == {second.created_at: first.created_at}


def test_undo_takes_a_group_that_was_continued_last_before_what_came_between(diary: Diary) -> None:
    with diary.write() as store:
        (first,) = store.append("start", START, [BRIDGES])
        store.append("log", START, [CLAMSHELLS])
        store.append("start", START, [BRIDGES], part_of=first.uid)
        assert [store.undo(START), store.undo(START)] == ["start", "log"]


def test_a_set_that_continues_what_was_undone_begins_anew(diary: Diary) -> None:
    with diary.write() as store:
        (first,) = store.append("start", START, [BRIDGES])
        store.undo(START)
        (second,) = store.append("start again", START, [BRIDGES], part_of=first.uid)
        assert store.sessions(None, None) == [second]
        assert store.undo(START) == "start again"
        assert store.sessions(None, None) == []


# The example plan


def test_the_example_plan_counts_until_something_else_was_asked_before_it_and_undo_never_takes_it(
    diary: Diary,
) -> None:
    prescriptions = example(Catalogue(), TODAY)
    own = Prescription("bridge", TODAY, Dose(1, 5, None), DAILY)
    with diary.write() as store:
        store.put_example(START, prescriptions)
        store.prescribe("plan set", START, [own])
        assert store.activity().prescriptions == (*prescriptions, own)
        assert [change.command for change in store.changes()] == ["plan set"]
        store.undo(START)
        with pytest.raises(NothingToDoError):
            store.undo(START)
        assert store.activity().prescriptions == prescriptions


def test_an_example_plan_that_comes_later_does_not_take_the_place_of_what_was_chosen(diary: Diary) -> None:
    own = Prescription("bridge", TODAY, Dose(1, 5, None), DAILY)
    with diary.write() as store:
        store.prescribe("plan set", START, [own])
        store.put_example(START, example(Catalogue(), TODAY))
        assert [item.exercise for item in store.activity().prescriptions] == ["bridge", "clamshell"]
        assert store.activity().prescriptions[0] == own


# All together


@examples(60)
@given(steps(), st.lists(st.integers(-60, 12), min_size=1, max_size=2))
def test_the_store_on_disk_gives_what_the_one_in_memory_gives_after_any_commands(
    history: list[Step], ago: list[int]
) -> None:
    with TemporaryDirectory() as folder:
        _hold_alike(_on_disk(blank(Path(folder) / "diary.db")), history, ago)


@examples(20)
@given(steps(), st.lists(st.integers(-60, 12), min_size=1, max_size=2))
def test_the_store_on_a_server_gives_what_the_one_in_memory_gives_after_any_commands(
    running: Running, history: list[Step], ago: list[int]
) -> None:
    with _on_a_server(running) as diary:
        _hold_alike(diary, history, ago)


def _hold_alike(one: Diary, history: list[Step], ago: list[int]) -> None:
    """Hold that a diary says what one in memory says, after each of some commands."""
    both = (one, _in_memory())
    some_days = [None, *(TODAY + timedelta(offset) for offset in ago)]
    for number, (step, now) in enumerate(commands.clock(history)):
        ordinary = []
        for diary in both:
            with pytest.MonkeyPatch.context() as patch, diary.write() as store:
                _clash(patch, _alike(2 * number), _alike(2 * number + 1))
                ordinary.append(step.on(store, now))
        assert ordinary[0] == ordinary[1]
        said = []
        for diary in both:
            with diary.read() as store:
                said.append(_everything(store, some_days))
        assert said[0] == said[1]


def _everything(store: Store, some_days: list[date | None]) -> dict[str, object]:
    """Return all that a store says, by question."""
    last = TODAY + timedelta(400)
    said: dict[str, object] = {
        "settings": store.settings(),
        "exercises": store.own_exercises(),
        "pauses": store.pauses(),
        "changes": store.changes(),
        "newest changes": store.changes(2),
        "days": [store.days_done(day or last, most) for day in some_days for most in (1, 3, 99)],
        "pains": [store.pains(first, second) for first, second in product(some_days, repeat=2)],
        "scores": store.scores(),
        "rules": store.rules(),
        "last": [_tried(lambda whole=whole: store.last(whole=whole)) for whole in (False, True)],  # type: ignore[misc]
        "notes": [
            store.last_note(name, day or last) for name in ("bridge", "clamshell", "side_plank") for day in some_days
        ],
    }
    uids = {change.uid for change in store.changes()} | {pause.uid for pause in store.pauses()}
    uids |= {pain.uid for pain in store.pains(None, None)} | {score.uid for score in store.scores()}
    for first, second in product(some_days, repeat=2):
        activity = store.activity(first, second)
        said[f"activity {first} {second}"] = activity._replace(amounts=tuple(sorted(activity.amounts, key=repr)))
        for exercise in (None, "bridge"):
            found = store.sessions(first, second, exercise)
            said[f"sessions {first} {second} {exercise}"] = found, [_offset(session) for session in found]
            uids |= {session.uid for session in found}
    shorts = store.shorten(sorted(uids))
    said["short ids"] = shorts
    for uid, short in shorts.items():
        said[f"found {uid}"] = [
            _tried(lambda word=word, removed=removed: store.find(word, removed=removed))  # type: ignore[misc]
            for word in (short, uid[:4])
            for removed in (False, True)
        ]
    return said


def _tried(ask: Callable[[], object]) -> object:
    """Return an answer, or the kind of error that it was refused with."""
    try:
        return ask()
    except KneetrackError as error:
        return type(error)


def _offset(session: Session) -> timedelta | None:
    """Return how far a session's clock was ahead of UTC."""
    return session.at.utcoffset() if session.at else None
