"""Charts with assessments."""

from tests.makers import at, patient

WELL = [0, 0, 0, 0, 0, 0, 0, 0, 0]
AT_RISK = [1, 1, 2, 0, 1, 0, 2, 0, 1]


def phq9(answers=WELL, **fields):
    return {"instrument": "PHQ-9", "taken_at": at(), "answers": answers} | fields


async def chart(http, make, who="staff"):
    clinic = await make.clinic()
    nurse = await clinic.staff()
    ada = await patient(http, nurse)
    return f"/v1/patients/{ada}", nurse if who == "staff" else await clinic.ehr()


async def add(http, url, headers, sent):
    answer = await http.post(f"{url}/assessments", json=sent, headers=headers)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def alerts(http, url, headers):
    return (await http.get(f"{url}/alerts", headers=headers)).json()["items"]
