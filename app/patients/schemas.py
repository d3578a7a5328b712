"""Patients, their courses and baselines on the wire."""

from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, Field, field_validator, model_validator

from app.kit.values import Day, Flag, Instant, Note, Number, Text, Whole, Zone
from app.patients.tables import ConsentKind, GivenBy, Indication, Phase, Sex
from app.records.schemas import ClinicalIn, ClinicalOut, Outward, Strict, VersionedOut
from app.records.tables import Status
from app.science import instruments

PRIORITY = ("PHQ-9", "MADRS", "QIDS-SR16", "HAMD-17", "BDI-II", "PHQ-8", "MOOD-10")
"""Which instrument measures relief when several do; relief.md section 2."""


def known(code: str) -> str:
    """An instrument's code, or ValueError naming where the list is."""
    if instruments.find(code) is None:
        raise ValueError("is not an instrument of GET /v1/instruments")
    return code


Code = Annotated[
    str, AfterValidator(known), Field(json_schema_extra={"enum": list(instruments.INSTRUMENTS)})
]


class IdentifierIn(Strict):
    """What another system calls the patient."""

    system: Text
    value: Text


class Contact(Strict):
    """Whom to call."""

    name: Text
    phone: Text
    relationship: Text | None = None


class PatientIn(Strict):
    """A patient as a client sends them."""

    identifiers: Annotated[tuple[IdentifierIn, ...], Field(max_length=50)] = ()
    given_name: Text | None = None
    family_name: Text | None = None
    birth_date: Day | None = None
    sex: Sex = Sex.UNKNOWN
    time_zone: Zone | None = Field(None, description="IANA; null: the clinic's")
    preferred_language: Text | None = None
    phones: Annotated[tuple[Text, ...], Field(max_length=20)] = ()
    emergency_contacts: Annotated[tuple[Contact, ...], Field(max_length=20)] = ()
    responsible_clinician_id: UUID | None = None
    instrument_priority: Annotated[tuple[Code, ...], Field(min_length=1, max_length=20)] = PRIORITY
    active: Flag = True
    deceased_on: Day | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "identifiers": [{"system": "urn:ehr:north", "value": "48213"}],
        "given_name": "Ada",
        "family_name": "Moreau",
        "birth_date": "1984-05-02",
        "sex": "female",
        "time_zone": "America/Denver",
    }

    @field_validator("instrument_priority")
    @classmethod
    def names_instruments(cls, codes: tuple[str, ...]) -> tuple[str, ...]:
        """Each once."""
        if len(set(codes)) < len(codes):
            raise ValueError("names an instrument twice")
        return codes

    @field_validator("identifiers")
    @classmethod
    def says_each_once(cls, sent: tuple[IdentifierIn, ...]) -> tuple[IdentifierIn, ...]:
        """An identifier twice in one request is a slip."""
        if len({(one.system, one.value) for one in sent}) < len(sent):
            raise ValueError("names an identifier twice")
        return sent


class IdentifierOut(Outward):
    """What another system calls the patient."""

    system: str
    value: str


class ContactOut(Outward):
    """Whom to call."""

    name: str
    phone: str
    relationship: str | None


class PatientOut(VersionedOut):
    """A patient as we keep them."""

    status: Status
    identifiers: list[IdentifierOut]
    given_name: str | None
    family_name: str | None
    birth_date: date | None
    sex: Sex
    time_zone: str
    preferred_language: str | None
    phones: list[str]
    emergency_contacts: list[ContactOut]
    responsible_clinician_id: UUID | None
    instrument_priority: list[str]
    active: bool
    deceased_on: date | None
    is_demo: bool
    merged_into_id: UUID | None = Field(description="Where all that is recorded of them is found")
    erased_at: datetime | None = Field(description="When the person was forgotten")
    legal_hold: bool = Field(description="Nothing of them may be erased")


