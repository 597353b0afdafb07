"""A person's own rules of when to go on: set, list, drop, make quiet, and what is to be said of them."""

import re
from collections.abc import Container, Iterable
from datetime import timedelta

from kneetrack.app import plan_input, session_input
from kneetrack.app.results.rules import RuleDropped, Rules, RuleWritten
from kneetrack.app.workspace import Diary, Workspace
from kneetrack.domain import dose as doses
from kneetrack.domain import pain, progression, text
from kneetrack.domain.catalogue import Catalogue, Exercise
from kneetrack.domain.dose import MAX_HOLD_S, MAX_REPS, Dose
from kneetrack.domain.errors import DayError, DoseError, KneetrackError, NothingToDoError, WrongUseError
from kneetrack.domain.progress import Progress
from kneetrack.domain.progression import Outlook
from kneetrack.domain.records import MAX_RULE_SESSIONS, Rule, Session
from kneetrack.domain.value import Value

_THEN = '--then "clamshell-band 3x10"'
_WEEKS = timedelta(42)
"""Few rules look further back than so many days."""


class Given(Value):
    """The options of `rule set`, as they were typed."""

    reps: str | None = None
    hold: str | None = None
    sessions: int | None = None
    max_pain: int | None = None
    morning_not_worse: bool = False
    max_effort: int | None = None
    then: str | None = None


def put(workspace: Workspace, word: str, given: Given) -> RuleWritten:
    """Write the rule of an exercise in the place of the one before, and return how it stands.

    Raises WrongUseError and its kinds, and what opening a diary raises.
    """
    return workspace.write(lambda diary: _put(diary, word, given))


def _put(diary: Diary, word: str, given: Given) -> RuleWritten:
    progress = diary.progress()
    exercise = diary.catalogue.find(text.storable(word), progress.plan)
    rule = _read(exercise, given, progress)
    if progression.is_followed(rule, progress):
        then = diary.catalogue.get(rule.then)
        planned = f"{text.clean(then.name)} {doses.show(rule.dose, then.mode)}"
        raise WrongUseError(f"{planned} is in your plan already; name with --then what comes after it.")
    return _write(diary, progress, rule, f"rule set {exercise.typed} {_summed_up(rule, diary)}")


def quiet(workspace: Workspace, word: str, until: str | None) -> RuleWritten:
    """Say nothing of the rule of an exercise up to a day. Raises WrongUseError, and what opening a diary raises."""

    def work(diary: Diary) -> RuleWritten:
        rule = _named(diary, word)
        if until is None:
            raise WrongUseError(f"Say until when: kneetrack rule quiet {text.echo(word)} --until sun")
        last = text.read_day(until, diary.today, ahead=diary.today)
        if last < diary.today:
            raise DayError(f"{text.show_day(last, diary.today)} is past; name today or a later day.")
        command = f"rule quiet {diary.catalogue.get(rule.exercise).typed} {last}"
        return _write(diary, diary.progress(), rule._replace(quiet_until=last), command)

    return workspace.write(work, create=False)


def drop(workspace: Workspace, word: str) -> RuleDropped:
    """Take the rule of an exercise out. Raises WrongUseError and its kinds, and what opening a diary raises."""

    def work(diary: Diary) -> RuleDropped:
        rule = _named(diary, word)
        diary.store.put_rule(f"rule drop {diary.catalogue.get(rule.exercise).typed}", diary.now, rule, removed=True)
        return RuleDropped(rule, diary.catalogue)

    return workspace.write(work, create=False)


def show(workspace: Workspace, word: str | None = None) -> Rules:
    """Return how the rules stand, all or that of an exercise. Raises WrongUseError, and what opening a diary raises."""

    def work(diary: Diary) -> Rules:
        chosen = [_named(diary, word, parts=True)] if word else diary.store.rules()
        return Rules(tuple(outlooks(diary, diary.progress(), chosen)), diary.catalogue, diary.today)

    return workspace.read(work)


def explained(workspace: Workspace, word: str | None = None) -> tuple[Rules, bool]:
    """Return the rules of `show`, and whether they could be read; where they could not, none.

    Raises WrongUseError for an exercise that is none, or has no rule.
    """
    try:
        return show(workspace, word), True
    except WrongUseError:
        raise
    except KneetrackError:
        return Rules((), Catalogue(), workspace.now.date()), False


def outlooks(diary: Diary, progress: Progress, rules: Iterable[Rule]) -> list[Outlook]:
    """Return how rules stand."""
    return [_outlook(diary, progress, rule) for rule in rules]


def met(diary: Diary, progress: Progress, exercises: Container[str]) -> tuple[Outlook, ...]:
    """Return how the rules of some exercises stand that are met, and of which something may be said today."""
    rules = [rule for rule in diary.store.rules() if rule.exercise in exercises]
    found = outlooks(diary, progress, rules)
    return tuple(its for its in found if its.state == "met" and not its.is_quiet(diary.today))


def _outlook(diary: Diary, progress: Progress, rule: Rule) -> Outlook:
    sessions = _last_sessions(diary, progress, rule)
    its_days = {session.day for session in sessions}
    if not (rule.morning_not_worse and its_days):
        return progression.outlook(rule, sessions, {}, progress)
    noted = diary.store.pains(min(its_days), max(its_days) + timedelta(1))
    return progression.outlook(rule, sessions, pain.by_day((), noted), progress)


