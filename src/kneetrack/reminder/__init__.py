"""Installing the reminder where something runs it every day: the crontab or a systemd timer."""

from datetime import datetime, time
from pathlib import Path
from typing import NamedTuple

from kneetrack.domain.errors import UnsafeWordsError
from kneetrack.domain.text import clean

DEFAULT_TIME = time(18)


class Job(NamedTuple):
    """What runs every day, and at which clock times, ascending.

    `argv` is a program by its absolute path and its words, among them --db and the journal's absolute path.
    """

    argv: tuple[str, ...]
    times: tuple[time, ...]

    @property
    def program(self) -> Path:
        """Return the program that runs."""
        return Path(self.argv[0])

    @property
    def journal(self) -> Path | None:
        """Return the journal that it reads; None where somebody took the name out."""
        named = self.argv.index("--db") + 1 if "--db" in self.argv else len(self.argv)
        return Path(self.argv[named]) if named < len(self.argv) else None

    @property
    def notifies(self) -> bool:
        """Return whether it sends desktop notifications."""
        return "--notify" in self.argv


class Installed(NamedTuple):
    """A job as it was found; `job` is None where its text was changed by hand, `since` where that is not known."""

    job: Job | None
    since: datetime | None


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
