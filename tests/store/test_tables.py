"""The tables: one source for the models, the shipped statements and what the revisions leave."""

import json
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import RFC_4122, UUID

import pytest
from alembic import command as alembic
from alembic.config import Config
from pydantic import ValidationError
from sqlalchemy import NullPool, create_engine

from commands import BRIDGES, OWN, RULES, START, TODAY
from kneetrack.domain.dose import Dose
from kneetrack.domain.plan import DAILY, Pause, Prescription, Schedule
from kneetrack.domain.records import Pain, Score
from kneetrack.store import ddl, mapping, tables
from kneetrack.store.mapping import (
    EXERCISE,
    PAIN,
    PAUSE,
    PRESCRIPTION,
    RULE,
    SCORE,
    SESSION,
    SETTING,
    VERSIONED,
    Versioned,
)
from kneetrack.store.rules import INSERTS

MIGRATIONS = Path(tables.__file__).parent / "migrations"
RECORDS: dict[str, type[tables.Record]] = {
    "session": tables.SessionRecord,
    "prescription": tables.PrescriptionRecord,
    "pause": tables.PauseRecord,
    "exercise": tables.ExerciseRecord,
    "setting": tables.SettingRecord,
    "pain": tables.PainRecord,
    "score": tables.ScoreRecord,
    "rule": tables.RuleRecord,
}
STAMP = mapping.stamp(START)
UID = "0" * 32
SESSIONS = (
    BRIDGES,
    BRIDGES._replace(exercise="side_plank", side="left", dose=Dose(2, None, 30), at=START, pain=0, effort=10),
    BRIDGES._replace(dose=Dose(None, None, None), load="red band", note="“süß” 💪 '); drop table session; --"),
)
PRESCRIPTIONS = (
    Prescription("bridge", TODAY, Dose(3, 12, 5), DAILY, 3, 2, 45),
    Prescription("bridge", TODAY, Dose(3, 12, None), Schedule("every", every=2)),
    Prescription("bridge", TODAY, Dose(3, None, 30), Schedule("weekdays", weekdays=(0, 2, 6)), rest_s=0),
    Prescription("bridge", TODAY, Dose(3, 12, None), Schedule("per_week", per_week=3)),
    Prescription("bridge", TODAY, None, None),
)
PAINS = (
    Pain(UID, START, TODAY, "morning", START, None, 2, None),
    Pain(UID, START, TODAY, "day", None, "left", 0, "stairs"),
    Pain(UID, START, TODAY, None, None, None, None, "slept badly"),
)
SCORES = (Score(UID, START, TODAY, "psfs", "stairs", 40), Score(UID, START, TODAY, "koos_pf", None, 605))
PAUSES = (Pause(UID, None, TODAY, None, None), Pause(UID, "bridge", TODAY, TODAY + timedelta(3), "ill"))


def schema(connection: sqlite3.Connection) -> set[str]:
    """Return the statements that a file's schema is made of, but for SQLite's own."""
    found = connection.execute("SELECT sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'")
    return {sql for (sql,) in found}


def row(of: Versioned, facts: tuple[object, ...]) -> dict[str, Any]:
    """Return a version as columns."""
    uid = {table: mapping.uid_of(table, str(facts[0])) for table in ("exercise", "setting", "rule")}
    its = dict(zip(of.facts, facts, strict=True))
    return {"uid": uid.get(of.table, UID), "created_at": STAMP, "removed": False, **its}


VERSIONS = [
    *((SESSION, mapping.session_facts(session)) for session in SESSIONS),
    *((PRESCRIPTION, mapping.prescription_facts(item)) for item in PRESCRIPTIONS),
    *((PAUSE, mapping.pause_facts(pause)) for pause in PAUSES),
    *((EXERCISE, mapping.exercise_facts(exercise)) for exercise in OWN),
    (SETTING, ("day_start", "04:00")),
    *((PAIN, mapping.pain_facts(pain)) for pain in PAINS),
    *((SCORE, mapping.score_facts(score)) for score in SCORES),
    *((RULE, mapping.rule_facts(rule)) for rule in RULES),
]


# One source


def test_the_shipped_statements_are_those_of_the_models() -> None:
    assert tables.DDL.read_text("ascii") == tables.written()


def test_sqlite_keeps_the_shipped_statements_as_they_are() -> None:
    with closing(sqlite3.connect(":memory:")) as made:
        for statement in ddl.STATEMENTS:
            made.execute(statement)
        assert schema(made) == set(ddl.STATEMENTS)


def test_the_revisions_leave_what_the_shipped_statements_make() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as made:
        engine = create_engine("sqlite://", creator=lambda: made, poolclass=NullPool)
        with engine.connect() as connection:
            config = Config()
            config.set_main_option("script_location", str(MIGRATIONS))
            config.attributes["connection"] = connection
            alembic.upgrade(config, "head")
            assert schema(made) == set(ddl.STATEMENTS)
            assert made.execute("SELECT version_num FROM alembic_version").fetchall() == [(ddl.REVISION,)]


