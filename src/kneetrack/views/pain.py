"""What is shown of pain that was noted apart from sessions."""

from kneetrack.domain.records import Pain
from kneetrack.views import phrases

MOMENTS = {"morning": "in the morning", "after": "after exercise", "day": "during the day"}


def noted(its: Pain) -> str:
    """Return what was noted: pain 2 in the morning, left; note “…”."""
    if its.level is None or its.moment is None:
        return f"note “{phrases.brief(its.note or '')}”"
    side = f", {its.side}" if its.side else ""
    return f"pain {its.level} {MOMENTS[its.moment]}{side}"
