"""What a person typed for `edit`: the sessions of one line in, newer versions of them out."""

from collections.abc import Sequence
from typing import Any

from kneetrack.app import pain as pain_input
from kneetrack.app import session_input
from kneetrack.app.session_input import Options, When, stored
from kneetrack.app.workspace import Diary
from kneetrack.domain import text
from kneetrack.domain.catalogue import Exercise
from kneetrack.domain.dose import Dose
from kneetrack.domain.errors import DoseError, WrongUseError
from kneetrack.domain.records import MAX_RATING, Pain, Session
from kneetrack.domain.value import Value

_NONE = "none"
"""The word that clears a value."""

_OF_SESSIONS = ("dose", "sets", "reps", "hold", "load", "effort", "exercise")
_TYPED = {"level": "pain"}
"""What can be changed of a session alone, and what a value is typed as that has another name."""


class Changes(Value):
    """The dose and the options of `edit`, as they were typed; None was not given, and the word none clears a value."""

    dose: str | None = None
    sets: str | None = None
    reps: str | None = None
    hold: str | None = None
    side: str | None = None
    load: str | None = None
    pain: str | None = None
    effort: str | None = None
    note: str | None = None
    exercise: str | None = None
    day: str | None = None
    at: str | None = None

    def read(self) -> Options:
        """Return the options with their numbers read; a value that is to be cleared is None. Raises WrongUseError."""
        if not any(value is not None for value in self):
            raise WrongUseError("Say what to change: kneetrack edit last 3x15 --pain 2, or -d yesterday.")
        given = Options(
            sets=_number("sets", self.sets),
            reps=_number("reps", self.reps),
            hold=_number("hold", self.hold),
            side=self.side,
            load=_text(self.load),
            pain=_rating("pain", self.pain),
            effort=_rating("effort", self.effort),
            note=_text(self.note),
            day=self.day,
            at=_text(self.at),
        )
        session_input.check(given)
        return given


def edited(before: Sequence[Session], changes: Changes, diary: Diary) -> list[Session]:
    """Return newer versions of the sessions of one line. Raises WrongUseError and its kinds."""
    given = changes.read()
    old = diary.catalogue.get(before[0].exercise)
    new = diary.catalogue.find(changes.exercise, diary.plan()) if changes.exercise else old
    doses = _doses(before, changes, given, new, alike=new.mode == old.mode)
    side = session_input.side_of(given, [new])
    moment = _moment(before[0], changes, given, diary)
    noted = _given(changes, load=stored(given.load), pain=given.pain, effort=given.effort, note=stored(given.note))
    return [
        session._replace(
            exercise=new.id,
            day=moment.day,
            at=moment.at,
            side=(side or session.side or "both") if new.per_side else None,
            dose=dose,
            **noted,
        )
        for session, dose in zip(before, doses, strict=True)
    ]


def edited_pain(before: Pain, changes: Changes, diary: Diary) -> Pain:
    """Return a newer version of a pain, or of the note of a day. Raises WrongUseError and its kinds."""
    of_sessions = [name for name in _OF_SESSIONS if getattr(changes, name) is not None]
    if of_sessions:
        raise WrongUseError("That is a pain: it takes --pain, --side, --note, --day and --at.")
    given = changes.read()
    moment = _moment(before, changes, given, diary)
    noted = _given(changes, level=given.pain, note=stored(given.note), side=pain_input.side_of(_text(given.side)))
    after = before._replace(day=moment.day, at=moment.at, **noted)
    if (after.level is None) != (after.moment is None):
        raise WrongUseError(
            "A pain needs a number; to remove it: kneetrack rm"
            if after.level is None
            else "A note has no number; to note pain: kneetrack pain 3"
        )
    if after.level is None and after.note is None:
        raise WrongUseError("A note cannot be empty; to remove it: kneetrack rm")
    return after


def _given(changes: Changes, **values: object) -> dict[str, Any]:
    """Return those of some values whose options were given."""
    return {name: value for name, value in values.items() if getattr(changes, _TYPED.get(name, name)) is not None}


def _doses(before: Sequence[Session], changes: Changes, given: Options, new: Exercise, *, alike: bool) -> list[Dose]:
    """Return the doses of the newer versions, one for each session.

    `alike` says that the exercise that it was is counted as the new one is.
    """
    if new.mode == "hold" and given.reps is not None:
        raise DoseError(f"{text.clean(new.name)} is held for seconds, not counted in repetitions: use --hold 30.")
    if changes.dose is not None:
        return _typed(before, changes.dose, given, new)
    if not (alike or given.doses):
        raise DoseError(f"{text.clean(new.name)} is counted differently: give its dose too.")
    kept = [session.dose if alike else Dose(session.dose.sets, None, None) for session in before]
    parts = _given(changes, sets=given.sets, reps=given.reps)
    if changes.hold is not None:
        parts["hold_s"] = given.hold
    return [dose._replace(**parts) for dose in kept]


def _typed(before: Sequence[Session], word: str, given: Options, new: Exercise) -> list[Dose]:
    """Return the doses of a word, one for each session; one dose stands for sessions of a side each."""
    found = session_input.typed_doses(word, given, new)
    if len(found) == 1 and len({session.side for session in before}) == len(before):
        found *= len(before)
    if len(found) != len(before):
        raise DoseError(f"That line has {text.count(len(before), 'set')}: give as many doses, or rm it and log again.")
    return found


def _moment(its: Session | Pain, changes: Changes, given: Options, diary: Diary) -> When:
    """Return the day and the instant of the newer versions; a day that changes without a time has none."""
    if changes.day is None and changes.at is None:
        return When(its.day, its.at)
    moment = session_input.when(given._replace(day=changes.day or str(its.day)), diary.now, diary.settings.day_start)
    if given.at:
        return moment
    return When(moment.day, its.at if moment.day == its.day and not changes.at else None)


def _number(name: str, value: str | None) -> int | None:
    """Return a number that was typed, None for none."""
    if value is None or value.lower() == _NONE:
        return None
    if not (value.isascii() and value.isdigit()):
        raise WrongUseError(f"--{name} takes a whole number or none, not “{text.echo(value)}”.")
    return text.whole(value)


def _rating(name: str, value: str | None) -> int | None:
    """Return a rating that was typed, 7 or 7/10, None for none."""
    return _number(name, None if value is None else value.removesuffix(f"/{MAX_RATING}"))


def _text(value: str | None) -> str | None:
    """Return a text that was typed, None for none."""
    return None if value is None or value.lower() == _NONE else value
