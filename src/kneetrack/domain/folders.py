"""Paths as text, and where Linux keeps a program's files: a short rule of the XDG Base Directory Specification.

platformdirs, which knows those of every platform, costs a twentieth of a log. So does pathlib, which only
what is asked for now and then loads.
"""

import os
from collections.abc import Mapping
from typing import TypeAlias

StrPath: TypeAlias = str | os.PathLike[str]
"""A path as the operating system takes it: a text, or a Path."""


def on_linux(environment: Mapping[str, str], variable: str, below_home: str) -> str | None:
    """Return kneetrack's folder below the one that a variable names, else below the home; None where neither is known.

    A variable that is not an absolute path is as if it were not set.
    """
    for name, below in ((variable, ""), ("HOME", below_home)):
        folder = environment.get(name, "")
        if folder.startswith("/"):
            return os.path.join(folder, below, "kneetrack")
    return None
