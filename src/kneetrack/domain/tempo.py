"""Tempo and rest as they are typed: 3-2-3, 45, none."""

import re

from kneetrack.domain import text
from kneetrack.domain.errors import DoseError
from kneetrack.domain.plan import MAX_REST_S, MAX_TEMPO_S, Tempo

_FORM = "([0-9]+)-([0-9]+)-([0-9]+)"
_NONE = "none"


def read(word: str) -> Tempo | None:
    """Return the tempo that a word such as 3-2-3 writes, None for `none`; a 0 in the middle is no hold.

    Raises DoseError.
    """
    if word.strip().lower() == _NONE:
        return None
    match = re.fullmatch(_FORM, word.strip())
    if match is None:
        raise DoseError(f"“{text.clean(word)}” is not a tempo; write seconds up, held and down as 3-2-3, or none.")
    up_s, hold_s, down_s = map(text.whole, match.groups())
    for seconds in (up_s, down_s):
        if not 1 <= seconds <= MAX_TEMPO_S:
            raise DoseError(f"A repetition goes up and down in 1 to {MAX_TEMPO_S} seconds each, not {seconds}.")
    return Tempo(up_s, hold_s or None, down_s)


def read_rest(word: str) -> int | None:
    """Return the seconds of rest that a word writes, None for `none`. Raises DoseError."""
    digits = word.strip()
    if digits.lower() == _NONE:
        return None
    if not (digits.isascii() and digits.isdigit() and text.whole(digits) <= MAX_REST_S):
        raise DoseError(f"--rest takes 0 to {MAX_REST_S} seconds or none, not “{text.clean(word)}”.")
    return text.whole(digits)
