"""What is shown of pain that was noted apart from sessions."""

from collections.abc import Container

from kneetrack.app.results.pain import Noted
from kneetrack.domain import text
from kneetrack.domain.pain import Signal
from kneetrack.domain.records import Pain
from kneetrack.views import answer as answers
from kneetrack.views import phrases
from kneetrack.views.lines import Line, Span

MOMENTS = {"morning": "in the morning", "after": "after exercise", "day": "during the day"}


def answer(result: Noted, width: int) -> list[Line]:
    """Return the answer to a pain or a note: what the diary says now and said before, the day, the id, and today."""
    progress, pain = result.progress, result.pain
    if not result.wrote:
        day = text.show_day(pain.day, progress.today)
        return [[Span(f"No change: your diary already has {noted(pain)}, {day}.")]]
    was = f" (was {result.before.level})" if result.before and result.before.level != pain.level else ""
    said = noted(pain)
    words = f"{said[:1].upper()}{said[1:]}{was}"
    if pain.note and pain.level is not None:
        words += f" · “{phrases.brief(pain.note)}”"
    rows = [(Span("·", "quiet"), words, answers.when(pain, progress.today, width), result.short)]
    lines = [*answers.in_columns(rows, width), *answers.today(progress), answers.closing(progress, result.sore)]
    return [*lines, *signals(result.signals, sore=result.sore is not None)]


_SIGNALS: dict[Signal, str] = {
    "above": "On your last three exercise days pain was above your limit.",
    "rise": "On average, your pain in the last 7 days was at least 2 points higher than in the 7 days before.",
}


def signals(found: Container[Signal], *, sore: bool = False) -> list[Line]:
    """Return what is said once of the pain of several days, which advises nothing.

    It names the signs that need a clinician, unless the answer does so already of a `sore` knee.
    """
    said = [words for kind, words in _SIGNALS.items() if kind in found]
    if not said:
        return []
    return [[Span(f"  {' '.join([*said, *([] if sore else [phrases.SIGNS])])}")]]


def noted(its: Pain) -> str:
    """Return what was noted: pain 2 in the morning, left; note “…”."""
    side = {None: "", "both": ", both knees"}.get(its.side, f", {its.side} knee")
    if its.level is None or its.moment is None:
        return f"note “{phrases.brief(its.note or '')}”{side}"
    return f"pain {its.level} {MOMENTS[its.moment]}{side}"
