"""What is heard: a stand-in player records what it was asked, and the bell stands in where there is none."""

import io
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest

from kneetrack.domain.catalogue import Catalogue
from kneetrack.domain.dose import Dose
from kneetrack.domain.player import Event, Item, advance, begin, phases, press
from kneetrack.tui.awake import awake
from kneetrack.tui.sound import TONES, Sound, samples

PLANK = Item("side_plank", Dose(1, None, 20), (("left", 1), ("right", 1)), None, None, 30)


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder that is the whole PATH, for stand-ins that write down their words."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def stand_in(folder: Path, name: str) -> None:
    """Put a program there that writes its last word down."""
    path = folder / name
    path.write_text(f'#!/bin/sh\nfor last; do :; done\necho "$last" >> {folder}/asked\n')
    path.chmod(0o755)


@pytest.fixture
def rung() -> list[str]:
    """Return what the bell rang."""
    return []


def whole_session() -> Iterator[list[Event]]:
    """Yield what happens in a session of side planks, a second at a time."""
    moved = begin(phases([PLANK]))
    yield list(moved.events)
    while moved.state.phase:
        moved = advance(moved.state, 1)
        yield list(moved.events)


def played(kind: str, rung: list[str]) -> Sound:
    """Let a whole session be heard."""
    with Sound(kind, lambda: rung.append("bell")) as sound:
        for events in whole_session():
            sound.hear(events, Catalogue())
    return sound


def asked(folder: Path) -> list[str]:
    """Return what the stand-ins were asked for, in no order: they run side by side."""
    return sorted((folder / "asked").read_text().splitlines())


def test_tones_are_files_of_a_sound_each_and_ticks_count_the_last_seconds(programs: Path, rung: list[str]) -> None:
    stand_in(programs, "pw-play")
    assert played("tones", rung).notice is None
    names = [Path(word).stem for word in asked(programs)]
    assert {name: names.count(name) for name in names} == {"half": 2, "over": 1, "tick": 12, "wait": 2, "work": 2}
    assert rung == []


def test_a_voice_says_what_to_do(programs: Path, rung: list[str]) -> None:
    stand_in(programs, "espeak-ng")
    played("voice", rung)
    assert asked(programs) == [
        "Change to the right side",
        "Done",
        "Get ready. Side plank, left side",
        "Go. hold 20 s",
        "Go. hold 20 s",
        "Halfway",
        "Halfway",
    ]


@pytest.mark.usefixtures("programs")
@pytest.mark.parametrize(
    ("kind", "missing"), [("tones", "pw-play, paplay, aplay or afplay"), ("voice", "spd-say, espeak-ng or say")]
)
def test_where_no_program_is_there_the_bell_rings_and_it_is_said_once(kind: str, missing: str, rung: list[str]) -> None:
    assert f"None of {missing} is installed" in str(played(kind, rung).notice)
    assert len(rung) == 12 + 2 + 4 + 1


@pytest.mark.usefixtures("programs")
def test_off_is_silent(rung: list[str]) -> None:
    assert (played("off", rung).notice, rung) == (None, [])


def test_a_player_that_does_not_run_leaves_the_session_going(programs: Path, rung: list[str]) -> None:
    (programs / "aplay").write_text("no program")
    (programs / "aplay").chmod(0o755)
    played("tones", rung)
    assert rung


@pytest.mark.parametrize("name", TONES)
def test_a_tone_is_as_long_as_it_says_and_never_clips(name: str) -> None:
    found = samples(*TONES[name])
    with wave.open(io.BytesIO(), "wb") as made:
        made.setparams((1, 2, 22_050, 0, "NONE", "not compressed"))
        made.writeframes(found)
        assert made.getnframes() == int(22_050 * TONES[name][1])
    levels = memoryview(found).cast("h")
    assert 9000 < max(levels) <= 12_000


def test_the_screen_is_kept_awake_while_the_session_goes_on(programs: Path) -> None:
    (programs / "systemd-inhibit").write_text(
        '#!/bin/sh\necho began >> "$0.told"\nread line\necho ended >> "$0.told"\n'
    )
    (programs / "systemd-inhibit").chmod(0o755)
    with awake() as kept:
        assert kept
    assert (programs / "systemd-inhibit.told").read_text().split() == ["began", "ended"]


@pytest.mark.usefixtures("programs")
def test_where_nothing_keeps_the_screen_awake_the_session_goes_on() -> None:
    with awake() as kept:
        assert kept is False


def test_the_end_of_a_skipped_session_is_heard(rung: list[str]) -> None:
    state = begin(phases([PLANK])).state
    with Sound("bell", lambda: rung.append("bell")) as sound:
        sound.hear(press(state, "quit").events, Catalogue())
    assert rung == ["bell"]
