"""Learn: exercises, show, add, why, safety."""

from kneetrack.app import exercises as app_exercises
from kneetrack.cli import console
from kneetrack.cli.environment import workspace
from kneetrack.domain.filters import Filters
from kneetrack.views import answer, data

_YOURS_LEFT_OUT = "your own exercises and sessions are left out"


def exercises(
    word: str | None = None,
    muscle: str | None = None,
    equipment: str | None = None,
    level: str | None = None,
    knee_load: str | None = None,
    long: bool = False,
    as_json: bool = False,
    db: str | None = None,
) -> None:
    """List the exercises that can be logged."""
    with workspace(db) as diary:
        wanted = Filters(word, muscle, equipment, level, knee_load)
        result = app_exercises.listed(diary, wanted, with_mine=as_json)
    if as_json:
        console.put_json(data.exercises(result))
    else:
        from kneetrack.views.exercises import exercises as screen

        console.show(screen(result, console.width(), long=long))
    if result.unread:
        console.say_unread(_YOURS_LEFT_OUT, as_json=as_json)


def show(
    exercise: str,
    with_sources: bool = False,
    as_json: bool = False,
    db: str | None = None,
) -> None:
    """Show how an exercise is done, for whom its dose was published, and your last time."""
    with workspace(db) as diary:
        result = app_exercises.show(diary, exercise)
    if as_json:
        console.put_json(data.exercises(result))
    else:
        from kneetrack.views.exercises import show as screen

        console.show(screen(result, console.width(), with_sources=with_sources))
    if result.unread:
        console.say_unread(_YOURS_LEFT_OUT, as_json=as_json)


def add(
    name: str,
    per_side: bool = False,
    hold: bool = False,
    db: str | None = None,
) -> None:
    """Add an exercise of your own."""
    with workspace(db) as diary:
        result = app_exercises.add(diary, name, per_side=per_side, hold=hold)
        console.answer(result.new, answer.added(result))


def why(
    as_json: bool = False,
) -> None:
    """Say why these exercises, what trials found and did not find, and how long it takes."""
    if as_json:
        console.put_json(data.why())
        return
    from kneetrack.views.why import why as screen

    console.show(screen(console.width()))


def safety(
    as_json: bool = False,
    db: str | None = None,
) -> None:
    """Say when to stop, and which signs need a clinician."""
    with workspace(db) as diary:
        limit, unread = app_exercises.pain_limit(diary)
    if as_json:
        console.put_json(data.safety(limit))
    else:
        from kneetrack.views.safety import safety as screen

        console.show(screen(limit, console.width()))
    if unread:
        console.say_unread("the pain limit is the usual one", as_json=as_json)
