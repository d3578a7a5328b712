import asyncio

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from app.kit.migrate import config, owner_engine, run_migrate
from app.tables import metadata
from tests.conftest import LOGIN_PASSWORD
from tests.database import fresh, on_server
from tests.makers import Owner


async def test_migrations_and_tables_agree(migrated, owner):
    def differences(connection):
        return compare_metadata(MigrationContext.configure(connection), metadata)

    engine = owner_engine(migrated.owner_url)
    async with engine.connect() as connection:
        found = await connection.run_sync(differences)
    await engine.dispose()

    assert found == []


def test_every_migration_can_be_undone_and_done_again(place):
    aside = fresh(on_server(place.owner_url, f"{place.name}_aside"), LOGIN_PASSWORD)
    run_migrate(aside.owner_url, aside.login, LOGIN_PASSWORD)

    left = asyncio.run(undone(aside.owner_url))
    run_migrate(aside.owner_url, aside.login, LOGIN_PASSWORD)

    assert left == {"alembic_version"}


async def undone(owner_url):
    """Go back to the beginning; what is left in the schema."""

    def downgrade(connection):
        settings = config()
        settings.attributes["connection"] = connection
        command.downgrade(settings, "base")

    engine = owner_engine(owner_url)
    async with engine.connect() as connection:
        await connection.run_sync(downgrade)
    await engine.dispose()
    async with Owner.at(owner_url) as owner:
        rows = await owner.rows("""
            SELECT relname AS name FROM pg_class
            WHERE relnamespace = 'public'::regnamespace AND relkind <> 'i'
            UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        """)
    return {row["name"] for row in rows}
