"""The chart of the page for a clinician, as places on a drawing: adherence above pain, a column a week."""

from kneetrack.domain import text
from kneetrack.domain.report import Report
from kneetrack.domain.value import Value
from kneetrack.domain.weeks import Week

FEWEST, MOST = 2, 52
"""How many weeks make a chart, and how many of the latest it has room for."""

WIDTH = 820
LEFT, RIGHT = 44, 806
SHARE_TOP, SHARE_BASE = 14, 84
PAIN_TOP, PAIN_BASE = 104, 168
HEIGHT = 188

_WORST = 10
_LABELS = 13
"""About so many dates have room beneath the columns."""


class Bar(Value):
    """A column of a week: where it begins and how wide it is, its upper end, and what it says."""

    x: float
    width: float
    top: float
    height: float
    label: str


class Point(Value):
    """The pain of a week: where it is, and how much it is."""

    x: float
    y: float
    level: int


class Chart(Value):
    """What is drawn: bars of adherence, the worst pain while exercising and of mornings by week, and the dates.

    `lines` connect the pains of weeks that follow one another: a week without any leaves a gap. `limit` is the height
    of the person's limit. `said` is the drawing in words.
    """

    bars: tuple[Bar, ...]
    during: tuple[Point, ...]
    during_lines: tuple[str, ...]
    mornings: tuple[Point, ...]
    mornings_lines: tuple[str, ...]
    dates: tuple[tuple[float, str], ...]
    limit: float
    said: str

    @property
    def has_pain(self) -> bool:
        """Return whether any pain was noted."""
        return bool(self.during or self.mornings)

    @property
    def height(self) -> int:
        """Return how high the drawing is."""
        return HEIGHT if self.has_pain else HEIGHT - PAIN_BASE + SHARE_BASE


def chart(report: Report) -> Chart | None:
    """Return the chart of the latest weeks; None for too few of them, or none in which something was planned."""
    weeks = list(zip(report.weeks, report.mornings, strict=True))[:MOST][::-1]
    if len(weeks) < FEWEST or not any(week.adherence.due for week, _ in weeks):
        return None
    step = (RIGHT - LEFT) / len(weeks)
    middles = [LEFT + step * (at + 0.5) for at in range(len(weeks))]
    during = [(x, week.worst_pain) for x, (week, _) in zip(middles, weeks, strict=True)]
    mornings = [(x, max(its, default=None)) for x, (_, its) in zip(middles, weeks, strict=True)]
    every = -(-len(weeks) // _LABELS)
    dates = [
        (round(x, 1), text.short_day(week.first, report.last))
        for at, (x, (week, _)) in enumerate(zip(middles, weeks, strict=True))
        if (len(weeks) - 1 - at) % every == 0
    ]
    return Chart(
        tuple(_bar(x, step, week, len(weeks)) for x, (week, _) in zip(middles, weeks, strict=True)),
        _points(during),
        _lines(during),
        _points(mornings),
        _lines(mornings),
        tuple(dates),
        _height(report.pain_limit),
        _said([week for week, _ in weeks], report),
    )


def _bar(middle: float, step: float, week: Week, weeks: int) -> Bar:
    width, share = min(step * 0.62, 46), week.adherence.share
    height = (share or 0) * (SHARE_BASE - SHARE_TOP)
    label = "" if share is None or weeks > _LABELS else text.percent(share)
    return Bar(round(middle - width / 2, 1), round(width, 1), round(SHARE_BASE - height, 1), round(height, 1), label)


def _height(level: int) -> float:
    return round(PAIN_BASE - level / _WORST * (PAIN_BASE - PAIN_TOP), 1)


def _points(noted: list[tuple[float, int | None]]) -> tuple[Point, ...]:
    return tuple(Point(round(x, 1), _height(level), level) for x, level in noted if level is not None)


def _lines(noted: list[tuple[float, int | None]]) -> tuple[str, ...]:
    """Return the points of each line, of weeks on end."""
    lines: list[list[str]] = [[]]
    for x, level in noted:
        if level is None:
            lines.append([])
        else:
            lines[-1].append(f"{x:.1f},{_height(level)}")
    return tuple(" ".join(line) for line in lines if len(line) > 1)


def _said(weeks: list[Week], report: Report) -> str:
    """Return the drawing in words: its ends, since the table has all of it."""
    shares = [week.adherence.share for week in weeks if week.adherence.share is not None]
    pains = [week.worst_pain for week in weeks if week.worst_pain is not None]
    span = f"{len(weeks)} weeks from {text.show_day(weeks[0].first, report.last)}"
    said = f"{span}. Done of planned by week: {text.percent(min(shares))} to {text.percent(max(shares))}."
    return f"{said} Worst pain while exercising: {min(pains)} to {max(pains)}." if pains else said
