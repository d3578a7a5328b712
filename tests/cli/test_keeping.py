import asyncio
import secrets
import shutil

import asyncpg
import pytest

from tests.cli.processes import a_data_dir, afterglow, made, serving
from tests.database import on_server

NORTH = ("clinic", "add", "--slug", "north", "--name", "North Clinic")
ADA = ("staff", "add", "--clinic", "north", "--email", "ada@n.example", "--role", "clinician")


@pytest.fixture
def yours(place):
    """The URL of an empty database on the tests' server, which CI has to be a PostgreSQL 15."""
    name = f"afterglow_{secrets.token_hex(4)}"
    asyncio.run(execute(place.owner_url, f"CREATE DATABASE {name}"))
    yield on_server(place.owner_url, name).owner_url
    asyncio.run(execute(place.owner_url, f"DROP DATABASE {name} WITH (FORCE)"))


async def execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(statement)
    await connection.close()


def signs_in(service, staff) -> bool:
    login = {"clinic": "north", "email": staff["email"], "password": staff["password"]}
    return service.post("/v1/login", json=login).status_code == 200


def test_a_backup_made_while_it_serves_moves_to_yours_and_back(data_dir, yours, tmp_path):
    with serving(data_dir):
        made(data_dir, *NORTH)
        ada = made(data_dir, *ADA)
        there = afterglow(data_dir, "backup", str(tmp_path / "there"))
    with a_data_dir() as of_yours:
        restored = afterglow(of_yours, "restore", str(tmp_path / "there"), database_url=yours)
        with serving(of_yours, database_url=yours) as service:
            assert signs_in(service, ada)
            back = afterglow(of_yours, "backup", str(tmp_path / "back"), database_url=yours)
    shutil.rmtree(data_dir / "postgres")
    returned = afterglow(data_dir, "restore", str(tmp_path / "back"))
    with serving(data_dir) as service:
        assert signs_in(service, ada)

    for done in (there, restored, back, returned):
        assert done.returncode == 0, done.stderr
        assert done.stdout == ""
    assert (tmp_path / "there").stat().st_mode & 0o777 == 0o600


def test_a_database_with_something_in_it_is_not_restored_into(data_dir, tmp_path):
    afterglow(data_dir, "migrate")
    afterglow(data_dir, "backup", str(tmp_path / "one"))

    again = afterglow(data_dir, "restore", str(tmp_path / "one"))

    assert again.returncode == 1
    assert "Restore into an empty one" in again.stderr


def test_what_is_no_backup_is_said_to_be_none(data_dir, tmp_path):
    (tmp_path / "notes").write_text("call Ada")

    done = afterglow(data_dir, "restore", str(tmp_path / "notes"))

    assert done.returncode == 1
    assert "is not a backup" in done.stderr
