"""Pain of days by a person's rule: verdicts, several days together, and what is said once."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneetrack.domain import pain
from kneetrack.domain.dose import Dose
from kneetrack.domain.pain import Missing, Rule
from kneetrack.domain.records import Moment, Pain, Session, Side

TODAY = date(2026, 11, 29)
DAY = timedelta(1)
NOW = datetime(2026, 11, 29, 8, tzinfo=UTC)
KNEE = Rule("mykneecap", 1, 5)
LIGHT = Rule("light", 3, 5)


def did(level: int | None, ago: int = 0, exercise: str = "bridge") -> Session:
    """Return a session with a pain, of some days ago."""
    return Session("0" * 32, NOW, exercise, TODAY - ago * DAY, None, None, Dose(1, 10, None), None, level, None, None)


def felt(level: int, moment: Moment = "morning", ago: int = 0, side: Side | None = None) -> Pain:
    """Return a pain that was noted apart from sessions, of some days ago."""
    return Pain("0" * 32, NOW, TODAY - ago * DAY, moment, None, side, level, None)


def judged(
    its_rule: Rule, sessions: Sequence[Session], pains: Sequence[Pain], ago: int = 1
) -> tuple[pain.Kind, Missing]:
    """Return the verdict of the day so many days ago, and what is missing."""
    return pain.verdicts(its_rule, pain.by_day(sessions, pains))[TODAY - ago * DAY]


# Verdicts


@pytest.mark.parametrize(
    ("during", "morning", "following", "kind"),
    [
        (0, 0, 0, "within"),
        (1, 3, 3, "within"),
        (1, 3, 2, "within"),
        (2, 3, 3, "allowed"),
        (5, 3, 3, "allowed"),
        (6, 3, 3, "above"),
        (1, 3, 4, "above"),
        (10, 0, 10, "above"),
    ],
)
def test_mykneecap_is_read_to_the_letter(during: int, morning: int, following: int, kind: str) -> None:
    assert judged(KNEE, [did(during, 1)], [felt(morning, ago=1), felt(following)])[0] == kind


@pytest.mark.parametrize(
    ("during", "after", "following", "kind"),
    [
        (3, 3, 3, "within"),
        (0, 4, 0, "allowed"),
        (5, 0, 0, "allowed"),
        (0, 0, 5, "allowed"),
        (6, 0, 0, "above"),
        (0, 6, 0, "above"),
        (0, 0, 6, "above"),
    ],
)
def test_the_traffic_light_takes_the_worst_of_three(during: int, after: int, following: int, kind: str) -> None:
    assert judged(LIGHT, [did(during, 1)], [felt(after, "after", 1), felt(following)])[0] == kind


@pytest.mark.parametrize(
    ("sessions", "pains", "missing"),
    [
        ([did(None, 1)], [felt(1, ago=1), felt(1)], Missing(silent=("bridge",))),
        ([did(1, 1)], [felt(1)], Missing(morning=True)),
        ([did(1, 1)], [felt(1, ago=1)], Missing(next_morning=True)),
        ([did(1, 1)], [felt(1, "day", 1), felt(1, "day")], Missing(morning=True, next_morning=True)),
        ([did(1, 1), did(None, 1, "clamshell")], [felt(1, ago=1), felt(1)], Missing(silent=("clamshell",))),
        ([did(1, 1)], [felt(1, ago=1, side="left"), felt(1, side="right")], Missing(sides=True)),
        ([did(1, 1)], [felt(1, ago=1, side="left"), felt(1)], Missing(sides=True)),
    ],
)
def test_what_is_not_known_is_unknown_and_says_what_is_missing(
    sessions: list[Session], pains: list[Pain], missing: Missing
) -> None:
    assert judged(KNEE, sessions, pains) == ("unknown", missing)


def test_the_traffic_light_says_what_it_lacks() -> None:
    assert judged(LIGHT, [did(1, 1)], []) == ("unknown", Missing(after=True, next_morning=True))


def test_what_is_above_is_above_whatever_is_missing() -> None:
    assert judged(KNEE, [did(6, 1)], [])[0] == "above"
    assert judged(KNEE, [did(None, 1)], [felt(1, ago=1), felt(2)])[0] == "above"
    assert judged(LIGHT, [did(1, 1)], [felt(6)])[0] == "above"


def test_each_knee_is_compared_with_itself() -> None:
    both = [felt(4, ago=1, side="left"), felt(1, ago=1, side="right")]
    assert judged(KNEE, [did(1, 1)], [*both, felt(4, side="left"), felt(2, side="right")])[0] == "above"
    assert judged(KNEE, [did(1, 1)], [*both, felt(4, side="left"), felt(1, side="right")])[0] == "within"
    assert judged(KNEE, [did(1, 1)], [*both, felt(4, side="left")]) == ("unknown", Missing(sides=True))


def test_both_knees_are_the_left_and_the_right_one_unless_one_was_named_by_itself() -> None:
    before = felt(3, ago=1, side="both")
    assert judged(KNEE, [did(1, 1)], [before, felt(5, side="left")])[0] == "above"
    assert judged(KNEE, [did(1, 1)], [before, felt(3, side="left"), felt(2, side="right")])[0] == "within"
    named = felt(5, ago=1, side="left")
    assert judged(KNEE, [did(1, 1)], [before, named, felt(5, side="left"), felt(3, side="right")])[0] == "within"


def test_of_two_pains_of_a_moment_and_side_the_last_given_counts() -> None:
    assert judged(KNEE, [did(1, 1)], [felt(1, ago=1), felt(6), felt(1)])[0] == "within"


def test_a_set_without_a_pain_is_spoken_for_by_another_of_its_exercise() -> None:
    assert judged(KNEE, [did(None, 1), did(1, 1)], [felt(1, ago=1), felt(1)])[0] == "within"


def test_the_limit_is_that_of_the_settings_and_holds_the_ideal_down() -> None:
    assert pain.rule("mykneecap", 5) == KNEE
    assert pain.rule("light", 4) == Rule("light", 3, 4)
    assert pain.rule("mykneecap", 0) == Rule("mykneecap", 0, 0)
    assert pain.rule("2", 4) == Rule("own", 2, 4)


# Properties

ORDER = {"within": 0, "allowed": 1, "above": 2}
LEVELS = st.one_of(st.none(), st.integers(0, 10))
SIDES: tuple[Side | None, ...] = (None, "left", "right")


@st.composite
def days(draw: st.DrawFn) -> tuple[list[Session], list[Pain]]:
    """Return what somebody noted on three days; of each moment and side once."""
    sessions = [
        did(draw(LEVELS), ago, exercise)
        for ago in range(3)
        for exercise in ("bridge", "clamshell")
        if draw(st.booleans())
    ]
    pains = [
        felt(level, moment, ago, side)
        for ago in range(3)
        for moment in MOMENTS
        for side in draw(st.sets(st.sampled_from(SIDES), max_size=2))
        if (level := draw(LEVELS)) is not None
    ]
    return sessions, pains


MOMENTS: tuple[Moment, ...] = ("morning", "after", "day")
RULES = st.sampled_from((KNEE, LIGHT, Rule("own", 2, 4)))


@given(RULES, days(), st.data())
def test_a_higher_pain_during_exercise_never_gives_a_better_verdict(
    its_rule: Rule, noted: tuple[list[Session], list[Pain]], data: st.DataObject
) -> None:
    sessions, pains = noted
    known = [at for at, its in enumerate(sessions) if its.pain is not None and its.pain < 10]
    if not known:
        return
    at = data.draw(st.sampled_from(known))
    worse = [*sessions]
    worse[at] = worse[at]._replace(pain=(worse[at].pain or 0) + 1)
    before, after = (pain.verdicts(its_rule, pain.by_day(some, pains)) for some in (sessions, worse))
    for day, was in before.items():
        if was.kind != "unknown" and after[day].kind != "unknown":
            assert ORDER[after[day].kind] >= ORDER[was.kind]


@given(RULES, days(), st.data())
def test_a_higher_pain_after_exercise_or_on_the_next_morning_never_gives_a_better_verdict(
    its_rule: Rule, noted: tuple[list[Session], list[Pain]], data: st.DataObject
) -> None:
    sessions, pains = noted
    known = [at for at, its in enumerate(pains) if its.moment in {"after", "morning"} and (its.level or 0) < 10]
    if not known:
        return
    at = data.draw(st.sampled_from(known))
    its = pains[at]
    worse = [*pains]
    worse[at] = its._replace(level=(its.level or 0) + 1)
    day = its.day if its.moment == "after" else its.day - DAY
    before, after = (pain.verdicts(its_rule, pain.by_day(sessions, some)).get(day) for some in (pains, worse))
    if before and after and before.kind != "unknown" and after.kind != "unknown":
        assert ORDER[after.kind] >= ORDER[before.kind]


@given(RULES, days())
def test_nothing_is_within_or_allowed_when_something_is_missing(
    its_rule: Rule, noted: tuple[list[Session], list[Pain]]
) -> None:
    for its in pain.verdicts(its_rule, pain.by_day(*noted)).values():
        if its.kind in {"within", "allowed"}:
            assert its.missing == Missing()
        if its.missing != Missing():
            assert its.kind == "unknown"


@given(RULES, days(), st.randoms(use_true_random=False))
def test_the_order_of_writing_changes_no_verdict(
    its_rule: Rule, noted: tuple[list[Session], list[Pain]], chance: Random
) -> None:
    sessions, pains = noted
    shuffled = ([*sessions], [*pains])
    for some in shuffled:
        chance.shuffle(some)
    kinds = [
        {day: its.kind for day, its in pain.verdicts(its_rule, pain.by_day(*some)).items()}
        for some in (noted, shuffled)
    ]
    assert kinds[0] == kinds[1]


# The same, worked out in another way


def _again(its_rule: Rule, sessions: Sequence[Session], pains: Sequence[Pain], day: date) -> str:
    """Return the verdict of a day, by the words of the rule alone."""
    today = [its for its in sessions if its.day == day]
    during = [its.pain for its in today if its.pain is not None]
    names = {its.exercise for its in today}
    told = all(any(its.pain is not None for its in today if its.exercise == name) for name in names)

    def of(moment: Moment, on: date) -> dict[Side | None, int | None]:
        return {its.side: its.level for its in pains if (its.day, its.moment) == (on, moment)}

    following = of("morning", day + DAY)
    if its_rule.name == "light":
        after = of("after", day)
        levels = [*during, *after.values(), *following.values()]
        if any(level is not None and level > its_rule.limit for level in levels):
            return "above"
        if not (told and after and following):
            return "unknown"
        return "within" if all(level is not None and level <= its_rule.ideal for level in levels) else "allowed"
    before = of("morning", day)
    worse = any((following[side] or 0) > (before[side] or 0) for side in SIDES if side in before and side in following)
    if worse or any(level > its_rule.limit for level in during):
        return "above"
    if not told or not before or {*before} != {*following}:
        return "unknown"
    return "within" if max(during) <= its_rule.ideal else "allowed"


def test_a_thousand_random_diaries_are_judged_alike_by_another_reading_of_the_rules() -> None:
    chance = Random(16)  # noqa: S311 - the same each time
    for _ in range(1000):
        its_rule = chance.choice((KNEE, LIGHT, Rule("own", chance.randrange(5), chance.randrange(4, 10))))
        sessions = [
            did(chance.choice((None, *range(8))), chance.randrange(6), chance.choice(("bridge", "clamshell")))
            for _ in range(chance.randrange(9))
        ]
        pains = [
            felt(chance.randrange(8), chance.choice(MOMENTS), chance.randrange(6), chance.choice(SIDES))
            for _ in range(chance.randrange(14))
        ]
        found = pain.verdicts(its_rule, pain.by_day(sessions, pains))
        assert {day: its.kind for day, its in found.items()} == {
            day: _again(its_rule, sessions, pains, day) for day in {its.day for its in sessions}
        }


# Several days


def test_ten_days_have_a_mean_and_ends_once_five_are_known() -> None:
    four = pain.by_day([], [felt(level, ago=level) for level in (0, 1, 2, 3)])
    assert pain.swing(four, TODAY) is None
    five = pain.by_day([did(9, 10)], [felt(level, ago=level) for level in (0, 1, 2, 3, 9)])
    assert pain.swing(five, TODAY) == pain.Swing(3.0, 0, 9, 5)


def test_the_worst_pain_of_a_day_is_that_of_any_moment() -> None:
    known = pain.by_day([did(2)], [felt(3), felt(5, "after"), felt(4, "day")])
    assert known[TODAY].worst == 5


def test_three_exercise_days_above_the_limit_are_said_when_the_third_is_logged_and_not_again_within_a_week() -> None:
    two = [did(6, 9), did(7, 8)]
    third = [*two, did(6, 7)]
    assert _news(two, third, 7) == {"above"}
    for ago in range(6, 0, -1):
        longer = [*third, did(6, ago)]
        assert _news(third, longer, ago) == set()
        third = longer
    assert _news(two, [*two, did(5, 7)], 7) == set()
    assert _news(two, [*two, did(None, 7)], 7) == set()


def test_what_is_noted_later_for_a_day_before_is_said_when_it_is_noted() -> None:
    two = [did(6, 5), did(6, 3)]
    assert _news(two, [*two, did(7, 1)], 0) == {"above"}
    assert _news([*two, did(7, 1)], [*two, did(7, 1), did(8)], 0) == set()


def test_a_second_log_of_the_day_says_nothing_new() -> None:
    three = [did(6, 2), did(6, 1), did(6)]
    assert _news(three, [*three, did(8, 0, "clamshell")], 0) == set()


def _news(before: Sequence[Session], after: Sequence[Session], ago: int) -> set[pain.Signal]:
    return pain.news(KNEE, pain.by_day(before, []), pain.by_day(after, []), TODAY - ago * DAY)


def test_a_rise_of_the_weekly_mean_by_two_is_said_and_a_smaller_one_is_not() -> None:
    calm = [felt(1, ago=ago) for ago in (7, 9, 11)]
    assert pain.signals(KNEE, pain.by_day([], [*calm, *(felt(3, ago=ago) for ago in (0, 1, 2))]), TODAY) == {"rise"}
    assert pain.signals(KNEE, pain.by_day([], [*calm, felt(3), felt(3, ago=1), felt(2, ago=2)]), TODAY) == set()
    assert pain.signals(KNEE, pain.by_day([], [*calm, felt(9), felt(9, ago=1)]), TODAY) == set()


@pytest.mark.parametrize(
    ("sessions", "pains", "asked"),
    [
        ([did(1, 1)], [felt(1, ago=3)], True),
        ([did(1, 1)], [felt(1, "after", ago=27)], True),
        ([did(1, 1)], [felt(1, ago=28)], False),
        ([did(1, 1)], [], False),
        ([did(1, 2)], [felt(1, ago=3)], False),
        ([did(1, 1)], [felt(1, ago=3), felt(2)], False),
    ],
)
def test_the_morning_is_asked_for_only_after_a_session_and_of_who_notes_pain(
    sessions: list[Session], pains: list[Pain], *, asked: bool
) -> None:
    assert pain.asks(pain.by_day(sessions, pains), TODAY) == asked
