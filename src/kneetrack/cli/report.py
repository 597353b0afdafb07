"""Progress: report, the page for a clinician."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from kneetrack.app import report as reports
from kneetrack.app.workspace import Workspace, at_home
from kneetrack.cli import console
from kneetrack.cli.environment import workspace

if TYPE_CHECKING:
    from kneetrack.app.report import Form
    from kneetrack.domain.report import Report


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
