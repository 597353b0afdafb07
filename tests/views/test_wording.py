"""What the program says: no promise, no source that is not there, no number from a study without its source."""

import ast
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

import kneetrack
from conftest import NOW, Run
from kneetrack.cli.grammar import COMMANDS
from kneetrack.domain import milestones
from kneetrack.domain.catalogue import Catalogue
from kneetrack.views import answer, safety, why
from kneetrack.views import encouragement as keeping_at_it

pytestmark = pytest.mark.usefixtures("db", "clock")

SOURCE = Path(kneetrack.__file__).parent
DATA = SOURCE / "data"
README = Path(__file__).parents[2] / "README.md"

FORBIDDEN = re.compile(
    r"\b(treats|cures?|prevents|prescribes|the real cause|diagnos\w*|guarante\w*|heals?|relieves?|injury-proof)\b",
    re.IGNORECASE,
)
NEGATED = "It does not diagnose, treat or prevent any condition and is no substitute for a clinician."
"""The one sentence that may say such words, because it says what this is not."""

LISTED = json.loads((DATA / "references.json").read_text("utf-8"))["references"]
KEYS = frozenset(item["key"] for item in LISTED)
UNCHECKED = frozenset(item["key"] for item in LISTED if item["mark"] == "M")
KEY = re.compile(r"\b[A-Z][A-Za-z]*(?:20[0-2][0-9]|19[0-9]{2})[A-Z]?(?:-T[0-9])?\b")
NUMBER = re.compile(r"\d|\b(?:one|two|three|four|six|eight|ten|half)\b (?:of|week|month|missed|people)", re.IGNORECASE)
STUDY = re.compile(r"\b(trials?|stud(?:y|ies)|published|guideline|adolescents|people|home program|program says)\b")

OUT = re.compile(
    r"(?<![-_])\b(journals?(?!_)|ledger|in a row|Knowing|Looking|is so already|stands there|that is none|to spare"
    r"|due nothing|New run|(?:example|your|the|this|new) programs?(?! is gone| that)|program in force)\b",
    re.IGNORECASE,
)
"""Words for which there is a better one: diary, streak, plan; or that nobody says."""

SCREENS = (
    "why",
    "safety",
    "plan templates",
    "plan templates --json",
    "exercises",
    "exercises --json",
    "exercises --long",
    "stats",
)


def literals(but: str = "") -> Iterator[str]:
    """Yield every text in the source, but for one file, that is not the docstring of something."""
    for path in sorted(SOURCE.rglob("*.py")):
        if path.name == but:
            continue
        tree = ast.parse(path.read_text("utf-8"))
        loose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in loose:
                yield node.value


def data_texts() -> Iterator[str]:
    """Yield every text of the data files, except the titles of the sources, which are not ours."""

    def within(value: object) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            for part in value.values():
                yield from within(part)
        elif isinstance(value, list):
            for part in value:
                yield from within(part)

    for name in ("exercises", "templates"):
        yield from within(json.loads((DATA / f"{name}.json").read_text("utf-8")))


def spoken(run: Run) -> Iterator[str]:
    """Yield what the commands print: their help, the screens of knowing, and show of every exercise."""
    run("log bridge")
    yield run("--help").out
    for command in COMMANDS:
        yield run(f"{command} --help").out
    for command in ("set", "drop", "templates", "use", "next"):
        yield run(f"plan {command} --help").out
    for line in SCREENS:
        yield run(line).out
    for exercise in Catalogue():
        yield run(f"show {exercise.typed} --sources").out


def bare(said: str) -> str:
    """Return a text on one line, without the frames of the help and without the sentence that is negated."""
    return " ".join(re.sub(r"[│╭╮╰╯─]", " ", said).split()).replace(NEGATED, "")


def without_sources(said: str) -> str:
    """Return a screen up to its list of sources, whose titles are not ours."""
    return re.split(r"^ *sources$", said, flags=re.IGNORECASE | re.MULTILINE)[0]


def sentences(said: str) -> list[str]:
    """Return the sentences of a text."""
    return re.split(r"(?<=[.!?:])\s+(?=[A-Z])", " ".join(said.split()))


def test_nothing_that_is_printed_promises_anything(run: Run) -> None:
    said = [found[0] for text in spoken(run) for found in FORBIDDEN.finditer(bare(without_sources(text)))]

    assert said == []


def test_nothing_that_could_be_printed_promises_anything() -> None:
    every = (*literals(), *data_texts(), README.read_text("utf-8"))

    assert [(found[0], text) for text in every for found in FORBIDDEN.finditer(bare(text))] == []


def test_nothing_is_said_in_words_that_are_out(run: Run) -> None:
    pages = (page.read_text("utf-8") for page in (README, *README.parent.glob("docs/*.md")))
    every = [*map(bare, spoken(run)), *literals(but="ddl.py"), *data_texts(), *pages]
    assert {(found[0], text[:80]) for text in every for found in OUT.finditer(text)} == set()


@pytest.mark.parametrize(
    "said", ["3 in a row", "your program", "Your journal", "3 days to spare", "a day that is none"]
)
def test_the_list_would_catch_a_word_that_is_out(said: str) -> None:
    assert OUT.search(said)


