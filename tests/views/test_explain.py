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
    whole = rendered(explain(Explained(topic, its, exercise, its.today), width), width)
    rule = rendered(explain(Explained(topic, None, exercise, its.today), width), width)
    assert whole.startswith(rule)
    return whole.removeprefix(rule)


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
    assert f"= {len(done)} days, since Mon 6 Nov 2023" in " ".join(screen.split())


@examples(50)
@given(diaries(), WHOSE, WIDTHS)
def test_adherence_is_the_marks_added_up_and_divided(diary: Diary, exercise: str | None, width: int) -> None:
    its = progress(diary)
    screen = " ".join(shown("adherence", its, exercise, width).split())
    strips = re.findall(r"((?:[+×·]{1,7} ){4,5})([0-9]+) of ([0-9]+)", screen)
    if not its.adherence(28, exercise).due:
        assert "No planned day has passed" in screen
        return
    marks = [strip.replace(" ", "") for strip, _, _ in strips]
    assert [len(strip) for strip in marks] == [28] * len(marks)
    assert [strip.count("+") for strip in marks] == [int(done) for _, done, _ in strips]
    assert [strip.count("+") + strip.count("×") for strip in marks] == [int(due) for _, _, due in strips]
    for length in (28, 7):
        done = sum(strip[-length:].count("+") for strip in marks)
        kept = Adherence(done, done + sum(strip[-length:].count("×") for strip in marks))
        last = f"{done} ÷ {kept.due} = {percent(kept.share)}" if kept.due else "nothing planned"
        assert re.search(rf"Last {length} days: [^L]*{last}", screen)


@examples(50)
@given(diaries(), WHOSE, WIDTHS)
def test_the_habit_is_shown_after_each_planned_day_and_ends_where_stats_has_it(
    diary: Diary, exercise: str | None, width: int
) -> None:
    its = progress(diary)
    screen = shown("habit", its, exercise, width)
    whose = [name for name in ([exercise] if exercise else its.plan or its.listed) if its.habit_days(name, 1)]
    courses = [its.habit_days(name, 7) for name in whose]
    steps = re.findall(r"([+×]) +([0-9]+ %)", screen)
    assert steps == [("+" if day.done else "×", percent(day.after)) for course in courses for day in course]
    ends = re.findall(r"^  ([0-9]+ %); before", screen, re.MULTILINE)
    assert ends == [percent(its.habit(name)) for name in whose]


def test_where_no_diary_can_be_read_there_is_the_rule() -> None:
    for topic in RULES:
        screen = rendered(explain(Explained(topic, None, None, date(2026, 11, 25)), 40), 40)
        assert " ".join(screen.split()) == " ".join(RULES[topic])
