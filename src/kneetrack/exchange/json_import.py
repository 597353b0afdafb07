"""Reading an export of a whole diary, in our own form line by line, or as another program laid it out.

Each record is validated; nothing is believed of what is around them either.
"""

import json
import re
from collections.abc import Callable
from hashlib import sha256
from typing import Any, NoReturn

from kneetrack.domain.errors import KneetrackError, NewerFileError, UnreadableFileError
from kneetrack.exchange.form import FORMAT, KINDS, kinds
from kneetrack.exchange.json_document import Document, DocumentError, parse
from kneetrack.exchange.json_export import digested
from kneetrack.exchange.source import Source
from kneetrack.exchange.staging import Place, Staging
from kneetrack.exchange.validation import Reader

MAX_WHOLE = 50 << 20
"""The largest file in another form than ours, in bytes: it is read into memory, but never parsed as a whole."""

_OURS = re.compile(rb'\{"kneetrack": ([0-9]{1,9}), "changes": \[\r?\n')
_HEADING = re.compile(r'\], "([a-z]+)": (?:\[|"([0-9a-f]{64})"\})')
_MAX_FORMAT = 10**9

SettingCheck = Callable[[str, str], str]
"""Returns a setting's value as it is kept, and raises one of our errors for one that cannot be."""


def stage_lines(source: Source, staging: Staging, check: SettingCheck) -> None:
    """Put the records of a file in the staging, and refuse what breaks a rule.

    Raises UnreadableFileError for what is no such file, was cut off, or is not what its digest says, and
    NewerFileError.
    """
    reader = _Reader(source, staging, check)
    with staging.reading(of_changes=True, strict=True):
        if ours := _OURS.match(source.beginning):
            reader.begin(int(ours[1]))
            reader.line_by_line()
        else:
            reader.as_a_whole()


class _Reader:
    """Reads one file; what it has of the digest grows with the records."""

    def __init__(self, source: Source, staging: Staging, check: SettingCheck) -> None:
        """Take what to read, where to put it, and how to check a setting."""
        self._source = source
        self._staging = staging
        self._check = check
        self._digest = sha256()

    def begin(self, number: object) -> None:
        """Take the format. Raises NewerFileError for one that is later than ours."""
        if type(number) is not int or not 1 <= number <= _MAX_FORMAT:
            self._fail("is not an export of kneetrack")
        if number > FORMAT:
            raise NewerFileError(self._source.name)
        its = kinds(number)
        self._names = [kind.name for kind in its]
        self._kinds = {kind.name: kind for kind in KINDS if kind.name in self._names}
        self._keys = {kind.name: kind.keys for kind in its}
        self._readers = {
            former.name: Reader(self._kinds[former.name], former if number < FORMAT else None) for former in its
        }

    def line_by_line(self) -> None:
        """Read a file in our own form."""
        at, number, ended = 0, 1, None
        for number, line in enumerate(self._source.lines(), 1):
            if ended is None and line[0] == "{" and number > 1:
                words = line.rstrip().removesuffix(",")
                self._digest.update(digested(self._names[at], words))
                self._put(self._names[at], number, words)
                continue
            heading = _HEADING.fullmatch(line.rstrip("\r\n")) if line.startswith("]") else None
            if number == 1 or (ended is not None and not line.strip()):
                continue
            if ended is not None or (line.startswith("]") and heading is None):
                self._fail(f"is not as kneetrack writes it: line {number}")
            elif heading is None:
                self._staging.refuse(number, "must be an object")
            elif heading[2] and at == len(self._names) - 1:
                ended = heading[2]
            elif not heading[2] and heading[1] == (self._names[at + 1] if at + 1 < len(self._names) else None):
                at += 1
            else:
                self._fail(f"is not as kneetrack writes it: line {number}")
        if ended is None:
            self._fail(f"was cut off: it ends with line {number}")
        self._compare(ended)

    def as_a_whole(self) -> None:
        """Read a file in another form, without needing its digest."""
        try:
            self._read(Document(self._source.content(MAX_WHOLE)))
        except DocumentError as error:
            self._fail(str(error))

    def _read(self, document: Document) -> None:
        """Put the records of a document in the staging. Raises DocumentError."""
        self.begin(document.values.get("kneetrack"))
        others = document.keys - {"kneetrack", "digest", *self._names}
        if others or not all(map(document.has, self._names)):
            self._fail(f"is not an export of kneetrack: it must have the lists {', '.join(self._names)}")
        for name in self._names:
            for number, words in enumerate(document.records(name), 1):
                record = self._put(name, f"record {number} of {name}", words)
                if record:
                    in_order = {key: record[key] for key in self._keys[name]}
                    self._digest.update(digested(name, json.dumps(in_order)))
        if document.values.get("digest") is not None:
            self._compare(document.values["digest"])

    def _put(self, name: str, place: Place, words: str) -> dict[str, Any] | None:
        """Put a record in the staging and return it when it keeps the rules."""
        try:
            record = parse(words)
        except ValueError as reason:
            self._staging.refuse(place, f"not JSON: {reason}")
            return None
        try:
            row = self._readers[name].read(record)
            if name == "settings":
                self._check_setting(*row[-2:])
        except ValueError as reason:
            self._staging.refuse(place, str(reason))
            return None
        self._staging.put(self._kinds[name], place, row)
        found: dict[str, Any] = record
        return found

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
        if not self._staging.refusals and digest != self._digest.hexdigest():
            self._fail("was changed or damaged since it was exported: its digest is another one")

    def _fail(self, what: str) -> NoReturn:
        """Raise UnreadableFileError."""
        raise UnreadableFileError(self._source.name, what)
