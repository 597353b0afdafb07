"""What `doctor` looks at in a diary: the file, the rules that its records keep, and where it lies."""

import os
import re
import shlex
import shutil
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from kneetrack.domain import settings, text
from kneetrack.domain.backups import Backup
from kneetrack.domain.errors import (
    ForeignObjectError,
    NewerDiaryError,
    NoPermissionError,
    NotADiaryError,
    SettingError,
)
from kneetrack.domain.findings import Finding
from kneetrack.store import backup, backup_names, ddl
from kneetrack.store.integrity import altered, broken
from kneetrack.store.mapping import CHANGE, DEVICE, VERSIONED, instant
from kneetrack.store.port import Database
from kneetrack.store.reading import DiaryReader
from kneetrack.store.rules import LIVE, LIVE_SESSIONS, newest, stands
from kneetrack.store.sqlite import SqliteDatabase, open_database, revision_of

NETWORK = ("nfs", "cifs", "smb", "9p", "drvfs", "virtiofs", "ceph", "glusterfs", "lustre", "fuse.")
LOCAL = ("fuse.fuse-overlayfs",)
SYNCED = ("dropbox", "onedrive", "google drive", "googledrive", "nextcloud", "owncloud", "mobile documents", "icloud")
SYNC_MARKS = (".stfolder", ".dropbox", ".dropbox.cache", ".sync")

_ANEW = {
    "session": "kneetrack edit ID with the right value writes it anew; ",
    "setting": "kneetrack settings KEY VALUE writes it anew; ",
    "rule": "kneetrack rule set writes it anew; ",
}

BACKUP_OLD = timedelta(days=7)
CLOCK_SLACK = timedelta(minutes=5)

ROOM = 20_000_000
ROOM_TIMES = 4
"""A disk has room for a diary while this many bytes, and this many times the diary, are free."""

_NOT_ONE_CURRENT = (
    "SELECT count(*) FROM (SELECT 1 FROM {table} GROUP BY uid HAVING count(*) FILTER (WHERE current)"
    " <> CASE WHEN count(*) FILTER (WHERE {stands}) > 0 THEN 1 ELSE 0 END) AS wrong"
)
_CURRENT_NOT_NEWEST = "SELECT count(*) FROM {table} WHERE {stands} AND {newest} AND NOT current"
_RULES = {
    "without one current version": _NOT_ONE_CURRENT,
    "showing another version than the newest": _CURRENT_NOT_NEWEST,
    "imported by the change that wrote it": "SELECT count(*) FROM {table} WHERE brought_by = change_id",
}
_LAST_ID = 1 << 62
"""No diary comes to as many ids as that: where the count of them is there, SQLite soon has none left to give."""

_COUNTED_WRONG = (
    "SELECT count(*) FROM (SELECT max(id) AS last, (SELECT seq FROM sqlite_sequence WHERE name = '{table}') AS seq"
    " FROM {table}) AS ids WHERE typeof(seq) NOT IN ('integer', 'null') OR coalesce(seq, last, 0) < coalesce(last, 0)"
    " OR seq >= ?"
)
"""Of a table, whether the count of the ids that were given is less than the last of them, or has come to an end.

One that is missing, as in diaries of the first schemas, begins after the last id.
"""

_RULES_OF_CHANGES = {
    ("undo of another undo", "undos of another undo"): (
        "SELECT count(*) FROM change JOIN change AS other ON other.id = change.undoes WHERE other.undoes IS NOT NULL"
    ),
    ("change is part of a part", "changes are part of a part"): (
        "SELECT count(*) FROM change JOIN change AS other ON other.id = change.part_of WHERE other.part_of IS NOT NULL"
    ),
}
_FUTURE = "SELECT count(*), min(day), max(day) FROM session WHERE {live} AND day > ?"


