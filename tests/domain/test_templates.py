"""Example plans: using one, its phases, and which phase the plan in force is."""

import json
import re
from datetime import date, timedelta

import pytest
import time_machine

from conftest import Run
from kneetrack.domain import templates
from kneetrack.domain.catalogue import Catalogue
from kneetrack.domain.errors import NothingToDoError, WrongUseError
from kneetrack.domain.plan import DAILY, Prescription, Schedule, busiest, in_force
from kneetrack.domain.progress import Adherence
from kneetrack.domain.progression import PhaseOver
from kneetrack.domain.templates import Phase, Position, Template

CATALOGUE = Catalogue()
pytestmark = pytest.mark.usefixtures("db", "clock")

TODAY = date(2026, 11, 25)
HIP = templates.find("hip-first-8w")


def used(template: Template, since: date, at: int = 0) -> list[Prescription]:
    """Return what the phases of an example plan prescribe, each used on the same day, up to one."""
    written: list[Prescription] = []
    for phase in range(at + 1):
        written += templates.prescribed(Position(template, phase, since), CATALOGUE, in_force(written, since))
    return written


@pytest.mark.parametrize("template", templates.shipped(), ids=lambda template: template.id)
def test_each_phase_is_found_again_from_the_program_in_force(template: Template) -> None:
    for at in range(len(template.phases)):
        assert templates.position(used(template, TODAY, at), TODAY) == Position(template, at, TODAY)


def test_a_changed_dose_or_schedule_keeps_the_phase_and_its_first_day() -> None:
    changed = Prescription("bridge", TODAY, CATALOGUE.get("clamshell").dose, DAILY)
    written = [*used(HIP, TODAY - timedelta(9)), changed]

    assert templates.position(written, TODAY) == Position(HIP, 0, TODAY - timedelta(9))


def test_another_exercise_makes_it_no_phase() -> None:
    more = Prescription("bird_dog", TODAY, CATALOGUE.get("bird_dog").dose, DAILY)

    assert templates.position([*used(HIP, TODAY), more], TODAY) is None


@pytest.mark.parametrize("phase", [phase for template in templates.shipped() for phase in template.phases])
def test_a_program_of_ones_own_with_the_exercises_of_a_phase_is_no_phase(phase: Phase) -> None:
    own = [
        Prescription(exercise, TODAY - timedelta(99), CATALOGUE.get(exercise).dose, DAILY)
        for exercise in phase.exercises
    ]

    assert templates.position(own, TODAY) is None


def test_the_program_that_a_new_diary_begins_with_is_no_phase_that_the_person_chose(run: Run) -> None:
    run("log bridge")

    assert json.loads(run("plan templates --json").out)["now"] is None
    assert "since" not in run("plan templates").out
    said = run("plan next")
    assert (said.code, said.err.partition(",")[0]) == (
        2, "Your plan is none of the example plans"
    )  # fmt: skip


def test_a_phase_begins_when_it_is_chosen_also_where_its_exercises_were_in_force_before(
    run: Run, clock: time_machine.Traveller
) -> None:
    run(f"plan set {' '.join(HIP.phases[0].exercises).replace('_', '-')} --daily")
    clock.shift(timedelta(30))
    assert "plan next" not in run("today").out
    run("plan use hip-first-8w")
    assert json.loads(run("plan templates --json").out)["now"]["since"] == "2026-12-25"
    assert "plan next" not in run("today").out
    clock.shift(timedelta(14))
    assert "plan next" in run("today").out


def test_the_next_phase_keeps_the_dose_that_the_person_has_in_what_stays() -> None:
    more = CATALOGUE.get("bridge").dose
    mine = Prescription("side_lying_hip_abduction", TODAY - timedelta(1), more, DAILY)
    before = [*used(HIP, TODAY - timedelta(20)), mine]
    after = [*before, *templates.prescribed(Position(HIP, 1, TODAY), CATALOGUE, in_force(before, TODAY))]

    assert in_force(after, TODAY)["side_lying_hip_abduction"] == mine
    assert set(in_force(after, TODAY)) == set(HIP.phases[1].exercises)


