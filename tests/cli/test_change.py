"""Every command that writes something else than a new session, and undo."""

import io
import json
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from conftest import NOW, ZONE, Run, read, sessions

pytestmark = pytest.mark.usefixtures("diary", "clock")

EXAMPLE = "You start with an example plan, not advice."


class Terminal(io.StringIO):
    """Somebody at a keyboard."""

    def isatty(self) -> bool:
        """Return True, as a terminal does."""
        return True


def only(run: Run) -> dict[str, Any]:
    """Return the one session that there is."""
    (item,) = sessions(run)
    return item


def reps(run: Run) -> list[int | None]:
    """Return the repetitions of every session, in the order of writing."""
    return [item["reps"] for item in sessions(run)]


def program(run: Run) -> dict[str, dict[str, Any]]:
    """Return the plan in force by exercise."""
    return {item["exercise"]: item for item in read(run, "plan")["plan"]}


def short(run: Run, exercise: str = "bridge") -> str:
    """Return the beginning of the id of the one session of an exercise."""
    (found,) = (item["id"] for item in sessions(run) if item["exercise"] == exercise)
    return str(found)[:8]


# edit


@pytest.mark.parametrize(
    ("options", "key", "value"),
    [
        ("12", "reps", 12),
        ("3x12", "sets", 3),
        ("3x12x5s", "hold_s", 5),
        ("--sets 2", "sets", 2),
        ("--reps 12", "reps", 12),
        ("--hold 5", "hold_s", 5),
        ("--load 'red band'", "load", "red band"),
        ("--pain 2", "pain", 2),
        ("--pain 0", "pain", 0),
        ("--pain 0000000005", "pain", 5),
        ("--effort 10", "effort", 10),
        ("--note hard", "note", "hard"),
        ("-d yesterday", "day", "2026-11-24"),
        ("-d -2", "day", "2026-11-23"),
        ("--at 07:30", "at", "2026-11-25T07:30:00+01:00"),
        ("--exercise wall-sit 30s", "exercise", "wall_sit"),
    ],
)
def test_edit_changes_what_is_named_and_keeps_the_rest(options: str, key: str, value: object, run: Run) -> None:
    run("log bridge 1x15x3s --load 'blue band' --pain 1 --effort 4 --note easy")
    before = only(run)
    assert run(f"edit last {options}").code == 0
    after = only(run)
    assert after[key] == value
    may_change = {key, *({"sets", "reps", "hold_s"} if options[0].isdigit() or "30s" in options else ())}
    may_change |= {"at"} if key == "day" else set()
    assert {name for name in before if before[name] != after[name]} <= may_change
    run("undo")
    assert only(run) == before


@pytest.mark.parametrize("key", ["sets", "reps", "hold", "load", "pain", "effort", "note", "at"])
def test_the_word_none_clears_a_value(key: str, run: Run) -> None:
    run("log bridge 2x15x3s --load 'blue band' --pain 1 --effort 4 --note easy")
    before, field = only(run), {"hold": "hold_s"}.get(key, key)
    assert run(f"edit last --{key} none").code == 0
    assert only(run) == {**before, field: None}


def test_edit_changes_the_side(run: Run) -> None:
    run("log clam 15")
    run("edit last --side left")
    assert only(run)["side"] == "left"


def test_a_session_moved_to_another_day_has_no_time_unless_one_is_named(run: Run) -> None:
    run("log bridge 15")
    run("edit last -d yesterday")
    assert (only(run)["day"], only(run)["at"]) == ("2026-11-24", None)
    run("edit last -d 2026-11-20 --at 07:30")
    assert (only(run)["day"], only(run)["at"]) == ("2026-11-20", "2026-11-20T07:30:00+01:00")


def test_a_session_that_is_no_longer_per_side_has_no_side_and_the_other_way_round(run: Run) -> None:
    run("log clam 15 --side left")
    run("edit last --exercise bridge")
    assert (only(run)["exercise"], only(run)["side"]) == ("bridge", None)
    run("edit last --exercise clamshell")
    assert (only(run)["exercise"], only(run)["side"]) == ("clamshell", "both")


def test_repetitions_are_cleared_when_the_exercise_turns_out_to_be_held(run: Run) -> None:
    run("log bridge 3x15")
    assert run("edit last --exercise wall-sit --hold 30").code == 0
    assert (only(run)["exercise"], only(run)["reps"], only(run)["hold_s"]) == ("wall_sit", None, 30)


