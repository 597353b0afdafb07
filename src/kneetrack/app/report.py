"""The page for a clinician: which days it is about, and the file that it is written to."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Literal, TypeAlias

from kneetrack.app import new_file
from kneetrack.app.pain import rule_of
from kneetrack.app.results.transfer import Exported
from kneetrack.app.workspace import Diary, Workspace, monday
from kneetrack.domain import report as reports
from kneetrack.domain import text
from kneetrack.domain.errors import DayError, WrongUseError
from kneetrack.domain.report import Report, Sources, Words
from kneetrack.domain.value import Value

Form: TypeAlias = Literal["html", "pdf", "txt", "fhir"]
"""What a page can be, as the name of its file says."""

_ENDINGS: dict[str, Form] = {".html": "html", ".pdf": "pdf", ".txt": "txt", ".fhir.json": "fhir"}
_WEEK = timedelta(7)
_USUAL_WEEKS, _MOST_WEEKS = 6, 1000
_MOST_NAME, _MOST_QUESTION, _MOST_QUESTIONS = 100, 200, 5


class Days(Value):
    """The days of a page as they were typed; None was not given."""

    weeks: int | None = None
    first: str | None = None
    last: str | None = None


def form_of(path: Path) -> Form:
    """Return the form that the name of a file says. Raises WrongUseError."""
    for ending, form in _ENDINGS.items():
        if path.name.lower().endswith(ending):
            return form
    raise WrongUseError("The name must end in .html, .pdf, .txt or .fhir.json: kneetrack report page.html")


def words(name: str | None, questions: Sequence[str]) -> Words:
    """Return what the person adds to the page. Raises WrongUseError for what is too long or too much."""
    if name and len(name) > _MOST_NAME:
        raise WrongUseError(f"A name has at most {_MOST_NAME} characters, and this one {len(name)}.")
    if len(questions) > _MOST_QUESTIONS:
        raise WrongUseError(f"A page has room for {_MOST_QUESTIONS} questions, not {len(questions)}.")
    for question in questions:
        if len(question) > _MOST_QUESTION:
            raise WrongUseError(f"A question has at most {_MOST_QUESTION} characters, and this one {len(question)}.")
    known = (text.storable(question).strip() for question in questions)
    return Words(text.storable(name or "").strip() or None, tuple(question for question in known if question))


def report(workspace: Workspace, asked: Days, its_words: Words) -> Report:
    """Return what the page says. Raises DayError, WrongUseError, and what opening a diary raises."""
    return workspace.read(lambda diary: _report(diary, asked, its_words))


def to_file(
    workspace: Workspace, path: Path, page: Callable[[Report], bytes], found: Report, *, replace: bool
) -> Exported:
    """Write a page to its file: whole and on the disk, and readable by its owner alone, or not at all.

    `page` gives the bytes of what was found. Raises WrongUseError for a file that must not be replaced, NoFolderError,
    and what `page` and writing the file raise.
    """
    return new_file.write(workspace, path, lambda unnamed: unnamed.write_bytes(page(found)), replace=replace)


def fhir(workspace: Workspace, found: Report) -> bytes:
    """Return a report as a FHIR bundle. Raises NoDiaryError."""
    from kneetrack.exchange.fhir import bundle  # noqa: PLC0415 - asked by this form alone

    workspace.require()
    return bundle(found)


def _report(diary: Diary, asked: Days, its_words: Words) -> Report:
    first, last = _range(asked, diary.today)
    store, rule = diary.store, rule_of(diary)
    pains = store.pains(first, last + timedelta(1))
    sources = Sources(first, last, store.sessions(first, last), pains, store.scores(), rule)
    return reports.of(diary.progress(first), sources, diary.now, its_words)._replace(diary=store.first_change())


def _range(asked: Days, today: date) -> tuple[date, date]:
    """Return the first and the last day: of whole weeks, unless a first day was named."""
    if asked.weeks is not None and asked.first:
        raise WrongUseError("Give --weeks or --from, not both.")
    if asked.weeks is not None and not 1 <= asked.weeks <= _MOST_WEEKS:
        raise WrongUseError(f"--weeks takes 1 to {_MOST_WEEKS} weeks, not {asked.weeks}.")
    last = text.read_day(asked.last, today) if asked.last else today
    if last > today:
        raise DayError(f"{text.show_day(last, today)} is still to come; the page ends today at the latest.")
    if asked.first is None:
        return monday(last) - _WEEK * ((asked.weeks or _USUAL_WEEKS) - 1), last
    first = text.read_day(asked.first, today)
    if first > last:
        raise DayError(f"--from {first} is after --until {last}; both ends count.")
    return first, last
