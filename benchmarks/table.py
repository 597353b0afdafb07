"""A report as a table on the terminal."""

from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

_MB = 1_000_000


def show(report: dict[str, Any]) -> None:
    """Print what was measured: ratios with their quartiles, then times, memory and the sizes of files."""
    console = Console(markup=False, highlight=False)
    console.print(_ratios(report))
    console.print(_sizes(report))
    for skipped in report["skipped"]:
        console.print(f"not measured: {skipped}")


def _ratios(report: dict[str, Any]) -> Table:
    """Return a line for each row, below what it was measured against."""
    title = f"{report['day']} · {report['machine']} · Python {report['python']} · {report['runs']} pairs of runs"
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    table.add_column("what", overflow="fold")
    for column in ("goal", "ratio", "quartiles", "wall", "CPU", "floor", "memory"):
        table.add_column(column, justify="right", no_wrap=True)
    floor = None
    for row in report["rows"]:
        if row["floor"] != floor:
            floor = row["floor"]
            table.add_row(Text(f"against {floor}", "dim"))
        ratio = row[row["figure"]]
        table.add_row(
            row["what"],
            f"≤ {row['goal']}" if row["goal"] else "",
            f"{ratio['median']:.2f}",
            f"{ratio['low']:.2f}–{ratio['high']:.2f}",
            f"{row['wall']['median']:.2f}",
            f"{row['cost']['cpu_ms']:.0f} ms",
            f"{row['floor_cost']['cpu_ms']:.0f} ms",
            f"{row['cost']['peak_mb']:.0f} MB",
        )
    return table


def _sizes(report: dict[str, Any]) -> Table:
    """Return what the diaries take on the disk."""
    table = Table(box=None, pad_edge=False)
    table.add_column("diary")
    for column in ("sessions", "size", "a session"):
        table.add_column(column, justify="right")
    for size in report["sizes"]:
        each = f"{size['bytes_a_session']} bytes" if size["bytes_a_session"] else ""
        table.add_row(size["diary"], str(size["sessions"]), f"{size['bytes'] / _MB:.2f} MB", each)
    return table
