"""When the reminder last ran for a journal, and how much it had to say: one small file for each journal."""

import json
import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from kneetrack.domain.errors import NoPermissionError


class Run(NamedTuple):
    """One run of the reminder: the instant, and how many exercises were open."""

    at: datetime
    open: int


def folder() -> Path:
    """Return the folder for what is neither data nor settings; makes it. Raises NoPermissionError."""
    from platformdirs import user_state_path  # noqa: PLC0415 - paid only by who asks for the folder

    path = user_state_path("kneetrack", appauthor=False)
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise NoPermissionError(path, "create") from error
    return path


def write(journal: Path, run: Run) -> None:
    """Keep a run as the last one of a journal; where that cannot be, nothing happens."""
    kept = {"schema": 1, "journal": os.fsdecode(journal), "at": run.at.isoformat(), "open": run.open}
    with suppress(OSError, NoPermissionError):
        path = _path(journal)
        draft = path.with_suffix(f".{os.getpid()}")
        handle = os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(json.dumps(kept).encode())
        draft.replace(path)


def read(journal: Path) -> Run | None:
    """Return the last run for a journal, None where none is known."""
    try:
        kept = json.loads(_path(journal).read_text("ascii"))
        run = Run(datetime.fromisoformat(kept["at"]), int(kept["open"]))
        return run if kept["journal"] == os.fsdecode(journal) and run.at.tzinfo else None
    except (OSError, NoPermissionError, ValueError, KeyError, TypeError):
        return None


def _path(journal: Path) -> Path:
    """Return the file for a journal."""
    return folder() / f"remind-{crc32(os.fsencode(journal)):08x}.json"
