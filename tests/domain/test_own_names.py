"""The names that people give to exercises of their own: one rule for all ways in."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneetrack.domain import names, text
from kneetrack.domain.catalogue import Catalogue, Exercise
from kneetrack.domain.errors import WrongUseError
from kneetrack.domain.names import MAX_NAME, RESERVED, OwnName


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("wall-push", OwnName("wall_push", "Wall-push")),
        ("Wall_Push", OwnName("wall_push", "Wall Push")),
        ("  knee   wave ", OwnName("knee_wave", "Knee wave")),
        ("Übung", OwnName("übung", "Übung")),
        ("U\N{COMBINING DIAERESIS}bung", OwnName("übung", "U\N{COMBINING DIAERESIS}bung")),
        ("膝の体操", OwnName("膝の体操", "膝の体操")),
        ("hop3", OwnName("hop3", "Hop3")),
        ("x" * MAX_NAME, OwnName("x" * MAX_NAME, "X" + "x" * (MAX_NAME - 1))),
    ],
)
def test_a_name_has_an_id_to_type_and_a_form_to_show(word: str, name: OwnName) -> None:
    assert names.read(word) == name


@pytest.mark.parametrize(
    "word", ["", "3way", "½way", "-hop", "_hop", "+wave", "wave!", "a/b", "[red]", "a\u202eb", "\x1b[2J"]
)
def test_a_name_begins_with_a_letter_and_has_letters_digits_and_hyphens(word: str) -> None:
    with pytest.raises(WrongUseError, match="begins with a letter and has at most 60"):
        names.read(word)


@pytest.mark.parametrize("word", ["x" * (MAX_NAME + 1), "ß" * (MAX_NAME // 2 + 1), "ß" + "x" * (MAX_NAME - 1)])
def test_neither_the_name_nor_its_id_is_longer_than_the_most(word: str) -> None:
    with pytest.raises(WrongUseError, match="at most 60"):
        names.read(word)


@pytest.mark.parametrize("word", sorted(RESERVED))
def test_a_word_that_commands_take_in_the_place_of_a_name_is_none(word: str) -> None:
    assert not names.is_id(word)
    assert not names.is_name(word.title())
    with pytest.raises(WrongUseError, match="means something else to kneetrack"):
        names.read(word.upper())


@pytest.mark.parametrize("exercise", list(Catalogue()), ids=lambda exercise: exercise.id)
def test_every_exercise_of_the_catalogue_has_an_id_by_this_rule(exercise: Exercise) -> None:
    assert names.is_id(exercise.id)


@given(word=st.text(max_size=70) | st.from_regex(re.compile(r"[a-zß_ -]{1,70}", re.IGNORECASE), fullmatch=True))
def test_what_can_be_added_can_be_imported_and_found_by_what_was_typed(word: str) -> None:
    try:
        name = names.read(word)
    except WrongUseError:
        return
    assert names.is_id(name.id)
    assert names.is_name(name.shown)
    own = Exercise(name.id, name.shown, per_side=False, mode="reps")
    assert Catalogue([own]).exact(own.typed) == Catalogue([own]).exact(text.storable(word)) == own


@pytest.mark.parametrize("beginning", ["side-pl", "side_pl", "Side Pl", "SIDE-PL"])
def test_the_beginning_of_a_name_is_completed_whichever_way_it_is_typed(beginning: str) -> None:
    assert Catalogue().get("side_plank").typed.startswith(names.typed(beginning))


def test_a_hyphen_at_the_end_of_a_beginning_counts() -> None:
    assert names.typed("side-") == "side-"
