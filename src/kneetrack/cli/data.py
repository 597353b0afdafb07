"""Data: export, import, backup, restore, doctor, settings."""

from functools import partial
from typing import TYPE_CHECKING

from kneetrack.app.workspace import at_home
from kneetrack.cli import console
from kneetrack.cli.environment import workspace
from kneetrack.domain.errors import RefusedRowsError, WrongUseError

if TYPE_CHECKING:
    from kneetrack.app.results.transfer import Incoming

DAMAGED = 65


def export(
    to: str | None = None,
    form: str | None = None,
    of: str | None = None,
    force: bool = False,
    db: str | None = None,
) -> None:
    """Write everything as JSON, or the sessions, the pain or the scores as CSV."""
    from kneetrack.app import transfer
    from kneetrack.views.imported import exported

    path = None if to is None or to == console.PIPE else at_home(to)
    asked = transfer.read_export(path, form, of, replace=force)
    with workspace(db) as diary:
        if asked.path:
            console.say(exported(transfer.to_file(diary, asked, console.progress)))
        else:
            with transfer.to_pipe(diary, asked.form, console.progress) as written:
                console.put_file(written)


def import_(
    path: str,
    dry_run: bool = False,
    maps: list[str] | None = None,
    yes: bool = False,
    db: str | None = None,
) -> None:
    """Add what an export has and your diary lacks; one undo takes it back."""
    from kneetrack.app import transfer
    from kneetrack.views import imported as screen

    source = console.piped() if path == console.PIPE else at_home(path)
    with workspace(db) as diary:
        if dry_run:
            _preview(transfer.preview(diary, source, maps or (), steps=console.progress))
            return
        done = transfer.import_(
            diary, source, maps or (), consent=partial(_may_purge, yes, path), steps=console.progress
        )
        console.complain_of(screen.refused(done.incoming))
        console.answer(done.new, screen.imported(done))


def _may_purge(yes: bool, path: str, records: int) -> bool:
    """Return whether records may be purged. Raises WrongUseError where nobody can be asked."""
    from kneetrack.views import imported as screen

    if not yes and (path == console.PIPE or not console.can_ask()):
        raise WrongUseError(screen.not_asked(records))
    return yes or console.confirm(screen.question(records))


def _preview(found: "Incoming") -> None:
    """Show what an import would bring; raises RefusedRowsError when nothing could come in."""
    from kneetrack.views import imported as screen

    console.say(screen.preview(found))
    if found.rejected:
        raise RefusedRowsError(found.refusals, found.refused, stopped=found.stopped)
    console.complain_of(screen.refused(found))


def backup(
    db: str | None = None,
) -> None:
    """Back up now (also done automatically once a day)."""
    from kneetrack.app import maintenance
    from kneetrack.views.backups import backed_up

    with workspace(db) as diary:
        console.say(backed_up(maintenance.make_backup(diary), beside=diary.place.backend.is_file))


def restore(
    name: str | None = None,
    as_json: bool = False,
    db: str | None = None,
) -> None:
    """Go back to a backup, or list them; what is there now becomes a backup first."""
    from kneetrack.app import maintenance
    from kneetrack.domain.backups import UnclearBackupError
    from kneetrack.views import backups as screen

    if name is None:
        _list_backups(as_json, db)
        return
    if as_json:
        raise WrongUseError("--json lists the backups; leave out the name.")
    with workspace(db) as diary:
        today = diary.now.date()
        try:
            console.say(screen.restored(maintenance.restore(diary, name), today))
        except UnclearBackupError as error:
            console.say(screen.backups(error.copies, maintenance.local_times(error.copies), today, console.width()))
            raise


def _list_backups(as_json: bool, db: str | None) -> None:
    """Show the backups."""
    from kneetrack.app import maintenance
    from kneetrack.views import backups as screen
    from kneetrack.views import data

    with workspace(db) as diary:
        found = maintenance.list_backups(diary)
    if as_json:
        console.put_json(data.backups(found))
    else:
        console.say(screen.backups(found.copies, found.times, diary.now.date(), console.width()))


def doctor(
    as_json: bool = False,
    db: str | None = None,
) -> int:
    """Look for what is wrong with the diary and around it, and say what to do."""
    from kneetrack.app import maintenance
    from kneetrack.views import data
    from kneetrack.views import doctor as screen

    with workspace(db) as diary:
        found = maintenance.examine(diary)
    if as_json:
        console.put_json(data.doctor(str(found.path), screen.every(found)))
    else:
        console.say(screen.doctor(found))
    return DAMAGED if found.damaged else 0


def settings(
    key: str | None = None,
    value: str | None = None,
    as_json: bool = False,
    db: str | None = None,
) -> None:
    """Show where the diary is, and show or change settings."""
    from kneetrack.app import maintenance
    from kneetrack.domain import settings as rules
    from kneetrack.views import data
    from kneetrack.views import settings as screen

    name = rules.key(key) if key else None
    with workspace(db) as diary:
        if name and value:
            done = maintenance.change_setting(diary, name, value)
            console.answer(done.new, screen.changed(done))
            return
        found = maintenance.read_settings(diary)
    if as_json:
        console.put_json(data.settings(found))
    else:
        console.say(screen.settings(found, name))
