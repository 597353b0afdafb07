"""Create a diary, and bring an older one up to date."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from kneetrack.store import journal
from kneetrack.store.journal import Journal, upgrade

__all__ = ["create", "upgrade"]


class _Nothing(Exception):  # noqa: N818 - tells that a draft is not wanted
    """Nothing was written to a draft."""


def create(path: Path, now: datetime, fill: Callable[[Journal], bool], *, folder: bool = False) -> bool:
    """Create a diary whole, with what `fill` writes, or not at all; return False when that did not happen."""

    def checked(store: Journal) -> None:
        if not fill(store):
            raise _Nothing

    try:
        return journal.create(path, now, folder=folder, fill=checked)
    except _Nothing:
        return False
