"""The screens of what was: history, stats, calendar and explain, at 80 and at 40 columns; no line is ever too wide."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from rich.cells import cell_len
from rich.console import RenderableType
from test_screens import BEGUN, LONG, THREE_A_WEEK, TODAY, WIDE, look, odd, rendered, session, small

from kneetrack.app.results.overview import Calendar, Explained, History, Stats
from kneetrack.domain import weeks
from kneetrack.domain.catalogue import Catalogue, Exercise
from kneetrack.domain.dose import Dose
from kneetrack.domain.explanations import Topic
from kneetrack.domain.names import MAX_KEPT
from kneetrack.domain.plan import DAILY, Prescription
from kneetrack.domain.progress import Progress
from kneetrack.domain.records import MAX_NOTE, Session
from kneetrack.domain.weeks import Week
from kneetrack.views.calendar import calendar
from kneetrack.views.explain import explain
from kneetrack.views.history import history
from kneetrack.views.lines import Line
from kneetrack.views.stats import stats

Sessions = list[Session]
Screen = Callable[[Progress, Sessions, int], RenderableType | list[Line]]


def its_weeks(its: Progress, done: Sessions, exercise: str | None) -> tuple[Week, ...]:
    return weeks.of(its, done, its.first_day(exercise) or its.today, its.today, exercise)


def of_stats(its: Progress, done: Sessions, exercise: str | None = None, *, everything: bool = False) -> Stats:
    """Return what stats gives of a diary."""
    counts = Counter(item.exercise for item in done)
    return Stats(its, exercise, counts, its_weeks(its, done, exercise), None, everything)


def of_history(its: Progress, done: Sessions, limit: int = 5) -> History:
    """Return what history gives of a diary."""
    shorts = {one.uid: one.uid for one in done}
    return History(tuple(done), (), shorts, {}, None, None, TODAY, its.catalogue, TODAY, limit)


def of_calendar(its: Progress, done: Sessions, exercise: str | None = None) -> Calendar:
    return Calendar(its, exercise, date(2025, 12, 1), its_weeks(its, done, exercise))


def one_of(its: Progress) -> str:
    return next(iter(its.standings))


def explained(topic: Topic) -> Screen:
    return lambda its, _, width: explain(Explained(topic, its, None, TODAY), width)


SCREENS: dict[str, Screen] = {
    "history": lambda its, done, width: history(of_history(its, done), width),
    "stats": lambda its, done, width: stats(of_stats(its, done), width),
    "stats of one": lambda its, done, width: stats(of_stats(its, done, one_of(its)), width),
    "calendar": lambda its, done, width: calendar(of_calendar(its, done), width),
    "calendar of one": lambda its, done, width: calendar(of_calendar(its, done, one_of(its)), width),
    "explain streak": explained("streak"),
    "explain adherence": explained("adherence"),
    "explain habit": explained("habit"),
}

EXPECTED: dict[tuple[str, int], str] = {
    ("history", 80): """
Wed 25 Nov  07:41  b000  Bridge 12, hold 2 s        effort 6 · red band
Tue 24 Nov  07:41  b001  Bridge 3×12, hold 2 s
Mon 23 Nov  07:41  b002  Bridge 3×12, hold 2 s
                   c002  Clamshell 3×10, left side  pain 2 · “left side easier”
Sun 22 Nov  07:41  b003  Bridge 3×12, hold 2 s
Sat 21 Nov  07:41  b004  Bridge 3×12, hold 2 s
                   c004  Clamshell 3×10
Thu 19 Nov  07:41  b006  Bridge 3×12, hold 2 s
Wed 18 Nov  07:41  b007  Bridge 3×12, hold 2 s
                   c007  Clamshell 3×10
Tue 17 Nov  07:41  b008  Bridge 3×12, hold 2 s
Mon 16 Nov  07:41  b009  Bridge 3×12, hold 2 s
                   c009  Clamshell 3×10
Fri 13 Nov  07:41  b012  Bridge 3×10, hold 2 s
Thu 12 Nov  07:41  b013  Bridge 3×10, hold 2 s
Wed 11 Nov  07:41  c014  Clamshell 3×10
Tue 10 Nov  07:41  b015  Bridge 3×10, hold 2 s
Mon 9 Nov   07:41  b016  Bridge 3×10, hold 2 s
                   c016  Clamshell 3×10
""",
    ("history", 40): """
Wed 25 Nov 07:41
 b000 Bridge 12, hold 2 s · effort 6
      red band
