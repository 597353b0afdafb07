"""The pages are true: transcripts are what the program prints, promises have tests, links lead somewhere."""

import re
from pathlib import Path

import pytest
import time_machine

from conftest import Run

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")))
PROMISES = ROOT / "docs/promises.md"

IDS = ["a3f1", "5d0c", "9b7e"]
"""The beginnings of the ids that the transcripts show, in the order in which they are written."""


def transcripts() -> list[str]:
    """Return the console transcripts of all pages."""
    return [each for page in PAGES for each in re.findall(r"```console\n(.*?)```", page.read_text("utf-8"), re.DOTALL)]


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


@pytest.mark.parametrize(
    "proof", sorted(set(re.findall(r"`(tests/[a-z_/]+\.py(?:::\w+)?)`", PROMISES.read_text("utf-8"))))
)
def test_every_test_that_proves_a_promise_is_there(proof: str) -> None:
    file, _, name = proof.partition("::")
    assert f"def {name}(" in (ROOT / file).read_text("utf-8") if name else (ROOT / file).exists()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_of_a_page_leads_to_a_file(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []
