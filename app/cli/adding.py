"""`afterglow clinic add`, `staff add` and `reset`, `client add`: done as the database's owner."""

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

import orjson

from app.access import accounts
from app.access.policy import Role
from app.audit import actions as audit
from app.cli.settings import read_settings
from app.clinics import queries as clinics
from app.clinics.crisis import parse_crisis
from app.kit import clock
from app.kit.db import Db, Taken, speak_json
from app.kit.failed import Failed
from app.kit.ids import new_id
from app.kit.logs import start_logs
from app.kit.places import Place, connect, opened, prepare

Made = dict[str, UUID | str]
Adder = Callable[[Db, argparse.Namespace], Awaitable[Made]]


def clinic(args: argparse.Namespace) -> None:
    """`clinic add`"""
    add(add_clinic, args)


def staff(args: argparse.Namespace) -> None:
    """`staff add`"""
    add(add_staff, args)


def client(args: argparse.Namespace) -> None:
    """`client add`"""
    add(add_client, args)


def reset(args: argparse.Namespace) -> None:
    """`staff reset`"""
    add(reset_staff, args)


def add(adder: Adder, args: argparse.Namespace) -> None:
    """Migrate, add in one transaction, and print what was made."""
    start_logs("WARNING", json=False)
    with opened(read_settings()) as place:
        made = asyncio.run(_add(place, adder, args))
    if args.json:
        sys.stdout.write(orjson.dumps(made, default=str).decode() + "\n")
    else:
        sys.stdout.writelines(f"{name}: {value}\n" for name, value in made.items())


async def _add(place: Place, adder: Adder, args: argparse.Namespace) -> Made:
    await prepare(place)
    async with as_owner(place) as db:
        made = await adder(db, args)
        clinic_id = made["clinic_id"]
        assert isinstance(clinic_id, UUID), "an id"
        await audit.note(Db(db.connection, clinic_id), f"{adder.__name__.removeprefix('add_')} add")
        return made


def crisis(args: argparse.Namespace) -> None:
    """`clinic crisis`"""
    start_logs("WARNING", json=False)
    try:
        told = sys.stdin.read() if args.file == "-" else Path(args.file).read_text("utf-8")
        own = parse_crisis(told)
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise Failed(f"{args.file} says no crisis text: {error}") from None
    with opened(read_settings()) as place:
        asyncio.run(_set_crisis(place, args.slug, own))


async def _set_crisis(place: Place, slug: str, own: dict[str, object]) -> None:
    await prepare(place)
    async with as_owner(place) as db:
        at_clinic = await clinic_of(db, slug)
        await clinics.set_crisis(at_clinic, own)
        await audit.note(at_clinic, "clinic crisis")


@asynccontextmanager
async def as_owner(place: Place) -> AsyncIterator[Db]:
    """One transaction of the owner's, whom no wall holds; for no clinic until it is told which."""
    connection = await connect(place.owner_url, place.owner_variable)
    try:
        await speak_json(connection)
        async with connection.transaction():
            yield Db(connection, new_id())
    finally:
        await connection.close()


async def add_clinic(db: Db, args: argparse.Namespace) -> Made:
    """A clinic. Raises Failed when its slug is taken."""
    try:
        clinic_id = await clinics.add(
            db,
            slug=args.slug,
            name=args.name,
            time_zone=args.time_zone,
            is_demo=False,
            at=clock.now(),
        )
    except Taken:
        raise Failed(f"There is a clinic called {args.slug} already.") from None
    return {"clinic_id": clinic_id, "slug": args.slug}


async def add_staff(db: Db, args: argparse.Namespace) -> Made:
    """A member of staff. Raises Failed when the address is taken in this clinic."""
    at_clinic = await clinic_of(db, args.clinic)
    try:
        staff_id, password = await accounts.hire(
            at_clinic, email=args.email, role=Role(args.role), name=args.name
        )
    except Taken:
        raise Failed(f"Someone at {args.clinic} signs in as {args.email} already.") from None
    return {
        "staff_id": staff_id,
        "email": args.email,
        "password": password,
        "role": args.role,
        "clinic_id": at_clinic.clinic_id,
    }


async def reset_staff(db: Db, args: argparse.Namespace) -> Made:
    """A new password for someone, without a second factor. Raises Failed for nobody."""
    at_clinic = await clinic_of(db, args.clinic)
    found = await accounts.reset(at_clinic, args.email)
    if found is None:
        raise Failed(f"Nobody at {args.clinic} signs in as {args.email}.")
    staff_id, password = found
    return {
        "staff_id": staff_id,
        "email": args.email,
        "password": password,
        "clinic_id": at_clinic.clinic_id,
    }


async def add_client(db: Db, args: argparse.Namespace) -> Made:
    """An API client."""
    at_clinic = await clinic_of(db, args.clinic)
    client_id, secret = await accounts.register(at_clinic, name=args.name, scope=args.scope)
    return {"client_id": client_id, "client_secret": secret, "clinic_id": at_clinic.clinic_id}


async def clinic_of(db: Db, slug: str) -> Db:
    """The same transaction, for the clinic of this slug. Raises Failed."""
    clinic_id = await clinics.find_id(db, slug)
    if clinic_id is None:
        raise Failed(f"There is no clinic called {slug}: add it with `afterglow clinic add`.")
    return Db(db.connection, clinic_id)
