"""A diary on a server holds, undoes, gives and takes byte for byte what one in a file does."""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

import commands
from commands import EVERYTHING, START, Step, said, steps
from conftest import examples
from kneetrack.domain.errors import NothingToDoError
from kneetrack.exchange import json_export, json_import, source
from kneetrack.exchange.staging import Staging
from kneetrack.store import merge, postgres, schema, server_schema, sqlite
from kneetrack.store.port import Store
from kneetrack.store.server import Server
from servers import Running

LATER = START + timedelta(days=1)


class Diary(NamedTuple):
    """A diary of either kind, which is made with it."""

    place: Path | Server

    @contextmanager
    def open(self, *, write: bool) -> Iterator[Store]:
        opened = (
            sqlite.open_store(self.place, write=write)
            if isinstance(self.place, Path)
            else postgres.open_store(self.place, write=write)
        )
        with opened as store:
            yield store

    def make(self) -> None:
        if isinstance(self.place, Path):
            schema.create(self.place, START)
        else:
            server_schema.create(self.place, START)

    def export(self) -> str:
        with self.open(write=False) as store:
            return "".join(json_export.lines(store.database))

    def state(self) -> tuple[object, ...]:
        with self.open(write=False) as store:
            return said(store)

    def take(self, words: str, now: datetime = LATER) -> None:
        """Import an export."""
        with _staged(words) as staging, self.open(write=True) as store:
            merge.compare(store.database, staging, now)
            merge.merge(store.writable(), staging, now, "import", purge=True)


@contextmanager
def _staged(words: str) -> Iterator[Staging]:
    with TemporaryDirectory() as folder, Staging() as staging:
        path = Path(folder) / "export.json"
        path.write_text(words, "utf-8")
        with source.opened(path, lambda _: None) as found:
            json_import.stage_lines(found, staging, lambda _, value: value)
        staging.finish()
        assert not staging.refusals
        yield staging


@contextmanager
def _same_ids(seed: int) -> Iterator[None]:
    """Give out the same ids as the last time with this seed."""
    numbers = iter(range(seed << 32, (seed + 1) << 32))
    with pytest.MonkeyPatch.context() as patch:
        for room in ("kneetrack.store.mapping", "kneetrack.store.writing", "kneetrack.store.merge"):
            patch.setattr(f"{room}.random_uid", lambda: f"{next(numbers) * 0x9E3779B97F4A7C15 % (1 << 128):032x}")
        yield


@contextmanager
def _both(running: Running) -> Iterator[tuple[Diary, Diary]]:
    """Make a diary in a file and one on a server, which are the same device."""
    with ExitStack() as end:
        folder = end.enter_context(TemporaryDirectory())
        twins = Diary(Path(folder) / "diary.db"), Diary(end.enter_context(closing(running.diary())))
        for each in twins:
            with _same_ids(1):
                each.make()
        yield twins


def _do(diary: Diary, history: list[Step], first: int = 100, start: datetime = START) -> None:
    for number, (step, now) in enumerate(commands.clock(history), first):
        with _same_ids(number), diary.open(write=True) as store:
            step.on(store, now + (start - START))


@examples(60)
@given(history=steps(EVERYTHING, most=12))
def test_after_any_commands_with_undo_and_purge_a_server_exports_the_bytes_of_a_file(
    running: Running, history: list[Step]
) -> None:
    with _both(running) as twins:
        for each in twins:
            _do(each, history)
        in_file, on_server = twins
        assert on_server.export() == in_file.export()
        assert on_server.state() == in_file.state()


@examples(40)
@given(history=steps(EVERYTHING, most=10))
def test_a_diary_that_moves_to_a_server_and_back_has_the_same_bytes(running: Running, history: list[Step]) -> None:
    with _both(running) as (in_file, _), _both(running) as (back, on_server):
        _do(in_file, history)
        words = in_file.export()
        on_server.take(words)
        assert on_server.export() == words
        back.take(on_server.export())
        assert back.export() == words
        assert on_server.state() == back.state() == in_file.state()


@examples(40)
@given(mine=steps(EVERYTHING, most=5), theirs=steps(EVERYTHING, most=5), after=steps(EVERYTHING, most=4))
def test_an_import_and_its_undo_do_on_a_server_what_they_do_in_a_file(
    running: Running, mine: list[Step], theirs: list[Step], after: list[Step]
) -> None:
    with _both(running) as twins, _both(running) as (other, _):
        _do(other, theirs, 500)
        words = other.export()
        for each in twins:
            _do(each, mine)
            with _same_ids(900):
                each.take(words)
            _do(each, after, 1000, LATER)
        in_file, on_server = twins
        assert on_server.export() == in_file.export()
        for again in range(3):
            for each in twins:
                with _same_ids(2000 + again), each.open(write=True) as store, suppress(NothingToDoError):
                    store.undo(LATER)
            assert on_server.state() == in_file.state()


@examples(40)
@given(history=steps(EVERYTHING, most=8), after=steps(EVERYTHING, most=4), on_a_server=st.booleans())
def test_a_diary_that_is_refilled_from_its_export_is_what_it_was_but_for_what_was_purged_since(
    running: Running, history: list[Step], after: list[Step], *, on_a_server: bool
) -> None:
    with _both(running) as twins:
        diary = twins[on_a_server]
        _do(diary, history)
        before, state = diary.export(), diary.state()
        _do(diary, [step for step in after if step.verb != "purge"], 500, LATER)
        with _staged(before) as staging, diary.open(write=True) as store:
            assert merge.refill(store.writable(), staging, LATER) == 0
        assert (diary.export(), diary.state()) == (before, state)
        with diary.open(write=True) as store:
            sessions = store.sessions(None, None)
            store.purge([its.uid for its in sessions], LATER)
        with _staged(before) as staging, diary.open(write=True) as store:
            merge.refill(store.writable(), staging, LATER)
            assert store.sessions(None, None) == []
