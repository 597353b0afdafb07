"""The numbers of the page for a clinician: it counts, and judges nothing."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from kneetrack.domain import days, pain, plan, scores, weeks
from kneetrack.domain.catalogue import Catalogue, Exercise
from kneetrack.domain.pain import DayPain, Kind, Rule
from kneetrack.domain.plan import Pause, Prescription
from kneetrack.domain.progress import Adherence, Progress
from kneetrack.domain.records import Pain, Score, Session, commands_of
from kneetrack.domain.scores import Course
from kneetrack.domain.value import Value
from kneetrack.domain.weeks import Week


class Done(Value):
    """What was done of an exercise: of what was due, on how many other days, and the mean share of the dose.

    `share` is None where nothing was prescribed on the days done. `weeks` are those of the report.
    """

    exercise: Exercise
    adherence: Adherence
    other_days: int
    share: float | None
    weeks: tuple[Adherence, ...]


class Noted(Value):
    """A note: the exercises that one command noted it of, none for one of the day; the pain with it, and the text."""

    day: date
    exercises: tuple[Exercise, ...]
    pain: int | None
    note: str


class Sources(Value):
    """What a diary has of the days from `first` to `last`, both included: sessions, newest first, and what was noted.

    `pains` are those of the day after them too, by whose morning the last one is judged; `scores` are all there are;
    `rule` is the person's own for pain.
    """

    first: date
    last: date
    sessions: Sequence[Session]
    pains: Sequence[Pain]
    scores: Sequence[Score]
    rule: Rule


class Words(Value):
    """What the person adds to the page: a name and questions."""

    name: str | None = None
    questions: tuple[str, ...] = ()


class Report(Value):
    """What the page says of the days from `first` to `last`, both included.

    It was `written` on the diary day `today`. `begun` is the day on which the diary begins where that is within the
    days. `plan` is what was prescribed on the last day, `changes` what began after the first one, newest first. `done`
    has the exercises that were due or done, `together` all of them, `days_done` the days with a session. `weeks` and
    `notes` come newest first; `mornings` are the worst pains of the mornings of each of the weeks. `pains` are what was
    noted apart from sessions and counts. `verdicts` counts the days with a session by what the person's `rule` for pain
    says of them. `diary` is the uid of the first change, which all copies of the diary have; None where nothing was
    written yet.
    """

    first: date
    last: date
    written: datetime
    today: date
    begun: date | None
    plan: tuple[tuple[Exercise, Prescription], ...]
    changes: tuple[tuple[Exercise, Prescription], ...]
    done: tuple[Done, ...]
    together: Adherence
    days_done: int
    weeks: tuple[Week, ...]
    mornings: tuple[tuple[int, ...], ...]
    rule: Rule
    verdicts: Counter[Kind]
    courses: tuple[Course, ...]
    pauses: tuple[tuple[Exercise | None, Pause], ...]
    notes: tuple[Noted, ...]
    sessions: tuple[tuple[Exercise, Session], ...]
    pains: tuple[Pain, ...]
    words: Words
    diary: str | None = None

    @property
    def length(self) -> int:
        """Return how many days the page is about: none before the diary begins."""
        return (self.last - (self.begun or self.first)).days + 1

    @property
    def pain_limit(self) -> int:
        """Return the person's limit for pain while exercising, 0 to 10."""
        return self.rule.limit

    @property
    def noted_pains(self) -> tuple[int, ...]:
        """Return each pain that was noted of an exercise, as the weeks count them."""
        return tuple(level for week in self.weeks for level in week.pains)

    @property
    def above_limit(self) -> int:
        """Return how many of those are above the person's limit."""
        return sum(level > self.pain_limit for level in self.noted_pains)


