"""Tempo and rest as they are typed, and what they leave alone."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diaries import KINDS, Diary, diaries, progress
from kneetrack.domain import days, tempo
from kneetrack.domain.errors import DoseError
from kneetrack.domain.plan import MAX_REST_S, MAX_TEMPO_S, Tempo, in_force, spells
from kneetrack.domain.progress import changed

SECONDS = st.integers(1, MAX_TEMPO_S)


@given(SECONDS, st.none() | st.integers(1, 600), SECONDS)
def test_a_tempo_reads_as_it_is_shown(up_s: int, hold_s: int | None, down_s: int) -> None:
    its = Tempo(up_s, hold_s, down_s)
    assert tempo.read(its.typed) == its


@pytest.mark.parametrize(
    ("word", "found"), [(" 3-2-3 ", Tempo(3, 2, 3)), ("03-0-10", Tempo(3, None, 10)), ("None", None)]
)
def test_a_zero_in_the_middle_is_no_hold_and_none_takes_a_tempo_away(word: str, found: Tempo | None) -> None:
    assert tempo.read(word) == found


@pytest.mark.parametrize("word", ["", "3", "3-2", "3-2-3-1", "3--3", "-3-2-3", "a-b-c", "3-2-3s", "٣-٢-٣", "3 2 3"])
def test_what_is_no_tempo_is_refused_with_how_one_is_written(word: str) -> None:
    with pytest.raises(DoseError, match="is not a tempo; write seconds up, held and down as 3-2-3, or none"):
        tempo.read(word)


@pytest.mark.parametrize("word", ["0-2-3", "3-2-0", "61-2-3", "3-2-61", f"{'9' * 99}-2-3"])
def test_up_and_down_take_from_1_to_60_seconds(word: str) -> None:
    with pytest.raises(DoseError, match="A repetition goes up and down in 1 to 60 seconds each"):
        tempo.read(word)


@pytest.mark.parametrize(("word", "found"), [("0", 0), ("045", 45), (str(MAX_REST_S), MAX_REST_S), ("NONE", None)])
def test_a_rest_is_a_number_of_seconds_or_none(word: str, found: int | None) -> None:
    assert tempo.read_rest(word) == found


@pytest.mark.parametrize("word", ["-1", "3601", "45s", "1.5", "", "٤٥", "9" * 99])
def test_what_is_no_rest_is_refused_with_its_limits(word: str) -> None:
    with pytest.raises(DoseError, match="--rest takes 0 to 3600 seconds or none, not"):
        tempo.read_rest(word)


@settings(max_examples=100, deadline=None)
@given(diaries(), st.sampled_from(tuple(KINDS)), st.integers(-60, 5), SECONDS, st.none() | st.integers(0, MAX_REST_S))
def test_a_change_of_tempo_or_rest_alone_leaves_every_day_every_number_and_the_schedule_as_they_are(
    diary: Diary, exercise: str, ahead: int, up_s: int, rest_s: int | None
) -> None:
    day = diary.today + timedelta(ahead)
    held = in_force(diary.prescriptions, day).get(exercise)
    if held is None:
        return
    paced = held._replace(first_day=day, up_s=up_s, down_s=1, rest_s=rest_s)
    before = progress(diary)
    after = before.with_plan([paced])

    assert not changed(before, after)
    for chosen in (None, *KINDS):
        assert after.streak(chosen) == before.streak(chosen)
        assert after.adherence(None, chosen) == before.adherence(None, chosen)
        assert after.state(chosen, diary.today) == before.state(chosen, diary.today)
    last = days.number(diary.today)
    began = {spell.began for spell in spells(before.activity.prescriptions, exercise, last)}
    assert {spell.began for spell in spells(after.activity.prescriptions, exercise, last)} == began
