"""Passing on the alerts that nobody acknowledged in the time that the clinic gives."""

from datetime import datetime, timedelta

from app.access.policy import BACKGROUND
from app.alerts import queries
from app.alerts.tables import Level
from app.clinics.queries import chosen
from app.kit.db import Pool
from app.science.urgency import minutes_of

LEAST = timedelta(minutes=1)
"""No clinic passes an alert on sooner."""

HISTORY = timedelta(hours=72)
"""What should have been passed on longer ago, while no worker ran, is history."""


async def escalate_due(pool: Pool, now: datetime) -> int:
    """Pass on what has waited too long, once; how many alerts.

    The pager is told again, and everyone who can act is named in the alert and its history.
    """
    async with pool.connection() as connection:
        clinics = await queries.clinics_with_unseen(connection, now - LEAST)
    escalated = 0
    for clinic_id in clinics:
        async with pool.confined(clinic_id, actor=BACKGROUND) as db:
            choices = await chosen(db)
            for level in Level:
                minutes = minutes_of("escalate_after_minutes", level, choices)
                if minutes is not None:
                    limit = now - timedelta(minutes=minutes)
                    span = (limit - HISTORY, limit)
                    escalated += await queries.escalate(db, level, span, now, BACKGROUND)
    return escalated
