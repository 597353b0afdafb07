"""What cannot be done is refused in one sentence and writes nothing; hostile text is kept and shown harmless."""

import re
import shlex
from contextlib import closing
from pathlib import Path
from sqlite3 import connect

import pytest

from conftest import Run, read, sessions
from hostile import HOSTILE, STEERS

pytestmark = pytest.mark.usefixtures("diary", "clock")

LONG = "x" * 3000

REFUSED = {
    # names
    "unknown exercise": ("log brigde 15", "There is no exercise “brigde”. Did you mean bridge"),
    "unknown exercise like no other": ("log qqqqqq 15", "To see all: kneetrack exercises."),
    "unknown exercise in a line of several": ("log bridge 15 brigde 15", "“brigde”"),
    "ambiguous exercise": ("log single 15", "matches 3 exercises: single-leg-bridge, single-leg-mini-squat"),
    "part of a name to write": ("log shell 15", "There is no exercise “shell”"),
    "unknown exercise to plan": ("plan set brigde 3x12", "“brigde”"),
    "unknown exercise to drop": ("plan drop brigde", "“brigde”"),
    "unknown exercise to skip": ("skip brigde", "“brigde”"),
    "unknown exercise to pause": ("pause brigde", "“brigde”"),
    "unknown exercise to resume": ("resume brigde", "“brigde”"),
    "unknown exercise to show": ("show brigde", "“brigde”"),
    "unknown exercise in history": ("history brigde", "“brigde”"),
    "unknown exercise in stats": ("stats brigde", "“brigde”"),
    "unknown exercise in edit": ("edit last --exercise brigde", "“brigde”"),
    "unknown word in exercises": ("exercises qqqqqq", "No exercise fits all of that"),
    # doses
    "no words": ("log", "kneetrack log bridge 3x15"),
    "no sets": ("log bridge 0x15", "1 to 99 sets"),
    "no repetitions": ("log bridge 3x0", "1 to 9999 repetitions"),
    "no end": ("log bridge 3x", "“3x” is not a dose; write 15, 3x15"),
    "too many repetitions": ("log bridge 99999", "1 to 9999 repetitions"),
    "too many sets": ("log bridge 100x5", "1 to 99 sets"),
    "one x too many": ("log bridge 3x15x", "“3x15x” is not a dose"),
    "no unit": ("log bridge 3x15x5", "“3x15x5” is not a dose"),
    "hold too long": ("log bridge 3x15x99999s", "1 to 86400 seconds"),
    "sets in uneven sets": ("log bridge 3x15,10", "is not a dose"),
    "empty set": ("log bridge 15,,10", "is not a dose"),
    "decimal": ("log bridge 1.5", "is not a dose"),
    "x alone": ("log bridge x", "There is no exercise “x”"),
    "x before the number": ("log bridge x15", "There is no exercise “x15”"),
    "repetitions for a hold": ("log side-plank 15", "Side plank is held for seconds"),
    "repetitions option for a hold": ("log side-plank --reps 15", "Side plank is held for seconds"),
    "seconds for repetitions": ("log bridge 30s", "Bridge is counted in repetitions"),
    "hold alone for repetitions": ("log bridge --hold 30", "Bridge is counted in repetitions"),
    "dose with spaces": ("log bridge 3 x 15", "A dose has no spaces: write 3x15 instead of “3 x 15”"),
    "dose with a space before the x": ("log bridge 3 x15", "write 3x15 instead of “3 x15”"),
    "dose with a space after the x": ("log clam 12 bridge 3X 15", "write 3X15 instead of “3X 15”"),
    "dose with spaces and seconds": ("log bridge 3 x 15 x 5 s", "write 3x15x5s instead of “3 x 15 x 5 s”"),
    "uneven sets with spaces": ("log bridge 15, 12, 10 clam 12", "write 15,12,10 instead of “15, 12, 10”"),
    "seconds with a space": ("log side-plank 30 s", "write 30s instead of “30 s”"),
    "dose with spaces in a program": ("plan set bridge 3 x 12 --daily", "write 3x12 instead of “3 x 12”"),
    "dose before any name": ("log 15", "“15” has no exercise before it"),
    "two doses": ("log bridge 3x15 12", "“12” has no exercise before it"),
    "sets with spaces": ("log bridge 10 12 8", "Sets are joined by commas: write 10,12,8 instead of “10 12 8”."),
    "holds with spaces": ("log side-plank 30s 20s", "write 30s,20s instead of “30s 20s”."),
    "side among the names": ("log clam left", "A side is an option: kneetrack log clam --side left"),
    "side after a dose": ("log clam 3x12 right", "A side is an option: kneetrack log clam 3x12 --side right"),
    "again before the name": ("log again bridge", "“again” comes after the name: kneetrack log bridge again"),
    "again of what was never done": ("log clam again", "Clamshell has not been logged yet."),
    "again with a dose": ("log bridge again --reps 5", "“again” takes the dose of last time"),
    "again behind a dose": ("log bridge 15 again", "“again” takes the dose of last time"),
    "again with a side that there is not": ("log again --side left", "Bridge is not done per side"),
    "all before any plan": ("log all -d -3", "No plan covers Sun 22 Nov."),
    "dose and repetitions": ("log bridge 3x15 --reps 15", "Say the dose once"),
    "dose and sets": ("log bridge 3x15 --sets 3", "Say the dose once"),
    "dose and hold": ("log side-plank 30s --hold 30", "Say the dose once"),
    "repetitions of several": ("log bridge clamshell --reps 15", "each has its own dose"),
    "sets of several": ("log bridge clamshell --sets 2", "each has its own dose"),
    "hold of several": ("log bridge clamshell --hold 5", "each has its own dose"),
    "repetitions of all": ("log all --reps 15", "each has its own dose"),
    "all and another": ("log all bridge", "“all” goes alone"),
    "all with a dose": ("log all 15", "“all” goes alone"),
    "the same twice without a dose": ("log bridge glute-bridge", "twice"),
    "sets 0": ("log bridge --sets 0", "1 to 99 sets"),
    "repetitions -1": ("log bridge --reps -1", "1 to 9999 repetitions"),
    "hold 0": ("log side-plank --hold 0", "1 to 86400 seconds"),
    "dose of uneven sets in a program": ("plan set bridge 15,12", "equal sets"),
    "bad dose in a program": ("plan set bridge 3x", "is not a dose"),
    "repetitions for a hold in a program": ("plan set side-plank 3x15", "held for seconds"),
    "bad dose in edit": ("edit last 3x", "is not a dose"),
    "dose and repetitions in edit": ("edit last 3x15 --reps 15", "Say the dose once"),
    # options of log and edit
    "pain 11": ("log bridge 15 --pain 11", "Pain goes from 0 to 10."),
    "pain -1": ("log bridge 15 --pain -1", "Pain goes from 0 to 10."),
    "effort -1": ("log bridge 15 --effort -1", "Effort goes from 0 to 10."),
    "effort 11": ("log bridge 15 --effort 11", "Effort goes from 0 to 10."),
    "unknown side": ("log clam 15 --side middle", "“middle” is not a side; write left, right or both"),
    "side of an exercise that has none": ("log bridge 15 --side left", "Bridge is not done per side"),
    "side of several": ("log clam 15 bridge 15 --side left", "Bridge is not done per side"),
    "side of all": ("log all --side left", "Bridge is not done per side"),
    "long note": (f"log bridge 15 --note {LONG}", "at most 2000 characters"),
    "note a little too long": (f"log bridge 15 --note {'x' * 2001}", "at most 2000 characters"),
    "long load": (f"log bridge 15 --load {LONG}", "at most 2000 characters"),
    "long reason": (f"skip --reason {LONG}", "at most 2000 characters"),
    "long note in edit": (f"edit last --note {LONG}", "at most 2000 characters"),
    "pain 11 in edit": ("edit last --pain 11", "0 to 10"),
    "pain in words in edit": ("edit last --pain much", "“much”"),
    "side in edit": ("edit last --side left", "Bridge is not done per side"),
    "edit without changes": ("edit last", "Say what to change"),
    "pain of another scale": (
        "log bridge 15 --pain 5/7",
        "--pain takes a whole number from 0 to 10, such as 7 or 7/10, not “5/7”.",
    ),
    "pain above ten of ten": ("log bridge 15 --pain 11/10", "Pain goes from 0 to 10."),
    "number that is long": (f"log bridge --pain {'9' * 5000}", "Pain goes from 0 to 10."),
    "word that is long": (f"history --days {'9' * 5000}x", f"not “{'9' * 60}…”."),
    # days
    "next mon to log": ("log bridge 15 -d next mon", "Mon 30 Nov is still to come"),
    "30 feb": ("log bridge 15 -d 30 feb", "30 feb is not a date."),
    "half a day": ("log bridge 15 -d 2 days", "“2” is not a day; write today, yesterday"),
    "13pm": ("log bridge 15 --at 13pm", "“13pm” is not a time of day; write it as 07:30, 18 or 6pm."),
    "future day": ("log bridge 15 -d tomorrow", "still to come"),
    "future day in edit": ("edit last -d tomorrow", "still to come"),
    "future time": ("log bridge 15 --at 07:42", "still to come"),
    "31 February": ("log bridge 15 -d 2026-02-31", "2026-02-31 is not a date"),
    "before the diary": ("log bridge 15 -d 1899-12-31", "before 1900-01-01"),
    "no day": ("log bridge 15 -d someday", "is not a day; write today, yesterday"),
    "--at 25:00": ("log bridge 15 --at 25:00", "“25:00” is not a time of day"),
    "--at noon": ("log bridge 15 --at noon", "is not a time of day"),
    "history --from after --until": ("history --from today --until yesterday", "is after"),
    "history --days with --all": ("history --days 3 --all", "Choose one of"),
    "history --days with --from": ("history --days 3 --from mon", "Choose one of"),
    "history --all with --until": ("history --all --until mon", "Choose one of"),
    "history --days 0": ("history --days 0", "--days takes 1 to 40000 days, not 0."),
    "history --days -3": ("history --days -3", "--days takes 1 to 40000 days, not -3."),
    "history --days 40001": ("history --days 40001 --json", "--days takes 1 to 40000 days, not 40001."),
    "calendar --months 0": ("calendar --months 0", "--months takes 1 to 120 months, not 0."),
    "calendar --months 121": ("calendar --months 121", "--months takes 1 to 120 months, not 121."),
    "nothing to explain": (
        "explain pane",
        "“pane” cannot be explained; choose streak, adherence, habit, pain or rule.",
    ),
    "history of no day": ("history --from someday", "is not a day"),
    "pause --from after --until": ("pause --from sun --until 2026-11-26", "is before"),
    "pause until no day": ("pause --until someday", "is not a day"),
    "skip of no day": ("skip -d someday", "is not a day"),
    "plan from no day": ("plan set bridge --from someday", "is not a day"),
    "drop from no day": ("plan drop bridge --from 2026-02-31", "2026-02-31 is not a date."),
    # the program
    "--per-week 8": ("plan set bridge --per-week 8", "1 to 7"),
    "--per-week 0": ("plan set bridge --per-week 0", "1 to 7"),
    "--every 0": ("plan set bridge --every 0", "1 to 365"),
    "--every 366": ("plan set bridge --every 366", "1 to 365"),
    "--daily and --every": ("plan set bridge --daily --every 2", "Choose one of"),
    "--on and --per-week": ("plan set bridge --on mon --per-week 2", "Choose one of"),
    "unknown weekday": ("plan set bridge --on mon,funday", "“funday” is not a weekday"),
    "the same twice in a program": ("plan set bridge 3x12 bridges 3x10", "twice"),
    "dose before any name in a program": ("plan set 3x12", "has no exercise before it"),
    "weekdays with a space": ("plan set bridge --on mon, wed", "Weekdays have no spaces between: write --on mon,wed."),
    "weekdays with spaces": ("plan set bridge 3x12 --on mon, wed, fri", "write --on mon,wed,fri."),
    "weekdays with a space before": ("plan set bridge --on mon ,wed", "write --on mon,wed."),
    "weekdays with a comma alone": ("plan set bridge --on mon , wed", "write --on mon,wed."),
    "drop what is not in the program": ("plan drop side-plank", "Side plank is not in your plan"),
    "resume what is not paused": ("resume bridge", "Bridge is not paused"),
    "resume when nothing is paused": ("resume", "Nothing is paused"),
    # records
    "unknown id": ("rm zzzz", "zzzz"),
    "id of nothing": (f"rm {'f' * 32}", "Nothing has the id"),
    "short id": ("purge abc --yes", "An id has at least 4 characters"),
    "id in edit": ("edit zzzz 12", "zzzz"),
    "id in purge": ("purge zzzz --yes", "zzzz"),
    "nothing to redo": ("redo", "nothing to redo"),
    # settings
    "unknown setting": ("settings colour red", "There is no setting “colour”"),
    "day_start 13:00": ("settings day_start 13:00", "00:00 and 11:59"),
    "day_start 12:00": ("settings day_start 12:00", "00:00 and 11:59"),
    "day_start in words": ("settings day_start noon", "is not a time of day"),
    "pain_limit 11": ("settings pain_limit 11", "0 to 10"),
    "pain_limit with zeros in front": ("settings pain_limit 0011", "0 to 10"),
    "pain_limit -1": ("settings pain_limit -- -1", "0 to 10"),
    "pain_limit in words": ("settings pain_limit low", "0 to 10"),
    "pain_limit beyond any number": (f"settings pain_limit {'9' * 5000}", "0 to 10"),
    # own exercises
    "add an existing name": ("add Bridge", "There is already Bridge"),
    "add a plural": ("add bridges", "There is already Bridge"),
    "add an alias": ("add glute-bridge", "There is already Bridge"),
    "add all": ("add ALL", "“ALL” means something else"),
    "add again": ("add again", "“again” means something else"),
    "add last": ("add last", "“last” means something else"),
    "add a name that begins with a digit": ("add 3way-hop", "begins with a letter"),
    "add a name that begins with a sign": ("add '+wave'", "begins with a letter"),
    "add a name of two lines": ("add 'wall\npush'", "begins with a letter"),
    "add none": ("add none", "“none” means something else"),
    "add a long name": (f"add {LONG}", "at most 60"),
}


