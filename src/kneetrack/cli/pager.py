"""What is longer than the screen is shown through the person's pager."""

import shlex
import shutil
import signal
import subprocess
from collections.abc import Mapping

_USUAL = ("less", "more")
_LESS = "FRX"
"""Less ends at once where all fits, takes colours, and leaves what was read on the screen."""


def command(environment: Mapping[str, str]) -> list[str] | None:
    """Return the words of the pager: those of PAGER, else less or more; None where there is none to be used."""
    if environment.get("TERM") in {"dumb", "unknown"}:
        return None
    asked = environment.get("PAGER")
    if asked is None:
        usual = next((found for name in _USUAL if (found := shutil.which(name))), None)
        return [usual] if usual else None
    try:
        return shlex.split(asked) or None
    except ValueError:
        return None


def page(words: bytes, environment: Mapping[str, str]) -> bool:
    """Show a text through the pager, and return whether that was done; closing or stopping it early is done too."""
    pager = command(environment)
    if pager is None:
        return False
    try:
        running = subprocess.Popen(  # noqa: S603 - what the person asked for, or less
            pager, stdin=subprocess.PIPE, env={"LESS": _LESS, **environment}
        )
    except (OSError, ValueError):
        return False
    # Ctrl-C is for the pager, which may stop what it does and go on.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        running.communicate(words)
    finally:
        signal.signal(signal.SIGINT, before)
    return running.returncode in {0, -signal.SIGINT}
