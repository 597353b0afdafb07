"""The process that a command runs in: its clock, its environment, and what happens once the answer is printed."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Literal, TypeAlias

from kneetrack.app.workspace import Workspace, locate
from kneetrack.cli import console
from kneetrack.domain.errors import NotDoneError, WrongUseError
from kneetrack.views.answer import SECOND_NAME, not_backed_up

Syncs: TypeAlias = Literal["before", "after", "never"]


@contextmanager
def workspace(db: str | None, *, syncs: Syncs = "after") -> Iterator[Workspace]:
    """Yield the diary of a command; once its answer is printed, the day's backup is made of what it wrote.

    Where the person wants it synced automatically, that is done after what wrote, or before what only shows.
    """
    found = Workspace(locate(db, os.environ), now())
    if syncs == "before":
        _sync(found)
    try:
        yield found
    finally:
        console.flush()
        if found.wrote:
            _back_up(found)
            if syncs == "after":
                _sync(found)
        found.place.backend.close()


def _sync(diary: Workspace) -> None:
    """Sync where that is automatic, and say what a person would not see otherwise."""
    done = diary.sync_automatically()
    if done:
        from kneetrack.views import sync as screen

        console.complain_of(screen.automatic(done, diary.now))


def now() -> datetime:
    """Return the local time with its offset; raises WrongUseError for a time zone that no clock can have."""
    try:
        return datetime.now().astimezone()
    except ValueError:
        raise WrongUseError(
            "The time zone of this computer is 24 hours or more from UTC: set TZ to yours, as in TZ=Europe/Berlin."
        ) from None


def _back_up(written: Workspace) -> None:
    """Make the day's backup, unless there is one, and say then what endangers the diary."""
    try:
        if written.back_up() and written.place.backend.names > 1:
            console.complain(SECOND_NAME)
    except Exception as error:  # noqa: BLE001 - whatever it is, what was asked for is done
        console.complain(not_backed_up(error.why if isinstance(error, NotDoneError) else error))
