"""The plan: plan and what goes with it, skip, pause, resume."""

from kneetrack.app import pauses, plan
from kneetrack.app.plan_input import Options
from kneetrack.cli import console
from kneetrack.cli.environment import workspace
from kneetrack.domain.errors import WrongUseError
from kneetrack.views import data, planning


def show_plan(
    as_json: bool = False,
    db: str | None = None,
) -> None:
    """Show your plan."""
    with workspace(db) as diary:
        found = plan.show(diary)
    if as_json:
        console.put_json(data.plan(found.progress.plan, found.progress))
        return
    from kneetrack.views.plan import plan as screen

    console.say(screen(found, console.width()))


def plan_when(
    what: list[str] | None = None,
    if_not: str | None = None,
    as_json: bool = False,
    db: str | None = None,
) -> None:
    """Say when you mean to exercise, and what you do if that fails; without words show it."""
    with workspace(db) as diary:
        result = plan.when(diary, what, if_not)
        if as_json:
            console.answer(result.new, (), data.plan_when(result.now))
        else:
            console.answer(result.new, planning.when(result))


def plan_history(
    as_json: bool = False,
    db: str | None = None,
) -> None:
    """Show how your plan changed, newest first, and what is to come."""
    with workspace(db) as diary:
        result = plan.history(diary)
    if as_json:
        console.put_json(data.plan_history(result.periods, result.progress))
        return
    from kneetrack.views.plan import history as screen

    console.say(screen(result.periods, result.progress))


def plan_set(
    what: list[str],
    daily: bool = False,
    every: int | None = None,
    on: str | None = None,
    per_week: int | None = None,
    tempo: str | None = None,
    rest: str | None = None,
    instead_of: str | None = None,
    first: str | None = None,
    db: str | None = None,
) -> None:
    """Set sets, repetitions and schedule of exercises; what is not named stays as it is."""
    given = Options(daily, every, on, per_week, tempo, rest, instead_of, first)
    with workspace(db) as diary:
        result = plan.prescribe(diary, what, given)
        console.answer(result.new, planning.changed(result))


def plan_templates(
    as_json: bool = False,
    db: str | None = None,
) -> None:
    """Show example plans, with their phases and sources."""
    with workspace(db) as diary:
        result = plan.examples(diary)
    if as_json:
        console.put_json(data.templates(result.templates, result.now))
        return
    from kneetrack.views.templates import templates as screen

    console.show(screen(result.templates, result.now, result.progress.catalogue, result.progress.today))


def plan_use(
    template: str,
    first: str | None = None,
    db: str | None = None,
) -> None:
    """Start an example plan: its first phase replaces your plan; undo takes it back."""
    with workspace(db) as diary:
        result = plan.use(diary, template, first)
        console.answer(result.new, planning.changed(result))


def plan_next(
    db: str | None = None,
) -> None:
    """Go on to the next phase of your example plan; what stays in it keeps its sets and reps."""
    with workspace(db) as diary:
        result = plan.go_on(diary)
        console.answer(result.new, planning.changed(result))


def plan_drop(
    what: list[str],
    first: str | None = None,
    db: str | None = None,
) -> None:
    """Take exercises out of your plan; what you did stays."""
    with workspace(db) as diary:
        result = plan.drop(diary, what, first)
        console.answer(result.new, planning.changed(result))


def skip(
    exercise: str | None = None,
    day: str | None = None,
    reason: str | None = None,
    db: str | None = None,
) -> None:
    """Excuse one day: it neither counts nor ends a streak."""
    with workspace(db) as diary:
        result = pauses.skip(diary, exercise, day, reason)
        console.answer(result.new, planning.excused(result))


def pause(
    exercise: str | None = None,
    first: str | None = None,
    until: str | None = None,
    reason: str | None = None,
    listed: bool = False,
    as_json: bool = False,
    db: str | None = None,
) -> None:
    """Excuse days, one exercise or all, until a day or until you resume."""
    if as_json and not listed:
        raise WrongUseError("--json goes with --list.")
    with workspace(db) as diary:
        if listed:
            found = pauses.listed(diary)
            if as_json:
                console.put_json(data.pauses(found.pauses))
            else:
                console.say(planning.pauses(found))
            return
        result = pauses.pause(diary, exercise, first, until, reason)
        console.answer(result.new, planning.excused(result))


def resume(
    exercise: str | None = None,
    db: str | None = None,
) -> None:
    """End the pause of an exercise, or without a name those of all."""
    with workspace(db) as diary:
        console.say(planning.resumed(pauses.resume(diary, exercise)))
