"""Knowing: the catalogue with its filters, one exercise, why, and safety."""

import json
from typing import Any

import pytest
from rich.cells import cell_len

from conftest import Run, read
from kneetrack.domain import references
from kneetrack.domain.catalogue import Catalogue
from kneetrack.views import safety, why
from kneetrack.views.exercises import for_whom
from kneetrack.views.phrases import band

pytestmark = pytest.mark.usefixtures("db", "clock")

NARROW, WIDE = "40", "80"


def listed(run: Run, line: str) -> dict[str, dict[str, Any]]:
    """Return what `exercises --json` lists, by id."""
    run("log bridge")
    return {item["id"]: item for item in json.loads(run(f"exercises --json {line}").out)["exercises"]}


@pytest.mark.parametrize(
    ("line", "within", "without"),
    [
        ("--muscle glutes", {"bridge", "clamshell"}, {"quad_set", "calf_stretch"}),
        ("--muscle hamstrings", {"bridge", "hamstring_stretch"}, {"clamshell"}),
        ("--muscle 'deep hip'", {"clamshell", "figure_four_stretch"}, {"bridge"}),
        ("--equipment 'loop band'", {"clamshell_band", "bridge_band"}, {"bridge", "seated_hip_er_band"}),
        ("--equipment none", {"glute_squeeze", "mini_squat"}, {"bridge", "wall_sit"}),
        ("--level 1", {"clamshell", "glute_squeeze"}, {"bridge"}),
        ("--level 1-2", {"clamshell", "bridge"}, {"bridge_band"}),
        ("--knee-load none,non-weight-bearing", {"clamshell", "side_plank", "quad_stretch"}, {"bridge", "step_up"}),
        ("--knee-load weight-bearing", {"step_up", "standing_hip_abduction_band"}, {"clamshell"}),
        ("--knee-load low", {"bridge"}, {"clamshell"}),
        ("--knee-load kneeling", {"bird_dog", "hip_flexor_stretch"}, {"clamshell"}),
        ("band --level 2 --muscle medius", {"clamshell_band"}, {"clamshell", "lateral_band_walk"}),
    ],
)
def test_filters_keep_what_fits_all_of_them(line: str, within: set[str], without: set[str], run: Run) -> None:
    found = set(listed(run, line))

    assert within <= found
    assert not without & found


def test_the_loads_that_can_be_asked_for_are_those_of_the_catalogue(run: Run) -> None:
    everything = set(listed(run, ""))
    loads = "none,non-weight-bearing,low,kneeling,weight-bearing"

    assert set(listed(run, f"--knee-load {loads}")) == everything


@pytest.mark.parametrize("line", ["--level x", "--level 3-", "--knee-load heavy", "--muscle zzz"])
def test_a_filter_that_means_nothing_is_answered_in_a_sentence(line: str, run: Run) -> None:
    run("log bridge")
    said = run(f"exercises {line}")

    assert (said.code, said.out) == (2, "")
    assert said.err.count("\n") == 1


