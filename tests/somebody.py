"""Run a command as somebody who has a diary, mail and reminders, and fail when any of it is not as it was.

`python tests/somebody.py COMMAND…`, as root on Linux: in a mount namespace, with a home and a crontab made for it.
"""

import os
import subprocess
import sys
from datetime import UTC, datetime, time
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from kneetrack.domain.installed import Job
from kneetrack.reminder import crontab, systemd

TABLES = Path("/var/spool/cron/crontabs")
MAILS = Path("/var/mail")
PRIVATE = ("unshare", "--mount", "--propagation", "private")
JOB = Job(("/opt/kneetrack", "--db", "/home/somebody/diary.db", "remind", "--notify"), (time(18),))
NOW = datetime(2026, 11, 25, 6, 41, tzinfo=UTC)


def furnish(folder: Path) -> dict[str, str]:
    """Give somebody what they have, in a folder; return the environment that they live in."""
    home, spool = folder / "home", folder / "tables"
    kept = {
        spool / "root": f"MAILTO=somebody\n{crontab.block(JOB, NOW)}",
        folder / "mail" / "root": "From cron\n",
        home / ".local/share/kneetrack/kneetrack.db": "a diary",
        home / ".local/state/kneetrack/remind": "a stamp",
        **{home / ".config/systemd/user" / name: unit for name, unit in systemd.units(JOB, NOW).items()},
    }
    for path, content in kept.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
        path.chmod(0o600)
    for there, ours in ((TABLES, spool), (MAILS, folder / "mail")):
        subprocess.run(["mount", "--bind", str(ours), str(there)], check=True, timeout=60)  # noqa: S607
    spared = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
    return spared | {"HOME": str(home)}


def had(folder: Path) -> dict[str, str]:
    """Return a digest of each file of somebody's."""
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def main(command: list[str]) -> int:
    """Run a command in the namespace that this process is in; return its exit code, or 1 where it left a trace."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        environment = furnish(folder)
        before = had(folder)
        code = subprocess.run(command, env=environment, check=False).returncode
        changed = sorted({name for name, _ in before.items() ^ had(folder).items()})
        for ours in (TABLES, MAILS):
            subprocess.run(["umount", str(ours)], check=True, timeout=60)  # noqa: S607
    for name in changed:
        sys.stderr.write(f"Not as it was: {name}\n")
    return 1 if changed else code


if __name__ == "__main__":
    if sys.argv[1] == "--inside":
        sys.exit(main(sys.argv[2:]))
    os.execvp(PRIVATE[0], [*PRIVATE, sys.executable, __file__, "--inside", *sys.argv[1:]])  # noqa: S606
