"""What a command that wrote something answers: plain lines, because Rich is not loaded for them."""

from collections.abc import Iterable, Sequence
from datetime import date

from kneetrack.domain import text
from kneetrack.domain.catalogue import Catalogue
from kneetrack.domain.progress import Progress, State
from kneetrack.domain.records import Session
from kneetrack.views import phrases
from kneetrack.views.phrases import Line, Span

UNDO = "undo: kneetrack undo"

EXAMPLE = (
    "Example program, not advice: clamshell and bridge, daily. Trials mostly use 3 days a week (McKay2020,"
    " Rathleff2015): kneetrack plan set clamshell bridge --per-week 3. Warning signs: kneetrack safety."
)
SAFETY_FIRST = "Before you begin: warning signs, and when to see someone: kneetrack safety"

_WIDE = 80
_BROAD = 18


def lines_of(sessions: Iterable[Session]) -> list[list[Session]]:
    """Return sessions as they share lines: the sets that one command wrote of an exercise on a day."""
    lines: dict[tuple[object, ...], list[Session]] = {}
    for session in sessions:
        lines.setdefault((session.created_at, session.exercise, session.day), []).append(session)
    return list(lines.values())


def logged(  # noqa: PLR0913 - the parts of the answer
    sessions: Sequence[Session],
    shorts: dict[str, str],
    progress: Progress,
    *,
    width: int,
    sore: int | None = None,
    late: bool = False,
    news: str | None = None,
) -> list[Line]:
    """Return the answer to a log: what, when, its id, what is left today, the streak, how to take it back.

    `sore` is a pain that is above the person's limit; `late` says that it is just past midnight,
    `news` what the log reached.
    """
    lines = done(sessions, shorts, progress.catalogue, progress.today, width=width)
    lines += [*today(progress), closing(progress, sore)]
    lines += [[Span(f"  {news}", "quiet")]] if news else []
    if late:
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
    return lines


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
