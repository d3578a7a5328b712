"""The web service: uvicorn app.main:create_app --factory"""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TypedDict

from fastapi import FastAPI

from app.access import routes as access
from app.access.actions import SignIn
from app.access.deps import record
from app.access.rates import Rates
from app.access.refused import Refused
from app.access.throttle import Doors
from app.administration import routes as administration
from app.alerts import routes as alerts
from app.assessments import routes as assessments
from app.audit import routes as audit
from app.audit.queries import PREPARE
from app.audit.trail import Trail
from app.background import routes as background
from app.chair import routes as chair
from app.clinics import routes as clinics
from app.config import Settings
from app.exchange import routes as exchange
from app.infusions import routes as infusions
from app.kit import health
from app.kit.db import Pool, open_pool
from app.kit.limits import Edge
from app.kit.metrics import measured
from app.kit.openapi import publish
from app.kit.problems import answer_problems
from app.merging import routes as merging
from app.mobile import routes as mobile
from app.outcomes import routes as outcomes
from app.patients import routes as patients
from app.picture import routes as picture
from app.relief import routes as relief
from app.safety import routes as safety
from app.timeline import routes as timeline
from app.web import routes as web
from app.web.open_chairs import OpenChairs
from app.web.routes.lost import answer_lost
from app.worklist import routes as worklist

ROUTERS = (
    # Routes are tried in order, 2 us each: those that are asked for most come first.
    timeline.router,
    mobile.router,
    patients.router,
    access.router,
    patients.baselines,
    patients.consents,
    assessments.router,
    assessments.assessments,
    alerts.router,
    relief.router,
    safety.router,
    picture.router,
    relief.decisions,
    worklist.router,
    outcomes.router,
    infusions.router,
    infusions.infusions,
    infusions.dose_events,
    infusions.vitals,
    infusions.side_effects,
    infusions.medications_given,
    background.medications,
    background.allergies,
    background.conditions,
    background.screenings,
    background.labs,
    background.events,
    merging.router,
    chair.router,
    clinics.router,
    *administration.routers,
    exchange.router,
    audit.router,
)
"""Every path of the JSON API."""


class State(TypedDict):
    """What a request finds on request.state."""

    settings: Settings
    pool: Pool
    trail: Trail
    refused: Refused
    sign_in: SignIn
    rates: Rates
    chairs: OpenChairs


def lifespan_of(
    settings: Settings, database_url: str
) -> Callable[[FastAPI], AbstractAsyncContextManager[State]]:
    """What is opened when the service starts, and closed when it ends."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[State]:
        pool = await open_pool(database_url, settings, PREPARE)
        trail = Trail(pool)
        refused = Refused(trail)
        sign_in = SignIn(pool, settings.access_token_minutes, Doors(), refused)
        rates = Rates(settings.requests_per_minute)
        chairs = OpenChairs(pool, settings.max_connections)
        async with measured(pool):
            yield State(
                settings=settings,
                pool=pool,
                trail=trail,
                refused=refused,
                sign_in=sign_in,
                rates=rates,
                chairs=chairs,
            )
        await chairs.close()
        await refused.settled()
        await trail.close()
        await pool.close()

    return lifespan


def create_app(settings: Settings, database_url: str) -> FastAPI:
    """Build the service on a database that is migrated, logging in as the login role."""
    service = FastAPI(
        title="Afterglow",
        version="1",
        lifespan=lifespan_of(settings, database_url),
        docs_url=None,  # FastAPI's pages run scripts of other sites in our name
        redoc_url=None,
        redirect_slashes=False,  # to whichever host and scheme the request says, token and all
        generate_unique_id_function=lambda route: route.name,
    )
    service.add_middleware(Edge, settings=settings, record=record)
    for router in (*ROUTERS, *web.routers):
        service.include_router(router)
    service.include_router(health.router)
    answer_problems(service)
    answer_lost(service)
    publish(service)
    return service
