"""A guided session in sentences: what comes, what to do now, what was saved."""

import math

from kneetrack.app.results.session import Prepared
from kneetrack.domain import dose, player, text
from kneetrack.domain.catalogue import Catalogue
from kneetrack.domain.player import Event, Finished, Phase, Set, State
from kneetrack.domain.value import Value
from kneetrack.views import phrases
from kneetrack.views.lines import Line, Span

HELP = (
    "Enter alone: finish this set, or resume · w: wait · s: skip · b: back · + -: one more or less"
    " · p 3: pain · n …: note · q: save and quit"
)
"""What can be typed while a session goes on, each followed by enter."""


KEYS = "? help · space pause · enter done · q save and quit"
ALL_KEYS = """\
space pause · enter done · s skip · b back · + - more or less
p pain · n note · q save and quit · ? less"""
"""What keys do on the screen of a session: those that are always shown, and all of them."""


class Frame(Value):
    """What the screen of a session shows.

    What to do now, in large digits how long or how often, what comes, and what was done last time.
    """

    now: str
    large: str
    part: str
    next: str
    last: str


NOTHING_SAVED: Line = [Span("Nothing was done, so nothing was saved.")]


def dry_run(prepared: Prepared) -> list[Line]:
    """Return every phase of a session and how long it takes, and all of it together; or that there is none."""
    row = player.phases(prepared.items)
    if not row:
        return [[Span(_nothing_left(prepared))]]
    catalogue = prepared.progress.catalogue
    rows = [f"{clock(phase.seconds):>6}  {_what(phase, phase.seconds, catalogue)}" for phase in row]
    return [
        *([Span(line)] for line in rows),
        [Span(f"{clock(sum(phase.seconds for phase in row)):>6}  total", "name")],
    ]


def _nothing_left(prepared: Prepared) -> str:
    """Return a sentence for a session of which nothing is left, and how to log more."""
    catalogue = prepared.progress.catalogue
    chosen = prepared.named or tuple(prepared.progress.plan)
    if not chosen:
        return phrases.EMPTY_PLAN
    first = catalogue.get(chosen[0])
    names = " and ".join(text.clean(catalogue.get(exercise).name) for exercise in prepared.named)
    are = "are" if len(prepared.named) > 1 else "is"
    done = f"{names} {are} already complete today" if names else "Nothing is left today"
    return f"{done}. To log more: kneetrack log {first.typed} {dose.example(first.mode, sets=1)}"


def although_paused(prepared: Prepared) -> str:
    """Return the question whether to begin although it is paused today."""
    names = " and ".join(text.clean(prepared.progress.catalogue.get(item.exercise).name) for item in prepared.items)
    return f"{names} {'are' if len(prepared.items) > 1 else 'is'} paused today. Start anyway?"


def opening(prepared: Prepared) -> list[Line]:
    """Return what a session in lines begins with."""
    whole = clock(sum(phase.seconds for phase in player.phases(prepared.items)))
    return [[Span(f"About {whole}. Type a letter, then Enter. {HELP}")]]


def said(event: Event, state: State, catalogue: Catalogue) -> Line | None:
    """Return the sentence for what happened; None for what is only heard."""
    words, style = None, ""
    match event:
        case Event("begin", Phase() as phase):
            left_s = state.left_s if phase == state.phase else phase.seconds
            words, style = _what(phase, left_s, catalogue), "name" if phase.kind == "work" else ""
        case Event("half"):
            words = "Halfway."
        case Event("finished" | "taken back", _, Finished() as done):
            words, style = f"{'Saved' if event.cue == 'finished' else 'Removed'}: {_set(done, catalogue)}.", "quiet"
        case Event("paused"):
            words = f"Paused, {clock(state.left_s)} left. Enter to resume."
        case Event("resumed"):
            words = "Resumed."
    return [Span(words, style)] if words else None


def spoken(event: Event, catalogue: Catalogue) -> str:
    """Return what a voice says of what happened; an empty text for nothing."""
    words = ""
    match event:
        case Event("begin", Phase("work", one)):
            words = f"Go. {_amount(one)}"
        case Event("begin", Phase("rest", _, seconds)):
            words = f"Rest, {seconds} seconds"
        case Event("begin", Phase("switch", one)):
            words = f"Change to the {one.side} side"
        case Event("begin", Phase("ready", one)):
            side = f", {one.side} side" if one.side else ""
            words = f"Get ready. {text.clean(catalogue.get(one.exercise).name)}{side}"
        case Event("up" | "hold" | "down"):
            words = event.cue
        case Event("half" | "over"):
            words = {"half": "Halfway", "over": "Done"}[event.cue]
    return words


