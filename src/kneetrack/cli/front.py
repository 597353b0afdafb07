"""The front door: a well-formed line is served without Typer, whose import costs more than all the rest of a `log`.

It knows the table of `grammar`, and which words make a day. A line that it does not know to the letter (help, an
unknown or doubtful option, a word too many or too few) goes to Typer, which stays the grammar and the help.
"""

from collections.abc import Sequence
from typing import Any

from kneetrack.cli.grammar import COMMANDS, Command, Parameter
from kneetrack.domain import text


def read(words: Sequence[str]) -> tuple[Command, dict[str, Any]] | None:
    """Return the command of a line and the values of its parameters as typed; None for what Typer is to read."""
    name, rest = named(words)
    command = COMMANDS.get(name)
    if command is None:
        return None
    found = _split(command, rest)
    if found is None:
        return None
    options, arguments = found
    return _placed(command, options, arguments)


def joined(words: Sequence[str]) -> list[str]:
    """Return a line with each day that an option names made one word: `-d 2 days ago`, `--from next mon`."""
    rest = list(named(words)[1])
    line, known = list(words[: len(words) - len(rest)]), _options(COMMANDS.get(named(words)[0]))
    while rest and line[-1:] != ["--"]:
        line.append(rest.pop(0))
        flag, glued, value = line[-1].partition("=")
        option = known.get(flag)
        if option is None or option.kind == "flag" or not (glued or rest):
            continue
        if not glued:
            line.append(rest.pop(0))
            value = line[-1]
        if option.kind == "day":
            following = rest[: text.day_words([value, *rest]) - 1]
            line[-1] = " ".join((line[-1], *following))
            del rest[: len(following)]
    return [*line, *rest]


def named(words: Sequence[str]) -> tuple[str, Sequence[str]]:
    """Return the name of the command that a line begins with, of one word or two, and the rest of the line."""
    pair = " ".join(words[:2])
    return (pair, words[2:]) if pair in COMMANDS and len(words) > 1 else (words[0], words[1:])


def _options(command: Command | None) -> dict[str, Parameter]:
    """Return the options of a command by what is typed; none of no command."""
    return {flag: each for each in command.parameters for flag in each.flags} if command else {}


def _split(command: Command, words: Sequence[str]) -> tuple[dict[str, Any], list[str]] | None:
    """Return the options of a line by name, and its other words; None for an option that is not as in the table."""
    known = _options(command)
    options: dict[str, Any] = {}
    arguments: list[str] = []
    waiting = iter(words)
    for word in waiting:
        if not word.startswith("-") or word == "-":
            arguments.append(word)
            continue
        flag, glued, value = word.partition("=") if word.startswith("--") else (word, "", "")
        option = known.get(flag)
        if option is None or (glued and option.kind == "flag"):
            return None
        if option.kind == "flag":
            options[option.name] = True
            continue
        given = value if glued else next(waiting, None)
        if given is None:
            return None
        options[option.name] = [*options.get(option.name, ()), given] if option.kind == "words" else given
    return options, arguments


def _placed(command: Command, options: dict[str, Any], arguments: list[str]) -> tuple[Command, dict[str, Any]] | None:
    """Return the command with every parameter's value; None where a word is missing or has no place."""
    values: dict[str, Any] = {}
    for each in command.parameters:
        if each.is_option:
            values[each.name] = options.get(each.name, False if each.kind == "flag" else None)
        elif each.kind == "words":
            values[each.name], arguments = arguments or None, []
        else:
            values[each.name] = arguments.pop(0) if arguments else None
        if each.required and values[each.name] is None:
            return None
    return None if arguments else (command, values)
