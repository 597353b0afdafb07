"""What is answered to a change of the plan, a skip, a pause and a resume: plain lines, without Rich."""

from collections.abc import Iterable

from kneetrack.app.results.pauses import Excused, Pauses, Resumed
from kneetrack.app.results.plan import PlanChanged, When
from kneetrack.domain import text
from kneetrack.domain.plan import Pause
from kneetrack.domain.progress import Progress
from kneetrack.views import answer, phrases
from kneetrack.views.answer import SAFETY_FIRST
from kneetrack.views.lines import Line, Span


def changed(result: PlanChanged) -> list[Line]:
    """Return what changes from when, how many past days it reaches, what is left today, the streak, and hints."""
    if result.phase:
        start = text.show_day(result.phase.since, result.progress.today)
        first = f"{phrases.phase(result.phase)}, from {start}"
        more = phrases.turned(result.written, result.held, result.progress.catalogue)
    else:
        first, *more = _changes(result)
    more += _past(result)
    return _answer(first, result.progress, undo=result.wrote, more=more, hints=_hints(result))


def when(result: When) -> list[Line]:
    """Return when the person means to exercise, or how to say it, and that it was written."""
    if result.now:
        said = f"When you exercise: {result.now.shown}"
    elif result.wrote:
        said = "Removed: when you exercise"
    else:
        said = "You have not said when you exercise. For example: kneetrack plan when 'after brushing teeth'"
    return [[Span(said, "name"), answer.UNDO]] if result.wrote else [[Span(said)]]


def excused(result: Excused) -> list[Line]:
    """Return which days are excused, or that they are already."""
    progress, item = result.progress, result.pause
    said = phrases.pause(item, _name(item, progress), progress.today)
    if not result.wrote:
        kind = "skipped" if item.first == item.last else "paused"
        return [[Span(f"No change: already {kind} {said}. To remove it: kneetrack rm {result.short}")]]
    idle = "" if result.planned else ", which is not in the plan then"
    if result.skipped:
        first, how = f"Skipped {said}{idle}", "To take it back: kneetrack undo"
    elif item.last is None:
        first, how = f"Paused {said}{idle}", f"To end it: kneetrack resume{_typed(item, progress)}"
    else:
        first, how = f"Paused {said}{idle}", "To take it back: kneetrack undo"
    return [
        [Span(first, "name"), Span(f" · {result.short}", "quiet"), Span(f". {how}")],
        [Span(f"  {phrases.left_today(progress)}")],
        answer.closing(progress),
    ]


def resumed(result: Resumed) -> list[Line]:
    """Return what goes on from today."""
    name = text.clean(result.exercise.name) if result.exercise else "everything"
    today = result.progress.today
    return answer.wrote(f"Resumed from {text.show_day(today, today)}: {name}", result.progress, undo=False)


def pauses(found: Pauses) -> list[Line]:
    """Return a line for each pause."""
    progress = found.progress
    if not found.pauses:
        return [[Span("Nothing is paused. For example: kneetrack pause --until sun --reason travel")]]
    return [
        [
            Span(f"{found.shorts[item.uid]}  ", "quiet"),
            Span(phrases.pause(item, _name(item, progress), progress.today)),
        ]
        for item in found.pauses
    ]


def _answer(
    first: str, progress: Progress, *, undo: bool = True, more: Iterable[str] = (), hints: Iterable[str] = ()
) -> list[Line]:
    """Return a first line with how to take the change back, more of it, what is left today, the streak, and hints."""
    head, *rest = answer.wrote(first, progress, undo=undo)
    more_lines, hint_lines = ([Span(f"  {line}")] for line in more), ([Span(f"  {hint}", "quiet")] for hint in hints)
    return [head, *more_lines, *rest, *hint_lines]


def _changes(result: PlanChanged) -> list[str]:
    """Return a line for each exercise: what changes from when, and until when where another prescription ends it."""
    progress = result.progress
    return [
        phrases.change(
            progress.catalogue.get(item.exercise),
            item,
            result.held.get(item.exercise),
            result.following[item.exercise],
            progress.today,
        )
        for item in result.asked
    ]


def _past(result: PlanChanged) -> list[str]:
    """Return the line that says how many past days count otherwise; none where none could."""
    if result.past_days:
        days, are = text.count(result.past_days, "past day"), "is" if result.past_days == 1 else "are"
        return [f"This changes how {days} {are} counted. To see them: kneetrack calendar"]
    reaches_back = any(item.first_day < result.progress.today for item in result.written)
    return ["No past day is counted differently."] if reaches_back else []


def _hints(result: PlanChanged) -> list[str]:
    """Return what to know of a change: why it begins tomorrow, that days are full, and where the warning signs are."""
    done = [text.clean(result.progress.catalogue.get(exercise).name) for exercise in result.done_today]
    were, its = ("was", "its") if len(done) == 1 else ("were", "their")
    today = "." if result.phase and result.phase.at else "; to begin today, add --from today."
    later = [f"{' and '.join(done)} {were} done today, so {its} change begins tomorrow{today}"] if done else []
    easier = "fewer are easier to keep up. It is your choice."
    full = [f"That makes {result.crowded} exercises on a day; {easier}"] if result.crowded else []
    return [*_early(result), *later, *full, *([SAFETY_FIRST] if result.safety else [])]


def _early(result: PlanChanged) -> list[str]:
    """Return the line for a phase that was left before its weeks were up."""
    ended, today = result.ended, result.progress.today
    if not ended or not ended.phase.weeks or ended.is_over(today):
        return []
    return [f"You left phase {ended.at + 1} on {phrases.day_of_phase(ended, today)}. To go back: kneetrack undo"]


def _name(item: Pause, progress: Progress) -> str:
    """Return the name of what a pause is about."""
    return "everything" if item.exercise is None else progress.catalogue.get(item.exercise).name


def _typed(item: Pause, progress: Progress) -> str:
    """Return what a pause is about as it is typed after a command, nothing for all."""
    return f" {progress.catalogue.get(item.exercise).typed}" if item.exercise else ""
