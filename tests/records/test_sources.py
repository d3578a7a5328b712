import asyncio
from uuid import uuid4

import pytest

from tests.infusions.makers import given
from tests.makers import at, patient

SOURCE = {"system": "ehr", "record_id": "p-1"}


@pytest.fixture
async def ehr(make):
    return await (await make.clinic()).ehr()


@pytest.fixture
async def ada(http, ehr):
    return await patient(http, ehr)


async def test_a_session_sent_again_is_known_by_its_source_before_its_time(http, ehr, ada):
    url = f"/v1/patients/{ada}/infusions"
    session = given(source=SOURCE)
    first = await http.post(url, json=session, headers=ehr)

    again = await http.post(url, json=session, headers=ehr)

    assert again.status_code == 409
    assert again.json()["type"] == "/problems/source-taken"
    assert again.json()["existing_id"] == first.json()["id"]


async def test_a_taken_source_comes_before_what_else_is_wrong(http, ehr, ada):
    url = f"/v1/patients/{ada}/vitals"
    reading = {"measured_at": at(), "heart_rate_bpm": 80, "source": SOURCE}
    await http.post(url, json=reading, headers=ehr)

    again = await http.post(url, json={**reading, "infusion_id": str(uuid4())}, headers=ehr)

    assert again.status_code == 409
    assert again.json()["type"] == "/problems/source-taken"


async def test_a_record_is_not_given_the_source_of_another(http, ehr, ada):
    url = f"/v1/patients/{ada}/vitals"
    reading = {"measured_at": at(), "heart_rate_bpm": 80}
    first = await http.post(url, json={**reading, "source": SOURCE}, headers=ehr)
    second = await http.post(url, json=reading, headers=ehr)

    answer = await http.patch(
        f"/v1/vitals/{second.json()['id']}",
        json={"source": SOURCE},
        headers={**ehr, "If-Match": '"1"'},
    )
    own = await http.patch(
        f"/v1/vitals/{first.json()['id']}",
        json={"source": {"version": "2"}},
        headers={**ehr, "If-Match": '"1"'},
    )

    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/source-taken"
    assert answer.json()["existing_id"] == first.json()["id"]
    assert own.status_code == 200


async def test_one_of_many_records_is_given_a_source_at_once(http, ehr, ada):
    url, reading = f"/v1/patients/{ada}/vitals", {"measured_at": at(), "heart_rate_bpm": 80}
    made = [await http.post(url, json=reading, headers=ehr) for _ in range(10)]

    answers = await asyncio.gather(
        *(
            http.patch(
                one.headers["location"],
                json={"source": SOURCE},
                headers={**ehr, "If-Match": '"1"'},
            )
            for one in made
        )
    )

    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 9
