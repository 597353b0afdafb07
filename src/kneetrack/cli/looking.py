"""Looking: stats."""

from collections import Counter
from datetime import timedelta
from typing import Annotated

import typer

from kneetrack import milestones
from kneetrack.cli import complete, console, diary, options
from kneetrack.cli.diary import Diary
from kneetrack.milestones import Unchanged
from kneetrack.progress import Progress
from kneetrack.render import data


def stats(
    exercise: Annotated[
        str | None, typer.Argument(help="Only this exercise.", autocompletion=complete.exercises)
    ] = None,
    as_json: options.AsJson = False,
    db: options.Db = None,
) -> None:
    """Show streaks, adherence and habit, by exercise."""
    with diary.reading(db) as book:
        progress = book.progress()
        listed = list(progress.standings)
        if exercise:
            listed = [book.catalogue.find(exercise, book.program(), parts=True).id]
        unchanged = _unchanged(book, progress) if not as_json else None
    amounts = progress.ledger.amounts
    counts = Counter(amount.exercise for amount in amounts if amount.day <= progress.today)
    if as_json:
        console.put_json(data.stats(progress, listed, counts))
        return
    from kneetrack.render.stats import stats as screen

    console.show(screen(progress, listed, counts, console.width()))
    if not exercise:
        from kneetrack.render import keeping_at_it

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
