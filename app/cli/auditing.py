"""`afterglow audit verify`: whether the audit is as it was sealed."""

import argparse
import asyncio
import sys

from app.audit import actions as audit
from app.audit.chain import Head
from app.cli.adding import as_owner, clinic_of
from app.cli.settings import read_settings
from app.clinics import queries as clinics
from app.kit.db import Db
from app.kit.failed import Failed, Misused
from app.kit.logs import start_logs
from app.kit.places import Place, opened, prepare


def verify(args: argparse.Namespace) -> None:
    """`audit verify`"""
    start_logs("WARNING", json=False)
    if args.head is not None and args.clinic is None:
        raise Misused("A link is of one clinic's chain: say which with --clinic.")
    noted = Head(*args.head) if args.head is not None else None
    with opened(read_settings()) as place:
        wrong = asyncio.run(_verify(place, args.clinic, noted))
    if wrong:
        raise Failed(f"The audit is not as it was sealed, in {wrong} places.")


async def _verify(place: Place, slug: str | None, noted: Head | None) -> int:
    """Print what is wrong with every chain, or the one asked for; in how many places."""
    await prepare(place)
    wrong = 0
    async with as_owner(place) as db:
        await audit.hold_still(db)
        only = (await clinic_of(db, slug)).clinic_id if slug is not None else None
        slugs = await clinics.slugs(db)
        every = await audit.chained(db) | set(slugs) if only is None else {only}
        for clinic_id in sorted(every, key=lambda one: slugs.get(one, str(one))):
            called = slugs.get(clinic_id, str(clinic_id))
            wrong += await _walk(Db(db.connection, clinic_id), called, noted)
    return wrong


async def _walk(db: Db, called: str, noted: Head | None) -> int:
    """Print what is wrong with one chain, as it is found, and how far it reaches."""
    wrong = 0
    async for found in audit.verified(db, noted):
        sys.stdout.write(f"{called}: {found}\n")
        wrong += 1
    if not wrong:
        waiting = await audit.waiting(db)
        tail = f", {waiting} waiting to be sealed" if waiting else ""
        sys.stdout.write(f"{called}: whole, {await audit.last_link(db)}{tail}\n")
    return wrong
