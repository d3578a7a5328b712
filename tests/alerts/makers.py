"""Alerts for tests, raised as other records raise them."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from app.access.policy import Caller, Viewer
from app.alerts.actions import raise_alert
from app.alerts.tables import Level
from app.kit import clock
from app.kit.ids import new_id


def viewer(clinic) -> Viewer:
    """Someone of the clinic, whose record raises the alert."""
    return Viewer(new_id(), clinic.id, Caller.STAFF, "nurse")


async def raised(
    pool,
    clinic,
    patient_id: str,
    level: Level = Level.WARN,
    *,
    rule: str = "self-harm",
    subject_id: UUID | None = None,
    days_ago: float = 0,
    adding: bool = False,
    **evidence: Any,
) -> UUID:
    """The id of an alert that was raised."""
    subject = subject_id or new_id()
    async with pool.confined(clinic.id) as db:
        await raise_alert(
            db,
            viewer(clinic),
            patient_id=UUID(patient_id),
            rule=rule,
            level=level,
            subject_kind="assessment",
            subject_id=subject,
            effective_at=clock.now() - timedelta(days=days_ago),
            evidence={"assessment_id": subject, **evidence},
            adding=adding,
        )
        find = "SELECT id FROM alerts WHERE rule = $1 AND subject_id = $2"
        return await db.connection.fetchval(find, rule, subject)
