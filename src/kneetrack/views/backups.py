"""The backups that there are, and what backup and restore answer."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from kneetrack.app.results.maintenance import WentBack
from kneetrack.domain import text
from kneetrack.domain.backups import Backup
from kneetrack.domain.progress import Progress
from kneetrack.views import answer
from kneetrack.views.lines import Line, Span

_WIDE = 60


def backups(copies: Sequence[Backup], times: Mapping[str, datetime], today: date, width: int) -> list[Line]:
    """Return the backups with what they hold, newest first, and how to restore one; `times` are local, by name."""
    if not copies:
        return [[Span("There is no backup yet. To make one: kneetrack backup")]]
    lines = []
    for copy in copies:
        when, holds = _instant(times[copy.name], today), held(copy)
        rest = (
            f"  {when:{len('Sun 22 Nov 2026 07:41')}}  {holds}, {text.size(copy.size)}"
            if width >= _WIDE
            else f" {holds}"
        )
        lines.append([Span(copy.name, "name"), Span(rest)])
    way = "To go back to one: kneetrack restore NAME. Your diary as it is now becomes a backup first."
    return [*lines, [Span(way, "quiet")]]


def _instant(local: datetime, today: date) -> str:
    """Return a local time as people read it: Sun 22 Nov 07:41."""
    return f"{text.show_day(local.date(), today)} {local:%H:%M}"


def held(copy: Backup) -> str:
    """Return what a backup holds: 412 sessions."""
    return "not readable here" if copy.sessions is None else text.count(copy.sessions, "session")


def backed_up(copy: Backup, *, beside: bool = True) -> list[Line]:
    """Return the answer to `backup`; `beside` says that the backup stands beside the diary."""
    where = "It is on the same disk. Copy it" if beside else "It is on this computer. Copy it"
    return [
        [Span(f"Backed up: {held(copy)}, {text.size(copy.size)}", "name"), Span(f"   {copy.name}", "quiet")],
        [Span(f"  {text.clean(str(copy.path))}")],
        [Span(f"  {where} to another one now and then.", "quiet")],
    ]


def restored(done: WentBack, today: date) -> list[Line]:
    """Return the answer to `restore`: what it is now, how things are, and where what was there is kept."""
    kept = done.kept
    lines = _how_it_is(f"Restored: {held(done.backup)}, as of {_instant(done.made, today)}", done.progress)
    if kept.kept_out:
        purged = text.count(kept.kept_out, "record")
        lines.append([Span(f"  {purged} that you purged since then did not come back.")])
    if kept.saved:
        words = f"Before it was {held(kept.saved)}. To go back to that: kneetrack restore {kept.saved.name}"
        lines.append([Span(f"  {words}")])
    if kept.aside:
        lines.append([Span(f"  The damaged file is kept as {text.clean(str(kept.aside))}")])
    return lines


def _how_it_is(first: str, progress: Progress | None) -> list[Line]:
    """Return a first line and how things are, or that today cannot be read."""
    if progress is not None:
        return answer.wrote(first, progress, undo=False)
    return [
        [Span(first, "name")],
        [Span("  The backup is restored, but today's screen could not be read. To try again: kneetrack today")],
    ]
