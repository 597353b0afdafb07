"""The whole journal as JSON: its changes, and every version of every record, settings and own exercises included.

One record stands on a line, so that a file of any size is read and written in little memory, and yet the file
is one JSON document. Its order and its form are canonical: two journals that hold the same give the same bytes.
The digest at the end is the SHA-256 of the records in that form. A file in another form that is JSON too, such as
one that another program laid out anew, is read as a whole, up to a size.
"""

import json
import re
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any, NoReturn

from kneetrack.domain.errors import KneetrackError, NewerFileError, UnreadableFileError
from kneetrack.exchange.record import CHANGE, KINDS, Kind, Row, read, show
from kneetrack.exchange.source import Source
from kneetrack.exchange.staging import Place, Stage
from kneetrack.store.port import Database
from kneetrack.store.rules import stands

FORMAT = 1
"""Raised when an older kneetrack could not read the file any more."""

MAX_WHOLE = 50 << 20
"""The largest file in another form than ours, in bytes: it is read into memory."""

LISTS = {"changes": CHANGE, **KINDS}
"""The lists of a file in their order."""

_FIRST = '{{"kneetrack": {}, "changes": ['
_NEXT = '], "{}": ['
_LAST = '], "digest": "{}"}}'
_NAMES = list(LISTS)
COLUMNS = {"made": "created_at"}
"""The columns of keys that have another name."""

_OURS = re.compile(r'\{"kneetrack": ([0-9]{1,9}), "changes": \[\r?\n')
_HEADING = re.compile(r'\], "([a-z]+)": (?:\[|"([0-9a-f]{64})"\})')
_MAX_DIGITS = 18

SettingCheck = Callable[[str, str], str]
"""Returns a setting's value as it is kept, and raises one of our errors for one that cannot be."""


def lines(database: Database) -> Iterator[str]:
    """Yield the lines of the file, with their ends; a change with nothing left that stands is not in it."""
    digest = sha256()
    for at, (name, kind) in enumerate(LISTS.items()):
        yield f"{_NEXT.format(name) if at else _FIRST.format(FORMAT)}\n"
        before = ""
        for row in database.stream(_select(kind)):
            line = json.dumps(show(kind, row))
            _add(digest, name, line)
            if before:
                yield f"{before},\n"
            before = line
        if before:
            yield f"{before}\n"
    yield f"{_LAST.format(digest.hexdigest())}\n"


def count(database: Database) -> int:
    """Return how many lines there are, but for a few."""
    tables = ("change", *(kind.table for kind in KINDS.values()))
    return sum(database.rows(f"SELECT count(*) FROM {table}")[0][0] for table in tables)


def stage_lines(source: Source, stage: Stage, check: SettingCheck) -> None:
    """Put the records of a file on the stage, and refuse what breaks a rule.

    Raises UnreadableFileError for what is no such file, was cut off, or is not what its digest says, and
    NewerFileError.
    """
    stage.of_changes = True
    reader = _Reader(source, stage, check)
    if (first := next(source.lines(), "")) and (ours := _OURS.fullmatch(first)):
        reader.format(int(ours[1]))
        reader.line_by_line()
    else:
        reader.as_a_whole()