@pytest.mark.parametrize(("line", "piece"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_done_is_refused_in_one_sentence_and_writes_nothing(
    line: str, piece: str, run: Run, diary: Path
) -> None:
    run("log bridge 15")
    kept, beside = diary.read_bytes(), sorted(diary.parent.rglob("*"))
    result = run(line)
    assert result.code == 2
    assert result.out == ""
    assert piece in result.err
    assert len(result.err.splitlines()) == 1
    assert re.search(r"[.?]$|kneetrack [^.]+$", result.err)
    assert diary.read_bytes() == kept
    assert sorted(diary.parent.rglob("*")) == beside


@pytest.mark.parametrize(
    ("line", "before"),
    [
        ("log ''", "log"),
        ("log bridge 15 -d ''", "-d"),
        ("log bridge 15 --at ''", "--at"),
        ("log bridge 15 --at=", "--at"),
        ("log bridge 15 --db ''", "--db"),
        ("log bridge 15 --side ''", "--side"),
        ("history ''", "history"),
        ("history --from ''", "--from"),
        ("history --until=", "--until"),
        ("stats ''", "stats"),
        ("exercises ''", "exercises"),
        ("exercises --muscle ''", "--muscle"),
        ("edit last --exercise ''", "--exercise"),
        ("edit last -d ''", "-d"),
        ("rm ''", "rm"),
        ("skip ''", "skip"),
        ("skip -d ''", "-d"),
        ("pause ''", "pause"),
        ("pause --until ''", "--until"),
        ("resume ''", "resume"),
        ("plan set bridge --on ''", "--on"),
        ("plan set bridge --from ''", "--from"),
        ("plan drop bridge --from ''", "--from"),
        ("add ''", "add"),
        ("settings ''", "settings"),
        ("settings day_start ''", "day_start"),
        ("restore ''", "restore"),
        ("export ''", "export"),
        ("import ''", "import"),
        ("''", "kneetrack"),
    ],
)
def test_an_empty_word_is_never_taken_as_one_that_was_not_given(line: str, before: str, run: Run, diary: Path) -> None:
    run("log bridge 15")
    kept, beside = diary.read_bytes(), sorted(diary.parent.rglob("*"))
    said = f"“{before}” is followed by an empty value: fill it in, or leave it out.\n"
    assert run(line) == ("", said, 2)
    assert (diary.read_bytes(), sorted(diary.parent.rglob("*"))) == (kept, beside)


def test_an_empty_text_is_none(run: Run) -> None:
    assert run("log bridge 15 --note '' --load ''").code == run("skip --reason=").code == 0
    assert (sessions(run)[0]["note"], sessions(run)[0]["load"]) == (None, None)
    assert read(run, "today")["paused"]["reason"] is None


@pytest.mark.parametrize("line", ["today", "log bridge", "settings"])
def test_a_diary_in_a_home_that_nobody_has_is_one_that_is_not_there(line: str, run: Run) -> None:
    result = run(f"--db ~nobody-here/diary.db {line}")
    assert result.code == (0 if line == "settings" else 66)
    assert "~nobody-here" in result.out + result.err


@pytest.mark.parametrize(
    "line",
    [
        "log bridge 15 --colour red",
        "log bridge 15 --pain much",
        "log bridge 15 --reps",
        "log bridge -5",
        "history --days x",
        "plan set",
        "plan put bridge",
        "edit",
        "today tomorrow",
        "lgo bridge",
        "--colour",
    ],
)
def test_a_wrong_option_is_answered_in_one_sentence_and_writes_nothing(line: str, run: Run, diary: Path) -> None:
    kept = diary.read_bytes()
    result = run(line)
    assert (result.code, result.out) == (2, "")
    assert result.err.count("\n") == 1
    assert "─" not in result.err
    assert "Traceback" not in result.err
    assert diary.read_bytes() == kept


def shared_beginning(run: Run, diary: Path) -> str:
    """Log two sessions whose ids begin with the same four characters, and return those."""
    run("log bridge 1,2")
    with closing(connect(diary)) as connection, connection:
        connection.execute("UPDATE session SET uid = 'abcd' || substr(uid, 5)")
    return "abcd"


@pytest.mark.parametrize("verb", ["rm {}", "edit {} --note x", "purge {} --yes"])
def test_the_beginning_of_several_ids_is_refused(verb: str, run: Run, diary: Path) -> None:
    beginning = shared_beginning(run, diary)
    kept = diary.read_bytes()
    result = run(verb.format(beginning))
    assert (result.code, result.out) == (2, "")
    assert f"records have an id that begins with {beginning}; type more of it." in result.err
    assert diary.read_bytes() == kept


def test_undo_with_nothing_to_undo_is_refused(run: Run, diary: Path) -> None:
    kept = diary.read_bytes()
    result = run("undo")
    assert (result.code, result.out, result.err) == (2, "", "There is nothing to undo.\n")
    assert diary.read_bytes() == kept


@pytest.mark.parametrize("line", ["edit last 12", "rm last", "purge last --yes"])
def test_last_of_nothing_is_refused(line: str, run: Run) -> None:
    result = run(line)
    assert (result.code, result.out, result.err) == (2, "", "Nothing has been logged yet.\n")


def test_a_pause_cannot_be_edited(run: Run) -> None:
    run("pause")
    listed = run("pause --list").out.split()[0]
    result = run(f"edit {listed} --note x")
    assert (result.code, result.out) == (2, "")
    assert "kneetrack resume" in result.err


def test_what_is_refused_late_in_a_line_writes_nothing_of_it(run: Run) -> None:
    assert run("log bridge 3x15 clamshell 3x15 side-plank 3x15").code == 2
    assert sessions(run) == []


ALL_AT_ONCE = shlex.quote("\x1b]52;c;cm0=\x07\x9b31m\u202e\U000e0067\r\n[red]")

WRITES = {
    "log": "log bridge 15 --note {0} --load {0}",
    "edit": "edit last --note {0} --load {0}",
    "skip": "skip --reason {0}",
    "pause": "pause --reason {0}",
}
READS = ("today", "history", "history --all", "show bridge", "stats", "undo --list", "pause --list", "plan", "settings")


def shown(words: str) -> str:
    """Return hostile words as they may reach a terminal."""
    return "".join(ascii(character)[1:-1] if character in STEERS | {"\n"} else character for character in words)


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_stored_raw_and_never_reaches_the_terminal(words: str, run: Run) -> None:
    run("log bridge 15")
    typed = shlex.quote(words)
    answers = [run(line.format(typed)) for line in WRITES.values()]
    answers += [run(line) for line in READS]
    answers += [run("rm last"), run("undo"), run("redo"), run("log clamshell"), run("resume")]
    for answer in answers:
        assert (answer.code, answer.err) == (0, "")
        assert not STEERS & set(answer.out)


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_stored_as_it_was_typed(words: str, run: Run) -> None:
    typed = shlex.quote(words)
    run(f"log bridge 15 --note {typed} --load {typed}")
    run(f"pause --reason {typed}")
    assert (sessions(run)[0]["note"], sessions(run)[0]["load"]) == (words, words)
    today = read(run, "today")
    assert (today["paused"]["reason"], today["items"][0]["last_note"]) == (words, words)


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_shown_written_out(words: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    typed = shlex.quote(words)
    run(f"log bridge 15 --note {typed}")
    run(f"pause --reason {typed}")
    for line in ("history", "show bridge"):
        assert shown(words) in run(line).out
    for line in ("today", "pause --list", "log clam 12"):
        assert f"({shown(words)})" in run(line).out


@pytest.mark.parametrize(
    "line",
    [
        "log {0} 15",
        "log bridge 3{0}",
        "log clam 15 --side {0}",
        "log bridge 15 -d {0}",
        "log bridge 15 --at {0}",
        "history {0}",
        "show {0}",
        "exercises {0}",
        "skip {0}",
        "plan set {0}",
        "plan set bridge 3{0}",
        "plan set bridge --on {0}",
        "plan drop {0}",
        "rm {0}",
        "edit last --pain {0}",
        "settings {0} 1",
        "settings pain_limit {0}",
        "today --db /nowhere/{0}",
        "log bridge --db /nowhere/{0}/x.db",
    ],
)
def test_hostile_text_in_a_mistake_is_shown_harmless_in_one_sentence(line: str, run: Run) -> None:
    run("log bridge 15")
    result = run(line.format(ALL_AT_ONCE))
    assert result.code in {2, 66}
    assert result.out == ""
    assert not STEERS & set(result.err)
    assert len(result.err.splitlines()) == 1


@pytest.mark.parametrize("words", ["\x1b[31mred", "a\u202eb", "a\nb\x07", "[red]x", "x\x9b31m"], ids=ascii)
def test_a_name_that_could_steer_a_terminal_is_not_added(words: str, run: Run, diary: Path) -> None:
    kept = diary.read_bytes()
    result = run(f"add {shlex.quote(words)}")
    assert (result.code, result.out) == (2, "")
    assert not STEERS & set(result.err)
    assert diary.read_bytes() == kept


def test_bytes_that_are_not_utf_8_are_stored_and_shown_written_out(run: Run) -> None:
    words = b"caf\xe9".decode("utf-8", "surrogateescape")
    assert run(f"log bridge 15 --note {words} --load {words}").code == 0
    assert run(f"pause --reason {words}").code == 0
    assert sessions(run)[0]["note"] == r"caf\xe9"
    assert r"caf\xe9" in run("history").out
    assert r"caf\xe9" in run("pause --list").out


@pytest.mark.parametrize("line", ["log {}", "history {}", "show {}", "rm {}", "log bridge -d {}", "settings {}"])
def test_bytes_that_are_not_utf_8_in_a_mistake_end_in_one_sentence(line: str, run: Run) -> None:
    result = run(line.format(b"caf\xe9".decode("utf-8", "surrogateescape")))
    assert (result.code, result.out) == (2, "")
    assert len(result.err.splitlines()) == 1
    assert "Traceback" not in result.err
