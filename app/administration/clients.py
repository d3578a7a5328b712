"""What an admin does about the programs that work for the clinic."""

from typing import Any
from uuid import UUID

from app.access import accounts, passwords
from app.access.queries import end_sessions
from app.administration.changing import patched
from app.administration.queries import clients as queries
from app.administration.schemas import ClientFields, ClientIn, ClientPatch
from app.kit import clock
from app.kit.bodies import Unread
from app.kit.db import Db, Row
from app.kit.errors import Conflict
from app.kit.ids import new_id

Json = dict[str, Any]

LIVE_SECRETS = 2
"""The old one and the new one, while they are changed."""


class TooManySecrets(Conflict):
    """Two secrets live already; one is revoked first."""

    name = "too-many-secrets"
    title = "The client has two live secrets"


async def add(db: Db, unread: Unread[ClientIn]) -> Json:
    """A program with its first secret."""
    sent = unread.read()
    client_id, secret = await accounts.register(db, name=sent.name, scope=sent.scope)
    return dict(await queries.get(db, client_id)) | {"client_secret": secret}


async def change(db: Db, client_id: UUID, match: str | None, unread: Unread[ClientPatch]) -> Row:
    """Change a name, a scope, or whether it may come in. Another scope ends its tokens."""
    row = await queries.lock(db, client_id)
    was = {name: row[name] for name in ClientFields.model_fields}
    after, changed = patched(ClientFields, row, was, match, unread)
    if changed:
        await queries.change(db, client_id, **after.model_dump())
    if (after.scope, after.active) != (row["scope"], row["active"]):
        await end_sessions(db, client_id, clock.now())
    return await queries.get(db, client_id)


async def add_secret(db: Db, client_id: UUID) -> Json:
    """A second secret, so that the first can be replaced without a pause. Raises TooManySecrets."""
    await queries.lock(db, client_id)
    if await queries.live_secrets(db, client_id) >= LIVE_SECRETS:
        raise TooManySecrets
    secret = passwords.new_secret("agc")
    kept = await queries.add_secret(
        db,
        id=new_id(),
        client_id=client_id,
        sha256=passwords.fingerprint(secret),
        created_at=clock.now(),
        revoked_at=None,
        last_used_at=None,
    )
    return dict(kept) | {"client_secret": secret}


async def revoke_secret(db: Db, client_id: UUID, secret_id: UUID) -> Row:
    """Make a secret worthless, and end the client's tokens: any of them may be of that secret."""
    await queries.lock(db, client_id)
    now = clock.now()
    kept = await queries.revoke_secret(db, client_id, secret_id, now)
    await end_sessions(db, client_id, now)
    return kept
