"""What installing a reminder answers, and how an installed one stands."""

import shlex
from collections.abc import Iterable, Sequence
from datetime import datetime, time
from pathlib import Path
from typing import Any

from kneetrack.domain import text
from kneetrack.domain.findings import Finding
from kneetrack.reminder import Job
from kneetrack.reminder.check import Report, Trouble, next_run
from kneetrack.views.phrases import Line, Span


def clocks(times: Iterable[time]) -> str:
    """Return clock times as people read them: 09:00 and 18:00."""
    shown = [f"{clock:%H:%M}" for clock in times]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def installed(job: Job, way: str, goes: str, *, new: bool) -> list[Line]:
    """Return the answer to `remind install`; `goes` says where prints go."""
    first = "Installed" if new else "Already installed, nothing was changed"
    return [
        [Span(f"{first}: every day at {clocks(job.times)}, by {way}", "name")],
        [Span(f"  runs    {text.clean(shlex.join(job.argv))}")],
        [Span(f"  prints  {goes}")],
        [Span("  look    kneetrack remind status · to end it: kneetrack remind uninstall", "quiet")],
    ]


def mailed(mail_to: str | None, mailer: str | None, sender: str | None, *, notify: bool) -> str:
    """Return where the prints of a cron job go; `mailer` and `sender` are the programs for mail and notifications."""
    if mail_to == "":
        mail = "nowhere: MAILTO is empty in your crontab"
    elif mailer:
        mail = f"by mail to {mail_to or 'you, on this computer'} ({text.clean(mailer)})"
    else:
        mail = "nowhere: there is no mail program here"
    lost = mail.startswith("nowhere")
    if not notify:
        return f"{mail}; add --notify for a desktop notification" if lost else mail
    missing = "" if sender else "; notify-send is missing (Debian: apt install libnotify-bin)"
    return f"as a desktop notification{missing}; without a desktop {mail}"


def to_desktop(sender: str | None) -> str:
    """Return where the prints of a systemd service go."""
    missing = "" if sender else "; notify-send is missing (Debian: apt install libnotify-bin)"
    return f"as a desktop notification{missing}; without a desktop to journalctl --user -u kneetrack-remind"


def by_hand(block: str, units: dict[str, str], folder: str, argv: tuple[str, ...]) -> str:
    """Return what to put where for those who install by hand; nothing of it may be folded."""
    timer = next(name for name in units if name.endswith(".timer"))
    parts = [
        f"# For cron: crontab -e, and add these lines. Prints are mailed to you.\n{block}",
        *(f"# For systemd: {text.clean(folder)}/{name}\n{unit}" for name, unit in units.items()),
        f"# For systemd, then:\nsystemctl --user daemon-reload && systemctl --user enable --now {timer}\n",
        f"# For a login shell: add this line to ~/.profile or ~/.zprofile.\n{shlex.join(argv)}\n",
    ]
    return "\n".join(parts)


_SENTENCES = {
    Trouble.CHANGED: "It was changed by hand and cannot be read; to write it anew: kneetrack remind install{via}",
    Trouble.NO_PROGRAM: "The program is gone: run kneetrack remind install{via} with the kneetrack that you use now",
    Trouble.NO_JOURNAL: "The journal is gone: name the one you use with kneetrack --db PATH remind install{via}",
    Trouble.STOPPED: "The timer does not run: kneetrack remind install --via systemd starts it",
}


