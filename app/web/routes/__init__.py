"""Every page"""

from fastapi import APIRouter

from app.web.routes import (
    account,
    adding,
    alerts,
    answers,
    chair,
    clients,
    decisions,
    enrolment,
    files,
    invitations,
    outcomes,
    patients,
    phones,
    records,
    sessions,
    settings,
    sign_in,
    staff,
    thresholds,
)
from app.web.routes import today as todays

routers: tuple[APIRouter, ...] = (
    sign_in.router,
    todays.router,
    # Before a patient's own page, which would take `new` for an id.
    enrolment.router,
    patients.router,
    alerts.router,
    answers.router,
    decisions.router,
    chair.router,
    sessions.router,
    outcomes.router,
    account.router,
    invitations.router,
    settings.router,
    staff.router,
    clients.router,
    thresholds.router,
    phones.router,
    adding.router,
    records.router,
    files.router,
)
