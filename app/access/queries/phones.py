"""Statements that end a patient's phones, and the codes that would enrol others."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select, update

from app.access.tables import Device, Enrolment, Token
from app.kit.db import Db, Sql
from app.kit.tables import table_of

D, E, T = table_of(Device), table_of(Enrolment), table_of(Token)

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

_ENDED = (
    update(D)
    .where(
        D.c.patient_id == bindparam("of_patient"),
        D.c.enrolled_at <= bindparam("until", type_=D.c.enrolled_at.type),
        D.c.revoked_at.is_(None),
    )
    .values(revoked_at=bindparam("at", type_=D.c.revoked_at.type))
    .returning(D.c.id)
    .cte("ended")
)

END_PHONES = Sql(
    update(T)
    .where(T.c.subject_id.in_(select(_ENDED.c.id)), T.c.revoked_at.is_(None))
    .values(revoked_at=bindparam("at", type_=T.c.revoked_at.type))
)


async def end_phones(db: Db, patient_id: UUID, until: datetime, at: datetime) -> None:
    """End every phone of a patient, and every open code, that is not younger than `until`.

    Codes first: a phone that is being enrolled meanwhile is waited for there, and then ended.
    """
    for sql in (END_CODES, END_PHONES):
        await db.run(sql, of_patient=patient_id, until=until, at=at)
