"""Keeping the screen awake during a session, by a program that the system has."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

KEEPERS = (
    ("systemd-inhibit", "--what=idle:sleep", "--who=kneetrack", "--why=a guided session", "cat"),
    ("caffeinate", "-di", "cat"),
)
"""Programs that hold the screen while what they run goes on: `cat`, which ends with the session."""


@contextmanager
def awake() -> Iterator[bool]:
    """Keep the screen awake meanwhile, and yield whether anything here can."""
    words = next((words for words in KEEPERS if shutil.which(words[0])), None)
    if words is None:
        yield False
        return
    try:
        keeper = subprocess.Popen(  # noqa: S603 - words of our own
            words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
    except OSError:
        yield False
        return
    try:
        yield True
    finally:
        if keeper.stdin:
            keeper.stdin.close()
        try:
            keeper.wait(2)
        except subprocess.TimeoutExpired:
            keeper.kill()
            keeper.wait()
