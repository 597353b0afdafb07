"""Export and import at the command line: files, pipes, answers, and what is not written over."""

import csv
import io
import json
import os
import re
import shlex
import signal
import stat
import subprocess
import sys
import tempfile
import time as time_module
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import time_machine

from commands import connection, rows
from conftest import PATIENCE_S, Run, sessions
from kneetrack.cli import console
from kneetrack.domain.errors import StorageError
from kneetrack.domain.text import clean
from kneetrack.exchange.form import FORMAT
from kneetrack.store import merge

pytestmark = pytest.mark.usefixtures("clock")

FORMULAS = ("=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠A1", "=cmd|' /C calc'!A0")


def _first(text: str) -> str:
    return text.splitlines()[0]


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """Name a second diary, not yet there."""
    return tmp_path / "other.db"


# Export


def test_export_prints_everything_as_one_json_document_in_ascii(diary: Path, run: Run) -> None:
    run("log bridge 15,12 --note 'ä 💪' --pain 2")
    run("add wall-push --per-side")
    run("settings day_start 04:00")
    run("skip clamshell --reason travel")
    run("undo")
    result = run("export")
    assert (result.code, result.err, result.out.isascii()) == (0, "", True)
    found = json.loads(result.out)
    assert list(found) == [
        "kneetrack",
        "changes",
        "sessions",
        "prescriptions",
        "pauses",
        "exercises",
        "settings",
        "pains",
        "scores",
        "rules",
        "tombstones",
        "digest",
    ]
    assert [len(found[name]) for name in list(found)[1:-1]] == [6, 2, 2, 2, 1, 1, 0, 0, 0, 0]
    assert [change["command"] for change in found["changes"]][-2:] == [
        "skip clamshell",
        "undo skip clamshell",
    ]
    assert found["changes"][-1]["undoes"] == found["changes"][-2]["uid"]
    assert found["sessions"][0] | {"uid": "", "change": ""} == {
        "uid": "", "change": "", "created_at": "2026-11-25T06:41:00.000001Z", "removed": False, "exercise": "bridge",
        "day": "2026-11-25", "at": "2026-11-25T06:41:00.000000Z", "utc_offset_min": 60, "side": None, "sets": 1,
        "reps": found["sessions"][0]["reps"], "hold_s": None, "load": None, "pain": 2, "effort": None, "note": "ä 💪",
    }  # fmt: skip
    assert diary.exists()


def test_the_digest_is_the_sha256_of_the_lists_names_and_records(diary: Path, run: Run) -> None:
    run("log bridge 15")
    words = run("export").out
    digest, name = sha256(), ""
    for line in words.splitlines():
        heading = re.search(r'"([a-z]+)": \[$', line)
        if heading:
            name = heading[1]
        elif line.startswith("{"):
            digest.update(f"{name} {line.removesuffix(',')}\n".encode())
    assert json.loads(words)["digest"] == digest.hexdigest()
    assert diary.exists()


def test_export_writes_a_file_for_its_owner_alone_and_says_so(diary: Path, run: Run) -> None:
    run("log bridge 15")
    before = os.umask(0)
    try:
        result = run(f"export {diary.parent}/diary.json")
    finally:
        os.umask(before)
    path = diary.parent / "diary.json"
    assert result.out == f"Written: {path}, 2 kB. It holds what you noted about your health.\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text() == run("export").out
    assert sorted(found.name for found in diary.parent.iterdir()) == ["backups", "diary.db", "diary.json"]


@pytest.mark.parametrize(("name", "options", "start"), [
    ("a.json", "", f'{{"kneetrack": {FORMAT},'), ("a.csv", "", "uid,day,"), ("a.CSV", "", "uid,day,"),
    ("a", "", f'{{"kneetrack": {FORMAT},'),
    ("a.csv", "--format json", f'{{"kneetrack": {FORMAT},'), ("a.json", "--format csv", "uid,day,"),
])  # fmt: skip
def test_the_end_of_a_name_says_the_format_unless_told_otherwise(
    diary: Path, run: Run, name: str, options: str, start: str
) -> None:
    path = diary.with_name(name)
    assert run(f"export {path} {options}").code == 0
    assert path.read_text().startswith(start)


def test_pain_and_scores_go_to_a_spreadsheet_and_no_cell_becomes_a_formula(diary: Path, run: Run) -> None:
    del diary
    for line in (
        "pain 2 --note '=1+1' --side left",
        "pain --note fine -d -1",
        "score psfs '@stairs' 4",
        "score akps 60.5",
    ):
        assert run(line).code == 0
    cells = [row[1:-1] for row in csv.reader(io.StringIO(run("export --format csv --of pain").out))]
    assert cells == [
        ["day", "moment", "at", "side", "pain", "note"],
        ["2026-11-24", "", "", "", "", "fine"],
        ["2026-11-25", "morning", "2026-11-25T07:41:00+01:00", "left", "2", "'=1+1"],
    ]
    cells = [row[1:-1] for row in csv.reader(io.StringIO(run("export --format csv --of scores").out))]
    assert cells == [
        ["day", "measure", "activity", "value"],
        ["2026-11-25", "psfs", "'@stairs", "4.0"],
        ["2026-11-25", "akps", "", "60.5"],
    ]


