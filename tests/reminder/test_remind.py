"""`kneetrack remind`: when it speaks, what it says, and what it leaves alone."""

import json
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from hypothesis import given

import guest
from conftest import NOW, PATIENCE_S, Run, examples, need
from diaries import Diary, diaries, progress
from kneetrack.app.results.reminders import Reminder
from kneetrack.domain import estimate
from kneetrack.domain.catalogue import Catalogue
from kneetrack.domain.dose import Dose
from kneetrack.domain.installed import Run as Ran
from kneetrack.domain.plan import DAILY, Prescription
from kneetrack.domain.progress import Left, State
from kneetrack.domain.reminder import still_open
from kneetrack.reminder import stamp
from kneetrack.store.writing import DiaryStore
from kneetrack.views import reminder as screen

SILENT = ("", "", 0)
CATALOGUE = Catalogue()


def diary_since(run: Run, clock: time_machine.Traveller, days_ago: int) -> None:
    """Begin a diary with the example plan some days before NOW."""
    clock.move_to(NOW - timedelta(days_ago))
    run("log bridge")
    clock.move_to(NOW)


# --- When it speaks. ---


def test_what_is_open_is_named_with_its_dose_and_about_how_long_it_takes(
    run: Run, db: Path, clock: time_machine.Traveller
) -> None:
    diary_since(run, clock, 1)
    said = run("remind")
    assert said.out.startswith("Open today, about 10 minutes: Bridge 3×10, hold 2 s · Clamshell 3×10 each side\n")
    assert (said.err, said.code) == ("", 0)
    assert db.exists()


@pytest.mark.usefixtures("db", "clock")
def test_a_started_exercise_no_longer_reminds(run: Run) -> None:
    run("log bridge 1x10")
    assert "Bridge" not in run("remind").out
    assert "Clamshell" in run("remind").out


@pytest.mark.usefixtures("db", "clock")
@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(["log all"], id="done"),
        pytest.param(["log bridge 1x5 clamshell 1x5"], id="started"),
        pytest.param(["skip"], id="excused"),
        pytest.param(["pause --reason travel"], id="paused"),
        pytest.param(["plan set bridge clamshell --on thu,sun"], id="off"),
        pytest.param(["log bridge", "plan drop bridge clamshell"], id="no plan"),
    ],
)
def test_not_one_byte_when_nothing_is_open(run: Run, lines: list[str]) -> None:
    for line in lines:
        assert run(line).code == 0
    assert run("remind") == SILENT
    assert run("remind --exit-code") == SILENT
    assert run("remind --notify") == SILENT


@pytest.mark.usefixtures("clock")
def test_no_diary_at_the_usual_place_is_silent_and_none_is_made(run: Run, home: Path) -> None:
    assert run("remind") == SILENT
    assert not (home / "data").exists()
    assert json.loads(run("remind --json").out)["open"] == []


def test_a_diary_that_was_named_and_is_missing_is_an_error(run: Run, db: Path) -> None:
    said = run("remind")
    assert (said.out, said.code) == ("", 66)
    assert str(db) in said.err
    assert not db.exists()


@pytest.mark.usefixtures("db", "clock")
def test_exit_code_tells_scripts_that_something_is_open(run: Run) -> None:
    run("log bridge")
    assert run("remind --exit-code").code == 1
    assert run("remind --exit-code --json").code == 1
    assert run("remind").code == 0


@pytest.mark.usefixtures("db", "clock")
def test_json_has_all_its_keys_open_or_not(run: Run) -> None:
    run("log bridge")
    left = {"sets": None, "left": 3, "right": 3}
    prescribed = {"sets": 3, "reps": 10, "hold_s": None, "tempo": None, "rest_s": None, "per_side": True}
    item = {"exercise": "clamshell", "name": "Clamshell", "prescribed": prescribed, "left": left}
    empty = {"schema": 1, "day": "2026-11-25", "minutes": 0, "open": [], "when": None}
    assert json.loads(run("remind --json").out) == {**empty, "minutes": 10, "open": [item]}
    run("log all")
    assert json.loads(run("remind --json").out) == empty