class Search(Strict):
    """Whom to look for. Names stay out of URLs."""

    name: Annotated[Text, Field(max_length=100)] | None = Field(
        None, description="The beginning of the given or the family name, any case, no accents"
    )
    birth_date: Day | None = None
    active: Flag | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {"name": "mor", "active": True}


class CourseIn(Strict):
    """What a clinician says of a course; the rest the server works out."""

    indication: Indication | None = None
    phase: Phase | None = None
    planned_infusions: Annotated[Whole, Field(ge=1, le=500)] | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {"indication": "trd", "phase": "induction"}


class CourseOut(VersionedOut):
    """A run of infusions without a long pause."""

    patient_id: UUID
    status: Literal["active", "entered_in_error"]
    number: int
    started_at: datetime
    indication: Indication | None
    phase: Phase | None
    planned_infusions: int | None


class BaselineIn(ClinicalIn):
    """The score a course is measured against, or the assessment that gave it."""

    clock = "set"
    needs_time = False

    instrument: Code
    first_infusion_id: UUID
    value: Number | None = None
    assessment_id: UUID | None = None
    reason: Text

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "instrument": "PHQ-9",
        "first_infusion_id": "0198c5a0-0000-7000-8000-000000000001",
        "value": 19,
        "reason": "The score on the day fell after a poor night",
    }

    @property
    def instant(self) -> datetime | None:
        """A baseline holds from when it is set."""
        return None

    @model_validator(mode="after")
    def says_one_score(self) -> Self:
        """Exactly one of value and assessment_id, on an instrument's own scale."""
        if (self.value is None) == (self.assessment_id is None):
            raise ValueError("send exactly one of value and assessment_id")
        scale = instruments.find(self.instrument)
        if scale is not None and self.value is not None:
            if scale.minimum is None or scale.maximum is None:
                raise ValueError("this instrument has no total")
            if not scale.minimum <= self.value <= scale.maximum:
                raise ValueError(f"value must be {scale.minimum} to {scale.maximum}")
        return self


class BaselineOut(ClinicalOut):
    """A baseline as we keep it."""

    instrument: str
    first_infusion_id: UUID
    value: float | None
    assessment_id: UUID | None
    reason: str


class ConsentIn(ClinicalIn):
    """What somebody agreed to, and until when. Withdrawn by a PATCH of `withdrawn_at`."""

    clock = "given"

    kind: ConsentKind
    text_version: Text = Field(description="Of the text that was read and agreed to")
    given_at: Instant | None = None
    given_on: Day | None = None
    given_by: GivenBy = GivenBy.PATIENT
    withdrawn_at: Instant | None = None
    note: Note | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "kind": "phone",
        "text_version": "2026-03",
        "given_at": "2026-11-20T09:10:00-07:00",
        "given_by": "patient",
    }

    @model_validator(mode="after")
    def is_withdrawn_after_it_was_given(self) -> Self:
        """Nothing is withdrawn before it was given."""
        withdrawn, given = self.withdrawn_at, self.given_at
        if withdrawn is not None and given is not None and withdrawn < given:
            raise ValueError("withdrawn_at must not lie before given_at")
        return self


class ConsentOut(ClinicalOut):
    """A consent as we keep it."""

    kind: ConsentKind
    text_version: str
    given_at: datetime | None
    given_on: date | None
    given_by: GivenBy
    withdrawn_at: datetime | None
    note: str | None


class Move(Strict):
    """Whose a record is, and why it stood with another."""

    patient_id: UUID
    reason: Text
    separate_from: Annotated[tuple[UUID, ...], Field(max_length=50)] = Field(
        (), description="Of a session: the sessions near it that it is not a duplicate of"
    )

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "patient_id": "0198c5a0-0000-7000-8000-000000000001",
        "reason": "Charted on the wrong patient",
    }


class LegalHold(Strict):
    """Whether nothing of a patient may be erased, and why."""

    held: Flag
    reason: Text

    EXAMPLE: ClassVar[dict[str, Any]] = {"held": True, "reason": "A claim was announced"}
