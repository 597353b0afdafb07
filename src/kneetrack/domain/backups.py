"""Backups of a diary, as values."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from kneetrack.domain.errors import NoSuchRecordError
from kneetrack.domain.value import Value

_A_DAY = len("20261122")
"""A backup is named by the beginning of its name when that is at least its day: a slip of a finger restores nothing."""


class Backup(Value):
    """One backup; `made` is in UTC, `sessions` counts what it shows, None when it cannot be read."""

    name: str
    path: Path
    made: datetime
    sessions: int | None
    size: int


class Restored(Value):
    """What a restore kept of what was there: a backup, or the damaged file, or neither where nothing was.

    `kept_out` counts the records of the backup that were purged since it was made, and did not come back.
    """

    saved: Backup | None
    aside: Path | None
    kept_out: int


class UnclearBackupError(NoSuchRecordError):
    """The beginning of a name that several backups have, or that is too short to be meant."""

    def __init__(self, word: str, copies: Sequence[Backup]) -> None:
        """Take the word and the backups whose names begin with it, newest first."""
        number = "1 backup has" if len(copies) == 1 else f"{len(copies)} backups have"
        more = f"at least its day, such as {copies[0].name[:_A_DAY]}" if len(word) < _A_DAY else "more of it"
        super().__init__(f"{number} a name that begins with {word}, and none was restored: type {more}.")
        self.copies = copies


def only(word: str, copies: Sequence[Backup]) -> Backup:
    """Return the one backup whose name begins with a word, of all that do. Raises UnclearBackupError."""
    if len(copies) > 1 or len(word) < _A_DAY:
        raise UnclearBackupError(word, copies)
    return copies[0]