def frame(state: State, prepared: Prepared) -> Frame:
    """Return what the screen shows at a moment; of a session that is over, nothing."""
    phase = state.phase
    if phase is None:
        return Frame("", "", "", "", "")
    catalogue = prepared.progress.catalogue
    large, part = clock(math.ceil(state.left_s - player.HAIR)), _PHASES[phase.kind]
    if repetition := state.repetition:
        number, its, left_s = repetition
        large = str(number)
        part = f"{its} {math.ceil(left_s - player.HAIR)} · repetition {number} of {state.amount}"
    if state.paused:
        part = "paused · space to resume"
    coming = f"{_next(state, catalogue)} · {clock(state.all_left_s)} left"
    return Frame(_now(phase.set, catalogue), large, part, coming, _last_time(phase.set.exercise, prepared))


def _last_time(exercise: str, prepared: Prepared) -> str:
    """Return what was done of an exercise last time, with its pain and effort."""
    done = prepared.last.get(exercise)
    if not done:
        return "first time"
    day = text.show_day(done[0].day, prepared.progress.today)
    said = [f"last time {phrases.session_dose(prepared.progress.catalogue.get(exercise), list(done))}, {day}"]
    said += [f"{name} {its}" for name, its in (("pain", done[0].pain), ("effort", done[0].effort)) if its is not None]
    return " · ".join(said)


_PHASES = {"ready": "get ready", "switch": "change sides", "rest": "rest", "work": "hold"}


def _now(one: Set, catalogue: Catalogue) -> str:
    """Return a set as a title: Clamshell · left side · set 1 of 3."""
    side = f" · {one.side} side" if one.side else ""
    return f"{text.clean(catalogue.get(one.exercise).name)}{side} · set {one.number} of {one.of}"


def _next(state: State, catalogue: Catalogue) -> str:
    """Return what comes after the present phase."""
    if state.at + 1 == len(state.phases):
        return "last set"
    phase = state.phases[state.at + 1]
    if phase.kind == "work":
        return f"then {_amount(phase.set)}"
    wait = f"rest {phase.seconds} s" if phase.kind == "rest" else _PHASES[phase.kind]
    return f"then {wait}, {_now(phase.set, catalogue)}"


def clock(seconds: float) -> str:
    """Return seconds as minutes and seconds: 1:05."""
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02}"


def _what(phase: Phase, left_s: float, catalogue: Catalogue) -> str:
    """Return what a phase is about: Rest 45 s. Next: Bridge, set 2 of 3, 10 repetitions."""
    coming = _coming(phase.set, catalogue)
    match phase.kind:
        case "ready":
            return f"Get ready: {coming}"
        case "switch":
            return f"Change sides: {coming}"
        case "rest":
            return f"Rest {round(left_s)} s. Next: {coming}"
        case "work":
            return f"{coming}{_tempo(phase.set)}"


def _coming(one: Set, catalogue: Catalogue) -> str:
    """Return a set: Clamshell, left side, set 1 of 3, 10 repetitions."""
    side = f", {one.side} side" if one.side else ""
    return f"{text.clean(catalogue.get(one.exercise).name)}{side}, set {one.number} of {one.of}, {_amount(one)}"


def _amount(one: Set) -> str:
    """Return how many repetitions a set has, or how long it is held."""
    return text.count(one.reps, "repetition") if one.reps else f"hold {one.hold_s} s"


def _tempo(one: Set) -> str:
    """Return how slowly to go, of a set that is counted."""
    if not one.reps:
        return ""
    held = f", hold {one.hold_s} s" if one.hold_s else ""
    return f": up {one.up_s} s{held}, down {one.down_s} s"


def _set(done: Finished, catalogue: Catalogue) -> str:
    """Return a set that was done: Clamshell 10, left side."""
    known = catalogue.get(done.set.exercise)
    side = f", {done.set.side} side" if done.set.side else ""
    return f"{text.clean(known.name)} {dose.show(done.dose, known.mode)}{side}"
