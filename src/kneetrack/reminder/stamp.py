"""When the reminder last ran for a diary, and how much it had to say: one small file for each diary."""

import json
import os
import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from zlib import crc32

from kneetrack.domain import folders
from kneetrack.domain.errors import NoPermissionError
from kneetrack.domain.folders import StrPath
from kneetrack.domain.installed import Run
from kneetrack.store import atomic


def folder() -> Path:
    """Return the folder for what is neither data nor settings; makes it. Raises NoPermissionError."""
    path = Path(_state_folder())
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise NoPermissionError(path, "create") from error
    return path


def _state_folder() -> str:
    """Return the platform's folder for what is neither data nor settings."""
    folder = folders.on_linux(os.environ, "XDG_STATE_HOME", ".local/state") if sys.platform == "linux" else None
    if folder:
        return folder
    from platformdirs import user_state_dir  # noqa: PLC0415 - few people need it, and a reminder waits

    return user_state_dir("kneetrack", appauthor=False)


def write(diary: StrPath, run: Run) -> None:
    """Keep a run as the last one of a diary; where that cannot be, nothing happens."""
    kept = {"schema": 1, "diary": os.fsdecode(diary), "at": run.at.isoformat(), "open": run.open}
    with suppress(OSError, NoPermissionError):
        atomic.write(_path(diary), json.dumps(kept).encode())


def read(diary: StrPath) -> Run | None:
    """Return the last run for a diary, None where none is known."""
    try:
        kept = json.loads(_path(diary).read_text("ascii"))
        run = Run(datetime.fromisoformat(kept["at"]), int(kept["open"]))
        return run if kept["diary"] == os.fsdecode(diary) and run.at.tzinfo else None
    except (OSError, NoPermissionError, ValueError, KeyError, TypeError):
        return None


def _path(diary: StrPath) -> Path:
    """Return the file for a diary."""
    return folder() / f"remind-{crc32(os.fsencode(diary)):08x}.json"
