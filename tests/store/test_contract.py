"""What a door of the store promises, proved for each of them, and that they give the same."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import product
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import NamedTuple
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

import commands
from commands import BRIDGES, OWN, START, TABLES, TODAY, Step, blank, rows, steps
from conftest import examples
from kneetrack.domain import days
from kneetrack.domain.dose import Dose
from kneetrack.domain.plan import DAILY, Pause, Prescription, Schedule
from kneetrack.domain.records import Activity, Amount, Session
from kneetrack.store.daily import DailyDoor
from kneetrack.store.door import Door
from kneetrack.store.journal import Journal

YESTERDAY = TODAY - timedelta(1)
CLAMSHELLS = BRIDGES._replace(exercise="clamshell", side="left")


@contextmanager
def _daily(path: Path) -> Iterator[Door]:
    with DailyDoor(path, write=True) as door, door.writing():
        yield door


class Opener(NamedTuple):
    """How a door is opened to read and to write."""

    read: Callable[[Path], AbstractContextManager[Door]]
    write: Callable[[Path], AbstractContextManager[Door]]


OPENERS = {
    "DailyDoor": Opener(DailyDoor, _daily),
    "Journal": Opener(Journal, lambda path: Journal(path, write=True)),
}


@pytest.fixture(params=OPENERS)
def opener(request: pytest.FixtureRequest) -> Opener:
    return OPENERS[request.param]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return blank(tmp_path / "journal.db")


def _append(opener: Opener, path: Path, *sessions: Session, now: datetime = START) -> list[Session]:
    with opener.write(path) as door:
        return door.append("log", now, sessions)


def _sessions(opener: Opener, path: Path, first: date | None = None, last: date | None = None) -> list[Session]:
    with opener.read(path) as door:
        return door.sessions(first, last)


def _at(hour: int, day: date = TODAY) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=timezone(timedelta(hours=1)))


def _clash(monkeypatch: pytest.MonkeyPatch, uids: Iterator[str]) -> None:
    """Give out ids that begin alike."""
    for room in ("daily", "journal", "rows"):
        monkeypatch.setattr(f"kneetrack.store.{room}.uuid4", lambda: UUID(hex=next(uids)))


def _alike() -> Iterator[str]:
    """Yield ids of which many begin alike."""
    choose = Random(7)  # noqa: S311 - the same each time
    while True:
        yield "".join(choose.choices("ab", k=32))


# Appending


def test_append_returns_the_sessions_with_new_ids_and_the_instant_in_utc(opener: Opener, path: Path) -> None:
    now = START.astimezone(timezone(timedelta(hours=-7)))
    one, two = _append(opener, path, BRIDGES, CLAMSHELLS, now=now)
    assert one == BRIDGES._replace(uid=one.uid, made=START)
    assert two == CLAMSHELLS._replace(uid=two.uid, made=START)
    assert one.made.tzinfo == UTC
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
def test_a_session_reads_back_as_it_was_appended(opener: Opener, path: Path, session: Session) -> None:
    written = _append(opener, path, session)
    read = _sessions(opener, path)
    assert read == written
    assert list(map(_offset, read)) == [_offset(session)]
    assert read[0].made.utcoffset() == timedelta(0)


def test_one_append_is_one_change_of_this_device(opener: Opener, path: Path) -> None:
    with opener.write(path) as door:
        door.append("log bridge 15", START, [BRIDGES, CLAMSHELLS])
    assert rows(path, "SELECT command, device = (SELECT uid FROM device), undoes FROM change") == [
        ("log bridge 15", 1, None)
    ]
    assert rows(path, "SELECT DISTINCT change_id, made FROM session") == rows(path, "SELECT id, at FROM change")


def test_an_append_that_fails_leaves_nothing(opener: Opener, path: Path) -> None:
    with pytest.raises(Exception, match="CHECK constraint failed"):
        _append(opener, path, BRIDGES, BRIDGES._replace(pain=11))
    assert rows(path, "SELECT (SELECT count(*) FROM session), (SELECT count(*) FROM change)") == [(0, 0)]


def test_a_block_that_fails_after_an_append_takes_it_back(opener: Opener, path: Path) -> None:
    def _log_and_fail() -> None:
        with opener.write(path) as door:
            door.append("log", START, [BRIDGES])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        _log_and_fail()
    assert _sessions(opener, path) == []


def test_instants_of_changes_ascend_also_when_the_clock_stands_or_runs_back(opener: Opener, path: Path) -> None:
    times = (START, START, START - timedelta(days=365), START + timedelta(seconds=1))
    made = [_append(opener, path, BRIDGES, now=now)[0].made for now in times]
    tick = timedelta(microseconds=1)
    assert made == [START, START + tick, START + 2 * tick, START + timedelta(seconds=1)]
    stamps = [at for (at,) in rows(path, "SELECT at FROM change ORDER BY id")]
    assert stamps == sorted(set(stamps))


def test_every_door_writes_the_same_rows(tmp_path: Path) -> None:
    sessions = (BRIDGES, CLAMSHELLS._replace(at=_at(7), note="n", load="band", pain=1, effort=2, dose=Dose(3, 12, 5)))
    written = {}
    for name, opener in OPENERS.items():
        path = blank(tmp_path / name)
        for now in (START, START - timedelta(1)):
            _append(opener, path, *sessions, now=now)
        written[name] = [_cells(path, table) for table in ("change", *TABLES)]
    assert written["DailyDoor"] == written["Journal"]


def _cells(path: Path, table: str) -> list[tuple[object, ...]]:
    """Return the rows of a table without their uids, each value with its type."""
    columns = [name for (name,) in rows(path, f"SELECT name FROM pragma_table_info('{table}')") if name != "uid"]  # noqa: S608
    return rows(path, f"SELECT {', '.join(f'{name}, typeof({name})' for name in columns)} FROM {table} ORDER BY id")  # noqa: S608


# Reading sessions


def test_sessions_stand_by_day_then_time_with_unknown_last_then_writing_newest_first(
    opener: Opener, path: Path
) -> None:
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
        _append(opener, path, *group, now=now)
    assert [session.note for session in _sessions(opener, path)] == [session.note for session in wanted]


def test_an_edit_or_an_undo_does_not_move_a_session_among_its_neighbours(opener: Opener, path: Path) -> None:
    first, second, third = _append(opener, path, BRIDGES, CLAMSHELLS, BRIDGES)
    with Journal(path, write=True) as journal:
        journal.edit("edit", START, [first._replace(pain=1)])
    assert [session.uid for session in _sessions(opener, path)] == [third.uid, second.uid, first.uid]
    with Journal(path, write=True) as journal:
        journal.undo(START)
    assert _sessions(opener, path) == [third, second, first]


def test_sessions_of_a_range_count_both_ends(opener: Opener, path: Path) -> None:
    for ago in range(4):
        _append(opener, path, BRIDGES._replace(day=TODAY - timedelta(ago)))
    two, one = TODAY - timedelta(2), TODAY - timedelta(1)
    assert [session.day for session in _sessions(opener, path, two, one)] == [one, two]
    assert [session.day for session in _sessions(opener, path, two)] == [TODAY, one, two]
    assert [session.day for session in _sessions(opener, path, None, two)] == [two, TODAY - timedelta(3)]
    assert _sessions(opener, path, TODAY + timedelta(1)) == []


def test_sessions_of_an_exercise_leave_out_the_others(opener: Opener, path: Path) -> None:
    _, clam = _append(opener, path, BRIDGES, CLAMSHELLS)
    with opener.read(path) as door:
        assert door.sessions(None, None, "clamshell") == [clam]
        assert door.sessions(None, None, "squat") == []


def test_only_what_is_current_and_not_removed_is_read(opener: Opener, path: Path) -> None:
    kept, gone = _append(opener, path, BRIDGES._replace(note="old"), CLAMSHELLS._replace(note="gone"))
    newer = kept._replace(day=YESTERDAY, note="new")
    with Journal(path, write=True) as journal:
        journal.edit("edit", START, [newer])
        journal.remove("rm", START, [gone.uid])
    with opener.read(path) as door:
        assert door.sessions(None, None) == [newer]
        assert door.activity().done == {"bridge": days.one(days.number(YESTERDAY))}
        assert door.activity().amounts == (Amount("bridge", YESTERDAY, None, BRIDGES.dose),)
        assert door.last_note("bridge", TODAY) == "new"
        assert door.last_note("clamshell", TODAY) is None


def test_the_last_note_is_the_newest_of_an_exercise_up_to_a_day(opener: Opener, path: Path) -> None:
    for note, ago, at in (("late", 1, _at(20, YESTERDAY)), ("early", 1, _at(7, YESTERDAY)), (None, 0, None)):
        _append(opener, path, BRIDGES._replace(note=note, day=TODAY - timedelta(ago), at=at))
    _append(
        opener, path, CLAMSHELLS._replace(note="of clamshells"), BRIDGES._replace(note="older", day=date(2026, 1, 1))
    )
    with opener.read(path) as door:
        assert door.last_note("bridge", TODAY) == "late"
        assert door.last_note("bridge", YESTERDAY) == "late"
        assert door.last_note("bridge", YESTERDAY - timedelta(1)) == "older"
        assert door.last_note("bridge", date(2025, 12, 31)) is None
        assert door.last_note("squat", TODAY) is None


# Reading what is counted


def test_a_journal_without_anything_in_it_reads_as_nothing(opener: Opener, path: Path) -> None:
    with opener.read(path) as door:
        assert door.activity() == Activity((), (), {}, ())
        assert door.sessions(None, None) == []
        assert door.settings() == {}
        assert door.own_exercises() == []
        assert door.last_note("bridge", TODAY) is None


def test_the_ledger_gives_amounts_from_one_day_on_and_days_done_from_another(opener: Opener, path: Path) -> None:
    for ago in (3, 2, 1):
        _append(opener, path, BRIDGES._replace(day=TODAY - timedelta(ago)), now=START + timedelta(hours=-ago))
    numbers = [days.number(TODAY) - ago for ago in (1, 2, 3)]
    one, two, three = (days.one(number) for number in numbers)
    amounts = [Amount("bridge", TODAY - timedelta(ago), None, BRIDGES.dose) for ago in (1, 2, 3)]
    with opener.read(path) as door:
        some = door.activity(TODAY - timedelta(1), TODAY - timedelta(2))
        assert (some.done, some.amounts) == ({"bridge": one | two}, (amounts[0],))
        some = door.activity(TODAY - timedelta(2), TODAY)
        assert (some.done, set(some.amounts)) == ({}, set(amounts[:2]))
        some = door.activity()
        assert (some.done, set(some.amounts)) == ({"bridge": one | two | three}, set(amounts))


def test_the_ledger_gives_prescriptions_and_pauses_in_the_order_of_writing(opener: Opener, path: Path) -> None:
    program = [
        Prescription("bridge", TODAY, Dose(3, 10, 2), DAILY),
        Prescription("side_plank", YESTERDAY, Dose(3, None, 30), Schedule("every", every=2)),
        Prescription("bridge", TODAY, Dose(1, 5, None), Schedule("weekdays", weekdays=(0, 2, 6))),
        Prescription("clamshell", TODAY, Dose(2, 15, None), Schedule("per_week", per_week=3)),
        Prescription("bridge", date.max, None, None),
    ]
    with Journal(path, write=True) as journal:
        journal.prescribe("plan set", START, program)
        long = journal.pause("pause", START, [Pause("", None, TODAY, None, "ill")])
        short = journal.pause("skip", START, [Pause("", "bridge", YESTERDAY, YESTERDAY, None)])
    with opener.read(path) as door:
        assert door.activity(TODAY, TODAY) == Activity(tuple(program), (*long, *short), {}, ())


def test_settings_and_own_exercises_read_as_they_were_put(opener: Opener, path: Path) -> None:
    with Journal(path, write=True) as journal:
        for value in ("04:00", "03:30"):
            journal.put_setting("settings", START, "day_start", value)
        journal.put_setting("settings", START, "pain_limit", "3")
        for exercise in OWN:
            journal.add_exercise("add", START, exercise)
    with opener.read(path) as door:
        assert door.settings() == {"day_start": "03:30", "pain_limit": "3"}
        assert door.own_exercises() == list(OWN)


# Short ids


def test_an_id_is_shortened_to_four_characters_where_those_are_unique(opener: Opener, path: Path) -> None:
    (written,) = _append(opener, path, BRIDGES)
    with opener.read(path) as door:
        assert door.shorten([written.uid]) == {written.uid: written.uid[:4]}


@pytest.mark.parametrize("rival", ["session", "pause", "change"])
def test_a_short_id_begins_no_other_session_pause_or_change(
    opener: Opener, path: Path, rival: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = "abcdef" + "1" * 26
    uids = iter(["0" * 32, "abcdee" + "f" * 26, other if rival == "change" else "f" * 32, other])
    _clash(monkeypatch, uids)
    (written,) = _append(opener, path, BRIDGES)
    with Journal(path, write=True) as journal:
        if rival == "pause":
            journal.pause("pause", START, [Pause("", None, TODAY, None, None)])
        else:
            journal.append("log", START, [BRIDGES])
    with opener.read(path) as door:
        assert door.shorten([written.uid, other]) == {written.uid: "abcdee", other: "abcdef"}


def test_a_short_id_finds_its_record(path: Path, monkeypatch: pytest.MonkeyPatch, opener: Opener) -> None:
    _clash(monkeypatch, _alike())
    for _ in range(30):
        _append(opener, path, BRIDGES)
    with Journal(path, write=True) as journal:
        pauses = journal.pause("pause", START, [Pause("", None, TODAY, None, None)] * 10)
    sessions = _sessions(opener, path)
    with opener.read(path) as door, Journal(path) as journal:
        shorts = door.shorten([*(item.uid for item in sessions), *(item.uid for item in pauses)])
        assert len(set(shorts.values())) == 40
        for session in sessions:
            assert journal.find(shorts[session.uid]) == (session,)
        for pause in pauses:
            assert journal.find(shorts[pause.uid]) == pause


# Both doors


@examples(60)
@given(steps(), st.lists(st.integers(-60, 12), min_size=1, max_size=2))
def test_both_doors_give_the_same_of_any_journal(history: list[Step], ago: list[int]) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        path = blank(Path(folder) / "journal.db")
        _clash(patch, _alike())
        for step, now in commands.clock(history):
            step.run(path, now)
        _compare(path, [None, *(TODAY + timedelta(offset) for offset in ago)])


def _compare(path: Path, some_days: list[date | None]) -> None:
    """Compare what both doors say of some days."""
    with DailyDoor(path) as daily, Journal(path) as journal:
        assert daily.settings() == journal.settings()
        assert daily.own_exercises() == journal.own_exercises()
        for first, second in product(some_days, repeat=2):
            assert daily.activity(first, second) == journal.activity(first, second)
            for exercise in (None, "bridge"):
                ours, theirs = (door.sessions(first, second, exercise) for door in (daily, journal))
                assert ours == theirs
                assert list(map(_offset, ours)) == list(map(_offset, theirs))
        for exercise in ("bridge", "clamshell", "side_plank"):
            for day in some_days[1:]:
                assert daily.last_note(exercise, day or TODAY) == journal.last_note(exercise, day or TODAY)
        uids = _uids(path)
        shorts = daily.shorten(uids)
        assert shorts == journal.shorten(uids)
    for uid, short in shorts.items():
        others = uids - {uid}
        assert uid.startswith(short)
        assert not any(other.startswith(short) for other in others)
        assert len(short) == 4 or any(other.startswith(short[:-1]) for other in others)


def _offset(session: Session) -> timedelta | None:
    """Return how far a session's clock was ahead of UTC."""
    return session.at.utcoffset() if session.at else None


def _uids(path: Path) -> set[str]:
    """Return the ids of all sessions, pauses and changes."""
    of_records = "SELECT uid FROM session UNION SELECT uid FROM pause UNION SELECT uid FROM change"
    return {uid for (uid,) in rows(path, of_records)}
