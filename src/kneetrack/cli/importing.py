"""Taking in what was taken along: import."""

import os
import sys
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kneetrack.cli import answers, console, diary, keeping
from kneetrack.domain import text
from kneetrack.domain.catalogue import Catalogue, Exercise, plain
from kneetrack.domain.errors import RefusedRowsError, WrongUseError
from kneetrack.views import imported, phrases
from kneetrack.views.phrases import Line, Span

if TYPE_CHECKING:
    from kneetrack.exchange.staging import Staging
    from kneetrack.store.merge import Comparison
    from kneetrack.store.port import Store

LONGEST_NAME = 60
STANDARD_INPUT = "standard input"
NOT_IMPORTED = "Nothing was imported, because no backup could be made first"


def import_(
    path: str,
    dry_run: bool = False,
    maps: list[str] | None = None,
    yes: bool = False,
    db: str | None = None,
) -> None:
    """Add what an export has and this diary has not; one undo takes it back.

    The later version of a record wins. JSON or CSV with a wrong row is refused.
    Of a Loop Habit Tracker export wrong days are listed and left out.
    What was purged where the file comes from is purged here too, which no undo brings back, if you agree.
    """
    from kneetrack.exchange.staging import Staging

    names = _Names(maps or [], db)
    shown = STANDARD_INPUT if str(path) == console.PIPE else text.clean(Path(path).name or path)[:LONGEST_NAME]
    if shown == STANDARD_INPUT and sys.stdin.isatty():
        raise WrongUseError("Standard input is a terminal; pipe an export in, or name a file.")
    with Staging() as staging:
        with console.progress(f"Reading {shown}") as told:
            _read(diary.at_home(path), staging, names, told)
            staging.finish()
        names.check_used()
        if dry_run:
            _preview(shown, staging, db)
        else:
            _take_in(shown, staging, db, yes=yes)


def _read(path: Path, staging: "Staging", names: "_Names", told: console.Told) -> None:
    """Put what a file, a folder or standard input holds in the staging."""
    from kneetrack.exchange import archive as tree
    from kneetrack.exchange import csv_import, json_import, loop, source

    if os.path.isdir(path):  # noqa: PTH112 - which a name that is too long does not trouble
        loop.stage_days(tree.Folder(path, told), staging, names.find, names.today)
        return
    opened = source.piped(sys.stdin.buffer, told) if str(path) == console.PIPE else source.opened(path, told)
    with opened as found:
        told(0, found.size)
        if found.zipped:
            loop.stage_days(tree.Archive(found, told), staging, names.find, names.today)
        elif found.looks_like_json:
            names.check_none()
            json_import.stage_lines(found, staging, keeping.checked)
        else:
            csv_import.stage_rows(found, staging, names.find, names.today, names.day_start)


def _take_in(shown: str, staging: "Staging", db: str | None, *, yes: bool) -> None:
    """Write what was staged and the diary has not, and say so."""
    _stop_for_refused(staging)
    purge = _may_purge(staging, db, yes=yes)
    done = _merge(shown, staging, db, purge=purge) if staging.rows else _Done([], None, [], frozenset())
    _say_refused(staging)
    if done.found and done.found.versions:
        answers.changed(imported.came_in(done.found.counts), db, hello=done.hello)
    elif not done.purged:
        console.say([[Span(f"Nothing new in {shown}, so nothing was written.")]])
    outdated = imported.outdated(done.found.counts) if done.found else []
    kept_out = imported.kept_out(done.found.kept_out) if done.found else []
    console.say([*done.now, *imported.purged(len(done.purged)), *outdated, *kept_out])
    console.say(imported.left_out(staging.left_out))


class _Done(NamedTuple):
    """What an import did.

    What is said of a new diary, what came in, what of the plan and settings changed, and the uids that were purged.
    """

    hello: list[Line]
    found: "Comparison | None"
    now: list[Line]
    purged: frozenset[str]


def _may_purge(staging: "Staging", db: str | None, *, yes: bool) -> bool:
    """Return whether what the file's tombstones name is to be purged here; asks where anything is.

    Raises WrongUseError where nobody can be asked.
    """
    if yes or diary.missing(db) or not any(staging.tombstones()):
        return True
    with diary.journal(db, write=False) as (store, _):
        number = _compare(store, staging).purges
    if not number:
        return True
    records = text.count(number, "record")
    if not sys.stdin.isatty():
        were = "was" if number == 1 else "were"
        raise WrongUseError(
            f"{records} of your diary {were} purged where this file comes from, and nothing was imported."
            " To purge here too: add --yes."
        )
    return console.confirm(f"{records} of your diary purged where this file comes from. Delete here for good too?")


