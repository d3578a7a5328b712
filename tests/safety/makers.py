"""A chart, and what the rules say of it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx

from tests.infusions.makers import given, made, planned
from tests.makers import NOW


def ago(minutes: float) -> str:
    """An instant so many minutes ago."""
    return (NOW - timedelta(minutes=minutes)).isoformat()


@dataclass
class Chart:
    http: httpx.AsyncClient
    me: dict[str, str]
    id: str

    async def add(self, kind: str, /, **sent: Any) -> dict[str, Any]:
        """A new record under the patient."""
        url = f"/v1/patients/{self.id}/{kind}"
        answer = await self.http.post(url, json=sent, headers=self.me)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def session(self, body: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
        """A session; planned unless its body says otherwise."""
        return await made(self.http, self.me, self.id, (body or planned()) | fields)

    async def was_given(self, days: float, **fields: Any) -> dict[str, Any]:
        """A session that was given so long ago."""
        return await self.session(given(days=days, hours=0, **fields))

    async def read(self, session: dict[str, Any] | None, minutes: float = 0, **values: Any) -> Any:
        """A reading so many minutes ago."""
        own = {"infusion_id": session["id"]} if session else {}
        return await self.add("vitals", measured_at=ago(minutes), **own, **values)

    async def pressure(self, session: Any, high: int, low: int, minutes: float = 0) -> Any:
        return await self.read(session, minutes, systolic_mmhg=high, diastolic_mmhg=low)

    async def start(self, session: dict[str, Any], *rules: str, **sent: Any) -> httpx.Response:
        """Start a session, with a reason for each of the rules."""
        why = [{"rule": rule, "reason": "discussed"} for rule in rules]
        url = f"/v1/infusions/{session['id']}/start"
        return await self.http.post(url, json=sent | {"reasons": why}, headers=self.me)

    async def alerts(self) -> dict[str, dict[str, Any]]:
        """The patient's alerts, by rule."""
        url = f"/v1/patients/{self.id}/alerts?limit=200"
        items = (await self.http.get(url, headers=self.me)).json()["items"]
        assert len({(one["rule"], one["subject_id"]) for one in items}) == len(items)
        return {one["rule"]: one for one in items}

    async def levels(self) -> dict[str, str]:
        """What was raised, and how loud."""
        return {rule: one["level"] for rule, one in (await self.alerts()).items()}

    async def safety(self, session: dict[str, Any]) -> dict[str, Any]:
        """What speaks for a session now."""
        url = f"/v1/infusions/{session['id']}/safety"
        return (await self.http.get(url, headers=self.me)).json()

    async def holds(self, session: dict[str, Any]) -> dict[str, list[str]]:
        """What stands in the way of what, by rule."""
        found = (await self.safety(session))["findings"]
        return {one["rule"]: one["stands_in_way_of"] for one in found if one["stands_in_way_of"]}

    async def post(self, path: str, **sent: Any) -> dict[str, Any]:
        """POST to a place of its own."""
        answer = await self.http.post(path, json=sent, headers=self.me)
        assert answer.status_code == 200, answer.text
        return answer.json()


def refused(answer: httpx.Response) -> list[str]:
    """The rules that a refusal names."""
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/rule-in-the-way")
    return answer.json()["rules"]
