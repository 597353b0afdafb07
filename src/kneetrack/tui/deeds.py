"""What a line does that is typed on the dashboard: the functions and the answers of the command line."""

from collections.abc import Mapping
from typing import Any

from kneetrack.app.results import NewDiary
from kneetrack.app.workspace import Workspace
from kneetrack.domain.errors import WrongUseError
from kneetrack.domain.value import Value
from kneetrack.views import answer
from kneetrack.views.lines import Line, Span

Values = Mapping[str, Any]


class Done(Value):
    """What a line answers; or the question to be asked before it is done."""

    lines: list[Line]
    question: str | None = None


def do(name: str, its: Values, diary: Workspace, width: int, *, sure: bool = False) -> Done:
    """Do what a command of this name does with its values, and return its answer.

    Raises WrongUseError and its kinds, among others for a command that is not for here, and what writing a diary
    raises.
    """
    if name == "log":
        return _log(its, diary, width, sure=sure)
    if name not in _DEEDS:
        raise WrongUseError(f"Here you can type {', '.join(['log', *_DEEDS])}. For the rest, leave with q.")
    return Done(_DEEDS[name](its, diary, width))


def _log(its: Values, diary: Workspace, width: int, *, sure: bool) -> Done:
    from kneetrack.app import log  # noqa: PLC0415 - the first frame does not wait for what a key needs
    from kneetrack.app.session_input import Options  # noqa: PLC0415 - as above

    given = Options(**{field: its[field] for field in Options._fields})
    result = log.log(diary, its["what"] or [], given, sure=sure)
    if result.unusual:
        return Done([], answer.unusual(result.unusual, result.progress.catalogue))
    return Done(_new(result.new, answer.logged(result, width)))


def _pain(its: Values, diary: Workspace, width: int) -> list[Line]:
    from kneetrack.app import pain  # noqa: PLC0415 - as above
    from kneetrack.views import pain as answers  # noqa: PLC0415 - as above

    given = pain.Given(its["moments"], its["side"], its["note"], its["day"], its["at"])
    result = pain.note(diary, its["pain"], given)
    return _new(result.new, answers.answer(result, width))


def _edit(its: Values, diary: Workspace, width: int) -> list[Line]:
    from kneetrack.app import changes  # noqa: PLC0415 - as above
    from kneetrack.app.edit_input import Changes  # noqa: PLC0415 - as above
    from kneetrack.views import changes as answers  # noqa: PLC0415 - as above

    given = Changes(**{field: its[field] for field in Changes._fields})
    return answers.edited(changes.edit(diary, its["what"], given), width)


def _rm(its: Values, diary: Workspace, _: int) -> list[Line]:
    from kneetrack.app import changes  # noqa: PLC0415 - as above
    from kneetrack.views import changes as answers  # noqa: PLC0415 - as above

    return answers.removed(changes.remove(diary, its["what"]))


def _undo(its: Values, diary: Workspace, _: int) -> list[Line]:
    from kneetrack.app import changes  # noqa: PLC0415 - as above
    from kneetrack.views import changes as answers  # noqa: PLC0415 - as above

    return answers.listed(changes.listed(diary)) if its["listed"] else answers.undone(changes.undo(diary))


def _redo(_its: Values, diary: Workspace, _: int) -> list[Line]:
    from kneetrack.app import changes  # noqa: PLC0415 - as above
    from kneetrack.views import changes as answers  # noqa: PLC0415 - as above

    return answers.redone(changes.redo(diary))


def _skip(its: Values, diary: Workspace, _: int) -> list[Line]:
    from kneetrack.app import pauses  # noqa: PLC0415 - as above
    from kneetrack.views import planning  # noqa: PLC0415 - as above

    result = pauses.skip(diary, its["exercise"], its["day"], its["reason"])
    return _new(result.new, planning.excused(result))


_DEEDS = {"pain": _pain, "edit": _edit, "rm": _rm, "undo": _undo, "redo": _redo, "skip": _skip}


_TAKES = {
    "log": "[DOSE] --pain 0-10 --effort 0-10 --side left --load TEXT --note TEXT -d DAY --at TIME",
    "pain": "0-10 --moment morning|after|day --side left --note TEXT -d DAY",
    "edit": "[DOSE] --pain 0-10 --effort 0-10 --load TEXT --note TEXT -d DAY; another one by its id",
    "skip": "[EXERCISE] -d DAY --reason TEXT",
}
"""What may follow a command."""


def takes(line: str) -> str:
    """Return what may follow the command that a line begins with; of none, the commands that there are."""
    return _TAKES.get(line.partition(" ")[0], " | ".join(("log", *_DEEDS)))


def _new(new: NewDiary | None, lines: list[Line]) -> list[Line]:
    """Return an answer below what is told once of a diary that it created."""
    return [*answer.of_new(new), *lines]


def sentence(words: str) -> list[Line]:
    """Return a sentence as the lines of an answer."""
    return [[Span(words)]]
