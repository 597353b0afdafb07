"""The exercises that can be logged: which there are, one of them, and adding one's own."""

from collections.abc import Callable, Sequence

from kneetrack.app.results.exercises import Added, Known, Mine, PainLimit
from kneetrack.app.workspace import Diary, Workspace
from kneetrack.domain import names, settings, text
from kneetrack.domain.catalogue import Catalogue, Exercise
from kneetrack.domain.errors import (
    AmbiguousExerciseError,
    KneetrackError,
    NothingToDoError,
    UnknownExerciseError,
    WrongUseError,
)
from kneetrack.domain.filters import Filters
from kneetrack.domain.progress import Progress
from kneetrack.domain.records import lines_of


def listed(workspace: Workspace, filters: Filters, *, with_mine: bool = False) -> Known:
    """Return the exercises that fit, and `with_mine` what the person has of each.

    Where the diary cannot be read they are those of the catalogue. Raises WrongUseError for a filter that means
    nothing, and where nothing fits NothingToDoError or what opening the diary raised.
    """
    filters.check()

    def choose(catalogue: Catalogue, _: Sequence[str]) -> list[Exercise]:
        found = filters.chosen(catalogue)
        if not found:
            raise NothingToDoError("No exercise fits all of that. To see them all: kneetrack exercises.")
        return found

    return _known(workspace, choose, with_mine=with_mine)


def show(workspace: Workspace, word: str) -> Known:
    """Return the exercise that a word names, and what the person has of it.

    Where the diary cannot be read it is one of the catalogue. Raises UnknownExerciseError or AmbiguousExerciseError,
    and for a word that names none of the catalogue what opening the diary raised.
    """
    return _known(workspace, lambda catalogue, plan: [catalogue.find(word, plan, parts=True)], with_mine=True)


def _known(
    workspace: Workspace, choose: Callable[[Catalogue, Sequence[str]], list[Exercise]], *, with_mine: bool
) -> Known:
    """Return what is chosen of the person's and the catalogue's exercises, given those in the plan."""

    def work(diary: Diary) -> Known:
        found = choose(diary.catalogue, diary.plan())
        mine = {}
        if with_mine:
            progress = diary.progress(diary.today)
            mine = {item.id: _mine(item, diary, progress) for item in found}
        return Known(tuple(found), mine, diary.catalogue, diary.today, unread=False)

    try:
        return workspace.read(work)
    except (AmbiguousExerciseError, UnknownExerciseError, NothingToDoError):
        raise
    except KneetrackError as error:
        catalogue = Catalogue()
        try:
            found = choose(catalogue, ())
        except WrongUseError:
            raise error from None
        return Known(tuple(found), {}, catalogue, workspace.now.date(), unread=True)


def _mine(item: Exercise, diary: Diary, progress: Progress) -> Mine:
    """Return what the person has of an exercise: of the last session the first set first."""
    _, day = progress.first_and_last(item.id)
    newest = lines_of(diary.store.sessions(day, day, item.id))[0] if day else []
    note = diary.store.last_note(item.id, diary.today) if day else None
    return Mine(progress.plan.get(item.id), tuple(newest[::-1]), note)


def add(workspace: Workspace, word: str, *, per_side: bool = False, hold: bool = False) -> Added:
    """Add an exercise of the person's own.

    Raises WrongUseError for a name that is none or that another exercise has, and what opening a diary raises.
    """
    name = names.read(word)

    def work(diary: Diary) -> Added:
        known = diary.catalogue.exact(name.id)
        if known:
            raise WrongUseError(f"There is already {text.clean(known.name)}: kneetrack show {known.typed}.")
        exercise = Exercise(name.id, name.shown, per_side, "hold" if hold else "reps")
        diary.store.add_exercise(f"add {exercise.typed}", diary.now, exercise)
        return Added(exercise, diary.new)

    return workspace.write(work)


def pain_limit(workspace: Workspace) -> PainLimit:
    """Return the person's pain limit, the usual one where the diary cannot be read."""
    try:
        limit = workspace.read(lambda diary: diary.settings.pain_limit, missing_ok=True)
    except KneetrackError:
        return PainLimit(settings.read({}).pain_limit, unread=True)
    return PainLimit(limit, unread=False)
