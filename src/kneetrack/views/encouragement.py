"""Words for the long weeks, in plain lines: milestones, a streak begun again, and what stats says of them."""

from datetime import date

from kneetrack.app.results.overview import Stats
from kneetrack.domain import days, text
from kneetrack.domain.catalogue import Exercise
from kneetrack.domain.dose import word
from kneetrack.domain.milestones import Break, Milestone, NewStreak
from kneetrack.domain.progress import Progress

NO_CHANGE = "No change after eight weeks is a reason to see a clinician."

HOW_JUDGED = "Shown because you did at least 80 %. Only a fall of 1.16 points or more counts as one (Piva2009)."

EXPECTED = (
    (2, "you may notice nothing yet; the days count all the same."),
    (5, "too early to judge; many trials ran for six weeks (Ferber2015)."),
    (8, "many trials ended about here, at 6 to 8 weeks (Dolak2011)."),
    (13, "harder for many: 90 % fell to 65 % in one study (Nicolson2019)."),
    (None, "2 or 3 days a week keep strength, says one guide (AAOS-Knee)."),
)
"""What to expect up to a week of the plan, each with its source; as long as a line of the terminal has room for it."""

_MINUTE = 60
_SHOWN = 0.01


def milestone(reached: Milestone, today: date) -> str:
    """Return the sentence of a milestone: 25 exercise days since 3 Oct."""
    count = text.count(reached.days_done, "exercise day")
    if reached.first_week:
        return f"First week complete: {count}."
    return f"{count} since {text.short_day(reached.since, today)}."


def new_streak(its: NewStreak) -> str:
    """Return the sentence of a streak begun again: Welcome back: day 1 of a new streak (your best: 7 days)."""
    return f"Welcome back: day {its.day} of a new streak (your best: {text.count(its.best, 'day')})."


def coming_back(its: Break, progress: Progress, exercise: str) -> str:
    """Return the line on the day after a miss, and after a week and a month: what is left, and one set to begin with.

    `exercise` is one that is open today. Figures of a single day are given where they show how little it cost.
    """
    known, dose = progress.catalogue.get(exercise), progress.prescribed(exercise, progress.today)
    one_set = f" {word(dose._replace(sets=1), known.mode)}" if dose else ""
    start = f"One set is a start: kneetrack log {known.typed}{one_set}"
    name, now = text.clean(progress.catalogue.get(its.exercise).name), text.percent(its.now)
    if its.days > 1:
        ago = "A month" if its.days > days.WEEK else "A week"
        left = (
            f" Your {name} habit is still at {now}; each planned day that you do adds to it."
            if its.now >= _SHOWN
            else ""
        )
        return f"{ago} without exercise: what counts is coming back.{left} {start}"
    kept, whole, before = text.percent(its.kept.share), text.percent(its.whole.share), text.percent(its.before)
    cost = f" It cost little: last 4 weeks {kept} instead of {whole}, {name} habit {now}, was {before}."
    return f"Nothing was logged yesterday; what counts is coming back.{cost if its.is_small else ''} {start}"


def so_far_and_ahead(result: Stats) -> list[str]:
    """Return in a paragraph each what was done so far, pain that has not fallen, and else what to expect now.

    There is nothing to say of one exercise, and where nothing was logged.
    """
    progress, counts, unchanged = result.progress, result.counts, result.unchanged
    if result.exercise or not counts:
        return []
    done = [f"So far: {text.count(counts.total(), 'session')} on {text.count(progress.done.bit_count(), 'day')}"]
    for item in result.shown:
        volume = progress.volume(item)
        done += [so_far(progress.catalogue.get(item), volume)] if volume else []
    sides = any(progress.catalogue.get(item).per_side for item in counts)
    lines = [", ".join(done) + " (left and right both count)" * sides]
    if unchanged:
        pains = f"{unchanged.first:.1f} of 10 in the first two weeks, {unchanged.last:.1f} in the last two"
        lines += [f"Your pain notes show no clear fall: {pains}. {NO_CHANGE}", HOW_JUDGED]
    elif progress.week:
        expected = next(words for last, words in EXPECTED if last is None or progress.week <= last)
        lines.append(f"What to expect: {expected}")
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
