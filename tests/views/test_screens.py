"""The screens, at 80 and at 40 columns: every word and mark of them."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from rich.console import Console, RenderableType

from kneetrack.app.results import Today
from kneetrack.app.results.overview import Calendar, Explained, History, Stats
from kneetrack.domain import days
from kneetrack.domain.catalogue import Catalogue, Exercise
from kneetrack.domain.dose import Dose
from kneetrack.domain.plan import DAILY, Pause, Prescription, Schedule, periods
from kneetrack.domain.progress import Progress
from kneetrack.domain.records import Activity, Amount, Session, Side
from kneetrack.domain.text import cells
from kneetrack.views import data
from kneetrack.views.calendar import calendar
from kneetrack.views.explain import explain
from kneetrack.views.history import history
from kneetrack.views.phrases import Line, fold
from kneetrack.views.plan import history as plan_history
from kneetrack.views.plan import plan
from kneetrack.views.stats import stats
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


def _of_one(its: Progress) -> Stats:
    exercise = next(iter(its.standings))
    return Stats(its, exercise, Counter({exercise: 7}), None)


Screen = Callable[[Progress, list[Session], int], RenderableType | list[Line]]

SCREENS: dict[str, Screen] = {
    "today": lambda its, done, width: today(
        Today(its, tuple(one for one in done if one.day == TODAY), {}, None, None), width
    ),
    "history": lambda its, done, width: history(
        History(tuple(done), {one.uid: one.uid for one in done}, None, None, TODAY, its.catalogue, TODAY), width
    ),
    "plan": lambda its, _, width: plan(its, width),
    "plan history": lambda its, _, __: plan_history(periods(its.activity.prescriptions)[::-1], its),
    "stats": lambda its, _, width: stats(Stats(its, None, Counter(dict.fromkeys(its.standings, 7)), None), width),
    "stats of one": lambda its, _, width: stats(_of_one(its), width),
    "calendar": lambda its, _, width: calendar(Calendar(its, None, date(2026, 9, 1)), width),
    "calendar of one": lambda its, _, width: calendar(
        Calendar(its, next(iter(its.standings)), date(2025, 12, 1)), width
    ),
    "explain streak": lambda its, _, width: explain(Explained("streak", its, None), width),
    "explain adherence": lambda its, _, width: explain(Explained("adherence", its, None), width),
    "explain habit": lambda its, _, width: explain(Explained("habit", its, None), width),
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
    ("history", 80): """
Wed 25 Nov  07:41  b000  Bridge 12, hold 2 s        effort 6 · red band
Tue 24 Nov  07:41  b001  Bridge 3×12, hold 2 s
Mon 23 Nov  07:41  b002  Bridge 3×12, hold 2 s
            07:41  c002  Clamshell 3×10, left side  pain 2 · “left side easier”
Sun 22 Nov  07:41  b003  Bridge 3×12, hold 2 s
Sat 21 Nov  07:41  b004  Bridge 3×12, hold 2 s
            07:41  c004  Clamshell 3×10
Thu 19 Nov  07:41  b006  Bridge 3×12, hold 2 s
Wed 18 Nov  07:41  b007  Bridge 3×12, hold 2 s
            07:41  c007  Clamshell 3×10
Tue 17 Nov  07:41  b008  Bridge 3×12, hold 2 s
Mon 16 Nov  07:41  b009  Bridge 3×12, hold 2 s
            07:41  c009  Clamshell 3×10
Fri 13 Nov  07:41  b012  Bridge 3×10, hold 2 s
Thu 12 Nov  07:41  b013  Bridge 3×10, hold 2 s
Wed 11 Nov  07:41  c014  Clamshell 3×10
Tue 10 Nov  07:41  b015  Bridge 3×10, hold 2 s
Mon 9 Nov   07:41  b016  Bridge 3×10, hold 2 s
            07:41  c016  Clamshell 3×10
""",
    ("history", 40): """
Wed 25 Nov 07:41 b000 Bridge 12, hold
    2 s       effort 6 · red band
Tue 24 Nov 07:41 b001 Bridge 3×12, hold
    2 s
Mon 23 Nov 07:41 b002 Bridge 3×12, hold
    2 s
           07:41 c002 Clamshell 3×10,
    left side pain 2 · “left side
    easier”
Sun 22 Nov 07:41 b003 Bridge 3×12, hold
    2 s
Sat 21 Nov 07:41 b004 Bridge 3×12, hold
    2 s
           07:41 c004 Clamshell 3×10
Thu 19 Nov 07:41 b006 Bridge 3×12, hold
    2 s
Wed 18 Nov 07:41 b007 Bridge 3×12, hold
    2 s
           07:41 c007 Clamshell 3×10
