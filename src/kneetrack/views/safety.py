"""The screen of safety: when to stop, which signs need whom, and what this program is not."""

from rich.console import Group, RenderableType
from rich.text import Text

from kneetrack.views import sources
from kneetrack.views.lines import STYLES
from kneetrack.views.paragraphs import hanging
from kneetrack.views.rich_lines import as_they_are, paragraph

INTENDED_USE = (
    "kneetrack is a personal exercise diary. It records what you chose to do and shows it back to you."
    " It does not diagnose, treat or prevent any condition and is no substitute for a clinician."
)
NOT_REVIEWED = "Not reviewed by a clinician; when in doubt ask one; in an emergency call your local emergency number."

SIGNS = (
    (
        "See someone urgently, the same day (NHS-restated)",
        "You cannot put weight on the leg, or the pain is severe.",
        "It began with a fall, blow or twist, or there was a pop, or the knee changed shape.",
        "The knee swelled quickly or is very swollen.",
        "The knee sticks and will not straighten or bend.",
        "The knee gives way or feels unstable, or the kneecap slipped out.",
        "The knee is hot and red, or you have a fever or chills, or feel ill: this may be an emergency.",
    ),
    (
        "See a clinician soon",
        "Pain at night or at rest that does not ease with position, or unexplained weight loss.",
        "No improvement after about six to eight weeks, or it is getting worse.",
    ),
    (
        "Our own caution; we have no source for it",
        "New calf swelling, warmth or pain, or chest pain or breathlessness: get emergency help.",
        "Numbness, weakness, or a cold or pale foot: see someone urgently.",
        "Under 18 with a limp, or hip or groin pain: see a clinician before exercising.",
        "Recent surgery or fracture, past cancer or blood clots, pregnancy, advice not to exercise: ask a clinician.",
    ),
)


KEYS = ("NHS-restated", "MyKneeCap")


def signs(pain_limit: int) -> list[tuple[str, tuple[str, ...]]]:
    """Return the signs, each kind under what to do about it; `pain_limit` is the person's own, 0 to 10."""
    rule = (
        "One published rule for kneecap pain: ideally below 2 of 10, while exercising never above 5, back to normal"
        " within 60 minutes and not worse next morning (MyKneeCap)."
    )
    stop = (
        "When one of the signs below shows up.",
        f"When pain passes your limit, {pain_limit} of 10 (kneetrack settings pain_limit).",
        rule,
    )
    return [("Stop the session", stop), *((title, tuple(its)) for title, *its in SIGNS)]


def safety(pain_limit: int, width: int) -> RenderableType:
    """Return the warning signs and what to do, for the person's own limit."""
    lines: list[Text] = []
    for title, points in signs(pain_limit):
        lines += paragraph(title, width, "name")
        lines += as_they_are(line for point in points for line in hanging(point, width, "  · "))
    below = (*paragraph(NOT_REVIEWED, width, "name"), *paragraph(INTENDED_USE, width))
    return Group(*lines, "", *below, Text("Sources", STYLES["name"]), sources.listed(KEYS))
