"""The screens of pain over days and weeks: plain lines, which say all without colour."""

from collections.abc import Sequence
from datetime import date, timedelta

from kneetrack.app.results.pain import PainDays, PainWeek, PainWeeks
from kneetrack.domain import text
from kneetrack.domain.catalogue import Catalogue
from kneetrack.domain.pain import MEAN_DAYS, SOURCE, DayPain, Missing, Rule, Verdict
from kneetrack.domain.records import MAX_RATING
from kneetrack.views import columns
from kneetrack.views.lines import Line, Span, fold

NOTE_IT = "To note it: kneetrack pain 2"
_WIDE = 60
_BLOCKS = " ▁▂▃▄▅▆▇█"
_ROWS = 5
_PER_ROW = MAX_RATING // _ROWS
_LABEL = 4
_LATEST = 4
_WORKED = 7
_STYLES = {"within": "done", "allowed": "part", "above": "missed", "unknown": "quiet"}


def overview(result: PainDays, width: int) -> list[Line]:
    """Return the days with a pain or a session and their verdicts, newest first; then ten days together, and the rule.

    On narrow screens what is missing stands below its day.
    """
    shown = [day for day in sorted(result.days, reverse=True) if result.first <= day <= result.last]
    if not shown:
        return [[Span("No pain noted and nothing logged in the last 14 days.")], [Span(NOTE_IT)]]
    heads = ("morning", "during", "after", "day") if width >= _WIDE else ("morn", "dur", "aft", "day")
    broad = max(len(text.show_day(day, result.today)) for day in shown)
    last = "by your rule" if width >= _WIDE else "rule"
    lines: list[Line] = [[Span(f"{'':{broad}}  {'  '.join(heads)}  {last}", "quiet")]]
    for day in shown:
        its = result.days[day]
        levels = (its.morning, its.during, its.after, its.rest)
        cells = "  ".join(f"{_level(level):>{len(head)}}" for level, head in zip(levels, heads, strict=True))
        left = Span(f"{text.show_day(day, result.today):{broad}}  {cells}  ")
        verdict = result.verdicts.get(day)
        if verdict is None:
            lines.append([Span(left.text.rstrip())])
            continue
        why = " and ".join(missing(verdict.missing, result.catalogue, day, result.today))
        kind = _kind(verdict, result.rule, its, result.days.get(day + timedelta(1)))
        said = f"{kind}: {why}" if why and width >= _WIDE else kind
        lines += columns.row([[Span(said, _STYLES[verdict.kind])]], [max(width - len(left.text), _LABEL)], [left])
        if why and width < _WIDE:
            lines += fold([Span(f"  {why}", "quiet")], width, indent="  ")
    below = (_together(result), rule_in_words(result.rule))
    return [*lines, [], *(part for words in below for part in _folded(words, width))]


def _folded(words: str, width: int) -> list[Line]:
    return fold([Span(words)], width, indent="  ") if words else []


def _level(level: int | None) -> str:
    return "–" if level is None else str(level)


def missing(its: Missing, catalogue: Catalogue, day: date, today: date) -> list[str]:
    """Return what a verdict needs and the diary does not have, in words."""
    if its == Missing():
        return []
    names = ", ".join(text.clean(catalogue.get(exercise).name) for exercise in its.silent)
    next_morning = {today: "tomorrow morning is still to come", today - timedelta(1): "this morning's pain not noted"}
    following = next_morning.get(day, "the next morning's pain not noted")
    return [
        *([f"pain during {names} not noted"] if its.silent else []),
        *(["that morning's pain not noted"] if its.morning else []),
        *(["pain after exercise not noted"] if its.after else []),
        *([following] if its.next_morning else []),
        *(["the two mornings are for different knees"] if its.sides else []),
    ]


def _together(result: PainDays) -> str:
    """Return the mean of the last ten days and how far it swings; empty where too little is known."""
    its = result.swing
    if its is None:
        return ""
    known = f"{its.days} of the last {MEAN_DAYS} days noted"
    return f"Average of each day's worst pain: {its.mean:.1f}, from {its.least} to {its.most} ({known})."