def _last_sessions(diary: Diary, progress: Progress, rule: Rule) -> list[Session]:
    """Return the sessions of the last exercise days that a rule asks for, and maybe of some before them."""
    since = progression.in_plan_since(progress, rule.exercise)
    if since is None:
        return []
    near = max(since, diary.today - _WEEKS)
    found = diary.store.sessions(near, diary.today, rule.exercise)
    if near > since and len({session.day for session in found}) < rule.sessions:
        return diary.store.sessions(since, diary.today, rule.exercise)
    return found


def _write(diary: Diary, progress: Progress, rule: Rule, command: str) -> RuleWritten:
    before = next((its for its in diary.store.rules() if its.exercise == rule.exercise), None)
    if rule != before:
        diary.store.put_rule(command, diary.now, rule)
    outlook = _outlook(diary, progress, rule)
    return RuleWritten(outlook, before, diary.catalogue, diary.today, diary.new, rule != before)


def _named(diary: Diary, word: str, *, parts: bool = False) -> Rule:
    """Return the rule of the exercise that a word names. Raises NothingToDoError where it has none."""
    rules = {rule.exercise: rule for rule in diary.store.rules()}
    exercise = diary.catalogue.find(text.storable(word), rules, parts=parts)
    if exercise.id not in rules:
        dose = "3x30s" if exercise.mode == "hold" else "3x15"
        example = f'kneetrack rule set {exercise.typed} --sessions 2 --then "{exercise.typed} {dose}"'
        raise NothingToDoError(f"There is no rule for {text.clean(exercise.name)}. To set one, for example: {example}")
    return rules[exercise.id]


def _read(exercise: Exercise, given: Given, progress: Progress) -> Rule:
    """Return the rule that options say. Raises WrongUseError and its kinds."""
    least, most = _range(exercise, given)
    if given.sessions is None:
        raise WrongUseError("Say in how many of the last sessions: --sessions 2")
    if not 1 <= given.sessions <= MAX_RULE_SESSIONS:
        raise WrongUseError(f"--sessions takes 1 to {MAX_RULE_SESSIONS} sessions, not {given.sessions}.")
    session_input.check(session_input.Options(pain=given.max_pain, effort=given.max_effort))
    then, dose = _then(given.then, progress)
    asked = (given.sessions, given.max_pain, given.morning_not_worse, given.max_effort)
    return Rule(exercise.id, least, most, *asked, then.id, dose)


def _range(exercise: Exercise, given: Given) -> tuple[int | None, int | None]:
    """Return the range that every set is to reach the top of; None where none was named. Raises WrongUseError."""
    name = text.clean(exercise.name)
    if given.reps and given.hold:
        raise WrongUseError("Choose one of --reps and --hold.")
    if given.reps and exercise.mode == "hold":
        raise DoseError(f"{name} is held for seconds, not counted in repetitions: use --hold 20-30.")
    if given.hold and exercise.mode == "reps":
        raise DoseError(f"{name} is counted in repetitions, not held for seconds: use --reps 10-15.")
    word, flag, largest = (given.hold, "--hold", MAX_HOLD_S) if given.hold else (given.reps, "--reps", MAX_REPS)
    if word is None:
        return None, None
    match = re.fullmatch(r"([0-9]+)(?:-([0-9]+))?", word.strip().replace("–", "-").removesuffix("s"), re.ASCII)
    if not match:
        raise WrongUseError(f"{flag} takes a range such as 10-15, not “{text.echo(word)}”.")
    least, most = text.whole(match[1]), text.whole(match[2] or match[1])
    if least > most:
        raise WrongUseError(f"{flag} {text.echo(word)} runs backwards: write {flag} {most}-{least}.")
    if not 1 <= least <= most <= largest:
        raise WrongUseError(f"{flag} goes from 1 to {largest}, not “{text.echo(word)}”.")
    return least, most


def _then(words: str | None, progress: Progress) -> tuple[Exercise, Dose]:
    """Return the exercise and the dose that come when a rule is met. Raises WrongUseError and its kinds."""
    if words is None:
        raise WrongUseError(f"Say what comes then: {_THEN}")
    name, _, word = words.strip().rpartition(" ")
    if not name or not word[:1].isdigit():
        raise WrongUseError(f"“{text.echo(words)}” is not an exercise with its dose; write {_THEN}")
    exercise = progress.catalogue.find(text.storable(name), progress.plan)
    return exercise, plan_input.one_dose(word, exercise)


def _summed_up(rule: Rule, diary: Diary) -> str:
    """Return what the diary keeps of a rule in its command: reps 10-15 sessions 2 then clamshell-band 3x10."""
    exercise, then = diary.catalogue.get(rule.exercise), diary.catalogue.get(rule.then)
    unit = "hold" if exercise.mode == "hold" else "reps"
    said = [f"{unit} {rule.least}-{rule.most}"] if rule.most else []
    said += [f"sessions {rule.sessions}"]
    said += [f"max-pain {rule.max_pain}"] if rule.max_pain is not None else []
    said += ["morning-not-worse"] if rule.morning_not_worse else []
    said += [f"max-effort {rule.max_effort}"] if rule.max_effort is not None else []
    return " ".join([*said, "then", then.typed, doses.word(rule.dose, then.mode)])
