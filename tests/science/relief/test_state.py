from datetime import timedelta

import pytest

from app.science.relief import current_state
from tests.science.relief.makers import START, infusion, mood, patient, phq9

BASELINE = phq9(-1, 20)


def state(scores, day, infusions=None, **more):
    record = patient([infusion(0)] if infusions is None else infusions, scores, **more)
    return current_state(record, START + timedelta(days=day))


def phq9s(*values):
    return [BASELINE, *(phq9(7 * week, value) for week, value in enumerate(values, 1))]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([4, 5], "holding"),
        ([9, 10], "holding"),
        ([2, 7], "fading"),
        ([2, 6], "holding"),
        ([4, 11], "lost"),
        ([4, 11, 12], "lost"),
        ([4, 11, 6], "fading"),
        ([15, 16], "no_response"),
        ([15, 8], "holding"),
        ([], "unknown"),
    ],
    ids=str,
)
def test_the_state_follows_the_check_ins_since_the_infusion(values, expected):
    assert state(phq9s(*values), 7 * len(values) + 1)["state"] == expected


def test_a_loss_that_needs_confirming_is_fading_until_it_is():
    ratings = [mood(-1, 2), mood(1, 8), mood(2, 3), mood(3, 3)]

    assert state(ratings, 2.5)["state"] == "fading"
    assert state(ratings, 3.5)["state"] == "lost"


def test_a_stale_reading_tells_nothing():
    fresh = state(phq9s(4), 7 + 21)
    stale = state(phq9s(4), 7 + 21.01)

    assert (fresh["state"], stale["state"]) == ("holding", "unknown")
    assert fresh["unknown_from"] == START + timedelta(days=28)
    assert stale["unknown_from"] is None
    assert (stale["score"], stale["days_since_last_reading"]) == (4, 21.01)


def test_a_first_check_in_that_is_late_and_bad_is_unknown():
    assert state([BASELINE, phq9(20, 15)], 21)["state"] == "unknown"


def test_a_new_infusion_starts_the_clock_anew():
    found = state(phq9s(4, 15), 14.5, [infusion(0), infusion(14.2)])

    assert found["state"] == "unknown"
    assert found["days_since_last_infusion"] == 0.3
    assert (found["score"], found["last_reading_at"]) == (15, START + timedelta(days=14))


def test_without_an_infusion_or_a_baseline_nothing_can_be_judged():
    assert state([BASELINE], 1, [])["state"] == "not_evaluable"
    assert state([phq9(7, 12)], 8)["state"] == "not_evaluable"


def test_without_any_score_the_state_is_unknown():
    found = state([], 8)

    assert found["state"] == "unknown"
    assert found["score"] is None


def test_the_change_is_negative_for_the_better_and_rounds_half_away_from_zero():
    baseline = phq9(-1, 16)

    assert state([baseline, phq9(7, 11)], 8)["change_from_baseline_percent"] == -31.3
    assert state([baseline, phq9(7, 21)], 8)["change_from_baseline_percent"] == 31.3


def test_the_score_is_in_the_instrument_s_own_points():
    found = state([mood(-1, 2), mood(7, 8)], 8)

    assert (found["score"], found["change_from_baseline_percent"]) == (8, -75.0)


def test_nothing_dated_later_is_looked_at():
    assert state(phq9s(4, 15), 13)["state"] == "holding"
