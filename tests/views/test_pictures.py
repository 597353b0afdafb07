"""The pictures of the pages are the real screens as they are now, and fetch nothing from anywhere."""

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import draw

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "README.md", *(ROOT / "docs").glob("*.md"))
PICTURES = draw.pictures()


def test_the_pictures_are_up_to_date() -> None:
    old = [path.name for path, picture in PICTURES.items() if path.read_text("utf-8") != picture]
    assert old == [], "draw them again: python pictures/draw.py"


def test_every_picture_is_drawn_and_shown_on_a_page() -> None:
    drawn = {path.name for path in draw.HERE.glob("*.svg")}
    assert drawn == {path.name for path in PICTURES}
    assert drawn == set(re.findall(r"\]\((?:\.\./)?pictures/([a-z-]+\.svg)\)", "".join(map(Path.read_text, PAGES))))


def test_the_pictures_are_sound_xml_and_name_no_host() -> None:
    for picture in PICTURES.values():
        assert ET.fromstring(picture).tag == "{http://www.w3.org/2000/svg}svg"  # noqa: S314 - our own
        assert set(re.findall(r"https?://[^\s\"']+", picture)) == {"http://www.w3.org/2000/svg"}
        assert "@font-face" not in picture


def test_every_moment_of_the_moving_picture_has_its_styles_in_it() -> None:
    moving = PICTURES[draw.HERE / "start-moving.svg"]
    assert set(re.findall(r'<text class="([^"]+)"', moving)) <= set(re.findall(r"\.([\w-]+)\s*\{", moving))


def test_the_moving_picture_shows_one_moment_at_a_time_and_is_small() -> None:
    moving = PICTURES[draw.HERE / "start-moving.svg"]
    assert len(re.findall(r"<animate ", moving)) == len(draw.MOMENTS_S)
    assert moving.count('<g opacity="0">') == len(draw.MOMENTS_S) - 1
    assert len(moving.encode()) < 300_000
