"""The audit on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.audit.tables import Act


class AuditEventOut(BaseModel):
    """A request of somebody we know, answered or refused."""

    model_config = ConfigDict(extra="forbid")

    id: UUID = Field(description="The request's id, as in X-Request-Id")
    at: datetime
    caller: str = Field(description="staff, client, device, or system for Afterglow's own commands")
    actor_id: UUID | None
    role: str = Field(description="Of a phone: patient or proxy, whoever holds it")
    acting_for: str | None = Field(description="As a client said in X-Acting-For, unchecked")
    patient_id: UUID | None = Field(description="As asked for; null for lists and searches")
    method: str
    route: str = Field(description="The template of the path")
    record_id: UUID | None
    act: Act
    status: int
    position: int | None = Field(description="In the clinic's chain; null until it is sealed")
    hash: str | None = Field(description="SHA-256 of the link before and of this row")


class AuditHeadOut(BaseModel):
    """The last link of the clinic's chain. Note it elsewhere: nothing before it can change then."""

    model_config = ConfigDict(extra="forbid")

    position: Annotated[int, Field(ge=0)]
    hash: str
    link: str = Field(description="Both, as `afterglow audit verify --head` takes them")


class AccessOut(BaseModel):
    """Somebody who saw or wrote something of the patient."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    at: datetime
    caller: str = Field(description="staff, client, device or system")
    role: str
    name: str | None
    acting_for: str | None
    act: Act
