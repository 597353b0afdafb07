"""Text set in lines of a width: broken between words, by the columns of a terminal, a command to type kept whole."""

from kneetrack.domain import text
from kneetrack.views.lines import pieces


def wrapped(words: str, columns: int) -> list[str]:
    """Return text as lines of at most so many columns; a word that is wider is cut, a command to type never is."""
    return hanging(words, columns, after="")


def hanging(words: str, columns: int, first: str = "", after: str | None = None) -> list[str]:
    """Return text as lines of at most so many columns, with what stands before the first and before the others.

    Unless told otherwise the others are indented by as much as stands before the first.
    """
    indent = " " * text.cells(first) if after is None else after
    lines, begun = [first], False
    for piece in map(str.strip, pieces(words, columns - max(text.cells(first), text.cells(indent)))):
        gap = " " if begun else ""
        if begun and text.cells(lines[-1] + gap + piece) > columns:
            lines.append(indent + piece)
        else:
            lines[-1] += gap + piece
        begun = True
    return lines


def side_by_side(parts: list[str], columns: int, between: str = " · ") -> list[str]:
    """Return parts side by side, as many to a line as fit; one that is wider than the line is wrapped."""
    lines: list[str] = []
    for part in parts:
        if lines and text.cells(lines[-1] + between + part) <= columns:
            lines[-1] += between + part
        else:
            lines += wrapped(part, columns)
    return lines
