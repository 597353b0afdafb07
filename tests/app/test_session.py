"""The guided session: what there is to play, each set saved when it ends, and the closing."""

from datetime import timedelta
from pathlib import Path

import pytest

from conftest import NOW
from kneetrack.app import changes, edit_input, log, overview, pauses, plan, plan_input, rules, session
from kneetrack.app.results.session import Prepared, Ratings, Saved
from kneetrack.app.session_input import Options
from kneetrack.app.workspace import Place, Workspace
from kneetrack.domain import player
from kneetrack.domain.dose import Dose
from kneetrack.domain.errors import NothingToDoError, WrongUseError
from kneetrack.domain.player import Finished, Item

MINUTE = timedelta(minutes=1)


@pytest.fixture
def path(diary: Path) -> Path:
    """Return the path of a diary with the example plan: bridge 3x10x2s and clamshell 3x10, daily."""
    return diary


def at(path: Path, minutes: float = 0) -> Workspace:
    """Return the diary some minutes later."""
    return Workspace(Place(path, named=True), NOW + minutes * MINUTE)


def finished(prepared: Prepared) -> list[Finished]:
    """Return every set of a session, done as planned."""
    row = player.phases(prepared.items)
    return [Finished(at, phase.set, phase.set.planned) for at, phase in enumerate(row) if phase.kind == "work"]


def kept_of(path: Path, *words: str, sets: int) -> Saved:
    """Save the first sets of a session."""
    prepared = session.prepare(at(path), words)
    kept = Saved(prepared.progress.today)
    for minutes, done in enumerate(finished(prepared)[:sets], 1):
        kept = session.save(at(path, minutes), kept, done)
    return kept


def doses(path: Path) -> list[tuple[str, str | None, Dose]]:
    """Return what is in the diary, in the order of writing."""
    found = overview.history(at(path, 99), None, overview.Range(everything=True)).sessions
    return [(its.exercise, its.side, its.dose) for its in reversed(found)]


def test_what_is_left_today_is_played_with_its_tempo_and_rest(path: Path) -> None:
    plan.prescribe(at(path), ["bridge", "3x10x2s"], plan_input.Options(tempo="3-2-4", rest="60"))
    log.log(at(path, 1), ["bridge", "1x10"], Options())
    log.log(at(path, 1), ["clamshell", "1x10"], Options(side="left"))
    assert {item.exercise: item for item in session.prepare(at(path, 2)).items} == {
        "bridge": Item("bridge", Dose(1, 10, 2), ((None, 2),), 3, 4, 60),
        "clamshell": Item("clamshell", Dose(1, 10, None), (("left", 2), ("right", 3)), None, None, 45),
    }


def test_an_exercise_outside_the_plan_is_played_with_its_starting_dose(path: Path) -> None:
    assert session.prepare(at(path), ["side-plank"]).items == (
        Item("side_plank", Dose(1, None, 15), (("left", 2), ("right", 2)), None, None, 60),
    )


def test_nothing_is_played_of_what_is_done(path: Path) -> None:
    log.log(at(path), ["all"], Options())
    assert (session.prepare(at(path, 1)).items, session.prepare(at(path, 1), ["bridge"]).items) == ((), ())


def test_a_paused_day_says_so_and_can_be_played_all_the_same(path: Path) -> None:
    pauses.skip(at(path))
    prepared = session.prepare(at(path, 1))
    assert (prepared.paused, len(prepared.items)) == (True, 2)


def test_the_closing_says_that_a_rule_is_met_unless_pain_was_above_the_limit(path: Path) -> None:
    rules.put(at(path), "bridge", rules.Given(sessions=1, then="bridge 4x10x2s"))
    kept = kept_of(path, "bridge", sets=3)
    for ratings, met in ((Ratings(pain=2), ["bridge"]), (Ratings(pain=6), [])):
        assert [its.rule.exercise for its in session.close(at(path, 5), kept, ratings).rules] == met


def test_each_set_is_saved_when_it_ends_and_one_undo_takes_all_of_them(path: Path) -> None:
    kept_of(path, "bridge", sets=2)
    assert doses(path) == [("bridge", None, Dose(1, 10, 2))] * 2
    changes.undo(at(path, 10))
    assert doses(path) == []
    changes.redo(at(path, 11))
    assert len(doses(path)) == 2


def test_a_session_begun_again_goes_on_with_what_is_left(path: Path) -> None:
    kept_of(path, "bridge", sets=2)
    assert [item.sets for item in session.prepare(at(path, 10), ["bridge"]).items] == [((None, 1),)]


def test_a_set_that_is_taken_back_is_gone_and_undo_takes_the_session_all_the_same(path: Path) -> None:
    prepared = session.prepare(at(path), ["bridge"])
    kept = kept_of(path, "bridge", sets=2)
    kept = session.take_back(at(path, 5), kept, finished(prepared)[1])
    assert (len(kept.sets), len(doses(path))) == (1, 1)
    changes.undo(at(path, 6))
    assert doses(path) == []


