"""What follows from an answer: its score, and the alarm when it speaks of self-harm."""

from typing import Any
from uuid import UUID

from app.alerts.actions import evidence_changed, raise_alert
from app.alerts.tables import EvidenceStatus, Level
from app.assessments import queries
from app.assessments.schemas import AssessmentIn
from app.kit.errors import Invalid
from app.records.kinds import Kind, Telling
from app.records.tables import Status
from app.safety.raising import effective_at, is_history
from app.safety.storing import after_score
from app.science import instruments, safety
from app.science.instruments import Disagrees, InvalidAnswers, Scored

NOT_PAGED = "self-harm-in-history"
"""The flag of a record brought from elsewhere so late that it is history, not a cry for help."""


BLADDER_SCORE = "ICSI"
"""The instrument whose rise holds the next dose."""


def scored(sent: AssessmentIn) -> Scored:
    """The score of an assessment. Raises Invalid, which repeats no answer."""
    try:
        return instruments.score(sent.instrument, sent.answers, sent.total)
    except Disagrees:
        raise Invalid(("/total", "disagrees with the answers, which are all there")) from None
    except InvalidAnswers as refused:
        raise Invalid(*((f"/{where}", told) for where, told in refused.errors)) from None


async def derive(telling: Telling) -> None:
    """Score the answers; the session is the patient's own."""
    sent: AssessmentIn = telling.sent
    session = sent.infusion_id
    if session is not None and not await queries.has_session(
        telling.db, telling.subject.id, session
    ):
        raise Invalid(("/infusion_id", "is no session of this patient"))
    score = scored(sent)
    telling.facts["score"] = score
    values = telling.values
    values["reported_total"] = values.pop("total")
    values |= {
        "total": score.total,
        "total_source": score.total_source,
        "complete": score.complete,
        "band": score.band,
        "scoring_version": score.scoring_version,
        "self_harm": score.self_harm,
        "supersedes": getattr(sent, "supersedes", None),
        "flags": list(score.flags),
    }
    if telling.before is not None:
        values.pop("supersedes")
    if score.self_harm_level is not None and is_history(telling):
        values["flags"] = [*score.flags, NOT_PAGED]


async def after(telling: Telling) -> None:
    """Raise the alert in this very transaction, and keep alerts that stand on this answer true."""
    db, viewer, values = telling.db, telling.viewer, telling.values
    before = telling.before
    voided = values["status"] == Status.ENTERED_IN_ERROR
    record_id = values["id"] if before is None else before["id"]
    if before is not None:
        changed = EvidenceStatus.VOIDED if voided else EvidenceStatus.CORRECTED
        await evidence_changed(
            db, viewer, subject_kind="assessment", subject_id=record_id, evidence_status=changed
        )
    if not voided:
        await raise_self_harm(telling, record_id)
    if instrument_of(telling) == BLADDER_SCORE:
        await after_score(telling)
    if before is None:
        await supersede(telling, record_id)


def instrument_of(telling: Telling) -> str:
    """The instrument of what is stored, changed or voided."""
    row = telling.values if telling.before is None else {**telling.before, **telling.values}
    return str(row["instrument"])


async def raise_self_harm(telling: Telling, record_id: UUID) -> None:
    """An answer about self-harm always opens an alert, however late."""
    score: Scored = telling.facts["score"]
    if score.self_harm_level is None or is_history(telling):
        return
    sent: AssessmentIn = telling.sent
    found = safety.self_harm(sent.instrument, sent.answers or (), score, str(record_id))
    assert found is not None, "a level has a rule that speaks at it"
    await raise_alert(
        telling.db,
        telling.viewer,
        patient_id=telling.subject.id,
        rule=found.rule,
        level=Level(found.level),
        subject_kind="assessment",
        subject_id=record_id,
        effective_at=effective_at(telling),
        evidence=found.evidence,
    )


async def supersede(telling: Telling, record_id: UUID) -> None:
    """A later answer takes the place of an earlier one, in whichever order they come."""
    db, viewer, patient_id = telling.db, telling.viewer, telling.subject.id
    told = {"at": telling.values["changed_at"], "by": viewer.id}
    retired = telling.values.get("supersedes")
    if telling.values["device_at"] is None:
        return
    if retired is None and telling.facts["kept"]["superseded"]:
        retired = record_id
    if retired is not None and await queries.retire(db, patient_id, retired, **told):
        await evidence_changed(
            db,
            viewer,
            subject_kind="assessment",
            subject_id=retired,
            evidence_status=EvidenceStatus.CORRECTED,
        )


def content(document: dict[str, Any]) -> dict[str, Any]:
    """What a client may change: the total is the one that was sent, not the one that stands."""
    return document | {"total": document["reported_total"]}


ASSESSMENT = Kind(
    noun="assessment",
    path="/v1/assessments",
    model=AssessmentIn,
    statements=queries.ASSESSMENT,
    derive=derive,
    after=after,
    content=content,
)
