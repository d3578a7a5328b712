"""One of everything that a clinic can hold, made from the published examples."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import httpx

from app.access.policy import Role
from app.kit.ids import new_id
from tests.makers import NOW, Made, at, patient
from tests.rules.surface import document, operations

FIRST = ("infusions", "assessments", "medications")
"""What other records point at is made before them."""

REFERS = {
    "first_infusion_id": "infusion_id",
    "supersedes": "assessment_id",
    "separate_from": "infusion_id",
    "into": "patient_id",
    "from": "patient_id",
}
"""Fields that name another record by a name of their own."""

EXAMPLE_DAY = datetime.fromisoformat("2026-11-23T22:00:00-07:00")
"""The examples tell of one day; here it has just passed."""

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT")

FOR_PHONES = re.compile(r"/v1/(me|check-ins)\b")
"""The places that phones alone may ask at."""

Headers = dict[str, str]


@dataclass
class Grown:
    """A clinic with one of everything: how to sign in, and an id for every name in a path."""

    clinic: Made
    clinician: Headers
    admin: Headers
    phone: Headers
    ids: dict[str, str]

    def caller_of(self, path: str) -> Headers:
        """Whoever is meant to ask there."""
        return self.phone if FOR_PHONES.match(path) else self.admin


def body_of(path: str, method: str) -> Any:
    """The published example of a body."""
    content = document()["paths"][path][method].get("requestBody", {}).get("content", {})
    return next((one["example"] for one in content.values()), None)


def fitted(value: Any, ids: dict[str, str], name: str = "") -> Any:
    """An example with its ids and times made true."""
    if isinstance(value, dict):
        return {key: fitted(one, ids, key) for key, one in value.items()}
    if isinstance(value, list):
        return [fitted(one, ids, name) for one in value]
    known = REFERS.get(name, name)
    if known in ids and known.endswith("_id"):
        return ids[known]
    if name == "id":
        return str(uuid4())
    if isinstance(value, str) and INSTANT.match(value):
        return (datetime.fromisoformat(value) - EXAMPLE_DAY + NOW).isoformat()
    return value


def creating() -> list[str]:
    """The paths under a record we know of, at which another is created."""
    paths = [
        path
        for path, method, operation in operations()
        if method == "post"
        and path.startswith("/v1/")
        and "{" in path
        and "Location" in operation["responses"].get("201", {}).get("headers", {})
    ]
    return sorted(paths, key=lambda path: (not path.endswith(FIRST), not path.endswith(FIRST[0])))


def name_of(place: str) -> str:
    """What the id at the end of a record's own path is called: infusion_id."""
    above = re.escape(place.rpartition("/")[0])
    own = next(path for path, _, _ in operations() if re.fullmatch(above + r"/{\w+}", path))
    return own.rpartition("{")[2].rstrip("}")


async def grow(http: httpx.AsyncClient, clinic: Made, name: str = "Moreau") -> Grown:
    """One of everything. Whatever tells one patient from another is made of the name."""
    clinician = await clinic.staff()
    ids = {"code": "PHQ-9", "name": "not-found", "key": "relief.loss_fraction"}
    ids["responsible_clinician_id"] = str(await hired(clinic))
    ids["patient_id"] = await patient(
        http,
        clinician,
        family_name=name,
        identifiers=[{"system": "ehr", "value": name}],
        responsible_clinician_id=ids["responsible_clinician_id"],
    )
    for path in creating():
        body = fitted(body_of(path, "post"), ids)
        body["source"] = {"system": "ehr", "record_id": f"{name}-{path}"}
        answer = await http.post(path.format(**ids), json=body, headers=clinician)
        assert answer.status_code == 201, (path, answer.text)
        ids[name_of(answer.headers["Location"])] = answer.json()["id"]
    await in_danger(http, clinician, ids)
    admin = await administered(http, clinic, ids)
    phone = await enrolled(http, clinician, ids)
    return Grown(clinic, clinician, admin, phone, ids)


async def administered(http: httpx.AsyncClient, clinic: Made, ids: dict[str, str]) -> Headers:
    """An admin, signed in, who has let somebody in, a program, and a phone that never came."""
    ids["staff_id"] = ids["responsible_clinician_id"]
    admin = await clinic.staff(Role.ADMIN, await hired(clinic, Role.ADMIN))
    client = (await http.post("/v1/clients", json={"name": "EHR"}, headers=admin)).json()
    ids["client_id"], ids["secret_id"] = client["id"], client["secrets"][0]["id"]
    sessions = await http.get("/v1/account/sessions", headers=admin)
    ids["session_id"] = sessions.json()["items"][0]["id"]
    here = f"/v1/patients/{ids['patient_id']}/enrolments"
    ids["enrolment_id"] = (await http.post(here, json={}, headers=admin)).json()["id"]
    return admin


async def hired(clinic: Made, role: Role = Role.CLINICIAN) -> UUID:
    """Someone who works there and can't sign in."""
    staff_id = new_id()
    await clinic.maker.owner.insert(
        "staff",
        clinic_id=clinic.id,
        id=staff_id,
        email=f"{staff_id}@clinic.example",
        role=role,
        password_hash="none",
        active=True,
        created_at=NOW,
    )
    return staff_id


async def in_danger(http: httpx.AsyncClient, clinician: Headers, ids: dict[str, str]) -> None:
    """An answer that raises an alert, and the course that the infusion opened."""
    here = f"/v1/patients/{ids['patient_id']}"
    thoughts = {"instrument": "PHQ-9", "taken_at": at(hours=1), "answers": [0] * 8 + [2]}
    await http.post(f"{here}/assessments", json=thoughts, headers=clinician)
    for name, listed in (("alert_id", "alerts"), ("course_id", "courses")):
        items = (await http.get(f"{here}/{listed}", headers=clinician)).json()["items"]
        ids[name] = items[0]["id"]


async def enrolled(http: httpx.AsyncClient, clinician: Headers, ids: dict[str, str]) -> Headers:
    """A phone, signed in, that has sent a check-in."""
    here = f"/v1/patients/{ids['patient_id']}"
    code = await http.post(f"{here}/enrolments", json={}, headers=clinician)
    sent = {"code": code.json()["code"], "device_name": "Ada's phone"}
    token = (await http.post("/v1/enrolments/redeem", json=sent)).json()["access_token"]
    phone = {"Authorization": f"Bearer {token}"}
    devices = await http.get(f"{here}/devices", headers=clinician)
    ids["device_id"] = devices.json()["items"][0]["id"]
    batch = fitted(body_of("/v1/check-ins", "post"), ids)
    answer = await http.post("/v1/check-ins", json=batch, headers=phone)
    ids["check_in_id"] = answer.json()["results"][0]["id"]
    return phone
