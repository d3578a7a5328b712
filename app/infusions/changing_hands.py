"""Sessions that go to another patient: what stands in their way, and the courses of both."""

from collections.abc import Collection
from uuid import UUID

from app.infusions import queries
from app.infusions.courses import place_all
from app.infusions.tables import SessionStatus
from app.kit.db import Db
from app.kit.errors import PossibleDuplicate, SessionRunning
from app.records.kinds import Telling


async def refuse_twins(
    db: Db, session_ids: Collection[UUID], to: UUID, apart: Collection[UUID]
) -> None:
    """Raise PossibleDuplicate where the other patient has a session that may be one of these."""
    other = await queries.twin(db, session_ids, to, apart)
    if other is not None:
        raise PossibleDuplicate(existing_id=str(other))


async def moving(telling: Telling) -> None:
    """Refuse a second session in progress, and one that may be recorded already."""
    db, row, to = telling.db, telling.before, telling.subject.id
    assert row is not None, "the session is there"
    if row["status"] == SessionStatus.IN_PROGRESS:
        other = await queries.running(db, to, row["id"])
        if other is not None:
            raise SessionRunning(existing_id=str(other))
    await refuse_twins(db, [row["id"]], to, telling.sent.separate_from)


async def moved(telling: Telling) -> None:
    """Cut the courses of both patients anew."""
    assert telling.before is not None, "the session was there"
    for patient_id in (telling.before["patient_id"], telling.subject.id):
        await place_all(telling.db, telling.viewer, patient_id)
