"""The demo clinic, and what to try with it."""

import asyncio
import logging
from pathlib import Path
from uuid import UUID

import orjson

from app import demo
from app.access import accounts
from app.access.policy import Role
from app.audit import actions as audit
from app.cli.adding import as_owner
from app.clinics import queries as clinics
from app.clinics.actions import accept
from app.clinics.schemas import AcceptIn
from app.config import Settings
from app.kit import clock
from app.kit.bodies import Unread, written
from app.kit.db import Db, Taken, open_pool
from app.kit.failed import Failed
from app.kit.places import Place
from app.kit.postgres.files import read, write
from app.relief.fitting import fit_due
from app.science.forecast import intended_use
from app.worklist.following import follow

log = logging.getLogger(__name__)

ROUNDS = 50
"""So often at most the worklist is followed before the clinic is shown, each time for a few."""

EMAIL, ADMIN = "clinician@demo.example", "admin@demo.example"

Kept = dict[str, str]
"""Who may come in, and whom to look at. The passwords are kept in this file and nowhere else."""

TOUR = """
A made-up clinic is ready at {url}. No one in it exists.

Open {url}/sign-in?clinic={clinic} in a browser, and sign in as
a clinician, {email} with the password {password}{admin}.

Or sign in as a program would:

  curl -s {url}/v1/login -H 'Content-Type: application/json' \\
    -d '{{"clinic":"{clinic}","email":"{email}","password":"{password}"}}'

Come in as an API client, {client_id} with the secret {client_secret}:

  curl -s {url}/oauth2/token -u '{client_id}:{client_secret}' -d grant_type=client_credentials

See a patient's timeline:

  curl -s '{url}/v1/patients/{patient_id}/timeline?limit=5' \\
    -H "Authorization: Bearer $(curl -s {url}/oauth2/token -u '{client_id}:{client_secret}' \\
      -d grant_type=client_credentials | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')"

All there is: {url}/openapi.json. Ctrl-C stops everything.

"""

ADMIN_TOO = """, or as
an admin, {admin_email} with the password {admin_password}"""

LOST = """
A made-up clinic is ready at {url}, but its passwords, kept in {file}, are gone.
Let someone in with: afterglow staff add --clinic {clinic} --email you@demo.example --role clinician

"""


def prepare_tour(settings: Settings, place: Place, url: str) -> str:
    """Fill a demo clinic if there is none. What to try with it, to be shown when it is served."""
    file = settings.data_dir.resolve() / "demo.json"
    kept = asyncio.run(_prepare(settings, place, file))
    asyncio.run(_work_out(settings, place))
    admin = ADMIN_TOO.format(**kept) if "admin_password" in kept else ""
    told = {"url": url, "file": file, "admin": admin} | kept
    return (TOUR if "password" in kept else LOST).format(**told)


async def _prepare(settings: Settings, place: Place, file: Path) -> Kept:
    kept: Kept = orjson.loads(read(file) or "{}")
    async with as_owner(place) as db:
        clinic = await clinics.find_demo(db)
        if clinic is not None:
            if str(clinic["id"]) != kept.get("clinic_id"):
                return {"clinic": clinic["slug"]}
            if "patient_id" in kept:
                return kept
            log.info("the demo clinic was left half filled, and is made anew")
            await clinics.forget_demo(db, clinic["id"])
        clinic_id, staff_id, kept = await _open(db)
        # Before the transaction ends: from then on there is a clinic, and this file knows it.
        write(file, orjson.dumps(kept).decode())
    log.info("filling the demo clinic")
    pool = await open_pool(place.login_url, settings)
    try:
        filled = await demo.fill(pool, clinic_id, staff_id, clock.now())
        # Fitted later, its forecasts would no longer be those by which the worklist was worked out.
        await fit_due(pool, asyncio.Event())
    finally:
        await pool.close()
    kept["patient_id"] = str(filled.shown)
    write(file, orjson.dumps(kept).decode())
    return kept


async def _work_out(settings: Settings, place: Place) -> None:
    """Know what each patient needs before anybody looks; quick where nobody is due."""
    pool = await open_pool(place.login_url, settings)
    try:
        for _ in range(ROUNDS):
            if not await follow(pool, 0):
                break
    finally:
        await pool.close()


async def _open(db: Db) -> tuple[UUID, UUID, Kept]:
    """The clinic, empty, with a clinician and a client of it. Raises Failed."""
    try:
        clinic_id = await clinics.add(
            db,
            slug=demo.SLUG,
            name=demo.NAME,
            time_zone=demo.ZONE,
            is_demo=True,
            at=clock.now(),
        )
    except Taken:
        raise Failed(
            f"A clinic that is no demo is called {demo.SLUG}: use `afterglow serve`, or another "
            "data directory for the demo."
        ) from None
    await audit.note(db, "demo")
    staff_id, password = await accounts.hire(db, email=EMAIL, role=Role.CLINICIAN)
    admin_id, admins_own = await accounts.hire(db, email=ADMIN, role=Role.ADMIN)
    # No one in it exists: what a clinic has to think about before it sees forecasts is settled.
    await accept(db, admin_id, Unread(AcceptIn, written({"version": intended_use.VERSION})))
    client_id, secret = await accounts.register(db, name="Demo client", scope="read write")
    kept = {"clinic_id": str(clinic_id), "clinic": demo.SLUG, "email": EMAIL, "password": password}
    kept |= {"client_id": str(client_id), "client_secret": secret}
    kept |= {"admin_email": ADMIN, "admin_password": admins_own}
    return clinic_id, staff_id, kept
