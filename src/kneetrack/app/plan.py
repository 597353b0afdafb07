"""The plan: what is in force, what was and will be, and every change of it."""

from collections.abc import Sequence

from kneetrack.app import plan_input
from kneetrack.app.plan_input import Options, Terms
from kneetrack.app.results.plan import ExamplePlans, PlanChanged, PlanHistory, ThePlan, When
from kneetrack.app.workspace import Diary, Workspace
from kneetrack.domain import plan, settings, templates, text
from kneetrack.domain.errors import WrongUseError
from kneetrack.domain.plan import Prescription
from kneetrack.domain.progress import Progress, changed
from kneetrack.domain.settings import WhenThen
from kneetrack.domain.templates import Position


def show(workspace: Workspace) -> ThePlan:
    """Return the plan in force, with how things stand today. Raises what opening a diary raises."""
    return workspace.read(_show)


def _show(diary: Diary) -> ThePlan:
    progress = diary.this_week()
    return ThePlan(progress, diary.settings.when, templates.position(progress.activity.prescriptions, diary.today))


def when(workspace: Workspace, words: Sequence[str] | None, if_not: str | None) -> When:
    """Write when the person means to exercise, and what they do if that fails; without words return what they said.

    What is not named stays; `none` takes it back. Raises WrongUseError, and what opening a diary raises.
    """
    if words is None and if_not is None:
        return workspace.read(lambda diary: When(diary.settings.when, diary.settings.when, None, wrote=False))
    said = {} if words is None else {"when": _said(" ".join(words))}
    said |= {} if if_not is None else {"if_not": _said(if_not)}
    if "when" in said and said["when"] is None:
        if said.get("if_not"):
            raise WrongUseError("Either take back when you exercise, or say what you do if that fails.")
        said["if_not"] = None
    return workspace.write(lambda diary: _when(diary, said))


def _said(words: str) -> str | None:
    return None if words.strip().lower() == "none" else settings.when_text(words)


def _when(diary: Diary, said: dict[str, str | None]) -> When:
    before = diary.settings.when
    held = before._asdict() if before else dict.fromkeys(WhenThen._fields)
    changed = {key: value for key, value in said.items() if held[key] != value}
    if not before and not said.get("when") and changed:
        raise WrongUseError("Say first when you mean to exercise: kneetrack plan when 'after brushing teeth'")
    if changed:
        diary.store.put_settings(
            "plan when" if said.get("when", "") is not None else "plan when none", diary.now, changed
        )
    return When(diary.anew().settings.when, before, diary.new, wrote=bool(changed))


def history(workspace: Workspace) -> PlanHistory:
    """Return what was and will be in force when, newest first. Raises what opening a diary raises."""
    progress = show(workspace).progress
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
        result = _prescribe(diary, before, plan_input.prescriptions(words, terms, seen), terms)
        return result if terms.first else _undated(result)

    return workspace.write(work, example=False)


def drop(workspace: Workspace, words: Sequence[str], first: str | None = None) -> PlanChanged:
    """Take exercises out of the plan from a day on. Raises WrongUseError and its kinds, and what opening raises."""

    def work(diary: Diary) -> PlanChanged:
        before = diary.progress()
        result = _prescribe(diary, before, plan_input.drops(words, first, before))
        return result if first else _undated(result)

    return workspace.write(work)


def use(workspace: Workspace, name: str, first: str | None = None) -> PlanChanged:
    """Put the first phase of an example plan in the place of what is in force from a day on.

    Raises WrongUseError and its kinds, and what opening a diary raises.
    """
    chosen = templates.find(text.storable(name))

    def work(diary: Diary) -> PlanChanged:
        place = Position(chosen, 0, plan_input.first_day(first, diary.today))
        return _begin(diary, place, f"plan use {chosen.id}", dated=bool(first))

    return workspace.write(work, example=False)


