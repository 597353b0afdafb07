"""The README's pictures are the real screens as they are now, and fetch nothing from anywhere."""

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

import draw

README = Path(__file__).parents[2] / "README.md"
PICTURES = draw.pictures()


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.name)
def test_a_picture_is_up_to_date(path: Path) -> None:
    assert path.read_text("utf-8") == PICTURES[path], "draw them again: python pictures/draw.py"


def test_every_picture_is_drawn_and_stands_in_the_readme() -> None:
    drawn = {path.name for path in draw.HERE.glob("*.svg")}
    assert drawn == {path.name for path in PICTURES}
    assert drawn == set(re.findall(r"\]\(pictures/([a-z-]+\.svg)\)", README.read_text("utf-8")))


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.name)
def test_a_picture_is_sound_xml_and_names_no_host(path: Path) -> None:
    picture = PICTURES[path]
    assert ET.fromstring(picture).tag == "{http://www.w3.org/2000/svg}svg"  # noqa: S314 - our own
    assert set(re.findall(r"https?://[^\s\"']+", picture)) == {"http://www.w3.org/2000/svg"}
    assert "@font-face" not in picture
