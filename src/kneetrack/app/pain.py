"""Note pain apart from exercise, or something about a day."""

from collections.abc import Collection, Sequence
from datetime import date, time, timedelta

from kneetrack.app import session_input
from kneetrack.app.results.pain import Noted, PainDays, PainWeek, PainWeeks
from kneetrack.app.session_input import SIDES, Options, When, stored
from kneetrack.app.workspace import Diary, Workspace, monday
from kneetrack.domain import pain as pain_rules
from kneetrack.domain import settings, text
from kneetrack.domain.catalogue import Catalogue
from kneetrack.domain.days import WEEK
from kneetrack.domain.errors import KneetrackError, NoDiaryError, WrongUseError
from kneetrack.domain.pain import DayPain, Rule, Signal
from kneetrack.domain.records import MAX_NOTE, Moment, Pain, Side
from kneetrack.domain.value import Value

MOMENTS: dict[str, Moment] = {"morning": "morning", "after": "after", "day": "day"}
_NIGHT_ENDS, _NOON = time(4), time(12)
"""Without a moment that is named a pain between them is that of the morning."""

_BETWEEN = " · "
_SHOWN_DAYS = 14
_USUAL_WEEKS, MOST_WEEKS = 12, 520
_NEWS_DAYS = 28


class Given(Value):
    """The options of `pain`, as they were typed; None was not given."""

    moments: Sequence[str] | None = None
    side: str | None = None
    note: str | None = None
    day: str | None = None
    at: str | None = None


def note(workspace: Workspace, level: int | None, given: Given) -> Noted:
    """Write a pain, or without one the note of a day, and return it with how things are.

    A pain takes the place of what the diary said of that moment and side of the day; notes add up. Raises WrongUseError
    and its kinds, and what opening a diary raises.
    """
    return workspace.write(lambda diary: _note(diary, level, given))


def read(diary: Diary, level: int | None, given: Given) -> Pain:
    """Return the pain that a command says, or the note of a day, not yet written; raises WrongUseError."""
    asked = Options(pain=level, note=given.note, day=given.day, at=given.at)
    session_input.check(asked)
    when = session_input.when(asked, diary.now, diary.settings.day_start)
    moment = _moment(level, given, when, diary.settings.day_start)
    new = Pain("", diary.now, when.day, moment, when.at, side_of(given.side), level, stored(given.note))
    if level is None and new.note is None:
        raise WrongUseError("Say how much it hurts, from 0 to 10: kneetrack pain 2")
    return new


def _note(diary: Diary, level: int | None, given: Given) -> Noted:
    new = read(diary, level, given)
    before = there(new, diary)
    pain = replaced(before, new) if before else new
    wrote = pain != before
    if wrote:
        (pain,) = diary.store.note_pain(command(pain, diary), diary.now, [pain])
    (short,) = diary.store.shorten([pain.uid]).values()
    sore = diary.settings.above_limit(level)
    signals = news(diary, pain=pain, before=before) if wrote else frozenset()
    return Noted(pain, before, short, diary.recent(), sore, diary.new, wrote, signals)


def show(workspace: Workspace) -> PainDays:
    """Return the pain of the last 14 days by the person's rule. Raises what opening a diary raises."""
    return workspace.read(lambda diary: days(diary, diary.today - timedelta(_SHOWN_DAYS - 1), diary.today))


def explained(workspace: Workspace) -> tuple[PainDays, bool]:
    """Return the days of `show`, and whether they could be read; where they could not, the usual rule alone."""
    try:
        return show(workspace), True
    except KneetrackError as error:
        missing = isinstance(error, NoDiaryError)
        today = workspace.now.date()
        usual = pain_rules.rule(settings.DEFAULTS["pain_rule"], int(settings.DEFAULTS["pain_limit"]))
        return PainDays(today, today, {}, {}, usual, None, Catalogue(), today), missing


def days(diary: Diary, first: date, last: date) -> PainDays:
    """Return the pain of a range of days by the person's rule."""
    known = _known(diary, min(first, diary.today - timedelta(pain_rules.MEAN_DAYS)), last + timedelta(1))
    its_rule = rule_of(diary)
    judged = pain_rules.verdicts(its_rule, known)
    return PainDays(
        first,
        last,
        {day: its for day, its in known.items() if first <= day},
        {day: its for day, its in judged.items() if first <= day <= last},
        its_rule,
        pain_rules.swing(known, diary.today),
        diary.catalogue,
        diary.today,
    )


