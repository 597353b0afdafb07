"""The guided session as a state machine: a state and an event give the next state and what happened.

Time is a number that is passed in; nothing is read, said or saved here. A session is a row of phases, and every set
is led in by one: five seconds to get ready, a change of sides, or a rest.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, TypeAlias

from kneetrack.domain.dose import MAX_HOLD_S, MAX_REPS, Dose
from kneetrack.domain.records import Side
from kneetrack.domain.value import Value

Kind: TypeAlias = Literal["ready", "work", "switch", "rest"]
Part: TypeAlias = Literal["up", "hold", "down"]
Key: TypeAlias = Literal["pause", "done", "skip", "back", "more", "less", "quit"]
Cue: TypeAlias = Literal[
    "begin", "tick", "half", "up", "hold", "down", "finished", "taken back", "paused", "resumed", "over"
]

READY_S = SWITCH_S = 5
UP_S = DOWN_S = 2
"""Our default tempo, 2-0-2: no published one covers every exercise."""

REST_STEP_S, HOLD_STEP_S = 15, 5
TICKS_S = (3, 2, 1)
ASLEEP_S = 2.0
"""A step of the clock that is longer than this means that nobody was there: the computer slept, or was stopped."""
SAVING_S = 1.0
"""How much of the time that saving a set takes is counted: a slow disk is not taken for a computer that slept."""

KEYS: tuple[Key, ...] = ("pause", "done", "skip", "back", "more", "less", "quit")


class Item(Value):
    """What is to be played of one exercise: one set of it, how many for each side (None: no sides), tempo and rest."""

    exercise: str
    one_set: Dose
    sets: tuple[tuple[Side | None, int], ...]
    up_s: int | None
    down_s: int | None
    rest_s: int


class Set(Value):
    """One set, of one side where an exercise has sides; a hold has no repetitions."""

    exercise: str
    side: Side | None
    number: int
    of: int
    reps: int | None
    hold_s: int | None
    up_s: int
    down_s: int

    @property
    def rep_s(self) -> int:
        """Return how many seconds a repetition takes."""
        return self.up_s + (self.hold_s or 0) + self.down_s

    @property
    def planned(self) -> int:
        """Return its repetitions, or the seconds of a hold."""
        return self.reps or self.hold_s or 0

    @property
    def step(self) -> int:
        """Return by how much a key makes it longer or shorter."""
        return 1 if self.reps else HOLD_STEP_S

    @property
    def unit_s(self) -> int:
        """Return how many seconds a repetition takes, or a second of a hold."""
        return self.rep_s if self.reps else 1

    @property
    def most(self) -> int:
        """Return the most repetitions, or seconds, that a set can have."""
        return MAX_REPS if self.reps else MAX_HOLD_S


class Phase(Value):
    """One stretch of a session: the work of a set, or what comes before it."""

    kind: Kind
    set: Set
    seconds: int


class Finished(Value):
    """A set that was done: the phase it was the work of, and how many repetitions, or seconds of a hold."""

    at: int
    set: Set
    amount: int

    @property
    def dose(self) -> Dose:
        """Return what was done as a dose of one set."""
        return Dose(1, self.amount, self.set.hold_s) if self.set.reps else Dose(1, None, self.amount)


class Event(Value):
    """Something to say or to save: what, in which phase, and the set that was finished or taken back."""

    cue: Cue
    phase: Phase | None
    finished: Finished | None = None


class Repetition(Value):
    """Where in a repetition a set is: its number, which part of it, and how many seconds of the part are left."""

    number: int
    part: Part
    left_s: float


class State(Value):
    """Where a session is: `elapsed` seconds into phase `at`, which `extra` made longer; over once no phase is left.

    `extra` counts repetitions of work that is counted, else seconds. `played` is all the time that has passed, pauses
    left out.
    """

    phases: tuple[Phase, ...]
    at: int = 0
    elapsed: float = 0.0
    extra: int = 0
    paused: bool = False
    finished: tuple[Finished, ...] = ()
    played: float = 0.0

    @property
    def phase(self) -> Phase | None:
        """Return the present phase; None when the session is over."""
        return self.phases[self.at] if self.at < len(self.phases) else None

    @property
    def seconds(self) -> float:
        """Return how long the present phase is."""
        phase = self.phase
        if phase is None:
            return 0
        return phase.seconds + self.extra * (phase.set.unit_s if phase.kind == "work" else 1)

    @property
    def left_s(self) -> float:
        """Return how many seconds of the present phase are left."""
        return max(0.0, self.seconds - self.elapsed)

    @property
    def all_left_s(self) -> float:
        """Return how many seconds of the session are left."""
        return self.left_s + sum(phase.seconds for phase in self.phases[self.at + 1 :])

    @property
    def amount(self) -> int:
        """Return how many repetitions, or seconds of a hold, the present set has."""
        return self.phase.set.planned + self.extra if self.phase and self.phase.kind == "work" else 0

    @property
    def amount_done(self) -> int:
        """Return how many whole repetitions, or seconds of a hold, of the present set have been played."""
        if self.phase is None or self.phase.kind != "work":
            return 0
        return min(self.amount, int(self.elapsed / self.phase.set.unit_s + HAIR))

    @property
    def repetition(self) -> Repetition | None:
        """Return where in a repetition the present set is; None outside of work that is counted."""
        phase = self.phase
        if phase is None or phase.kind != "work" or not phase.set.reps:
            return None
        number = min(self.amount_done, self.amount - 1)
        inside = self.elapsed - number * phase.set.rep_s
        for part, end in _parts(phase.set):
            if inside < end - HAIR:
                return Repetition(number + 1, part, end - inside)
        return Repetition(number + 1, "down", 0.0)


class Moved(Value):
    """The next state, and what happened on the way, in order."""

    state: State
    events: tuple[Event, ...]


HAIR = 1e-6
"""Less than any step of a clock: sums of steps end a phase where their sum would."""


def phases(items: Iterable[Item]) -> tuple[Phase, ...]:
    """Return the phases of a session: each exercise with its sides in turn, and its rest once both have worked."""
    return tuple(_phases(items))


def _phases(items: Iterable[Item]) -> Iterator[Phase]:
    rest_s = 0
    for item in items:
        for sets in _rounds(item):
            yield Phase("rest", sets[0], rest_s) if rest_s else Phase("ready", sets[0], READY_S)
            for before, one in zip((None, *sets), sets, strict=False):
                if before:
                    yield Phase("switch", one, SWITCH_S)
                yield Phase("work", one, one.planned * one.unit_s)
            rest_s = item.rest_s


def _rounds(item: Item) -> Iterator[list[Set]]:
    """Yield the sets that are done without a rest between them: one, or one of each side that has any left."""
    for number in range(1, 1 + max((count for _, count in item.sets), default=0)):
        yield [_set(item, side, number, count) for side, count in item.sets if number <= count]


def _set(item: Item, side: Side | None, number: int, of: int) -> Set:
    up_s, down_s = (
        given if given is not None else usual for given, usual in ((item.up_s, UP_S), (item.down_s, DOWN_S))
    )
    return Set(item.exercise, side, number, of, item.one_set.reps, item.one_set.hold_s, up_s, down_s)


def begin(row: Sequence[Phase]) -> Moved:
    """Return a session at its beginning."""
    return _at(State(tuple(row)), 0)


def replace_upcoming(state: State, items: Iterable[Item]) -> Moved:
    """Put in the place of what is to come what is left now; the present phase, which leads in, leads in that."""
    row, before = phases(items), state.phases[: state.at]
    if not row:
        return _at(state._replace(phases=before), len(before))
    led_in = state.phases[state.at]._replace(set=row[0].set)
    return Moved(state._replace(phases=(*before, led_in, *row[1:])), ())


def advance(state: State, seconds: float) -> Moved:
    """Let time pass: phases end, sets are finished, and what is to be heard on the way is told.

    A step longer than ASLEEP_S pauses instead. Raises ValueError for a step backwards.
    """
    if seconds < 0:
        raise ValueError("Time never runs backwards.")
    if state.paused or state.phase is None:
        return Moved(state, ())
    if seconds > ASLEEP_S:
        return Moved(state._replace(paused=True), (Event("paused", state.phase),))
    events: list[Event] = []
    while state.at < len(state.phases) and seconds >= state.left_s - HAIR:
        seconds = max(0.0, seconds - state.left_s)
        passed, heard = _pass(state, state.left_s)
        state, ended = _finish(passed)
        events += (*heard, *ended)
    if state.at < len(state.phases):
        state, heard = _pass(state, seconds)
        events += heard
    return Moved(state, tuple(events))


def press(state: State, key: Key) -> Moved:
    """Return what a key does. After the end none does anything; one that goes elsewhere ends a pause."""
    if state.phase is None:
        return Moved(state, ())
    if key == "pause":
        return Moved(
            state._replace(paused=not state.paused), (Event("resumed" if state.paused else "paused", state.phase),)
        )
    if key in {"more", "less"}:
        return Moved(_stretched(state, 1 if key == "more" else -1), ())
    state = state._replace(paused=False)
    if key == "done":
        return _finish(state)
    if key == "skip":
        return _skip(state)
    return _back(state) if key == "back" else _quit(state)


def _pass(state: State, seconds: float) -> Moved:
    """Let time pass within the present phase."""
    before, after = state.elapsed, state.elapsed + seconds
    heard = tuple(Event(cue, state.phase) for at, cue in sorted(_cues(state)) if before < at - HAIR <= after)
    return Moved(state._replace(elapsed=after, played=state.played + seconds), heard)


def _cues(state: State) -> Iterator[tuple[float, Cue]]:
    """Yield what is to be heard in the present phase after it began, and when, in any order."""
    phase = state.phase
    if phase is None:
        return
    if phase.kind == "work" and phase.set.reps:
        for number in range(state.amount):
            begins = 0
            for part, ends in _parts(phase.set):
                if number or begins:
                    yield number * phase.set.rep_s + begins, part
                begins = ends
        return
    if phase.kind == "work":
        yield state.seconds / 2, "half"
    for left in TICKS_S:
        if state.seconds > left:
            yield state.seconds - left, "tick"


def _parts(its: Set) -> Iterator[tuple[Part, int]]:
    """Yield the parts of a repetition that take any time, and when each ends."""
    end = 0
    lasting: tuple[tuple[Part, int], ...] = (("up", its.up_s), ("hold", its.hold_s or 0), ("down", its.down_s))
    for part, lasts in lasting:
        end += lasts
        if lasts:
            yield part, end


def _at(state: State, at: int, elapsed: float = 0.0) -> Moved:
    """Return the state at the beginning of a phase, or a while into it."""
    state = state._replace(at=at, elapsed=elapsed, extra=0)
    return Moved(state, (Event("begin" if state.phase else "over", state.phase),))


def _finish(state: State) -> Moved:
    """End the present phase; the set of a phase of work is finished, all of it."""
    if state.phase and state.phase.kind == "work":
        return _save(state, state.amount, state.at + 1)
    return _at(state, state.at + 1)


def _save(state: State, amount: int, to: int, elapsed: float = 0.0) -> Moved:
    """Keep what was done of the present set, unless it was nothing, and go elsewhere."""
    phase = state.phase
    if not phase or not amount:
        return _at(state, to, elapsed)
    done = Finished(state.at, phase.set, amount)
    moved = _at(state._replace(finished=(*state.finished, done)), to, elapsed)
    return Moved(moved.state, (Event("finished", phase, done), *moved.events))


def _skip(state: State) -> Moved:
    """Leave the present set, or the next one, out: what was done of it is kept, and what comes next is led in."""
    work = next(at for at in range(state.at, len(state.phases)) if state.phases[at].kind == "work")
    after, amount = work + 1, state.amount_done
    rested = state.phases[after].seconds if after < len(state.phases) and not amount else READY_S
    return _save(state, amount, after, float(max(0, rested - READY_S)))


def _back(state: State) -> Moved:
    """Begin the present set anew, or the one before where this one has hardly begun; a finished one is taken back."""
    begun = state.phase is not None and state.phase.kind == "work" and state.elapsed >= 1
    works = [at for at in range(state.at + 1) if state.phases[at].kind == "work" and (begun or at < state.at)]
    if not works:
        return _at(state, 0)
    led_in = works[-1] - 1
    moved = _at(state, led_in, float(max(0, state.phases[led_in].seconds - READY_S)))
    back = [done for done in state.finished if done.at >= works[-1]]
    kept = tuple(done for done in state.finished if done.at < works[-1])
    taken = tuple(Event("taken back", state.phases[done.at], done) for done in reversed(back))
    return Moved(moved.state._replace(finished=kept), (*taken, *moved.events))


def _stretched(state: State, by: int) -> State:
    """Return the state with more or less of the present set or rest, never less than has passed of it."""
    phase = state.phase
    if phase is None or phase.kind in {"ready", "switch"}:
        return state
    extra = state.extra + by * (phase.set.step if phase.kind == "work" else REST_STEP_S)
    longer = state._replace(extra=extra)
    if phase.kind == "work" and not 1 <= longer.amount <= phase.set.most:
        return state
    return longer if by > 0 or longer.left_s >= 1 else state


def _quit(state: State) -> Moved:
    """End the session; what was done of the present set is kept."""
    return _save(state, state.amount_done, len(state.phases))
