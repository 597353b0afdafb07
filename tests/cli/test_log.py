"""`log`: what each form of the line writes, and what it answers."""

from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine

from conftest import NOW, ZONE, Run, read, sessions

pytestmark = pytest.mark.usefixtures("diary", "clock")

AT_NOW = "2026-11-25T07:41:00+01:00"
EXAMPLE = [
    "You start with an example plan, not advice. Warning signs: kneetrack safety",
    "For 3 days a week instead: kneetrack plan set clamshell bridge --per-week 3",
]

Did = tuple[str, str | None, int | None, int | None, int | None]


def did(run: Run) -> list[Did]:
    """Return exercise, side, sets, reps and hold of every session, in the order of writing."""
    return [(item["exercise"], item["side"], item["sets"], item["reps"], item["hold_s"]) for item in sessions(run)]


def left(run: Run, exercise: str) -> dict[str, int | None] | None:
    """Return what is left today of an exercise of the program."""
    found: dict[str, int | None] | None = next(
        item["left"] for item in read(run, "today")["items"] if item["exercise"] == exercise
    )
    return found


def bridge(sets: int, reps: int, hold_s: int | None = None) -> Did:
    return ("bridge", None, sets, reps, hold_s)


def clam(sets: int, reps: int, side: str = "both") -> Did:
    return ("clamshell", side, sets, reps, None)


def plank(sets: int, hold_s: int, side: str = "both") -> Did:
    return ("side_plank", side, sets, None, hold_s)


# What is written


@pytest.mark.parametrize(
    ("words", "written"),
    [
        ("bridge 15", [bridge(1, 15)]),
        ("bridge 3x15", [bridge(3, 15)]),
        ("bridge 3X15", [bridge(3, 15)]),
        ("bridge 3×15", [bridge(3, 15)]),
        ("bridge 3x15x5s", [bridge(3, 15, 5)]),
        ("bridge 15,12,10", [bridge(1, 15), bridge(1, 12), bridge(1, 10)]),
        ("bridge --reps 15", [bridge(1, 15)]),
        ("bridge --sets 2 --reps 15", [bridge(2, 15)]),
        ("bridge --sets 2 --reps 15 --hold 5", [bridge(2, 15, 5)]),
        ("bridge --reps 15 --hold 5", [bridge(1, 15, 5)]),
        ("bridge --sets 2", [bridge(2, 10, 2)]),
        ("bridge --sets 2 --hold 5", [bridge(2, 10, 5)]),
        ("bridge", [bridge(3, 10, 2)]),
        ("clamshell", [clam(3, 10)]),
        ("clam 3x12 --side left", [clam(3, 12, "left")]),
        ("clam --side RIGHT", [clam(3, 10, "right")]),
        ("clam 3x12 --side both", [clam(3, 12)]),
        ("clam --sets 2 --side left", [clam(2, 10, "left")]),
        ("clam 12,10 --side left", [clam(1, 12, "left"), clam(1, 10, "left")]),
        ("side-plank 30s", [plank(1, 30)]),
        ("side-plank 3x30s", [plank(3, 30)]),
        ("side-plank 30s,20s --side left", [plank(1, 30, "left"), plank(1, 20, "left")]),
        ("side-plank --hold 30", [plank(1, 30)]),
        ("side-plank --sets 3 --hold 30", [plank(3, 30)]),
        ("side-plank --sets 3", [plank(3, 15)]),
        ("side-plank", [plank(2, 15)]),
        ("'side plank' 30s", [plank(1, 30)]),
        ("bridges 15", [bridge(1, 15)]),
        ("glute-bridge 15", [bridge(1, 15)]),
        ("bri 15", [bridge(1, 15)]),
        ("BRIDGE 15", [bridge(1, 15)]),
        ("bridge 3x15 clamshell 3x12", [bridge(3, 15), clam(3, 12)]),
        ("bridge clamshell", [bridge(3, 10, 2), clam(3, 10)]),
        ("bridge clam 12 side-plank", [bridge(3, 10, 2), clam(1, 12), plank(2, 15)]),
        ("clam 12 side-plank 30s --side left", [clam(1, 12, "left"), plank(1, 30, "left")]),
        ("bridge 15 bridge 12", [bridge(1, 15), bridge(1, 12)]),
        ("all", [bridge(3, 10, 2), clam(3, 10)]),
        ("ALL", [bridge(3, 10, 2), clam(3, 10)]),
    ],
)
def test_a_line_writes_what_it_says(words: str, written: list[Did], run: Run) -> None:
    result = run(f"log {words}")
    assert (result.code, result.err) == (0, "")
    assert did(run) == written


