"""Statements that end a patient's phones, and the codes that would enrol others."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, update

from app.access.queries import REVOKE_TOKENS
from app.access.tables import Device, Enrolment
from app.kit.db import Db, Sql
from app.kit.tables import table_of

D, E = table_of(Device), table_of(Enrolment)

END_CODES = Sql(
    update(E)
    .where(
        E.c.patient_id == bindparam("of_patient"),
        E.c.created_at <= bindparam("until", type_=E.c.created_at.type),
        E.c.redeemed_at.is_(None),
        E.c.revoked_at.is_(None),
    )
    .values(revoked_at=bindparam("at", type_=E.c.revoked_at.type))
)

END_PHONES = Sql(
    update(D)
    .where(
        D.c.patient_id == bindparam("of_patient"),
        D.c.enrolled_at <= bindparam("until", type_=D.c.enrolled_at.type),
        D.c.revoked_at.is_(None),
    )
    .values(revoked_at=bindparam("at", type_=D.c.revoked_at.type))
    .returning(D.c.id)
)


async def end_phones(db: Db, patient_id: UUID, until: datetime, at: datetime) -> None:
    """End every phone of a patient, and every open code, that is not younger than `until`.

    Codes first: a phone that is being enrolled meanwhile is waited for there, and then ended.
    Tokens last, by a statement that sees what a phone was given while it was waited for.
    """
    await db.run(END_CODES, of_patient=patient_id, until=until, at=at)
    for phone in await db.rows(END_PHONES, of_patient=patient_id, until=until, at=at):
        await db.run(REVOKE_TOKENS, subject_id=phone["id"], at=at)
