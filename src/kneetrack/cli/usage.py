"""What is wrong with a line that Typer refuses, in one sentence that says what to type instead."""

import shlex
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from kneetrack.cli import front
from kneetrack.cli.front import named
from kneetrack.cli.grammar import COMMANDS, Command, Parameter, subcommands
from kneetrack.domain import text
from kneetrack.domain.catalogue import Catalogue
from kneetrack.domain.errors import WrongUseError


def error(words: Sequence[str]) -> WrongUseError:
    """Return the error for a line of at least one word that is not as the table of the grammar says."""
    name, rest = named(words)
    command = COMMANDS.get(name)
    if command is None:
        return WrongUseError(_unknown_command(words))
    problem = _unknown_subcommand(name, command, rest) or _wrong_option(name, command, rest)
    problem = problem or _wrong_words(name, command, rest)
    return WrongUseError(problem)


def _unknown_command(words: Sequence[str]) -> str:
    words = [word for word in words if word != "--help"] or ["--help"]
    word, rest = words[0], words[1:]
    if _is_exercise(word):
        return f"“{text.echo(word)}” is not a command. To log it: kneetrack log {_typed(words)}"
    if f"--{word}" in _flags(COMMANDS["log"]):
        return f"“{text.echo(word)}” goes with what you log: kneetrack log bridge --{_typed(words)}"
    alike = get_close_matches(word, list(COMMANDS), cutoff=_NEAR)
    near = _near(word, [other for other in alike if front.read([other, *rest])] or alike, "kneetrack ", rest)
    return f"“{text.echo(word)}” is not a command.{near or ' See: kneetrack --help'}"


def _is_exercise(word: str) -> bool:
    try:
        Catalogue().find(word)
    except WrongUseError:
        return word in {"all", "again"}
    return True


def _unknown_subcommand(name: str, command: Command, rest: Sequence[str]) -> str | None:
    """Return the sentence for a word where a subcommand belongs, such as `plan sett`."""
    known = _names(name)
    plain = _plain(command, rest)
    if not known or not plain or plain[0] in known:
        return None
    if name == "plan" and _is_exercise(plain[0]):
        return f"To plan it: kneetrack plan set {_typed(rest)}"
    near = _near(plain[0], known, f"kneetrack {name} ")
    return f"“{text.echo(plain[0])}” is not a command of kneetrack {name}; there are {', '.join(known)}.{near}"


def _wrong_option(name: str, command: Command, rest: Sequence[str]) -> str | None:
    """Return the sentence for the first option that the command does not have, or that is used in a wrong way."""
    flags = _flags(command)
    waiting = iter(rest)
    for word in waiting:
        if not word.startswith("-") or word in {"-", "--"}:
            continue
        flag, glued, value = word.partition("=")
        option = flags.get(flag) or flags.get(flag[:2])
        if option is None:
            return _unknown_option(name, flag, flags)
        if option.kind == "flag" and glued:
            return f"{flag} takes no value; leave out “{text.echo(value)}”."
        if option.kind != "flag" and not glued and flag in flags and next(waiting, None) is None:
            return f"{flag} needs a value after it: {_shape(option)}."
    return None


def _unknown_option(name: str, flag: str, flags: Iterable[str]) -> str:
    said = text.echo(flag)
    if name == "log" and flag[1:].isdigit():
        return f"A dose has no minus: write {said[1:]} instead of {said}."
    if name == "pain" and flag[1:].isdigit():
        return f"Pain goes from 0 to 10, not {said}."
    others = [other for other, command in COMMANDS.items() if flag in _flags(command)]
    near = _near(flag, flags, "")
    also = f", but of kneetrack {others[0]}" if others and not near else ""
    return f"{said} is not an option of kneetrack {name}{also}.{near or f' See: kneetrack {name} --help'}"


def _flags(command: Command) -> dict[str, Parameter]:
    """Return the options of a command by what is typed."""
    return {flag: each for each in command.parameters for flag in each.flags}


def _typed(words: Iterable[str]) -> str:
    """Return words as they are typed again, harmless to a terminal and to a shell."""
    return shlex.join(map(text.echo, words))


def _wrong_words(name: str, command: Command, rest: Sequence[str]) -> str:
    """Return the sentence for a word that is missing or has no place."""
    arguments = [each for each in command.parameters if not each.is_option]
    plain = _plain(command, rest)
    required = sum(each.required for each in arguments)
    if len(plain) < required:
        return f"kneetrack {name} needs {_shape(arguments[len(plain)])} after it. For example: {command.example}"
    extra = plain[len(arguments) :]
    if extra:
        what = f"takes {_shapes(arguments)} only" if arguments else "takes no further words"
        return f"“{text.echo(extra[0])}” is one word too many: kneetrack {name} {what}. For example: {command.example}"
    return f"This line could not be understood. For example: {command.example}. See: kneetrack {name} --help"


_NEAR = 0.65
"""How much of two words is alike, from 0 to 1, where one may be meant for the other."""


def meant(name: str, word: str) -> str | None:
    """Return the subcommand that was meant by a word that is none, None where none is near."""
    return next(iter(get_close_matches(word, _names(name), n=1, cutoff=_NEAR)), None)


def _names(name: str) -> list[str]:
    """Return the names of the subcommands of a command."""
    return [other.rpartition(" ")[2] for other in subcommands(name)]


def _plain(command: Command, rest: Sequence[str]) -> list[str]:
    """Return the words of a line that are neither options nor their values."""
    flags = _flags(command)
    found, waiting = [], iter(rest)
    for word in waiting:
        option = flags.get(word)
        if option is not None and option.kind != "flag":
            next(waiting, None)
        elif not word.startswith("-") or word == "-":
            found.append(word)
    return found


def _shape(parameter: Parameter) -> str:
    return (parameter.metavar or parameter.name.upper()).strip("[]")


def _shapes(parameters: Sequence[Parameter]) -> str:
    return " and ".join(map(_shape, parameters))


def _near(word: str, known: Iterable[str], before: str, rest: Sequence[str] = ()) -> str:
    """Return the question whether a known word was meant, with the rest of the line; nothing where none is near."""
    found = get_close_matches(word, list(known), n=1, cutoff=_NEAR)
    return f" Did you mean {before}{' '.join((found[0], *([_typed(rest)] if rest else [])))}?" if found else ""
