import pytest

from tests.infusions.makers import given, made, planned
from tests.makers import at, patient

ONDANSETRON = {"name": "ondansetron", "dose": 4, "unit": "mg", "given_at": at(hours=0.5)}


@pytest.fixture
async def nurse(make):
    return await (await make.clinic()).staff("nurse")


def place(session):
    return f"/v1/infusions/{session['id']}/medications-given"


@pytest.mark.parametrize("body", [given(), planned()], ids=["given", "planned"])
async def test_what_is_given_beside_the_drug_is_listed_under_its_session(http, nurse, body):
    session = await made(http, nurse, await patient(http, nurse), body)
    early = ONDANSETRON | {"given_at": at(hours=0.9), "why": "nausea", "route": "iv"}

    late = (await http.post(place(session), json=ONDANSETRON, headers=nurse)).json()
    first = (await http.post(place(session), json=early, headers=nurse)).json()

    items = (await http.get(place(session), headers=nurse)).json()["items"]
    assert items == [first, late]
    assert (first["infusion_id"], first["patient_id"]) == (session["id"], session["patient_id"])


@pytest.mark.parametrize(
    "wrong",
    [{"unit": None}, {"given_at": at(days=-2)}, {"given_at": None}, {"why": "boredom"}],
    ids=["no-unit", "to-come", "no-time", "no-such-reason"],
)
async def test_a_dose_without_a_unit_or_a_time_to_come_is_refused(http, nurse, wrong):
    session = await made(http, nurse, await patient(http, nurse), given())

    answer = await http.post(place(session), json=ONDANSETRON | wrong, headers=nurse)

    assert answer.status_code == 422


async def test_it_is_voided_along_with_its_session_and_none_is_added_after(http, nurse):
    session = await made(http, nurse, await patient(http, nurse), given())
    added = (await http.post(place(session), json=ONDANSETRON, headers=nurse)).json()
    url, reason = f"/v1/infusions/{session['id']}/void", {"reason": "another's"}

    alone = await http.post(url, json=reason, headers=nurse)
    whole = await http.post(url, json=reason | {"with_children": True}, headers=nurse)

    assert (alone.status_code, whole.status_code) == (409, 200)
    own = await http.get(f"/v1/medications-given/{added['id']}", headers=nurse)
    assert own.json()["status"] == "entered_in_error"
    more = await http.post(place(session), json=ONDANSETRON, headers=nurse)
    assert more.status_code == 409
