"""Choosing exercises: by a word, by muscle, equipment and level, and by the load on the knee."""

import re
from collections.abc import Iterable

from kneetrack.domain.catalogue import Exercise, muscle, plain
from kneetrack.domain.errors import WrongUseError
from kneetrack.domain.value import Value

LOADS = ("none", "non-weight-bearing", "low", "kneeling", "weight-bearing")
"""The loads on the knee, without the remarks that the catalogue makes on some."""

NOTHING = "none"
"""What stands for no equipment."""


class Filters(Value):
    """What an exercise has to fit, as it was typed; None fits all."""

    word: str | None = None
    muscle: str | None = None
    equipment: str | None = None
    level: str | None = None
    knee_load: str | None = None

    def check(self) -> None:
        """Raise WrongUseError for a level or a load that is none."""
        _loads(self.knee_load or NOTHING)
        _levels(self.level or "1")

    def chosen(self, exercises: Iterable[Exercise]) -> list[Exercise]:
        """Return the exercises that fit all of it. Raises WrongUseError as `check` does."""
        found = list(exercises)
        if self.word is not None:
            found = [item for item in found if _speaks_of(item, plain(self.word))]
        if self.muscle is not None:
            found = [item for item in found if _trains(item, plain(self.muscle))]
        if self.equipment is not None:
            found = [item for item in found if _uses(item, plain(self.equipment))]
        if self.level is not None:
            levels = _levels(self.level)
            found = [item for item in found if item.facts.get("level") in levels]
        if self.knee_load is not None:
            loads = _loads(self.knee_load)
            found = [item for item in found if _load(item) in loads]
        return found


def _speaks_of(item: Exercise, wanted: str) -> bool:
    """Return whether a word is in what is known of an exercise."""
    facts = item.facts
    named = (item.name, *item.aliases, facts.get("category", ""), *facts.get("equipment", ()))
    return _trains(item, wanted) or any(wanted in plain(words) for words in named)


def _trains(item: Exercise, wanted: str) -> bool:
    """Return whether a muscle that an exercise trains has a word, or its singular, in its name."""
    known = [*item.facts.get("primary", ()), *item.facts.get("secondary", ())]
    return any(wanted.removesuffix("s") in plain(f"{name}, {muscle(name)}") for name in known)


def _uses(item: Exercise, wanted: str) -> bool:
    """Return whether an exercise uses a thing; for “none”, whether it needs nothing."""
    things = [plain(thing) for thing in item.facts.get("equipment", ())]
    if wanted == NOTHING:
        return bool(item.facts) and all("optional" in thing for thing in things)
    return any(wanted in thing for thing in things)


def _load(item: Exercise) -> str:
    """Return the load on the knee without its remark: non-weight-bearing."""
    return str(item.facts.get("knee_load", "")).partition(" (")[0].removesuffix(" load")


def _loads(words: str) -> set[str]:
    """Return the loads that a list such as `none,kneeling` names; raises WrongUseError."""
    wanted = {word.strip().lower().removesuffix(" load") for word in words.split(",")}
    if wanted - set(LOADS):
        raise WrongUseError(f"--knee-load takes {', '.join(LOADS)}, or several of them with commas.")
    return wanted


def _levels(words: str) -> range:
    """Return the levels that 2 or 1-3 names; raises WrongUseError."""
    match = re.fullmatch(r"([0-9])(?:-([0-9]))?", words.strip())
    if not match:
        raise WrongUseError("--level takes a number such as 2, or a range such as 1-3; 1 is the easiest.")
    return range(int(match[1]), int(match[2] or match[1]) + 1)
