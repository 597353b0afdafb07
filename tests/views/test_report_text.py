"""The page for a clinician as text: dated, at most 60 lines of 78 characters, and without verdicts."""

import shlex
import stat
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from rich.cells import cell_len

from conftest import Run
from hostile import HOSTILE, STEERS
from kneetrack.domain import days, report
from kneetrack.domain.catalogue import Catalogue
from kneetrack.domain.pain import rule
from kneetrack.domain.plan import DAILY, Pause, Prescription
from kneetrack.domain.progress import Progress
from kneetrack.domain.records import Activity, Amount, Session
from kneetrack.domain.report import Sources, Words
from kneetrack.domain.text import clean
from kneetrack.views.report_text import MOST_LINES, WIDTH, page

pytestmark = pytest.mark.usefixtures("db", "clock")

NOW = datetime(2026, 11, 25, 18, 0, tzinfo=timezone(timedelta(hours=1)))
TODAY = NOW.date()


@pytest.mark.parametrize("length", [1, 28, 400])
@pytest.mark.parametrize("exercises", [0, 1, 39])
def test_the_page_is_never_longer_or_wider_than_it_may_be(length: int, exercises: int) -> None:
    catalogue = Catalogue()
    chosen = list(catalogue)[:exercises]
    first = TODAY - timedelta(length - 1)
    sessions = [
        Session(
            "",
            NOW,
            item.id,
            TODAY - timedelta(ago),
            None,
            None,
            item.dose,
            None,
            ago % 11,
            None,
            ("長い note " * 99, "長" * 999)[ago % 2],
        )
        for ago in range(length)
        for item in chosen
        if item.dose
    ]
    done = {item.id: days.span(days.number(first), days.number(TODAY)) for item in chosen}
    program = tuple(
        Prescription(item.id, first + timedelta(at), item.dose, DAILY) for item in chosen for at in range(0, length, 9)
    )
    pauses = tuple(Pause("", None, first + timedelta(at), first + timedelta(at), "x" * 200) for at in range(20))
    amounts = tuple(Amount(item.exercise, item.day, "both", item.dose) for item in sessions)
    progress = Progress(Activity(program, pauses, done, amounts), catalogue, TODAY)
    words = Words("n" * 100, ("Why? " * 40,) * 5)
    lines = page(report.of(progress, Sources(first, TODAY, sessions, (), (), rule("mykneecap", 5)), NOW, words))

    assert len(lines) <= MOST_LINES
    assert max(map(cell_len, lines)) <= WIDTH
    assert lines[-1].endswith("no substitute for a clinician.")


def test_the_page_says_what_was_done_of_what_was_due_pain_and_notes(run: Run) -> None:
    run("plan set bridge 3x10 clamshell 3x10 --from 2026-11-16")
    run("log bridge 3x10 -d 2026-11-16 --pain 2 --note 'stairs \x1b[31mhurt'")
    run("log bridge 1x15 -d 2026-11-17 --pain 4")
    run("skip -d 2026-11-18 --reason travel")
    shown = run("report --from 2026-11-16 --until 2026-11-22").out.splitlines()

    assert shown[0] == "Exercise diary, Mon 16 Nov 2026 to Sun 22 Nov 2026"
    assert shown[1].startswith("Written Wed 25 Nov 2026 07:41")
    assert "  Bridge 3×10, daily, since Mon 16 Nov 2026" in shown
    assert "  Bridge: 2 of 6 (33 %) · 75 % of the dose on days done" in shown
    assert "  Clamshell: 0 of 6 (0 %)" in shown
    assert "  Together: 2 of 12 (17 %) · something done on 2 of 7 days" in shown
    assert "  Mon 16 Nov   2 of 12 (17 %)     pain 2 to 4, mean 3.0 of 2 entries" in shown
    assert "  Wed 18 Nov: everything (travel)" in shown
    assert r"  Mon 16 Nov Bridge, pain 2: “stairs \x1b[31mhurt”" in shown


@pytest.mark.parametrize(
    ("pains", "said"), [((), "was noted in these days."), ((5,), "pain 5"), ((5, 5), "pain 5, 2 entries")]
)
def test_pain_that_is_the_same_is_said_once(pains: tuple[int, ...], said: str, run: Run) -> None:
    run("log bridge 3x10")
    for hour, pain in enumerate(pains):
        run(f"log clamshell 1x5 --pain {pain} -d yesterday --at 0{hour + 1}:00")
    assert any(line.endswith(f" {said}") for line in run("report").out.splitlines())


def test_a_note_of_several_exercises_is_said_once(run: Run) -> None:
    run("log bridge 3x10 clamshell 3x10 --pain 2 --note easier")
    shown = run("report").out.splitlines()
    assert [line for line in shown if "easier" in line] == ["  Wed 25 Nov Bridge and Clamshell, pain 2: “easier”"]


def test_what_was_replaced_on_its_first_day_is_no_change_of_the_plan(run: Run) -> None:
    run("plan set bridge 3x10 --from 2026-11-01")
    run("plan set bridge 3x12 --from 2026-11-10")
    run("plan set bridge 3x15 --from 2026-11-10")
    run("plan set hip-hike 3x10 --from 2026-11-20")
    run("plan drop hip-hike --from 2026-11-20")
    shown = run("report").out

    assert "  Tue 10 Nov 2026: Bridge 3×15, daily" in shown.splitlines()
    assert "3×12" not in shown
    assert "Hip hike" not in shown


def test_the_page_is_written_to_a_new_file_that_only_the_person_can_read(run: Run, tmp_path: Path) -> None:
    run("log bridge")
    path = tmp_path / "page.txt"

    assert run(f"report {path}").code == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_bytes()
    assert run(f"report {path}").code == 2
    assert path.read_bytes() == before


@pytest.mark.parametrize("typed", HOSTILE.values(), ids=HOSTILE)
def test_what_was_typed_steers_no_terminal(typed: str, run: Run) -> None:
    quoted = shlex.quote(typed)
    run(f"log bridge 3x10 --note {quoted}")
    shown = run(f"report --name {quoted} --question {quoted}").out
    assert shown.count(clean(typed)) == 3
    assert not STEERS & set(shown)


@pytest.mark.parametrize(
    "line", ["report --until tomorrow", "report --from today --until yesterday", "report x.doc", "report --weeks 0"]
)
def test_a_page_that_cannot_be_is_refused(line: str, run: Run) -> None:
    run("log bridge")

    assert run(line).code == 2
