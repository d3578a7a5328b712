"""Importing this module declares every table. Alembic and the tests start here."""

from app.access import tables as access
from app.alerts import tables as alerts
from app.assessments import tables as assessments
from app.audit import tables as audit
from app.background import tables as background
from app.clinics import tables as clinics
from app.infusions import tables as infusions
from app.kit.tables import Base
from app.merging import tables as merging
from app.patients import tables as patients
from app.records import tables as records
from app.relief import tables as relief
from app.webhooks import tables as webhooks
from app.worklist import tables as worklist

metadata = Base.metadata

PACKAGES = (
    access,
    alerts,
    assessments,
    audit,
    background,
    clinics,
    infusions,
    merging,
    patients,
    records,
    relief,
    webhooks,
    worklist,
)
"""Every package with tables, in no order."""

__all__ = ["PACKAGES", "metadata"]