@pytest.mark.parametrize(
    ("line", "words"),
    [("export --of pain", "JSON holds everything"), ("export a.csv --of knees", "--of takes sessions")],
)
def test_a_kind_goes_with_csv_and_is_one_of_three(diary: Path, run: Run, line: str, words: str) -> None:
    del diary
    result = run(line)
    assert (result.code, result.out) == (2, "")
    assert words in result.err


def test_a_name_whose_end_says_nothing_needs_a_format(diary: Path, run: Run) -> None:
    result = run(f"export {diary.parent}/page.pdf")
    assert (result.code, result.out) == (2, "")
    assert "--format" in result.err
    assert not diary.with_name("page.pdf").exists()
    assert run(f"export {diary.parent}/page.pdf --format csv").code == 0


def test_an_import_says_what_it_changes_of_the_program_and_the_settings(
    diary: Path, other: Path, run: Run, clock: time_machine.Traveller
) -> None:
    run("plan set bridge 3x12 --per-week 3")
    run(f"export {diary.parent}/diary.json")
    run(f"import {diary.parent}/diary.json --db {other}")
    clock.shift(60)
    for line in ("plan set bridge 2x5 --daily", "plan drop clamshell", "settings pain_limit 3"):
        run(f"{line} --db {other}")
    run(f"export {diary.parent}/theirs.json --db {other}")
    clock.shift(60)
    assert run(f"import {diary.parent}/theirs.json").out.splitlines()[-3:] == [
        "  Bridge is now 2×5, daily (was 3×12, 3 a week)",
        "  Clamshell is now not set (was 3×10 each side, daily)",
        "  pain_limit is now 3 (was 5)",
    ]


def test_a_file_that_is_there_is_replaced_only_with_force(diary: Path, run: Run) -> None:
    path = diary.with_name("diary.json")
    path.write_text("mine")
    result = run(f"export {path}")
    assert (result.code, result.out, path.read_text()) == (2, "", "mine")
    assert "is there already; choose another name, or replace it with --force." in result.err
    assert run(f"export {path} --force").code == 0
    assert json.loads(path.read_text())["kneetrack"] == FORMAT


@pytest.mark.parametrize("force", ["", "--force"])
def test_the_diary_itself_is_never_replaced_by_an_export(diary: Path, run: Run, force: str) -> None:
    link, kept = diary.with_name("link"), diary.read_bytes()
    link.symlink_to(diary)
    os.link(diary, diary.with_name("hard"))
    for name in ("diary.db", "link", "hard"):
        result = run(f"export {diary.with_name(name)} --format json {force}")
        assert (result.code, diary.read_bytes()) == (2, kept)
        assert "is the diary itself" in result.err


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_what_is_no_ordinary_file_is_not_written_over(diary: Path, run: Run, make: Callable[[Path], object]) -> None:
    path = diary.with_name("target")
    make(path)
    result = run(f"export {path} --force")
    assert result.code == 2
    assert "is not an ordinary file" in result.err
    assert not path.is_file()


def test_an_export_follows_a_link_to_the_file_that_it_replaces(diary: Path, run: Run) -> None:
    link, target = diary.with_name("link.json"), diary.with_name("target.json")
    target.write_text("old")
    link.symlink_to(target)
    assert run(f"export {link} --force").code == 0
    assert link.is_symlink()
    assert json.loads(target.read_text())["kneetrack"] == FORMAT


def test_an_export_into_a_missing_folder_is_said(diary: Path, run: Run) -> None:
    result = run(f"export {diary.parent}/missing/diary.json")
    assert (result.code, result.err.count("\n")) == (66, 1)


def test_there_is_nothing_to_export_without_a_diary(db: Path, run: Run) -> None:
    result = run(f"export {db.parent}/diary.json")
    assert (result.code, list(db.parent.iterdir())) == (66, [])


@pytest.mark.parametrize(
    "line", ["export --format jrnl", "export --format json --from mon", "export a.csv --until mon"]
)
def test_an_export_that_cannot_be_is_refused(diary: Path, run: Run, line: str) -> None:
    result = run(line)
    assert (result.code, result.out, result.err.count("\n")) == (2, "", 1)
    assert diary.exists()


# CSV


def test_csv_has_one_row_for_each_session_that_is_shown(diary: Path, run: Run) -> None:
    run("log bridge 3x15 clamshell 2x12 --note 'a, \"b\"'")
    run("log side-plank 30s -d yesterday")
    run("log bridge 1")
    run("rm last")
    run("edit last --effort 7")
    result = run("export --format csv")
    found = list(csv.DictReader(io.StringIO(result.out, newline="")))
    assert [(row["day"], row["exercise"], row["side"], row["sets"], row["reps"], row["hold_s"]) for row in found] == [
        ("2026-11-24", "side_plank", "both", "1", "", "30"),
        *sorted([("2026-11-25", "bridge", "", "3", "15", ""), ("2026-11-25", "clamshell", "both", "2", "12", "")],
                key=lambda row: next(each["uid"] for each in found if each["exercise"] == row[1])),
    ]  # fmt: skip
    assert found[0]["at"] == ""
    assert found[1]["at"] == "2026-11-25T07:41:00+01:00"
    assert {row["note"] for row in found[1:]} == {'a, "b"'}
    assert result.out.count("\r\n") == result.out.count("\n") == 4
    assert diary.exists()


