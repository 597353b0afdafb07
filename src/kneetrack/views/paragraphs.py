"""Text set in lines of a width: broken between words, by the columns of a terminal, a command to type kept whole."""

import re
from collections.abc import Iterator

from kneetrack.domain import text

_PIECES = re.compile(r"kneetrack(?: [^\s“”·();,.]+(?:\.[^\s“”·();,.]+)*)+[^\s]*|[^\s]*\d %[^\s]*|\S+")
"""A command to type, which ends with the sentence, a comma, a bracket or a dot between parts; a percentage; a word."""


_LONGEST_COMMAND = 60
"""A command of so many columns stays whole on a narrower line too, which it then has for itself."""


def wrapped(words: str, columns: int) -> list[str]:
    """Return text as lines of at most so many columns; a word that is wider is cut, a command to type never is."""
    return hanging(words, columns, after="")


def hanging(words: str, columns: int, first: str = "", after: str | None = None) -> list[str]:
    """Return text as lines of at most so many columns, with what stands before the first and before the others.

    Unless told otherwise the others are indented by as much as stands before the first.
    """
    indent = " " * text.cells(first) if after is None else after
    lines, begun = [first], False
    for piece in _pieces(words, columns - max(text.cells(first), text.cells(indent))):
        gap = " " if begun else ""
        if begun and text.cells(lines[-1] + gap + piece) > columns:
            lines.append(indent + piece)
        else:
            lines[-1] += gap + piece
        begun = True
    return lines


def _pieces(words: str, columns: int) -> Iterator[str]:
    """Yield what is not broken: commands, words, and where one is too wide its parts."""
    for piece in _PIECES.findall(words):
        if text.cells(piece) <= (_LONGEST_COMMAND if piece.startswith("kneetrack ") else columns):
            yield piece
            continue
        for word in piece.split(" "):
            yield from _parts(word, columns)


def _parts(word: str, columns: int) -> Iterator[str]:
    """Yield a word in parts that fit."""
    part = ""
    for character in word:
        if part and text.cells(part + character) > columns:
            yield part
            part = ""
        part += character
    yield part


def side_by_side(parts: list[str], columns: int, between: str = " · ") -> list[str]:
    """Return parts side by side, as many to a line as fit; one that is wider than the line is wrapped."""
    lines: list[str] = []
    for part in parts:
        if lines and text.cells(lines[-1] + between + part) <= columns:
            lines[-1] += between + part
        else:
            lines += wrapped(part, columns)
    return lines