def rule_in_words(rule: Rule) -> str:
    """Return a rule in one line, with its source."""
    source = f" ({SOURCE[rule.name]})" if SOURCE[rule.name] else ""
    if rule.name == "light":
        above = f"; {rule.limit + 1} to {MAX_RATING}: above" if rule.limit < MAX_RATING else ""
        allowed = f"; up to {rule.limit}: allowed" if rule.limit > rule.ideal else ""
        return f"Rule: the worst of during, after and next morning, 0 to {rule.ideal}: within{allowed}{above}."
    ideal = "below 2" if rule.name == "mykneecap" and rule.ideal == 1 else f"at most {rule.ideal}"
    during = f"ideally {ideal}, never above {rule.limit}" if rule.limit > rule.ideal else f"at most {rule.limit}"
    return f"Rule: during exercise {during}; the next morning not above that morning{source}."


# The rule explained


def rule_explained(rule: Rule) -> list[str]:
    """Return the rule, what each verdict means, and that nobody has tested it."""
    first = rule_in_words(rule)
    if rule.name == "light":
        means = "An exercise day without one of the three is unknown, and unknown is never within."
    else:
        allowed = f"allowed up to {rule.limit}, " if rule.limit > rule.ideal else ""
        means = (
            f"A day is within if the worst pain during exercise was {rule.ideal} or less, {allowed}above if it was more"
            " or the next morning was worse. If something was not noted it is unknown, and unknown is never within."
        )
    source = "Clinics use such traffic lights; we found no original source. " if rule.name == "light" else ""
    settled = "MyKneeCap also asks that pain settles within 60 minutes, which is not judged here. "
    source = settled if rule.name == "mykneecap" else source
    tested = f"{source}No trial that we found tested such limits in kneecap pain."
    return [first, means, f"{tested} To choose another rule: kneetrack settings pain_rule"]


def explained(result: PainDays, width: int) -> list[Line]:
    """Return the rule, and the last exercise days worked through by it, newest first."""
    lines = [part for sentence in rule_explained(result.rule) for part in _folded(sentence, width)]
    worked = sorted(result.verdicts, reverse=True)[:_WORKED]
    if not worked:
        return [*lines, [], [Span("No exercise days yet.")]]
    lines.append([])
    for day in worked:
        its = (result.days[day], result.days.get(day + timedelta(1)), result.verdicts[day])
        said = f"{text.show_day(day, result.today)}: {'; '.join(_steps(result, *its))}"
        kind = Span(_kind(its[2], result.rule, *its[:2]), _STYLES[its[2].kind])
        lines += fold([Span(f"{said} → "), kind], width, indent="  ")
    return lines


def _steps(result: PainDays, its: DayPain, following: DayPain | None, verdict: Verdict) -> list[str]:
    """Return what a verdict is made of: during 2; morning 4, next morning 1; and what is missing."""
    said = [] if its.during is None else [f"during {its.during}"]
    if result.rule.name == "light":
        said += [] if its.after is None else [f"after {its.after}"]
        said += [f"next morning {following.morning}"] if following and following.morning is not None else []
    else:
        said += _mornings(its, following)
    return [*said, *missing(verdict.missing, result.catalogue, its.day, result.today)]


def _kind(verdict: Verdict, rule: Rule, its: DayPain, following: DayPain | None) -> str:
    """Return a verdict in words; of one that is above, why: above, 7 during exercise; above, worse the next morning."""
    if verdict.kind != "above":
        return verdict.kind
    zones = {"during exercise": its.during}
    if rule.name == "light":
        zones |= {"after exercise": its.after, "the next morning": following.morning if following else None}
    over = [f"{level} {when}" for when, level in zones.items() if level is not None and level > rule.limit]
    return f"above, {' and '.join(over) or 'worse the next morning'}"


def _mornings(its: DayPain, following: DayPain | None) -> list[str]:
    """Return the two mornings, a side each where sides were named."""
    said = []
    for label, mornings in (("morning", its.mornings), ("next morning", following.mornings if following else {})):
        levels = [f"{level}{f' {side}' if side else ''}" for side, level in mornings.items()]
        said += [f"{label} {' and '.join(levels)}"] if levels else []
    return said


# By week


