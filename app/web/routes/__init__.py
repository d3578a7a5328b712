"""Every page"""

from fastapi import APIRouter

from app.web.routes import (
    account,
    alerts,
    answers,
    chair,
    decisions,
    files,
    invitations,
    patients,
    sessions,
    sign_in,
)
from app.web.routes import today as todays

routers: tuple[APIRouter, ...] = (
    sign_in.router,
    todays.router,
    patients.router,
    alerts.router,
    answers.router,
    decisions.router,
    chair.router,
    sessions.router,
    account.router,
    invitations.router,
    files.router,
)
