"""What noting pain returns."""

from __future__ import annotations  # what is named in types alone is not imported

from typing import TYPE_CHECKING

from kneetrack.domain.value import Value

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from kneetrack.app.results import NewDiary
    from kneetrack.domain.catalogue import Catalogue
    from kneetrack.domain.pain import DayPain, Rule, Signal, Swing, Verdict
    from kneetrack.domain.progress import Progress
    from kneetrack.domain.records import Pain
    from kneetrack.domain.settings import PainAboveLimit


class Noted(Value):
    """What was noted, what the diary said of that moment before, the short id, and how things are.

    Nothing is written where the diary says so already. `sore` is a pain above the person's limit; `signals` is what is
    to be said of several days.
    """

    pain: Pain
    before: Pain | None
    short: str
    progress: Progress
    sore: PainAboveLimit | None
    new: NewDiary | None
    wrote: bool
    signals: frozenset[Signal] = frozenset()


class PainDays(Value):
    """The pain of a range of days by the person's rule; `verdicts` are those of the days with a session.

    `days` hold those of which anything is known, also the day after the last. `swing` is that of the last ten days,
    None where too little is known.
    """

    first: date
    last: date
    days: Mapping[date, DayPain]
    verdicts: Mapping[date, Verdict]
    rule: Rule
    swing: Swing | None
    catalogue: Catalogue
    today: date


class PainWeek(Value):
    """A week: the worst pain during exercise, on getting up and at other times, None for none noted; the sets done."""

    first: date
    last: date
    during: int | None
    morning: int | None
    other: int | None
    sets: int


class PainWeeks(Value):
    """Weeks, earliest first, the last one being this week, and the rule."""

    weeks: tuple[PainWeek, ...]
    rule: Rule
    today: date
