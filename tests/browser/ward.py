"""A clinic of its own for the chair: one nurse, and as many sessions as a test needs."""

from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from tests.browser.devices import Device
from tests.cli.processes import Service, made
from tests.infusions.makers import running

EMAIL = "nurse@north.example"


@dataclass
class Ward:
    """A clinic that is served, and its nurse."""

    service: Service
    password: str
    token: str

    @classmethod
    def opened(cls, service: Service, data_dir: Path) -> "Ward":
        made(data_dir, "clinic", "add", "--slug", "north", "--name", "North")
        hired = ("--clinic", "north", "--email", EMAIL, "--role", "nurse")
        password = made(data_dir, "staff", "add", *hired)["password"]
        login = {"clinic": "north", "email": EMAIL, "password": password}
        return cls(service, password, service.post("/v1/login", json=login).json()["access_token"])

    def put(self, path: str, body: dict) -> str:
        """Create something; its id."""
        made_id = str(uuid4())
        headers = {"Authorization": f"Bearer {self.token}"}
        path = f"{path}/{made_id}"
        answer = self.service.request("PUT", path, json=body, headers=headers)
        assert answer.status_code == 201, answer.text
        return made_id

    def seat(self, family_name: str = "Moreau") -> str:
        """Somebody whose session runs; the path of their chair."""
        patient = self.put("/v1/patients", {"given_name": "Ada", "family_name": family_name})
        session = running(weight_kg=80, planned_mg_per_kg=0.5, planned_minutes=40, chair="2")
        return f"/chair/{self.put(f'/v1/patients/{patient}/infusions', session)}"

    def readings(self, chair: str) -> list[str]:
        """The pressures that are on record at a chair, the oldest first."""
        session = chair.rpartition("/")[2]
        headers = {"Authorization": f"Bearer {self.token}"}
        items = self.service.get(f"/v1/infusions/{session}/vitals", headers=headers).json()["items"]
        return [f"{one['systolic_mmhg']}/{one['diastolic_mmhg']}" for one in items]

    def sign_in(self, device: Device, to: str) -> None:
        device.sign_in("north", EMAIL, self.password, to)