def examine(path: Path, now: datetime) -> list[Finding]:
    """Return what is found in and around the diary at a path; writes nothing.

    Raises what `open_database` raises, except for what is damaged or no diary, which is a finding.
    """
    copies = _copies(path)
    found: list[Finding] = []
    try:
        with open_database(path, write=False, any_schema=True) as diary:
            found.append(_file(diary, copies))
            if found[0].state == "fine":
                found += [_records(diary), days(diary, now)]
    except NotADiaryError as error:
        found = [Finding("file", "damage", error.what, _without(error, path) or _way_back(path, copies))]
    except NoPermissionError:
        found = [Finding("file", "damage", "you may not read it", _way_in([path]))]
    real = Path(os.path.realpath(path))
    writing = [_writing(real)] if real.is_file() else []
    around = [_permissions(path, copies), *writing, _place(path), backups(path, copies, now, _sound)]
    return [*found, *around]


def _file(diary: SqliteDatabase, copies: list[Backup]) -> Finding:
    """Return what the file is, and whether all of it can be read."""
    words = broken(diary)
    if words:
        return Finding("file", "damage", f"damaged: {words}", _way_back(Path(diary.path), copies))
    ((sessions,),) = diary.rows(LIVE_SESSIONS)
    words = f"whole, {text.count(sessions, 'session')}, {text.size(Path(diary.path).stat().st_size)}"
    if _is_older(diary):
        return Finding("file", "fine", f"{words}, of an older kneetrack: the next command upgrades it, after a backup")
    DiaryReader(diary).activity()
    return Finding("file", "fine", words)


def _is_older(diary: SqliteDatabase) -> bool:
    """Return whether a diary is of an older schema."""
    return revision_of(diary.connection, diary.path) < ddl.REVISION


def _records(diary: SqliteDatabase) -> Finding:
    """Return whether the records keep the rules of a diary, and say what was written."""
    if _is_older(diary):
        return Finding("records", "fine", "looked at once the diary is upgraded")
    lost = len(diary.rows("PRAGMA foreign_key_check"))
    found = [f"{text.count(lost, 'row')} without the change that wrote them"] if lost else []
    for table in (CHANGE.table, DEVICE.table, *(of.table for of in VERSIONED)):
        ((wrong,),) = diary.rows(_COUNTED_WRONG.format(table=table), _LAST_ID)
        found += [f"the ids of {table} are counted wrong"] if wrong else []
    return records(diary, found)


def records(diary: Database, wrong: list[str]) -> Finding:
    """Return whether the records of a diary in any database keep its rules; `wrong` is what was found before."""
    found = [*wrong]
    for words, rule in _RULES.items():
        number = sum(
            diary.rows(rule.format(table=of.table, stands=stands(of.table), newest=newest(of.table)))[0][0]
            for of in VERSIONED
        )
        found += [f"{text.count(number, 'record')} {words}"] if number else []
    for nouns, rule in _RULES_OF_CHANGES.items():
        ((number,),) = diary.rows(rule)
        found += [text.count(number, *nouns)] if number else []
    ((devices,),) = diary.rows("SELECT count(*) FROM device")
    found += [] if devices else ["this copy has no id"]
    if found:
        return Finding("records", "damage", "; ".join(found), "kneetrack restore lists the backups")
    try:
        settings.read(DiaryReader(diary).settings())
    except SettingError as error:
        return Finding("records", "damage", error.what, error.remedy)
    shown = list(altered(diary, shown=True))
    if shown:
        more = f", and {text.count(len(shown) - 1, 'other record')}" if len(shown) > 1 else ""
        remedy = f"{_ANEW.get(shown[0].partition(' ')[0], '')}kneetrack restore lists the backups"
        return Finding("records", "damage", f"{shown[0]}{more}", remedy)
    earlier = sum(1 for _ in altered(diary))
    if earlier:
        words = f"{text.count(earlier, 'earlier version is', 'earlier versions are')} not what was written"
        return Finding("records", "notice", words, "nothing that is shown; kneetrack undo may bring one back")
    return Finding("records", "fine", "each shows its newest version")


