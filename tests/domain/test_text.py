"""Days and words: what people type, and what of it reaches a terminal."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneetrack.domain import text
from kneetrack.domain.days import FIRST_DAY
from kneetrack.domain.errors import DayError

TODAY = date(2026, 11, 25)
BERLIN = ZoneInfo("Europe/Berlin")
WEEKDAYS = st.sampled_from(text.WEEKDAYS)
DAYS = st.dates(date(1901, 1, 1), date(2999, 12, 31))
HIDDEN = st.characters(categories=["Cc", "Cf", "Cs", "Ll", "Zl", "Zp"])
ANY_TEXT = st.one_of(st.text(), st.text(HIDDEN))


@pytest.mark.parametrize(
    ("word", "day"),
    [
        ("today", TODAY),
        ("Today", TODAY),
        (" yesterday ", date(2026, 11, 24)),
        ("YESTERDAY", date(2026, 11, 24)),
        ("tomorrow", date(2026, 11, 26)),
        ("-0", TODAY),
        ("-1", date(2026, 11, 24)),
        ("-2", date(2026, 11, 23)),
        ("-25", date(2026, 10, 31)),
        ("2 days ago", date(2026, 11, 23)),
        ("1 day ago", date(2026, 11, 24)),
        ("last mon", date(2026, 11, 23)),
        ("Last Wednesday", date(2026, 11, 18)),
        ("next wed", date(2026, 12, 2)),
        ("next  sun", date(2026, 11, 29)),
        ("20 nov", date(2026, 11, 20)),
        ("Nov 20", date(2026, 11, 20)),
        ("20 november 2025", date(2025, 11, 20)),
        ("2026-11-20", date(2026, 11, 20)),
        ("2024-02-29", date(2024, 2, 29)),
        ("1900-01-01", date(1900, 1, 1)),
        ("2999-12-31", date(2999, 12, 31)),
    ],
)
def test_a_word_names_a_day(word: str, day: date) -> None:
    assert text.read_day(word, TODAY) == day
    assert text.read_day(word, TODAY, ahead=TODAY) == day


@pytest.mark.parametrize(
    ("word", "latest", "following"),
    [
        ("wed", date(2026, 11, 25), date(2026, 11, 25)),
        ("Wednesday", date(2026, 11, 25), date(2026, 11, 25)),
        ("thu", date(2026, 11, 19), date(2026, 11, 26)),
        ("tue", date(2026, 11, 24), date(2026, 12, 1)),
        ("mon", date(2026, 11, 23), date(2026, 11, 30)),
        ("sun", date(2026, 11, 22), date(2026, 11, 29)),
        ("SUNDAY", date(2026, 11, 22), date(2026, 11, 29)),
        ("thurs", date(2026, 11, 19), date(2026, 11, 26)),
    ],
)
def test_a_weekday_is_the_latest_or_the_next_one_today_included(word: str, latest: date, following: date) -> None:
    assert text.read_day(word, TODAY) == latest
    assert text.read_day(word, TODAY, ahead=TODAY) == following


@pytest.mark.parametrize(
    ("word", "latest", "nearest"),
    [
        ("5 jan", date(2026, 1, 5), date(2027, 1, 5)),
        ("26 nov", date(2025, 11, 26), date(2026, 11, 26)),
        ("29 feb", date(2024, 2, 29), date(2028, 2, 29)),
    ],
)
def test_a_date_without_a_year_that_is_still_to_come_is_never_taken_for_last_years(
    word: str, latest: date, nearest: date
) -> None:
    with pytest.raises(DayError, match=f"still to come; for the latest one that has been write {latest}"):
        text.read_day(word, TODAY)
    assert text.read_day(word, TODAY, ahead=TODAY) == nearest


def test_a_date_without_a_year_is_the_nearest_one() -> None:
    assert text.read_day("31 dec", date(2026, 1, 2)) == date(2025, 12, 31)
    assert text.read_day("27 may", TODAY) == date(2026, 5, 27)
    assert text.read_day("24 nov", TODAY, ahead=TODAY) == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("2 days ago bridge", 3),
        ("20 nov 2026", 3),
        ("20 nov 3x15", 2),
        ("nov 20 bridge", 2),
        ("last mon 3x15", 2),
        ("Next Friday", 2),
        ("30 feb", 2),
        ("mon 3x15", 1),
        ("last 3x15", 1),
        ("2 days", 1),
        ("20 bridge", 1),
        ("-2", 1),
    ],
)
def test_a_day_takes_following_words_while_they_continue_it(words: str, number: int) -> None:
    assert text.day_words(words.split()) == number


def test_a_weekday_can_be_asked_for_from_a_later_day_on() -> None:
    assert text.read_day("sun", TODAY, ahead=date(2026, 11, 30)) == date(2026, 12, 6)
    assert text.read_day("tomorrow", TODAY, ahead=date(2026, 11, 30)) == date(2026, 11, 26)


@given(DAYS, WEEKDAYS)
def test_a_weekday_is_at_most_six_days_away(today: date, word: str) -> None:
    latest, following = text.read_day(word, today), text.read_day(word, today, ahead=today)
    assert today - timedelta(6) <= latest <= today <= following <= today + timedelta(6)
    assert {text.WEEKDAYS[latest.weekday()], text.WEEKDAYS[following.weekday()]} == {word}


@given(DAYS)
def test_an_iso_day_is_read_back(day: date) -> None:
    assert text.read_day(day.isoformat(), TODAY) == day


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("2026-02-31", "2026-02-31 is not a date."),
        ("2026-02-29", "2026-02-29 is not a date."),
        ("2026-13-01", "2026-13-01 is not a date."),
        ("0000-01-01", "0000-01-01 is not a date."),
        ("1899-12-31", "before 1900-01-01"),
        ("0001-01-01", "before 1900-01-01"),
        ("-99999", "before 1900-01-01"),
        ("", "is not a day"),
        ("mo", "is not a day"),
        ("mondays", "is not a day"),
        ("someday", "is not a day"),
        ("2", "is not a day"),
        ("+2", "is not a day"),
        ("--2", "is not a day"),
        ("-2.5", "is not a day"),
        ("-999999", "is not a day"),
        ("20-11-2026", "is not a day"),
        ("2026-1-2", "is not a day"),
        ("20261120", "is not a day"),
        ("2026-W48-3", "is not a day"),
        ("2026-11-20T07:30", "is not a day"),
        ("\u0662\u0660\u0662\u0666-\u0661\u0661-\u0662\u0660", "is not a day"),
        ("-\u0662", "is not a day"),
    ],
)
def test_a_word_that_is_no_day_is_refused(word: str, sentence: str) -> None:
    with pytest.raises(DayError, match=sentence):
        text.read_day(word, TODAY)


def test_a_word_that_is_no_day_is_shown_without_its_control_characters() -> None:
    with pytest.raises(DayError, match=r"^“\\x1b\[31mred” is not a day"):
        text.read_day("\x1b[31mred", TODAY)


@given(word=st.one_of(ANY_TEXT, st.text("-0123456789")), ahead=st.booleans())
def test_any_text_is_a_day_of_the_diary_or_a_day_error(word: str, *, ahead: bool) -> None:
    try:
        assert text.read_day(word, TODAY, ahead=TODAY if ahead else None) >= FIRST_DAY
    except DayError:
        return


@pytest.mark.parametrize(
    ("local", "day_start", "day"),
    [
        (datetime(2026, 11, 25, 0, 0, tzinfo=BERLIN), time(0), date(2026, 11, 25)),
        (datetime(2026, 11, 24, 23, 59, 59, tzinfo=BERLIN), time(0), date(2026, 11, 24)),
        (datetime(2026, 11, 25, 3, 59, 59, 999999, tzinfo=BERLIN), time(4), date(2026, 11, 24)),
        (datetime(2026, 11, 25, 4, 0, tzinfo=BERLIN), time(4), date(2026, 11, 25)),
        (datetime(2026, 11, 25, 0, 29, tzinfo=BERLIN), time(0, 30), date(2026, 11, 24)),
        (datetime(2026, 11, 25, 0, 30, tzinfo=BERLIN), time(0, 30), date(2026, 11, 25)),
        (datetime(2026, 11, 25, 11, 58, tzinfo=BERLIN), time(11, 59), date(2026, 11, 24)),
        (datetime(2026, 11, 25, 11, 59, tzinfo=BERLIN), time(11, 59), date(2026, 11, 25)),
        (datetime(2027, 1, 1, 3, 0, tzinfo=BERLIN), time(4), date(2026, 12, 31)),
        (datetime(2028, 3, 1, 3, 0, tzinfo=BERLIN), time(4), date(2028, 2, 29)),
    ],
    ids=str,
)
def test_a_day_begins_at_its_start_by_the_wall_clock(local: datetime, day_start: time, day: date) -> None:
    assert text.diary_day(local, day_start) == day


@pytest.mark.parametrize("change", [date(2026, 3, 29), date(2026, 10, 25)], ids=["to summer time", "to winter time"])
@pytest.mark.parametrize("fold", [0, 1])
def test_a_change_of_the_clocks_does_not_move_the_start_of_a_day(change: date, fold: int) -> None:
    before = datetime.combine(change, time(3, 59), BERLIN).replace(fold=fold)
    assert text.diary_day(before, time(4)) == change - timedelta(1)
    assert text.diary_day(datetime.combine(change, time(4), BERLIN), time(4)) == change
    assert text.diary_day(datetime.combine(change, time(2, 30), BERLIN).replace(fold=fold), time(0)) == change
    assert text.diary_day(datetime.combine(change, time(2, 30), BERLIN).replace(fold=fold), time(2, 30)) == change


@given(DAYS, st.times(), st.builds(time, st.integers(0, 11), st.integers(0, 59)))
def test_only_a_time_before_the_start_of_the_day_counts_for_the_day_before(
    day: date, clock: time, day_start: time
) -> None:
    local = datetime.combine(day, clock, BERLIN)
    assert text.diary_day(local, day_start) == day - timedelta(clock < day_start)


@pytest.mark.parametrize(
    ("word", "clock"),
    [
        ("07:30", time(7, 30)),
        ("7:30", time(7, 30)),
        ("00:00", time(0)),
        ("23:59", time(23, 59)),
        (" 19:05 ", time(19, 5)),
        ("18", time(18)),
        ("7", time(7)),
        ("6pm", time(18)),
        ("6 PM", time(18)),
        ("6:30pm", time(18, 30)),
        ("7:30am", time(7, 30)),
        ("12am", time(0)),
        ("12pm", time(12)),
    ],
)
def test_a_word_names_a_time_of_day(word: str, clock: time) -> None:
    assert text.read_clock(word) == clock


@pytest.mark.parametrize(
    "word",
    [
        "",
        "24",
        "0am",
        "13pm",
        "pm",
        "730",
        "07.30",
        "7:3",
        "24:00",
        "25:00",
        "12:60",
        "-1:00",
        "07:30:00",
        "\u0660\u0667:\u0663\u0660",
        "noon",
    ],
)
def test_a_word_that_is_no_time_of_day_is_refused(word: str) -> None:
    with pytest.raises(DayError, match=r"is not a time of day; write it as 07:30, 18 or 6pm\.$"):
        text.read_clock(word)


@pytest.mark.parametrize(
    ("words", "weekdays"),
    [
        ("mon", (0,)),
        ("mon,wed,fri", (0, 2, 4)),
        ("fri,mon,wed", (0, 2, 4)),
        ("MON,Tuesday", (0, 1)),
        ("sun,sun", (6,)),
        ("mon,tue,wed,thu,fri,sat,sun", (0, 1, 2, 3, 4, 5, 6)),
    ],
)
def test_weekdays_are_read_in_any_order(words: str, weekdays: tuple[int, ...]) -> None:
    assert text.read_weekdays(words) == weekdays


@pytest.mark.parametrize("words", ["", "mo", "mon,", ",mon", "mon;wed", "mon,funday", "1,3", "mon wed"])
def test_words_that_are_no_weekdays_are_refused(words: str) -> None:
    with pytest.raises(DayError, match=r"is not a weekday; write them as mon,wed,fri\.$"):
        text.read_weekdays(words)


def test_a_day_is_shown_with_its_weekday_and_with_a_year_that_is_not_this_one() -> None:
    assert text.show_day(date(2026, 11, 22), TODAY) == "Sun 22 Nov"
    assert text.show_day(date(2025, 2, 1), TODAY) == "Sat 1 Feb 2025"
    assert text.short_day(date(2026, 11, 22), TODAY) == "22 Nov"
    assert text.short_day(date(2027, 1, 1), TODAY) == "1 Jan 2027"


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (None, "–"),
        (0.0, "0 %"),
        (0.5, "50 %"),
        (0.926, "93 %"),
        (0.994, "99 %"),
        (0.996, "99 %"),
        (0.99999, "99 %"),
        (1.0, "100 %"),
    ],
)
def test_only_all_of_it_is_100_percent(share: float | None, shown: str) -> None:
    assert text.percent(share) == shown


@pytest.mark.parametrize(("number", "words"), [(0, "0 days"), (1, "1 day"), (2, "2 days")])
def test_a_number_takes_the_right_form_of_its_noun(number: int, words: str) -> None:
    assert text.count(number, "day") == words


@pytest.mark.parametrize(
    ("hidden", "shown"),
    [
        ("\x00", r"\x00"),
        ("\r", r"\r"),
        ("\n", r"\n"),
        ("\t", r"\t"),
        ("\x08", r"\x08"),
        ("\x7f", r"\x7f"),
        ("\x1b[2J", r"\x1b[2J"),
        ("\x1b]52;c;cm0=\x07", r"\x1b]52;c;cm0=\x07"),
        ("\x1b]8;;http://x\x1b\\", r"\x1b]8;;http://x\x1b" + "\\"),
        ("\x9b31m", r"\x9b31m"),
        ("\x9d52;c;cm0=\x9c", r"\x9d52;c;cm0=\x9c"),
        ("\x85", r"\x85"),
        ("\u202e", r"\u202e"),
        ("\u2066x\u2069", r"\u2066x\u2069"),
        ("\u200f", r"\u200f"),
        ("\u2028", r"\u2028"),
        ("\ufeff", r"\ufeff"),
        ("\U000e0041", r"\U000e0041"),
        ("\ud800", r"\ud800"),
        ("\udcff", r"\udcff"),
    ],
    ids=ascii,
)
def test_what_could_steer_a_terminal_is_written_out(hidden: str, shown: str) -> None:
    assert text.clean(f"a{hidden}b") == f"a{shown}b"


@pytest.mark.parametrize(
    "words",
    [
        "",
        "left knee, 3rd set",
        "Übung für Knie, café, naïve",
        "cafe\u0301",
        "膝の体操",
        "무릎",
        "ركبة",
        "ברך",
        "\N{WOMAN}\N{ZERO WIDTH JOINER}\N{PERSONAL COMPUTER}",
        "\N{THUMBS UP SIGN}\N{EMOJI MODIFIER FITZPATRICK TYPE-4}",
        "\N{HEAVY BLACK HEART}\N{VARIATION SELECTOR-16}",
        "می\N{ZERO WIDTH NON-JOINER}خواهم",
        "[red]x[/red] [/nope] :smile:",
        r"C:\x1b",
        "no-break\N{NO-BREAK SPACE}space",
    ],
    ids=ascii,
)
def test_ordinary_text_is_left_as_it_is(words: str) -> None:
    assert text.clean(words) == words


@given(ANY_TEXT)
def test_cleaned_text_holds_nothing_that_steers_a_terminal(words: str) -> None:
    for character in text.clean(words):
        assert unicodedata.category(character) not in {"Cc", "Cs", "Zl", "Zp"}
        assert unicodedata.bidirectional(character) not in {
            "LRE",
            "RLE",
            "LRO",
            "RLO",
            "PDF",
            "LRI",
            "RLI",
            "FSI",
            "PDI",
        }
        assert not "\U000e0000" <= character <= "\U000e007f"


@given(ANY_TEXT)
def test_cleaning_twice_is_cleaning_once(words: str) -> None:
    assert text.clean(text.clean(words)) == text.clean(words)


@given(st.text())
def test_text_that_is_utf_8_is_stored_as_it_is(words: str) -> None:
    assert text.storable(words) == words


def test_bytes_that_are_not_utf_8_are_stored_written_out() -> None:
    assert text.storable(b"caf\xe9 \xc3\xa9".decode("utf-8", "surrogateescape")) == r"caf\xe9 é"


@given(ANY_TEXT)
def test_any_text_can_be_stored_with_half_characters_alone_written_out(words: str) -> None:
    stored = text.storable(words)
    assert stored.encode("utf-8").decode("utf-8") == stored
    halves = r"\\(x[89a-f][0-9a-f]|u[0-9a-f]{4})"
    kept = (halves if unicodedata.category(letter) == "Cs" else re.escape(letter) for letter in words)
    assert re.fullmatch("".join(kept), stored)


@pytest.mark.parametrize(("number", "shown"), [(0, "1 kB"), (1499, "1 kB"), (220_000, "220 kB"), (3_800_000, "3.8 MB")])
def test_a_size_is_shown_in_kilobytes_or_megabytes_and_never_as_nothing(number: int, shown: str) -> None:
    assert text.size(number) == shown
