from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.science.chair import THRESHOLDS, Reading, plan, upcoming

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

SCHEDULE = [-15, 0, 10, 20, 40]


def after(minutes):
    return START + timedelta(minutes=minutes)


def states(now, *readings, **more):
    found = plan(SCHEDULE, START, readings, after(now), grace_minutes=3, **more)
    return {one.planned_minute: one.state for one in found}


def test_a_reading_is_upcoming_then_due_then_late_then_missed():
    found = [states(now)[10] for now in (9, 10, 13, 13.5, 19, 20)]

    assert found == ["upcoming", "due", "due", "late", "late", "missed"]


def test_a_reading_belongs_to_the_minute_it_was_taken_nearest_to():
    found = plan(SCHEDULE, START, [Reading("a", after(12))], after(12), grace_minutes=3)

    done = [one for one in found if one.state == "done"]
    assert [(one.planned_minute, one.reading_id, one.late_minutes) for one in done] == [
        (10, "a", 2.0)
    ]


def test_a_reading_that_names_its_minute_belongs_there():
    assert states(21, Reading("a", after(19), planned_minute=10))[10] == "done"
    assert states(21, Reading("a", after(19), planned_minute=10))[20] == "due"


def test_of_two_readings_of_one_minute_the_nearer_counts():
    found = plan(
        SCHEDULE,
        START,
        [Reading("far", after(13)), Reading("near", after(11))],
        after(15),
        grace_minutes=3,
    )

    assert next(one.reading_id for one in found if one.planned_minute == 10) == "near"


def test_what_was_not_done_says_why_and_a_reading_goes_before_it():
    refused = Reading("a", after(10), 10, "asleep")

    assert states(20, refused)[10] == "not_done"
    assert states(20, refused, Reading("b", after(11), 10))[10] == "done"


def test_nothing_is_needed_once_the_patient_has_left():
    found = states(60, left_at=after(25))

    assert (found[20], found[40]) == ("missed", "not_needed")


def test_before_the_start_nothing_counts_as_missed():
    found = states(5, begun=False)

    assert (found[-15], found[0], found[10]) == ("late", "late", "upcoming")


def test_the_last_reading_stays_late_until_it_is_taken():
    assert states(300)[40] == "late"


@given(
    st.lists(st.floats(-60, 200), max_size=12),
    st.floats(-60, 200),
)
def test_each_reading_fills_at_most_one_minute_and_one_at_most_is_next(taken, now):
    readings = [Reading(str(number), after(at)) for number, at in enumerate(taken)]
    usual = THRESHOLDS["chair.schedule_minutes"].value

    found = plan(usual, START, readings, after(now), grace_minutes=3)

    used = [one.reading_id for one in found if one.reading_id is not None]
    assert len(used) == len(set(used))
    waits = upcoming(found)
    assert waits is None or waits.state in ("upcoming", "due", "late")
    assert [one.planned_minute for one in found] == sorted(usual)
