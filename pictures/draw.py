"""Draw the README's pictures: the real screens of a made-up diary, on a day that stands still.

Run it from anywhere: `python pictures/draw.py`. A test holds the pictures up to date.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from io import StringIO
from pathlib import Path

from rich.console import Console, RenderableType
from rich.terminal_theme import TerminalTheme

from kneetrack.app.results import Today
from kneetrack.app.results.overview import Calendar, Explained, Stats
from kneetrack.domain import days
from kneetrack.domain.catalogue import Catalogue
from kneetrack.domain.dose import Dose
from kneetrack.domain.plan import DAILY, Pause, Prescription, Schedule
from kneetrack.domain.progress import Progress
from kneetrack.domain.records import Activity, Amount, Session, Side
from kneetrack.views.calendar import calendar
from kneetrack.views.explain import explain
from kneetrack.views.plan import plan
from kneetrack.views.stats import stats
from kneetrack.views.today import today

HERE = Path(__file__).parent
TODAY = date(2026, 11, 25)
BEGUN = date(2026, 8, 31)
COLUMNS = 80

THREE_A_WEEK = Schedule("per_week", per_week=3)
PROGRAM = (
    Prescription("bridge", BEGUN, Dose(2, 10, 2), DAILY),
    Prescription("clamshell", BEGUN, Dose(2, 10, None), THREE_A_WEEK),
    Prescription("bridge", date(2026, 9, 28), Dose(3, 10, 2), DAILY),
    Prescription("clamshell", date(2026, 10, 12), Dose(3, 12, None), THREE_A_WEEK),
    Prescription("side_plank", date(2026, 10, 19), Dose(3, None, 20), Schedule("weekdays", weekdays=(1, 4))),
    Prescription("bridge", date(2026, 11, 2), Dose(3, 12, 2), DAILY),
)
PAUSES = (
    Pause("a" * 32, None, date(2026, 10, 3), date(2026, 10, 9), "travel"),
    Pause("b" * 32, "bridge", date(2026, 11, 12), date(2026, 11, 12), "pain"),
)
MISSED = {"bridge": {4, 11, 12, 20, 29, 47, 58, 64}, "clamshell": {2, 9, 28}, "side_plank": {53}}
"""Days, counted from the first, on which what was due was not done."""
LESS = {18: 1, 45: 2, 61: 1, 80: 2}
"""Days on which only so many sets of bridges were done."""


def sessions() -> Iterator[Session]:
    """Yield what was done, earliest first; today the bridges are begun and the rest is open."""
    for ago in range((TODAY - BEGUN).days, -1, -1):
        day, number = TODAY - timedelta(ago), (TODAY - BEGUN).days - ago
        if any(pause.exercise is None and pause.first <= day <= (pause.last or day) for pause in PAUSES):
            continue
        for exercise, weekdays in (("bridge", range(7)), ("clamshell", (0, 2, 5)), ("side_plank", (1, 4))):
            held = [item for item in PROGRAM if item.exercise == exercise and item.first_day <= day]
            if not held or day.weekday() not in weekdays or number in MISSED[exercise]:
                continue
            dose = held[-1].dose or Dose(1, 10, None)
            if exercise == "bridge":
                dose = dose._replace(sets=1 if not ago else LESS.get(number, dose.sets))
            elif not ago or (exercise, day) == ("bridge", PAUSES[1].first):
                continue
            at = datetime.combine(day, time(7, 41), UTC)
            side: Side | None = None if exercise == "bridge" else "both"
            yield Session(f"{number:032x}", at, exercise, day, at, side, dose, None, None, None, None)


def progress() -> Progress:
    """Return how the diary stands today."""
    done: dict[str, days.Days] = {}
    amounts = []
    for session in sessions():
        done[session.exercise] = done.get(session.exercise, 0) | days.one(days.number(session.day))
        amounts.append(Amount(session.exercise, session.day, session.side, session.dose))
    return Progress(Activity(PROGRAM, PAUSES, done, tuple(amounts)), Catalogue(), TODAY)


def screens() -> dict[str, tuple[str, RenderableType]]:
    """Return the pictures: file name, command line and screen."""
    its = progress()
    counts = Counter({exercise: standing.done.bit_count() for exercise, standing in its.standings.items()})
    written = [session for session in sessions() if session.day == TODAY]
    return {
        "today": ("kneetrack", today(Today(its, tuple(written), {}, None, None), COLUMNS)),
        "plan": ("kneetrack plan", plan(its)),
        "stats": ("kneetrack stats", stats(Stats(its, None, counts, None), COLUMNS)),
        "stats-bridge": ("kneetrack stats bridge", stats(Stats(its, "bridge", counts, None), COLUMNS)),
        "calendar": ("kneetrack calendar", calendar(Calendar(its, None, date(2026, 9, 1)), COLUMNS)),
        "explain": ("kneetrack explain streak", explain(Explained("streak", its, None), COLUMNS)),
    }


THEME = TerminalTheme(
    (30, 30, 30),
    (222, 222, 222),
    [(0, 0, 0), (205, 49, 49), (13, 188, 121), (229, 229, 16), (36, 114, 200), (188, 63, 188), (17, 168, 205),
     (229, 229, 229)],
)  # fmt: skip

FRAME = """\
<svg class="{unique_id}" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg" role="img">
<title>TITLE</title>
<style>
.{unique_id} text {{
  font-family: Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font-size: {char_height}px;
  line-height: {line_height}px;
}}
.{unique_id}-title {{ font-family: system-ui, sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""
"""Rich's frame without the fonts that it would fetch from a host."""


def draw(name: str, command: str, screen: RenderableType) -> str:
    """Return one screen as SVG, with the command above it; the same screen is always the same text."""
    console = Console(
        file=StringIO(), record=True, width=COLUMNS, force_terminal=True, color_system="256", legacy_windows=False,
        markup=False, emoji=False, highlight=False,
    )  # fmt: skip
    console.print(screen)
    frame = FRAME.replace("TITLE", command)
    return console.export_svg(title=f"$ {command}", theme=THEME, code_format=frame, unique_id=f"kneetrack-{name}")


def pictures() -> dict[Path, str]:
    """Return every picture: its file and what stands in it."""
    return {HERE / f"{name}.svg": draw(name, *screen) for name, screen in screens().items()}


if __name__ == "__main__":
    for path, picture in pictures().items():
        path.write_text(picture, "utf-8")
