"""What the shell completes: names and ids, without the ORM and without creating or upgrading anything."""

import typer

from kneetrack.cli import diary
from kneetrack.errors import KneetrackError
from kneetrack.store.file import OutdatedError

RECENT = 50


def exercises(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return the names of exercises that begin so, as they are typed."""
    from kneetrack.catalogue import Catalogue

    try:
        with diary.reading(ctx.params.get("db"), upgrade=False) as book:
            catalogue = book.catalogue
    except (KneetrackError, OutdatedError):
        catalogue = Catalogue()
    wanted = incomplete.lower().replace("_", "-").replace(" ", "-")
    return [exercise.typed for exercise in catalogue if exercise.typed.startswith(wanted)]


def ids(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return `last` and the ids of the newest sessions that begin so."""
    found = ["last"]
    try:
        with diary.reading(ctx.params.get("db"), upgrade=False) as book:
            recent = book.door.sessions(None, None)[:RECENT]
            found += book.door.shorten(session.uid for session in recent).values()
    except (KneetrackError, OutdatedError):
        pass
    return [word for word in found if word.startswith(incomplete)]


def templates(incomplete: str) -> list[str]:
    """Return the ids of the example programs that begin so."""
    from kneetrack.templates import shipped

    return [template.id for template in shipped() if template.id.startswith(incomplete.lower())]
