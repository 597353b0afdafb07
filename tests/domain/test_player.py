"""The player: time never runs backwards, what is saved is what was done, and every key leads somewhere sensible."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import examples
from kneetrack.domain import player
from kneetrack.domain.catalogue import Catalogue
from kneetrack.domain.dose import Dose
from kneetrack.domain.player import KEYS, READY_S, SWITCH_S, Event, Finished, Item, Key, Moved, State
from kneetrack.domain.records import Side

BRIDGE = Item("bridge", Dose(1, 10, 2), ((None, 2),), 3, 3, 45)
CLAMSHELL = Item("clamshell", Dose(1, 3, None), (("left", 2), ("right", 2)), None, None, 30)
SIDE_PLANK = Item("side_plank", Dose(1, None, 20), (("left", 1), ("right", 1)), None, None, 60)

ONE_SETS = st.one_of(
    st.builds(Dose, st.just(1), st.integers(1, 12), st.one_of(st.none(), st.integers(1, 4))),
    st.builds(Dose, st.just(1), st.none(), st.integers(1, 40)),
)
SETS = st.one_of(
    st.integers(1, 3).map(lambda count: ((None, count),)),
    st.tuples(st.integers(0, 3), st.integers(0, 3)).map(lambda counts: (("left", counts[0]), ("right", counts[1]))),
)
SPEEDS = st.one_of(st.none(), st.integers(1, 5))
ITEMS = st.lists(
    st.builds(Item, st.sampled_from(["bridge", "clamshell"]), ONE_SETS, SETS, SPEEDS, SPEEDS, st.integers(0, 60)),
    max_size=3,
)
STEPS = st.floats(0, player.ASLEEP_S)
DEEDS = st.lists(st.one_of(STEPS, st.sampled_from(KEYS)), max_size=60)


def told(moved: Moved, cue: str) -> list[Event]:
    """Return the events of a kind."""
    return [event for event in moved.events if event.cue == cue]


def played(state: State, *, step: float = 0.25) -> tuple[State, list[Event]]:
    """Let the clock alone play a session to its end."""
    events: list[Event] = []
    while state.phase:
        moved = player.advance(state, step)
        state, events = moved.state, [*events, *moved.events]
    return state, events


def pressed(state: State, *keys: Key, times: int = 1) -> State:
    """Return the state after some keys, all of them pressed some times."""
    for key in keys * times:
        state = player.press(state, key).state
    return state


def after(item: Item, seconds: float) -> State:
    """Return a session of one item after some seconds."""
    state = player.begin(player.phases([item])).state
    for _ in range(int(seconds * 4)):
        state = player.advance(state, 0.25).state
    return state


# --- The row of phases. ---


def test_each_set_is_led_in_both_sides_work_before_a_rest_and_the_last_set_ends_it() -> None:
    row = player.phases([CLAMSHELL, BRIDGE])
    assert [(phase.kind, phase.set.exercise, phase.set.side, phase.set.number, phase.seconds) for phase in row] == [
        ("ready", "clamshell", "left", 1, READY_S),
        ("work", "clamshell", "left", 1, 3 * 4),
        ("switch", "clamshell", "right", 1, SWITCH_S),
        ("work", "clamshell", "right", 1, 3 * 4),
        ("rest", "clamshell", "left", 2, 30),
        ("work", "clamshell", "left", 2, 3 * 4),
        ("switch", "clamshell", "right", 2, SWITCH_S),
        ("work", "clamshell", "right", 2, 3 * 4),
        ("rest", "bridge", None, 1, 30),
        ("work", "bridge", None, 1, 10 * 8),
        ("rest", "bridge", None, 2, 45),
        ("work", "bridge", None, 2, 10 * 8),
    ]


def test_a_side_that_has_more_left_goes_on_alone() -> None:
    row = player.phases([CLAMSHELL._replace(sets=(("left", 1), ("right", 2)))])
    assert [(phase.set.side, phase.set.number, phase.set.of) for phase in row if phase.kind == "work"] == [
        ("left", 1, 1),
        ("right", 1, 2),
        ("right", 2, 2),
    ]


def test_without_a_rest_there_is_still_time_to_get_ready() -> None:
    row = player.phases([BRIDGE._replace(rest_s=0)])
    assert [phase.kind for phase in row] == ["ready", "work", "ready", "work"]


@given(ITEMS)
def test_work_is_always_led_in(items: list[Item]) -> None:
    row = player.phases(items)
    assert all(row[at - 1].kind != "work" for at, phase in enumerate(row) if phase.kind == "work")
    assert not row or (row[0].kind, row[-1].kind) == ("ready", "work")


# --- The clock. ---


@given(ITEMS, st.floats(0.05, player.ASLEEP_S))
@examples(40)
def test_the_clock_alone_does_every_set_in_the_time_that_its_phases_take(items: list[Item], step: float) -> None:
    row = player.phases(items)
    state, events = played(player.begin(row).state, step=step)
    assert [done.set for done in state.finished] == [phase.set for phase in row if phase.kind == "work"]
    assert all(done.amount == done.set.planned for done in state.finished)
    assert state.played == pytest.approx(sum(phase.seconds for phase in row), abs=0.01)
    assert [event.finished for event in events if event.cue == "finished"] == list(state.finished)
    assert [event.cue for event in events].count("over") == bool(row)


@given(ITEMS, st.floats(0.05, player.ASLEEP_S))
@examples(40)
def test_what_is_heard_does_not_depend_on_how_often_the_clock_is_looked_at(items: list[Item], step: float) -> None:
    row = player.phases(items)
    heard = [
        [(event.cue, event.phase) for event in played(player.begin(row).state, step=its)[1]] for its in (0.125, step)
    ]
    assert heard[0] == heard[1]


def test_a_hold_ticks_before_its_end_and_says_when_half_is_over() -> None:
    _, events = played(after(SIDE_PLANK, READY_S))
    assert [event.cue for event in events][:5] == ["half", "tick", "tick", "tick", "finished"]


def test_a_repetition_says_up_hold_and_down_and_shows_how_long_each_lasts() -> None:
    state = after(BRIDGE, READY_S + 8 + 3.5)
    assert state.repetition == (2, "hold", 1.5)
    assert [event.cue for event in player.advance(state, 1.75).events] == ["down"]
    assert [event.cue for event in player.advance(player.advance(state, 1.5).state, 2).events] == []


def test_a_clock_that_jumps_means_that_nobody_was_there() -> None:
    state = after(SIDE_PLANK, READY_S + 5)
    moved = player.advance(state, 3600)
    assert (moved.state, [event.cue for event in moved.events]) == (state._replace(paused=True), ["paused"])
    assert player.advance(moved.state, 1) == (moved.state, ())


def test_the_clock_never_runs_backwards() -> None:
    with pytest.raises(ValueError, match="backwards"):
        player.advance(after(BRIDGE, 1), -0.1)


# --- The keys. ---


@given(ITEMS, DEEDS)
@examples(300)
def test_whatever_is_pressed_time_goes_on_and_what_is_kept_is_what_was_done(
    items: list[Item], deeds: list[float | Key]
) -> None:
    state = player.begin(player.phases(items)).state
    kept: list[Finished] = []
    for deed in deeds:
        moved = player.advance(state, deed) if isinstance(deed, float) else player.press(state, deed)
        for event in moved.events:
            if event.finished and event.cue == "finished":
                kept.append(event.finished)
            elif event.finished:
                kept.remove(event.finished)
        assert moved.state.played >= state.played
        assert moved.state.elapsed <= moved.state.seconds + 0.01
        assert moved.state.phase or moved.state.left_s == moved.state.all_left_s == 0
        state = moved.state
    assert kept == list(state.finished)
    assert len({done.at for done in kept}) == len(kept)
    assert all(1 <= done.amount <= done.set.most for done in kept)


@given(ITEMS)
def test_skipping_everything_saves_nothing_and_ends(items: list[Item]) -> None:
    state = player.begin(player.phases(items)).state
    for _ in range(len(state.phases)):
        state = player.press(state, "skip").state
    assert (state.phase, state.finished) == (None, ())


@given(ITEMS)
def test_enter_alone_does_every_set(items: list[Item]) -> None:
    row = player.phases(items)
    state = pressed(player.begin(row).state, "done", times=len(row))
    assert [done.set for done in state.finished] == [phase.set for phase in row if phase.kind == "work"]


@pytest.mark.parametrize(("key", "kept"), [("done", [10]), ("skip", [2]), ("quit", [2]), ("back", [])])
def test_a_set_that_is_ended_early_keeps_what_was_really_done(key: Key, kept: list[int]) -> None:
    state = pressed(after(BRIDGE, READY_S + 2 * 8 + 5), key)
    assert [done.amount for done in state.finished] == kept


def test_a_hold_that_is_ended_early_keeps_its_whole_seconds() -> None:
    state = pressed(after(SIDE_PLANK, READY_S + 12.75), "skip")
    assert [done.dose for done in state.finished] == [Dose(1, None, 12)]


def test_back_in_a_set_begins_it_anew_with_a_lead_in() -> None:
    state = pressed(after(BRIDGE, READY_S + 20), "back")
    assert (state.phase, state.left_s) == (state.phases[0], READY_S)


def test_back_in_a_rest_takes_the_set_before_it_back() -> None:
    resting = after(BRIDGE, READY_S + 80 + 10)
    moved = player.press(resting, "back")
    assert [event.finished for event in told(moved, "taken back")] == list(resting.finished)
    assert (moved.state.finished, moved.state.at) == ((), 0)


def test_a_skipped_set_is_followed_by_a_short_rest() -> None:
    state = pressed(after(BRIDGE, 1), "skip")
    assert (state.phase and state.phase.kind, state.left_s) == ("rest", READY_S)


def test_more_and_less_change_this_set_alone_and_never_below_what_was_done() -> None:
    begun = after(BRIDGE, READY_S + 8.5)
    assert pressed(begun, "more", "more").amount == 12
    assert pressed(begun, "less", times=20).amount == 2
    ended, _ = played(pressed(begun, "less"))
    assert [done.amount for done in ended.finished] == [9, 10]


def test_more_and_less_change_a_rest_by_a_quarter_of_a_minute() -> None:
    resting = after(BRIDGE, READY_S + 80 + 10)
    assert (resting.left_s, pressed(resting, "more").left_s, pressed(resting, "less", "less").left_s) == (35, 50, 5)
    assert pressed(resting, "less", "less", "less").left_s == 5


def test_pause_stops_the_clock_until_it_is_pressed_again_or_another_key_goes_on() -> None:
    paused = pressed(after(BRIDGE, READY_S + 8), "pause")
    assert player.advance(paused, 1).state == paused
    assert pressed(paused, "pause").paused is False
    assert pressed(paused, "done").paused is False
    assert pressed(paused, "more").paused is True


@pytest.mark.parametrize("key", KEYS)
def test_after_the_end_no_key_does_anything(key: Key) -> None:
    over = pressed(after(BRIDGE, 0), "quit")
    assert player.press(over, key) == (over, ())


@pytest.mark.parametrize("exercise", [its.id for its in Catalogue()])
def test_every_exercise_of_the_catalogue_can_be_played(exercise: str) -> None:
    known = Catalogue().get(exercise)
    dose = known.dose or Dose(1, 10, None)
    sides: tuple[Side | None, ...] = ("left", "right") if known.per_side else (None,)
    state, _ = played(
        player.begin(
            player.phases([Item(exercise, dose, tuple((side, dose.sets or 1) for side in sides), None, None, 45)])
        ).state,
        step=1,
    )
    assert sum(done.amount for done in state.finished) == dose.volume(known.mode) * len(sides)
