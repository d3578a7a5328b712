from datetime import timedelta

import pytest

from tests.background.makers import Chart
from tests.makers import NOW, at, patient

ATTEMPT = {"kind": "suicide_attempt", "occurred_at": at(hours=3)}
ADMITTED = {"kind": "hospitalization", "occurred_at": at(hours=3)}


def day(ago):
    return (NOW - timedelta(days=ago)).date().isoformat()


@pytest.mark.parametrize(
    ("event", "rule"),
    [
        (ATTEMPT, "EVENT-SUICIDE"),
        (ADMITTED | {"worsening": True}, "EVENT-WORSENING"),
        (ADMITTED | {"worsening": False}, None),
        (ADMITTED, None),
        ({"kind": "fall", "occurred_at": at(hours=3), "worsening": True}, None),
    ],
)
async def test_an_attempt_and_a_stay_for_worsening_open_an_alert_that_stops(chart, event, rule):
    kept = await chart.add("events", **event)

    told = [(one["rule"], one["level"], one["subject_id"]) for one in await chart.alerts()]
    assert told == ([(rule, "stop", kept["id"])] if rule else [])


async def test_an_attempt_told_late_still_opens_its_alert(chart):
    await chart.add("events", kind="suicide_attempt", occurred_on=day(5))

    (alert,) = await chart.alerts()
    assert (alert["late"], alert["due_at"]) == (True, None)


@pytest.mark.parametrize(("hours", "alerts"), [(71, 1), (73, 0)])
async def test_what_an_integration_brings_as_history_is_flagged_instead(chart, hours, alerts):
    ehr = Chart(chart.http, chart.clinic, await chart.clinic.ehr(), chart.patient_id)

    kept = await ehr.add("events", kind="suicide_attempt", occurred_at=at(hours=hours))

    assert kept["flags"] == ([] if alerts else ["event-in-history"])
    assert len(await chart.alerts()) == alerts


async def test_an_event_that_is_corrected_into_an_attempt_opens_an_alert(chart):
    fall = await chart.add("events", kind="fall", occurred_at=at(hours=3))

    await chart.change("events", fall, kind="suicide_attempt")

    assert [one["rule"] for one in await chart.alerts()] == ["EVENT-SUICIDE"]


async def test_voiding_the_event_marks_the_alert_and_leaves_it_open(chart):
    await chart.void("events", await chart.add("events", **ATTEMPT))

    (alert,) = await chart.alerts()
    assert (alert["status"], alert["evidence_status"]) == ("open", "voided")


async def test_it_ends_on_no_day_before_it_began_nor_on_one_to_come(chart):
    told = {"kind": "hospitalization", "occurred_on": day(1)}

    assert "before" in await chart.refused("events", **told, ended_on=day(2))
    assert "ahead" in await chart.refused("events", **told, ended_on=day(-5))


async def test_a_change_of_medication_names_a_standing_one_of_the_patient(chart):
    mine = await chart.add("medications", name="lithium")
    bob = Chart(chart.http, chart.clinic, chart.headers, await patient(chart.http, chart.headers))
    changed = {"kind": "medication_change", "occurred_on": day(1), "medication_id": mine["id"]}

    kept = await chart.add("events", **changed)
    strange = await bob.refused("events", **changed)
    await chart.void("medications", mine)
    voided = await chart.refused("events", **changed)

    assert kept["medication_id"] == mine["id"]
    assert strange == "is no medication of this patient"
    assert voided == "is a medication that was entered in error"


async def test_relief_marks_the_episode_that_a_change_overlaps_as_it_was_known(chart):
    told = {"drug": "ketamine", "route": "iv", "status": "completed", "dose_mg": 40}
    first = await chart.add("infusions", **told, started_at=at(20), ended_at=at(20, -1))
    await chart.add("infusions", **told, started_at=at(10), ended_at=at(10, -1))
    lithium = await chart.add("medications", name="lithium", started_on=day(18))
    ect = await chart.add("events", kind="ect", occurred_at=at(5))
    await chart.void("events", ect)
    url = f"/v1/patients/{chart.patient_id}/relief"

    now = (await chart.http.get(url, headers=chart.headers)).json()
    moment = {"known_at": ect["recorded_at"]}
    then = (await chart.http.get(url, params=moment, headers=chart.headers)).json()

    marks = [[one["kind"] for one in episode["co_treatment"]] for episode in now["episodes"]]
    assert marks == [["medication_started"], []]
    (mark,) = now["episodes"][0]["co_treatment"]
    assert (mark["record_id"], mark["what"]) == (lithium["id"], "lithium")
    assert now["episodes"][0]["infusion_id"] == first["id"]
    assert [one["kind"] for one in then["episodes"][1]["co_treatment"]] == ["ect"]
