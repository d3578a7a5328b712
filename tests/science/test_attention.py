from datetime import UTC, datetime, timedelta

import pytest

from app.science.attention import of_chances
from app.science.relief import Current

GIVEN = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "begins"),
    [("holding", "Relief is probably lost: "), ("no_response", "No response was seen. ")],
)
def test_what_was_never_there_is_not_called_lost(state, begins):
    found = of_chances([0.1, 0.2, 0.6], Current(state), GIVEN, 0.5, UTC)["relief_lost"]

    assert found.since == GIVEN + timedelta(days=2)
    assert found.sentence.startswith(begins)
    assert found.sentence.endswith("the forecast puts the chance at 50% by 2026-11-03.")


def test_a_chance_that_stays_below_the_limit_is_not_told():
    assert of_chances([0.1, 0.2], Current("holding"), GIVEN, 0.5, UTC) == {}
