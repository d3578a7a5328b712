from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given as over
from hypothesis import strategies as st

from app.science.safety import Exposure, Numbers, Person, Weight, rems_form
from tests.science.safety.makers import START, chart, found, given, levels, minute, session

KG = {"weight_kg": 80, "exposed": True}
ESK = {"drug": "esketamine", "route": "intranasal"}


@pytest.mark.parametrize(
    ("fields", "speaks"),
    [
        ({"planned_dose_mg": 40, "exposed": False}, None),
        ({"planned_dose_mg": 44, "exposed": False}, "warn"),
        ({"planned_dose_mg": 44}, None),
        ({"planned_dose_mg": 80}, None),
        ({"planned_dose_mg": 88}, "stop"),
        ({"planned_dose_mg": 88, "dose_mg": 40}, None),
        ({"planned_mg_per_kg": 1.2, "weight_kg": None}, "stop"),
        ({"planned_dose_mg": 88, "route": "im"}, None),
        ({"planned_dose_mg": 44, "route": "sc", "exposed": False}, "warn"),
        ({"planned_dose_mg": 200, "route": "oral", "exposed": False}, None),
        (ESK | {"planned_dose_mg": 84}, None),
        (ESK | {"planned_dose_mg": 28, "exposed": False}, None),
        (ESK | {"planned_dose_mg": 50}, "stop"),
        (ESK | {"dose_mg": 14, "status": "stopped"}, None),
    ],
)
def test_a_dose_is_judged_by_its_route_and_by_what_came_before(fields, speaks):
    assert levels(chart(**(KG | fields))) == ({"DOSE": speaks} if speaks else {})


def test_a_dose_rounded_to_whole_milligrams_is_what_was_meant():
    assert levels(chart(weight_kg=82.4, planned_dose_mg=41.5)) == {}


def test_a_weight_is_old_or_far_from_the_last():
    old = START.date() - timedelta(days=31)
    last = Weight("scales", 70)

    assert levels(chart(**KG, weight_measured_on=old + timedelta(days=1))) == {}
    assert levels(chart(**KG, weight_measured_on=old)) == {"WT": "warn"}
    assert levels(chart(weight_kg=77, last_weight=last)) == {}
    assert "+14 %" in found(chart(weight_kg=80, last_weight=last))["WT"].sentence
    assert levels(chart(weight_kg=80, weight_kind="ideal", last_weight=last)) == {}


def test_forty_hours_lie_between_two_infusions_and_not_forty_eight():
    assert levels(chart(exposures=(given(hours=42),))) == {}
    assert levels(chart(exposures=(given(hours=40),))) == {}
    told = found(chart(exposures=(given(hours=39.9),)))["INT-MIN"]
    assert (told.level, told.evidence["hours"]) == ("stop", pytest.approx(39.9))


def test_what_was_no_infusion_at_the_clinic_does_not_count():
    assert levels(chart(exposures=(given(hours=5, route="oral"),))) == {}
    assert levels(chart(exposures=(given(hours=5, at_home=True),))) == {}
    assert levels(chart(exposures=(given(hours=-5),))) == {}
    assert levels(chart(setting="home", exposures=(given(hours=5),))) == {}


def test_dates_count_and_not_hours():
    monday = datetime(2026, 1, 5, 10, tzinfo=UTC)
    before = [
        Exposure(str(day), "ketamine", "iv", monday + timedelta(days=day)) for day in (0, 2, 4)
    ]
    next_monday = session(at=monday + timedelta(days=7, hours=-1))
    sunday = session(at=monday + timedelta(days=6, hours=12))

    assert levels(chart(session=next_monday, exposures=tuple(before))) == {}
    assert levels(chart(session=sunday, exposures=tuple(before))) == {"INT-MIN": "stop"}


def test_days_are_the_clinics_whatever_the_clocks_do():
    denver = ZoneInfo("America/Denver")  # clocks go forward on 8 March 2026
    local = [datetime(2026, 3, day, 18, tzinfo=denver) for day in (2, 4, 6)]
    before = tuple(Exposure(str(at), "ketamine", "iv", at.astimezone(UTC)) for at in local)
    at = datetime(2026, 3, 9, 9, tzinfo=denver).astimezone(UTC)
    here = chart(session=session(at=at), exposures=before, person=Person(zone=denver))
    # On UTC's dates the first of them lies on 3 March, and this would be the fourth of seven days.
    elsewhere = chart(session=session(at=at), exposures=before)

    assert levels(here) == {}
    assert levels(elsewhere) == {"INT-MIN": "stop"}


def test_esketamine_is_given_twice_a_week_and_two_days_apart():
    def after(*days):
        return levels(chart(**ESK, exposures=tuple(given(days=day, **ESK) for day in days)))

    assert after(3, 7) == after(2) == {}
    assert after(1) == after(0.2) == {"INT-ESK": "stop"}
    assert after(3, 6) == {"INT-ESK": "stop"}


@over(st.lists(st.integers(1, 400), max_size=8), st.integers(1, 400))
def test_one_more_session_before_never_silences(hours, more):
    before = tuple(given(hours=one) for one in hours)
    asked = chart(exposures=before)

    assert levels(asked).keys() <= levels(chart(exposures=(*before, given(hours=more)))).keys()


def test_observation_lasts_two_hours_from_the_first_device():
    ended = {"status": "completed", "monitoring_ended_at": minute(119)}
    fed = ESK | {"planned_dose_mg": 56}

    assert levels(chart(**fed, **ended)) == {"OBS-120": "stop"}
    assert levels(chart(**fed, **(ended | {"monitoring_ended_at": minute(120)}))) == {}
    assert levels(chart(**fed, **ended, first_device_at=minute(-5))) == {}
    assert levels(chart(status="completed", discharged_at=minute(60))) == {}
    assert levels(chart(**fed)) == {}
    assert levels(chart(**fed), now=minute(30)) == {"OBS-120": "stop"}


def test_a_form_is_asked_for_at_once_and_louder_from_the_fifth_day():
    def asked(days, **fields):
        one = session(**(ESK | {"status": "completed"} | fields))
        told = rems_form(one, Numbers(fields and None), START + timedelta(days=days))
        return [finding.level for finding in told]

    assert (asked(0), asked(4.9), asked(5)) == (["info"], ["info"], ["warn"])
    assert asked(5, drug="ketamine") == asked(5, setting="home") == asked(5, status="planned") == []
    applies = Numbers({"safety.rems_7d.applies": False})
    assert rems_form(session(**ESK, status="completed"), applies, START) == []


def test_a_day_is_told_as_it_is_at_the_clinic():
    assert Person(zone=ZoneInfo("Asia/Tokyo")).day(START + timedelta(hours=6)) == date(2026, 1, 6)
