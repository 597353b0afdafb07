"""The screen of doctor: a line for each thing that was looked at."""

from kneetrack.app.results.maintenance import Diagnosis
from kneetrack.domain import text
from kneetrack.domain.findings import Finding
from kneetrack.views import reminder_status
from kneetrack.views.lines import Line, Span

_MARKS = {"fine": Span("●", "done"), "notice": Span("○", "open"), "damage": Span("×", "missed")}


def every(found: Diagnosis) -> list[Finding]:
    """Return all that was found, the reminder last."""
    return [*found.findings, reminder_status.finding(found)]


def doctor(found: Diagnosis) -> list[Line]:
    """Return where the diary is, what was found, and what to do about it: ○ backups  none · kneetrack backup."""
    findings = every(found)
    broad = max(len(finding.topic) for finding in findings)
    lines: list[Line] = [[Span(f"diary  {text.clean(str(found.path))}")]]
    for finding in findings:
        line = [_MARKS[finding.state], Span(f" {finding.topic:{broad}}  ", "name"), Span(finding.words)]
        lines.append([*line, *([Span(f" · {finding.remedy}", "name")] if finding.remedy else [])])
    return lines