def status(report: Report, now: datetime, *, lingers: bool) -> list[Line]:
    """Return how an installed reminder stands."""
    if report.damage:
        return [[Span(report.damage)]]
    lines = [[Span(f"Installed by {report.way}{_times(report.job)}{_since(report, now)}", "name")]]
    if report.job:
        gone = {Trouble.NO_PROGRAM: "", Trouble.NO_JOURNAL: ""}
        gone |= {trouble: "  (gone)" for trouble in report.troubles if trouble in gone}
        lines.append([Span(f"  program  {text.clean(str(report.job.program))}{gone[Trouble.NO_PROGRAM]}")])
        journal = text.clean(str(report.job.journal)) if report.job.journal else "the one at the usual place"
        lines.append([Span(f"  journal  {journal}{gone[Trouble.NO_JOURNAL]}")])
        lines.append([Span(f"  last     {_last(report, now)}")])
        lines.append([Span(f"  next     {_instant(next_run(report.job.times, now), now)}")])
    lines += [[Span(f"  {sentence(trouble, report, now)}", "missed")] for trouble in report.troubles]
    if report.way == "systemd" and not lingers:
        lines.append([Span("  It stops when you log out; to keep it: loginctl enable-linger", "quiet")])
    return lines


def found(reports: Sequence[Report], journal: Path, now: datetime) -> Finding:
    """Return what doctor says of the reminder: whether it runs, and whether it reads this journal."""
    troubles = [report.damage or sentence(trouble, report, now) for report in reports for trouble in report.troubles]
    elsewhere = [report.job.journal for report in reports if report.job and report.job.journal not in {None, journal}]
    if troubles:
        return Finding("reminder", "notice", " ".join(troubles), "kneetrack remind status")
    if elsewhere:
        words = f"it reads {text.clean(str(elsewhere[0]))}, not this journal"
        return Finding("reminder", "notice", words, "kneetrack remind install")
    if not reports:
        return Finding("reminder", "fine", "none is installed", "kneetrack remind install")
    return Finding("reminder", "fine", "; ".join(f"by {each.way}{_times(each.job)}" for each in reports))


def sentence(trouble: Trouble, report: Report, now: datetime) -> str:
    """Return what is wrong, and what to do about it."""
    running = "is cron running?" if report.way == "cron" else "is it in systemctl --user list-timers?"
    if trouble is Trouble.NEVER_RAN and report.since:
        return f"Installed {_ago(report.since, now)}, never ran: {running}"
    if trouble is Trouble.LONG_AGO and report.last:
        return f"Last ran {_ago(report.last.at, now)}: was the computer off, or {running}"
    return _SENTENCES[trouble].format(via=" --via systemd" if report.way == "systemd" else "")


def _times(job: Job | None) -> str:
    """Return when a job runs, as the end of a sentence."""
    return f", every day at {clocks(job.times)}" if job else ""


def _since(report: Report, now: datetime) -> str:
    """Return since when a job is installed, as the end of a sentence."""
    return f", since {_instant(report.since, now)}" if report.since else ""


def _last(report: Report, now: datetime) -> str:
    """Return the last run, and whether it had something to say."""
    if report.last is None:
        return "not yet"
    said = f"{text.count(report.last.open, 'exercise')} open" if report.last.open else "nothing to say"
    return f"{_instant(report.last.at, now)}, {said}"


def _instant(at: datetime, now: datetime) -> str:
    """Return an instant as people read it: Sun 22 Nov 18:00."""
    local = at.astimezone(now.tzinfo)
    return f"{text.show_day(local.date(), now.date())} {local:%H:%M}"


def _ago(at: datetime, now: datetime) -> str:
    """Return how long ago an instant was: today, 3 days ago."""
    days = (now.date() - at.astimezone(now.tzinfo).date()).days
    return "today" if days <= 0 else f"{text.count(days, 'day')} ago"


def status_data(reports: Iterable[Report]) -> dict[str, Any]:
    """Return how reminders stand for programs; one that never ran has a null last_run."""
    return {
        "schema": 1,
        "installed": [
            {
                "via": report.way,
                "at": [f"{clock:%H:%M}" for clock in report.job.times] if report.job else [],
                "since": report.since.isoformat() if report.since else None,
                "program": str(report.job.program) if report.job else None,
                "journal": str(report.job.journal) if report.job and report.job.journal else None,
                "notify": report.job.notifies if report.job else None,
                "last_run": report.last.at.isoformat() if report.last else None,
                "last_open": report.last.open if report.last else None,
                "sound": not report.troubles,
                "troubles": list(report.troubles),
            }
            for report in reports
        ],
    }
