"""Who may do what. This page is the whole policy; a clinician should be able to read it.

No I/O. Which rows a caller can see follows from the two ids of the viewer: kit.db.Pool.confined.
"""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.kit.errors import NotAllowed, NotFound


class Caller(StrEnum):
    """What kind of caller holds a token."""

    STAFF = "staff"
    CLIENT = "client"
    DEVICE = "device"


BACKGROUND = UUID(int=0)
"""Whoever a record names where nobody did it: the background work."""


class Role(StrEnum):
    """What a member of staff was hired for."""

    CLINICIAN = "clinician"
    NURSE = "nurse"
    ADMIN = "admin"
    AUDITOR = "auditor"


class May(StrEnum):
    """The verbs of the product, as a sentence after "may"."""

    READ_CHART = "read a chart"
    CHART = "chart treatment"
    SET_BASELINE = "set a baseline"
    DECIDE = "record a decision"
    SEE_ALERTS = "see alerts"
    ACKNOWLEDGE_ALERT = "acknowledge an alert"
    CLOSE_ALERT = "close an alert of level info or warn"
    CLOSE_GRAVE_ALERT = "close an alert of level stop or emergency"
    PLAN_CHECK_INS = "plan check-ins"
    ENROL_PHONE = "enrol a patient's phone"
    MANAGE_DEVICES = "list and revoke phones"
    KEEP_ACCOUNT = "keep an account of their own"
    SET_UP_SECOND_FACTOR = "set up a second factor"
    READ_SETTINGS = "read what the clinic chose"
    ADMINISTER = "manage staff, clients and settings"
    READ_AUDIT = "read the audit"
    CHECK_IN = "send check-ins"
    READ_OWN = "read what is theirs"
    READ_INSTRUMENTS = "read the instruments"


EVERYONE = frozenset({May.READ_INSTRUMENTS})

STAFFED = EVERYONE | {May.KEEP_ACCOUNT, May.SET_UP_SECOND_FACTOR}
"""Whoever works at the clinic, in whatever role."""

NURSING = STAFFED | {
    May.READ_CHART,
    May.CHART,
    May.SEE_ALERTS,
    May.ACKNOWLEDGE_ALERT,
    May.CLOSE_ALERT,
    May.PLAN_CHECK_INS,
    May.ENROL_PHONE,
    May.MANAGE_DEVICES,
    May.READ_SETTINGS,
}
"""All clinical work but decisions, baselines, and closing a stop or an emergency."""

CLINICAL = NURSING | {May.SET_BASELINE, May.DECIDE, May.CLOSE_GRAVE_ALERT}
"""All clinical work."""

STAFF: dict[str, frozenset[May]] = {
    Role.CLINICIAN: CLINICAL,
    Role.NURSE: NURSING,
    Role.ADMIN: CLINICAL | {May.ADMINISTER, May.READ_AUDIT},
    Role.AUDITOR: STAFFED | {May.READ_AUDIT},
}

ONLY_SECOND_FACTOR = "second-factor"
"""The scope of staff who must set up a second factor before they may do anything else."""

SCOPES: dict[str, frozenset[May]] = {
    "read": EVERYONE | {May.READ_CHART, May.SEE_ALERTS},
    "write": EVERYONE
    | {May.CHART, May.SET_BASELINE, May.PLAN_CHECK_INS, May.ENROL_PHONE, May.MANAGE_DEVICES},
}
"""What an API client may, by each scope it was granted."""

FOR_CLIENTS = frozenset().union(*SCOPES.values()) - EVERYONE
"""What clients may do to a chart."""

PHONE = EVERYONE | {May.CHECK_IN, May.READ_OWN}
"""A phone: its own patient, and there only what a patient may see."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """An authenticated caller."""

    id: UUID
    clinic_id: UUID
    caller: Caller
    role: str
    scope: str = ""
    patient_id: UUID | None = None
    """A phone's own patient, and below what recording needs to know of them: it saves a look-up."""
    time_zone: str = ""
    patient_voided: bool = False

    @property
    def verbs(self) -> frozenset[May]:
        """Everything this caller may do."""
        if self.caller == Caller.DEVICE:
            return PHONE
        if self.caller == Caller.CLIENT:
            return frozenset().union(*(SCOPES.get(word, ()) for word in self.scope.split()))
        if self.scope == ONLY_SECOND_FACTOR:
            return frozenset({May.SET_UP_SECOND_FACTOR})
        return STAFF.get(self.role, EVERYONE)

    def may(self, verb: May) -> bool:
        """Whether this caller may."""
        return verb in self.verbs

    def must(self, *verbs: May) -> None:
        """Refuse unless this caller may do one of these."""
        if not any(self.may(verb) for verb in verbs):
            raise NotAllowed(f"This caller may not {verbs[0].value}.")

    def must_be_about(self, patient_id: UUID) -> None:
        """A phone sees its own patient; any other does not exist for it."""
        if self.patient_id is not None and self.patient_id != patient_id:
            raise NotFound
