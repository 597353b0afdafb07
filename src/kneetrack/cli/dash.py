"""Progress: dash, the dashboard."""

import shlex
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from kneetrack.app import today
from kneetrack.app.workspace import Workspace
from kneetrack.cli import console, front
from kneetrack.cli.environment import now, workspace
from kneetrack.domain.errors import KneetrackError, WrongUseError
from kneetrack.domain.text import echo
from kneetrack.views.lines import Span

if TYPE_CHECKING:
    from kneetrack.cli.grammar import Command


def dash(db: str | None = None) -> None:
    """Keep today, the weeks and the year on the screen, and log from there."""
    if console.wants_lines(asked=False) or not console.can_ask():
        raise WrongUseError(
            "The dashboard needs a terminal to draw on. In lines: kneetrack today, kneetrack stats, kneetrack calendar"
        )
    from kneetrack.tui.dash import Dash

    with workspace(db, syncs="before") as diary:

        def here() -> Workspace:
            return Workspace(diary.place, now())

        found = today.show(diary)
        asked = Dash(found, here, read).run()
        while asked:
            _guided(asked.exercises, db)
            with suppress(KneetrackError):  # which the dashboard says, and reads again once it can
                found = today.show(here())
            asked = Dash(found, here, read, asked.view).run()


def _guided(exercises: Sequence[str], db: str | None) -> None:
    """Do a guided session at the terminal that the dashboard has left, and wait until its answer was read."""
    from kneetrack.cli import session

    console.say([[Span(" ".join(("$ kneetrack start", *exercises)), "quiet")]])
    try:
        session.start(list(exercises), db=db)
    except KneetrackError as error:
        console.complain_of([*error.details, str(error)])
    console.put("Enter to go back to the dashboard: ")
    console.flush()
    sys.stdin.readline()


def read(line: str) -> "tuple[str, dict[str, Any]]":
    """Return the name of the command that a line is, and its values. Raises WrongUseError for one that is not."""
    from kneetrack.cli import grammar

    try:
        words = shlex.split(line)
    except ValueError:
        raise WrongUseError("A quotation mark is not closed.") from None
    found = front.read(front.joined(words)) if words else None
    if found is None:
        helped = f" For what it takes: kneetrack {words[0]} --help" if words and words[0] in grammar.COMMANDS else ""
        raise WrongUseError(f"“{echo(line)}” cannot be read.{helped}")
    command: Command = found[0]
    return front.named(words)[0], grammar.values(command, found[1])
