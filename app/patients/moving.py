"""A record that was charted on the wrong patient, and all that goes with it to the right one."""

from uuid import UUID

from app.access.policy import Viewer
from app.kit import clock
from app.kit.bodies import Unread
from app.kit.db import Db, Row
from app.kit.errors import Conflict, MovesWithAnother, NotFound, Voided
from app.patients import queries
from app.patients.queries import following
from app.patients.schemas import Move
from app.records.actions import get, refuse_closed
from app.records.changes import must_match
from app.records.kinds import Kept, Kind, Subject, Telling
from app.records.tables import Status


async def move(
    db: Db, viewer: Viewer, kind: Kind, record_id: UUID, match: str | None, unread: Unread[Move]
) -> Kept:
    """Take a record, and what hangs on it, to another patient. There already: as it is.

    Raises NotFound for either, MovesWithAnother for what hangs on a record that stays, and what
    the kind refuses.
    """
    there = await db.row(kind.statements.find, id=record_id)
    if there is None:
        raise NotFound
    if match is not None:
        must_match(match, there)
    if there["status"] == Status.ENTERED_IN_ERROR:
        raise Voided
    sent = unread.read()
    if sent.patient_id == there["patient_id"]:
        return await get(db, kind, record_id)
    row, subject = await held(db, kind, there, sent.patient_id)
    telling = Telling(db, viewer, subject, sent, {}, before=row)
    if kind.moving is not None:
        await kind.moving(telling)
    await carry(telling, str(kind.statements.table.name))
    if kind.moved is not None:
        await kind.moved(telling)
    return await get(db, kind, record_id)


async def held(db: Db, kind: Kind, there: Row, patient_id: UUID) -> tuple[Row, Subject]:
    """The record's row and the patient it goes to; both patients held. Raises NotFound."""
    await following.hold_two(db, there["patient_id"], patient_id)
    for one in (there["patient_id"], patient_id):
        refuse_closed(subject := await queries.subject(db, one))
    row = await db.row(kind.statements.lock, id=there["id"])
    assert row is not None, "nothing is deleted"
    if (row["patient_id"], row["version"]) != (there["patient_id"], there["version"]):
        raise Conflict("Another request came first: read it again.")
    return row, subject


async def carry(telling: Telling, table: str) -> None:
    """Take a record, what hangs on it and the alerts that these raised."""
    db, row, sent = telling.db, telling.before, telling.sent
    assert row is not None, "the record is there"
    old = row["patient_id"]
    ids = await following.along(db, old, {table: {row["id"]}})
    if await following.strays(db, ids):
        raise MovesWithAnother
    if await following.tears(db, old, ids):
        raise MovesWithAnother("A baseline rests on an assessment: void the baseline first.")
    to = following.To(telling.subject.id, clock.now(), telling.viewer.id, sent.reason)
    alerts = await following.alerts_about(db, old, ids)
    await following.relocate(db, old, to, {**ids, "alerts": alerts})
    await following.correct_alerts(db, old, to, ids)
