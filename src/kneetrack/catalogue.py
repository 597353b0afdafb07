"""Exercises: the data file as frozen values, and finding one by the name that a person types."""

import json
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from kneetrack.dose import Dose, Mode
from kneetrack.errors import AmbiguousExerciseError, UnknownExerciseError

DATA = Path(__file__).parent / "data"

SHORTEST_PART = 3


class Exercise(NamedTuple):
    """One exercise of the catalogue (keys as in data/exercises.json) or of the person's own.

    `dose` is the published or default starting dose; an exercise of the person's own has none.
    `facts` is the entry of the data file, empty for one's own.
    """

    id: str
    name: str
    per_side: bool
    mode: Mode
    aliases: tuple[str, ...] = ()
    dose: Dose | None = None
    facts: Mapping[str, Any] = {}

    @property
    def typed(self) -> str:
        """Return the name as it is typed on the command line: `side-plank`."""
        return self.id.replace("_", "-")


class Catalogue:
    """All exercises that can be named: those of the data file and the person's own."""

    def __init__(self, own: Iterable[Exercise] = ()) -> None:
        """Take the person's own exercises."""
        self._all = {exercise.id: exercise for exercise in (*own, *_shipped())}

    def __iter__(self) -> Iterator[Exercise]:
        """Yield every exercise, the person's own first."""
        return iter(self._all.values())

    def get(self, exercise_id: str) -> Exercise:
        """Return an exercise by its id; one that is no longer known still has a name and counts repetitions."""
        known = self._all.get(exercise_id)
        return known or Exercise(exercise_id, exercise_id.replace("_", " ").capitalize(), per_side=False, mode="reps")

    def find(self, word: str, program: Iterable[str] = (), *, parts: bool = False) -> Exercise:
        """Return the exercise that a word names.

        An exact name, its plural or an alias wins; then the beginning of a name, looked for among the ids
        in `program` first; then, with `parts`, any three letters or more of a name. Raises
        UnknownExerciseError or AmbiguousExerciseError.
        """
        wanted = plain(word)
        names = {exercise.id: _names(exercise) for exercise in self}
        exact = self.exact(word)
        if exact:
            return exact
        in_program = [ident for ident in program if ident in names]
        for among in (in_program, list(names)):
            found = [ident for ident in among if any(name.startswith(wanted) for name in names[ident])]
            if wanted and found:
                return self._only(word, found)
        if parts and len(wanted) >= SHORTEST_PART:
            for among in (in_program, list(names)):
                found = [ident for ident in among if any(wanted in name for name in names[ident])]
                if found:
                    return self._only(word, found)
        raise UnknownExerciseError(word, self._near(wanted, names))

    def exact(self, word: str) -> Exercise | None:
        """Return the exercise that has a word as its name, the plural of it or an alias."""
        wanted = _singulars(plain(word))
        return next((exercise for exercise in self if _names(exercise) & wanted), None)

    def _only(self, word: str, found: list[str]) -> Exercise:
        """Return the one exercise found, and raise AmbiguousExerciseError when there are several."""
        if len(found) > 1:
            raise AmbiguousExerciseError(word, [self._all[ident].typed for ident in found])
        return self._all[found[0]]

    def _near(self, wanted: str, names: dict[str, set[str]]) -> list[str]:
        """Return up to three names, as typed, that look like the word."""
        owners = {name: ident for ident, its in names.items() for name in its}
        near = get_close_matches(wanted, owners, n=5, cutoff=0.6)
        return list(dict.fromkeys(self._all[owners[name]].typed for name in near))[:3]


def plain(word: str) -> str:
    """Return a name in the form in which names are compared: case, `-`, `_` and spaces alike."""
    return " ".join(word.casefold().replace("-", " ").replace("_", " ").split())


def _names(exercise: Exercise) -> set[str]:
    """Return every name of an exercise in the form in which names are compared."""
    return {plain(name) for name in (exercise.id, exercise.name, *exercise.aliases)}


def _singulars(wanted: str) -> set[str]:
    """Return the word and what it may be the plural of."""
    found = {wanted}
    for ending in ("s", "es"):
        if wanted.endswith(ending):
            found.add(wanted.removesuffix(ending))
    return found - {""}


@cache
def _shipped() -> tuple[Exercise, ...]:
    """Return the exercises of data/exercises.json."""
    entries = json.loads((DATA / "exercises.json").read_text("utf-8"))["exercises"]
    return tuple(
        Exercise(
            entry["id"],
            entry["name"],
            entry["per_side"],
            entry["mode"],
            tuple(entry["aliases"]),
            Dose(entry["sets"], entry["reps"], entry["hold_s"]),
            entry,
        )
        for entry in entries
    )
