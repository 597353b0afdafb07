"""The numbers of the page for a clinician: it counts, and judges nothing."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from kneetrack.domain import days, plan, weeks
from kneetrack.domain.catalogue import Catalogue, Exercise
from kneetrack.domain.plan import Pause, Prescription
from kneetrack.domain.progress import Adherence, Progress
from kneetrack.domain.records import Session, commands_of
from kneetrack.domain.weeks import Week


class Done(NamedTuple):
    """What was done of an exercise: of what was due, on how many other days, and the mean share of the dose.

    `share` is None where nothing was prescribed on the days done.
    """

    exercise: Exercise
    adherence: Adherence
    other_days: int
    share: float | None


class Report(NamedTuple):
    """What the page says of the days from `first` to `last`, both included.

    It was `written` on the diary day `today`. `plan` is what was prescribed on the last day, `changes` what began after
    the first one, newest first. `done` has the exercises that were due or done, `together` all of them, `days_done` the
    days with a session. `weeks` and `notes` (with the exercises of each, and a session that has it) come newest first.
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
    notes: tuple[tuple[tuple[Exercise, ...], Session], ...]

    @property
    def length(self) -> int:
        """Return how many days the page is about."""
        return (self.last - self.first).days + 1


def of(progress: Progress, sessions: Sequence[Session], first: date, last: date, now: datetime) -> Report:
    """Return the report on the days from first to last, as it is written now.

    `sessions` are those of the days, newest first; `progress` is as of today, and holds the amounts of the days.
    """
    catalogue = progress.catalogue
    held = plan.in_force(progress.activity.prescriptions, last).values()
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
        weeks.of(progress, sessions, first, last)[::-1],
        tuple(_pauses(progress, first, last)),
        tuple(_notes(catalogue, sessions)),
    )


def _window(first: date, last: date) -> days.Days:
    return days.span(days.number(first), days.number(last))


def _changes(progress: Progress, first: date, last: date) -> list[Prescription]:
    """Return what changed the plan after the first of the days, newest first."""
    begun = [item for item in plan.shown(progress.activity.prescriptions) if first < item.first_day <= last]
    return sorted(begun, key=lambda item: item.first_day, reverse=True)


def _done(progress: Progress, first: date, last: date) -> Iterator[Done]:
    for exercise, standing in progress.standings.items():
        kept, done = progress.adherence_between(first, last, exercise), standing.done & _window(first, last)
        if kept.due or done:
            shares = [progress.share(exercise, days.day_of(day)) for day in days.each(done)]
            known = [share for share in shares if share is not None]
            extra = (done & ~standing.kept_due).bit_count()
            yield Done(progress.catalogue.get(exercise), kept, extra, sum(known) / len(known) if known else None)


def _pauses(progress: Progress, first: date, last: date) -> Iterator[tuple[Exercise | None, Pause]]:
    """Yield the pauses that touch the days."""
    for pause in progress.activity.pauses:
        if pause.first <= last and (pause.last is None or pause.last >= first):
            yield (progress.catalogue.get(pause.exercise) if pause.exercise else None), pause


def _notes(catalogue: Catalogue, sessions: Sequence[Session]) -> Iterator[tuple[tuple[Exercise, ...], Session]]:
    """Yield each note with the exercises that one command noted it of, with the same pain."""
    for command in commands_of(sessions):
        found: dict[tuple[object, ...], list[Session]] = {}
        for line in command:
            if line[-1].note:
                found.setdefault((line[-1].note, line[-1].pain), []).append(line[-1])
        for noted in found.values():
            yield tuple(catalogue.get(session.exercise) for session in noted), noted[0]
