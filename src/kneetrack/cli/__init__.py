"""What a person types: parse, call, show. The only room with the clock and the console."""

import errno
import os
import sys
from itertools import pairwise

from kneetrack.cli import console, front, grammar
from kneetrack.cli.grammar import COMMANDS
from kneetrack.domain.errors import KneetrackError, WrongUseError

_FREE_TEXT = {"--note", "--load", "--reason"}
"""The options whose value may be empty, which is as if they were not given."""

_FOR_ALL = {"--help", "-h", "--version", "--install-completion", "--show-completion"}


def main() -> None:
    """Run the command line; an expected error is one sentence on standard error, below its details."""
    console.set_up()
    try:
        _run(sys.argv[1:])
    except KneetrackError as error:
        console.complain_of([*error.details, str(error)])
        sys.exit(error.exit_code)
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EPIPE, errno.EBADF}:
            raise
        console.give_up(error)


def _run(words: list[str]) -> None:
    """Run the command of a line: read by the front door, or else by Typer."""
    asked = os.environ.get("_KNEETRACK_COMPLETE")
    if asked:
        _complete(asked)
        return
    words = _db_last(words)
    _refuse_empty(words)
    words = _as_options(words)
    if not words or _is_for_today(words[0]):
        words = ["today", *words]
    words = front.joined(words)
    line = front.read(words)
    try:
        code = grammar.call(*line) if line else _by_typer(words)
    finally:
        console.flush()
    sys.exit(code)


def _by_typer(words: list[str]) -> int | None:
    """Run a line that asks for help or is not well-formed, and return its exit code. Raises WrongUseError."""
    from kneetrack.cli import typer_app, usage

    try:
        return typer_app.run(words)
    except typer_app.UsageError:
        raise usage.error(words) from None


def _complete(asked: str) -> None:
    """Answer a shell that completes a line or wants its script; for anything else end quietly, with 1."""
    from kneetrack.cli import complete

    try:
        if complete.serve(asked, os.environ):
            return
        if asked.startswith(("source_", "complete_p")):
            from kneetrack.cli import typer_app

            typer_app.several(COMMANDS)(prog_name="kneetrack")
    except Exception:  # noqa: BLE001, S110 - a traceback would stand in the line that is typed
        pass
    sys.exit(1)


def _db_last(words: list[str]) -> list[str]:
    """Return the line with a --db before its command put behind it, where every command takes one."""
    if words and words[0].startswith("--db="):
        words = ["--db", words[0].removeprefix("--db="), *words[1:]]
    if words[:1] != ["--db"] or len(words) == 1:
        return words
    db, rest = words[:2], words[2:]
    if not db[1]:
        raise WrongUseError("--db needs the path of a diary.")
    if not rest or _is_for_today(rest[0]):
        return ["today", *db, *rest]
    if rest[0] not in COMMANDS or not COMMANDS[rest[0]].takes_db:
        return rest
    name, after = front.named(rest)
    return [*name.split(), *db, *after] if COMMANDS[name].takes_db else rest


def _as_options(words: list[str]) -> list[str]:
    """Return a line of `help` or `version` as one of the options that they stand for."""
    if words[:1] == ["help"]:
        return [*words[1:], "--help"]
    return ["--version"] if words == ["version"] else words


def _is_for_today(word: str) -> bool:
    """Return whether a line that begins with a word is one of `today`, whose name may be left out."""
    return word.startswith("-") and word.split("=", maxsplit=1)[0] not in _FOR_ALL


def _refuse_empty(words: list[str]) -> None:
    """Raise WrongUseError for a word that is empty, unless it is a free text.

    What a script leaves empty must not stand for today, for every exercise or for the usual diary.
    """
    for before, word in pairwise(("kneetrack", *words)):
        name, sign, value = word.partition("=")
        glued = bool(sign) and not value and word.startswith("--")
        option = name if glued and before not in _FREE_TEXT else before
        if (glued or not word.strip()) and option not in _FREE_TEXT:
            raise WrongUseError(f"“{option}” is followed by an empty value: fill it in, or leave it out.")
