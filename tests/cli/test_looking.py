"""stats, calendar and explain at the command line."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from conftest import NOW, Run, read

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def begun(run: Run, db: Path, clock: time_machine.Traveller) -> Path:
    """Return a diary with bridges daily since Mon 23 Nov, done that day, half done on Tue 24."""
    clock.move_to(NOW)
    run("plan set bridge 3x10 --daily --from 2026-11-23")
    run("log bridge 3x10 -d 2026-11-23")
    run("log bridge 1x15 -d 2026-11-24")
    return db


@pytest.mark.usefixtures("begun")
def test_stats_is_of_all_or_of_one_exercise(run: Run) -> None:
    assert run("stats").out.startswith("Wed 25 Nov · week 1 · streak 2 days · last 4 weeks 2 of 2 planned, 100 %\n")
    one = run("stats bri").out
    assert one.startswith("Bridge · 2 sessions · streak 2 days")
    assert "\nreps " in one
    assert "since Mon 23 Nov: 3×10, daily, 2 of 2 planned, 100 %" in one


@pytest.mark.usefixtures("begun")
def test_stats_of_an_exercise_that_was_never_prescribed_or_logged_says_so(run: Run) -> None:
    assert run("stats side-plank").out.startswith("Side plank is not in your plan and was never logged.")


@pytest.mark.usefixtures("db")
def test_stats_without_any_exercise_says_how_to_begin(run: Run) -> None:
    run("plan set bridge 3x10")
    run("undo")
    assert run("stats").out.startswith("There is no plan yet.")


@pytest.mark.usefixtures("begun")
def test_the_calendar_as_json_has_a_state_and_a_share_a_day(run: Run) -> None:
    found = json.loads(run("calendar --json").out)
    assert found.keys() == {"schema", "day", "exercise", "from", "adherence", "days"}
    assert (found["from"], found["exercise"]) == ("2026-09-01", None)
    assert found["adherence"] == {"done": 2, "due": 2, "share": 1}
    assert len(found["days"]) == 86
    assert found["days"][-3:] == [
        {"day": "2026-11-23", "state": "done", "share": 1},
        {"day": "2026-11-24", "state": "done", "share": 0.5},
        {"day": "2026-11-25", "state": "open", "share": None},
    ]


@pytest.mark.usefixtures("begun")
@pytest.mark.parametrize(("months", "first"), [(1, "2026-11-01"), (12, "2025-12-01"), (120, "2016-12-01")])
def test_the_calendar_begins_with_a_month(run: Run, months: int, first: str) -> None:
    assert json.loads(run(f"calendar bridge --months {months} --json").out)["from"] == first


@pytest.mark.usefixtures("begun")
def test_a_year_stands_side_by_side_in_80_columns(run: Run) -> None:
    lines = run("calendar --months 12").out.splitlines()
    assert sum(line.startswith("Mon") for line in lines) == 1
    assert max(map(len, lines)) <= 80


@pytest.mark.usefixtures("begun")
@pytest.mark.parametrize("topic", ["streak", "adherence", "habit"])
def test_explain_is_of_the_plan_or_of_one_exercise(run: Run, topic: str) -> None:
    assert run(f"explain {topic}").code == run(f"explain {topic} bridge").code == 0


EXPLAINED = {"schema", "day", "topic", "exercise", "rule", "streak", "adherence", "habit", "pain", "rules"}


@pytest.mark.usefixtures("begun")
@pytest.mark.parametrize("topic", ["streak", "adherence", "habit"])
@pytest.mark.parametrize("exercise", ["", "bridge"])
def test_an_explanation_as_json_has_the_rule_and_one_of_three_parts(run: Run, topic: str, exercise: str) -> None:
    found = read(run, f"explain {topic} {exercise}")
    assert found.keys() == EXPLAINED
    assert (found["schema"], found["day"], found["topic"]) == (1, "2026-11-25", topic)
    assert found["exercise"] == (exercise or None)
    assert len(found["rule"]) == 3
    assert [part for part in ("streak", "adherence", "habit") if found[part] is not None] == [topic]


@pytest.mark.usefixtures("begun")
def test_the_streak_explained_as_json_has_what_each_of_its_days_does_to_it(run: Run) -> None:
    found = read(run, "explain streak")["streak"]
    assert found == {
        "current": 2, "best": 2, "since": "2026-11-23", "ended": "2026-11-22", "missed": [], "earlier": 0,
        "from": "2026-11-22", "until": "2026-11-25",
        "days": [
            {"day": "2026-11-22", "effect": "ends"}, {"day": "2026-11-23", "effect": "counts"},
            {"day": "2026-11-24", "effect": "counts"}, {"day": "2026-11-25", "effect": "neutral"},
        ],
    }  # fmt: skip


@pytest.mark.usefixtures("begun")
def test_adherence_explained_as_json_adds_up_by_exercise(run: Run, clock: time_machine.Traveller) -> None:
    run("plan set clamshell --daily --from 2026-11-24")
    clock.shift(timedelta(days=1))
    found = read(run, "explain adherence")["adherence"]
    assert (found["from"], found["until"]) == ("2026-10-30", "2026-11-26")
    assert found["28d"] == {"done": 2, "due": 5, "share": 0.4, "missed": 3}
    assert found["28d"] == found["7d"] == found["all"]
    bridge, clam = found["exercises"]
    assert (bridge["exercise"], bridge["name"], bridge["adherence"]["28d"]["missed"]) == ("bridge", "Bridge", 1)
    assert [day["effect"] for day in bridge["days"][-5:]] == ["left_out", "done", "done", "missed", "left_out"]
    assert [day["effect"] for day in clam["days"]].count("missed") == clam["adherence"]["7d"]["missed"] == 2
    assert len(bridge["days"]) == 28


@pytest.mark.usefixtures("begun")
def test_the_habit_explained_as_json_goes_from_each_day_to_the_next(run: Run) -> None:
    found = read(run, "explain habit")["habit"]
    (bridge,) = found["exercises"]
    first, second = bridge["days"]
    assert (first["day"], first["done"], first["before"]) == ("2026-11-23", True, 0)
    assert second["after"] == pytest.approx(first["after"] * found["kept"] + 1 - found["kept"])
    assert (second["before"], second["after"]) == (first["after"], bridge["habit"])


@pytest.mark.usefixtures("db")
def test_an_explanation_of_nothing_as_json_has_the_same_keys(run: Run) -> None:
    run("plan set bridge 3x10")
    for topic in ("streak", "adherence", "habit"):
        assert read(run, f"explain {topic}").keys() == EXPLAINED
    assert read(run, "explain streak")["streak"]["since"] is None
    assert read(run, "explain adherence")["adherence"]["28d"]["share"] is None
    assert read(run, "explain habit side-plank")["habit"]["exercises"][0]["days"] == []


@pytest.mark.usefixtures("begun")
@pytest.mark.parametrize(
    "line", ["stats", "stats bridge", "calendar", "explain habit", "plan", "plan history", "today"]
)
def test_what_goes_into_a_pipe_has_no_colours_and_no_spaces_at_line_ends(run: Run, line: str) -> None:
    out = run(line).out
    assert "\x1b" not in out
    assert [shown for shown in out.splitlines() if shown != shown.rstrip()] == []


@pytest.mark.usefixtures("begun")
@pytest.mark.parametrize("line", ["stats", "calendar", "today", "log bridge 5"])
def test_colours_are_shown_where_they_are_asked_for_and_never_with_no_color(
    run: Run, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    assert "\x1b[38;5;32m" in run(line).out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in run(line).out


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("calendar --months 0", "--months takes 1 to 120 months, not 0."),
        ("calendar --months 121", "--months takes 1 to 120 months, not 121."),
        ("calendar brigde", "There is no exercise “brigde”. Did you mean bridge?"),
        ("stats brigde", "There is no exercise “brigde”. Did you mean bridge?"),
        ("explain streak brigde", "There is no exercise “brigde”. Did you mean bridge?"),
    ],
)
@pytest.mark.usefixtures("begun")
def test_a_line_that_cannot_be_done_says_so_in_one_sentence(run: Run, line: str, sentence: str) -> None:
    assert run(line) == ("", f"{sentence}\n", 2)


@pytest.mark.usefixtures("begun")
def test_explain_of_anything_else_says_what_there_is(run: Run) -> None:
    result = run("explain luck")
    assert result.code == 2
    assert "streak" in result.err


@pytest.mark.usefixtures("diary", "clock")
def test_a_streak_that_is_over_ended_on_the_first_day_that_was_missed(run: Run) -> None:
    run("plan set bridge 3x10 --daily --from -10")
    for ago in range(10, 3, -1):
        run(f"log bridge -d -{ago}")
    assert "It ended on Sun 22 Nov" in run("explain streak").out
