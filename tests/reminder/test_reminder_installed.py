"""Installing the reminder: the crontab keeps every other byte, and status tells what is wrong."""

import json
import os
import re
import shlex
import subprocess
import sys
from datetime import datetime, time, timedelta
from pathlib import Path
from textwrap import dedent

import pytest
import time_machine
from hypothesis import assume, example, given
from hypothesis import strategies as st

from conftest import NOW, PATIENCE_S, Run
from kneetrack.domain.errors import DamagedCrontabError, UnsafeWordsError
from kneetrack.domain.installed import Installed, Job
from kneetrack.domain.installed import Run as Ran
from kneetrack.domain.text import clean
from kneetrack.reminder import crontab, stamp, systemd

TIMES = st.lists(st.times(), min_size=1, max_size=3, unique_by=lambda clock: (clock.hour, clock.minute)).map(
    lambda clocks: tuple(sorted(clock.replace(second=0, microsecond=0) for clock in clocks))
)
WORDS = st.text(st.characters(codec="utf-8") | st.sampled_from("%\\'\" $`;#"), min_size=1, max_size=30).filter(
    lambda word: clean(word) == word
)
JOBS = st.builds(Job, st.tuples(WORDS.map("/".__add__), st.just("--db"), WORDS, st.just("remind")), TIMES)
MARKS = st.sampled_from((crontab.BEGIN.encode(), crontab.END.encode()))
LINES = st.binary(max_size=30).filter(lambda line: b"\n" not in line and b"kneetrack" not in line)
ENDS = st.sampled_from((b"\n", b"\r\n"))
TABLES = st.lists(st.tuples(LINES, ENDS).map(b"".join), max_size=6).map(b"".join)
JOB = Job(("/opt/kneetrack", "--db", "/home/u/diary.db", "remind"), (time(18),))


def whole(table: bytes) -> bytes:
    """Return a table with a newline at its end."""
    return table + b"\n" if table and not table.endswith(b"\n") else table


def shell_sees(line: str) -> str:
    """Return what cron gives the shell: up to the first % without a backslash before it (do_command.c of Debian's)."""
    command, seen, escaped = line.split(" ", 5)[5], "", False
    for letter in command:
        if escaped and letter == "%":
            seen = seen[:-1]
        elif letter == "%":
            return seen
        seen += letter
        escaped = letter == "\\" and not escaped
    return seen


# --- The block. ---


@given(TABLES, LINES, JOBS)
@example(b"MAILTO=x\r\n\xff\xfe\n", b"0 0 * * * last line", JOB)
def test_taking_the_block_out_gives_every_byte_back(table: bytes, last: bytes, job: Job) -> None:
    for before in (table, table + last):
        assert crontab.strip(crontab.put(before, job, NOW)) == whole(before)


@given(TABLES, JOBS, JOBS)
def test_installing_again_changes_nothing_and_another_job_takes_the_place(table: bytes, job: Job, other: Job) -> None:
    once = crontab.put(table, job, NOW)
    assert crontab.put(once, job, NOW + timedelta(3)) == once
    assert crontab.put(once, other, NOW) == crontab.put(table, other, NOW)
    assert crontab.read(crontab.put(once, other, NOW)) == Installed(other, NOW)


@given(TABLES, TABLES, JOBS)
def test_a_block_in_the_middle_stays_there(before: bytes, after: bytes, job: Job) -> None:
    middle = crontab.put(before, JOB, NOW) + after
    assert crontab.put(middle, job, NOW) == crontab.put(before, job, NOW) + after


@given(JOBS)
@example(JOB._replace(argv=("/a\\%b", "--db", "%\\\\%'\\%", "remind")))
def test_the_shell_of_a_job_sees_its_words(job: Job) -> None:
    line = crontab.line(job.times[0], job.argv)
    assert "\n" not in line
    assert tuple(shlex.split(shell_sees(line))) == job.argv
    assert line.startswith(f"{job.times[0].minute} {job.times[0].hour} * * * ")


def test_a_real_shell_sees_them_too() -> None:
    argv = ("printf", "%s|", "a b", "50%", "back\\%slash", "it's", '"', "$HOME", "`id`", "é")
    done = subprocess.run(
        ["/bin/sh", "-c", shell_sees(crontab.line(time(9), argv))], capture_output=True, check=True, timeout=PATIENCE_S
    )
    assert done.stdout.decode() == "a b|50%|back\\%slash|it's|\"|$HOME|`id`|é|"


