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
from kneetrack.store.journal import Journal


def as_json(path: Path) -> str:
    """Return everything that a journal holds."""
    with Journal(path) as journal:
        return "".join(everything.lines(journal.connection()))


def as_csv(path: Path) -> str:
    """Return the sessions of a journal."""
    with Journal(path) as journal:
        return "".join(spreadsheet.lines(journal.connection()))


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
        with Journal(path, write=True) as journal:
            compared = union.compare(journal.connection(), stage, now)
            assert compared.contradictions == []
            if compared.versions:
                union.unite(journal.connection(), stage, now, "import")
        return compared.versions


def copy(path: Path, words: str, now: datetime) -> Path:
    """Make a journal without anything in it, and import an export."""
    take(blank(path), words, now)
    return path
