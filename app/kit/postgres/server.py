"""A server that runs, and how to reach it."""

import asyncio
import socket
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

import asyncpg

from app.kit.postgres import processes
from app.kit.postgres.cluster import PORT, SOCKET, SUPERUSER, Cluster
from app.kit.postgres.failed import PostgresFailed
from app.kit.postgres.files import read

CONNECT_SECONDS = 10

NOT_YET = (OSError, TimeoutError, asyncpg.CannotConnectNowError, asyncpg.InterfaceError)
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
    socket_dir: str
    status: str


def postmaster(cluster: Cluster) -> Postmaster | None:
    """The postmaster at work in the cluster, if there is one.

    In another container its process is hidden from us, but its socket answers.
    """
    lines = [line.strip() for line in read(cluster.folder / "postmaster.pid").splitlines()]
    lines += [""] * (8 - len(lines))
    if not lines[0].isdecimal():
        return None
    found = Postmaster(int(lines[0]), lines[4], lines[7])
    alive = processes.is_at_work_in(found.pid, cluster.folder) or _listens(found)
    return found if alive else None


def reached(cluster: Cluster) -> Server | None:
    """The server of the cluster if it takes connections now.

    Asks it for its folder, so that it is no other server that has taken the socket's place.
    """
    found = postmaster(cluster)
    if not found or found.status != "ready" or not found.socket_dir:
        return None
    server = Server(Path(found.socket_dir), PORT, SUPERUSER, cluster.password())
    try:
        folder = asyncio.run(_folder(server))
    except NOT_YET:
        return None
    except asyncpg.TooManyConnectionsError:
        return server
    except asyncpg.InvalidAuthorizationSpecificationError as refused:
        raise PostgresFailed(
            f"The database in {cluster.folder} does not take the password in "
            f"{cluster.password_file}: put the one back that belongs to it."
        ) from refused
    return server if cluster.folder.samefile(folder) else None


def ensure_database(server: Server, name: str) -> None:
    """Create the database if the server has none of that name."""
    asyncio.run(_create_database(server, name))


def _listens(found: Postmaster) -> bool:
    if not found.socket_dir:
        return False
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(f"{found.socket_dir}/{SOCKET}")
        except OSError:
            return False
    return True


async def _folder(server: Server) -> str:
    connection = await asyncpg.connect(server.url("postgres"), timeout=CONNECT_SECONDS)
    try:
        folder: str = await connection.fetchval("SHOW data_directory", timeout=CONNECT_SECONDS)
        return folder
    finally:
        await connection.close()


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