def test_using_one_drops_what_is_not_in_it_and_sets_the_doses_of_the_catalogue() -> None:
    before = [Prescription("bird_dog", TODAY - timedelta(3), CATALOGUE.get("bird_dog").dose, DAILY)]
    after = [*before, *templates.prescribed(Position(HIP, 0, TODAY), CATALOGUE, in_force(before, TODAY))]

    assert set(in_force(after, TODAY)) == set(HIP.phases[0].exercises)
    assert in_force(after, TODAY)["clamshell"].dose == CATALOGUE.get("clamshell").dose
    assert in_force(after, TODAY)["clamshell"].schedule == Schedule("per_week", per_week=3)


def test_nothing_follows_the_last_phase() -> None:
    with pytest.raises(NothingToDoError, match="last phase of hip-first-8w"):
        templates.following(used(HIP, TODAY, 3), TODAY)


@pytest.mark.parametrize(("ago", "at", "over"), [(13, 0, False), (14, 0, True), (99, 3, False)])
def test_a_phase_is_over_when_its_weeks_are_and_another_follows(ago: int, at: int, *, over: bool) -> None:
    assert Position(HIP, at, TODAY - timedelta(ago)).is_over(TODAY) is over


def test_an_example_program_is_found_by_the_beginning_of_its_name() -> None:
    assert templates.find("Hip") == HIP
    with pytest.raises(WrongUseError, match="starter, hip-first-8w, combined-6w, maintenance"):
        templates.find("x")


def test_the_fullest_day_counts_what_can_fall_on_it() -> None:
    dose = CATALOGUE.get("bridge").dose
    monday = Schedule("weekdays", weekdays=(0,))
    tuesday = Schedule("weekdays", weekdays=(1,))
    written = [
        Prescription("bridge", TODAY, dose, monday),
        Prescription("clamshell", TODAY, dose, tuesday),
        Prescription("step_up", TODAY, dose, Schedule("per_week", per_week=1)),
    ]

    assert busiest(written, TODAY, TODAY + timedelta(27)) == 2
    assert busiest([*written, Prescription("mini_squat", TODAY, dose, DAILY)], TODAY, TODAY + timedelta(27)) == 3


def test_using_one_as_first_write_begins_without_the_example_and_points_to_safety(run: Run) -> None:
    said = run("plan use hip-first-8w --from 2026-11-09")

    assert "Started hip-first-8w, phase 1 of 4 (2 weeks, 3 a week), from Mon 9 Nov" in said.out
    assert "kneetrack safety" in said.out
    assert "clamshell and bridge, daily" not in said.out
    program = json.loads(run("plan --json").out)["plan"]
    assert [item["exercise"] for item in program] == list(HIP.phases[0].exercises)


def _phase_done(run: Run, clock: time_machine.Traveller, days: tuple[int, ...]) -> None:
    """Use a plan for two weeks, and do all of it on some of the days."""
    run("plan use hip-first-8w")
    for day in range(14):
        if day in days:
            run("log all")
        clock.shift(timedelta(1))


def test_today_offers_the_next_phase_when_the_weeks_are_over_and_most_was_done_and_changes_nothing(
    run: Run, clock: time_machine.Traveller
) -> None:
    _phase_done(run, clock, (0, 1, 5, 7, 9, 12))
    offer = "The two weeks of phase 1 are up. Next phase: kneetrack plan next"
    assert offer in run("today").out
    assert run("plan next").out.startswith("Started hip-first-8w, phase 2 of 4")
    assert "plan next" not in run("today").out
    assert run("undo").out.startswith("Undone: plan next hip-first-8w 2")
    assert offer in run("today").out


@pytest.mark.parametrize(
    ("kept", "above", "may"),
    [
        (Adherence(8, 10), False, True),
        (Adherence(79, 100), False, False),
        (Adherence(0, 0), False, False),
        (Adherence(10, 10), True, False),
    ],
)
def test_the_next_phase_is_offered_from_80_percent_on_and_not_above_the_rule(
    kept: Adherence, *, above: bool, may: bool
) -> None:
    assert PhaseOver(Position(HIP, 0, TODAY), kept, None, above=above).may_go_on == may


