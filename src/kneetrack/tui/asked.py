"""A question over a screen that stays."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Label


class Asked(ModalScreen[str | None]):
    """A question over a screen, which waits meanwhile; escape leaves it out."""

    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar = [("escape", "leave", "Leave it out")]
    CSS = """
    Asked { align: center middle; background: transparent; }
    Asked Vertical { width: 90%; max-width: 60; height: auto; border: round ansi_default; background: ansi_default; }
    Asked Label { width: 100%; height: auto; }
    Asked Input, Asked Input:focus { border: none; height: 1; background: ansi_default; color: ansi_default; }
    Asked Input > .input--cursor { text-style: reverse; color: ansi_default; background: ansi_default; }
    Asked.-broad Vertical { max-width: 100; }
    """

    def __init__(self, question: str, begun: str = "", *, broad: bool = False) -> None:
        """Take the question, the beginning of its answer, and whether that is a long one."""
        super().__init__(classes="-broad" if broad else None)
        self._question = question
        self._begun = begun

    def compose(self) -> ComposeResult:
        """Lay out the question and its answer."""
        yield Vertical(Label(self._question, markup=False), Input(self._begun, select_on_focus=False))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Give the answer."""
        self.dismiss(event.value.strip() or None)

    def action_leave(self) -> None:
        """Close the question without an answer."""
        self.dismiss(None)