def go_on(workspace: Workspace) -> PlanChanged:
    """Put the phase after the one in force in its place. Raises NothingToDoError, and what opening a diary raises."""

    def work(diary: Diary) -> PlanChanged:
        ended, place = templates.position(_prescriptions(diary), diary.today), _following(diary)
        done = _begin(diary, place, f"plan next {place.template.id} {place.at + 1}", dated=False)
        return done._replace(ended=ended)

    if not workspace.exists():
        workspace.read(_following)
    return workspace.write(work, create=False)


def _following(diary: Diary) -> Position:
    return templates.following(_prescriptions(diary), diary.today)


def _prescriptions(diary: Diary) -> tuple[Prescription, ...]:
    return _today_alone(diary).activity.prescriptions


def _today_alone(diary: Diary) -> Progress:
    """Return how things stand with the sessions of today only, for what the plan alone decides."""
    return diary.progress(diary.today, diary.today)


def _prescribe(
    diary: Diary, before: Progress, asked: Sequence[Prescription], terms: Terms | None = None
) -> PlanChanged:
    """Write what was asked for and is not in force already, and return what it changes."""
    held = _held(before, asked)
    written = [item for item in asked if not item.says_the_same(held.get(item.exercise))]
    if not any(item.dose for item in written):
        command, safety = plan_input.command("plan drop", written, None, before), False
    else:
        command = plan_input.command("plan set", written, terms, before)
        safety = plan.is_example(before.activity.prescriptions, diary.catalogue)
    return _write(diary, command, before, asked, written)._replace(safety=safety)


def _begin(diary: Diary, place: Position, command: str, *, dated: bool) -> PlanChanged:
    """Write what a phase prescribes, and return what it changes.

    Without a date all of it begins tomorrow when anything that it changes was done today.
    """
    before = diary.progress()
    asked = _phase(place, before)
    if not dated:
        place = place._replace(since=max(before.change_begins(item.exercise) for item in asked))
        asked = _phase(place, before)
    result = _write(diary, command, before, asked, asked)._replace(phase=place, safety=not place.at)
    return result if dated else _undated(result)


def _undated(result: PlanChanged) -> PlanChanged:
    """Return a change that named no day, with what was done today of what it writes."""
    progress = result.progress
    done = [item.exercise for item in result.written if progress.change_begins(item.exercise) > progress.today]
    return result._replace(done_today=tuple(done))


def _phase(place: Position, progress: Progress) -> list[Prescription]:
    """Return what a phase prescribes from its first day on."""
    held = plan.in_force(progress.activity.prescriptions, place.since)
    return templates.prescribed(place, progress.catalogue, held)


def _held(progress: Progress, asked: Sequence[Prescription]) -> dict[str, Prescription]:
    """Return what is in force: of the exercises asked for on the first day of each, of the others on the earliest."""
    prescriptions = progress.activity.prescriptions
    found = plan.in_force(prescriptions, min(item.first_day for item in asked))
    for item in asked:
        on_its_day = plan.in_force(prescriptions, item.first_day)
        found |= {item.exercise: on_its_day[item.exercise]} if item.exercise in on_its_day else {}
    return found


def _write(
    diary: Diary, command: str, before: Progress, asked: Sequence[Prescription], written: Sequence[Prescription]
) -> PlanChanged:
    """Write prescriptions, and return what they change; `before` holds every day, so that past ones are counted."""
    prescriptions = before.activity.prescriptions
    if written:
        diary.store.prescribe(command, diary.now, written)
    after = before.with_plan(written)
    crowded = plan.crowded(after.activity.prescriptions, min(item.first_day for item in asked))
    return PlanChanged(
        tuple(asked),
        tuple(written),
        _held(before, asked),
        {item.exercise: plan.next_after(prescriptions, item) for item in asked},
        changed(before, after).bit_count(),
        crowded if any(item.dose for item in written) else None,
        after,
        diary.new,
    )