@pytest.mark.parametrize(
    ("before", "words", "written"),
    [
        ("bridge 15", "bridge", [bridge(2, 10, 2)]),
        ("bridge 25", "bridge", [bridge(1, 10, 2)]),
        ("bridge 1x29", "bridge", [bridge(1, 10, 2)]),
        ("bridge 15", "all", [bridge(2, 10, 2), clam(3, 10)]),
        ("bridge", "all", [clam(3, 10)]),
        ("clam --side left", "clam", [clam(3, 10, "right")]),
        ("clam --side left", "clam --side right", [clam(3, 10, "right")]),
        ("clam 10 --side left", "clam --side left", [clam(2, 10, "left")]),
        ("clam 10 --side left", "clam", [clam(2, 10, "left"), clam(3, 10, "right")]),
        ("clam 10", "clam", [clam(2, 10)]),
        ("clam 10", "clam --side right", [clam(2, 10, "right")]),
        ("bridge", "bridge 15", [bridge(1, 15)]),
        ("bridge", "bridge --sets 1", [bridge(1, 10, 2)]),
        ("side-plank", "side-plank", [plank(2, 15)]),
    ],
)
def test_a_line_without_a_dose_writes_what_is_left(before: str, words: str, written: list[Did], run: Run) -> None:
    run(f"log {before}")
    already = len(did(run))
    assert run(f"log {words}").code == 0
    assert did(run)[already:] == written


@pytest.mark.parametrize(
    ("before", "words"),
    [
        ("bridge 3x10", "bridge"),
        ("bridge 30", "bridge"),
        ("bridge 99", "bri"),
        ("clam", "clam"),
        ("clam", "clam --side left"),
        ("clam --side left", "clam --side left"),
        ("bridge clam", "bridge clam"),
        ("all", "all"),
    ],
)
def test_when_nothing_is_left_nothing_is_written_and_one_line_says_how_to_log_more(
    before: str, words: str, run: Run, diary: Path
) -> None:
    run(f"log {before}")
    kept = diary.read_bytes()
    result = run(f"log {words}")
    assert (result.code, result.err) == (0, "")
    assert ("Nothing is left" in result.out) == (words == "all")
    assert "already complete today, so nothing was added." in result.out or words == "all"
    assert len(result.out.splitlines()) == 1
    assert diary.read_bytes() == kept
    advice = result.out.strip().partition("To log more: kneetrack ")[2]
    assert run(advice).code == 0
    assert diary.read_bytes() != kept


@pytest.mark.parametrize("words", ["side-plank", "'side plank'", "Side-Planks"])
def test_the_advice_to_log_more_fits_an_exercise_that_is_held(words: str, run: Run) -> None:
    run("plan set side-plank 2x15s")
    run("log side-plank")
    advice = run(f"log {words}").out.strip().partition("To log more: kneetrack ")[2]
    assert run(advice).code == 0
    assert did(run)[-1][0] == "side_plank"


def test_nothing_left_is_an_empty_list_in_json(run: Run) -> None:
    run("log all")
    assert read(run, "log all")["logged"] == []


def test_what_is_left_follows_the_day_that_is_named(run: Run) -> None:
    run("plan set bridge 2x12 --from 2026-11-20")
    run("log bridge 12 -d 2026-11-20")
    run("log bridge -d 2026-11-20")
    assert did(run) == [bridge(1, 12), bridge(1, 12, None)]


def test_all_leaves_out_what_is_paused_and_what_is_not_due(run: Run) -> None:
    run("pause clamshell")
    run("plan set side-plank 2x15s --on mon")
    run("log all")
    assert did(run) == [bridge(3, 10, 2)]


def test_the_rest_of_the_options_holds_for_every_exercise_of_the_line(run: Run) -> None:
    run("log bridge 15 clam 12 --pain 2 --effort 6 --load 'red band' --note easy --at 07:00")
    for item in sessions(run):
        assert (item["pain"], item["effort"], item["load"], item["note"]) == (2, 6, "red band", "easy")
        assert item["at"] == "2026-11-25T07:00:00+01:00"


def test_what_was_not_said_is_null(run: Run) -> None:
    run("log bridge 15")
    (item,) = sessions(run)
    assert [item[key] for key in ("side", "hold_s", "load", "pain", "effort", "note")] == [None] * 6


@pytest.mark.parametrize("option", ["--note ''", "--note '  '", "--load ''"])
def test_an_empty_text_is_none(option: str, run: Run) -> None:
    run(f"log bridge 15 {option}")
    (item,) = sessions(run)
    assert (item["note"], item["load"]) == (None, None)


