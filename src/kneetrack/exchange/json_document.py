"""JSON as an export may hold it: one record, and a whole document that is read a record at a time.

A document is looked through with patterns before anything of it is parsed, so that one which is no export takes
neither memory nor time, whatever it is nested or how large it is.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn

MIN_RECORD, MAX_RECORD = 40, 4 << 20
"""The fewest bytes of a record, which has an id of 32 digits at least, and the most."""

_LONG = 1 << 16
_MOST_KEYS = 40
_LONGEST = 18

_SPACE = r"[ \t\r\n]*+"
_STRING = r'"(?:[^"\\]++|\\.)*+"'
_PLAIN = rf'(?:{_STRING}|[^\s"{{}}\[\],:]++)'
_PAIR = rf"{_SPACE}{_STRING}{_SPACE}:{_SPACE}{_PLAIN}{_SPACE}"
_FEW_PAIRS = re.compile(rf"\{{{_PAIR}(?:,{_PAIR}){{0,{_MOST_KEYS}}}+\}}", re.DOTALL)

_BLANK = re.compile(_SPACE.encode())
_KEY = re.compile(rf"({_STRING}){_SPACE}:{_SPACE}".encode(), re.DOTALL)
_VALUE = re.compile(_PLAIN.encode(), re.DOTALL)
_RECORD = re.compile(rf'\{{(?:[^"{{}}\[\]]++|{_STRING})*+\}}'.encode(), re.DOTALL)


class DocumentError(Exception):
    """A file is no such document; the message says why, as the end of a sentence."""


class Document:
    """The outer object of a document: its plain values by their keys, and its lists of records."""

    def __init__(self, content: bytes) -> None:
        """Look through a document. Raises DocumentError."""
        self._content = content
        self._at = 0
        self.values: dict[str, Any] = {}
        self._lists: dict[str, int] = {}
        self._take(b"{")
        while self._next() != b"}":
            if self.values or self._lists:
                self._take(b",")
            self._pair()
        self._take(b"}")
        if self._next():
            self._fail("something comes after its end")

    @property
    def keys(self) -> set[str]:
        """Return the keys."""
        return {*self.values, *self._lists}

    def has(self, name: str) -> bool:
        """Return whether there is a list of a name."""
        return name in self._lists

    def records(self, name: str) -> Iterator[str]:
        """Yield the text of each record of a list. Raises DocumentError for what is not UTF-8."""
        self._at = self._lists[name]
        for start, end in self._spans(name):
            yield self._text(start, end)

    def _pair(self) -> None:
        """Keep a key and its value, or where the list begins that it names."""
        self._next()
        found = _KEY.match(self._content, self._at)
        if found is None:
            self._fail("there is no key")
        name, self._at = self._value(*found.span(1)), found.end()
        if name in self.values or name in self._lists:
            self._fail("a key is given twice")
        if len(self.values) + len(self._lists) >= _MOST_KEYS:
            self._fail("it has too many keys")
        if self._next() == b"[":
            self._lists[name] = self._at
            for _ in self._spans(name):
                pass
            return
        found = _VALUE.match(self._content, self._at)
        if found is None:
            self._fail("it holds more than lists of records and plain values")
        self.values[name], self._at = self._value(*found.span()), found.end()

    def _spans(self, name: str) -> Iterator[tuple[int, int]]:
        """Yield where each record of the list that is next begins and ends, and leave off after the list."""
        self._take(b"[")
        number = 0
        while self._next() != b"]":
            if number:
                self._take(b",")
                self._next()
            number += 1
            found = _RECORD.match(self._content, self._at)
            if found is None or not MIN_RECORD <= found.end() - found.start() <= MAX_RECORD:
                where = f"is not as kneetrack writes it: record {number} of {name}"
                raise DocumentError(f"{where}: must be an object of texts and numbers alone")
            yield found.span()
            self._at = found.end()
        self._take(b"]")

    def _next(self) -> bytes:
        """Go on to the next byte that is not blank, and return it; nothing at the end."""
        found = _BLANK.match(self._content, self._at)
        self._at = found.end() if found else self._at
        return self._content[self._at : self._at + 1]

    def _take(self, wanted: bytes) -> None:
        """Go on after a byte that must be the next one."""
        if self._next() != wanted:
            self._fail(f"there is no {wanted.decode()} where one must be")
        self._at += 1

    def _value(self, start: int, end: int) -> Any:  # noqa: ANN401 - as JSON has it
        """Return a plain value."""
        if end - start > _LONG:
            self._fail("a value is too long")
        try:
            return parse(self._text(start, end))
        except ValueError as reason:
            self._fail(str(reason))

    def _text(self, start: int, end: int) -> str:
        """Return a piece as text."""
        try:
            return self._content[start:end].decode()
        except UnicodeDecodeError:
            line = self._content.count(b"\n", 0, start) + 1
            raise DocumentError(f"is not UTF-8: line {line}; save it as UTF-8") from None

    def _fail(self, reason: str) -> NoReturn:
        """Raise DocumentError."""
        raise DocumentError(f"is not JSON as kneetrack writes it: {reason}")


class _ReasonError(ValueError):
    """A JSON text says something that JSON allows and no export says."""


def parse(words: str) -> Any:  # noqa: ANN401 - as JSON has it
    """Return what a JSON text says. Raises ValueError for what is ambiguous, too large, or no JSON at all."""
    if len(words) > _LONG and not _FEW_PAIRS.fullmatch(words):
        raise ValueError("it is too large for a record")
    try:
        found, end = _JSON.raw_decode(words)
        return found if end == len(words) else _JSON.decode(words)
    except json.JSONDecodeError as error:
        where = f" in line {error.lineno}" if error.lineno > 1 else ""
        raise ValueError(f"{error.msg}{where}") from None
    except _ReasonError:
        raise
    except ValueError:
        raise ValueError("a number is too large") from None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object, and raise ValueError for one that has a key twice."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _ReasonError("a key is given twice")
    return found


def _no_number(words: str) -> NoReturn:
    """Raise ValueError for a number that is not whole."""
    raise _ReasonError(f"{words[:_LONGEST]} is not a whole number")


_JSON = json.JSONDecoder(object_pairs_hook=_once, parse_float=_no_number, parse_constant=_no_number)
