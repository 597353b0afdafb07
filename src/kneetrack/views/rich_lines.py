"""Lines that are laid out already, for Rich to print as they are."""

from collections.abc import Iterable

from rich.text import Text

from kneetrack.views.paragraphs import wrapped
from kneetrack.views.phrases import STYLES


def as_they_are(lines: Iterable[str | Text], style: str = "") -> list[Text]:
    """Return lines that Rich neither wraps nor crops; a style is the name of one."""
    return [
        Text.assemble((line, STYLES[style]) if isinstance(line, str) else line, no_wrap=True, overflow="ignore")
        for line in lines
    ]


def paragraph(words: str, width: int, style: str = "") -> list[Text]:
    """Return text as lines of a width."""
    return as_they_are(wrapped(words, width), style)
