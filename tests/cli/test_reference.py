"""The reference of the commands and the man pages are what the table of the grammar says."""

import shutil
import subprocess
from pathlib import Path

import pytest

import generate
from kneetrack.cli.grammar import COMMANDS

TOP = Path(__file__).parents[2]


@pytest.mark.parametrize(("path", "content"), generate.pages().items(), ids=str)
def test_what_is_committed_is_what_the_grammar_says(path: Path, content: str) -> None:
    assert (TOP / path).read_text("utf-8") == content, "run: python docs/generate.py"


def test_no_man_page_is_of_a_command_that_is_no_more() -> None:
    there = {path.relative_to(TOP) for path in (TOP / generate.MAN).iterdir()}
    assert there == {path for path in generate.pages() if path.suffix == ".1"}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_parameter_has_a_help_that_is_a_sentence(name: str) -> None:
    for each in COMMANDS[name].parameters:
        assert each.help[0].isupper() or each.help.split(":")[0].split()[0] in {"left,", "json", "day_start"}, each
        assert each.help.endswith((".", "…")), each


MANUAL = shutil.which("man")


@pytest.mark.skipif(MANUAL is None, reason="man is not installed")
@pytest.mark.parametrize("name", ["kneetrack.1", "kneetrack-log.1", "kneetrack-plan-set.1"])
def test_man_reads_a_page_without_a_warning(name: str) -> None:
    page = TOP / generate.MAN / name
    shown = subprocess.run(
        [str(MANUAL), "--warnings", "-l", str(page)], capture_output=True, text=True, check=False, timeout=30
    )
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "kneetrack" in shown.stdout
