"""Choosing exercises of the catalogue."""

import pytest

from kneetrack.domain.catalogue import Catalogue, Exercise, muscle
from kneetrack.domain.errors import WrongUseError
from kneetrack.domain.filters import LOADS, Filters

OWN = Exercise("wall_push", "Wall-push", per_side=False, mode="reps")


def chosen(**wanted: str) -> set[str]:
    """Return the ids of the exercises that fit, the person's own among them."""
    return {item.id for item in Filters(**wanted).chosen(Catalogue([OWN]))}


def test_no_filter_leaves_everything() -> None:
    assert chosen() == {item.id for item in Catalogue([OWN])}


def test_a_word_is_looked_for_in_names_aliases_families_muscles_and_equipment() -> None:
    assert "wall_push" in chosen(word="WALL")
    assert "bridge" in chosen(word="glute-bridge")
    assert "single_leg_stance" in chosen(word="balance")
    assert "clamshell" in chosen(word="medius")
    assert "clamshell_band" in chosen(word="loop band")


@pytest.mark.parametrize("word", ["quads", "quad", "quadriceps", "Quadriceps"])
def test_a_muscle_goes_by_its_name_its_short_name_and_its_singular(word: str) -> None:
    assert {"quad_set", "wall_sit"} <= chosen(muscle=word)
    assert "clamshell" not in chosen(muscle=word)


def test_an_exercise_of_the_persons_own_has_no_equipment_that_is_known() -> None:
    assert "glute_squeeze" in chosen(equipment="none")
    assert "wall_push" not in chosen(equipment="none")


def test_every_exercise_of_the_catalogue_has_one_of_the_loads() -> None:
    shares = [chosen(knee_load=load) for load in LOADS]

    assert set.union(*shares) == {item.id for item in Catalogue()}
    assert sum(map(len, shares)) == len(set.union(*shares))
    assert chosen(knee_load="low load, None") == shares[LOADS.index("low")] | shares[LOADS.index("none")]


def test_a_range_of_levels_has_both_its_ends() -> None:
    assert chosen(level="1-3") == chosen(level="1") | chosen(level="2") | chosen(level="3")
    assert chosen(level="3-1") == set()


def test_filters_together_keep_what_fits_all_of_them() -> None:
    every = {"word": "band", "muscle": "medius", "equipment": "band", "level": "2", "knee_load": "non-weight-bearing"}

    assert chosen(**every) == set.intersection(*(chosen(**{name: word}) for name, word in every.items()))
    assert chosen(**every) == {"clamshell_band", "reverse_clamshell"}


@pytest.mark.parametrize("wanted", [{"level": "easy"}, {"level": "1-"}, {"level": "12"}, {"knee_load": "low,heavy"}])
def test_a_level_or_a_load_that_is_none_is_refused(wanted: dict[str, str]) -> None:
    with pytest.raises(WrongUseError):
        Filters(**wanted).check()
    with pytest.raises(WrongUseError):
        Filters(**wanted).chosen(Catalogue())


def test_a_muscle_without_another_name_is_its_key_in_words() -> None:
    assert (muscle("glute_med"), muscle("deep_hip_rotators")) == ("gluteus medius", "deep hip rotators")