@given(WORDS, st.sampled_from("\n\r\t\x00\x1b\x7f\x85\u202e\u2028\udcff"), WORDS)
def test_control_and_invisible_characters_are_refused(before: str, bad: str, after: str) -> None:
    argv = (*JOB.argv, before + bad + after)
    with pytest.raises(UnsafeWordsError):
        crontab.line(time(9), argv)
    with pytest.raises(UnsafeWordsError):
        systemd.units(JOB._replace(argv=argv), NOW)


def test_a_command_longer_than_cron_takes_is_refused() -> None:
    with pytest.raises(UnsafeWordsError):
        crontab.line(time(9), ("/bin/true", "x" * 990))


@given(st.lists(st.tuples(st.one_of(MARKS, LINES), ENDS).map(b"".join), max_size=6))
def test_a_damaged_block_is_refused_with_the_numbers_of_its_lines(lines: list[bytes]) -> None:
    marks = [number for number, line in enumerate(lines, 1) if b"kneetrack" in line]
    kinds = [lines[number - 1].split()[1] for number in marks]
    assume(kinds not in ([], [b"BEGIN", b"END"]))
    for change in (crontab.strip, crontab.read, lambda table: crontab.put(table, JOB, NOW)):
        with pytest.raises(DamagedCrontabError) as refused:
            change(b"".join(lines))
        assert [int(number) for number in re.findall(r"\d+", str(refused.value))] == marks


@given(TABLES)
def test_a_block_changed_by_hand_is_found_and_written_anew(table: bytes) -> None:
    changed = table + f"{crontab.BEGIN}\n*/5 9-17 * * * kneetrack remind | lpr\n{crontab.END}\n".encode()
    assert crontab.read(changed) == Installed(None, None)
    assert crontab.put(changed, JOB, NOW) == table + crontab.block(JOB, NOW).encode()


# --- The units. ---


@given(JOBS)
def test_the_units_give_the_job_back(job: Job) -> None:
    units = systemd.units(job, NOW)
    assert systemd.read(units[systemd.SERVICE], units[systemd.TIMER]) == Installed(job, NOW)
    assert "Persistent=true" in units[systemd.TIMER].splitlines()


def test_a_unit_escapes_what_systemd_would_replace() -> None:
    argv = ("/opt/50%/knee", "--db", 'a "b" \\ $HOME', "remind")
    service = systemd.units(JOB._replace(argv=argv), NOW)[systemd.SERVICE]
    assert 'ExecStart=:"/opt/50%%/knee" "--db" "a \\"b\\" \\\\ $HOME" "remind"\n' in service


# --- The command, with a crontab that is a file. ---


def script(path: Path, body: str) -> None:
    """Write a shell script."""
    path.write_text(f"#!/bin/sh\n{dedent(body)}")
    path.chmod(0o755)


@pytest.mark.usefixtures("clock")
def test_install_adds_one_block_and_again_does_not_write(run: Run, table: Path, db: Path) -> None:
    mine = b"MAILTO=me\r\n\xff \xfe\n# no last newline"
    table.write_bytes(mine)
    assert run("remind install --at 18:00 --at 9:00 --at 18:00").code == 0
    program = table.parent / "bin" / "kneetrack"
    expected = (
        f"{crontab.BEGIN}\n# installed 2026-11-25T07:41+01:00\n"
        f"0 9 * * * {program} --db {db} remind\n0 18 * * * {program} --db {db} remind\n{crontab.END}\n"
    )
    assert table.read_bytes() == mine + b"\n" + expected.encode()
    asked = Path(f"{table}.asked")
    asked.unlink()
    again = run("remind install --at 18:00 --at 9:00")
    assert "Already installed" in again.out
    assert again.code == 0
    assert "-" not in asked.read_text().split()
    assert run("remind uninstall") == ("Uninstalled: by cron.\n", "", 0)
    assert table.read_bytes() == mine + b"\n"
    assert run("remind uninstall") == ("Not installed; nothing was changed.\n", "", 0)


