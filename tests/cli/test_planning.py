"""plan, skip, pause and resume at the command line: what they say, and that a wrong line changes nothing."""

import json
import re
from pathlib import Path

import pytest
import time_machine

from conftest import NOW, Run

pytestmark = pytest.mark.usefixtures("clock")


def first(run: Run, line: str) -> str:
    """Return the first line of an answer, without how to undo it."""
    result = run(line)
    assert result.code == 0, result.err
    return result.out.splitlines()[0].split("   ")[0]


WRITTEN: dict[str, bytes] = {}
"""The diary of `begun`, once it was written."""


@pytest.fixture
def begun(run: Run, db: Path, clock: time_machine.Traveller) -> Path:
    """Return a diary with bridges daily since Mon 16 Nov, done every day to Tue 24 but Sun 22."""
    clock.move_to(NOW)
    if "begun" in WRITTEN:
        db.write_bytes(WRITTEN["begun"])
        return db
    run("plan set bridge 3x10 --daily --from 2026-11-16")
    for day in (16, 17, 18, 19, 20, 21, 23, 24):
        run(f"log bridge 3x10 -d 2026-11-{day}")
    WRITTEN["begun"] = db.read_bytes()
    return db


# plan


@pytest.mark.usefixtures("begun")
def test_plan_set_says_what_changes_from_when_one_line_an_exercise(run: Run) -> None:
    lines = run("plan set bridge 3x12 clam 2x15 --per-week 3 --from mon").out.splitlines()
    assert lines[0].startswith("Bridge 3×12, 3 a week, from Mon 30 Nov (was 3×10, daily)")
    assert lines[1] == "  Clamshell 2×15 each side, 3 a week, from Mon 30 Nov"


@pytest.mark.usefixtures("begun")
def test_plan_set_from_a_past_day_says_how_many_days_really_change(run: Run) -> None:
    result = run("plan set bridge --on mon,tue,wed,thu,fri,sat --from 2026-11-16")
    assert "  This changes how 1 past day is counted. To see them: kneetrack calendar" in result.out.splitlines()


@pytest.mark.usefixtures("begun")
def test_plan_set_from_a_past_day_says_when_no_day_changes(run: Run) -> None:
    assert "  No past day is counted differently." in run("plan set bridge 2x10 --from 2026-11-16").out.splitlines()


@pytest.mark.usefixtures("begun")
def test_plan_set_before_a_later_prescription_says_until_when_it_holds(run: Run) -> None:
    run("plan set bridge 3x15 --from 2026-11-30")
    said = first(run, "plan set bridge 3x12")
    assert said.startswith("Bridge 3×12, daily, from Wed 25 Nov to Sun 29 Nov (was 3×10, daily)")
    assert said.endswith("; 3×15, daily from Mon 30 Nov, as set before")
    assert "From Mon 30 Nov: Bridge 3×15, daily" in run("plan").out


@pytest.mark.usefixtures("begun")
def test_plan_set_of_what_is_in_force_already_writes_nothing(run: Run) -> None:
    before = run("undo --list").out
    assert first(run, "plan set bridge 3x10") == "No change: Bridge 3×10, daily, since Mon 16 Nov"
    assert run("undo --list").out == before


@pytest.mark.usefixtures("begun")
def test_plan_is_one_table_of_sets_and_reps_schedule_and_since_when(run: Run) -> None:
    run("plan set clam 3x12 --per-week 3 --from 2026-11-23")
    assert run("plan").out.splitlines() == [
        "           sets and reps   schedule  since",
        "Bridge     3×10            daily     Mon 16 Nov",
        "Clamshell  3×12 each side  3 a week  Mon 23 Nov",
    ]


@pytest.mark.usefixtures("begun")
def test_a_change_of_what_was_done_today_says_that_it_begins_tomorrow(run: Run) -> None:
    run("log bridge")
    lines = run("plan set bridge 3x12").out.splitlines()
    assert lines[0].startswith("Bridge 3×12, daily, from Thu 26 Nov (was 3×10, daily)")
    assert lines[-1] == "  Bridge was done today, so its change begins tomorrow; to begin today, add --from today."