@examples(60)
@given(diaries())
def test_it_speaks_of_exactly_what_today_calls_open(diary: Diary) -> None:
    its = progress(diary)
    found = still_open(its)
    assert set(found) == {item for item in its.plan if its.state(item, its.today) is State.OPEN}
    assert estimate.minutes(its, found) % 5 == 0
    assert (estimate.minutes(its, found) > 0) == bool(found)


@examples(60)
@given(diaries())
def test_it_never_scolds(diary: Diary) -> None:
    its = progress(diary)
    found = tuple(still_open(its))
    for sore in (None, (7, its.today)) if found else ():
        its_words = screen.reminder(Reminder(its, found, estimate.minutes(its, found), sore, its))
        said = "".join(span.text for line in its_words for span in line).lower()
        assert not re.search(r"\b(miss|missed|fail|failed|lost|lose|should|must|only|behind|again you|broke)\b", said)
        assert not (sore and "streak" in said)


# --- How long. ---


def test_a_tempo_and_a_rest_of_ones_own_count_in_the_time() -> None:
    item = Prescription("bridge", NOW.date(), Dose(3, 10, 2), DAILY, up_s=3, down_s=3, rest_s=60)
    assert estimate.seconds(CATALOGUE.get("bridge"), item, Left(3, None, None)) == 3 * 10 * (3 + 2 + 3) + 2 * 60


@pytest.mark.parametrize(
    ("exercise", "dose", "left", "expected"),
    [
        pytest.param("bridge", Dose(3, 10, 2), Left(3, None, None), 3 * 10 * (4 + 2) + 2 * 45, id="hold and rests"),
        pytest.param("bridge", Dose(3, 10, None), Left(1, None, None), 10 * 4, id="one set has no rest"),
        pytest.param("clamshell", Dose(3, 10, None), Left(None, 3, 3), 2 * 3 * 10 * 4 + 2 * 45, id="both sides"),
        pytest.param("clamshell", Dose(3, 10, None), Left(None, 0, 2), 2 * 10 * 4 + 45, id="one side left"),
        pytest.param("side_plank", Dose(3, None, 30), Left(None, 3, 3), 6 * 30 + 2 * 45, id="held"),
        pytest.param("nobody_knows", Dose(2, 10, None), Left(2, None, None), 2 * 10 * 4 + 45, id="rest not known"),
    ],
)
def test_time_is_four_seconds_a_repetition_with_holds_sides_and_rests(
    exercise: str, dose: Dose, left: Left, expected: int
) -> None:
    known = CATALOGUE.get(exercise)
    rest = known.facts.get("rest_s") or 45
    rests = max(value or 0 for value in left) - 1
    assert estimate.seconds(known, Prescription(known.id, NOW.date(), dose, DAILY), left) == expected + rests * (
        rest - 45
    )


@pytest.mark.parametrize(("whole", "expected"), [(0, 0), (1, 5), (300, 5), (301, 10), (600, 10)])
def test_minutes_are_rounded_up_to_five(whole: int, expected: int) -> None:
    assert estimate.rounded(whole) == expected


# --- Its words. ---


@pytest.mark.usefixtures("db")
def test_the_first_weeks_say_that_change_takes_weeks(run: Run, clock: time_machine.Traveller) -> None:
    diary_since(run, clock, 1)
    assert "Week 1 · Change usually takes weeks" in run("remind").out


