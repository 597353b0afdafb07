"""The guided session in words: each thing that happens is said, and each phase is shown with what comes after it."""

from datetime import date
from pathlib import Path

import pytest

from conftest import NOW
from kneetrack.app import pauses, plan
from kneetrack.app import session as sessions
from kneetrack.app.results.session import Prepared
from kneetrack.app.workspace import Place, Workspace
from kneetrack.domain.catalogue import Catalogue
from kneetrack.domain.dose import Dose
from kneetrack.domain.player import Cue, Event, Finished, Item, Phase, Set, State, phases
from kneetrack.domain.progress import Progress
from kneetrack.domain.records import Activity
from kneetrack.views import session

CATALOGUE = Catalogue()
HELD = Set("side_plank", "left", 1, 2, None, 30, 0, 0)
COUNTED = Set("bridge", None, 2, 3, 10, 2, 3, 4)
PLAIN = COUNTED._replace(hold_s=None)


def state(*row: Phase, at: int = 0) -> State:
    """Return a session that stands at one of some phases."""
    return State(tuple(row), at)


@pytest.mark.parametrize(
    ("phase", "words"),
    [
        (Phase("ready", HELD, 5), "Get ready: Side plank, left side, set 1 of 2, hold 30 s"),
        (Phase("switch", HELD, 5), "Change sides: Side plank, left side, set 1 of 2, hold 30 s"),
        (Phase("rest", COUNTED, 45), "Rest 45 s. Next: Bridge, set 2 of 3, 10 repetitions"),
        (Phase("work", COUNTED, 90), "Bridge, set 2 of 3, 10 repetitions: up 3 s, hold 2 s, down 4 s"),
        (Phase("work", PLAIN, 70), "Bridge, set 2 of 3, 10 repetitions: up 3 s, down 4 s"),
        (Phase("work", HELD, 30), "Side plank, left side, set 1 of 2, hold 30 s"),
    ],
)
def test_a_phase_that_begins_is_said_whole(phase: Phase, words: str) -> None:
    said = session.said(Event("begin", phase), state(phase), CATALOGUE)
    assert said is not None
    assert "".join(span.text for span in said) == words


@pytest.mark.parametrize(
    ("cue", "words"),
    [
        ("half", "Halfway."),
        ("finished", "Saved: Bridge 10, hold 2 s."),
        ("taken back", "Removed: Bridge 10, hold 2 s."),
        ("paused", "Paused, 1:30 left. Enter to resume."),
        ("resumed", "Resumed."),
        ("tick", None),
    ],
)
def test_what_happens_within_a_phase_is_said_and_what_is_only_heard_is_not(cue: Cue, words: str | None) -> None:
    phase = Phase("work", COUNTED, 90)
    done = Finished(0, COUNTED, 10) if cue in {"finished", "taken back"} else None
    said = session.said(Event(cue, phase, done), state(phase), CATALOGUE)
    assert (said and "".join(span.text for span in said)) == words


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (Event("begin", Phase("work", COUNTED, 90)), "Go. 10 repetitions"),
        (Event("begin", Phase("rest", COUNTED, 45)), "Rest, 45 seconds"),
        (Event("begin", Phase("switch", HELD, 5)), "Change to the left side"),
        (Event("begin", Phase("ready", HELD, 5)), "Get ready. Side plank, left side"),
        (Event("begin", Phase("ready", COUNTED, 5)), "Get ready. Bridge"),
        (Event("hold", None), "hold"),
        (Event("half", None), "Halfway"),
        (Event("over", None), "Done"),
        (Event("tick", None), ""),
    ],
)
def test_a_voice_says_little(event: Event, words: str) -> None:
    assert session.spoken(event, CATALOGUE) == words


def test_each_phase_is_shown_with_what_comes_after_it_and_the_last_set_as_such() -> None:
    item = Item("side_plank", Dose(1, None, 30), (("left", 1), ("right", 1)), None, None, 45)
    row = phases([item])
    progress = Progress(Activity((), (), {}, ()), CATALOGUE, date(2026, 11, 25))
    prepared = Prepared((item,), (), paused=False, sound="off", is_sound_chosen=False, progress=progress, last={})
    shown = [session.frame(state(*row, at=at), prepared).next.split(" · ")[0] for at in range(len(row))]
    assert shown[-1] == "last set"
    assert "then hold 30 s" in shown
    assert any(words.startswith("then change sides, Side plank") for words in shown)


def test_the_question_before_a_paused_session_names_all_of_it(tmp_path: Path) -> None:
    workspace = Workspace(Place(tmp_path / "diary.db", named=True), NOW)
    pauses.pause(workspace)
    both = sessions.prepare(workspace, [])
    assert session.although_paused(both) == "Bridge and Clamshell are paused today. Start anyway?"
    one = sessions.prepare(workspace, ["bridge"])
    assert session.although_paused(one) == "Bridge is paused today. Start anyway?"


def test_a_session_of_an_empty_plan_says_how_to_plan(tmp_path: Path) -> None:
    workspace = Workspace(Place(tmp_path / "diary.db", named=True), NOW)
    plan.drop(workspace, ["bridge", "clamshell"])
    (line,) = session.dry_run(sessions.prepare(workspace, []))
    assert line[0].text.startswith("Your plan is empty.")
