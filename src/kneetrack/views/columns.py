"""Cells side by side, as plain lines: what is too wide for its column goes on below, within the column."""

from collections.abc import Sequence
from itertools import zip_longest

from kneetrack.domain import text
from kneetrack.views.phrases import Line, Span, fold

GAP = 2


def widest(cells: Sequence[Line]) -> int:
    """Return how many columns of a terminal the widest of some cells takes; 0 for none."""
    return max(map(_taken, cells), default=0)


def row(cells: Sequence[Line], widths: Sequence[int], head: Sequence[Span] = ()) -> list[Line]:
    """Return a row of cells as the lines that it takes, each cell within its width; the first line begins with `head`.

    The others are indented by as much.
    """
    folded = [fold(cell, width, indent="") for cell, width in zip(cells, widths, strict=True)]
    first, *others = (_line(parts, widths) for parts in zip_longest(*folded, fillvalue=[]))
    indent = Span(" " * _taken(head))
    return [[*head, *first], *([indent, *line] for line in others)]


def _line(parts: Sequence[Line], widths: Sequence[int]) -> Line:
    line: Line = []
    for part, width in zip(parts, widths, strict=True):
        line += [*part, Span(" " * (width - _taken(part) + GAP))]
    return line[:-1]


def _taken(cell: Sequence[Span]) -> int:
    return sum(text.cells(span.text) for span in cell)
