"""A server that runs, and how to reach it."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

import asyncpg

from app.kit.postgres import processes, sockets
from app.kit.postgres.cluster import SUPERUSER, Cluster
from app.kit.postgres.failed import PostgresFailed
from app.kit.postgres.files import read
from app.kit.postgres.sockets import PORT

CONNECT_SECONDS = 10

NOT_YET = (OSError, asyncpg.PostgresConnectionError, asyncpg.OperatorInterventionError)
"""What a server does that starts, recovers or stops."""


@dataclass(frozen=True)
class Server:
    """A server that runs, and how to log in as its superuser."""

    socket_dir: Path
    port: int
    superuser: str
    password: str = field(repr=False)

    def url(self, database: str, *, user: str | None = None, password: str | None = None) -> str:
        """Where a database is: for the superuser, or for the user given."""
        who, secret = (self.superuser, self.password) if user is None else (user, password)
        login = quote(who, safe="") + (f":{quote(secret, safe='')}" if secret else "")
        where = urlencode({"host": str(self.socket_dir), "port": self.port}, safe="/")
        return f"postgresql://{login}@/{quote(database, safe='')}?{where}"


@dataclass(frozen=True)
class Postmaster:
    """What the first process of a server says of itself, in postmaster.pid."""

    pid: int
    socket_dir: Path
    status: str


def postmaster(cluster: Cluster) -> Postmaster | None:
    """The postmaster at work in the cluster, if there is one.

    In another container its process is hidden from us, but its socket answers.
    """
    lines = [line.strip() for line in read(cluster.folder / "postmaster.pid").splitlines()]
    lines += [""] * (8 - len(lines))
    if not lines[0].isdecimal():
        return None
    found = Postmaster(int(lines[0]), sockets.folder_of(cluster, lines[4]), lines[7])
    alive = processes.is_at_work_in(found.pid, cluster.folder)
    return found if alive or sockets.is_heard(found.socket_dir) else None


def reached(cluster: Cluster) -> Server | None:
    """The server of the cluster if it takes connections now, found by logging in."""
    found = postmaster(cluster)
    if not found or found.status != "ready":
        return None
    server = Server(found.socket_dir, PORT, SUPERUSER, cluster.password())
    try:
        asyncio.run(_log_in(server))
    except NOT_YET:
        return None
    except asyncpg.TooManyConnectionsError:
        return server
    except asyncpg.InvalidAuthorizationSpecificationError as refused:
        raise PostgresFailed(
            f"The database in {cluster.folder} does not take the password in "
            f"{cluster.password_file}: put the one back that belongs to it."
        ) from refused
    return server


def ensure_database(server: Server, name: str) -> None:
    """Create the database if the server has none of that name."""
    asyncio.run(_create_database(server, name))


async def _log_in(server: Server) -> None:
    connection = await asyncpg.connect(server.url("postgres"), timeout=CONNECT_SECONDS)
    await connection.close(timeout=CONNECT_SECONDS)


async def _create_database(server: Server, name: str) -> None:
    connection = await asyncpg.connect(server.url("postgres"))
    try:
        if not await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", name):
            quoted = name.replace('"', '""')
            await connection.execute(f'CREATE DATABASE "{quoted}"')
    except (asyncpg.DuplicateDatabaseError, asyncpg.UniqueViolationError):
        return  # another process was faster
    finally:
        await connection.close()
