import asyncpg
import pytest

from app.kit.db import role_of


@pytest.fixture
async def login(migrated):
    """The role that the service logs in with."""
    connection = await asyncpg.connect(migrated.login_url)
    yield connection
    await connection.close()


@pytest.fixture
async def app(login, migrated):
    """The same, stepped down, and confined to nothing."""
    await login.execute(f'SET ROLE "{role_of(migrated.name)}"')
    return login
