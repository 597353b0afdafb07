"""Taking diaries along without the command line: what a diary exports, and one export taken into another."""

import json
from datetime import datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory

from commands import blank
from kneetrack.domain.catalogue import Catalogue
from kneetrack.exchange import csv_export, csv_import, json_export, json_import, source
from kneetrack.exchange.staging import Staging
from kneetrack.store import merge
from kneetrack.store.sqlite import open_store


def as_json(path: Path) -> str:
    """Return everything that a diary holds."""
    with open_store(path, write=False) as store:
        return "".join(json_export.lines(store.database))


def as_csv(path: Path) -> str:
    """Return the sessions of a store."""
    with open_store(path, write=False) as store:
        return "".join(csv_export.lines(store.database))


def take(path: Path, words: str, now: datetime, *, purge: bool = True) -> merge.Comparison:
    """Import an export, CSV when it does not look like JSON; return what the comparison said of it."""
    with TemporaryDirectory() as folder:
        kept = Path(folder) / "export"
        kept.write_text(words, "utf-8", newline="")
        return take_file(path, kept, now, purge=purge)


def take_file(path: Path, export: Path, now: datetime, *, purge: bool = True) -> merge.Comparison:
    """Import a file, CSV when it does not look like JSON; return what the comparison said of it."""
    with Staging() as staging:
        with source.opened(export, lambda _: None) as found:
            if found.looks_like_json:
                json_import.stage_lines(found, staging, lambda _, value: value)
            else:
                csv_import.stage_rows(found, staging, Catalogue().get, now.date(), time())
        staging.finish()
        assert staging.refused == []
        with open_store(path, write=True) as store:
            compared = merge.compare(store.database, staging, now)
            assert compared.contradictions == []
            if not compared.empty:
                merge.merge(store.writable(), staging, now, "import", purge=purge)
        return compared


def tombstones_of(words: str) -> str:
    """Return an export that holds the tombstones of another one and nothing else."""
    found = json.loads(words)
    kept = {name: found[name] if name in {"kneetrack", "tombstones"} else [] for name in found if name != "digest"}
    return json.dumps(kept)


def copy(path: Path, words: str, now: datetime) -> Path:
    """Make a diary without anything in it, and import an export."""
    take(blank(path), words, now)
    return path
