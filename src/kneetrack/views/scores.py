"""What is shown of scores: what was entered, and how each changed; never a grade."""

from collections.abc import Iterable
from datetime import date
from shlex import quote

from kneetrack.app.results.scores import Entered, Scores
from kneetrack.domain import text
from kneetrack.domain.records import Score
from kneetrack.domain.scores import CHANGES, SCALES, TENTHS, Course
from kneetrack.views import answer, columns, phrases
from kneetrack.views.lines import Line, Span

_POINTS = 6
"""How many of the newest scores of a course are shown."""

HOW_TO = "To enter one: kneetrack score nprs 3, or your own activities: kneetrack score psfs stairs 4 'long drive' 6"


def entered(result: Entered, width: int) -> list[Line]:
    """Return the answer to a score: what was entered, and said before of that day, and how it changed so far."""
    day = text.show_day(result.scores[0].day, result.today)
    if not result.wrote:
        return [[Span(f"No change: your diary already has {', '.join(map(_within, result.scores))}, {day}.")]]
    rows = []
    for score in result.scores:
        old = result.before.get(score.uid)
        was = f" (was {value(old)})" if old else ""
        rows.append((Span("·", "quiet"), f"{named(score)}{was}", day, result.shorts[score.uid]))
    changed = [
        [Span(f"  {title(course)}: {changed}")]
        for course in result.courses
        if (changed := since_first(course, result.today, sourced=False))
    ]
    return [*answer.in_columns(rows, width), *(changed or [[Span(f"  {_NEXT}")]])]


_NEXT = "Enter it again in about two weeks; kneetrack score then shows the change."


def courses(result: Scores, width: int) -> list[Line]:
    """Return each course: its values with their days, and whether the change since the first one matters."""
    if not result.courses:
        return [[Span("No scores yet.")], [Span(HOW_TO)]]
    lines: list[Line] = []
    for course in result.courses:
        points = course.points[-_POINTS:]
        more = len(course.points) - len(points)
        head = f"{title(course)}{f', the last {len(points)} of {len(course.points)}' if more else ''}"
        lines += [[], [Span(head, "name")]]
        cells = [f"{text.show_day(point.day, result.today)} {value(point)}{_id(point, result)}" for point in points]
        lines += [[Span(f"  {part}")] for part in phrases.in_lines(cells, width - 2).splitlines()]
        said = since_first(course, result.today, sourced=True)
        if said:
            lines += columns.row([[Span(said)]], [max(width - 2, 1)], [Span("  ")])
    return lines[1:]


def _id(point: Score, result: Scores) -> str:
    """Return the id of a score that was entered; a mean has none."""
    return f" ({result.shorts[point.uid]})" if point.uid else ""


def title(course: Course) -> str:
    """Return what a course is of: PSFS, stairs; PSFS, mean of your activities."""
    name = SCALES[course.measure].name
    if course.is_mean:
        return f"{name}, mean of your activities"
    return f"{name}, {text.clean(course.activity)}" if course.activity else name


def since_first(course: Course, today: date, *, sourced: bool) -> str | None:
    """Return how the last score differs from the first, and whether that counts as a change."""
    if course.change is None or course.matters is None:
        return None
    by, since = change(course), text.show_day(course.points[0].day, today)
    return f"{by} since {since}: {way(course)} (a change of {counts(course, sourced=sourced)})"


def change(course: Course) -> str:
    """Return by how much a course that has a change changed: +3."""
    by = course.change or 0
    return f"{'+' if by > 0 else '-' if by < 0 else '±'}{tenths(abs(by))}"


def way(course: Course) -> str:
    """Return which way a course changed, where that counts as a change."""
    return "no clear change" if not course.beyond else "better" if course.is_better else "worse"


def counts(course: Course, *, sourced: bool) -> str:
    """Return what counts as a change: 10 or more counts, Crossley2004."""
    source = course.scale.source if sourced else None
    return f"{tenths(course.matters or 0)} or more counts{f', {source}' if source else ''}"


def due(found: Iterable[Course], today: date) -> str:
    """Return the quiet line for scores that were last entered two weeks ago or more, of which there are some."""
    its = list(found)
    named = [f"{SCALES[course.measure].name}, last on {text.show_day(course.points[-1].day, today)}" for course in its]
    enter = " · ".join(f"kneetrack score {_example(course)}" for course in its)
    return f"Due: {'; '.join(named)}. To enter {'it' if len(its) == 1 else 'them'}: {enter}"


def _example(course: Course) -> str:
    activity = f" {quote(text.clean(course.activity))}" if course.activity else ""
    return f"{course.scale.typed}{activity} N"


def named(its: Score) -> str:
    """Return a score in words: PSFS “stairs” 4; AKPS 78; Change: a little better."""
    name = SCALES[its.measure].name
    if its.measure == "change":
        return f"{name}: {value(its)}"
    activity = f" “{phrases.brief(its.activity)}”" if its.activity else ""
    return f"{name}{activity} {value(its)}"


def _within(its: Score) -> str:
    """Return a score in words within a sentence: usual pain of the week 3."""
    words = named(its)
    return words if words[1:2].isupper() else f"{words[:1].lower()}{words[1:]}"


def value(its: Score) -> str:
    """Return the value of a score: 78, 60.5, a little better."""
    return CHANGES[its.tenths // TENTHS - 1] if its.measure == "change" else tenths(its.tenths)


def tenths(number: int) -> str:
    """Return a number of tenths without needless decimals: 78, 60.5."""
    return f"{number // TENTHS}.{number % TENTHS}" if number % TENTHS else str(number // TENTHS)
