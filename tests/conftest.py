"""What every test starts with: an empty home, a clock that stands still, and a command line to type at."""

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import settings

import guest
import servers
from kneetrack.cli import main
from kneetrack.domain.catalogue import Catalogue
from kneetrack.domain.plan import example
from kneetrack.store.schema import create

ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 25, 7, 41, tzinfo=ZONE)
"""A Wednesday morning: the today of the design's worked examples."""

PATIENCE_S = 120
"""How long a test waits for a process, on a machine that does much else: every wait has an end."""

LOOKS = ("COLUMNS", "NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "GITHUB_ACTIONS", "TERMINAL_WIDTH")
"""What in an environment changes how a screen looks."""

CRONTAB = """\
#!/bin/sh
echo "$1" >> "$CRONTAB.asked"
[ -x "$CRONTAB.meanwhile" ] && "$CRONTAB.meanwhile"
case $1 in
-l) cat "$CRONTAB" 2>/dev/null || { echo "no crontab for me" >&2; exit 1; } ;;
-r) rm "$CRONTAB" ;;
-)  new=$(cat; echo .); new=${new%.}
    [ -e "$CRONTAB.refuses" ] && { echo '"-":1: bad minute' >&2; exit 1; }
    : > "$CRONTAB"; sleep 0.01; printf %s "$new" > "$CRONTAB" ;;
esac
"""
"""A crontab program whose table is a file: it has -l, - and -r, and a table is half written for a while."""

BELONGINGS = pytest.StashKey[dict[str, str]]()
CHANGED = pytest.StashKey[list[str]]()

for profile, percent in (("quick", 20), ("ci", 100)):
    settings.register_profile(profile, max_examples=percent, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


def examples(number: int) -> settings:
    """Return settings with so many examples, of which the profile in use tries as many percent as its own number."""
    return settings(max_examples=max(1, number * settings().max_examples // 100))


def pytest_sessionstart(session: pytest.Session) -> None:
    """Look at what the person has, once for all the processes of a run."""
    if not hasattr(session.config, "workerinput"):
        session.config.stash[BELONGINGS] = guest.belongings()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run that left the person something else than was there."""
    before = session.config.stash.get(BELONGINGS, None)
    if before is not None:
        after = guest.belongings()
        session.config.stash[CHANGED] = sorted({name for name, _ in before.items() ^ after.items()})
        session.exitstatus = pytest.ExitCode.TESTS_FAILED if before != after else session.exitstatus


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what of the person's is not as it was."""
    for name in config.stash.get(CHANGED, []):
        terminalreporter.write_line(f"Not as it was before the tests: {name}", red=True)


class Result(NamedTuple):
    """What a command line gave back."""

    out: str
    err: str
    code: int


Run = Callable[[str], Result]


def read(run: Run, line: str) -> Any:  # noqa: ANN401 - as JSON has it
    """Return what a command gives with --json."""
    return json.loads(run(f"{line} --json").out)


def sessions(run: Run) -> list[dict[str, Any]]:
    """Return every session of the diary, in the order of writing where one command wrote them."""
    found: list[dict[str, Any]] = read(run, "history --all")["sessions"]
    return found[::-1]


def files(folder: Path) -> list[str]:
    """Return what is in a folder of diaries, without their backups."""
    return sorted(path.name for path in folder.iterdir() if path.name != "backups")


def need(tool: str, *words: str) -> None:
    """Skip a test whose tool is not here or fails with some words; fail it where KNEETRACK_REQUIRE names the tool."""
    if shutil.which(tool) is None or (
        words and subprocess.run([tool, *words], check=False, timeout=PATIENCE_S).returncode
    ):
        required = os.environ.get("KNEETRACK_REQUIRE", "").split(",")
        (pytest.fail if tool in required else pytest.skip)(f"{tool} is not installed, or not allowed")


@pytest.fixture(scope="session", autouse=True)
def reached(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep the person's crontab, units, desktop and home out of reach; returns the file that tells who tried."""
    folder = tmp_path_factory.mktemp("guard")
    with pytest.MonkeyPatch.context() as patch:
        for name in (*guest.OUTSIDE, *LOOKS):
            patch.delenv(name, raising=False)
        for name, value in guest.surroundings(folder / "home").items():
            patch.setenv(name, value)
        patch.setenv("PATH", f"{folder}{os.pathsep}{guest.PATH}")
        yield guest.guard(folder)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reached: Path) -> Iterator[Path]:
    """Give each test a home of its own, and fail it when it reached for what is the person's."""
    for name, value in guest.surroundings(tmp_path).items():
        monkeypatch.setenv(name, value)
    yield tmp_path
    if reached.exists():
        asked = reached.read_text()
        reached.unlink()
        pytest.fail(f"it reached for the machine's own {asked}")


@pytest.fixture
def db(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Name a diary, not yet there, that `run` works on."""
    path = tmp_path / "diary.db"
    monkeypatch.setenv("KNEETRACK_DB", str(path))
    return path


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make one diary with the example plan from the day NOW, for `diary` to copy."""
    path = tmp_path_factory.mktemp("template") / "diary.db"
    prescriptions = example(Catalogue(), NOW.date())
    create(path, NOW, lambda store: store.put_example(NOW, prescriptions))
    return path


@pytest.fixture
def diary(db: Path, template: Path) -> Path:
    """Put a diary with the example plan from the day NOW, and no session, where `run` works."""
    shutil.copy(template, db)
    return db


@pytest.fixture(scope="session")
def running() -> Iterator[servers.Running]:
    """Start a PostgreSQL server for the tests that need one."""
    with servers.running() as here:
        yield here


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Stop the clock at NOW; `clock.move_to(…)` sets it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that types one line at the command line, in this process."""

    def _run(line: str) -> Result:
        monkeypatch.setattr(sys, "argv", ["kneetrack", *shlex.split(line)])
        code = 0
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0
        out, err = capsys.readouterr()
        return Result(out, err, code)

    return _run


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a crontab program, no systemd and no mail program; returns the file that is the crontab."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name, content in (("crontab", CRONTAB), ("kneetrack", "#!/bin/sh\n"), ("systemctl", "#!/bin/sh\nexit 1\n")):
        (folder / name).write_text(content)
        (folder / name).chmod(0o755)
    for name in ("sh", "cat", "rm", "sleep"):
        (folder / name).symlink_to(f"/bin/{name}")
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("CRONTAB", str(tmp_path / "table"))
    monkeypatch.setattr("kneetrack.reminder.crontab.mailer", lambda: None)
    return tmp_path / "table"
