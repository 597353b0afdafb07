"""The screen of history."""

from datetime import timedelta

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


def _shown(sessions: list[Session], width: int) -> list[str]:
    """Return the screen as text."""
    shorts = {session.uid: session.uid for session in sessions}
    result = History(tuple(sessions), shorts, None, None, TODAY, Catalogue(), TODAY)
    return ["".join(span.text for span in line) for line in history(result, width)]


def test_history_sets_day_time_id_and_what_was_done_in_columns_and_says_each_day_once() -> None:
    assert _shown(SESSIONS, 80) == [
        "Wed 25 Nov  07:41  a3f1   Bridge 15                  pain 2 · “left side easier”",
        "                   5d0c   Clamshell 3×10, left side",
        "Tue 24 Nov  07:41  9b7e1  Bridge 15",
    ]


def test_a_narrow_history_keeps_every_fact() -> None:
    wide, narrow = (" ".join(" ".join(_shown(SESSIONS, width)).split()) for width in (80, 40))
    assert wide == narrow
    assert len(_shown(SESSIONS, 40)[2]) <= 40


@pytest.mark.parametrize("width", [80, 40])
def test_a_line_of_history_without_remarks_ends_with_what_was_done(width: int) -> None:
    assert not any(line.endswith(" ") for line in _shown(SESSIONS, width))