@pytest.mark.parametrize("words", [*FORMULAS, "'=1", "''-1", "'", "plain", "it's", "a=b", " =1"])
def test_no_text_becomes_a_formula_and_import_gives_it_back(diary: Path, other: Path, run: Run, words: str) -> None:
    run(f"log bridge 15 --load {shlex.quote(f'{words}!')} --note {shlex.quote(words)}")
    path = diary.with_name("diary.csv")
    run(f"export {path}")
    (row,) = csv.DictReader(path.read_text("utf-8").splitlines())
    for cell in (row["note"], row["load"]):
        assert cell[0] not in "=+-@\t\r\n＝＋－＠"
    assert run(f"import {path}").out.startswith("Nothing new in diary.csv")
    assert run(f"import {path} --db {other}").code == 0
    (found,) = json.loads(run(f"history --json --db {other}").out)["sessions"]
    assert found["note"] == clean(words)


def test_a_control_character_of_a_note_stands_written_out_in_csv(diary: Path, run: Run) -> None:
    run("log bridge 15")
    with_escape = "a\x1b[2Jb\u202ec"
    run(f"edit last --note {shlex.quote(with_escape)}")
    assert r"a\x1b[2Jb\u202ec" in run("export --format csv").out
    assert diary.exists()


def test_a_row_that_was_changed_in_a_spreadsheet_changes_its_session(diary: Path, run: Run) -> None:
    run("log bridge 15 --note before")
    path = diary.with_name("diary.csv")
    run(f"export {path}")
    path.write_text(path.read_text().replace("before", "after"))
    assert _first(run(f"import {path}").out) == "Imported: 1 changed session"
    assert [item["note"] for item in sessions(run)] == ["after"]
    run("undo")
    assert [item["note"] for item in sessions(run)] == ["before"]


def test_an_older_csv_does_not_take_back_a_later_edit_or_removal(diary: Path, run: Run) -> None:
    run("log bridge 15 --note first")
    run("log clamshell 15")
    path = diary.with_name("diary.csv")
    run(f"export {path}")
    run("rm last")
    run("edit last --note second")
    before = sessions(run)
    result = run(f"import {path}")
    assert result.out.splitlines() == [
        "Nothing new in diary.csv, so nothing was written.",
        "  2 lines are older than what your diary has now, so your diary keeps its own",
    ]
    assert sessions(run) == before


def test_a_note_of_several_lines_stays_when_its_row_is_changed_in_a_spreadsheet(diary: Path, run: Run) -> None:
    run("log bridge 15 --note 'two\nlines'")
    path = diary.with_name("diary.csv")
    run(f"export {path}")
    path.write_text(path.read_text().replace(",1,15,", ",1,9,"))
    assert run(f"import {path}").code == 0
    assert [(item["reps"], item["note"]) for item in sessions(run)] == [(9, "two\nlines")]


def test_when_a_record_was_first_written_is_not_for_a_spreadsheet_to_say(diary: Path, run: Run) -> None:
    run("log bridge 15")
    path = diary.with_name("diary.csv")
    run(f"export {path}")
    words = (
        path.read_text()
        .replace(",1,15,", ",1,9,")
        .replace("2026-11-25T06:41:00.000001Z", "2020-01-01T00:00:00.000000Z")
    )
    path.write_text(words)
    assert run(f"import {path}").code == 0
    assert rows(diary, "SELECT DISTINCT created_at FROM session") == [("2026-11-25 06:41:00.000001",)]


@pytest.mark.parametrize("words", [
    "sep=;\nday;exercise;reps\n2026-11-20;bridge;15\n",
    "day\texercise\treps\n2026-11-20\tbridge\t15\n",
    "day,exercise,reps,,\n2026-11-20,bridge,15,,\n",
    "day,exercise,reps\n2026-11-20,bridge,15.0,,,\n",
    "day;exercise;reps\n2026-11-20;bridge;15,00\n",
])  # fmt: skip
def test_what_spreadsheets_make_of_a_file_comes_in(diary: Path, run: Run, words: str) -> None:
    path = diary.with_name("mine.csv")
    path.write_text(words)
    assert run(f"import {path}").code == 0
    assert [(item["day"], item["exercise"], item["reps"]) for item in sessions(run)] == [("2026-11-20", "bridge", 15)]


def test_a_csv_of_ones_own_needs_a_day_and_an_exercise_alone(diary: Path, run: Run) -> None:
    path = diary.with_name("mine.csv")
    path.write_text(
        "\ufeffExercise;Day;Reps;At;Pain\r\nClamshells;2026-11-20;12;07:30;\r\nglute-bridge;2026-11-21;15;;3\r\n"
        "glute-bridge;2026-11-21;15;;3\r\n;;;;\r\n",
        "utf-8",
        newline="",
    )
    assert _first(run(f"import {path}").out).startswith("Imported: 3 new sessions")
    found = sessions(run)
    assert [
        (item["exercise"], item["day"], item["at"], item["side"], item["reps"], item["pain"]) for item in found
    ] == [
        ("clamshell", "2026-11-20", "2026-11-20T07:30:00+01:00", "both", 12, None),
        ("bridge", "2026-11-21", None, None, 15, 3),
        ("bridge", "2026-11-21", None, None, 15, 3),
    ]
    assert run(f"import {path}").out.startswith("Nothing new in mine.csv")


