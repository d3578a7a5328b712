from dataclasses import dataclass, field

import httpx
import pytest
from standardwebhooks import Webhook

from app.config import Settings
from app.kit import clock
from app.webhooks.delivery import deliver_due
from tests.makers import patient

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@dataclass
class Pager:
    """Whatever answers at AFTERGLOW_ALERT_URL. It answers with each status once, then with 204."""

    statuses: list[int] = field(default_factory=list)
    asked: list[httpx.Request] = field(default_factory=list)

    async def answer(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        self.asked.append(request)
        status = self.statuses.pop(0) if self.statuses else 204
        return httpx.Response(status, headers={"Location": "https://elsewhere.example/"})

    def messages(self):
        """What came, each verified as its receiver would."""
        return [Webhook(SECRET).verify(one.content, dict(one.headers)) for one in self.asked]

    def ids(self):
        return [one.headers["webhook-id"] for one in self.asked]


@pytest.fixture
def pool(http):
    return http.state["pool"]


@pytest.fixture
async def clinic(make):
    return await make.clinic()


@pytest.fixture
async def nurse(clinic):
    return await clinic.staff("nurse")


@pytest.fixture
async def ada(http, nurse):
    return await patient(http, nurse)


@pytest.fixture
def pager() -> Pager:
    return Pager()


@pytest.fixture
def paging(tmp_path) -> Settings:
    """Settings of a service that pages."""
    return Settings(data_dir=tmp_path, alert_url="https://pager.example/hook", alert_secret=SECRET)


@pytest.fixture
async def deliver(pool, paging, pager):
    """One round of deliveries, now unless another time is said."""
    async with httpx.AsyncClient(transport=httpx.MockTransport(pager.answer)) as client:

        async def once(now=None, settings=paging):
            return await deliver_due(pool, settings, client, now or clock.now())

        yield once