Tue 24 Nov 07:41
 b001 Bridge 3×12, hold 2 s
Mon 23 Nov 07:41
 b002 Bridge 3×12, hold 2 s
 c002 Clamshell 3×10, left side · pain 2
      “left side easier”
Sun 22 Nov 07:41
 b003 Bridge 3×12, hold 2 s
Sat 21 Nov 07:41
 b004 Bridge 3×12, hold 2 s
 c004 Clamshell 3×10
Thu 19 Nov 07:41
 b006 Bridge 3×12, hold 2 s
Wed 18 Nov 07:41
 b007 Bridge 3×12, hold 2 s
 c007 Clamshell 3×10
Tue 17 Nov 07:41
 b008 Bridge 3×12, hold 2 s
Mon 16 Nov 07:41
 b009 Bridge 3×12, hold 2 s
 c009 Clamshell 3×10
Fri 13 Nov 07:41
 b012 Bridge 3×10, hold 2 s
Thu 12 Nov 07:41
 b013 Bridge 3×10, hold 2 s
Wed 11 Nov 07:41
 c014 Clamshell 3×10
Tue 10 Nov 07:41
 b015 Bridge 3×10, hold 2 s
Mon 9 Nov 07:41
 b016 Bridge 3×10, hold 2 s
 c016 Clamshell 3×10
""",
    ("stats", 80): """
Wed 25 Nov · week 3 · streak 5 days (best 9)
last 4 weeks 19 of 21 planned, 90 %

done of planned  7 days          4 weeks  of the dose  streak  best  habit
Bridge           6 of 7  13 of 15   87 %         82 %  5 days     6   48 %
Clamshell        2 of 2    6 of 6  100 %         92 %  6 days     6   27 %

last 4 weeks  TFSS MTWTFSS MTWTFSS MTWTFSS MTW
Bridge                     ●●×●●▫▫ ●●●●×●● ●●◐
Clamshell                  ●–●––▫▫ ●–●––●– ◐–○

by week from 9 Nov       9 Nov  16 Nov  this week
adherence           ▇▇█   86 %    90 %      100 %
worst pain            ▂                         2

So far: 19 sessions on 14 days, 420 bridges, 330 clamshells (left and right both
  count)
What to expect: too early to judge; many trials ran for six weeks (Ferber2015).
""",
    ("stats", 40): """
Wed 25 Nov · week 3
streak 5 days (best 9)
last 4 weeks 19 of 21 planned, 90 %

Bridge
  last 4 weeks 13 of 15 planned, 87 %
  82 % of the dose
  streak 5 days (best 6) · habit 48 %
  TFSS MTWTFSS MTWTFSS MTWTFSS MTW
               ●●×●●▫▫ ●●●●×●● ●●◐

Clamshell
  last 4 weeks 6 of 6 planned, 100 %
  92 % of the dose · streak 6 days
  habit 27 %
  TFSS MTWTFSS MTWTFSS MTWTFSS MTW
               ●–●––▫▫ ●–●––●– ◐–○

by week from 9 Nov
adherence           ▇▇█
worst pain            ▂
            9 Nov  16 Nov    now
adherence    86 %    90 %  100 %
worst pain                     2

So far: 19 sessions on 14 days, 420
  bridges, 330 clamshells (left and
  right both count)
What to expect: too early to judge; many
  trials ran for six weeks (Ferber2015).
""",
    ("stats of one", 80): """
Bridge · 13 sessions · streak 5 days (best 6)
last 4 weeks 13 of 15 planned, 87 %

done of planned  7 days          4 weeks  of the dose  streak  best  habit
Bridge           6 of 7  13 of 15   87 %         82 %  5 days     6   48 %

last 4 weeks  TFSS MTWTFSS MTWTFSS MTWTFSS MTW
Bridge                     ●●×●●▫▫ ●●●●×●● ●●◐

by week from 9 Nov       9 Nov  16 Nov  this week
adherence           ▆▇█   80 %    86 %      100 %
reps                ▄█▃    120     216         84

how the dose grew, newest first
since Mon 16 Nov: 3×12, hold 2 s, daily, 9 of 10 planned, 90 %
since Mon 9 Nov: 3×10, hold 2 s, daily, 4 of 5 planned, 80 %
""",
    ("stats of one", 40): """
Bridge
  last 4 weeks 13 of 15 planned, 87 %
  82 % of the dose
  streak 5 days (best 6) · habit 48 %
  13 sessions
  TFSS MTWTFSS MTWTFSS MTWTFSS MTW
               ●●×●●▫▫ ●●●●×●● ●●◐

