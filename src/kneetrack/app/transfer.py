"""Taking a diary along, as JSON or as CSV, and taking in what was taken along."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import date, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Literal, Protocol, TypeAlias

from kneetrack.app import new_file
from kneetrack.app.changes import rewrite_backups
from kneetrack.app.results.transfer import Exported, Imported, Incoming, InForce
from kneetrack.app.workspace import Diary, Workspace
from kneetrack.domain import settings, text
from kneetrack.domain.catalogue import Exercise, plain
from kneetrack.domain.errors import RefusedRowsError, WrongUseError
from kneetrack.domain.progress import Progress
from kneetrack.domain.value import Value
from kneetrack.store.failures import TEMPORARY, translate_errors

if TYPE_CHECKING:
    from kneetrack.exchange.staging import Staging
    from kneetrack.store.merge import Comparison

Form: TypeAlias = Literal["json", "session", "pain", "score"]
"""What an export is: everything as JSON, or the records of a kind as CSV."""

_FORMS = {"json": "json", "csv": "csv"}
_ENDINGS = {"": "json", ".json": "json", ".csv": "csv"}
_KINDS: dict[str, Form] = {"sessions": "session", "pain": "pain", "scores": "score"}

_LONGEST_NAME = 60
_STANDARD_INPUT = "standard input"
_NOT_IMPORTED = "Nothing was imported, because no backup could be made first"


class Progressed(Protocol):
    """Is told how much more of a step is done, and of how much when that is known."""

    def __call__(self, more: int, total: int | None = None) -> object:
        """Take both."""


Steps: TypeAlias = Callable[[str], AbstractContextManager[Progressed]]
"""Begins a step of something that takes long: takes what it is, in words, and gives what is told how far it is."""


@contextmanager
def unseen(step: str) -> Iterator[Progressed]:  # noqa: ARG001 - as Steps takes it
    """Begin a step that nobody sees."""
    yield _not_told


def _not_told(more: int, total: int | None = None) -> None:
    """Take what is told."""


# Export


class Export(Value):
    """What is to be exported: its form, and the file that gets it, None for a pipe.

    `replace` says that the file may be there already.
    """

    form: Form
    path: Path | None
    replace: bool = False


def read_export(path: Path | None, form: str | None, of: str | None = None, *, replace: bool = False) -> Export:
    """Return what is asked for: without a form, the one that the file's name ends in; `of` is what a CSV holds.

    Raises WrongUseError.
    """
    known = _ENDINGS.get(path.suffix.lower() if path else "") if form is None else _FORMS.get(form)
    if known is None and form is None:
        raise WrongUseError(
            "The name ends neither in .json nor in .csv; say what it is to be with --format."
            " For a page to hand out: kneetrack report page.html"
        )
    if known is None:
        raise WrongUseError(f"Unknown format “{text.clean(form or '')}”; choose json or csv.")
    if known == "json":
        if of:
            raise WrongUseError("JSON holds everything; --of goes with CSV: kneetrack export pain.csv --of pain")
        return Export("json", path, replace)
    if of and of not in _KINDS:
        raise WrongUseError(f"--of takes {', '.join(_KINDS)}, not “{text.echo(of)}”.")
    return Export(_KINDS[of or "sessions"], path, replace)


def to_pipe(workspace: Workspace, form: Form, steps: Steps = unseen) -> AbstractContextManager[IO[str]]:
    """Open an export as JSON or CSV to be read: a file that has no name.

    The diary is let go of by then, however slow the pipe is that gets it. Raises NoDiaryError, and what reading it
    and writing a temporary file raise.
    """
    with translate_errors(TEMPORARY, "write"), ExitStack() as end:
        kept = end.enter_context(TemporaryFile("w+", encoding="utf-8", newline="", prefix="kneetrack-"))
        _write_all(workspace, form, kept, steps)
        kept.seek(0)
        end.pop_all()
    return kept


def to_file(workspace: Workspace, asked: Export, steps: Steps = unseen) -> Exported:
    """Write an export to its file: whole and on the disk, and readable by its owner alone, or not at all.

    Raises WrongUseError for a file that must not be replaced, NoFolderError, and what reading the diary and writing
    the file raise.
    """

    def fill(unnamed: Path) -> None:
        with unnamed.open("w", encoding="utf-8", newline="") as out:
            _write_all(workspace, asked.form, out, steps)

    return new_file.write(workspace, asked.path or Path(), fill, replace=asked.replace)


def _write_all(workspace: Workspace, form: Form, out: IO[str], steps: Steps) -> None:
    """Write the diary as JSON, or its sessions as CSV."""
    workspace.require()
    with steps("Exporting") as told:
        workspace.read(lambda diary: _write_lines(diary, form, out, told))


# Import


def import_(
    workspace: Workspace,
    source: Path | IO[bytes],
    maps: Sequence[str] = (),
    *,
    consent: Callable[[int], bool] = lambda _: False,
    steps: Steps = unseen,
) -> Imported:
    """Write what a file, a folder or a pipe has and the diary has not, after a backup, and return what that was.

    `maps` say what names in the file stand for: `Hips=clamshell`. A diary that is not there is created with it.
    `consent` is asked before records of the diary are purged that were purged where the file was written, and is told
    how many they are. Raises WrongUseError and its kinds, RefusedRowsError for a file with a wrong row, and what
    reading the source and writing the diary raise; nothing is written then.
    """
    with _staged(workspace, source, maps, steps) as (name, staging):
        _stop_for_refused(staging)
        if not staging.rows:
            return Imported(_incoming(name, staging, None))
        purge = _is_to_purge(workspace, staging, consent)
        with steps(f"Importing {name}"):
            done = workspace.write(partial(_merge, name=name, staging=staging, purge=purge), example=False)
    if not done.incoming.tombstones:
        return done
    return done._replace(backups=rewrite_backups(workspace, done.purged))


def preview(
    workspace: Workspace, source: Path | IO[bytes], maps: Sequence[str] = (), *, steps: Steps = unseen
) -> Incoming:
    """Return what an import would bring, and the rows that it would refuse; nothing is written.

    Raises what `import_` raises, but for RefusedRowsError.
    """
    with _staged(workspace, source, maps, steps) as (name, staging):
        if workspace.exists():
            found = workspace.read(lambda diary: _compare(diary, staging, workspace.now))
        else:
            found = _compare(None, staging, workspace.now)
        return _incoming(name, staging, found)


def _is_to_purge(workspace: Workspace, staging: "Staging", consent: Callable[[int], bool]) -> bool:
    """Return whether to purge what was purged where a file was written; asked while nothing is locked."""
    if not any(staging.tombstones()) or not workspace.exists():
        return True
    purges = workspace.read(lambda diary: _compare(diary, staging, diary.now).purges)
    _stop_for_refused(staging)
    return not purges or consent(purges)


def _merge(diary: Diary, name: str, staging: "Staging", *, purge: bool) -> Imported:
    """Write what is staged and the diary has not; to one that was there, after a backup."""
    found = _compare(diary, staging, diary.now)
    _stop_for_refused(staging)
    incoming = _incoming(name, staging, found)
    if found.empty:
        return Imported(incoming)
    before = None if diary.new else _in_force(diary, diary.this_week())
    if not diary.new:
        diary.place.backend.back_up(diary.now, _NOT_IMPORTED)
    purged = _write(diary, staging, f"import {name}", purge=purge)
    after = diary.anew()
    progress = after.recent()
    return Imported(incoming, found.versions, purged, before, _in_force(after, progress), progress, diary.new)


def _in_force(diary: Diary, progress: Progress) -> InForce:
    """Return what is in force today."""
    held = tuple((diary.catalogue.get(exercise), item) for exercise, item in progress.plan.items())
    return InForce(held, settings.every(diary.store.settings()))


def _stop_for_refused(staging: "Staging") -> None:
    """Raise RefusedRowsError where a row that is refused refuses the file."""
    if staging.rejected:
        raise RefusedRowsError(staging.refusals, tuple(map(str, staging.refused)), stopped=staging.stopped)


class _Names:
    """What the names in a file stand for: as --map says, else the exercise that has exactly that name."""

    def __init__(self, diary: Diary, maps: Sequence[tuple[str, str]]) -> None:
        """Take the two sides of each --map. Raises WrongUseError and its kinds."""
        self.today, self.day_start = diary.today, diary.settings.day_start
        self._catalogue = diary.catalogue
        self._logged = set(diary.store.activity(amounts_since=date.max).done)
        plan = diary.plan() if maps else []
        self._maps = {plain(name): (name, self._catalogue.find(text.storable(word), plan)) for name, word in maps}
        self._unused = set(self._maps)
        self._found: dict[str, Exercise] = {}

    def find(self, name: str) -> Exercise:
        """Return the exercise that a name in the file stands for. Raises WrongUseError."""
        known = self._found.get(name)
        if known is None:
            known = self._found[name] = self._look_up(name)
        return known

    def _look_up(self, name: str) -> Exercise:
        """Return the exercise of a name that was not looked up before."""
        wanted = plain(name)
        self._unused.discard(wanted)
        if wanted in self._maps:
            return self._maps[wanted][1]
        known = self._catalogue.exact(name)
        if known is None and name in self._logged:
            known = self._catalogue.get(name)
        if known is None:
            shown = text.clean(name[:_LONGEST_NAME])
            raise WrongUseError(f"there is no exercise “{shown}”; add --map '{shown}=NAME'")
        return known

    def check_used(self) -> None:
        """Raise WrongUseError for a --map whose name is not in the file."""
        for wanted in sorted(self._unused):
            raise WrongUseError(f"Nothing in the file is called “{self._maps[wanted][0]}”, so nothing was imported.")


def _pair(given: str) -> tuple[str, str]:
    """Return the two sides of a --map; the name in the file may hold a =. Raises WrongUseError."""
    name, sign, word = given.rpartition("=")
    if not sign or not name.strip() or not word.strip():
        raise WrongUseError("--map takes a name in the file and an exercise: --map Hips=clamshell.")
    return name, word


# What is asked of exchange, and of the merge


@contextmanager
def _staged(
    workspace: Workspace, source: Path | IO[bytes], maps: Sequence[str], steps: Steps
) -> Iterator[tuple[str, "Staging"]]:
    """Read what is to be imported; yield what it is called on screens, and its rows, each of which was looked at."""
    from kneetrack.exchange.staging import Staging  # noqa: PLC0415 - an export needs none

    pairs = tuple(map(_pair, maps))
    shown = text.clean(source.name or str(source)) if isinstance(source, Path) else _STANDARD_INPUT
    name = shown[:_LONGEST_NAME]
    with Staging() as staging:
        with steps(f"Reading {name}") as told:
            _stage(source, staging, workspace, pairs, told)
            staging.finish()
        yield name, staging


def _stage(
    origin: Path | IO[bytes],
    staging: "Staging",
    workspace: Workspace,
    maps: Sequence[tuple[str, str]],
    told: Progressed,
) -> None:
    """Stage what a file, a folder or a pipe holds; only one that names exercises as people do needs the diary's."""
    from kneetrack.exchange import archive, csv_import, json_import, loop, source  # noqa: PLC0415 - as above

    if isinstance(origin, Path) and os.path.isdir(origin):  # noqa: PTH112 - which a name that is too long does not trouble
        with _names(workspace, maps) as names:
            loop.stage_days(archive.Folder(origin, told), staging, names.find, names.today)
        return
    opened = source.opened(origin, told) if isinstance(origin, Path) else source.piped(origin, told)
    with opened as found:
        told(0, found.size)
        if found.looks_like_json:
            if maps:
                raise WrongUseError("--map is for CSV and Loop files; a JSON export already names its exercises.")
            json_import.stage_lines(found, staging, settings.checked)
            return
        with _names(workspace, maps) as names:
            if found.zipped:
                loop.stage_days(archive.Archive(found, told), staging, names.find, names.today)
            else:
                csv_import.stage_rows(found, staging, names.find, names.today, names.day_start)


