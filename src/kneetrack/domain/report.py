"""The numbers of the page for a clinician: it counts, and judges nothing."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from kneetrack.domain import days
from kneetrack.domain.catalogue import Catalogue, Exercise
from kneetrack.domain.plan import Pause, Prescription, in_force
from kneetrack.domain.progress import Adherence, Progress
from kneetrack.domain.records import Session, lines_of


class Done(NamedTuple):
    """What was done of an exercise: of what was due, on how many other days, and the mean share of the dose.

    `share` is None where nothing was prescribed on the days done.
    """

    exercise: Exercise
    adherence: Adherence
    other_days: int
    share: float | None


class Week(NamedTuple):
    """A week, as far as it is within the days: what was done of what was due, and each pain that was noted."""

    first: date
    adherence: Adherence
    pains: tuple[int, ...]


class Report(NamedTuple):
    """What the page says of the days from `first` to `last`, both included.

    It was `written` on the diary day `today`. `plan` is what was prescribed on the last day, `changes` what began after
    the first one, newest first. `done` has the exercises that were due or done, `together` all of them, `days_done` the
    days with a session. `weeks` and `notes` (sessions that have one) come newest first.
    """

    first: date
    last: date
    written: datetime
    today: date
    plan: tuple[tuple[Exercise, Prescription], ...]
    changes: tuple[tuple[Exercise, Prescription], ...]
    done: tuple[Done, ...]
    together: Adherence
    days_done: int
    weeks: tuple[Week, ...]
    pauses: tuple[tuple[Exercise | None, Pause], ...]
    notes: tuple[tuple[Exercise, Session], ...]

    @property
    def length(self) -> int:
        """Return how many days the page is about."""
        return (self.last - self.first).days + 1


def of(progress: Progress, sessions: Sequence[Session], first: date, last: date, now: datetime) -> Report:
    """Return the report on the days from first to last, as it is written now.

    `sessions` are those of the days, newest first; `progress` is as of today, and holds the amounts of the days.
    """
    catalogue = progress.catalogue
    held = in_force(progress.activity.prescriptions, last).values()
    return Report(
        first,
        last,
        now,
        progress.today,
        tuple((catalogue.get(item.exercise), item) for item in held),
        tuple((catalogue.get(item.exercise), item) for item in _changes(progress, first, last)),
        tuple(_done(progress, first, last)),
        progress.adherence_between(first, last),
        (progress.done & _window(first, last)).bit_count(),
        tuple(_weeks(progress, sessions, first, last)),
        tuple(_pauses(progress, first, last)),
        tuple(_notes(catalogue, sessions)),
    )


def _window(first: date, last: date) -> days.Days:
    return days.span(days.number(first), days.number(last))


def _changes(progress: Progress, first: date, last: date) -> list[Prescription]:
    """Return the prescriptions that began after the first of the days; of one day the one written last."""
    begun = {
        (item.first_day, item.exercise): item
        for item in progress.activity.prescriptions
        if first < item.first_day <= last
    }
    return sorted(begun.values(), key=lambda item: item.first_day, reverse=True)


def _done(progress: Progress, first: date, last: date) -> Iterator[Done]:
    for exercise, standing in progress.standings.items():
        kept, done = progress.adherence_between(first, last, exercise), standing.done & _window(first, last)
        if kept.due or done:
            shares = [progress.share(exercise, days.day_of(day)) for day in days.each(done)]
            known = [share for share in shares if share is not None]
            extra = (done & ~standing.kept_due).bit_count()
            yield Done(progress.catalogue.get(exercise), kept, extra, sum(known) / len(known) if known else None)


def _weeks(progress: Progress, sessions: Sequence[Session], first: date, last: date) -> Iterator[Week]:
    """Yield the weeks, newest first; uneven sets note their pain once."""
    monday = last - timedelta(last.weekday())
    while monday + timedelta(days.WEEK - 1) >= first:
        start, end = max(first, monday), min(last, monday + timedelta(days.WEEK - 1))
        noted = {(its.created_at, its.exercise): its.pain for its in sessions if start <= its.day <= end}
        pains = tuple(pain for pain in noted.values() if pain is not None)
        yield Week(start, progress.adherence_between(start, end), pains)
        monday -= timedelta(days.WEEK)


def _pauses(progress: Progress, first: date, last: date) -> Iterator[tuple[Exercise | None, Pause]]:
    """Yield the pauses that touch the days."""
    for pause in progress.activity.pauses:
        if pause.first <= last and (pause.last is None or pause.last >= first):
            yield (progress.catalogue.get(pause.exercise) if pause.exercise else None), pause


def _notes(catalogue: Catalogue, sessions: Sequence[Session]) -> Iterator[tuple[Exercise, Session]]:
    for line in lines_of(sessions):
        if line[0].note:
            yield catalogue.get(line[0].exercise), line[0]