def days(diary: Database, now: datetime) -> Finding:
    """Return whether sessions or changes are dated later than the clock."""
    ((number, first, last),) = diary.rows(_FUTURE.format(live=LIVE), str(now.date()))
    ((newest_change,),) = diary.rows("SELECT max(at) FROM change")
    if number:
        words = f"{text.count(number, 'session')} dated after today, {first} to {last}, not counted until then"
        remedy = f"kneetrack history --from {first} --until {last}, then kneetrack edit ID -d DAY"
        return Finding("days", "notice", words, remedy)
    if newest_change and instant(newest_change) > now + CLOCK_SLACK:
        words = f"the newest change is dated {newest_change[:16]} UTC, later than the clock says it is"
        return Finding("days", "notice", words, "check this computer's date; nothing is lost by it")
    return Finding("days", "fine", "nothing is dated later than now")


def _permissions(path: Path, copies: list[Backup]) -> Finding:
    """Return whether others may read the diary or its backups, or may put something else in their place."""
    real = Path(os.path.realpath(path))
    if not real.is_file():
        remedy = "kneetrack restore, or name another diary with --db"
        return Finding("permissions", "notice", "there is no ordinary file here", remedy)
    own = [real, *(copy.path for copy in copies)]
    readable = [each for each in own if each.stat().st_mode & 0o077]
    folders = [real.parent, *(each for each in [real.parent / backup_names.FOLDER] if each.is_dir())]
    if readable:
        words = f"others may read {text.clean(str(readable[0]))}"
        words += f" and {text.count(len(readable) - 1, 'backup')}" if len(readable) > 1 else ""
        return Finding("permissions", "notice", words, f"chmod 600 {' '.join(map(_quoted, readable))}")
    for folder in folders:
        its = folder.stat()
        if its.st_mode & 0o022 and not its.st_mode & 0o1000:
            words = f"others may replace files in {text.clean(str(folder))}"
            return Finding("permissions", "notice", words, f"chmod go-w {_quoted(folder)}")
        if its.st_uid not in {0, os.geteuid(), real.stat().st_uid}:
            words = f"{text.clean(str(folder))} belongs to somebody else, who may replace the files in it"
            return Finding("permissions", "notice", words, "keep the diary in a folder of your own (--db PATH)")
    return Finding("permissions", "fine", "only you may read it")


def _writing(real: Path) -> Finding:
    """Return whether the diary and its backups can be written, and whether their disk has room for more."""
    folders = [each for each in (real.parent, real.parent / backup_names.FOLDER) if each.is_dir()]
    closed = [each for each in (real, *folders) if not _may_write(each)]
    if closed:
        words = f"you may not write {', '.join(text.clean(str(each)) for each in closed)}"
        return Finding("writing", "notice", words, _way_in(closed))
    free = min(map(_free, folders))
    if free < max(ROOM, ROOM_TIMES * real.stat().st_size):
        words = f"{text.size(free)} free on its disk: a log or a backup may find no room"
        return Finding("writing", "notice", words, "make room on that disk; what is written stays")
    return Finding("writing", "fine", "it can be written, and its disk has room")


def _may_write(path: Path) -> bool:
    """Return whether the person may write a file, or make files in a folder."""
    mode = os.R_OK | os.W_OK | (os.X_OK if path.is_dir() else 0)
    return os.access(path, mode, effective_ids=os.access in os.supports_effective_ids)


def _way_in(closed: list[Path]) -> str:
    """Return how to be allowed to write some files and folders."""
    if all(each.stat().st_uid == os.geteuid() and not os.statvfs(each).f_flag & os.ST_RDONLY for each in closed):
        return f"chmod u+rwX {' '.join(map(_quoted, closed))}"
    return "ask who owns that place or disk, or name another one with --db"


def _free(folder: Path) -> int:
    """Return how many bytes a folder's disk has left for this person; very many where the disk does not say."""
    disk = shutil.disk_usage(folder)
    return disk.free if disk.total else sys.maxsize


