"""Log what was done."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

from kneetrack.app import session_input
from kneetrack.app.results import Logged, NothingLeft, Today
from kneetrack.app.session_input import Options
from kneetrack.app.workspace import Diary, Workspace
from kneetrack.domain import dose, milestones
from kneetrack.domain.catalogue import Exercise
from kneetrack.domain.errors import NothingToDoError
from kneetrack.domain.milestones import Milestone, NewStreak
from kneetrack.domain.progress import Progress
from kneetrack.domain.records import Session
from kneetrack.domain.settings import suggests_day_start

if TYPE_CHECKING:
    from kneetrack.domain.pain import Signal
    from kneetrack.domain.progression import Outlook

_A_WEEK_AND_A_DAY, _FOUR_WEEKS = timedelta(8), timedelta(28)

_EARLY = 3
"""For how many sessions of a diary, or of one that was left alone for weeks, a log is among its first."""


def log(
    workspace: Workspace, words: Sequence[str], options: Options, *, with_today: bool = False, sure: bool = True
) -> Logged:
    """Write the sessions that a line means, and return them with how things are after it.

    `words` are exercises, each with its dose, with `again` or without; or `all`, or `again`. Nothing is written when
    nothing of it is left, or when it is unusually much and the person is not `sure`. Raises WrongUseError and its
    kinds, and what opening a diary raises.
    """
    return workspace.write(lambda diary: _log(diary, words, options, with_today=with_today, sure=sure))


def _log(diary: Diary, words: Sequence[str], options: Options, *, with_today: bool, sure: bool) -> Logged:
    session_input.check(options)
    moment = session_input.when(options, diary.now, diary.settings.day_start)
    progress = diary.as_of(moment.day)
    last_time = partial(last_time_of, diary, moment.day)
    blank = session_input.blank(moment, diary.now)
    sessions = session_input.read(words, options, progress, blank, last_time)
    unusual = () if sure else tuple(session_input.unusual(sessions, progress))
    if unusual:
        return Logged((), {}, progress, None, None, late=False, news=None, new=diary.new, today=None, unusual=unusual)
    command = session_input.command("log", sessions, diary.catalogue, diary.today)
    written = diary.store.append(command, diary.now, sessions) if sessions else []
    nothing_left, noted = _nothing_left(words, written, options, progress, diary)
    said = answer(diary, [*written, *noted], pain=options.pain if written or noted else None)
    return said._replace(
        nothing_left=nothing_left,
        late=_is_late(written, options, diary),
        news=None if noted else said.news,
        today=_today(diary) if with_today else None,
    )


def answer(diary: Diary, written: Sequence[Session], *, pain: int | None) -> Logged:
    """Return what there is to say of sessions that were written with a worst pain, None where none was said."""
    recent = diary.recent()
    sore = diary.settings.above_limit(pain)
    signals = _signals(written, diary) if written and pain is not None else frozenset()
    return Logged(
        tuple(written),
        diary.store.shorten(session.uid for session in written),
        recent,
        nothing_left=None,
        sore=sore,
        late=False,
        news=_news(written, diary, recent) if written and sore is None else None,
        new=diary.new,
        today=None,
        below_dose=_below_dose(written, diary, recent),
        signals=signals,
        is_early=len(recent.activity.amounts) - len(written) < _EARLY,
        rules=_rules(written, diary, recent) if written and sore is None else (),
    )


def _signals(written: Sequence[Session], diary: Diary) -> "frozenset[Signal]":
    from kneetrack.app import pain as app_pain  # noqa: PLC0415 - only a log with pain asks

    return app_pain.news(diary, written={session.uid for session in written})


def _rules(written: Sequence[Session], diary: Diary, recent: Progress) -> "tuple[Outlook, ...]":
    """Return the person's own rules for what was written that are met; most people have none."""
    if not diary.store.rules():
        return ()
    from kneetrack.app import rules  # noqa: PLC0415 - for who has one

    return rules.met(diary, recent, {session.exercise for session in written})


