"""A diary in a schema of a PostgreSQL server, with its backups on this machine."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kneetrack.store import postgres, server
from kneetrack.store.port import Store

if TYPE_CHECKING:
    from kneetrack.domain.backups import Backup, Restored
    from kneetrack.domain.findings import Finding
    from kneetrack.store.backup import Rewritten


def located(address: str, data: str) -> "tuple[Path, bool, ServerBackend]":
    """Return what an address names, as a `Place` takes it; `data` is the folder for data. Raises WrongUseError."""
    found = server.read(address)
    path = Path(data, "servers", found.file_name)
    return path, True, ServerBackend(found, path)


class ServerBackend:
    """A diary on a server; `path` is where this machine keeps what belongs to it, such as its backups."""

    names = 1
    is_file = False

    def __init__(self, found: server.Server, path: Path) -> None:
        """Take the server, which need not be there."""
        self.server = found
        self.path = path

    @property
    def shown(self) -> str:
        """Return the address without a password."""
        return str(self.server)

    @property
    def word(self) -> str:
        """Return the address without a password."""
        return str(self.server)

    @property
    def has_password(self) -> bool:
        """Return whether the address holds one."""
        return self.server.has_password

    def exists(self) -> bool:
        """Return whether the server has such a diary."""
        return postgres.exists(self.server)

    def stamp(self, now: datetime) -> object:  # noqa: ARG002 - as the protocol
        """Return the id of the newest change, which every write has, and how much was purged."""
        return postgres.stamp(self.server)

    def open(self, *, write: bool) -> AbstractContextManager[Store]:
        """Open the diary."""
        return postgres.open_store(self.server, write=write)

    def create(self, now: datetime, fill: Callable[[Store], object], *, folder: bool) -> bool:  # noqa: ARG002 - as above
        """Make the schema with its tables in one transaction."""
        from kneetrack.store import server_schema  # noqa: PLC0415 - once in the life of a diary

        return server_schema.create(self.server, now, fill)

    def upgrade(self, now: datetime) -> None:
        """Do nothing: this is the only schema that a diary on a server can have."""

    def upgraded(self, now: datetime) -> AbstractContextManager[Store]:  # noqa: ARG002 - as above
        """Open the diary."""
        return self.open(write=False)

    def back_up_of_the_day(self, now: datetime) -> None:
        """Make the day's backup."""
        from kneetrack.app import server_backups  # noqa: PLC0415 - once a day

        server_backups.of_the_day(self.path, self.server, now)

    def back_up(self, now: datetime, undone: str | None = None) -> "Backup":
        """Make a backup."""
        from kneetrack.app import server_backups  # noqa: PLC0415 - as above
        from kneetrack.store.backup import NOT_MADE  # noqa: PLC0415 - as above

        return server_backups.make(self.path, self.server, now, undone or NOT_MADE)

    def backups(self) -> "list[Backup]":
        """Return the backups."""
        from kneetrack.app import server_backups  # noqa: PLC0415 - as above

        return server_backups.backups(self.path)

    def matching(self, word: str) -> "list[Backup]":
        """Return the backups that a word may mean."""
        from kneetrack.app import server_backups  # noqa: PLC0415 - as above

        return server_backups.matching(self.path, word)

    def restore(self, wanted: "Backup", now: datetime) -> "Restored":
        """Put a backup in the place of what the diary holds."""
        from kneetrack.app import server_backups  # noqa: PLC0415 - as above

        return server_backups.restore(self.path, self.server, wanted, now)

    def purge_from_backups(self, uids: Iterable[str], now: datetime) -> "Rewritten":
        """Rewrite the backups."""
        from kneetrack.app import server_backups  # noqa: PLC0415 - as above

        return server_backups.purge_from_backups(self.path, self.server, uids, now)

    def examine(self, now: datetime) -> "list[Finding]":
        """Return what is found on the server and in the backups."""
        from kneetrack.app import server_backups  # noqa: PLC0415 - as above
        from kneetrack.health import diary as of_files  # noqa: PLC0415 - asked by doctor alone
        from kneetrack.health import server as health  # noqa: PLC0415 - as above

        found = of_files.backups(self.path, self.backups(), now, server_backups.is_sound)
        return [*health.examine(self.server, now), found]

    def close(self) -> None:
        """Close the connections that wait for the next transaction."""
        self.server.close()
