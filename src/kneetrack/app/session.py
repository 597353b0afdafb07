"""The guided session: what there is to play, each set saved when it ends, and the closing."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, timedelta

from kneetrack.app import log, session_input
from kneetrack.app.results import Logged
from kneetrack.app.results.session import Prepared, Ratings, Saved
from kneetrack.app.workspace import Diary, Workspace
from kneetrack.domain import player, text
from kneetrack.domain.dose import Dose
from kneetrack.domain.errors import KneetrackError, NoSuchRecordError, NothingToDoError
from kneetrack.domain.estimate import REST_S
from kneetrack.domain.player import Event, Finished, Item, Key, Moved, State
from kneetrack.domain.progress import Left, Progress
from kneetrack.domain.progress import State as DayState
from kneetrack.domain.records import MAX_NOTE, Session, Side

UNKNOWN_DOSE = {"reps": Dose(1, 10, None), "hold": Dose(1, None, 30)}
"""One set of an exercise of the person's own that is not in the plan."""


def prepare(workspace: Workspace, words: Sequence[str] = (), day: date | None = None) -> Prepared:
    """Return what is left today, or of the exercises that are named; of one outside the plan, its starting dose.

    With a day, what is left of that one. Raises WrongUseError and its kinds, and what opening a diary raises.
    """
    return workspace.read(lambda diary: _prepare(diary, words, day), missing_ok=True)


def _prepare(diary: Diary, words: Sequence[str], day: date | None) -> Prepared:
    progress = diary.as_of(day) if day else diary.this_week()
    named = [diary.catalogue.find(text.storable(word), progress.plan).id for word in dict.fromkeys(words)]
    excused = [exercise for exercise in progress.plan if progress.state(exercise, progress.today) is DayState.EXCUSED]
    chosen = named or list(progress.left_today) or excused
    items = tuple(item for exercise in chosen if (item := _item(exercise, progress)))
    paused = any(exercise in excused for exercise in chosen)
    last = {item.exercise: _last_time(diary, item.exercise, progress.today) for item in items}
    is_sound_chosen = "sound" in diary.store.settings()
    return Prepared(items, tuple(named), paused, diary.settings.sound, is_sound_chosen, progress, last)


def _last_time(diary: Diary, exercise: str, day: date) -> list[Session]:
    """Return what was done of an exercise the last time before a day."""
    found = log.last_time_of(diary, day - timedelta(1), exercise)
    return [session for session in found if session.exercise == exercise]


def _item(exercise: str, progress: Progress) -> Item | None:
    """Return what is to be played of one exercise; None where nothing is left."""
    known, asked = progress.catalogue.get(exercise), progress.plan.get(exercise)
    dose = (asked and asked.dose) or known.dose or UNKNOWN_DOSE[known.mode]
    left = progress.left(exercise, progress.today)
    if left is None:
        left = Left(None, dose.sets, dose.sets) if known.per_side else Left(dose.sets, None, None)
    if not left:
        return None
    sides: tuple[tuple[Side | None, int | None], ...] = (
        (("left", left.left), ("right", left.right)) if known.per_side else ((None, left.sets),)
    )
    rest_s = known.facts.get("rest_s") or REST_S if asked is None or asked.rest_s is None else asked.rest_s
    return Item(
        exercise,
        dose._replace(sets=1),
        tuple((side, sets) for side, sets in sides if sets),
        asked.up_s if asked else None,
        asked.down_s if asked else None,
        rest_s,
    )


def save(workspace: Workspace, saved: Saved, done: Finished) -> Saved:
    """Save a set that was finished as a part of the session. Raises what writing a diary raises."""
    return workspace.write(lambda diary: _save(diary, saved, done))


def _save(diary: Diary, saved: Saved, done: Finished) -> Saved:
    now = diary.now.replace(microsecond=0)
    one = Session("", diary.now, done.set.exercise, saved.day, now, done.set.side, done.dose, None, None, None, None)
    command = session_input.command("start", [one], diary.catalogue, diary.today)
    if saved.sets and not _there(diary, saved):
        saved = saved._replace(sets=(), first=None)
    (written,) = diary.store.append(command, diary.now, [one], part_of=saved.first)
    return saved._replace(
        sets=(*saved.sets, (done.at, written)), new=saved.new or diary.new, first=saved.first or written.uid
    )


def _there(diary: Diary, saved: Saved) -> list[Session]:
    """Return the sets of a session as they are now, without those that were removed elsewhere."""
    found = []
    for _, session in saved.sets:
        with suppress(NoSuchRecordError):
            found += [each for each in diary.store.line(session.uid) if each.uid == session.uid]
    return found


