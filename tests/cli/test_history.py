"""The screen of history."""

from datetime import datetime, timedelta

import pytest

from commands import BRIDGES
from conftest import NOW
from kneetrack.app.results.overview import History
from kneetrack.domain.catalogue import Catalogue
from kneetrack.domain.dose import Dose
from kneetrack.domain.records import Session
from kneetrack.views.history import history

TODAY = NOW.date()
SESSIONS = [
    BRIDGES._replace(uid="a3f1", created_at=NOW, at=NOW, note="left side easier", pain=2),
    BRIDGES._replace(
        uid="5d0c", created_at=NOW - timedelta(hours=1), exercise="clamshell", side="left", dose=Dose(3, 10, None)
    ),
    BRIDGES._replace(uid="9b7e1", created_at=NOW - timedelta(1), day=TODAY - timedelta(1), at=NOW - timedelta(1)),
]
TOGETHER = [
    BRIDGES._replace(uid="b2", created_at=NOW, at=NOW, exercise="clamshell", pain=6, note="stairs"),
    BRIDGES._replace(uid="b1", created_at=NOW, at=NOW, pain=6, note="stairs"),
]
"""What one command wrote, newest first: bridges, then clamshells."""


def _shown(sessions: list[Session], width: int, wholes: dict[datetime, datetime] | None = None) -> list[str]:
    """Return the screen as text."""
    shorts = {session.uid: session.uid for session in sessions}
    result = History(tuple(sessions), (), shorts, wholes or {}, None, None, TODAY, Catalogue(), TODAY, 5)
    return ["".join(span.text for span in line) for line in history(result, width)]


def test_history_sets_day_time_id_and_what_was_done_in_columns_and_says_each_day_once() -> None:
    assert _shown(SESSIONS, 80) == [
        "Wed 25 Nov  07:41  a3f1   Bridge 15                  pain 2 · “left side easier”",
        "                   5d0c   Clamshell 3×10, left side",
        "Tue 24 Nov  07:41  9b7e1  Bridge 15",
    ]


def test_a_narrow_history_has_each_command_below_its_day_and_time() -> None:
    assert _shown(SESSIONS, 40) == [
        "Wed 25 Nov 07:41",
        " a3f1 Bridge 15 · pain 2",
        "      “left side easier”",
        "Wed 25 Nov",
        " 5d0c Clamshell 3×10, left side",
        "Tue 24 Nov 07:41",
        " 9b7e1 Bridge 15",
    ]


def test_what_all_sessions_of_a_command_share_is_said_once_with_the_last_of_them() -> None:
    assert _shown(TOGETHER, 80) == [
        "Wed 25 Nov  07:41  b1  Bridge 15",
        "                   b2  Clamshell 15  both: pain 6 (limit 5) · “stairs”",
    ]
    third = TOGETHER[0]._replace(uid="b3", exercise="hip_hike")
    assert _shown([third, *TOGETHER], 80)[-1].endswith("all 3: pain 6 (limit 5) · “stairs”")


def test_what_the_sessions_of_a_command_do_not_share_stands_with_each() -> None:
    assert _shown([TOGETHER[0], TOGETHER[1]._replace(pain=1)], 80) == [
        "Wed 25 Nov  07:41  b1  Bridge 15     pain 1",
        "                   b2  Clamshell 15  pain 6 (limit 5)",
        "                       both: “stairs”",
    ]


@pytest.mark.parametrize(("pain", "said"), [(5, "pain 5"), (6, "pain 6 (limit 5)")])
def test_pain_above_the_limit_names_the_limit(pain: int, said: str) -> None:
    for width in (80, 40):
        assert any(line.endswith(f" {said}") for line in _shown([BRIDGES._replace(at=NOW, pain=pain)], width))


@pytest.mark.parametrize("dose", [Dose(3, 12, 2), Dose(3, 15, 10)])
def test_pain_stays_on_the_line_of_the_exercise_at_40_columns(dose: Dose) -> None:
    shown = _shown([BRIDGES._replace(uid="a3f1", dose=dose, pain=7, note="x" * 50)], 40)
    assert "Bridge" in shown[1]
    assert "pain 7 (limit 5)" in shown[1]
    assert "x" not in shown[1]


def test_the_sets_of_a_guided_session_are_one_command_with_a_line_for_each_exercise() -> None:
    later = [NOW + timedelta(minutes=ahead) for ahead in range(4)]
    done = [
        BRIDGES._replace(uid="a4", created_at=later[3], at=later[3], exercise="clamshell", pain=2, note="easier"),
        BRIDGES._replace(uid="a3", created_at=later[2], at=later[2], exercise="clamshell", pain=2),
        BRIDGES._replace(uid="a2", created_at=later[1], at=later[1], pain=2),
        BRIDGES._replace(uid="a1", created_at=later[0], at=later[0], pain=2),
    ]
    assert _shown(done, 80, dict.fromkeys(later[1:], later[0])) == [
        "Wed 25 Nov  07:41  a1  Bridge 2×15",
        "                   a3  Clamshell 2×15  “easier”",
        "                       both: pain 2",
    ]


def test_a_long_note_stands_below_in_the_column_of_what_was_done() -> None:
    _, *below = _shown([BRIDGES._replace(at=NOW, note="one two three " * 20)], 80)
    assert all(line.startswith(" " * 21) and not line.endswith(" ") for line in below)


@pytest.mark.parametrize("width", [80, 40])
def test_a_line_of_history_without_remarks_ends_with_what_was_done(width: int) -> None:
    assert not any(line.endswith(" ") for line in _shown(SESSIONS, width) if "Bridge" in line or "Clam" in line)


def test_days_without_a_session_say_so_and_how_to_log() -> None:
    assert _shown([], 80) == ["Nothing logged up to Wed 25 Nov.", "To log: kneetrack log bridge"]
