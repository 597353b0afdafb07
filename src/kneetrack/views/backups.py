"""The screen of the backups that there are."""

from collections.abc import Sequence
from datetime import date

from kneetrack.domain import text
from kneetrack.store.backup import Backup
from kneetrack.views.phrases import Line, Span

_WIDE = 60


def backups(copies: Sequence[Backup], today: date, width: int) -> list[Line]:
    """Return the backups with what they hold, newest first, and how to restore one."""
    if not copies:
        return [[Span("There is no backup yet. To make one: kneetrack backup")]]
    lines = []
    for copy in copies:
        when, holds = made(copy, today), held(copy)
        rest = (
            f"  {when:{len('Sun 22 Nov 2026 07:41')}}  {holds}, {text.size(copy.size)}"
            if width >= _WIDE
            else f" {holds}"
        )
        lines.append([Span(copy.name, "name"), Span(rest)])
    way = "To go back to one: kneetrack restore NAME. What is there now becomes a backup first."
    return [*lines, [Span(way, "quiet")]]


def made(copy: Backup, today: date) -> str:
    """Return when a backup was made, on this computer's clock: Sun 22 Nov 07:41."""
    local = copy.made.astimezone()
    return f"{text.show_day(local.date(), today)} {local:%H:%M}"


def held(copy: Backup) -> str:
    """Return what a backup holds: 412 sessions."""
    return "not readable here" if copy.sessions is None else text.count(copy.sessions, "session")