def test_rows_of_one_day_are_sessions_of_their_own(diary: Path, run: Run) -> None:
    path = diary.with_name("mine.csv")
    path.write_text(
        "day,at,exercise,reps,note\n2026-11-20,07:30:00,bridge,10,morning\n2026-11-20,19:00,bridge,8,evening\n"
        "2026-11-20,,bridge,7,\n2026-11-20,,bridge,7,\n"
    )
    assert run(f"import {path}").code == 0
    run("edit last --note 'only the last'")
    assert sorted(item["note"] or "" for item in sessions(run)) == ["", "evening", "morning", "only the last"]
    run("purge last --yes")
    assert sorted(item["note"] or "" for item in sessions(run)) == ["", "evening", "morning"]


def test_a_clock_time_that_the_spring_change_skips_is_refused_by_its_line(diary: Path, run: Run) -> None:
    path = diary.with_name("mine.csv")
    path.write_text("day,at,exercise\n2026-03-29,02:30,bridge\n")
    result = run(f"import {path}")
    assert (result.code, result.err.splitlines()[0][:7]) == (65, "line 2:")


def test_a_clock_time_before_the_day_begins_is_on_the_next_date(diary: Path, run: Run) -> None:
    run("settings day_start 04:00")
    path = diary.with_name("mine.csv")
    path.write_text("day,at,exercise\n2026-11-20,01:30,bridge\n2026-11-20,04:00,bridge\n")
    assert run(f"import {path}").code == 0
    assert {(item["day"], item["at"][:16]) for item in sessions(run)} == {
        ("2026-11-20", "2026-11-21T01:30"),
        ("2026-11-20", "2026-11-20T04:00"),
    }


def test_the_same_rows_are_the_same_in_every_time_zone(diary: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    path = diary.with_name("mine.csv")
    path.write_text("day,at,exercise\n2026-11-20,07:30,bridge\n")
    run(f"import {path}")
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("TZ", "America/New_York")
        time_module.tzset()
        assert run(f"import {path}").code == 0
    time_module.tzset()
    assert len(sessions(run)) == 1


def test_a_side_of_an_exercise_without_sides_is_refused(diary: Path, run: Run) -> None:
    path = diary.with_name("mine.csv")
    path.write_text("day,exercise,side\n2026-11-20,bridge,left\n")
    result = run(f"import {path}")
    assert (result.code, result.err.splitlines()[0]) == (
        65,
        "line 2: side must be empty: the exercise is not done per side",
    )


def test_a_long_note_of_many_lines_comes_back_in_ones_own_csv(diary: Path, run: Run) -> None:
    note = "x\n" * 999
    run(f"log bridge 15 --note {shlex.quote(note)}")
    path = diary.with_name("diary.csv")
    run(f"export {path}")
    path.write_text(path.read_text().replace(",1,15,", ",1,9,"))
    assert run(f"import {path}").code == 0
    assert [(item["reps"], item["note"]) for item in sessions(run)] == [(9, note)]


def test_purge_reaches_what_an_undone_import_brought(diary: Path, other: Path, run: Run) -> None:
    run("log bridge 15 --note secret")
    (session,) = sessions(run)
    run(f"export {diary.parent}/diary.json")
    run(f"import {diary.parent}/diary.json --db {other}")
    run(f"undo --db {other}")
    assert run(f"purge {session['id']} --yes --db {other}").code == 0
    assert rows(other, "SELECT count(*) FROM session") == [(0,)]


def test_names_of_a_csv_are_mapped_or_refused_with_their_lines(diary: Path, run: Run) -> None:
    path = diary.with_name("mine.csv")
    path.write_text("day,exercise\n2026-11-20,Hips\n2026-11-21,bri\n2026-11-22,bridge\n")
    result = run(f"import {path}")
    assert result.code == 65
    assert result.err.splitlines() == [
        "line 2: there is no exercise “Hips”; add --map 'Hips=NAME'",
        "line 3: there is no exercise “bri”; add --map 'bri=NAME'",
        "2 lines cannot be read, so nothing was imported: correct them, then import the file again.",
    ]
    assert sessions(run) == []
    assert run(f"import {path} --map hips=clam --map bri=bridge").code == 0
    assert [item["exercise"] for item in sessions(run)] == ["clamshell", "bridge", "bridge"]


def test_an_exercise_of_ones_own_that_is_gone_can_still_be_imported(diary: Path, run: Run) -> None:
    run("add wall-push")
    run("log wall-push 3x10")
    path = diary.with_name("diary.csv")
    run(f"export {path}")
    run("undo")
    run("undo")
    assert run(f"import {path}").code == 65
    run("redo")
    assert run(f"import {path}").code == 0


# Import


def test_the_first_import_makes_the_diary_without_the_example_program(
    diary: Path, other: Path, run: Run, clock: time_machine.Traveller
) -> None:
    run("plan drop bridge clamshell")
    run("plan set side-plank 3x30s")
    run("log side-plank")
    path = diary.with_name("diary.json")
    run(f"export {path}")
    clock.shift(60)
    result = run(f"import {path} --db {other}")
    assert result.out.splitlines()[:2] == [
        f"New diary: {other}",
        "Imported: 1 new session; 5 new plan entries",
    ]
    assert [item["exercise"] for item in json.loads(run(f"plan --json --db {other}").out)["plan"]] == ["side_plank"]
    assert run(f"export --db {other}").out == path.read_text()


def test_a_file_that_cannot_come_in_makes_no_diary(db: Path, run: Run) -> None:
    path = db.with_name("bad.csv")
    path.write_text("day,exercise\n2026-11-20,nothing\n")
    for line in (f"import {path}", f"import {path} --dry-run", f"import {db}.missing"):
        assert run(line).code in {65, 66}
    assert [found.name for found in db.parent.iterdir()] == ["bad.csv"]


def test_a_dry_run_says_what_is_new_changed_unchanged_and_refused_and_writes_nothing(diary: Path, run: Run) -> None:
    run("log bridge 15 --note a")
    run("log clamshell 15 --note b")
    path = diary.with_name("diary.csv")
    run(f"export {path}")
    path.write_text(
        f"{path.read_text().replace(',b,', ',c,')},2026-11-20,,bridge,,,,,,,,,\n,2026-13-20,,bridge,,,,,,11,,,\n"
    )
    kept = diary.read_bytes()
    result = run(f"import {path} --dry-run")
    assert result.out.splitlines() == [
        "diary.csv would bring this; nothing was written:",
        "  sessions  1 new · 1 changed · 1 unchanged",
        "  refused: 1 line, with the reasons on standard error",
    ]
    assert result.err.splitlines() == [
        "line 5: day must be a day such as 2026-11-25; in a spreadsheet give that column the format YYYY-MM-DD",
        "1 line cannot be read, so nothing was imported: correct it, then import the file again.",
    ]
    assert (result.code, diary.read_bytes()) == (65, kept)
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:-1]))
    assert run(f"import {path} --dry-run").code == 0
    assert diary.read_bytes() == kept


