"""What a shell completes: words that begin as the last one of a line does.

Nothing is created or upgraded for it, and a diary that cannot be read offers what is known without it.
"""

from collections.abc import Callable, Iterable
from datetime import timedelta

from kneetrack.app.workspace import Diary, Workspace
from kneetrack.domain import names
from kneetrack.domain.catalogue import Catalogue
from kneetrack.domain.errors import KneetrackError
from kneetrack.store.failures import OutdatedError

_RECENT, _RECENT_DAYS = 50, timedelta(28)


def complete(kind: str, workspace: Workspace, beginning: str) -> list[str]:
    """Return the words of a kind that begin so; the kinds are those that the grammar names. Raises KeyError."""
    return _KINDS[kind](workspace, beginning)


def _exercises(workspace: Workspace, beginning: str) -> list[str]:
    """Return the names of exercises, as they are typed."""
    try:
        catalogue = workspace.read(lambda diary: diary.catalogue, upgrade=False)
    except (KneetrackError, OutdatedError):
        catalogue = Catalogue()
    return _beginning(names.typed(beginning), (exercise.typed for exercise in catalogue))


def _ids(workspace: Workspace, beginning: str) -> list[str]:
    """Return `last` and the ids of the newest sessions."""
    try:
        found = workspace.read(_newest, upgrade=False)
    except (KneetrackError, OutdatedError):
        found = []
    return _beginning(beginning, (names.LAST, *found))


def _newest(diary: Diary) -> list[str]:
    newest = diary.store.sessions(diary.today - _RECENT_DAYS, None) or diary.store.sessions(None, None)
    return list(diary.store.shorten(session.uid for session in newest[:_RECENT]).values())


def _templates(_: Workspace, beginning: str) -> list[str]:
    """Return the ids of the example plans."""
    from kneetrack.domain.templates import shipped  # noqa: PLC0415 - a shell waits: each kind imports its own

    return _beginning(beginning.lower(), (template.id for template in shipped()))


def _topics(_: Workspace, beginning: str) -> list[str]:
    """Return what explain explains."""
    from kneetrack.domain.explanations import RULES  # noqa: PLC0415 - as above

    return _beginning(beginning.lower(), RULES)


def _settings(_: Workspace, beginning: str) -> list[str]:
    """Return the keys of the settings."""
    from kneetrack.domain.settings import DEFAULTS  # noqa: PLC0415 - as above

    return _beginning(beginning.lower(), DEFAULTS)


def _backups(workspace: Workspace, beginning: str) -> list[str]:
    """Return the names of the backups."""
    from kneetrack.store import backup  # noqa: PLC0415 - as above

    try:
        return _beginning(beginning, (copy.name for copy in backup.backups(workspace.place.path)))
    except KneetrackError:
        return []


def _beginning(so: str, words: Iterable[str]) -> list[str]:
    return [word for word in words if word.startswith(so)]


_KINDS: dict[str, Callable[[Workspace, str], list[str]]] = {
    "exercises": _exercises,
    "ids": _ids,
    "templates": _templates,
    "topics": _topics,
    "settings": _settings,
    "backups": _backups,
}
