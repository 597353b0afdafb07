"""Sources, listed by key."""

from collections.abc import Iterable

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from kneetrack.domain import references
from kneetrack.views.lines import STYLES


def listed(keys: Iterable[str], *, brief: bool = False) -> RenderableType:
    """Return what the keys stand for, a hanging paragraph each; `brief` is the DOI alone where there is one."""
    table = Table.grid()
    table.add_column(width=2)
    table.add_column(overflow="fold")
    for key in dict.fromkeys(keys):
        source = references.get(key)
        parts = [] if brief and source.doi else [f"{source.text}."]
        parts += [f"doi:{source.doi}"] if source.doi else []
        table.add_row("", Text.assemble((key, STYLES["name"]), (f"  {' '.join(parts)}", STYLES["quiet"])))
    return table


def named(keys: Iterable[str]) -> str:
    """Return keys as they follow a statement: “ (Willy2019, Hott2019)”, nothing for none."""
    joined = ", ".join(dict.fromkeys(keys))
    return f" ({joined})" if joined else ""
