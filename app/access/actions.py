"""Signing in and out, for staff, programs and phones. No HTTP here."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from app.access import passwords, queries
from app.access.policy import ONLY_SECOND_FACTOR, Caller, Viewer
from app.access.second_factor import WRONG_CODE, Standing, judge
from app.access.throttle import Doors
from app.kit import clock
from app.kit.db import Db, Pool, Row
from app.kit.errors import NotFound, NotSignedIn, Refusal, SecondFactorNeeded
from app.kit.ids import new_id

REFRESH_LIFE = timedelta(days=180)
"""A phone that checks in twice a year stays enrolled."""

NO_MATCH = "Clinic, e-mail and password do not belong together."


class GrantRefused(Refusal):
    """The grant of a token request is no longer good, RFC 6749 section 5.2 (invalid_grant)."""

    name = "invalid-grant"
    title = "That grant is not good"


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
    one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)
    """A password is judged, and its failure counted, before the next is let to the door: a thousand
    guesses sent at once would all find it open. argon2 takes them one at a time anyway."""

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
                await self.doors.wait(connection, *knocks)
                row = await queries.staff_by_email(connection, clinic, email)
            right = await passwords.verify(row["password_hash"] if row else None, password)
            if row is None or not right or not row["active"]:
                await self.failed(knocks)
                raise NotSignedIn(NO_MATCH)
            scope = await self._second(row, code, knocks)
        viewer = Viewer(row["id"], row["clinic_id"], Caller.STAFF, row["role"], scope)
        return await self._welcome(viewer, knocks)

    async def _second(self, staff: Row, code: str | None, knocks: list[bytes]) -> str:
        """The scope that a code, or the want of one, is worth. Raises NotSignedIn."""
        async with self.pool.confined(staff["clinic_id"], actor=staff["id"]) as db:
            standing = await judge(db, staff["id"], code)
        if standing is Standing.WRONG:
            await self.failed(knocks)
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
            await self.doors.wait(connection, *knocks)
            row = await queries.client_by_id(connection, named)
        hashes = list(row["secrets"]) if row else [passwords.fingerprint("nobody")]
        right = any([passwords.same(bytes(one), secret) for one in hashes])  # noqa: C419  # all are compared
        if row is None or not right or not row["active"]:
            await self.failed(knocks)
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
            await self.doors.wait(connection, *knocks)
            row = await queries.enrolment_by_code(connection, sha256)
        if row is None or row["redeemed_at"] or row["expires_at"] <= now:
            await self.failed(knocks)
            raise NotFound("That code is unknown, used or expired. Ask for a new one.")
        async with self.pool.confined(row["clinic_id"]) as db:
            if not await queries.redeem(db, row["id"], now):
                raise NotFound("That code is unknown, used or expired. Ask for a new one.")
            viewer = await _add_device(db, row, device_name, now)
            return await self._give_phone(db, viewer, 1, now)

    async def refresh(self, refresh_token: str, address: str) -> Access:
        """Rotate a phone's refresh token. A stolen old one revokes the device."""
        knocks = [passwords.door("refresh", address)]
        now = clock.now()
        async with self.pool.connection() as connection:
            await self.doors.wait(connection, *knocks)
            row = await queries.refresh_by_token(connection, passwords.fingerprint(refresh_token))
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
        if device is None or device["revoked_at"] is not None:
            return None
        repeated = device["used_refresh_id"] == refresh["id"]
        if not repeated and refresh["generation"] <= device["used_generation"]:
            await queries.revoke_device(db, device["id"], now)
            return None
        await db.run(
            queries.USE_GENERATION,
            device_id=device["id"],
            generation=refresh["generation"],
            refresh_id=refresh["id"],
            at=now,
        )
        viewer = _phone_of(db.clinic_id, device["id"], device["patient_id"], device["held_by"])
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

    async def failed(self, knocks: list[bytes]) -> None:
        """Count a failure at each of these doors."""
        async with self.pool.connection() as connection:
            for knock in knocks:
                await queries.note_failure(connection, knock, clock.now())


def as_id(text: str) -> UUID:
    """A client_id as a UUID; one that never matches where it is none."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def granted_of(has: str, asked: str) -> str:
    """The scopes asked for that the client has; all of them where none was asked for.

    >>> granted_of("read write", "read audit"), granted_of("read", "")
    ('read', 'read')
    """
    wanted = asked.split() or has.split()
    granted = " ".join(word for word in has.split() if word in wanted)
    if not granted:
        raise InvalidScope
    return granted


class InvalidScope(Refusal):
    """None of the scopes asked for may be granted, RFC 6749 section 5.2 (invalid_scope)."""

    name = "invalid-scope"
    title = "None of those scopes may be granted"


def _phone_of(clinic_id: UUID, device_id: UUID, patient_id: UUID, held_by: str) -> Viewer:
    """Whoever holds it may do the same; the audit tells them apart."""
    return Viewer(device_id, clinic_id, Caller.DEVICE, held_by, "patient", patient_id)


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
