"""Signing in and out, for staff, programs and phones. No HTTP here."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from app.access import passwords, queries
from app.access.grants import GrantRefused, as_id, granted_of
from app.access.policy import ONLY_SECOND_FACTOR, Caller, Viewer
from app.access.recording import Scope
from app.access.refused import Asked, Refused, asked, client_of, nobody_of, staff_of, unasked
from app.access.second_factor import WRONG_CODE, Standing, judge
from app.access.throttle import Doors
from app.kit import clock
from app.kit.db import Connection, Db, Pool, Row
from app.kit.errors import NotFound, NotSignedIn, Refusal, SecondFactorNeeded, TooMany
from app.kit.ids import new_id

REFRESH_LIFE = timedelta(days=180)
"""A phone that checks in twice a year stays enrolled."""

NO_CODE = "That code is unknown, used or expired. Ask for a new one."

NO_MATCH = "Clinic, e-mail and password do not belong together."


@dataclass(frozen=True, slots=True)
class Access:
    """A token that was just made; its text exists here and with its holder, nowhere else."""

    token: str
    expires_in: int
    scope: str
    patient_id: UUID | None = None
    refresh_token: str = ""
    refresh_expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SignIn:
    """Where credentials are checked: the pool, how long a token lives, who knocks from where."""

    pool: Pool
    minutes: int
    doors: Doors
    refused: Refused
    request: Asked = field(default_factory=unasked)
    """Which request knocks."""
    one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)
    """A password is judged, and its failure counted, before the next is let to the door: a thousand
    guesses sent at once would all find it open. argon2 takes them one at a time anyway."""

    def at(self, scope: Scope) -> "SignIn":
        """The same, for one request."""
        return replace(self, request=asked(scope))

    async def wait(
        self,
        connection: Connection,
        knocks: list[bytes],
        find: Callable[[], Awaitable[Row | None]],
        whose: Callable[[Any], Viewer | None] = nobody_of,
    ) -> Row | None:
        """What a credential names, once its doors are open. Raises TooMany.

        What it names is looked up while they are shut as well: the clinic is told of that too.
        """
        try:
            await self.doors.wait(connection, *knocks)
        except TooMany as refusal:
            self.refused.note(int(refusal.status), self.request, whose(await find()))
            raise
        return await find()

    async def staff(
        self, clinic: str, email: str, password: str, address: str, code: str | None = None
    ) -> Access:
        """Sign a member of staff in. Raises NotSignedIn or TooMany, equally slow for anyone.

        An account gets slow for one address soon, and for all of them late: whoever knows an
        e-mail must not keep its owner out.
        """
        knocks = [
            passwords.door("staff", clinic, email, address),
            passwords.door("account", clinic, email),
            passwords.door("address", address),
        ]
        async with self.one_at_a_time:
            async with self.pool.connection() as connection:
                find = partial(queries.staff_by_email, connection, clinic, email)
                row = await self.wait(connection, knocks, find, staff_of)
            right = await passwords.verify(row["password_hash"] if row else None, password)
            if row is None or not right or not row["active"]:
                await self.failed(knocks, staff_of(row))
                raise NotSignedIn(NO_MATCH)
            scope = await self._second(row, code, knocks)
        viewer = Viewer(row["id"], row["clinic_id"], Caller.STAFF, row["role"], scope)
        return await self._welcome(viewer, knocks)

    async def _second(self, staff: Row, code: str | None, knocks: list[bytes]) -> str:
        """The scope that a code, or the want of one, is worth. Raises NotSignedIn."""
        async with self.pool.confined(staff["clinic_id"], actor=staff["id"]) as db:
            standing = await judge(db, staff["id"], code)
        if standing is Standing.WRONG:
            await self.failed(knocks, staff_of(staff))
            raise NotSignedIn(WRONG_CODE)
        if standing is Standing.NEEDED:
            raise SecondFactorNeeded
        return ONLY_SECOND_FACTOR if standing is Standing.UNSET else ""

    async def client(self, client_id: str, secret: str, scope: str, address: str) -> Access:
        """Sign a program in with the scopes it asked for and has. Raises NotSignedIn.

        Its door is its own at each address: a secret of 256 bits can't be guessed, and whoever
        knows the id alone must not keep the program out.
        """
        named = as_id(client_id)
        knocks = [passwords.door("client", named, address), passwords.door("clients", address)]
        async with self.pool.connection() as connection:
            find = partial(queries.client_by_id, connection, named)
            row = await self.wait(connection, knocks, find, client_of)
        hashes = list(row["secrets"]) if row else [passwords.fingerprint("nobody")]
        right = any([passwords.same(bytes(one), secret) for one in hashes])  # noqa: C419  # all are compared
        if row is None or not right or not row["active"]:
            await self.failed(knocks, client_of(row))
            raise NotSignedIn("The client is unknown or its secret is wrong.")
        granted = granted_of(row["scope"], scope)
        viewer = Viewer(row["id"], row["clinic_id"], Caller.CLIENT, "client", granted)
        return await self._welcome(viewer, knocks, passwords.fingerprint(secret))

    async def phone(self, code: str, device_name: str, address: str) -> Access:
        """Turn a phone into a patient's device, once. Raises NotFound for any code that fails."""
        knocks = [passwords.door("redeem", address)]
        sha256 = passwords.fingerprint(passwords.plain_code(code))
        now = clock.now()
        async with self.pool.connection() as connection:
            find = partial(queries.enrolment_by_code, connection, sha256)
            row = await self.wait(connection, knocks, find)
        if row is not None and not row["redeemed_at"] and row["expires_at"] > now:
            async with self.pool.confined(row["clinic_id"]) as db:
                if await queries.redeem(db, row["id"], now):
                    viewer = await _add_device(db, row, device_name, now)
                    return await self._give_phone(db, viewer, 1, now)
        await self.failed(knocks, phone_to_be(row), NotFound, actor_id=None)
        raise NotFound(NO_CODE)

    async def refresh(self, refresh_token: str, address: str) -> Access:
        """Rotate a phone's refresh token. A stolen old one revokes the device."""
        knocks = [passwords.door("refresh", address)]
        now = clock.now()
        async with self.pool.connection() as connection:
            sha256 = passwords.fingerprint(refresh_token)
            row = await self.wait(
                connection, knocks, partial(queries.refresh_by_token, connection, sha256)
            )
        if row is None or row["expires_at"] <= now:
            await self.failed(knocks)
            raise GrantRefused("The refresh token is unknown or expired: enrol again.")
        async with self.pool.confined(row["clinic_id"]) as db:
            access = await self._rotate(db, row, now)
        if access is None:
            raise GrantRefused("The refresh token was used before: the phone is signed out.")
        return access

    async def _rotate(self, db: Db, refresh: Row, now: datetime) -> Access | None:
        """The next generation, or None when this token's successor is already in use."""
        device = await db.row(queries.LOCK_DEVICE, id=refresh["device_id"])
        if device is None:
            return None
        viewer = _phone_of(db.clinic_id, device["id"], device["patient_id"], device["held_by"])
        repeated = device["used_refresh_id"] == refresh["id"]
        used = not repeated and refresh["generation"] <= device["used_generation"]
        if used or device["revoked_at"] is not None:
            await queries.revoke_device(db, device["id"], now)
            self.refused.note(int(GrantRefused.status), self.request, viewer)
            return None
        await db.run(
            queries.USE_GENERATION,
            device_id=device["id"],
            generation=refresh["generation"],
            refresh_id=refresh["id"],
            at=now,
        )
        return await self._give_phone(db, viewer, refresh["generation"] + 1, now)

    async def _welcome(
        self, viewer: Viewer, knocks: list[bytes], secret: bytes | None = None
    ) -> Access:
        async with self.pool.connection() as connection:
            for knock in knocks[:-1]:  # the last is the address's
                await queries.forget_failures(connection, knock)
        async with self.pool.confined(viewer.clinic_id, actor=viewer.id) as db:
            if secret is not None:
                await queries.use_secret(db, viewer.id, secret, clock.now())
            return await self._give(db, viewer, clock.now())

    async def _give(self, db: Db, viewer: Viewer, now: datetime) -> Access:
        token = passwords.new_secret("ag")
        life = timedelta(minutes=self.minutes)
        await queries.add(
            db,
            queries.ADD_TOKEN,
            id=new_id(),
            sha256=passwords.fingerprint(token),
            caller=viewer.caller.value,
            subject_id=viewer.id,
            role=viewer.role,
            scope=viewer.scope,
            patient_id=viewer.patient_id,
            issued_at=now,
            expires_at=now + life,
            revoked_at=None,
        )
        return Access(token, int(life.total_seconds()), viewer.scope, viewer.patient_id)

    async def _give_phone(self, db: Db, viewer: Viewer, generation: int, now: datetime) -> Access:
        access = await self._give(db, viewer, now)
        token = passwords.new_secret("agr")
        await queries.add(
            db,
            queries.ADD_REFRESH,
            id=new_id(),
            device_id=viewer.id,
            sha256=passwords.fingerprint(token),
            generation=generation,
            issued_at=now,
            expires_at=now + REFRESH_LIFE,
        )
        return Access(
            access.token,
            access.expires_in,
            access.scope,
            viewer.patient_id,
            token,
            now + REFRESH_LIFE,
        )

    async def failed(
        self,
        knocks: list[bytes],
        whose: Viewer | None = None,
        refusal: type[Refusal] = NotSignedIn,
        **more: Any,
    ) -> None:
        """Count a failure at each of these doors, and tell the clinic whose credential it was."""
        async with self.pool.connection() as connection:
            for knock in knocks:
                await queries.note_failure(connection, knock, clock.now())
        self.refused.note(int(refusal.status), self.request, whose, **more)


def _phone_of(clinic_id: UUID, device_id: UUID, patient_id: UUID, held_by: str) -> Viewer:
    """Whoever holds it may do the same; the audit tells them apart."""
    return Viewer(device_id, clinic_id, Caller.DEVICE, held_by, "patient", patient_id)


def phone_to_be(enrolment: Row | None) -> Viewer | None:
    """Whoever a code was given to; the audit has no actor for one who never got in."""
    if enrolment is None:
        return None
    told = enrolment["patient_id"], enrolment["held_by"]
    return _phone_of(enrolment["clinic_id"], enrolment["id"], *told)


async def _add_device(db: Db, enrolment: Row, name: str, now: datetime) -> Viewer:
    device_id = new_id()
    await queries.add(
        db,
        queries.ADD_DEVICE,
        id=device_id,
        patient_id=enrolment["patient_id"],
        name=name,
        held_by=enrolment["held_by"],
        enrolled_at=now,
        last_seen_at=now,
        revoked_at=None,
        used_generation=0,
        used_refresh_id=None,
    )
    held_by = enrolment["held_by"]
    return _phone_of(db.clinic_id, device_id, enrolment["patient_id"], held_by)
