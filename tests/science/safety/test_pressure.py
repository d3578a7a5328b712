from dataclasses import replace

import pytest
from hypothesis import given as over
from hypothesis import strategies as st

from app.science.safety import Numbers, of_home
from tests.science.safety.makers import chart, found, levels, minute, pressure, session

BP_FLAGS = [  # clinical reference, appendix B: before, now, whether BP-RISE, whether BP-ABS
    ((120, 75), (165, 85), True, False),
    ((175, 95), (190, 100), False, True),
    ((130, 80), (150, 106), True, False),
]


@pytest.mark.parametrize(("before", "now", "rises", "is_absolute"), BP_FLAGS)
def test_the_published_flags_are_found(before, now, rises, is_absolute):
    told = levels(chart(pressure(-10, *before), pressure(30, *now)))

    assert ("BP-RISE" in told, "BP-ABS" in told) == (rises, is_absolute)


@pytest.mark.parametrize(
    ("before", "speaks"),
    [
        ((140, 90), None),
        ((141, 90), "BP-PRE"),
        ((140, 91), "BP-PRE"),
        ((159, 99), "BP-PRE"),
        ((160, 80), "BP-PRE-HI"),
        ((150, 100), "BP-PRE-HI"),
        ((150, None), "BP-PRE"),
    ],
)
def test_the_pressure_before_is_judged_at_its_edges_and_once(before, speaks):
    told = levels(chart(pressure(-10, *before), status="planned"))

    assert told == ({} if speaks is None else {speaks: "stop"})


def test_a_recheck_takes_the_place_of_the_first_reading():
    first, recheck = pressure(-30, 165, 104), pressure(-10, 138, 88)

    assert levels(chart(first, recheck, status="planned")) == {}
    assert levels(chart(first, replace(recheck, at=minute(-40)), status="planned")) == {
        "BP-PRE-HI": "stop"
    }


def test_the_rise_is_over_this_sessions_last_reading_before_it():
    told = found(chart(pressure(-60, 150, 90), pressure(-5, 120, 75), pressure(40, 161, 85)))

    assert told["BP-RISE"].level == "warn"
    assert "161/85 mmHg after 120/75 before the dose (systolic +41" in told["BP-RISE"].sentence
    assert told["BP-RISE"].evidence["worst"]["systolic_mmhg"] == 161


def test_without_a_reading_before_it_nothing_has_risen():
    assert levels(chart(pressure(10, 120, 75), pressure(40, 170, 85))) == {}


def test_very_high_is_an_emergency_and_says_whether_there_were_symptoms():
    unsaid = found(chart(pressure(20, 182, 96)))["BP-ABS"]
    told = found(chart(pressure(20, 182, 96), pressure(30, 178, 110, symptomatic=True)))["BP-ABS"]
    denied = found(chart(pressure(20, 182, 96, symptomatic=False)))["BP-ABS"]

    assert unsaid.level == "emergency"
    assert unsaid.sentence == "182/96 mmHg is at or above 180/110, symptoms not recorded."
    assert told.sentence.endswith("with symptoms.")
    assert denied.sentence.endswith("without symptoms.")
    assert len(told.records) == 2


def test_a_reading_at_home_is_judged_by_its_height_alone():
    told = of_home(pressure(0, 185, 99), Numbers())

    assert [(one.rule, one.level) for one in told] == [("BP-ABS", "emergency")]


@pytest.mark.parametrize(
    ("since", "holds"),
    [
        ([(150, 90), (150, 90)], True),
        ([(150, 90), (155, 85)], True),
        ([(150, 90), (149, 95)], False),
        ([(150, 90), (119, 75)], False),
        ([(119, 75), (120, 80)], False),
        ([(150, 90)], False),
    ],
)
def test_a_pressure_that_does_not_fall_holds_the_discharge(since, holds):
    after = [pressure(40 + 20 * place, *one) for place, one in enumerate(since)]

    told = levels(chart(pressure(-5, 120, 80), *after, discharged_at=minute(120)))

    assert ("BP-REST" in told) is holds


def test_nobody_asks_whether_it_falls_while_the_infusion_runs():
    running = chart(pressure(-5, 120, 80), pressure(10, 130, 80), pressure(20, 140, 80))

    assert "BP-REST" not in levels(running)
    assert "BP-REST" in levels(running, now=minute(50))


def test_a_clinics_own_number_is_used_and_told():
    chosen = {"safety.bp_abs.systolic_mmhg": 200}

    told = found(chart(pressure(20, 205, 90)), chosen)["BP-ABS"].evidence["thresholds"]

    assert levels(chart(pressure(20, 185, 90)), chosen) == {}
    assert (told[0]["value"], told[0]["default"], told[0]["trust"]) == (200, 180, "clinic")
    assert (told[1]["value"], told[1]["trust"]) == (110, "found-2nd")


def test_a_day_alone_is_neither_before_nor_after():
    untimed = replace(pressure(0, 150, 95), timed=False)

    assert levels(chart(untimed)) == {}
    assert levels(chart(pressure(-5, 150, 95), session=session(started_at=None))) == {}


heights = st.integers(30, 320)
points = st.lists(
    st.tuples(st.integers(-60, 180), heights, st.integers(0, 100)), min_size=1, max_size=6
)


@over(points, st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_nothing(taken, random):
    readings = [pressure(at, high, round(high * low / 100)) for at, high, low in taken]
    shuffled = random.sample(readings, len(readings))

    assert found(chart(*readings)) == found(chart(*shuffled))


@over(points, st.integers(1, 60))
def test_higher_since_the_start_never_silences(taken, more):
    before = pressure(-90, 120, 75)
    since = [pressure(200 + at, high, round(high * low / 100)) for at, high, low in taken]
    higher = [
        replace(one, systolic=one.systolic + more, diastolic=one.diastolic + more) for one in since
    ]
    asked = {"BP-RISE", "BP-ABS"}

    assert asked & levels(chart(before, *since)).keys() <= levels(chart(before, *higher)).keys()