@pytest.mark.parametrize("value", [0, 10])
def test_pain_and_effort_go_from_0_to_10(value: int, run: Run) -> None:
    run(f"log bridge 15 --pain {value} --effort {value}")
    (item,) = sessions(run)
    assert (item["pain"], item["effort"]) == (value, value)


@pytest.mark.parametrize("note", ["x" * 2000, "\N{GRINNING FACE}" * 2000, "膝" * 2000], ids=["ascii", "emoji", "cjk"])
def test_a_note_of_2000_characters_is_kept_whole(note: str, run: Run) -> None:
    assert run(f"log bridge 15 --note {note}").code == 0
    assert sessions(run)[0]["note"] == note


# Days and times


@pytest.mark.parametrize(
    ("word", "day"),
    [
        ("today", "2026-11-25"),
        ("yesterday", "2026-11-24"),
        ("-2", "2026-11-23"),
        ("-0", "2026-11-25"),
        ("2026-11-20", "2026-11-20"),
        ("2024-02-29", "2024-02-29"),
        ("mon", "2026-11-23"),
        ("tue", "2026-11-24"),
        ("wed", "2026-11-25"),
        ("thu", "2026-11-19"),
        ("fri", "2026-11-20"),
        ("sat", "2026-11-21"),
        ("sunday", "2026-11-22"),
    ],
)
def test_every_word_for_a_day_backdates_and_a_past_day_without_a_time_has_none(word: str, day: str, run: Run) -> None:
    assert run(f"log bridge 15 -d {word}").code == 0
    (item,) = sessions(run)
    assert (item["day"], item["at"]) == (day, AT_NOW if day == "2026-11-25" else None)


def test_the_day_can_stand_before_the_exercise_and_after_an_equals_sign(run: Run) -> None:
    run("log -d -2 bridge 15")
    run("log --day=-2 bridge 12")
    assert {item["day"] for item in sessions(run)} == {"2026-11-23"}


def test_a_time_is_one_on_the_day_that_is_named(run: Run) -> None:
    run("log bridge 15 -d yesterday --at 7:30")
    run("log bridge 15 --at 07:41")
    assert [item["at"] for item in sessions(run)] == ["2026-11-24T07:30:00+01:00", "2026-11-25T07:41:00+01:00"]


def test_a_time_has_the_offset_of_its_day(run: Run) -> None:
    run("log bridge 15 -d 2026-10-24 --at 07:30")
    assert sessions(run)[0]["at"] == "2026-10-24T07:30:00+02:00"


@pytest.mark.parametrize("option", ["-d tomorrow", "-d 2026-11-26", "--at 07:42", "-d today --at 23:59"])
def test_a_day_or_a_time_to_come_is_refused(option: str, run: Run) -> None:
    result = run(f"log bridge 15 {option}")
    assert (result.code, result.out) == (2, "")
    assert "still to come" in result.err
    assert sessions(run) == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "log bridge 15 -d 2026-03-29 --at 02:30",
            "There is no 02:30 on Sun 29 Mar: the clock went from 02:00 to 03:00",
        ),
        (
            "log bridge 15 -d 2026-03-29 --at 02:00",
            "There is no 02:00 on Sun 29 Mar: the clock went from 02:00 to 03:00",
        ),
        ("log bridge 15 -d 2025-03-30 --at 02:59", "There is no 02:59 on Sun 30 Mar 2025: the clock went from 02:00"),
        ("edit last -d 2026-03-29 --at 02:30", "There is no 02:30 on Sun 29 Mar: the clock went from 02:00 to 03:00"),
    ],
)
def test_a_time_that_the_spring_skips_is_refused(line: str, said: str, run: Run) -> None:
    run("log bridge 15")
    result = run(line)
    assert (result.code, result.out, result.err.count("\n")) == (2, "", 1)
    assert said in result.err
    assert len(sessions(run)) == 1


def test_a_time_that_the_spring_skips_is_refused_on_its_own_day(run: Run, clock: time_machine.Traveller) -> None:
    clock.move_to(datetime(2027, 3, 28, 7, 41, tzinfo=ZONE))
    assert run("log bridge 15 --at 02:30").code == 2
    assert run("log bridge 15 --at 01:59").code == run("log bridge 15 --at 03:00").code == 0
    assert [item["at"] for item in sessions(run)] == ["2027-03-28T01:59:00+01:00", "2027-03-28T03:00:00+02:00"]


def test_a_time_that_comes_twice_in_autumn_is_the_first(run: Run) -> None:
    run("log bridge 15 -d 2026-10-25 --at 02:30")
    assert sessions(run)[0]["at"] == "2026-10-25T02:30:00+02:00"


