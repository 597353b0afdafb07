"""What export and import return."""

from __future__ import annotations  # what is named in types alone is not imported

from typing import TYPE_CHECKING

from kneetrack.domain.value import Value

if TYPE_CHECKING:
    from pathlib import Path

    from kneetrack.app.results import NewDiary
    from kneetrack.app.results.changes import RewrittenBackups
    from kneetrack.domain.catalogue import Exercise
    from kneetrack.domain.plan import Prescription
    from kneetrack.domain.progress import Progress
    from kneetrack.domain.records import Counts


class Exported(Value):
    """The file that an export was written to, and how many bytes it has."""

    path: Path
    size: int


class Incoming(Value):
    """What a file brings: counts by kind of record, the rows that cannot come in, and what has no place in a diary.

    `name` is what the file is called on screens. Of `refusals` rows the first are `refused`, each with the reason;
    `stopped` says that after so many the file was read no further, `rejected` that nothing of it can come in.
    `kept_out` counts the records that were purged from this diary, and stay out; `purges` those of this diary that
    were purged where the file was written; `tombstones` counts what the file says was purged and the diary did not
    know.
    """

    name: str
    counts: dict[str, Counts]
    refused: tuple[str, ...]
    refusals: int
    stopped: bool
    rejected: bool
    left_out: tuple[str, ...]
    kept_out: int = 0
    purges: int = 0
    tombstones: int = 0


class InForce(Value):
    """What is in force today: the plan, and the value of every setting."""

    plan: tuple[tuple[Exercise, Prescription], ...]
    settings: dict[str, str]


class Imported(Value):
    """What an import wrote, and how things stand after it.

    `versions` counts what came in; `purged` are the records that are gone as they are where the file was written.
    `before` is what was in force before it, None where there was no diary; `progress` is None when nothing was
    written.
    """

    incoming: Incoming
    versions: int = 0
    purged: frozenset[str] = frozenset()
    before: InForce | None = None
    after: InForce | None = None
    progress: Progress | None = None
    new: NewDiary | None = None
    backups: RewrittenBackups | None = None

    @property
    def wrote(self) -> bool:
        """Return whether anything was written."""
        return self.progress is not None