def test_the_columns_are_those_of_the_models_in_every_table() -> None:
    for of in VERSIONED:
        assert {*of.facts} == {*RECORDS[of.table].model_fields} - {*tables.Record.model_fields}
        assert [*of.facts] == [name for name in RECORDS[of.table].model_fields if name in of.facts]
        required = {name for name in of.facts if RECORDS[of.table].model_fields[name].is_required()}
        assert required == of.needed


# What is written, read and validated


@pytest.mark.parametrize(("of", "facts"), VERSIONS)
def test_what_we_write_is_a_record_and_is_taken_by_the_table(of: Versioned, facts: tuple[object, ...]) -> None:
    known = row(of, facts)
    assert RECORDS[of.table].model_validate(known).model_dump() == known
    with closing(sqlite3.connect(":memory:")) as made:
        for statement in ddl.STATEMENTS:
            made.execute(statement)
        summed = mapping.checksum(of, (known["uid"], UID, STAMP, False, *facts))
        made.execute(INSERTS[of.table], (known["uid"], 1, STAMP, False, True, None, *facts, summed))
        read = made.execute(f"SELECT uid, {', '.join(of.facts)} FROM {of.table}").fetchall()  # noqa: S608
        assert read == [(known["uid"], *facts)]
        mapping.validate(of, ("uid", *of.facts), read)
        assert mapping.checksum(of, (known["uid"], UID, STAMP, 0, *read[0][1:])) == summed


def test_values_come_back_from_their_rows() -> None:
    for session in SESSIONS:
        assert mapping.session_of((session.uid, STAMP, *mapping.session_facts(session))) == session
    for item in PRESCRIPTIONS:
        assert mapping.prescription_of(mapping.prescription_facts(item)) == item
    for pause in PAUSES:
        assert mapping.pause_of((pause.uid, *mapping.pause_facts(pause))) == pause
    for pain in PAINS:
        assert mapping.pain_of((pain.uid, STAMP, *mapping.pain_facts(pain))) == pain
    for score in SCORES:
        assert mapping.score_of((score.uid, STAMP, *mapping.score_facts(score))) == score
    for rule in RULES:
        assert mapping.rule_of(mapping.rule_facts(rule)) == rule
    for exercise in OWN:
        assert mapping.exercise_of(mapping.exercise_facts(exercise)) == exercise


WRONG: dict[str, tuple[object, ...]] = {
    "uid": ("", "0" * 31, "g" * 32, 7, None),
    "created_at": ("", "2026-11-24", "2026-11-25T06:41:00.000000", "2026-11-25 25:00:00.000000", None),
    "day": ("2026-02-30", "1899-12-31", "20261125", 5, b"2026-11-25", None),
    "first_day": ("2026-13-01", None),
    "last_day": ("soon",),
    "at": ("07:30", "9999-12-31 23:59:59.999999"),
    "utc_offset_min": (1440, -1440, "60", 1.5),
    "side": ("top", 1),
    "sets": (0, 100, "3", 1.5, b"3"),
    "reps": (0, 10_000),
    "hold_s": (0, 86_401),
    "up_s": (0, 61),
    "down_s": (0, 61),
    "rest_s": (-1, 3601),
    "load": ("x" * 2001, 5),
    "pain": (-1, 11),
    "effort": (-1, 11),
    "note": ("x" * 2001, 5, b"x"),
    "reason": ("x" * 2001,),
    "exercise": ("x" * 201, 5, b"bridge"),
    "kind": ("weekly", None),
    "every": (0, 366),
    "weekdays": ("", "7", "20", "00"),
    "per_week": (0, 8),
    "name": ("x" * 201, None),
    "per_side": (2, "yes", None),
    "mode": ("steps", None),
    "key": ("x" * 201, None),
    "value": ("x" * 201, None),
    "moment": ("noon", 1),
    "measure": ("lefs", None),
    "activity": ("x" * 201, 5),
    "tenths": (-1, 1001, "40", 4.5, None),
    "least": (0, 86_401, "3"),
    "most": (0, 86_401, 1.5),
    "sessions": (0, 31, None),
    "max_pain": (-1, 11),
    "morning_not_worse": (2, "yes", None),
    "max_effort": (-1, 11),
    "then_exercise": ("x" * 201, None),
    "quiet_until": ("soon", "2026-02-30"),
}
NONE = "which has none of them"
CASES = [(of, name, value) for of in VERSIONED for name in ("uid", "created_at", *of.facts) for value in WRONG[name]]


