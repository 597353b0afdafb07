"""What `doctor` finds: one thing looked at, how it is, and what to do about it."""

from typing import Literal, TypeAlias

from kneetrack.domain.value import Value

State: TypeAlias = Literal["fine", "notice", "damage"]


class Finding(Value):
    """One thing that was looked at.

    `state` is `fine`, `notice` when it is worth a change, `damage` when records are at stake; `words` say
    what was found, `remedy` what to do, None where nothing is to be done.
    """

    topic: str
    state: State
    words: str
    remedy: str | None = None
