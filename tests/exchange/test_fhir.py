"""The page as FHIR R4: what two libraries read, codes and statuses that R4 allows, ids that stay, nothing invented."""

import importlib.util
import json
import os
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conftest import Run, read
from hostile import HOSTILE, STEERS

pytestmark = pytest.mark.usefixtures("db", "clock")

STATUSES = {
    "Observation": {
        "registered", "preliminary", "final", "amended", "corrected", "cancelled", "entered-in-error", "unknown",
    },
    "Procedure": {
        "preparation", "in-progress", "not-done", "on-hold", "stopped", "completed", "entered-in-error", "unknown",
    },
    "CarePlan": {"draft", "active", "on-hold", "revoked", "completed", "entered-in-error", "unknown"},
}  # fmt: skip
ACTIVITY_STATUSES = {
    "not-started", "scheduled", "in-progress", "on-hold", "completed", "cancelled", "stopped", "unknown",
    "entered-in-error",
}  # fmt: skip
INTENTS = {"proposal", "plan", "order", "option"}
BUNDLE_TYPES = {
    "document", "message", "transaction", "transaction-response", "batch", "batch-response", "history", "searchset",
    "collection",
}  # fmt: skip
CATEGORIES = {
    "social-history", "vital-signs", "imaging", "laboratory", "procedure", "survey", "exam", "therapy", "activity",
}  # fmt: skip
UNITS_OF_TIME = {"s", "min", "h", "d", "wk", "mo", "a"}
DAYS_OF_WEEK = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"}
"""The code lists of R4 that are required, and that of an observation's category."""