by week from 9 Nov
adherence           ▆▇█
reps                ▄█▃
           9 Nov  16 Nov    now
adherence   80 %    86 %  100 %
reps         120     216     84

how the dose grew, newest first
since Mon 16 Nov: 3×12, hold 2 s, daily,
  9 of 10 planned, 90 %
since Mon 9 Nov: 3×10, hold 2 s, daily,
  4 of 5 planned, 80 %
""",
    ("calendar", 80): """
The whole plan · 19 of 21 planned, 90 %, since Mon 9 Nov

        Nov
         9 16 23
Mon      ●  ●  ◐
Tue      ●  ●  ●
Wed      ◐  ●  ◐
Thu      ●  ●
Fri      ●  ×
Sat      ▫  ●
Sun      ▫  ●
done     6  9  4
planned  7 10  4
pain           2

● all that was due  ◐ some of it  ○ open  × none of it  – nothing due  ▫ excused
""",
    ("calendar", 40): """
The whole plan
19 of 21 planned, 90 %, since Mon 9 Nov

        Nov
         9 16 23
Mon      ●  ●  ◐
Tue      ●  ●  ●
Wed      ◐  ●  ◐
Thu      ●  ●
Fri      ●  ×
Sat      ▫  ●
Sun      ▫  ●
done     6  9  4
planned  7 10  4
pain           2

● all that was due  ◐ some of it  ○ open
× none of it  – nothing due  ▫ excused
""",
    ("calendar of one", 80): """
Bridge · 13 of 15 planned, 87 %, since Mon 9 Nov

        Nov
         9 16 23
Mon      ●  ●  ●
Tue      ●  ●  ●
Wed      ×  ●  ◐
Thu      ●  ●
Fri      ●  ×
Sat      ▫  ●
Sun      ▫  ●
done     4  6  3
planned  5  7  3

● done  ◐ below the dose  ○ open  × missed  – off  ▫ excused
""",
    ("calendar of one", 40): """
Bridge
13 of 15 planned, 87 %, since Mon 9 Nov

        Nov
         9 16 23
Mon      ●  ●  ●
Tue      ●  ●  ●
Wed      ×  ●  ◐
Thu      ●  ●
Fri      ●  ×
Sat      ▫  ●
Sun      ▫  ●
done     4  6  3
planned  5  7  3

● done  ◐ below the dose  ○ open
× missed  – off  ▫ excused
""",
    ("explain streak", 80): """
Every day with a session adds one: the streak says that you showed up, adherence
whether all was done.
A day without one ends the streak if an exercise was missed on it, or if there
was no plan.
All other days leave it as it is: days off, excused days, and today until you
exercise.

The whole plan
        MTWTFSS
16 Nov      ×++  2
23 Nov  +++      3
2 + 3 = 5 days, since Sat 21 Nov
The day before it began, Fri 20 Nov: Bridge missed and nothing done.
+ adds one   × ended the streak before   · changes nothing
""",
    ("explain streak", 40): """
Every day with a session adds one: the
streak says that you showed up,
adherence whether all was done.
A day without one ends the streak if an
exercise was missed on it, or if there
was no plan.
All other days leave it as it is: days
off, excused days, and today until you
exercise.

The whole plan
        MTWTFSS
16 Nov      ×++  2
23 Nov  +++      3
2 + 3 = 5 days, since Sat 21 Nov
The day before it began, Fri 20 Nov:
Bridge missed and nothing done.
+ adds one   × ended the streak before
· changes nothing
""",
    ("explain adherence", 80): """
Adherence is what you did of what was planned: the days done ÷ the days due,
over all exercises.
Days off, excused days, extra days and today until it is done do not count. With
3 a week, the first 3 count.
A day below the dose counts as done; “of the dose” in stats counts only the part
of the dose you did.

           TFSS MTWTFSS MTWTFSS MTWTFSS MTW
Bridge     ···· ······· ++×++·· ++++×++ +++  13 of 15
Clamshell  ···· ······· +·+···· +·+··+· +··  6 of 6
Last 28 days: 13 + 6 = 19 done, 15 + 6 = 21 planned, 19 ÷ 21 = 90 %
Last 7 days: 6 + 2 = 8 done, 7 + 2 = 9 planned, 8 ÷ 9 = 89 %
+ due and done   × missed   · does not count
""",
    ("explain adherence", 40): """
