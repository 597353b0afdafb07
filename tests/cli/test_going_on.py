"""`rule`, `plan when` and coming back as they are typed: what they answer, and where and when they are said."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from conftest import NOW, Run, read

pytestmark = pytest.mark.usefixtures("db", "clock")

PLAN = "plan set clamshell 3x10 bridge 3x10 --per-week 3 --from 2026-11-02"
RULE = "rule set clam --reps 10-15 --sessions 2 --then 'clamshell-band 3x10'"
COMMAND = "kneetrack plan set clamshell-band 3x10 --instead-of clamshell"
MET = f"Your rule is met (23 and 24 Nov). You may: {COMMAND}"
TODAY = NOW.date()
ASKED = (
    "Last 2 sessions: every planned set 15 reps (of 10–15), pain at most 2, next morning not worse, effort at most 7"
)


def planned(run: Run) -> dict[str, tuple[object, ...]]:
    """Return the plan in force: sets, repetitions or seconds, and the schedule of each exercise."""
    return {
        its["exercise"]: (its["sets"], its["reps"] or its["hold_s"], its["schedule"]["per_week"])
        for its in read(run, "plan")["plan"]
    }


@pytest.fixture
def met(db: Path, clock: time_machine.Traveller, run: Run) -> None:  # noqa: ARG001 - they come first
    """Meet a rule by the sessions of Monday and Tuesday."""
    for line in (PLAN, RULE, "log clam 3x15 -d mon", "log clam 3x15 -d tue"):
        assert run(line).code == 0


# Where it is said


def test_a_log_that_meets_a_rule_says_so_with_the_command(run: Run) -> None:
    run(PLAN)
    run(RULE)
    assert "rule" not in run("log clam 3x15 -d mon").out
    assert run("log clam 3x15 -d tue").out.splitlines()[-1] == f"  {MET}"


@pytest.mark.usefixtures("met")
def test_today_stats_of_the_exercise_and_their_json_say_so_too(run: Run) -> None:
    assert run("today").out.splitlines()[-1] == MET
    shown = " ".join(run("stats clam").out.split())
    assert f"your rule Last 2 sessions: every planned set 15 reps (of 10–15) {MET}" in shown
    said = {"state": "met", "met": True, "why": None, "command": COMMAND, "quiet_until": None}
    assert [its["rule"] for its in read(run, "today")["items"]] == [said, None]
    assert [its["rule"] for its in read(run, "stats clam")["exercises"]] == [said]
    assert read(run, "log bridge 5 --json".removesuffix(" --json"))["today"]["items"][0]["rule"] == said


@pytest.mark.usefixtures("met")
def test_a_log_of_another_exercise_says_nothing_of_it(run: Run) -> None:
    assert "Your rule" not in run("log bridge").out


@pytest.mark.usefixtures("met")
@pytest.mark.parametrize("then", ["clamshell-band 3x10", "clamshell 4x12", "side plank 2x45s"])
def test_the_command_that_is_named_really_does_it_and_keeps_the_schedule(run: Run, then: str) -> None:
    run(f"rule set clam --reps 10-15 --sessions 2 --then '{then}'")
    typed = run("today").out.splitlines()[-1].partition("You may: kneetrack ")[2]
    assert run(typed).code == 0
    name, _, dose = then.rpartition(" ")
    sets, amount = dose.removesuffix("s").split("x")
    new = {name.replace("-", "_").replace(" ", "_"): (int(sets), int(amount), 3), "bridge": (3, 10, 3)}
    assert planned(run) == new
    assert "Your rule" not in run("today").out


@pytest.mark.usefixtures("met")
def test_a_rule_never_changes_the_plan(run: Run) -> None:
    before = planned(run)
    for line in ("log clam 3x15", "today", "rule", "explain rule", "stats clam"):
        run(line)
    assert planned(run) == before


@pytest.mark.usefixtures("met")
def test_an_edit_or_an_undo_of_a_session_takes_the_rule_back(run: Run) -> None:
    run("edit last 3x14")
    assert run("rule").out.splitlines()[-1] == "  Not met: Tue 24 Nov 0 of 3 sets at 15"
    run("undo")
    assert MET in run("rule").out
    run("undo")
    assert run("rule").out.splitlines()[-1] == "  Not met: 1 of 2 sessions so far"


@pytest.mark.usefixtures("met")
def test_after_pain_above_the_limit_nobody_is_told_to_go_on(run: Run) -> None:
    assert "Your rule" not in run("log clam 3x15 --pain 6").out
    assert "Your rule" not in run("today").out
    assert "Your rule is met" in run("rule").out


@pytest.mark.usefixtures("met")
def test_a_quiet_rule_is_listed_and_not_said_until_its_day_is_over(run: Run) -> None:
    said = run("rule quiet clam --until fri").out.splitlines()
    assert said[-1] == "  Quiet until Fri 27 Nov."
    assert "Your rule" not in run("today").out + run("log clam 3x15").out
    assert MET.partition(" (")[0] in run("rule").out
    with time_machine.travel(NOW + timedelta(3), tick=False):
        assert "Your rule is met (24 and 25 Nov)" in run("today").out


@pytest.mark.usefixtures("met")
def test_a_rule_is_dropped_and_brought_back_by_undo(run: Run) -> None:
    assert run("rule drop clam").out == "Dropped: your rule for Clamshell · undo: kneetrack undo\n"
    assert run("rule").out.splitlines()[0] == "You have no rules."
    assert run("undo").out.splitlines()[0] == "Undone: rule drop clamshell"
    assert MET in run("rule").out


def test_a_rule_that_is_set_says_what_it_asks_for_how_it_stands_and_whose_it_is(run: Run) -> None:
    run(PLAN)
    asked = "--max-pain 2 --morning-not-worse --max-effort 7"
    assert run(f"{RULE} {asked}").out.splitlines() == [
        "Clamshell, then Banded clamshell 3×10 each side · undo: kneetrack undo",
        f"  {ASKED}",
        "  Not met: no session yet",
        "  The rule is your own: none for kneecap pain is published. Your plan changes only when you change it.",
    ]
    again = run(f"{RULE} {asked}").out
    assert again.startswith("No change: Clamshell, then")
    assert read(run, "undo --list")["changes"][0]["command"] == (
        "rule set clamshell reps 10-15 sessions 2 max-pain 2 morning-not-worse max-effort 7 then clamshell-band 3x10"
    )


def test_what_is_missing_is_named_for_each_session(run: Run) -> None:
    for line in (
        PLAN,
        f"{RULE} --max-pain 2 --morning-not-worse --max-effort 7",
        "log clam 15,15,12 -d mon --pain 3 --effort 8",
        "log clam 3x15 --side left",
        "pain 1 --moment morning",
    ):
        run(line)
    assert run("rule").out.splitlines()[-1] == (
        "  Not met: Mon 23 Nov 2 of 3 sets at 15, pain 3, that morning's pain not noted, the next morning's pain not"
        " noted, effort 8; Wed 25 Nov right side 0 of 3 sets at 15, pain not noted, tomorrow morning is still to come,"
        " effort not noted"
    )


@pytest.mark.usefixtures("met")
def test_explain_works_the_sessions_through(run: Run) -> None:
    run("edit last 3x14 --pain 1 --effort 5")
    said = run("explain rule clam").out.splitlines()
    assert said[-2:] == [
        "    Mon 23 Nov: left 3 of 3, right 3 of 3 sets at 15 → counts",
        "    Tue 24 Nov: left 0 of 3, right 0 of 3 sets at 15; pain 1; effort 5 → does not count: 0 of 3 sets at 15",
    ]
    assert "Holden2018" in run("explain rule").out
    its = read(run, "explain rule")
    assert (its["topic"], its["rules"][0]["days"][1]["short"]) == ("rule", ["sets"])


def test_an_exercise_outside_the_plan_and_one_that_is_done_already_say_so(run: Run) -> None:
    run("plan set bridge 3x10")
    assert run(RULE).out.splitlines()[2] == "  Clamshell is not in your plan, so none of its sets are planned."
    run("rule set bridge --sessions 1 --then 'bridge 3x12'")
    run("plan set bridge 3x12")
    assert run("rule").out.splitlines()[-1] == "  Done: Bridge 3×12 is in your plan."
    refused = run("rule set bridge --sessions 1 --then 'bridge 3x12'")
    assert (refused.code, refused.err) == (
        2, "Bridge 3×12 is in your plan already; name with --then what comes after it.\n",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (("mon",), "(23 Nov)"),
        (("2026-11-22", "mon", "tue"), "(22, 23 and 24 Nov)"),
        (("2026-10-31", "mon"), "(31 Oct and 23 Nov)"),
        (("sat", "sun", "mon", "tue"), "(4 sessions since 21 Nov)"),
    ],
)
def test_the_days_on_which_a_rule_was_met_are_named_as_long_as_they_are_few(
    run: Run, days: tuple[str, ...], words: str
) -> None:
    run("plan set bridge 1x10 --from 2026-10-01")
    run(f"rule set bridge --sessions {len(days)} --then 'bridge 2x10'")
    for day in days:
        run(f"log bridge 10 -d {day}")
    assert f"Your rule is met {words}. You may: kneetrack plan set bridge 2x10\n" in run("rule").out


def test_sessions_of_long_ago_are_found_where_a_rule_needs_them(run: Run) -> None:
    run("plan set bridge 1x10 --from 2026-01-01")
    run("rule set bridge --sessions 2 --then 'bridge 2x10'")
    run("log bridge 10 -d 2026-02-01")
    run("log bridge 10 -d mon")
    assert "Your rule is met (1 Feb and 23 Nov)" in run("rule").out


# Bad input

THEN = "--sessions 2 --then 'bridge 3x10'"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (f"rule set clam --reps 15-10 {THEN}", "--reps 15-10 runs backwards: write --reps 10-15."),
        (f"rule set clam --reps ten {THEN}", "--reps takes a range such as 10-15, not “ten”."),
        (f"rule set clam --reps 0-5 {THEN}", "--reps goes from 1 to 9999, not “0-5”."),
        (
            f"rule set side-plank --reps 10-15 {THEN}",
            "Side plank is held for seconds, not counted in repetitions: use --hold 20-30.",
        ),
        (
            f"rule set clam --hold 20-30 {THEN}",
            "Clamshell is counted in repetitions, not held for seconds: use --reps 10-15.",
        ),
        (f"rule set clam --reps 1-2 --hold 1-2 {THEN}", "Choose one of --reps and --hold."),
        ("rule set clam --sessions 0 --then 'bridge 3x10'", "--sessions takes 1 to 30 sessions, not 0."),
        ("rule set clam --sessions two --then 'bridge 3x10'", "--sessions takes a whole number, not “two”."),
        ("rule set clam --then 'bridge 3x10'", "Say in how many of the last sessions: --sessions 2"),
        ("rule set clam --sessions 2", 'Say what comes then: --then "clamshell-band 3x10"'),
        (
            "rule set clam --sessions 2 --then bridge",
            '“bridge” is not an exercise with its dose; write --then "clamshell-band 3x10"',
        ),
        (
            "rule set clam --sessions 2 --then 3x10",
            '“3x10” is not an exercise with its dose; write --then "clamshell-band 3x10"',
        ),
        ("rule set clam --sessions 2 --then 'brige 3x10'", "There is no exercise “brige”. Did you mean bridge"),
        ("rule set clam --sessions 2 --then 'bridge 3xx'", "“3xx” is not a dose; write 15, 3x15, 3x15x5s or 15,12,10."),
        (
            "rule set clam --sessions 2 --then 'bridge 12,10'",
            "A plan has equal sets: write bridge 3x12 instead of 12,10.",
        ),
        ("rule set clam --sessions 2 --max-pain 11 --then 'bridge 3x10'", "Pain goes from 0 to 10."),
        (f"rule set clamshel1 {THEN}", "There is no exercise “clamshel1”. Did you mean clamshell"),
        ("rule drop bridge", "There is no rule for Bridge. To set one, for example: kneetrack rule set bridge"),
        ("rule quiet bridge --until sun", "There is no rule for Bridge."),
        ("explain rule bridge", "There is no rule for Bridge."),
        ("plan when --if-not 'one set'", "Say first when you mean to exercise: kneetrack plan when"),
        (f"plan when {'x' * 121}", "Say it in at most 120 characters; this has 121."),
    ],
)  # fmt: skip
def test_bad_input_is_one_sentence_and_changes_nothing(diary: Path, run: Run, line: str, words: str) -> None:
    before = diary.read_bytes()
    refused = run(line)
    assert (refused.out, refused.code) == ("", 2)
    assert refused.err.startswith(words)
    assert refused.err.count("\n") == 1
    assert diary.read_bytes() == before


@pytest.mark.usefixtures("met")
def test_a_rule_cannot_be_quiet_without_a_day_or_until_one_that_is_past(run: Run) -> None:
    assert run("rule quiet clam").err == "Say until when: kneetrack rule quiet clam --until sun\n"
    assert run("rule quiet clam --until yesterday").err == "Tue 24 Nov is past; name today or a later day.\n"


# When-then


WHEN = "plan when 'after brushing teeth' --if-not 'one set before bed'"


def test_a_when_then_plan_is_shown_while_something_is_open(run: Run) -> None:
    assert run(WHEN).out.splitlines()[-1] == (
        "When you exercise: after brushing teeth; if not: one set before bed · undo: kneetrack undo"
    )
    assert "\n  when       after brushing teeth; if not: one set before bed\n" in run("today").out
    said = run("remind").out.splitlines()
    assert said[0].startswith("After brushing teeth: open today, about 10 minutes: Bridge 3×10")
    assert said[1] == "  If not: one set before bed"
    for line in ("today", "remind", "plan when"):
        assert read(run, line)["when"] == {"when": "after brushing teeth", "if_not": "one set before bed"}
    run("log all")
    assert "brushing" not in run("today").out
    assert run("remind").out == ""


def test_it_is_one_change_and_undo_takes_both_parts_back(run: Run) -> None:
    run("log bridge")
    run(WHEN)
    assert run("undo").out.splitlines()[0] == "Undone: plan when"
    assert read(run, "plan when")["when"] is None
    run("redo")
    assert run("plan when").out == "When you exercise: after brushing teeth; if not: one set before bed\n"


def test_what_is_not_named_stays_and_none_takes_it_back(run: Run) -> None:
    run(WHEN)
    run("plan when after tea")
    assert run("plan when").out == "When you exercise: after tea; if not: one set before bed\n"
    run("plan when --if-not none")
    assert run("plan when").out == "When you exercise: after tea\n"
    assert run("plan when after tea").out == "When you exercise: after tea\n"
    run("plan when none")
    assert run("plan when").out.startswith("You have not said when you exercise. For example:")


def test_rules_and_what_was_said_and_taken_back_go_through_an_export_into_another_diary(
    run: Run, tmp_path: Path
) -> None:
    for line in (PLAN, RULE, "rule quiet clam --until sun", WHEN, "plan when none", "plan when 7 am"):
        run(line)
    (tmp_path / "all.json").write_text(run("export").out, "utf-8")
    assert run(f"--db {tmp_path / 'other.db'} import {tmp_path / 'all.json'}").code == 0
    for line in ("rule", "plan when"):
        assert run(f"--db {tmp_path / 'other.db'} {line}").out == run(line).out != ""


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ("after brushing teeth", "After brushing teeth: 2 exercises left today"),
        ("bridges after breakfast", "2 exercises left today"),
        ("before Side-Plank", "2 exercises left today"),
    ],
)
def test_a_notification_says_when_and_never_names_an_exercise(
    run: Run, monkeypatch: pytest.MonkeyPatch, when: str, words: str
) -> None:
    sent: list[str] = []

    def send(said: str) -> bool:
        sent.append(said)
        return True

    monkeypatch.setattr("kneetrack.app.reminders.notify", send)
    run(f"plan when '{when}'")
    assert run("remind --notify").out == ""
    assert sent == [words]


def test_the_calendar_says_when_above_what(run: Run, tmp_path: Path) -> None:
    run(WHEN)
    run(f"remind calendar {tmp_path / 'x.ics'}")
    said = (tmp_path / "x.ics").read_text("utf-8").replace("\n ", "").replace("\r", "")
    assert "DESCRIPTION:After brushing teeth\\; if not: one set before bed\\nBridge 3×10" in said


# Coming back


def kept(run: Run, days: int) -> None:
    """Do bridges on so many days up to Tuesday, by a plan of bridges alone."""
    run(f"plan set bridge 1x10 --from {TODAY - timedelta(days)}")
    for number in range(days, 0, -1):
        run(f"log bridge 10 -d {TODAY - timedelta(number)}")


def later(run: Run, days: int, line: str = "today") -> str:
    """Return what a command prints some days later."""
    with time_machine.travel(NOW + timedelta(days), tick=False):
        return run(line).out


MISS = (
    "Nothing was logged yesterday; what counts is coming back. It cost little: last 4 weeks 96 % instead of 100 %,"
    " Bridge habit 74 %, was 78 %. One set is a start: kneetrack log bridge 10"
)


def test_on_the_day_after_a_miss_today_and_remind_say_how_little_it_cost_and_that_one_set_is_a_start(run: Run) -> None:
    kept(run, 28)
    assert "coming back" not in later(run, 0) + later(run, 0, "remind")
    assert later(run, 1).splitlines()[-1] == MISS
    assert later(run, 1, "remind").splitlines()[1] == f"  {MISS}"
    for days in (2, 3, 6, 8, 29, 31):
        assert "coming back" not in later(run, days) + later(run, days, "remind")


def test_once_anything_is_done_nothing_is_said_any_more(run: Run) -> None:
    kept(run, 28)
    with time_machine.travel(NOW + timedelta(1), tick=False):
        run("log clamshell 5")
        assert "coming back" not in run("today").out


def test_figures_that_would_not_comfort_are_left_out(run: Run) -> None:
    kept(run, 3)
    assert later(run, 1).splitlines()[-1] == (
        "Nothing was logged yesterday; what counts is coming back. One set is a start: kneetrack log bridge 10"
    )


@pytest.mark.parametrize(("days", "ago", "left"), [(7, "A week", "53 %"), (30, "A month", "16 %")])
def test_after_a_week_and_after_a_month_it_is_said_once_more(run: Run, days: int, ago: str, left: str) -> None:
    kept(run, 28)
    line = (
        f"{ago} without exercise: what counts is coming back. Your Bridge habit is still at {left}; each planned"
        " day that you do adds to it. One set is a start: kneetrack log bridge 10"
    )
    assert later(run, days).splitlines()[-1] == line
    assert later(run, days, "remind").splitlines()[1] == f"  {line}"


def test_nothing_is_said_of_coming_back_after_pain_above_the_limit(run: Run) -> None:
    kept(run, 28)
    with time_machine.travel(NOW + timedelta(1), tick=False):
        run("pain 7")
        assert "coming back" not in run("today").out
    with time_machine.travel(NOW + timedelta(1, minutes=1), tick=False):
        run("undo")
        run("log bridge 10 --pain 8 -d today")
        assert "coming back" not in run("today").out


def test_a_day_that_was_skipped_is_no_miss(run: Run) -> None:
    kept(run, 28)
    run("skip")
    assert "coming back" not in later(run, 1)


def test_who_never_began_has_nothing_to_come_back_to(run: Run) -> None:
    run("plan set bridge 1x10 --from mon")
    assert "coming back" not in run("today").out + run("remind").out


def test_a_plan_that_is_taken_back_keeps_no_way_out(run: Run) -> None:
    run("plan when tea --if-not later")
    said = run("plan when none --if-not sooner")
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("Either take back when you exercise")
    assert "if not: later" in run("plan when").out


def test_a_rule_whose_step_was_planned_in_the_place_of_its_exercise_is_done(run: Run) -> None:
    run('rule set bridge --sessions 1 --then "bridge-band 3x10"')
    run("log bridge")
    run("plan set bridge-band 3x10 --instead-of bridge --from today")
    run("plan drop bridge --from today")
    assert "Done: Bridge with band 3×10 is in your plan." in run("rule").out


@pytest.mark.parametrize("exercise", ["bridge", "side-plank", "clamshell"])
def test_the_example_for_an_exercise_without_a_rule_is_about_that_exercise(run: Run, exercise: str) -> None:
    run("log all")
    example = run(f"rule drop {exercise}").err.partition("for example: kneetrack ")[2]
    assert exercise in example.partition("--then")[2]
    assert run(example).code == 0