def test_a_session_keeps_its_day_past_midnight(path: Path) -> None:
    prepared = session.prepare(at(path), ["bridge"])
    kept = session.save(at(path, 24 * 60), Saved(prepared.progress.today), finished(prepared)[0])
    assert [its.day for _, its in kept.sets] == [NOW.date()]


def test_the_closing_rates_every_set_and_notes_the_last_one_and_is_undone_with_them(path: Path) -> None:
    result = session.close(at(path, 9), kept_of(path, "bridge", sets=2), Ratings(6, 7, "hard"))
    assert [(its.pain, its.effort, its.note) for its in result.sessions] == [(6, 7, None), (6, 7, "hard")]
    assert (result.sore, result.news) == ((6, 5), None)
    changes.undo(at(path, 10))
    assert doses(path) == []


def test_a_closing_without_a_word_writes_nothing_more(path: Path) -> None:
    kept = kept_of(path, "bridge", sets=1)
    before = path.read_bytes()
    assert len(session.close(at(path, 9), kept, Ratings()).sessions) == 1
    assert path.read_bytes() == before


def test_a_session_that_was_undone_meanwhile_has_nothing_to_close(path: Path) -> None:
    kept = kept_of(path, "bridge", sets=1)
    changes.undo(at(path, 5))
    with pytest.raises(NothingToDoError):
        session.close(at(path, 9), kept, Ratings(2))


def test_a_rating_out_of_its_limits_is_refused(path: Path) -> None:
    with pytest.raises(WrongUseError, match="Pain goes from 0 to 10"):
        session.close(at(path, 9), kept_of(path, "bridge", sets=1), Ratings(11))


def test_the_first_set_of_all_creates_the_diary_with_the_example_plan(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    prepared = session.prepare(at(path), ["bridge"])
    kept = session.save(at(path, 1), Saved(prepared.progress.today), finished(prepared)[0])
    assert kept.new
    assert kept.new.example


def test_the_closing_keeps_what_was_noted_meanwhile(path: Path) -> None:
    kept = kept_of(path, "bridge", sets=2)
    changes.edit(at(path, 5), "last", edit_input.Changes(pain="4", effort="7", note="stiff"))
    result = session.close(at(path, 9), kept, Ratings(2, None, "easier"))
    assert [(its.pain, its.effort, its.note) for its in result.sessions] == [
        (4, 7, "stiff"),
        (4, 7, "stiff; easier"),
    ]


def test_a_set_that_was_moved_to_another_day_is_rated_too(path: Path) -> None:
    kept = kept_of(path, "bridge", sets=1)
    changes.edit(at(path, 5), "last", edit_input.Changes(day="yesterday"))
    assert [its.pain for its in session.close(at(path, 9), kept, Ratings(2)).sessions] == [2]


@pytest.mark.parametrize("deed", ["undo", "rm", "purge"])
def test_a_session_goes_on_when_its_sets_are_removed_elsewhere_and_is_one_change_again(path: Path, deed: str) -> None:
    done = finished(session.prepare(at(path), ["bridge"]))
    kept = kept_of(path, "bridge", sets=1)
    if deed == "undo":
        changes.undo(at(path, 5))
    else:
        (changes.remove if deed == "rm" else changes.purge)(at(path, 5), "last")
    for minutes, each in enumerate(done[1:], 6):
        kept = session.save(at(path, minutes), kept, each)
    assert len(doses(path)) == 2
    changes.undo(at(path, 9))
    assert doses(path) == []


def test_a_first_set_that_is_taken_back_leaves_the_session_one_change(path: Path) -> None:
    done = finished(session.prepare(at(path), ["bridge"]))
    kept = session.take_back(at(path, 2), kept_of(path, "bridge", sets=1), done[0])
    for minutes, each in enumerate(done, 3):
        kept = session.save(at(path, minutes), kept, each)
    changes.undo(at(path, 9))
    assert doses(path) == []


def test_what_is_left_after_midnight_is_what_was_left_of_the_day_on_which_it_began(path: Path) -> None:
    log.log(at(path), ["clamshell", "2x10"], Options())
    prepared = session.prepare(at(path), ["bridge", "clamshell"])
    playing = session.Playing(prepared, lambda: at(path, 24 * 60))
    playing.begin()
    while playing.state.phase:
        playing.press("done")
    assert [its.exercise for _, its in playing.saved.sets] == ["bridge"] * 3 + ["clamshell"] * 2
    assert {its.day for _, its in playing.saved.sets} == {NOW.date()}


def test_what_is_announced_is_what_is_left_when_the_next_exercise_begins(path: Path) -> None:
    prepared = session.prepare(at(path), ["bridge", "clamshell", "side-plank"])
    playing = session.Playing(prepared, lambda: at(path, 2))
    playing.begin()
    for _ in range(5):
        playing.press("done")
    log.log(at(path, 1), ["clamshell"], Options())
    begun = playing.press("done")[-1]
    assert (begun.cue, begun.phase) == ("begin", playing.state.phase)
    assert begun.phase is not None
    assert begun.phase.set.exercise == "side_plank"
