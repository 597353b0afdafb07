"""Settings: their defaults are as they would be kept, so that nothing checks them each time."""

import pytest

from kneetrack.domain import settings


@pytest.mark.parametrize(("name", "value"), settings.DEFAULTS.items())
def test_a_default_is_a_value_that_could_be_given_and_is_kept_as_it_is(name: str, value: str) -> None:
    assert settings.checked(name, value) == value
