"""What is offered for a line that is being typed, by the table of the grammar: no shell has to be there for these."""

from collections.abc import Callable

import pytest

from conftest import Run

pytestmark = pytest.mark.usefixtures("diary", "clock")

Offered = Callable[..., list[str]]


@pytest.fixture
def offered(run: Run, monkeypatch: pytest.MonkeyPatch) -> Offered:
    """Return a function that gives the words that a shell is offered for a line; `|` is where it is being typed."""

    def _offered(line: str, shell: str = "fish") -> list[str]:
        for name in ("COMP_WORDS", "COMP_CWORD", "_TYPER_COMPLETE_ARGS", "_TYPER_COMPLETE_FISH_ACTION"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("_KNEETRACK_COMPLETE", f"complete_{shell}")
        if shell == "bash":
            words = line.split(" ")
            monkeypatch.setenv("COMP_WORDS", "\n".join(words))
            monkeypatch.setenv("COMP_CWORD", str(len(words) - 1))
        else:
            monkeypatch.setenv("_TYPER_COMPLETE_ARGS", line)
        out = run("").out
        monkeypatch.delenv("_KNEETRACK_COMPLETE")
        return out.splitlines() if shell != "fish" else [each.partition("\t")[0] for each in out.splitlines()]

    return _offered


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("kneetrack pl", ["plan"]),
        ("kneetrack --v", ["--version"]),
        ("kneetrack plan te", ["templates"]),
        ("kneetrack log --si", ["--side"]),
        ("kneetrack log clam --side l", ["left"]),
        ("kneetrack log clam --side=left --si", []),
        ("kneetrack log bridge -d yes", ["yesterday"]),
        ("kneetrack settings pain", ["pain_limit", "pain_rule"]),
        ("kneetrack settings sound b", ["bell"]),
        ("kneetrack explain ha", ["habit"]),
        ("kneetrack show glute-br", []),
        ("kneetrack nonsense x", []),
        ("kneetrack --db", ["--db"]),
        ("kneetrack --db ", []),
        ("kneetrack log bridge --note '", []),
        ("kneetrack log bridge --hel", ["--help"]),
    ],
)
def test_a_line_is_offered_what_may_come(line: str, words: list[str], offered: Offered) -> None:
    assert offered(line) == words


def test_a_day_of_two_words_goes_on(offered: Offered) -> None:
    assert "mon" in offered("kneetrack log bridge -d last m")


def test_exercises_are_offered_for_each_word_of_a_line_that_takes_several(offered: Offered) -> None:
    assert "clamshell" in offered("kneetrack log bridge 3x15 clam")
    assert offered("kneetrack log zzz") == []


def test_ids_and_backups_come_from_the_diary_that_the_line_names(run: Run, offered: Offered, tmp_path: object) -> None:
    other = f"{tmp_path}/other.db"
    run(f"log bridge --db {other}")
    run(f"backup --db {other}")
    assert "last" in offered(f"kneetrack --db {other} edit ")
    assert offered(f"kneetrack restore --db {other} 2026")
    assert offered(f"kneetrack restore --db={other} 2026") == offered(f"kneetrack --db {other} restore 2026")


def test_bash_is_given_a_word_a_line_and_zsh_what_it_evaluates(offered: Offered) -> None:
    assert offered("kneetrack unde", "bash") == []
    assert offered("kneetrack und", "bash") == ["undo"]
    (first,) = offered("kneetrack und", "zsh")
    assert first.startswith('_arguments \'*: :(("undo":"Undo the last change')
    assert offered("kneetrack unde", "zsh") == ["_files"]


def test_fish_asks_whether_there_is_anything_to_offer(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_KNEETRACK_COMPLETE", "complete_fish")
    monkeypatch.setenv("_TYPER_COMPLETE_FISH_ACTION", "is-args")
    monkeypatch.setenv("_TYPER_COMPLETE_ARGS", "kneetrack und")
    assert run("").code == 0
    monkeypatch.setenv("_TYPER_COMPLETE_ARGS", "kneetrack unde")
    assert run("").code == 1


@pytest.mark.parametrize("number", ["", "x", "0", "-1", "9"])
def test_a_number_that_is_no_place_in_the_line_is_offered_nothing(
    number: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("_KNEETRACK_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", "kneetrack log")
    monkeypatch.setenv("COMP_CWORD", number)
    assert run("").out == ""


def test_a_line_without_a_word_is_offered_nothing(offered: Offered) -> None:
    assert offered("") == []
