"""The last known weight of a patient."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Table, all_, bindparam, desc, literal_column, or_, select, union_all

from app.infusions.queries.shown import READINGS, SESSIONS, VOIDED, word
from app.infusions.tables import WeightKind
from app.kit.db import Db, Sql

DOUBTFUL = "weight-doubtful"
"""The flag of a weight far from the one before, that nobody could be asked about."""


def _weights(t: Table) -> Select[Any]:
    query = select(t.c.weight_kg, t.c.effective_at.label("at")).where(
        t.c.patient_id == bindparam("patient_id"),
        t.c.effective_at <= bindparam("at"),
        t.c.id != bindparam("id"),
        t.c.weight_kg.is_not(None),
        t.c.status != VOIDED,
        word(DOUBTFUL) != all_(t.c.flags),
    )
    if "weight_kind" in t.c:
        actual = t.c.weight_kind == word(WeightKind.ACTUAL)
        query = query.where(or_(t.c.weight_kind.is_(None), actual))
    return query.order_by(t.c.effective_at.desc()).limit(literal_column("1")).subquery().select()


LAST_WEIGHT_KG = Sql(
    union_all(*(_weights(t) for t in (READINGS, SESSIONS)))
    .order_by(desc("at"))
    .limit(literal_column("1"))
)


async def last_weight_kg(db: Db, patient_id: UUID, at: datetime, besides: UUID) -> float | None:
    """The patient's last known weight at an instant, leaving one record and doubtful ones out."""
    told = {"patient_id": patient_id, "at": at, "id": besides}
    found: float | None = await db.value(LAST_WEIGHT_KG, **told)
    return found