def test_the_list_would_catch_a_promise() -> None:
    for promise in ("It treats pain.", "A diagnosis", "guaranteed", "This prevents it", "THE REAL CAUSE"):
        assert FORBIDDEN.search(bare(promise))
    assert not FORBIDDEN.search(bare(f"Before. {NEGATED} After."))


def test_every_source_named_anywhere_is_there_and_was_checked(run: Run) -> None:
    every = [*spoken(run), *literals(), *data_texts(), README.read_text("utf-8")]
    named = {key for text in every for key in KEY.findall(text)}

    assert named > {"Hoglund2018", "Rathleff2015", "Rathleff2012P", "IJSPT2014-T2"}
    assert named - KEYS == set()
    assert named & UNCHECKED == set()
    unchecked = [item["doi"] for item in LISTED if item["doi"] and not item["doi_checked"]]
    assert [doi for doi in unchecked if any(doi in text for text in every)] == []


def test_every_screen_lists_the_sources_that_it_names(run: Run) -> None:
    run("log bridge")
    for line in ("why", "safety", "plan templates", *(f"show {exercise.typed} --sources" for exercise in Catalogue())):
        said = run(line).out
        main = without_sources(said)
        listed = said[len(main) :]

        assert [key for key in sorted(KEYS) if re.search(rf"\b{key}\b", main) and key not in listed] == [], line


def statements() -> Iterator[str]:
    """Yield the sentences that speak of studies."""
    texts = [
        *answer.EXAMPLE,
        keeping_at_it.HOW_JUDGED,
        *(words for _, words in keeping_at_it.EXPECTED),
        *(str(statement) for _, *its in why.WHY for statement in its),
        *(point for _, *points in safety.SIGNS for point in points),
        *(item["rationale"] for item in json.loads((DATA / "templates.json").read_text("utf-8"))["templates"]),
        *literals(but="why.py"),
        *README.read_text("utf-8").splitlines(),
    ]
    for text in texts:
        yield from sentences(text)


def test_every_sentence_with_a_number_from_a_study_names_its_source() -> None:
    claims = [sentence for sentence in statements() if NUMBER.search(sentence) and STUDY.search(sentence)]

    assert len(claims) >= 12
    assert [claim for claim in claims if not any(key in claim for key in KEYS)] == []


def test_the_threshold_of_the_words_is_that_of_the_rule() -> None:
    assert f"{milestones.KEPT_SHARE:.0%}".replace("%", " %") in keeping_at_it.HOW_JUDGED
    assert str(milestones.CLEAR_FALL) in keeping_at_it.HOW_JUDGED


DAILY = (
    "today",
    "log bridge 10",
    "log clam --pain 7",
    "edit last --pain 3",
    "pain 2",
    "pain 8 --moment after",
    "stats pain",
    "score nprs 5 -d -14",
    "score nprs 3",
    "score psfs stairs 4 drive 6",
    "undo",
    "redo",
    "skip clam",
    "resume clam",
    "pause --from mon",
    "plan",
    "plan set bridge --per-week 3",
    "plan history",
    "plan set bridge 1x10 --from -9",
    "rule set bridge --sessions 1 --max-pain 5 --morning-not-worse --max-effort 8 --then 'bridge 2x10'",
    "rule set clam --sessions 1 --then 'clamshell-band 3x10'",
    "log clam 3x15 -d yesterday",
    "rule",
    "rule quiet clam --until sun",
    "rule drop bridge",
    "plan when 'after tea' --if-not later",
    "settings",
    "today",
    "remind",
)


def test_a_daily_answer_names_no_source_and_says_no_word_that_is_out(run: Run) -> None:
    said = [run(line).out for line in DAILY if line != "today"]
    assert len([words for words in said if words]) >= len(DAILY) - 4
    assert [
        found
        for words in said
        for found in (*KEY.findall(words), *OUT.findall(words), *re.findall(r"\bprograms?\b|\bstands\b", words))
    ] == []


def test_what_is_said_of_going_on_and_coming_back_promises_blames_and_cheers_nothing(
    run: Run, clock: time_machine.Traveller
) -> None:
    run("plan set bridge 1x10 --from -28")
    for ago in range(28, 1, -1):
        run(f"log bridge 10 -d -{ago}")
    run("rule set bridge --sessions 2 --then 'bridge 2x10'")
    said = [run(line).out for line in ("today", "remind", "rule", "explain rule", "stats bridge", "plan when")]
    for days in (6, 29):
        clock.move_to(NOW + timedelta(days))
        said += [run(line).out for line in ("today", "remind")]
    words = " ".join(said)
    assert words.count("what counts is coming back") == 6
    assert words.count("Your rule is met") == 6
    blame = r"\b(?:fail\w*|lost|lose|should|must|behind|broke\w*|lazy|great|well done|congrat\w*|better than)\b|!"
    assert [*re.findall(blame, words, re.IGNORECASE), *FORBIDDEN.findall(words), *OUT.findall(words)] == []


def test_what_is_shown_of_pain_and_scores_says_no_word_that_is_out_and_no_grade(run: Run) -> None:
    for line in DAILY:
        run(line)
    said = [run(line).out for line in ("pain", "explain pain", "score", "report")]
    assert all(said)
    grades = r"\b(?:severe|mild|moderate|good|bad|excellent|normal|healthy|should|must)\b"
    assert [found for words in said for found in (*OUT.findall(words), *re.findall(grades, words, re.IGNORECASE))] == []
