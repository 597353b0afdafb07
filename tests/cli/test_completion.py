"""Completion in real shells: names and ids, without creating anything."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import PATIENCE_S, Run, need

BASH = """
source <(kneetrack --show-completion bash)
COMP_WORDS=({line}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
_kneetrack_completion kneetrack
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
ZSH = """
compdef() {{ }}
_arguments() {{ print -l -- "$@" }}
source <(kneetrack --show-completion zsh)
words=({line}); CURRENT=$#words
_kneetrack_completion
"""
FISH = """
kneetrack --show-completion fish | source
complete -C "{line}"
"""
SHELLS = {"bash": BASH, "zsh": ZSH, "fish": FISH}


def complete(shell: str, line: str) -> str:
    """Return what a shell offers for the last word of a line."""
    need(shell)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [shutil.which(shell) or shell, "-c", SHELLS[shell].format(line=line)],
        capture_output=True,
        check=False,
        encoding="utf-8",
        env={**os.environ, "PATH": path, "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"},
        timeout=PATIENCE_S,
    )
    return done.stdout


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_completes_the_names_of_exercises(shell: str, home: Path) -> None:
    offered = complete(shell, "kneetrack log bri")

    assert "bridge" in offered
    assert "bridge-band" in offered
    assert "clamshell" not in offered
    assert not (home / "data" / "kneetrack").exists()


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_completes_the_ids_of_sessions(shell: str, run: Run, db: Path) -> None:
    run("log bridge 15")
    ident = json.loads(run("history --json").out)["sessions"][0]["id"][:4]

    assert ident in complete(shell, f"kneetrack edit {ident[:2]}")
    assert db.exists()


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_completes_from_the_diary_that_stands_before_the_command(shell: str, run: Run, home: Path) -> None:
    other = home / "other.db"
    run(f"log bridge 15 --db {other}")
    run(f"add bridge-of-mine --db {other}")
    ident = json.loads(run(f"history --json --db {other}").out)["sessions"][0]["id"][:4]

    assert "bridge-of-mine" in complete(shell, f"kneetrack --db {other} log bri")
    assert ident in complete(shell, f"kneetrack --db {other} edit {ident[:2]}")
    assert "bridge-of-mine" in complete(shell, f"kneetrack --db {other} plan set bri")
    assert "history" in complete(shell, f"kneetrack --db {other} hist")


def test_completion_of_a_diary_that_cannot_be_read_still_offers_the_catalogue(db: Path, home: Path) -> None:
    db.write_text("not a diary")

    assert "bridge" in complete("bash", "kneetrack log bri")
    assert db.read_text() == "not a diary"
    assert sorted(home.iterdir()) == [db]
