"""Loop Habit Tracker's export comes in: ticks, numbers, skips and notes; what has no place is told."""

import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import Run, sessions
from kneetrack.exchange import archive as tree

pytestmark = pytest.mark.usefixtures("diary", "clock")

HABITS = (
    "Position,Name,Type,Question,Description,FrequencyNumerator,FrequencyDenominator,Color,Unit,Target Type,"
    "Target Value,Archived?\n"
    "001,Bridge,YES_NO,Did you?,,1,1,#FF8F00,,,,false\n"
    "002,Hips & clams,YES_NO,,,3,7,#FF8F00,,,,false\n"
    "003,Side plank,NUMERICAL,,,1,1,#FF8F00,Minutes,AT_LEAST,2.0,false\n"
    "004,Clamshells,NUMERICAL,,,1,1,#FF8F00,reps,AT_LEAST,45.0,true\n"
    '005,"Meditate, daily",YES_NO,,,1,1,#FF8F00,,,,false\n'
)
FILES = {
    "Habits.csv": HABITS,
    "001 Bridge/Checkmarks.csv": (
        "Date,Value,Notes\n2026-11-24,YES_MANUAL,felt easy\n2026-11-23,YES_AUTO,\n2026-11-22,SKIP,travel\n"
        '2026-11-21,NO,sore\n2026-11-20,UNKNOWN,\n2026-11-19,YES_MANUAL,"two\nlines, ""quoted"""\n'
    ),
    "001 Bridge/Scores.csv": "Date,Score\n2026-11-24,0.5\n",
    "002 Hips  clams/Checkmarks.csv": "Date,Value,Notes\n2026-11-24,YES_MANUAL,\n",
    "003 Side plank/Checkmarks.csv": "Date,Value,Notes\n2026-11-24,2000,\n2026-11-23,0,\n2026-11-22,SKIP,\n",
    "004 Clamshells/Checkmarks.csv": "Date,Value,Notes\n2026-11-24,45000,\n2026-11-23,400,a few\n",
    "005 Meditate daily/Checkmarks.csv": "Date,Value,Notes\n2026-11-24,YES_MANUAL,\n2026-11-23,NO,\n",
    "Checkmarks.csv": "Date,Bridge,\n2026-11-24,NO,\n",
    "Scores.csv": "Date,Bridge,\n",
}
MAP = "--map 'Hips & clams=clamshell'"


def as_zip(folder: Path, files: dict[str, str]) -> Path:
    """Write an export as Loop's zip."""
    path = folder / "Loop Habits CSV 2026-11-25.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, words in files.items():
            made.writestr(name, words)
    return path


def as_folder(folder: Path, files: dict[str, str]) -> Path:
    """Write an export as the folder that a zip is unpacked to."""
    path = folder / "Loop Habits CSV 2026-11-25"
    for name, words in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_text(words)
    return path


def done(run: Run) -> list[tuple[object, ...]]:
    """Return what sessions say, oldest first."""
    keys = ("day", "exercise", "side", "sets", "reps", "hold_s", "note")
    return sorted((tuple(item[key] or "" for key in keys) for item in sessions(run)), key=str)


@pytest.mark.parametrize("write", [as_zip, as_folder])
def test_an_export_of_loop_comes_in(tmp_path: Path, run: Run, write: Callable[[Path, dict[str, str]], Path]) -> None:
    path = write(tmp_path, FILES)
    result = run(f"import '{path}' {MAP}")
    assert (result.code, result.err) == (0, "")
    assert done(run) == [
        ("2026-11-19", "bridge", "", "", "", "", 'two\nlines, "quoted"'),
        ("2026-11-23", "clamshell", "both", "", "", "", "a few"),
        ("2026-11-24", "bridge", "", "", "", "", "felt easy"),
        ("2026-11-24", "clamshell", "both", "", "", "", ""),
        ("2026-11-24", "clamshell", "both", 1, 45, "", ""),
        ("2026-11-24", "side_plank", "both", 1, "", 120, ""),
    ]
    paused = run("pause --list").out
    assert "Sun 22 Nov: Bridge, travel" in paused.replace(" (", ", ").replace(")", "")
    assert "Side plank" in paused
    assert [line for line in result.out.splitlines() if "left out" in line] == [
        "  left out: “Bridge”, 1 day: Loop ticked it by itself, so nothing was done",
        "  left out: “Bridge”, 1 day: a note without a session cannot be imported",
        "  left out: “Meditate, daily”, 1 day: no exercise of that name; add --map 'Meditate, daily=NAME'",
    ]


