"""Digits that can be read from two metres: blocks as large as the room that there is for them."""

_ROWS = {
    "0": "███ █ █ █ █ █ █ ███",
    "1": "  █   █   █   █   █",
    "2": "███   █ ███ █   ███",
    "3": "███   █ ███   █ ███",
    "4": "█ █ █ █ ███   █   █",
    "5": "███ █   ███   █ ███",
    "6": "███ █   ███ █ █ ███",
    "7": "███   █   █   █   █",
    "8": "███ █ █ ███ █ █ ███",
    "9": "███ █ █ ███   █ ███",
    ":": "     █       █     ",
}
"""Five rows of three cells for each character, with a cell between them."""

HEIGHT, _WIDTH, _GAP = 5, 3, 1
_CELL = 2
"""How many columns a cell takes, so that it is about as wide as high."""


def draw(words: str, columns: int, rows: int) -> list[str]:
    """Return the lines of digits and colons, as large as fits so many columns and rows; as text where none fit."""
    cells = len(words) * (_WIDTH + _GAP) - _GAP
    scale = min(columns // (cells * _CELL), rows // HEIGHT)
    broad = _CELL * scale
    if scale < 1:
        scale, broad = 1, 1
        if columns < cells or rows < HEIGHT:
            return [words]
    lines = []
    for row in range(HEIGHT):
        start = row * (_WIDTH + _GAP)
        pieces = (_ROWS[character][start : start + _WIDTH] for character in words)
        line = (" " * _GAP).join(pieces)
        lines += ["".join(cell * broad for cell in line).rstrip()] * scale
    return lines
