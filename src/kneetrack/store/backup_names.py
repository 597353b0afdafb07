"""How backups are named, and which there are: one look into their folder, which every write takes.

A backup stands in the folder `backups` beside its diary; its name is the diary's with the UTC time of its making.
"""

import os
from datetime import datetime
from pathlib import Path

from kneetrack.domain.errors import NoSuchRecordError
from kneetrack.store.failures import system_error

FOLDER = "backups"


def made(path: Path) -> list[datetime]:
    """Return when the backups of a diary were made, in UTC, newest first; costs one look into the folder."""
    diary = real(path)
    try:
        names = [each.name for each in (diary.parent / FOLDER).iterdir()]
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise system_error(error, diary.parent / FOLDER, "read") from error
    start = f"{diary.name}."
    found = (_read(each.removeprefix(start)) for each in names if each.startswith(start))
    return sorted((at for at in found if at), reverse=True)


def matching(path: Path, word: str) -> list[datetime]:
    """Return when the backups were made whose name is, or begins with, a word. Raises NoSuchRecordError for none."""
    found = [at for at in made(path) if word and name_of(at).startswith(word.upper())]
    if not found:
        raise NoSuchRecordError(f"No backup has the name {word}; kneetrack restore lists them.")
    return found


def has_one_of(path: Path, now: datetime) -> bool:
    """Return whether a backup was made on the calendar day of `now`."""
    return any(at.astimezone(now.tzinfo).date() == now.date() for at in made(path))


def real(path: Path) -> Path:
    """Return where the diary really is, also when its name is a link."""
    return Path(os.path.realpath(path))


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


def file_of(path: Path, at: datetime) -> Path:
    """Return the file of the backup of a time."""
    diary = real(path)
    return diary.parent / FOLDER / f"{diary.name}.{name_of(at)}"
