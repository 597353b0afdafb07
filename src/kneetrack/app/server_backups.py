"""Backups of a diary on a server: exports as JSON that are kept on this machine, each looked through as an import is.

They stand in a folder of their own, are named and dropped as those of a file are, and hold all but what undo of an
import needs.
"""

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from kneetrack.domain.backups import Backup, Restored
from kneetrack.domain.errors import (
    KneetrackError,
    NewerDiaryError,
    NewerFileError,
    NotADiaryError,
    UnreadableFileError,
)
from kneetrack.exchange import json_export, json_import, source
from kneetrack.exchange.staging import Staging
from kneetrack.store import atomic, backup_names, merge, postgres, schema, server_schema, sqlite
from kneetrack.store.backup import (
    NOT_MADE,
    NOT_RESTORED,
    Rewritten,
    Tombstone,
    add_beside,
    all_tombstones,
    alone,
    as_not_done,
    free_time,
    take_in_tombstones,
    thin,
)
from kneetrack.store.backup_names import file_of, has_one_of, made, name_of
from kneetrack.store.failures import translate_errors
from kneetrack.store.port import Database, Store
from kneetrack.store.server import Server
from kneetrack.store.writing import add_tombstones, delete_versions


def backups(path: Path) -> list[Backup]:
    """Return the backups of a diary with what they hold, newest first."""
    return [_described(path, at) for at in made(path)]


def matching(path: Path, word: str) -> list[Backup]:
    """Return the backups whose name is, or begins with, a word, newest first. Raises NoSuchRecordError for none."""
    return [_described(path, at) for at in backup_names.matching(path, word)]


def of_the_day(path: Path, server: Server, now: datetime) -> None:
    """Make a backup unless there is one of the calendar day of `now`; raises what `make` raises."""
    with as_not_done(NOT_MADE), _alone(path):
        if not has_one_of(path, now):
            _save(path, server, now)


def make(path: Path, server: Server, now: datetime, undone: str = NOT_MADE) -> Backup:
    """Make a backup and drop the ones that are no longer kept; `undone` says what is not done without one.

    Raises NotADiaryError when the diary is damaged and NotDoneError when no backup can be made, and leaves none then.
    """
    with as_not_done(undone), _alone(path):
        return _described(path, _save(path, server, now))


def restore(path: Path, server: Server, wanted: Backup, now: datetime) -> Restored:
    """Put a backup in the place of what the diary holds, under its lock, once that has become a backup itself.

    What was purged does not come back. The diary may be missing. Raises NotDoneError, and restores nothing, when there
    is no way to keep what is there.
    """
    kept_out = 0

    def refill(database: Database) -> None:
        nonlocal kept_out
        kept_out = merge.refill(database, staging, now) + len(take_in_tombstones(database, path))

    with as_not_done(NOT_RESTORED), _alone(path), _staged(wanted.path) as staging:
        if server_schema.create(server, now, lambda store: refill(store.writable())):
            return Restored(None, None, kept_out)
        with postgres.open_database(server, write=True) as database:
            saved = _save(path, server, now, wanted.path)
            refill(database)
            server_schema.make_another_device(database, now)
            database.commit()
        return Restored(_described(path, saved), None, kept_out)


def is_sound(copy: Backup) -> bool:
    """Return whether a backup is still what it was when it was made; one of a newer kneetrack is taken for that."""
    try:
        _verify(copy.path)
    except NotADiaryError:
        return False
    except NewerDiaryError:
        return True
    return True


def _verify(path: Path) -> None:
    """Look through a backup. Raises NotADiaryError for one that is not what was written, and NewerDiaryError."""
    with _staged(path):
        pass


