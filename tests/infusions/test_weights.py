from uuid import uuid4

from tests.infusions.makers import given, made, patch, planned, pointers, post, problem
from tests.makers import at, patient


async def weighed(http, headers, patient_id, weight_kg, days=0, **fields):
    """The answer to a weight."""
    body = {"measured_at": at(days=days), "weight_kg": weight_kg} | fields
    return await post(http, headers, f"/v1/patients/{patient_id}/vitals", body)


async def test_a_pound_figure_sent_as_kilograms_is_caught(http, nurse, ada):
    await weighed(http, nurse, ada, 80, days=30)

    reading = await weighed(http, nurse, ada, 176)
    session = await post(http, nurse, f"/v1/patients/{ada}/infusions", given(weight_kg=176))

    assert problem(reading) == problem(session) == (422, "weight-doubtful")
    assert pointers(reading) == pointers(session) == ["/weight_kg"]
    assert "176" not in reading.text


async def test_exactly_fifteen_percent_is_not_far(http, nurse, ada):
    bob = await patient(http, nurse)
    for one in (ada, bob):
        await weighed(http, nurse, one, 80, days=30)

    far = [await weighed(http, nurse, ada, kg) for kg in (92.1, 67.9)]
    near = [await weighed(http, nurse, ada, 92), await weighed(http, nurse, bob, 68)]

    assert [problem(one)[1] for one in far] == ["weight-doubtful"] * 2
    assert [one.status_code for one in near] == [201, 201]


async def test_a_weight_that_is_meant_is_kept_and_becomes_the_known_one(http, nurse, ada):
    await weighed(http, nurse, ada, 80, days=30)

    meant = await weighed(http, nurse, ada, 60, days=2, weight_confirmed=True)
    next_one = await weighed(http, nurse, ada, 61)

    assert (meant.status_code, meant.json()["flags"]) == (201, [])
    assert next_one.status_code == 201


async def test_the_last_known_weight_is_the_latest_before_by_time(http, nurse, ada):
    await weighed(http, nurse, ada, 60, days=30)
    await made(http, nurse, ada, given(days=10, weight_kg=80, weight_confirmed=True))

    between = await weighed(http, nurse, ada, 61, days=20)
    after = await weighed(http, nurse, ada, 61, days=5)
    earliest = await weighed(http, nurse, ada, 120, days=40)

    assert [one.status_code for one in (between, after, earliest)] == [201, 422, 201]


async def test_voided_and_ideal_weights_are_no_known_weights(http, nurse, ada):
    slip = await weighed(http, nurse, ada, 176, days=30)
    await post(http, nurse, f"/v1/vitals/{slip.json()['id']}/void", {"reason": "pounds"})
    await made(http, nurse, ada, given(days=20, weight_kg=60, weight_kind="ideal"))

    actual = await weighed(http, nurse, ada, 80)
    ideal = await made(http, nurse, ada, given(weight_kg=60, weight_kind="ideal"))

    assert (actual.status_code, ideal["weight_kg"]) == (201, 60)


async def test_what_an_integration_charts_late_is_doubted_unless_it_is_said_to_be_history(
    http, clinic, nurse, ada
):
    ehr = await clinic.ehr()
    await weighed(http, nurse, ada, 80, days=40)

    late = await weighed(http, ehr, ada, 176, days=20)

    assert late.status_code == 422
    assert late.json()["type"] == "/problems/weight-doubtful"


async def test_an_import_is_kept_and_flagged_and_is_no_known_weight(http, clinic, nurse, ada):
    ehr = await clinic.ehr()
    await weighed(http, nurse, ada, 80, days=30)

    brought = await weighed(http, ehr, ada, 176, days=20, entry_mode="import")
    session = await made(http, ehr, ada, given(days=19, weight_kg=176, entry_mode="import"))
    live = await weighed(http, nurse, ada, 176)

    assert (brought.status_code, brought.json()["flags"]) == (201, ["weight-doubtful"])
    assert session["flags"] == ["weight-doubtful"]
    assert problem(live) == (422, "weight-doubtful")


async def test_a_corrected_weight_is_judged_and_its_flag_goes(http, clinic, nurse, ada):
    await weighed(http, nurse, ada, 80, days=30)
    ehr = await clinic.ehr()
    brought = (await weighed(http, ehr, ada, 176, days=20, entry_mode="import")).json()

    wrong = await patch(http, nurse, brought, {"weight_kg": 177}, "vitals")
    right = await patch(http, nurse, brought, {"weight_kg": 79.8}, "vitals")

    assert problem(wrong) == (422, "weight-doubtful")
    assert right.json()["flags"] == []


async def test_a_confirmation_holds_for_the_weight_it_came_with(http, nurse, ada):
    await weighed(http, nurse, ada, 80, days=30)
    meant = (await weighed(http, nurse, ada, 60, weight_confirmed=True)).json()

    session = await made(http, nurse, ada, given(weight_kg=90, weight_confirmed=True))

    for path, record in (("vitals", meant), ("infusions", session)):
        noted = (await patch(http, nurse, record, {"note": "ill"}, path)).json()
        other = await patch(http, nurse, noted, {"weight_kg": 30}, path)

        assert noted["weight_confirmed"] is True
        assert problem(other) == (422, "weight-doubtful")


async def test_a_corrected_weight_is_not_measured_against_itself(http, nurse, ada):
    slip = (await weighed(http, nurse, ada, 176)).json()

    corrected = await patch(http, nurse, slip, {"weight_kg": 80}, "vitals")

    assert corrected.status_code == 200


async def test_a_start_with_a_doubtful_weight_is_refused_until_it_is_meant(http, nurse, ada):
    await weighed(http, nurse, ada, 80, days=30)
    session = await made(http, nurse, ada, planned())
    url = f"/v1/infusions/{session['id']}/start"

    doubted = await post(http, nurse, url, {"weight_kg": 176})
    meant = await post(http, nurse, url, {"weight_kg": 100, "weight_confirmed": True})

    assert problem(doubted) == (422, "weight-doubtful")
    assert (meant.status_code, meant.json()["weight_confirmed"]) == (200, True)


async def test_a_phones_weight_is_flagged_and_never_refused(http, clinic, nurse, ada):
    await weighed(http, nurse, ada, 80, days=30)
    item = {"id": str(uuid4()), "kind": "vitals", "measured_at": at(), "weight_kg": 176}

    sent = await post(
        http, await clinic.phone(ada), "/v1/check-ins", {"sent_at": at(), "items": [item]}
    )
    kept = (await http.get(f"/v1/vitals/{item['id']}", headers=nurse)).json()
    corrected = await patch(http, nurse, kept, {"weight_kg": 177}, "vitals")

    assert sent.json()["results"][0]["status"] == "created"
    assert kept["flags"] == ["weight-doubtful"]
    assert problem(corrected) == (422, "weight-doubtful")
