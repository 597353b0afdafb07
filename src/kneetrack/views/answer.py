"""What a command that wrote something answers: plain lines, because Rich is not loaded for them."""

from collections.abc import Container, Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from kneetrack.app.results import Logged, NewDiary, NothingLeft
from kneetrack.domain import dose, text
from kneetrack.domain.milestones import Milestone, NewStreak
from kneetrack.domain.progress import Progress, State
from kneetrack.domain.records import Pain, Session, lines_of
from kneetrack.domain.settings import PainAboveLimit
from kneetrack.views import phrases
from kneetrack.views.lines import Line, Span

if TYPE_CHECKING:
    from kneetrack.app.results.exercises import Added
    from kneetrack.domain.catalogue import Catalogue

UNDO = Span(" · undo: kneetrack undo", "quiet")

EXAMPLE = (
    "You start with an example plan, not advice. Warning signs: kneetrack safety",
    "For 3 days a week instead: kneetrack plan set clamshell bridge --per-week 3",
)
"""What is told once of the example plan, a line each."""

SAFETY_FIRST = "Before you begin, the warning signs: kneetrack safety"

SECOND_NAME = (
    "What you did is saved. The diary's file has more than one name, though: opened by another one after a crash, it is"
    " damaged. How to find them: kneetrack doctor"
)
"""What is said once a day of a file that has two names."""

_WIDE = 60
_BROAD = 30


def logged(result: Logged, width: int) -> list[Line]:
    """Return the answer to a log: what, when and its id; what is left today; the streak and the last four weeks."""
    said = nothing_left(result.nothing_left, wrote=result.wrote) if result.nothing_left else []
    nothing = [[Span(line)] for line in said]
    if not result.wrote:
        return nothing
    progress = result.progress
    lines = done(result.sessions, result.shorts, result.below_dose, progress, width=width)
    last = closing(progress, result.sore, result.news)
    lines += [*today(progress), [*last, UNDO] if result.is_early and not result.sore else last]
    if result.signals:
        from kneetrack.views import pain  # noqa: PLC0415 - few logs have such news

        lines += pain.signals(result.signals, sore=result.sore is not None)
    if result.rules:
        from kneetrack.views import rules  # noqa: PLC0415 - for who has one

        lines += [[Span(f"  {rules.met(its, progress.today)}")] for its in result.rules]
    if result.late:
        lines.append([Span(f"  {_late(progress)}", "quiet")])
    return [*lines, *([Span(f"  {line[0].text}", "quiet")] for line in nothing)]


def _late(progress: Progress) -> str:
    """Return the hint for a log just past midnight."""
    return (
        f"It is past midnight, so this counts for {text.weekday(progress.today)}."
        " To move it to the day before: kneetrack edit last -d yesterday."
        " To let your days begin later: kneetrack settings day_start 04:00"
    )


def nothing_left(found: NothingLeft, *, wrote: bool) -> list[str]:
    """Return lines for what was named and not written, because nothing of it was left; commands stand alone."""
    day = "today" if found.is_today else "that day"
    side = f"the {found.side} side of " if found.side else ""
    names = " and ".join(text.clean(item.name) for item in found.exercises)
    are = "are" if len(found.exercises) > 1 else "is"
    done = f"{side}{names} {are} already complete {day}" if names else f"Nothing is left {day}"
    so = "your last session was noted" if found.noted else "nothing was added" if not wrote else "it was left out"
    first = f"{done[:1].upper()}{done[1:]}, so {so}."
    if found.instead:
        return [
            first,
            "To replace what your last session already says:",
            *found.instead,
            "To log more:",
            found.more,
        ]
    return [f"{first} To log more: {found.more}"]


def unusual(sessions: Iterable[Session], catalogue: "Catalogue") -> str:
    """Return the question for sessions of more than ten times the planned dose."""
    said = (
        f"{text.clean(catalogue.get(line[0].exercise).name)} "
        f"{phrases.session_dose(catalogue.get(line[0].exercise), line)}"
        for line in lines_of(sessions)
    )
    return f"That is more than ten times the planned dose: {', '.join(said)}. Log it?"


def _news(found: Milestone | NewStreak, today: date) -> str:
    """Return what a log reached in words."""
    from kneetrack.views import encouragement  # noqa: PLC0415 - few logs reach anything

    if isinstance(found, NewStreak):
        return encouragement.new_streak(found)
    return encouragement.milestone(found, today)


