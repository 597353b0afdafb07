"""Doses as they are typed, kept and shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneetrack.domain import dose as doses
from kneetrack.domain.dose import MAX_HOLD_S, MAX_REPS, MAX_SETS, Dose, Mode
from kneetrack.domain.errors import DoseError

SETS = st.integers(1, MAX_SETS)
REPS = st.integers(1, MAX_REPS)
HOLDS = st.integers(1, MAX_HOLD_S)
MODES = st.sampled_from(("reps", "hold"))


@pytest.mark.parametrize(
    ("word", "dose"),
    [
        ("15", Dose(1, 15, None)),
        ("3x15", Dose(3, 15, None)),
        ("3X15", Dose(3, 15, None)),
        ("3×15", Dose(3, 15, None)),
        ("3x15x5s", Dose(3, 15, 5)),
        ("3X15X5S", Dose(3, 15, 5)),
        ("3×15×5s", Dose(3, 15, 5)),
        ("1x15x5s", Dose(1, 15, 5)),
        (" 3x15 ", Dose(3, 15, None)),
        ("03x015", Dose(3, 15, None)),
        ("1x1", Dose(1, 1, None)),
        ("99x9999x86400s", Dose(99, 9999, 86400)),
    ],
)
def test_a_word_for_repetitions_is_read(word: str, dose: Dose) -> None:
    assert doses.parse(word, "reps", "Bridge") == [dose]


@pytest.mark.parametrize(
    ("word", "dose"),
    [
        ("30s", Dose(1, None, 30)),
        ("3x30s", Dose(3, None, 30)),
        ("3X30S", Dose(3, None, 30)),
        ("3×30s", Dose(3, None, 30)),
        ("99x86400s", Dose(99, None, 86400)),
    ],
)
def test_a_word_for_holds_is_read(word: str, dose: Dose) -> None:
    assert doses.parse(word, "hold", "Side plank") == [dose]


def test_numbers_between_commas_are_one_set_each() -> None:
    assert doses.parse("15,12,10", "reps", "Bridge") == [Dose(1, 15, None), Dose(1, 12, None), Dose(1, 10, None)]
    assert doses.parse("30s,20s", "hold", "Side plank") == [Dose(1, None, 30), Dose(1, None, 20)]


@pytest.mark.parametrize("mode", ["reps", "hold"])
@pytest.mark.parametrize(
    "word",
    [
        "",
        " ",
        "x",
        "3x",
        "x15",
        "3x15x",
        "3x15x5",
        "3x15x5m",
        "3xx15",
        "3 x 15",
        "3x15s5s",
        "-15",
        "+15",
        "1.5",
        "1e3",
        "1_000",
        "15,",
        ",15",
        "15,,10",
        "3x15,10",
        "15;12",
        "\u0661\u0665",
        "\u00b3x15",
        "15\x1b",
        "0x15",
        "3x0",
        "0",
        "0s",
        "100x5",
        "100x5s",
        "99999",
        "10000",
        "3x15x0s",
        "86401s",
        "9" * 5000,
    ],
    ids=lambda word: ascii(word[:12]),
)
def test_a_word_that_is_no_dose_within_the_limits_is_refused(word: str, mode: Mode) -> None:
    with pytest.raises(DoseError):
        doses.parse(word, mode, "Bridge")


@pytest.mark.parametrize("word", ["0000000150", "1x0000000150", "000000000000150"])
def test_zeros_in_front_do_not_change_a_number(word: str) -> None:
    assert doses.parse(word, "reps", "Bridge") == [Dose(1, 150, None)]


@pytest.mark.parametrize("word", ["15", "3x15", "3x15x5s", "30s,15"])
def test_repetitions_are_refused_for_an_exercise_that_is_held(word: str) -> None:
    with pytest.raises(DoseError, match=r"^Side plank is held for seconds.*3x30s"):
        doses.parse(word, "hold", "Side plank")


@pytest.mark.parametrize("word", ["30s", "3x30s", "15,30s"])
def test_seconds_are_refused_for_an_exercise_that_is_counted(word: str) -> None:
    with pytest.raises(DoseError, match=r"^Bridge is counted in repetitions.*3x15"):
        doses.parse(word, "reps", "Bridge")


def test_the_sentence_for_a_word_that_is_no_dose_gives_examples_that_fit_the_exercise() -> None:
    with pytest.raises(DoseError, match=r"^“3x” is not a dose; write 15, 3x15, 3x15x5s or 15,12,10\.$"):
        doses.parse("3x", "reps", "Bridge")
    with pytest.raises(DoseError, match=r"^“3x” is not a dose; write 30s, 3x30s or 30s,20s\.$"):
        doses.parse("3x", "hold", "Side plank")


@pytest.mark.parametrize(
    ("dose", "limit"),
    [
        (Dose(0, 15, None), "1 to 99 sets"),
        (Dose(100, 15, None), "1 to 99 sets"),
        (Dose(1, 0, None), "1 to 9999 repetitions"),
        (Dose(1, 10_000, None), "1 to 9999 repetitions"),
        (Dose(1, -1, None), "1 to 9999 repetitions"),
        (Dose(1, 15, 0), "1 to 86400 seconds of hold"),
        (Dose(1, None, 86_401), "1 to 86400 seconds of hold"),
    ],
)
def test_a_number_out_of_its_limits_is_refused_with_the_limits(dose: Dose, limit: str) -> None:
    with pytest.raises(DoseError, match=limit):
        doses.check(dose)


@given(st.one_of(st.none(), SETS), st.one_of(st.none(), REPS), st.one_of(st.none(), HOLDS))
def test_every_number_within_its_limits_passes_and_so_does_an_unknown_one(
    sets: int | None, reps: int | None, hold: int | None
) -> None:
    assert doses.check(Dose(sets, reps, hold)) == Dose(sets, reps, hold)


@pytest.mark.parametrize(
    ("dose", "mode", "shown", "typed"),
    [
        (Dose(1, 15, None), "reps", "15", "15"),
        (Dose(3, 15, None), "reps", "3×15", "3x15"),
        (Dose(3, 15, 5), "reps", "3×15, hold 5 s", "3x15x5s"),
        (Dose(1, 15, 5), "reps", "15, hold 5 s", "1x15x5s"),
        (Dose(1, None, 30), "hold", "30 s", "30s"),
        (Dose(3, None, 30), "hold", "3×30 s", "3x30s"),
        (Dose(3, None, None), "reps", "3×?", "3x?"),
        (Dose(3, None, None), "hold", "3×? s", "3x?s"),
        (Dose(None, 15, None), "reps", "?×15", "15"),
        (Dose(None, None, None), "reps", "done", "?"),
    ],
)
def test_a_dose_is_shown_for_people_and_written_as_it_is_typed(dose: Dose, mode: Mode, shown: str, typed: str) -> None:
    assert doses.show(dose, mode) == shown
    assert doses.word(dose, mode) == typed


@given(SETS, REPS, st.one_of(st.none(), HOLDS))
def test_every_dose_of_repetitions_is_read_back_from_its_word(sets: int, reps: int, hold: int | None) -> None:
    dose = Dose(sets, reps, hold)
    assert doses.parse(doses.word(dose, "reps"), "reps", "Bridge") == [dose]


@given(SETS, HOLDS)
def test_every_dose_of_holds_is_read_back_from_its_word(sets: int, hold: int) -> None:
    dose = Dose(sets, None, hold)
    assert doses.parse(doses.word(dose, "hold"), "hold", "Side plank") == [dose]


@given(st.lists(REPS, min_size=2, max_size=6))
def test_uneven_sets_are_read_in_their_order(reps: list[int]) -> None:
    assert doses.parse(",".join(map(str, reps)), "reps", "Bridge") == [Dose(1, each, None) for each in reps]


@given(st.one_of(st.text(), st.text("0123456789xX×sS,. \n"), st.text("0123456789xs,", max_size=9)), MODES)
def test_any_text_is_doses_within_the_limits_or_a_dose_error(text: str, mode: Mode) -> None:
    try:
        found = doses.parse(text, mode, "Bridge")
    except DoseError:
        return
    assert found
    for dose in found:
        assert doses.check(dose) == dose
        assert dose.sets is not None
        assert (dose.reps is None) == (mode == "hold")
        assert mode == "reps" or dose.hold_s is not None


@given(SETS, REPS, st.one_of(st.none(), HOLDS))
def test_the_volume_of_repetitions_leaves_the_hold_out(sets: int, reps: int, hold: int | None) -> None:
    assert Dose(sets, reps, hold).volume("reps") == sets * reps


@given(SETS, HOLDS)
def test_the_volume_of_holds_is_in_seconds(sets: int, hold: int) -> None:
    assert Dose(sets, None, hold).volume("hold") == sets * hold


def test_a_number_that_is_not_known_counts_as_the_prescribed_one() -> None:
    prescribed = Dose(3, 15, None)
    assert Dose(None, 10, None).volume("reps", prescribed) == 30
    assert Dose(2, None, None).volume("reps", prescribed) == 30
    assert Dose(None, None, None).volume("reps", prescribed) == 45
    assert Dose(2, None, None).volume("reps") == 0
