"""What a shell completes: words that begin as the last one of a line does, each with what it is.

Nothing is created or upgraded for it, and a diary that cannot be read offers what is known without it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from typing import TypeAlias

from kneetrack.app import session_input
from kneetrack.app.workspace import Diary, Workspace
from kneetrack.domain import dose, names, text
from kneetrack.domain.catalogue import Catalogue
from kneetrack.domain.errors import KneetrackError
from kneetrack.domain.records import Session
from kneetrack.domain.value import Value
from kneetrack.store.failures import OutdatedError

_RECENT, _RECENT_DAYS = 50, timedelta(28)


class Offer(Value):
    """A word that completes a line, and what it is; empty where the word says it."""

    word: str
    about: str = ""


def complete(kind: str, workspace: Workspace, beginning: str, before: Sequence[str] = ()) -> list[Offer]:
    """Return the words of a kind that begin so; `before` are the words of the command that stand before them.

    The kinds are those that the grammar names. Raises KeyError.
    """
    so = names.typed(beginning) if kind in _NAMES else beginning.lower()
    return [offer for offer in KINDS[kind](workspace, before) if offer.word.startswith(so)]


def _exercises(workspace: Workspace, _: Sequence[str]) -> Iterator[Offer]:
    """Yield the names of exercises, as they are typed."""
    try:
        catalogue = workspace.read(lambda diary: diary.catalogue, upgrade=False)
    except (KneetrackError, OutdatedError):
        catalogue = Catalogue()
    for exercise in catalogue:
        if names.is_id(exercise.id):
            yield Offer(exercise.typed, exercise.name)


def _exercises_or_pain(workspace: Workspace, before: Sequence[str]) -> Iterator[Offer]:
    yield Offer("pain", "pain by week")
    yield from _exercises(workspace, before)


def _logged(workspace: Workspace, before: Sequence[str]) -> Iterator[Offer]:
    """Yield what can be logged: exercises, all of them, and what was done last time."""
    if not before:
        yield Offer(session_input.ALL, "all that is left today")
    if not (before and before[-1][:1].isdigit()):
        yield Offer(session_input.AGAIN, "as last time")
    yield from _exercises(workspace, before)


def _sessions(workspace: Workspace, _: Sequence[str]) -> Iterator[Offer]:
    """Yield `last` and the ids of the newest sessions."""
    yield Offer(names.LAST, "what was logged last")
    try:
        yield from workspace.read(_newest, upgrade=False)
    except (KneetrackError, OutdatedError):
        return


def _newest(diary: Diary) -> list[Offer]:
    newest = diary.store.sessions(diary.today - _RECENT_DAYS, None) or diary.store.sessions(None, None)
    shown = newest[:_RECENT]
    shorts = diary.store.shorten(session.uid for session in shown)
    return [Offer(shorts[session.uid], _about(session, diary)) for session in shown]


def _about(session: Session, diary: Diary) -> str:
    """Return what a session is: Bridge 3×15, Sun 22 Nov."""
    exercise = diary.catalogue.get(session.exercise)
    side = f" {session.side}" if session.side in {"left", "right"} else ""
    return f"{exercise.name} {dose.show(session.dose, exercise.mode)}{side}, {text.show_day(session.day, diary.today)}"


def _records(workspace: Workspace, before: Sequence[str]) -> Iterator[Offer]:
    """Yield the ids of sessions and of pauses."""
    yield from _sessions(workspace, before)
    try:
        yield from workspace.read(_pauses, upgrade=False)
    except (KneetrackError, OutdatedError):
        return


def _pauses(diary: Diary) -> list[Offer]:
    found = diary.store.pauses()[::-1][:_RECENT]
    shorts = diary.store.shorten(pause.uid for pause in found)
    whose = {pause.uid: diary.catalogue.get(pause.exercise).name if pause.exercise else "everything" for pause in found}
    return [
        Offer(shorts[pause.uid], f"pause of {whose[pause.uid]}, {text.show_day(pause.first, diary.today)}")
        for pause in found
    ]


def _templates(_: Workspace, __: Sequence[str]) -> Iterator[Offer]:
    """Yield the ids of the example plans."""
    from kneetrack.domain.templates import shipped  # noqa: PLC0415 - a shell waits: each kind imports its own

    for template in shipped():
        yield Offer(template.id, template.title)


def _topics(_: Workspace, __: Sequence[str]) -> Iterator[Offer]:
    """Yield what explain explains."""
    from kneetrack.domain.explanations import RULES  # noqa: PLC0415 - as above

    yield from map(Offer, (*RULES, "pain", "rule"))


def _settings(_: Workspace, __: Sequence[str]) -> Iterator[Offer]:
    """Yield the keys of the settings."""
    from kneetrack.domain.settings import DEFAULTS  # noqa: PLC0415 - as above

    for key, value in DEFAULTS.items():
        yield Offer(key, f"{value} unless set")


def _values(_: Workspace, before: Sequence[str]) -> Iterator[Offer]:
    """Yield values of the setting that stands before."""
    from kneetrack.domain.settings import examples  # noqa: PLC0415 - as above

    yield from map(Offer, examples(before[-1]) if before else ())


def _backups(workspace: Workspace, _: Sequence[str]) -> Iterator[Offer]:
    """Yield the names of the backups."""
    from kneetrack.store import backup_names  # noqa: PLC0415 - as above

    try:
        found = backup_names.made(workspace.place.path)
    except KneetrackError:
        return
    yield from (Offer(backup_names.name_of(at)) for at in found)


def _days(workspace: Workspace, _: Sequence[str]) -> Iterator[Offer]:
    """Yield the words for days."""
    today = workspace.now.date()
    for word in ("today", "yesterday", *(weekday[:3] for weekday in text.WEEKDAYS)):
        yield Offer(word, text.show_day(text.read_day(word, today), today) if word.endswith("day") else "")
    yield from (Offer("last", "last mon, the one before today"), Offer("next", "next mon, the one after today"))


def _sides(_: Workspace, __: Sequence[str]) -> Iterator[Offer]:
    yield from map(Offer, ("left", "right", "both"))


def _moments(_: Workspace, __: Sequence[str]) -> Iterator[Offer]:
    yield Offer("morning", "on getting up")
    yield Offer("after", "within an hour after exercise")
    yield Offer("day", "the worst apart from exercise")


def _kinds(_: Workspace, __: Sequence[str]) -> Iterator[Offer]:
    yield from map(Offer, ("sessions", "pain", "scores"))


def _measures(_: Workspace, before: Sequence[str]) -> Iterator[Offer]:
    """Yield the measures that can be entered."""
    from kneetrack.domain.scores import SCALES  # noqa: PLC0415 - as above

    if not before:
        yield from (Offer(scale.typed, scale.name) for scale in SCALES.values())


def _sounds(_: Workspace, __: Sequence[str]) -> Iterator[Offer]:
    """Yield what can be heard of a guided session."""
    from kneetrack.domain.settings import SOUNDS  # noqa: PLC0415 - as above

    yield from map(Offer, SOUNDS)


_Kind: TypeAlias = Callable[[Workspace, Sequence[str]], Iterable[Offer]]

KINDS: dict[str, _Kind] = {
    "exercises": _exercises,
    "logged": _logged,
    "ids": _sessions,
    "records": _records,
    "templates": _templates,
    "topics": _topics,
    "settings": _settings,
    "values": _values,
    "backups": _backups,
    "days": _days,
    "sides": _sides,
    "sounds": _sounds,
    "exercises_or_pain": _exercises_or_pain,
    "moments": _moments,
    "kinds": _kinds,
    "measures": _measures,
}
"""What yields the words of each kind."""

_NAMES = {"exercises", "exercises_or_pain", "logged"}
