from tests.mobile.makers import batch, phone, phq9, statuses


async def test_a_check_in_is_recorded_in_the_zone_the_patient_now_lives_in(http, make):
    patient_id, nurse, ada = await phone(http, make)
    before, after = phq9(), phq9()

    await http.post("/v1/check-ins", json=batch(before), headers=ada)
    await http.patch(
        f"/v1/patients/{patient_id}",
        json={"time_zone": "Europe/Paris"},
        headers={**nurse, "If-Match": '"1"', "Content-Type": "application/merge-patch+json"},
    )
    await http.post("/v1/check-ins", json=batch(after), headers=ada)

    zones = [
        (await http.get(f"/v1/assessments/{one['id']}", headers=nurse)).json()["time_zone"]
        for one in (before, after)
    ]
    assert zones == ["America/Denver", "Europe/Paris"]


async def test_a_patient_registered_by_mistake_has_no_more_check_ins(http, make):
    patient_id, nurse, ada = await phone(http, make)

    voided = await http.post(
        f"/v1/patients/{patient_id}/void", json={"reason": "Registered twice"}, headers=nurse
    )
    answer = await http.post("/v1/check-ins", json=batch(phq9()), headers=ada)

    assert voided.status_code == 200, voided.text
    assert await statuses(answer) == ["conflict"]
