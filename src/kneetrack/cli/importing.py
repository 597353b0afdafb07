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
    from kneetrack.exchange.merge import Comparison
    from kneetrack.exchange.staging import Stage
    from kneetrack.store.port import Store

LONGEST_NAME = 60
STANDARD_INPUT = "standard input"
NOT_IMPORTED = "Nothing was imported, because no backup could be made first"


def import_(
    path: str,
    dry_run: bool = False,
    maps: list[str] | None = None,
    db: str | None = None,
) -> None:
    """Add what an export has and this journal has not; one undo takes it back.

    The later version of a record wins. JSON or CSV with a wrong row is refused.
    Of a Loop Habit Tracker export wrong days are listed and left out.
    """
    from kneetrack.exchange.staging import Stage

    names = _Names(maps or [], db)
    shown = STANDARD_INPUT if str(path) == console.PIPE else text.clean(Path(path).name or path)[:LONGEST_NAME]
    if shown == STANDARD_INPUT and sys.stdin.isatty():
        raise WrongUseError("Standard input is a terminal; pipe an export in, or name a file.")
    with Stage() as stage:
        with console.progress(f"Reading {shown}") as told:
            _read(diary.at_home(path), stage, names, told)
            stage.finish()
        names.check_used()
        if dry_run:
            _preview(shown, stage, db)
        else:
            _take_in(shown, stage, db)


def _read(path: Path, stage: "Stage", names: "_Names", told: console.Told) -> None:
    """Put what a file, a folder or standard input holds on the stage."""
    from kneetrack.exchange import archive as tree
    from kneetrack.exchange import csv_sessions as spreadsheet
    from kneetrack.exchange import json_export as everything
    from kneetrack.exchange import loop, source

    if os.path.isdir(path):  # noqa: PTH112 - which a name that is too long does not trouble
        loop.stage_days(tree.Folder(path, told), stage, names.find, names.today)
        return
    opened = source.piped(sys.stdin.buffer, told) if str(path) == console.PIPE else source.opened(path, told)
    with opened as found:
        told(0, found.size)
        if found.zipped:
            loop.stage_days(tree.Archive(found, told), stage, names.find, names.today)
        elif found.looks_like_json:
            names.check_none()
            everything.stage_lines(found, stage, keeping.checked)
        else:
            spreadsheet.stage_rows(found, stage, names.find, names.today, names.day_start)


def _take_in(shown: str, stage: "Stage", db: str | None) -> None:
    """Write what a stage has and the journal has not, and say so."""
    _stop_for_refused(stage)
    done = _unite(shown, stage, db) if stage.rows else _Done([], None, [])
    _say_refused(stage)
    if done.found and done.found.versions:
        answers.changed(imported.came_in(done.found.counts), db, hello=done.hello)
    else:
        console.say([[Span(f"Nothing new in {shown}, so nothing was written.")]])
    outdated = imported.outdated(done.found.counts) if done.found else []
    console.say([*done.now, *outdated, *imported.left_out(stage.left_out)])


class _Done(NamedTuple):
    """What an import did: what is said of a new journal, what came in, and what of the program and settings changed."""

    hello: list[Line]
    found: "Comparison | None"
    now: list[Line]


def _unite(shown: str, stage: "Stage", db: str | None) -> _Done:
    """Write to the journal, after a backup, or to a new one, which is there whole or not at all."""
    from kneetrack.exchange import merge as union
    from kneetrack.store import backup

    found = union.NOTHING

    def write(journal: "Store", before: Callable[[], object] = lambda: None) -> None:
        nonlocal found
        found = _compare(journal, stage)
        _stop_for_refused(stage)
        if found.versions:
            before()
            union.unite(journal.database, stage, diary.now(), f"import {shown}")

    with console.progress(f"Importing {shown}"):
        if diary.create(db, example=False, fill=write):
            return _Done(answers.of_new(db, example=False), found, [])
        with diary.journal(db) as (journal, book):
            before = _in_force(book)
            write(journal, partial(backup.make, book.place.path, book.now, NOT_IMPORTED))
            return _Done([], found, imported.now(before, _in_force(book)))


def _in_force(book: diary.Diary) -> dict[str, str]:
    """Return what the program asks for today, by exercise, and the settings."""
    settings, progress = {**keeping.DEFAULTS, **book.door.settings()}, book.this_week()
    known = Catalogue(book.door.own_exercises())
    program = [(known.get(name), item) for name, item in progress.plan.items()]
    return {**{text.clean(exercise.name): phrases.asked(exercise, item) for exercise, item in program}, **settings}


def _compare(journal: "Store", stage: "Stage") -> "Comparison":
    """Return what a stage would do to a journal; refuse what contradicts it."""
    from kneetrack.exchange import merge as union

    found = union.compare(journal.database, stage, diary.now())
    for place, reason in found.contradictions:
        stage.refuse(place, reason)
    return found


def _preview(shown: str, stage: "Stage", db: str | None) -> None:
    """Say what would come in; raises RefusedRowsError when nothing would."""
    from kneetrack.store import schema

    path = diary.place(db).path
    if diary.missing(db):
        path = stage.path.with_name("blank.db")
        schema.create(path, diary.now())
    with diary.journal(str(path), write=False) as (journal, _):
        found = _compare(journal, stage)
    console.say([[Span(f"{shown} would bring this; nothing was written:", "name")], *imported.each(found.counts)])
    if stage.refusals:
        console.say([[Span(f"  refused: {stage.refusals}, with the reasons on standard error")]])
    console.say([*imported.outdated(found.counts), *imported.left_out(stage.left_out)])
    _stop_for_refused(stage)
    _say_refused(stage)


def _stop_for_refused(stage: "Stage") -> None:
    """Say which rows are refused, and raise RefusedRowsError, where one of them refuses the file."""
    if stage.refusals and stage.strict:
        _say_refused(stage)
        raise RefusedRowsError(stage.refusals)


def _say_refused(stage: "Stage") -> None:
    """Say which rows are refused."""
    for row in stage.refused:
        console.complain(str(row))
    if stage.refusals > len(stage.refused):
        console.complain(f"and {stage.refusals - len(stage.refused)} more")
    if stage.refusals and not stage.strict:
        console.complain(f"Left out: {text.count(stage.refusals, 'day')}.")


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