def test_a_session_before_the_day_start_counts_for_the_day_before(run: Run, clock: time_machine.Traveller) -> None:
    run("settings day_start 04:00")
    clock.move_to(datetime(2026, 11, 25, 1, 30, tzinfo=ZONE))
    answer = run("log bridge 15").out
    (item,) = sessions(run)
    assert (item["day"], item["at"]) == ("2026-11-24", "2026-11-25T01:30:00+01:00")
    assert "Tue 24 Nov 01:30" in answer
    assert read(run, "today")["day"] == "2026-11-24"


def test_a_time_before_the_day_start_belongs_to_the_end_of_the_diary_day(run: Run) -> None:
    run("settings day_start 04:00")
    run("log bridge 15 -d yesterday --at 01:00")
    run("log bridge 15 -d yesterday --at 04:00")
    assert [(item["day"], item["at"]) for item in sessions(run)] == [
        ("2026-11-24", "2026-11-24T04:00:00+01:00"),
        ("2026-11-24", "2026-11-25T01:00:00+01:00"),
    ]


def test_a_time_before_the_day_start_of_today_is_still_to_come(run: Run) -> None:
    run("settings day_start 04:00")
    assert run("log bridge 15 --at 01:00").code == 2
    assert sessions(run) == []


def test_a_day_start_that_hides_what_was_logged_past_midnight_says_so(run: Run, clock: time_machine.Traveller) -> None:
    clock.move_to(datetime(2026, 11, 25, 2, 9, tzinfo=ZONE))
    run("log bridge 15")
    answer = run("settings day_start 04:00").out
    assert "1 session will be shown from Wed 25 Nov on" in answer
    assert run("edit last -d today").code == 0
    assert sessions(run)[0]["day"] == "2026-11-24"


def test_the_day_stays_when_the_day_start_changes_later(run: Run, clock: time_machine.Traveller) -> None:
    clock.move_to(datetime(2026, 11, 25, 1, 30, tzinfo=ZONE))
    run("log bridge 15")
    run("settings day_start 04:00")
    clock.move_to(NOW)
    assert sessions(run)[0]["day"] == "2026-11-25"


def test_a_clock_that_runs_backwards_stops_no_log(run: Run, clock: time_machine.Traveller) -> None:
    run("log bridge 15")
    clock.move_to(datetime(2026, 11, 24, 20, 0, tzinfo=ZONE))
    assert run("log bridge 12").code == 0
    clock.move_to(NOW)
    assert sorted(item["reps"] for item in sessions(run)) == [12, 15]


# The hint past midnight


def night(clock: time_machine.Traveller, day: int, hour: int = 0, minute: int = 30) -> None:
    clock.move_to(datetime(2026, 11, day, hour, minute, tzinfo=ZONE))


@pytest.mark.parametrize(("hour", "minute", "hinted"), [(0, 0, True), (3, 59, True), (4, 0, False), (23, 59, False)])
def test_a_session_before_four_in_the_morning_brings_a_hint(
    hour: int, minute: int, run: Run, clock: time_machine.Traveller, *, hinted: bool
) -> None:
    night(clock, 27, hour, minute)
    answer = run("log bridge 15").out
    assert ("kneetrack settings day_start 04:00" in answer) == hinted


def test_the_hint_comes_at_most_once_a_week(run: Run, clock: time_machine.Traveller) -> None:
    hints = []
    for day in (26, 26, 27, 30):
        night(clock, day)
        hints.append("day_start" in run("log bridge 15").out)
    assert hints == [True, False, False, False]
    clock.move_to(datetime(2026, 12, 20, 0, 30, tzinfo=ZONE))
    assert "day_start" in run("log bridge 15").out


def test_the_hint_comes_at_most_once_a_week_also_when_it_was_followed(run: Run, clock: time_machine.Traveller) -> None:
    night(clock, 26)
    assert "kneetrack edit last -d yesterday" in run("log bridge 15").out
    assert run("edit last -d yesterday").code == 0
    night(clock, 27)
    assert "day_start" not in run("log bridge 15").out


def test_no_hint_comes_when_the_day_start_is_set_or_the_day_is_named(run: Run, clock: time_machine.Traveller) -> None:
    night(clock, 26)
    assert "day_start" not in run("log bridge 15 -d yesterday").out
    run("settings day_start 04:00")
    assert "day_start" not in run("log bridge 12").out


# The answer