def of(progress: Progress, sources: Sources, now: datetime, words: Words) -> Report:
    """Return the report on the days of what a diary has, as it is written now.

    `progress` is as of today, and holds the amounts of the days.
    """
    catalogue, first, last = progress.catalogue, sources.first, sources.last
    noted = [day for day in (progress.first_day(), *(its.day for its in sources.pains)) if day is not None]
    known = min(noted, default=None)
    begun = known if known and first < known <= last else None
    its = weeks.of(progress, sources.sessions, begun or first, last)[::-1]
    known_pains = pain.by_day(sources.sessions, sources.pains)
    judged = pain.verdicts(sources.rule, known_pains)
    pains = tuple(_that_count([its for its in sources.pains if its.day <= last]))
    held = plan.in_force(progress.activity.prescriptions, last).values()
    return Report(
        first,
        last,
        now,
        progress.today,
        begun,
        tuple((catalogue.get(item.exercise), item) for item in held),
        tuple((catalogue.get(item.exercise), item) for item in _changes(progress, first, last)),
        tuple(_done(progress, first, last, its)),
        progress.adherence_between(first, last),
        (progress.done & _window(first, last)).bit_count(),
        its,
        tuple(tuple(_mornings(known_pains, week)) for week in its),
        sources.rule,
        Counter(verdict.kind for verdict in judged.values()),
        tuple(_courses(sources.scores, first, last)),
        tuple(_pauses(progress, first, last)),
        tuple(sorted((*_of_exercises(catalogue, sources.sessions), *_of_days(pains)), key=_day_of, reverse=True)),
        tuple((catalogue.get(session.exercise), session) for session in sources.sessions),
        pains,
        words,
    )


def _window(first: date, last: date) -> days.Days:
    return days.span(days.number(first), days.number(last))


def _changes(progress: Progress, first: date, last: date) -> list[Prescription]:
    """Return what changed the plan after the first of the days, newest first."""
    begun = [item for item in plan.shown(progress.activity.prescriptions) if first < item.first_day <= last]
    return sorted(begun, key=lambda item: item.first_day, reverse=True)


def _done(progress: Progress, first: date, last: date, its_weeks: Sequence[Week]) -> Iterator[Done]:
    for exercise, standing in progress.standings.items():
        kept, done = progress.adherence_between(first, last, exercise), standing.done & _window(first, last)
        if kept.due or done:
            shares = [progress.share(exercise, days.day_of(day)) for day in days.each(done)]
            known = [share for share in shares if share is not None]
            extra = (done & ~standing.kept_due).bit_count()
            by_week = tuple(progress.adherence_between(week.first, week.last, exercise) for week in its_weeks)
            share = sum(known) / len(known) if known else None
            yield Done(progress.catalogue.get(exercise), kept, extra, share, by_week)


def _that_count(pains: Sequence[Pain]) -> Iterator[Pain]:
    """Yield what was noted, of one moment and side of a day only the last."""
    last = {(its.day, its.moment, its.side): its for its in pains if its.moment}
    yield from (its for its in pains if its.moment is None or last[its.day, its.moment, its.side] is its)


def _mornings(known: Mapping[date, DayPain], week: Week) -> Iterator[int]:
    """Yield the pain of each morning of a week that was noted: of the worse knee."""
    for ahead in range((week.last - week.first).days + 1):
        its = known.get(week.first + timedelta(ahead))
        if its is not None and its.morning is not None:
            yield its.morning


def _courses(entered: Sequence[Score], first: date, last: date) -> Iterator[Course]:
    """Yield the courses, whole, of the scores of which one was entered within the days."""
    for course in scores.courses(entered, last):
        if course.points and course.points[-1].day >= first:
            yield course


def _pauses(progress: Progress, first: date, last: date) -> Iterator[tuple[Exercise | None, Pause]]:
    """Yield the pauses that touch the days."""
    for pause in progress.activity.pauses:
        if pause.first <= last and (pause.last is None or pause.last >= first):
            yield (progress.catalogue.get(pause.exercise) if pause.exercise else None), pause


def _of_exercises(catalogue: Catalogue, sessions: Sequence[Session]) -> Iterator[Noted]:
    """Yield each note of sessions with the exercises that one command noted it of, with the same pain."""
    for command in commands_of(sessions):
        found: dict[tuple[str, int | None], list[Session]] = {}
        for line in command:
            if line[-1].note:
                found.setdefault((line[-1].note, line[-1].pain), []).append(line[-1])
        for (note, level), noted in found.items():
            yield Noted(noted[0].day, tuple(catalogue.get(session.exercise) for session in noted), level, note)


def _of_days(pains: Sequence[Pain]) -> Iterator[Noted]:
    """Yield the notes apart from sessions, newest first."""
    for its in reversed(pains):
        if its.note:
            yield Noted(its.day, (), its.level, its.note)


def _day_of(noted: Noted) -> date:
    return noted.day
