"""Scores: what each measure is, and how its course changed.

None is ever graded: a change is beyond what matters to people, or there is no clear change. The questions of no form
are here, because some of them need permission; a total is entered as it came out elsewhere.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from kneetrack.domain.records import Measure, Score
from kneetrack.domain.value import Value

TENTHS = 10
DUE_AFTER, FORGOTTEN_AFTER = timedelta(14), timedelta(70)
"""When a measure that a person uses is asked for again, and when it is taken as given up."""


class Scale(Value):
    """A measure: how it is typed and called, its limits and the change that matters in tenths, and its source.

    `higher_is_better` is None for the rating of the change itself, which has no course to compare. `decimals` says
    whether its values may have one.
    """

    typed: str
    name: str
    least: int
    most: int
    higher_is_better: bool | None
    matters: int | None
    source: str | None
    decimals: bool = False


SCALES: dict[Measure, Scale] = {
    "psfs": Scale("psfs", "PSFS", 0, 100, higher_is_better=True, matters=30, source=None),
    "nprs": Scale("nprs", "Usual pain of the week", 0, 100, higher_is_better=False, matters=20, source="Piva2009"),
    "change": Scale("change", "Compared with the start", 10, 70, higher_is_better=None, matters=None, source=None),
    "akps": Scale("akps", "AKPS", 0, 1000, higher_is_better=True, matters=100, source="Crossley2004", decimals=True),
    "koos_pf": Scale(
        "koos-pf", "KOOS-PF", 0, 1000, higher_is_better=True, matters=164, source="Crossley2018", decimals=True
    ),
}
"""Every measure. PSFS: a change of about 3 in one activity and 2 in the mean of several is more than chance; a common
figure, whose first source was not checked. Pain of the week: 1.16 matters in kneecap pain (Piva2009), 2 in lasting pain
in general; the stricter is used."""

MATTERS_IN_MEAN = 20

CHANGES = (
    "much worse",
    "worse",
    "a little worse",
    "no change",
    "a little better",
    "much better",
    "completely recovered",
)
"""What the values of `change` mean, from 1 to 7."""


class Course(Value):
    """The scores of one measure, and of one activity of it; one a day, earliest first.

    `is_mean` says that each is the mean of several activities, worked out here and not entered; its `uid` is empty.
    """

    measure: Measure
    activity: str | None
    points: tuple[Score, ...]
    is_mean: bool = False

    @property
    def scale(self) -> Scale:
        """Return what the measure is."""
        return SCALES[self.measure]

    @property
    def matters(self) -> int | None:
        """Return the change that matters, in tenths; None where changes are not compared."""
        return MATTERS_IN_MEAN if self.is_mean else self.scale.matters

    @property
    def change(self) -> int | None:
        """Return by how many tenths the last score differs from the first; None for a single one, or no such scale."""
        if len(self.points) < 2 or self.scale.higher_is_better is None:  # noqa: PLR2004 - two make a change
            return None
        return self.points[-1].tenths - self.points[0].tenths

    @property
    def beyond(self) -> bool | None:
        """Return whether the change is at least the one that matters; None where there is nothing to compare."""
        if self.change is None or self.matters is None:
            return None
        return abs(self.change) >= self.matters

    @property
    def is_better(self) -> bool:
        """Return whether the change goes the way that is better."""
        return self.change is not None and self.change != 0 and (self.change > 0) == self.scale.higher_is_better


def courses(scores: Iterable[Score], until: date) -> list[Course]:
    """Return the course of each measure and activity up to a day, in the order of the measures, then of first entry.

    Of several scores of a day the last given counts. Several activities have a course of their mean too, of the days
    on which all of those were scored that were scored on the last one; one that is new then is left out of it.
    """
    found: dict[tuple[Measure, str | None], dict[date, Score]] = {}
    for score in scores:
        if score.day <= until:
            key = (score.measure, score.activity and score.activity.casefold())
            its = found.setdefault(key, {})
            its.pop(score.day, None)
            its[score.day] = score
    listed: list[Course] = []
    for measure in SCALES:
        its_own = sorted((_course(measure, found[key]) for key in found if key[0] == measure), key=_first_entered)
        listed += its_own
        listed += _mean(its_own) if measure == "psfs" else []
    return listed


def _first_entered(course: Course) -> tuple[date, datetime, str]:
    return min((point.day, point.created_at, point.uid) for point in course.points)


def _course(measure: Measure, by_day: dict[date, Score]) -> Course:
    points = tuple(by_day[day] for day in sorted(by_day))
    return Course(measure, points[-1].activity, points)


def _mean(activities: list[Course]) -> list[Course]:
    """Return the course of the mean of several activities."""
    last = max((course.points[-1].day for course in activities), default=None)
    current = [course for course in activities if course.points[-1].day == last]
    known = [course for course in current if len(course.points) > 1]
    current = known if len(known) > 1 else current
    if len(current) < 2:  # noqa: PLR2004 - one activity has no mean
        return []
    by_day = [{point.day: point for point in course.points} for course in current]
    shared = sorted(set.intersection(*map(set, by_day)))
    points = [
        by_day[0][day]._replace(
            uid="", activity=None, tenths=_rounded(sum(its[day].tenths for its in by_day), len(by_day))
        )
        for day in shared
    ]
    return [Course("psfs", None, tuple(points), is_mean=True)]


def _rounded(total: int, count: int) -> int:
    """Return a mean to the nearest whole number, halves up."""
    return (2 * total + count) // (2 * count)


def due(found: Iterable[Course], today: date) -> list[Course]:
    """Return a course of each measure that a person keeps up and last entered two weeks ago or more: the newest."""
    newest: dict[Measure, Course] = {}
    for course in found:
        known = newest.get(course.measure)
        if not course.is_mean and (known is None or course.points[-1].day > known.points[-1].day):
            newest[course.measure] = course
    return [its for its in newest.values() if DUE_AFTER <= today - its.points[-1].day <= FORGOTTEN_AFTER]