def test_the_answer_says_what_when_its_id_what_is_left_and_the_streak(run: Run) -> None:
    lines = run("log bridge --reps 15").out.splitlines()
    short = sessions(run)[0]["id"][:4]
    assert lines[0].split() == ["◐", "Bridge", "15", "Wed", "25", "Nov", "07:41", short]
    assert lines[1] == "  left today: Bridge 2×10, hold 2 s · Clamshell 3×10 each side"
    assert lines[2] == "  streak 1 day · last 4 weeks 100 % · undo: kneetrack undo"
    assert len(lines) == 3


def test_what_was_noted_is_in_the_line(run: Run) -> None:
    said = run("log bridge 3x10 --pain 2 --effort 6 --load 'red band' --note 'left side easier'").out
    assert said.startswith("● Bridge 3×10 · pain 2 · effort 6 · red band · “left side easier” ")


def test_what_was_noted_of_several_exercises_at_once_is_said_of_each(run: Run) -> None:
    first, second, *_ = run("log bridge clam --pain 2").out.splitlines()
    assert "Bridge 3×10, hold 2 s · pain 2 " in first
    assert "Clamshell 3×10 · pain 2 " in second


def test_a_long_note_is_shown_by_its_beginning(run: Run) -> None:
    first = run(f"log bridge --note '{'wide ' * 400}'").out.splitlines()[0]
    assert "wide wide…”" in first
    assert len(first) < 120


@pytest.mark.parametrize(
    ("words", "mark"),
    [
        ("bridge 3x10", "●"),
        ("bridge 29", "◐"),
        ("bridge 15 -d yesterday", "●"),
        ("clam --side left", "◐"),
        ("side-plank", "●"),
    ],
)
def test_a_dose_that_is_done_in_part_is_half_a_mark(words: str, mark: str, run: Run) -> None:
    assert run(f"log {words}").out.startswith(f"{mark} ")


def test_how_to_take_it_back_is_told_by_the_first_three_logs_of_a_diary(run: Run) -> None:
    assert ["undo" in run(f"log bridge {reps}").out for reps in (10, 9, 8, 7)] == [True, True, True, False]


def test_each_further_exercise_adds_one_line_with_its_own_id(run: Run) -> None:
    one = run("log bridge 15").out.splitlines()
    three = run("log bridge 15 clam 12 side-plank 30s").out.splitlines()
    assert len(three) == len(one) + 2
    shorts = [item["id"][:4] for item in sessions(run)[1:]]
    assert all(short in line for short, line in zip(shorts, three, strict=False))


def test_uneven_sets_are_one_line_of_the_answer_and_of_history(run: Run) -> None:
    answer = run("log bridge 15,12,10").out.splitlines()
    assert "Bridge 15, 12, 10" in answer[0]
    assert len(answer) <= 4
    (shown,) = run("history").out.splitlines()
    assert "Bridge 15, 12, 10" in shown


def test_an_answer_for_another_day_names_that_day_and_says_what_is_left_today(run: Run) -> None:
    answer = run("log bridge 15 -d yesterday").out
    assert "Tue 24 Nov " in answer
    assert "left today: Bridge 3×10, hold 2 s · Clamshell 3×10 each side" in answer


def test_an_answer_for_another_year_names_the_year(run: Run) -> None:
    assert "Sat 1 Nov 2025" in run("log bridge 15 -d 2025-11-01").out


def test_an_answer_for_one_side_names_the_side(run: Run) -> None:
    answer = run("log clam --side left").out
    assert "Clamshell 3×10, left side" in answer
    assert "Clamshell 3×10 right side" in answer


def test_an_answer_says_when_nothing_is_left_today(run: Run) -> None:
    assert "  nothing left today" in run("log all").out.splitlines()


def test_an_id_has_at_least_four_characters_and_rm_takes_it(run: Run) -> None:
    short = run("log bridge 15").out.splitlines()[0].split()[7]
    assert len(short) >= 4
    assert sessions(run)[0]["id"].startswith(short)
    assert run(f"rm {short}").code == 0
    assert sessions(run) == []


def test_while_paused_one_line_says_since_when_why_and_how_to_end_it(run: Run) -> None:
    run("pause --from 2026-11-20 --reason travel")
    (line,) = (line for line in run("log bridge 15").out.splitlines() if "paused" in line)
    assert "since Fri 20 Nov: everything" in line
    assert "travel" in line
    assert "kneetrack resume" in line