@pytest.mark.parametrize("columns", [NARROW, WIDE, "130"])
@pytest.mark.parametrize(
    "line",
    ["exercises", "exercises --long", "plan templates", "why", "safety", "show bridge", "show clamshell --sources"],
)
def test_no_screen_is_wider_than_the_terminal(
    columns: str, line: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(f"add {'膝' * 60}")
    run(f"log bridge --load {'帯' * 200} --note '{'a note ' * 200}'")
    monkeypatch.setenv("COLUMNS", columns)

    assert max(map(cell_len, run(line).out.splitlines())) <= int(columns)


@pytest.mark.parametrize("columns", [NARROW, WIDE])
@pytest.mark.parametrize("exercise", ["bridge", "side-lying-hip-abduction", "standing-hip-abduction-band"])
def test_a_command_to_type_is_never_broken(
    exercise: str, columns: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    facts = Catalogue().get(exercise.replace("-", "_")).facts
    for key in ("regress_to", "progress_to"):
        command = f"kneetrack show {facts[key].replace('_', '-')}"
        assert any(line.endswith(command) for line in run(f"show {exercise}").out.splitlines())


@pytest.mark.parametrize(
    "line", ["exercises bridge", "show bridge", "why", "safety", "explain habit", "explain streak"]
)
def test_what_needs_no_diary_answers_where_the_one_that_was_named_is_missing(line: str, run: Run) -> None:
    said = run(line)

    assert (said.code, said.err) == (0, "")
    assert ("The diary could not be read" in said.out) is (
        line.split(maxsplit=1)[0] in {"exercises", "show", "explain"}
    )


def test_every_family_stands_over_its_exercises(run: Run) -> None:
    run("log bridge")
    run("add wall-push")
    lines = run("exercises").out.splitlines()
    heads = [line.strip() for line in lines[1:] if not line.startswith(" ")]

    assert heads == [
        "Hip external rotation (turning the knee out)",
        "Hip internal rotation (turning the knee in)", "Hip abduction (leg to the side)",
        "Hip extension (leg to the back)", "Side of trunk and hip",
        "Knee", "Balance", "Stretches", "Your own",
    ]  # fmt: skip
    assert len(lines) >= 39 + len(heads)


def test_show_says_how_what_for_how_much_and_where_from(run: Run) -> None:
    run("log bridge")
    for exercise in Catalogue():
        said = " ".join(run(f"show {exercise.typed} --sources").out.split())
        facts = exercise.facts

        assert all(cue in said for cue in facts["cues"])
        assert " ".join(for_whom(facts).split()) in said
        for key, word in (("regress_to", "easier"), ("progress_to", "harder")):
            assert (f"{word} kneetrack show" in said) is (facts[key] is not None)
        for key in facts["dose_sources"]:
            assert f"{key} {references.get(key).text}" in said


def test_the_sources_are_listed_and_the_bands_explained_only_where_they_are_asked_for(run: Run) -> None:
    run("log bridge")
    brief, whole = run("show bridge").out, run("show bridge --sources").out

    assert "kneetrack show bridge --sources" in brief
    assert "(Hoglund2018)" in brief
    assert "doi:" not in brief
    assert "in % of their strongest hold" in " ".join(whole.split())
    assert "doi:" in whole


def test_a_long_list_has_the_muscles_and_the_dose_too(run: Run) -> None:
    brief, whole = (" ".join(run(f"exercises bridge {option}").out.split()) for option in ("", "--long"))

    assert "bridge 2 low load mat" in brief
    assert "gluteus" not in brief
    assert "trains gluteus maximus; also hamstrings, core · start with 3×10, hold 2 s" in whole


def test_the_list_has_load_and_equipment_at_40_columns_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", NARROW)
    said = run("exercises").out

    assert "  bridge\n    level 2 · low load · needs mat\n" in said
    assert "needs nothing" in said


@pytest.mark.parametrize(
    ("exercise", "words"),
    [
        (
            "bridge",
            "published for people with patellofemoral osteoarthritis (Hoglund2018); our own: hold, rest and days",
        ),
        ("side_plank", "published for female runners with ITB syndrome (McKay2020); our own: rest"),
        ("single_leg_stance", "published (BMC2013-T2); we could not see for whom"),
        ("sit_to_stand", "adapted by us; the exercise was used in a trial of adolescents with patellofemoral pain"),
        ("quad_set", "adapted by us; published for a similar exercise or dose (SH2010-T1)"),
        ("fire_hydrant", "our own numbers; we found no published dose"),
    ],
)
def test_a_dose_says_for_whom_it_was_published_or_that_it_is_ours(exercise: str, words: str) -> None:
    assert for_whom(Catalogue().get(exercise).facts).startswith(words)


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(0, 20, "low"), (21, 40, "moderate"), (38, 67, "moderate to very high"), (41, 60, "high"), (61, 103, "very high")],
)
def test_muscle_activity_is_a_band(low: int, high: int, words: str) -> None:
    assert band(low, high) == words


