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
from conftest import PATIENCE_S, need

TESTS = Path(__file__).parents[1]
SOMEBODY = [sys.executable, str(TESTS / "somebody.py")]
LANES = [sys.executable, "-m", "pytest", "-n0", "-mslow", "-pno:cacheprovider", "reminder/test_reminder_lanes.py"]

# What is the person's


@pytest.mark.parametrize("program", guest.GUARDED)
def test_a_program_that_reaches_what_is_the_persons_is_stopped_and_written_down(program: str, reached: Path) -> None:
    ended = subprocess.run([program, "-r"], capture_output=True, check=False, timeout=PATIENCE_S)
    assert (ended.returncode, reached.read_text()) == (99, f"{program} -r\n")
    reached.unlink()


def test_every_folder_of_a_persons_is_below_the_home_of_the_test(home: Path) -> None:
    named = {name: value for name, value in os.environ.items() if name == "HOME" or name.startswith("XDG_")}
    assert {"HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"} <= named.keys()
    assert all(Path(value).is_relative_to(home) for value in named.values())
    assert os.environ.keys().isdisjoint(guest.OUTSIDE)


def _suite(folder: Path, test: str) -> "subprocess.CompletedProcess[str]":
    """Run a test as a suite of its own, with our conftest, as a person whose home and crontab are in a folder."""
    machine = folder / "machine"
    machine.mkdir()
    (machine / "crontab").write_text('#!/bin/sh\ncat "$HOME/table"; [ "$1" = -l ] || echo changed > "$HOME/table"\n')
    (machine / "crontab").chmod(0o755)
    (folder / "table").write_text("mine\n")
    suite = folder / "suite"
    suite.mkdir()
    for name in ("conftest.py", "guest.py"):
        shutil.copy(TESTS / name, suite)
    (suite / "test_one.py").write_text(test)
    (suite / "pytest.ini").touch()
    env = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "PYTEST_"))}
    env |= {"HOME": str(folder), "PATH": f"{machine}{os.pathsep}{guest.PATH}"}
    words = [sys.executable, "-m", "pytest", "-q", "-pno:cacheprovider", str(suite)]
    return subprocess.run(words, env=env, capture_output=True, text=True, check=False, timeout=PATIENCE_S)


def test_a_test_that_calls_the_machines_crontab_fails_and_has_not_called_it(home: Path) -> None:
    ended = _suite(home, "import subprocess\n\ndef test_one():\n    subprocess.run(['crontab', '-r'])\n")
    assert (ended.returncode, (home / "table").read_text()) == (1, "mine\n")
    assert "it reached for the machine's own crontab -r" in ended.stdout


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("table", "the crontab"),
        (".config/systemd/user/mine.timer", None),
        (".local/share/kneetrack/kneetrack.db", None),
        (".local/state/kneetrack/remind", None),
    ],
)
def test_a_run_that_leaves_the_person_something_else_fails_and_names_it(
    home: Path, path: str, named: str | None
) -> None:
    if sys.platform == "darwin" and named is None:
        pytest.skip("these folders have other names there")
    theirs = home / path
    theirs.parent.mkdir(parents=True, exist_ok=True)
    theirs.write_text("mine\n")
    ended = _suite(home, f"from pathlib import Path\n\ndef test_one():\n    Path({str(theirs)!r}).write_text('ours')\n")
    assert ended.returncode == 1
    assert f"Not as it was before the tests: {named or theirs}\n" in ended.stdout
    assert "1 passed" in ended.stdout


def test_a_run_that_leaves_all_as_it_was_passes(home: Path) -> None:
    ended = _suite(home, "def test_one():\n    assert 1\n")
    assert (ended.returncode, "Not as it was" in ended.stdout) == (0, False)


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
