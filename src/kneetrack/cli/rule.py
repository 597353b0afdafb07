"""Plan: the person's own rules of when to go on."""

from kneetrack.app import rules
from kneetrack.cli import console
from kneetrack.cli.environment import workspace
from kneetrack.views import rules as answers


def rule(
    as_json: bool = False,
    db: str | None = None,
) -> None:
    """Show your own rules of when to go on, how they stand and why."""
    with workspace(db) as diary:
        found = rules.show(diary)
    if as_json:
        from kneetrack.views import data

        console.put_json(data.rules(found))
        return
    console.say(answers.listed(found))


def rule_set(
    exercise: str,
    reps: str | None = None,
    hold: str | None = None,
    sessions: int | None = None,
    max_pain: int | None = None,
    morning_not_worse: bool = False,
    max_effort: int | None = None,
    then: str | None = None,
    db: str | None = None,
) -> None:
    """Set a rule of your own: what the last sessions of an exercise must be like, and what comes then."""
    given = rules.Given(reps, hold, sessions, max_pain, morning_not_worse, max_effort, then)
    with workspace(db) as diary:
        result = rules.put(diary, exercise, given)
        console.answer(result.new, answers.written(result))


def rule_drop(
    exercise: str,
    db: str | None = None,
) -> None:
    """Drop the rule of an exercise."""
    with workspace(db) as diary:
        console.say(answers.dropped(rules.drop(diary, exercise)))


def rule_quiet(
    exercise: str,
    until: str | None = None,
    db: str | None = None,
) -> None:
    """Say nothing of the rule of an exercise until a day, itself included."""
    with workspace(db) as diary:
        result = rules.quiet(diary, exercise, until)
        console.answer(result.new, answers.written(result))
