"""The reminder as functions: what is open, what would run it, and the calendar that takes its place."""

import os
import stat
import sys
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from icalendar import Calendar

from conftest import NOW
from kneetrack.app import log as app_log
from kneetrack.app import pauses, reminders
from kneetrack.app.results.reminders import Risks
from kneetrack.app.session_input import Options
from kneetrack.app.workspace import Diary, Place, Workspace
from kneetrack.domain.catalogue import Exercise
from kneetrack.domain.dose import Dose
from kneetrack.domain.errors import (
    DayError,
    MissingProgramError,
    NoDiaryError,
    NothingToDoError,
    OlderDiaryError,
    UnsafeWordsError,
    WrongUseError,
)
from kneetrack.domain.installed import Job, Problem, Report, Run
from kneetrack.domain.settings import WhenThen
from kneetrack.reminder import check, crontab, notify, program, stamp, systemd

TODAY = NOW.date()
OLDER = Path(__file__).parents[1] / "data" / "schema-0002.db"
HERE = ("/opt/kneetrack",)


def at(path: Path, later: timedelta = timedelta(), *, named: bool = True) -> Workspace:
    """Return the workspace of a diary at a path, some time later."""
    return Workspace(Place(path, named=named), NOW + later)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Name a diary that is not there yet."""
    return tmp_path / "diary.db"


@pytest.fixture
def workspace(path: Path) -> Workspace:
    """Return the workspace of a diary with bridges done today, and clamshells to do."""
    found = at(path)
    app_log.log(found, ["bridge", "3x10"], Options())
    return found


# What is open


def test_open_is_what_was_not_begun_today(workspace: Workspace) -> None:
    found = reminders.open_today(workspace)

    assert (found.exercises, found.minutes, found.sore) == (("clamshell",), 10, None)
    assert found.before.streak().current == 1


def test_nothing_is_open_when_all_was_begun_or_excused(workspace: Workspace) -> None:
    pauses.skip(workspace, reason="pain")

    assert reminders.open_today(workspace).exercises == ()


@pytest.mark.parametrize(("days", "pain", "sore"), [(0, 7, True), (1, 7, True), (2, 9, False), (1, 5, False)])
def test_a_strong_pain_of_today_or_yesterday_is_told_with_its_day(
    path: Path, days: int, pain: int, *, sore: bool
) -> None:
    app_log.log(at(path, -timedelta(days)), ["bridge"], Options(pain=pain))
    found = reminders.open_today(at(path))

    assert found.sore == ((pain, TODAY - timedelta(days)) if sore else None)


def test_without_words_nothing_is_read_but_this_week(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_diary: Diary) -> None:
        raise AssertionError

    monkeypatch.setattr(Diary, "recent", refuse)

    assert reminders.open_today(workspace, in_words=False).exercises == ("clamshell",)


def test_no_diary_at_the_usual_place_has_nothing_open_and_one_that_was_named_is_missed(path: Path) -> None:
    assert reminders.open_today(at(path, named=False)).exercises == ()
    with pytest.raises(NoDiaryError):
        reminders.open_today(at(path))
    assert not path.exists()


def test_an_older_diary_is_not_upgraded_to_be_looked_at(path: Path) -> None:
    path.write_bytes(OLDER.read_bytes())
    with pytest.raises(OlderDiaryError):
        reminders.open_today(at(path))
    assert path.read_bytes() == OLDER.read_bytes()


def test_a_run_is_kept_for_its_diary(workspace: Workspace, path: Path) -> None:
    reminders.note_run(workspace, reminders.open_today(workspace))

    assert stamp.read(path) == Run(NOW, 1)
    (kept,) = stamp.folder().iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


# What is asked for


def test_times_are_sorted_each_once_and_six_in_the_evening_unless_said() -> None:
    assert reminders.read_times(["18:00", "9:00", "18:00"]) == (time(9), time(18))
    assert reminders.read_times([]) == (time(18),)
    with pytest.raises(DayError):
        reminders.read_times(["25:00"])


def test_a_wish_is_for_cron_unless_said_and_for_nothing_else() -> None:
    assert reminders.read_wish([], None).via == "cron"
    assert reminders.read_wish(["7:00"], "systemd", notify=True) == ((time(7),), "systemd", True)
    with pytest.raises(WrongUseError, match="cron, systemd, print"):
        reminders.read_wish([], "launchd")


# Installing


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Job | None]]:
    """Stand for what installs reminders on this computer; returns what was asked of it."""
    asked: list[tuple[str, Job | None]] = []
    for way, room in (("cron", crontab), ("systemd", systemd)):

        def install(job: Job, now: datetime, *, way: str = way) -> bool:
            assert now == NOW
            asked.append((way, job))
            return True

        def uninstall(*, way: str = way) -> bool:
            asked.append((f"not {way}", None))
            return way == "systemd"

        monkeypatch.setattr(room, "install", install)
        monkeypatch.setattr(room, "uninstall", uninstall)
    monkeypatch.setattr(program, "find", lambda _called, _python: HERE)
    monkeypatch.setattr(crontab, "mail_to", lambda: None)
    monkeypatch.setattr(crontab, "mailer", lambda: "/usr/sbin/sendmail")
    monkeypatch.setattr(notify, "program", lambda: None)
    return asked


def test_a_reminder_by_cron_takes_the_place_of_one_by_systemd(
    workspace: Workspace, path: Path, machine: list[tuple[str, Job | None]]
) -> None:
    done = reminders.install(workspace, reminders.read_wish(["18:00"], "cron"), "kneetrack", "python")

    job = Job((*HERE, "--db", str(path), "remind"), (time(18),))
    assert machine == [("cron", job), ("not systemd", None)]
    assert (done.job, done.way, done.new, done.moved_from) == (job, "cron", True, "systemd")
    assert (done.mailer, done.sender) == ("/usr/sbin/sendmail", None)
    assert done.risks == Risks(fleeting=False, no_diary=False, at_night=False)


def test_a_reminder_by_systemd_always_notifies(workspace: Workspace, machine: list[tuple[str, Job | None]]) -> None:
    done = reminders.install(workspace, reminders.read_wish([], "systemd"), "kneetrack", "python")

    assert machine == [("systemd", done.job), ("not cron", None)]
    assert done.job.notifies
    assert done.moved_from is None


def test_what_would_be_installed_is_shown_and_nothing_is_asked_of_the_machine(
    workspace: Workspace, path: Path, machine: list[tuple[str, Job | None]]
) -> None:
    drafts = reminders.draft(workspace, reminders.read_wish(["7:30"], "print"), "kneetrack", "python")

    assert f"30 7 * * * /opt/kneetrack --db {path} remind\n" in drafts.block
    assert set(drafts.units) == {systemd.SERVICE, systemd.TIMER}
    assert "OnCalendar=*-*-* 07:30\n" in drafts.units[systemd.TIMER]
    assert machine == []


@pytest.mark.usefixtures("machine")
def test_what_may_keep_a_reminder_from_coming_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "find", lambda _called, _python: ("/tmp/kneetrack",))  # noqa: S108 - only looked at
    done = reminders.install(at(path), reminders.read_wish(["2:00"], None), "kneetrack", "python")

    assert done.risks == Risks(fleeting=True, no_diary=True, at_night=True)


@pytest.mark.usefixtures("machine")
def test_a_path_that_no_job_can_hold_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnsafeWordsError):
        reminders.draft(at(tmp_path / "a\nb.db"), reminders.read_wish([], None), "kneetrack", "python")


def test_a_program_that_is_nowhere_or_does_not_run_by_itself_is_no_job(tmp_path: Path) -> None:
    broken = tmp_path / "kneetrack"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    for called, words in (("no-such-kneetrack", "is nowhere"), (str(broken), "does not run by itself")):
        with pytest.raises(MissingProgramError, match=words):
            program.find(called, sys.executable)
    assert program.find(str(tmp_path / "__main__.py"), sys.executable) == (sys.executable, "-m", "kneetrack")


def test_uninstalling_says_where_it_was(machine: list[tuple[str, Job | None]]) -> None:
    assert reminders.uninstall() == ("systemd",)
    assert machine == [("not cron", None), ("not systemd", None)]


@pytest.mark.parametrize(("reports", "sound"), [(0, False), (1, True), (2, False)])
def test_sound_is_what_is_there_without_trouble(monkeypatch: pytest.MonkeyPatch, reports: int, *, sound: bool) -> None:
    each = [
        Report("cron", None, None, None, ()),
        Report("systemd", None, None, None, (Problem.STOPPED,)),
    ]
    monkeypatch.setattr(check, "look", lambda _now: each[:reports])

    found = reminders.look(NOW)
    assert (len(found.reports), found.sound, found.now) == (reports, sound, NOW)


# The calendar


def described(listed: Iterable[tuple[Exercise, Dose]], when: WhenThen | None) -> str:
    """Return the words for exercises in these tests."""
    return "\n".join([*([when.shown] if when else []), *(f"{exercise.id} {dose.sets}" for exercise, dose in listed)])


def test_a_calendar_has_the_plan_in_the_words_that_are_given_and_is_its_owners_alone(
    workspace: Workspace, tmp_path: Path
) -> None:
    file = tmp_path / "exercises.ics"
    reminders.write_calendar(workspace, file, ["7:30"], described)

    (event,) = Calendar.from_ical(file.read_bytes()).events
    assert event["description"] == "bridge 3\nclamshell 3"
    assert event.decoded("dtstart").time() == time(7, 30)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_calendar_of_ours_is_replaced_whole_and_what_is_not_ours_is_left_alone(
    workspace: Workspace, tmp_path: Path
) -> None:
    file, theirs = tmp_path / "exercises.ics", tmp_path / "theirs.ics"
    reminders.write_calendar(workspace, file, [], described)
    first = file.stat().st_ino
    reminders.write_calendar(workspace, file, [], described)
    assert file.stat().st_ino != first

    theirs.write_text("BEGIN:VCALENDAR")
    os.mkfifo(tmp_path / "pipe")
    for path in (theirs, tmp_path / "pipe", tmp_path):
        with pytest.raises(WrongUseError, match="no calendar of kneetrack's"):
            reminders.write_calendar(workspace, path, [], described)
    assert theirs.read_text() == "BEGIN:VCALENDAR"


def test_a_calendar_is_never_written_through_a_file_that_waits_beside_it(workspace: Workspace, tmp_path: Path) -> None:
    file, trap = tmp_path / "exercises.ics", tmp_path / "trap"
    trap.write_text("mine")
    (tmp_path / f".exercises.ics.{os.getpid()}").symlink_to(trap)
    reminders.write_calendar(workspace, file, [], described)

    assert trap.read_text() == "mine"
    assert not file.is_symlink()


def test_a_plan_without_days_to_come_makes_no_calendar(workspace: Workspace, tmp_path: Path) -> None:
    pauses.pause(workspace, None, None, None, "ill")
    with pytest.raises(NothingToDoError):
        reminders.write_calendar(workspace, tmp_path / "x.ics", [], described)
    assert not (tmp_path / "x.ics").exists()