@pytest.mark.usefixtures("begun")
def test_plan_set_says_tempo_and_rest(run: Run) -> None:
    assert first(run, "plan set bridge 3x12 --tempo 3-2-3 --rest 45") == (
        "Bridge 3×12, hold 2 s, daily, tempo 3-2-3, rest 45 s, from Wed 25 Nov (was 3×10, daily)"
    )
    assert first(run, "plan set clamshell --rest=0").startswith("Clamshell 3×10 each side, daily, rest 0 s, from")


@pytest.mark.usefixtures("begun")
def test_plan_set_instead_of_says_what_comes_and_what_goes(run: Run) -> None:
    run("plan set bridge --per-week 3")
    lines = run("plan set single-leg-bridge 3x8 --instead-of bridge --from mon").out.splitlines()
    assert lines[0].startswith("Single-leg bridge 3×8 each side, 3 a week, from Mon 30 Nov")
    assert lines[1] == "  Bridge dropped, from Mon 30 Nov"
    assert (
        run("undo")
        .out.splitlines()[0]
        .startswith("Undone: plan set single-leg-bridge 3x8 instead of bridge from 2026-11-30")
    )
    assert "30 Nov" not in run("plan").out


@pytest.mark.usefixtures("begun")
def test_plan_drop_takes_an_exercise_named_twice_out_once(run: Run) -> None:
    lines = run("plan drop bridge bridges").out.splitlines()
    assert lines[0].startswith("Bridge dropped, from Wed 25 Nov")
    assert lines[1] == "  your plan is empty: kneetrack plan set bridge 3x10"


def test_plan_drop_as_the_first_command_of_all_drops_from_the_example_program(run: Run, db: Path) -> None:
    lines = run("plan drop clamshell").out.splitlines()
    assert lines[0] == f"New diary: {db}"
    assert lines[1].startswith("You start with an example plan, not advice.")
    assert [item["exercise"] for item in json.loads(run("plan --json").out)["plan"]] == ["bridge"]


@pytest.mark.usefixtures("begun")
def test_a_name_is_looked_for_in_todays_program_also_for_a_first_day_before_it(run: Run) -> None:
    assert first(run, "plan set bri 3x8 --from 2026-11-09").startswith("Bridge 3×8, daily, from Mon 9 Nov to")


@pytest.mark.usefixtures("begun")
def test_plan_history_says_what_was_in_force_when(run: Run) -> None:
    run("plan set bridge 3x12 --from 2026-11-23")
    run("plan drop bridge --from 2026-11-30")
    assert run("plan history").out.splitlines() == [
        "From Mon 30 Nov",
        "  no plan",
        "Mon 23 Nov to Sun 29 Nov, 7 days",
        "  Bridge 3×12, daily",
        "Mon 16 Nov to Sun 22 Nov, 7 days",
        "  Bridge 3×10, daily",
    ]
    periods = json.loads(run("plan history --json").out)["periods"]
    assert [(item["from"], item["until"]) for item in periods] == [
        ("2026-11-30", None),
        ("2026-11-23", "2026-11-29"),
        ("2026-11-16", "2026-11-22"),
    ]
    assert periods[1]["plan"][0]["reps"] == 12


@pytest.mark.usefixtures("db")
def test_today_counts_the_week_of_an_n_a_week_schedule(run: Run, clock: time_machine.Traveller) -> None:
    clock.move_to(NOW.replace(day=23))
    run("plan set bridge 3x15 --per-week 3 --from 2026-11-16")
    run("log bridge 3x15")
    clock.move_to(NOW)
    assert "1 of 3 this week ●○○" in run("today").out
    run("log bridge 3x15 -d yesterday")
    run("log bridge 3x15")
    assert "3 of 3 this week ●●●" in run("today").out


