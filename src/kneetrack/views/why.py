"""The screen of why: one explanation, what trials found and did not find, and how long it takes."""

from rich.console import Group, RenderableType
from rich.text import Text

from kneetrack.domain.value import Value
from kneetrack.views import sources
from kneetrack.views.lines import STYLES
from kneetrack.views.paragraphs import hanging
from kneetrack.views.rich_lines import as_they_are, paragraph


class Statement(Value):
    """A sentence or two, and the keys of the sources that say so."""

    text: str
    keys: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return the statement with its keys before the last full stop."""
        return f"{self.text.removesuffix('.')}{sources.named(self.keys)}."


WHY = (
    (
        "One explanation",
        Statement(
            "When the hip's outward rotators are weak the thigh turns in, and with it the groove that the kneecap"
            " runs in. When glutes and hamstrings are weak the thigh muscles do their work and load the kneecap."
            " It is one explanation among several, and may not be yours.",
            ("Kellum",),
        ),
        Statement("Clamshells train the outward rotators and the side of the hip; bridges the glutes and hamstrings."),
    ),
    (
        "What trials found",
        Statement("A guideline recommends exercises for hip and knee together.", ("Willy2019",)),
        Statement(
            "Hip work may ease pain sooner: after 4 weeks 2.4 of 10 against 4.1 with thigh exercises (Dolak2011),"
            " or one week earlier among 199 people.",
            ("Ferber2015",),
        ),
        Statement("Among 121 adolescents, more sessions a week went with more recoveries.", ("Rathleff2015",)),
    ),
    (
        "What they did not find",
        Statement(
            "That hip work is better in the end: everybody was better at 8 weeks (Dolak2011), and among 112 people"
            " hip, knee and free exercise did not differ at 3 and 12 months.",
            ("Hott2019", "Hott2020"),
        ),
        Statement("That it goes away for everybody: in about half of people the pain persists.", ("Collins2018",)),
    ),
    (
        "How long it takes",
        Statement(
            "You may notice nothing at first (Kellum). Trials ran for 6 weeks (Ferber2015, Hott2019), 8 (Dolak2011)"
            " or 3 months.",
            ("Rathleff2015",),
        ),
        Statement(
            "It gets harder to keep up: in one trial of exercises at home, adherence fell from 90 % in the first two"
            " weeks to 65 % after ten.",
            ("Nicolson2019",),
        ),
        Statement("No change after about eight weeks of doing them: see a clinician."),
    ),
)
KEYS = (
    "Kellum",
    "Willy2019",
    "Dolak2011",
    "Ferber2015",
    "Rathleff2015",
    "Hott2019",
    "Hott2020",
    "Collins2018",
    "Nicolson2019",
)

_WIDEST = 100
_POINT = "  · "


def why(width: int) -> RenderableType:
    """Return the explanation, trial by trial, and its sources."""
    broad = min(width, _WIDEST)
    lines: list[RenderableType] = []
    for title, *statements in WHY:
        lines.append(Text(title, STYLES["name"]))
        lines += as_they_are(line for said in statements for line in hanging(str(said), broad, _POINT))
    last = paragraph("A diary, not advice. Warning signs, and when to see someone: kneetrack safety.", broad)
    return Group(
        *lines,
        Text("Sources", STYLES["name"]),
        sources.listed(KEYS, brief=True),
        *last,
    )