@pytest.mark.usefixtures("db")
def test_later_it_says_how_long_the_streak_is(run: Run, clock: time_machine.Traveller) -> None:
    for ago in range(40, 0, -1):
        clock.move_to(NOW - timedelta(ago))
        run("log all")
    clock.move_to(NOW)
    said = run("remind").out
    assert "Week 6 · streak 40 days" in said
    assert "Change usually" not in said


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(
    ("ago", "pain", "words"),
    [
        (0, 6, ("kneetrack skip --reason pain", "streak")),
        (1, 6, ("kneetrack skip --reason pain", "streak")),
        (2, 9, ("streak", "skip")),
        (1, 5, ("streak", "skip")),
    ],
)
def test_after_strong_pain_of_today_or_yesterday_it_names_skip_and_no_streak(
    run: Run, clock: time_machine.Traveller, ago: int, pain: int, words: tuple[str, str]
) -> None:
    for day in range(5, 0, -1):
        clock.move_to(NOW - timedelta(day))
        run("log bridge")
    clock.move_to(NOW - timedelta(ago))
    run(f"log bridge --pain {pain} 1x5")
    clock.move_to(NOW)
    said = run("remind").out
    assert words[0] in said
    assert words[1] not in said
    assert "Clamshell" in said


@pytest.mark.usefixtures("db", "clock")
def test_a_name_that_steers_terminals_is_shown_harmless(run: Run, db: Path) -> None:
    run("log bridge")
    run("add x-lift")
    run("plan set x-lift 1x5")
    with sqlite3.connect(db) as connection:
        connection.execute("UPDATE exercise SET name = 'X' || char(27) || ']0;t' || char(7)")
    connection.close()
    assert "\x1b" not in run("remind").out
    assert "X\\x1b]0;t\\x07" in run("remind").out


# --- What it leaves alone, and what it costs. ---


@pytest.mark.usefixtures("clock")
def test_nothing_of_the_diary_is_touched(run: Run, db: Path) -> None:
    run("log bridge")
    before = (db.read_bytes(), db.stat().st_mtime_ns, sorted(db.parent.glob("diary*")))
    run("remind")
    assert (db.read_bytes(), db.stat().st_mtime_ns, sorted(db.parent.glob("diary*"))) == before


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("word", ["older", "newer"])
def test_a_diary_of_another_schema_is_left_as_it_is(run: Run, db: Path, word: str) -> None:
    run("log bridge")
    if word == "older":
        shutil.copy(Path(__file__).parents[1] / "data" / "schema-0002.db", db)
    else:
        with closing(sqlite3.connect(db, isolation_level=None)) as connection:
            connection.execute("UPDATE alembic_version SET version_num = '9999'")
    before = db.read_bytes()
    said = run("remind")
    assert (said.out, said.code, said.err.count("\n")) == ("", 78, 1)
    assert f"{word} kneetrack" in said.err
    assert db.read_bytes() == before


