"""What entering scores and looking at them return."""

from __future__ import annotations  # what is named in types alone is not imported

from typing import TYPE_CHECKING

from kneetrack.domain.value import Value

if TYPE_CHECKING:
    from datetime import date

    from kneetrack.app.results import NewDiary
    from kneetrack.domain.records import Score
    from kneetrack.domain.scores import Course


class Entered(Value):
    """The scores that were entered, what the diary said of their day before by uid, the short ids, and their courses.

    Nothing is written where the diary says so already.
    """

    scores: tuple[Score, ...]
    before: dict[str, Score]
    shorts: dict[str, str]
    courses: tuple[Course, ...]
    today: date
    new: NewDiary | None
    wrote: bool


class Scores(Value):
    """The course of every score, and the short ids by uid."""

    courses: tuple[Course, ...]
    shorts: dict[str, str]
    today: date