@pytest.mark.parametrize(
    ("name", "unit", "dose"),
    [
        ("side plank", "hours", (1, None, 7200)),
        ("side plank", "min", (1, None, 120)),
        ("side plank", "", (1, None, 2)),
        ("side plank", "km", (None, None, None)),
        ("bridge", "minutes", (None, None, None)),
        ("bridge", "Times", (1, 2, None)),
    ],
)
def test_a_number_is_a_dose_in_its_unit_or_none(
    tmp_path: Path, run: Run, name: str, unit: str, dose: tuple[int | None, ...]
) -> None:
    files = {"Habits.csv": f"Name,Unit\n{name},{unit}\n", "001 x/Checkmarks.csv": "2026-11-24,2000\n"}
    result = run(f"import '{as_zip(tmp_path, files)}'")
    (session,) = sessions(run)
    assert (session["sets"], session["reps"], session["hold_s"]) == dose
    assert (f"a number of “{unit}” is not its dose" in result.out) is (dose[0] is None)


def test_the_same_export_twice_changes_nothing_and_a_later_one_brings_what_is_new(tmp_path: Path, run: Run) -> None:
    path = as_zip(tmp_path, FILES)
    run(f"import '{path}' {MAP}")
    before = done(run)
    run("edit last --note 'mine'")
    assert run(f"import '{path}' {MAP}").out.startswith("Nothing new in")
    run("undo")
    later = FILES["001 Bridge/Checkmarks.csv"].replace("Notes\n", "Notes\n2026-11-25,YES_MANUAL,new\n")
    path = as_folder(tmp_path, FILES | {"001 Bridge/Checkmarks.csv": later})
    assert run(f"import '{path}' {MAP}").out.startswith("Imported: 1 new session\n")
    assert done(run) == [*before, ("2026-11-25", "bridge", "", "", "", "", "new")]


def test_one_undo_takes_an_export_of_loop_back(tmp_path: Path, run: Run) -> None:
    before = run("export").out
    run(f"import '{as_zip(tmp_path, FILES)}' {MAP}")
    run("undo")
    assert run("export").out == before
    assert run("pause --list").out.startswith("Nothing is paused")


def test_the_last_day_of_an_export_is_what_last_means(tmp_path: Path, run: Run) -> None:
    files = {"001 Bridge/Checkmarks.csv": "2026-11-01,YES_MANUAL,\n2026-11-20,YES_MANUAL,\n2026-11-10,YES_MANUAL,\n"}
    run(f"import '{as_zip(tmp_path, files)}'")
    assert "Fri 20 Nov" in run("rm last").out


@pytest.mark.parametrize(
    "words",
    [
        "2026-11-24,2\n2026-11-23,1\n2026-11-22,0\n2026-11-21,3\n2026-11-20,-1\n",
        "Date,Value\r\n2026-11-24,YES_MANUAL\r\n2026-11-23,YES_AUTO\r\n2026-11-22,NO\r\n2026-11-21,SKIP\r\n",
        "\ufeffDate,Value,Notes\n2026-11-24,YES_MANUAL,\n2026-11-21,SKIP,\n\n",
    ],
    ids=["numbers without a heading", "without notes", "with a mark at its start"],
)
def test_an_older_export_comes_in(tmp_path: Path, run: Run, words: str) -> None:
    result = run(f"import '{as_zip(tmp_path, {'001 Bridge/Checkmarks.csv': words})}'")
    assert (result.code, result.err) == (0, "")
    assert [row[:2] for row in done(run)] == [("2026-11-24", "bridge")]
    assert "Sat 21 Nov" in run("pause --list").out


def test_a_habit_whose_name_has_no_latin_letters_is_known_by_its_position(tmp_path: Path, run: Run) -> None:
    files = {
        "Habits.csv": "Name,Description,NumRepetitions,Interval,Color\n橋,,1,1,#FFFFFF\n",
        "001/Checkmarks.csv": "2026-11-24,2\n",
    }
    path = as_zip(tmp_path, files)
    result = run(f"import '{path}'")
    assert result.out.splitlines()[0].startswith("Nothing new")
    assert "“橋”, 1 day: no exercise of that name" in result.out
    assert run(f"import '{path}' --map 橋=bridge").code == 0
    assert len(sessions(run)) == 1


def test_days_that_cannot_come_in_are_listed_and_the_others_come(tmp_path: Path, run: Run) -> None:
    words = (
        "Date,Value,Notes\n2026-11-24,YES_MANUAL,\n2026-13-01,YES_MANUAL,\n2026-11-23,MAYBE,\n2030-01-01,YES_MANUAL,\n"
        f"2026-11-22,99999000,\n2026-11-21,YES_MANUAL,{'x' * 2001}\n2026-11-24,YES_MANUAL,\n24.11.2026,YES_MANUAL,\n"
    )
    path = as_zip(tmp_path, {"001 Bridge/Checkmarks.csv": words})
    for options, code in (("--dry-run", 0), ("", 0)):
        result = run(f"import '{path}' {options}")
        where = "001 Bridge/Checkmarks.csv line"
        assert result.code == code
        assert result.err.splitlines() == [
            f"{where} 3: day must be a day such as 2026-11-25",
            f"{where} 4: “MAYBE” is not a value that Loop writes",
            f"{where} 5: 2030-01-01 is still to come",
            f"{where} 6: reps must be a whole number from 1 to 9999",
            f"{where} 7: note must be a text of at most 2000 characters",
            f"{where} 8: 2026-11-24 was there before",
            f"{where} 9: day must be a day such as 2026-11-25",
            "Left out: 7 days.",
        ]
    assert [row[:2] for row in done(run)] == [("2026-11-24", "bridge")]


