"""Installing the reminder where something runs it every day: the crontab or a systemd timer."""

from datetime import datetime

from kneetrack.domain.errors import UnsafeWordsError
from kneetrack.domain.text import clean


def checked(argv: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words of a job, and raise UnsafeWordsError where one could break out of its line."""
    for word in argv:
        if clean(word) != word:
            raise UnsafeWordsError(clean(word))
    return argv


def parse_since(words: str) -> datetime | None:
    """Return the instant that a comment names, None for what is none."""
    try:
        since = datetime.fromisoformat(words.strip())
    except ValueError:
        return None
    return since if since.tzinfo else None
