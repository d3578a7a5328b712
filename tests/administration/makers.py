"""An admin, and those whom an admin lets in."""

from typing import Any

from app.access.policy import Role
from tests.access.makers import bearer, hire, login

NEW_PASSWORD = "four quiet herons at dawn"


async def office(http, make, owner) -> tuple[Any, dict[str, str]]:
    """A clinic and its admin, who signed in by password."""
    clinic = await make.clinic()
    await hire(owner, clinic, email="admin@north.example", role=Role.ADMIN)
    return clinic, await signed_in(http, clinic, "admin@north.example")


async def signed_in(http, clinic, email="ada@north.example", **more) -> dict[str, str]:
    """Headers of somebody who signs in by password."""
    answer = await http.post("/v1/login", json=login(clinic, email) | more)
    assert answer.status_code == 200, answer.text
    return bearer(answer)


async def invited(http, admin, email="grace@north.example", role=Role.NURSE) -> dict[str, Any]:
    """Somebody new, with their invitation."""
    sent = {"email": email, "name": "Grace", "role": role}
    answer = await http.post("/v1/staff", json=sent, headers=admin)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def redeem(http, code, password=NEW_PASSWORD):
    """Choose a password by an invitation."""
    sent = {"code": code, "password": password}
    return await http.post("/v1/invitations/redeem", json=sent)
