"""What export and import return."""

from __future__ import annotations  # what is named in types alone is not imported

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

    from kneetrack.app.results import NewDiary
    from kneetrack.domain.catalogue import Exercise
    from kneetrack.domain.plan import Prescription
    from kneetrack.domain.progress import Progress


class Exported(NamedTuple):
    """The file that an export was written to, and how many bytes it has."""

    path: Path
    size: int


class Counts(NamedTuple):
    """How many records of a kind a file adds, changes, and leaves as they are.

    `outdated` ones say what the diary said once, before it was changed here, and are left as they are too.
    """

    new: int
    changed: int
    unchanged: int
    outdated: int


class Incoming(NamedTuple):
    """What a file brings: counts by kind of record, the rows that cannot come in, and what has no place in a diary.

    `name` is what the file is called on screens. Of `refusals` rows the first are `refused`, each with the reason;
    with `strict` one of them refuses the whole file.
    """

    name: str
    counts: dict[str, Counts]
    refused: tuple[str, ...]
    refusals: int
    strict: bool
    left_out: tuple[str, ...]
    wrote: bool = False

    @property
    def rejected(self) -> bool:
        """Return whether nothing of it can come in, because of rows that are refused."""
        return self.strict and self.refusals > 0


class InForce(NamedTuple):
    """What is in force today: the plan, and the value of every setting."""

    plan: tuple[tuple[Exercise, Prescription], ...]
    settings: dict[str, str]


class Imported(NamedTuple):
    """What an import wrote, and how things stand after it.

    `versions` counts what was written; `before` is what was in force before it, None where there was no diary.
    """

    incoming: Incoming
    versions: int
    before: InForce | None
    after: InForce | None
    progress: Progress | None
    new: NewDiary | None

    @property
    def wrote(self) -> bool:
        """Return whether anything was written."""
        return self.versions > 0
