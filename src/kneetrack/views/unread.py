"""What is said where a command can answer although the diary could not be read."""

from kneetrack.views.paragraphs import wrapped
from kneetrack.views.phrases import Line, Span


def unread(so: str, width: int) -> list[Line]:
    """Return in lines of a width that the diary could not be read, and what that means for what is shown."""
    said = f"The diary could not be read, so {so}: kneetrack doctor"
    return [[Span(line, "quiet")] for line in wrapped(said, width)]
