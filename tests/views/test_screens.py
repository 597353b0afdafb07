"""The screens, at 80 and at 40 columns: every word and mark of them."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from rich.console import Console, RenderableType

from kneetrack.app.results import Today
from kneetrack.app.results.plan import ThePlan
from kneetrack.domain import days
from kneetrack.domain.catalogue import Catalogue, Exercise
from kneetrack.domain.dose import Dose
from kneetrack.domain.plan import DAILY, Pause, Prescription, Schedule, periods
from kneetrack.domain.progress import Progress
from kneetrack.domain.records import Activity, Amount, Session, Side
from kneetrack.domain.text import cells
from kneetrack.views import data
from kneetrack.views.lines import Line, fold
from kneetrack.views.plan import history as plan_history
from kneetrack.views.plan import plan
from kneetrack.views.today import today

TODAY = date(2026, 11, 25)
BEGUN = date(2026, 11, 9)
THREE_A_WEEK = Schedule("per_week", per_week=3)

LONG = Exercise("long", "Standing hip abduction against a band on the kitchen table leg", per_side=True, mode="reps")
WIDE = Exercise("wide", "膝を曲げた横向きの股関節外旋運動", per_side=True, mode="hold")


def session(exercise: str, ago: int, dose: Dose, side: Side | None = None) -> Session:
    """Return a session so many days ago, in the morning."""
    day = TODAY - timedelta(ago)
    at = datetime(day.year, day.month, day.day, 7, 41, tzinfo=UTC)
    return Session(f"{exercise[:1]}{ago:03d}", at, exercise, day, at, side, dose, None, None, None, None)


def small() -> tuple[Progress, list[Session]]:
    """Return a diary of seventeen days, two exercises and a pause, and its sessions, newest first."""
    prescriptions = (
        Prescription("bridge", BEGUN, Dose(3, 10, 2), DAILY),
        Prescription("clamshell", BEGUN, Dose(3, 10, None), THREE_A_WEEK),
        Prescription("bridge", date(2026, 11, 16), Dose(3, 12, 2), DAILY),
        Prescription("bridge", date(2026, 11, 30), Dose(3, 15, 2), DAILY),
    )
    pauses = (Pause("f" * 32, None, date(2026, 11, 14), date(2026, 11, 15), "travel"),)
    done = [
        *(session("bridge", ago, Dose(3, 10, 2)) for ago in (16, 15, 13, 12)),
        *(session("bridge", ago, Dose(3, 12, 2)) for ago in (9, 8, 7, 6, 4, 3, 2, 1)),
        *(session("clamshell", ago, Dose(3, 10, None), "both") for ago in (16, 14, 9, 7, 4)),
        session("clamshell", 2, Dose(3, 10, None), "left")._replace(pain=2, note="left side easier"),
        session("bridge", 0, Dose(1, 12, 2))._replace(effort=6, load="red band"),
    ]
    return look(prescriptions, pauses, done, Catalogue()), sorted(done, key=lambda item: item.day, reverse=True)


def odd() -> tuple[Progress, list[Session]]:
    """Return a diary of two exercises, one with a long name and one whose name is of wide characters."""
    prescriptions = (
        Prescription("long", BEGUN, Dose(3, 10, None), DAILY),
        Prescription("wide", BEGUN, Dose(3, None, 30), THREE_A_WEEK),
    )
    done = [
        session("long", 1, Dose(3, 10, None), "both"),
        session("wide", 0, Dose(1, None, 30), "both")._replace(note="楽に"),
    ]
    pauses = (Pause("f" * 32, "wide", date(2026, 11, 23), None, "旅行"),)
    return look(prescriptions, pauses, done, Catalogue([LONG, WIDE])), done[::-1]


def look(
    prescriptions: tuple[Prescription, ...], pauses: tuple[Pause, ...], done: list[Session], catalogue: Catalogue
) -> Progress:
    """Return how a diary stands."""
    on: dict[str, days.Days] = {}
    for item in done:
        on[item.exercise] = on.get(item.exercise, 0) | days.one(days.number(item.day))
    amounts = tuple(Amount(item.exercise, item.day, item.side, item.dose) for item in done)
    return Progress(Activity(prescriptions, pauses, on, amounts), catalogue, TODAY)


def rendered(screen: RenderableType | list[Line], width: int) -> str:
    """Return a screen as plain text, without the spaces that end its lines."""
    if isinstance(screen, list):
        rows = [row for line in screen for row in fold(line, width)]
        return "\n".join("".join(span.text for span in row).rstrip() for row in rows)
    console = Console(
        file=StringIO(), width=width, force_terminal=False, color_system=None, markup=False, emoji=False,
        highlight=False, legacy_windows=False,
    )  # fmt: skip
    with console.capture() as printed:
        console.print(screen)
    return "\n".join(line.rstrip() for line in printed.get().splitlines())


Screen = Callable[[Progress, list[Session], int], RenderableType | list[Line]]

SCREENS: dict[str, Screen] = {
    "today": lambda its, done, width: today(
        Today(its, tuple(one for one in done if one.day == TODAY), {}, None, None), width
    ),
    "plan": lambda its, _, width: plan(ThePlan(its), width),
    "plan history": lambda its, _, __: plan_history(periods(its.activity.prescriptions)[::-1], its),
}

EXPECTED: dict[tuple[str, int], str] = {
    ("today", 80): """
