"""With one of everything there, each door is opened once: the http fixture holds the answers."""

from tests.rules.everything import body_of, fitted, grow
from tests.rules.surface import endpoints, operations

MOVES = ("/start", "/stop", "/complete", "/cancel", "/void", "/logout")
"""What ends or changes a record comes last."""


async def test_the_clinic_has_an_id_for_every_name_in_a_path(http, make):
    grown = await grow(http, await make.clinic())

    named = {name for _, path in endpoints() for name in _names(path)}
    assert named <= set(grown.ids), "teach tests/rules/everything.py to make one"


def _names(path):
    return {part[1:-1] for part in path.split("/") if part.startswith("{")}


async def test_everything_that_is_there_can_be_read_as_declared(http, make):
    grown = await grow(http, await make.clinic())

    refused = {}
    for path, method, _ in operations():
        if method == "get":
            url, caller = path.format(**grown.ids), grown.caller_of(path)
            answer = await http.get(url, headers=caller)
            if answer.status_code != 200:
                refused[path] = answer.text

    assert refused == {}


async def test_everything_can_be_changed_and_voided_as_declared(http, make):
    grown = await grow(http, await make.clinic())

    refused = {}
    for path, method, _ in operations():
        own = path.format(**grown.ids)
        if method == "patch":
            version = (await http.get(own, headers=grown.admin)).headers["ETag"]
            body = fitted(body_of(path, method), grown.ids)
            headers = grown.admin | {"If-Match": version}
            answer = await http.patch(own, json=body, headers=headers)
            if answer.status_code != 200:
                refused[path] = answer.text
    for path, _, _ in operations():
        if path.endswith("/void") and "patients" not in path:
            sent = {"reason": "entered for the wrong patient", "with_children": True}
            answer = await http.post(path.format(**grown.ids), json=sent, headers=grown.admin)
            if answer.status_code != 200:
                refused[path] = answer.text

    assert refused == {}
