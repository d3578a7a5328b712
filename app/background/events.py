"""What else happened to a patient, and the alarm where it was an attempt on their own life."""

from datetime import timedelta
from uuid import UUID

from app.access.policy import Caller
from app.alerts.actions import evidence_changed, raise_alert
from app.alerts.tables import EvidenceStatus, Level
from app.background import queries
from app.background.dates import day_of, happened, refuse_ahead
from app.background.schemas import EventIn
from app.background.tables import EventKind
from app.kit.errors import Invalid
from app.records.kinds import Kind, Telling
from app.records.tables import Status

SUICIDE = "EVENT-SUICIDE"
"""The rule that an attempt raises."""

WORSENING = "EVENT-WORSENING"
"""The rule that a stay in hospital raises, where it came of worsening depression."""

NOT_PAGED = "event-in-history"
"""The flag of an event brought from elsewhere so late that it is history."""

NEWS = timedelta(hours=72)
"""What an integration brings later than this is flagged instead of raised; API, section 10."""


async def derive(telling: Telling) -> None:
    """It ends on no earlier day, its medication is the patient's, and old news says that it is."""
    sent: EventIn = telling.sent
    await refuse_strange_medication(telling)
    refuse_ahead(telling, "ended_on")
    if sent.ended_on is not None and sent.ended_on < day_of(telling):
        raise Invalid(("/ended_on", "must not lie before it occurred"))
    history = rule_of(sent) is not None and is_history(telling)
    telling.values["flags"] = [NOT_PAGED] if history else []


async def refuse_strange_medication(telling: Telling) -> None:
    """Raise Invalid for a medication that the patient hasn't, or that was entered in error."""
    new = telling.sent.medication_id
    before = telling.before
    if new is None or (before is not None and before["medication_id"] == new):
        return
    status = await queries.status_of_medication(telling.db, telling.subject.id, new)
    if status is None:
        raise Invalid(("/medication_id", "is no medication of this patient"))
    if status == Status.ENTERED_IN_ERROR:
        raise Invalid(("/medication_id", "is a medication that was entered in error"))


def rule_of(sent: EventIn) -> str | None:
    """The rule that an event raises, or None."""
    if sent.kind == EventKind.SUICIDE_ATTEMPT:
        return SUICIDE
    if sent.kind == EventKind.HOSPITALIZATION and sent.worsening:
        return WORSENING
    return None


def is_history(telling: Telling) -> bool:
    """Whether an integration brought it over 72 hours after it happened."""
    late = telling.values["changed_at"] - happened(telling)
    return telling.viewer.caller == Caller.CLIENT and late > NEWS


async def after(telling: Telling) -> None:
    """Raise the alert in this very transaction, and keep alerts that stand on the event true."""
    values, before = telling.values, telling.before
    voided = values["status"] == Status.ENTERED_IN_ERROR
    record_id = values["id"] if before is None else before["id"]
    if before is not None:
        changed = EvidenceStatus.VOIDED if voided else EvidenceStatus.CORRECTED
        told = {"subject_kind": "event", "subject_id": record_id}
        await evidence_changed(telling.db, telling.viewer, **told, evidence_status=changed)
    if not voided:
        await raise_for(telling, record_id)


async def raise_for(telling: Telling, record_id: UUID) -> None:
    """An attempt, or a stay in hospital for worsening, opens an alert however late it is told."""
    sent: EventIn = telling.sent
    rule = rule_of(sent)
    if rule is None or is_history(telling):
        return
    evidence = {"event_id": record_id, "kind": sent.kind, "occurred_on": day_of(telling)}
    await raise_alert(
        telling.db,
        telling.viewer,
        patient_id=telling.subject.id,
        rule=rule,
        level=Level.STOP,
        subject_kind="event",
        subject_id=record_id,
        effective_at=happened(telling),
        evidence=evidence,
    )


EVENT = Kind(
    noun="event",
    path="/v1/events",
    model=EventIn,
    statements=queries.EVENT,
    derive=derive,
    after=after,
)
