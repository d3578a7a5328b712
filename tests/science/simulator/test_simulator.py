from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from statistics import mean, median

import pytest

from app.science.relief import current_state, extract
from app.science.simulator import Archetype, simulate, with_today
from app.science.simulator.figures import MINUTES, PATIENTS
from app.science.simulator.people import PEOPLE

TODAY = date(2026, 3, 4)
NOW = datetime.combine(TODAY, time(12), UTC)
CLINIC = simulate(TODAY)
SESSIONS = [session for patient in CLINIC for session in patient.sessions]
GIVEN = [session for session in SESSIONS if session.status != "planned"]
SEEDS = range(1, 6)
HOURS = timedelta(hours=3)


def record(patient):
    given = [session for session in patient.sessions if session.started_at]
    return {
        "patient_id": patient.family_name,
        "infusions": [{"id": f"i{k}", "t": one.started_at} for k, one in enumerate(given)],
        "scores": [
            {
                "id": f"s{k}",
                "instrument": one.instrument,
                "t": one.taken_at,
                "value": sum(one.answers),
            }
            for k, one in enumerate(patient.checkins)
        ],
    }


def after_induction(clinic):
    return [
        episode
        for patient in clinic
        for episode in extract(record(patient))["episodes"]
        if episode["index_in_course"] >= 6
    ]


def test_the_same_seed_gives_the_same_clinic_and_another_seed_another():
    assert simulate(TODAY) == CLINIC
    assert simulate(TODAY, seed=8) != CLINIC


def test_there_are_forty_people_of_every_kind_and_nobody_twice():
    names = {(patient.given_name, patient.family_name) for patient in CLINIC}

    assert len(names) == len(CLINIC) == len(PEOPLE) == 40
    assert Counter(patient.archetype for patient in CLINIC) == PATIENTS
    assert all(patient.birth_date.year <= TODAY.year - 18 for patient in CLINIC)


@pytest.mark.parametrize("weekday", range(7))
def test_what_is_recorded_ends_before_today_and_what_is_planned_comes_after(weekday):
    today = TODAY + timedelta(days=weekday)
    clinic = simulate(today)
    sessions = [session for patient in clinic for session in patient.sessions]
    checkins = [checkin for patient in clinic for checkin in patient.checkins]
    given = [session.started_at.date() for session in sessions if session.started_at]
    planned = [one.scheduled_at.date() for one in sessions if one.status == "planned"]

    assert max(*given, *(one.taken_at.date() for one in checkins)) == today - timedelta(days=1)
    assert min(given) >= today - timedelta(days=552)
    assert planned
    assert today < min(planned) <= max(planned) <= today + timedelta(days=7)


def test_inductions_are_six_sessions_on_mondays_wednesdays_and_fridays():
    whole = [patient for patient in CLINIC if len(patient.sessions) >= 6]

    assert len(whole) > 20
    for patient in whole:
        days = [session.scheduled_at.date() for session in patient.sessions[:6]]
        assert {day.weekday() for day in days} <= {0, 2, 4}
        assert (days[-1] - days[0]).days <= 15


def test_sessions_keep_the_shortest_interval():
    for patient in CLINIC:
        for before, after in pairwise(patient.sessions):
            assert after.scheduled_at - before.scheduled_at >= timedelta(hours=40)


def test_doses_are_of_clinic_practice():
    for session in SESSIONS:
        assert session.planned_mg_per_kg in {0.5, 0.75}
        assert session.planned_dose_mg == round(session.weight_kg * session.planned_mg_per_kg, 1)
        assert 24 <= session.planned_dose_mg <= 100
    assert all(one.dose_mg == one.planned_dose_mg for one in GIVEN if one.status == "completed")


def test_one_infusion_was_stopped_and_gave_less():
    (stopped,) = [session for session in SESSIONS if session.status == "stopped"]

    assert 0 < stopped.dose_mg < stopped.planned_dose_mg / 2
    assert stopped.stop_reason
    assert [one.effect for one in stopped.side_effects if one.action_taken == "stopped"] == [
        "anxiety"
    ]


def test_pressure_rises_and_is_back_at_the_end():
    by_minute = {
        minute: mean(session.vitals[k].systolic_mmhg for session in GIVEN)
        for k, minute in enumerate(MINUTES)
    }
    rises = {minute: level - by_minute[-15] for minute, level in by_minute.items()}

    assert 2 < rises[30] < 5
    assert 2 < rises[40] < 5
    assert abs(rises[120]) < 1


