"""The page for a clinician as HTML and PDF: looked at in a real browser, printed, and read by machines."""

import os
import re
import shlex
import subprocess
import sys
import zlib
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

import chromium
from chromium import Chromium
from conftest import PATIENCE_S, Run, need, read
from hostile import HOSTILE, STEERS
from kneetrack.domain import text

pytestmark = pytest.mark.usefixtures("db", "clock")

AXE = "KNEETRACK_AXE"
"""Names the file of axe-core, which npm brings."""

WEB = {
    "script": "<script>document.title = 'run'</script>",
    "handler": "<img src=x onerror=\"document.title = 'run'\">",
    "end of the style": "</style><script>document.title = 'run'</script>",
    "link": "<a href='javascript:alert(1)'>here</a> <link rel=stylesheet href=//example.org/x>",
    "template": "{{ 7 * 7 }} {% raw %} {# x #}",
    "entity": "&lt;b&gt; &amp; &#0;",
    "end of an attribute": '"\' onfocus=alert(1) autofocus x="',
    "long": "長い文 note ✅🦵 " * 140,
    "one word": "w" * 2000,
}
NOTES = {**HOSTILE, **WEB}


class Texts(HTMLParser):
    """Gathers the tags and the texts of a page, but for its style."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._styled = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._styled = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self._styled = self._styled and tag != "style"

    def handle_data(self, data: str) -> None:
        self.text += "" if self._styled else data


def written(run: Run, path: Path, options: str = "") -> Path:
    """Write a page, and return its path."""
    result = run(f"report {path} --force {options}")
    assert (result.code, result.err) == (0, "")
    return path


def looked_at(path: Path) -> Texts:
    """Return what is on a page."""
    found = Texts()
    found.feed(path.read_text("utf-8"))
    return found


@pytest.fixture
def kept(run: Run) -> Run:
    """Keep a diary of six weeks and four exercises, with pain, scores, a skip and notes."""
    run("plan set bridge 3x12x2s --from 2026-10-19")
    run("plan set clamshell 3x12 side-plank 3x20s hip-hike 2x10 --per-week 3 --from 2026-10-19")
    mondays = ("2026-10-19", "2026-10-26", "2026-11-02", "2026-11-09", "2026-11-16", "2026-11-23")
    for day, during, morning in zip(mondays, (3, 3, 2, 6, 2, 1), (3, 2, 2, 4, 1, 1), strict=True):
        run(f"log bridge clamshell side-plank hip-hike -d {day} --pain {during} --note 'felt {during} of 10'")
        run(f"pain {morning} --moment morning -d {day}")
    run("plan set bridge 3x15x2s --from 2026-11-09")
    run("skip bridge -d 2026-11-12 --reason pain")
    for day, values in (("2026-10-20", (4, 5, 71)), ("2026-11-24", (7, 6, 84))):
        run(f"score psfs stairs {values[0]} 'long drive' {values[1]} -d {day}")
        run(f"score akps {values[2]} -d {day}")
    return run


@pytest.fixture
def fullest(run: Run) -> Run:
    """Keep a diary of which every part of the page has more than there is room for."""
    names = [f"{'長い名' * 19}{letter}" for letter in "abcdefghijklmn"]
    for name in names:
        assert run(f"add {name} --per-side").code == 0
    for month in range(1, 12):
        doses = " ".join(f"{name} {2 + month % 3}x10x2s" for name in names)
        assert run(f"plan set {doses} --tempo 3-2-3 --rest 45 --from 2026-{month:02}-01").code == 0
    for at in range(40):
        day = f"2026-{10 + at // 20:02}-{1 + at % 20:02}"
        run(f"log {names[at % 8]} -d {day} --pain {at % 11} --note {shlex.quote('長い文 note ' * 60)}")
        run(f"pain {at % 11} --moment morning -d {day}")
    for at in range(10):
        run(f"skip -d 2026-11-{1 + at:02} --reason {shlex.quote('因' * 150)}")
        for day, value in (("2026-10-20", 4), ("2026-11-20", 6)):
            assert run(f"score psfs {'活動' * 29}{'abcdefghij'[at]} {value} -d {day}").code == 0
    return run


FULL = "--weeks 60 --name " + "名" * 100 + " " + " ".join(["--question " + "問" * 200] * 5)


# As a file


def test_the_page_forbids_scripts_and_everything_from_elsewhere_and_has_neither(kept: Run, tmp_path: Path) -> None:
    page = looked_at(written(kept, tmp_path / "a.html"))
    (policy,) = [its["content"] for tag, its in page.tags if tag == "meta" and "http-equiv" in its]
    assert policy
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert not {"script", "link", "img", "iframe", "form", "object"} & {tag for tag, _ in page.tags}
    assert not {name for _, its in page.tags for name in its if name in {"src", "href", "style"} or name[:2] == "on"}


def test_the_page_says_its_language_and_title_and_what_each_cell_is_of(kept: Run, tmp_path: Path) -> None:
    page = looked_at(written(kept, tmp_path / "a.html", "--name 'Anna B.'"))
    assert ("html", {"lang": "en"}) in page.tags
    assert "Exercise diary, Mon 19 Oct 2026 to Wed 25 Nov 2026, Anna B." in page.text
    assert all(its.get("scope") in {"row", "col"} for tag, its in page.tags if tag == "th")


@pytest.mark.parametrize("typed", NOTES.values(), ids=NOTES)
def test_what_was_typed_is_text_on_the_page_whatever_it_is(typed: str, run: Run, tmp_path: Path) -> None:
    run("log bridge 3x10 --note x")
    plain = looked_at(written(run, tmp_path / "plain.html", "--name x --question x"))
    run(f"edit last --note {shlex.quote(typed[:2000])}")
    quoted = shlex.quote(typed[:100])
    page = looked_at(written(run, tmp_path / "a.html", f"--name {quoted} --question {quoted}"))
    assert [tag for tag, _ in page.tags] == [tag for tag, _ in plain.tags]
    assert not STEERS & set(page.text)
    assert page.text.count(text.clean(typed[:100].strip())) >= 3


def test_a_note_that_is_too_long_is_cut_and_says_so(run: Run, tmp_path: Path) -> None:
    run(f"log bridge 3x10 --note {'w' * 2000}")
    (line,) = [line for line in written(run, tmp_path / "a.html").read_text().splitlines() if "www" in line]
    assert "w …”" in line
    assert len(line) < 320


def test_too_few_weeks_for_a_chart_are_said(run: Run, tmp_path: Path) -> None:
    run("log bridge 3x10")
    path = written(run, tmp_path / "a.html")
    assert "Too few weeks with a plan for a chart." in looked_at(path).text
    assert "<svg" not in path.read_text()


def test_pain_and_scores_that_nobody_noted_have_no_rows(run: Run, tmp_path: Path) -> None:
    run("log bridge 3x10")
    page = looked_at(written(run, tmp_path / "a.html")).text
    assert "No pain while exercising was noted in these days." in page
    assert not [words for words in ("Worst pain", "Scores", "Notes", "Skipped", "Questions") if words in page]


def test_a_week_without_pain_is_a_gap_in_its_line(run: Run, tmp_path: Path) -> None:
    run("plan set bridge 3x10 --from 2026-10-19")
    for day in ("2026-10-20", "2026-10-27", "2026-11-10", "2026-11-17"):
        run(f"log bridge 3x10 -d {day} --pain 2")
    drawn = re.search(r"<svg.*</svg>", written(run, tmp_path / "a.html").read_text(), re.DOTALL)
    assert drawn
    lines = [its.get("points", "").split() for its in ET.fromstring(drawn[0]).iter("polyline")]  # noqa: S314 - ours
    assert [len(line) for line in lines] == [2, 2]


# The numbers


@pytest.mark.parametrize("name", ["page.txt", "page.html", "page.fhir.json"])
def test_the_numbers_are_those_of_stats_in_every_form(name: str, kept: Run, tmp_path: Path) -> None:
    shown = written(kept, tmp_path / name, "--from 2026-10-29").read_text("utf-8")
    stats = read(kept, "stats")
    every = [stats["adherence"]["28d"], *(its["adherence"]["28d"] for its in stats["exercises"])]
    for kept_of in every:
        done, due = kept_of["done"], kept_of["due"]
        fraction = f'"numerator":{{"value":{done}}},"denominator":{{"value":{due}}}'
        assert (fraction if name.endswith("json") else f"{done} of {due} ({100 * done / due:.0f} %)") in shown


# In a browser


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Chromium]:
    """Start a Chromium."""
    need("chromium", "--version")
    with chromium.started(tmp_path / "profile") as started:
        yield started


@pytest.mark.slow
@pytest.mark.parametrize("width", [390, 1280])
def test_a_browser_asks_for_the_file_and_nothing_else_and_nothing_is_cut_off(
    width: int, kept: Run, tmp_path: Path, browser: Chromium
) -> None:
    path = written(kept, tmp_path / "a.html", "--name " + "w" * 100)
    browser.show(path, width)
    assert browser.requests == [path.as_uri()]
    assert browser.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.slow
def test_six_weeks_of_four_exercises_print_on_one_page(kept: Run, tmp_path: Path, browser: Chromium) -> None:
    browser.show(written(kept, tmp_path / "a.html", "--name 'Anna B.' --question 'May I run again?'"))
    assert pages_of(browser.printed(), tmp_path) == 1


@pytest.mark.slow
def test_the_fullest_page_prints_on_two(fullest: Run, tmp_path: Path, browser: Chromium) -> None:
    browser.show(written(fullest, tmp_path / "a.html", FULL))
    assert pages_of(browser.printed(), tmp_path) == 2


@pytest.mark.slow
def test_axe_finds_nothing_against_the_page(kept: Run, tmp_path: Path, browser: Chromium) -> None:
    if AXE not in os.environ:
        required = "axe" in os.environ.get("KNEETRACK_REQUIRE", "").split(",")
        (pytest.fail if required else pytest.skip)(f"{AXE} names no axe.min.js: npm install axe-core")
    for width in (390, 1280):
        browser.show(written(kept, tmp_path / "a.html", "--question 'Why?'"), width)
        browser.evaluate(Path(os.environ[AXE]).read_text("utf-8") + "; 0")
        found = browser.evaluate("axe.run().then(its => [its.passes.length, its.violations.map(each => each.id)])")
        assert found[0] > 10
        assert found[1] == []


@pytest.mark.slow
def test_no_note_is_run_by_a_browser(run: Run, tmp_path: Path, browser: Chromium) -> None:
    for typed in WEB.values():
        run(f"log bridge 3x10 --note {shlex.quote(typed[:2000])}")
    path = written(run, tmp_path / "a.html", f"--name {shlex.quote(WEB['script'])}")
    browser.show(path)
    assert browser.requests == [path.as_uri()]
    assert browser.evaluate("document.title").startswith("Exercise diary")
    assert browser.evaluate("document.querySelectorAll('script, img, a, link').length") == 0


# As PDF


@pytest.fixture
def pdf() -> None:
    """Skip where WeasyPrint or what looks at a PDF is missing."""
    need("pdfinfo", "-v")
    try:
        import weasyprint  # noqa: F401, PLC0415 - an extra
    except (ImportError, OSError):
        required = "weasyprint" in os.environ.get("KNEETRACK_REQUIRE", "").split(",")
        (pytest.fail if required else pytest.skip)("WeasyPrint is not installed: pip install '.[pdf]'")


def pages_of(printed: bytes, folder: Path) -> int:
    """Return how many pages a PDF has."""
    need("pdfinfo", "-v")
    (folder / "printed.pdf").write_bytes(printed)
    return int(told_of(folder / "printed.pdf")["Pages"])


def told_of(path: Path) -> dict[str, str]:
    """Return what a PDF says of itself."""
    return {name: value.strip() for name, _, value in (line.partition(":") for line in asked("pdfinfo", path))}


def asked(tool: str, path: Path) -> list[str]:
    """Return the lines that a tool prints about a file."""
    words = ["/usr/bin/env", tool, str(path)]
    return subprocess.run(words, capture_output=True, text=True, check=True, timeout=PATIENCE_S).stdout.splitlines()


def unpacked(path: Path) -> bytes:
    """Return the compressed parts of a PDF as they are."""
    found = re.findall(rb"stream\n(.*?)\nendstream", path.read_bytes(), re.DOTALL)
    return b"".join(zlib.decompressobj().decompress(its) for its in found if its[:1] == b"x")


@pytest.mark.slow
@pytest.mark.usefixtures("pdf")
def test_a_pdf_is_one_tagged_page_with_a_title_a_language_and_its_fonts(kept: Run, tmp_path: Path) -> None:
    path = written(kept, tmp_path / "a.pdf", "--name 'Anna B.'")
    told = told_of(path)
    assert (told["Pages"], told["Tagged"]) == ("1", "yes")
    assert told["Title"] == "Exercise diary, Mon 19 Oct 2026 to Wed 25 Nov 2026, Anna B."
    assert b"/Lang (en)" in unpacked(path)
    embedded = [line.split()[-5] for line in asked("pdffonts", path)[2:]]
    assert embedded
    assert set(embedded) == {"yes"}


@pytest.mark.slow
@pytest.mark.usefixtures("pdf")
def test_the_fullest_pdf_has_two_pages(fullest: Run, tmp_path: Path) -> None:
    assert told_of(written(fullest, tmp_path / "a.pdf", FULL))["Pages"] == "2"


def test_without_weasyprint_a_pdf_is_refused_with_what_to_do(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    run("log bridge")
    result = run(f"report {tmp_path}/a.pdf")
    assert (result.code, result.out) == (69, "")
    assert "pip install 'kneetrack[pdf]'" in result.err
    assert list(tmp_path.glob("*.pdf*")) == []