def _merge(shown: str, staging: "Staging", db: str | None, *, purge: bool) -> _Done:
    """Write to the diary, after a backup, or to a new one, which is there whole or not at all."""
    from kneetrack.store import backup, merge

    found, purged = merge.NOTHING, frozenset[str]()

    def write(store: "Store", before: Callable[[], object] = lambda: None) -> None:
        nonlocal found, purged
        found = _compare(store, staging)
        _stop_for_refused(staging)
        if not found.empty:
            before()
            purged = merge.merge(store.database, staging, diary.now(), f"import {shown}", purge=purge)

    with console.progress(f"Importing {shown}"):
        if diary.create(db, example=False, fill=write):
            return _Done(answers.of_new(db, example=False), found, [], purged)
        with diary.journal(db) as (store, book):
            before = _in_force(book)
            write(store, partial(backup.make, book.place.path, book.now, NOT_IMPORTED))
            done = _Done([], found, imported.now(before, _in_force(book)), purged)
        if found.tombstones:
            backup.purge_from_backups(book.place.path, purged)
        return done


def _in_force(book: diary.Diary) -> dict[str, str]:
    """Return what the program asks for today, by exercise, and the settings."""
    settings, progress = {**keeping.DEFAULTS, **book.door.settings()}, book.this_week()
    known = Catalogue(book.door.own_exercises())
    program = [(known.get(name), item) for name, item in progress.plan.items()]
    return {**{text.clean(exercise.name): phrases.asked(exercise, item) for exercise, item in program}, **settings}


def _compare(store: "Store | None", staging: "Staging") -> "Comparison":
    """Return what a merge would do to a diary, None being one that is not there yet; refuse what contradicts it."""
    from kneetrack.store import merge

    found = merge.compare(store.database if store else None, staging, diary.now())
    for table, row, reason in found.contradictions:
        staging.refuse(staging.place(table, row), reason)
    return found


def _preview(shown: str, staging: "Staging", db: str | None) -> None:
    """Say what would come in; raises RefusedRowsError when nothing would."""
    if diary.missing(db):
        found = _compare(None, staging)
    else:
        with diary.journal(db, write=False) as (store, _):
            found = _compare(store, staging)
    console.say([[Span(f"{shown} would bring this; nothing was written:", "name")], *imported.each(found.counts)])
    if staging.refusals:
        console.say([[Span(f"  refused: {staging.refusals}, with the reasons on standard error")]])
    console.say([*imported.would_purge(found.purges), *imported.outdated(found.counts)])
    console.say([*imported.kept_out(found.kept_out), *imported.left_out(staging.left_out)])
    _stop_for_refused(staging)
    _say_refused(staging)


def _stop_for_refused(staging: "Staging") -> None:
    """Say which rows are refused, and raise RefusedRowsError, where one of them refuses the file."""
    if staging.rejected:
        _say_refused(staging)
        raise RefusedRowsError(staging.refusals, stopped=staging.stopped)


def _say_refused(staging: "Staging") -> None:
    """Say which rows are refused."""
    for row in staging.refused:
        console.complain(str(row))
    if staging.refusals > len(staging.refused):
        console.complain(f"and {staging.refusals - len(staging.refused)} more")
    if staging.refusals and not staging.rejected:
        console.complain(f"Left out: {text.count(staging.refusals, 'day')}.")


class _Names:
    """What the names in a file stand for: as --map says, else the exercise that has exactly that name."""

    def __init__(self, maps: list[str], db: str | None) -> None:
        """Take what --map was given. Raises WrongUseError and its kinds."""
        with diary.reading(db, unwritten=True) as book:
            self.today, self.day_start = book.today, book.day_start
            self._catalogue = book.catalogue
            self._logged = set(book.door.activity(amounts_since=date.max).done)
            self._maps = {plain(name): (name, self._of(word, book)) for name, word in map(_pair, maps)}
        self._unused = set(self._maps)
        self._found: dict[str, Exercise] = {}

    @staticmethod
    def _of(word: str, book: diary.Diary) -> Exercise:
        """Return the exercise that the right side of a --map names."""
        return book.catalogue.find(text.storable(word), book.program())

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
            shown = text.clean(name[:LONGEST_NAME])
            raise WrongUseError(f"there is no exercise “{shown}”; add --map '{shown}=NAME'")
        return known

    def check_none(self) -> None:
        """Raise WrongUseError for any --map."""
        if self._maps:
            raise WrongUseError("--map is for CSV and Loop files; a JSON export knows its exercises.")

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
