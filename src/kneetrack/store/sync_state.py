"""How one copy of a diary is synced on this device: a small file beside the diary, which is no part of it.

It says which folder, whether it is automatic, and how far each file of the folder was read. It holds for one diary
at one path of one computer: copied along with a diary, it is as if it were not there, so that no two copies write the
same files.
"""

import json
import os
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from kneetrack.domain.value import Value
from kneetrack.store import atomic
from kneetrack.store.failures import translate_errors
from kneetrack.store.sqlite import sync_file

_SCHEMA = 1
_MACHINE = ("/etc/machine-id", "/var/lib/dbus/machine-id")


class Seen(Value):
    """What is known of a file: what tells that it was changed, its digest, why it was not read, and its last change.

    `problem` is None for one that was read.
    """

    stat: tuple[int, ...]
    digest: str | None
    problem: str | None = None
    newest: str | None = None
    read: str | None = None


class State(Value):
    """How a diary is synced here.

    `folder` is empty where it is synced no more. `devices` are the ids that it writes or wrote under on this device,
    the last of them the one that it has now.
    `marks` are the last ids of the tables that were looked at, `last` is the last change then, by its id and uid,
    and `format` what the program could read. `taken` are the records of lines of the inbox that may still be in it,
    and `inbox` is what told then whether that was changed.
    """

    folder: str
    auto: bool
    devices: tuple[str, ...] = ()
    marks: dict[str, int] = {}  # noqa: RUF012 - never changed
    last: tuple[int, str] = (0, "")
    format: int = 0
    files: dict[str, Seen] = {}  # noqa: RUF012 - as above
    at: str | None = None
    problem: str | None = None
    taken: tuple[str, ...] = ()
    inbox: tuple[int, ...] = ()


def path_of(diary: Path) -> Path:
    """Return where the file of a diary is."""
    return Path(sync_file(diary))


def read(diary: Path) -> State | None:
    """Return how a diary is synced on this device; None where it is not, or the file was copied from elsewhere."""
    try:
        found = json.loads(path_of(diary).read_bytes())
        if found.pop("schema") != _SCHEMA or found.pop("diary") != _named(diary) or found.pop("machine") != _machine():
            return None
        files = {name: _seen(its) for name, its in found.pop("files").items()}
        plain: dict[str, Any] = {key: tuple(its) if isinstance(its, list) else its for key, its in found.items()}
        return State(files=files, **plain)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def stamp(at: datetime) -> str:
    """Return an instant as a state keeps it."""
    return at.astimezone(UTC).isoformat(timespec="seconds")


def instant(words: str | None) -> datetime | None:
    """Return an instant that a state keeps; None for none."""
    return datetime.fromisoformat(words) if words else None


def _seen(its: list[Any]) -> Seen:
    stat, *others = its
    return Seen(tuple(stat), *others)


def write(diary: Path, state: State) -> None:
    """Keep how a diary is synced. Raises what writing raises."""
    kept = {"schema": _SCHEMA, "diary": _named(diary), "machine": _machine(), **state._asdict()}
    with translate_errors(path_of(diary), "write"):
        atomic.write(path_of(diary), json.dumps(kept).encode())


def _named(diary: Path) -> str:
    return os.fsdecode(os.path.realpath(diary))


def _machine() -> str:
    """Return what tells this computer from others, without saying which it is."""
    said = os.uname().nodename
    for path in _MACHINE:
        with suppress(OSError, UnicodeDecodeError):
            said = Path(path).read_text("ascii").strip() or said
            break
    return sha256(f"kneetrack {said}".encode()).hexdigest()[:32]
