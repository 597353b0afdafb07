"""Files that nobody should trust: each is refused in one sentence, or comes in as harmless data; the rest is fuzz."""

import csv
import json
import os
import shlex
import shutil
import sys
import tracemalloc
import zipfile
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import NOW, Result, Run, examples
from hostile import HOSTILE, STEERS
from kneetrack.cli import main
from kneetrack.exchange import form, json_import, source
from kneetrack.exchange.form import FORMAT
from kneetrack.exchange.staging import Staging
from kneetrack.store.mapping import uid_of

pytestmark = pytest.mark.usefixtures("diary", "clock")

FINE = {0, 2, 65, 66}
LISTS = [kind.name for kind in form.KINDS]


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory, template: Path) -> Path:
    """Make one folder with a diary that has something in each list of its export, and that export."""
    folder = tmp_path_factory.mktemp("furnished")
    db = shutil.copy(template, folder / "diary.db")
    with time_machine.travel(NOW, tick=False):
        for line in (
            "rule set bridge --sessions 2 --then bridge=4x10",
            "log bridge 9",
            "purge last --yes",
            "log bridge 15 --note x",
            "add wall-push",
            "settings day_start 04:00",
            "pain 2 --note x",
            "score nprs 3",
            "skip",
            "undo",
        ):
            assert typed("--db", str(db), *(word.replace("=", " ") for word in line.split())).code == 0
        (folder / "whole.json").write_text(typed("--db", str(db), "export").out, "utf-8")
    return folder


@pytest.fixture
def whole(diary: Path, furnished: Path) -> dict[str, Any]:
    """Put a diary with something in each list of its export where `run` works; return that export."""
    shutil.copytree(furnished, diary.parent, dirs_exist_ok=True)
    found: dict[str, Any] = json.loads((furnished / "whole.json").read_text("utf-8"))
    assert all(found[name] for name in LISTS)
    return found


def _refused(db: Path, run: Run, path: Path, piece: str = "", code: int = 65, *, previewed: bool = False) -> None:  # noqa: PLR0913
    """Prove that a file is refused, by itself and as a preview, without a trace in the diary or its folder."""
    kept, names = db.read_bytes(), sorted(found.name for found in db.parent.iterdir())
    for options in ("", " --dry-run")[: 2 if previewed else 1]:
        result = run(f"import {shlex.quote(str(path))}{options}")
        assert result.code == code
        assert "nothing was imported" in result.err.splitlines()[-1]
        assert piece in result.err
        assert len(result.err) < 3000
        assert not STEERS & set(result.err)
    assert (db.read_bytes(), sorted(found.name for found in db.parent.iterdir())) == (kept, names)


# What is no file


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (os.mkfifo, 65),
        (Path.touch, 65),
        (lambda path: path.symlink_to(path), 65),
        (lambda path: path.symlink_to(path.with_name("missing")), 66),
        (lambda path: path.write_bytes(b"\xff\xfe{\x00}\x00"), 65),
        (lambda path: path.write_bytes(b"\xfe\xff\x00{\x00}"), 65),
        (lambda path: path.write_bytes(b"\xef\xbb\xbf"), 65),
        (lambda path: path.write_bytes(b"  \n \n"), 65),
        (lambda path: path.write_bytes(b"\x00" * 100), 65),
        (lambda path: path.write_bytes(b"\xff" * 100), 65),
        (lambda path: path.write_bytes(b'{"kneetrack": 1, "changes": [\n\xff'), 65),
        (lambda path: path.write_bytes(b"day,exercise\n2026-11-20,\xff\n"), 65),
        (lambda path: path.write_bytes(b"PK\x03\x04" + b"\x00" * 100), 65),
        (lambda path: path.write_text("<html></html>"), 65),
    ],
    ids=[
        "a pipe", "an empty file", "a link to itself", "a link to nothing", "UTF-16", "UTF-16 the other way round",
        "a mark alone", "blanks alone", "zeros", "no UTF-8", "JSON that is no UTF-8", "CSV that is no UTF-8",
        "the beginning of a zip", "a web page",
    ],
)  # fmt: skip
def test_what_is_no_export_is_refused(db: Path, run: Run, make: Callable[[Path], object], code: int) -> None:
    path = db.with_name("file")
    make(path)
    _refused(db, run, path, code=code, previewed=True)