def test_a_phase_that_is_left_before_its_weeks_are_up_is_said_with_the_way_back(
    run: Run, clock: time_machine.Traveller
) -> None:
    run("plan use hip-first-8w")
    clock.shift(timedelta(4))
    early = "You left phase 1 on day 5 of 14. To go back: kneetrack undo"
    assert early in run("plan next").out
    clock.shift(timedelta(14))
    assert "You left" not in run("plan next").out


def test_the_plan_shows_which_phase_of_an_example_plan_it_is_and_when_it_is_to_be_done(
    run: Run, clock: time_machine.Traveller
) -> None:
    assert "Phase" not in run("plan").out
    run("plan use hip-first-8w")
    run("plan when after brushing teeth")
    clock.shift(timedelta(4))
    assert run("plan").out.endswith("Phase 1 of 4 of hip-first-8w, day 5 of 14\nWhen: after brushing teeth\n")
    clock.shift(timedelta(60))
    assert "Phase 1 of 4 of hip-first-8w, since Wed 25 Nov 2026\n" in run("plan").out


def test_a_phase_is_not_over_a_day_before_its_weeks_are(run: Run, clock: time_machine.Traveller) -> None:
    run("plan use hip-first-8w")
    clock.shift(timedelta(13))
    assert "plan next" not in run("today").out


def test_a_phase_of_which_less_was_done_gives_the_facts_and_both_ways(run: Run, clock: time_machine.Traveller) -> None:
    _phase_done(run, clock, (0, 5))
    said = run("today").out
    assert re.search(
        r"The two weeks of phase 1 are up: 8 of \d+ done\. You may stay as you are; to go on anyway:", said
    )
    assert "For a lighter plan: kneetrack plan templates" in said
    assert run("plan next").out.startswith("Started hip-first-8w, phase 2 of 4")


@pytest.mark.parametrize(
    ("lines", "facts"),
    [
        (("log bridge 1x10 --pain 7 -d -6",), "pain 7 in the last 7 days"),
        (
            ("log bridge 1x10 --pain 1 -d -3", "pain 1 --moment morning -d -3", "pain 3 --moment morning -d -2"),
            "pain above your rule in the last 7 days",
        ),
    ],
)
def test_nothing_harder_is_offered_within_seven_days_of_a_day_above_the_rule(
    run: Run, clock: time_machine.Traveller, lines: tuple[str, ...], facts: str
) -> None:
    _phase_done(run, clock, (0, 1, 5, 7, 9, 12))
    for line in lines:
        assert run(line).code == 0
    said = run("today").out
    assert facts in said
    assert "Next phase:" not in said


def test_pain_of_more_than_seven_days_ago_holds_nothing_back(run: Run, clock: time_machine.Traveller) -> None:
    _phase_done(run, clock, (0, 1, 5, 7, 9, 12))
    run("log bridge 1x10 --pain 7 -d -7")
    assert "Next phase: kneetrack plan next" in run("today").out


def test_the_first_plan_set_points_to_safety_and_the_second_does_not(run: Run) -> None:
    run("log bridge")

    assert "kneetrack safety" in run("plan set bridge 3x12").out
    assert "kneetrack safety" not in run("plan set bridge 3x15").out


def test_more_than_four_exercises_on_a_day_get_one_friendly_line(run: Run) -> None:
    four = run("plan set bridge clamshell hip-hike step-up").out
    five = run("plan set mini-squat").out

    assert "Bachmann2018" not in four
    assert "That makes 5 exercises on a day; fewer are easier to keep up." in five


def test_the_templates_show_their_sources_and_where_one_is(run: Run) -> None:
    run("plan use starter")
    listed = json.loads(run("plan templates --json").out)

    assert "← since Wed 25 Nov" in run("plan templates").out
    assert listed["now"] == {"template": "starter", "phase": 1, "since": "2026-11-25"}
    assert [item["id"] for item in listed["templates"]] == [item.id for item in templates.shipped()]
