"""Every endpoint says who may use it, and means it."""

from uuid import uuid4

import pytest

from app.access.policy import PHONE, SCOPES, STAFF, Caller, May, Role, Viewer
from app.kit.openapi import calls, routes
from app.web.deps import SignedIn, handed_over
from tests.rules.surface import built, is_page

FOR_ANYONE = {
    "/oauth2/token",
    "/v1/login",
    "/v1/enrolments/redeem",
    "/v1/invitations/redeem",
    "/problems/{name}",
    "/healthz",
    "/readyz",
    "/metrics",
}
"""Before signing in, and for machines that watch."""

FOR_EVERY_CALLER = {"/v1/logout"}

RESERVED: set[May] = set()
"""Verbs whose endpoints come later."""

CALLERS = {
    **{role.value: Viewer(uuid4(), uuid4(), Caller.STAFF, role.value) for role in Role},
    **{
        scope: Viewer(uuid4(), uuid4(), Caller.CLIENT, "client", scope)
        for scope in ("read", "write", "read write")
    },
    "phone": Viewer(uuid4(), uuid4(), Caller.DEVICE, "patient", "patient", uuid4()),
}


def asked(route):
    """The permissions that a route names: each set is one that suffices in part."""
    return [call.verbs for call in calls(route.dependant) if hasattr(call, "verbs")]


ENDPOINTS = {
    f"{method} {route.path_format}": (method, route)
    for route in routes(built())
    for method in route.methods
    if not is_page(route)
}

PAGES = {
    f"{method} {route.path_format}": route
    for route in routes(built())
    for method in route.methods
    if is_page(route)
}

FOR_WHOEVER_COMES = {
    "GET /",
    "GET /sign-in",
    "POST /sign-in",
    "GET /static/{named}/{name}",
    "GET /invitations/redeem",
    "POST /invitations/redeem",
}
"""Pages before signing in."""

FOR_A_HANDED_TABLET = {"GET /answer/{code}", "POST /answer/{code}"}

FOR_ALL_STAFF = {"POST /sign-out", "GET /account"}

GUARDED = {
    name: one
    for name, one in ENDPOINTS.items()
    if one[1].path_format not in FOR_ANYONE | FOR_EVERY_CALLER
}


@pytest.mark.parametrize("name", sorted(GUARDED))
def test_an_endpoint_names_a_permission(name):
    assert asked(GUARDED[name][1])


@pytest.mark.parametrize("name", sorted(PAGES.keys() - FOR_WHOEVER_COMES))
def test_a_page_asks_who_it_is_and_names_a_permission(name):
    called = list(calls(PAGES[name].dependant))

    if name in FOR_A_HANDED_TABLET:
        assert handed_over in called
        return
    assert any(isinstance(one, SignedIn) for one in called)
    assert (
        any(asked(PAGES[name])) or name in FOR_ALL_STAFF or name.split()[1].startswith("/account")
    )


def test_every_verb_of_the_policy_opens_an_endpoint_or_is_reserved():
    used = {verb for _, route in ENDPOINTS.values() for verbs in asked(route) for verb in verbs}

    assert used | RESERVED == set(May)


def test_every_verb_is_granted_to_someone():
    granted = {*PHONE}.union(*STAFF.values(), *SCOPES.values())

    assert granted == set(May)


def test_every_role_is_in_the_policy():
    assert set(STAFF) == set(Role)


def some(route):
    return route.path_format.format(**{name: uuid4() for name in route.param_convertors})


@pytest.mark.parametrize(
    "name",
    sorted(set(ENDPOINTS) - {n for n in ENDPOINTS if ENDPOINTS[n][1].path_format in FOR_ANYONE}),
)
async def test_without_a_token_the_answer_is_401_whatever_is_sent(http, name):
    method, route = ENDPOINTS[name]

    bare = await http.request(method, some(route))
    odd = await http.request(
        method, some(route), content=b"\xff{", headers={"Authorization": "Bearer x"}
    )

    for answer in (bare, odd):
        assert answer.status_code == 401
        assert answer.json()["type"] == "/problems/not-signed-in"
        assert answer.headers["WWW-Authenticate"] == "Bearer"


async def token_of(clinic, viewer, patient_id):
    if viewer.caller == Caller.STAFF:
        return await clinic.staff(Role(viewer.role))
    if viewer.caller == Caller.CLIENT:
        return await clinic.ehr(viewer.scope)
    return await clinic.phone(patient_id)


@pytest.mark.parametrize("caller", CALLERS)
async def test_a_caller_is_let_in_exactly_where_the_policy_says(http, make, caller):
    clinic = await make.clinic()
    viewer = CALLERS[caller]
    headers = await token_of(clinic, viewer, uuid4())

    wrong = []
    for name, (method, route) in GUARDED.items():
        may = all(any(viewer.may(verb) for verb in verbs) for verbs in asked(route))
        answer = await http.request(method, some(route), headers=headers)
        if (answer.status_code == 403) == may:
            wrong.append(f"{name}: {answer.status_code}, though it {'may' if may else 'may not'}")

    assert wrong == []
