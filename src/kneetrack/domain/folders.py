"""Where Linux keeps a program's files: one short rule of the XDG Base Directory Specification.

platformdirs, which knows those of every platform, costs a twentieth of a log.
"""

from collections.abc import Mapping
from pathlib import Path


def on_linux(environment: Mapping[str, str], variable: str, below_home: str) -> Path | None:
    """Return kneetrack's folder below the one that a variable names, else below the home; None where neither is known.

    A variable that is not an absolute path is as if it were not set.
    """
    for name, below in ((variable, ""), ("HOME", below_home)):
        folder = environment.get(name, "")
        if folder.startswith("/"):
            return Path(folder, below, "kneetrack")
    return None
