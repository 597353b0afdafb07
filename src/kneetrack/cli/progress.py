"""Looking: stats, calendar, explain."""

from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING, cast

from kneetrack.cli import console, diary
from kneetrack.cli.diary import Diary
from kneetrack.domain import milestones, text
from kneetrack.domain.errors import WrongUseError
from kneetrack.domain.milestones import Unchanged
from kneetrack.domain.progress import Progress
from kneetrack.views import data

if TYPE_CHECKING:
    from kneetrack.domain.explanations import Topic

MOST_MONTHS = 120
MONTHS_OF_A_YEAR = 12


def stats(
    exercise: str | None = None,
    as_json: bool = False,
    db: str | None = None,
) -> None:
    """Show streaks, adherence and habit, by exercise and by week."""
    with diary.reading(db) as book:
        progress = book.progress()
        chosen = _chosen(exercise, book)
        unchanged = _unchanged(book, progress) if not (as_json or chosen) else None
    listed = [chosen] if chosen else list(progress.standings)
    amounts = progress.activity.amounts
    counts = Counter(amount.exercise for amount in amounts if amount.day <= progress.today)
    if as_json:
        console.put_json(data.stats(progress, listed, counts))
        return
    from kneetrack.views import encouragement as keeping_at_it
    from kneetrack.views import stats as screens

    if chosen:
        console.show(screens.exercise_stats(progress, chosen, counts[chosen], console.width()))
        return
    console.show(screens.stats(progress, listed, counts, console.width()))
    console.say(keeping_at_it.block(progress, counts, unchanged))


def _unchanged(book: Diary, progress: Progress) -> Unchanged | None:
    """Return the person's own pain notes when they have not fallen in eight weeks that were kept."""
    if progress.began is None or not milestones.is_kept(progress):
        return None
    within = timedelta(milestones.COMPARED_DAYS - 1)
    ranges = ((progress.began, progress.began + within), (book.today - within, book.today))
    first, last = (
        [session.pain for session in book.door.sessions(*both) if session.pain is not None] for both in ranges
    )
    return milestones.unchanged(first, last)


def calendar(
    exercise: str | None = None,
    months: int | None = None,
    as_json: bool = False,
    db: str | None = None,
) -> None:
    """Show the last months, a mark a day: of the whole program, or of one exercise."""
    months = 3 if months is None else months
    if not 1 <= months <= MOST_MONTHS:
        raise WrongUseError(f"--months takes 1 to {MOST_MONTHS} months, not {months}.")
    with diary.reading(db) as book:
        first = _months_ago(book.today, months - 1)
        progress = book.progress(diary.monday(first), diary.monday(first))
        chosen = _chosen(exercise, book)
    if as_json:
        console.put_json(data.calendar(progress, chosen, first))
        return
    from kneetrack.views.calendar import calendar as screen

    console.show(screen(progress, chosen, first, console.width()))


def explain(
    topic: str,
    exercise: str | None = None,
    as_json: bool = False,
    db: str | None = None,
) -> None:
    """Explain a number: its rule, and your own last days worked through by it."""
    if topic not in ("streak", "adherence", "habit"):
        raise WrongUseError(f"There is nothing to explain named “{text.clean(topic)}”: streak, adherence or habit.")
    with diary.reading(db) as book:
        progress = book.progress()
        chosen = _chosen(exercise, book)
    if as_json:
        console.put_json(_explained(cast("Topic", topic), progress, chosen))
        return
    from kneetrack.views.explain import explain as screen

    console.show(screen(cast("Topic", topic), progress, chosen, console.width()))


def _explained(topic: "Topic", progress: Progress, exercise: str | None) -> data.Json:
    """Return what explain works through, for programs."""
    from kneetrack.domain import explanations as worked

    rule = worked.RULES[topic]
    match topic:
        case "streak":
            return data.explain_streak(progress, exercise, rule, worked.run(progress, exercise))
        case "adherence":
            return data.explain_adherence(progress, exercise, rule, worked.counted(progress, exercise))
        case "habit":
            return data.explain_habit(progress, exercise, rule, worked.habits(progress, exercise))


def _chosen(word: str | None, book: Diary) -> str | None:
    """Return the exercise that a word names, if there is one."""
    return book.catalogue.find(word, book.program(), parts=True).id if word else None


def _months_ago(today: date, months: int) -> date:
    """Return the first day of the month that lies so many months before today's."""
    count = today.year * MONTHS_OF_A_YEAR + today.month - 1 - months
    return date(count // MONTHS_OF_A_YEAR, count % MONTHS_OF_A_YEAR + 1, 1)
