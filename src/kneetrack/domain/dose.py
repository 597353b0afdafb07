"""Doses: “3x15x5s” as typed, `Dose` as a value, “3×15, hold 5 s” as shown."""

import re
from typing import Literal, TypeAlias

from kneetrack.domain.errors import DoseError
from kneetrack.domain.text import echo, whole
from kneetrack.domain.value import Value

Mode: TypeAlias = Literal["reps", "hold"]

MAX_SETS = 99
MAX_REPS = 9999
MAX_HOLD_S = 86_400

_FORM = r"(?:(?P<sets>[0-9]+)x)?(?:(?P<reps>[0-9]+)(?:x(?P<pause>[0-9]+)s)?|(?P<hold>[0-9]+)s)"


class Dose(Value):
    """Sets of repetitions, each held `hold_s` seconds or not; or sets of holds, without repetitions.

    A number that is not known is None, never 0. For an exercise done per side, each side does the dose.
    """

    sets: int | None
    reps: int | None
    hold_s: int | None

    def volume(self, mode: Mode, otherwise: "Dose | None" = None) -> int:
        """Return repetitions (mode reps) or seconds of hold (mode hold), over all sets.

        A number that is not known counts as that of `otherwise`, and as none where that is not known either.
        """
        return (self.sets or (otherwise and otherwise.sets) or 0) * self.one_set(mode, otherwise)

    def one_set(self, mode: Mode, otherwise: "Dose | None" = None) -> int:
        """Return the repetitions or the seconds of hold of one set."""
        if mode == "hold":
            return self.hold_s or (otherwise and otherwise.hold_s) or 0
        return self.reps or (otherwise and otherwise.reps) or 0


def example(mode: Mode, sets: int = 3) -> str:
    """Return a dose to show how one is typed: 3x10, or 3x30s for what is held."""
    return f"{sets}x{'30s' if mode == 'hold' else '10'}"


def parse(text: str, mode: Mode, name: str) -> list[Dose]:
    """Return the doses that a word stands for: one, or one a set where the sets differ (“15,12,10”).

    `name` is the exercise's, for the sentence of the DoseError that is raised when the word is no dose.
    """
    words = text.strip().lower().replace("×", "x").split(",")
    return [_parse_one(word, mode, name, text, several=len(words) > 1) for word in words]


def _parse_one(word: str, mode: Mode, name: str, text: str, *, several: bool) -> Dose:
    """Return the dose of one word between commas."""
    match = re.fullmatch(_FORM, word, re.ASCII)
    if not match or (several and match["sets"]):
        raise DoseError(_not_a_dose(text, mode))
    sets, reps, pause, hold = (whole(part) if part else None for part in match.group("sets", "reps", "pause", "hold"))
    if mode == "hold" and reps is not None:
        raise DoseError(f"{name} is held for seconds, not counted in repetitions: write 30s or 3x30s.")
    if mode == "reps" and hold is not None:
        raise DoseError(f"{name} is counted in repetitions: write 15 or 3x15, or 3x15x5s to hold each one 5 seconds.")
    return check(Dose(1 if sets is None else sets, reps, pause if hold is None else hold))


def check(dose: Dose) -> Dose:
    """Return the dose when each of its numbers is within the limits, and raise DoseError otherwise."""
    for value, most, what in (
        (dose.sets, MAX_SETS, "sets"),
        (dose.reps, MAX_REPS, "repetitions"),
        (dose.hold_s, MAX_HOLD_S, "seconds of hold"),
    ):
        if value is not None and not 1 <= value <= most:
            raise DoseError(f"A dose has 1 to {most} {what}.")
    return dose


def show(dose: Dose, mode: Mode) -> str:
    """Return a dose as people read it: “15”, “3×15”, “3×15, hold 5 s”, “3×30 s”; “?” for what is not known.

    One of which nothing is known is “done”.
    """
    if dose == Dose(None, None, None):
        return "done"
    amount, unit = (dose.hold_s, " s") if mode == "hold" else (dose.reps, "")
    sets = "" if dose.sets == 1 else f"{_or_unknown(dose.sets)}×"
    pause = f", hold {dose.hold_s} s" if mode == "reps" and dose.hold_s else ""
    return f"{sets}{_or_unknown(amount)}{unit}{pause}"


def word(dose: Dose, mode: Mode) -> str:
    """Return a dose as it is typed: “15”, “3x15”, “3x15x5s”, “3x30s”."""
    sets = "" if dose.sets in {None, 1} else f"{dose.sets}x"
    if mode == "hold":
        return f"{sets}{_or_unknown(dose.hold_s)}s"
    pause = f"x{dose.hold_s}s" if dose.hold_s else ""
    return f"{sets or ('1x' if pause else '')}{_or_unknown(dose.reps)}{pause}"


def _or_unknown(value: int | None) -> str:
    """Return a number as text, “?” for None."""
    return "?" if value is None else str(value)


def _not_a_dose(text: str, mode: Mode) -> str:
    """Return the sentence for a word that is no dose."""
    examples = "30s, 3x30s or 30s,20s" if mode == "hold" else "15, 3x15, 3x15x5s or 15,12,10"
    return f"“{echo(text)}” is not a dose; write {examples}."