@pytest.mark.parametrize(("of", "name", "value"), CASES)
def test_a_value_that_we_never_write_is_refused_where_it_enters_and_named(
    of: Versioned, name: str, value: object
) -> None:
    facts = next(facts for its, facts in VERSIONS if its is of)
    known = row(of, facts)
    names = tuple(known)
    wrong = known | {name: value}
    with pytest.raises(mapping.InvalidValueError, match=f"^{name} of (a )?{of.table}"):
        mapping.validate(of, names[:2] + names[3:], [tuple(value for key, value in wrong.items() if key != "removed")])
    with pytest.raises(ValidationError) as refused:
        RECORDS[of.table].model_validate(wrong)
    assert tables.problem(refused.value).startswith(f"{name} ")
    assert str(value) not in tables.problem(refused.value) or len(str(value)) < 4


@pytest.mark.parametrize(
    ("record", "change", "words"),
    [
        ("session", {"at": STAMP}, "at and utc_offset_min must both be there or both be null"),
        ("session", {"note": "\0"}, "note must be a text without invalid characters"),
        ("session", {"note": "\ud800"}, "note must be a text without invalid characters"),
        ("session", {"exercise": "all"}, "exercise must be the id of an exercise, such as side_plank"),
        ("session", {"exercise": "-x"}, "exercise must be the id of an exercise, such as side_plank"),
        ("session", {"pain": True}, "pain must be a whole number from 0 to 10"),
        ("session", {"removed": 1}, "removed must be true or false"),
        ("session", {"mood": 1}, "has a key that this kneetrack does not know"),
        ("prescription", {"per_week": 3}, "per_week must be there when the kind is per_week, and null otherwise"),
        ("prescription", {"sets": None}, f"must have sets, and reps or hold_s, unless it is a drop, {NONE}"),
        ("pause", {"last_day": "1999-01-01"}, "last_day must not be before first_day"),
        ("exercise", {"uid": UID}, "uid must be the one that follows from the exercise"),
        ("setting", {"uid": UID}, "uid must be the one that follows from the key"),
        ("pain", {"pain": None}, "moment and pain must both be there or both be null"),
        ("pain", {"pain": None, "moment": None}, "must have a pain or a note"),
        ("pain", {"at": None}, "at and utc_offset_min must both be there or both be null"),
        ("rule", {"uid": UID}, "uid must be the one that follows from the exercise"),
        ("rule", {"least": 16}, "least and most must both be there, in this order, or both be null"),
        ("rule", {"most": None}, "least and most must both be there, in this order, or both be null"),
        ("rule", {"reps": None, "hold_s": None}, "must have reps or hold_s"),
        ("score", {"activity": None}, "activity must be there when the measure is psfs, and null otherwise"),
    ],
)  # fmt: skip
def test_a_record_that_breaks_a_rule_is_refused_in_words(record: str, change: dict[str, Any], words: str) -> None:
    of, facts = next((of, facts) for of, facts in VERSIONS if of.table == record)
    with pytest.raises(ValidationError) as refused:
        RECORDS[record].model_validate(row(of, facts) | change)
    assert tables.problem(refused.value) == words


def test_a_key_that_is_missing_is_named() -> None:
    with pytest.raises(ValidationError) as refused:
        tables.PauseRecord.model_validate({"uid": UID, "created_at": STAMP, "removed": False})
    assert tables.problem(refused.value) == "first_day is missing"


def test_a_value_that_stands_in_many_rows_is_named_with_the_first_of_them() -> None:
    facts = mapping.session_facts(BRIDGES)
    rows = [("ab" * 16, *facts), ("cd" * 16, *facts[:5], "3", *facts[6:])]
    with pytest.raises(mapping.InvalidValueError, match=r"^sets of session cdcdcdcd has an invalid value$"):
        mapping.validate(SESSION, ("uid", *SESSION.facts), rows)


def test_any_single_bit_that_flips_in_a_fact_changes_the_checksum() -> None:
    choose = Random(3)  # noqa: S311 - the same each time
    facts = mapping.session_facts(SESSIONS[2])
    known = mapping.checksum(SESSION, (UID, UID, STAMP, False, *facts))
    note = str(facts[-1]).encode()
    for _ in range(200):
        at = choose.randrange(len(note) * 8)
        flipped = bytes(byte ^ ((1 << at % 8) if index == at // 8 else 0) for index, byte in enumerate(note))
        changed = (*facts[:-1], flipped.decode("utf-8", "surrogateescape"))
        assert mapping.checksum(SESSION, (UID, UID, STAMP, False, *changed)) != known


def test_the_values_that_the_models_give_are_json() -> None:
    for of, facts in VERSIONS:
        assert json.loads(json.dumps(row(of, facts))) == row(of, facts)


def test_a_random_uid_is_a_uuid_of_version_4() -> None:
    for uid in (mapping.random_uid() for _ in range(100)):
        assert mapping.is_uid(uid)
        assert (UUID(uid).version, UUID(uid).variant) == (4, RFC_4122)
