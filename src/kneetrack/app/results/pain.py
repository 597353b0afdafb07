"""What noting pain returns."""

from __future__ import annotations  # what is named in types alone is not imported

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from kneetrack.app.results import NewDiary
    from kneetrack.domain.progress import Progress
    from kneetrack.domain.records import Pain
    from kneetrack.domain.settings import PainAboveLimit


class Noted(NamedTuple):
    """What was noted, what the diary said of that moment before, the short id, and how things are.

    Nothing is written where the diary says so already. `sore` is a pain above the person's limit.
    """

    pain: Pain
    before: Pain | None
    short: str
    progress: Progress
    sore: PainAboveLimit | None
    new: NewDiary | None
    wrote: bool
