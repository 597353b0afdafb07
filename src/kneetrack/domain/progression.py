"""When to go on: what was done of a phase and what it hurt, which the person decides by."""

from typing import NamedTuple

from kneetrack.domain.progress import Adherence
from kneetrack.domain.templates import Position

GO_ON_SHARE = 0.8
"""The next phase is offered when so much of the present one was done; a common line to draw, and ours."""


class PhaseOver(NamedTuple):
    """A phase whose weeks are over: what was done of what was planned in it, and the pain of the last seven days.

    `above` says that a day was above the person's rule; `worst` is the worst pain during exercise that was above the
    limit, None where none was.
    """

    place: Position
    kept: Adherence
    worst: int | None
    above: bool

    @property
    def may_go_on(self) -> bool:
        """Return whether the next phase is offered; the person may go on anyway."""
        return not self.above and (self.kept.share or 0) >= GO_ON_SHARE
