"""What a sync did, and how things are between devices, in words."""

from datetime import datetime
from pathlib import Path

from kneetrack.app.results.sync import IS_COPY, Automatic, DeviceStatus, Synced, SyncStatus
from kneetrack.domain import text
from kneetrack.domain.text import count
from kneetrack.views import answer, imported
from kneetrack.views.lines import Line, Span

SHORT = 8
NOT_SET_UP = "This diary is not synced on this device. To begin: kneetrack sync FOLDER"


def synced(done: Synced) -> list[Line]:
    """Return the answer to a sync: what came, what went, and how things are."""
    came = f"received {imported.brought(done.counts)}" if imported.brought(done.counts) else "nothing new to receive"
    went = f"sent {count(done.sent, 'change')}" if done.sent else "nothing new to send"
    first = f"Synced: {came} · {went}"
    lines = answer.wrote(first, done.progress, undo=False) if done.progress else [[Span(first)]]
    if came := _from_inbox(len(done.logged), len(done.noted)):
        lines.append([Span(f"  {came}")])
    others = count(done.other_devices, "other device") if done.other_devices else "no other device yet"
    lines.append([Span(f"  {text.clean(str(done.folder))} · {others}{' · automatic' if done.auto else ''}", "quiet")])
    if done.purged:
        lines.append([Span(f"  Purged here too: {count(len(done.purged), 'record')} that another device purged")])
    if done.backups and done.backups.problem:
        lines.append([Span(f"  Not all backups could be rewritten: {done.backups.problem}.")])
    if done.waiting:
        waits = f"{count(done.waiting, 'record')} purged on another device, still here until you agree"
        lines.append([Span(f"  {waits}: kneetrack sync --yes")])
    return lines


def _from_inbox(logged: int, noted: int) -> str:
    """Return how many sessions and pains lines of the inbox stood for; empty for none."""
    parts = [count(logged, "session")] if logged else []
    parts += [count(noted, "pain")] if noted else []
    return f"{' and '.join(parts)} logged from inbox.txt" if parts else ""


def left(done: Synced) -> list[str]:
    """Return a sentence for each file and each line of the inbox that was left as it is."""
    files = [f"Left: {each.name} {each.why}." for each in done.unread]
    return [*files, *(f"Still in inbox.txt: {line}" for line in done.not_logged)]


def automatic(done: Automatic, now: datetime) -> list[str]:
    """Return the sentences of an automatic sync: what came from the inbox, and what is stuck."""
    came = _from_inbox(done.logged, done.noted)
    said = [f"{came}."] if came else []
    if done.not_logged:
        said.append(f"{count(done.not_logged, 'line')} of inbox.txt could not be read: kneetrack sync status")
    if done.since:
        said.append(f"Not synced since {_when(done.since, now)}: kneetrack sync status")
    return said


def question(records: int) -> str:
    """Return the question before many records are purged that another device purged."""
    return f"Another device purged {count(records, 'record')}. Delete them here for good, too?"


def ended(folder: Path) -> list[Line]:
    """Return the answer when a diary is synced no more."""
    return [[Span(f"No longer synced on this device. {text.clean(str(folder))} stays as it is.")]]


def status(found: SyncStatus | None, now: datetime) -> list[Line]:
    """Return how a diary is synced: the folder, and a line for each device."""
    if found is None:
        return [[Span(NOT_SET_UP)]]
    mode = "automatically, after each change and before today" if found.auto else "only when you type kneetrack sync"
    lines: list[Line] = [
        [Span(text.clean(str(found.folder)), "name")],
        [Span(f"  synced {mode}; last {_when(found.at, now)}")],
    ]
    lines += [[Span(f"  {each}", "missed")] for each in dict.fromkeys((found.away, found.problem)) if each]
    for device in found.devices:
        lines += _device(device, now)
    left = [f"still in inbox.txt: {line}" for line in found.not_logged]
    return lines + [[Span(f"  {text.clean(each)}", "missed")] for each in (*left, *map(_copy, found.copies))]


def _copy(name: str) -> str:
    return f"{name} {IS_COPY}"


def _device(device: DeviceStatus, now: datetime) -> list[Line]:
    here = " (this one)" if device.this_device else ""
    gave = f"last change {_when(device.last_change, now)}" if device.last_change else "no changes yet"
    got = "" if device.this_device else f" · read here {_when(device.last_read, now)}"
    lines: list[Line] = [[Span(f"  device {device.device[:SHORT]}{here}  {gave}{got}")]]
    return lines + [[Span(f"    {text.clean(each.name)} {each.why}", "missed")] for each in device.unread]


def _when(at: datetime | None, now: datetime) -> str:
    if at is None:
        return "never"
    local = at.astimezone(now.tzinfo)
    return f"{text.show_day(local.date(), now.date())} {local:%H:%M}"
