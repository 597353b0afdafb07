"""The screen of why: one explanation, what trials found and did not find, and how long it takes."""

from typing import NamedTuple

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from kneetrack.views import sources
from kneetrack.views.phrases import STYLES


class Statement(NamedTuple):
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
            ("Seed",),
        ),
        Statement("Clamshells train the outward rotators and the side of the hip; bridges the glutes and hamstrings."),
    ),
    (
        "What trials found",
        Statement("Exercise of hip and knee together is what a guideline recommends.", ("Willy2019",)),
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
            "That the hip is better in the end: everybody was better at 8 weeks (Dolak2011), and among 112 people"
            " hip, knee and free exercise did not differ at 3 and 12 months.",
            ("Hott2019", "Hott2020"),
        ),
        Statement("That everybody gets rid of it: in about half of people the pain persists.", ("Collins2018",)),
    ),
    (
        "How long it takes",
        Statement("You may notice nothing at first.", ("Seed",)),
        Statement("Trials ran for 6 weeks (Ferber2015, Hott2019), 8 (Dolak2011) or 3 months.", ("Rathleff2015",)),
        Statement("No change after about eight weeks of really doing them is a reason to see a clinician."),
    ),
)
KEYS = ("Seed", "Willy2019", "Dolak2011", "Ferber2015", "Rathleff2015", "Hott2019", "Hott2020", "Collins2018")

_WIDEST = 100


def why() -> RenderableType:
    """Return the explanation, trial by trial, and its sources."""
    lines: list[RenderableType] = []
    for title, *statements in WHY:
        lines.append(Text(title, STYLES["name"]))
        table = Table.grid()
        table.add_column(width=4)
        table.add_column(overflow="fold", max_width=_WIDEST)
        for statement in statements:
            table.add_row("  · ", Text(str(statement)))
        lines.append(table)
    last = "A diary, not advice. Warning signs, and when to see someone: kneetrack safety."
    return Group(*lines, Text("Sources", STYLES["name"]), sources.listed(KEYS, brief=True), Text(last))
