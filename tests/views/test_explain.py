"""Every number that explain shows can be worked out again from what stands on the screen."""

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_screens import rendered

from conftest import examples
from diaries import KINDS, Diary, diaries, progress
from kneetrack.app.results.overview import Explained
from kneetrack.domain.dose import Dose
from kneetrack.domain.explanations import RULES, Topic
from kneetrack.domain.plan import DAILY, Prescription
from kneetrack.domain.progress import Adherence, Progress
from kneetrack.domain.records import Amount
from kneetrack.domain.text import percent
from kneetrack.views.explain import explain

WIDTHS = st.sampled_from((80, 40))
WHOSE = st.sampled_from((None, *KINDS))
LONG_AGO = date(2023, 11, 6)


def shown(topic: Topic, its: Progress, exercise: str | None, width: int) -> str:
    """Return the example alone, lines that were folded made whole again."""
    whole = rendered(explain(Explained(topic, its, exercise), width), width)
    rule = rendered_rule(topic, width)
    assert whole.startswith(rule)
    return whole.removeprefix(rule)


def rendered_rule(topic: Topic, width: int) -> str:
    return rendered("\n".join(RULES[topic]), width)


def numbers(words: str) -> list[int]:
    return [int(number) for number in re.findall(r"[0-9]+", words)]


@pytest.mark.parametrize("topic", ["streak", "adherence", "habit"])
def test_a_rule_has_three_sentences(topic: Topic) -> None:
    assert len(RULES[topic]) == 3
    assert all(sentence.endswith(".") for sentence in RULES[topic])


@examples(50)
@given(diaries(), WHOSE, WIDTHS)
def test_the_streak_is_the_marks_that_count_added_up(diary: Diary, exercise: str | None, width: int) -> None:
    its = progress(diary)
    screen = shown("streak", its, exercise, width)
    rows = re.findall(r"^[0-9]+ [A-Z][a-z]{2}(?: [0-9]{4})? +([+×· ]{7})  ([0-9]+)$", screen, re.MULTILINE)
    counts = [int(count) for _, count in rows]
    assert rows
    assert [marks.count("+") for marks, _ in rows] == counts
    assert sum(counts) == its.streak(exercise).current
    if len(rows) > 1:
        assert f"{' + '.join(map(str, counts))} = {sum(counts)} day" in " ".join(screen.split()) or not sum(counts)


def test_a_streak_longer_than_twelve_weeks_says_what_lies_before_them() -> None:
    day, today = LONG_AGO, date(2026, 11, 25)
    done = [Amount("bridge", day + timedelta(ahead), None, Dose(3, 15, None)) for ahead in range((today - day).days)]
    program = (Prescription("bridge", day, Dose(3, 15, None), DAILY),)
    screen = shown("streak", progress(Diary(program, (), tuple(done), today)), None, 80)
    rows = [line for line in screen.splitlines() if re.match(r"[0-9]+ [A-Z]|before", line)]
    counts = [numbers(line)[-1] for line in rows]
    assert rows[0].startswith("before 7 Sep")
    assert len(rows) == 13
    assert counts[0] == (date(2026, 9, 7) - LONG_AGO).days
    assert sum(counts) == len(done)
    assert f"= {len(done)} days" in " ".join(screen.split())


@examples(50)
@given(diaries(), WHOSE, WIDTHS)
def test_adherence_is_the_marks_added_up_and_divided(diary: Diary, exercise: str | None, width: int) -> None:
    its = progress(diary)
    screen = " ".join(shown("adherence", its, exercise, width).split())
    strips = re.findall(r"((?:[+×·]{1,7} ){4,5})([0-9]+) of ([0-9]+)", screen)
    if not its.adherence(28, exercise).due:
        assert "Nothing was due" in screen
        return
    marks = [strip.replace(" ", "") for strip, _, _ in strips]
    assert [len(strip) for strip in marks] == [28] * len(marks)
    assert [strip.count("+") for strip in marks] == [int(done) for _, done, _ in strips]
    assert [strip.count("+") + strip.count("×") for strip in marks] == [int(due) for _, _, due in strips]
    for length, said in ((28, "The 28 days"), (7, "The last 7 of them")):
        done = sum(strip[-length:].count("+") for strip in marks)
        missed = sum(strip[-length:].count("×") for strip in marks)
        kept = its.adherence(length, exercise)
        assert Adherence(done, done + missed) == kept
        last = f"{done} ÷ {kept.due} = {percent(kept.share)}" if kept.due else "nothing was due"
        assert re.search(rf"{said}: [^.]*{last}\.", screen)


@examples(50)
@given(diaries(), WHOSE, WIDTHS)
def test_the_habit_follows_from_each_line_to_the_next(diary: Diary, exercise: str | None, width: int) -> None:
    its = progress(diary)
    screen = " ".join(shown("habit", its, exercise, width).split())
    steps = re.findall(r"([+×]) ([0-9.]+) × ([0-9.]+)(?: \+ ([0-9.]+))? = ([0-9.]+)", screen)
    assert len(steps) <= 7 * len(KINDS)
    for mark, before, kept, more, after in steps:
        assert (mark == "+") == bool(more)
        assert float(before) * float(kept) + float(more or 0) == pytest.approx(float(after), abs=0.00011)
    whose = [exercise] if exercise else its.plan or its.standings
    ends = [f"{its.habit(name):.4f} is {percent(its.habit(name))}" for name in whose if its.habit_days(name, 1)]
    assert re.findall(r"[0-9.]+ is [0-9]+ %", screen) == ends
