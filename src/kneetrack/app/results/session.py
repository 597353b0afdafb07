"""What a guided session is made of, before it begins and while it is kept."""

from __future__ import annotations  # what is named in types alone is not imported

from typing import TYPE_CHECKING

from kneetrack.domain.records import MAX_NOTE
from kneetrack.domain.value import Value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from kneetrack.app.results import NewDiary
    from kneetrack.domain.player import Item
    from kneetrack.domain.progress import Progress
    from kneetrack.domain.records import Session


class Prepared(Value):
    """What there is to play: an item for each exercise of which sets are left, and how things stand.

    `named` are the exercises that were asked for, `paused` says whether any of them is paused; `sound` is the setting,
    and `is_sound_chosen` says whether the person ever set it.
    `last` has of each exercise what was done of it the last time before today; nothing where it is new.
    """

    items: tuple[Item, ...]
    named: tuple[str, ...]
    paused: bool
    sound: str
    is_sound_chosen: bool
    progress: Progress
    last: Mapping[str, Sequence[Session]]


class Saved(Value):
    """The sets of a session that are saved, in order, each with the phase that it was the work of.

    `day` is the one on which the session began, also past midnight; `new` is set when it created the diary; `first` is
    the first set that was saved, whose change all others are parts of, also when it was taken back.
    """

    day: date
    new: NewDiary | None = None
    first: str | None = None
    sets: tuple[tuple[int, Session], ...] = ()
    wrote: bool = True


class Ratings(Value):
    """What a person says of a whole session; None is what they do not say."""

    pain: int | None = None
    effort: int | None = None
    note: str | None = None

    def with_pain(self, pain: int) -> Ratings:
        """Return them with a pain: the worst one counts."""
        return self._replace(pain=max(pain, self.pain or 0))

    def with_note(self, note: str) -> Ratings:
        """Return them with a note beside those that there are."""
        return self._replace(note="; ".join(filter(None, (self.note, note)))[:MAX_NOTE])
