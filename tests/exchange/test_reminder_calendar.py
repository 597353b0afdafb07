"""`kneetrack remind calendar`: the program's days as events that a phone can import."""

import sqlite3
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from icalendar import Calendar, Event

from conftest import NOW, Run


def events(path: Path) -> list[Event]:
    """Return the events of a file."""
    return list(Calendar.from_ical(path.read_bytes()).events)


def starts(event: Event) -> datetime:
    """Return when an event is for the first time."""
    at = event.decoded("dtstart")
    assert isinstance(at, datetime)
    return at


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Name a calendar file that is not there."""
    return tmp_path / "exercises.ics"


@pytest.mark.usefixtures("db", "clock")
def test_a_daily_program_is_one_neutral_event_with_an_alarm_at_a_floating_time(run: Run, file: Path) -> None:
    run("log bridge")
    assert run(f"remind calendar {file} --at 07:30").code == 0
    (event,) = events(file)
    assert b"\r\nDTSTART:20261125T073000\r\n" in file.read_bytes()
    assert event["summary"] == "Exercises"
    assert event["description"] == "Bridge 3×10, hold 2 s\nClamshell 3×10 each side"
    assert event["rrule"].to_ical() == b"FREQ=DAILY"
    assert event.decoded("duration") == timedelta(minutes=10)
    (alarm,) = event.walk("VALARM")
    assert alarm.decoded("trigger") == timedelta(0)


@pytest.mark.usefixtures("db")
def test_written_again_it_has_the_same_identifiers_and_a_higher_sequence(
    run: Run, file: Path, clock: time_machine.Traveller
) -> None:
    clock.move_to(NOW)
    run("log bridge")
    run(f"remind calendar {file} --at 07:30 --at 18:00")
    before = events(file)
    run("plan set bridge clamshell --per-week 3")
    clock.move_to(NOW + timedelta(days=1))
    run(f"remind calendar {file} --at 08:00 --at 18:00")
    after = events(file)
    assert [event["uid"] for event in before] == [event["uid"] for event in after]
    assert len({event["uid"] for event in before}) == 2
    assert min(int(event.sequence) for event in after) > max(int(event.sequence) for event in before)


@pytest.mark.usefixtures("db", "clock")
@pytest.mark.parametrize(
    ("schedule", "rule", "first"),
    [
        ("--on mon,fri", b"FREQ=WEEKLY;BYDAY=MO,FR", date(2026, 11, 27)),
        ("--per-week 3", b"FREQ=WEEKLY;BYDAY=MO,WE,FR", date(2026, 11, 25)),
        ("--every 3 --from 2026-11-23", b"FREQ=DAILY;INTERVAL=3", date(2026, 11, 26)),
    ],
)
def test_each_schedule_has_its_rule_and_its_first_day(
    run: Run, file: Path, schedule: str, rule: bytes, first: date
) -> None:
    assert run(f"plan set bridge {schedule}").code == 0
    run(f"remind calendar {file}")
    (event,) = events(file)
    assert (event["rrule"].to_ical(), starts(event).date()) == (rule, first)


@pytest.mark.usefixtures("db", "clock")
def test_excused_days_are_left_out_and_a_pause_without_end_stops_it(run: Run, file: Path) -> None:
    run("plan set bridge --daily")
    run("pause --from wed --until thu")
    run("pause --from sun --until sun")
    run(f"remind calendar {file}")
    (event,) = events(file)
    assert starts(event).date() == date(2026, 11, 27)
    assert event["exdate"].to_ical() == b"20261129T180000"
    run("pause")
    said = run(f"remind calendar {file}")
    assert said.code == 2
    assert "Nothing is due" in said.err


@pytest.mark.usefixtures("db", "clock")
def test_a_pause_without_end_that_begins_later_ends_the_event_the_day_before(run: Run, file: Path) -> None:
    run("plan set bridge --daily")
    run("plan set clamshell --on mon,fri")
    run("pause --from 2026-11-28 --until 2026-11-29")
    run("pause --from 2026-12-05")
    run(f"remind calendar {file}")
    daily, weekly = events(file)
    assert starts(daily).date() == date(2026, 11, 25)
    assert daily["rrule"].to_ical() == b"FREQ=DAILY;UNTIL=20261204T180000"
    assert daily["exdate"].to_ical() == b"20261128T180000,20261129T180000"
    assert weekly["rrule"].to_ical() == b"FREQ=WEEKLY;UNTIL=20261204T180000;BYDAY=MO,FR"
    assert "exdate" not in weekly


@pytest.mark.usefixtures("db", "clock")
@pytest.mark.parametrize("first", ["2026-11-20", "2026-11-25"])
def test_a_pause_without_end_that_has_begun_leaves_out_its_exercise_alone(run: Run, file: Path, first: str) -> None:
    run("plan set bridge clamshell --daily --from 2026-11-16")
    run(f"pause clamshell --from {first}")
    run(f"remind calendar {file}")
    (event,) = events(file)
    assert event["description"] == "Bridge 3×10, hold 2 s"
    assert event["rrule"].to_ical() == b"FREQ=DAILY"


@pytest.mark.usefixtures("db", "clock")
def test_a_change_of_the_program_ahead_ends_one_event_and_begins_another(run: Run, file: Path) -> None:
    run("plan set bridge --daily")
    run("plan set bridge --on mon --from 2026-12-07")
    run(f"remind calendar {file}")
    now, then = events(file)
    assert now["rrule"].to_ical() == b"FREQ=DAILY;UNTIL=20261206T180000"
    assert (then["rrule"].to_ical(), starts(then).date()) == (b"FREQ=WEEKLY;BYDAY=MO", date(2026, 12, 7))


@pytest.mark.usefixtures("db", "clock")
def test_a_file_of_somebody_else_is_left_alone(run: Run, file: Path) -> None:
    run("log bridge")
    file.write_bytes(b"BEGIN:VCALENDAR\r\nPRODID:theirs\r\n")
    said = run(f"remind calendar {file}")
    assert (said.out, said.code) == ("", 2)
    assert file.read_bytes() == b"BEGIN:VCALENDAR\r\nPRODID:theirs\r\n"
    assert run(f"remind calendar {file.parent / 'no' / 'such' / 'folder.ics'}").code == 74


@pytest.mark.usefixtures("db", "clock")
def test_a_name_with_line_breaks_stays_within_its_line(run: Run, file: Path, db: Path) -> None:
    run("log bridge")
    run("add odd")
    run("plan set odd 1x5")
    with sqlite3.connect(db) as connection:
        connection.execute("UPDATE exercise SET name = 'x' || char(13) || char(10) || 'ATTACH:file'")
    connection.close()
    run(f"remind calendar {file}")
    assert not any(line.startswith(b"ATTACH") for line in file.read_bytes().splitlines())
