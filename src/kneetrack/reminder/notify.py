"""Desktop notifications, also from cron's empty environment."""

import os
import shutil
import subprocess
from pathlib import Path

_TIMEOUT_S = 10


def program() -> str | None:
    """Return the program that sends notifications, None where there is none."""
    return shutil.which("notify-send")


def send(words: str) -> bool:
    """Send a notification, and return whether a desktop took it."""
    sender, bus = program(), _bus()
    if not sender or not bus:
        return False
    try:
        done = subprocess.run(  # noqa: S603 - the program found, and words of our own
            [sender, "--app-name=kneetrack", "--", "kneetrack", words],
            env={**os.environ, "DBUS_SESSION_BUS_ADDRESS": bus},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _bus() -> str | None:
    """Return the address of the session bus; where it is not said, it is the person's own socket."""
    if os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        return os.environ["DBUS_SESSION_BUS_ADDRESS"]
    path = Path(os.environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}") / "bus"
    try:
        ours = path.is_socket() and path.stat().st_uid == os.getuid()
    except OSError:
        return None
    return f"unix:path={path}" if ours else None