Adherence is what you did of what was
planned: the days done ÷ the days due,
over all exercises.
Days off, excused days, extra days and
today until it is done do not count.
With 3 a week, the first 3 count.
A day below the dose counts as done; “of
the dose” in stats counts only the part
of the dose you did.

TFSS MTWTFSS MTWTFSS MTWTFSS MTW
Bridge
···· ······· ++×++·· ++++×++ +++
13 of 15
Clamshell
···· ······· +·+···· +·+··+· +··
6 of 6
Last 28 days: 13 + 6 = 19 done
15 + 6 = 21 planned, 19 ÷ 21 = 90 %
Last 7 days: 6 + 2 = 8 done
7 + 2 = 9 planned, 8 ÷ 9 = 89 %
+ due and done   × missed
· does not count
""",
    ("explain habit", 80): """
The habit says how settled an exercise is: it starts at 0 % and rises with each
planned day that you do.
A missed day costs about 5 % of it; days off and excused days change nothing.
Half of it comes from the last 13 planned days. 30 days without a miss make
80 %; a bad day costs little. In studies a habit took 59 to 66 days (medians;
from 4 to 335, Singh2024): no day is a finish line.

Bridge
  48 %; before these 7 planned days 31 %
  Thu 19 Nov +  34 %  Fri 20 Nov ×  33 %  Sat 21 Nov +  36 %  Sun 22 Nov +  39 %
  Mon 23 Nov +  43 %  Tue 24 Nov +  46 %  Wed 25 Nov +  48 %
Clamshell
  27 %; before these 6 planned days 0 %
  Mon 9 Nov  +   5 %  Wed 11 Nov +  10 %  Mon 16 Nov +  15 %  Wed 18 Nov +  19 %
  Sat 21 Nov +  23 %  Mon 23 Nov +  27 %
""",
    ("explain habit", 40): """
The habit says how settled an exercise
is: it starts at 0 % and rises with each
planned day that you do.
A missed day costs about 5 % of it; days
off and excused days change nothing.
Half of it comes from the last 13
planned days. 30 days without a miss
make 80 %; a bad day costs little. In
studies a habit took 59 to 66 days
(medians; from 4 to 335, Singh2024): no
day is a finish line.

Bridge
  48 %; before these 7 planned days 31 %
  Thu 19 Nov +  34 %  Fri 20 Nov ×  33 %
  Sat 21 Nov +  36 %  Sun 22 Nov +  39 %
  Mon 23 Nov +  43 %  Tue 24 Nov +  46 %
  Wed 25 Nov +  48 %
Clamshell
  27 %; before these 6 planned days 0 %
  Mon 9 Nov  +   5 %  Wed 11 Nov +  10 %
  Mon 16 Nov +  15 %  Wed 18 Nov +  19 %
  Sat 21 Nov +  23 %  Mon 23 Nov +  27 %