def _place(path: Path) -> Finding:
    """Return whether the diary lies in a folder that is synced or on a network, where SQLite cannot lock well."""
    real = Path(os.path.realpath(path))
    names = real.stat().st_nlink if real.exists() else 1
    if names > 1:
        words = f"the file has {text.count(names, 'name')}: opened by another one after a crash, it is damaged"
        return Finding("place", "notice", words, f"keep one of them: find DIR -samefile {_quoted(real)} lists them")
    remedy = "keep the diary on this computer's own disk (--db PATH, KNEETRACK_DB); put copies of backups there instead"
    kind = file_system(real)
    if kind.startswith(NETWORK) and kind not in LOCAL:
        return Finding("place", "notice", f"on a network or shared file system ({kind})", remedy)
    for folder in real.parents:
        if folder.name.lower().startswith(SYNCED) or any((folder / mark).exists() for mark in SYNC_MARKS):
            return Finding("place", "notice", f"{text.clean(str(folder))} looks like a synced folder", remedy)
    return Finding("place", "fine", "on a disk of this computer")


def file_system(path: Path, mounts: Path = Path("/proc/self/mounts")) -> str:
    """Return the type of the file system that a path is on, as Linux lists it; empty where nothing does."""
    try:
        lines = mounts.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return ""
    kinds = {}
    for line in lines:
        _, where, kind, *_ = line.split(" ")
        kinds[Path(re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), where))] = kind
    return next((kinds[folder] for folder in path.parents if folder in kinds), "")


def backups(path: Path, copies: list[Backup], now: datetime, sound: Callable[[Backup], bool]) -> Finding:
    """Return how many backups there are, whether each is `sound`, and whether the newest is old."""
    folder = Path(os.path.realpath(path)).parent / backup_names.FOLDER
    if os.path.lexists(folder) and not folder.is_dir():
        words = f"none, and none can be made: {text.clean(str(folder))} is not a folder"
        return Finding("backups", "notice", words, f"mv {_quoted(folder)} {_quoted(folder)}.old; kneetrack backup")
    if not copies:
        return Finding("backups", "notice", "none", "kneetrack backup")
    broken = [copy.name for copy in copies if not sound(copy)]
    if broken:
        words = f"{len(broken)} of {len(copies)} damaged since, such as {broken[0]}"
        return Finding("backups", "notice", words, "kneetrack backup makes another")
    age = now - copies[0].made
    words = f"{len(copies)}, the newest {copies[0].name}"
    if age > BACKUP_OLD:
        return Finding("backups", "notice", f"{words}, {age.days} days old", "kneetrack backup")
    return Finding("backups", "fine", words)


def _copies(path: Path) -> list[Backup]:
    """Return the backups of a diary, newest first; none where their folder may not be read."""
    try:
        return backup.backups(path)
    except NoPermissionError:
        return []


def _sound(copy: Backup) -> bool:
    """Return whether a backup is still what it was when it was made.

    Of one that a newer kneetrack made, or that may not be read, it cannot be told.
    """
    try:
        backup.verify(copy.path)
    except NotADiaryError:
        return False
    except (NewerDiaryError, NoPermissionError):
        return True
    return True


def _without(error: NotADiaryError, path: Path) -> str | None:
    """Return how to take out what another program put into a diary, which keeps all its records; None for the rest."""
    if not (isinstance(error, ForeignObjectError) and re.fullmatch(r"\w+", error.name, re.ASCII)):
        return None
    return f"sqlite3 {_quoted(path)} '{error.removal}', then kneetrack doctor again"


def _way_back(path: Path, copies: list[Backup]) -> str:
    """Return what to do about a damaged diary."""
    if not path.is_file():
        return "name another place with --db"
    newest = next(filter(_sound, copies), None)
    if newest is None:
        return "there is no backup; keep the file as it is"
    return f"kneetrack restore {newest.name} ({text.count(newest.sessions or 0, 'session')}); this file is kept aside"


def _quoted(path: Path) -> str:
    """Return a path as a shell takes it."""
    return shlex.quote(text.clean(str(path)))
