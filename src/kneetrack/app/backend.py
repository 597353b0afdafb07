"""What keeps a diary: a file of this machine, or a schema of a server.

Everything above asks a `Backend` and knows no difference between them.
"""

import os
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from kneetrack.domain.errors import NoPermissionError, NotDoneError
from kneetrack.domain.folders import StrPath
from kneetrack.store import sqlite
from kneetrack.store.failures import system_error
from kneetrack.store.port import Store

if TYPE_CHECKING:
    from pathlib import Path

    from kneetrack.domain.backups import Backup, Restored
    from kneetrack.domain.findings import Finding
    from kneetrack.store.backup import Rewritten


class Backend(Protocol):
    """What keeps one diary and its backups. Its methods raise what opening a diary and making a backup raise."""

    @property
    def shown(self) -> str:
        """Return what screens say of where the diary is: never a password."""

    @property
    def word(self) -> str:
        """Return what --db is given to find the diary from anywhere: never a password."""

    @property
    def is_file(self) -> bool:
        """Return whether the diary is in a file of this machine, with its backups beside it."""

    @property
    def has_password(self) -> bool:
        """Return whether the person named the diary by words that hold a password."""

    @property
    def names(self) -> int:
        """Return how many names the file of the diary has: more than one are a danger to it."""

    def exists(self) -> bool:
        """Return whether anything is at the diary's place, be it only a link that leads nowhere."""

    def stamp(self, now: datetime) -> object:
        """Return a value that is another one once anything was written, or the diary replaced, without reading it."""

    def open(self, *, write: bool) -> AbstractContextManager[Store]:
        """Open the diary, which is there. Raises OutdatedError for one of an older schema."""

    def create(self, now: datetime, fill: Callable[[Store], object], *, folder: bool) -> bool:
        """Make the diary with what `fill` writes, or not at all, and return whether this program did."""

    def upgrade(self, now: datetime) -> None:
        """Bring an older diary to the schema of this kneetrack."""

    def upgraded(self, now: datetime) -> AbstractContextManager[Store]:
        """Open an older diary to be read, once it was upgraded; in memory where that cannot be written."""

    def back_up_of_the_day(self, now: datetime) -> None:
        """Make a backup unless there is one of the calendar day of `now`."""

    def back_up(self, now: datetime, undone: str | None = None) -> "Backup":
        """Make a backup; `undone` says what is not done without one."""

    def backups(self) -> "list[Backup]":
        """Return the backups with what they hold, newest first."""

    def matching(self, word: str) -> "list[Backup]":
        """Return the backups whose name is, or begins with, a word. Raises NoSuchRecordError for none."""

    def restore(self, wanted: "Backup", now: datetime) -> "Restored":
        """Put a backup in the place of the diary, once what is there has become a backup itself."""

    def purge_from_backups(self, uids: Iterable[str], now: datetime) -> "Rewritten":
        """Rewrite the backups without some records that were purged."""

    def examine(self, now: datetime) -> "list[Finding]":
        """Return what doctor finds in the diary and around it."""

    def close(self) -> None:
        """Let go of what was kept open for the next transaction."""


class FileBackend:
    """A diary in a file, with its backups in a folder beside it."""

    is_file = True
    has_password = False

    def __init__(self, path: StrPath) -> None:
        """Take the file, which need not be there."""
        self._file = os.fspath(path)

    @property
    def _path(self) -> "Path":
        """Return the path as a pathlib.Path."""
        from pathlib import Path  # noqa: PLC0415 - a log does without

        return Path(self._file)

    @property
    def shown(self) -> str:
        """Return the path."""
        return self._file

    @property
    def word(self) -> str:
        """Return the path from the root on."""
        return str(self._path.absolute())

    @property
    def names(self) -> int:
        """Return how many names the file has."""
        return os.stat(self._file).st_nlink

    def exists(self) -> bool:
        """Return whether anything has the path."""
        try:
            os.lstat(self._file)
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError as error:
            raise system_error(error, self._file, "read") from error
        return True

    def stamp(self, now: datetime) -> object:
        """Return what tells the file from what it was before a write."""
        return sqlite.stamp(self._file, now.timestamp())

    def open(self, *, write: bool) -> AbstractContextManager[Store]:
        """Open the file."""
        return sqlite.open_store(self._file, write=write)

    def create(self, now: datetime, fill: Callable[[Store], object], *, folder: bool) -> bool:
        """Make the file whole, or not at all; with `folder` the folder that it stands in too."""
        from kneetrack.store import schema  # noqa: PLC0415 - once in the life of a diary

        return schema.create(self._path, now, fill, folder=folder)

    def upgrade(self, now: datetime) -> None:
        """Upgrade the file after a backup."""
        from kneetrack.store import schema  # noqa: PLC0415 - once in a while

        schema.upgrade(self._path, now)

    def upgraded(self, now: datetime) -> AbstractContextManager[Store]:
        """Open the file once it was upgraded; in memory where it or its backups cannot be written."""
        from kneetrack.store import schema  # noqa: PLC0415 - as above

        try:
            schema.upgrade(self._path, now)
        except (NoPermissionError, NotDoneError):
            return schema.upgraded_copy(self._path)
        return self.open(write=False)

    def back_up_of_the_day(self, now: datetime) -> None:
        """Make the day's backup."""
        from kneetrack.store import backup  # noqa: PLC0415 - once a day

        backup.of_the_day(self._path, now)

    def back_up(self, now: datetime, undone: str | None = None) -> "Backup":
        """Make a backup."""
        from kneetrack.store import backup  # noqa: PLC0415 - as above

        return backup.make(self._path, now, undone or backup.NOT_MADE)

    def backups(self) -> "list[Backup]":
        """Return the backups."""
        from kneetrack.store import backup  # noqa: PLC0415 - as above

        return backup.backups(self._path)

    def matching(self, word: str) -> "list[Backup]":
        """Return the backups that a word may mean."""
        from kneetrack.store import backup  # noqa: PLC0415 - as above

        return backup.matching(self._path, word)

    def restore(self, wanted: "Backup", now: datetime) -> "Restored":
        """Put a backup in the place of the file."""
        from kneetrack.store import backup  # noqa: PLC0415 - as above

        return backup.restore(self._path, wanted, now)

    def purge_from_backups(self, uids: Iterable[str], now: datetime) -> "Rewritten":  # noqa: ARG002 - as the protocol
        """Rewrite the backups."""
        from kneetrack.store import backup  # noqa: PLC0415 - as above

        return backup.purge_from_backups(self._path, uids)

    def examine(self, now: datetime) -> "list[Finding]":
        """Return what is found in the file and around it."""
        from kneetrack.health import diary  # noqa: PLC0415 - asked by doctor alone

        return diary.examine(self._path, now)

    def close(self) -> None:
        """Do nothing: each transaction has closed the file."""
