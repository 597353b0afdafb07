"""The tests are good guests: they leave what is the person's alone, and never wait without an end."""

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import guest
from conftest import PATIENCE_S, Run, need
from kneetrack.reminder import crontab

TESTS = Path(__file__).parents[1]
SOMEBODY = [sys.executable, str(TESTS / "somebody.py")]
LANES = [sys.executable, "-m", "pytest", "-n0", "-mslow", "-pno:cacheprovider", "reminder/test_reminder_lanes.py"]

# What is the person's


@pytest.mark.parametrize("program", guest.GUARDED)
def test_a_program_that_reaches_what_is_the_persons_is_stopped_and_written_down(program: str, reached: Path) -> None:
    ended = subprocess.run([program, "-r"], capture_output=True, check=False, timeout=PATIENCE_S)
    assert (ended.returncode, reached.read_text()) == (99, f"{program} -r\n")
    reached.unlink()


def test_the_crontab_that_a_test_reads_has_nothing_in_it(run: Run) -> None:
    assert crontab.installed() is None
    assert run("remind status").code == 1


def test_every_folder_of_a_persons_is_below_the_home_of_the_test(home: Path) -> None:
    named = {name: value for name, value in os.environ.items() if name == "HOME" or name.startswith("XDG_")}
    assert {"HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"} <= named.keys()
    assert all(Path(value).is_relative_to(home) for value in named.values())
    assert os.environ.keys().isdisjoint(guest.OUTSIDE)


CRONTAB = """\
#!/bin/sh
[ "$1" = -l ] && exec cat "$HOME/table"
echo changed > "$HOME/called"
"""
BAD_GUESTS = """\
import subprocess
from pathlib import Path

import guest


def test_of_a_reminder():
    subprocess.run(["crontab", "-r"])


def test_of_files():
    for own in guest.OWN:
        (own / "mine").write_text("ours")
    Path("{home}/table").write_text("ours")
"""


def test_a_run_that_reaches_for_what_is_the_persons_fails_and_names_it(home: Path) -> None:
    suite, machine = home / "suite", home / "machine"
    for folder in (suite, machine):
        folder.mkdir()
    for name in ("conftest.py", "guest.py", "servers.py"):
        shutil.copy(TESTS / name, suite)
    (suite / "test_bad_guests.py").write_text(BAD_GUESTS.format(home=home))
    (suite / "pytest.ini").touch()
    (machine / "crontab").write_text(CRONTAB)
    (machine / "crontab").chmod(0o755)
    theirs = [home / below / "kneetrack" / "mine" for below in ("data", "state", "cache")]
    theirs.append(home / ".config/systemd/user/mine")
    for path in theirs:
        path.parent.mkdir(parents=True)
        path.write_text("mine")
    (home / "table").write_text("mine")

    env = os.environ | guest.surroundings(home) | {"PATH": f"{machine}{os.pathsep}{guest.PATH}"}
    words = [sys.executable, "-m", "pytest", "-q", "-pno:cacheprovider", str(suite)]
    ended = subprocess.run(words, env=env, capture_output=True, text=True, check=False, timeout=PATIENCE_S)

    assert ended.returncode == 1
    assert "it reached for the machine's own crontab -r" in ended.stdout
    assert not (home / "called").exists()
    changed = [line.partition(": ")[2] for line in ended.stdout.splitlines() if line.startswith("Not as it was before")]
    assert changed == sorted(["the crontab", *map(str, theirs)])


@pytest.mark.slow
def test_the_lanes_leave_crontab_units_mail_and_home_of_somebody_as_they_were() -> None:
    if os.getuid():
        pytest.skip("it needs root on Linux")
    need("unshare", "--mount", "true")
    env = os.environ | {"PATH": guest.PATH}
    ended = subprocess.run([*SOMEBODY, *LANES], cwd=TESTS, env=env, check=False, timeout=PATIENCE_S)
    assert ended.returncode == 0
    program = str(Path(sys.executable).with_name("kneetrack"))
    ended = subprocess.run([*SOMEBODY, program, "remind", "uninstall"], env=env, check=False, timeout=PATIENCE_S)
    assert ended.returncode == 1, "somebody does not notice what was done to them"


# Waits


def _waits(path: Path) -> Iterator[tuple[int, ast.Call]]:
    """Yield each call of a file that waits for a process or a thread, with its line."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            of = ast.unparse(node.func.value)
            calls = (
                {"run", "call", "check_call", "check_output"} if of == "subprocess" else {"wait", "communicate", "join"}
            )
            if node.func.attr in calls and not isinstance(node.func.value, ast.Constant | ast.JoinedStr):
                yield node.lineno, node


@pytest.mark.parametrize("path", sorted(TESTS.rglob("*.py")), ids=lambda path: path.name)
def test_every_wait_for_a_process_has_an_end(path: Path) -> None:
    endless = [
        line for line, call in _waits(path) if not call.args and all(word.arg != "timeout" for word in call.keywords)
    ]
    assert endless == []
