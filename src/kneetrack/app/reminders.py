"""The reminder: what is open today, and what runs it every day."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

from kneetrack.app.results.reminders import Drafts, Installation, InstalledReminders, Reminder, Risks
from kneetrack.app.workspace import Diary, Workspace
from kneetrack.domain import estimate, milestones, text
from kneetrack.domain import reminder as rules
from kneetrack.domain.catalogue import Exercise
from kneetrack.domain.dose import Dose
from kneetrack.domain.errors import MissingProgramError, NothingToDoError, OlderDiaryError, WrongUseError
from kneetrack.domain.installed import DEFAULT_TIME, NIGHT_ENDS, Job, Run, Way
from kneetrack.domain.settings import WhenThen
from kneetrack.domain.value import Value
from kneetrack.store.failures import OutdatedError, translate_errors

if TYPE_CHECKING:
    from pathlib import Path

# What is open


def open_today(workspace: Workspace, *, in_words: bool = True) -> Reminder:
    """Return what is open today; with `in_words` also what the words of a reminder depend on.

    The diary is read and nothing else: raises OlderDiaryError instead of upgrading one, and NoDiaryError for one
    that was named and is missing.
    """
    try:
        return workspace.read(lambda diary: _open(diary, in_words=in_words), upgrade=False, example=False)
    except OutdatedError:
        raise OlderDiaryError(workspace.place.backend.shown) from None


def notify(words: str) -> bool:
    """Send a desktop notification, and return whether a desktop took it."""
    from kneetrack.reminder import notify as desktop  # noqa: PLC0415 - few reminders are sent to one

    return desktop.send(words)


def note_run(workspace: Workspace, found: Reminder) -> None:
    """Keep when the reminder ran, and how much was open; where that cannot be kept, nothing happens."""
    from kneetrack.reminder import stamp  # noqa: PLC0415 - who runs it by hand keeps none

    stamp.write(workspace.place.backend.word, Run(workspace.now, len(found.exercises)))


def _open(diary: Diary, *, in_words: bool) -> Reminder:
    progress = diary.as_of(diary.today)
    exercises = tuple(rules.still_open(progress))
    minutes = estimate.minutes(progress, exercises)
    found = Reminder(progress, exercises, minutes, None, progress, when=diary.settings.when if exercises else None)
    if not exercises or not in_words:
        return found
    sore = _sore(diary)
    found = found._replace(asks_morning=_asks_morning(diary))
    if sore:
        return found._replace(sore=sore)
    before = diary.recent()
    back = milestones.coming_back(diary.this_week()) if milestones.is_break(before) else None
    return found._replace(before=before, back=back)


def _asks_morning(diary: Diary) -> bool:
    """Return whether this morning's pain is to be asked for; never of who notes none."""
    first = diary.today - timedelta(28)
    noted = diary.store.pains(first, diary.today)
    if not noted:
        return False
    from kneetrack.domain import pain  # noqa: PLC0415 - for who notes pain

    return pain.asks(pain.by_day(diary.store.sessions(first, diary.today), noted), diary.today)


def _sore(diary: Diary) -> tuple[int, date] | None:
    """Return the strongest pain of today and yesterday and its day, where it is strong."""
    sessions = diary.store.sessions(diary.today - timedelta(1), diary.today)
    pains = [(its.pain, its.day) for its in sessions if its.pain is not None and diary.settings.is_sore(its.pain)]
    return max(pains, default=None)


# Installing it

Via: TypeAlias = Literal["cron", "systemd", "print"]
"""What is to run a reminder; print only shows how that would be installed."""


class Wish(Value):
    """How to be reminded: at which clock times, by what, and whether by desktop notifications."""

    times: tuple[time, ...]
    via: Via
    notify: bool


def read_wish(times: Sequence[str], via: str | None, *, notify: bool = False) -> Wish:
    """Return what the words for clock times and for what runs it ask for. Raises WrongUseError and its kinds."""
    clocks = read_times(times)
    known: dict[str, Via] = {word: word for word in get_args(Via)}
    chosen = known.get(via or "cron")
    if chosen is None:
        raise WrongUseError(f"--via takes {', '.join(known)}, not “{text.clean(via or '')}”.")
    return Wish(clocks, chosen, notify)


def read_times(words: Sequence[str]) -> tuple[time, ...]:
    """Return the clock times that were typed, each once, ascending; the usual one for none. Raises DayError."""
    return tuple(sorted({text.read_clock(word) for word in words})) if words else (DEFAULT_TIME,)


