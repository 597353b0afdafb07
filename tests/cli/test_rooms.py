"""A command of the command line is short: parse, call, show."""

import ast
from pathlib import Path

import pytest

from kneetrack import cli
from kneetrack.cli.grammar import COMMANDS, Command

MOST_LINES = 15


def body(command: Command) -> list[ast.stmt]:
    """Return what a command does: its statements without the docstring and the imports."""
    room = ast.parse((Path(cli.__file__).parent / f"{command.room}.py").read_text("utf-8"))
    (found,) = (each for each in room.body if isinstance(each, ast.FunctionDef) and each.name == command.function)
    return [each for each in found.body[1:] if not isinstance(each, ast.Import | ast.ImportFrom)]


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_has_at_most_fifteen_lines(name: str) -> None:
    statements = body(COMMANDS[name])
    assert (statements[-1].end_lineno or 0) - statements[0].lineno < MOST_LINES


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_takes_the_parameters_of_the_table(name: str) -> None:
    command = COMMANDS[name]
    room = ast.parse((Path(cli.__file__).parent / f"{command.room}.py").read_text("utf-8"))
    (found,) = (each for each in room.body if isinstance(each, ast.FunctionDef) and each.name == command.function)
    assert {each.arg for each in found.args.args} == {each.name for each in command.parameters}