def test_an_exercise_that_is_counted_differently_needs_its_dose(run: Run) -> None:
    run("log bridge 15")
    assert run("edit last --exercise wall-sit").code == 2
    assert only(run)["exercise"] == "bridge"


def test_edit_takes_an_id(run: Run) -> None:
    run("log bridge 15")
    run("log clam 12")
    assert run(f"edit {short(run)} 10").code == 0
    assert [(item["exercise"], item["reps"]) for item in sessions(run)] == [("bridge", 10), ("clamshell", 12)]


@pytest.mark.parametrize("verb", ["edit last --note x", "rm last"])
def test_last_is_the_exercise_first_written_last_whatever_its_day(verb: str, run: Run) -> None:
    run("log bridge 15")
    run("log clam 12 -d 2026-11-01")
    run(verb)
    assert [item["note"] for item in sessions(run) if item["exercise"] == "bridge"] == [None]
    assert [item["note"] for item in sessions(run) if item["exercise"] == "clamshell"] == (
        ["x"] if "edit" in verb else []
    )


def test_last_stays_the_same_when_another_session_is_edited(run: Run) -> None:
    run("log bridge 15")
    run("log clam 12")
    run(f"edit {short(run)} --note x")
    run("rm last")
    assert only(run)["exercise"] == "bridge"


def test_last_is_the_last_exercise_of_a_line_also_when_another_one_of_it_was_edited(run: Run) -> None:
    run("log bridge 15 clam 12")
    run(f"edit {short(run)} --note x")
    run("rm last")
    assert only(run)["exercise"] == "bridge"


def test_history_keeps_the_order_of_writing_when_a_session_is_edited(run: Run) -> None:
    run("log bridge 15 clam 12")
    before = [item["id"] for item in sessions(run)]
    run(f"edit {short(run)} --note x")
    assert [item["id"] for item in sessions(run)] == before


def test_edit_of_uneven_sets_changes_every_set(run: Run) -> None:
    run("log bridge 15,12,10")
    run("edit last --pain 2 -d yesterday")
    assert [(item["reps"], item["pain"], item["day"]) for item in sessions(run)] == [
        (15, 2, "2026-11-24"),
        (12, 2, "2026-11-24"),
        (10, 2, "2026-11-24"),
    ]
    run("edit last 14,11,9")
    assert reps(run) == [14, 11, 9]
    run("undo")
    assert reps(run) == [15, 12, 10]


@pytest.mark.parametrize("word", ["15", "15,12", "15,12,10,8"])
def test_edit_of_uneven_sets_needs_as_many_doses(word: str, run: Run) -> None:
    run("log bridge 15,12,10")
    assert run(f"edit last {word}").code == 2
    assert reps(run) == [15, 12, 10]


def test_the_id_of_one_uneven_set_stands_for_all_of_them(run: Run) -> None:
    run("log bridge 15,12,10 clam 8")
    run(f"edit {sessions(run)[1]['id']} --note x")
    assert sorted((item["exercise"], item["note"]) for item in sessions(run) if item["note"]) == [("bridge", "x")] * 3


@pytest.mark.parametrize(
    "options", ["2x15", "--sets 2", "--pain 2 --note easy", "-d today", "--effort none", "--exercise bridge"]
)
def test_an_edit_that_changes_nothing_writes_nothing_and_says_so(options: str, run: Run, diary: Path) -> None:
    run("log bridge 2x15 --pain 2 --note easy")
    kept, steps = diary.read_bytes(), run("undo --list").out
    said = run(f"edit last {options}")
    assert (said.code, said.out) == (0, "No change: Bridge 2×15, Wed 25 Nov already has these values.\n")
    assert diary.read_bytes() == kept
    assert run("undo --list").out == steps


def test_edit_answers_as_log_does(run: Run) -> None:
    run("log bridge 15")
    lines = run("edit last 3x10 -d yesterday").out.splitlines()
    assert lines[0].startswith("● Bridge 15 → 3×10 ")
    assert "Wed 25 Nov 07:41 → Tue 24 Nov" in lines[0]
    assert short(run)[:4] in lines[0]
    assert lines[1].startswith("  left today: ")
    assert "streak 1 day" in lines[2]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("--pain 3", "◐ Bridge 15 · pain 2 → 3 · note “easy”"),
        ("--pain none --note none", "◐ Bridge 15 · pain 2 → none · note “easy” → none"),
        ("--effort 6 --load 'red band'", "◐ Bridge 15 · pain 2 · effort none → 6 · load none → red band · note “easy”"),
        ("3x15", "● Bridge 15 → 3×15 · pain 2 · note “easy”"),
        ("--exercise clamshell --side left", "◐ Bridge → Clamshell, 15 → 15, left side · pain 2 · note “easy”"),
    ],
)
def test_edit_shows_what_it_changed_from_what_to_what(options: str, said: str, run: Run) -> None:
    run("log bridge 15 --pain 2 --note easy")
    assert run(f"edit last {options}").out.startswith(f"{said} ")


