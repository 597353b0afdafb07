"""The tests as guests of who runs them: what is kept out of their reach, and a look at whether it was left alone."""

import os
import stat
import subprocess
from hashlib import sha256
from pathlib import Path
from shutil import which

from platformdirs import user_cache_path, user_data_path, user_state_path

from kneetrack.reminder import systemd

PATH = os.environ["PATH"]
"""Where the machine's own programs are found; for the tests, those that guard them come first."""

GUARDED = ("crontab", "notify-send", "systemctl")
"""The programs by which a test could reach what is the person's: one that calls them brings its own.

Only looking at the crontab is answered, as where there is none: `doctor` does it.
"""

OUTSIDE = ("DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "KNEETRACK_DB", "MAIL", "MAILTO", "WAYLAND_DISPLAY")
"""What leads out of a test, beside folders and programs."""

OWN = (
    user_data_path("kneetrack", appauthor=False),
    user_state_path("kneetrack", appauthor=False),
    user_cache_path("kneetrack", appauthor=False),
    systemd.folder(),
    *(Path(named) for named in (os.environ.get("KNEETRACK_DB"),) if named),
)
"""The person's own folders and files that kneetrack could write to."""

_FOLDERS = {
    "HOME": "",
    "XDG_CACHE_HOME": "cache",
    "XDG_CONFIG_HOME": ".config",
    "XDG_DATA_HOME": "data",
    "XDG_RUNTIME_DIR": "runtime",
    "XDG_STATE_HOME": "state",
}

_GUARD = """\
#!/bin/sh
[ "${{0##*/}} $*" = "crontab -l" ] && echo "no crontab for you" >&2 && exit 1
echo "${{0##*/}} $*" >> '{reached}'
echo "A test reached for the machine's own ${{0##*/}}; it must bring one." >&2
exit 99
"""


def guard(folder: Path) -> Path:
    """Put what stands for the guarded programs into a folder; return the file that says what was asked of them."""
    reached = folder / "reached"
    for name in GUARDED:
        program = folder / name
        program.write_text(_GUARD.format(reached=reached))
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return reached


def surroundings(home: Path) -> dict[str, str]:
    """Return the variables of an environment in which every folder of a person's is in one home."""
    return {name: str(home / below) for name, below in _FOLDERS.items()}


def belongings() -> dict[str, str]:
    """Return a digest of each thing of the person's that kneetrack could write to, by its name."""
    crontab = which("crontab", path=PATH)
    table = subprocess.run([crontab, "-l"], capture_output=True, check=False, timeout=30).stdout if crontab else b""
    files = (path for own in OWN for path in (own, *own.rglob("*")) if path.is_file() and os.access(path, os.R_OK))
    return {"the crontab": _digest(table)} | {str(path): _digest(path.read_bytes()) for path in files}


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()
