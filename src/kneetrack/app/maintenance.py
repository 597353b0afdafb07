"""Keeping a diary safe: backups and the way back, what doctor finds, and the settings."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from kneetrack.app.results.maintenance import AllSettings, Backups, Diagnosis, SettingChanged, WentBack
from kneetrack.app.workspace import Diary, Workspace
from kneetrack.domain import backups, text
from kneetrack.domain import settings as rules
from kneetrack.domain.backups import Backup
from kneetrack.domain.errors import KneetrackError
from kneetrack.domain.findings import Finding
from kneetrack.domain.installed import Report
from kneetrack.domain.progress import Progress

# Backups


def make_backup(workspace: Workspace) -> Backup:
    """Make a backup now, and return it. Raises NoDiaryError, and NotDoneError when none can be made."""
    workspace.require()
    return workspace.place.backend.back_up(workspace.now)


def list_backups(workspace: Workspace) -> Backups:
    """Return the backups that there are, also of a diary that is missing."""
    backend = workspace.place.backend
    copies = tuple(backend.backups())
    return Backups(backend.shown, copies, local_times(copies))


def local_times(copies: Iterable[Backup]) -> dict[str, datetime]:
    """Return when backups were made on this computer's clock, by name."""
    return {copy.name: copy.made.astimezone() for copy in copies}


def restore(workspace: Workspace, name: str) -> WentBack:
    """Go back to the backup of a name, or of its beginning; what is there becomes a backup first.

    Raises NoSuchRecordError for no backup, UnclearBackupError for several or a short name, and NotDoneError.
    """
    backend = workspace.place.backend
    wanted = backups.only(name, backend.matching(name))
    kept = backend.restore(wanted, workspace.now)
    return WentBack(wanted, wanted.made.astimezone(), kept, _progress_after(workspace))


def _progress_after(workspace: Workspace) -> Progress | None:
    """Return how things stand after a restore; None where today cannot be read, which undoes nothing."""
    try:
        return workspace.read(Diary.recent)
    except KneetrackError:
        return None


# Doctor


def examine(workspace: Workspace) -> Diagnosis:
    """Look at the diary, at what is around it and at the reminders, write nothing, and return what is found.

    Raises NoDiaryError.
    """
    workspace.require()
    backend = workspace.place.backend
    findings = (*backend.examine(workspace.now), *_syncing(workspace))
    reminders, unseen = _reminders(workspace)
    return Diagnosis(backend.word, workspace.now, findings, reminders, unseen)


def _syncing(workspace: Workspace) -> list[Finding]:
    """Return whether syncing with other devices needs somebody; nothing of a diary that is not synced here."""
    from kneetrack.app import sync_status  # noqa: PLC0415 - asked by doctor alone

    found = sync_status.status(workspace)
    if found is None:
        return []
    if not found.stuck:
        return [Finding("syncing", "fine", f"with {text.clean(str(found.folder))}")]
    failed = found.away or found.problem
    words = [text.clean(failed).rstrip(".")] if failed else []
    unread = sum(len(device.unread) for device in found.devices)
    words += [text.count(unread, "file not read", "files not read")] if unread else []
    words += ["not all of inbox.txt could be read"] if found.not_logged else []
    words += [text.count(len(found.copies), "copy of inbox.txt", "copies of inbox.txt")] if found.copies else []
    return [Finding("syncing", "notice", "; ".join(words), "kneetrack sync status")]


def _reminders(workspace: Workspace) -> tuple[tuple[Report, ...], str | None]:
    """Return the reminders that are installed, and why they could not be looked at."""
    from kneetrack.reminder import check  # noqa: PLC0415 - as above

    try:
        return tuple(check.look(workspace.now)), None
    except KneetrackError as error:
        return (), str(error)


# Settings


def read_settings(workspace: Workspace) -> AllSettings:
    """Return every setting, as it is where nobody changed it, also without a diary."""
    values = workspace.read(lambda diary: rules.every(diary.store.settings()), missing_ok=True)
    return AllSettings(workspace.place.backend.shown, values, workspace.exists())


def change_setting(workspace: Workspace, key: str, value: str) -> SettingChanged:
    """Write a setting, and return how things stand by it. Raises WrongUseError for a value out of its limits."""
    kept = rules.checked(key, value)
    begins = text.read_clock(kept) if key == "day_start" else None
    return workspace.write(lambda diary: _change(diary, key, kept), day_start=begins)


def _change(diary: Diary, key: str, value: str) -> SettingChanged:
    diary.store.put_settings(f"settings {key} {value}", diary.now, {key: value})
    after = diary.anew()
    ahead, seen_from = _ahead(after) if key == "day_start" else (0, None)
    return SettingChanged(key, value, ahead, seen_from, after.recent(), diary.new)


def _ahead(diary: Diary) -> tuple[int, date | None]:
    """Return how many sessions are of days that have not begun, and the first of those days."""
    later = diary.store.sessions(diary.today + timedelta(1), None)
    return len(later), later[-1].day if later else None