@pytest.mark.usefixtures("clock", "db")
def test_a_crontab_that_was_nothing_is_nothing_again(run: Run, table: Path) -> None:
    run("remind install")
    assert table.exists()
    run("remind uninstall")
    assert not table.exists()


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("name", ["a b.db", "it's.db", '"q".db', "50%.db", "back\\slash.db", "$HOME.db", "ü.db"])
def test_an_odd_path_stands_in_the_crontab_as_it_is(run: Run, table: Path, tmp_path: Path, name: str) -> None:
    assert run(f"--db {shlex.quote(str(tmp_path / name))} remind install").code == 0
    (line,) = (line for line in table.read_text().splitlines() if line.startswith("0 18"))
    assert shlex.split(shell_sees(line))[2] == str(tmp_path / name)


@pytest.mark.usefixtures("clock", "db")
@pytest.mark.parametrize(
    ("line", "code"),
    [
        pytest.param("remind install --at 25:00", 2, id="no such time"),
        pytest.param("remind install --at 18:00 --at noon", 2, id="one of several is no time"),
        pytest.param("--db $'a\nb.db' remind install", 2, id="newline"),
        pytest.param("remind install --dry-run", 0, id="dry run"),
        pytest.param("remind install --via print", 0, id="by hand"),
        pytest.param("remind install --via systemd", 69, id="no systemd"),
    ],
)
def test_what_is_refused_or_only_shown_leaves_the_crontab_alone(run: Run, table: Path, line: str, code: int) -> None:
    table.write_bytes(b"# mine\n")
    said = run(line)
    assert said.code == code
    assert table.read_bytes() == b"# mine\n"
    assert code == 0 or said.err.count("\n") == 1
    assert (crontab.BEGIN in said.out) is (code == 0)


@pytest.mark.usefixtures("clock", "db")
def test_by_hand_shows_the_crontab_the_units_and_the_login_shell(run: Run, table: Path, home: Path) -> None:
    said = run("remind install --via print --at 7:30").out
    program = table.parent / "bin" / "kneetrack"
    for part in (
        "\n30 7 * * * ",
        "OnCalendar=*-*-* 07:30\n",
        "ExecStart=:",
        f"\n{program} --db {home / 'diary.db'} remind\n",
    ):
        assert part in said


@pytest.mark.usefixtures("clock", "db")
def test_without_a_crontab_program_it_says_what_else_there_is(run: Run, table: Path) -> None:
    (table.parent / "bin" / "crontab").unlink()
    said = run("remind install")
    assert (said.out, said.code) == ("", 69)
    assert "--via systemd" in said.err
    assert "--via print" in said.err
    assert run("remind uninstall").code == 0
    assert run("remind status").code == 1


@pytest.mark.usefixtures("clock", "db")
def test_a_damaged_block_is_left_alone(run: Run, table: Path) -> None:
    table.write_bytes(f"# mine\n{crontab.END}\n".encode())
    for line in ("remind install", "remind uninstall"):
        said = run(line)
        assert (said.out, said.code) == ("", 65)
        assert "line 2" in said.err
    assert run("remind status").code == 3
    assert table.read_bytes() == f"# mine\n{crontab.END}\n".encode()


@pytest.mark.usefixtures("clock", "db")
def test_a_table_that_crontab_refuses_stays_as_it_was(run: Run, table: Path) -> None:
    table.write_bytes(b"# mine\n")
    Path(f"{table}.refuses").touch()
    said = run("remind install")
    assert (said.out, said.code) == ("", 74)
    assert "bad minute" in said.err
    assert table.read_bytes() == b"# mine\n"


@pytest.mark.usefixtures("clock", "db")
@pytest.mark.parametrize("line", ["remind install", "remind uninstall", "remind status"])
def test_a_crontab_that_does_not_answer_is_said_in_a_sentence(
    run: Run, table: Path, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crontab, "_TIMEOUT_S", 0.2)
    script(table.parent / "bin" / "crontab", "exec sleep 60")
    said = run(line)
    assert (said.out, said.code, said.err.count("\n")) == ("", 74, 1)
    assert said.err.startswith("Your crontab could not be read or written (crontab did not answer within 0.2 seconds)")


