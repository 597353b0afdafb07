"""What each key of the dashboard does: one table, for the keys, the help and the command palette."""

from kneetrack.domain.value import Value


class Act(Value):
    """What keys do: their names for Textual and as they are shown, the action, in words, and the command for it.

    Without an action it is that of the widget that has the focus.
    """

    keys: str
    shown: str
    action: str | None
    does: str
    line: str | None = None


ACTS = (
    Act("enter", "enter", None, "Log what is left of the exercise under the cursor", "log bridge"),
    Act("a", "a", "add", "Add to the log, with a dose, pain or a note", "log bridge 2x10 --pain 2"),
    Act("A", "A", "deed('log all')", "Log all that is left", "log all"),
    Act("u", "u", "deed('undo')", "Undo the last change", "undo"),
    Act("U,ctrl+r", "U", "deed('redo')", "Redo it", "redo"),
    Act("p", "p", "type('pain ')", "Note pain", "pain 2"),
    Act("n", "n", "note", "Note something about today", "pain --note TEXT"),
    Act(
        "e",
        "e",
        "type('edit last ')",
        "Edit what was logged last, pain too, or another by its id",
        "edit last 3x12",
    ),
    Act("x", "x", "skip", "Skip the exercise under the cursor today", "skip bridge --reason TEXT"),
    Act("s", "s", "start(False)", "Start the guided session of all that is left", "start"),
    Act("S", "S", "start(True)", "Start the guided session of this exercise", "start bridge"),
    Act("colon", ":", "type('')", "Type any of these commands"),
    Act("1", "1", "pane('1')", "Show the last weeks", "stats"),
    Act("2", "2", "pane('2')", "Show the year, and go there with the keys", "calendar --months 12"),
    Act("3", "3", "pane('3')", "Show the exercise under the cursor", "stats bridge"),
    Act("4", "4", "pane('4')", "Show pain", "stats pain"),
    Act("5", "5", "pane('5')", "Show the plan", "plan"),
    Act("6", "6", "pane('6')", "Show the history", "history"),
    Act("w", "w", "whole", "In the year: the whole plan, or the exercise under the cursor", "calendar bridge"),
    Act("tab", "tab", None, "Go from today to what is below it, and back"),
    Act("j,k", "j k", None, "Down and up, as the arrows do; in the year h j k l, by weeks and days"),
    Act("g,G", "g G", None, "To the first and to the last"),
    Act("escape", "esc", "clear", "Close what is open, or clear the answer"),
    Act("ctrl+p", "ctrl+p", None, "Find any of these by its words"),
    Act("question_mark,f1", "?", "help", "Show every key"),
    Act("ctrl+z", "ctrl+z", None, "Suspend; fg brings it back"),
    Act("q", "q", "quit", "Quit"),
)
