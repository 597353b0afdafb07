"""Note pain apart from exercise, or something about a day."""

from collections.abc import Sequence
from datetime import time
from typing import NamedTuple

from kneetrack.app import session_input
from kneetrack.app.results.pain import Noted
from kneetrack.app.session_input import SIDES, Options, When, stored
from kneetrack.app.workspace import Diary, Workspace
from kneetrack.domain import text
from kneetrack.domain.errors import WrongUseError
from kneetrack.domain.records import MAX_NOTE, Moment, Pain, Side

MOMENTS: dict[str, Moment] = {"morning": "morning", "after": "after", "day": "day"}
_NOON = time(12)


class Given(NamedTuple):
    """The options of `pain`, as they were typed; None was not given."""

    moments: Sequence[str] | None = None
    side: str | None = None
    note: str | None = None
    day: str | None = None
    at: str | None = None


def note(workspace: Workspace, level: int | None, given: Given) -> Noted:
    """Write a pain, or without one the note of a day, and return it with how things are.

    A pain takes the place of what the diary said of that moment and side of the day; notes add up. Raises WrongUseError
    and its kinds, and what opening a diary raises.
    """
    return workspace.write(lambda diary: _note(diary, level, given))


def _note(diary: Diary, level: int | None, given: Given) -> Noted:
    asked = Options(pain=level, note=given.note, day=given.day, at=given.at)
    session_input.check(asked)
    when = session_input.when(asked, diary.now, diary.settings.day_start)
    moment = _moment(level, given, when, diary.settings.day_start)
    new = Pain("", diary.now, when.day, moment, when.at, side_of(given.side), level, stored(given.note))
    if level is None and new.note is None:
        raise WrongUseError("Say how much it hurts, from 0 to 10: kneetrack pain 2")
    before = _before(new, diary)
    pain = replaced(before, new) if before else new
    wrote = pain != before
    if wrote:
        (pain,) = diary.store.note_pain(command(pain, diary), diary.now, [pain])
    (short,) = diary.store.shorten([pain.uid]).values()
    return Noted(pain, before, short, diary.recent(), diary.settings.above_limit(level), diary.new, wrote)


def command(pain: Pain, diary: Diary) -> str:
    """Return what the diary keeps of the command: the pain, its moment, side and another day, never a note."""
    said = ["note"] if pain.moment is None else ["pain", str(pain.level), pain.moment]
    said += [pain.side] if pain.side else []
    return " ".join([*said, *([] if pain.day == diary.today else [str(pain.day)])])


def side_of(word: str | None) -> Side | None:
    """Return the side that was named. Raises WrongUseError for a word that is none."""
    if word is None:
        return None
    if word.lower() not in SIDES:
        raise WrongUseError(f"“{text.echo(word)}” is not a side; write left, right or both.")
    return SIDES[word.lower()]


def moment_of(word: str) -> Moment:
    """Return the moment that a word names. Raises WrongUseError."""
    if word.lower() not in MOMENTS:
        raise WrongUseError(f"“{text.echo(word)}” is not a moment; write morning, after or day.")
    return MOMENTS[word.lower()]


def _moment(level: int | None, given: Given, when: When, day_start: time) -> Moment | None:
    """Return the moment that a pain is of: the one that was named, the morning until noon, else the day."""
    named = [moment_of(word) for word in given.moments or ()]
    if len(set(named)) > 1:
        raise WrongUseError("Give one moment at a time: morning, after or day.")
    if level is None:
        if named:
            raise WrongUseError(f"Say how much it hurt, from 0 to 10: kneetrack pain 2 --moment {named[0]}")
        return None
    if named:
        return named[0]
    return "morning" if when.at and day_start <= when.at.time() < _NOON else "day"


def _before(new: Pain, diary: Diary) -> Pain | None:
    """Return what the diary says of the moment and the side of a pain; a note alone takes nobody's place."""
    of_the_day = diary.store.pains(new.day, new.day) if new.moment else []
    its = [pain for pain in of_the_day if (pain.moment, pain.side) == (new.moment, new.side)]
    return its[-1] if its else None


def replaced(before: Pain, new: Pain) -> Pain:
    """Return a pain in the place of another one, whose note it keeps. Raises WrongUseError for notes too long."""
    notes = [note for note in (before.note, new.note) if note]
    note = " · ".join(dict.fromkeys(notes)) or None
    if note and len(note) > MAX_NOTE:
        raise WrongUseError(f"A note has at most {MAX_NOTE} characters, and with the one before this has {len(note)}.")
    if (before.level, before.note) == (new.level, note):
        return before
    return before._replace(level=new.level, at=new.at, note=note)
