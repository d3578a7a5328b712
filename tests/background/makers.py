"""Records of a patient's background, made through the service."""

from dataclasses import dataclass
from typing import Any

import httpx

from tests.makers import Made, patient


@dataclass
class Chart:
    """A patient, and someone who writes in their chart."""

    http: httpx.AsyncClient
    clinic: Made
    headers: dict[str, str]
    patient_id: str

    async def post(self, path: str, **sent: Any) -> httpx.Response:
        """Send a record, whatever comes of it."""
        url = f"/v1/patients/{self.patient_id}/{path}"
        return await self.http.post(url, json=sent, headers=self.headers)

    async def add(self, path: str, **sent: Any) -> dict[str, Any]:
        """A new record."""
        answer = await self.post(path, **sent)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def refused(self, path: str, **sent: Any) -> str:
        """What the first thing is that is wrong."""
        answer = await self.post(path, **sent)
        assert answer.status_code == 422, answer.text
        return answer.json()["errors"][0]["detail"]

    async def change(self, path: str, record: dict[str, Any], **patch: Any) -> dict[str, Any]:
        """A record as it is after a change."""
        match = {"If-Match": f'"{record["version"]}"'}
        merge = {"Content-Type": "application/merge-patch+json"}
        url = f"/v1/{path}/{record['id']}"
        answer = await self.http.patch(url, json=patch, headers=self.headers | match | merge)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def void(self, path: str, record: dict[str, Any]) -> None:
        """Say that a record was entered in error."""
        url = f"/v1/{path}/{record['id']}/void"
        answer = await self.http.post(url, json={"reason": "misread"}, headers=self.headers)
        assert answer.status_code == 200, answer.text

    async def alerts(self) -> list[dict[str, Any]]:
        """The patient's alerts."""
        url = f"/v1/patients/{self.patient_id}/alerts"
        return (await self.http.get(url, headers=self.headers)).json()["items"]


async def chart_of(http: httpx.AsyncClient, clinic: Made, **who: Any) -> Chart:
    """A chart of a new patient, that a clinician writes in."""
    headers = await clinic.staff()
    return Chart(http, clinic, headers, await patient(http, headers, **who))
