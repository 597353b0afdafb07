"""Progress: score."""

from kneetrack.app import scores
from kneetrack.cli import console
from kneetrack.cli.environment import workspace
from kneetrack.domain.errors import WrongUseError


def score(
    what: list[str] | None = None,
    day: str | None = None,
    as_json: bool = False,
    db: str | None = None,
) -> None:
    """Enter a score, or show how the scores changed."""
    if what:
        _enter(what, day, db, as_json=as_json)
        return
    if day:
        raise WrongUseError("--day goes with a score: kneetrack score nprs 3 -d yesterday")
    with workspace(db) as diary:
        result = scores.show(diary)
    if as_json:
        from kneetrack.views import data

        console.put_json(data.scores(result))
        return
    from kneetrack.views import scores as screen

    console.say(screen.courses(result, console.width()))


def _enter(what: list[str], day: str | None, db: str | None, *, as_json: bool) -> None:
    with workspace(db) as diary:
        result = scores.enter(diary, what, day)
    if as_json:
        from kneetrack.views import data

        console.answer(result.new, (), data.entered(result))
        return
    from kneetrack.views import scores as screen

    console.answer(result.new, screen.entered(result, console.width()))
