"""What each key of the dashboard does, and the command that does the same."""

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.screen import ModalScreen
from textual.widgets import Static

from kneetrack.tui.below import Below
from kneetrack.tui.keys import ACTS
from kneetrack.views.paragraphs import hanging


class Help(ModalScreen[None]):
    """Every key, over the dashboard."""

    AUTO_FOCUS = "Below"
    BINDINGS: ClassVar = [("escape,q,question_mark,enter", "dismiss", "Close")]
    CSS = """
    Help { align: center middle; background: transparent; }
    Help Below {
        width: 90%; max-width: 90; height: auto; max-height: 90%; padding: 0 1;
        border: round ansi_default; background: ansi_default; scrollbar-size: 1 1; scrollbar-gutter: stable;
    }
    """

    def compose(self) -> ComposeResult:
        """Lay out the keys."""
        with Below():
            yield Static(id="help", markup=False)

    def on_resize(self) -> None:
        """Draw for another width, once it is known."""
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        shown = self.query_one("#help", Static)
        broad = max(len(act.shown) for act in ACTS)
        lines = []
        for act in ACTS:
            does = f"{act.does}: kneetrack {act.line}" if act.line else act.does
            lines += hanging(does, shown.size.width, f"{act.shown:{broad}}  ")
        shown.update(Text("\n".join([*lines, "", "The rest is for the command line: kneetrack --help"])))
