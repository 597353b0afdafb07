"""The screen of history: what was done, newest first, in plain lines as the daily answers are."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import TypeAlias

from kneetrack.app.results.overview import History
from kneetrack.domain import text
from kneetrack.domain.records import Pain, Session, commands_of
from kneetrack.domain.value import Value
from kneetrack.views import phrases
from kneetrack.views.lines import Line, Span
from kneetrack.views.pain import noted
from kneetrack.views.paragraphs import wrapped

_WIDE = 72
_WHAT = 26
"""The most columns that are set aside for what was done, before what was noted."""

_INDENT = " "
_BETWEEN = " · "

_Command: TypeAlias = Sequence[Sequence[Session]]


class _Row(Value):
    """What one line of an entry says: an id, what was done, what was noted of it, and what several rows share."""

    short: str
    what: str
    noted: list[str]
    shared: list[str]


class _Entry(Value):
    """What stands under one time of a day: what a command logged, or a pain; `order` is its place among the others."""

    order: tuple[date, bool, datetime, datetime]
    clock: str
    rows: list[_Row]

    @property
    def day(self) -> date:
        """Return the day that it counts for."""
        return self.order[0]


def history(result: History, width: int) -> list[Line]:
    """Return what was logged, by command: day, time, and for each exercise its id, what was done and what was noted.

    No line is wider than the width. What was noted of several exercises of a command alike is said once.
    """
    entries = [_logged(result, command) for command in commands_of(result.sessions, result.wholes)]
    entries += [_noted_apart(result, pain) for pain in result.pains]
    if not entries:
        return [[Span(_nothing(result))], [Span("To log: kneetrack log bridge")]]
    entries.sort(key=lambda entry: entry.order, reverse=True)
    return _in_columns(result, entries, width) if width >= _WIDE else _stacked(result, entries, width)


def _logged(result: History, command: _Command) -> _Entry:
    """Return what a command logged."""
    rows = [
        _Row(result.shorts[line[0].uid], _what(result, line), noted, shared)
        for line, noted, shared in _noted(result, command)
    ]
    newest = max(_order(session) for line in command for session in line)
    return _Entry(newest, _clock(command[0][0]), rows)


def _noted_apart(result: History, its: Pain) -> _Entry:
    """Return a pain that was noted apart from sessions, or the note of a day."""
    limit = f" (limit {result.pain_limit})" if its.level is not None and its.level > result.pain_limit else ""
    beside = [f"“{text.clean(its.note)}”"] if its.note and its.level is not None else []
    side = {None: "", "both": ", both knees"}.get(its.side, f", {its.side} knee")
    what = f"{noted(its)}{limit}" if its.level is not None else f"note “{text.clean(its.note or '')}”{side}"
    return _Entry(_order(its), _clock(its), [_Row(result.shorts[its.uid], what, beside, [])])


def _order(its: Session | Pain) -> tuple[date, bool, datetime, datetime]:
    """Return the place of a record among others: by day, then time, an unknown one last, then writing."""
    return (its.day, its.at is not None, its.at or its.created_at, its.created_at)


def _in_columns(result: History, entries: Sequence[_Entry], width: int) -> list[Line]:
    """Return the day once, the time once a command, and the exercises below each other."""
    day_width = max(len(text.show_day(entry.day, result.today)) for entry in entries) + 2
    ids = max(map(len, result.shorts.values())) + 2
    broad = min(_WHAT, max(text.cells(row.what) for entry in entries for row in entry.rows))
    start = day_width + 7 + ids
    lines: list[Line] = []
    shown: date | None = None
    for entry in entries:
        day = text.show_day(entry.day, result.today) if entry.day != shown else ""
        shown = entry.day
        head = [Span(f"{day:{day_width}}"), Span(f"{entry.clock:7}", "quiet")]
        for row in entry.rows:
            what, *more = [*_fitted(row.what, row.noted, width - start, broad), *_below(row.shared, width - start)]
            lines.append([*head, Span(f"{row.short:{ids}}", "quiet"), Span(what)])
            lines += [[Span(" " * start + one)] for one in more]
            head = [Span(" " * (day_width + 7))]
    return lines


def _stacked(result: History, entries: Sequence[_Entry], width: int) -> list[Line]:
    """Return for a narrow screen the day and the time of each command, and its exercises below."""
    lines: list[Line] = []
    shown: date | None = None
    for entry in entries:
        day = text.show_day(entry.day, result.today)
        if entry.clock:
            lines.append([Span(day if entry.day != shown else " " * len(day)), Span(f" {entry.clock}", "quiet")])
        else:
            lines.append([Span(day)])
        shown = entry.day
        for row in entry.rows:
            start = len(_INDENT) + len(row.short) + 1
            what, *more = [*_fitted(row.what, row.noted, width - start), *_below(row.shared, width - start)]
            lines.append([Span(_INDENT), Span(f"{row.short} ", "quiet"), Span(what)])
            lines += [[Span(" " * start + one)] for one in more]
    return lines


def _fitted(what: str, beside: list[str], columns: int, broad: int = 0) -> list[str]:
    """Return what was done, behind it what was noted as far as that fits, and the rest below.

    Without a column for what was done, which is so many columns `broad`, its hold gives way to the pain.
    """
    if not beside:
        return wrapped(what, columns)
    for done in (what,) if broad else (what, what.partition(", hold ")[0]):
        line = f"{text.pad(done, broad)}{'  ' if broad else _BETWEEN}{beside[0]}"
        if text.cells(line) > columns:
            continue
        rest = beside[1:]
        while rest and text.cells(line + _BETWEEN + rest[0]) <= columns:
            line += _BETWEEN + rest.pop(0)
        return [line, *_below(rest, columns)]
    return [*wrapped(what, columns), *_below(beside, columns)]


def _below(beside: list[str], columns: int) -> list[str]:
    return wrapped(_BETWEEN.join(beside), columns) if beside else []


def _noted(result: History, command: _Command) -> Iterator[tuple[Sequence[Session], list[str], list[str]]]:
    """Yield each line of a command with what was noted of it, and below the last what all of them share.

    What they share stands with the last one where nothing else was noted of that.
    """
    own = [_remarks(line[-1], result.pain_limit) for line in command]
    shared = [its for its in own[0] if len(own) > 1 and all(its in others for others in own[1:])]
    *lines, last = zip(command, ([its for its in noted if its not in shared] for noted in own), strict=True)
    yield from ((line, noted, list[str]()) for line, noted in lines)
    whose = "both" if len(own) == 2 else f"all {len(own)}"  # noqa: PLR2004 - two are both
    said = [f"{whose}: {shared[0]}", *shared[1:]] if shared else []
    yield (last[0], last[1], said) if last[1] else (last[0], said, [])


def _what(result: History, line: Sequence[Session]) -> str:
    exercise = result.catalogue.get(line[0].exercise)
    return f"{text.clean(exercise.name)} {phrases.session_dose(exercise, list(line))}"


def _clock(its: Session | Pain) -> str:
    return f"{its.at:%H:%M}" if its.at else ""


def _nothing(result: History) -> str:
    """Return a sentence for days on which nothing was logged: No Bridge logged since Thu 12 Nov."""
    what = f"No {text.clean(result.exercise.name)}" if result.exercise else "Nothing"
    if result.first:
        return f"{what} logged since {text.show_day(result.first, result.today)}."
    return f"{what} logged {f'up to {text.show_day(result.last, result.today)}' if result.last else 'yet'}."


def _remarks(session: Session, pain_limit: int) -> list[str]:
    """Return what was noted beside the dose: pain 6 (limit 5), effort 6, red band, “left easier”."""
    parts = []
    if session.pain is not None:
        parts.append(f"pain {session.pain}{f' (limit {pain_limit})' if session.pain > pain_limit else ''}")
    if session.effort is not None:
        parts.append(f"effort {session.effort}")
    if session.load:
        parts.append(text.clean(session.load))
    if session.note:
        parts.append(f"“{text.clean(session.note)}”")
    return parts
