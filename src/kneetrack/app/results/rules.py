"""What the commands about a person's own rules return."""

from __future__ import annotations  # what is named in types alone is not imported

from typing import TYPE_CHECKING

from kneetrack.domain.value import Value

if TYPE_CHECKING:
    from datetime import date

    from kneetrack.app.results import NewDiary
    from kneetrack.domain.catalogue import Catalogue
    from kneetrack.domain.progression import Outlook
    from kneetrack.domain.records import Rule


class Rules(Value):
    """How the person's rules stand, in the order of writing; of one exercise where that was asked for."""

    outlooks: tuple[Outlook, ...]
    catalogue: Catalogue
    today: date


class RuleWritten(Value):
    """How a rule stands that was set or made quiet, and what it was before; None for a new one."""

    outlook: Outlook
    before: Rule | None
    catalogue: Catalogue
    today: date
    new: NewDiary | None
    wrote: bool


class RuleDropped(Value):
    """A rule that was taken out."""

    rule: Rule
    catalogue: Catalogue
    wrote: bool = True