@pytest.mark.parametrize(
    ("limit", "pain", "noted"),
    [(None, 5, False), (None, 6, True), (None, 10, True), (3, 3, False), (3, 4, True), (0, 1, True), (8, 6, False)],
)
def test_pain_above_the_limit_names_the_limit_in_one_line_instead_of_the_streak(
    limit: int | None, pain: int, run: Run, *, noted: bool
) -> None:
    if limit is not None:
        run(f"settings pain_limit {limit}")
    answer = run(f"log bridge 15 --pain {pain}").out
    sentence = (
        f"  Pain {pain} is above your limit of {5 if limit is None else limit}."
        " Signs that need a clinician: kneetrack safety."
        " To excuse a day: kneetrack skip --reason pain."
    )
    assert answer.splitlines().count(sentence) == noted
    assert ("streak" in answer) != noted


def test_the_answer_in_json_has_what_was_logged_and_today(run: Run) -> None:
    given: dict[str, Any] = read(run, "log bridge 15 --pain 7 clam 12")
    assert given.keys() == {"schema", "logged", "today"}
    assert given["schema"] == 1
    assert [item["exercise"] for item in given["logged"]] == ["bridge", "clamshell"]
    assert given["logged"] == sessions(run)
    assert given["today"] == read(run, "today")
    assert given["logged"][0] == {
        "id": given["logged"][0]["id"],
        "exercise": "bridge",
        "day": "2026-11-25",
        "at": AT_NOW,
        "side": None,
        "sets": 1,
        "reps": 15,
        "hold_s": None,
        "load": None,
        "pain": 7,
        "effort": None,
        "note": None,
    }


# The first diary


def test_a_first_log_at_a_named_path_says_where_the_diary_is_first(run: Run, diary: Path) -> None:
    diary.unlink()
    lines = run("log bridge 15").out.splitlines()
    assert str(diary) in lines[0]
    assert lines[1:3] == EXAMPLE
    assert lines[3].startswith("◐ Bridge 15")


