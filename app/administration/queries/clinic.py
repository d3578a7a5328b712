"""What the clinic was called, and what its patients were shown, before."""

from typing import Any

from app.administration.queries.listed import Listed
from app.clinics.tables import Clinic
from app.kit.db import Db
from app.kit.tables import table_of

CLINIC = table_of(Clinic)

LISTED = Listed(CLINIC, tuple(CLINIC.c), told=("slug", "name", "time_zone", "crisis"))


async def versions(db: Db) -> list[dict[str, Any]]:
    """Every version of the caller's clinic, oldest first."""
    return await LISTED.versions(db, db.clinic_id)
