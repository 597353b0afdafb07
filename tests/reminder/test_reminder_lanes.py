"""The reminder under the real cron and the real systemd, as root, out of the host's way."""

import os
import shlex
import shutil
import stat
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

import guest
from conftest import PATIENCE_S
from kneetrack.reminder import stamp

pytestmark = pytest.mark.slow

LANES = Path(__file__).parents[1] / "lanes"
PRIVATE = ("unshare", "--mount", "--propagation", "private", "--pid", "--fork", "--kill-child", "--mount-proc")
PROGRAM = Path(sys.executable).with_name("kneetrack")


def need(lane: str, *programs: str) -> None:
    """Skip with the reason where a lane cannot run, and fail where KNEETRACK_REQUIRE names it."""
    missing = [name for name in programs if not shutil.which(name, path=f"{guest.PATH}:/usr/sbin:/lib/systemd")]
    reasons = [f"{name} is missing" for name in missing]
    if sys.platform != "linux" or os.getuid():
        reasons.append("it needs root on Linux")
    elif (
        not missing
        and subprocess.run([*PRIVATE, "true"], capture_output=True, check=False, timeout=PATIENCE_S).returncode
    ):
        reasons.append("mount namespaces are not allowed")
    if reasons and lane in os.environ.get("KNEETRACK_REQUIRE", "").split(","):
        pytest.fail(f"The lane {lane} was required: {', '.join(reasons)}")
    if reasons:
        pytest.skip(f"{lane}: {', '.join(reasons)}")


def lane(name: str, *words: str, path: str = guest.PATH) -> None:
    """Run the script of a lane in namespaces of its own, where its home is all that it can write to and kill."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("XDG_")} | {"PATH": path}
    command = [*PRIVATE, "sh", str(LANES / name), *words]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=PATIENCE_S)
    assert done.returncode == 0, done.stdout + done.stderr


def kneetrack(db: Path, words: str) -> str:
    """Return a line for the shell that runs kneetrack on a diary."""
    return f"{shlex.quote(str(PROGRAM))} --db {shlex.quote(str(db))} {words}"


def soon() -> str:
    """Return a time of day that cron's fast clock comes by in two or three seconds."""
    return f"{datetime.now().astimezone() + timedelta(minutes=3):%H:%M}"


def test_the_real_cron_mails_what_is_open_and_nothing_once_it_is_logged(home: Path) -> None:
    need("cron", "cron", "crontab", "faketime", "unshare")
    db = home / "it's 50% done\\%.db"
    mine = f"# mine, \xff\nHOME={home}\nXDG_STATE_HOME={home / 'state'}\n"
    (home / "mine").write_text(mine, "latin-1")
    install = kneetrack(db, f"remind install --at {soon()} > {home}/said")
    lane(
        "cron.sh",
        str(home / "open"),
        f"{kneetrack(db, 'log bridge')}; crontab {home}/mine; {install}",
        f"ls {home}/open/mail/*",
    )
    assert "by mail to you, on this computer (/usr/sbin/sendmail)" in (home / "said").read_text("utf-8")
    assert (home / "open" / "spool" / "root").read_bytes().count(b"\xff") == 1
    (mail,) = (home / "open" / "mail").iterdir()
    assert "Open today, about 10 minutes: Clamshell 3×10 each side" in mail.read_text("utf-8")
    last = stamp.read(db)
    assert last is not None
    assert last.open == 1

    install = kneetrack(db, f"remind install --at {soon()}")
    ran = f"find {home}/state -name 'remind-*' -newer {home}/done/started | grep -q ."
    lane("cron.sh", str(home / "done"), f"{kneetrack(db, 'log all')}; crontab {home}/mine; {install}", ran)
    assert list((home / "done" / "mail").iterdir()) == []
    now = stamp.read(db)
    assert now is not None
    assert now.at > last.at
    assert now.open == 0


def test_the_real_systemd_catches_up_on_a_time_that_was_slept_through(home: Path) -> None:
    need("systemd", "systemd", "systemctl", "systemd-analyze", "dbus-daemon", "unshare")
    db, told, timers = home / 'it\'s 50% "done" $HOME.db', home / "told", home / ".local/share/systemd/timers"
    sender = home / "bin" / "notify-send"
    sender.parent.mkdir()
    sender.write_text(f'#!/bin/sh\necho "$@" > {told}\n')
    sender.chmod(sender.stat().st_mode | stat.S_IXUSR)
    timers.mkdir(parents=True)
    slept = (timers / "stamp-kneetrack-remind.timer", (datetime.now().astimezone() - timedelta(2)).timestamp())
    slept[0].touch()
    os.utime(slept[0], (slept[1], slept[1]))
    steps = (
        "systemctl --user import-environment PATH",
        kneetrack(db, "log bridge"),
        kneetrack(db, f"remind install --via systemd --at 09:00 > {home}/installed"),
        kneetrack(db, f"remind install --via systemd --at 09:00 > {home}/again"),
        f"for _ in $(seq 200); do [ -e {told} ] && break; sleep 0.1; done",
        "for _ in $(seq 200); do systemctl --user is-active -q kneetrack-remind.service || break; sleep 0.1; done",
        f"systemd-analyze verify --user {home}/.config/systemd/user/kneetrack-remind.* > {home}/verified 2>&1",
        kneetrack(db, f"remind status > {home}/status"),
        kneetrack(db, f"remind uninstall > {home}/gone"),
        f"systemctl --user list-timers --all > {home}/timers",
    )
    lane("systemd.sh", "\n".join(steps), path=f"{sender.parent}:{guest.PATH}")
    assert told.read_text() == "--app-name=kneetrack -- kneetrack 1 exercise left today\n"
    assert (home / "installed").read_text("utf-8").startswith("Installed: every day at 09:00, by systemd\n")
    assert (home / "again").read_text().startswith("Already installed")
    assert (home / "verified").read_text() == ""
    assert "1 exercise open" in (home / "status").read_text("utf-8")
    assert "Uninstalled: by systemd." in (home / "gone").read_text()
    assert "kneetrack" not in (home / "timers").read_text()
    assert list((home / ".config/systemd/user").glob("kneetrack*")) == []
