"""The front door reads a line exactly as Typer does, or leaves it to Typer."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import Run
from kneetrack.cli import front, grammar, typer_app
from kneetrack.cli.grammar import COMMANDS, Command, Parameter
from kneetrack.domain.errors import WrongUseError

README = Path(__file__).parents[2] / "README.md"
Read = tuple[Command, dict[str, Any]]


def by_typer(words: list[str]) -> Read | None:
    """Return what Typer makes of a line; None where it runs no command."""
    found: list[Read] = []

    def call(command: Command, typed: dict[str, Any]) -> int:
        found.append((command, typed))
        return 0

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grammar, "call", call)
        try:
            typer_app.run(words)
        except typer_app.UsageError:
            return None
    return found[0] if found else None


def agrees(words: list[str]) -> bool:
    """Return whether the front door reads a line, and hold what it reads equal to what Typer does."""
    words = front.joined(words)
    read = front.read(words)
    if read is not None:
        assert read == by_typer(words), words
    return read is not None


WORDS = st.sampled_from(
    (
        "bridge",
        "3x15",
        "all",
        "again",
        "last",
        "next",
        "-",
        "",
        "-2",
        "2",
        "days",
        "ago",
        "20",
        "nov",
        "6pm",
        "7/10",
        "a3f1",
        "×",
        "ねこ",
        "mon",
        "x=y",
        "--",
        "-d",
        "--json",
        "--reps",
        "--from",
        "l",
    )
) | st.text(max_size=5)


@st.composite
def lines(draw: st.DrawFn) -> list[str]:
    """Draw a line: a command, its parameters in some order, glued or separate values, and now and then a stray word."""
    name = draw(st.sampled_from(list(COMMANDS)))
    parameters = COMMANDS[name].parameters
    chosen = draw(st.lists(st.sampled_from(parameters), max_size=5)) if parameters else []
    pieces = [draw(_piece(each)) for each in chosen]
    pieces += draw(st.lists(st.lists(WORDS, min_size=1, max_size=1), max_size=1))
    return [*name.split(), *(word for piece in draw(st.permutations(pieces)) for word in piece)]


@st.composite
def _piece(draw: st.DrawFn, each: Parameter) -> list[str]:
    """Draw how one parameter is typed."""
    if not each.is_option:
        return [draw(WORDS) for _ in range(draw(st.integers(0, 3 if each.kind == "words" else 1)))]
    flag = draw(st.sampled_from(each.flags))
    if each.kind == "flag":
        return [flag]
    value = draw(WORDS)
    return [f"{flag}={value}"] if flag.startswith("--") and draw(st.booleans()) else [flag, value]


@given(lines())
def test_a_line_that_the_front_door_reads_is_read_the_same_by_typer(words: list[str]) -> None:
    agrees(words)


NEW = (
    "log again", "log bridge again", "log bridge again clam 3x12 --side l", "log bridge -d 2 days ago 3x15",
    "log -d last mon bridge --pain 7/10 --effort 3/10", "log bridge 15 --day=20 nov --at 6pm", "log all -d nov 20",
    "log bridge --note -d -d 20 nov 2025", "edit last -d last sunday --pain 3/10", "skip bridge -d next fri",
    "plan set bridge 3x12 --from next mon --per-week 3", "plan drop bridge --from 1 dec", "plan use starter --from mon",
    "pause --from next mon --until 24 dec --reason travel", "history --from 2 days ago --until yesterday",
    "report page.txt --from 1 nov --until last sun", "log bridge --db x -d last mon 15",
)  # fmt: skip


@pytest.mark.parametrize("line", NEW)
def test_days_of_several_words_and_the_rest_of_the_grammar_come_in_by_the_front_door(line: str) -> None:
    assert agrees(shlex.split(line))


@pytest.mark.parametrize(
    ("line", "joined"),
    [
        ("log bridge -d 2 days ago 3x15", ["log", "bridge", "-d", "2 days ago", "3x15"]),
        ("log bridge --day=last mon 3x15", ["log", "bridge", "--day=last mon", "3x15"]),
        ("log bridge --note -d last mon", ["log", "bridge", "--note", "-d", "last", "mon"]),
        ("log bridge -- -d last mon", ["log", "bridge", "--", "-d", "last", "mon"]),
        ("log bridge --load last mon", ["log", "bridge", "--load", "last", "mon"]),
        ("log bridge -d", ["log", "bridge", "-d"]),
        ("plan set bridge --from next mon", ["plan", "set", "bridge", "--from", "next mon"]),
        ("nothing -d last mon", ["nothing", "-d", "last", "mon"]),
    ],
)
def test_a_day_of_an_option_is_made_one_word_and_nothing_else_is(line: str, joined: list[str]) -> None:
    assert front.joined(line.split()) == joined


@pytest.mark.parametrize("name", COMMANDS)
def test_the_example_of_each_command_comes_in_by_the_front_door(name: str) -> None:
    words = shlex.split(COMMANDS[name].example)[1:] or ["today"]
    assert agrees(words)


@pytest.mark.parametrize(
    "line", sorted(set(re.findall(r"^\$ kneetrack (.+)$", README.read_text("utf-8"), re.MULTILINE)))
)
def test_the_transcripts_of_the_readme_come_in_by_the_front_door(line: str) -> None:
    assert agrees(shlex.split(line))


@pytest.mark.parametrize(
    "line",
    [
        "log --help", "log -h", "--version", "log bridge --rep 15", "log bridge -d", "log bridge -2", "log -- bridge",
        "today --json=1", "undo x", "rm", "plan sett bridge", "plan --json history", "nothing", "log bridge -dmon",
    ],
)  # fmt: skip
def test_help_and_doubtful_lines_are_left_to_typer(line: str) -> None:
    assert front.read(shlex.split(line)) is None


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("bridge 3x15", "“bridge” is not a command. To log it: kneetrack log bridge 3x15"),
        ("bridge '3x15; ls'", "“bridge” is not a command. To log it: kneetrack log bridge '3x15; ls'"),
        ("effort 7/10", "“effort” goes with what you log: kneetrack log bridge --effort 7/10"),
        ("plan bridge 3x12", "To plan it: kneetrack plan set bridge 3x12"),
        ("log bridge -5", "A dose has no minus: write 5 instead of -5."),
        (
            "stats --days 3",
            "--days is not an option of kneetrack stats, but of kneetrack history. See: kneetrack stats --help",
        ),
        (f"sta{'x' * 500}", f"“sta{'x' * 57}…” is not a command. See: kneetrack --help"),
        ("lgo bridge", "“lgo” is not a command. Did you mean kneetrack log bridge?"),
        ("log bridge --rep 5", "--rep is not an option of kneetrack log. Did you mean --reps?"),
        ("log bridge --colour", "--colour is not an option of kneetrack log. See: kneetrack log --help"),
        ("log bridge --reps", "--reps needs a value after it: N."),
        ("today --json=3", "--json takes no value; leave out “3”."),
        ("history --days x", "--days takes a whole number, not “x”."),
        (
            "undo x",
            "“x” is one word too many: kneetrack undo takes no further words. For example: kneetrack undo --list",
        ),
        (
            "plan --db x sett",
            (
                "“sett” is not a command of kneetrack plan; there are history, set, templates, use, next, when, drop."
                " Did you mean kneetrack plan set?"
            ),
        ),
        ("show", "kneetrack show needs EXERCISE after it. For example: kneetrack show bridge"),
        (
            "plan sett bridge",
            (
                "“sett” is not a command of kneetrack plan; there are history, set, templates, use, next, when, drop."
                " Did you mean kneetrack plan set?"
            ),
        ),
    ],
)
def test_a_line_that_is_not_well_formed_is_answered_in_one_sentence(line: str, said: str, run: Run) -> None:
    result = run(line)
    assert (result.code, result.out, result.err) == (2, "", f"{said}\n")


def test_a_number_may_be_negative_and_as_long_as_it_likes() -> None:
    with pytest.raises(WrongUseError, match="0 to 10"):
        grammar.call(*front.read(["log", "bridge", "5", "--pain", "-1", "--db", "nowhere.db"]))  # type: ignore[misc]
