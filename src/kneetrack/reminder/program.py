"""This program as a job runs it: from anywhere, in an environment as empty as cron's."""

import shutil
import subprocess
from pathlib import Path
from tempfile import gettempdir

from kneetrack.domain.errors import MissingProgramError
from kneetrack.domain.text import clean

_TIMEOUT_S = 60


def find(called: str, python: str) -> tuple[str, ...]:
    """Return the words that start this program from anywhere, the first by its absolute path.

    `called` is what was typed to run it now, `python` what interprets it. Raises MissingProgramError when it is
    nowhere to be found, or does not run in an environment as empty as cron's.
    """
    if Path(called).name == "__main__.py":
        return _runs((python, "-m", "kneetrack"))
    found = shutil.which(called)
    if found is None:
        raise MissingProgramError(f"{clean(called)} is nowhere to be found: call kneetrack by its full path.")
    return _runs((str(Path(found).absolute()),))


def is_fleeting(program: Path) -> bool:
    """Return whether a program lies in a folder that is cleared now and then."""
    from platformdirs import user_cache_path  # noqa: PLC0415 - asked by install alone

    fleeting = {Path(gettempdir()), Path("/tmp"), Path("/var/tmp"), user_cache_path()}  # noqa: S108 - only compared
    return any(program.is_relative_to(folder) for folder in fleeting)


def _runs(argv: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words when they run by themselves."""
    bare = {"HOME": str(Path.home()), "PATH": "/usr/bin:/bin"}
    try:
        done = subprocess.run(  # noqa: S603 - this program itself
            [*argv, "--version"],
            env=bare,
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=_TIMEOUT_S,
        )
    except (OSError, subprocess.TimeoutExpired):
        done = None
    if done is None or done.returncode:
        raise MissingProgramError(
            f"{clean(' '.join(argv))} does not run by itself, as cron would run it: install kneetrack, for example"
            " with pipx, and call that one."
        )
    return argv
