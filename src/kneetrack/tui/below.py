"""What scrolls on the dashboard, by the arrows and by the keys of vi."""

from typing import ClassVar

from textual.containers import VerticalScroll


class Below(VerticalScroll):
    """Lines that scroll."""

    BINDINGS: ClassVar = [
        ("j", "scroll_down", "Down"),
        ("k", "scroll_up", "Up"),
        ("g", "scroll_home", "To the top"),
        ("G", "scroll_end", "To the end"),
    ]
