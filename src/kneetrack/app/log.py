"""Log what was done."""

from collections.abc import Sequence
from datetime import timedelta

from kneetrack.app import session_input
from kneetrack.app.results import Logged, NothingLeft, Today
from kneetrack.app.session_input import Options
from kneetrack.app.workspace import Diary, Workspace
from kneetrack.domain import milestones
from kneetrack.domain.milestones import Milestone, NewStreak
from kneetrack.domain.progress import Progress
from kneetrack.domain.records import Session
from kneetrack.domain.settings import suggests_day_start

_A_WEEK_AND_A_DAY = timedelta(8)


def log(workspace: Workspace, words: Sequence[str], options: Options, *, with_today: bool = False) -> Logged:
    """Write the sessions that a line stands for, and return them with how things stand after it.

    `words` are exercises, each with its dose or without, or `all`. Nothing is written when nothing of it is left.
    Raises WrongUseError and its kinds, and what opening a diary raises.
    """
    return workspace.write(lambda diary: _log(diary, words, options, with_today=with_today))


def _log(diary: Diary, words: Sequence[str], options: Options, *, with_today: bool) -> Logged:
    moment = session_input.when(options, diary.now, diary.settings.day_start)
    progress = diary.as_of(moment.day)
    sessions = session_input.read(words, options, progress, moment, diary.now)
    command = session_input.command("log", sessions, diary.catalogue, diary.today)
    written = diary.store.append(command, diary.now, sessions) if sessions else []
    return answer(diary, written, pain=options.pain)._replace(
        nothing_left=_nothing_left(words, written, options, progress, diary),
        late=_is_late(written, options, diary),
        today=_today(diary) if with_today else None,
    )


def answer(diary: Diary, written: Sequence[Session], *, pain: int | None) -> Logged:
    """Return what there is to say of sessions that were written with a worst pain, None where none was said."""
    recent = diary.recent()
    sore = pain if diary.settings.is_sore(pain) else None
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
    )


def _today(diary: Diary) -> Today:
    from kneetrack.app import today  # noqa: PLC0415 - few logs ask for it, and all of them wait for its import

    return today.of(diary)


def _nothing_left(
    words: Sequence[str], written: Sequence[Session], options: Options, progress: Progress, diary: Diary
) -> NothingLeft | None:
    """Return what was named and not written, because nothing of it was left."""
    named = session_input.exercises(words, progress)
    out = tuple(item for item in named if item.id not in {session.exercise for session in written})
    if (named and not out) or (not named and written):
        return None
    details = any(value is not None for value in (options.load, options.pain, options.effort, options.note))
    side = (options.side or "both").lower()
    return NothingLeft(out, None if side == "both" else side, progress.today == diary.today, details)


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
