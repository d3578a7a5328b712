from datetime import timedelta

import pytest

from app.science.relief import co_treatment, study
from tests.science.relief.makers import START, infusion, on_day, patient

SECOND_DAY, THIRD_WEEK = on_day(1)[:10], on_day(14)[:10]


def marked(events=(), medications=(), days=(0, 7), now=30, **more):
    found = study(patient([infusion(day) for day in days], [], **more))
    at = START + timedelta(days=now)
    marks = co_treatment(found, list(map(event, events)), list(map(medication, medications)), at)
    return {name: [(one["kind"], one["at_days"]) for one in each] for name, each in marks.items()}


def event(said):
    return {"id": "e", "kind": "ect", "ended_on": None, "medication_id": None} | said


def medication(said):
    usual = {"id": "m", "name": "lithium", "started_on": None, "stopped_on": None}
    return usual | said


def test_a_change_marks_the_episode_that_it_falls_into_and_no_other():
    marks = marked([{"t": on_day(2)}, {"t": on_day(9), "kind": "tms"}])

    assert marks == {"i0": [("ect", 2.0)], "i7": [("tms", 2.0)]}


@pytest.mark.parametrize(
    ("day", "whose"),
    [(-0.1, None), (0, "i0"), (6.9, "i0"), (7, "i7"), (30, "i7"), (30.1, None)],
)
def test_an_interval_runs_from_its_infusion_to_before_the_next_or_to_the_end(day, whose):
    marks = marked([{"t": on_day(day)}])

    assert [name for name, each in marks.items() if each] == ([whose] if whose else [])


@pytest.mark.parametrize(
    ("day", "marks"),
    [
        (-1, {"i0": [], "i7": []}),
        (0, {"i0": [("ect", 0.0)], "i7": []}),
        (7, {"i0": [], "i7": [("ect", 0.0)]}),
        (30, {"i0": [], "i7": [("ect", 23.0833)]}),
        (31, {"i0": [], "i7": []}),
    ],
)
def test_a_day_that_an_infusion_falls_on_belongs_to_that_infusion(day, marks):
    assert marked([{"t": on_day(day)[:10]}]) == marks


def test_the_day_is_that_of_the_patients_zone():
    auckland = {"timezone": "Pacific/Auckland"}

    marks = marked([{"t": "2026-01-05"}, {"t": "2026-01-06"}], policy=auckland)

    assert marks == {"i0": [("ect", 0.0), ("ect", 0.5417)], "i7": []}


def test_a_medication_marks_where_it_was_started_and_where_it_was_stopped():
    marks = marked(medications=[{"started_on": SECOND_DAY, "stopped_on": THIRD_WEEK}])

    assert marks == {
        "i0": [("medication_started", 1.0833)],
        "i7": [("medication_stopped", 7.0833)],
    }


def test_a_stay_that_began_before_marks_every_episode_that_it_lasts_into():
    marks = marked([{"kind": "hospitalization", "t": on_day(-2), "ended_on": on_day(8)[:10]}])

    assert marks == {"i0": [("hospitalization", -2.0)], "i7": [("hospitalization", -9.0)]}


def test_what_ended_on_the_day_of_the_infusion_did_not_last_into_it():
    marks = marked([{"kind": "hospitalization", "t": on_day(-2), "ended_on": on_day(0)[:10]}])

    assert marks == {"i0": [], "i7": []}


def test_a_change_of_medication_names_it_and_other_events_are_no_co_treatment():
    found = study(patient([infusion(0)], []))
    events = [
        event({"kind": "medication_change", "medication_id": "m", "t": on_day(1)}),
        event({"kind": "fall", "t": on_day(1)}),
    ]

    marks = co_treatment(found, events, [medication({})], START + timedelta(days=30))

    assert marks == {
        "i0": [{"kind": "medication_change", "record_id": "e", "at_days": 1.0, "what": "lithium"}]
    }


def test_the_order_of_arrival_changes_nothing():
    events = [{"t": on_day(day), "id": str(day)} for day in (1, 2, 2, 8)]

    assert marked(events) == marked(events[::-1])
