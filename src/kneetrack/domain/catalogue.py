"""Exercises: those of the data file and of the person, and finding one by the name that a person types."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from kneetrack.domain.dose import Dose, Mode
from kneetrack.domain.errors import AmbiguousExerciseError, UnknownExerciseError
from kneetrack.domain.shipped import SHIPPED
from kneetrack.domain.text import echo
from kneetrack.domain.value import Value

SHORTEST_PART = 3

MUSCLES = {
    "glute_med": "gluteus medius",
    "glute_min": "gluteus minimus",
    "glute_max": "gluteus maximus",
    "tfl": "tensor fasciae latae",
    "itb": "iliotibial band",
    "quads": "quadriceps",
    "vmo": "vastus medialis",
}
"""The muscles whose keys in the data file are not their names."""


class Exercise(Value):
    """One exercise of the catalogue (keys as in data/exercises.json) or of the person's own.

    `dose` is the published or default starting dose; an exercise of the person's own has none.
    """

    id: str
    name: str
    per_side: bool
    mode: Mode
    aliases: tuple[str, ...] = ()
    dose: Dose | None = None

    @property
    def facts(self) -> Mapping[str, Any]:
        """Return all that the data file says of it; nothing of an exercise of the person's own."""
        return _entries()[self.id] if self.dose else {}

    @property
    def typed(self) -> str:
        """Return the name as it is typed on the command line: `side-plank`."""
        return self.id.replace("_", "-")


class Catalogue:
    """All exercises that can be named: those of the data file and the person's own."""

    def __init__(self, own: Iterable[Exercise] = ()) -> None:
        """Take the person's own exercises."""
        mine = {exercise.id: exercise for exercise in own}
        self._all = mine | {exercise.id: exercise for exercise in _shipped() if exercise.id not in mine}

    def __iter__(self) -> Iterator[Exercise]:
        """Yield every exercise, the person's own first."""
        return iter(self._all.values())

    def get(self, exercise_id: str) -> Exercise:
        """Return an exercise by its id; one that is no longer known still has a name and counts repetitions."""
        known = self._all.get(exercise_id)
        return known or Exercise(exercise_id, exercise_id.replace("_", " ").capitalize(), per_side=False, mode="reps")

    def find(self, word: str, plan: Iterable[str] = (), *, parts: bool = False) -> Exercise:
        """Return the exercise that a word names.

        An exact name, its plural or an alias wins; then the beginning of a name, looked for among the ids
        in `plan` first; then, with `parts`, any three letters or more of a name or an alias. Raises
        UnknownExerciseError or AmbiguousExerciseError.
        """
        exact = self.exact(word)
        if exact:
            return exact
        wanted = plain(word)
        in_plan = [self._all[ident] for ident in plan if ident in self._all]
        for part in (False, True) if parts and len(wanted) >= SHORTEST_PART else (False,):
            for among in (in_plan, self):
                found = [exercise for exercise in among if _fits(exercise, wanted, part=part)]
                if len(found) > 1:
                    raise AmbiguousExerciseError(echo(word), [exercise.typed for exercise in found])
                if found:
                    return found[0]
        raise UnknownExerciseError(echo(word), self._near(wanted))

    def exact(self, word: str) -> Exercise | None:
        """Return the exercise that has a word as its name or an alias, or else as the plural of one."""
        wanted = plain(word)
        singulars = [wanted.removesuffix(ending) for ending in ("s", "es") if wanted.endswith(ending)]
        return next((its for name in (wanted, *singulars) for its in self if name in _names(its)), None)

    def _near(self, wanted: str) -> list[str]:
        """Return up to three names, as typed, that look like the word."""
        from difflib import get_close_matches  # noqa: PLC0415 - only a word that nothing has pays for it

        owners = {name: exercise.typed for exercise in self for name in _names(exercise)}
        near = get_close_matches(wanted, owners, n=5, cutoff=0.6)
        return list(dict.fromkeys(owners[name] for name in near))[:3]


def plain(word: str) -> str:
    """Return a name in the form in which names are compared: case, `-`, `_` and spaces alike."""
    return " ".join(folded(word).replace("-", " ").replace("_", " ").split())


def folded(word: str) -> str:
    """Return a word without what is upper case, and with each character written in the shortest way."""
    if not word.isascii():
        from unicodedata import normalize  # noqa: PLC0415 - only names beyond ASCII pay for it

        word = normalize("NFC", word)
    return word.casefold()


def muscle(key: str) -> str:
    """Return a muscle of the data file in words: gluteus medius."""
    return MUSCLES.get(key, key.replace("_", " "))


def _names(exercise: Exercise, *, aliases: bool = True) -> set[str]:
    """Return the names of an exercise in the form in which names are compared."""
    return {plain(name) for name in (exercise.id, exercise.name, *(exercise.aliases if aliases else ()))}


def _fits(exercise: Exercise, wanted: str, *, part: bool) -> bool:
    """Return whether a name begins with the word, or with `part` whether a name or an alias holds it."""
    if part:
        return any(wanted in name for name in _names(exercise))
    return bool(wanted) and any(name.startswith(wanted) for name in _names(exercise, aliases=False))


def _shipped() -> Iterator[Exercise]:
    """Yield the exercises of the data file."""
    for ident, name, per_side, mode, aliases, dose in SHIPPED:
        yield Exercise(ident, name, per_side, mode, aliases, Dose(*dose))


@cache
def _entries() -> dict[str, dict[str, Any]]:
    """Return the entries of data/exercises.json by their ids."""
    entries = data_file("exercises")
    return {entry["id"]: entry for entry in entries}


def data_file(name: str) -> list[dict[str, Any]]:
    """Return the entries of one of the data files: exercises, references or templates."""
    import json  # noqa: PLC0415 - no daily answer needs more than the table of exercises has
    from pathlib import Path  # noqa: PLC0415 - as above

    file = Path(__file__).parent.parent / "data" / f"{name}.json"
    found: list[dict[str, Any]] = json.loads(file.read_text("utf-8"))[name]
    return found
