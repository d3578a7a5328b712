from datetime import UTC, datetime, timedelta

import pytest

from app.science.chair import THRESHOLDS, Evidence, criteria
from app.science.thresholds import in_force

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

NUMBERS = in_force(THRESHOLDS, {})


def reading(systolic, diastolic=80, moaas=None, name="r"):
    return {
        "id": name,
        "systolic_mmhg": systolic,
        "diastolic_mmhg": diastolic,
        "sedation_moaas": moaas,
    }


def known(minutes=125, **fields):
    usual = {
        "drug": "esketamine",
        "now": START + timedelta(minutes=minutes),
        "started_at": START,
        "ended_at": START + timedelta(minutes=10),
        "before": reading(128, name="before"),
        "pressures": (reading(150), reading(138)),
        "sedation": reading(138, moaas=5),
    }
    return Evidence(**(usual | fields))


def met(evidence, criterion, **chosen):
    numbers = in_force(THRESHOLDS, chosen)
    return next(one.met for one in criteria(evidence, numbers) if one.criterion == criterion)


def test_esketamine_is_observed_for_two_hours_from_the_first_device():
    assert met(known(120), "observation_time") is True
    assert met(known(119), "observation_time") is False


def test_ketamine_is_observed_for_an_hour_from_the_end():
    assert met(known(70, drug="ketamine"), "observation_time") is True
    assert met(known(69, drug="ketamine"), "observation_time") is False


def test_a_session_without_an_end_leaves_the_time_unknown():
    assert met(known(drug="ketamine", ended_at=None), "observation_time") is None


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (reading(153), True),
        (reading(154), False),
        (reading(120, 99), True),
        (reading(120, 100), False),
        (reading(102), False),
        (reading(103), True),
    ],
)
def test_the_pressure_is_near_the_one_before_and_not_high(last, expected):
    assert met(known(pressures=(last,)), "blood_pressure") is expected


def test_a_pressure_without_one_before_is_unknown_or_too_high():
    assert met(known(before=None), "blood_pressure") is None
    assert met(known(before=None, pressures=(reading(165),)), "blood_pressure") is False


@pytest.mark.parametrize(
    ("pressures", "expected"),
    [((150, 138), True), ((138, 150), False), ((138, 138), False), ((120, 126), True)],
)
def test_the_pressure_falls_or_is_no_higher_than_before(pressures, expected):
    evidence = known(pressures=tuple(map(reading, pressures)))

    assert met(evidence, "blood_pressure_falling") is expected


def test_who_was_drowsy_before_may_leave_as_drowsy():
    evidence = known(before=reading(128, moaas=4), sedation=reading(130, moaas=4))

    assert met(evidence, "sedation") is True
    assert met(known(sedation=reading(130, moaas=4)), "sedation") is False


def test_what_nobody_asked_is_unknown_and_that_is_not_met():
    found = criteria(known(sedation=None, pressures=()), NUMBERS)

    unknown = {one.criterion for one in found if one.met is None}
    assert unknown >= {"sedation", "blood_pressure", "dissociation", "nausea", "escort"}


def test_what_is_checked_at_the_chair_goes_before_what_was_told():
    there = {"dissociation": {"id": "d", "present": True, "severity": 3, "resolved": False}}

    assert met(known(effects=there), "dissociation") is False
    checked = known(effects=there, checks={"dissociation_resolved": True})
    assert met(checked, "dissociation") is True


def test_mild_nausea_may_go_home():
    def told(severity):
        return {"nausea": {"id": "n", "present": True, "severity": severity, "resolved": False}}

    assert [met(known(effects=told(one)), "nausea") for one in (3, 4)] == [True, False]


def test_a_clinic_may_ask_for_more():
    assert met(known(checks={"aldrete": 9}), "aldrete") is True
    assert met(known(checks={"aldrete": 9}), "aldrete", **{"chair.discharge.aldrete": 10}) is False


def test_every_sentence_holds_the_numbers_that_it_compares():
    found = {one.criterion: one.sentence for one in criteria(known(), NUMBERS)}

    assert (
        found["blood_pressure"]
        == "138/80 mmHg; under 160/100 is asked, within 26 of the 128 before the dose."
    )
    assert (
        found["observation_time"] == "125 minutes since the first device; at least 120 are asked."
    )
