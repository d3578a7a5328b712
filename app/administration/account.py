"""One's own account: its password, its sessions, its second factor."""

from dataclasses import dataclass
from typing import Any

from app.access import passwords, second_factor
from app.access.actions import SignIn
from app.access.policy import Viewer
from app.access.queries import proofs
from app.administration.queries import staff as queries
from app.administration.schemas import CodeIn, PasswordIn, RemovalIn
from app.clinics import queries as clinics
from app.kit import clock
from app.kit.bodies import Unread
from app.kit.db import Db
from app.kit.errors import Conflict, Invalid

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Own:
    """Somebody at their own account. What they prove is slowed as signing in is."""

    signing: SignIn
    viewer: Viewer
    token: bytes
    """The hash of the token that asks."""
    address: str

    def confined(self) -> Any:
        """A transaction as themselves."""
        return self.signing.pool.confined(self.viewer.clinic_id, actor=self.viewer.id)

    @property
    def knocks(self) -> list[bytes]:
        """Where their failures are counted."""
        own = passwords.door("own", self.viewer.id)
        return [own, passwords.door("address", self.address)]

    async def wait(self) -> None:
        """Raise TooMany while they failed too often."""
        async with self.signing.pool.connection() as connection:
            await self.signing.doors.wait(connection, *self.knocks)

    async def prove(self, password: str, pointer: str) -> None:
        """Raise Invalid unless it is their password, TooMany after too many that were not."""
        async with self.signing.one_at_a_time:
            await self.wait()
            async with self.confined() as db:
                kept = await queries.find_hash(db, self.viewer.id)
            if not await passwords.verify(kept, password):
                await self.signing.failed(self.knocks)
                raise Invalid((pointer, "is not your password"))

    async def change_password(self, unread: Unread[PasswordIn]) -> None:
        """Another password in place of one's own. Every other session ends."""
        sent = unread.read()
        await self.prove(sent.current, "/current")
        password_hash = await passwords.hashed(sent.new)
        async with self.confined() as db:
            await proofs.set_password(db, self.viewer.id, password_hash)
            await queries.end_others(db, self.viewer.id, self.token, clock.now())

    async def confirm(self, unread: Unread[CodeIn]) -> Json:
        """Set the second factor up by its first code. Raises Invalid, Conflict, TooMany."""
        sent = unread.read()
        await self.wait()
        async with self.confined() as db:
            codes = await second_factor.confirm(db, self.viewer.id, sent.code)
        if codes is None:
            await self.signing.failed(self.knocks)
            raise second_factor.wrong_code()
        return {"recovery_codes": codes}

    async def remove(self, unread: Unread[RemovalIn]) -> None:
        """Take the second factor off, by password and code. Raises Invalid, Conflict, TooMany."""
        sent = unread.read()
        await self.prove(sent.password, "/password")
        async with self.confined() as db:
            factor = await proofs.find_factor(db, self.viewer.id)
            if factor is None or factor["confirmed_at"] is None:
                raise Conflict("There is no second factor to take off.")
            right = await second_factor.use(db, self.viewer.id, factor["secret"], sent.code)
            if right:
                await proofs.drop_factor(db, self.viewer.id)
        if not right:
            await self.signing.failed(self.knocks)
            raise second_factor.wrong_code()


async def who(db: Db, viewer: Viewer) -> Json:
    """Who is signed in, and where. Raises NotFound."""
    row, clinic = await queries.get(db, viewer.id), await clinics.get(db)
    own = {name: row[name] for name in ("id", "email", "name", "role")}
    return own | {"clinic": clinic["slug"], "clinic_name": clinic["name"]}


async def begin(db: Db, viewer: Viewer) -> Json:
    """A new second factor's secret, shown this once. Raises NotFound, Conflict."""
    row, clinic = await queries.get(db, viewer.id), await clinics.get(db)
    return await second_factor.begin(db, viewer.id, row["email"], clinic["name"])


async def standing(db: Db, viewer: Viewer) -> Json:
    """Whether a second factor is set up. Raises NotFound."""
    await queries.get(db, viewer.id)
    factor = await proofs.find_factor(db, viewer.id)
    required = (await clinics.chosen(db)).get(second_factor.REQUIRED, False)
    return {
        "confirmed_at": factor["confirmed_at"] if factor else None,
        "recovery_codes_left": await queries.recovery_codes_left(db, viewer.id),
        "required": required,
    }