def test_vital_signs_are_plausible_and_few_enough_to_load():
    readings = [reading for session in GIVEN for reading in session.vitals]

    assert 3000 <= len(readings) <= 5000
    for one in readings:
        assert 85 <= one.systolic_mmhg <= 180
        assert 50 <= one.diastolic_mmhg <= 115
        assert one.systolic_mmhg > one.diastolic_mmhg
        assert 45 <= one.heart_rate_bpm <= 110
        assert 92 <= one.spo2_percent <= 100
        assert one.sedation_moaas in {4, 5}


def test_hypertensive_patients_start_higher():
    def resting(*, hypertensive):
        return mean(
            session.vitals[0].systolic_mmhg
            for patient in CLINIC
            if patient.hypertensive is hypertensive
            for session in patient.sessions
            if session.vitals
        )

    assert resting(hypertensive=True) > resting(hypertensive=False) + 8


def test_side_effects_come_and_go_within_the_session_and_absence_is_recorded():
    effects = [(session, effect) for session in GIVEN for effect in session.side_effects]
    asked = Counter(effect.effect for _, effect in effects)
    present = Counter(effect.effect for _, effect in effects if effect.present)

    assert asked["nausea"] == asked["dizziness"] == asked["dissociation"] == len(GIVEN)
    assert 0.2 < present["nausea"] / len(GIVEN) < 0.36
    for session, effect in effects:
        if effect.present:
            assert session.started_at < effect.onset_at < effect.resolved_at
            assert effect.resolved_at <= session.started_at + timedelta(hours=2)
            assert 1 <= effect.severity <= 9
        else:
            assert (effect.severity, effect.onset_at, effect.resolved_at) == (None, None, None)


def test_one_answer_about_self_harm_came_last_night():
    at_risk = [
        checkin
        for patient in CLINIC
        for checkin in patient.checkins
        if checkin.instrument == "PHQ-9" and checkin.answers[8] > 0
    ]

    assert [one.taken_at.date() for one in at_risk] == [TODAY - timedelta(days=1)]


def test_answers_are_in_range_and_the_baseline_is_the_first():
    for patient in CLINIC:
        first = patient.checkins[0]
        assert (first.instrument, sum(first.answers)) == ("PHQ-9", patient.baseline)
        assert first.taken_at < patient.sessions[0].scheduled_at
        for checkin in patient.checkins:
            count, highest = (9, 3) if checkin.instrument == "PHQ-9" else (1, 10)
            assert len(checkin.answers) == count
            assert all(0 <= answer <= highest for answer in checkin.answers)


@pytest.mark.parametrize("seed", SEEDS)
def test_relief_spreads_over_the_statuses_and_lasts_about_as_long_as_published(seed):
    episodes = after_induction(simulate(TODAY, seed))
    status = Counter(episode["status"] for episode in episodes)
    middles = [(one["lower"] + one["upper"]) / 2 for one in episodes if one["status"] == "lost"]

    assert status["lost"] > 60
    assert status["held"] > 15
    assert status["no_response"] + status["indeterminate"] > 5
    assert 11 <= median(middles) <= 27, "the quartiles of Murrough 2013"


def test_each_kind_lives_up_to_its_name():
    def lasted(kind):
        found = after_induction(patient for patient in CLINIC if patient.archetype is kind)
        return median(episode["lower"] for episode in found if episode["lower"] is not None)

    early, usual, long = map(
        lasted, (Archetype.EARLY_LOSER, Archetype.RESPONDER, Archetype.LONG_HOLDER)
    )
    assert early < usual < long


def test_the_worklist_shows_several_states_today():
    states = Counter(current_state(record(patient), NOW)["state"] for patient in CLINIC)

    assert {"holding", "lost", "no_response", "unknown"} <= states.keys()


@pytest.mark.parametrize("hour", [0, 9, 15, 23])
def test_in_the_middle_of_a_day_one_runs_one_recovers_and_two_are_to_come(hour):
    now = datetime.combine(TODAY, time(hour, 20), UTC)

    clinic = with_today(CLINIC, now)

    came = [after for before, after in zip(CLINIC, clinic, strict=True) if before != after]
    sessions = [
        one for patient in came for one in patient.sessions if one.scheduled_at > now - HOURS
    ]
    first = [one for one in sessions if one.scheduled_at <= now + HOURS]
    assert sorted(one.status for one in first) == ["completed", "in_progress", *["planned"] * 2]
    assert all(one.measured_at < now for session in first for one in session.vitals)
    assert all(one.scheduled_at.date() == TODAY for one in first if one.status == "planned")
    assert with_today(CLINIC, now) == clinic