NO_LOOP = {
    "nothing of Loop": ({"a.csv": "1"}, "is not an export of Loop Habit Tracker"),
    "a path that leads out": ({"../001 Bridge/Checkmarks.csv": "2026-11-24,2\n"}, "leads out of the zip"),
    "a path within that leads out": ({"a/../../001 B/Checkmarks.csv": ""}, "leads out of the zip"),
    "an absolute path": ({"/001 Bridge/Checkmarks.csv": "2026-11-24,2\n"}, "leads out of the zip"),
    "a path of another system": ({"C:\\001 Bridge\\Checkmarks.csv": "2026-11-24,2\n"}, "leads out of the zip"),
    "a zip in a zip": ({"001 Bridge/Checkmarks.csv": "", "more.zip": "PK"}, "is an archive itself"),
    "two exports": ({"a/001 Bridge/Checkmarks.csv": "", "b/001 Bridge/Checkmarks.csv": ""}, "holds several exports"),
    "a quote without an end": ({"001 Bridge/Checkmarks.csv": '2026-11-24,2,"'}, "is not CSV"),
    "a habit without a name": (
        {"Habits.csv": "Position,Name\n001,\n", "001 B/Checkmarks.csv": ""},
        "has a habit without a name",
    ),
}


@pytest.mark.parametrize("what", NO_LOOP)
def test_a_zip_that_is_no_export_of_loop_is_refused(tmp_path: Path, db: Path, run: Run, what: str) -> None:
    files, piece = NO_LOOP[what]
    kept = db.read_bytes()
    result = run(f"import '{as_zip(tmp_path, files)}'")
    assert (result.code, result.out, result.err.count("\n")) == (65, "", 1)
    assert piece in result.err
    assert db.read_bytes() == kept
    assert sorted(path.name for path in tmp_path.iterdir()) == ["Loop Habits CSV 2026-11-25.zip", "diary.db"]


def _refused(path: Path, run: Run, db: Path, piece: str) -> None:
    """Prove that a file is refused in one sentence and changes nothing."""
    kept = db.read_bytes()
    result = run(f"import '{path}'")
    assert (result.code, result.out, result.err.count("\n")) == (65, "", 1)
    assert piece in result.err
    assert db.read_bytes() == kept


def test_a_zip_bomb_is_stopped_by_what_comes_out_of_it(
    tmp_path: Path, db: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tree, "MAX_MEMBER", 1 << 20)
    path = tmp_path / "bomb.zip"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bomb,
        bomb.open("001 Bridge/Checkmarks.csv", "w") as member,
    ):
        for _ in range(40):
            member.write(b"2026-11-24,NO,\n" * (1 << 16))
    assert path.stat().st_size < 1 << 18
    _refused(path, run, db, "holds more than an export of Loop Habit Tracker ever has")


def test_a_zip_that_lies_about_its_sizes_is_damaged(tmp_path: Path, db: Path, run: Run) -> None:
    path = as_zip(tmp_path, {"001 Bridge/Checkmarks.csv": "2026-11-24,2\n" * 1000})
    content = bytearray(path.read_bytes())
    at = content.index(b"PK\x01\x02")
    content[at + 24 : at + 28] = (10).to_bytes(4, "little")
    path.write_bytes(content)
    _refused(path, run, db, "is a damaged zip")


def test_a_locked_zip_and_a_link_in_a_zip_are_refused(tmp_path: Path, db: Path, run: Run) -> None:
    path = as_zip(tmp_path, {"001 Bridge/Checkmarks.csv": "2026-11-24,2\n"})
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    _refused(path, run, db, "is locked with a password")
    link = zipfile.ZipInfo("001 Bridge/Checkmarks.csv")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(path, "w") as made:
        made.writestr(link, "/etc/passwd")
    _refused(path, run, db, "is a link")


def test_too_many_files_are_refused(tmp_path: Path, db: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "MAX_MEMBERS", 5)
    _refused(as_zip(tmp_path, FILES), run, db, "has too many files")


@pytest.mark.parametrize("make", [lambda path: path.symlink_to("/etc/passwd"), os.mkfifo, os.mkdir])
def test_a_folder_with_something_else_in_a_files_place_is_refused(
    tmp_path: Path, db: Path, run: Run, make: Callable[[Path], object]
) -> None:
    path = as_folder(tmp_path, {"001 Bridge/Scores.csv": ""})
    make(path / "001 Bridge" / "Checkmarks.csv")
    _refused(path, run, db, "Checkmarks.csv")


def test_a_folder_that_is_no_export_is_refused(tmp_path: Path, db: Path, run: Run) -> None:
    _refused(tmp_path, run, db, "is not an export of Loop Habit Tracker")
