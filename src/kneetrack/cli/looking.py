"""Looking: stats."""

from collections import Counter
from typing import Annotated

import typer

from kneetrack.cli import complete, console, diary, options
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
    amounts = progress.ledger.amounts
    counts = Counter(amount.exercise for amount in amounts if amount.day <= progress.today)
    if as_json:
        console.put_json(data.stats(progress, listed, counts))
        return
    from kneetrack.render.stats import stats as screen

    console.show(screen(progress, listed, counts, console.width()))
