"""What doctor says of a server that is not as it should be, by what the server says of itself."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, cast

import pytest

from conftest import NOW
from kneetrack.domain.findings import Finding
from kneetrack.health import server
from kneetrack.store.postgres import PostgresDatabase
from kneetrack.store.server import read

SOUND = ("15.18", 150018, "UTF8", False, "on")


class Answers:
    """A diary on a server that answers each question as it is told to."""

    def __init__(self, *answers: list[tuple[object, ...]]) -> None:
        """Take what each question is answered with, in their order."""
        self.path = read("postgresql:///health?diary=anna")
        self._answers = iter(answers)

    def rows(self, _statement: str, *_values: object) -> list[Any]:
        """Return the next answer."""
        return next(self._answers)


def found(look: Callable[..., Finding], *answers: list[tuple[object, ...]], now: datetime | None = None) -> Finding:
    """Return what is found where questions are answered so."""
    diary = cast("PostgresDatabase", Answers(*answers))
    return look(diary, now) if now else look(diary)


@pytest.mark.parametrize(
    ("answer", "state", "words"),
    [
        (SOUND, "fine", "PostgreSQL 15.18, UTF8"),
        (("15.18", 150018, "SQL_ASCII", False, "on"), "damage", "not every text can be kept"),
        (("15.18", 150018, "UTF8", True, "on"), "notice", "a read-only replica"),
        (("15.18", 150018, "UTF8", False, "off"), "notice", "a power cut loses the diary"),
        (("12.22", 120022, "UTF8", False, "on"), "notice", "this version is no longer supported"),
    ],
)
def test_a_server_that_does_not_suit_a_diary_is_named(answer: tuple[object, ...], state: str, words: str) -> None:
    its = found(server._server, [answer])  # noqa: SLF001 - no server can be made to say so
    assert its.state == state
    assert words in its.words


@pytest.mark.parametrize(("apart_s", "state"), [(0, "fine"), (59, "fine"), (3_600, "notice")])
def test_a_server_whose_clock_is_an_hour_off_is_named(apart_s: int, state: str) -> None:
    answer: list[tuple[object, ...]] = [(NOW + timedelta(seconds=apart_s),)]
    assert found(server._clock, answer, now=NOW).state == state  # noqa: SLF001 - as above


@pytest.mark.parametrize(
    ("public", "readers", "words"),
    [
        (True, [], "every role on the server has access to its schema"),
        (False, [("ben",), ("cleo",)], "these may read it too: ben, cleo"),
        (False, [], "only you and the administrators of the server may read it"),
    ],
)
def test_who_else_may_read_a_diary_is_named(public: object, readers: list[tuple[object, ...]], words: str) -> None:
    its = found(server._others, [(False,)], [(public,)], readers)  # noqa: SLF001 - as above
    assert its.words == words
