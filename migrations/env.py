"""Run migrations: one connection, short lock waits, numbered revisions.

Whoever calls gives the connection (app.kit.migrate does); the command line of Alembic needs
AFTERGLOW_OWNER_URL.
"""

import asyncio

from alembic import context
from alembic.operations import MigrationScript
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from app.config import Settings
from app.kit.migrate import owner_engine
from app.tables import metadata


def number(_ctx: MigrationContext, _rev: object, directives: list[MigrationScript]) -> None:
    """Name each new revision 0001, 0002, ... so that two branches collide where you can see it."""
    head = ScriptDirectory.from_config(context.config).get_current_head()
    directives[0].rev_id = f"{int(head or 0) + 1:04}"


def run(connection: Connection) -> None:
    """Bring one database to the head, each revision in a transaction of its own."""
    connection.execute(text("SET lock_timeout = '4s'"))
    connection.execute(text("SET statement_timeout = '600s'"))
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=metadata,
        process_revision_directives=number,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


async def connect_and_run() -> None:
    """For the command line of Alembic."""
    url = Settings().owner_url
    assert url is not None, "set AFTERGLOW_OWNER_URL"
    async with owner_engine(url.get_secret_value()).connect() as connection:
        await connection.run_sync(run)


given = context.config.attributes.get("connection")
if given is None:
    asyncio.run(connect_and_run())
else:
    run(given)
