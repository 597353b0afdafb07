"""Large digits: as large as fits, and never larger."""

from hypothesis import given
from hypothesis import strategies as st

from kneetrack.tui import digits

WORDS = st.text("0123456789:", min_size=1, max_size=6)


@given(WORDS, st.integers(1, 250), st.integers(1, 80))
def test_digits_never_take_more_room_than_there_is_unless_they_are_text(words: str, columns: int, rows: int) -> None:
    lines = digits.draw(words, columns, rows)
    assert lines == [words] or (len(lines) <= rows and max(map(len, lines)) <= columns)


def test_digits_are_as_large_as_fits() -> None:
    assert len(digits.draw("0:45", 80, 18)) == 10
    assert len(digits.draw("0:45", 200, 50)) == 30
    assert len(digits.draw("0:45", 20, 18)) == 5
    assert digits.draw("0:45", 10, 18) == ["0:45"]


def test_a_digit_is_drawn_in_blocks() -> None:
    assert digits.draw("17", 7, 5) == ["  █ ███", "  █   █", "  █   █", "  █   █", "  █   █"]
