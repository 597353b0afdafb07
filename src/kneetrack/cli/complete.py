"""What the shell completes: names and ids, without the ORM and without creating or upgrading anything."""

from datetime import timedelta

import typer

from kneetrack.cli import diary
from kneetrack.domain.errors import KneetrackError
from kneetrack.store.failures import OutdatedError

RECENT, RECENT_DAYS = 50, 28


def exercises(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return the names of exercises that begin so, as they are typed."""
    from kneetrack.domain.catalogue import Catalogue

    try:
        with diary.reading(_db(ctx), upgrade=False) as book:
            catalogue = book.catalogue
    except (KneetrackError, OutdatedError):
        catalogue = Catalogue()
    wanted = incomplete.lower().replace("_", "-").replace(" ", "-")
    return [exercise.typed for exercise in catalogue if exercise.typed.startswith(wanted)]


def ids(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return `last` and the ids of the newest sessions that begin so."""
    found = ["last"]
    try:
        with diary.reading(_db(ctx), upgrade=False) as book:
            newest = book.door.sessions(book.today - timedelta(RECENT_DAYS), None) or book.door.sessions(None, None)
            found += book.door.shorten(session.uid for session in newest[:RECENT]).values()
    except (KneetrackError, OutdatedError):
        pass
    return [word for word in found if word.startswith(incomplete)]


def _db(ctx: typer.Context) -> str | None:
    """Return the journal that the line names, after its command or before it."""
    named = (each.params.get("db") for each in (ctx, ctx.parent, ctx.find_root()) if each)
    return next((path for path in named if path), None)


def templates(_: typer.Context, incomplete: str) -> list[str]:
    """Return the ids of the example programs that begin so."""
    from kneetrack.domain.templates import shipped

    return [template.id for template in shipped() if template.id.startswith(incomplete.lower())]


def topics(_: typer.Context, incomplete: str) -> list[str]:
    """Return what explain explains that begins so."""
    return [topic for topic in ("streak", "adherence", "habit") if topic.startswith(incomplete.lower())]


def settings(_: typer.Context, incomplete: str) -> list[str]:
    """Return the keys of the settings that begin so."""
    from kneetrack.domain.settings import DEFAULTS

    return [key for key in DEFAULTS if key.startswith(incomplete.lower())]


def backups(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return the names of the backups that begin so."""
    from kneetrack.store import backup

    try:
        return [copy.name for copy in backup.backups(diary.place(_db(ctx)).path) if copy.name.startswith(incomplete)]
    except KneetrackError:
        return []
