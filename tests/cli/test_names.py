"""Finding an exercise by the name that a person types."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneetrack.domain.catalogue import Catalogue, Exercise
from kneetrack.domain.errors import AmbiguousExerciseError, UnknownExerciseError

SHIPPED = Catalogue()
PROGRAM = ("bridge", "clamshell")


def own(ident: str, name: str = "") -> Exercise:
    return Exercise(ident, name or ident.capitalize(), per_side=False, mode="reps")


@pytest.mark.parametrize("exercise", list(SHIPPED), ids=lambda exercise: exercise.id)
def test_every_id_name_and_alias_names_its_own_exercise(exercise: Exercise) -> None:
    for name in (exercise.id, exercise.typed, exercise.name, *exercise.aliases):
        assert SHIPPED.find(name).id == exercise.id
        assert SHIPPED.find(name, PROGRAM).id == exercise.id
        assert SHIPPED.find(f"{name}s").id == exercise.id


@pytest.mark.parametrize(
    ("word", "exercise"),
    [
        ("bridges", "bridge"),
        ("clams", "clamshell"),
        ("glute-bridges", "bridge"),
        ("hip-hikes", "hip_hike"),
        ("fire-hydrants", "fire_hydrant"),
        ("calf-stretches", "calf_stretch"),
        ("heel-cord-stretches", "calf_stretch"),
    ],
)
def test_a_plural_is_as_good_as_the_name(word: str, exercise: str) -> None:
    assert SHIPPED.find(word).id == exercise


@pytest.mark.parametrize(
    "word",
    ["side-plank", "side_plank", "side plank", "SIDE-PLANK", "Side Plank", " side  plank ", "side-_plank"],
)
def test_case_hyphens_underscores_and_spaces_are_alike(word: str) -> None:
    assert SHIPPED.find(word).id == "side_plank"


def test_an_alias_wins_over_the_beginning_of_a_name_in_the_program() -> None:
    assert SHIPPED.find("clam", ("clamshell_band",)).id == "clamshell"


def test_an_exact_name_wins_over_the_beginning_of_a_name_in_the_program() -> None:
    assert SHIPPED.find("bridge", ("bridge_band",)).id == "bridge"
    assert SHIPPED.find("side-plank", ("side_plank_knees",)).id == "side_plank"


@pytest.mark.parametrize("names", [("press", "pres"), ("pres", "press")], ids=str)
def test_an_exact_name_wins_over_a_plural(names: tuple[str, str]) -> None:
    assert Catalogue([own(name) for name in names]).find("press").id == "press"


@pytest.mark.parametrize(
    ("word", "exercise"), [("bri", "bridge"), ("BRI", "bridge"), ("cl", "clamshell"), ("b", "bridge")]
)
def test_the_beginning_of_a_name_is_looked_for_in_the_program_first(word: str, exercise: str) -> None:
    assert SHIPPED.find(word, PROGRAM).id == exercise
    with pytest.raises(AmbiguousExerciseError):
        SHIPPED.find(word)


@pytest.mark.parametrize(
    ("word", "exercise"),
    [("monst", "monster_walk"), ("hip-hi", "hip_hike"), ("fire hyd", "fire_hydrant"), ("wall-si", "wall_sit")],
)
def test_the_beginning_of_a_name_is_looked_for_everywhere_next(word: str, exercise: str) -> None:
    assert SHIPPED.find(word, PROGRAM).id == exercise
    assert SHIPPED.find(word).id == exercise


def test_several_matches_in_the_program_are_listed_without_those_outside_it() -> None:
    with pytest.raises(AmbiguousExerciseError, match=r"^“sing” matches 2 exercises: single-leg-bridge, single-leg-st"):
        SHIPPED.find("sing", ("single_leg_bridge", "single_leg_stance"))


def test_several_matches_are_listed_as_they_are_typed() -> None:
    with pytest.raises(AmbiguousExerciseError) as caught:
        SHIPPED.find("single", PROGRAM)
    assert str(caught.value) == (
        "“single” matches 3 exercises: single-leg-bridge, single-leg-mini-squat, single-leg-stance."
        " Type more of the name."
    )
    assert caught.value.exit_code == 2


def test_the_beginning_of_a_name_wins_over_a_part_of_one() -> None:
    assert SHIPPED.find("step", ("lateral_step_down",), parts=True).id == "step_up"


@pytest.mark.parametrize("word", ["hydrant", "hydr", "YDR", "ire-hyd"])
def test_a_part_of_a_name_is_enough_only_to_read(word: str) -> None:
    assert SHIPPED.find(word, parts=True).id == "fire_hydrant"
    with pytest.raises(UnknownExerciseError):
        SHIPPED.find(word)


def test_a_part_of_a_name_is_looked_for_in_the_program_first() -> None:
    assert SHIPPED.find("shell", PROGRAM, parts=True).id == "clamshell"
    with pytest.raises(AmbiguousExerciseError):
        SHIPPED.find("shell", parts=True)


@pytest.mark.parametrize("word", ["yd", "y", "-", "_ ", ""])
def test_a_part_of_a_name_has_at_least_three_letters(word: str) -> None:
    with pytest.raises(UnknownExerciseError):
        SHIPPED.find(word, ("fire_hydrant",), parts=True)


@pytest.mark.parametrize(
    ("word", "meant"),
    [("brigde", "bridge"), ("clamshel1", "clamshell"), ("side-plnak", "side-plank"), ("monstr-walk", "monster-walk")],
)
@pytest.mark.parametrize("parts", [False, True], ids=["to write", "to read"])
def test_a_typo_names_nothing_and_is_answered_with_what_was_meant(word: str, meant: str, *, parts: bool) -> None:
    before = list(SHIPPED)
    with pytest.raises(UnknownExerciseError, match=rf"^There is no exercise “{word}”\. Did you mean .*\b{meant}\b"):
        SHIPPED.find(word, PROGRAM, parts=parts)
    assert list(SHIPPED) == before


def test_a_word_like_no_name_is_answered_with_where_the_names_are() -> None:
    with pytest.raises(UnknownExerciseError) as caught:
        SHIPPED.find("qqqqqq", PROGRAM, parts=True)
    assert str(caught.value) == (
        "There is no exercise “qqqqqq”. To see all: kneetrack exercises. To add your own: kneetrack add NAME"
    )
    assert caught.value.exit_code == 2


def test_an_exercise_of_the_persons_own_is_found_as_the_others_are() -> None:
    catalogue = Catalogue([own("wall_push", "Wall-push"), own("übung", "Übung")])
    for word in ("wall-push", "Wall Push", "wall_pushes", "wall-p"):
        assert catalogue.find(word, PROGRAM).id == "wall_push"
    assert catalogue.find("ÜBUNG").id == "übung"
    assert catalogue.find("all-pu", parts=True).id == "wall_push"


def test_an_own_exercise_and_one_of_the_catalogue_are_equal_when_the_beginning_of_a_name_is_looked_for() -> None:
    with pytest.raises(AmbiguousExerciseError, match=r"matches 2 exercises: monster-mash, monster-walk"):
        Catalogue([own("monster_mash")]).find("monster")
    assert Catalogue([own("monster_mash")]).find("monster", ("monster_mash",)).id == "monster_mash"


def test_an_exercise_of_the_program_that_nobody_knows_any_more_is_passed_over() -> None:
    assert SHIPPED.find("bri", ("brick_lift", "bridge")).id == "bridge"


def test_an_exercise_that_nobody_knows_any_more_still_has_a_name() -> None:
    gone = SHIPPED.get("brick_lift")
    assert (gone.name, gone.mode, gone.per_side, gone.dose) == ("Brick lift", "reps", False, None)


@given(word=st.text(), parts=st.booleans())
def test_any_word_is_an_exercise_or_an_error_of_ours(word: str, *, parts: bool) -> None:
    try:
        assert SHIPPED.find(word, PROGRAM, parts=parts) in list(SHIPPED)
    except (AmbiguousExerciseError, UnknownExerciseError):
        return
