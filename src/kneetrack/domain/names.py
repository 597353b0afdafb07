"""The names of exercises that people add: one rule for what is typed, and for what comes with an import."""

from kneetrack.domain import text
from kneetrack.domain.catalogue import folded, plain
from kneetrack.domain.errors import WrongUseError
from kneetrack.domain.value import Value

MAX_NAME = 60
"""The most characters that a name or an id has which is typed or imported."""

MAX_KEPT = 200
"""The most characters of a name, an id, or the key or value of a setting that a diary may hold: an older kneetrack
took longer names from an import, and such a diary stays readable."""

LAST = "last"
"""The word for the exercise written last, with all its sets of that command."""

RESERVED = frozenset({LAST, "all", "again", "none"})
"""Words that commands take in the place of a name."""


class OwnName(Value):
    """What an exercise of the person's own is called: the id that it is kept and typed by, and the name to show."""

    id: str
    shown: str


def read(word: str) -> OwnName:
    """Return the name that a word gives to a new exercise. Raises WrongUseError for one that no exercise can have."""
    typed = " ".join(text.storable(word).split())
    name = OwnName(_id(typed), typed[:1].upper() + typed[1:].replace("_", " "))
    if name.id in RESERVED:
        raise WrongUseError(f"“{typed}” means something else to kneetrack; choose another name.")
    if not (word.strip().isprintable() and is_id(name.id) and is_name(name.shown)):
        raise WrongUseError(f"A name begins with a letter and has at most {MAX_NAME} letters, digits and hyphens.")
    return name


def is_id(word: str) -> bool:
    """Return whether an exercise can have this id, such as side_plank."""
    fits = word[:1].isalpha() and word.replace("_", "").isalnum() and len(word) <= MAX_NAME
    return fits and word not in RESERVED


def is_name(words: str) -> bool:
    """Return whether an exercise can be shown under this name, such as Side plank."""
    fits = words[:1].isalpha() and words.isprintable() and len(words) <= MAX_NAME
    return fits and is_id(_id(words))


def _id(words: str) -> str:
    return "_".join(plain(words).split())


def typed(beginning: str) -> str:
    """Return the beginning of a name as `Exercise.typed` has it, whichever way it was typed: side-pl."""
    return folded(beginning).replace("_", "-").replace(" ", "-")
