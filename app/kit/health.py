"""/healthz, /readyz, /metrics: for those who operate it. No token, nothing of a patient."""

from functools import cache

import asyncpg
from fastapi import APIRouter, Request, Response

from app.kit.db import Pool
from app.kit.errors import Unavailable
from app.kit.metrics import MEDIA_TYPE, NOT_NOW, exposed
from app.kit.migrate import head

router = APIRouter(tags=["operating"], include_in_schema=False)

newest = cache(head)
"""Read once: it does not change while we run."""


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """Say that the process is alive. Asks nobody else."""
    return {"status": "alive"}


@router.get("/readyz")
async def readyz(request: Request) -> dict[str, str]:
    """The database answers and is migrated: to our revision, or by a newer Afterglow further."""
    pool: Pool = request.state.pool
    try:
        async with pool.connection() as connection:
            revision = await connection.fetchval("SELECT schema_revision()")
    except asyncpg.UndefinedFunctionError:
        raise Unavailable("The database is not migrated.") from None
    except NOT_NOW:
        raise Unavailable("The database does not answer.") from None
    if str(revision) < newest():
        raise Unavailable("The database is not migrated to this version.")
    return {"status": "ready", "revision": revision}


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """For Prometheus."""
    return Response(await exposed(request.state.pool), media_type=MEDIA_TYPE)
