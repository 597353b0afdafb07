"""What installing a reminder answers, and how an installed one is doing."""

import shlex
from collections.abc import Iterable, Sequence
from datetime import datetime, time

from kneetrack.app.results.maintenance import Diagnosis
from kneetrack.app.results.reminders import Drafts, Installation, InstalledReminders, Risks
from kneetrack.domain import text
from kneetrack.domain.findings import Finding
from kneetrack.domain.installed import Job, Problem, Report, Way, next_run
from kneetrack.views.lines import Line, Span

NOTHING_CHANGED = "Nothing was changed: this was --dry-run."


def clocks(times: Iterable[time]) -> str:
    """Return clock times as people read them: 09:00 and 18:00."""
    shown = [f"{clock:%H:%M}" for clock in times]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def installed(done: Installation) -> list[Line]:
    """Return the answer to `remind install`."""
    first = "Installed" if done.new else "Already installed, nothing was changed"
    lines = [
        [Span(f"{first}: every day at {clocks(done.job.times)}, by {done.way}", "name")],
        [Span(f"  runs    {text.clean(shlex.join(done.job.argv))}")],
        [Span(f"  shows   {_mailed(done) if done.way == 'cron' else _to_desktop(done)}")],
        [Span("  check   kneetrack remind status", "quiet")],
        [Span("  end     kneetrack remind uninstall", "quiet")],
    ]
    if done.moved_from:
        lines.append([Span(f"  The reminder by {done.moved_from} was removed, so that you get only one.")])
    return lines


def _mailed(done: Installation) -> str:
    """Return where a cron job shows what it says."""
    if done.mail_to == "":
        mail = "nowhere: MAILTO is empty in your crontab"
    elif done.mailer:
        mail = f"by mail to {done.mail_to or 'you, on this computer'} ({text.clean(done.mailer)})"
    else:
        mail = "nowhere: there is no mail program here"
    lost = mail.startswith("nowhere")
    if not done.job.notifies:
        return f"{mail}; add --notify for a desktop notification" if lost else mail
    return f"as a desktop notification{_without_sender(done)}; without a desktop {mail}"


def _to_desktop(done: Installation) -> str:
    """Return where a systemd service shows what it says."""
    otherwise = "without a desktop to journalctl --user -u kneetrack-remind"
    return f"as a desktop notification{_without_sender(done)}; {otherwise}"


def _without_sender(done: Installation) -> str:
    """Return what is missing for notifications, as the end of a sentence."""
    return "" if done.sender else "; notify-send is missing (Debian: apt install libnotify-bin)"


def notes(risks: Risks, job: Job) -> list[str]:
    """Return a sentence for each thing that may keep a reminder from coming."""
    found = []
    if risks.fleeting:
        program = text.clean(str(job.program))
        found.append(f"Note: {program} is in a temporary folder; the reminder ends when that is cleared.")
    if risks.no_diary:
        found.append(
            f"Note: there is no diary at {text.clean(str(job.named))} yet."
            " The first log creates it, for example: kneetrack log bridge"
        )
    if risks.at_night:
        found.append(
            "Note: on the night the clocks go forward, a reminder between 00:00 and 03:59 may come late or not at all."
        )
    return found


def by_hand(drafts: Drafts) -> str:
    """Return what to put where for those who install by hand; nothing of it may be folded."""
    folder, argv = text.clean(str(drafts.folder)), [word for word in drafts.job.argv if word != "--notify"]
    timer = next(name for name in drafts.units if name.endswith(".timer"))
    parts = [
        f"# For cron: crontab -e, and add these lines. What it says is mailed to you.\n{drafts.block}",
        *(f"# For systemd: {folder}/{name}\n{unit}" for name, unit in drafts.units.items()),
        f"# For systemd, then:\nsystemctl --user daemon-reload && systemctl --user enable --now {timer}\n",
        f"# For a login shell: add this line to ~/.profile or ~/.zprofile.\n{shlex.join(argv)}\n",
    ]
    return "\n".join(parts)


