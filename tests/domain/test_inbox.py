"""Lines of a phone: what they say, whatever the phone made of them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneetrack.domain import inbox
from kneetrack.domain.errors import KneetrackError, WrongUseError
from kneetrack.domain.inbox import Entry, lines, read

TODAY = date(2026, 11, 29)


@pytest.mark.parametrize(
    ("line", "entry"),
    [
        ("bridge 3x12", Entry(None, ("bridge", "3x12"), {})),
        ("2026-11-27 bridge 3x12 pain 2", Entry("2026-11-27", ("bridge", "3x12"), {"pain": 2})),
        ("Log bridge 3x12", Entry(None, ("bridge", "3x12"), {})),
        ("kneetrack log mon bridge", Entry("mon", ("bridge",), {})),
        ("2 days ago bridge", Entry("2 days ago", ("bridge",), {})),
        ("mon bridge 3x12 clamshell 3x15", Entry("mon", ("bridge", "3x12", "clamshell", "3x15"), {})),
        ("2026\u201311\u201327 bridge", Entry("2026-11-27", ("bridge",), {})),
        ("2026-13-40 bridge", Entry("2026-13-40", ("bridge",), {})),
        ("Bridge 3 \u00d7 12", Entry(None, ("Bridge", "3\u00d712"), {})),
        ("bridge 15, 12, 10", Entry(None, ("bridge", "15,12,10"), {})),
        ("bridge 3x12 \u2014pain 2/10 \u2013\u2013effort 7", Entry(None, ("bridge", "3x12"), {"pain": 2, "effort": 7})),
        ("bridge --pain=2 --reps 15", Entry(None, ("bridge",), {"pain": 2, "reps": 15})),
        ("bridge 3\u00d712, pain 2,", Entry(None, ("bridge", "3\u00d712"), {"pain": 2})),
        ("bridge 3x12 , clamshell 3x15", Entry(None, ("bridge", "3x12", "clamshell", "3x15"), {})),
        ("mon pain 3/10 morning", Entry("mon", ("morning",), {"pain": 3})),
        ("morning pain 3", Entry(None, ("morning",), {"pain": 3})),
        ("plank hold 30s sets 2", Entry(None, ("plank",), {"hold": 30, "sets": 2})),
        ("clam 12 side left at 18:00", Entry(None, ("clam", "12"), {"side": "left", "at": "18:00"})),
        ("side-plank 2x20s", Entry(None, ("side-plank", "2x20s"), {})),
        ("bridge load \u201cred band\u201d", Entry(None, ("bridge",), {"load": "red band"})),
        ("bridge 12 note it\u2019s 3 x better", Entry(None, ("bridge", "12"), {"note": "it\u2019s 3 x better"})),
        ("bridge 12 \u2014note \u201cfine\u201d", Entry(None, ("bridge", "12"), {"note": "fine"})),
        *(
            (f"{mark} bridge 3x12", Entry(None, ("bridge", "3x12"), {}))
            for mark in ("*", "\u2022", "-", "1.", "2)", "[ ]")
        ),
        ("-2 bridge", Entry("-2", ("bridge",), {})),
        ("bridge -d 2026-11-27", Entry("2026-11-27", ("bridge",), {})),
        ("bridge\u00a03x12", Entry(None, ("bridge", "3x12"), {})),
    ],
)
def test_a_line_says_what_was_meant(line: str, entry: Entry) -> None:
    assert read(line, TODAY) == entry


@pytest.mark.parametrize("line", ["bridge --colour red", "bridge --pain much", "x" * (inbox.MAX_LINE + 1)])
def test_what_no_line_of_log_can_be_is_refused(line: str) -> None:
    with pytest.raises(WrongUseError):
        read(line, TODAY)


@pytest.mark.parametrize("line", ["pain", "mon pain", "pain bad"])
def test_pain_without_a_number_is_asked_how_much_it_is(line: str) -> None:
    with pytest.raises(WrongUseError, match="how much it hurts"):
        read(line, TODAY)


def test_line_ends_and_the_mark_of_a_file_do_no_harm_and_old_reasons_are_left_out() -> None:
    content = "\ufeff# mine\r\nbridge 3x12\r\n\r\n# why: not a day\r\n  clam \r"
    assert list(lines(content)) == ["# mine", "bridge 3x12", "clam"]


@given(st.text())
def test_any_line_is_read_or_refused_with_a_sentence(line: str) -> None:
    try:
        entry = read(line, TODAY)
    except KneetrackError:
        return
    assert set(entry.options) <= {"pain", "effort", "sets", "reps", "hold", "side", "load", "at", "note", "day"}


@pytest.mark.parametrize(
    "line",
    [
        "bridge 3x12",
        "* bridge 3 × 12, pain 2",
        "kneetrack log clam 12 side left note log it",
        "1. Log pain 3",
        "\u2014 bridge 3x12",
    ],
)
def test_a_line_that_gets_a_day_in_front_says_the_same_of_that_day(line: str) -> None:
    assert read(inbox.dated(line, TODAY), TODAY) == read(line, TODAY)._replace(day=str(TODAY))


def test_a_day_that_is_still_to_come_is_said_and_no_exercise() -> None:
    with pytest.raises(WrongUseError, match="“1 dec” is still to come"):
        read("1 dec bridge 3x12", TODAY)
