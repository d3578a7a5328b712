"""Published fractions and limits: clinical reference, appendix B."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.science.survival.proportions import percent, wilson

PRINTED = [
    (17, 24, 70.8),
    (11, 12, 91.7),
    (8, 12, 66.7),
    (14, 15, 93.3),
    (12, 15, 80.0),
    (20, 44, 45.5),
    (12, 44, 27.3),
    (288, 537, 53.6),
    (155, 537, 28.9),
    (24, 90, 26.7),
    (39, 86, 45.3),
    (16, 62, 25.8),
    (34, 59, 57.6),
    (108, 195, 55.4),
    (70, 170, 41.2),
    (10, 32, 31.3),
    (23, 32, 71.9),
    (47, 64, 73.4),
    (15, 32, 46.9),
    (40, 63, 63.5),
    (39, 64, 60.9),
    (7, 32, 21.9),
    (34, 64, 53.1),
]

WILSON = [
    (17, 24, 0.5083, 0.8509),
    (24, 90, 0.1862, 0.3662),
    (39, 86, 0.3525, 0.5584),
    (288, 537, 0.4940, 0.5781),
    (0, 10, 0.0, 0.2775),
]

COUNTS = st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(("k", "n", "printed"), PRINTED)
def test_a_percentage_is_written_as_it_was_printed(k, n, printed):
    assert percent(k, n) == printed


@pytest.mark.parametrize(("k", "n", "low", "high"), WILSON)
def test_the_interval_of_wilson_is_the_published_one(k, n, low, high):
    assert wilson(k, n) == pytest.approx((low, high), abs=5e-5)


@given(COUNTS)
def test_the_interval_holds_the_share_and_stays_inside(counts):
    k, n = counts

    low, high = wilson(k, n)

    assert 0 <= low <= k / n <= high <= 1