@pytest.mark.usefixtures("clock", "db")
def test_a_line_that_another_program_adds_meanwhile_is_kept(run: Run, table: Path) -> None:
    table.write_bytes(b"# mine\n")
    meanwhile = Path(f"{table}.meanwhile")
    script(meanwhile, f"[ $(cat {table}.asked | wc -l) = 2 ] && echo '# theirs' >> {table}; :")
    (table.parent / "bin" / "wc").symlink_to("/usr/bin/wc")
    assert run("remind install").code == 0
    assert table.read_bytes().startswith(b"# mine\n# theirs\n# BEGIN kneetrack")


@pytest.mark.usefixtures("clock", "db")
def test_a_table_that_takes_our_place_is_written_anew(run: Run, table: Path) -> None:
    meanwhile = Path(f"{table}.meanwhile")
    script(meanwhile, f"[ $(cat {table}.asked | wc -l) = 4 ] && echo '# theirs' > {table}; :")
    (table.parent / "bin" / "wc").symlink_to("/usr/bin/wc")
    assert run("remind install").code == 0
    assert table.read_bytes().startswith(b"# theirs\n# BEGIN kneetrack")


@pytest.mark.usefixtures("clock", "db")
def test_a_crontab_that_never_stands_still_is_given_up(run: Run, table: Path) -> None:
    script(Path(f"{table}.meanwhile"), f"echo '# theirs' >> {table}")
    said = run("remind install")
    assert (said.out, said.code) == ("", 75)
    assert b"kneetrack" not in table.read_bytes()


def test_twenty_at_once_leave_one_block_and_all_other_lines(table: Path, home: Path) -> None:
    table.write_bytes(b"# one\n\xff two\n0 0 * * * three\n")
    install = dedent("""
        import os, sys
        from datetime import datetime, time, timezone
        from kneetrack.domain.installed import Job
        from kneetrack.reminder import crontab
        children = []
        for minute in range(20):
            if not (child := os.fork()):
                try:
                    crontab.install(Job(("/opt/kneetrack", "remind"), (time(9, minute),)), datetime.now(timezone.utc))
                except BaseException:
                    os._exit(1)
                os._exit(0)
            children.append(child)
        sys.exit(sum(os.waitpid(child, 0)[1] for child in children))
    """)
    env = {**os.environ, "HOME": str(home)}
    assert subprocess.run([sys.executable, "-c", install], env=env, check=False, timeout=PATIENCE_S).returncode == 0
    left = table.read_bytes()
    assert left.startswith(b"# one\n\xff two\n0 0 * * * three\n# BEGIN kneetrack")
    assert left.count(b"# BEGIN") == left.count(b"# END") == left.count(b"/opt/kneetrack") == 1


# --- Where prints go. ---


