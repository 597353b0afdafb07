"""Taking journals along without the command line: what a journal exports, and one export taken into another."""

from datetime import datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory

from commands import blank
from kneetrack.domain.catalogue import Catalogue
from kneetrack.exchange import csv_sessions as spreadsheet
from kneetrack.exchange import json_export as everything
from kneetrack.exchange import merge as union
from kneetrack.exchange import source
from kneetrack.exchange.staging import Stage
from kneetrack.store.sqlite import open_store


def as_json(path: Path) -> str:
    """Return everything that a journal holds."""
    with open_store(path, write=False) as store:
        return "".join(everything.lines(store.database))


def as_csv(path: Path) -> str:
    """Return the sessions of a store."""
    with open_store(path, write=False) as store:
        return "".join(spreadsheet.lines(store.database))


def take(path: Path, words: str, now: datetime) -> int:
    """Import an export, CSV when it does not look like JSON; return how many versions came in."""
    with TemporaryDirectory() as folder:
        kept = Path(folder) / "export"
        kept.write_text(words, "utf-8", newline="")
        return take_file(path, kept, now)


def take_file(path: Path, export: Path, now: datetime) -> int:
    """Import a file, CSV when it does not look like JSON; return how many versions came in."""
    with Stage() as stage:
        with source.opened(export, lambda _: None) as found:
            if found.looks_like_json:
                everything.stage_lines(found, stage, lambda _, value: value)
            else:
                spreadsheet.stage_rows(found, stage, Catalogue().get, now.date(), time())
        stage.finish()
        assert stage.refused == []
        with open_store(path, write=True) as store:
            compared = union.compare(store.database, stage, now)
            assert compared.contradictions == []
            if compared.versions:
                union.unite(store.database, stage, now, "import")
        return compared.versions


def copy(path: Path, words: str, now: datetime) -> Path:
    """Make a journal without anything in it, and import an export."""
    take(blank(path), words, now)
    return path
