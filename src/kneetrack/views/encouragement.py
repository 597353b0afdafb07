"""Words for the long weeks, in plain lines: milestones, a streak begun again, and the block of stats."""

from datetime import date

from kneetrack.app.results.overview import Stats
from kneetrack.domain import text
from kneetrack.domain.catalogue import Exercise
from kneetrack.domain.milestones import Milestone, NewStreak
from kneetrack.views.phrases import Line, Span

NO_CHANGE = "No change after eight weeks is a reason to see a clinician."

HOW_JUDGED = (
    "  (In the eight weeks 80 % or more of what was due was done, a line of our own; a fall of less than 1.16 points"
    " is none here, Piva2009.)"
)

_HARDER = "In one home program what was done fell from 90 % in the first two weeks to 65 % after ten (Nicolson2019)"

USUAL = (
    (2, "You may notice nothing in the first weeks (Seed); the days count all the same."),
    (5, "Many trials ran for about six weeks (Ferber2015, Hott2019, Hoglund2018), so it is early to judge."),
    (8, f"Many trials ended about here, at 6 to 8 weeks (Ferber2015, Dolak2011). {_HARDER}: it gets harder for many."),
    (13, f"Past most trials; one went on for 3 months (Rathleff2015). {_HARDER}."),
    (None, "Longer than the trials named here. Two or three days a week keep strength, one program says (AAOS-Knee)."),
)
"""What is usual up to a week of the plan, each with its sources."""

_MINUTE = 60


def milestone(reached: Milestone, today: date) -> str:
    """Return the sentence of a milestone: 25 exercise days since 3 Oct."""
    count = text.count(reached.days_done, "exercise day")
    if reached.first_week:
        return f"First week complete: {count}."
    return f"{count} since {text.short_day(reached.since, today)}."


def new_streak(its: NewStreak) -> str:
    """Return the sentence of a streak begun again: Welcome back. Day 1; your best is 7."""
    return f"Welcome back. Day {its.day}; your best is {its.best}."


def block(result: Stats) -> list[Line]:
    """Return how the long weeks go: weeks, sessions and repetitions so far, what is usual now, the best streak.

    There is nothing to say of one exercise, and where nothing was logged.
    """
    progress, counts, unchanged = result.progress, result.counts, result.unchanged
    if result.exercise or not counts:
        return []
    lines: list[Line] = [[], [Span("Keeping at it", "name")]]
    days_done = text.count(progress.done.bit_count(), "day")
    week = f"week {progress.week} of the program · " if progress.week else ""
    lines.append([Span(f"  {week}{text.count(counts.total(), 'session')} on {days_done}")])
    volumes = {item: progress.volume(item) for item in counts}
    amounts = [so_far(progress.catalogue.get(item), volume) for item, volume in volumes.items() if volume]
    if amounts:
        sides = any(progress.catalogue.get(item).per_side for item in counts)
        lines.append(
            [Span(f"  so far {', '.join(amounts)}"), Span(f"{' (left and right both count)' * sides}", "quiet")]
        )
    streak = progress.streak()
    lines.append([Span(f"  best run {text.count(streak.best, 'day')}, this one {streak.current}")])
    if unchanged:
        pains = f"{unchanged.first:.1f} of 10 in the first two weeks, {unchanged.last:.1f} in the last two"
        lines.append([Span(f"  Your pain notes show no clear fall: {pains}. {NO_CHANGE}")])
        lines.append([Span(HOW_JUDGED, "quiet")])
    elif progress.week:
        usual = next(words for last, words in USUAL if last is None or progress.week <= last)
        lines.append([Span(f"  usual now: {usual}", "quiet")])
    return lines


def so_far(exercise: Exercise, volume: int) -> str:
    """Return a volume in words: 412 clamshells; 35 min of side plank."""
    name = text.clean(exercise.name)
    name = name if name[1:2].isupper() else name[:1].lower() + name[1:]
    if exercise.mode == "hold":
        return f"{volume} s of {name}" if volume < 2 * _MINUTE else f"{volume // _MINUTE} min of {name}"
    return f"{volume} {name if volume == 1 else _plural(name)}"


def _plural(name: str) -> str:
    """Return a name in the plural, by its first part: bridges with band."""
    at = min((name.find(mark) for mark in (" with ", " (", " from ") if mark in name), default=len(name))
    head, rest = name[:at], name[at:]
    if head.endswith(("ss", "x", "sh", "ch")):
        return f"{head}es{rest}"
    return f"{head}{'' if head.endswith('s') else 's'}{rest}"
