"""The limit: Starlette and asyncpg by hand, the same statements, no token, no wall, no rules.

It logs in as the owner, whom no policy holds. The statements are Afterglow's own, word for word;
views of one clinic stand in for the `clinic_id = ...` that somebody writing by hand would write.
A check-in is one insert and its commit, a batch one executemany and its commit.
"""

from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

import asyncpg
import orjson
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from app.patients.actions import LAST
from app.patients.queries.finding import search
from app.timeline.queries import Asked, page
from app.timeline.schemas import KINDS

PAGE = 50

TABLES = {
    "patients": "clinic_id",
    "identifiers": "clinic_id",
    "infusions": "clinic_id",
    "vitals": "clinic_id",
    "side_effects": "clinic_id",
    "assessments": "clinic_id",
    "alerts": "clinic_id",
    "decisions": "clinic_id",
    "clinics": "id",
}

TIMELINE = page(Asked(kinds=frozenset(KINDS)))
SEARCH = search(frozenset())

INSERT = """
    INSERT INTO public.assessments (
        clinic_id, id, version, patient_id, status, effective_at, precision, entry_mode, time_zone,
        utc_offset_minutes, recorded_at, recorded_by, changed_at, changed_by, content_sha256,
        instrument, taken_at, answers, total, total_source, complete, band, scoring_version,
        self_harm, answered_by
    ) VALUES (
        $1, $2, 1, $3, 'final', $4, 'instant', 'live', 'America/Denver', -420, now(), $1, now(), $1,
        '\\x00', 'PHQ-9', $4, $5, $6, 'computed', true, 'mild', '1', 'none', 'patient'
    )
"""


async def look_through(owner_url: str, clinic_id: UUID) -> None:
    """Make the views of one clinic."""
    connection = await asyncpg.connect(owner_url)
    await connection.execute("CREATE SCHEMA IF NOT EXISTS one_clinic")
    for table, key in TABLES.items():
        await connection.execute(
            f"CREATE OR REPLACE VIEW one_clinic.{table} AS "
            f"SELECT * FROM public.{table} WHERE {key} = '{clinic_id}'"
        )
    await connection.close()


def create_app(owner_url: str, clinic_id: UUID, pool_size: int) -> Starlette:
    """The program."""

    @asynccontextmanager
    async def lifespan(_):
        await look_through(owner_url, clinic_id)
        async with asyncpg.create_pool(
            owner_url,
            min_size=pool_size,
            max_size=pool_size,
            server_settings={"search_path": "one_clinic, public", "jit": "off", "timezone": "UTC"},
        ) as pool:
            yield {"pool": pool}

    async def timeline(request):
        given = {"patient_id": UUID(request.path_params["patient_id"])}
        given |= {"limit": PAGE, "fetched": PAGE + 1}
        async with request.state.pool.acquire() as connection:
            row = await connection.fetchrow(TIMELINE.text, *TIMELINE.arguments(given))
        return answer(f'{{"items":[{row["items"]}],"next_cursor":null}}')

    async def find(request):
        low = orjson.loads(await request.body())["name"]
        given = {"low": low, "high": low + LAST, "limit": PAGE + 1}
        async with request.state.pool.acquire() as connection:
            rows = await connection.fetch(SEARCH.text, *SEARCH.arguments(given))
        items = ",".join(row["json"] for row in rows[:PAGE])
        return answer(f'{{"items":[{items}],"next_cursor":null}}')

    async def check_in(request):
        patient = UUID(request.path_params["patient_id"])
        items = orjson.loads(await request.body())["items"]
        values = [
            (
                clinic_id,
                UUID(item["id"]),
                patient,
                datetime.fromisoformat(item["taken_at"]),
                item["answers"],
                sum(item["answers"]),
            )
            for item in items
        ]
        async with request.state.pool.acquire() as connection:
            if len(values) == 1:
                await connection.execute(INSERT, *values[0])
            else:
                await connection.executemany(INSERT, values)
        return answer(orjson.dumps([{"id": item["id"], "status": "created"} for item in items]))

    paths = {
        "/patients/{patient_id}/timeline": (timeline, "GET"),
        "/patients/search": (find, "POST"),
        "/patients/{patient_id}/check-ins": (check_in, "POST"),
    }
    routes = [Route(path, to, methods=[method]) for path, (to, method) in paths.items()]
    return Starlette(routes=routes, lifespan=lifespan)


def answer(content):
    return Response(content, media_type="application/json")
