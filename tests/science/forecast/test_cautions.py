"""When there is no forecast, and what is said beside one."""

import pytest

from app.science.forecast.answer import Forecast, Refusal
from app.science.forecast.cautions import SAYS
from app.science.forecast.history import history_of
from app.science.forecast.parameters import shipped
from app.science.forecast.predict import forecast
from app.science.relief import study
from tests.science.forecast.makers import now, record, score


def asked(about, days=12):
    return forecast(history_of(study(about)), shipped(), now(days=days))


def warned(about, days=12):
    found = asked(about, days)
    assert isinstance(found, Forecast)
    return {one.name for one in found.warnings}


def without_baseline():
    about = record()
    return about | {"scores": [one for one in about["scores"] if one["id"] != "ada-s-1"]}


def last_infusion(**changed):
    about = record()
    *before, last = about["infusions"]
    return about | {"infusions": [*before, last | changed]}


@pytest.mark.parametrize(
    ("about", "reason"),
    [
        (record() | {"infusions": []}, "no_infusion"),
        (record() | {"scores": []}, "no_scores"),
        (without_baseline(), "no_baseline"),
        (record(baseline=0), "baseline_zero"),
        (record(baseline=3), "baseline_too_low"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_judged_is_not_forecast(about, reason):
    assert asked(about) == Refusal(reason, SAYS[reason])


def test_an_infusion_half_a_year_ago_is_not_forecast():
    assert asked(record(), days=180).warnings
    assert asked(record(), days=181) == Refusal("too_long_ago", SAYS["too_long_ago"])


def test_a_plain_case_has_no_warning():
    assert warned(record()) == set()


@pytest.mark.parametrize(
    ("about", "days", "warning"),
    [
        (record(last=()), 5, "no_score_since_infusion"),
        (record(), 10 + 15, "old_score"),
        (record(), 10 + 43, "stale"),
        (record(last=(9, 13)), 12, "maybe_already_lost"),
        (last_infusion(dose_mg_per_kg=None), 12, "unknown_dose"),
        (last_infusion(setting="home"), 12, "treated_at_home"),
        (last_infusion(starts_course=True), 12, "carried_baseline"),
        (last_infusion(starts_course=True), 12, "early_in_course"),
        (record(policy={"loss_absolute": {"PHQ-9": 17}}), 12, "unusual_limit"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_weakens_a_forecast_is_said_beside_it(about, days, warning):
    if warning == "carried_baseline":
        about = about | {"policy": {"baseline_window_days": 0}}
        about["baselines"] = [{"instrument": "PHQ-9", "value": 18}]

    assert warning in warned(about, days)


def test_a_first_infusion_says_that_nothing_is_known_of_the_patient():
    about = record()
    first = about | {"infusions": about["infusions"][:1], "scores": about["scores"][:2]}

    found = forecast(history_of(study(first)), shipped(), now(days=12 - about["infused_on"]))

    assert {"no_past", "early_in_course"} <= {one.name for one in found.warnings}
    assert found.explanation.shrinkage == 0
    assert found.explanation.median_with_past == found.explanation.median_of_population


def test_another_scale_answered_since_is_named():
    about = record()
    about["scores"].append(score("other", about["infused_on"] + 11, 20, "MADRS"))

    found = asked(about | {"policy": {"instrument_priority": ["PHQ-9", "MADRS"]}})

    assert "MADRS was answered since, and is not looked at." in {one.says for one in found.warnings}


def test_an_infusion_at_home_is_no_evidence_of_the_past():
    about = record()
    at_home = [one | {"setting": "home"} for one in about["infusions"][5:8]]
    infusions = [*about["infusions"][:5], *at_home, about["infusions"][8]]

    found = asked(about | {"infusions": infusions})

    assert found.explanation.past_intervals == 5
