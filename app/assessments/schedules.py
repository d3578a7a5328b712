"""What a patient is asked, and when: the default plan, or what a clinician set."""

from typing import Any
from uuid import UUID

from app.access.policy import Viewer
from app.assessments import queries
from app.assessments.schemas import ScheduleIn
from app.kit import clock
from app.kit.bodies import Unread
from app.kit.db import Db
from app.kit.errors import Invalid
from app.patients import queries as patients
from app.science import schedule


async def schedule_of(db: Db, patient_id: UUID) -> list[dict[str, Any]]:
    """What a patient is asked in the coming weeks, in the order it opens."""
    now = clock.now()
    subject = await patients.subject(db, patient_id)
    own = await queries.slots_of(db, patient_id)
    if own:
        slots = [slot for slot in own if slot["closes_at"] > schedule.utc(now)]
    else:
        anchors = await queries.given_since(db, patient_id, now - schedule.MEMORY)
        starts = [row["effective_at"] for row in anchors]
        slots = [slot.as_dict() for slot in schedule.slots(starts, now, subject.time_zone)]
    answered = await queries.answered_since(db, patient_id, now - schedule.MEMORY)
    open_ones = (slot for slot in slots if slot["slot_id"] not in answered)
    return sorted(open_ones, key=lambda slot: (slot["opens_at"], slot["slot_id"]))


async def put_schedule(
    db: Db, viewer: Viewer, patient_id: UUID, unread: Unread[ScheduleIn]
) -> list[dict[str, Any]]:
    """Set the slots of a patient; none at all returns to the default plan."""
    await patients.subject(db, patient_id)
    sent = unread.read().root
    wrong = [
        (f"/{place}", "must open, be due and close in this order")
        for place, slot in enumerate(sent)
        if not slot.opens_at <= slot.due_at <= slot.closes_at
    ]
    if wrong:
        raise Invalid(*wrong)
    slots = [
        schedule.named(one.slot_id, one.instrument, one.opens_at, one.due_at, one.closes_at)
        for one in sent
    ]
    told = [slot.as_dict() for slot in slots]
    await queries.put_slots(db, patient_id, told, at=clock.now(), by=viewer.id)
    return await schedule_of(db, patient_id)
