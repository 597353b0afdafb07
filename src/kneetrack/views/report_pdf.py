"""The page for a clinician as a PDF for a printer and for a screen reader: fonts embedded, tagged, with a language."""

from typing import TYPE_CHECKING

from kneetrack.domain.errors import MissingProgramError
from kneetrack.views import report_html

if TYPE_CHECKING:
    from kneetrack.domain.report import Report


def page(report: "Report") -> bytes:
    """Return the page. Raises MissingProgramError where WeasyPrint, or a library that it takes, is not installed."""
    try:
        from weasyprint import HTML  # noqa: PLC0415 - asked for by this form alone
    except (ModuleNotFoundError, OSError):
        raise MissingProgramError(
            "A PDF needs WeasyPrint and Pango: pip install 'kneetrack[pdf]'. Or print the page from a browser:"
            " kneetrack report page.html"
        ) from None
    written: bytes = HTML(string=report_html.page(report)).write_pdf(pdf_variant="pdf/ua-1")
    return written
