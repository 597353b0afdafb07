"""Every day: pain."""

from kneetrack.app import pain as app_pain
from kneetrack.cli import console
from kneetrack.cli.environment import workspace


def pain(
    pain: int | None = None,
    moments: list[str] | None = None,
    side: str | None = None,
    note: str | None = None,
    day: str | None = None,
    at: str | None = None,
    as_json: bool = False,
    db: str | None = None,
) -> None:
    """Note pain apart from exercise, or something about a day; without words show the last two weeks."""
    if (pain, moments, side, note, day, at) == (None,) * 6:
        _show(db, as_json=as_json)
        return
    with workspace(db) as diary:
        result = app_pain.note(diary, pain, app_pain.Given(moments, side, note, day, at))
    if as_json:
        from kneetrack.views import data

        console.answer(result.new, (), data.noted_pain(result))
        return
    from kneetrack.views import pain as answers

    console.answer(result.new, answers.answer(result, console.width()))


def _show(db: str | None, *, as_json: bool) -> None:
    with workspace(db) as diary:
        result = app_pain.show(diary)
    if as_json:
        from kneetrack.views import data

        console.put_json(data.pain_days(result))
        return
    from kneetrack.views import pain_days as screen

    console.say(screen.overview(result, console.width()))
