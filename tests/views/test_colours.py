"""The colours stand out from dark and light terminals, and from each other for every kind of colour vision.

Contrast is that of WCAG 2.1; colour blindness is simulated in linear RGB with the matrices of Machado, Oliveira
and Fernandes (2009) at full strength; the distance of two colours is that of CIE 1976 (L*a*b*, D65).
"""

from itertools import pairwise
from math import dist
from typing import TypeAlias

import pytest
from rich.color import Color

from kneetrack.domain.progress import State
from kneetrack.views.lines import STYLES
from kneetrack.views.phrases import MARKS, PART

Rgb: TypeAlias = tuple[float, float, float]
"""Red, green and blue in linear light, 0 to 1."""

BACKGROUNDS = {
    "black": "#000000",
    "white": "#ffffff",
    "VS Code dark": "#1e1e1e",
    "GNOME": "#2e3436",
    "Ubuntu": "#300a24",
    "Solarized dark": "#002b36",
    "Solarized light": "#fdf6e3",
}
VISION = {
    "all cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
COLOURED = sorted({look for look in STYLES.values() if look.startswith("color(")})


def linear(colour: str) -> Rgb:
    """Return a colour, as Rich names it, in linear light."""
    red, green, blue = (
        part / 255 / 12.92 if part / 255 <= 0.04045 else ((part / 255 + 0.055) / 1.055) ** 2.4
        for part in Color.parse(colour).get_truecolor()
    )
    return red, green, blue


def luminance(colour: Rgb) -> float:
    return 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2]


def contrast(one: Rgb, other: Rgb) -> float:
    """Return the contrast of two colours, from 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def seen(colour: Rgb, vision: str) -> Rgb:
    """Return a colour as someone with that vision sees it."""
    red, green, blue = (
        min(1.0, max(0.0, sum(weight * part for weight, part in zip(row, colour, strict=True))))
        for row in VISION[vision]
    )
    return red, green, blue


def lab(colour: Rgb) -> Rgb:
    """Return a colour in L*a*b*."""
    rows = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    white = (0.9505, 1.0, 1.089)
    x, y, z = (
        (part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116)
        for part in (
            sum(weight * light for weight, light in zip(row, colour, strict=True)) / whole
            for row, whole in zip(rows, white, strict=True)
        )
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def test_there_are_two_colours_and_the_rest_is_bold_or_dim() -> None:
    assert len(COLOURED) == 2
    assert set(STYLES.values()) - set(COLOURED) == {"", "bold", "dim"}


@pytest.mark.parametrize("background", BACKGROUNDS)
@pytest.mark.parametrize("colour", COLOURED)
def test_a_colour_stands_out_from_dark_and_light_backgrounds(colour: str, background: str) -> None:
    assert contrast(linear(colour), linear(BACKGROUNDS[background])) >= 3


@pytest.mark.parametrize("vision", VISION)
def test_the_colours_differ_for_every_kind_of_colour_vision(vision: str) -> None:
    one, other = (lab(seen(linear(colour), vision)) for colour in COLOURED)
    assert dist(one, other) >= 40


def test_the_marks_differ_without_any_colour() -> None:
    marks = sorted([*(span.text for span in MARKS.values()), PART.text])
    assert len(marks) == len(State) + 1
    assert all(one != other for one, other in pairwise(marks))
