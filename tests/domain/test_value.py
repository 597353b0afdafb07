"""Values: declared, made and used as a typing.NamedTuple is."""

import copy
import pickle
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneetrack.domain.value import Value


class Mine(Value):
    """One of ours."""

    first: int
    second: str = "two"
    third: float | None = None

    @property
    def double(self) -> int:
        """Return twice the first."""
        return 2 * self.first


class Theirs(NamedTuple):
    """The same, of the standard library."""

    first: int
    second: str = "two"
    third: float | None = None


FIELDS = st.sampled_from(["first", "second", "third", "fourth"])


def outcome(kind: Any, values: list[int], named: dict[str, int]) -> object:  # noqa: ANN401 - either of the two
    """Return what making one brings: its fields, or the kind of error."""
    try:
        return kind(*values, **named)._asdict()
    except TypeError:
        return TypeError


@given(st.lists(st.integers(), max_size=5), st.dictionaries(FIELDS, st.integers(), max_size=4))
def test_it_takes_its_fields_in_order_by_name_and_by_default_as_a_named_tuple_does(
    values: list[int], named: dict[str, int]
) -> None:
    assert outcome(Mine, values, named) == outcome(Theirs, values, named)


def test_it_is_a_tuple_of_its_fields() -> None:
    first, *rest = Mine(1)
    assert (first, rest) == (1, ["two", None])
    assert tuple(Mine(1)) == Mine(1) == (1, "two", None)
    assert hash(Mine(1)) == hash(Theirs(1))


def test_each_field_and_property_is_read_by_its_name() -> None:
    its = Mine(3, third=0.5)
    assert (its.first, its.second, its.third, its.double) == (3, "two", 0.5, 6)


def test_its_fields_cannot_be_changed_and_no_other_can_be_added() -> None:
    for field in ("first", "fourth"):
        with pytest.raises(AttributeError):
            setattr(Mine(1), field, 2)


def test_replacing_a_field_leaves_the_others_and_refuses_what_is_no_field() -> None:
    assert Mine(1, "b")._replace(first=2) == Mine(2, "b")
    with pytest.raises(TypeError):
        Mine(1)._replace(fourth=4)  # type: ignore[call-arg]


def test_it_is_shown_as_it_is_written() -> None:
    assert repr(Mine(1, "b")) == "Mine(first=1, second='b', third=None)"


def test_a_copy_and_a_pickle_are_equal_and_of_its_kind() -> None:
    for other in (copy.deepcopy(Mine(1)), pickle.loads(pickle.dumps(Mine(1)))):  # noqa: S301 - its own bytes
        assert (type(other), other) == (Mine, Mine(1))


def test_a_pattern_takes_its_fields_by_their_order() -> None:
    match Mine(1, "b"):
        case Mine(first, second):
            assert (first, second) == (1, "b")


def test_a_class_below_one_of_values_has_its_fields() -> None:
    class Below(Mine):
        """One with a method more."""

        def tripled(self) -> int:
            """Return three times the first."""
            return 3 * self.first

    assert (Below(1).tripled(), Below(1).second, Below._fields) == (3, "two", ("first", "second", "third"))


@pytest.mark.parametrize(
    ("values", "named", "said"), [((), {}, "first"), ((1,), {"fourth": 4}, "fourth"), ("abcd", {}, "4 values")]
)
def test_what_is_missing_or_too_much_is_named(values: tuple[Any, ...], named: dict[str, Any], said: str) -> None:
    with pytest.raises(TypeError, match=said):
        Mine(*values, **named)
