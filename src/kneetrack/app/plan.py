"""The plan: what is in force, what was and will be, and every change of it."""

from collections.abc import Sequence

from kneetrack.app import plan_input
from kneetrack.app.plan_input import Options, Terms
from kneetrack.app.results import ExamplePlans, PlanChanged, PlanHistory
from kneetrack.app.workspace import Diary, Workspace
from kneetrack.domain import plan, templates, text
from kneetrack.domain.plan import Prescription
from kneetrack.domain.progress import Progress, changed
from kneetrack.domain.templates import Position


def show(workspace: Workspace) -> Progress:
    """Return how things stand today, with the plan in force. Raises what opening a diary raises."""
    return workspace.read(lambda diary: diary.this_week())


def history(workspace: Workspace) -> PlanHistory:
    """Return what was and will be in force when, newest first. Raises what opening a diary raises."""
    progress = show(workspace)
    return PlanHistory(tuple(plan.periods(progress.activity.prescriptions)[::-1]), progress)


def examples(workspace: Workspace) -> ExamplePlans:
    """Return the example plans, and the phase of them that is in force. Raises what opening a diary raises."""
    progress = workspace.read(_today_alone)
    position = templates.position(progress.activity.prescriptions, progress.today)
    return ExamplePlans(templates.shipped(), position, progress)


def prescribe(workspace: Workspace, words: Sequence[str], options: Options) -> PlanChanged:
    """Prescribe exercises, each with its dose or without; what is not named stays as it is in force.

    Of what is in force already nothing is written. Raises WrongUseError and its kinds, and what opening a diary raises.
    """
    terms = plan_input.read(words, options)

    def work(diary: Diary) -> PlanChanged:
        before = diary.progress()
        # Of a diary that was not there the screens show the example plan, so that is what the words are about.
        seen = before.with_plan(plan.example(diary.catalogue, diary.today)) if diary.new else before
        return _prescribe(diary, before, plan_input.prescriptions(words, terms, seen), terms)

    return workspace.write(work, example=False)


def drop(workspace: Workspace, words: Sequence[str], first: str | None = None) -> PlanChanged:
    """Take exercises out of the plan from a day on. Raises WrongUseError and its kinds, and what opening raises."""

    def work(diary: Diary) -> PlanChanged:
        before = diary.progress()
        return _prescribe(diary, before, plan_input.drops(words, first, before))

    return workspace.write(work)


def use(workspace: Workspace, name: str, first: str | None = None) -> PlanChanged:
    """Put the first phase of an example plan in the place of what is in force from a day on.

    Raises WrongUseError and its kinds, and what opening a diary raises.
    """
    chosen = templates.find(text.storable(name))

    def place(diary: Diary) -> Position:
        return Position(chosen, 0, plan_input.first_day(first, diary.today))

    return workspace.write(lambda diary: _begin(diary, place(diary), f"plan use {chosen.id}"), example=False)


def go_on(workspace: Workspace) -> PlanChanged:
    """Put the phase after the one in force in its place. Raises NothingToDoError, and what opening a diary raises."""

    def work(diary: Diary) -> PlanChanged:
        place = _following(diary)
        return _begin(diary, place, f"plan next {place.template.id} {place.at + 1}")

    if not workspace.exists():
        workspace.read(_following)
    return workspace.write(work, create=False)


def _following(diary: Diary) -> Position:
    return templates.following(_today_alone(diary).activity.prescriptions, diary.today)


def _today_alone(diary: Diary) -> Progress:
    """Return how things stand with the sessions of today only, for what the plan alone decides."""
    return diary.progress(diary.today, diary.today)


def _prescribe(
    diary: Diary, before: Progress, asked: Sequence[Prescription], terms: Terms | None = None
) -> PlanChanged:
    """Write what was asked for and is not in force already, and return what it changes."""
    held = plan.in_force(before.activity.prescriptions, asked[0].first_day)
    written = [item for item in asked if not item.says_the_same(held.get(item.exercise))]
    if not any(item.dose for item in written):
        command, safety = plan_input.command("plan drop", written, None, before), False
    else:
        command = plan_input.command("plan set", written, terms, before)
        safety = plan.is_example(before.activity.prescriptions, diary.catalogue)
    return _write(diary, command, before, asked, written)._replace(safety=safety)


def _begin(diary: Diary, place: Position, command: str) -> PlanChanged:
    """Write what a phase prescribes, and return what it changes."""
    before = diary.progress()
    held = plan.in_force(before.activity.prescriptions, place.since)
    asked = templates.prescribed(place, diary.catalogue, held)
    return _write(diary, command, before, asked, asked)._replace(phase=place, safety=not place.at)


def _write(
    diary: Diary, command: str, before: Progress, asked: Sequence[Prescription], written: Sequence[Prescription]
) -> PlanChanged:
    """Write prescriptions, and return what they change; `before` holds every day, so that past ones are counted."""
    prescriptions = before.activity.prescriptions
    if written:
        diary.store.prescribe(command, diary.now, written)
    after, start = before.with_plan(written) if written else before, asked[0].first_day
    sets_any = any(item.dose for item in written)
    return PlanChanged(
        tuple(asked),
        tuple(written),
        plan.in_force(prescriptions, start),
        {item.exercise: plan.next_after(prescriptions, item) for item in asked},
        changed(before, after).bit_count(),
        plan.crowded(after.activity.prescriptions, start) if sets_any else None,
        after,
        diary.new,
    )