def of_new(new: NewDiary | None) -> list[Line]:
    """Return what is told once of a new diary: where it is, how to get back a lost one, and what its plan is."""
    if new is None:
        return []
    path = [[Span(f"New diary: {text.clean(str(new.path))}")]] if new.path else []
    return [*path, *lost(new.backups), *([Span(line)] for line in EXAMPLE if new.example)]


def not_backed_up(why: object) -> str:
    """Return the sentence for a write whose backup of the day could not be made."""
    return f"What you did is saved, but today's backup failed; the next change tries again: {why}"


def lost(backups: int) -> list[Line]:
    """Return the line that names the backups of an earlier diary; none where there are none."""
    if not backups:
        return []
    there = f"There {'is' if backups == 1 else 'are'} {text.count(backups, 'backup')} of an earlier diary"
    return [[Span(f"{there}. To go back to one: kneetrack restore")]]


def done(
    sessions: Iterable[Session], shorts: dict[str, str], below_dose: Container[str], progress: Progress, *, width: int
) -> list[Line]:
    """Return what was done, what was noted of it, the day and the id: ◐ Bridge 15 · pain 2   Sun 22 Nov   a3f1."""
    rows: list[tuple[Span, str, str, str]] = []
    for line in lines_of(sessions):
        known, first = progress.catalogue.get(line[0].exercise), line[0]
        what = [f"{text.clean(known.name)} {phrases.session_dose(known, line)}", *phrases.remarks(first)]
        mark = phrases.PART if first.exercise in below_dose else phrases.MARKS[State.DONE]
        rows.append((mark, " · ".join(what), when(first, progress.today, width), shorts[first.uid]))
    return in_columns(rows, width)


def when(session: Session | Pain, today: date, width: int) -> str:
    """Return for which day something counts, and where there is room the time, if it is known: Sun 22 Nov 07:41."""
    clock = f" {session.at:%H:%M}" if session.at and width >= _WIDE else ""
    return f"{text.show_day(session.day, today)}{clock}"


def in_columns(rows: Sequence[tuple[Span, str, str, str]], width: int) -> list[Line]:
    """Return mark, words, day and id of each row, one below the other where the terminal is wide enough."""
    gap = "   " if width >= _WIDE else " "
    room = width - max(text.cells(f"● {gap}{day}{gap}{short}") for _, _, day, short in rows)
    widest = max(_BROAD, *(text.cells(words) for _, words, _, _ in rows))
    broad = widest if width >= _WIDE and widest <= room else 0
    return [
        [mark, Span(f" {text.pad(words, broad)}", "name"), Span(f"{gap}{day}{gap}"), Span(short, "quiet")]
        for mark, words, day, short in rows
    ]


def added(result: "Added") -> list[Line]:
    """Return what an exercise of the person's own is called, how it is counted, and how to log and plan it."""
    exercise = result.exercise
    example = f"{exercise.typed} {dose.example(exercise.mode)}"
    counted = "held for seconds" if exercise.mode == "hold" else "counted in repetitions"
    first = f"Added: {exercise.name}, {counted}{', each side' if exercise.per_side else ''}"
    return [
        [Span(first, "name"), UNDO],
        [Span(f"  to log it: kneetrack log {example}")],
        [Span(f"  to plan it: kneetrack plan set {example}")],
    ]


def closing(progress: Progress, sore: PainAboveLimit | None = None, news: Milestone | NewStreak | None = None) -> Line:
    """Return what was reached, the streak and the last four weeks; after pain above the limit where help is instead."""
    if sore is not None:
        return [
            Span(
                f"  Pain {sore.pain} is above your limit of {sore.limit}."
                f" {phrases.SIGNS}"
                " To excuse a day: kneetrack skip --reason pain."
            )
        ]
    # The words for a streak begun again name its day themselves.
    streak = [] if isinstance(news, NewStreak) else [phrases.streak(progress.streak())]
    figures = " · ".join([*streak, phrases.four_weeks_share(progress)])
    if news is None:
        return [Span(f"  {figures}")]
    return [Span(f"  {_news(news, progress.today)} {figures[0].upper()}{figures[1:]}")]


def wrote(first: str, progress: Progress, *, undo: bool = True) -> list[Line]:
    """Return the answer to a command that wrote something else than a session; `undo` says how to take it back."""
    last = closing(progress)
    return [[Span(first, "name")], *today(progress), [*last, UNDO] if undo else last]


def today(progress: Progress) -> list[Line]:
    """Return what is left today, and what is paused."""
    return [[Span(f"  {line}")] for line in (phrases.left_today(progress), *phrases.paused(progress))]
