"""What a person types: parse, call, print.

The only room that knows Typer, the clock and the console. A line makes Typer build the one command that
it names, because building all of them would cost more than running it.
"""

import errno
import importlib
import os
import re
import sys
from collections.abc import Iterable
from itertools import pairwise
from typing import Any, NamedTuple

import typer
from typer.core import TyperGroup

from kneetrack.cli import console, options
from kneetrack.domain.errors import KneetrackError, NotDoneError, WrongUseError


class Command(NamedTuple):
    """A command: the panel of the help that it stands in, its room and function, and an example."""

    panel: str
    room: str
    function: str
    example: str


DAY, PROGRAM, LOOKING = "Every day", "Program", "Looking"
KNOWING, KEEPING = "Knowing", "Keeping"

COMMANDS = {
    "log": Command(DAY, "daily", "log", "kneetrack log bridge 3x15 --pain 2"),
    "today": Command(DAY, "daily", "today", "kneetrack"),
    "history": Command(DAY, "daily", "history", "kneetrack history bridge --days 30"),
    "undo": Command(DAY, "daily", "undo", "kneetrack undo --list"),
    "redo": Command(DAY, "daily", "redo", "kneetrack redo"),
    "edit": Command(DAY, "daily", "edit", "kneetrack edit last 3x12 --note none"),
    "rm": Command(DAY, "daily", "rm", "kneetrack rm last"),
    "purge": Command(DAY, "daily", "purge", "kneetrack purge last"),
    "plan": Command(PROGRAM, "program", "plan", "kneetrack plan set bridge 3x12 clamshell 2x15 --per-week 3"),
    "skip": Command(PROGRAM, "program", "skip", "kneetrack skip --reason pain"),
    "pause": Command(PROGRAM, "program", "pause", "kneetrack pause --until sun --reason travel"),
    "resume": Command(PROGRAM, "program", "resume", "kneetrack resume"),
    "stats": Command(LOOKING, "looking", "stats", "kneetrack stats bridge"),
    "calendar": Command(LOOKING, "looking", "calendar", "kneetrack calendar bridge --months 12"),
    "explain": Command(LOOKING, "looking", "explain", "kneetrack explain streak"),
    "exercises": Command(
        KNOWING, "knowing", "exercises", "kneetrack exercises --muscle glute --knee-load none,non-weight-bearing"
    ),
    "show": Command(KNOWING, "knowing", "show", "kneetrack show bridge"),
    "add": Command(KNOWING, "knowing", "add", "kneetrack add wall-push --per-side"),
    "backup": Command(KEEPING, "keeping", "backup", "kneetrack backup"),
    "restore": Command(KEEPING, "keeping", "restore", "kneetrack restore 20261122T0641"),
    "doctor": Command(KEEPING, "keeping", "doctor", "kneetrack doctor"),
    "why": Command(KNOWING, "knowing", "why", "kneetrack why"),
    "safety": Command(KNOWING, "knowing", "safety", "kneetrack safety"),
    "remind": Command(KEEPING, "reminding", "remind", "kneetrack remind install --at 18:00"),
    "export": Command(KEEPING, "exporting", "export", "kneetrack export diary.json"),
    "import": Command(KEEPING, "importing", "import_", "kneetrack import diary.json --dry-run"),
    "settings": Command(KEEPING, "keeping", "settings", "kneetrack settings day_start 04:00"),
}

_FREE_TEXT = {"--note", "--load", "--reason"}
"""The options whose value may be empty, which is as if they were not given."""

_SETTINGS = {"help_option_names": ["--help", "-h"]}

_ONLY_THE_BACKUP = "What you did is saved. Only today's backup was not made, and is tried again with the next change"

_FOR_ALL = {"--help", "-h", "--version", "--install-completion", "--show-completion"}


def main() -> None:
    """Run the command line; an expected error is one sentence on standard error."""
    console.set_up()
    try:
        _run(sys.argv[1:])
    except KneetrackError as error:
        console.complain(str(error))
        sys.exit(error.exit_code)
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EPIPE, errno.EBADF}:
            raise
        console.give_up(error)


def _run(words: list[str]) -> None:
    """Build the app that a line needs, and run it."""
    words = _journal_first(words)
    _refuse_empty(words)
    name = words[0] if words else "today"
    if name.startswith("-") and name.split("=")[0] not in _FOR_ALL:
        words, name = ["today", *words], "today"
    try:
        if "_KNEETRACK_COMPLETE" in os.environ:
            several(_to_complete())(words, prog_name="kneetrack")
        elif name in COMMANDS:
            _only(name)(words[1:], prog_name=f"kneetrack {name}")
        else:
            several(COMMANDS)(words, prog_name="kneetrack")
    finally:
        console.flush()
        _back_up()


