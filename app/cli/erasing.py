"""`afterglow patient erase`: forget a person, as the database's owner."""

import argparse
import asyncio
import sys

from app import tables
from app.cli.adding import as_owner, clinic_of
from app.cli.settings import read_settings
from app.exchange.erasing import erase
from app.kit.logs import start_logs
from app.kit.places import Place, opened, prepare

assert tables.metadata, "every table is asked whether it tells of the person"


def patient(args: argparse.Namespace) -> None:
    """`patient erase`"""
    start_logs("WARNING", json=False)
    with opened(read_settings()) as place:
        charts = asyncio.run(_erase(place, args))
    sys.stdout.write(f"erased: {charts}\n")


async def _erase(place: Place, args: argparse.Namespace) -> int:
    await prepare(place)
    async with as_owner(place) as db:
        return await erase(await clinic_of(db, args.clinic), args.patient, args.reason)
