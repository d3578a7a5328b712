"""Tell the clinic's pager of alerts, as Standard Webhooks: https://www.standardwebhooks.com

A message carries ids and the level. The rule stays out: its name alone says of a patient what only
those who look into the chart should read.
"""

import asyncio
import base64
import logging
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from http import HTTPStatus
from random import SystemRandom
from time import monotonic

import httpx
from standardwebhooks import Webhook

from app.config import Settings
from app.kit.bodies import written
from app.kit.db import Pool, Row
from app.kit.kept import kept
from app.webhooks import queries

log = logging.getLogger(__name__)

SCHEDULE = (
    timedelta(0),
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""How long after the one before each attempt is made; the specification's own example."""

JITTER = 0.1
"""Each wait is up to a tenth shorter or longer, so that a pager that comes back isn't stormed."""

TIMEOUT_SECONDS = 15.0
"""For a whole attempt, from connecting to the status."""

CLAIM = timedelta(seconds=60)
"""A row that was claimed and not heard of since is due again: its worker died."""

MISSED = timedelta(hours=72)
"""What missed its turn by this much is history: nobody is paged when a URL appears at last."""

IN_HAND = 20
"""Attempts at one time."""

SECRET_BYTES = 32


async def deliver_due(
    pool: Pool, settings: Settings, client: httpx.AsyncClient, now: datetime
) -> int:
    """Try once to deliver what is due, at most IN_HAND; how many were tried.

    Rows are claimed, sent and recorded in three steps, so that no transaction waits for the pager.
    A worker that dies between them leaves a row that is due again when its claim ends.
    """
    if not settings.alert_url:
        return 0
    rows = await claim(pool, now)
    if not rows:
        return 0
    key = Webhook(signing_key(settings))
    attempts = [attempt(pool, client, settings.alert_url, key, row, now) for row in rows]
    for failure in await asyncio.gather(*attempts, return_exceptions=True):
        if failure is not None:
            raise failure
    return len(rows)


async def claim(pool: Pool, now: datetime) -> Sequence[Row]:
    """Take what is due in hand, clinic by clinic, and give up what is history.

    Each clinic gets its share: one that has a thousand alerts must not hold up another's only one.
    """
    async with pool.connection() as connection:
        clinics = await queries.clinics_with_work(connection, now)
    rows: list[Row] = []
    share = max(1, IN_HAND // len(clinics)) if clinics else IN_HAND
    for clinic_id in clinics:
        if len(rows) == IN_HAND:
            break
        async with pool.confined(clinic_id) as db:
            old = await queries.give_up(db, now - MISSED)
            rows += await queries.claim(db, now, now + CLAIM, share)
        if old:
            log.warning("alerts were too old to deliver", extra={"how_many": old})
    return rows


async def attempt(
    pool: Pool, client: httpx.AsyncClient, url: str, key: Webhook, row: Row, now: datetime
) -> None:
    """Send one row, and record what came of it."""
    began = monotonic()
    status = await send(client, url, signed(key, row, now))
    ended = now + timedelta(seconds=monotonic() - began)
    due, delivered = verdict(status, row["attempts"], ended)
    async with pool.confined(row["clinic_id"]) as db:
        await queries.record(db, row, due, delivered)
    told = {"message": str(row["id"]), "attempt": row["attempts"], "status": status}
    if delivered:
        log.info("an alert was delivered", extra={"delivery": told})
    elif due:
        log.warning("an alert could not be delivered yet", extra={"delivery": told})
    else:
        log.error("an alert could not be delivered and is given up", extra={"delivery": told})


def signed(key: Webhook, row: Row, now: datetime) -> tuple[str, dict[str, str]]:
    """The body and headers of a message. Its id stays the same at each attempt."""
    body = written(
        {
            "type": "alert.raised",
            "timestamp": row["at"],
            "data": {
                "alert_id": row["record_id"],
                "clinic_id": row["clinic_id"],
                "patient_id": row["patient_id"],
                "level": row["level"],
                "escalated": row["escalated"],
            },
        }
    ).decode()
    return body, {
        "content-type": "application/json",
        "user-agent": "afterglow",
        "webhook-id": str(row["id"]),
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": key.sign(str(row["id"]), now, body),
    }


async def send(
    client: httpx.AsyncClient, url: str, message: tuple[str, dict[str, str]]
) -> int | None:
    """POST a message; the status, or None where none came in time. Nothing else is read."""
    body, headers = message
    request = client.build_request(
        "POST", url, content=body, headers=headers, timeout=TIMEOUT_SECONDS
    )
    try:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            answer = await client.send(request, stream=True, follow_redirects=False)
            await answer.aclose()
    except (httpx.HTTPError, OSError):
        return None
    return answer.status_code


def verdict(
    status: int | None, attempts: int, ended: datetime
) -> tuple[datetime | None, datetime | None]:
    """When to try again, and when it was delivered; neither, where it is given up.

    A redirect is a failure: nobody who can't sign may send a clinic's alerts elsewhere.
    """
    if status is not None and HTTPStatus(200) <= status < HTTPStatus(300):
        return None, ended
    if status == HTTPStatus.GONE or attempts >= len(SCHEDULE):
        return None, None
    wait = SCHEDULE[attempts] * SystemRandom().uniform(1 - JITTER, 1 + JITTER)
    return ended + wait, None


def signing_key(settings: Settings) -> str:
    """The key that signs messages: the setting's, or one made once for all processes."""
    if settings.alert_secret is not None:
        return settings.alert_secret.get_secret_value()
    return kept(settings.data_dir.resolve() / "alert_secret", new_key)


def new_key() -> str:
    """A key as Standard Webhooks writes it."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