def test_activity_that_was_not_checked_is_not_shown(run: Run) -> None:
    run("log bridge")

    assert "effort" not in run("show lateral-band-walk").out
    assert "Boren" not in run("show hip-hike").out
    assert "gluteus medius" not in run("show wall-sit").out.partition("effort")[2]


def test_show_has_the_persons_own_last_time_last_note_and_plan(run: Run) -> None:
    run("log bridge 12 -d yesterday --note 'left side easier'")
    run("log bridge 15,12,10 --pain 2")
    said = " ".join(run("show bridge").out.split())
    (item,) = json.loads(run("show bridge --json").out)["exercises"]

    assert "last time 15, 12, 10, Wed 25 Nov · pain 2" in said
    assert "last note “left side easier”" in said
    assert "your plan 3×10, hold 2 s, daily" in said
    assert [each["reps"] for each in item["last"]] == [15, 12, 10]
    assert item["last_note"] == "left side easier"


def test_a_note_cannot_steer_the_terminal(run: Run) -> None:
    run("log bridge --note '\x1b[31m[red]x'")

    assert r"\x1b[31m[red]x" in run("show bridge").out


def test_exercises_as_json_carry_what_show_says(run: Run) -> None:
    run("log bridge")
    whole = json.loads(run("exercises --json").out)
    bridge = next(item for item in whole["exercises"] if item["id"] == "bridge")

    assert bridge["last"][0]["day"] == "2026-11-25"
    assert bridge["own_defaults"] == ["hold_s", "rest_s", "days_per_week"]
    assert {entry["band"] for entry in bridge["activity"]} == {"moderate"}
    assert whole["references"]["Hoglund2018"]["doi"] == "10.1186/s40814-018-0262-z"
    assert len({frozenset(item) for item in whole["exercises"]}) == 1


def test_why_takes_less_than_forty_lines_and_lists_its_sources(run: Run) -> None:
    said = run("why").out

    assert len(said.splitlines()) < 40
    assert "hip, knee and free exercise did not differ at 3 and 12 months" in " ".join(said.split())
    assert "doi:10.2519/jospt.2019.0302" in said


def test_safety_names_every_sign_the_persons_limit_and_what_this_is_not(run: Run) -> None:
    run("settings pain_limit 4")
    said = " ".join(run("safety").out.split())

    assert all(sign in said for _, *signs in safety.SIGNS for sign in signs)
    assert "your limit, 4 of 10" in said
    assert safety.NOT_REVIEWED in said
    assert safety.INTENDED_USE in said


def test_why_and_safety_need_no_diary(run: Run) -> None:
    assert run("why").code == run("safety").code == 0


def test_why_as_json_has_each_statement_with_its_sources(run: Run) -> None:
    found = read(run, "why")
    assert found.keys() == {"schema", "parts", "references"}
    statements = [item for part in found["parts"] for item in part["statements"]]
    assert [part["title"] for part in found["parts"]] == [title for title, *_ in why.WHY]
    assert all(item.keys() == {"text", "sources"} for item in statements)
    assert {key for item in statements for key in item["sources"]} == set(found["references"]) == set(why.KEYS)
    sooner = next(item for item in statements if item["text"].startswith("Hip work may ease pain sooner"))
    assert sooner["sources"] == ["Dolak2011", "Ferber2015"]
    assert found["references"]["Hott2019"]["doi"] == references.get("Hott2019").doi


def test_safety_as_json_has_every_sign_and_the_persons_limit(run: Run) -> None:
    run("settings pain_limit 4")
    found = read(run, "safety")
    assert found.keys() == {"schema", "pain_limit", "parts", "review", "intended_use", "references"}
    assert (found["schema"], found["pain_limit"]) == (1, 4)
    stop, *signs = found["parts"]
    assert any("your limit, 4 of 10" in sign for sign in stop["signs"])
    assert [(part["title"], *part["signs"]) for part in signs] == list(safety.SIGNS)
    assert [part["sources"] for part in found["parts"]] == [["MyKneeCap"], ["NHS-restated"], [], []]
    assert set(found["references"]) == {"NHS-restated", "MyKneeCap"}
    assert found["intended_use"] == safety.INTENDED_USE