def bundle(run: Run, folder: Path, options: str = "") -> dict[str, Any]:
    """Return the bundle that report writes."""
    path = folder / "page.fhir.json"
    result = run(f"report {path} --force {options}")
    assert (result.code, result.err) == (0, "")
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def resources(found: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """Return the resources of a type."""
    return [its["resource"] for its in found["entry"] if its["resource"]["resourceType"] == kind]


def said(found: dict[str, Any], words: str) -> list[dict[str, Any]]:
    """Return the observations of what some words say."""
    return [its for its in resources(found, "Observation") if its["code"]["text"] == words]


def values(found: object, key: str) -> Iterator[Any]:
    """Yield what a key has, however deep it is."""
    if isinstance(found, dict):
        for name, value in found.items():
            if name == key:
                yield value
            yield from values(value, key)
    elif isinstance(found, list):
        for value in found:
            yield from values(value, key)


@pytest.fixture
def kept(run: Run) -> Run:
    """Keep a diary with all that a bundle can have."""
    run("plan set bridge 3x10x2s clamshell 3x12 --per-week 3 --tempo 3-2-3 --rest 45 --from 2026-11-16")
    run("plan set side-plank 3x20s --on mon,wed --from 2026-11-16")
    run("plan set hip-hike 2x10 --every 2 --from 2026-11-16")
    run("log bridge 3x10 --pain 6 --effort 7 --note 'hurt on stairs' -d 2026-11-17 --at 18:00")
    run("log clamshell 12,10,8 --side left --load 'red band' --pain 2 -d 2026-11-18")
    run("pain 3 --moment morning --side left -d 2026-11-18")
    run("pain --note 'long walk' -d 2026-11-19")
    run("score psfs stairs 4 'long drive' 5 -d 2026-11-16")
    run("score akps 78.5 -d 2026-11-16")
    run("score change 5 -d 2026-11-24")
    run("pause bridge --reason travel --from today")
    return run


def need(library: str) -> None:
    """Skip a test whose library is not here; fail it where KNEETRACK_REQUIRE names fhir."""
    if importlib.util.find_spec(library) is None:
        required = "fhir" in os.environ.get("KNEETRACK_REQUIRE", "").split(",")
        (pytest.fail if required else pytest.skip)(f"{library} is not installed: pip install '.[fhir-test]'")


def test_the_models_of_r4b_take_the_bundle(kept: Run, tmp_path: Path) -> None:
    need("fhir")
    from fhir.resources.R4B.bundle import Bundle  # noqa: PLC0415 - an extra of the tests

    Bundle.model_validate(bundle(kept, tmp_path))


def test_another_library_reads_the_bundle_back(kept: Run, tmp_path: Path) -> None:
    need("fhirclient")
    from fhirclient.models.bundle import Bundle  # noqa: PLC0415 - an extra of the tests

    found = bundle(kept, tmp_path)
    assert Bundle(found).as_json() == found


def test_every_code_and_status_is_one_that_r4_allows(kept: Run, tmp_path: Path) -> None:
    found = bundle(kept, tmp_path)
    assert found["type"] in BUNDLE_TYPES
    for kind, allowed in STATUSES.items():
        assert {its["status"] for its in resources(found, kind)} <= allowed
    (plan,) = resources(found, "CarePlan")
    assert plan["intent"] in INTENTS
    assert {its["detail"]["status"] for its in plan["activity"]} <= ACTIVITY_STATUSES
    assert set(values(found, "periodUnit")) <= UNITS_OF_TIME
    assert {day for days in values(found, "dayOfWeek") for day in days} <= DAYS_OF_WEEK
    assert {its["coding"][0]["code"] for each in values(found, "category") for its in each} <= CATEGORIES


def test_a_session_is_a_procedure_with_what_is_known_of_it(kept: Run, tmp_path: Path) -> None:
    first, *_ = [its for its in resources(bundle(kept, tmp_path), "Procedure") if its["code"]["text"] == "Bridge"]
    assert first["performedDateTime"] == "2026-11-17T18:00:00+01:00"
    assert [note["text"] for note in first["note"]] == ["3×10", "effort 7 of 10", "hurt on stairs"]
    assert "bodySite" not in first


def test_the_plan_says_how_much_how_often_and_what_is_paused(kept: Run, tmp_path: Path) -> None:
    (plan,) = resources(bundle(kept, tmp_path), "CarePlan")
    by_name = {its["detail"]["code"]["text"]: its["detail"] for its in plan["activity"]}
    assert (by_name["Bridge"]["status"], by_name["Bridge"]["statusReason"]["text"]) == ("on-hold", "travel")
    assert by_name["Clamshell"]["scheduledTiming"]["repeat"] | {"boundsPeriod": None} == {
        "boundsPeriod": None, "frequency": 3, "period": 1, "periodUnit": "wk",
    }  # fmt: skip
    assert by_name["Clamshell"]["description"] == "3×12, hold 2 s, each side, tempo 3-2-3, rest 45 s"
    assert by_name["Side plank"]["scheduledTiming"]["repeat"]["dayOfWeek"] == ["mon", "wed"]
    assert by_name["Hip hike"]["scheduledTiming"]["repeat"]["period"] == 2


def test_pain_of_uneven_sets_is_there_once_as_the_page_counts_it(kept: Run, tmp_path: Path) -> None:
    pains = said(bundle(kept, tmp_path), "Pain while exercising")
    assert sorted(its["valueQuantity"]["value"] for its in pains) == [2, 6]
    assert {its["code"]["coding"][0]["code"] for its in pains} == {"72514-3"}


def test_scores_and_notes_of_days_have_their_own_values(kept: Run, tmp_path: Path) -> None:
    found = bundle(kept, tmp_path)
    assert said(found, "AKPS")[0]["valueQuantity"]["value"] == 78.5
    assert said(found, "PSFS, mean of the activities")[0]["valueQuantity"]["value"] == 4.5
    assert said(found, "Compared with the start")[0]["valueString"] == "a little better"
    assert said(found, "Note of the day")[0]["valueString"] == "long walk"


def test_a_second_report_has_the_same_ids_and_says_what_changed_under_them(kept: Run, tmp_path: Path) -> None:
    before = {its["fullUrl"]: its["resource"] for its in bundle(kept, tmp_path)["entry"]}
    newest = next(its["id"] for its in read(kept, "history --all")["sessions"] if its["pain"] is not None)
    assert kept(f"edit {newest} --pain 1").code == 0
    after = {its["fullUrl"]: its["resource"] for its in bundle(kept, tmp_path)["entry"]}
    assert before.keys() == after.keys()
    assert len(before) > 20
    changed = [url for url in before if before[url] != after[url]]
    assert [after[url]["valueQuantity"]["value"] for url in changed] == [1]


def test_the_ids_of_a_bundle_are_its_own_each_and_every_reference_leads_to_one(kept: Run, tmp_path: Path) -> None:
    found = bundle(kept, tmp_path)
    urls = [its["fullUrl"] for its in found["entry"]]
    assert len(set(urls)) == len(urls)
    assert set(values(found, "reference")) <= set(urls)


def test_a_copy_of_the_diary_gives_the_same_ids(kept: Run, tmp_path: Path) -> None:
    urls = {its["fullUrl"] for its in bundle(kept, tmp_path)["entry"]}
    kept(f"export {tmp_path}/all.json")
    kept(f"import {tmp_path}/all.json --db {tmp_path}/other.db")
    assert {its["fullUrl"] for its in bundle(kept, tmp_path, f"--db {tmp_path}/other.db")["entry"]} == urls


def test_the_patient_is_nobody_unless_a_name_is_given(kept: Run, tmp_path: Path) -> None:
    assert resources(bundle(kept, tmp_path), "Patient")[0].keys() == {"resourceType", "id"}
    assert resources(bundle(kept, tmp_path, "--name 'Anna B.'"), "Patient")[0]["name"] == [{"text": "Anna B."}]


def test_what_is_not_known_is_left_out(run: Run, tmp_path: Path) -> None:
    run("plan drop bridge clamshell")
    run("add my-own")
    run("log my-own 5")
    found = bundle(run, tmp_path)
    assert resources(found, "CarePlan") == []
    assert said(found, "Pain while exercising") == []
    assert None not in [value for its in found["entry"] for value in its["resource"].values()]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_text_that_steers_is_written_out(text: str, run: Run, tmp_path: Path) -> None:
    run(f"log bridge 3x10 --note {shlex.quote(text)} --load {shlex.quote(text[:40])}")
    found = bundle(run, tmp_path, f"--name {shlex.quote(text)}")
    written = "".join(its for its in values(found, "text") if isinstance(its, str))
    assert "Bridge" in written
    assert not STEERS & set(written)


def test_no_diary_is_no_bundle(run: Run, tmp_path: Path) -> None:
    assert run(f"report {tmp_path}/a.fhir.json").code == 66
    assert not (tmp_path / "a.fhir.json").exists()
