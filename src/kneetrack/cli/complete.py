"""Completion: what a shell asks for while a line is typed, answered from the table of the grammar without Typer.

The shells ask by the scripts that `--install-completion` puts in place. What they are given, they run: zsh evaluates
it. So a word has none but letters, digits and a few signs that no shell takes for its own, and so has what is said of
it.
"""

import re
import shlex
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing

from kneetrack.app.completion import Offer, complete
from kneetrack.app.workspace import Workspace, locate
from kneetrack.cli import console
from kneetrack.cli.environment import now
from kneetrack.cli.front import named
from kneetrack.cli.grammar import COMMANDS, DB, Command, Parameter, subcommands
from kneetrack.domain.value import Value


class Line(Value):
    """The words that are typed already, and the one that is being typed."""

    words: list[str]
    last: str


def serve(asked: str, environment: Mapping[str, str]) -> bool:
    """Print what a shell asks for, and return whether it is one that this serves. Raises WrongUseError for no time."""
    verb, _, shell = asked.partition("_")
    if verb != "complete" or shell not in _SHELLS:
        return False
    line = _by_words(environment) if shell == "bash" else _by_line(environment)
    found = [] if line is None else list(_safe(offers(line, environment)))
    if shell == "fish" and environment.get("_TYPER_COMPLETE_FISH_ACTION") == "is-args":
        sys.exit(0 if found else 1)
    console.put(_SHELLS[shell](found))
    console.flush()
    return True


def _by_words(environment: Mapping[str, str]) -> Line | None:
    """Return the line as bash gives it: its words, and the number of the one that is being typed."""
    words, number = _words(environment.get("COMP_WORDS", "")), environment.get("COMP_CWORD", "")
    if not (number.isascii() and number.isdigit() and 0 < int(number[:9]) <= len(words)):
        return None
    at = int(number)
    return Line(words[1:at], words[at] if at < len(words) else "")


def _by_line(environment: Mapping[str, str]) -> Line | None:
    """Return the line as zsh and fish give it: as it was typed so far."""
    typed = environment.get("_TYPER_COMPLETE_ARGS", "")
    words = _words(typed)
    if not words:
        return None
    return Line(words[1:], "") if typed[-1].isspace() or len(words) == 1 else Line(words[1:-1], words[-1])


def _words(typed: str) -> list[str]:
    """Return the words of a line, the last one also where its quote is still open."""
    lexer = shlex.shlex(typed, posix=True)
    lexer.whitespace_split, lexer.commenters = True, ""
    found: list[str] = []
    try:
        found.extend(lexer)
    except ValueError:
        found.append(lexer.token)
    return found


def offers(line: Line, environment: Mapping[str, str]) -> Iterator[Offer]:
    """Yield what the last word of a line may become."""
    words, db = line.words, None
    if words[:1] == ["--db"] and len(words) > 1:
        words, db = words[2:], words[1]
    if words == ["--db"]:
        return
    if not words:
        known = (
            {"--help": "Help.", "--version": "The version.", "--db": DB.help}
            if line.last.startswith("-")
            else {name: command.summary for name, command in COMMANDS.items() if " " not in name}
        )
        yield from _beginning(known, line.last)
        return
    name, rest = named(words)
    command = COMMANDS.get(name)
    if command is None:
        return
    yield from _of_command(name, command, Line(list(rest), line.last), db, environment)


def _of_command(
    name: str, command: Command, line: Line, db: str | None, environment: Mapping[str, str]
) -> Iterator[Offer]:
    flags = {flag: each for each in command.parameters for flag in each.flags}
    typed = _Typed.read(line.words, flags)
    place = locate(typed.db or db, environment)
    with closing(place.backend):
        yield from _offered(name, command, line, typed, Workspace(place, now()))


def _offered(name: str, command: Command, line: Line, typed: "_Typed", workspace: Workspace) -> Iterator[Offer]:
    """Yield what may come next in the line of a command."""
    if typed.waiting is not None:
        if typed.waiting.completes:
            yield from complete(typed.waiting.completes, workspace, line.last, typed.plain)
    elif line.last.startswith("-"):
        left = {each.flags[0]: each.help for each in command.parameters if each.flags and each.name not in typed.given}
        yield from _beginning({**left, "--help": "Show this help."}, line.last)
    else:
        if not typed.plain:
            known = {other.rpartition(" ")[2]: COMMANDS[other].summary for other in subcommands(name)}
            yield from _beginning(known, line.last)
        arguments = [each for each in command.parameters if not each.is_option]
        at = min(len(typed.plain), len(arguments) - 1)
        if arguments and arguments[at].completes and (at == len(typed.plain) or arguments[at].kind == "words"):
            yield from complete(arguments[at].completes or "", workspace, line.last, typed.plain)


class _Typed(Value):
    """What stands in a line: words that are no options, the options by name, the diary, and one that waits."""

    plain: list[str]
    given: set[str]
    db: str | None
    waiting: Parameter | None

    @classmethod
    def read(cls, words: Sequence[str], flags: Mapping[str, Parameter]) -> "_Typed":
        """Return what words are."""
        plain: list[str] = []
        given: set[str] = set()
        db, waiting = None, None
        for word in words:
            flag, glued, value = word.partition("=")
            option = flags.get(flag)
            if waiting is not None:
                db = word if waiting.name == "db" else db
                # A day that begins with one of these words goes on.
                waiting = waiting if waiting.kind == "day" and word.lower() in {"last", "next"} else None
            elif option is None:
                plain += [word] if not word.startswith("-") or word == "-" else []
            else:
                given.add(option.name)
                db = value if glued and option.name == "db" else db
                waiting = None if glued or option.kind == "flag" else option
        return cls(plain, given, db, waiting)


def _beginning(known: Mapping[str, str], so: str) -> Iterator[Offer]:
    for word, about in known.items():
        if word.startswith(so):
            yield Offer(word, about)


# What the shells take

_SIGNS = "-_.:"
_UNSAFE = r"[^\w ,.×/()–-]"
_MOST_ABOUT = 60


def _safe(found: Iterator[Offer]) -> Iterator[Offer]:
    """Yield the words that no shell can take for anything but words, and make harmless what is said of them."""
    for word, about in found:
        if all(character.isalnum() or character in _SIGNS for character in word):
            yield Offer(word, re.sub(_UNSAFE, "", about.partition("\n")[0])[:_MOST_ABOUT].rstrip(" .,"))


def _bash(found: Sequence[Offer]) -> str:
    return "".join(f"{word}\n" for word, _ in found)


def _fish(found: Sequence[Offer]) -> str:
    return "".join(f"{word}\t{about}\n" for word, about in found)


def _zsh(found: Sequence[Offer]) -> str:
    """Return what zsh evaluates; a colon in a word would begin what is said of it."""
    if not found:
        return "_files\n"
    pairs = (f'"{word.replace(":", chr(92) + ":")}":"{about or word}"' for word, about in found)
    return "_arguments '*: :((" + "\n".join(pairs) + "))'\n"


_SHELLS: dict[str, Callable[[Sequence[Offer]], str]] = {"bash": _bash, "zsh": _zsh, "fish": _fish}
