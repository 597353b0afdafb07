"""Days that are excused: skip, pause, resume."""

from datetime import date

from kneetrack.app import plan_input, session_input
from kneetrack.app.results.pauses import Excused, Pauses, Resumed
from kneetrack.app.workspace import Diary, Workspace
from kneetrack.domain import plan, text
from kneetrack.domain.catalogue import Exercise
from kneetrack.domain.errors import DayError, NothingToDoError, WrongUseError
from kneetrack.domain.plan import Pause
from kneetrack.domain.progress import Progress
from kneetrack.domain.records import MAX_NOTE


def skip(
    workspace: Workspace, exercise: str | None = None, day: str | None = None, reason: str | None = None
) -> Excused:
    """Excuse one day, of one exercise or of all; what a pause excuses already is not written.

    Raises WrongUseError and its kinds, and what opening a diary raises.
    """

    def work(diary: Diary) -> Excused:
        on = text.read_day(day, diary.today) if day else diary.today
        return _excuse(diary, "skip", _pause(exercise, on, on, reason, diary))

    return workspace.write(work)


def pause(
    workspace: Workspace,
    exercise: str | None = None,
    first: str | None = None,
    until: str | None = None,
    reason: str | None = None,
) -> Excused:
    """Excuse days from one to another, or until they are resumed; what a pause excuses already is not written.

    Raises WrongUseError and its kinds, and what opening a diary raises.
    """

    def work(diary: Diary) -> Excused:
        start = plan_input.first_day(first, diary.today)
        end = text.read_day(until, diary.today, ahead=max(start, diary.today)) if until else None
        if end and end < start:
            shown = text.show_day(end, diary.today), text.show_day(start, diary.today)
            raise DayError(f"--until {shown[0]} is before --from {shown[1]}; both ends count.")
        return _excuse(diary, "pause", _pause(exercise, start, end, reason, diary))

    return workspace.write(work)


def resume(workspace: Workspace, exercise: str | None = None) -> Resumed:
    """End the pauses of an exercise that cover today, or without a name those of all, with yesterday.

    Raises NothingToDoError where there is none, and what opening a diary raises.
    """

    def work(diary: Diary) -> Resumed:
        known = diary.catalogue.find(text.storable(exercise), diary.plan()) if exercise else None
        progress = diary.this_week()
        running = [item for item in progress.pauses_today() if item.exercise == (known.id if known else None)]
        if not running:
            raise NothingToDoError(_not_paused(known, progress, diary))
        cut, gone = plan.ended(running, diary.today)
        diary.store.resume(f"resume {known.typed if known else session_input.ALL}", diary.now, cut, gone)
        return Resumed(known, diary.recent())

    return workspace.write(work, create=False)


def listed(workspace: Workspace) -> Pauses:
    """Return all pauses, newest first day first. Raises what opening a diary raises."""

    def work(diary: Diary) -> Pauses:
        progress = diary.this_week()
        found = sorted(progress.activity.pauses, key=lambda item: item.first, reverse=True)
        return Pauses(tuple(found), diary.store.shorten(item.uid for item in found), progress)

    return workspace.read(work)


def _pause(word: str | None, first: date, last: date | None, reason: str | None, diary: Diary) -> Pause:
    """Return a pause that is not yet written."""
    if reason and len(text.storable(reason)) > MAX_NOTE:
        raise WrongUseError(f"A reason has at most {MAX_NOTE} characters, and this one {len(reason)}.")
    known = diary.catalogue.find(text.storable(word), diary.plan()) if word else None
    return Pause("", known.id if known else None, first, last, session_input.stored(reason))


def _excuse(diary: Diary, verb: str, item: Pause) -> Excused:
    """Write a pause, unless one that is there makes it idle."""
    before = diary.this_week()
    there = plan.made_idle_by(before.activity.pauses, item)
    written = there or _write(diary, verb, item)
    (short,) = diary.store.shorten([written.uid]).values()
    planned = item.exercise is None or plan.is_planned(
        before.activity.prescriptions, item.exercise, item.first, item.last
    )
    after = before if there else diary.recent()
    return Excused(written, short, verb == "skip", there is None, planned, after, diary.new)


def _write(diary: Diary, verb: str, item: Pause) -> Pause:
    name = diary.catalogue.get(item.exercise).typed if item.exercise else session_input.ALL
    since = f" {item.first}" if item.first != diary.today else ""
    (written,) = diary.store.pause(f"{verb} {name}{since}", diary.now, [item])
    return written


def _not_paused(known: Exercise | None, progress: Progress, diary: Diary) -> str:
    """Return the sentence for a resume that ends nothing, and what the person may have meant."""
    wanted, name = (known.id, text.clean(known.name)) if known else (None, "")
    not_paused = f"{name} is not paused" if known else "Nothing is paused"
    later = [item for item in progress.activity.pauses if item.exercise == wanted and item.first > progress.today]
    others = [diary.catalogue.get(item.exercise).typed for item in progress.pauses_today() if item.exercise]
    if later:
        (short,) = diary.store.shorten([later[0].uid]).values()
        first = text.show_day(later[0].first, progress.today)
        return f"{not_paused} today. To remove the pause that begins on {first}: kneetrack rm {short}"
    if known and any(item.exercise is None for item in progress.pauses_today()):
        return f"Not {name} alone, everything is paused. To end that: kneetrack resume"
    if not known and others:
        return f"Only single exercises are paused. To end one: kneetrack resume {others[0]}"
    return f"{not_paused}."
