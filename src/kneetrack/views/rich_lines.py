"""Lines that are laid out already, for Rich to print as they are."""

from collections.abc import Iterable

from rich.text import Text

from kneetrack.views.lines import STYLES, Line, fold
from kneetrack.views.paragraphs import wrapped


def as_they_are(lines: Iterable[str | Text], style: str = "") -> list[Text]:
    """Return lines that Rich neither wraps nor crops; a style is the name of one."""
    return [
        Text.assemble((line, STYLES[style]) if isinstance(line, str) else line, no_wrap=True, overflow="ignore")
        for line in lines
    ]


def paragraph(words: str, width: int, style: str = "") -> list[Text]:
    """Return text as lines of a width."""
    return as_they_are(wrapped(words, width), style)


def drawn(lines: Iterable[Line], width: int) -> Text:
    """Return plain lines, folded to a width as the console folds them, as one text."""
    rows = (row for line in lines for row in fold(line, width))
    styled = (Text.assemble(*((span.text, STYLES[span.style]) for span in row)) for row in rows)
    return Text("\n", no_wrap=True, overflow="ignore").join(styled)