def dry_run(drafts: Drafts, way: str) -> str:
    """Return what would be written; nothing of it may be folded."""
    return drafts.block if way == "cron" else "\n".join(drafts.units.values())


def uninstalled(ways: Sequence[Way]) -> list[Line]:
    """Return the answer to `remind uninstall`."""
    return [[Span(f"Uninstalled: by {' and '.join(ways)}." if ways else "Not installed; nothing was changed.")]]


_SENTENCES = {
    Problem.CHANGED: "It was changed by hand and cannot be read. To write it again: kneetrack remind install{via}",
    Problem.NO_PROGRAM: "The program is gone. With the kneetrack that you use now, run: kneetrack remind install{via}",
    Problem.NO_DIARY: "The diary is gone. To name the one you use: kneetrack --db PATH remind install{via}",
    Problem.STOPPED: "The timer is not running. To start it: kneetrack remind install --via systemd",
}


def status(found: InstalledReminders) -> list[Line]:
    """Return how the installed reminders are doing."""
    if not found.reports:
        return [[Span("Not installed. To be reminded every day at 18:00: kneetrack remind install")]]
    return [line for report in found.reports for line in _status(report, found.now, lingers=found.lingers)]


def _status(report: Report, now: datetime, *, lingers: bool) -> list[Line]:
    """Return how an installed reminder is doing."""
    if report.damage:
        return [[Span(report.damage)]]
    lines = [[Span(f"Installed by {report.way}{_times(report.job)}{_since(report, now)}", "name")]]
    if report.job:
        gone = {Problem.NO_PROGRAM: "", Problem.NO_DIARY: ""}
        gone |= {trouble: "  (gone)" for trouble in report.problems if trouble in gone}
        lines.append([Span(f"  program  {text.clean(str(report.job.program))}{gone[Problem.NO_PROGRAM]}")])
        diary = text.clean(report.job.named) if report.job.named else "the one at the usual place"
        lines.append([Span(f"  diary  {diary}{gone[Problem.NO_DIARY]}")])
        lines.append([Span(f"  last     {_last(report, now)}")])
        lines.append([Span(f"  next     {_instant(next_run(report.job.times, now), now)}")])
    lines += [[Span(f"  {sentence(trouble, report, now)}", "missed")] for trouble in report.problems]
    if report.way == "systemd" and not lingers:
        lines.append([Span("  It stops when you log out; to keep it: loginctl enable-linger", "quiet")])
    return lines


def finding(found: Diagnosis) -> Finding:
    """Return what doctor says of the reminder: whether it runs, and whether it reads this diary."""
    if found.unseen:
        return Finding("reminder", "notice", found.unseen, "kneetrack remind status")
    reports, diary = found.reminders, found.path
    problems = [
        report.damage or sentence(trouble, report, found.now) for report in reports for trouble in report.problems
    ]
    elsewhere = [report.job.named for report in reports if report.job and report.job.named not in {None, diary}]
    if problems:
        return Finding("reminder", "notice", " ".join(problems), "kneetrack remind status")
    if elsewhere:
        words = f"it reads {text.clean(str(elsewhere[0]))}, not this diary"
        return Finding("reminder", "notice", words, "kneetrack remind install")
    if not reports:
        return Finding("reminder", "fine", "none is installed", "kneetrack remind install")
    return Finding("reminder", "fine", "; ".join(f"by {each.way}{_times(each.job)}" for each in reports))


def sentence(trouble: Problem, report: Report, now: datetime) -> str:
    """Return what is wrong, and what to do about it."""
    running = "is cron running?" if report.way == "cron" else "is it in systemctl --user list-timers?"
    if trouble is Problem.NEVER_RAN and report.since:
        return f"Installed {_ago(report.since, now)}, never ran: {running}"
    if trouble is Problem.LONG_AGO and report.last:
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
