"""Lines of spans, and how they fold: between words, by the columns of a terminal, a command to type kept whole."""

import re
from collections.abc import Iterator
from typing import TypeAlias

from kneetrack.domain import text
from kneetrack.domain.value import Value


class Span(Value):
    """A piece of a line and the name of its style; see STYLES."""

    text: str
    style: str = ""


Line: TypeAlias = list[Span]

STYLES = {
    "done": "color(32)",
    "part": "color(32)",
    "open": "bold",
    "missed": "color(166)",
    "off": "dim",
    "excused": "dim",
    "name": "bold",
    "quiet": "dim",
    "": "",
}
"""Style names and what they look like.

Blue #0087d7 and vermilion #d75f00 stand out from black, white and what lies between on usual terminals, and from
each other for every kind of colour vision. They are fixed colours of the 256, so that no theme dims them.
"""


def fold(line: Line, columns: int | None, indent: str = "    ") -> list[Line]:
    """Return a line as the lines that it takes on a terminal, folded between words and indented from the second on.

    A command to type is never broken: one that is wider than the terminal has a line of its own. A word that is wider
    is cut.
    """
    if columns is None or sum(text.cells(span.text) for span in line) <= columns:
        return [line]
    rows: list[Line] = [[]]
    used = 0
    for span in line:
        for piece in pieces(span.text, columns - len(indent)):
            folds = bool(used) and used + text.cells(piece.rstrip()) > columns
            if folds:
                rows.append([Span(indent)])
                used = len(indent)
            rows[-1].append(Span(piece.lstrip() if folds else piece, span.style))
            used += text.cells(rows[-1][-1].text)
    return rows


def pieces(words: str, columns: int) -> Iterator[str]:
    """Yield the pieces of a text that stay whole, each with the spaces before it; a word that is too wide in parts.

    A command to type goes on to what ends it: a full stop, a comma, a bracket, a dot between parts or two spaces. A
    number stays with its unit.
    """
    end = r"\s“”·();,.→"
    for piece in re.findall(rf"\s*(?:kneetrack(?: [^{end}]+(?:\.[^{end}]+)*)+\S*|\S*\d [s%](?!\w)\S*|\S+)|\s+", words):
        if text.cells(piece.strip()) <= columns or piece.lstrip().startswith("kneetrack "):
            yield piece
        else:
            yield from cut(piece, columns)


def cut(word: str, columns: int) -> Iterator[str]:
    """Yield a word in parts of at most so many columns."""
    part, used = "", 0
    for character in word:
        wide = text.cells(character)
        if used + wide > columns:
            yield part
            part, used = "", 0
        part, used = part + character, used + wide
    yield part