""",
}


@pytest.mark.parametrize(("name", "width"), EXPECTED)
def test_a_screen_shows_what_it_should(name: str, width: int) -> None:
    assert rendered(SCREENS[name](*small(), width), width) == EXPECTED[name, width].strip("\n")


# No line is too wide


def many(number: int) -> tuple[Progress, Sessions]:
    """Return a diary of so many exercises: long names, wide names, longest notes and loads, and pain."""
    own = [LONG, WIDE, Exercise("endless", "x" * MAX_KEPT, per_side=False, mode="reps")]
    catalogue = Catalogue(own)
    chosen = [*own, *(catalogue.get(name) for name in ("bridge", "side_plank", "clamshell", "monster_walk"))][-number:]
    prescriptions = tuple(
        Prescription(item.id, BEGUN, Dose(3, None, 30) if item.mode == "hold" else Dose(3, 10, 2), THREE_A_WEEK)
        if at % 2
        else Prescription(item.id, BEGUN, Dose(3, None, 30) if item.mode == "hold" else Dose(3, 10, 2), DAILY)
        for at, item in enumerate(chosen)
    )
    return look(prescriptions, (), list(_done(chosen)), catalogue), list(_done(chosen))


def _done(chosen: list[Exercise]) -> Iterator[Session]:
    for ago in range(14):
        for item in chosen:
            dose = Dose(3, None, 30) if item.mode == "hold" else Dose(3, 10, 2)
            one = session(item.id, ago, dose, "both" if item.per_side else None)
            note = ("楽に" * (MAX_NOTE // 2), "easier " * (MAX_NOTE // 7), "x" * MAX_NOTE)[ago % 3]
            yield one._replace(uid=f"{item.id[:3]}{ago:03d}", pain=ago % 11, effort=7, load="赤いバンド" * 9, note=note)


@pytest.mark.parametrize("width", [120, 80, 40])
@pytest.mark.parametrize("name", SCREENS)
@pytest.mark.parametrize("number", [1, 4, 7])
def test_no_line_is_wider_than_the_terminal(number: int, name: str, width: int) -> None:
    shown = SCREENS[name](*many(number), width)
    if isinstance(shown, list):
        lines = ["".join(span.text for span in line) for line in shown]
    else:
        lines = rendered(shown, 1000).splitlines()
    assert max(map(cell_len, lines)) <= width


@pytest.mark.parametrize("width", [120, 80, 40])
@pytest.mark.parametrize("name", SCREENS)
@pytest.mark.parametrize("diary", [small, odd, lambda: many(7)])
def test_nothing_is_cut_off(diary: Callable[[], tuple[Progress, Sessions]], name: str, width: int) -> None:
    assert "…" not in rendered(SCREENS[name](*diary(), width), width)


@pytest.mark.parametrize("width", [120, 80, 40])
@pytest.mark.parametrize("name", sorted(SCREENS.keys() - {"calendar", "explain streak"}))
def test_long_and_wide_names_stand_in_full(name: str, width: int) -> None:
    its, done = odd()
    shown = rendered(SCREENS[name](its, done, width), width)
    assert set(LONG.name.split()) <= set(shown.replace("\n", " ").split())
    assert name.endswith("of one") or set(WIDE.name) <= set(shown)


def test_stats_of_four_exercises_have_room_on_a_terminal_of_24_rows() -> None:
    its, done = small()
    more = tuple(Prescription(name, BEGUN, Dose(3, 10, None), DAILY) for name in ("step_up", "hip_hike"))
    four = look((*its.activity.prescriptions, *more), (), done, Catalogue())
    assert len(rendered(stats(of_stats(four, done), 80), 80).splitlines()) < 24


# Stats


def test_what_was_dropped_is_in_stats_only_when_all_is_asked_for() -> None:
    its, done = small()
    dropped = look((*its.activity.prescriptions, Prescription("clamshell", TODAY, None, None)), (), done, Catalogue())
    assert of_stats(dropped, done).shown == ("bridge",)
    assert of_stats(dropped, done, everything=True).shown == of_stats(dropped, done).listed == ("bridge", "clamshell")


def test_what_was_dropped_is_in_stats_where_nothing_else_is() -> None:
    done = [session("bridge", 3, Dose(3, 10, None))]
    its = look((Prescription("bridge", BEGUN, Dose(3, 10, None), DAILY), Prescription("bridge", TODAY, None, None)), (),
               done, Catalogue())  # fmt: skip
    assert of_stats(its, done).shown == ("bridge",)


def test_what_was_done_without_a_plan_is_in_stats_and_what_was_never_done_nor_planned_today_is_not() -> None:
    done = [session("hip_hike", 3, Dose(3, 10, None), "both")]
    later = Prescription("step_up", TODAY + timedelta(5), Dose(3, 10, None), DAILY)
    its = look((Prescription("bridge", BEGUN, Dose(3, 10, None), DAILY), later), (), done, Catalogue())
    assert of_stats(its, done).shown == of_stats(its, done, everything=True).shown == ("bridge", "hip_hike")


def test_stats_have_a_line_of_pain_only_where_pain_was_noted() -> None:
    its, done = small()
    without = [item._replace(pain=None) for item in done]
    assert "worst pain" in rendered(stats(of_stats(its, done), 80), 80)
    assert "worst pain" not in rendered(stats(of_stats(its, without), 80), 80)


# Calendar


def test_many_weeks_stand_close_together_without_figures() -> None:
    first = date(2025, 12, 1)
    its = look((Prescription("bridge", first, Dose(3, 10, None), DAILY),), (), [], Catalogue())
    shown = rendered(calendar(of_calendar(its, []), 80), 80).splitlines()
    assert sum(line.startswith("Mon") for line in shown) == 1
    assert not any(line.startswith("planned") for line in shown)


def test_a_calendar_without_any_day_is_of_today() -> None:
    its = look((), (), [], Catalogue())
    assert "no planned day yet\n\n        Nov\n        23" in rendered(calendar(of_calendar(its, []), 80), 80)