Tue 17 Nov 07:41 b008 Bridge 3×12, hold
    2 s
Mon 16 Nov 07:41 b009 Bridge 3×12, hold
    2 s
           07:41 c009 Clamshell 3×10
Fri 13 Nov 07:41 b012 Bridge 3×10, hold
    2 s
Thu 12 Nov 07:41 b013 Bridge 3×10, hold
    2 s
Wed 11 Nov 07:41 c014 Clamshell 3×10
Tue 10 Nov 07:41 b015 Bridge 3×10, hold
    2 s
Mon 9 Nov  07:41 b016 Bridge 3×10, hold
    2 s
           07:41 c016 Clamshell 3×10
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
    ("stats", 80): """
Wed 25 Nov · week 3 · streak 5 days (best 9)
last 4 weeks 19 of 21 planned, 90 %

           in a row  best  7 days  28 days  dose  habit  sessions
Bridge            5     6    86 %     87 %  82 %   48 %         7
Clamshell         6     6   100 %    100 %  92 %   27 %         7

The last 28 days  TFSS MTWTFSS MTWTFSS MTWTFSS MTW
Bridge                         ●●×●●▫▫ ●●●●×●● ●●◐
Clamshell                      ●–●––▫▫ ●–●––●– ◐–○

Adherence by week
    9 Nov  ━━━━━━━━━━━━━━━━━━━━━━━━━━      6 of 7, 86 %
   16 Nov  ━━━━━━━━━━━━━━━━━━━━━━━━━━━     9 of 10, 90 %
this week  ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━  4 of 4, 100 %
""",
    ("stats", 40): """
Wed 25 Nov · week 3
streak 5 days (best 9)
last 4 weeks 19 of 21 planned, 90 %

Bridge
  streak 5 days (best 6) · 7 days 86 %
  28 days 87 % · dose 82 % · habit 48 %
  7 sessions
  TFSS MTWTFSS MTWTFSS MTWTFSS MTW
               ●●×●●▫▫ ●●●●×●● ●●◐

Clamshell
  streak 6 days · 7 days 100 %
  28 days 100 % · dose 92 % · habit 27 %
  7 sessions
  TFSS MTWTFSS MTWTFSS MTWTFSS MTW
               ●–●––▫▫ ●–●––●– ◐–○

Adherence by week
    9 Nov  ━━━━━━━━━   6 of 7, 86 %
   16 Nov  ━━━━━━━━━   9 of 10, 90 %
this week  ━━━━━━━━━━  4 of 4, 100 %
""",
    ("stats of one", 80): """
Bridge · streak 5 days (best 6) · last 4 weeks 13 of 15 planned, 87 %

        in a row  best  7 days  28 days  dose  habit  sessions
Bridge         5     6    86 %     87 %  82 %   48 %         7

The last 28 days  TFSS MTWTFSS MTWTFSS MTWTFSS MTW
Bridge                         ●●×●●▫▫ ●●●●×●● ●●◐

Adherence by week
    9 Nov  ━━━━━━━━━━━━━━━━━━━━━━━━        4 of 5, 80 %
   16 Nov  ━━━━━━━━━━━━━━━━━━━━━━━━━━      6 of 7, 86 %
this week  ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━  3 of 3, 100 %

Volume by week, repetitions
    9 Nov  ━━━━━━━━━━━━━━━━━               120
   16 Nov  ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━  216
this week  ━━━━━━━━━━━━                    84

The dose, newest first
since Mon 16 Nov  3×12, hold 2 s  daily  done 9 of 10
since Mon 9 Nov   3×10, hold 2 s  daily  done 4 of 5
""",
    ("stats of one", 40): """
Bridge
  streak 5 days (best 6) · 7 days 86 %
  28 days 87 % · dose 82 % · habit 48 %
  7 sessions
  TFSS MTWTFSS MTWTFSS MTWTFSS MTW
               ●●×●●▫▫ ●●●●×●● ●●◐

Adherence by week
    9 Nov  ━━━━━━━━    4 of 5, 80 %
   16 Nov  ━━━━━━━━━   6 of 7, 86 %
this week  ━━━━━━━━━━  3 of 3, 100 %

Volume by week, repetitions
    9 Nov  ━━━━━━      120
   16 Nov  ━━━━━━━━━━  216
this week  ━━━━        84

The dose, newest first
since Mon 16 Nov: 3×12, hold 2 s, daily,
done 9 of 10
since Mon 9 Nov: 3×10, hold 2 s, daily,
done 4 of 5
""",
    ("calendar", 80): """
The whole program · 19 of 21, 90 % since Tue 1 Sep

     Sep     Oct     Nov
Mon                      ● ● ◐
Tue                      ● ● ●
Wed                      ◐ ● ◐
Thu                      ● ●
Fri                      ● ×
Sat                      ▫ ●
Sun                      ▫ ●

● all that was due  ◐ some of it  ○ open  × none of it  – nothing due  ▫ excused
""",
    ("calendar", 40): """
The whole program
19 of 21, 90 % since Tue 1 Sep

     Sep     Oct     Nov
Mon                      ● ● ◐
Tue                      ● ● ●
Wed                      ◐ ● ◐
Thu                      ● ●
Fri                      ● ×
Sat                      ▫ ●
Sun                      ▫ ●

● all that was due  ◐ some of it  ○ open
× none of it  – nothing due  ▫ excused
""",
    ("calendar of one", 80): """
Bridge · 13 of 15, 87 % since Mon 1 Dec 2025

     Dec Jan Feb Mar  Apr May  Jun Jul Aug  Sep Oct Nov
Mon                                                   ●●●
Tue                                                   ●●●
Wed                                                   ×●◐
Thu                                                   ●●
Fri                                                   ●×
Sat                                                   ▫●
Sun                                                   ▫●

● done  ◐ below the dose  ○ open  × missed  – off  ▫ excused
""",
    ("calendar of one", 40): """
Bridge
13 of 15, 87 % since Mon 1 Dec 2025

     Dec Jan Feb Mar  Apr May  Jun Jul
Mon
Tue
Wed
Thu
Fri
Sat
Sun

     Aug Sep Oct Nov
Mon                ●●●
Tue                ●●●
Wed                ×●◐
Thu                ●●
Fri                ●×
Sat                ▫●
Sun                ▫●

● done  ◐ below the dose  ○ open
× missed  – off  ▫ excused
""",
    ("explain streak", 80): """
A day with a session counts one: the streak says that you showed up, and
adherence says whether all was done.
A day without one ends the streak when an exercise was missed on it, or when no
program was in force.
Every other day is neutral, neither counted nor in the way: days off, excused
days, and today.

The whole program
        MTWTFSS
16 Nov      ×++  2
23 Nov  +++      3
2 + 3 = 5 days
It begins after Fri 20 Nov: Bridge missed, no session.
+ counts   × ends it   · neutral
""",
    ("explain streak", 40): """
A day with a session counts one: the
streak says that you showed up, and
adherence says whether all was done.
A day without one ends the streak when
an exercise was missed on it, or when no
program was in force.
Every other day is neutral, neither
counted nor in the way: days off,
excused days, and today.

The whole program
        MTWTFSS
16 Nov      ×++  2
23 Nov  +++      3
2 + 3 = 5 days
It begins after Fri 20 Nov: Bridge
missed, no session.
+ counts   × ends it   · neutral
""",
    ("explain adherence", 80): """
Adherence is the days due and done ÷ the days due (those done and those missed),
over all exercises.
Days off, excused days, extra days and today until it is done are left out; of n
a week the first n count.
A day below the dose counts as done; “dose” in stats counts only the share of
the dose that was done.

           TFSS MTWTFSS MTWTFSS MTWTFSS MTW
Bridge     ···· ······· ++×++·· ++++×++ +++  13 of 15
Clamshell  ···· ······· +·+···· +·+··+· +··  6 of 6
The 28 days: 13 + 6 = 19 of 15 + 6 = 21, 19 ÷ 21 = 90 %.
The last 7 of them: 6 + 2 = 8 of 7 + 2 = 9, 8 ÷ 9 = 89 %.
+ due and done   × missed   · left out
""",
    ("explain adherence", 40): """
Adherence is the days due and done ÷ the
days due (those done and those missed),
over all exercises.
Days off, excused days, extra days and
today until it is done are left out; of
n a week the first n count.
A day below the dose counts as done;
“dose” in stats counts only the share of
the dose that was done.

TFSS MTWTFSS MTWTFSS MTWTFSS MTW
Bridge
···· ······· ++×++·· ++++×++ +++
13 of 15
Clamshell
···· ······· +·+···· +·+··+· +··
6 of 6
The 28 days: 13 + 6 = 19 of 15 + 6 = 21,
19 ÷ 21 = 90 %.
The last 7 of them: 6 + 2 = 8 of 7 + 2 =
9, 8 ÷ 9 = 89 %.
+ due and done   × missed   · left out
""",
    ("explain habit", 80): """
The habit of an exercise starts at 0 and moves only on days that were due: up
when done, down when missed.
The new value is the old one × 0.948078, and on a day done 0.051922 more.
Half of it comes from the last 13 such days: one bad day ruins nothing, and 30
good ones make 80 %.

Bridge
  Thu 19 Nov +  0.3075 × 0.948078 + 0.051922 = 0.3434
  Fri 20 Nov ×  0.3434 × 0.948078 = 0.3256
  Sat 21 Nov +  0.3256 × 0.948078 + 0.051922 = 0.3606
  Sun 22 Nov +  0.3606 × 0.948078 + 0.051922 = 0.3938
  Mon 23 Nov +  0.3938 × 0.948078 + 0.051922 = 0.4253
  Tue 24 Nov +  0.4253 × 0.948078 + 0.051922 = 0.4551
  Wed 25 Nov +  0.4551 × 0.948078 + 0.051922 = 0.4834
  0.4834 is 48 %
Clamshell
  Mon 9 Nov +  0.0000 × 0.948078 + 0.051922 = 0.0519
  Wed 11 Nov +  0.0519 × 0.948078 + 0.051922 = 0.1011
  Mon 16 Nov +  0.1011 × 0.948078 + 0.051922 = 0.1478
  Wed 18 Nov +  0.1478 × 0.948078 + 0.051922 = 0.1921
  Sat 21 Nov +  0.1921 × 0.948078 + 0.051922 = 0.2340
  Mon 23 Nov +  0.2340 × 0.948078 + 0.051922 = 0.2738
  0.2738 is 27 %
""",
    ("explain habit", 40): """
The habit of an exercise starts at 0 and
moves only on days that were due: up
when done, down when missed.
The new value is the old one × 0.948078,
and on a day done 0.051922 more.
Half of it comes from the last 13 such
days: one bad day ruins nothing, and 30
good ones make 80 %.

Bridge
  Thu 19 Nov +
  0.3075 × 0.948078 + 0.051922 = 0.3434
  Fri 20 Nov ×
  0.3434 × 0.948078 = 0.3256
  Sat 21 Nov +
  0.3256 × 0.948078 + 0.051922 = 0.3606
  Sun 22 Nov +
  0.3606 × 0.948078 + 0.051922 = 0.3938
  Mon 23 Nov +
  0.3938 × 0.948078 + 0.051922 = 0.4253
  Tue 24 Nov +
  0.4253 × 0.948078 + 0.051922 = 0.4551
  Wed 25 Nov +
  0.4551 × 0.948078 + 0.051922 = 0.4834
  0.4834 is 48 %
Clamshell
  Mon 9 Nov +
  0.0000 × 0.948078 + 0.051922 = 0.0519
  Wed 11 Nov +
  0.0519 × 0.948078 + 0.051922 = 0.1011
  Mon 16 Nov +
  0.1011 × 0.948078 + 0.051922 = 0.1478
  Wed 18 Nov +
  0.1478 × 0.948078 + 0.051922 = 0.1921
  Sat 21 Nov +
  0.1921 × 0.948078 + 0.051922 = 0.2340
  Mon 23 Nov +
  0.2340 × 0.948078 + 0.051922 = 0.2738
  0.2738 is 27 %
""",
}