def test_a_first_log_at_the_usual_place_does_not_say_where(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KNEETRACK_DB")
    lines = run("log bridge 15").out.splitlines()
    assert lines[:2] == EXAMPLE
    assert lines[2].startswith("◐ Bridge 15")
    assert (home / "data" / "kneetrack" / "kneetrack.db").is_file()


def test_the_example_plan_is_named_once_only(run: Run, diary: Path) -> None:
    diary.unlink()
    answers = [run(f"log bridge {reps}").out for reps in (15, 12, 10)]
    assert [EXAMPLE[0] in answer for answer in answers] == [True, False, False]


def test_the_example_plan_holds_from_today_on(run: Run, diary: Path) -> None:
    diary.unlink()
    run("log clam 15")
    assert [(item["exercise"], item["schedule"]["kind"], item["since"]) for item in read(run, "plan")["plan"]] == [
        ("bridge", "daily", "2026-11-25"),
        ("clamshell", "daily", "2026-11-25"),
    ]


def test_the_example_plan_holds_from_the_day_on_which_a_day_start_as_first_write_makes_it(
    run: Run, diary: Path, clock: time_machine.Traveller
) -> None:
    diary.unlink()
    clock.move_to(datetime(2026, 11, 25, 0, 41, tzinfo=ZONE))
    assert "left today: Bridge 3×10" in run("settings day_start 04:00").out
    assert [item["since"] for item in read(run, "plan")["plan"]] == ["2026-11-24", "2026-11-24"]


@pytest.mark.parametrize("words", ["brigde 15", "bridge 3x", "bridge 15 --pain 11", "bridge 15 -d tomorrow", ""])
def test_a_first_log_that_is_refused_creates_nothing(words: str, run: Run, diary: Path) -> None:
    diary.unlink()
    assert run(f"log {words}").code == 2
    assert list(diary.parent.glob("*")) == []


def test_all_leaves_out_what_is_excused_though_it_was_started(run: Run, diary: Path) -> None:
    assert diary.exists()
    run("log bridge 5")
    run("skip bridge")
    run("log all")

    assert [item["exercise"] for item in sessions(run)] == ["bridge", "clamshell"]


@pytest.mark.parametrize("words", ["--note=a=", "--note '--x='", "--note=", "--load 'a='"])
def test_a_note_may_end_like_an_option_without_a_value(run: Run, words: str) -> None:
    assert run(f"log bridge 15 {words}").code == 0


def test_bridge_again_takes_the_dose_and_load_of_last_time_and_no_pain_or_note(run: Run) -> None:
    run("log bridge 3x12x5s --load '5 kg' --pain 4 --effort 6 --note slow -d yesterday")
    assert run("log bridge AGAIN --pain 1").code == 0
    newest = sessions(run)[-1]
    assert (newest["day"], newest["sets"], newest["reps"], newest["hold_s"]) == ("2026-11-25", 3, 12, 5)
    assert (newest["load"], newest["pain"], newest["effort"], newest["note"]) == ("5 kg", 1, None, None)


def test_again_takes_the_side_and_all_the_uneven_sets_of_last_time(run: Run) -> None:
    run("log clam 12,10,8 --side left -d yesterday")
    run("log bridge 9 clamshell again")
    assert sorted(did(run)[3:]) == sorted([bridge(1, 9), *(clam(1, reps, "left") for reps in (12, 10, 8))])


def test_again_with_a_side_takes_the_dose_of_last_time_on_that_side(run: Run) -> None:
    run("log clam 2x11 --side left -d yesterday")
    run("log clam again --side r")
    assert did(run)[1:] == [clam(2, 11, "right")]


def test_again_alone_takes_all_the_exercises_of_the_last_line(run: Run) -> None:
    run("log side-plank 2x20s")
    run("log bridge 3x9 clam 2x8 -d yesterday")
    run("log again")
    assert sorted(did(run)[3:]) == [bridge(3, 9), clam(2, 8)]


def test_again_looks_no_further_than_the_day_that_is_logged(run: Run) -> None:
    run("log bridge 3x9 -d -5")
    run("log bridge 3x15 -d yesterday")
    run("log bridge again -d -3")
    assert did(run).count(bridge(3, 9)) == 2


def test_again_of_nothing_says_so(run: Run) -> None:
    assert run("log again").err == "Nothing has been logged yet. Say how much: kneetrack log bridge 3x10\n"


@pytest.mark.parametrize(
    ("line", "day", "at"),
    [
        ("bridge -d 2 days ago 3x15", "2026-11-23", None),
        ("-d last mon bridge 15", "2026-11-23", None),
        ("bridge 15 --day=20 nov", "2026-11-20", None),
        ("bridge --note -d 15 -d 20 nov 2025", "2025-11-20", None),
        ("bridge -d yesterday --at 6pm", "2026-11-24", "18:00"),
        ("bridge -d yesterday --at 18", "2026-11-24", "18:00"),
    ],
)
def test_days_and_times_are_taken_as_people_type_them(line: str, day: str, at: str | None, run: Run) -> None:
    assert run(f"log {line}").code == 0
    (session,) = sessions(run)
    assert session["day"] == day
    assert (session["at"] or "T::")[11:16] == (at or "")


def test_ratings_may_say_of_what_they_are(run: Run) -> None:
    run("log bridge 15 --pain 2/10 --effort 10/10")
    run("edit last --pain 3/10")
    assert (sessions(run)[0]["pain"], sessions(run)[0]["effort"]) == (3, 10)


@pytest.mark.parametrize(("typed", "side"), [("l", "left"), ("R", "right"), ("both", "both")])
def test_a_side_may_be_its_first_letter(typed: str, side: str, run: Run) -> None:
    run(f"log clam 12 --side {typed}")
    assert did(run) == [clam(1, 12, side)]


def test_what_comes_with_a_log_of_nothing_left_goes_onto_the_last_session(run: Run) -> None:
    run("log bridge")
    result = run("log bridge --pain 6 --note 'left side'")
    (session,) = sessions(run)
    assert (session["pain"], session["note"]) == (6, "left side")
    assert "Bridge is already complete today, so your last session was noted." in result.out
    assert "kneetrack safety" in result.out
    run("undo")
    assert (sessions(run)[0]["pain"], sessions(run)[0]["note"]) == (None, None)


def test_a_note_on_a_side_that_is_complete_goes_onto_that_side(run: Run) -> None:
    run("log clam 3x10 --side left")
    run("log clam 1x10 --side right")
    run("log clam --side left --note stiff")
    assert {(each["side"], each["note"]) for each in sessions(run)} == {("left", "stiff"), ("right", None)}


def test_a_note_with_all_goes_onto_each_exercise_of_the_day_when_nothing_is_left(run: Run) -> None:
    run("log all")
    run("log all --note tired")
    assert [each["note"] for each in sessions(run)] == ["tired", "tired"]


def test_what_would_replace_something_is_given_as_a_line_to_type(run: Run) -> None:
    run("log bridge --note fine")
    kept = sessions(run)
    result = run("""log bridge --pain 6 --note "it's; $(x)" """)
    assert sessions(run) == kept
    line = next(line.strip() for line in result.out.splitlines() if line.strip().startswith("kneetrack edit"))
    assert run(line.removeprefix("kneetrack ")).code == 0
    assert (sessions(run)[0]["pain"], sessions(run)[0]["note"]) == (6, "it's; $(x)")


def test_the_same_values_again_are_no_conflict(run: Run) -> None:
    run("log bridge --note fine")
    assert "was noted" in run("log bridge --note fine --pain 1").out
    assert sessions(run)[0]["pain"] == 1


def test_a_note_without_any_session_stays_in_the_line_that_logs_more(run: Run) -> None:
    run("plan set bridge clam --on mon")
    result = run("log all --note 'not today' --pain 3")
    line = result.out.strip().partition("To log more: kneetrack ")[2]
    assert run(line).code == 0
    assert (sessions(run)[0]["note"], sessions(run)[0]["pain"]) == ("not today", 3)


def test_every_command_to_type_stands_alone_or_behind_a_word(run: Run) -> None:
    run("log bridge --note fine")
    for line in run("log bridge --note other").out.splitlines():
        assert line.count("kneetrack") <= 1


@pytest.mark.parametrize(("answer", "written"), [("y", 1), ("n", 0), ("", 0)])
def test_more_than_ten_times_the_dose_asks_on_a_terminal(
    answer: str, written: int, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kneetrack.cli.console.can_ask", lambda: True)
    monkeypatch.setattr("sys.stdin", StringIO(f"{answer}\n"))
    result = run("log bridge 3x150")
    assert "That is more than ten times the planned dose: Bridge 3×150. Log it? [y/N]: " in result.out
    assert ("Nothing was logged." in result.out) == (not written)
    assert len(sessions(run)) == written


def test_ten_times_the_dose_is_not_asked_about(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kneetrack.cli.console.can_ask", lambda: True)
    assert "[y/N]" not in run("log bridge 3x100").out


def test_a_script_may_log_any_dose(run: Run) -> None:
    assert run("log bridge 3x1500").code == 0
    assert did(run) == [bridge(3, 1500)]


def test_three_a_week_begun_on_a_sunday_lets_one_start(run: Run, clock: time_machine.Traveller) -> None:
    clock.move_to(datetime(2026, 11, 29, 9, 0, tzinfo=ZONE))
    run("plan set bridge clam --per-week 3")
    assert run("log all").code == 0
    assert sorted(did(run)) == [bridge(3, 10, 2), clam(3, 10)]


# today


def test_today_shows_the_last_pain_and_the_last_note_with_their_days(run: Run) -> None:
    run("log bridge -d yesterday --pain 3 --note 'left side easier'")
    run("log bridge 10")
    assert run("today").out.splitlines()[-2:] == [
        "  pain       3 during the session on Tue 24 Nov",
        "  last note  Bridge, Tue 24 Nov: “left side easier”",
    ]


def test_today_shows_no_pain_and_no_note_where_there_are_none(run: Run) -> None:
    run("log bridge 10")
    assert "pain" not in run("today").out
    assert "note" not in run("today").out


def test_today_is_headed_first_day_on_the_first_day(run: Run) -> None:
    assert run("today").out.splitlines()[0] == "Wed 25 Nov · week 1 · first day"


def test_today_has_the_letters_of_the_weekdays_above_the_marks(run: Run) -> None:
    run("log bridge -d yesterday")
    run("log bridge 10")
    letters, bridge, _ = run("today").out.splitlines()[2:]
    assert letters.endswith("M T W T F S S")
    assert bridge[letters.index("M") :] == "  ● ◐ · · · ·"


def test_today_shows_equal_sets_that_were_logged_one_by_one_as_one(run: Run) -> None:
    for _ in range(3):
        run("log bridge 10")
    assert "● Bridge     3×10 done" in run("today").out


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("clamshells 3x10 both sides", "A side is an option: kneetrack log clamshells 3x10 --side both"),
        ("3x10 bridge", "Put the exercise first: kneetrack log bridge 3x10"),
        ("bridge 15,12,10 pain 3", "“pain” is an option: kneetrack log bridge 15,12,10 --pain 3"),
        ("bridge 3x12 note bad knee", "“note” is an option: kneetrack log bridge 3x12 --note 'bad knee'"),
    ],
)
def test_words_that_are_understood_are_answered_with_the_line_to_type(line: str, meant: str, run: Run) -> None:
    assert run(f"log {line}").err == f"{meant}\n"


def test_what_is_left_of_a_side_reads_well_and_is_not_asked_for_once_it_is_skipped(run: Run) -> None:
    run("log clam 3x10 --side left")
    assert "still 3×10 right side" in run("today").out
    run("skip clamshell --reason pain")
    assert "still" not in run("today").out


def test_each_side_is_what_a_dose_of_an_exercise_per_side_means_anyway(run: Run) -> None:
    assert run("log clamshell 3x10 each side bridge 3x10").code == 0
    assert run("log clamshell 2x10 each").code == 0
    assert "no exercise “each”" in run("log bridge 3x10 each side").err
