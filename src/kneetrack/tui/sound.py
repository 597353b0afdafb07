"""What is heard of a guided session: tones, a voice or the terminal's bell, by programs that the system has."""

import math
import shutil
import struct
import subprocess
import wave
from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

from kneetrack.domain.catalogue import Catalogue
from kneetrack.domain.player import Cue, Event
from kneetrack.views import session as sentences

PLAYERS = ("pw-play", "paplay", "aplay", "afplay")
SPEAKERS = ("spd-say", "espeak-ng", "say")

TONES: dict[str, tuple[int, float]] = {
    "work": (880, 0.35),
    "wait": (440, 0.35),
    "tick": (660, 0.08),
    "half": (990, 0.15),
    "part": (550, 0.06),
    "over": (1047, 0.6),
}
"""What sounds how high, in hertz, and how long, in seconds."""

_RATE = 22_050
_LOUD = 12_000


class Sound:
    """Lets a session be heard. `notice` says once what is missing here; the bell then stands in for it."""

    def __init__(self, kind: str, ring: Callable[[], None]) -> None:
        """Take what is wanted, and what rings the terminal's bell."""
        programs = {"tones": PLAYERS, "voice": SPEAKERS}.get(kind, ())
        self._program = next(filter(None, map(shutil.which, programs)), None)
        self._kind = kind if self._program or not programs else "bell"
        self.ring = ring
        self._folder: TemporaryDirectory[str] | None = None
        self._playing: list[subprocess.Popen[bytes]] = []
        names = f"{', '.join(programs[:-1])} or {programs[-1]}" if programs else ""
        missing = f"None of {names} is installed, so the terminal's bell rings instead."
        self.notice = missing if self._kind != kind else None

    def __enter__(self) -> Self:
        """Return it, to be left when the session is over."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Let the last sound end, and tidy up."""
        for each in self._playing:
            try:
                each.wait(2)
            except subprocess.TimeoutExpired:
                each.kill()
                each.wait()
        if self._folder:
            self._folder.cleanup()

    def hear(self, events: Iterable[Event], catalogue: Catalogue) -> None:
        """Let be heard what happened; of several things at once the last that has a sound."""
        heard = [(event, name) for event in events if (name := _sound_of(event))]
        if not heard or self._kind == "off":
            return
        event, name = heard[-1]
        if self._kind == "tones":
            self._play(name)
        elif self._kind == "voice":
            if words := sentences.spoken(event, catalogue):
                self._start(words)
        elif name != "part":
            self.ring()

    def _play(self, name: str) -> None:
        """Play a tone; where there is no room for its file, the bell rings from now on."""
        try:
            self._start(str(self._tone(name)))
        except OSError:
            self._kind = "bell"

    def _start(self, word: str) -> None:
        """Run the program, and do not wait for it; what it cannot do is not heard."""
        self._playing = [each for each in self._playing if each.poll() is None]
        try:
            self._playing.append(
                subprocess.Popen(  # noqa: S603 - the program found, and words or a file of our own
                    [str(self._program), word],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
            )
        except OSError:
            self._kind = "bell"

    def _tone(self, name: str) -> Path:
        """Return a file with a tone, which is made when it is first heard."""
        self._folder = self._folder or TemporaryDirectory(prefix="kneetrack-")
        path = Path(self._folder.name, f"{name}.wav")
        if not path.exists():
            with wave.open(str(path), "wb") as made:
                made.setparams((1, 2, _RATE, 0, "NONE", "not compressed"))
                made.writeframes(samples(*TONES[name]))
        return path


def samples(hertz: int, seconds: float) -> bytes:
    """Return a tone as samples of 16 bits that begins and ends softly."""
    count = int(_RATE * seconds)
    soft = max(1, count // 10)
    levels = (min(1.0, at / soft, (count - at) / soft) for at in range(count))
    waves = (math.sin(2 * math.pi * hertz * at / _RATE) for at in range(count))
    return b"".join(struct.pack("<h", int(_LOUD * level * its)) for level, its in zip(levels, waves, strict=True))


_CUES: dict[Cue, str] = {"tick": "tick", "half": "half", "up": "part", "hold": "part", "down": "part", "over": "over"}


def _sound_of(event: Event) -> str | None:
    """Return the name of the tone of what happened; None for what is silent."""
    if event.cue == "begin" and event.phase:
        return "work" if event.phase.kind == "work" else "wait"
    return _CUES.get(event.cue)
