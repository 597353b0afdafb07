"""What is shown of pain: at 80 and 40 columns, without colour, with gaps; explained so that it can be worked out."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from conftest import NOW, Run, read
from kneetrack.domain import text
from kneetrack.views.safety import KEYS

pytestmark = pytest.mark.usefixtures("db", "clock")

DIARY = (
    "log bridge 3x10 --pain 1 -d -4",
    "log bridge 3x10 --pain 4 -d -3",
    "log bridge 3x10 --pain 7 -d -2",
    "log bridge 3x10 -d -1",
    "pain 2 --moment morning -d -4",
    "pain 2 --moment morning -d -3",
    "pain 1 --moment morning -d -2",
    "pain 3 --moment after -d -2",
    "pain 1 --moment morning -d -1",
    "pain 4 --moment day -d -1 --note 'long drive'",
)


@pytest.fixture
def noted(run: Run) -> Run:
    """Put a diary with pain of the last days where `run` works."""
    for line in DIARY:
        assert run(line).code == 0, line
    return run


def test_pain_shows_two_weeks_with_verdicts_ten_days_together_and_the_rule(noted: Run) -> None:
    assert noted("pain").out.splitlines() == [
        "            morning  during  after  day  by your rule",
        "Tue 24 Nov        1       –      –    4  unknown: pain during Bridge not noted",
        "                                         and this morning's pain not noted",
        "Mon 23 Nov        1       7      3    –  above, 7 during exercise",
        "Sun 22 Nov        2       4      –    –  allowed",
        "Sat 21 Nov        2       1      –    –  within",
        "",
        "Rule: during exercise ideally below 2, never above 5; the next morning not above",
        "  that morning (MyKneeCap).",
    ]


def test_ten_days_are_put_together_once_five_are_known(noted: Run) -> None:
    noted("pain 5")
    said = " ".join(noted("pain").out.split())
    assert "Average of each day's worst pain: 4.4, from 2 to 7 (5 of the last 10 days noted)." in said


@pytest.mark.parametrize("line", ["pain", "stats pain", "stats pain --weeks 52", "explain pain", "today", "history"])
@pytest.mark.parametrize("columns", [80, 40])
def test_no_line_is_wider_than_the_terminal(
    noted: Run, monkeypatch: pytest.MonkeyPatch, line: str, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    shown = noted(line).out.splitlines()
    assert shown
    assert all(text.cells(each) <= columns for each in shown)


def test_stats_pain_draws_exercise_above_mornings_and_leaves_a_gap_for_what_was_not_noted(
    run: Run, clock: time_machine.Traveller
) -> None:
    for line in ("log bridge 3x10 --pain 6 -d -14", "pain 2 --moment morning -d -14", "log bridge 3x10 --pain 0"):
        assert run(line).code == 0
    del clock
    assert run("stats pain").out.splitlines() == [
        "worst pain during exercise, by week",
        "10",
        " 8",
        " 6< █",
        " 4  █",
        " 2  █   ▁",
        "worst pain in the morning, by week",
        "10",
        " 8",
        " 6",
        " 4",
        " 2  █",
        "sets",
        "    █   █",
        "    9 Nov → this week",
        "    < your limit, 5",
        "",
        "           9 Nov  16 Nov     now",
        "during         6       –       0",
        "morning        2       –       –",
        "sets           3       0       3",
    ]


def test_stats_pain_shows_what_was_noted_at_other_times_alone(run: Run) -> None:
    run("pain 8 --moment day")
    run("pain 9 --moment after")
    assert run("stats pain").out.splitlines() == [
        "at other times",
        "    ▇",
        "sets",
        "",
        "    23 Nov → this week",
        "",
        "             now",
        "during         –",
        "morning        –",
        "other          9",
        "sets           0",
    ]


@pytest.mark.parametrize("line", ["pain", "stats pain"])
def test_a_diary_without_pain_says_how_to_note_it(run: Run, line: str) -> None:
    run("plan set bridge 3x10")
    assert run(line).out.splitlines()[-1] == "To note it: kneetrack pain 2"


def test_explain_pain_can_be_worked_out_again_from_the_screen(noted: Run) -> None:
    shown = noted("explain pain").out
    assert "No trial that we found tested such limits in kneecap pain." in " ".join(shown.split())
    ideal, limit = 1, 5
    days = re.findall(r"^\w{3} \d+ \w{3}: .*→ [\w, ]+$", shown.replace("\n  ", " "), re.MULTILINE)
    assert len(days) == 4
    for words in days:
        found = {
            name: int(level) for name, level in re.findall(r"(during|next morning|(?<!next )morning) (\d+)", words)
        }
        kind, _, why = words.rpartition("→ ")[2].partition(", ")
        if found.get("during", 0) > limit or found.get("next morning", 0) > found.get("morning", 10):
            assert (kind, why in {"worse the next morning", f"{found.get('during')} during exercise"}) == (
                "above",
                True,
            )
        elif len(found) < 3:
            assert (kind, "not noted" in words) == ("unknown", True)
        else:
            assert kind == ("within" if found["during"] <= ideal else "allowed")


def test_the_traffic_light_is_explained_with_its_three_values(noted: Run) -> None:
    noted("settings pain_rule light")
    shown = " ".join(noted("explain pain").out.split())
    assert "we found no original source" in shown
    assert "Mon 23 Nov: during 7; after 3; next morning 1 → above" in shown


def test_a_rule_of_ones_own_is_a_number_below_the_limit(noted: Run) -> None:
    noted("settings pain_rule 4")
    assert "ideally at most 4, never above 5" in " ".join(noted("pain").out.split())
    assert [its["verdict"] for its in read(noted, "pain")["days"]] == ["within", "within", "above", "unknown"]


def test_explain_pain_gives_the_rule_where_no_diary_is_there_or_can_be_read(run: Run, tmp_path: Path) -> None:
    for content, words in (
        (None, "No exercise days yet."),
        (b"no diary", "your own days are left out"),
    ):
        path = tmp_path / "other.db"
        if content:
            path.write_bytes(content)
        result = run(f"explain pain --db {path}")
        assert result.code == 0
        assert "Rule: during exercise ideally below 2" in result.out
        assert words in " ".join((result.err + result.out).split())


def test_pain_is_explained_of_whole_days_only(run: Run) -> None:
    result = run("explain pain bridge")
    assert (result.code, result.err) == (2, "Pain is explained of whole days: leave the exercise out.\n")


def test_today_shows_the_morning_and_asks_for_it_after_a_session(noted: Run, clock: time_machine.Traveller) -> None:
    ask = "To note this morning's pain: kneetrack pain N"
    assert ask in noted("today").out
    assert read(noted, "today")["pain"] == {
        "morning": None, "during": None, "after": None, "day": None, "asked": True,
    }  # fmt: skip
    assert ask in noted("remind").out
    noted("pain 3")
    shown = noted("today").out
    assert ask not in shown
    assert "pain       3 this morning · 7 during the session on Mon 23 Nov" in shown
    clock.shift(timedelta(days=2))
    assert ask not in noted("today").out


def test_who_notes_no_pain_is_never_asked(run: Run) -> None:
    run("log bridge 3x10 -d -1 --pain 3")
    assert "morning" not in run("today").out + run("remind").out


def test_what_is_said_once_names_safety_and_no_treatment(run: Run) -> None:
    for day in ("-2", "-1"):
        assert "last three exercise days" not in run(f"log bridge 3x10 --pain 6 -d {day}").out
    said = run("log bridge 1x10 --pain 6").out
    assert "On your last three exercise days pain was above your limit." in said
    assert said.count("kneetrack safety") == 1
    assert "last three" not in run("log bridge 1x10 --pain 6").out


def test_a_rise_is_said_by_the_pain_that_makes_it(run: Run) -> None:
    for day in (13, 11, 9):
        run(f"pain 1 --moment day -d -{day}")
    for day in (2, 1):
        assert "On average" not in run(f"pain 4 --moment day -d -{day}").out
    assert "at least 2 points higher than in the 7 days before" in run("pain 4").out


def test_calendar_and_stats_take_the_worst_pain_of_the_week_of_any_moment(run: Run) -> None:
    run("log bridge 3x10 --pain 1")
    run("pain 8 --moment day")
    assert re.search(r"^pain +8$", run("calendar").out, re.MULTILINE)
    shown = run("stats").out
    assert re.search(r"^worst pain .* 8$", shown, re.MULTILINE)
    assert "mornings" not in shown
    run("pain 2")
    assert re.search(r"^mornings .* 2$", run("stats").out, re.MULTILINE)


def test_the_source_of_the_rule_is_among_the_references() -> None:
    assert "MyKneeCap" in KEYS
    assert NOW.date().isoformat() == "2026-11-25"
