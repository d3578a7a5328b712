import asyncio
import secrets
from contextlib import asynccontextmanager

import asyncpg
import pytest
from pydantic import SecretStr

from app.config import Settings
from app.kit.places import PlaceFailed, opened, plain, prepare
from tests.database import on_server, with_login


@pytest.fixture
def empty(place):
    """The owner's URL of a database with nothing in it, on the tests' server."""
    name = f"afterglow_{secrets.token_hex(4)}"
    asyncio.run(execute(place.owner_url, f"CREATE DATABASE {name}"))
    yield on_server(place.owner_url, name).owner_url
    asyncio.run(execute(place.owner_url, f"DROP DATABASE {name} WITH (FORCE)"))


async def execute(url: str, *statements: str) -> None:
    async with connected(url) as connection:
        for statement in statements:
            await connection.execute(statement)


@asynccontextmanager
async def connected(url: str):
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


def settings(folder, database_url=None, owner_url=None) -> Settings:
    return Settings(
        data_dir=folder,
        database_url=database_url and SecretStr(database_url),
        owner_url=owner_url and SecretStr(owner_url),
    )


async def who(url: str):
    async with connected(url) as connection:
        return await connection.fetchrow(
            "SELECT rolname, rolsuper, rolbypassrls, schema_revision() AS revision "
            "FROM pg_roles WHERE rolname = current_user"
        )


def prepared(found: Settings):
    with opened(found) as place:
        asyncio.run(prepare(place))
    return place


def test_with_one_url_a_login_role_is_made_and_its_password_kept(tmp_path, empty):
    place = prepared(settings(tmp_path, empty))

    me = asyncio.run(who(place.login_url))

    (kept,) = tmp_path.glob("*.password")
    assert kept.name == f"{me['rolname']}.password"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert (me["rolname"], me["rolsuper"], me["rolbypassrls"]) == (place.login, False, False)


def test_started_again_it_comes_in_with_the_same_password(tmp_path, empty):
    first = prepared(settings(tmp_path, empty))

    again = prepared(settings(tmp_path, empty))

    assert again.login_url == first.login_url


def test_a_password_that_was_lost_is_made_anew(tmp_path, empty):
    prepared(settings(tmp_path, empty))
    (kept,) = tmp_path.glob("*.password")
    kept.unlink()

    place = prepared(settings(tmp_path, empty))

    assert asyncio.run(who(place.login_url))["revision"]


def test_with_two_urls_the_role_is_made_if_it_is_missing_and_else_left_alone(tmp_path, empty):
    role = f"service_{secrets.token_hex(4)}"
    password = "quo'te \\ and @ sign"
    login_url = with_login(empty, role, password)

    prepared(settings(tmp_path, login_url, empty))
    place = prepared(settings(tmp_path, login_url, empty))

    assert asyncio.run(who(place.login_url))["rolname"] == role
    assert list(tmp_path.iterdir()) == []


def test_it_does_not_serve_as_the_owner(tmp_path, empty):
    with pytest.raises(PlaceFailed, match="does not serve as the owner"):
        prepared(settings(tmp_path, empty, empty))


@pytest.mark.parametrize("kind", ["SUPERUSER", "BYPASSRLS"])
def test_it_does_not_serve_as_a_role_that_no_wall_holds(tmp_path, empty, kind):
    role = f"mighty_{secrets.token_hex(4)}"
    asyncio.run(execute(empty, f"CREATE ROLE {role} LOGIN {kind} PASSWORD 'x'"))

    with pytest.raises(PlaceFailed, match="bypasses row level security"):
        prepared(settings(tmp_path, with_login(empty, role, "x"), empty))

    asyncio.run(execute(empty, f"DROP ROLE {role}"))


def test_it_does_not_serve_as_a_role_that_owns_tables_or_can_become_one_that_does(tmp_path, empty):
    role, group = f"tenant_{secrets.token_hex(4)}", f"landlord_{secrets.token_hex(4)}"
    asyncio.run(
        execute(
            empty,
            f"CREATE ROLE {group}",
            f"CREATE ROLE {role} LOGIN NOINHERIT PASSWORD 'x' IN ROLE {group}",
            "CREATE TABLE house (id int)",
            f"ALTER TABLE house OWNER TO {group}",
        )
    )

    with pytest.raises(PlaceFailed, match="owns tables"):
        prepared(settings(tmp_path, with_login(empty, role, "x"), empty))

    asyncio.run(execute(empty, "DROP TABLE house", f"DROP ROLE {role}", f"DROP ROLE {group}"))


def test_two_urls_of_two_databases_are_noticed(tmp_path, empty, place):
    role = f"astray_{secrets.token_hex(4)}"
    elsewhere = with_login(on_server(place.owner_url, "postgres").owner_url, role, "x")

    with pytest.raises(PlaceFailed, match="is not migrated"):
        prepared(settings(tmp_path, elsewhere, empty))


async def test_an_owner_who_may_not_migrate_or_make_roles_is_told_so(tmp_path, empty):
    role = f"poor_{secrets.token_hex(4)}"
    database = empty.partition("?")[0].rpartition("/")[2]
    poor = settings(tmp_path, with_login(empty, role, "x"))
    await execute(empty, f"CREATE ROLE {role} LOGIN PASSWORD 'x'")

    with pytest.raises(PlaceFailed, match="permission denied for schema"), opened(poor) as place:
        await prepare(place)
    await execute(empty, f"ALTER DATABASE {database} OWNER TO {role}")
    with pytest.raises(PlaceFailed, match="permission denied to create role"):
        await prepare(place)


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("postgres://me:pw@db/mine", "postgresql://me:pw@db/mine"),
        (
            "postgresql+asyncpg://me@db:5433/mine?ssl=require",
            "postgresql://me@db:5433/mine?sslmode=require",
        ),
        ("postgresql:///mine?host=/run/pg", "postgresql:///mine?host=/run/pg"),
    ],
)
def test_urls_are_taken_as_others_write_them(given, meant):
    assert plain(given, "AFTERGLOW_DATABASE_URL") == meant
