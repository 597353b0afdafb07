"""Writing a file that the person named: whole and on the disk, and readable by its owner alone, or not at all."""

import os
from collections.abc import Callable
from pathlib import Path

from kneetrack.app.results.transfer import Exported
from kneetrack.app.workspace import Workspace
from kneetrack.domain.errors import NoFolderError, WrongUseError
from kneetrack.store import atomic, sqlite
from kneetrack.store.failures import translate_errors


def write(workspace: Workspace, named: Path, fill: Callable[[Path], object], *, replace: bool) -> Exported:
    """Write a file by `fill`, which is given an empty one beside it.

    Raises WrongUseError for a file that must not be replaced, NoFolderError, and what `fill` and writing raise.
    """
    path = _free(workspace, named, replace=replace)
    with translate_errors(path, "write"):
        try:
            with atomic.draft(path, replace=replace) as unnamed:
                fill(unnamed)
        except FileExistsError:
            raise _taken(path) from None
        return Exported(path, path.stat().st_size)


def _free(workspace: Workspace, path: Path, *, replace: bool) -> Path:
    """Return the file to write to. Raises WrongUseError for one that must not be replaced, and NoFolderError."""
    if not path.parent.is_dir():
        raise NoFolderError(path.parent)
    with translate_errors(path, "write"):
        if path.is_symlink() and path.exists():
            path = path.resolve()
        diary = workspace.place.path
        if path.exists() and diary.exists() and path.samefile(diary):
            raise WrongUseError(f"{path} is the diary itself; choose another name.")
        if path.absolute() == Path(sqlite.leftover(diary.absolute())):
            raise WrongUseError(f"{path} is a name that SQLite uses beside the diary; choose another name.")
        if path.exists() and not path.is_file():
            raise WrongUseError(f"{path} is not an ordinary file; for a pipe leave FILE out.")
        if os.path.lexists(path) and not replace:
            raise _taken(path)
    return path


def _taken(path: Path) -> WrongUseError:
    """Return the error for a file that is there."""
    return WrongUseError(f"{path} is there already; choose another name, or replace it with --force.")
