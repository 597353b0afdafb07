"""Lines that a phone leaves for the diary: in the grammar of `log`, with a day in front or not.

What a phone makes of them is taken for what was meant: line ends, a mark at the start, dashes, × and quotes.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from itertools import pairwise

from kneetrack.domain import text
from kneetrack.domain.errors import DayError, WrongUseError
from kneetrack.domain.value import Value

WHY = "# why: "
"""How a line begins that says why the one above it stays."""

MAX_LINE = 10_000

_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_PLAIN = str.maketrans({
    **dict.fromkeys(_DASHES, "-"), **dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"'),
    **dict.fromkeys("\u2018\u2019\u201a", "'"), **dict.fromkeys("\u00a0\u2009\u202f\t", " "), "\ufeff": "",
})  # fmt: skip
_DATE = r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
_OPENING, _CLOSING = "\"'\u201c\u201e\u00ab\u2018", "\"'\u201d\u201c\u00bb\u2019"
_BEFORE = re.compile(
    rf"\s*(?:(?:[*•▪{_DASHES}-]|[0-9]{{1,2}}[.)]|\[[ xX]?\])\s+)?(?:kneetrack\s+)?(?:log\s+)?", re.IGNORECASE
)
"""Matches what may stand before a line: the mark of a list, and what a person types at a terminal."""

_NOTE = re.compile(rf"(?:^|\s)[-{_DASHES}]{{0,2}}note[\s=]+(.+)$", re.IGNORECASE)
_WORD = re.compile(r'"([^"]*)"|(\S+)')
_VALUES = {
    "pain": r"[0-9]+(/10)?",
    "effort": r"[0-9]+(/10)?",
    "sets": r"[0-9]+",
    "reps": r"[0-9]+",
    "hold": r"[0-9]+s?",
    "side": r"left|right|both|l|r",
    "load": r".+",
    "at": r"[0-9].*",
    "day": r".+",
}
"""The options of `log`, and what follows each: without its dashes a word is taken for one only before that."""

_NUMBERS = frozenset({"pain", "effort", "sets", "reps", "hold"})


class Entry(Value):
    """A line: the day that it begins with, the words of `log`, and its options by name."""

    day: str | None
    words: tuple[str, ...]
    options: dict[str, str | int]


def lines(content: str) -> Iterator[str]:
    """Yield the lines that say something, without those that say why another one stays."""
    for line in content.splitlines():
        kept = line.strip("\ufeff \t\r")
        if kept and not kept.startswith(WHY):
            yield kept


def left(content: str) -> tuple[str, ...]:
    """Return the lines of an inbox that could not be read, each with the reason."""
    pairs = pairwise(content.splitlines())
    return tuple(f"{text.echo(line)}: {after.removeprefix(WHY)}" for line, after in pairs if after.startswith(WHY))


def is_remark(line: str) -> bool:
    """Return whether a line is one that its writer left for people."""
    return line.startswith("#")


def read(line: str, today: date) -> Entry:
    """Return what a line says; days are read by `today`. Raises WrongUseError for what no line of `log` can be."""
    if len(line) > MAX_LINE:
        raise WrongUseError("The line is too long.")
    said = _bare(line)
    options: dict[str, str | int] = {}
    if found := _NOTE.search(said):
        said, options = said[: found.start()], {"note": _unquoted(found[1])}
    pairs = _WORD.findall(_joined(said.translate(_PLAIN)))
    words = [quoted or word.removesuffix(",") for quoted, word in pairs if word != ","]
    day, words = _day(words, today)
    rest: list[str] = []
    while words:
        word = words.pop(0)
        name, dashed, value = _option(word, words[0] if words else "")
        if name is None:
            if dashed:
                raise WrongUseError(f"There is no option “{text.echo(word)}”.")
            rest.append(word)
            continue
        if "=" not in word:
            words.pop(0)
        options[name] = _number(value) if name in _NUMBERS else value
    if rest and rest[0].lower() == "pain":
        raise WrongUseError("Say how much it hurts, from 0 to 10: pain 2 morning")
    return Entry(day or str(options.pop("day", "")) or None, tuple(rest), options)


def dated(line: str, day: date) -> str:
    """Return a line that names no day with one in front of what it says."""
    return f"{day} {_bare(line)}"


def _bare(line: str) -> str:
    """Return a line without what may stand before what it says."""
    return _BEFORE.sub("", line, count=1)


def _joined(words: str) -> str:
    """Return words with a dose that has spaces in it as one word: 3 × 12, or 15, 12, 10."""
    return re.sub(r"(?<=[0-9])\s*[x×]\s*(?=[0-9])|(?<=[0-9]),\s+(?=[0-9])", lambda it: it[0].strip(), words)


def _day(words: list[str], today: date) -> tuple[str | None, list[str]]:
    """Return the day that words begin with, None where they begin with none, and the rest.

    Raises DayError for several words that are a day and none that has been, such as 1 dec in November.
    """
    number = text.day_words(words) if words else 0
    day = " ".join(words[:number])
    if number > 1:
        text.read_day(day, today)
    with suppress(DayError):
        if not re.fullmatch(_DATE, day):
            text.read_day(day, today)
        return day, words[number:]
    return None, words


def _option(word: str, following: str) -> tuple[str | None, bool, str]:
    """Return the option that a word is, whether it has dashes, and its value, in it or in the word that follows."""
    bare = word.lstrip("-")
    dashed = bare != word and not bare[:1].isdigit()
    name, glued, value = bare.partition("=")
    name = "day" if dashed and name == "d" else name.lower()
    value = value if glued else following
    fits = name in _VALUES and re.fullmatch(_VALUES[name], value, re.IGNORECASE | re.DOTALL)
    return (name if fits and (dashed or not glued) else None), dashed, value


def _number(words: str) -> int:
    return text.whole(words.removesuffix("/10").rstrip("sS"))


def _unquoted(words: str) -> str:
    """Return a note without the quotes around it."""
    said = words.strip()
    return said[1:-1] if len(said) > 1 and said[0] in _OPENING and said[-1] in _CLOSING else said
