"""A tablet handed to a patient: it can answer one questionnaire, and nothing else.

The member of staff is signed out of it, and a token of the patient's own, good for half an hour
and for that patient alone, takes the place of theirs.
"""

from datetime import timedelta
from uuid import UUID

from app.access import queries as access
from app.access.passwords import fingerprint, new_secret
from app.access.policy import Caller, Viewer
from app.kit import clock
from app.kit.db import Db
from app.kit.ids import new_id
from app.web import queries
from app.web.cookies import Session

LASTS = timedelta(minutes=30)
"""The longest questionnaire takes a third of it."""


async def hand_over(db: Db, viewer: Viewer, session: Session, patient_id: UUID) -> str:
    """End the session of staff on this tablet; the token that takes its place."""
    token, now = new_secret("agh"), clock.now()
    await access.add(
        db,
        access.ADD_TOKEN,
        id=new_id(),
        sha256=fingerprint(token),
        caller=Caller.DEVICE.value,
        subject_id=viewer.id,
        role="patient",
        scope="patient",
        patient_id=patient_id,
        issued_at=now,
        expires_at=now + LASTS,
        revoked_at=None,
    )
    await queries.revoke(db, fingerprint(session.token), now)
    return token