def draft(workspace: Workspace, wish: Wish, called: str, python: str) -> Drafts:
    """Return what installing a reminder would write; nothing is changed.

    `called` is what was typed to run this program, `python` what interprets it. Raises MissingProgramError where it
    cannot be run as a job, and UnsafeWordsError for a path that no job can hold.
    """
    from kneetrack.reminder import crontab, systemd  # noqa: PLC0415 - a reminder that runs installs nothing

    by_cron, by_systemd = _jobs(workspace, wish, called, python)
    block, units = crontab.block(by_cron, workspace.now), systemd.units(by_systemd, workspace.now)
    return Drafts(by_cron, block, units, systemd.folder(), _risks(workspace, by_cron))


def install(workspace: Workspace, wish: Wish, called: str, python: str) -> Installation:
    """Install a reminder, take out the one that something else runs, and return what was done.

    Raises what `draft` raises, and what the crontab and systemd raise.
    """
    from kneetrack.reminder import crontab, notify, systemd  # noqa: PLC0415 - as above

    by_cron, by_systemd = _jobs(workspace, wish, called, python)
    risks, sender = _risks(workspace, by_cron), notify.program()
    if wish.via == "systemd":
        new = systemd.install(by_systemd, workspace.now)
        moved: Way | None = "cron" if crontab.uninstall() else None
        return Installation(by_systemd, "systemd", new, moved, None, None, sender, risks)
    new = crontab.install(by_cron, workspace.now)
    moved = "systemd" if systemd.uninstall() else None
    return Installation(by_cron, "cron", new, moved, crontab.mail_to(), crontab.mailer(), sender, risks)


def uninstall() -> tuple[Way, ...]:
    """Take the reminder out of the crontab and of systemd, and return where it was. Raises what these raise."""
    from kneetrack.reminder import crontab, systemd  # noqa: PLC0415 - as above

    ways: dict[Way, bool] = {"cron": crontab.uninstall(), "systemd": systemd.uninstall()}
    return tuple(way for way, was_there in ways.items() if was_there)


def look(now: datetime) -> InstalledReminders:
    """Return the reminders that are installed, and what is wrong with them. Raises what the crontab raises."""
    from kneetrack.reminder import check, systemd  # noqa: PLC0415 - as above

    return InstalledReminders(tuple(check.look(now)), systemd.lingers(), now)


def _jobs(workspace: Workspace, wish: Wish, called: str, python: str) -> tuple[Job, Job]:
    """Return the jobs that cron and systemd would run; that of systemd always notifies."""
    from kneetrack.reminder import program  # noqa: PLC0415 - as above

    if workspace.place.backend.has_password:
        raise WrongUseError(
            "A reminder does not keep a password: put it into ~/.pgpass, and take it out of the address."
        )
    words = (*program.find(called, python), "--db", workspace.place.backend.word, "remind")
    loud = (*words, "--notify")
    return Job(loud if wish.notify else words, wish.times), Job(loud, wish.times)


def _risks(workspace: Workspace, job: Job) -> Risks:
    from kneetrack.reminder import program  # noqa: PLC0415 - as above

    return Risks(program.is_fleeting(job.program), not workspace.exists(), job.times[0] < NIGHT_ENDS)


# The calendar

Describe: TypeAlias = Callable[[Sequence[tuple[Exercise, Dose]], WhenThen | None], str]


def write_calendar(workspace: Workspace, path: "Path", times: Sequence[str], describe: Describe) -> None:
    """Write the plan as a calendar file with alarms: whole and on the disk, and readable by its owner alone.

    `describe` gives the words for exercises with their doses, and for when the person means to do them. Raises
    MissingProgramError without the library that it takes, NothingToDoError when nothing is due from today on,
    WrongUseError for a file that is no calendar of ours, and what reading the diary and writing the file raise.
    """
    try:
        from kneetrack.exchange import calendar  # noqa: PLC0415 - asked by this alone
    except ModuleNotFoundError as error:
        if error.name != "icalendar":
            raise
        raise MissingProgramError(
            "The calendar needs the icalendar library: pip install 'kneetrack[calendar]', or pip install icalendar."
        ) from None
    clocks = read_times(times)
    progress, when = workspace.read(lambda diary: (diary.this_week(), diary.settings.when))
    diary = workspace.place.backend.word
    found = calendar.calendar(progress, clocks, diary, workspace.now, lambda listed: describe(listed, when))
    if found is None:
        raise NothingToDoError("Nothing is due from today on: see kneetrack plan, and kneetrack pause --list.")
    _replace(path, found, calendar.PRODID.encode())


def _replace(path: "Path", content: bytes, mark: bytes) -> None:
    """Write a file whole; one that is there without our mark is left alone."""
    from kneetrack.store import atomic  # noqa: PLC0415 - as above

    with translate_errors(path, "write"):
        if path.exists() and not (path.is_file() and mark in path.read_bytes()):
            raise WrongUseError(
                f"{text.clean(str(path))} is there already and no calendar of kneetrack's; name another."
            )
        atomic.write(path, content)