@contextmanager
def _names(workspace: Workspace, maps: Sequence[tuple[str, str]]) -> Iterator[_Names]:
    """Yield what names stand for while a file is read. Raises WrongUseError for a --map that it did not need."""
    names = workspace.read(lambda diary: _Names(diary, maps), missing_ok=True)
    yield names
    names.check_used()


def _write_lines(diary: Diary, form: Form, out: IO[str], told: Progressed) -> None:
    """Write the lines of an export."""
    from kneetrack.exchange import csv_export, json_export  # noqa: PLC0415 - a page needs none of it

    database = diary.store.database
    total = json_export.count(database) if form == "json" else csv_export.count(database, form)
    for line in json_export.lines(database) if form == "json" else csv_export.lines(database, form):
        out.write(line)
        told(1, total)


def _compare(diary: Diary | None, staging: "Staging", now: datetime) -> "Comparison":
    """Return what a merge would do to a diary, None being one that is not there; refuse what contradicts it."""
    from kneetrack.store import merge  # noqa: PLC0415 - an export needs none

    found = merge.compare(diary.store.database if diary else None, staging, now)
    for table, row, reason in found.contradictions:
        staging.refuse(staging.place(table, row), reason)
    return found


def _write(diary: Diary, staging: "Staging", command: str, *, purge: bool) -> frozenset[str]:
    """Write what was compared and the diary has not; return the uids that were purged."""
    from kneetrack.store import merge  # noqa: PLC0415 - as above

    return merge.merge(diary.store.writable(), staging, diary.now, command, purge=purge)


def _incoming(name: str, staging: "Staging", found: "Comparison | None") -> Incoming:
    """Return what is staged, compared with a diary where it is worth it."""
    counts = {f"{table}s": its for table, its in found.counts.items()} if found else {}
    return Incoming(
        name,
        counts,
        tuple(map(str, staging.refused)),
        staging.refusals,
        staging.stopped,
        staging.rejected,
        tuple(staging.left_out),
        found.kept_out if found else 0,
        found.purges if found else 0,
        found.tombstones if found else 0,
    )
