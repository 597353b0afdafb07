"""Progress: stats, calendar, explain."""

from kneetrack.app import overview
from kneetrack.cli import console
from kneetrack.cli.environment import workspace
from kneetrack.domain.errors import WrongUseError
from kneetrack.views import data

PAIN, RULE = "pain", "rule"
"""What stats and explain take in place of an exercise or a number."""


def stats(
    exercise: str | None = None,
    everything: bool = False,
    weeks: int | None = None,
    as_json: bool = False,
    db: str | None = None,
) -> None:
    """Show streaks, adherence, dose, habit and pain, by exercise and by week; or pain alone, as a chart."""
    if exercise == PAIN:
        _pain_by_week(weeks, db, as_json=as_json)
        return
    if weeks is not None:
        raise WrongUseError("--weeks goes with pain: kneetrack stats pain --weeks 26")
    with workspace(db) as diary:
        result = overview.stats(diary, exercise, everything=everything)
    if as_json:
        console.put_json(data.stats(result))
        return
    from kneetrack.views.stats import stats as screen

    console.show(screen(result, console.width()))


def calendar(
    exercise: str | None = None,
    months: int | None = None,
    as_json: bool = False,
    db: str | None = None,
) -> None:
    """Show the last months, a mark a day: of the whole plan, or of one exercise."""
    with workspace(db) as diary:
        result = overview.calendar(diary, exercise, months)
    if as_json:
        console.put_json(data.calendar(result))
        return
    from kneetrack.views.calendar import calendar as screen

    console.show(screen(result, console.width()))


def explain(
    topic: str,
    exercise: str | None = None,
    as_json: bool = False,
    db: str | None = None,
) -> None:
    """Explain a number: its rule, and your own last days worked through by it."""
    if topic in {PAIN, RULE}:
        (_explain_pain if topic == PAIN else _explain_rule)(exercise, db, as_json=as_json)
        return
    with workspace(db) as diary:
        result = overview.explain(diary, topic, exercise)
    if as_json:
        console.put_json(data.explain(result))
    else:
        from kneetrack.views.explain import explain as screen

        console.show(screen(result, console.width()))
    if result.progress is None:
        console.say_unread("your own days are left out", as_json=as_json)


def _explain_pain(exercise: str | None, db: str | None, *, as_json: bool) -> None:
    from kneetrack.app import pain as app_pain

    if exercise:
        raise WrongUseError("Pain is explained of whole days: leave the exercise out.")
    with workspace(db) as diary:
        result, was_read = app_pain.explained(diary)
    if as_json:
        console.put_json(data.pain_explained(result))
    else:
        from kneetrack.views import pain_days as screen

        console.say(screen.explained(result, console.width()))
    if not was_read:
        console.say_unread("your own days are left out", as_json=as_json)


def _explain_rule(exercise: str | None, db: str | None, *, as_json: bool) -> None:
    from kneetrack.app import rules

    with workspace(db) as diary:
        result, was_read = rules.explained(diary, exercise)
    if as_json:
        console.put_json(data.rules_explained(result, exercise))
    else:
        from kneetrack.views import rules as screen

        console.say(screen.explained(result, console.width()))
    if not was_read:
        console.say_unread("your own days are left out", as_json=as_json)


def _pain_by_week(weeks: int | None, db: str | None, *, as_json: bool) -> None:
    from kneetrack.app import pain as app_pain

    with workspace(db) as diary:
        result = app_pain.by_week(diary, weeks)
    if as_json:
        console.put_json(data.pain_weeks(result))
        return
    from kneetrack.views import pain_days as screen

    console.say(screen.by_week(result, console.width()))