def test_edit_to_pain_above_the_limit_answers_as_log_does(run: Run) -> None:
    run("log bridge 15")
    answer = run("edit last --pain 6").out
    assert "Pain 6 is above your limit of 5." in answer
    assert "streak" not in answer


# rm


def test_rm_takes_a_session_out_and_undo_brings_it_back(run: Run) -> None:
    run("log bridge 15 --note easy")
    before = only(run)
    answer = run("rm last").out
    assert "Bridge 15, Wed 25 Nov" in answer
    assert "kneetrack undo" in answer
    assert sessions(run) == []
    run("undo")
    assert only(run) == before


def test_rm_of_uneven_sets_takes_all_of_them_and_nothing_else(run: Run) -> None:
    run("log clam 8 bridge 15,12,10")
    run("rm last")
    assert only(run)["exercise"] == "clamshell"


def test_rm_takes_a_pause(run: Run) -> None:
    run("pause --reason travel")
    listed = run("pause --list").out.split()[0]
    assert run(f"rm {listed}").code == 0
    assert read(run, "today")["paused"] is None


def test_rm_twice_finds_nothing_the_second_time(run: Run) -> None:
    run("log bridge 15")
    ident = short(run)
    run(f"rm {ident}")
    assert run(f"rm {ident}").code == 2
    assert run("rm last").code == 2


# undo and redo


def test_undo_takes_back_one_change_after_the_other_and_redo_brings_them_back_in_their_order(run: Run) -> None:
    for number in (15, 12, 10):
        run(f"log bridge {number}")
    seen = []
    for verb in ("undo", "undo", "redo", "undo", "undo", "redo", "redo", "redo"):
        assert run(verb).code == 0
        seen.append(reps(run))
    assert seen == [[15, 12], [15], [15, 12], [15], [], [15], [15, 12], [15, 12, 10]]
    assert run("redo").code == 2


def test_undo_takes_back_a_whole_line(run: Run) -> None:
    run("log bridge 15,12 clam 8 side-plank 30s")
    run("undo")
    assert sessions(run) == []
    run("redo")
    assert len(sessions(run)) == 4


def test_the_example_program_is_not_undone(run: Run) -> None:
    assert run("undo").code == 2
    run("log bridge 15")
    assert run("undo").code == 0
    assert run("undo").code == 2
    assert list(program(run)) == ["bridge", "clamshell"]


def test_a_new_change_ends_redo(run: Run) -> None:
    run("log bridge 15")
    run("undo")
    run("log bridge 12")
    assert run("redo").code == 2
    assert reps(run) == [12]


def test_undo_after_redo_takes_back_the_same_change(run: Run) -> None:
    run("log bridge 15")
    run("log bridge 12")
    for verb in ("undo", "redo", "undo"):
        run(verb)
    assert reps(run) == [15]


@pytest.mark.parametrize(
    "line",
    [
        "edit last 3x12 --note y -d yesterday",
        "rm last",
        "plan set bridge 3x12 side-plank 2x20s --per-week 3",
        "plan drop clamshell",
        "skip",
        "pause bridge --until sun --reason travel",
        "resume clamshell",
        "settings day_start 04:00",
        "add wall-push --per-side",
    ],
)
def test_every_change_can_be_undone_and_redone(line: str, run: Run) -> None:
    run("log bridge 15 --note x")
    run("pause clamshell")

    def everything() -> tuple[object, ...]:
        whole = [read(run, command) for command in ("today", "history --all", "plan", "exercises")]
        return (*whole, run("settings").out, run("pause --list").out)

    before = everything()
    assert run(line).code == 0
    after = everything()
    assert after != before
    assert run("undo").code == 0
    assert everything() == before
    assert run("redo").code == 0
    assert everything() == after


def test_undo_and_redo_say_what_and_how_to_turn_back(run: Run) -> None:
    run("log bridge 15")
    undone = run("undo").out
    assert "log bridge 15" in undone
    assert "kneetrack redo" in undone
    redone = run("redo").out
    assert "log bridge 15" in redone
    assert "kneetrack undo" in redone


