"""What there is to see of today."""

from datetime import timedelta
from typing import TYPE_CHECKING

from kneetrack.app.results import NewDiary, Today
from kneetrack.app.workspace import Diary, Workspace
from kneetrack.domain import milestones, settings, templates
from kneetrack.domain.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kneetrack.domain.pain import DayPain
    from kneetrack.domain.progression import Outlook, PhaseOver
    from kneetrack.domain.records import Session
    from kneetrack.domain.scores import Course

_FOUR_WEEKS = timedelta(28)


def show(workspace: Workspace) -> Today:
    """Return what is done and what is left today. Raises what opening a diary raises."""
    found = workspace.read(of)
    if workspace.exists():
        return found
    return found._replace(new=NewDiary(None, workspace.earlier_backups(), example=True))


def of(diary: Diary) -> Today:
    """Return today of an open diary."""
    progress = diary.this_week()
    recent = diary.store.sessions(diary.today - _FOUR_WEEKS, diary.today)
    sessions = tuple(its for its in recent if its.day == diary.today)
    found = Today(
        progress,
        sessions,
        {},
        _phase_over(diary, progress),
        None,
        next((its for its in recent if its.pain is not None), None),
        next((its for its in recent if its.note), None),
        _scores_due(diary),
        *_pain(diary, recent),
        _is_sore(diary, recent),
        diary.settings.when,
        milestones.coming_back(progress),
        _rules(diary, progress),
        settings.day_start(diary.store.settings()),
    )
    listed = (*progress.plan, *found.others)
    return found._replace(last_notes={item: diary.store.last_note(item, diary.today) for item in listed})


def _pain(diary: Diary, recent: "Sequence[Session]") -> "tuple[DayPain | None, bool]":
    """Return the pain of today, and whether this morning's is to be asked for; nothing of who notes none."""
    noted = diary.store.pains(diary.today - _FOUR_WEEKS, diary.today)
    if not noted and not any(its.pain is not None and its.day == diary.today for its in recent):
        return None, False
    from kneetrack.domain import pain  # noqa: PLC0415 - for who notes pain

    known = pain.by_day(recent, noted)
    return known.get(diary.today), pain.asks(known, diary.today)


def _scores_due(diary: Diary) -> "tuple[Course, ...]":
    """Return the scores that are to be entered again; most people have none."""
    entered = diary.store.scores()
    if not entered:
        return ()
    from kneetrack.domain import scores  # noqa: PLC0415 - few people enter scores

    return tuple(scores.due(scores.courses(entered, diary.today), diary.today))


def _is_sore(diary: Diary, recent: "Sequence[Session]") -> bool:
    """Return whether pain above the limit was noted today or yesterday."""
    yesterday = diary.today - timedelta(1)
    noted = diary.store.pains(diary.today - _FOUR_WEEKS, diary.today)
    levels = [its.pain for its in recent if its.day >= yesterday] + [its.level for its in noted if its.day >= yesterday]
    return any(map(diary.settings.is_sore, levels))


def _rules(diary: Diary, progress: Progress) -> "tuple[Outlook, ...]":
    """Return how the person's own rules stand; most people have none."""
    its = diary.store.rules()
    if not its:
        return ()
    from kneetrack.app import rules  # noqa: PLC0415 - for who has one

    return tuple(rules.outlooks(diary, progress, its))


def _phase_over(diary: Diary, progress: Progress) -> "PhaseOver | None":
    """Return the phase in force when its weeks are over, with what tells whether to go on."""
    place = templates.position(progress.activity.prescriptions, diary.today)
    if place is None or not place.is_over(diary.today):
        return None
    from kneetrack.app import pain  # noqa: PLC0415 - once in weeks
    from kneetrack.domain.progression import PhaseOver  # noqa: PLC0415 - as above

    week = pain.days(diary, diary.today - timedelta(6), diary.today)
    during = [its.during for its in week.days.values() if diary.settings.is_sore(its.during) and its.during is not None]
    above = any(verdict.kind == "above" for verdict in week.verdicts.values())
    kept = progress.adherence_between(place.since, diary.today)
    return PhaseOver(place, kept, max(during, default=None), above)