def purge_from_backups(path: Path, server: Server, uids: Iterable[str], now: datetime) -> Rewritten:
    """Rewrite the backups of a diary without some records that were purged from it.

    Raises NotDoneError for what a disk, a permission or another program prevents.
    """
    wanted, number, unread = set(uids), 0, []
    with as_not_done("The backups were not rewritten"):
        if not made(path):
            return Rewritten(0, [])
        with postgres.open_database(server, write=False) as database:
            purged = {stone for stone in all_tombstones(database) if stone.uid in wanted}
        with _alone(path):
            add_beside(path, purged)
            for at in made(path):
                try:
                    number += _rewrite(file_of(path, at), wanted, purged, now)
                except (NotADiaryError, NewerDiaryError):
                    unread.append(name_of(at))
    return Rewritten(number, unread)


def _save(path: Path, server: Server, now: datetime, protected: Path | None = None) -> datetime:
    """Write a new backup, drop those that are no longer kept, and return its time."""
    at = free_time(path, now)
    kept = file_of(path, at)
    with translate_errors(kept.parent, "write"), atomic.draft(kept) as draft:
        with postgres.open_store(server, write=False) as store:
            _write(store, draft)
        _verify(draft)
    thin(path, now, protected)
    return at


def _write(store: Store, path: Path) -> None:
    """Write all that a diary holds to a file."""
    with path.open("w", encoding="utf-8", newline="") as out:
        out.writelines(json_export.lines(store.database))


def _rewrite(path: Path, uids: set[str], purged: set[Tombstone], now: datetime) -> bool:
    """Make a backup anew without some records, by way of a diary in a file, and return whether it held any of them."""
    with _staged(path) as staging, TemporaryDirectory(dir=path.parent) as folder:
        copy = Path(folder) / "copy.db"
        schema.create(copy, now, lambda store: merge.refill(store.writable(), staging, now))
        with sqlite.open_store(copy, write=True) as store:
            gone = delete_versions(store.writable(), uids)
            add_tombstones(store.writable(), purged)
        if gone:
            with sqlite.open_store(copy, write=False) as store, atomic.draft(path, replace=True) as draft:
                _write(store, draft)
        return bool(gone)


@contextmanager
def _staged(path: Path) -> Iterator[Staging]:
    """Read a backup, and look at each of its records.

    Raises NotADiaryError for one that is not what was written, and NewerDiaryError for one of a newer kneetrack.
    """
    with Staging() as staging:
        try:
            with source.opened(path, lambda _: None) as found:
                json_import.stage_lines(found, staging, _as_it_was)
        except UnreadableFileError as error:
            raise NotADiaryError(path, f"is damaged ({error.what})") from error
        except NewerFileError as error:
            raise NewerDiaryError(path) from error
        staging.finish()
        if staging.refusals:
            raise NotADiaryError(path, f"is damaged ({staging.refused[0]})")
        yield staging


def _as_it_was(_: str, value: str) -> str:
    """Return the value of a setting, which a diary of ours had."""
    return value


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold the folder of backups against other programs that make or drop any."""
    with translate_errors(path.parent, "create"):
        atomic.make_folder(path.parent)
    with alone(path):
        yield


def _described(path: Path, at: datetime) -> Backup:
    """Return one backup with what it holds."""
    copy = file_of(path, at)
    try:
        sessions = _sessions(copy)
    except (OSError, ValueError, LookupError, TypeError, KneetrackError):
        sessions = None
    return Backup(name_of(at), copy, at, sessions, os.stat(copy).st_size)  # noqa: PTH116 - as the names are read


def _sessions(path: Path) -> int:
    """Return how many sessions a backup shows: those whose newest version is not removed."""
    at: dict[str, tuple[str, str]] = {}
    newest: dict[str, tuple[tuple[str, str], bool]] = {}
    listed = ""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if not line.startswith('{"uid"'):
                listed = line.partition('], "')[2].partition('"')[0] or "changes"
            elif listed == "changes":
                its = json.loads(line.rstrip().removesuffix(","))
                at[its["uid"]] = its["at"], its["uid"]
            elif listed == "sessions":
                its = json.loads(line.rstrip().removesuffix(","))
                version = at[its["change"]], its["removed"]
                newest[its["uid"]] = max(newest.get(its["uid"], version), version)
            else:
                break
    return sum(not removed for _, removed in newest.values())
