"""The keys of `--json` are those of docs/json.md: no key is missing, and none is there that the page does not name."""

import re
from pathlib import Path
from typing import Any

import pytest

from commands import BRIDGES, START, begin
from conftest import Run, read
from devices import Device
from kneetrack.exchange.folder import INBOX
from kneetrack.store.sqlite import open_store

PAGE = (Path(__file__).parents[2] / "docs/json.md").read_text("utf-8")

LINES = (
    "plan set clamshell 3x12 --per-week 3 --tempo 3-2-3 --rest 45 --from -40",
    "plan set bridge 3x10 --daily --from -40",
    *(f"log all -d -{day}" for day in range(30, 2, -1)),
    "log bridge 15 --pain 2 --effort 5 --load band --note easier -d yesterday",
    "log clamshell 15 --side left --at 00:00",
    "pain 2 --note stairs",
    "score psfs stairs 4 drive 6 -d -14",
    "skip clamshell --reason travel -d yesterday",
    "rule set clamshell --reps 10-15 --sessions 2 --then 'clamshell-band 3x10'",
    "rule quiet clamshell --until sun",
    "plan when 'after tea' --if-not later",
    "remind install --at 18:00",
    "backup",
)
"""What leaves no answer without a list that has something in it."""

LATER = ("pause --until sun --reason travel", "plan use starter --from -1")
"""What is there only while other things are not."""


def promised() -> dict[str, str]:
    """Return what the page says of each command."""
    named = re.findall(
        r"^(\S[^:]*): (.*(?:\n  .*)*)", "\n".join(re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)), re.MULTILINE
    )
    return {command: " ".join(keys.split()) for command, keys in named}


def union(one: Any, other: Any) -> Any:  # noqa: ANN401 - as JSON has it
    """Return the keys of two values; those of a list are the keys of all that is in it, None those of a plain value."""
    match one, other:
        case dict(), dict():
            return {key: union(one.get(key), other.get(key)) for key in {**one, **other}}
        case list(), list():
            return [union(one[0], other[0])]
        case _:
            return other if one is None else one


def keys(value: Any) -> Any:  # noqa: ANN401 - as JSON has it
    """Return the keys of a value; sources, which have keys of their own, all under one."""
    match value:
        case {"references": dict() as sources, **others}:
            return {**keys(others), "references": {"KEY": keys(list(sources.values()))[0]}}
        case dict():
            return {key: keys(its) for key, its in value.items()}
        case list():
            every = None
            for its in value:
                every = union(every, keys(its))
            return [every]
        case _:
            return None


def written(found: Any) -> str:  # noqa: ANN401 - as JSON has it
    """Return keys as the page has them."""
    match found:
        case dict():
            return "{" + ", ".join(key + (f" {written(its)}" if its else "") for key, its in found.items()) + "}"
        case [its]:
            return f"[{written(its)}]"
        case _:
            return ""


def _share(run: Run, device: Device) -> None:
    """Sync through the folder of another device, which then gives a session, a line and a file that is cut off."""
    assert run(f"sync {device.folder}").code == 0
    begin(device.path)
    with open_store(device.path, write=True) as store:
        store.append("log", START, [BRIDGES])
    device.set_up()
    (given,) = (device.folder / name for name in device.files if name.parts[0] in device.ids)
    given.with_name("2026-10.json").write_bytes(given.read_bytes()[:99])
    (device.folder / INBOX).write_text("bridge 1x10\npain 3\nnothing-like-it\n")


@pytest.mark.usefixtures("db", "table")
def test_every_answer_has_the_keys_that_the_page_names_and_no_others(run: Run, tmp_path: Path) -> None:
    reads_first = sorted(promised(), key=lambda command: command.startswith("log"))
    for line in LINES:
        assert run(line).code == 0, line
    _share(run, Device(tmp_path / "other"))
    found = {command: keys(read(run, command)) for command in reads_first}
    for line in LATER:
        assert run(line).code == 0, line
    found = {command: union(its, keys(read(run, command))) for command, its in found.items()}
    assert {command: written(its) for command, its in found.items()} == promised()