def test_importing_twice_changes_nothing(diary: Path, other: Path, run: Run) -> None:
    run("log bridge 15")
    for name in ("diary.json", "diary.csv"):
        path = diary.with_name(name)
        run(f"export {path}")
        run(f"import {path} --db {other}")
        kept = other.read_bytes()
        assert run(f"import {path} --db {other}").out == f"Nothing new in {name}, so nothing was written.\n"
        assert other.read_bytes() == kept


def test_an_import_is_one_change_and_one_undo(diary: Path, other: Path, run: Run) -> None:
    run("log bridge 15")
    run("pause --until sun")
    path = diary.with_name("diary.json")
    run(f"export {path}")
    run(f"log clamshell 15 --db {other}")
    before = run(f"export --db {other}").out
    run(f"import {path} --db {other}")
    assert run(f"undo --db {other}").out.startswith("Undone: import diary.json\n")
    assert run(f"export --db {other}").out == before
    assert run(f"redo --db {other}").out.startswith("Redone: import diary.json")


def test_a_json_that_another_program_laid_out_anew_comes_in_the_same(diary: Path, other: Path, run: Run) -> None:
    run("log bridge 15 --note 'ä'")
    words = run("export").out
    path = diary.with_name("pretty.json")
    path.write_text(json.dumps(json.loads(words), indent=2, sort_keys=True, ensure_ascii=False), "utf-8")
    assert run(f"import {path} --db {other}").code == 0
    assert run(f"export --db {other}").out == words


def test_a_json_without_its_digest_may_be_edited_by_hand(diary: Path, other: Path, run: Run) -> None:
    run("log bridge 15 --note before")
    found = json.loads(run("export").out)
    found["sessions"][0]["note"] = "after"
    path = diary.with_name("edited.json")
    path.write_text(json.dumps(found))
    result = run(f"import {path} --db {other}")
    assert (result.code, "its digest is another one" in result.err) == (65, True)
    del found["digest"]
    path.write_text(json.dumps(found))
    assert run(f"import {path} --db {other}").code == 0
    assert json.loads(run(f"history --json --db {other}").out)["sessions"][0]["note"] == "after"


def test_a_file_that_contradicts_the_diary_about_a_change_is_refused(diary: Path, run: Run) -> None:
    run("log bridge 15 --note before")
    found = json.loads(run("export").out)
    path = diary.with_name("edited.json")
    kept = diary.read_bytes()
    for change in ({"note": "after"}, {"created_at": "2026-01-01T00:00:00.000000Z"}):
        path.write_text(json.dumps(found | {"digest": None, "sessions": [found["sessions"][0] | change]}))
        result = run(f"import {path}")
        assert result.code == 65
        assert _first(result.err) == "record 1 of sessions: your diary says something else here of the same change"
    path.write_text(
        json.dumps(found | {"digest": None, "changes": [item | {"command": "x"} for item in found["changes"]]})
    )
    assert (
        _first(run(f"import {path}").err) == "record 1 of changes: conflicts with your diary’s version of this change"
    )
    assert diary.read_bytes() == kept


def test_a_map_that_names_nothing_in_the_file_is_refused(diary: Path, run: Run) -> None:
    path = diary.with_name("mine.csv")
    path.write_text("day,exercise\n2026-11-20,bridge\n")
    kept = diary.read_bytes()
    for given, piece in {
        "Hips=clamshell": "Nothing in the file is called “Hips”",
        "clamshell": "--map takes",
        "=x": "--map takes",
        "Hips=nothing": "There is no exercise “nothing”",
    }.items():
        result = run(f"import {path} --map {given}")
        assert (result.code, result.err.count("\n")) == (2, 1)
        assert piece in result.err
    assert diary.read_bytes() == kept


@pytest.mark.parametrize("name", ["a b.json", "100%.json", "what?.json", "a\nb.json", "ü'\".json", "-.json"])
def test_a_file_may_have_any_name(diary: Path, other: Path, run: Run, name: str) -> None:
    run("log bridge 15")
    path = shlex.quote(str(diary.with_name(name)))
    assert run(f"export {path}").code == 0
    result = run(f"import {path} --db {other}")
    assert (result.code, result.out.count("\n\n")) == (0, 0)
    assert run(f"undo --list --db {other}").out.count("\n") == 1


FORMER = Path(__file__).parents[1] / "data" / "export-1.json"


@pytest.mark.parametrize("laid_out", [str, lambda words: json.dumps(json.loads(words), indent=1, sort_keys=True)])
def test_an_export_of_format_1_comes_in_as_it_was(
    db: Path, run: Run, laid_out: Callable[[str], str], tmp_path: Path
) -> None:
    path = tmp_path / "former.json"
    path.write_text(laid_out(FORMER.read_text("ascii")), "ascii")
    assert run(f"import {path}").code == 0
    former, found = json.loads(FORMER.read_text("ascii")), json.loads(run("export").out)
    later = ("part_of", "up_s", "down_s", "rest_s")
    for name in list(former)[1:-1]:
        assert [
            {("made" if key == "created_at" else key): value for key, value in record.items() if key not in later}
            for record in found[name]
        ] == former[name]
        assert {record.get(key) for record in found[name] for key in later} <= {None}
    assert found["tombstones"] == []
    assert run(f"import {path}").out.startswith("Nothing new in")
    assert db.exists()


@pytest.mark.parametrize("change", [{"made": None}, {"made": "2026-11-25"}, {"created_at": "x"}])
def test_a_record_of_format_1_is_refused_by_the_names_of_its_keys(
    db: Path, run: Run, change: dict[str, Any], tmp_path: Path
) -> None:
    path = tmp_path / "former.json"
    found = json.loads(FORMER.read_text("ascii")) | {"digest": None}
    found["sessions"][0] |= change
    path.write_text(json.dumps(found))
    result = run(f"import {path}")
    assert (result.code, "created_at" in result.err) == (65, False)
    assert not db.exists()


def test_the_export_of_this_format_that_is_kept_for_later_comes_back_the_same(
    db: Path, run: Run, tmp_path: Path
) -> None:
    kept = FORMER.with_name(f"export-{FORMAT}.json")
    path = tmp_path / "kept.json"
    path.write_bytes(kept.read_bytes())
    assert run(f"import {path}").code == 0
    assert run("export").out == kept.read_text("ascii")
    assert db.exists()


@pytest.mark.parametrize("form", ["json", "csv"])
@pytest.mark.parametrize("flip", ["note = 'flipped'", "reps = 14", "checksum = checksum / 2"])
def test_a_version_whose_checksum_does_not_fit_is_not_exported(diary: Path, run: Run, form: str, flip: str) -> None:
    run("log bridge 15 --note written")
    (session,) = sessions(run)
    with connection(diary) as opened:
        opened.execute(f"UPDATE session SET {flip}")  # noqa: S608 - words of this test
    result = run(f"export --format {form}")
    assert (result.code, result.out, result.err.count("\n")) == (65, "", 1)
    assert f"session {session['id'][:8]}" in result.err


@pytest.mark.parametrize("form", ["json", "csv"])
def test_a_value_that_cannot_be_there_is_not_exported(diary: Path, run: Run, form: str) -> None:
    run("log bridge 15 --note written")
    with connection(diary) as opened:
        opened.execute("UPDATE session SET note = x'00ff'")
    result = run(f"export --format {form}")
    assert (result.code, result.out, result.err.count("\n")) == (65, "", 1)
    assert "note of session" in result.err


def test_what_is_imported_has_the_checksums_that_this_kneetrack_makes(diary: Path, other: Path, run: Run) -> None:
    run("log bridge 15,12 --note 'ä 💪'")
    run("edit last --pain 3")
    for name in ("diary.json", "diary.csv"):
        run(f"export {diary.with_name(name)}")
        assert run(f"import {diary.with_name(name)} --db {other}").code == 0
        assert run(f"export --db {other}").code == 0


