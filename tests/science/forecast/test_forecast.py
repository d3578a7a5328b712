"""What a forecast says, and what must not change it."""

import random
from dataclasses import replace

import numpy as np
import pytest

from app.science.forecast.answer import LAST_DAY, Forecast
from app.science.forecast.history import history_of
from app.science.forecast.parameters import parameters_from, shipped
from app.science.forecast.population import log_chance
from app.science.forecast.predict import forecast, look
from app.science.relief import study
from tests.science.forecast.makers import history, now, record, treatment

TWICE = 0.005
"""What two forecasts may differ by because each is drawn from some thousand courses."""


def forecast_of(**about):
    days = about.pop("days", 12)
    found = forecast(history(**about), shipped(), now(about, days))
    assert isinstance(found, Forecast)
    return found


def test_intervals_widen_with_their_percentage_around_the_median():
    found = forecast_of()

    bounds = {span.percent: (span.lower_days, span.upper_days) for span in found.intervals}
    assert list(bounds) == [50, 80, 95]
    assert bounds[95][0] <= bounds[80][0] <= bounds[50][0] < found.median_days
    assert found.median_days < bounds[50][1] <= bounds[80][1] <= bounds[95][1]
    lower = found.intervals[0]
    elapsed = (lower.lower_at - found.infused_at).total_seconds()
    assert elapsed == pytest.approx(lower.lower_days * 86_400, abs=1e-5)


def test_the_chance_of_loss_grows_by_the_day_and_holds_what_is_told_of_now():
    found = forecast_of(days=12)

    by_day = np.array(found.probability_lost_by_day)
    assert len(by_day) == LAST_DAY + 1
    assert (np.diff(by_day) >= 0).all()
    assert found.probability_already_lost == by_day[12]


def test_a_median_beyond_the_last_day_is_not_told():
    steady = treatment(tuple(range(7, 175, 14)), (2.0,) * 12)

    losses = look((steady,) * 6, steady, shipped()).losses

    assert losses.lost_by(np.array([float(LAST_DAY)]))[0] < 0.5
    found = forecast_of(gap=170, last=(2,) * 20, repeats=3, days=140)
    assert found.intervals[-1].upper_days is None
    assert found.intervals[-1].upper_at is None


def test_the_explanation_goes_from_anybody_to_this_patient_now():
    calm, worse = forecast_of(last=(4, 5)), forecast_of(last=(8, 9))

    assert calm.explanation.median_with_scores == calm.median_days
    assert calm.explanation.median_with_past == worse.explanation.median_with_past
    assert calm.explanation.median_of_population == worse.explanation.median_of_population
    assert worse.median_days < calm.median_days


def test_the_explanation_counts_what_the_past_told():
    found = forecast_of(repeats=3).explanation

    assert found.past_intervals == 8
    assert 3 <= found.past_that_tell <= 8
    assert found.own_durations[-1] == (17.0, 24.0)
    assert 0.3 < found.shrinkage < 1


def test_the_last_score_is_told_with_its_distance_to_the_limit():
    found = forecast_of(last=(4, 6), days=12).explanation.last_score

    assert (found.days_ago, found.severity) == (2.0, 6.0)
    assert found.points_to_limit == 3.0
    assert found.errors_to_limit == pytest.approx(3.0 / 2.2)


def test_it_names_the_scores_that_it_rests_on():
    about = record()
    scores = [one["id"] for one in about["scores"]]

    assert sorted(forecast_of().rests_on) == sorted(scores)


def test_a_patient_whose_relief_was_short_is_foretold_less():
    short = treatment((2.0, 6.0, 10.0), (6.0, 11.0, 14.0))
    lasting = treatment((7.0, 21.0, 35.0), (4.0, 5.0, 7.0))
    day = np.array([14.0])

    lost = [
        look((past,) * 3, treatment((3.0,), (5.0,)), shipped()).losses.lost_by(day)[0]
        for past in (short, lasting)
    ]

    assert lost[0] > lost[1] + 0.3


def test_nothing_is_told_otherwise_when_time_passes_without_news():
    early, late = forecast_of(days=12), forecast_of(days=30)

    assert early.probability_lost_by_day == late.probability_lost_by_day
    assert early.probability_already_lost < late.probability_already_lost


def test_the_order_of_records_changes_nothing():
    about = record()
    mixed = about | {
        kind: random.Random(3).sample(about[kind], len(about[kind]))
        for kind in ("infusions", "scores")
    }

    found = [forecast(history_of(study(one)), shipped(), now()) for one in (about, mixed)]

    assert found[0] == found[1]


def test_the_same_question_has_the_same_answer_to_the_last_bit():
    first = forecast_of()
    log_chance.cache_clear()

    assert forecast_of() == first


@pytest.mark.parametrize("past", [0, 3])
@pytest.mark.parametrize("days", [(4.0,), (3.0, 10.0), (2.0, 5.0, 8.0, 11.0)])
def test_worse_scores_now_never_raise_the_chance_that_relief_still_holds(days, past):
    before = (treatment((3.0, 10.0, 17.0, 24.0), (4.0, 6.0, 8.0, 12.0)),) * past
    then = np.array([days[-1] + later for later in (0.0, 7.0, 14.0, 28.0)])
    lost = []

    for severity in range(2, 20):
        scores = (*(5.0,) * (len(days) - 1), float(severity))
        lost.append(look(before, treatment(days, scores), shipped()).losses.lost_by(then))

    assert np.diff(lost, axis=0).min() > -TWICE
    assert lost[-1][0] > lost[0][0] + 0.3


def test_a_daily_rating_costs_no_more_than_a_weekly_one_and_says_as_much():
    daily = treatment(tuple(np.arange(0.5, 28.5)), (2.0,) * 28, instrument="MOOD-10", limit=3.5)
    daily = replace(daily, baseline=7.0)

    found = look((), daily, shipped())

    assert len(found.interval.seen) <= 16
    assert found.losses.lost_by(np.array([28.0]))[0] < 0.1


def test_parameters_are_the_same_after_they_were_kept():
    kept = shipped().as_json()

    assert parameters_from(kept) == shipped()
    with pytest.raises(ValueError, match="version"):
        parameters_from(kept | {"shift": 0.0})


def test_another_clinic_is_forecast_by_its_own_level():
    later = replace(shipped().durations, delta={"slow": 0.5})
    parameters = replace(shipped(), durations=later)

    days = [
        look((), treatment((3.0,), (5.0,), clinic=clinic), parameters).losses.lost_by(
            np.array([21.0])
        )[0]
        for clinic in ("slow", "other", None)
    ]

    assert days[0] < days[1] - 0.1
    assert days[1] == days[2]