def take_back(workspace: Workspace, saved: Saved, done: Finished) -> Saved:
    """Take a set that was saved out again, as a part of the session. Raises what writing a diary raises."""
    gone = [session.uid for at, session in saved.sets if at == done.at]

    def work(diary: Diary) -> Saved:
        diary.store.remove(f"start {done.set.exercise} back", diary.now, gone, part_of=saved.first)
        return saved._replace(sets=tuple((at, session) for at, session in saved.sets if at != done.at))

    return workspace.write(work)


class Playing:
    """A session that is being played: where the player is, and what is saved of it. Every front end drives one.

    `here` gives the diary with the time that it is when it is asked.
    """

    def __init__(self, prepared: Prepared, here: Callable[[], Workspace]) -> None:
        """Begin with what was prepared; `begin` tells what that is."""
        self.prepared = prepared
        self.saved = Saved(prepared.progress.today)
        self.state = State(player.phases(prepared.items))
        self.wrote = False
        self.failed: KneetrackError | None = None
        self._here = here

    def begin(self) -> list[Event]:
        """Begin the first phase, and return what happens."""
        return self._follow(player.begin(self.state.phases))

    def advance(self, seconds: float) -> list[Event]:
        """Let time pass, and return what happens meanwhile."""
        return self._follow(player.advance(self.state, seconds))

    def press(self, key: Key) -> list[Event]:
        """Press a key, and return what it does. Who quits a second time gives up a set that cannot be saved."""
        moved = player.press(self.state, key)
        if self.failed and key == "quit":
            self.state = moved.state
            return [event for event in moved.events if event.finished is None]
        return self._follow(moved)

    def _follow(self, moved: Moved) -> list[Event]:
        """Save what was finished, take the next state, and look again at what is left once another exercise begins.

        When a set cannot be saved the session pauses where it was, so that going on tries again; `failed` says why.
        """
        before, happened = self.state, []
        try:
            for event in moved.events:
                self._keep(event)
            self.state, self.failed = moved.state, None if moved.events else self.failed
            for event in moved.events:
                happened += self._looked_again() if event.cue == "begin" and self._is_another() else [event]
        except KneetrackError as error:
            self.failed = error
            self.state = before._replace(paused=True)
            return [Event("paused", before.phase)]
        return happened

    def _keep(self, event: Event) -> None:
        """Save a set that was finished, unless it is saved, or take out one that was taken back."""
        saved = event.finished and event.finished.at in {at for at, _ in self.saved.sets}
        if event.finished and bool(saved) is (event.cue == "taken back"):
            keep = save if event.cue == "finished" else take_back
            self.saved = keep(self._here(), self.saved, event.finished)
            self.wrote = True

    def _looked_again(self) -> list[Event]:
        """Put in the place of what is to come what is left of it now, and return what begins then."""
        moved = player.replace_upcoming(self.state, self._left())
        self.state = moved.state
        return list(moved.events) or [Event("begin", moved.state.phase)]

    def _is_another(self) -> bool:
        """Return whether an exercise begins after another one; sets of it may have been logged elsewhere meanwhile."""
        before, after = self.state.phases[self.state.at - 1 : self.state.at + 1] if self.state.at else (None, None)
        return bool(before and after and before.set.exercise != after.set.exercise)

    def _left(self) -> tuple[Item, ...]:
        """Return what is left now of the exercises that are still to come."""
        names = dict.fromkeys(phase.set.exercise for phase in self.state.phases[self.state.at :])
        return prepare(self._here(), tuple(names), self.saved.day).items


def close(workspace: Workspace, saved: Saved, ratings: Ratings) -> Logged:
    """Put worst pain and effort on every set of the session and the note on the last; return the answer of a log.

    Raises WrongUseError for a number or a text out of its limits, and NothingToDoError where nothing was saved.
    """
    session_input.check(session_input.Options(pain=ratings.pain, effort=ratings.effort, note=ratings.note))
    return workspace.write(lambda diary: _close(diary, saved, ratings))


def _close(diary: Diary, saved: Saved, ratings: Ratings) -> Logged:
    there = _there(diary, saved)
    if not there:
        raise NothingToDoError("The sets of this session were removed meanwhile, so there is nothing to rate.")
    if any(said is not None for said in ratings):
        there = [_rated(each, ratings) for each in there]
        if ratings.note:
            note = "; ".join(filter(None, (there[-1].note, session_input.stored(ratings.note))))
            there[-1] = there[-1]._replace(note=note[:MAX_NOTE])
        diary.store.edit("start closing", diary.now, there, part_of=saved.first)
    return log.answer(diary, there, pain=ratings.pain)


def _rated(session: Session, ratings: Ratings) -> Session:
    """Return a set with the worst pain and the effort that were said, beside what was noted on it meanwhile."""
    pains = [pain for pain in (session.pain, ratings.pain) if pain is not None]
    effort = session.effort if ratings.effort is None else ratings.effort
    return session._replace(pain=max(pains, default=None), effort=effort)
