"""Completion in real shells: names and ids, without creating anything."""

import json
import os
import pty
import shutil
import subprocess
import sys
import time
from pathlib import Path
from select import select

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


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("kneetrack his", "history"),
        ("kneetrack plan s", "set"),
        ("kneetrack log cl --side l", "left"),
        ("kneetrack log bridge -d yes", "yesterday"),
        ("kneetrack log bridge --pa", "--pain"),
        ("kneetrack settings pain", "pain_limit"),
        ("kneetrack settings pain_limit 1", "10"),
        ("kneetrack explain ha", "habit"),
        ("kneetrack log bridge aga", "again"),
    ],
)
@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_completes_what_the_grammar_has(shell: str, line: str, offered: str) -> None:
    assert offered in complete(shell, line)


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_that_shows_it_says_what_an_id_is(shell: str, run: Run) -> None:
    run("log bridge 3x15")
    beginning = json.loads(run("history --json").out)["sessions"][0]["id"][:2]
    assert ("Bridge 3×15" in complete(shell, f"kneetrack edit {beginning}")) == (shell != "bash")


@pytest.mark.parametrize(
    ("asked", "words"),
    [("nonsense", {}), ("complete_", {}), ("complete_tcsh", {}), ("source", {})]
    + [("complete_bash", words) for words in ({}, {"COMP_WORDS": "kneetrack log", "COMP_CWORD": "abc"})]
    + [("complete_bash", {"COMP_WORDS": "kneetrack log", "COMP_CWORD": number}) for number in ("-1", "9" * 5000, "0")],
)
def test_what_no_shell_asks_ends_quietly(asked: str, words: dict[str, str]) -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "kneetrack", "log", "bridge"],
        capture_output=True,
        check=False,
        env={**os.environ, "_KNEETRACK_COMPLETE": asked, **words},
        timeout=PATIENCE_S,
    )
    assert (done.stdout, done.stderr) == (b"", b"")
    assert done.returncode == (0 if asked == "complete_bash" else 1)


def test_completion_imports_neither_typer_nor_the_orm(run: Run) -> None:
    run("log bridge 3x15")
    program = "import sys; from kneetrack.cli import main; main(); print(*sys.modules, file=sys.stderr)"
    words = {"COMP_WORDS": "kneetrack edit ", "COMP_CWORD": "2", "_KNEETRACK_COMPLETE": "complete_bash"}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, env={**os.environ, **words}, text=True,
        timeout=PATIENCE_S,
    )  # fmt: skip
    assert "last" in done.stdout.split()
    assert {"typer", "rich", "sqlalchemy", "sqlmodel", "pydantic"}.isdisjoint(done.stderr.split())


HOSTILE = (
    "$(touch x)", "`touch x`", ";touch x", "'$(touch x)", '"$(touch x)', "\ntouch x\n", ">x", "|touch x", "&touch x",
    "\\$(touch x)", '"))\';touch x;', "${(e):-$(touch x)}", "*", " x", "\x1b[31m", "\u202e",
)  # fmt: skip
"""What would run something, or steer a terminal, where a shell took it for more than a word."""

HOSTILE_KNEETRACK = f"""#!{sys.executable}
from kneetrack.app import completion
from kneetrack.app.completion import Offer
from kneetrack.cli import main

hostile = {HOSTILE!r}
offers = [Offer("br" + words, words) for words in hostile]
offers += [Offer("bridge", "".join(hostile)), Offer("bridge-hold", "a hold")]
completion.KINDS = dict.fromkeys(completion.KINDS, lambda *_: offers)
main()
"""
"""A kneetrack whose diary would offer hostile ids, names, notes and backup names, whatever else keeps them out."""

INTERACTIVE = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], "source <(kneetrack --show-completion bash)", "$((1+1))"),
    "zsh": (
        ["zsh", "-f", "-i"],
        "autoload -Uz compinit; compinit -u -D; source <(kneetrack --show-completion zsh)",
        "$((1+1))",
    ),
    "fish": (["fish", "--no-config", "-i"], "kneetrack --show-completion fish | source", "(math 1+1)"),
}


ON_A_TERMINAL = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execvp(sys.argv[1], sys.argv[1:])
"""
"""Runs a program on the terminal that is its standard input, so that Ctrl-C reaches it."""

HURRY_S = 30


class Terminal:
    """A shell that somebody types at."""

    def __init__(self, argv: list[str], folder: Path, path: str) -> None:
        self._end, inner = pty.openpty()
        environment = {
            **os.environ, "PATH": path, "TERM": "xterm", "PS1": "% ",
            "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1",
        }  # fmt: skip
        self.process = subprocess.Popen(
            [sys.executable, "-c", ON_A_TERMINAL, *argv],
            stdin=inner,
            stdout=inner,
            stderr=inner,
            cwd=folder,
            env=environment,
            start_new_session=True,
        )
        os.close(inner)

    def type(self, keys: str) -> None:
        os.write(self._end, keys.encode())

    def until(self, mark: str) -> str:
        """Return what is shown until a mark."""
        shown, end = b"", time.monotonic() + HURRY_S
        while mark.encode() not in shown and time.monotonic() < end:
            if select([self._end], [], [], 1)[0]:
                piece = os.read(self._end, 4096)
                shown += piece
                if b"\x1b[c" in piece:  # fish asks what terminal this is, and waits for the answer
                    self.type("\x1b[?62c")
        assert mark.encode() in shown, shown
        return shown.decode(errors="replace")

    def close(self) -> None:
        self.process.kill()
        self.process.wait(PATIENCE_S)
        os.close(self._end)


@pytest.mark.parametrize("verb", ["log", "edit", "restore", "show"])
@pytest.mark.parametrize("shell", INTERACTIVE)
def test_tab_runs_nothing_of_what_a_diary_holds(shell: str, verb: str, home: Path) -> None:
    need(shell)
    argv, script, two = INTERACTIVE[shell]
    program = home / "bin" / "kneetrack"
    program.parent.mkdir()
    program.write_text(HOSTILE_KNEETRACK)
    program.chmod(0o700)
    terminal = Terminal(argv, home, f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    try:
        terminal.type(f"{script}; echo ready-{two}\n")
        terminal.until("ready-2")
        terminal.type(f"kneetrack {verb} br\t\t\t")
        shown = terminal.until("bridge-hold")
    finally:
        terminal.close()
    assert not (home / "x").exists()
    assert not set("$`;&|>") & set(shown.partition("bridge")[2])
