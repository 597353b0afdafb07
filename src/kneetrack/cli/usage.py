"""What is wrong with a line that Typer refuses, in one sentence that says what to type instead."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

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
    word = text.clean(words[0])
    if _is_exercise(words[0]):
        return f"To log it: kneetrack log {' '.join(map(text.clean, words))}"
    return f"“{word}” is not a command.{_near(words[0], COMMANDS, 'kneetrack ')} See: kneetrack --help"


def _is_exercise(word: str) -> bool:
    try:
        Catalogue().find(word)
    except WrongUseError:
        return word == "all"
    return True


def _unknown_subcommand(name: str, command: Command, rest: Sequence[str]) -> str | None:
    """Return the sentence for a word where a subcommand belongs, such as `plan sett`."""
    known = [other.rpartition(" ")[2] for other in subcommands(name)]
    word = next(iter(_plain(command, rest)), None)
    if not known or word is None or word in known:
        return None
    near = _near(word, known, f"kneetrack {name} ")
    return f"“{text.clean(word)}” is not a command of kneetrack {name}: {', '.join(known)}.{near}"


def _wrong_option(name: str, command: Command, rest: Sequence[str]) -> str | None:
    """Return the sentence for the first option that the command does not have, or that is used in a wrong way."""
    flags = {flag: each for each in command.parameters for flag in each.flags}
    waiting = iter(rest)
    for word in waiting:
        if not word.startswith("-") or word in {"-", "--"}:
            continue
        flag, glued, _ = word.partition("=")
        option = flags.get(flag) or flags.get(flag[:2])
        if option is None:
            near = _near(flag, flags, "")
            return f"{text.clean(flag)} is not an option of kneetrack {name}.{near} See: kneetrack {name} --help"
        if option.kind == "flag" and glued:
            return f"{flag} takes no value; leave out “{text.clean(word.partition('=')[2])}”."
        if option.kind != "flag" and not glued and flag in flags and next(waiting, None) is None:
            return f"{flag} needs a value after it: {_shape(option)}."
    return None


def _wrong_words(name: str, command: Command, rest: Sequence[str]) -> str:
    """Return the sentence for a word that is missing or has no place."""
    arguments = [each for each in command.parameters if not each.is_option]
    plain = _plain(command, rest)
    required = sum(each.required for each in arguments)
    if len(plain) < required:
        return f"{_shape(arguments[len(plain)])} is missing. For example: {command.example}"
    extra = plain[len(arguments) :]
    if extra:
        what = f"takes {_shapes(arguments)} only" if arguments else "takes no further words"
        return f"“{text.clean(extra[0])}” has no place here: kneetrack {name} {what}. For example: {command.example}"
    return f"That cannot be read. For example: {command.example}. See: kneetrack {name} --help"


def _plain(command: Command, rest: Sequence[str]) -> list[str]:
    """Return the words of a line that are neither options nor their values."""
    flags = {flag: each for each in command.parameters for flag in each.flags}
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


def _near(word: str, known: Iterable[str], before: str) -> str:
    found = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f" Did you mean {before}{found[0]}?" if found else ""
