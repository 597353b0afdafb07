"""Help: how it is asked for, and what it says of words that need it."""

import pytest

from conftest import Run
from kneetrack.cli.grammar import COMMANDS

LINES = ("", *COMMANDS, "plan set", "plan history", "remind install", "--db diary.db log", "log bridge 3x15")


@pytest.mark.parametrize(
    ("line", "usage"),
    [
        ("log", "kneetrack log [OPTIONS] [EXERCISE [DOSE]...]..."),
        ("show", "kneetrack show [OPTIONS] EXERCISE"),
        ("sync", "kneetrack sync [OPTIONS] [FOLDER] [COMMAND]"),
    ],
)
def test_a_usage_line_shows_the_arguments_as_the_table_does(run: Run, line: str, usage: str) -> None:
    assert f"Usage: {usage}" in [each.strip() for each in run(f"{line} --help").out.splitlines()]


@pytest.mark.parametrize("line", LINES)
def test_h_is_short_for_help(line: str, run: Run) -> None:
    short = run(f"{line} -h")
    assert short == run(f"{line} --help")
    assert (short.code, short.err) == (0, "")
    assert "Usage: kneetrack" in short.out


@pytest.mark.parametrize("command", ["edit", "rm", "purge"])
def test_the_commands_that_take_last_say_what_it_is(command: str, run: Run) -> None:
    said = " ".join(run(f"{command} --help").out.replace("│", " ").split())
    assert "last: what was logged last, an exercise with all its sets of that command, or a pain." in said


@pytest.mark.parametrize("line", ["", "log", "plan", "plan set"])
def test_help_before_a_command_is_help_behind_it(line: str, run: Run) -> None:
    assert run(f"help {line}") == run(f"{line} --help")


def test_version_is_the_option_of_that_name(run: Run) -> None:
    assert run("version") == run("--version")


def test_help_on_what_is_no_command_says_so(run: Run) -> None:
    assert run("help lgo") == ("", "“lgo” is not a command. Did you mean kneetrack log?\n", 2)
