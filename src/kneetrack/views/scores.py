"""What is shown of scores."""

from kneetrack.domain.records import Score
from kneetrack.views import phrases

MEASURES = {
    "psfs": "PSFS", "nprs": "usual pain of the week", "change": "change", "akps": "AKPS", "koos_pf": "KOOS-PF",
}  # fmt: skip


def named(its: Score) -> str:
    """Return a score in words: PSFS “stairs” 4; AKPS 78."""
    activity = f" “{phrases.brief(its.activity)}”" if its.activity else ""
    return f"{MEASURES[its.measure]}{activity} {tenths(its.tenths)}"


def tenths(number: int) -> str:
    """Return a score without needless decimals: 78, 60.5."""
    return f"{number // 10}.{number % 10}" if number % 10 else str(number // 10)
