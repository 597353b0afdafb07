"""`pain` and `score` as they are typed: what they answer, and what edit, rm and purge say of them."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from conftest import NOW, Run, read
from kneetrack.app import changes, completion
from kneetrack.app.pain import Given, note
from kneetrack.app.results.changes import RewrittenBackups
from kneetrack.app.workspace import Place, Workspace
from kneetrack.domain.progress import Quota
from kneetrack.store import mapping
from kneetrack.views import changes as answers
from kneetrack.views import phrases

pytestmark = pytest.mark.usefixtures("diary", "clock")


def short(run: Run, line: str) -> str:
    """Type a line, and return the id at the end of its first line."""
    return run(line).out.splitlines()[0].split()[-1]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("pain 2 --side both", "pain 2 in the morning, both knees, Wed 25 Nov"),
        ("pain --note 'slept badly' --side left", "note “slept badly”, left knee, Wed 25 Nov"),
        ("score nprs 3", "Usual pain of the week 3, Wed 25 Nov"),
        ("score psfs stairs 4", "PSFS “stairs” 4, Wed 25 Nov"),
        ("score change 5", "Compared with the start: a little better, Wed 25 Nov"),
    ],
)
def test_what_is_removed_and_what_is_purged_is_named(run: Run, line: str, words: str) -> None:
    its = short(run, line)
    assert run(f"rm {its}").out.splitlines()[0] == f"Removed: {words}   {its}"
    assert run(f"purge {its} --yes").out.splitlines()[0].endswith(f": {words}")


def test_an_edit_of_a_pain_answers_with_what_it_is_now_or_that_nothing_changed(run: Run) -> None:
    its = short(run, "pain 2 --note stairs")
    assert run(f"edit {its} --pain 3").out.startswith("· Pain 3 in the morning (was 2) · “stairs”")
    assert run(f"edit {its} --pain 3").out == "No change: your diary already has pain 3 in the morning, Wed 25 Nov.\n"


def test_last_of_a_diary_with_pain_alone_is_the_pain(run: Run) -> None:
    assert run("rm last").err == "Nothing has been logged yet.\n"
    run("pain 2")
    assert run("rm last").out.startswith("Removed: pain 2 in the morning")


def test_a_pain_and_a_score_can_be_answered_as_json(run: Run) -> None:
    assert read(run, "pain 2")["before"] is None
    assert read(run, "pain 4")["before"]["pain"] == 2
    assert [its["value"] for its in read(run, "score koos-pf 60.5")["entered"]] == [60.5]
    assert read(run, "stats pain")["weeks"][-1]["morning"] == 4
    assert read(run, "score")["courses"][0]["scores"][0]["value"] == 60.5


def test_no_score_yet_says_how_to_enter_one(run: Run) -> None:
    assert run("score").out.splitlines()[0] == "No scores yet."
    assert run("score -d yesterday").err == "--day goes with a score: kneetrack score nprs 3 -d yesterday\n"


def test_a_score_that_is_there_already_is_not_written_again(run: Run) -> None:
    run("score nprs 3")
    assert run("score nprs 3").out == "No change: your diary already has usual pain of the week 3, Wed 25 Nov.\n"
    run("score akps 78")
    assert run("score akps 78").out == "No change: your diary already has AKPS 78, Wed 25 Nov.\n"


def test_a_long_course_shows_its_newest_scores_and_a_change_for_the_worse(run: Run) -> None:
    for ago in range(7):
        run(f"score nprs {8 - ago} -d -{ago * 7}")
    shown = run("score").out
    assert "Usual pain of the week, the last 6 of 7" in shown
    assert re.search(r"\+6 since Wed 14 Oct: worse \(a change of 2 or more counts, Piva2009\)", " ".join(shown.split()))
    assert "±0" in run("score psfs stairs 4 -d -14").out + run("score psfs stairs 4").out


def test_today_says_that_a_score_is_due_and_when_it_was_last_entered(run: Run) -> None:
    run("score akps 78 -d -14")
    assert "Due: AKPS, last on Wed 11 Nov. To enter it: kneetrack score akps N" in run("today").out
    run("score psfs stairs 4 -d -20")
    said = run("today").out
    assert "PSFS, last on Thu 5 Nov; AKPS, last on Wed 11 Nov" in said
    assert "To enter them: kneetrack score psfs stairs N · kneetrack score akps N" in " ".join(said.split())


def test_more_ids_than_a_few_are_shortened_to_what_finds_their_records(run: Run, clock: time_machine.Traveller) -> None:
    for _ in range(60):
        run("log bridge 1x5")
        clock.shift(timedelta(minutes=1))
    ids = re.findall(r" ([0-9a-f]{4,}) ", run("history").out)
    assert len(set(ids)) == 60
    assert run(f"rm {ids[30]}").out.startswith("Removed: Bridge 5")


@pytest.mark.parametrize("line", ["", "--db= today", "--db '' today"])
def test_a_line_without_a_command_is_today_and_a_db_needs_a_path(run: Run, line: str) -> None:
    result = run(line)
    assert (result.code, result.err) == ((2, "--db needs the path of a diary.\n") if line else (0, ""))


def test_a_db_before_a_command_that_takes_none_is_left_out(run: Run) -> None:
    assert run("--db other.db remind status").code == run("remind status").code
    assert run("--db other.db show --help").code == 0
    assert run("--db other.db nonsense").err == run("nonsense").err


def test_a_negative_pain_is_no_option(run: Run) -> None:
    assert run("pain -1").err == "Pain goes from 0 to 10, not -1.\n"
    assert run("log bridge -5").err == "A dose has no minus: write 5 instead of -5.\n"


@pytest.mark.parametrize("asked", ["nonsense", "complete_csh", "source_csh"])
def test_a_shell_that_is_none_ends_quietly(run: Run, monkeypatch: pytest.MonkeyPatch, asked: str) -> None:
    monkeypatch.setenv("_KNEETRACK_COMPLETE", asked)
    assert run("log").code == 1


def test_a_week_that_asks_for_nothing_more_is_said() -> None:
    assert phrases.quota(Quota(0, 0, 0, 0, 0, 0)) == "not due for the rest of this week"
    assert phrases.quota(Quota(3, 3, 0, 0, 0, 0)) == "3 of 3 this week"
    assert phrases.quota(Quota(3, 4, 0, 0, 0, 0)) == "3 of 3 this week, plus 1 extra"
    assert phrases.quota(Quota(3, 1, 0, 0, 0, 0)) == "1 of 3 this week, the rest excused"


@pytest.mark.parametrize(
    "said",
    [(None, None, None, None, 2, None), ("day", None, None, None, None, "x"), (None, None, None, None, None, None)],
)
def test_a_pain_that_no_command_writes_is_an_invalid_value(said: tuple[object, ...]) -> None:
    with pytest.raises(mapping.InvalidValueError, match="moment of pain"):
        mapping.pain_of(("0" * 32, "2026-11-25 06:41:00.000000", "2026-11-25", *said))


def test_measures_are_completed_as_the_first_word_only() -> None:
    workspace = Workspace(Place(Path("none.db"), named=True), NOW)
    assert [offer.word for offer in completion.complete("measures", workspace, "k")] == ["koos-pf"]
    assert completion.complete("measures", workspace, "", ["psfs"]) == []
    assert [offer.word for offer in completion.complete("kinds", workspace, "s")] == ["sessions", "scores"]
    assert [offer.word for offer in completion.complete("moments", workspace, "")] == ["morning", "after", "day"]


def test_a_purge_says_which_backups_could_not_be_rewritten(diary: Path) -> None:
    workspace = Workspace(Place(diary, named=True), NOW)
    note(workspace, 2, Given())
    done = changes.purge(workspace, "last")._replace(backups=RewrittenBackups(0, "x cannot be read"))
    said = " ".join(span.text for line in answers.purged(done) for span in line)
    assert "Not all backups could be rewritten: x cannot be read." in said


def test_a_page_of_days_without_a_plan_and_with_one_score_is_written(run: Run, tmp_path: Path) -> None:
    run("score akps 78 -d 2020-01-03")
    page = tmp_path / "page.html"
    assert run(f"report {page} --from 2020-01-01 --until 2020-01-07").code == 0
    said = page.read_text("utf-8")
    assert "AKPS" in said
    assert "of 0 planned" not in said
