"""What is shown of a person's own rules: plain lines, which advise nothing."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from kneetrack.app.results.rules import RuleDropped, Rules, RuleWritten
from kneetrack.domain import text
from kneetrack.domain.catalogue import Catalogue
from kneetrack.domain.progression import Judged, Outlook
from kneetrack.domain.records import Rule
from kneetrack.views import phrases
from kneetrack.views.answer import UNDO
from kneetrack.views.lines import Line, Span, fold
from kneetrack.views.pain_days import missing

HOW_TO = 'For example: kneetrack rule set clamshell --reps 10-15 --sessions 2 --then "clamshell-band 3x10"'
OWN = "The rule is your own: none for kneecap pain is published. Your plan changes only when you change it."

EXPLAINED = (
    (
        "A rule looks at the last exercise days since the exercise came into your plan. All sessions of a day count"
        " together, the left and the right side each, and each day counts by its own plan."
    ),
    (
        "It is met when every planned set reached the top of the range, and all else that it names was noted and is"
        " within. Pain and effort are the worst of the day; the next morning is compared with that morning."
    ),
    f"{OWN} Of 38 trials of exercise for kneecap pain, none reports in full how it went on (Holden2018).",
)
"""How a rule is read, in three sentences."""

_FEW = 3


def is_said(its: Outlook, today: date) -> bool:
    """Return whether a rule is met and not to be kept quiet about."""
    return its.state == "met" and not its.is_quiet(today)


def met(its: Outlook, today: date) -> str:
    """Return the sentence for a rule that is met: on which days, and the command that does what it allows."""
    return f"Your rule is met ({_days([day.day for day in its.days], today)}). You may: {text.clean(its.command)}"


def listed(found: Rules) -> list[Line]:
    """Return each rule, how it stands and why."""
    if not found.outlooks:
        return [[Span("You have no rules.")], [Span(HOW_TO)]]
    return [line for its in found.outlooks for line in _one(its, found.catalogue, found.today)]


def written(result: RuleWritten) -> list[Line]:
    """Return the answer to a rule that was set or made quiet: what it says, and how it stands."""
    head, *rest = _one(result.outlook, result.catalogue, result.today)
    if not result.wrote:
        return [[Span("No change: "), *head], *rest]
    return [[*head, UNDO], *rest, *([] if result.before else [[Span(f"  {OWN}", "quiet")]])]


def dropped(result: RuleDropped) -> list[Line]:
    """Return the answer to a rule that was taken out."""
    name = _name(result.rule.exercise, result.catalogue)
    return [[Span(f"Dropped: your rule for {name}", "name"), UNDO]]


def explained(found: Rules, width: int) -> list[Line]:
    """Return what a rule looks at, and the sessions of each rule worked through by it."""
    lines: list[Line] = [part for said in EXPLAINED for part in fold([Span(said)], width, indent="")]
    if not found.outlooks:
        return [*lines, [], [Span("You have no rules.")], [Span(HOW_TO)]]
    for its in found.outlooks:
        lines += [[], *_one(its, found.catalogue, found.today)]
        lines += [[Span(f"    {_worked(day, found)}")] for day in its.days]
    return lines


def _one(its: Outlook, catalogue: Catalogue, today: date) -> list[Line]:
    """Return a rule, what it asks for, and how it stands."""
    rule = its.rule
    step = f"{_name(rule.exercise, catalogue)}, then {_step(rule, catalogue)}"
    lines: list[Line] = [
        [Span(step, "name")],
        [Span(f"  {asks(rule, catalogue)}")],
        [Span(f"  {state(its, catalogue, today)}")],
    ]
    if rule.quiet_until and its.is_quiet(today):
        lines.append([Span(f"  Quiet until {text.show_day(rule.quiet_until, today)}.", "quiet")])
    return lines


def asks(rule: Rule, catalogue: Catalogue) -> str:
    """Return what a rule asks for: Last 2 sessions: every planned set 15 reps (of 10–15), pain at most 2."""
    goal = "as planned"
    if rule.most is not None:
        unit = "s" if catalogue.get(rule.exercise).mode == "hold" else "reps"
        of = f" (of {rule.least}–{rule.most})" if rule.least != rule.most else ""
        goal = f"{rule.most} {unit}{of}"
    said = [f"every planned set {goal}"]
    said += [f"pain at most {rule.max_pain}"] if rule.max_pain is not None else []
    said += ["next morning not worse"] if rule.morning_not_worse else []
    said += [f"effort at most {rule.max_effort}"] if rule.max_effort is not None else []
    which = "Last session" if rule.sessions == 1 else f"Last {rule.sessions} sessions"
    return f"{which}: {', '.join(said)}"


def state(its: Outlook, catalogue: Catalogue, today: date) -> str:
    """Return how a rule stands, and what it lacks."""
    if its.state == "met":
        return met(its, today)
    if its.state == "followed":
        return f"Done: {_step(its.rule, catalogue)} is in your plan."
    if its.state == "unplanned":
        return f"{_name(its.rule.exercise, catalogue)} is not in your plan, so none of its sets are planned."
    return f"Not met: {why(its, catalogue, today)}"


def why(its: Outlook, catalogue: Catalogue, today: date) -> str:
    """Return why a rule is not met: what each session lacks, and how many sessions there are so far."""
    said = [
        f"{text.show_day(day.day, today)} {', '.join(_lacks(day, catalogue, today))}"
        for day in its.days
        if not day.is_met
    ]
    if len(its.days) < its.rule.sessions:
        so_far = "no session yet" if not its.days else f"{len(its.days)} of {its.rule.sessions} sessions so far"
        said.append(so_far)
    return "; ".join(said)


def _lacks(day: Judged, catalogue: Catalogue, today: date) -> list[str]:
    """Return what a day with an exercise lacks."""
    found: list[str] = []
    if "sets" in day.short | day.unknown:
        found.append(_sets(day))
    if "pain" in day.short | day.unknown:
        found.append("pain not noted" if day.pain is None else f"pain {day.pain}")
    if "morning" in day.short:
        found.append("next morning worse")
    elif "morning" in day.unknown:
        found += missing(day.mornings, catalogue, day.day, today)
    if "effort" in day.short | day.unknown:
        found.append("effort not noted" if day.effort is None else f"effort {day.effort}")
    return found


def _sets(day: Judged) -> str:
    """Return how many sets reached the goal: 2 of 3 sets at 15; right side 2 of 3 sets at 15."""
    if "sets" in day.unknown:
        return "not noted how much was done"
    least = min(day.reached.values())
    sides = [side for side, count in day.reached.items() if count == least]
    side = f"{sides[0]} side " if len(sides) < len(day.reached) else ""
    return f"{side}{least} of {text.count(day.planned, 'set')} at {day.goal}"


def _worked(day: Judged, found: Rules) -> str:
    """Return a day by a rule: Fri 27 Nov: 3 of 3 sets at 15; pain 2; effort 6 → counts."""
    said = [f"{f'{side} ' if side else ''}{count} of {day.planned}" for side, count in day.reached.items()]
    parts = [f"{', '.join(said)} sets at {day.goal}"]
    parts += [] if day.pain is None else [f"pain {day.pain}"]
    parts += [] if day.effort is None else [f"effort {day.effort}"]
    lacks = [] if day.is_met else _lacks(day, found.catalogue, found.today)
    verdict = f"does not count: {', '.join(lacks)}" if lacks else "counts"
    return f"{text.show_day(day.day, found.today)}: {'; '.join(parts)} → {verdict}"


def _days(some: Sequence[date], today: date) -> str:
    """Return the days of sessions: 28 Nov; 27 and 28 Nov; 30 Nov and 1 Dec; 5 sessions since 20 Nov."""
    if len(some) > _FEW:
        return f"{len(some)} sessions since {text.short_day(some[0], today)}"
    parts = []
    for _, days in groupby(some, key=lambda day: (day.year, day.month)):
        *others, last = days
        parts += [*(str(day.day) for day in others), text.short_day(last, today)]
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _step(rule: Rule, catalogue: Catalogue) -> str:
    then = catalogue.get(rule.then)
    return f"{text.clean(then.name)} {phrases.prescribed(then, rule.dose)}"


def _name(exercise: str, catalogue: Catalogue) -> str:
    return text.clean(catalogue.get(exercise).name)