def by_week(result: PainWeeks, width: int) -> list[Line]:
    """Return a chart of the worst pain during exercise above that of the mornings, with the sets done under both.

    A week without a pain is left blank; on narrow screens the first weeks give way.
    """
    begun = next((at for at, week in enumerate(result.weeks) if week[2:] != (None, None, None, 0)), len(result.weeks))
    each = 2 if (len(result.weeks) - begun) * 2 <= width - _LABEL else 1
    weeks = result.weeks[begun:][-((width - _LABEL) // each) :]
    during, mornings = [week.during for week in weeks], [week.morning for week in weeks]
    others = [week.other for week in weeks]
    if not any(level is not None for level in (*during, *mornings, *others)):
        return [[Span(f"No pain noted in the last {text.count(len(result.weeks), 'week')}.")], [Span(NOTE_IT)]]
    lines: list[Line] = []
    for title, levels in (("worst pain during exercise", during), ("worst pain in the morning", mornings)):
        if any(level is not None for level in levels):
            lines.append([Span(f"{title}, by week", "quiet")])
            lines += _chart(levels, each, result.rule.limit if levels is during else None)
    if any(level is not None for level in others):
        row = "".join(_other(level).ljust(each) for level in others)
        lines += [[Span("at other times", "quiet")], [Span(" " * _LABEL + row.rstrip())]]
    most = max(1, *(week.sets for week in weeks))
    heights = "".join(_block(week.sets / most, 1).ljust(each) for week in weeks)
    dates = (text.short_day(weeks[0].first, result.today), "this week")
    gap = max(len(weeks) * each - sum(map(len, dates)), 1)
    lines += [[Span("sets", "quiet")], [Span(" " * _LABEL + heights.rstrip())]]
    between = " " * gap if gap > len(" → ") else " → "
    lines.append([Span(" " * _LABEL + dates[0] + between + dates[1], "quiet")])
    if any("<" in span.text for line in lines for span in line):
        lines.append([Span(f"{'':{_LABEL}}< your limit, {result.rule.limit}", "quiet")])
    return [*lines, [], *_latest(weeks[-_LATEST:], result.today)]


def _latest(weeks: Sequence[PainWeek], today: date) -> list[Line]:
    """Return the figures of the newest weeks, one beside the other."""
    heads = [*(text.short_day(week.first, today) for week in weeks[:-1]), "now"]
    rows = (
        ("during", [_level(week.during) for week in weeks]),
        ("morning", [_level(week.morning) for week in weeks]),
        *([("other", [_level(week.other) for week in weeks])] if any(week.other is not None for week in weeks) else []),
        ("sets", [str(week.sets) for week in weeks]),
    )
    lines: list[Line] = [[Span(f"{'':8}{''.join(f'{head:>8}' for head in heads)}", "quiet")]]
    return lines + [[Span(f"{label:8}{''.join(f'{figure:>8}' for figure in figures)}")] for label, figures in rows]


def _other(level: int | None) -> str:
    """Return a pain of 0 to 10 as one column; no pain is a line at the bottom, and a gap is blank."""
    return " " if level is None else _block(max(level, 1), MAX_RATING)


def _chart(levels: Sequence[int | None], each: int, limit: int | None) -> list[Line]:
    """Return levels of 0 to 10 as columns, in rows of two points each; < marks the row that a limit is in."""
    lines: list[Line] = []
    for row in range(_ROWS - 1, -1, -1):
        top = (row + 1) * _PER_ROW
        label = f"{top:>2}{'<' if limit is not None and top - _PER_ROW < limit <= top else ' '} "
        cells = "".join(_cell(level, row).ljust(each) for level in levels)
        lines.append([Span(label, "quiet"), Span(cells.rstrip())])
    return lines


def _cell(level: int | None, row: int) -> str:
    """Return the part of a column that is in a row; no pain is a line at the bottom, and a gap is blank."""
    if level is None:
        return " "
    if level == 0 and row == 0:
        return "▁"
    return _block(level - row * _PER_ROW, _PER_ROW)


def _block(part: float, whole: int) -> str:
    return _BLOCKS[round(min(max(part / whole, 0), 1) * (len(_BLOCKS) - 1))]
