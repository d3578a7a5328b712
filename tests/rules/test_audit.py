"""Whatever somebody we know asks for leaves one row, answered or refused."""

import re
from uuid import UUID, uuid4

import pytest

from app.access.policy import Role
from app.access.recording import OF_NO_CHART
from tests.audit.makers import left
from tests.rules.everything import body_of, fitted, grow
from tests.rules.surface import operations

OF_NO_PATIENT = {"staff_id", "client_id", "secret_id", "session_id", "invitation_id", "check_in_id"}
"""Ids in a path that lead to nobody's chart, and one that only a phone may ask for."""

ENDS = ("/v1/logout", "/revoke")
"""What would end the caller's own token comes last."""


def asked():
    """Every operation that wants a token, with changes after reads."""
    found = [
        (path, method)
        for path, method, operation in operations()
        if "security" in operation and path not in OF_NO_CHART
    ]
    return sorted(found, key=lambda one: (one[0].endswith(ENDS), one[1] != "get", one))


async def ask(http, path, method, ids, headers):
    headers = headers | ({"If-Match": '"1"'} if method == "patch" else {})
    body = fitted(body_of(path, method), ids)
    return await http.request(method.upper(), path.format(**ids), json=body, headers=headers)


CALLERS = {
    "clinician": lambda grown: grown.clinic.staff(),
    "admin": lambda grown: grown.clinic.staff(Role.ADMIN),
    "auditor": lambda grown: grown.clinic.staff(Role.AUDITOR),
    "ehr": lambda grown: grown.clinic.ehr(),
    "phone": lambda grown: grown.clinic.phone(grown.ids["patient_id"]),
}


@pytest.mark.parametrize("caller", CALLERS)
async def test_each_operation_leaves_one_row_that_says_what_came_of_it(http, make, owner, caller):
    grown = await grow(http, await make.clinic())
    before = len(await left(owner, grown.clinic))

    answers = []
    for path, method in asked():
        if path.endswith(ENDS) or (path, method) == ("/oauth2/token", "post"):
            continue
        headers = await CALLERS[caller](grown)
        answers.append((path, method, await ask(http, path, method, grown.ids, headers)))

    rows = (await left(owner, grown.clinic))[before:]
    told = [(row["id"], row["method"], row["route"], row["status"]) for row in rows]
    assert told == [
        (UUID(answer.headers["X-Request-Id"]), method.upper(), path, answer.status_code)
        for path, method, answer in answers
    ]


def named(path):
    return set(re.findall(r"{(\w+_id)}", path)) - OF_NO_PATIENT


async def test_a_row_about_a_chart_says_whose(http, make, owner):
    grown = await grow(http, await make.clinic())
    headers = await grown.clinic.staff(Role.ADMIN)
    before = len(await left(owner, grown.clinic))
    about = [one for one in asked() if named(one[0]) and not one[0].endswith(ENDS)]

    for path, method in about:
        await ask(http, path, method, grown.ids, headers)

    rows = (await left(owner, grown.clinic))[before:]
    wrong = {row["route"] for row in rows if str(row["patient_id"]) != grown.ids["patient_id"]}
    assert wrong == set()
    assert len(rows) == len(about)


async def test_what_is_not_there_leaves_one_row_too(http, make, owner):
    grown = await grow(http, await make.clinic())
    headers = await grown.clinic.staff(Role.ADMIN)
    nobodys = {
        name: str(uuid4()) if name.endswith("_id") else one for name, one in grown.ids.items()
    }
    before = len(await left(owner, grown.clinic))
    about = [one for one in asked() if "{" in one[0] and not one[0].endswith(ENDS)]

    for path, method in about:
        await ask(http, path, method, nobodys, headers)

    rows = (await left(owner, grown.clinic))[before:]
    assert [row["route"] for row in rows] == [path for path, _ in about]
