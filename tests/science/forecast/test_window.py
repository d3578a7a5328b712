from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.science.forecast.window import THRESHOLDS, WHY, Policy, recommend

MONDAY = date(2026, 11, 2)
EVERY_DAY = range(7)

SLOWLY = [day / 100 for day in range(181)]
"""Relief goes by a hundredth of all patients a day."""


def window(lost_by_day=SLOWLY, now=5.0, **chosen):
    return recommend(lost_by_day, now, MONDAY, Policy(**{"open_weekdays": EVERY_DAY} | chosen))


def test_it_is_the_last_day_within_the_threshold_and_opens_at_half_of_it():
    found = window(threshold=0.30)

    assert (found.day, found.recommended_on) == (30, date(2026, 12, 2))
    assert found.opens_on == date(2026, 11, 17)
    assert found.probability_lost_by_recommended == 0.30
    assert found.reasons == ()


def test_too_late_already_is_the_first_day_possible():
    found = window(threshold=0.10, now=20, notice_days=2)

    assert found.day == 22
    assert found.reasons == ("threshold_already_exceeded",)


def test_the_shortest_interval_is_kept():
    found = window(threshold=0.05, min_interval_days=14)

    assert found.day == 14
    assert found.reasons == ("threshold_already_exceeded", "min_interval")


@pytest.mark.parametrize("mode", ["cumulative", "lead"])
def test_the_longest_interval_decides_where_relief_lasts(mode):
    found = window([0.0] * 181, mode=mode, max_interval_days=60)

    assert found.day == 60
    assert found.reasons[0] in {"max_interval", "never_reached_by_max_interval"}


@pytest.mark.parametrize("mode", ["cumulative", "lead"])
def test_past_the_longest_interval_it_is_the_first_day_possible(mode):
    found = window([0.0] * 181, mode=mode, now=70.5, max_interval_days=60)

    assert found.day == 73


def test_a_lead_is_the_chance_among_those_still_well():
    found = window(mode="lead", lead_days=7, threshold=0.105, min_interval_days=7)

    assert found.day == 34  # 7 of the 66 that are left; a day before it was 7 of 67


def test_a_closed_day_moves_it_to_the_open_day_before():
    weekdays = window(threshold=0.27, open_weekdays=range(5))
    holiday = window(threshold=0.30, closed_dates=["2026-12-02"])

    assert (weekdays.day, weekdays.reasons) == (25, ("moved_earlier_to_open_day",))
    assert weekdays.recommended_on.weekday() == 4
    assert holiday.day == 29


def test_without_an_open_day_before_it_is_the_next():
    found = window(threshold=0.10, now=17, open_weekdays=[0])

    assert (found.day, found.recommended_on.weekday()) == (21, 0)
    assert found.reasons[-1] == "moved_later_to_open_day"


def test_a_clinic_closed_for_good_has_no_window():
    closed = [date.fromordinal(MONDAY.toordinal() + day).isoformat() for day in range(500)]

    found = window(closed_dates=closed)

    assert (found.day, found.opens_on, found.recommended_on) == (None, None, None)
    assert found.reasons == ("no_open_day",)


def test_relief_that_is_probably_gone_asks_for_a_check_in():
    assert window(now=49.9).alert is None
    assert window(now=50).alert == "probably_lost"


@given(st.floats(0.02, 0.9), st.floats(0, 80), st.integers(0, 30))
def test_a_day_is_never_before_the_notice_nor_above_the_threshold_needlessly(share, now, least):
    found = window(threshold=share, now=now, min_interval_days=least)

    assert found.day >= now + 2
    assert found.day >= least
    assert found.opens_on <= found.recommended_on
    if not {"threshold_already_exceeded", "max_interval"} & set(found.reasons):
        assert found.probability_lost_by_recommended <= share


def test_what_a_clinic_chose_stands_in_place_of_the_default():
    chosen = Policy.chosen({"window.threshold": 0.2, "other.key": 1})

    assert chosen == Policy(threshold=0.2, open_weekdays=[0, 1, 2, 3, 4], closed_dates=[])
    assert {one.trust for one in THRESHOLDS.values()} == {"default"}


@pytest.mark.parametrize("wrong", [{"mode": "soon"}, {"open_weekdays": []}])
def test_a_choice_that_leaves_no_day_is_refused(wrong):
    with pytest.raises(ValueError, match=r"mode|weekdays"):
        Policy(**wrong)


def test_every_reason_is_put_in_words():
    assert all(sentence.endswith(".") for sentence in WHY.values())