@pytest.mark.parametrize("form", ["json", "csv"])
def test_an_export_imports_neither_sqlalchemy_nor_pydantic(diary: Path, run: Run, form: str) -> None:
    run("log bridge 15")
    code = (
        "import sys; from kneetrack.__main__ import run\ntry: run()\nfinally:\n"
        "    print({'sqlalchemy', 'sqlmodel', 'pydantic'} & {*sys.modules}, file=sys.stderr)"
    )
    words = [sys.executable, "-c", code, "export", "--format", form]
    ended = subprocess.run(words, check=True, capture_output=True, timeout=PATIENCE_S)
    assert ended.stderr == b"set()\n"
    assert diary.exists()


# Real processes


def _kneetrack(line: str, **more: object) -> "subprocess.CompletedProcess[bytes]":
    words = [sys.executable, "-m", "kneetrack", *shlex.split(line)]
    return subprocess.run(words, check=False, capture_output=True, **more, timeout=PATIENCE_S)  # type: ignore[call-overload, no-any-return]


def test_one_diary_is_piped_into_another(diary: Path, other: Path, run: Run) -> None:
    run("log bridge 15 --note 'ä 💪'")
    program = f"{shlex.quote(sys.executable)} -m kneetrack"
    line = f"{program} export | {program} --db {other} import -"
    ended = subprocess.run(["bash", "-c", line], check=True, capture_output=True, text=True, timeout=PATIENCE_S)  # noqa: S607
    assert "Imported: 1 new session; 2 new plan entries" in ended.stdout
    assert run(f"export --db {other}").out == run("export").out
    assert diary.exists()


def test_the_diary_is_free_while_a_slow_pipe_takes_an_export(diary: Path, run: Run) -> None:
    for _ in range(3):
        run(f"log bridge 15 --note {'x' * 1900}")
    for _ in range(40):
        run("log bridge 15,15,15,15,15,15,15,15,15,15")
    words = [sys.executable, "-m", "kneetrack", "export"]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as export:
        assert export.stdout
        assert export.stdout.read(1) == b"{"
        assert export.poll() is None
        assert run("log bridge 15").code == 0
        export.communicate(timeout=PATIENCE_S)
    assert diary.exists()


def test_a_closed_pipe_ends_an_export_quietly(diary: Path, run: Run) -> None:
    for _ in range(40):
        run("log bridge 15,15,15,15,15,15,15,15,15,15")
    line = f"{shlex.quote(sys.executable)} -m kneetrack export | head -c 10"
    ended = subprocess.run(["bash", "-o", "pipefail", "-c", line], check=False, capture_output=True, timeout=PATIENCE_S)  # noqa: S607
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert diary.exists()


@pytest.mark.parametrize("encoding", ["latin-1", "ascii", "utf-16"])
def test_an_export_is_utf8_whatever_the_terminals_encoding(diary: Path, run: Run, encoding: str) -> None:
    run("log bridge 15 --note 'ä 💪'")
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    assert "ä 💪".encode() in _kneetrack("export --format csv", env=environment).stdout
    assert diary.exists()


def test_an_import_that_fails_on_the_way_leaves_the_diary_and_no_temporary_file(
    diary: Path, other: Path, run: Run, tmp_path: Path
) -> None:
    run("log bridge 15 --note 'ä 💪'")
    path = diary.with_name("diary.json")
    run(f"export {path}")
    run(f"log bridge 15 --db {other}")
    kept, temporary = other.read_bytes(), tmp_path / "temporary"
    temporary.mkdir()
    full = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))"
    ignored = "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)"
    code = f"{full}; {ignored}; from kneetrack.__main__ import run; run()"
    words = [sys.executable, "-c", code, "--db", str(other), "import", str(path)]
    ended = subprocess.run(
        words, check=False, capture_output=True, env={**os.environ, "TMPDIR": str(temporary)}, timeout=PATIENCE_S
    )
    assert (ended.returncode, ended.stderr.count(b"\n")) == (74, 1)
    assert other.read_bytes() == kept
    assert list(temporary.iterdir()) == []


@contextmanager
def _importing(temporary: Path, handler: signal.Handlers = signal.SIG_DFL) -> Iterator["subprocess.Popen[bytes]"]:
    """Start an import that waits for its file, with SIGHUP as whoever started it left it; kill what is left of it."""
    temporary.mkdir(exist_ok=True)
    code = f"import signal; signal.signal(signal.SIGHUP, {int(handler)}); from kneetrack.__main__ import run; run()"
    words = [sys.executable, "-c", code, "import", "-"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, env={**os.environ, "TMPDIR": str(temporary)}) as running:
        try:
            _wait_until(lambda: _has_open(running.pid, temporary))
            yield running
        finally:
            running.kill()


def _stopped(running: "subprocess.Popen[bytes]", number: int) -> int:
    """Send a signal until a process has ended, and return its exit code.

    One that comes in the moment before a read begins is only seen when the read ends: so it is for every Python.
    """
    for _ in range(PATIENCE_S):
        running.send_signal(number)
        with suppress(subprocess.TimeoutExpired):
            return running.wait(1)
    return running.wait(1)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_an_import_that_is_stopped_leaves_no_temporary_file(diary: Path, tmp_path: Path, number: int) -> None:
    kept = diary.read_bytes()
    with _importing(tmp_path / "temporary") as running:
        assert _stopped(running, number) == (-number if number == signal.SIGKILL else 128 + number)
    assert list((tmp_path / "temporary").iterdir()) == []
    assert diary.read_bytes() == kept