WEEK: dict[int, list[str | None]] = {
    0: [*[" ○○○"] * 4, ", 3 sessions left, 3 days left", ", 1 missed", ", 2 missed"],
    1: [None, *[" ●○○"] * 4, ", 2 sessions left, 2 days left", ", 1 missed"],
    2: [None, None, *[" ●●○"] * 4, ", 1 session left, 1 day left"],
    3: [None, None, None, *[" ●●●"] * 4],
    4: [None, None, None, None, *[" ●●●, plus 1 extra"] * 3],
}  # fmt: skip
"""What a week of three says from Monday on, before anything is done that day, by how many days were done before."""


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("done", WEEK)
def test_each_weekday_of_a_week_of_three_says_how_the_week_is_doing_and_in_words_when_it_gets_tight(
    run: Run, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch, done: int
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    clock.move_to(NOW.replace(day=16))
    run("plan set bridge 3x10 --per-week 3")
    for weekday, said in enumerate(WEEK[done]):
        clock.move_to(NOW.replace(day=16 + weekday))
        if 0 < weekday <= done:
            run("log bridge -d yesterday")
        if said is None:
            continue
        week = f"{min(done, 3)} of 3 this week{said}"
        is_open = done < 3
        today = f"3×10 · {week}" if is_open else week
        assert re.search(rf"Bridge +{re.escape(today)} ", run("today").out)
        assert (f"({done} of 3 this week)" in run("remind").out) == is_open
        assert run("calendar --months 1 --json").out.count('"missed"') == (int(said[2]) if "missed" in said else 0)


@pytest.mark.usefixtures("db")
def test_a_week_whose_last_session_is_done_too_late_says_what_was_missed(
    run: Run, clock: time_machine.Traveller
) -> None:
    clock.move_to(NOW.replace(day=16))
    run("plan set bridge 3x10 --per-week 3")
    run("log bridge")
    clock.move_to(NOW.replace(day=22))
    run("log bridge")
    assert "3×10 done · 2 of 3 this week, 1 missed" in " ".join(run("today").out.split())


@pytest.mark.usefixtures("db")
def test_a_week_whose_rest_is_excused_is_not_due_today_and_has_none_missed(
    run: Run, clock: time_machine.Traveller
) -> None:
    clock.move_to(NOW.replace(day=16))
    run("plan set bridge 3x10 --per-week 3")
    run("pause --from 2026-11-18 --until 2026-11-22")
    clock.move_to(NOW.replace(day=19))
    assert "excused today" in run("today").out
    assert '"missed"' not in run("calendar --months 1 --json").out


@pytest.mark.usefixtures("db")
def test_a_week_that_begins_too_late_for_one_session_says_that_this_exercise_is_not_due(
    run: Run, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.move_to(NOW.replace(day=20))
    run("plan set bridge 3x10 --per-week 1")
    run("plan set clamshell 3x10 --daily")
    monkeypatch.setenv("COLUMNS", "120")
    said = run("today").out
    assert "Bridge     not due for the rest of this week " in said
    assert "○ Clamshell  3×10 each side" in said


# skip, pause, resume


@pytest.mark.usefixtures("begun")
def test_a_skip_of_a_past_day_mends_the_streak(run: Run) -> None:
    lines = run("skip bridge -d sun --reason pain").out.splitlines()
    assert re.fullmatch(
        r"Skipped Sun 22 Nov: Bridge \(pain\) · [0-9a-f]{4}\. To take it back: kneetrack undo", lines[0]
    )
    assert lines[-1].startswith("  streak 8 days · ")


@pytest.mark.usefixtures("begun")
@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "pause --until sun --reason travel",
            "from Wed 25 Nov to Sun 29 Nov: everything (travel). To take it back: kneetrack undo",
        ),
        (
            "pause bridge --from -3 --until yesterday",
            "from Sun 22 Nov to Tue 24 Nov: Bridge. To take it back: kneetrack undo",
        ),
        ("pause --from mon --until sun", "from Mon 30 Nov to Sun 6 Dec: everything. To take it back: kneetrack undo"),
        ("pause --from mon", "from Mon 30 Nov: everything. To end it: kneetrack resume"),
        (
            "pause plank",
            "from Wed 25 Nov: Side plank, which is not in the plan then. To end it: kneetrack resume side-plank",
        ),
    ],
)
def test_a_pause_says_its_days(run: Run, line: str, said: str) -> None:
    assert re.sub(r" · [0-9a-f]{4}\b", "", first(run, line.replace("plank", "side-plank"))) == f"Paused {said}"


@pytest.mark.usefixtures("begun")
def test_while_paused_today_and_log_say_so_in_one_line(run: Run) -> None:
    run("pause --from 2026-11-24 --until fri --reason ill")
    run("pause --until sun")
    said = "  paused from Tue 24 Nov to Sun 29 Nov: everything (ill) · to end it: kneetrack resume"
    assert run("today").out.splitlines()[1] == said
    logged = run("log bridge").out.splitlines()
    assert [line for line in logged if "paused" in line] == [said]


