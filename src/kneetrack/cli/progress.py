"""Progress: stats, calendar, explain, report."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from kneetrack.app import overview
from kneetrack.app.workspace import Workspace, at_home
from kneetrack.cli import console
from kneetrack.cli.environment import workspace
from kneetrack.domain.errors import WrongUseError
from kneetrack.views import data

if TYPE_CHECKING:
    from kneetrack.app.report import Form
    from kneetrack.domain.report import Report


def stats(
    exercise: str | None = None,
    everything: bool = False,
    as_json: bool = False,
    db: str | None = None,
) -> None:
    """Show streaks, adherence, dose, habit and pain, by exercise and by week."""
    with workspace(db) as diary:
        result = overview.stats(diary, exercise, everything=everything)
    if as_json:
        console.put_json(data.stats(result))
        return
    from kneetrack.views.stats import stats as screen

    console.show(screen(result, console.width()))


def calendar(
    exercise: str | None = None,
    months: int | None = None,
    as_json: bool = False,
    db: str | None = None,
) -> None:
    """Show the last months, a mark a day: of the whole plan, or of one exercise."""
    with workspace(db) as diary:
        result = overview.calendar(diary, exercise, months)
    if as_json:
        console.put_json(data.calendar(result))
        return
    from kneetrack.views.calendar import calendar as screen

    console.show(screen(result, console.width()))


def explain(
    topic: str,
    exercise: str | None = None,
    as_json: bool = False,
    db: str | None = None,
) -> None:
    """Explain a number: its rule, and your own last days worked through by it."""
    if topic == "pain":
        _explain_pain(exercise, db, as_json=as_json)
        return
    with workspace(db) as diary:
        result = overview.explain(diary, topic, exercise)
    if as_json:
        console.put_json(data.explain(result))
    else:
        from kneetrack.views.explain import explain as screen

        console.show(screen(result, console.width()))
    if result.progress is None:
        console.say_unread("your own days are left out", as_json=as_json)


def _explain_pain(exercise: str | None, db: str | None, *, as_json: bool) -> None:
    from kneetrack.app import pain as app_pain

    if exercise:
        raise WrongUseError("Pain is explained of whole days: leave the exercise out.")
    with workspace(db) as diary:
        result, was_read = app_pain.explained(diary)
    if as_json:
        console.put_json(data.pain_explained(result))
    else:
        from kneetrack.views import pain_days as screen

        console.say(screen.explained(result, console.width()))
    if not was_read:
        console.say_unread("your own days are left out", as_json=as_json)


def report(
    to: str | None = None,
    weeks: int | None = None,
    first: str | None = None,
    last: str | None = None,
    name: str | None = None,
    questions: list[str] | None = None,
    force: bool = False,
    db: str | None = None,
) -> None:
    """Write a page for a clinician: what was planned and done, pain, scores and notes."""
    from kneetrack.app import report as reports
    from kneetrack.views import report_text
    from kneetrack.views.imported import exported

    path = None if to is None or to == console.PIPE else at_home(to)
    form = reports.form_of(path) if path else None
    words = reports.words(name, questions or ())
    with workspace(db) as diary:
        found = reports.report(diary, reports.Days(weeks, first, last), words)
        if path is None or form is None:
            console.say_page(report_text.page(found))
        else:
            console.say(exported(reports.to_file(diary, path, _page(diary, form), found, replace=force)))


def _page(diary: Workspace, form: "Form") -> "Callable[[Report], bytes]":
    """Return what gives the bytes of a page in a form."""
    from kneetrack.app import report as reports

    match form:
        case "txt":
            from kneetrack.views import report_text

            return lambda found: "".join(f"{line}\n" for line in report_text.page(found)).encode()
        case "html":
            from kneetrack.views import report_html

            return lambda found: report_html.page(found).encode()
        case "pdf":
            from kneetrack.views import report_pdf

            return report_pdf.page
        case "fhir":
            return lambda found: reports.fhir(diary, found)
