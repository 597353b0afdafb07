"""Several devices: sync, sync status and sync off."""

from functools import partial

from kneetrack.app import sync as app_sync
from kneetrack.app import sync_status
from kneetrack.app.workspace import at_home
from kneetrack.cli import console
from kneetrack.cli.environment import workspace
from kneetrack.domain.errors import WrongUseError
from kneetrack.domain.text import echo
from kneetrack.views import data
from kneetrack.views import sync as screen

NOT_SET_UP, STUCK = 1, 3


def sync(
    folder: str | None = None,
    auto: bool = False,
    yes: bool = False,
    as_json: bool = False,
    db: str | None = None,
) -> None:
    """Bring your devices together through a folder that something else carries."""
    _refuse_slip(folder)
    consent = partial(_may_purge, yes)
    with workspace(db, syncs="never") as diary:
        if folder:
            done = app_sync.set_up(diary, at_home(folder), auto=auto, consent=consent)
        else:
            done = app_sync.sync(diary, auto=auto or None, consent=consent)
        console.complain_of(screen.left(done))
        console.answer(done.new, screen.synced(done), data.synced(done) if as_json else None)


def _refuse_slip(folder: str | None) -> None:
    """Raise WrongUseError for the name of a subcommand that was mistyped, which is no folder either."""
    if folder and not at_home(folder).exists():
        from kneetrack.cli import usage

        near = usage.meant("sync", folder)
        if near:
            raise WrongUseError(f"There is no folder {echo(folder)}. Did you mean kneetrack sync {near}?")


def _may_purge(yes: bool, records: int) -> bool:
    """Return whether records may be purged; no where nobody can be asked."""
    return yes or (console.can_ask() and console.confirm(screen.question(records)))


def status(
    as_json: bool = False,
    db: str | None = None,
) -> int:
    """Say what each device last gave and what waits. Exit code: 0 fine, 1 not set up, 3 something is stuck."""
    with workspace(db, syncs="never") as diary:
        found = sync_status.status(diary)
        if as_json:
            console.put_json(data.sync_status(found))
        else:
            console.say(screen.status(found, diary.now))
    if found is None:
        return NOT_SET_UP
    return STUCK if found.stuck else 0


def off(
    db: str | None = None,
) -> None:
    """Stop syncing on this device; the folder stays as it is."""
    with workspace(db, syncs="never") as diary:
        console.say(screen.ended(app_sync.off(diary)))