def last_time_of(diary: Diary, until: date, exercise: str | None) -> Sequence[Session]:
    """Return what was done last of an exercise up to a day, or without one all that was written last; none for never.

    Both are what one command wrote, or one guided session.
    """
    if exercise is None:
        with suppress(NothingToDoError):
            return diary.store.last(whole=True)
        return ()
    first = until - _FOUR_WEEKS
    done = diary.store.sessions(first, until, exercise) or diary.store.sessions(None, until, exercise)
    return diary.store.line(done[0].uid) if done else ()


def _below_dose(written: Sequence[Session], diary: Diary, recent: Progress) -> frozenset[str]:
    """Return the exercises of which less than the dose was done on the day of some sessions."""
    if not written:
        return frozenset()
    day = written[0].day
    return (recent if day == diary.today else diary.as_of(day)).below_dose(written)


def _today(diary: Diary) -> Today:
    from kneetrack.app import today  # noqa: PLC0415 - few logs ask for it, and all of them wait for its import

    return today.of(diary)


def _nothing_left(
    words: Sequence[str], written: Sequence[Session], options: Options, progress: Progress, diary: Diary
) -> tuple[NothingLeft | None, Sequence[Session]]:
    """Return what was named and not written, because nothing of it was left, and the sessions that were noted on."""
    named = session_input.exercises(words, progress)
    out = [item for item in named if item.id not in {session.exercise for session in written}]
    if (named and not out) or (not named and written):
        return None, ()
    lines = [] if written else _last_lines(out or map(diary.catalogue.get, progress.plan), options, progress, diary)
    given = options.details
    taken = any(
        getattr(each, name) not in {None, its} for line in lines for each in line for name, its in given.items()
    )
    noted: list[Session] = []
    if lines and not taken:
        noted = [each._replace(**given) for line in lines for each in line]
        diary.store.edit(session_input.command("edit", noted, diary.catalogue, diary.today), diary.now, noted)
    shorts = diary.store.shorten(line[0].uid for line in lines)
    instead = [f"kneetrack edit {shorts[line[0].uid]}{options.typed(dated=False)}" for line in lines if taken]
    side = session_input.SIDES.get((options.side or "both").lower())
    first = out[0] if out else next(map(diary.catalogue.get, progress.plan))
    kept = options._replace(load=None, pain=None, effort=None, note=None) if noted or written else options
    more = f"kneetrack log {first.typed} {dose.example(first.mode, sets=1)}{kept.typed()}"
    is_today = progress.today == diary.today
    return NothingLeft(tuple(out), None if side == "both" else side, is_today, bool(noted), tuple(instead), more), noted


def _last_lines(
    exercises: Iterable[Exercise], options: Options, progress: Progress, diary: Diary
) -> list[Sequence[Session]]:
    """Return, of each exercise that was done on the day, the line of its last session, of the side that was named."""
    found: list[Sequence[Session]] = []
    if not options.details:
        return found
    side = session_input.SIDES.get((options.side or "both").lower(), "both")
    for exercise in exercises:
        done = diary.store.sessions(progress.today, progress.today, exercise.id)
        its = [each for each in done if side == "both" or each.side in {side, "both"}]
        found += [diary.store.line(its[0].uid)] if its else []
    return found


def _is_late(written: Sequence[Session], options: Options, diary: Diary) -> bool:
    """Return whether to say that it is just past midnight, and that days may begin later."""
    if not written or options.day or options.at or not diary.settings.may_suggest_day_start(diary.now):
        return False
    known = {session.uid for session in written}
    week = diary.store.sessions(diary.today - _A_WEEK_AND_A_DAY, diary.today)
    return suggests_day_start(diary.now, (session for session in week if session.uid not in known))


def _news(written: Sequence[Session], diary: Diary, progress: Progress) -> Milestone | NewStreak | None:
    """Return what the first log of today reaches: a milestone, or a streak begun again."""
    if {session.day for session in written} != {diary.today}:
        return None
    if len(diary.store.sessions(diary.today, diary.today)) > len(written):
        return None
    since, days_done = diary.store.days_done(diary.today, milestones.DAYS_DONE[-1] + 1)
    reached = milestones.reached(progress, since or diary.today, days_done)
    streak = progress.streak()
    if reached or streak.since in {None, since} or streak.current > milestones.NEW_STREAK_DAYS:
        return reached
    return milestones.new_streak(diary.this_week())