def test_a_diary_is_not_an_export_and_the_way_is_shown(db: Path, run: Run) -> None:
    shutil.copy(db, db.with_name("copy.db"))
    _refused(db, run, db.with_name("copy.db"), "is a database, not an export; export that first")


def test_a_file_that_is_not_there_is_said(db: Path, run: Run) -> None:
    _refused(db, run, db.with_name("missing.json"), "There is no file", 66)
    _refused(db, run, db / "below.json", "There is no file", 66)
    _refused(db, run, db.with_name("x" * 300), "cannot be opened")


def test_a_link_to_an_export_is_followed(db: Path, run: Run) -> None:
    run(f"export {db.with_name('a.json')}")
    db.with_name("link").symlink_to("a.json")
    assert run(f"import {db.with_name('link')}").code == 0


def test_a_file_or_a_line_that_is_too_large_is_refused(db: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    path = db.with_name("large")
    path.write_text("day,exercise\n" + "x" * 1000)
    monkeypatch.setattr(source, "MAX_LINE", 999)
    _refused(db, run, path, "has a line of more than")
    monkeypatch.setattr(source, "MAX_FILE", 1000)
    _refused(db, run, path, "is larger than")
    path.write_text(json.dumps({"kneetrack": 1, "x": "y" * 400}))
    monkeypatch.setattr(json_import, "MAX_WHOLE", 400)
    _refused(db, run, path, "is too large for its form")


def test_a_pipe_that_never_ends_is_stopped(db: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    class _Endless:
        def read(self, size: int) -> bytes:
            return b"x" * size

    monkeypatch.setattr(source, "MAX_FILE", 3 << 20)
    monkeypatch.setattr("sys.stdin", type("_Stdin", (), {"buffer": _Endless(), "isatty": lambda _: False})())
    _refused(db, run, Path("-"), "Standard input is larger than")


def test_a_change_of_a_clock_that_no_clock_is_is_refused(db: Path, run: Run, whole: dict[str, Any]) -> None:
    changes = [change | {"at": "2200-01-01T00:00:00.000000Z", "uid": "a" * 32} for change in whole["changes"][:1]]
    path = db.with_name("far.json")
    path.write_text(
        _laid_out(
            whole
            | {"changes": [*whole["changes"], *changes]}
            | {"pauses": [*whole["pauses"], whole["pauses"][0] | {"change": "a" * 32}]},
            "as a whole",
        )
    )
    _refused(db, run, path, "dated a hundred years ahead")


# JSON

BOMBS = {
    "deep lists": "[" * 100_000,
    "deep objects": '{"kneetrack":' * 100_000,
    "deep within a line": '{"kneetrack": 1, "changes": [\n' + "[" * 100_000 + "\n",
    "a number of 5000 digits": '{"kneetrack": ' + "1" * 5000 + "}",
    "a number of 4000 digits": '{"kneetrack": ' + "1" * 4000 + "}",
    "a number of 4000 digits in the first line": '{"kneetrack": ' + "1" * 4000 + ', "changes": [\n',
    "NaN": '{"kneetrack": NaN}',
    "Infinity": '{"kneetrack": -Infinity}',
    "a number beyond all": '{"kneetrack": 1e999}',
    "a key twice": '{"kneetrack": 1, "kneetrack": 1}',
    "no object": "[]",
    "another object": "{}",
    "an older format": '{"kneetrack": 0}',
    "a format that is none": '{"kneetrack": true}',
    "lists that are none": '{"kneetrack": 1, "changes": {}, "sessions": 1}',
    "an end alone": '{"kneetrack": 1, "changes": [\n], "digest": "' + "0" * 64 + '"}',
    "a list too early": '{"kneetrack": 1, "changes": [\n], "pauses": [\n',
    "a first line alone": '{"kneetrack": 1, "changes": [\n',
    "a line after the end": '{"kneetrack": 1, "changes": [\n], "sessions": [\n], "prescriptions": [\n], "pauses": [\n'
    '], "exercises": [\n], "settings": [\n], "digest": "' + "0" * 64 + '"}\n{}\n',
    "many keys": "{" + ", ".join(f'"{number}": 1' for number in range(100)) + "}",
    "a key that is no text": "{1: 1}",
    "a value that is an object": '{"kneetrack": {}}',
    "no value": '{"kneetrack": }',
    "records without a comma": '{"kneetrack": 2, "changes": [{} {}]}',
    "half an object": '{"kneetrack": 1, "chang',
    "two documents": "{} {}",
}  # fmt: skip


@pytest.mark.parametrize("what", BOMBS)
def test_json_that_is_no_export_is_refused(db: Path, run: Run, what: str) -> None:
    path = db.with_name("bomb.json")
    path.write_text(BOMBS[what])
    _refused(db, run, path)


def test_a_file_of_a_newer_kneetrack_is_refused(db: Path, run: Run) -> None:
    path = db.with_name("newer.json")
    for words in (f'{{"kneetrack": {FORMAT + 1}, "changes": [\n', f'{{"kneetrack": {FORMAT + 1}}}'):
        path.write_text(words)
        _refused(db, run, path, "was made by a newer kneetrack", 78)


@pytest.mark.parametrize("cut", [0.1, 0.5, 0.9, 0.999])
def test_a_file_that_was_cut_off_is_refused(db: Path, run: Run, cut: float) -> None:
    run("log bridge 15")
    words = run("export").out
    path = db.with_name("cut.json")
    path.write_text(words[: int(len(words) * cut)])
    _refused(db, run, path)


@pytest.mark.parametrize(
    ("content", "piece"),
    [
        ('{"kneetrack": 2, "changes": [%s]}', "record 1 of changes: must be an object of texts and numbers alone"),
        ('{"kneetrack": 2,\n"changes": [%s]}', "record 1 of changes: must be an object of texts and numbers alone"),
        ('{"kneetrack": 2, "changes": [\n%s\n', "was cut off: it ends with line 2"),
    ],
    ids=["on one line", "in another form", "in our form"],
)
def test_lists_in_lists_are_not_read_however_many(db: Path, run: Run, content: str, piece: str) -> None:
    path = db.with_name("nested.json")
    path.write_text(content % ",".join(["[[],[]]"] * 300_000))
    tracemalloc.start()
    try:
        _refused(db, run, path, piece)
        assert tracemalloc.get_traced_memory()[1] < 12 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("line", ['{"uid": [],}\n', "{}\n", "[]\n", "x\n"])
def test_a_file_of_bad_lines_is_read_no_further_than_a_hundred_of_them(db: Path, run: Run, line: str) -> None:
    path = db.with_name("lines.json")
    path.write_text('{"kneetrack": 2, "changes": [\n' + line * 100_000)
    read: list[int] = []
    with path.open("rb") as opened, Staging() as staging:
        json_import.stage_lines(source.Source("lines", opened, read.append), staging, lambda _, value: value)
        assert (staging.refusals, staging.stopped, staging.rejected) == (100, True, True)
    assert sum(read) < 2000
    _refused(db, run, path, "The rest of the file was not read")


def test_a_record_with_more_keys_than_any_is_not_read(db: Path, run: Run) -> None:
    path = db.with_name("keys.json")
    many = json.dumps({f"key {number}": number for number in range(50_000)})
    path.write_text(f'{{"kneetrack": 2, "changes": [\n{many}\n')
    _refused(db, run, path, "was cut off")
    whole = {"kneetrack": FORMAT} | {name: [json.loads(many)] if name == "changes" else [] for name in LISTS}
    path.write_text(_laid_out(whole, "as a whole"))
    _refused(db, run, path, "it is too large for a record")


def test_a_zip_that_is_all_directory_is_not_read(db: Path, run: Run) -> None:
    path = db.with_name("directory.zip")
    with zipfile.ZipFile(path, "w") as made:
        for number in range(20_000):
            made.writestr(f"{number:0200}/Checkmarks.csv", "")
    tracemalloc.start()
    try:
        _refused(db, run, path, "has too many files")
        assert tracemalloc.get_traced_memory()[1] < 12 << 20
    finally:
        tracemalloc.stop()


def test_days_of_loop_that_cannot_come_in_are_counted_up_to_a_thousand(db: Path, run: Run) -> None:
    path = db.with_name("loop.zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("001 Bridge/Checkmarks.csv", "2026-13-01,2,\n" * 100_000)
    _refused(db, run, path, "The rest of the file was not read")


def test_a_letter_that_was_changed_is_found_by_the_digest(db: Path, run: Run) -> None:
    run("log bridge 15 --note before")
    path = db.with_name("changed.json")
    path.write_text(run("export").out.replace("before", "befors"))
    _refused(db, run, path, "its digest is another one")


UID = "0" * 32
INSTANT = "2026-11-25T06:41:00.000000Z"
SESSION = {
    "a number for a text": {"note": 5},
    "a text for a number": {"reps": "15"},
    "a fraction": {"reps": 1.5},
    "a truth for a number": {"reps": True},
    "a number for a truth": {"removed": 0},
    "no repetitions": {"reps": 0},
    "too many repetitions": {"reps": 10_000},
    "a number beyond SQLite": {"reps": 1 << 63},
    "a number of 4000 digits": {"reps": 10**4000},
    "pain 11": {"pain": 11},
    "half a character": {"note": "\ud800"},
    "a zero": {"note": "a\0b"},
    "a long note": {"note": "x" * 2001},
    "a list": {"note": []},
    "an object": {"note": {}},
    "a day that is none": {"day": "2026-02-30"},
    "a day in another form": {"day": "20261125"},
    "a list for a day": {"day": []},
    "a day before the diary": {"day": "1899-12-31"},
    "a day in other digits": {"day": "٢٠٢٦-11-25"},
    "an instant that is none": {"created_at": "2026-11-25T25:00:00.000000Z"},
    "an instant without a zone": {"created_at": "2026-11-25T06:41:00.000000"},
    "an instant that leaves no later one": {"created_at": "9999-12-31T23:59:59.999999Z"},
    "an instant in the year 1": {"at": "0001-01-01T00:00:00.000000Z"},
    "an offset of a day": {"utc_offset_min": 1440},
    "an instant without its offset": {"utc_offset_min": None},
    "a side that is none": {"side": "up"},
    "a list for a side": {"side": []},
    "an exercise that is a statement": {"exercise": "x'); DROP TABLE session;--"},
    "an exercise that is a word of ours": {"exercise": "all"},
    "an exercise with an escape": {"exercise": "a\x1b[2J"},
    "an exercise that add refuses": {"exercise": "wall+push"},
    "an exercise with a long id": {"exercise": "x" * 61},
    "no exercise": {"exercise": ""},
    "an id that is none": {"uid": "xyz"},
    "an id in capitals": {"uid": "A" * 32},
    "a change that is not there": {"change": "f" * 32},
    "a key too many": {"more": 1},
}


@pytest.mark.parametrize("form", ["line by line", "as a whole"])
@pytest.mark.parametrize("what", SESSION)
def test_a_session_that_breaks_a_rule_is_refused_by_its_place(
    db: Path, run: Run, whole: dict[str, Any], what: str, form: str
) -> None:
    before = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        words = _laid_out(whole | {"sessions": [whole["sessions"][0] | SESSION[what]]}, form)
    finally:
        sys.set_int_max_str_digits(before)
    path = db.with_name("broken.json")
    path.write_text(words)
    number = next(number for number, line in enumerate(words.splitlines(), 1) if '"sessions"' in line) + 1
    place = f"line {number}: " if form == "line by line" else "record 1 of sessions: "
    if form == "line by line" and what == "a change that is not there":
        place = "its digest is another one"
    _refused(db, run, path, place)


def _laid_out(found: dict[str, Any], form: str) -> str:
    """Return an export in our own form, or in another one, without a digest that would tell first."""
    if form == "as a whole":
        return json.dumps(found | {"digest": None}, indent=1)
    lines = [f'{{"kneetrack": {FORMAT}, "changes": [']
    for name in LISTS:
        lines += [f'], "{name}": ['] if name != "changes" else []
        lines += [f"{json.dumps(record)}," for record in found[name]]
        lines[-1] = lines[-1].removesuffix(",")
    return "\n".join([*lines, f'], "digest": "{"0" * 64}"}}', ""])


OTHERS: dict[str, tuple[str, dict[str, Any], str]] = {
    "a change that is there twice": ("changes", {}, "the same id as in record"),
    "a change that undoes nothing": ("changes", {"uid": UID, "undoes": "f" * 32}, "undoes a change that is not"),
    "a change that undoes itself": ("changes", {"uid": UID, "undoes": UID}, "must be another change"),
    "a change from beyond all clocks": ("changes", {"uid": UID, "at": "9999-12-31T23:59:59.999999Z"}, "years 1900"),
    "a command that is none": ("changes", {"uid": UID, "command": None}, "command must be a text"),
    "a version that is there twice": ("sessions", {}, "the same id as in record 1 of sessions"),
    "a drop with a dose": ("prescriptions", {"uid": UID, "kind": "drop"}, "unless it is a drop"),
    "a dose without numbers": ("prescriptions", {"uid": UID, "reps": None, "hold_s": None}, "must have sets"),
    "a schedule without its number": ("prescriptions", {"uid": UID, "kind": "every"}, "every must be there"),
    "a schedule with a number of another": ("prescriptions", {"uid": UID, "every": 2}, "null otherwise"),
    "weekdays that are none": ("prescriptions", {"uid": UID, "kind": "weekdays", "weekdays": "77"}, "digits from 0"),
    "weekdays in disorder": ("prescriptions", {"uid": UID, "kind": "weekdays", "weekdays": "20"}, "ascending"),
    "a pause that ends before it begins": ("pauses", {"uid": UID, "last_day": "2026-11-01"}, "must not be before"),
    "an own exercise with another id": ("exercises", {"exercise": "heel_dig"}, "the one that follows"),
    "an own exercise with an escape": ("exercises", {"name": "\x1b[2J"}, "name must be a name"),
    "an own exercise with a name that add refuses": ("exercises", {"name": "x" * 61}, "at most 60 letters"),
    "a setting with another id": ("settings", {"key": "pain_limit"}, "the one that follows"),
    "a tombstone of no record": ("tombstones", {"uid": "x"}, "uid must be an id"),
    "a tombstone without an instant": ("tombstones", {"uid": UID, "at": None}, "at must be an instant"),
    "a tombstone that is there twice": ("tombstones", {}, "the same id as in record 1 of tombstones"),
    "a part of nothing": ("changes", {"uid": UID, "part_of": "f" * 32}, "part of a change that is not in the file"),
    "a part of itself": ("changes", {"uid": UID, "part_of": UID}, "must be another change"),
    "a tempo of a drop": ("prescriptions", {"uid": UID, "up_s": 0}, "up_s must be a whole number from 1 to"),
    "a setting that no command could read": ("settings", {"value": "noon"}, "is not a time of day"),
    "a setting in another form": ("settings", {"value": "4:00"}, "value must be 04:00"),
}


@pytest.mark.parametrize("what", OTHERS)
def test_a_record_that_breaks_a_rule_is_refused(db: Path, run: Run, whole: dict[str, Any], what: str) -> None:
    name, change, piece = OTHERS[what]
    path = db.with_name("broken.json")
    path.write_text(_laid_out(whole | {name: [*whole[name], whole[name][0] | change]}, "as a whole"))
    _refused(db, run, path, piece)


def test_a_setting_that_is_not_known_is_refused(db: Path, run: Run, whole: dict[str, Any]) -> None:
    path = db.with_name("broken.json")
    setting = whole["settings"][0] | {"key": "colour", "uid": uid_of("setting", "colour")}
    path.write_text(_laid_out(whole | {"settings": [setting]}, "as a whole"))
    _refused(db, run, path, "There is no setting “colour”")


def test_many_refused_rows_are_counted_and_the_first_are_told_and_the_rest_is_not_read(db: Path, run: Run) -> None:
    path = db.with_name("many.csv")
    path.write_text("day,exercise\n" + "x,y\n" * 1000)
    result = run(f"import {path}")
    assert (result.code, len(result.err.splitlines())) == (65, 22)
    assert result.err.splitlines()[-2] == "and 80 more"
    assert result.err.splitlines()[-1].startswith("100 lines cannot be read")
    assert result.err.endswith("The rest of the file was not read.\n")
    assert db.exists()


# CSV

BAD_CSV = {
    "no heading": "2026-11-20,bridge\n",
    "a column too many": "day,exercise,mood\n",
    "a column twice": "day,day,exercise\n",
    "a cell too many": "day,exercise\n2026-11-20,bridge,x\n",
    "a quote without an end": 'day,exercise,note\n2026-11-20,bridge,"x\n',
    "something after a quote": 'day,exercise\n"2026-11-20"x,bridge\n',
    "a cell beyond all": "day,exercise,note\n2026-11-20,bridge,\n" + '2026-11-20,bridge,"' + "x\n" * 100_000 + '"\n',
    "a zero": "day,exercise,note\n2026-11-20,bridge,a\0b\n",
    "a day to come": "day,exercise\n2026-11-27,bridge\n",
    "a day of another land": "day,exercise\n20.11.2026,bridge\n",
    "a fraction": "day,exercise,reps\n2026-11-20,bridge,1.5\n",
    "a number in other digits": "day,exercise,reps\n2026-11-20,bridge,\u0661\u0665\n",
    "a number of 5000 digits": f"day,exercise,reps\n2026-11-20,bridge,{'1' * 5000}\n",
    "a time that is none": "day,exercise,at\n2026-11-20,bridge,25:00\n",
    "a time at the end of time": "day,exercise,at\n2026-11-20,bridge,9999-12-31T23:59:59-23:59\n",
    "a time before all": "day,exercise,at\n2026-11-20,bridge,0001-01-01T00:00:00+23:59\n",
    "an id that is none": "day,exercise,uid\n2026-11-20,bridge,x\n",
    "an id twice": f"day,exercise,uid\n2026-11-20,bridge,{UID}\n2026-11-21,bridge,{UID}\n",
    "a long note": f"day,exercise,note\n2026-11-20,bridge,{'x' * 2001}\n",
    "no exercise": "day,exercise\n2026-11-20,\n",
    "a statement for an exercise": "day,exercise\n2026-11-20,x'); DROP TABLE session;--\n",
    "an escape for an exercise": "day,exercise\n2026-11-20,\x1b]52;c;cm0=\x07\n",
}  # fmt: skip


@pytest.mark.parametrize("what", BAD_CSV)
def test_csv_that_cannot_come_in_is_refused(db: Path, run: Run, what: str) -> None:
    path = db.with_name("bad.csv")
    path.write_text(BAD_CSV[what], "utf-8", newline="")
    _refused(db, run, path)


# Texts


@pytest.mark.parametrize("form", ["json", "csv", "loop"])
@pytest.mark.parametrize("words", [*HOSTILE.values(), "x'); DROP TABLE session;--", "%", "_"])
def test_hostile_text_in_a_file_is_data_and_harmless_on_every_screen(
    db: Path, run: Run, whole: dict[str, Any], words: str, form: str
) -> None:
    path = db.with_name(f"file.{form}")
    if form == "json":
        found: dict[str, Any] = {name: [] for name in LISTS} | {"kneetrack": FORMAT}
        its = {"uid": UID, "change": "1" * 32, "created_at": INSTANT, "note": words, "load": words}
        found["changes"] = [whole["changes"][0] | {"uid": "1" * 32, "command": words}]
        found["sessions"] = [whole["sessions"][0] | its]
        path.write_text(json.dumps(found))
    elif form == "csv":
        cell = f'"{words.replace(chr(34), chr(34) * 2)}"'
        path.write_text(f"day,exercise,load,note\n2026-11-25,bridge,{cell},{cell}\n", "utf-8", newline="")
    else:
        cell = f'"{words.replace(chr(34), chr(34) * 2)}"'
        with zipfile.ZipFile(path, "w") as made:
            made.writestr("Habits.csv", f"Position,Name\n1,bridge\n2,{cell}\n")
            made.writestr("001 x/Checkmarks.csv", f"2026-11-25,2,{cell}\n")
            made.writestr("002 y/Checkmarks.csv", f"2026-11-25,2,{cell}\n2026-11-24,{cell},\n")
    answers = [run(f"import {path} --dry-run"), run(f"import {path}")]
    lines = ("today", "history", "undo --list", "stats", "show bridge", "export --format csv", "export", "undo", "redo")
    answers += [run(line) for line in lines]
    for answer in answers:
        assert answer.code == 0
        assert not (STEERS - {"\r"}) & set(answer.out + answer.err)


# Fuzz


def typed(*words: str) -> Result:
    """Type a line at the command line in this process; anything but an exit is a failure of the test."""
    out, err = StringIO(), StringIO()
    code = 0
    with redirect_stdout(out), redirect_stderr(err), patch.object(sys, "argv", ["kneetrack", *words]):
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0
    return Result(out.getvalue(), err.getvalue(), code)


FUZZ = settings(examples(25), suppress_health_check=[HealthCheck.function_scoped_fixture])

MARKS = b"Date,Value,Notes\n2026-11-24,YES_MANUAL,a\n2026-11-23,SKIP,b\n2026-11-22,12000,\n2026-11-21,NO,\n"
"""Days of Loop, one of each kind."""

PIECES = (b"null", b"[]", b"{}", b"-1", b'"', b",", b"\n", b"9" * 30, b"\\ud800", b"true", b"\x00", b"\x1b", b"=", b"'")


@st.composite
def mangled(draw: st.DrawFn, whole: bytes) -> bytes:
    """Return a file with some of its bytes replaced, taken out, put in or doubled."""
    found = bytearray(whole)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(found)))
        length = draw(st.sampled_from((0, 1, 2, 8, 40)))
        piece = draw(st.one_of(st.binary(max_size=6), st.sampled_from(PIECES), st.just(bytes(found[: at // 2]))))
        found[at : at + length] = piece
    return bytes(found)


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.sampled_from(("9999-12-31", UID))),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(), inner, max_size=3)),
    max_leaves=5,
)
CELLS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(("", "bridge", "2026-11-20", "0", "15", "1e3", "07:30", "left", "'=1", UID, INSTANT)),
    st.sampled_from(("9999-12-31", "1900-01-01", "0001-01-01T00:00:00+00:00", "00:00", "-1", "99999999999999999999")),
)


def _zip(words: bytes) -> bytes:
    """Return a zip of the days of one habit."""
    kept = BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("001 Bridge/Checkmarks.csv", words)
    return kept.getvalue()


@pytest.fixture
def forms(run: Run, whole: dict[str, Any]) -> dict[str, bytes]:
    """Give one good file of each form."""
    return {
        "json": run("export").out.encode(),
        "json in another form": json.dumps(whole | {"digest": None}, indent=1).encode(),
        "csv": run("export --format csv").out.encode(),
        "loop": MARKS,
        "zip": _zip(MARKS),
    }


def records(export: str) -> set[str]:
    """Return the lines of an export that are records."""
    return {line.removesuffix(",") for line in export.splitlines()[1:-1]}


@pytest.fixture
def trial(db: Path, tmp_path: Path, forms: dict[str, bytes]) -> Callable[[bytes], None]:
    """Return a function that imports bytes, proves what must hold, and puts the diary back."""
    assert forms
    kept = db.read_bytes()
    before = typed("export").out
    path = tmp_path / "fuzz"

    def _trial(content: bytes) -> None:
        path.write_bytes(content)
        result = typed("import", str(path))
        assert result.code in FINE
        assert "Traceback" not in result.err
        assert not STEERS & set(result.out + result.err)
        if result.code or result.out.startswith("Nothing new"):
            assert db.read_bytes() == kept
            return
        try:
            for line in ("today", "history --all", "log bridge 15", "undo", "undo"):
                assert typed(*line.split()).code == 0
            assert typed("import", str(path)).code == 0
            assert typed("undo").code == 0
            assert records(before) <= records(typed("export").out)
        finally:
            db.write_bytes(kept)

    return _trial


@FUZZ
@given(st.data())
@pytest.mark.parametrize("form", ["json", "json in another form", "csv", "loop", "zip"])
def test_a_file_that_was_mangled_comes_in_whole_or_not_at_all(
    trial: Callable[[bytes], None], forms: dict[str, bytes], form: str, data: st.DataObject
) -> None:
    content = data.draw(mangled(forms[form]))
    trial(_zip(content) if form == "loop" else content)


@FUZZ
@given(st.one_of(st.binary(max_size=60), st.text(max_size=60).map(lambda words: words.encode("utf-8", "replace"))))
def test_any_bytes_are_refused_or_come_in(trial: Callable[[bytes], None], content: bytes) -> None:
    trial(content)


@FUZZ
@given(st.sampled_from(list(LISTS)), st.integers(0, 40), JSON)
def test_any_value_in_any_key_is_refused_or_comes_in(
    trial: Callable[[bytes], None], whole: dict[str, Any], name: str, at: int, value: object
) -> None:
    found = json.loads(json.dumps(whole))
    record = found[name][at % len(found[name])]
    record[list(record)[at % len(record)]] = value
    for uid in (UID, record.get("uid")):
        trial(_laid_out(found | {name: [*found[name], record | {"uid": uid}]}, "as a whole").encode())


@FUZZ
@given(
    st.lists(
        st.sampled_from(("uid", "day", "at", "exercise", "side", "sets", "reps", "note", "created_at")), unique=True
    ),
    st.lists(st.lists(CELLS, max_size=9), max_size=4),
)
def test_any_cells_are_refused_or_come_in(
    trial: Callable[[bytes], None], heading: list[str], cells: list[list[str]]
) -> None:
    kept = StringIO(newline="")
    names = [*heading, *{"day", "exercise"}.difference(heading)]
    csv.writer(kept).writerows([names, *[[*row, *("",) * 11][: len(names)] for row in cells]])
    trial(kept.getvalue().encode("utf-8", "surrogatepass"))


@FUZZ
@given(st.lists(st.lists(CELLS, max_size=3), max_size=4), st.lists(st.lists(CELLS, max_size=4), max_size=3))
def test_any_days_and_habits_of_loop_are_refused_or_come_in(
    tmp_path: Path, db: Path, marks: list[list[str]], habits: list[list[str]]
) -> None:
    kept = db.read_bytes()
    files = {"001 Bridge/Checkmarks.csv": marks, "Habits.csv": [["Position", "Name", "Unit"], *habits]}
    with zipfile.ZipFile(tmp_path / "loop.zip", "w") as made:
        for name, cells in files.items():
            words = StringIO(newline="")
            csv.writer(words).writerows(cells)
            made.writestr(name, words.getvalue().encode("utf-8", "surrogatepass"))
    result = typed("import", str(tmp_path / "loop.zip"))
    assert result.code in FINE
    assert not STEERS & set(result.out + result.err)
    db.write_bytes(kept)


WORDS = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12),
    st.text("0123456789xs,×-:.", min_size=1, max_size=8),
    st.sampled_from(
        ("bridge", "clam", "side-plank", "all", "last", "none", "3x15", "30s", "15,12", "today", "mon", "-2")
    ),
    st.sampled_from(("2026-11-20", "9999-12-31", "0000-00-00", "24:00", "07:30", "left", "0", "-1", "9" * 30)),
)
LINES = (
    ("log",), ("log", "bridge"), ("log", "bridge", "15", "-d"), ("log", "bridge", "15", "--at"),
    ("log", "clam", "--side"),
    ("log", "bridge", "--pain"), ("log", "bridge", "--sets"), ("edit", "last"), ("edit", "last", "--reps"),
    ("edit", "last", "-d"), ("edit", "last", "--exercise"), ("rm",), ("history",), ("history", "--from"), ("show",),
    ("exercises",), ("stats",), ("plan", "set"), ("plan", "set", "bridge"), ("plan", "set", "bridge", "--on"),
    ("plan", "set", "bridge", "--every"), ("plan", "set", "bridge", "--per-week"), ("plan", "set", "bridge", "--from"),
    ("plan", "drop"), ("skip",), ("skip", "-d"), ("pause", "--until"), ("pause", "--from"), ("resume",), ("add",),
    ("settings",), ("settings", "day_start"), ("settings", "pain_limit"), ("import", "--map"), ("export", "--format"),
)  # fmt: skip


@settings(FUZZ, max_examples=examples(150).max_examples)
@given(st.sampled_from(LINES), st.lists(WORDS, min_size=1, max_size=3))
def test_any_words_are_answered_or_refused_and_what_is_refused_changes_nothing(
    db: Path, line: tuple[str, ...], words: list[str]
) -> None:
    kept = db.read_bytes()
    with patch.object(os, "getcwd", side_effect=AssertionError):
        result = typed(*line, *words)
    assert result.code in FINE
    assert "Traceback" not in result.err
    assert not STEERS & set(result.out)
    if result.code:
        assert (result.out, db.read_bytes()) == ("", kept)
    db.write_bytes(kept)