class _Reader:
    """Reads one file; what it has of the digest grows with the records."""

    def __init__(self, source: Source, stage: Stage, check: SettingCheck) -> None:
        """Take what to read, where to put it, and how to check a setting."""
        self._source = source
        self._stage = stage
        self._check = check
        self._digest = sha256()

    def format(self, number: object) -> None:
        """Raise NewerFileError for a format that is later than ours."""
        if type(number) is not int or number < 1:
            self._fail("is not an export of kneetrack")
        if number > FORMAT:
            raise NewerFileError(self._source.name)

    def line_by_line(self) -> None:
        """Read a file in our own form."""
        at, number, ended = 0, 1, None
        for number, line in enumerate(self._source.lines(), 1):
            heading = _HEADING.fullmatch(line.rstrip("\r\n")) if line.startswith("]") else None
            if number == 1 or (ended is not None and not line.strip()):
                continue
            if ended is not None or (line.startswith("]") and heading is None):
                self._fail(f"is not as kneetrack writes it: line {number}")
            elif heading is None:
                self._take(_NAMES[at], number, line.strip().removesuffix(","))
            elif heading[2] and at == len(_NAMES) - 1:
                ended = heading[2]
            elif not heading[2] and heading[1] == (_NAMES[at + 1] if at + 1 < len(_NAMES) else None):
                at += 1
            else:
                self._fail(f"is not as kneetrack writes it: line {number}")
        if ended is None:
            self._fail(f"was cut off: it ends with line {number}")
        self._compare(ended)

    def as_a_whole(self) -> None:
        """Read a file in another form, without needing its digest."""
        words = self._source.all(MAX_WHOLE)
        try:
            found = _parse(words)
        except ValueError as reason:
            self._fail(f"is not JSON: {reason}")
        if not isinstance(found, dict) or "kneetrack" not in found:
            self._fail("is not an export of kneetrack")
        self.format(found["kneetrack"])
        if not found.keys() <= {"kneetrack", "digest", *_NAMES} or not all(
            isinstance(found.get(name), list) for name in _NAMES
        ):
            self._fail(f"is not an export of kneetrack: it must have the lists {', '.join(_NAMES)}")
        for name in _NAMES:
            for number, record in enumerate(found[name], 1):
                row = self._put(name, f"record {number} of {name}", record)
                if row:
                    _add(self._digest, name, json.dumps(show(LISTS[name], row)))
        if found.get("digest") is not None:
            self._compare(found["digest"])

    def _take(self, name: str, number: int, words: str) -> None:
        """Put the record of a line on the stage."""
        _add(self._digest, name, words)
        try:
            record = _parse(words)
        except ValueError as reason:
            self._stage.refuse(number, f"not JSON: {reason}")
            return
        self._put(name, number, record)

    def _put(self, name: str, place: Place, record: object) -> Row | None:
        """Put a record on the stage when it keeps the rules, and return its row."""
        kind = LISTS[name]
        try:
            row = read(kind, record)
            if name == "settings":
                self._check_setting(*row[-2:])
        except ValueError as reason:
            self._stage.refuse(place, str(reason))
            return None
        self._stage.put(kind, place, row)
        return row

    def _check_setting(self, key: str, value: str) -> None:
        """Raise ValueError for a setting that commands could not read."""
        try:
            kept = self._check(key, value)
        except KneetrackError as error:
            raise ValueError(str(error).rstrip(".")) from None
        if kept != value:
            raise ValueError(f"value must be {kept}")

    def _compare(self, digest: object) -> None:
        """Raise UnreadableFileError when the digest is another one than that of the records."""
        if not self._stage.refusals and digest != self._digest.hexdigest():
            self._fail("was changed or damaged since it was exported: its digest is another one")

    def _fail(self, what: str) -> NoReturn:
        """Raise UnreadableFileError."""
        raise UnreadableFileError(self._source.name, what)


def _add(digest: Any, name: str, line: str) -> None:  # noqa: ANN401 - hashlib names no type
    """Add a record to a digest."""
    digest.update(f"{name} {line}\n".encode())


def _parse(words: str) -> Any:  # noqa: ANN401 - as JSON has it
    """Return what a JSON text says. Raises ValueError for what is ambiguous or no JSON at all."""
    try:
        return _JSON.decode(words)
    except json.JSONDecodeError as error:
        where = f" in line {error.lineno}" if error.lineno > 1 else ""
        raise ValueError(f"{error.msg}{where}") from None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object, and raise ValueError for one that has a key twice."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands there twice")
    return found


def _integer(digits: str) -> int:
    """Return a whole number, and raise ValueError for one that is longer than any of ours."""
    if len(digits) > _MAX_DIGITS:
        raise ValueError("a number is too large")
    return int(digits)


def _no_number(words: str) -> NoReturn:
    """Raise ValueError for a number that is not whole."""
    raise ValueError(f"{words[:_MAX_DIGITS]} is not a whole number")


_JSON = json.JSONDecoder(object_pairs_hook=_once, parse_int=_integer, parse_float=_no_number, parse_constant=_no_number)


def _select(kind: Kind) -> str:
    """Return the question for what a list holds, in the canonical order."""
    if kind is CHANGE:
        return _CHANGES
    facts = ", ".join(f'version."{COLUMNS.get(field.name, field.name)}"' for field in kind.fields[2:])
    return (
        f"SELECT version.uid, change.uid, {facts} FROM {kind.table} AS version"
        f" JOIN change ON change.id = version.change_id WHERE {stands()}"
        " ORDER BY version.created_at, version.uid, change.at, change.uid"
    )


_HELD = " UNION ALL ".join(f"SELECT change_id FROM {kind.table} WHERE {stands()}" for kind in KINDS.values())
_CHANGES = f"""
    WITH held(id) AS ({_HELD})
    SELECT change.uid, change.at, change.device, change.command, other.uid FROM change
    LEFT JOIN change AS other ON other.id = change.undoes AND other.id IN (SELECT id FROM held)
    WHERE change.id IN (SELECT id FROM held) ORDER BY change.at, change.uid
"""
