"""Something to record, by whom and when."""

from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from app.access.policy import Viewer
from app.records.kinds import Kind
from app.records.schemas import ClinicalIn


@dataclass(frozen=True, slots=True)
class Fact:
    """Something to record, by whom, and when it was recorded."""

    at: datetime
    kind: Kind
    sent: ClinicalIn
    id: UUID
    by: Viewer
    under: UUID | None = None
    """The session that a dose event is of."""


def named(*names: object) -> UUID:
    """The id of a made-up thing."""
    return uuid5(NAMESPACE_URL, "afterglow:demo:" + ":".join(str(name) for name in names))