Wed 25 Nov · week 3 · streak 5 days (best 9)
last 4 weeks 19 of 21 planned, 90 %

                                                      M T W T F S S
  ◐ Bridge     2×12 left, hold 2 s                    ● ● ◐ · · · ·
  ○ Clamshell  3×10 each side · 1 of 3 this week ●○○  ◐ – ○ · · · ·
""",
    ("today", 40): """
Wed 25 Nov · week 3
streak 5 days (best 9)
last 4 weeks 19 of 21 planned, 90 %

  ◐ Bridge     2×12 left, hold 2 s
  ○ Clamshell  3×10 each side · 1 of 3
               this week ●○○
""",
    ("plan", 80): """
           sets and reps   schedule  since
Bridge     3×12, hold 2 s  daily     Mon 16 Nov
Clamshell  3×10 each side  3 a week  Mon 9 Nov
From Mon 30 Nov: Bridge 3×15, hold 2 s, daily
""",
    ("plan", 40): """
Bridge
  3×12, hold 2 s · daily
  since Mon 16 Nov
Clamshell
  3×10 each side · 3 a week
  since Mon 9 Nov
From Mon 30 Nov: Bridge 3×15, hold 2 s,
    daily
""",
    ("plan history", 80): """
From Mon 30 Nov
  Bridge 3×15, hold 2 s, daily
  Clamshell 3×10 each side, 3 a week
Mon 16 Nov to Sun 29 Nov, 14 days
  Bridge 3×12, hold 2 s, daily
  Clamshell 3×10 each side, 3 a week
Mon 9 Nov to Sun 15 Nov, 7 days
  Bridge 3×10, hold 2 s, daily
  Clamshell 3×10 each side, 3 a week
""",
    ("plan history", 40): """
From Mon 30 Nov
  Bridge 3×15, hold 2 s, daily
  Clamshell 3×10 each side, 3 a week
Mon 16 Nov to Sun 29 Nov, 14 days
  Bridge 3×12, hold 2 s, daily
  Clamshell 3×10 each side, 3 a week
Mon 9 Nov to Sun 15 Nov, 7 days
  Bridge 3×10, hold 2 s, daily
  Clamshell 3×10 each side, 3 a week
""",
}


@pytest.mark.parametrize(("name", "width"), EXPECTED)
def test_a_screen_shows_what_it_should(name: str, width: int) -> None:
    assert rendered(SCREENS[name](*small(), width), width) == EXPECTED[name, width].strip("\n")


def test_the_plan_has_a_column_of_tempo_and_rest_where_there_are_any_and_its_history_says_them_with_the_dose() -> None:
    slow = Prescription("bridge", BEGUN, Dose(3, 10, 2), DAILY, up_s=3, down_s=4, rest_s=45)
    rested = Prescription("side_plank", BEGUN, Dose(3, None, 30), DAILY, rest_s=0)
    its = look((slow, rested), (), [], Catalogue())
    assert rendered(plan(ThePlan(its), 80), 80).splitlines() == [
        "            sets and reps     schedule  tempo and rest          since",
        "Bridge      3×10, hold 2 s    daily     tempo 3-2-4, rest 45 s  Mon 9 Nov",
        "Side plank  3×30 s each side  daily     rest 0 s                Mon 9 Nov",
    ]
    assert rendered(plan(ThePlan(its), 40), 40).splitlines() == [
        "Bridge",
        "  3×10, hold 2 s · daily",
        "  tempo 3-2-4, rest 45 s",
        "  since Mon 9 Nov",
        "Side plank",
        "  3×30 s each side · daily · rest 0 s",
        "  since Mon 9 Nov",
    ]
    assert rendered(plan_history(periods(its.activity.prescriptions), its), 80).splitlines()[1:] == [
        "  Bridge 3×10, hold 2 s, daily, tempo 3-2-4, rest 45 s",
        "  Side plank 3×30 s each side, daily, rest 0 s",
    ]
    assert [(item["tempo"], item["rest_s"]) for item in data.plan(its.plan, its)["plan"]] == [
        ("3-2-4", 45),
        (None, 0),
    ]


@pytest.mark.parametrize("width", [80, 60, 40])
@pytest.mark.parametrize("name", SCREENS)
@pytest.mark.parametrize("diary", [small, odd])
def test_no_line_of_a_screen_is_wider_than_the_terminal_and_nothing_is_cut_off(
    diary: Callable[[], tuple[Progress, list[Session]]], name: str, width: int
) -> None:
    shown = rendered(SCREENS[name](*diary(), width), width)
    assert max(cells(line) for line in shown.splitlines()) <= width
    assert "…" not in shown


@pytest.mark.parametrize("width", [80, 60, 40])
@pytest.mark.parametrize("name", SCREENS)
def test_long_and_wide_names_stand_in_full_on_every_screen(name: str, width: int) -> None:
    its, done = odd()
    shown = rendered(SCREENS[name](its, done, width), width)
    assert set(LONG.name.split()) <= set(re.findall(r"\w+", shown))
    assert set(WIDE.name) <= set(shown)
