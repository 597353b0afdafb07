"""Completion as a function: words in, words out, and nothing created or changed."""

from pathlib import Path

import pytest

from conftest import NOW
from kneetrack.app import completion, exercises, pauses
from kneetrack.app.log import log
from kneetrack.app.session_input import Options
from kneetrack.app.workspace import Place, Workspace
from kneetrack.cli.grammar import COMMANDS
from kneetrack.domain import settings
from kneetrack.domain.catalogue import Catalogue
from kneetrack.store import backup

OLDER = Path(__file__).parents[1] / "data" / "schema-0002.db"


def words(kind: str, workspace: Workspace, beginning: str, *before: str) -> list[str]:
    """Return the words that are offered, without what is said of them."""
    return [offer.word for offer in completion.complete(kind, workspace, beginning, before)]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Return the workspace of a diary that is not there yet, at the usual place."""
    return Workspace(Place(tmp_path / "diary.db", named=False), NOW)


def test_every_kind_that_the_grammar_names_is_completed(workspace: Workspace) -> None:
    kinds = {each.completes for command in COMMANDS.values() for each in command.parameters if each.completes}

    assert kinds
    for kind in kinds:
        assert words(kind, workspace, "qqq") == []


@pytest.mark.parametrize("beginning", ["side-pl", "Side_Pl", "SIDE PL"])
def test_names_are_completed_as_they_are_typed(beginning: str, workspace: Workspace) -> None:
    offered = words("exercises", workspace, beginning)

    assert "side-plank" in offered
    assert all(name.startswith("side-pl") for name in offered)


def test_the_persons_own_exercises_are_completed_too(workspace: Workspace) -> None:
    exercises.add(workspace, "Übung")

    assert words("exercises", workspace, "ÜB") == ["übung"]


def test_ids_are_completed_newest_first_behind_last(workspace: Workspace) -> None:
    for reps in ("10", "11"):
        log(workspace, ["bridge", reps], Options())
    newest = log(workspace, ["bridge", "12"], Options()).sessions[0]
    last, first, *others = words("ids", workspace, "")

    assert last == "last"
    assert newest.uid.startswith(first)
    assert len(others) == 2
    assert words("ids", workspace, first) == [first]
    assert words("ids", workspace, "la") == ["last"]


def test_ids_of_long_ago_are_completed_where_nothing_is_newer(workspace: Workspace) -> None:
    old = log(workspace, ["bridge"], Options(day="2026-01-01")).sessions[0]

    assert old.uid.startswith(words("ids", workspace, "")[1])


@pytest.mark.parametrize(
    ("kind", "beginning", "offered"),
    [
        ("templates", "st", ["starter"]),
        ("topics", "H", ["habit"]),
        ("topics", "", ["streak", "adherence", "habit", "pain", "rule"]),
        ("settings", "PAIN", ["pain_limit", "pain_rule"]),
        ("sides", "", ["left", "right", "both"]),
        ("days", "t", ["today", "tue", "thu"]),
        ("days", "LA", ["last"]),
        ("logged", "a", ["all", "again"]),
    ],
)
def test_words_that_need_no_diary_are_completed_by_their_beginning(
    kind: str, beginning: str, offered: list[str], workspace: Workspace
) -> None:
    assert words(kind, workspace, beginning) == offered


def test_backups_are_completed_by_their_names(workspace: Workspace) -> None:
    log(workspace, ["bridge"], Options())
    made = backup.make(workspace.place.path, NOW)

    assert words("backups", workspace, "2026") == [made.name]
    assert words("backups", workspace, "2025") == []


@pytest.mark.parametrize("kind", sorted(completion.KINDS))
@pytest.mark.parametrize("named", [True, False])
def test_nothing_is_created_for_a_completion(kind: str, tmp_path: Path, *, named: bool) -> None:
    words(kind, Workspace(Place(tmp_path / "diary.db", named=named), NOW), "")

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"no diary", OLDER.read_bytes()], ids=["damaged", "older"])
def test_a_diary_that_cannot_be_read_is_left_as_it_is_and_the_catalogue_is_offered(
    content: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "diary.db"
    path.write_bytes(content)
    workspace = Workspace(Place(path, named=True), NOW)

    assert words("exercises", workspace, "") == [exercise.typed for exercise in Catalogue()]
    assert words("ids", workspace, "") == ["last"]
    assert path.read_bytes() == content
    assert list(tmp_path.iterdir()) == [path]


def test_ids_say_what_they_are(workspace: Workspace) -> None:
    log(workspace, ["clam", "12"], Options(side="left", day="yesterday"))

    assert [offer.about for offer in completion.complete("ids", workspace, "")] == [
        "what was logged last",
        "Clamshell 12 left, Tue 24 Nov",
    ]


def test_pauses_are_completed_where_they_can_be_removed(workspace: Workspace) -> None:
    pauses.skip(workspace, None, "yesterday")

    assert "pause of everything, Tue 24 Nov" in [offer.about for offer in completion.complete("records", workspace, "")]


@pytest.mark.parametrize(
    ("key", "value"), [("day_start", "04:00"), ("pain_limit", "10"), ("pain_rule", "light"), ("sound", "bell")]
)
def test_the_values_of_a_setting_follow_its_key(key: str, value: str, workspace: Workspace) -> None:
    assert value in words("values", workspace, "", key)
    assert all(settings.checked(key, offered) for offered in words("values", workspace, "", key))


def test_all_is_offered_only_as_the_first_word(workspace: Workspace) -> None:
    assert words("logged", workspace, "a", "bridge") == ["again"]
    assert words("logged", workspace, "a", "bridge", "3x15") == []
