"""How backups are named, and which there are: one look into their folder, which every write takes.

A backup stands in the folder `backups` beside its diary; its name is the diary's with the UTC time of its making.
"""

import os
from datetime import datetime
from typing import TYPE_CHECKING

from kneetrack.domain.errors import NoSuchRecordError
from kneetrack.domain.folders import StrPath
from kneetrack.store.failures import system_error

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = "backups"


def made(path: StrPath) -> list[datetime]:
    """Return when the backups of a diary were made, in UTC, newest first; costs one look into the folder."""
    folder, start = _place(path)
    try:
        names = os.listdir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise system_error(error, folder, "read") from error
    found = (_read(each.removeprefix(start)) for each in names if each.startswith(start))
    return sorted((at for at in found if at), reverse=True)


def matching(path: StrPath, word: str) -> list[datetime]:
    """Return when the backups were made whose name is, or begins with, a word. Raises NoSuchRecordError for none."""
    found = [at for at in made(path) if word and name_of(at).startswith(word.upper())]
    if not found:
        raise NoSuchRecordError(f"No backup has the name {word}; kneetrack restore lists them.")
    return found


def has_one_of(path: StrPath, now: datetime) -> bool:
    """Return whether a backup was made on the calendar day of `now`."""
    return any(at.astimezone(now.tzinfo).date() == now.date() for at in made(path))


def _place(path: StrPath) -> tuple[str, str]:
    """Return the folder of a diary's backups, and how their names begin; of where it is if its name is a link."""
    folder, name = os.path.split(os.path.realpath(path))
    return os.path.join(folder, FOLDER), f"{name}."


def name_of(at: datetime) -> str:
    """Return the name of a backup among those of its diary: 20261122T064100.123456Z."""
    return f"{at:%Y%m%dT%H%M%S.%f}Z"


def _read(word: str) -> datetime | None:
    """Return when the backup of a name was made, None for what is no such name."""
    try:
        at = datetime.fromisoformat(word)
    except ValueError:
        return None
    return at if at.tzinfo and name_of(at) == word else None


def file_of(path: StrPath, at: datetime) -> "Path":
    """Return the file of the backup of a time."""
    from pathlib import Path  # noqa: PLC0415 - once a day

    folder, start = _place(path)
    return Path(folder, f"{start}{name_of(at)}")
