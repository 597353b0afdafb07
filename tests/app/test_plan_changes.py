"""Changes of the plan as functions: what they write, what they change, and what another program cannot come between."""

from collections.abc import Callable
from datetime import date, time, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from conftest import NOW
from kneetrack.app import log as app_log
from kneetrack.app import pauses, plan, plan_input
from kneetrack.app.plan_input import Options
from kneetrack.app.session_input import Options as LogOptions
from kneetrack.app.workspace import Answer, Diary, Place, Result, Workspace, Written
from kneetrack.domain.catalogue import Catalogue
from kneetrack.domain.dose import Dose
from kneetrack.domain.errors import DoseError, NoDiaryError, NothingToDoError, WrongUseError
from kneetrack.domain.plan import DAILY, Prescription, Schedule, Tempo, example
from kneetrack.domain.progress import Progress
from kneetrack.domain.records import Activity

TODAY = NOW.date()
THREE_A_WEEK = Schedule("per_week", per_week=3)
UNHURRIED = Prescription("bridge", date(2026, 11, 16), Dose(3, 10, 2), DAILY)
SLOW = UNHURRIED._replace(up_s=3, down_s=4, rest_s=45)
PLANK = Prescription("side_plank", date(2026, 11, 16), Dose(3, None, 30), THREE_A_WEEK)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Name a diary that is not there yet."""
    return tmp_path / "diary.db"


@pytest.fixture
def workspace(path: Path) -> Workspace:
    """Return the workspace of a diary that is not there yet."""
    return Workspace(Place(path, named=True), NOW)


def looked_at(*prescriptions: Prescription) -> Progress:
    """Return how things stand under some prescriptions, with nothing done."""
    return Progress(Activity(prescriptions, (), {}, ()), Catalogue(), TODAY)


def prescribed(line: str, options: Options, *so_far: Prescription) -> list[Prescription]:
    """Return what the words of a line and its options prescribe."""
    words = line.split()
    return plan_input.prescriptions(words, plan_input.read(words, options), looked_at(*so_far))


# What a new exercise gets


def test_a_new_exercise_takes_the_schedule_that_all_others_have() -> None:
    (clam,) = prescribed("clam", Options(), UNHURRIED._replace(schedule=THREE_A_WEEK), PLANK)
    assert clam.schedule == THREE_A_WEEK


@pytest.mark.parametrize("so_far", [(), (UNHURRIED, PLANK)])
def test_a_new_exercise_is_daily_where_others_have_no_schedule_in_common(so_far: tuple[Prescription, ...]) -> None:
    (clam,) = prescribed("clam", Options(), *so_far)
    assert clam.schedule == DAILY


def test_a_schedule_that_is_named_comes_before_that_of_all_others() -> None:
    (clam,) = prescribed("clam", Options(every=2), PLANK)
    assert clam.schedule == Schedule("every", every=2)


def test_an_exercise_that_was_dropped_has_no_say_in_the_schedule_of_a_new_one() -> None:
    dropped = UNHURRIED._replace(first_day=TODAY, dose=None, schedule=None)
    (clam,) = prescribed("clam", Options(), UNHURRIED, dropped, PLANK)
    assert clam.schedule == THREE_A_WEEK


# What other programs write


class Shared(Workspace):
    """A workspace whose diary another program writes to as soon as this one lets go of it, once."""

    def __init__(self, place: Place, other: Callable[[Workspace], object]) -> None:
        super().__init__(place, NOW)
        self._others = [other]

    def read(
        self, work: Callable[[Diary], Result], *, missing_ok: bool = False, upgrade: bool = True, example: bool = True
    ) -> Result:
        """Read, then let the other program write."""
        found = super().read(work, missing_ok=missing_ok, upgrade=upgrade, example=example)
        self._let_go()
        return found

    def write(
        self,
        work: Callable[[Diary], Written],
        *,
        create: bool = True,
        example: bool = True,
        day_start: time | None = None,
    ) -> Written:
        """Write, then let the other program write."""
        found = super().write(work, create=create, example=example, day_start=day_start)
        self._let_go()
        return found

    def _let_go(self) -> None:
        while self._others:
            self._others.pop()(Workspace(self.place, NOW))


def _sets_four_weeks_back(workspace: Workspace) -> Answer:
    return plan.prescribe(workspace, ["clamshell", "3x10"], Options(first=str(TODAY - timedelta(27))))


def test_the_past_days_are_those_that_this_change_changed_whatever_another_program_writes(
    workspace: Workspace,
) -> None:
    plan.prescribe(workspace, ["bridge", "3x10"], Options(first=str(TODAY - timedelta(13))))
    shared = Shared(workspace.place, _sets_four_weeks_back)

    result = plan.prescribe(shared, ["side-plank", "3x30s"], Options(first=str(TODAY - timedelta(13))))

    assert list(plan.show(workspace).progress.plan) == ["bridge", "side_plank", "clamshell"]
    assert result.past_days == 13


def test_a_drop_counts_its_own_past_days_whatever_another_program_writes(workspace: Workspace) -> None:
    plan.prescribe(workspace, ["bridge", "3x10"], Options(first=str(TODAY - timedelta(13))))
    shared = Shared(workspace.place, _sets_four_weeks_back)

    assert plan.drop(shared, ["bridge"], str(TODAY - timedelta(4))).past_days == 4


def test_a_phase_counts_its_own_past_days_whatever_another_program_writes(workspace: Workspace) -> None:
    plan.prescribe(workspace, ["bridge", "3x10"], Options(first=str(TODAY - timedelta(13))))
    shared = Shared(workspace.place, _sets_four_weeks_back)

    assert plan.use(shared, "starter", str(TODAY)).past_days == 0


# What is written


def test_what_is_in_force_already_is_asked_for_and_not_written(workspace: Workspace) -> None:
    plan.prescribe(workspace, ["bridge", "3x10"], Options())
    result = plan.prescribe(workspace, ["bridge", "3x10", "clamshell", "2x15"], Options())

    assert [item.exercise for item in result.asked] == ["bridge", "clamshell"]
    assert [item.exercise for item in result.written] == ["clamshell"]
    assert not plan.prescribe(workspace, ["bridge"], Options()).wrote


def test_the_answer_stands_on_what_was_written(workspace: Workspace) -> None:
    result = plan.prescribe(workspace, ["bridge", "3x10"], Options())

    assert result.progress.plan == plan.show(workspace).progress.plan
    assert result.progress.streak() == plan.show(workspace).progress.streak()
    assert result.new is not None
    assert not result.new.example


def test_the_first_plan_of_ones_own_points_to_safety_and_the_second_does_not(workspace: Workspace) -> None:
    app_log.log(workspace, ["bridge"], LogOptions())
    assert plan.prescribe(workspace, ["bridge", "3x8"], Options()).safety
    assert not plan.prescribe(workspace, ["bridge", "3x9"], Options()).safety


def test_a_drop_does_not_point_to_safety(workspace: Workspace) -> None:
    assert not plan.drop(workspace, ["clamshell"]).safety


def test_a_diary_that_begins_with_a_drop_begins_with_the_example_plan(workspace: Workspace) -> None:
    result = plan.drop(workspace, ["clamshell"])

    assert list(result.progress.plan) == ["bridge"]
    assert result.new is not None
    assert result.new.example


@pytest.mark.parametrize(
    "work",
    [
        lambda workspace: plan.prescribe(workspace, ["brigde"], Options()),
        lambda workspace: plan.drop(workspace, ["side-plank"]),
        lambda workspace: plan.use(workspace, "nothing"),
        lambda workspace: pauses.skip(workspace, "brigde"),
    ],
)
def test_what_cannot_be_done_creates_no_diary(
    work: Callable[[Workspace], object], workspace: Workspace, path: Path
) -> None:
    with pytest.raises(WrongUseError):
        work(workspace)
    assert not path.exists()


def test_the_words_for_a_new_diary_are_about_the_example_plan_that_was_on_its_screens(workspace: Workspace) -> None:
    result = plan.prescribe(workspace, ["bri"], Options(per_week=3))
    (bridge,) = example(Catalogue(), TODAY)[:1]

    assert result.written == (bridge._replace(schedule=THREE_A_WEEK),)
    assert result.held == {}


def test_a_crowded_plan_is_counted_only_when_exercises_were_set(workspace: Workspace) -> None:
    five = ["bridge", "clamshell", "hip-hike", "step-up", "mini-squat"]

    assert plan.prescribe(workspace, five[:4], Options()).crowded is None
    assert plan.prescribe(workspace, [*five, "side-plank"], Options()).crowded == 6
    assert plan.drop(workspace, ["side-plank"]).crowded is None


# What was done today


def _log(workspace: Workspace, *words: str) -> None:
    app_log.log(workspace, words, LogOptions())


def test_a_change_of_what_was_done_today_begins_tomorrow_unless_a_day_is_named(workspace: Workspace) -> None:
    _log(workspace, "bridge")
    result = plan.prescribe(workspace, ["bridge", "3x12", "clamshell", "2x15"], Options())

    assert [item.first_day for item in result.written] == [TODAY + timedelta(1), TODAY]
    assert result.done_today == ("bridge",)
    assert _changes(workspace)[0] == "plan set bridge 3x12 from 2026-11-26 clamshell 2x15"

    result = plan.prescribe(workspace, ["bridge", "3x15"], Options(first="today"))
    assert [item.first_day for item in result.written] == [TODAY]
    assert result.done_today == ()


def test_a_drop_of_what_was_done_today_keeps_the_day_as_it_was(workspace: Workspace) -> None:
    _log(workspace, "bridge")
    result = plan.drop(workspace, ["bridge", "clamshell"])

    assert result.done_today == ("bridge",)
    assert list(result.progress.plan) == ["bridge"]
    assert result.progress.adherence(7) == (1, 1)


def test_what_begins_tomorrow_keeps_what_is_in_force_then(workspace: Workspace) -> None:
    plan.prescribe(workspace, ["bridge", "3x10"], Options(first="2026-11-16"))
    plan.prescribe(workspace, ["bridge", "3x15"], Options(first="tomorrow", per_week=3))
    _log(workspace, "bridge")
    result = plan.prescribe(workspace, ["bridge"], Options(rest="45"))

    assert result.held["bridge"].dose == Dose(3, 15, None)
    assert result.written == (Prescription("bridge", TODAY + timedelta(1), Dose(3, 15, None), THREE_A_WEEK, rest_s=45),)


@pytest.mark.parametrize("done", ["bridge", "clamshell"])
def test_an_exercise_comes_on_the_day_on_which_the_one_goes_whose_place_it_takes(
    workspace: Workspace, done: str
) -> None:
    _log(workspace, done)
    result = plan.prescribe(workspace, ["clamshell", "3x8"], Options(instead_of="bridge"))

    assert [item.first_day for item in result.written] == [TODAY + timedelta(1)] * 2
    assert list(result.progress.plan) == ["bridge", "clamshell"]


def test_a_phase_begins_tomorrow_as_a_whole_when_anything_that_it_changes_was_done_today(
    workspace: Workspace,
) -> None:
    _log(workspace, "side-plank")
    assert {item.first_day for item in plan.use(workspace, "starter").written} == {TODAY}
    _log(workspace, "bridge")
    result = plan.use(workspace, "hip-first-8w")

    assert {item.first_day for item in result.written} == {TODAY + timedelta(1)}
    assert result.phase is not None
    assert result.phase.since == TODAY + timedelta(1)
    assert result.done_today == ("bridge",)
    assert {item.first_day for item in plan.use(workspace, "hip-first-8w", "today").written} == {TODAY}


# Example plans


def test_no_phase_follows_where_no_diary_is(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(NoDiaryError):
        plan.go_on(workspace)
    with pytest.raises(NothingToDoError):
        plan.go_on(Workspace(Place(tmp_path / "usual.db", named=False), NOW))
    assert not (tmp_path / "usual.db").exists()


def test_the_next_phase_follows_the_one_in_force(workspace: Workspace) -> None:
    assert plan.use(workspace, "hip-first-8w").phase == plan.examples(workspace).now
    result = plan.go_on(workspace)

    assert result.phase == plan.examples(workspace).now
    assert result.phase is not None
    assert result.phase.at == 1
    assert set(result.held) == {"clamshell", "side_lying_hip_abduction", "bridge", "quad_stretch"}
    assert set(result.progress.plan) == set(result.phase.phase.exercises)


def test_history_is_newest_first(workspace: Workspace) -> None:
    plan.prescribe(workspace, ["bridge", "3x10"], Options(first="2026-11-16"))
    plan.prescribe(workspace, ["bridge", "3x12"], Options(first="2026-11-23"))

    assert [period.first for period in plan.history(workspace).periods] == [date(2026, 11, 23), date(2026, 11, 16)]


# In the place of another


def _changes(workspace: Workspace) -> list[str]:
    return [change.command for change in workspace.read(lambda diary: diary.store.changes())]


def test_an_exercise_takes_the_place_of_another_in_one_change(workspace: Workspace) -> None:
    plan.prescribe(workspace, ["bridge", "3x10", "clamshell", "2x15"], Options(per_week=3))
    result = plan.prescribe(workspace, ["single-leg-bridge", "3x8"], Options(instead_of="bridge"))

    assert list(result.progress.plan) == list(plan.show(workspace).progress.plan) == ["clamshell", "single_leg_bridge"]
    assert _changes(workspace) == [
        "plan set single-leg-bridge 3x8 instead of bridge",
        "plan set bridge 3x10 clamshell 2x15",
    ]


def test_in_the_place_of_another_an_exercise_is_due_as_often_unless_told_otherwise() -> None:
    held = UNHURRIED._replace(schedule=THREE_A_WEEK)
    instead = Options(instead_of="bridge")

    assert prescribed("clamshell 3x8", instead, held)[0].schedule == THREE_A_WEEK
    assert prescribed("clamshell 3x8", instead._replace(daily=True), held)[0].schedule == DAILY
    assert prescribed("side-plank 3x30s", Options(instead_of="clamshell", first="2026-11-23"), PLANK,
                      held._replace(exercise="clamshell", schedule=DAILY))[0].schedule == THREE_A_WEEK  # fmt: skip


def test_what_is_taken_out_is_dropped_from_the_same_day() -> None:
    new, old = prescribed("clamshell 3x8", Options(instead_of="bridge", first="2026-11-30"), SLOW)

    assert old == Prescription("bridge", new.first_day, None, None)
    assert (new.tempo, new.rest_s) == (None, None)


@pytest.mark.parametrize(
    ("line", "old", "said"),
    [
        ("clamshell 3x8", "side-plank", "Side plank is not in your plan on Wed 25 Nov."),
        ("clamshell 3x8", "brigde", "There is no exercise “brigde”. Did you mean bridge?"),
        ("clamshell 3x8 bridge", "bridge", "Bridge cannot take its own place; name another exercise."),
    ],
)
def test_what_cannot_be_replaced_is_said_in_one_sentence(line: str, old: str, said: str) -> None:
    with pytest.raises(WrongUseError) as error:
        prescribed(line, Options(instead_of=old), SLOW)
    assert str(error.value) == said


# Tempo and rest


def test_the_middle_of_the_tempo_is_the_hold_of_the_dose() -> None:
    (item,) = prescribed("bridge 3x12", Options(tempo="3-2-4", rest="45"))
    assert (item.dose, item.tempo, item.rest_s) == (Dose(3, 12, 2), Tempo(3, 2, 4), 45)

    (item,) = prescribed("bridge 3x12x2s", Options(tempo="3-2-4"))
    assert (item.dose, item.tempo, item.rest_s) == (Dose(3, 12, 2), Tempo(3, 2, 4), None)

    (item,) = prescribed("bridge", Options(tempo="3-0-4"), UNHURRIED)
    assert (item.dose, item.tempo) == (Dose(3, 10, None), Tempo(3, None, 4))


@pytest.mark.parametrize(
    ("line", "options", "changed"),
    [
        ("bridge 3x12", Options(), {"dose": Dose(3, 12, 2)}),
        ("bridge 3x12x5s", Options(), {"dose": Dose(3, 12, 5)}),
        ("bridge", Options(per_week=3), {"schedule": THREE_A_WEEK}),
        ("bridge", Options(rest="90"), {"rest_s": 90}),
        ("bridge", Options(rest="0"), {"rest_s": 0}),
        ("bridge", Options(rest="none"), {"rest_s": None}),
        ("bridge", Options(tempo="2-2-2"), {"up_s": 2, "down_s": 2}),
        ("bridge", Options(tempo="none"), {"up_s": None, "down_s": None}),
        ("bridge 3x12", Options(tempo="none"), {"dose": Dose(3, 12, None), "up_s": None, "down_s": None}),
    ],
)
def test_what_is_not_named_stays_as_it_is_in_force(line: str, options: Options, changed: dict[str, object]) -> None:
    (item,) = prescribed(line, options, SLOW)
    assert item._asdict() == {**SLOW._asdict(), "first_day": TODAY, **changed}


def test_an_exercise_new_to_the_plan_has_no_tempo_and_no_rest() -> None:
    dropped = Prescription("bridge", TODAY, None, None)
    (item,) = prescribed("bridge 3x12", Options(), SLOW, dropped)
    assert item == Prescription("bridge", TODAY, Dose(3, 12, None), DAILY)


def test_an_exercise_that_is_held_has_a_rest() -> None:
    assert prescribed("side-plank", Options(rest="30"), PLANK) == [PLANK._replace(first_day=TODAY, rest_s=30)]


@pytest.mark.parametrize(
    ("line", "options", "said"),
    [
        (
            "bridge 3x12x5s",
            Options(tempo="3-2-3"),
            "3x12x5s holds Bridge for 5 s and --tempo 3-2-3 for 2 s; give the hold only once.",
        ),
        (
            "bridge 3x12x5s",
            Options(tempo="3-0-3"),
            "3x12x5s holds Bridge for 5 s and --tempo 3-0-3 for 0 s; give the hold only once.",
        ),
        (
            "bridge 3x12 side-plank",
            Options(tempo="3-2-3"),
            "Side plank is held for seconds and has no tempo; leave --tempo out.",
        ),
    ],
)
def test_a_tempo_that_does_not_fit_the_dose_is_refused(line: str, options: Options, said: str) -> None:
    with pytest.raises(DoseError) as error:
        prescribed(line, options, UNHURRIED, PLANK)
    assert str(error.value) == said


@pytest.mark.parametrize("options", [Options(tempo="3-2-3"), Options(rest="45"), Options(tempo="3-2-3", rest="0")])
def test_a_change_of_tempo_or_rest_alone_is_written_and_changes_no_day(workspace: Workspace, options: Options) -> None:
    plan.prescribe(workspace, ["bridge", "3x10x2s"], Options(first="2026-11-16"))
    app_log.log(workspace, ["bridge"], LogOptions(day="yesterday"))
    before = plan.show(workspace).progress
    result = plan.prescribe(workspace, ["bridge"], options._replace(first="2026-11-20"))

    assert result.wrote
    assert result.past_days == 0
    assert result.progress.streak() == before.streak()
    assert result.progress.adherence(None) == before.adherence(None)


def test_a_change_says_what_was_named_in_the_list_of_changes(workspace: Workspace) -> None:
    plan.prescribe(workspace, ["bridge", "3x12"], Options(tempo="3-2-3", rest="45"))
    plan.prescribe(workspace, ["bridge", "2x12"], Options(tempo="none", rest="none", first="2026-11-30"))

    assert _changes(workspace) == [
        "plan set bridge 2x12 tempo none rest none from 2026-11-30",
        "plan set bridge 3x12x2s tempo 3-2-3 rest 45 s",
    ]


def test_tempo_and_rest_last_until_they_are_changed(workspace: Workspace) -> None:
    plan.prescribe(workspace, ["bridge", "3x12"], Options(tempo="3-2-3", rest="45"))
    assert not plan.prescribe(workspace, ["bridge", "3x12x2s"], Options(tempo="3-2-3")).wrote
    plan.prescribe(workspace, ["bridge", "3x15"], Options(rest="0"))

    item = plan.show(workspace).progress.plan["bridge"]
    assert (item.dose, item.tempo, item.rest_s) == (Dose(3, 15, 2), Tempo(3, 2, 3), 0)


def test_undo_brings_a_tempo_back(workspace: Workspace) -> None:
    plan.prescribe(workspace, ["bridge", "3x12"], Options(tempo="3-2-3", rest="45"))
    plan.prescribe(workspace, ["bridge"], Options(tempo="none", rest="none"))
    workspace.write(lambda diary: Undone(diary.store.undo(diary.now)))

    item = plan.show(workspace).progress.plan["bridge"]
    assert (item.tempo, item.rest_s) == (Tempo(3, 2, 3), 45)


class Undone(NamedTuple):
    """The command that was taken back."""

    command: str
    wrote: bool = True
