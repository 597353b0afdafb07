"""The README is true: its transcripts are what the program prints, and every command stands in it."""

import re
from pathlib import Path

import pytest
import time_machine

from conftest import Run
from kneetrack.cli.grammar import COMMANDS

README = Path(__file__).parents[2] / "README.md"

IDS = ["a3f1", "5d0c", "9b7e"]
"""The beginnings of the ids that the transcripts show, in the order in which they are written."""


def transcripts() -> list[str]:
    """Return the console transcripts of the README."""
    return re.findall(r"```console\n(.*?)```", README.read_text("utf-8"), re.DOTALL)


@pytest.mark.parametrize("transcript", transcripts())
def test_a_transcript_is_what_the_program_prints(transcript: str, run: Run, clock: time_machine.Traveller) -> None:
    printed = ""
    for line in re.findall(r"^\$ kneetrack ?(.*)$", transcript, re.MULTILINE):
        printed += f"$ kneetrack {line}".rstrip() + "\n" + run(line).out
        clock.shift(1)
    ids = dict.fromkeys(re.findall(r"\b[0-9a-f]{4}\b(?= *(?:undo:|$))", printed, re.MULTILINE))
    for found, shown in zip(ids, IDS, strict=True):
        printed = printed.replace(found, shown)

    assert [line.rstrip() for line in printed.splitlines()] == transcript.splitlines()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_stands_in_the_readme(command: str) -> None:
    assert re.search(rf"`(kneetrack )?{command}\b|kneetrack {command}\b", README.read_text("utf-8"))


@pytest.mark.parametrize(
    "proof", sorted(set(re.findall(r"`(tests/[a-z_/]+\.py(?:::\w+)?)`", README.read_text("utf-8"))))
)
def test_every_test_that_proves_a_promise_is_there(proof: str) -> None:
    file, _, name = proof.partition("::")
    assert f"def {name}(" in (README.parent / file).read_text("utf-8") if name else (README.parent / file).exists()
