"""Typer's side of completion: which diary a line is about."""

import os

import typer

from kneetrack.app.workspace import Workspace, locate
from kneetrack.cli.environment import now


def words(kind: str, ctx: typer.Context, incomplete: str) -> list[str]:
    """Return the words of a kind that the last word of a line may become. Raises WrongUseError for no local time."""
    from kneetrack.app.completion import complete

    return complete(kind, Workspace(locate(_db(ctx), os.environ), now()), incomplete)


def _db(ctx: typer.Context) -> str | None:
    """Return the diary that the line names, after its command or before it."""
    named = (each.params.get("db") for each in (ctx, ctx.parent, ctx.find_root()) if each)
    return next((path for path in named if path), None)