def test_a_window_that_is_closed_does_not_end_what_was_started_with_nohup(diary: Path, tmp_path: Path) -> None:
    with _importing(tmp_path / "temporary", signal.SIG_IGN) as running:
        running.send_signal(signal.SIGHUP)
        _, _ = running.communicate(b"not an export", timeout=PATIENCE_S)
    assert running.returncode == 65
    assert diary.exists()


def test_a_first_import_that_fails_makes_no_diary(
    diary: Path, other: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("log bridge 15")
    run(f"export {diary.parent}/diary.json")
    names = sorted(path.name for path in other.parent.iterdir())
    monkeypatch.setattr(merge, "merge", lambda *_, **__: (_ for _ in ()).throw(StorageError(other, "full")))
    assert run(f"import {diary.parent}/diary.json --db {other}").code == 74
    assert sorted(path.name for path in other.parent.iterdir()) == names


def test_a_first_import_that_another_program_outruns_comes_into_the_diary_of_that_one(
    diary: Path, other: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("log bridge 15")
    run(f"export {diary.parent}/diary.json")
    original = merge.merge

    def outrun(*words: Any, **named: Any) -> None:  # noqa: ANN401 - as `unite` takes them
        monkeypatch.setattr(merge, "merge", original)
        original(*words, **named)
        run(f"log clamshell 12 --db {other}")

    monkeypatch.setattr(merge, "merge", outrun)
    assert run(f"import {diary.parent}/diary.json --db {other}").code == 0
    assert {item["exercise"] for item in json.loads(run(f"history --json --db {other}").out)["sessions"]} == {
        "bridge",
        "clamshell",
    }


@pytest.mark.parametrize("line", ["import -", "import - --dry-run", "export"])
def test_without_a_folder_for_temporary_files_one_sentence_says_so(
    diary: Path, run: Run, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("log bridge 15")
    run(f"export {diary.parent}/diary.json")
    monkeypatch.chdir(diary.parent)
    monkeypatch.setattr(tempfile, "tempdir", str(diary.with_name("missing")))
    result = run(line)
    assert (result.code, result.out, result.err.count("\n")) == (74, "", 1)
    assert "the folder for temporary files" in result.err


def test_a_home_that_is_not_known_is_no_traceback(diary: Path, run: Run) -> None:
    assert diary.exists()
    assert run("import '~nobody-here/x.json'").code == 66
    assert run("export '~nobody-here/x.json'").code == 66


def test_a_dash_is_standard_output_and_never_a_file(diary: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(diary.parent)
    assert run("export -").out == run("export").out
    assert not Path("-").exists()


def test_an_import_from_a_terminal_says_how_it_is_meant(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", _Terminal())
    result = run("import -")
    assert (result.code, result.out) == (2, "")
    assert "pipe an export in" in result.err


# Progress


class _Terminal(io.StringIO):
    """Standard error that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("after_s", "seen"), [(0.0, True), (60.0, False)])
def test_progress_is_shown_on_a_terminal_for_what_takes_long(
    monkeypatch: pytest.MonkeyPatch,
    after_s: float,
    seen: bool,  # noqa: FBT001
) -> None:
    terminal = _Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(console, "SHORT_S", after_s)
    with console.progress("Reading diary.json") as told:
        for _ in range(10):
            told(1, 10)
        _wait_for(terminal, seen=seen)
    assert ("Reading diary.json" in terminal.getvalue()) is seen


def test_progress_takes_no_markup_from_a_files_name(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = _Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(console, "SHORT_S", 0.0)
    with console.progress("Reading [red]r.json") as told:
        told(1, 10)
        _wait_for(terminal, seen=True)
    assert "[red]r.json" in terminal.getvalue()


def _has_open(process: int, folder: Path) -> bool:
    """Return whether a process has a file open that is in a folder, and has no name any more."""
    found = []
    for handle in Path("/proc", str(process), "fd").iterdir():
        with suppress(FileNotFoundError):
            found.append(str(handle.readlink()))
    return any(path.startswith(str(folder)) and path.endswith("(deleted)") for path in found)


def _wait_until(holds: Callable[[], bool]) -> None:
    """Wait until something holds, at most half a minute."""
    import time  # noqa: PLC0415 - the clock of the tests stands still

    for _ in range(3000):
        if holds():
            return
        time.sleep(0.01)
    raise AssertionError


def _wait_for(terminal: _Terminal, *, seen: bool) -> None:
    """Wait until something was printed, where something is to be seen."""
    import time  # noqa: PLC0415 - the clock of the tests stands still

    for _ in range(200 if seen else 0):
        if terminal.getvalue():
            return
        time.sleep(0.01)


def test_progress_says_nothing_where_there_is_no_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console, "SHORT_S", 0.0)
    with console.progress("Reading") as told:
        told(1, 10)
    assert capsys.readouterr() == ("", "")


def test_the_change_that_an_import_made_is_local(diary: Path, other: Path, run: Run) -> None:
    run("log bridge 15")
    path = diary.with_name("diary.json")
    run(f"export {path}")
    run(f"import {path} --db {other}")
    assert rows(other, "SELECT command FROM change ORDER BY id")[-1] == ("import diary.json",)
    assert "import" not in run(f"export --db {other}").out
