from collections.abc import AsyncIterator

import httpx
import pytest

from app.access.passwords import hashed
from app.kit.ids import new_id
from tests.makers import NOW

PASSWORD = "correct horse battery"


@pytest.fixture
async def browser(http) -> AsyncIterator[httpx.AsyncClient]:
    """A browser: it keeps cookies, and follows to where it is sent."""
    transport = http._transport  # noqa: SLF001  # httpx has no public name for it
    async with httpx.AsyncClient(
        transport=transport, base_url="http://afterglow", follow_redirects=True
    ) as client:
        client.headers["Accept"] = "text/html"
        yield client


async def hired(clinic, role="clinician", email="ada@north.example"):
    """Somebody who works there and can sign in."""
    return await clinic.maker.owner.insert(
        "staff",
        clinic_id=clinic.id,
        id=new_id(),
        email=email,
        role=role,
        password_hash=await hashed(PASSWORD),
        active=True,
        created_at=NOW,
    )


async def sign_in(browser, clinic, to="/today", **fields):
    """The page one comes to after signing in."""
    sent = {"clinic": clinic.slug, "email": "ada@north.example", "password": PASSWORD} | fields
    return await browser.post(f"/sign-in?next={to}", data=sent)
