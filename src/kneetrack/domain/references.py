"""Where statements come from: data/references.json as values, by key."""

from functools import cache

from kneetrack.domain.catalogue import data_file
from kneetrack.domain.value import Value


class Reference(Value):
    """One source; `doi` is None unless it was checked."""

    key: str
    text: str
    doi: str | None


def get(key: str) -> Reference:
    """Return the source of a key; raises KeyError for one that the data file does not have."""
    return _shipped()[key]


@cache
def _shipped() -> dict[str, Reference]:
    """Return the sources of data/references.json."""
    entries = data_file("references")
    return {
        entry["key"]: Reference(entry["key"], entry["text"], entry["doi"] if entry["doi_checked"] else None)
        for entry in entries
    }