def test_undo_list_shows_changes_newest_first_and_writes_nothing(run: Run, diary: Path) -> None:
    run("log bridge 15 --note private")
    run("plan set clamshell 2x12")
    kept = diary.read_bytes()
    lines = run("undo --list").out.splitlines()
    assert ["plan set clamshell 2x12" in lines[0], "log bridge 15" in lines[1], len(lines)] == [True, True, 2]
    assert all(line.split()[1:5] == ["Wed", "25", "Nov", "07:41"] for line in lines)
    assert "private" not in "".join(lines)
    assert diary.read_bytes() == kept


def test_undo_list_tells_what_is_undone(run: Run) -> None:
    run("log bridge 15")
    run("log bridge 12")
    run("undo")
    lines = run("undo --list").out.splitlines()
    assert ["(undone)" in line for line in lines] == [True, False]


# purge


def test_purge_deletes_a_record_with_all_its_versions(run: Run, diary: Path) -> None:
    run("log bridge 15 --note firstsecret")
    run("edit last --note secondsecret")
    result = run("purge last --yes")
    assert result.code == 0
    assert "Bridge 15, Wed 25 Nov" in result.out
    assert sessions(run) == []
    kept = diary.read_bytes()
    assert b"firstsecret" not in kept
    assert b"secondsecret" not in kept
    assert run("undo").code == 2
    assert run("redo").code == 2


@pytest.mark.parametrize("gone", ["rm last", "undo"])
@pytest.mark.parametrize("line", ["purge last --yes", "rm LAST", "edit last --note x"])
def test_last_is_what_history_shows_also_after_something_was_taken_out(line: str, gone: str, run: Run) -> None:
    run("log bridge 15")
    run("log clamshell 12")
    run(gone)
    assert "Bridge" in run(line).out
    assert "Clamshell" not in run("history").out


def test_what_was_removed_is_purged_by_its_id(run: Run) -> None:
    run("log bridge 15")
    ident = sessions(run)[0]["id"][:8]
    run("rm last")
    assert run(f"purge {ident} --yes").code == 0


@pytest.mark.parametrize("line", ["edit last --note same", "rm last", "purge last --yes"])
def test_last_acts_on_all_the_sets_of_its_exercise_in_that_command(line: str, run: Run) -> None:
    run("log bridge 9 clamshell 15,12,10")
    run(line)
    found = [each for each in sessions(run) if each["exercise"] == "clamshell"]
    assert all(each["note"] == "same" for each in found)
    assert len(found) == (3 if line.startswith("edit") else 0)
    assert [each["note"] for each in sessions(run) if each["exercise"] == "bridge"] == [None]


def test_purge_leaves_what_else_was_logged(run: Run) -> None:
    run("log bridge 15,12 clam 8")
    run(f"purge {short(run, 'clamshell')} --yes")
    assert reps(run) == [15, 12]
    run("undo")
    assert sessions(run) == []


def test_purge_takes_a_pause(run: Run) -> None:
    run("pause --reason travel")
    listed = run("pause --list").out.split()[0]
    assert run(f"purge {listed} --yes").code == 0
    assert run("pause --list").out.startswith("Nothing is paused.")


def test_purge_refuses_where_nobody_can_be_asked(run: Run, diary: Path) -> None:
    run("log bridge 15")
    kept = diary.read_bytes()
    result = run("purge last")
    assert (result.code, result.out) == (2, "")
    assert "--yes" in result.err
    assert diary.read_bytes() == kept


