"""What the worker does: follow the facts, and work out anew what they touch.

Nothing is added to the transaction that stores a fact. A row of the worklist that is due is its
own place in the queue: whoever dies with one in hand leaves it due.
"""

import asyncio
import logging
from datetime import timedelta
from time import monotonic
from uuid import UUID

from app.kit import clock
from app.kit.db import Pool
from app.worklist import queries, reckoning

log = logging.getLogger(__name__)

PUT_OFF = timedelta(minutes=10)

IN_A_ROW = 10
"""So many patients before the facts are followed again, or the worker sees that it is to stop."""


async def follow(pool: Pool, rests: float) -> int:
    """Mark whom new facts are about, and work some of them out; how many were.

    Between two it rests `rests` times as long as the one took, waiting included: beside requests
    it steps back the more, the busier the process is.
    """
    async with pool.connection() as connection:
        await queries.follow(connection, clock.now())
        clinics = await queries.clinics_to_recompute(connection, clock.now())
    done = 0
    share = max(1, IN_A_ROW // len(clinics)) if clinics else 0
    for clinic_id in clinics[:IN_A_ROW]:
        for _ in range(share):
            began = monotonic()
            if not await one(pool, clinic_id):
                break
            done += 1
            await asyncio.sleep((monotonic() - began) * rests)
    return done


async def one(pool: Pool, clinic_id: UUID) -> bool:
    """Work out what the patient needs who has been due longest; False where nobody is due.

    A patient of whom that fails is put off: the others must not wait behind them.
    """
    now, patient_id = clock.now(), None
    try:
        async with pool.confined(clinic_id) as db:
            patient_id = await queries.claim(db, now)
            if patient_id is not None:
                await reckoning.recompute(db, patient_id, now)
    except Exception as error:
        if patient_id is None:
            raise
        told = {"error": type(error).__name__, "patient_id": str(patient_id)}
        log.error("what a patient needs could not be worked out", extra=told)  # noqa: TRY400  # a message may hold values
        async with pool.confined(clinic_id) as db:
            await queries.postpone(db, patient_id, now + PUT_OFF)
    return patient_id is not None
