"""Keeping: settings, backup, restore, doctor."""

from datetime import datetime, timedelta
from pathlib import Path

from kneetrack.cli import answers, console, diary
from kneetrack.domain import text
from kneetrack.domain.errors import KneetrackError, NoSuchRecordError, WrongUseError
from kneetrack.domain.findings import Finding
from kneetrack.domain.records import MAX_RATING
from kneetrack.views import data
from kneetrack.views.phrases import Span

LATEST_DAY_START = 12
DAMAGED = 65

A_DAY = len("20261122")
"""A backup's name is taken by its beginning when that is at least its day: a slip of a finger restores nothing."""

DEFAULTS = {"day_start": "00:00", "pain_limit": str(diary.PAIN_LIMIT)}
MEANING = {
    "day_start": "when a day begins: 00:00 to 11:59",
    "pain_limit": "pain above this adds a line to the answer: 0 to 10",
}


def settings(
    key: str | None = None,
    value: str | None = None,
    as_json: bool = False,
    db: str | None = None,
) -> None:
    """Show where the journal is, and show or change settings."""
    name = key.lower().replace("-", "_") if key else None
    if name and name not in DEFAULTS:
        raise _unknown(key or "")
    if name and value:
        _put(name, checked(name, value), db)
        return
    with diary.reading(db, unwritten=True) as book:
        changed = {**DEFAULTS, **book.door.settings()}
    if as_json:
        console.put_json(data.settings(str(book.place.path), changed))
        return
    for known in [name] if name else DEFAULTS:
        console.say([[Span(f"{known}  {changed[known]}  "), Span(f"({MEANING[known]})", "quiet")]])
    if not name:
        there = "" if not diary.missing(db) else " (not there yet)"
        console.say([[Span(f"journal  {text.clean(str(book.place.path))}{there}")]])


def _put(name: str, value: str, db: str | None) -> None:
    """Write a setting, and say so."""
    hello = answers.begin(db, day_start=text.read_clock(value) if name == "day_start" else None)
    with diary.journal(db) as (journal, book):
        journal.put_setting(f"settings {name} {value}", book.now, name, value)
    answers.changed(f"{name} is now {value}", db, hello=hello, hints=_not_yet(db) if name == "day_start" else ())


def _not_yet(db: str | None) -> list[str]:
    """Return the hint that sessions are of days that have not begun, such as when days begin later from now on."""
    with diary.reading(db) as book:
        later = book.door.sessions(book.today + timedelta(1), None)
    if not later:
        return []
    counted = f"{text.count(len(later), 'session')} will be seen from {text.show_day(later[-1].day, book.today)} on"
    return [f"{counted}. To move what was logged last to today: kneetrack edit last -d today"]


def checked(name: str, value: str) -> str:
    """Return a value as it is kept. Raises WrongUseError."""
    if name not in DEFAULTS:
        raise _unknown(name)
    if name == "day_start":
        clock = text.read_clock(value)
        if clock.hour >= LATEST_DAY_START:
            raise WrongUseError("A day begins between 00:00 and 11:59.")
        return f"{clock:%H:%M}"
    if not (value.isascii() and value.isdigit() and text.whole(value) <= MAX_RATING):
        raise WrongUseError(f"pain_limit goes from 0 to {MAX_RATING}, not “{text.clean(value)}”.")
    return str(text.whole(value))


def _unknown(key: str) -> WrongUseError:
    """Return the error for a key that no setting has."""
    return WrongUseError(f"There is no setting “{text.clean(key)}”; there are {' and '.join(DEFAULTS)}.")


def backup(
    db: str | None = None,
) -> None:
    """Make a backup, beside the one that is made by itself on each day that something is logged."""
    from kneetrack.store import backup as store
    from kneetrack.views import backups as screen

    where = diary.found(db)
    copy = store.make(where.path, diary.now())
    console.say(
        [
            [Span(f"Backed up: {screen.held(copy)}, {text.size(copy.size)}", "name"), Span(f"   {copy.name}", "quiet")],
            [Span(f"  {text.clean(str(copy.path))}")],
            [Span("  It is on the same disk: copy it to another one now and then.", "quiet")],
        ]
    )


def restore(
    name: str | None = None,
    as_json: bool = False,
    db: str | None = None,
) -> None:
    """Go back to a backup; what is there now becomes a backup first."""
    from kneetrack.store import backup as store
    from kneetrack.views import backups as screen

    where, now = diary.place(db), diary.now()
    if name and as_json:
        raise WrongUseError("--json lists the backups; say it without a name.")
    if name is None:
        copies = store.backups(where.path)
        if as_json:
            console.put_json(data.backups(str(where.path), copies))
        else:
            console.say(screen.backups(copies, now.date(), console.width()))
        return
    wanted, *others = store.matching(where.path, name)
    if others or len(name) < A_DAY:
        console.say(screen.backups([wanted, *others], now.date(), console.width()))
        number, more = text.count(1 + len(others), "backup has", "backups have"), "more of it"
        if len(name) < A_DAY:
            more = f"at least its day, such as {wanted.name[:A_DAY]}"
        raise NoSuchRecordError(f"{number} a name that begins with {name}, and none was restored: type {more}.")
    before = store.restore(where.path, wanted, now)
    answers.changed(f"Restored: {screen.held(wanted)}, as of {screen.made(wanted, now.date())}", db, undo=False)
    if before.saved:
        words = f"{screen.held(before.saved)} before; to go back to them: kneetrack restore {before.saved.name}"
        console.say([[Span(f"  {words}")]])
    if before.aside:
        console.say([[Span(f"  The damaged file is kept as {text.clean(str(before.aside))}")]])


def doctor(
    as_json: bool = False,
    db: str | None = None,
) -> int:
    """Look for what is wrong with the journal and around it, and say what to do."""
    from kneetrack.health import diary as check
    from kneetrack.views.doctor import doctor as screen

    where, now = diary.found(db), diary.now()
    findings = [*check.examine(where.path, now), _reminder(where.path, now)]
    if as_json:
        console.put_json(data.doctor(str(where.path), findings))
    else:
        console.say([[Span(f"journal  {text.clean(str(where.path))}")], *screen(findings)])
    if any(finding.state == "damage" for finding in findings):
        return DAMAGED
    return 0


def _reminder(journal: Path, now: datetime) -> Finding:
    """Return whether the reminder runs, and reads this journal."""
    from kneetrack.reminder import check
    from kneetrack.views import reminder_status as installed

    try:
        return installed.found(check.look(now), journal.absolute(), now)
    except KneetrackError as error:
        return Finding("reminder", "notice", str(error), "kneetrack remind status")