@pytest.mark.parametrize(("typed", "left"), [("y\n", []), ("n\n", [15]), ("\n", [15])], ids=["yes", "no", "nothing"])
def test_purge_asks_at_a_terminal(typed: str, left: list[int], run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("log bridge 15")
    monkeypatch.setattr(sys, "stdin", Terminal(typed))
    result = run("purge last")
    assert result.code == 0
    assert "Bridge 15, Wed 25 Nov" in result.out
    assert reps(run) == left


# settings


@pytest.mark.parametrize(
    ("key", "value", "shown"),
    [
        ("day_start", "04:00", "04:00"),
        ("day_start", "4:30", "04:30"),
        ("day-start", "11:59", "11:59"),
        ("DAY_START", "00:00", "00:00"),
        ("pain_limit", "0", "0"),
        ("pain_limit", "10", "10"),
        ("pain_rule", "LIGHT", "light"),
        ("pain-rule", "03", "3"),
    ],
)
def test_a_setting_is_changed_and_shown(key: str, value: str, shown: str, run: Run) -> None:
    answer = run(f"settings {key} {value}")
    assert answer.code == 0
    assert shown in answer.out
    assert run(f"settings {key}").out.split()[1] == shown


def test_settings_show_every_setting_and_where_the_diary_is(run: Run, diary: Path) -> None:
    lines = run("settings").out.splitlines()
    assert [line.split()[:2] for line in lines] == [
        ["day_start", "00:00"],
        ["pain_limit", "5"],
        ["pain_rule", "mykneecap"],
        ["sound", "tones"],
        ["diary", str(diary)],
    ]


# add


def test_an_added_exercise_can_be_logged_prescribed_and_shown(run: Run) -> None:
    answer = run("add wall-push --per-side").out
    assert "Wall-push" in answer
    assert run("log wall-push 3x10 --side left").code == 0
    assert run("plan set 'wall push' 3x10").code == 0
    assert run("show wall_push").code == 0
    assert (only(run)["exercise"], only(run)["side"]) == ("wall_push", "left")
    assert "wall_push" in {item["id"] for item in read(run, "exercises")["exercises"]}


def test_an_added_exercise_that_is_held_takes_seconds(run: Run) -> None:
    run("add wall-lean --hold")
    assert run("log wall-lean 15").code == 2
    assert run("log wall-lean 3x30s").code == 0
    assert (only(run)["side"], only(run)["reps"], only(run)["hold_s"]) == (None, None, 30)


def test_an_added_exercise_has_no_dose_until_one_is_given(run: Run) -> None:
    run("add wall-push")
    for line in ("log wall-push", "log wall-push --sets 2", "plan set wall-push"):
        assert run(line).code == 2
    run("plan set wall-push 2x8")
    run("log wall-push")
    assert (only(run)["sets"], only(run)["reps"]) == (2, 8)


def test_the_answer_to_add_can_be_followed(run: Run) -> None:
    answers = [run("add wall-push").out, run("add wall-lean --hold --per-side").out]
    for line in "".join(answers).splitlines():
        advice = line.partition(": kneetrack ")[2]
        assert not advice or advice == "undo" or run(advice).code == 0
    planned = run("plan").out.splitlines()[-2:]
    assert [line.partition(": ")[2].split()[0] for line in planned] == ["Wall-push", "Wall-lean"]


def test_a_name_of_several_words_is_one_name_however_it_is_typed(run: Run) -> None:
    run("add 'Knee  wave'")
    assert run("log knee-wave 10").code == 0
    assert run("add knee_wave").code == 2


def test_a_name_in_any_script_can_be_added(run: Run) -> None:
    for name in ("Übung", "膝の体操", "наклон"):
        assert run(f"add {name}").code == 0
        assert run(f"log {name} 10").code == 0


# plan


def test_plan_set_keeps_what_is_not_named(run: Run) -> None:
    run("plan set bridge 3x12 --per-week 3")
    run("plan set bridge 3x15")
    assert program(run)["bridge"]["schedule"] == {"kind": "per_week", "every": None, "weekdays": None, "per_week": 3}
    run("plan set bridge --on mon,wed,fri")
    item = program(run)["bridge"]
    assert (item["sets"], item["reps"], item["hold_s"]) == (3, 15, None)
    assert item["schedule"]["weekdays"] == ["mon", "wed", "fri"]
    assert program(run)["clamshell"] == {
        "exercise": "clamshell",
        "name": "Clamshell",
        "sets": 3,
        "reps": 10,
        "hold_s": None,
        "tempo": None,
        "rest_s": None,
        "per_side": True,
        "schedule": {"kind": "daily", "every": None, "weekdays": None, "per_week": None},
        "since": "2026-11-25",
    }


@pytest.mark.parametrize(
    ("option", "schedule"),
    [
        ("", {"kind": "daily", "every": None, "weekdays": None, "per_week": None}),
        ("--daily", {"kind": "daily", "every": None, "weekdays": None, "per_week": None}),
        ("--every 2", {"kind": "every", "every": 2, "weekdays": None, "per_week": None}),
        ("--on sun,mon", {"kind": "weekdays", "every": None, "weekdays": ["mon", "sun"], "per_week": None}),
        ("--per-week 7", {"kind": "per_week", "every": None, "weekdays": None, "per_week": 7}),
    ],
)
def test_an_exercise_new_to_the_program_gets_the_schedule_named_or_daily(
    option: str, schedule: dict[str, Any], run: Run
) -> None:
    run(f"plan set side-plank {option}")
    item = program(run)["side_plank"]
    assert (item["sets"], item["reps"], item["hold_s"], item["schedule"]) == (2, None, 15, schedule)


def test_a_schedule_holds_for_every_exercise_that_is_named(run: Run) -> None:
    answer = run("plan set bridge 3x12 clam 2x15 --per-week 3")
    assert [
        (item["exercise"], item["sets"], item["reps"], item["schedule"]["per_week"]) for item in program(run).values()
    ] == [("bridge", 3, 12, 3), ("clamshell", 2, 15, 3)]
    assert "Bridge 3×12, 3 a week" in answer.out
    assert "Clamshell 2×15 each side, 3 a week" in answer.out
    assert "from Wed 25 Nov" in answer.out


def test_a_program_that_begins_later_leaves_today_as_it_is(run: Run, clock: time_machine.Traveller) -> None:
    answer = run("plan set bridge 3x12 --from mon").out
    assert "from Mon 30 Nov" in answer
    assert "past day" not in answer
    run("plan set bridge 2x8")
    assert program(run)["bridge"]["reps"] == 8
    clock.move_to(datetime(2026, 11, 29, 12, 0, tzinfo=ZONE))
    assert program(run)["bridge"]["reps"] == 8
    clock.move_to(datetime(2026, 11, 30, 12, 0, tzinfo=ZONE))
    assert (program(run)["bridge"]["reps"], program(run)["bridge"]["since"]) == (12, "2026-11-30")


@pytest.mark.parametrize(
    ("day", "words"), [("2026-11-20", "5 past days"), ("yesterday", "1 past day "), ("-3", "3 past days")]
)
def test_a_program_that_began_earlier_says_how_many_past_days_change_their_meaning(
    day: str, words: str, run: Run
) -> None:
    assert words in run(f"plan set side-plank 2x15s --from {day}").out
    assert "past day" not in run("plan set side-plank 2x20s").out


def test_past_days_that_a_later_prescription_covers_do_not_change_their_meaning(
    run: Run, clock: time_machine.Traveller
) -> None:
    clock.move_to(NOW + timedelta(7))
    assert "5 past days" in run("plan set bridge 3x12 --from 2026-11-20").out
    assert program(run)["bridge"]["since"] == "2026-11-25"


def test_plan_set_as_the_first_write_makes_no_example_program(run: Run, diary: Path) -> None:
    diary.unlink()
    answer = run("plan set bridge 3x12 --per-week 3")
    assert answer.code == 0
    assert EXAMPLE not in answer.out
    assert [(item["exercise"], item["reps"]) for item in program(run).values()] == [("bridge", 12)]
    run("undo")
    assert program(run) == {}


def test_plan_set_as_the_first_write_takes_the_catalogues_dose_where_none_is_named(run: Run, diary: Path) -> None:
    diary.unlink()
    run("plan set clamshell bridge --per-week 3")
    assert [(item["exercise"], item["sets"], item["reps"], item["hold_s"]) for item in program(run).values()] == [
        ("clamshell", 3, 10, None),
        ("bridge", 3, 10, 2),
    ]


def test_a_dropped_exercise_leaves_the_program_and_keeps_its_sessions(run: Run) -> None:
    run("log clam 12 -d yesterday")
    answer = run("plan drop clam").out
    assert "Clamshell" in answer
    assert "from Wed 25 Nov" in answer
    assert list(program(run)) == ["bridge"]
    assert only(run)["exercise"] == "clamshell"


def test_several_exercises_are_dropped_at_once_from_a_day_on(run: Run, clock: time_machine.Traveller) -> None:
    run("plan drop bridge clamshell --from mon")
    assert list(program(run)) == ["bridge", "clamshell"]
    clock.move_to(datetime(2026, 11, 30, 12, 0, tzinfo=ZONE))
    assert program(run) == {}


def test_a_dropped_exercise_comes_back_as_one_new_to_the_program(run: Run) -> None:
    run("plan set bridge 3x12 --per-week 3")
    run("plan drop bridge")
    run("plan set bridge")
    item = program(run)["bridge"]
    assert (item["reps"], item["schedule"]["kind"]) == (10, "daily")


def test_plan_shows_the_plan_in_force(run: Run) -> None:
    assert run("plan").out.splitlines() == [
        "           sets and reps   schedule  since",
        "Bridge     3×10, hold 2 s  daily     Wed 25 Nov",
        "Clamshell  3×10 each side  daily     Wed 25 Nov",
    ]


# skip, pause, resume


def states(run: Run) -> dict[str, str]:
    """Return today's state of every exercise of the program."""
    return {item["exercise"]: item["state"] for item in read(run, "today")["items"]}


@pytest.mark.parametrize(
    ("words", "excused"),
    [("", {"bridge", "clamshell"}), ("bridge", {"bridge"}), ("clams --reason pain", {"clamshell"})],
)
def test_skip_excuses_today_for_one_exercise_or_for_all(words: str, excused: set[str], run: Run) -> None:
    answer = run(f"skip {words}")
    assert answer.code == 0
    assert "Wed 25 Nov" in answer.out
    assert {exercise for exercise, state in states(run).items() if state == "excused"} == excused


@pytest.mark.parametrize(
    ("words", "day"), [("-d yesterday", "Tue 24 Nov"), ("-d -2", "Mon 23 Nov"), ("-d sun", "Sun 22 Nov")]
)
def test_skip_excuses_a_past_day(words: str, day: str, run: Run) -> None:
    assert day in run(f"skip {words}").out
    assert day in run("pause --list").out
    assert set(states(run).values()) == {"open"}


def test_the_answer_to_skip_and_pause_has_the_id_that_rm_takes(run: Run) -> None:
    for line in ("pause", "skip"):
        answer = run(line).out
        listed = run("pause --list").out.split()[0]
        assert listed in answer
        assert run(f"rm {listed}").code == 0


def test_a_pause_lasts_from_its_first_to_its_last_day(run: Run, clock: time_machine.Traveller) -> None:
    run("pause --from thu --until sun --reason travel")
    seen = []
    for ahead in range(6):
        clock.move_to(NOW + timedelta(ahead))
        seen.append("excused" in states(run).values())
    assert seen == [False, True, True, True, True, False]


def test_a_pause_without_an_end_lasts_until_resume(run: Run, clock: time_machine.Traveller) -> None:
    answer = run("pause bridge --reason flu").out
    assert "kneetrack resume" in answer
    clock.move_to(NOW + timedelta(30))
    assert states(run) == {"bridge": "excused", "clamshell": "open"}
    run("resume bridge")
    assert states(run)["bridge"] == "open"
    clock.move_to(NOW + timedelta(29))
    assert states(run)["bridge"] == "excused"


def test_a_pause_begun_today_is_gone_after_resume(run: Run) -> None:
    run("pause")
    run("resume")
    assert set(states(run).values()) == {"open"}
    assert run("pause --list").out.startswith("Nothing is paused.")


def test_resume_ends_the_pause_that_it_names_and_no_other(run: Run) -> None:
    run("pause bridge")
    run("pause clamshell")
    run("resume clam")
    assert states(run) == {"bridge": "excused", "clamshell": "open"}


def test_a_pause_of_all_is_in_the_json_of_today(run: Run) -> None:
    run("pause --until sun --reason travel")
    paused = read(run, "today")["paused"]
    assert {key: paused[key] for key in ("exercise", "from", "until", "reason")} == {
        "exercise": None,
        "from": "2026-11-25",
        "until": "2026-11-29",
        "reason": "travel",
    }


def test_pause_list_shows_every_pause_newest_first_and_writes_nothing(run: Run, diary: Path) -> None:
    run("skip -d 2026-11-20 --reason pain")
    run("pause bridge --from mon --until 2026-12-06 --reason travel")
    kept = diary.read_bytes()
    lines = run("pause --list").out.splitlines()
    assert ["Bridge" in lines[0], "Mon 30 Nov" in lines[0], "Sun 6 Dec" in lines[0], "travel" in lines[0]] == [True] * 4
    assert ["everything" in lines[1], "Fri 20 Nov" in lines[1], "pain" in lines[1], len(lines)] == [True, True, True, 2]
    assert diary.read_bytes() == kept


# The first write, and where the diary is


@pytest.mark.parametrize(
    "line", ["log bridge 15", "plan set bridge 3x12", "skip", "pause", "settings pain_limit 3", "add wave"]
)
def test_a_diary_created_at_a_named_path_says_so_first(line: str, run: Run, diary: Path) -> None:
    diary.unlink()
    assert str(diary) in run(line).out.splitlines()[0]
    assert str(diary) not in run(line.replace("wave", "hop")).out


@pytest.mark.parametrize("line", ["log bridge 15", "skip", "pause", "settings pain_limit 3", "add wave"])
def test_the_first_write_names_the_example_program_once(line: str, run: Run, diary: Path) -> None:
    diary.unlink()
    answers = [run(line).out, run("log clam 12").out]
    assert [answer.count(EXAMPLE) for answer in answers] == [1, 0]
    assert list(program(run)) == ["bridge", "clamshell"]


def test_plan_drop_as_the_first_write_drops_from_the_example_program(run: Run, diary: Path) -> None:
    diary.unlink()
    assert run("plan drop clamshell").code == 0
    assert list(program(run)) == ["bridge"]


@pytest.mark.parametrize(
    "line",
    [
        "plan set brigde 3x12",
        "plan set bridge 3x",
        "plan set bridge --per-week 8",
        "skip brigde",
        "skip -d never",
        "pause --until never",
        "pause --from fri --until 2026-11-26",
        "pause brigde",
        "settings day_start 13:00",
        "add bridge",
    ],
)
def test_a_first_write_that_is_refused_creates_nothing(line: str, run: Run, diary: Path) -> None:
    diary.unlink()
    assert run(line).code == 2
    assert list(diary.parent.glob("*")) == []


@pytest.mark.parametrize("line", ["undo", "redo", "edit last 12", "rm last", "purge last --yes", "resume"])
def test_what_works_on_records_needs_a_diary(line: str, run: Run, diary: Path) -> None:
    diary.unlink()
    result = run(line)
    assert (result.code, result.out) == (66, "")
    assert len(result.err.splitlines()) == 1
    assert not diary.exists()


@pytest.mark.parametrize(
    "line", ["today", "history", "stats", "plan", "settings", "exercises", "show bridge", "pause --list"]
)
def test_a_read_at_the_usual_place_shows_the_diary_as_it_would_be_and_writes_nothing(
    line: str, run: Run, home: Path, diary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    diary.unlink()
    monkeypatch.delenv("KNEETRACK_DB")
    result = run(line)
    assert (result.code, result.err) == (0, "")
    assert result.out
    assert list(home.glob("*")) == []


@pytest.mark.parametrize(
    "line",
    [
        "--db {} log bridge 15",
        "--db={} log bridge 15",
        "log --db {} bridge 15",
        "log bridge 15 --db {}",
        "log bridge 15 --db={}",
        "--db {} plan set bridge 3x12",
        "plan --db {} set bridge 3x12",
        "plan set bridge 3x12 --db {}",
        "settings pain_limit 3 --db {}",
        "--db {} skip",
        "pause --db {}",
        "add wave --db {}",
    ],
)
def test_db_names_the_diary_before_and_after_the_command_and_wins_over_the_environment(
    line: str, run: Run, diary: Path, tmp_path: Path
) -> None:
    kept, other = diary.read_bytes(), tmp_path / "other diary.db"
    assert run(line.format(f"'{other}'")).code == 0
    assert other.is_file()
    assert diary.read_bytes() == kept


@pytest.mark.parametrize("line", ["--db {} today", "--db {}", "today --db {}", "--db {} --json", "plan --db {}"])
def test_db_names_the_diary_that_is_read(line: str, run: Run, tmp_path: Path) -> None:
    missing = tmp_path / "missing.db"
    result = run(line.format(missing))
    assert result.code == 66
    assert str(missing) in result.err


def test_a_tilde_in_a_named_path_is_the_home(run: Run, home: Path) -> None:
    assert run("log bridge 15 --db '~/own.db'").code == 0
    assert (home / "own.db").is_file()


def test_the_environment_names_the_diary(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KNEETRACK_DB", str(tmp_path / "named.db"))
    run("log bridge 15")
    assert (tmp_path / "named.db").is_file()
    assert str(tmp_path / "named.db") in run("settings").out


def test_an_empty_environment_names_the_usual_place(run: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KNEETRACK_DB", "")
    run("log bridge 15")
    assert (home / "data" / "kneetrack" / "kneetrack.db").is_file()


def test_a_long_list_of_changes_shows_the_newest_and_counts_the_others(run: Run) -> None:
    for reps in range(1, 23):
        run(f"log bridge {reps}")
    lines = run("undo --list").out.splitlines()
    assert len(lines) == 21
    assert lines[0].endswith("log bridge 22")
    assert lines[-1] == "and 2 earlier. To list them all: kneetrack undo --list --json"
    assert len(json.loads(run("undo --list --json").out)["changes"]) == 22