@pytest.mark.parametrize(("name", "width"), EXPECTED)
def test_a_screen_shows_what_it_should(name: str, width: int) -> None:
    assert rendered(SCREENS[name](*small(), width), width) == EXPECTED[name, width].strip("\n")


def test_the_plan_has_a_column_of_tempo_and_rest_where_there_are_any_and_its_history_says_them_with_the_dose() -> None:
    slow = Prescription("bridge", BEGUN, Dose(3, 10, 2), DAILY, up_s=3, down_s=4, rest_s=45)
    rested = Prescription("side_plank", BEGUN, Dose(3, None, 30), DAILY, rest_s=0)
    its = look((slow, rested), (), [], Catalogue())
    assert rendered(plan(its, 80), 80).splitlines() == [
        "            sets and reps     schedule  tempo and rest          since",
        "Bridge      3×10, hold 2 s    daily     tempo 3-2-4, rest 45 s  Mon 9 Nov",
        "Side plank  3×30 s each side  daily     rest 0 s                Mon 9 Nov",
    ]
    assert rendered(plan(its, 40), 40).splitlines() == [
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
@pytest.mark.parametrize("name", sorted(SCREENS.keys() - {"calendar", "explain streak"}))
def test_long_and_wide_names_stand_in_full_on_every_screen(name: str, width: int) -> None:
    its, done = odd()
    shown = rendered(SCREENS[name](its, done, width), width)
    assert set(LONG.name.split()) <= set(re.findall(r"\w+", shown))
    assert name.endswith("of one") or set(WIDE.name) <= set(shown)
