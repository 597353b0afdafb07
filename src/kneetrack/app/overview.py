"""What there is to see of all days: history, stats, calendar, and the numbers explained."""

from datetime import date, timedelta

from kneetrack.app import rules
from kneetrack.app.results.overview import Calendar, Explained, History, Stats
from kneetrack.app.workspace import Diary, Workspace, monday
from kneetrack.domain import text, weeks
from kneetrack.domain.catalogue import Catalogue, Exercise
from kneetrack.domain.errors import DayError, KneetrackError, WrongUseError
from kneetrack.domain.milestones import Unchanged, compared_weeks, unchanged
from kneetrack.domain.progress import Progress
from kneetrack.domain.value import Value
from kneetrack.domain.weeks import Week

_USUAL_DAYS, _MOST_DAYS = 14, 40_000
_USUAL_MONTHS, _MOST_MONTHS = 3, 120
_STATS_WEEKS = 12
_MONTHS_OF_A_YEAR = 12


class Range(Value):
    """The days that `history` shows, as they were typed: the last so many, from a day to another, or all."""

    days: int | None = None
    first: str | None = None
    last: str | None = None
    everything: bool = False

    def check(self) -> None:
        """Raise WrongUseError for more than one of them, and for a number out of its limits."""
        if sum((self.days is not None, self.first is not None or self.last is not None, self.everything)) > 1:
            raise WrongUseError("Choose one of --days, --all, and --from with --until.")
        _check("--days", self.days, _MOST_DAYS, "days")

    def read(self, today: date) -> tuple[date | None, date | None]:
        """Return the first and the last day, None for no end. Raises DayError."""
        if self.everything:
            return None, None
        until = text.read_day(self.last, today) if self.last else today
        start = None if self.last else today - timedelta((self.days or _USUAL_DAYS) - 1)
        start = text.read_day(self.first, today) if self.first else start
        if start and start > until:
            ends = text.show_day(start, today), text.show_day(until, today)
            raise DayError(f"--from {ends[0]} is after --until {ends[1]}; both ends count.")
        return start, until


def history(workspace: Workspace, exercise: str | None, chosen: Range, *, with_ids: bool = True) -> History:
    """Return the sessions of a range of days, of an exercise or of all; with their short ids unless told otherwise.

    Raises WrongUseError and its kinds, and what opening a diary raises.
    """
    chosen.check()

    def work(diary: Diary) -> History:
        known = _chosen(exercise, diary)
        first, last = chosen.read(diary.today)
        sessions = tuple(diary.store.sessions(first, last, known.id if known else None))
        pains = () if known else tuple(diary.store.pains(first, last)[::-1])
        shorts = diary.store.shorten([its.uid for its in sessions] + [its.uid for its in pains]) if with_ids else {}
        written = [session.created_at for session in sessions]
        wholes = diary.store.wholes(min(written), max(written)) if written else {}
        limit = diary.settings.pain_limit
        return History(sessions, pains, shorts, wholes, known, first, last, diary.catalogue, diary.today, limit)

    return workspace.read(work)


def stats(workspace: Workspace, exercise: str | None = None, *, everything: bool = False) -> Stats:
    """Return how things stand, for an exercise or for all. Raises WrongUseError, and what opening a diary raises."""

    def work(diary: Diary) -> Stats:
        progress = diary.progress()
        known = _chosen(exercise, diary)
        only = known and known.id
        shown = _weeks(diary, progress, progress.weeks(_STATS_WEEKS, only)[0], only)
        counts = progress.activity.counts(diary.today)
        same = None if known else _unchanged(diary, progress)
        its = rules.outlooks(diary, progress, diary.store.rules())
        return Stats(progress, only, counts, shown, same, everything, tuple(its))

    return workspace.read(work)


def _weeks(diary: Diary, progress: Progress, first: date, exercise: str | None) -> tuple[Week, ...]:
    """Return the weeks from a day to today, with the pain that was noted."""
    pains = () if exercise else diary.store.pains(first, diary.today)
    return weeks.of(progress, diary.store.sessions(first, diary.today, exercise), first, diary.today, exercise, pains)


def _unchanged(diary: Diary, progress: Progress) -> Unchanged | None:
    """Return the person's own pain when it has not fallen in eight weeks that were kept."""
    weeks = compared_weeks(progress)
    if weeks is None:
        return None
    first, last = (
        [session.pain for session in diary.store.sessions(*both) if session.pain is not None] for both in weeks
    )
    return unchanged(first, last)


def calendar(workspace: Workspace, exercise: str | None = None, months: int | None = None) -> Calendar:
    """Return the last months, this one included; three unless told otherwise.

    Raises WrongUseError and its kinds, and what opening a diary raises.
    """
    _check("--months", months, _MOST_MONTHS, "months")

    def work(diary: Diary) -> Calendar:
        first = _first_of_month(diary.today, (months or _USUAL_MONTHS) - 1)
        progress = diary.progress(monday(first), monday(first))
        known = _chosen(exercise, diary)
        only = known and known.id
        begun = max(first, progress.first_day(only) or diary.today)
        return Calendar(progress, only, first, _weeks(diary, progress, begun, only))

    return workspace.read(work)


def explain(workspace: Workspace, topic: str, exercise: str | None = None) -> Explained:
    """Return what a number is worked out from, for an exercise or for the plan; where there is no diary, the rule.

    Raises WrongUseError for a topic or an exercise that is none.
    """
    from kneetrack.domain import explanations  # noqa: PLC0415 - no other command needs it

    named = explanations.topic(topic)

    def work(diary: Diary) -> Explained:
        known = _chosen(exercise, diary)
        return Explained(named, diary.progress(), known and known.id, diary.today)

    try:
        return workspace.read(work)
    except WrongUseError:
        raise
    except KneetrackError:
        known = Catalogue().find(exercise, parts=True) if exercise else None
        return Explained(named, None, known and known.id, workspace.now.date())


def _chosen(word: str | None, diary: Diary) -> Exercise | None:
    """Return the exercise that a word names, by its beginning or a part of it; None where none was typed."""
    return diary.catalogue.find(word, diary.plan(), parts=True) if word else None


def _check(flag: str, number: int | None, most: int, unit: str) -> None:
    """Raise WrongUseError for a number that is out of its limits."""
    if number is not None and not 1 <= number <= most:
        raise WrongUseError(f"{flag} takes 1 to {most} {unit}, not {number}.")


def _first_of_month(today: date, before: int) -> date:
    """Return the first day of the month that is so many months before today's."""
    count = today.year * _MONTHS_OF_A_YEAR + today.month - 1 - before
    return date(count // _MONTHS_OF_A_YEAR, count % _MONTHS_OF_A_YEAR + 1, 1)