@pytest.mark.usefixtures("clock", "db", "table")
def test_without_a_mail_program_install_offers_notifications(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "no mail program here; add --notify" in run("remind install").out
    monkeypatch.setattr("kneetrack.reminder.crontab.mailer", lambda: "/usr/sbin/sendmail")
    assert "by mail to you, on this computer (/usr/sbin/sendmail)" in run("remind install").out


@pytest.mark.usefixtures("clock", "db")
def test_the_mailto_that_stands_before_the_block_holds(run: Run, table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kneetrack.reminder.crontab.mailer", lambda: "/usr/sbin/sendmail")
    table.write_bytes(b"MAILTO=a@b.example\n")
    assert "by mail to a@b.example" in run("remind install").out
    table.write_bytes(b'MAILTO=""\n')
    assert "MAILTO is empty in your crontab; add --notify" in run("remind install").out
    table.write_bytes(table.read_bytes() + b"MAILTO=later@b.example\n")
    assert "MAILTO is empty" in run("remind install").out


@pytest.mark.usefixtures("clock", "db", "table")
def test_a_program_that_cannot_run_as_cron_runs_it_is_refused(run: Run, table: Path) -> None:
    script(table.parent / "bin" / "kneetrack", '[ "$PATH" != /usr/bin:/bin ]')
    said = run("remind install")
    assert (said.out, said.code) == ("", 69)
    assert not table.exists()


@pytest.mark.usefixtures("clock", "db", "table")
def test_what_may_keep_a_reminder_from_coming_is_said(run: Run) -> None:
    notes = run("remind install --at 02:30").err
    for part in ("temporary folder", "there is no diary", "the night the clocks go forward"):
        assert part in notes


# --- Status. ---


@pytest.fixture
def installed(run: Run, table: Path, db: Path, clock: time_machine.Traveller) -> Path:
    """Install a reminder for 18:00 of a diary that is there; returns the crontab."""
    clock.move_to(NOW)
    run("log bridge")
    run("remind install")
    assert db.exists()
    return table


@pytest.mark.usefixtures("table", "db")
def test_status_of_nothing(run: Run) -> None:
    said = run("remind status")
    assert (said.code, said.err) == (1, "")
    assert "kneetrack remind install" in said.out
    assert json.loads(run("remind status --json").out) == {"schema": 1, "installed": []}


@pytest.mark.usefixtures("installed")
def test_before_its_first_time_a_reminder_is_sound(run: Run, clock: time_machine.Traveller) -> None:
    for later, following in ((timedelta(0), "Wed 25 Nov"), (timedelta(hours=10, minutes=20), "Thu 26 Nov")):
        clock.move_to(NOW + later)
        said = run("remind status")
        assert said.code == 0
        assert f"next     {following} 18:00" in said.out


@pytest.mark.usefixtures("installed")
def test_installed_three_days_ago_and_never_ran_asks_whether_cron_is_running(
    run: Run, clock: time_machine.Traveller
) -> None:
    clock.move_to(NOW + timedelta(3))
    said = run("remind status")
    assert said.code == 3
    assert "Installed 3 days ago, never ran: is cron running?" in said.out


@pytest.mark.usefixtures("installed")
def test_a_run_from_before_it_was_installed_does_not_count(run: Run, db: Path, clock: time_machine.Traveller) -> None:
    stamp.write(db, Ran(NOW - timedelta(1), 1))
    clock.move_to(NOW + timedelta(3))
    assert "never ran: is cron running?" in run("remind status").out


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(("count", "words"), [(0, "nothing to say"), (2, "2 exercises open")])
def test_status_says_when_it_last_ran_and_whether_it_had_something_to_say(
    run: Run, db: Path, clock: time_machine.Traveller, count: int, words: str
) -> None:
    clock.move_to(NOW + timedelta(2))
    stamp.write(db, Ran(datetime(2026, 11, 26, 18, 0, tzinfo=NOW.tzinfo), count))
    said = run("remind status")
    assert said.code == 0
    assert f"last     Thu 26 Nov 18:00, {words}" in said.out
    (report,) = json.loads(run("remind status --json").out)["installed"]
    assert (report["via"], report["last_open"], report["ok"], report["problems"]) == ("cron", count, True, [])


@pytest.mark.usefixtures("installed")
def test_a_run_of_long_ago_is_asked_about(run: Run, db: Path, clock: time_machine.Traveller) -> None:
    clock.move_to(NOW + timedelta(9))
    stamp.write(db, Ran(NOW + timedelta(5), 1))
    said = run("remind status")
    assert said.code == 3
    assert "Last ran 4 days ago: was the computer off, or is cron running?" in said.out


@pytest.mark.parametrize("gone", ["program", "diary"])
def test_a_program_or_a_diary_that_is_gone_is_told(run: Run, installed: Path, db: Path, gone: str) -> None:
    (db if gone == "diary" else installed.parent / "bin" / "kneetrack").unlink()
    said = run("remind status")
    assert said.code == 3
    assert f"The {gone} is gone" in said.out


def test_a_block_changed_by_hand_is_told(run: Run, installed: Path) -> None:
    installed.write_text(installed.read_text().replace("0 18 *", "*/5 18 *"))
    said = run("remind status")
    assert said.code == 3
    assert "changed by hand" in said.out


# --- Calendar. ---


def test_without_its_library_the_calendar_says_how_to_install_it(
    run: Run, db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "icalendar", None)
    monkeypatch.delitem(sys.modules, "kneetrack.exchange.calendar", raising=False)
    monkeypatch.delattr("kneetrack.exchange.calendar", raising=False)
    said = run(f"--db {db} remind calendar {tmp_path / 'x.ics'}")
    assert (said.out, said.code) == ("", 69)
    assert "kneetrack[calendar]" in said.err