def _back_up() -> None:
    """Make the day's backup of what the command wrote, unless there is one."""
    from kneetrack.cli import diary

    while diary.written:
        from kneetrack.store import backup

        try:
            backup.of_the_day(diary.written.pop(), diary.now())
        except Exception as error:  # noqa: BLE001 - whatever it is, what was asked for is done
            why = error.why if isinstance(error, NotDoneError) else error
            console.complain(f"{_ONLY_THE_BACKUP}: {why}")


def _to_complete() -> Iterable[str]:
    """Return the command that a shell's line names already, or all of them while its name is being typed."""
    line = os.environ.get("COMP_WORDS") or os.environ.get("_TYPER_COMPLETE_ARGS") or ""
    words = re.split("[ \n]", line)
    if words[1:2] == ["--db"]:
        del words[1:3]
    _, name, *rest = [*words, ""]
    return [name] if name in COMMANDS and len(rest) > 1 else COMMANDS


def _journal_first(words: list[str]) -> list[str]:
    """Return the line without a --db before its command, which is put where commands look for it."""
    if words and words[0].startswith("--db="):
        words = ["--db", words[0].removeprefix("--db="), *words[1:]]
    if words[:1] != ["--db"] or len(words) == 1:
        return words
    if not words[1]:
        raise WrongUseError("--db needs the path of a journal.")
    os.environ["KNEETRACK_DB"] = words[1]
    return words[2:]


def _refuse_empty(words: list[str]) -> None:
    """Raise WrongUseError for a word that is empty, unless it is a free text.

    What a script leaves empty must not stand for today, for every exercise or for the usual journal.
    """
    for before, word in pairwise(("kneetrack", *words)):
        name, sign, value = word.partition("=")
        glued = bool(sign) and not value and word.startswith("--")
        option = name if glued and before not in _FREE_TEXT else before
        if (glued or not word.strip()) and option not in _FREE_TEXT:
            raise WrongUseError(f"There is an empty word after “{option}”: say what is meant, or leave it out.")


class InOrder(TyperGroup):
    """A group that lists its commands as COMMANDS does."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401, ARG002 - Typer's signature
        """Return the names of the commands."""
        return [name for name in COMMANDS if name in self.commands]


def several(names: Iterable[str]) -> typer.Typer:
    """Return the app with some or all commands: for help, for completion, and for words that are no command."""
    app = typer.Typer(
        cls=InOrder,
        help="A home exercise diary: log what you did, see what is left, keep at it.",
        epilog="kneetrack alone shows today. Every command takes --db PATH, and --help.",
        pretty_exceptions_enable=False,
        no_args_is_help=True,
        context_settings=_SETTINGS,
    )

    @app.callback()
    def about(
        _version: bool = typer.Option(False, "--version", help="Show the version.", callback=_version, is_eager=True),
        db: options.Db = None,
    ) -> None:
        """Take what completion asks for; `_journal_first` takes --db out of a line that is run."""

    for name in names:
        _put(app, name)
    return app


def _only(name: str) -> typer.Typer:
    """Return an app that is one command."""
    command = _function(name)
    if isinstance(command, typer.Typer):
        command.info.epilog = f"Example: {COMMANDS[name].example}"
        command.info.context_settings = _SETTINGS
        return command
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    _put(app, name)
    return app


def _function(name: str) -> Any:  # noqa: ANN401 - a function, or a Typer of several
    """Return what a command runs, from its room."""
    return getattr(importlib.import_module(f"kneetrack.cli.{COMMANDS[name].room}"), COMMANDS[name].function)


def _put(app: typer.Typer, name: str) -> None:
    """Add one command to an app."""
    panel, example = COMMANDS[name].panel, COMMANDS[name].example
    command = _function(name)
    epilog = f"Example: {example}"
    if isinstance(command, typer.Typer):
        app.add_typer(command, name=name, rich_help_panel=panel, epilog=epilog)
    else:
        app.command(name, rich_help_panel=panel, epilog=epilog, context_settings=_SETTINGS)(command)


def _version(wanted: bool) -> None:
    """Print the version."""
    if wanted:
        from importlib.metadata import version

        typer.echo(f"kneetrack {version('kneetrack')}")
        raise typer.Exit
