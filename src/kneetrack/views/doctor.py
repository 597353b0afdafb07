"""The screen of doctor: a line for each thing that was looked at."""

from collections.abc import Sequence

from kneetrack.domain.findings import Finding
from kneetrack.views.phrases import Line, Span

_MARKS = {"fine": Span("●", "done"), "notice": Span("○", "open"), "damage": Span("×", "missed")}


def doctor(findings: Sequence[Finding]) -> list[Line]:
    """Return what was found, and what to do about it: ○ backups  none · kneetrack backup."""
    broad = max(len(finding.topic) for finding in findings)
    lines: list[Line] = []
    for finding in findings:
        line = [_MARKS[finding.state], Span(f" {finding.topic:{broad}}  ", "name"), Span(finding.words)]
        lines.append([*line, *([Span(f" · {finding.remedy}", "name")] if finding.remedy else [])])
    return lines
