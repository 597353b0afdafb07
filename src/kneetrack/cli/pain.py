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
    """Note pain apart from exercise, or something about a day."""
    with workspace(db) as diary:
        result = app_pain.note(diary, pain, app_pain.Given(moments, side, note, day, at))
    if as_json:
        from kneetrack.views import data

        console.answer(result.new, (), data.noted_pain(result))
        return
    from kneetrack.views import pain as answers

    console.answer(result.new, answers.answer(result, console.width()))
