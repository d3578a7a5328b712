"""Databases for tests: made anew for each run, on the embedded server or on one given by URL."""

import asyncio
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg


@dataclass(frozen=True)
class Place:
    """A database, how its owner reaches it, and how the service does."""

    name: str
    owner_url: str
    server: Any = None
    login: str = ""
    login_url: str = ""


def on_server(url: str, name: str) -> Place:
    """A database of this name on the server that a URL of any of its databases names."""
    parts = urlsplit(url)
    return Place(name, urlunsplit(parts._replace(path=f"/{name}")))


def with_login(url: str, user: str, password: str) -> str:
    """The same database for another user."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{quote(user)}:{quote(password)}@{host}"))


def fresh(place: Place, password: str) -> Place:
    """Drop and create the database; the place with the service's way in."""
    asyncio.run(_recreate(place))
    login = f"{place.name}_login"
    return Place(
        place.name,
        place.owner_url,
        place.server,
        login,
        with_login(place.owner_url, login, password),
    )


async def _recreate(place: Place) -> None:
    parts = urlsplit(place.owner_url)
    connection = await asyncpg.connect(urlunsplit(parts._replace(path="/postgres")))
    await connection.execute(f'DROP DATABASE IF EXISTS "{place.name}" WITH (FORCE)')
    await connection.execute(f'CREATE DATABASE "{place.name}"')
    # No test pulls the plug, and waiting for the disk at each commit is half of a test's time.
    await connection.execute(f'ALTER DATABASE "{place.name}" SET synchronous_commit = off')
    await connection.close()