def by_week(workspace: Workspace, number: int | None = None) -> PainWeeks:
    """Return the pain and the sets of the last weeks, this one included: twelve unless told otherwise.

    Raises WrongUseError, and what opening a diary raises.
    """
    if number is not None and not 1 <= number <= MOST_WEEKS:
        raise WrongUseError(f"--weeks takes 1 to {MOST_WEEKS} weeks, not {number}.")

    def work(diary: Diary) -> PainWeeks:
        first = monday(diary.today) - timedelta(WEEK * ((number or _USUAL_WEEKS) - 1))
        known = _known(diary, first, diary.today)
        sets: dict[date, int] = {}
        for session in diary.store.sessions(first, diary.today):
            sets[session.day] = sets.get(session.day, 0) + (session.dose.sets or 0)
        weeks = []
        while first <= diary.today:
            its = [first + timedelta(ahead) for ahead in range(WEEK)]
            of = [known[day] for day in its if day in known]
            during = pain_rules.worst(*(day.during for day in of))
            morning = pain_rules.worst(*(day.morning for day in of))
            other = pain_rules.worst(*(level for day in of for level in (day.after, day.rest)))
            weeks.append(PainWeek(first, its[-1], during, morning, other, sum(sets.get(day, 0) for day in its)))
            first += timedelta(WEEK)
        return PainWeeks(tuple(weeks), rule_of(diary), diary.today)

    return workspace.read(work)


def rule_of(diary: Diary) -> Rule:
    """Return the person's rule."""
    return pain_rules.rule(diary.settings.pain_rule, diary.settings.pain_limit)


def _known(diary: Diary, first: date, last: date) -> dict[date, DayPain]:
    return pain_rules.by_day(diary.store.sessions(first, last), diary.store.pains(first, last))


def news(
    diary: Diary, *, written: Collection[str] = (), pain: Pain | None = None, before: Pain | None = None
) -> frozenset[Signal]:
    """Return what is to be said of several days now that some sessions, or a pain in place of another, are written."""
    first = diary.today - timedelta(_NEWS_DAYS)
    sessions, pains = diary.store.sessions(first, diary.today), diary.store.pains(first, diary.today)
    earlier = [its for its in pains if pain is None or its.uid != pain.uid] + ([before] if before else [])
    was = pain_rules.by_day([its for its in sessions if its.uid not in written], earlier)
    return frozenset(pain_rules.news(rule_of(diary), was, pain_rules.by_day(sessions, pains), diary.today))


def command(pain: Pain, diary: Diary) -> str:
    """Return what the diary keeps of the command: the pain, its moment, side and another day, never a note."""
    said = ["note"] if pain.moment is None else ["pain", str(pain.level), pain.moment]
    said += [pain.side] if pain.side else []
    return " ".join([*said, *([] if pain.day == diary.today else [str(pain.day)])])


def side_of(word: str | None) -> Side | None:
    """Return the side that was named. Raises WrongUseError for a word that is none."""
    if word is None:
        return None
    if word.lower() not in SIDES:
        raise WrongUseError(f"“{text.echo(word)}” is not a side; write left, right or both.")
    return SIDES[word.lower()]


def moment_of(word: str) -> Moment:
    """Return the moment that a word names. Raises WrongUseError."""
    if word.lower() not in MOMENTS:
        raise WrongUseError(f"“{text.echo(word)}” is not a moment; write morning, after or day.")
    return MOMENTS[word.lower()]


def _moment(level: int | None, given: Given, when: When, day_start: time) -> Moment | None:
    """Return the moment that a pain is of: the one that was named, the morning until noon, else the day."""
    named = [moment_of(word) for word in given.moments or ()]
    if len(set(named)) > 1:
        raise WrongUseError("Give one moment at a time: morning, after or day.")
    if level is None:
        if named:
            raise WrongUseError(f"Say how much it hurt, from 0 to 10: kneetrack pain 2 --moment {named[0]}")
        return None
    if named:
        return named[0]
    return "morning" if when.at and max(day_start, _NIGHT_ENDS) <= when.at.time() < _NOON else "day"


def place(pain: Pain) -> tuple[date, Moment | None, Side | None]:
    """Return the day, moment and side, of which there is one pain."""
    return pain.day, pain.moment, pain.side


def there(new: Pain, diary: Diary) -> Pain | None:
    """Return what the diary says of the place of a pain; a note alone takes nobody's place."""
    of_the_day = diary.store.pains(new.day, new.day) if new.moment else []
    its = [pain for pain in of_the_day if place(pain) == place(new)]
    return its[-1] if its else None


def replaced(before: Pain, new: Pain) -> Pain:
    """Return a pain in the place of another one, whose note it keeps. Raises WrongUseError for notes too long."""
    notes = [*(before.note or "").split(_BETWEEN), new.note or ""]
    note = _BETWEEN.join(dict.fromkeys(filter(None, notes))) or None
    if note and len(note) > MAX_NOTE:
        raise WrongUseError(f"A note has at most {MAX_NOTE} characters, and with the one before this has {len(note)}.")
    if (before.level, before.note) == (new.level, note):
        return before
    return before._replace(level=new.level, at=new.at, note=note)
