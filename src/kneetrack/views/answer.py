"""What a command that wrote something answers: plain lines, because Rich is not loaded for them."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from kneetrack.app.results import Logged, NewDiary, NothingLeft
from kneetrack.domain import text
from kneetrack.domain.catalogue import Catalogue
from kneetrack.domain.milestones import Milestone, NewStreak
from kneetrack.domain.progress import Progress, State
from kneetrack.domain.records import Session, lines_of
from kneetrack.views import phrases
from kneetrack.views.phrases import Line, Span

if TYPE_CHECKING:
    from kneetrack.app.results.exercises import Added

UNDO = "undo: kneetrack undo"

EXAMPLE = (
    "Example program, not advice: clamshell and bridge, daily. Trials mostly use 3 days a week (McKay2020,"
    " Rathleff2015): kneetrack plan set clamshell bridge --per-week 3. Warning signs: kneetrack safety."
)
SAFETY_FIRST = "Before you begin: warning signs, and when to see someone: kneetrack safety"

_WIDE = 80
_BROAD = 18


def logged(result: Logged, width: int) -> list[Line]:
    """Return the answer to a log: what, when, its id, what is left today, the streak, how to take it back."""
    nothing = [[Span(nothing_left(result.nothing_left, wrote=result.wrote))]] if result.nothing_left else []
    if not result.wrote:
        return nothing
    progress = result.progress
    lines = done(result.sessions, result.shorts, progress.catalogue, progress.today, width=width)
    lines += [*today(progress), closing(progress, result.sore)]
    lines += [[Span(f"  {news(result.news, progress)}", "quiet")]] if result.news else []
    if result.late:
        lines.append(
            [
                Span(
                    f"  It is past midnight: this counts for {text.weekday(progress.today)}."
                    " For the day before: kneetrack undo, then log it with -d yesterday."
                    " To let days begin later: kneetrack settings day_start 04:00.",
                    "quiet",
                )
            ]
        )
    return [*lines, *([Span(f"  {line[0].text}", "quiet")] for line in nothing)]


def nothing_left(found: NothingLeft, *, wrote: bool) -> str:
    """Return a sentence for what was named and not written, because nothing of it was left."""
    so = "so it was not written" if wrote else "so nothing was written"
    day = " today" if found.is_today else " that day"
    if not found.exercises:
        return f"Nothing is left{day}, {so}. To log more: kneetrack log bridge 1x10"
    side = f"the {found.side} side of " if found.side else ""
    names = " or ".join(text.clean(item.name) for item in found.exercises)
    first = found.exercises[0]
    more = f"kneetrack log {first.typed} {'1x30s' if first.mode == 'hold' else '1x10'}"
    note = " To note it on what was logged last: kneetrack edit last --pain 2 --note …" if found.details else ""
    return f"Nothing is left of {side}{names}{day}, {so}. To log more: {more}{note}"


def news(found: Milestone | NewStreak, progress: Progress) -> str:
    """Return what a log reached in words."""
    from kneetrack.views import encouragement  # noqa: PLC0415 - few logs reach anything

    if isinstance(found, NewStreak):
        return encouragement.new_streak(found)
    return encouragement.milestone(found, progress)


def of_new(new: NewDiary | None) -> list[Line]:
    """Return what is told once of a new diary: where it is, how to get back a lost one, and what its plan is."""
    if new is None:
        return []
    path = [[Span(f"New diary: {text.clean(str(new.path))}")]] if new.path else []
    return [*path, *lost(new.backups), *([[Span(EXAMPLE)]] if new.example else [])]


def lost(backups: int) -> list[Line]:
    """Return the line that names the backups of an earlier diary; none where there are none."""
    if not backups:
        return []
    there = f"{text.count(backups, 'backup')} of an earlier diary {'is' if backups == 1 else 'are'} beside it"
    return [[Span(f"{there}; to go back to one: kneetrack restore")]]


def done(
    sessions: Iterable[Session], shorts: dict[str, str], catalogue: Catalogue, today: date, *, width: int
) -> list[Line]:
    """Return what was done, for which day, its id, and how to take it back: ● Bridge 15   Sun 22 Nov 07:41   a3f1."""
    rows = []
    for line in lines_of(sessions):
        known, first = catalogue.get(line[0].exercise), line[0]
        what = f"{text.clean(known.name)} {phrases.session_dose(known, line)}"
        clock = f" {first.at:%H:%M}" if first.at else ""
        rows.append((what, f"{text.show_day(first.day, today)}{clock}", shorts[first.uid]))
    gap, broad = ("   ", max(_BROAD, *(text.cells(row[0]) for row in rows))) if width >= _WIDE else (" ", 0)
    lines = [
        [
            phrases.MARKS[State.DONE],
            Span(f" {text.pad(what, broad)}", "name"),
            Span(f"{gap}{when}{gap}"),
            Span(short, "quiet"),
        ]
        for what, when, short in rows
    ]
    lines[0].append(Span(f"{gap}{gap}{UNDO}" if width >= _WIDE else f" {UNDO}", "quiet"))
    return lines


def added(result: "Added") -> list[Line]:
    """Return what an exercise of the person's own is called, how it is counted, and how to log and plan it."""
    exercise = result.exercise
    example = f"{exercise.typed} {'3x30s' if exercise.mode == 'hold' else '3x10'}"
    counted = "held for seconds" if exercise.mode == "hold" else "counted in repetitions"
    first = f"Added: {exercise.name}, {counted}{', each side' if exercise.per_side else ''}"
    return [
        [Span(first, "name"), Span(f"   {UNDO}", "quiet")],
        [Span(f"  to log it: kneetrack log {example}")],
        [Span(f"  into the program: kneetrack plan set {example}")],
    ]


def closing(progress: Progress, sore: int | None = None) -> Line:
    """Return the streak and the last four weeks; after pain above the limit, where help is and no cheer."""
    if sore is not None:
        return [
            Span(
                f"  Pain {sore} of 10 noted. Signs that need a clinician: kneetrack safety."
                " To excuse a day: kneetrack skip --reason pain."
            )
        ]
    return [Span(f"  {phrases.run(progress.streak(), progress.today)} · {phrases.four_weeks_share(progress)}")]


def wrote(first: str, progress: Progress, *, undo: bool = True) -> list[Line]:
    """Return the answer to a command that wrote something else than a session."""
    line = [Span(first, "name"), *([Span(f"   {UNDO}", "quiet")] if undo else [])]
    return [line, *today(progress), closing(progress)]


def today(progress: Progress) -> list[Line]:
    """Return what is left today, and what is paused."""
    return [[Span(f"  {line}")] for line in (phrases.left_today(progress), *phrases.paused(progress))]