@pytest.mark.usefixtures("db")
def test_it_reads_this_week_alone_unless_it_speaks_of_the_streak(
    run: Run, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    diary_since(run, clock, 10)
    run("log clamshell --pain 7")
    asked = []
    activity = DiaryStore.activity

    def spy(store: DiaryStore, amounts: date | None = None, done: date | None = None) -> object:
        asked.append((amounts, done))
        return activity(store, amounts, done)

    monkeypatch.setattr(DiaryStore, "activity", spy)
    assert "Bridge" in run("remind").out
    run("log bridge")
    asked.clear()
    assert run("remind") == SILENT
    assert asked == [(date(2026, 11, 23), date(2026, 11, 23))]


def test_it_imports_no_orm_no_rich_and_no_calendar(db: Path) -> None:
    script = (
        "import sys; from kneetrack.cli import main; sys.argv = ['kneetrack', *sys.argv[1:]]\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print(sorted({name.split('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    for words in (["log", "bridge"], ["remind"]):
        done = subprocess.run(
            [sys.executable, "-c", script, "--db", str(db), *words],
            capture_output=True,
            text=True,
            check=True,
            timeout=PATIENCE_S,
        )
    assert done.stdout.startswith("Open today")
    loaded = set(re.findall(r"'(\w+)'", done.stderr))
    assert "sqlite3" in loaded
    assert not loaded & {"alembic", "icalendar", "pydantic", "rich", "sqlalchemy", "sqlmodel"}


# --- The stamp. ---

REMIND = [sys.executable, "-m", "kneetrack", "remind"]


def test_a_run_without_a_terminal_leaves_a_stamp_of_its_own_diary(run: Run, tmp_path: Path) -> None:
    one, other = tmp_path / "one.db", tmp_path / "other.db"
    for path, line in ((one, "log bridge"), (other, "log all")):
        run(f"--db {path} {line}")
        env = {**os.environ, "KNEETRACK_DB": str(path)}
        subprocess.run(REMIND, env=env, start_new_session=True, capture_output=True, check=True, timeout=PATIENCE_S)
    runs = {path: stamp.read(path) for path in (one, other)}
    assert [last and last.open for last in runs.values()] == [1, 0]
    files = list(stamp.folder().iterdir())
    assert len(files) == 2
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}


def test_a_person_at_a_terminal_leaves_no_stamp(run: Run, db: Path) -> None:
    run("log bridge")
    spawn = "import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)"
    done = subprocess.run(
        [sys.executable, "-c", spawn, *REMIND],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
        timeout=PATIENCE_S,
    )
    assert b"Open today" in done.stdout
    assert stamp.read(db) is None


@pytest.mark.parametrize("content", ["", "{", "[]", '{"at": 3}', '{"at": "2026-11-22T10:00:00", "open": 1}'])
def test_a_damaged_stamp_reads_as_none(db: Path, content: str) -> None:
    stamp.write(db, Ran(datetime.now(UTC), 2))
    (only,) = stamp.folder().iterdir()
    only.write_text(content)
    assert stamp.read(db) is None


@pytest.mark.usefixtures("db", "clock")
def test_where_no_stamp_can_be_kept_it_reminds_all_the_same(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("log bridge")
    (home / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(home / "file"))
    said = run("remind")
    assert (said.err, said.code) == ("", 0)
    assert "Clamshell" in said.out


# --- Notifications. ---


@pytest.fixture
def desktop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a session bus and a notify-send that writes down what it is told; returns that file."""
    folder, told = tmp_path / "run", tmp_path / "told"
    folder.mkdir()
    monkeypatch.chdir(folder)
    bus = socket.socket(socket.AF_UNIX)
    bus.bind("bus")
    bus.close()
    sender = tmp_path / "bin" / "notify-send"
    sender.parent.mkdir()
    sender.write_text(f'#!/bin/sh\nprintf "%s\\n" "$DBUS_SESSION_BUS_ADDRESS" "$@" > "{told}"\nexit ${{FAIL:-0}}\n')
    sender.chmod(0o755)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    monkeypatch.setenv("PATH", f"{sender.parent}:{os.environ['PATH']}")
    return told


@pytest.mark.usefixtures("db", "clock")
def test_a_notification_is_neutral_finds_the_bus_and_nothing_is_printed(run: Run, desktop: Path) -> None:
    run("log bridge")
    assert run("remind --notify") == SILENT
    bus = f"unix:path={desktop.parent / 'run' / 'bus'}"
    assert desktop.read_text().splitlines() == [bus, "--app-name=kneetrack", "--", "kneetrack", "1 exercise left today"]


@pytest.mark.usefixtures("db", "clock", "desktop")
def test_where_no_desktop_takes_the_notification_it_is_printed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("log bridge")
    monkeypatch.setenv("FAIL", "1")
    assert "Clamshell" in run("remind --notify").out
    monkeypatch.delenv("FAIL")
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/nonexistent")
    assert "Clamshell" in run("remind --notify").out


@pytest.mark.usefixtures("db", "clock")
def test_a_reminder_that_cannot_look_says_so_on_the_desktop_too(run: Run, desktop: Path) -> None:
    assert run("remind --notify").code == 66
    assert "The reminder check failed" in desktop.read_text()


def test_real_notify_send_fails_without_a_desktop_and_it_is_printed(
    run: Run, db: Path, desktop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (desktop.parent / "bin" / "notify-send").unlink()
    monkeypatch.setenv("PATH", guest.PATH)
    need("notify-send")
    run("log bridge")
    monkeypatch.setenv("KNEETRACK_DB", str(db))
    assert "Clamshell" in run("remind --notify").out
