"""The screen of history: what was done, newest first, in plain lines as the daily answers are."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TypeAlias

from kneetrack.app.results.overview import History
from kneetrack.domain import text
from kneetrack.domain.records import Session, commands_of
from kneetrack.views import phrases
from kneetrack.views.paragraphs import wrapped
from kneetrack.views.phrases import Line, Span

_WIDE = 72
_WHAT = 26
"""The most columns that are set aside for what was done, before what was noted."""

_INDENT = " "
_BETWEEN = " · "

_Command: TypeAlias = Sequence[Sequence[Session]]


def history(result: History, width: int) -> list[Line]:
    """Return what was logged, by command: day, time, and for each exercise its id, what was done and what was noted.

    No line is wider than the width. What was noted of several exercises of a command alike is said once.
    """
    if not result.sessions:
        return [[Span(_nothing(result))], [Span("To log: kneetrack log bridge")]]
    commands = commands_of(result.sessions, result.wholes)
    return _in_columns(result, commands, width) if width >= _WIDE else _stacked(result, commands, width)


def _in_columns(result: History, commands: Sequence[_Command], width: int) -> list[Line]:
    """Return the day once, the time once a command, and the exercises below each other."""
    day_width = max(len(text.show_day(command[0][0].day, result.today)) for command in commands) + 2
    ids = max(map(len, result.shorts.values())) + 2
    whats = [_what(result, line) for command in commands for line in command]
    broad = min(_WHAT, max(map(text.cells, whats)))
    lines: list[Line] = []
    shown: date | None = None
    for command in commands:
        first = command[0][0]
        day = text.show_day(first.day, result.today) if first.day != shown else ""
        shown = first.day
        head = [Span(f"{day:{day_width}}"), Span(f"{_clock(first):7}", "quiet")]
        for line, noted, shared in _noted(result, command):
            short = result.shorts[line[0].uid]
            start = day_width + 7 + ids
            what, *more = [*_fitted(_what(result, line), noted, width - start, broad), *_below(shared, width - start)]
            lines.append([*head, Span(f"{short:{ids}}", "quiet"), Span(what)])
            lines += [[Span(" " * start + one)] for one in more]
            head = [Span(" " * (day_width + 7))]
    return lines


def _stacked(result: History, commands: Sequence[_Command], width: int) -> list[Line]:
    """Return for a narrow screen the day and the time of each command, and its exercises below."""
    lines: list[Line] = []
    shown: date | None = None
    for command in commands:
        first, clock = command[0][0], _clock(command[0][0])
        day = text.show_day(first.day, result.today)
        if clock:
            lines.append([Span(day if first.day != shown else " " * len(day)), Span(f" {clock}", "quiet")])
        else:
            lines.append([Span(day)])
        shown = first.day
        for line, noted, shared in _noted(result, command):
            short = result.shorts[line[0].uid]
            start = len(_INDENT) + len(short) + 1
            what, *more = [*_fitted(_what(result, line), noted, width - start), *_below(shared, width - start)]
            lines.append([Span(_INDENT), Span(f"{short} ", "quiet"), Span(what)])
            lines += [[Span(" " * start + one)] for one in more]
    return lines


def _fitted(what: str, noted: list[str], columns: int, broad: int = 0) -> list[str]:
    """Return what was done, behind it what was noted as far as that fits, and the rest below.

    Without a column for what was done, which is so many columns `broad`, its hold gives way to the pain.
    """
    if not noted:
        return wrapped(what, columns)
    for done in (what,) if broad else (what, what.partition(", hold ")[0]):
        line = f"{text.pad(done, broad)}{'  ' if broad else _BETWEEN}{noted[0]}"
        if text.cells(line) > columns:
            continue
        rest = noted[1:]
        while rest and text.cells(line + _BETWEEN + rest[0]) <= columns:
            line += _BETWEEN + rest.pop(0)
        return [line, *_below(rest, columns)]
    return [*wrapped(what, columns), *_below(noted, columns)]


def _below(noted: list[str], columns: int) -> list[str]:
    return wrapped(_BETWEEN.join(noted), columns) if noted else []


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


def _clock(session: Session) -> str:
    return f"{session.at:%H:%M}" if session.at else ""


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
