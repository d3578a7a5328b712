"""Staff, clients and phones that sign in."""

from hashlib import sha256

from app.access.passwords import HASHER
from app.kit.ids import new_id
from tests.makers import NOW, patient

PASSWORD = "correct horse battery"
HASH = HASHER.hash(PASSWORD)


async def hire(owner, clinic, email="ada@north.example", role="clinician", active=True):
    return await owner.insert(
        "staff",
        clinic_id=clinic.id,
        id=new_id(),
        email=email,
        role=role,
        password_hash=HASH,
        active=active,
        created_at=NOW,
    )


async def register(owner, clinic, secrets=("s3cret",), scope="read write"):
    client_id = await owner.insert(
        "clients",
        clinic_id=clinic.id,
        id=new_id(),
        name="EHR",
        scope=scope,
        active=True,
        created_at=NOW,
    )
    for secret in secrets:
        await owner.insert(
            "client_secrets",
            clinic_id=clinic.id,
            id=new_id(),
            client_id=client_id,
            sha256=sha256(secret.encode()).digest(),
            created_at=NOW,
        )
    return str(client_id)


def login(clinic, email="ada@north.example", password=PASSWORD):
    return {"clinic": clinic.slug, "email": email, "password": password}


def bearer(answer):
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


async def enrolled(http, clinic, for_="patient"):
    nurse = await clinic.staff()
    ada = await patient(http, nurse)
    url = f"/v1/patients/{ada}/enrolments"
    code = (await http.post(url, json={"for": for_}, headers=nurse)).json()["code"]
    answer = await http.post(
        "/v1/enrolments/redeem", json={"code": code, "device_name": "Ada's phone"}
    )
    return ada, nurse, code, answer


async def refresh(http, token):
    form = {"grant_type": "refresh_token", "refresh_token": token}
    return await http.post("/oauth2/token", data=form)
