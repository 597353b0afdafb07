"""Records that come from outside, validated as the SQLModel records that the tables are made of."""

from collections.abc import Callable
from functools import partial
from operator import itemgetter
from typing import Any, TypeAlias

from pydantic import ValidationError

from kneetrack.exchange.form import (
    CHANGES,
    INSTANTS,
    MADE,
    TOMBSTONES,
    VERSIONS,
    Kind,
    read_instant,
)
from kneetrack.store import tables
from kneetrack.store.mapping import LAST_YEAR, TEXTS, is_uid

Row: TypeAlias = tuple[Any, ...]

_VERSION_RECORDS = (
    tables.SessionRecord,
    tables.PrescriptionRecord,
    tables.PauseRecord,
    tables.ExerciseRecord,
    tables.SettingRecord,
    tables.PainRecord,
    tables.ScoreRecord,
    tables.RuleRecord,
)
_RECORDS: dict[str, Any] = {
    CHANGES.name: tables.ChangeRecord,
    **{kind.name: record for kind, record in zip(VERSIONS, _VERSION_RECORDS, strict=True)},
    TOMBSTONES.name: tables.TombstoneRecord,
}
_VALIDATE: dict[str, Callable[[dict[str, Any]], object]] = {
    # Into one blank record over and over: making a new one each time costs more than the validation.
    name: partial(record.__pydantic_validator__.validate_python, self_instance=record.model_construct())
    for name, record in _RECORDS.items()
}

_REFERENCES = {"change": False, "undoes": True, "part_of": True}
"""The keys that name a change by its uid, where a table has its number, and whether they may be null."""

AN_INSTANT = f"must be an instant such as 2026-11-25T06:41:00.000000Z, of the years 1900 to {LAST_YEAR - 1}"


class Reader:
    """Reads the records of one list of a file."""

    def __init__(self, kind: Kind, former: Kind | None = None) -> None:
        """Take the list, and how its format wrote it where that is not as it is written today."""
        self._kind, self._known = kind, former or kind
        self._keys = frozenset(self._known.keys)
        self._later = dict.fromkeys(key for key in kind.keys if key not in self._known.keys) if former else None
        self._instants = [key for key in kind.keys if key in INSTANTS]
        self._references = [key for key in kind.keys if key in _REFERENCES]
        self._row = itemgetter(*kind.keys)

    def read(self, record: object) -> Row:
        """Return the columns of a JSON record, in the order of the kind's keys. Raises ValueError with the reason."""
        if not isinstance(record, dict):
            raise ValueError("must be an object")  # noqa: TRY004 - readers tell all reasons in one way
        if record.keys() != self._keys:
            missing = next((key for key in self._known.keys if key not in record), None)
            raise ValueError(f"{missing} is missing" if missing else "has a key that this kneetrack does not know")
        if self._later is None:
            return self._columns(dict(record))
        today = {**self._later, **record}
        if MADE in today:
            today["created_at"] = today.pop(MADE)
        try:
            return self._columns(today)
        except ValueError as reason:
            raise ValueError(str(reason).replace("created_at ", f"{MADE} ", 1)) from None

    def _columns(self, says: dict[str, Any]) -> Row:
        """Return the columns of a record that has all keys, which is used up. Raises ValueError."""
        for key in self._instants:
            if (value := says[key]) is not None:
                says[key] = read_instant(value)
                if says[key] is None:
                    raise ValueError(f"{key} {AN_INSTANT}")
        named = {key: says.pop(key) for key in self._references}
        validate(self._kind, says)
        for key, uid in named.items():
            if uid is None and _REFERENCES[key]:
                continue
            if not is_uid(uid):
                raise ValueError(f"{key} must be an id of 32 hex digits")
            if uid == says["uid"]:
                raise ValueError(f"{key} must be another change")
        says |= named
        row: Row = self._row(says)
        return row


def validate(kind: Kind, says: dict[str, Any]) -> None:
    """Raise ValueError, with the reason, for a record that its table cannot hold.

    `says` has the keys of the kind as columns, without those that name a change.
    """
    try:
        _VALIDATE[kind.name](says)
    except ValidationError as error:
        raise ValueError(_reason(kind, says, error)) from None


def _reason(kind: Kind, says: dict[str, Any], error: ValidationError) -> str:
    """Return the first thing that is wrong with a record, as the end of a sentence."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    name = str(first["loc"][0]) if first["loc"] else ""
    if name in INSTANTS:
        return f"{name} {AN_INSTANT}"
    if first["type"] == "string_type" and name not in TEXTS and says[name] != "":
        # What it must be is known to the check of the text that it is not.
        try:
            _VALIDATE[kind.name](says | {name: ""})
        except ValidationError as of_a_text:
            return tables.problem(of_a_text)
    return tables.problem(error)