@pytest.mark.usefixtures("begun")
@pytest.mark.parametrize(
    ("there", "line"),
    [
        ("skip", "skip"),
        ("skip", "skip bridge"),
        ("skip bridge --reason pain", "skip bridge --reason ill"),
        ("pause", "skip"),
        ("pause --from 2026-11-16 --until sun", "skip bridge -d yesterday"),
        ("pause", "pause"),
        ("pause --from 2026-11-20 --reason ill", "pause"),
        ("pause bridge --until sun --reason ill", "pause bridge --until sun --reason ill"),
    ],
)
def test_what_is_excused_already_is_not_written_again(there: str, line: str, run: Run, begun: Path) -> None:
    run(there)
    kept, short = begun.read_bytes(), run("pause --list").out.split()[0]
    said = run(line)
    assert (said.code, said.out.count("\n")) == (0, 1)
    assert said.out.startswith(f"No change: already {'skipped' if there.startswith('skip') else 'paused'} ")
    assert said.out.endswith(f". To remove it: kneetrack rm {short}\n")
    assert begun.read_bytes() == kept


@pytest.mark.parametrize(
    ("there", "line"),
    [
        ("skip bridge", "skip"),
        ("skip bridge", "skip clamshell"),
        ("skip -d yesterday", "skip"),
        ("pause", "pause bridge"),
        ("pause", "pause --until sun"),
        ("pause --until sat", "pause --until sun"),
        ("pause --until sun", "pause --from 2026-11-20 --until sun"),
        ("pause --reason ill", "pause --reason travel"),
    ],
)
def test_a_pause_of_more_or_of_something_else_is_written(there: str, line: str, run: Run, begun: Path) -> None:
    run(there)
    kept = begun.read_bytes()
    assert "No change" not in run(line).out
    assert begun.read_bytes() != kept


def test_resume_without_a_name_ends_only_the_pauses_of_all(run: Run) -> None:
    run("pause --from 2026-11-24 --reason ill")
    run("pause --reason travel")
    run("pause bridge --reason pain")
    lines = run("resume").out.splitlines()
    assert lines[0] == "Resumed from Wed 25 Nov: everything"
    assert "  paused from Wed 25 Nov: Bridge (pain) · to end it: kneetrack resume bridge" in lines
    assert [line[6:] for line in run("pause --list").out.splitlines()] == [
        "from Wed 25 Nov: Bridge (pain)",
        "Tue 24 Nov: everything (ill)",
    ]


@pytest.mark.usefixtures("begun")
def test_resume_of_one_leaves_the_pause_of_all(run: Run) -> None:
    run("pause")
    run("pause bridge")
    run("resume bridge")
    assert [line[6:] for line in run("pause --list").out.splitlines()] == ["from Wed 25 Nov: everything"]


@pytest.mark.usefixtures("begun")
def test_a_pause_is_taken_out_by_its_id_and_comes_back_by_undo(run: Run) -> None:
    run("pause --from mon --until sun --reason travel")
    short = run("pause --list").out.split()[0]
    assert first(run, f"rm {short}") == "Removed: pause from Mon 30 Nov to Sun 6 Dec: everything (travel)"
    assert json.loads(run("pause --list --json").out) == {"schema": 1, "pauses": []}
    run("undo")
    (back,) = json.loads(run("pause --list --json").out)["pauses"]
    assert (back["from"], back["until"], back["exercise"], back["reason"]) == (
        "2026-11-30",
        "2026-12-06",
        None,
        "travel",
    )


@pytest.mark.usefixtures("begun")
def test_a_reason_cannot_steer_the_terminal(run: Run) -> None:
    run("pause --reason '\x1b[2Jtrip\u202e'")
    for line in ("pause --list", "today", "plan", "log bridge"):
        assert "\\x1b[2Jtrip\\u202e" in run(line).out


