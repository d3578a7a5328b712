"""What the worker asks of a patient beside their relief, in one statement."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, case, null, select

from app.kit.db import Db, Row, Sql
from app.safety.queries.chart import CHOSEN
from app.safety.queries.sources import (
    GIVEN,
    INSTANT,
    OF_SESSION,
    PATIENT,
    A,
    P,
    Q,
    S,
    listed,
    number,
    single,
    stands,
    word,
)

SINCE = bindparam("since", type_=INSTANT)
NOW = bindparam("now", type_=INSTANT)

NINTH = Q.c.answers[number(9)]
"""Of a PHQ-9: the answer about self-harm."""

ANSWERS = (
    select(
        *(Q.c[name] for name in ("id", "instrument", "effective_at", "total", "entry_mode")),
        case((Q.c.instrument == word("PHQ-9"), NINTH), else_=null()).label("self_harm"),
    )
    .where(
        Q.c.patient_id == PATIENT,
        stands(Q),
        Q.c.total.is_not(None),
        Q.c.instrument.in_([word("PHQ-9"), word("ICSI")]),
    )
    .order_by(Q.c.effective_at.desc(), Q.c.id.desc())
    .limit(number(100))
)

SESSIONS = select(
    *(S.c[name] for name in ("id", "status", "effective_at", "entry_mode", *OF_SESSION))
).where(S.c.patient_id == PATIENT, S.c.effective_at > SINCE, *GIVEN)

NEXT = (
    select(*(S.c[name] for name in ("id", "status", "effective_at", *OF_SESSION)))
    .where(S.c.patient_id == PATIENT, S.c.status == word("planned"), S.c.scheduled_at > NOW)
    .order_by(S.c.scheduled_at)
)
"""The next session that is planned."""

DEALT_WITH = select(A.c.subject_id).where(
    A.c.patient_id == PATIENT, A.c.rule == word("REMS-7D"), A.c.status == word("closed")
)
"""Sessions whose REMS form was sent, as somebody said."""

REVIEW = Sql(
    select(
        listed(ANSWERS, "answers"),
        listed(SESSIONS, "sessions"),
        single(NEXT, "next_session"),
        listed(DEALT_WITH, "sent"),
        CHOSEN,
    )
    .select_from(P)
    .where(P.c.id == PATIENT)
)


async def review(db: Db, patient_id: UUID, since: datetime, now: datetime) -> Row | None:
    """Answers, sessions since a moment, the next planned one; None without the patient."""
    told: dict[str, Any] = {"patient_id": patient_id, "since": since, "now": now}
    return await db.row(REVIEW, **told)
