import asyncio
from uuid import uuid4

from tests.makers import at, patient


async def test_putting_a_patient_twice_keeps_one_and_answers_the_same(http, make):
    clinic = await make.clinic()
    ehr = await clinic.ehr()
    url = f"/v1/patients/{uuid4()}"
    ada = {"given_name": "Ada", "identifiers": [{"system": "ehr", "value": "1"}]}

    first = await http.put(url, json=ada, headers=ehr)
    again = await http.put(url, json=ada, headers=ehr)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()


async def test_other_content_under_the_same_id_is_refused(http, make):
    clinic = await make.clinic()
    ehr = await clinic.ehr()
    url = f"/v1/patients/{uuid4()}"
    await http.put(url, json={"given_name": "Ada"}, headers=ehr)

    other = await http.put(url, json={"given_name": "Eve"}, headers=ehr)

    assert other.status_code == 409
    assert other.json()["type"] == "/problems/id-taken"
    assert other.json()["current_version"] == 1


async def test_parallel_posts_of_one_identifier_make_one_patient(http, make, owner):
    clinic = await make.clinic()
    ehr = await clinic.ehr()
    ada = {"given_name": "Ada", "identifiers": [{"system": "ehr", "value": "1"}]}

    answers = await asyncio.gather(
        *(http.post("/v1/patients", json=ada, headers=ehr) for _ in range(20))
    )

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 19
    made = next(a.json()["id"] for a in answers if a.status_code == 201)
    assert {a.json()["existing_id"] for a in answers if a.status_code == 409} == {made}
    assert await owner.value("SELECT count(*) FROM patients") == 1


async def test_parallel_patches_with_one_etag_make_one_winner(http, make):
    clinic = await make.clinic()
    nurse = await clinic.staff()
    ada = await patient(http, nurse)

    answers = await asyncio.gather(
        *(
            http.patch(
                f"/v1/patients/{ada}",
                json={"given_name": f"Ada {n}"},
                headers={**nurse, "If-Match": '"1"'},
            )
            for n in range(10)
        )
    )

    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 9


async def test_the_search_finds_either_name_whatever_the_accents(http, make):
    clinic = await make.clinic()
    nurse = await clinic.staff()
    await patient(http, nurse, given_name="Éloïse", family_name="Nørgård")
    await patient(http, nurse, given_name="Max", family_name="Elo")

    found = await http.post("/v1/patients/search", json={"name": "ELO"}, headers=nurse)

    assert [one["given_name"] for one in found.json()["items"]] == ["Max", "Éloïse"]


async def test_history_tells_who_when_why_and_both_values(http, make):
    clinic = await make.clinic()
    nurse = await clinic.staff()
    ada = await patient(http, nurse, given_name="Ada")
    await http.patch(
        f"/v1/patients/{ada}",
        json={"given_name": "Adah", "change_reason": "misspelt"},
        headers={**nurse, "If-Match": '"1"'},
    )

    told = (await http.get(f"/v1/patients/{ada}/history", headers=nurse)).json()["items"]

    assert [one["version"] for one in told] == [1, 2]
    assert told[1]["reason"] == "misspelt"
    assert told[1]["changes"] == [{"field": "given_name", "before": "Ada", "after": "Adah"}]


async def test_history_keeps_the_identifiers_that_were(http, make):
    nurse = await (await make.clinic()).staff()
    old, new = ({"system": "ehr", "value": value} for value in "12")
    ada = await patient(http, nurse, identifiers=[old])
    url = f"/v1/patients/{ada}"
    change = {"identifiers": [new]}
    await http.patch(url, json=change, headers={**nurse, "If-Match": '"1"'})
    await http.post(f"{url}/void", json={"reason": "twice"}, headers=nurse)

    told = (await http.get(f"{url}/history", headers=nurse)).json()["items"]

    assert [one["record"]["identifiers"] for one in told] == [[old], [new], []]
    assert told[1]["changes"] == [{"field": "identifiers", "before": [old], "after": [new]}]


async def test_another_clinics_patient_does_not_exist(http, make):
    north, south = await make.clinic(), await make.clinic()
    ada = await patient(http, await north.staff())

    answer = await http.get(f"/v1/patients/{ada}", headers=await south.staff())

    assert answer.status_code == 404


async def test_a_patient_registered_by_mistake_is_voided_and_frees_the_identifier(http, make):
    clinic = await make.clinic()
    nurse = await clinic.staff()
    named = {"identifiers": [{"system": "ehr", "value": "1"}]}
    ada = await patient(http, nurse, **named)
    url = f"/v1/patients/{ada}"

    voided = await http.post(f"{url}/void", json={"reason": "twice at the desk"}, headers=nurse)
    listed = await http.get("/v1/patients", headers=nurse)
    charted = await http.post(
        f"{url}/assessments",
        json={"instrument": "PHQ-9", "taken_at": at(), "total": 3},
        headers=nurse,
    )
    again = await http.post("/v1/patients", json=named, headers=nurse)

    assert voided.json()["status"] == "entered_in_error"
    assert listed.json()["items"] == []
    assert (charted.status_code, again.status_code) == (409, 201)
    assert (await http.get(url, headers=nurse)).status_code == 200


async def test_a_patient_with_records_is_not_voided(http, make):
    clinic = await make.clinic()
    nurse = await clinic.staff()
    url = f"/v1/patients/{await patient(http, nurse)}"
    score = {"instrument": "PHQ-9", "taken_at": at(), "total": 3}
    await http.post(f"{url}/assessments", json=score, headers=nurse)

    refused = await http.post(f"{url}/void", json={"reason": "slip"}, headers=nurse)

    assert refused.status_code == 409
    assert refused.json()["type"] == "/problems/has-children"


async def test_a_list_shows_voided_patients_to_who_asks(http, make):
    nurse = await (await make.clinic()).staff()
    ada = await patient(http, nurse)
    await http.post(f"/v1/patients/{ada}/void", json={"reason": "twice"}, headers=nurse)

    without = await http.get("/v1/patients", headers=nurse)
    voided = await http.get("/v1/patients?include_voided=true", headers=nurse)

    assert without.json()["items"] == []
    assert [one["id"] for one in voided.json()["items"]] == [ada]


async def test_a_taken_id_is_told_with_its_version_however_bad_the_body(http, make):
    nurse = await (await make.clinic()).staff()
    ada = await patient(http, nurse)

    answer = await http.put(f"/v1/patients/{ada}", json={"hat": "red"}, headers=nurse)

    assert answer.status_code == 409
    assert answer.json()["current_version"] == 1