# What cannot be done


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("plan set bridge 3x12 --on mon,xyz", "“xyz” is not a weekday; write them as mon,wed,fri."),
        ("plan set bridge 3x12 --on ,", "“” is not a weekday; write them as mon,wed,fri."),
        ("plan set bridge 3x12 --per-week 8", "--per-week takes 1 to 7 times, not 8."),
        ("plan set bridge 3x12 --per-week 0", "--per-week takes 1 to 7 times, not 0."),
        ("plan set bridge 3x12 --every 0", "--every takes 1 to 365 days, not 0."),
        ("plan set bridge 3x12 --every -2", "--every takes 1 to 365 days, not -2."),
        ("plan set bridge 3x12 --daily --every 2", "Choose one of --daily, --every, --on and --per-week."),
        ("plan set bridge 3x12 --on mon --per-week 1", "Choose one of --daily, --every, --on and --per-week."),
        ("plan set bridge 3x12 bridges 3x10", "Bridge is given twice; name it once."),
        ("plan set bridge 15,12,10", "A plan has equal sets: write bridge 3x12 instead of 15,12,10."),
        (
            "plan set bridge 3x12 --from someday",
            "“someday” is not a day; write today, yesterday, mon … sun, last mon, 2 days ago, 20 nov or 2026-11-20.",
        ),
        (
            "plan set bridge --tempo 3-2",
            "“3-2” is not a tempo; write seconds up, held and down as 3-2-3, or none.",
        ),
        ("plan set bridge --tempo 0-2-3", "A repetition goes up and down in 1 to 60 seconds each, not 0."),
        (
            "plan set bridge 3x12x5s --tempo 3-2-3",
            "3x12x5s holds Bridge for 5 s and --tempo 3-2-3 for 2 s; give the hold only once.",
        ),
        ("plan set bridge --tempo 3-86401-3", "A dose has 1 to 86400 seconds of hold."),
        (
            "plan set side-plank --tempo 3-2-3",
            "Side plank is held for seconds and has no tempo; leave --tempo out.",
        ),
        ("plan set bridge --rest -5", "--rest takes 0 to 3600 seconds or none, not “-5”."),
        ("plan set bridge --rest soon", "--rest takes 0 to 3600 seconds or none, not “soon”."),
        ("plan set clamshell --instead-of side-plank", "Side plank is not in your plan on Wed 25 Nov."),
        ("plan set bridge --instead-of bridge", "Bridge cannot take its own place; name another exercise."),
        ("plan set brigde 3x12", "There is no exercise “brigde”. Did you mean bridge?"),
        ("plan drop side-plank", "Side plank is not in your plan on Wed 25 Nov."),
        ("plan drop bridge --from 2026-11-01", "Bridge is not in your plan on Sun 1 Nov."),
        ("plan drop bridge side-plank", "Side plank is not in your plan on Wed 25 Nov."),
        ("pause --until yesterday", "--until Tue 24 Nov is before --from Wed 25 Nov; both ends count."),
        (
            "pause --from 2026-12-10 --until 2026-12-01",
            "--until Tue 1 Dec is before --from Thu 10 Dec; both ends count.",
        ),
        ("pause brigde", "There is no exercise “brigde”. Did you mean bridge?"),
        (f"pause --reason {'x' * 2001}", "A reason has at most 2000 characters, and this one 2001."),
        ("pause --json", "--json goes with --list."),
        ("skip -d 2026-02-30", "2026-02-30 is not a date."),
        ("resume", "Nothing is paused."),
        ("resume bridge", "Bridge is not paused."),
    ],
)
def test_a_line_that_cannot_be_done_says_so_in_one_sentence_and_changes_nothing(
    run: Run, begun: Path, line: str, sentence: str
) -> None:
    before = begun.read_bytes()
    result = run(line)
    assert (result.out, result.err, result.code) == ("", f"{sentence}\n", 2)
    assert begun.read_bytes() == before


@pytest.mark.parametrize(
    "line",
    [
        "plan set bridge 3x12 --per-week 8",
        "plan set brigde 3x12",
        "plan drop side-plank",
        "pause --until yesterday",
        "skip brigde",
    ],
)
def test_a_wrong_first_line_leaves_no_diary_behind(run: Run, db: Path, line: str) -> None:
    assert run(line).code == 2
    assert not db.exists()


@pytest.mark.usefixtures("begun")
def test_resume_says_what_may_have_been_meant(run: Run) -> None:
    run("pause --from mon")
    short = run("pause --list").out.split()[0]
    assert run("resume").err == (
        f"Nothing is paused today. To remove the pause that begins on Mon 30 Nov: kneetrack rm {short}\n"
    )
    run(f"rm {short}")
    run("pause bridge")
    assert run("resume").err == ("Only single exercises are paused. To end one: kneetrack resume bridge\n")
    run("resume bridge")
    run("pause")
    assert run("resume bridge").err == ("Not Bridge alone, everything is paused. To end that: kneetrack resume\n")
