"""What the rules look at, gathered in one statement."""

from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    TableClause,
    Text,
    all_,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on

from app.kit.db import Db, Row, Sql
from app.safety.queries.sources import (
    ALLERGIES,
    AT,
    CONDITIONS,
    GIVEN,
    IN_SESSION,
    MEDICATIONS,
    OF_SESSION,
    PATIENT,
    SCREENINGS,
    SESSION,
    SET,
    A,
    C,
    D,
    E,
    P,
    Q,
    S,
    V,
    listed,
    number,
    of_patient,
    single,
    stands,
    word,
)

THE_SESSION = single(
    select(
        *(S.c[name] for name in ("id", "patient_id", "status", "effective_at", *OF_SESSION))
    ).where(S.c.id == SESSION),
    "session",
)

READINGS = listed(
    select(*(V.c[name] for name in ("id", "effective_at", *IN_SESSION))).where(
        V.c.infusion_id == SESSION, stands(V)
    ),
    "readings",
)

CHOSEN = (
    select(func.jsonb_object_agg(SET.c.key, SET.c.value))
    .where(SET.c.value.is_not(None), SET.c.key.like(word("safety.%")))
    .scalar_subquery()
    .label("chosen")
)
"""What the clinic chose of the rules' numbers."""

EARLIER = (
    S.c.patient_id == PATIENT,
    S.c.effective_at <= AT,
    S.c.id != SESSION,
    *GIVEN,
)

EXPOSURES = listed(
    select(*(S.c[name] for name in ("id", "drug", "route", "setting", "effective_at"))).where(
        *EARLIER, S.c.effective_at > AT - literal_column("interval '30 days'")
    ),
    "exposures",
)

FIRST_DEVICE = (
    select(func.min(D.c.effective_at))
    .where(D.c.infusion_id == SESSION, stands(D), D.c.kind == word("device"))
    .scalar_subquery()
    .label("first_device_at")
)


def weights(t: TableClause) -> Select[Any]:
    """Weights known before, doubtful and reckoned ones left out."""
    query = select(t.c.id, t.c.weight_kg, t.c.effective_at).where(
        t.c.patient_id == PATIENT,
        t.c.effective_at <= AT,
        t.c.id != SESSION,
        t.c.weight_kg.is_not(None),
        stands(t),
        word("weight-doubtful") != all_(t.c.flags),
    )
    if "weight_kind" in t.c:
        actual = t.c.weight_kind == word("actual")
        query = query.where(or_(t.c.weight_kind.is_(None), actual))
    return query.order_by(t.c.effective_at.desc()).limit(number(1)).subquery().select()


def last_weight() -> ColumnElement[Any]:
    """The last of them."""
    both = union_all(weights(S), weights(V)).subquery("both")
    return single(select(both).order_by(both.c.effective_at.desc()), "last_weight")


OF_THE_DAY = and_(
    SCREENINGS.c.precision == word("day"),
    SCREENINGS.c.effective_at <= AT + literal_column("interval '12 hours'"),
)
"""Of whose time the day alone is known, which is kept as its noon: it counts from its beginning."""

NEWEST = (
    of_patient(SCREENINGS, "kind", "result", "answers", "expires_on")
    .where(or_(SCREENINGS.c.effective_at <= AT, OF_THE_DAY))
    .ext(distinct_on(SCREENINGS.c.kind))
    .order_by(SCREENINGS.c.kind, SCREENINGS.c.effective_at.desc(), SCREENINGS.c.id.desc())
)
"""The newest screening of each kind."""

UNREVIEWED = select(
    A.c.id,
    A.c.rule,
    A.c.raised_at,
    A.c.subject_id,
    A.c.evidence["sentence"].astext.label("sentence"),
).where(
    A.c.patient_id == PATIENT,
    A.c.rule == word("BLAD"),
    A.c.status != word("closed"),
    A.c.evidence_status != word("voided"),
)

MEDICINES = ("name", "drug_class", "diazepam_equivalent_mg", "started_on", "stopped_on")

CHART = Sql(
    select(
        P.c.sex,
        P.c.birth_date,
        C.c.time_zone,
        THE_SESSION,
        READINGS,
        EXPOSURES,
        exists(select(S.c.id).where(*EARLIER)).label("exposed"),
        FIRST_DEVICE,
        last_weight(),
        listed(of_patient(MEDICATIONS, *MEDICINES), "medications"),
        listed(of_patient(CONDITIONS, "condition", "present", "resolved_on"), "conditions"),
        listed(of_patient(ALLERGIES, "substance"), "allergies"),
        listed(NEWEST, "screenings"),
        listed(UNREVIEWED, "unreviewed"),
        CHOSEN,
    )
    .select_from(P.join(C, C.c.id == P.c.clinic_id))
    .where(P.c.id == PATIENT)
)

CHAIR = Sql(
    select(
        THE_SESSION,
        READINGS,
        CHOSEN,
    )
)

EFFECTS = Sql(
    select(E.c.id, E.c.effect, E.c.effective_at).where(
        E.c.infusion_id == SESSION,
        stands(E),
        E.c.present,
        E.c.effect == func.any(bindparam("effects", type_=ARRAY(Text()))),
    )
)


async def chart(db: Db, patient_id: UUID, infusion_id: UUID, at: Any) -> Row:
    """Everything the rules of one session look at, as of an instant."""
    row = await db.row(CHART, patient_id=patient_id, infusion_id=infusion_id, at=at)
    assert row is not None, "a session has a patient"
    return row


async def chair(db: Db, infusion_id: UUID | None) -> Row:
    """A session, its readings, and the clinic's numbers: what a new reading is judged with."""
    row = await db.row(CHAIR, infusion_id=infusion_id)
    assert row is not None, "a statement without a table answers one row"
    return row


async def effects_of(db: Db, infusion_id: UUID, effects: list[str]) -> list[Row]:
    """The side effects of a session that are of these kinds and present."""
    return await db.rows(EFFECTS, infusion_id=infusion_id, effects=effects)


ICSI_OF = Sql(
    select(
        listed(
            select(
                *(Q.c[name] for name in ("id", "instrument", "effective_at", "total")),
                null().label("self_harm"),
            ).where(
                Q.c.patient_id == PATIENT,
                Q.c.instrument == word("ICSI"),
                Q.c.total.is_not(None),
                stands(Q),
            ),
            "answers",
        ),
        CHOSEN,
    )
)


async def icsi_of(db: Db, patient_id: UUID) -> Row:
    """A patient's bladder scores, and the clinic's numbers."""
    row = await db.row(ICSI_OF, patient_id=patient_id)
    assert row is not None, "a statement without a table answers one row"
    return row
